"""Approvals through the command line: who agreed to what, held back, void, proven, forged."""

import json
import shutil
import subprocess

import pytest

SETTINGS = """rooms: {people: people, approvals: approvals}
groups: {leads: [ana, bob, cem]}
approvals:
  needs:
  - query: type:release
    of: 2 of leads
"""
ID = "PT-aaaaaa"
ITEM = f"---\nid: {ID}\ntitle: Ship it\ntype: release\nstatus: review\nassignee: dee\ndue: 2026-12-01\n---\nAs agreed.\n"
PATH = f"tasks/{ID}-ship.md"


def as_person(shell, name):
    shell.git("config", "user.name", name.title())
    shell.git("config", "user.email", f"{name}@example.org")


def commit(shell, message="work"):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message)


def write(shell, path, text):
    target = shell.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


@pytest.fixture
def place(empty):
    write(empty, "plaintrack.yml", "timezone: UTC\ntypes: [task, release]\n" + SETTINGS)
    write(empty, PATH, ITEM)
    for name in ("ana", "bob", "cem", "dee"):
        write(
            empty,
            f"people/{name}.md",
            f"---\nname: {name.title()}\nemail: {name}@example.org\n---\n",
        )
    as_person(empty, "ana")
    commit(empty, "start")
    return empty


def agree(shell, *names):
    for name in names:
        as_person(shell, name)
        shell("approve", ID)
        commit(shell, f"{name} approves")


def codes(shell, *words):
    run = shell.run(("check", "--format", "json", *words), shell.env)
    return [(each["code"], each["message"]) for each in json.loads(run.stdout)["findings"]]


def test_a_status_waits_for_its_approvals(place):
    place("done", ID, code=1)
    assert f"{ID} cannot become done: 0 of 2 approvals of leads are there" in place.err
    place("set", ID, "status=done", "--dry-run", code=1)
    agree(place, "ana")
    place("approve", ID)  # twice is once
    assert place("approvals", "--format", "csv").count("approved") == 1
    place("done", ID, code=1)
    agree(place, "bob")
    assert place("done", ID) == f"{ID}  status: review → done\n"
    commit(place)
    assert codes(place) == []


def test_an_edit_is_judged_by_what_it_makes_of_the_item(place):
    """Type and status at once, either first, and made as such; what is not touched is let be."""
    held = ("type=release", "status=done")
    path, other = "tasks/PT-bbbbbb.md", "PT-bbbbbb"
    write(place, path, ITEM.replace(ID, other).replace("release", "task"))
    place("set", other, *held, code=1)
    assert "PT-bbbbbb cannot become done: 0 of 2 approvals" in place.err
    place("add", "Born done", *held, code=1)
    assert "a new item cannot become done" in place.err
    place("set", other, "status=done")
    place("set", other, "type=release", code=1)
    place("set", other, "type=release", "status=todo")
    place("set", ID, "type=task", "status=done")  # which needs none
    place("set", ID, "type=release", code=1)
    write(place, PATH, ITEM.replace("review", "done"))  # by an editor: `check` finds it
    place("set", ID, "priority=high")
    needs = SETTINGS.replace("type:release", "'type:release status:review'")
    write(place, "plaintrack.yml", "types: [task, release]\n" + needs)
    write(place, PATH, ITEM)
    place("done", ID, code=1)


def test_what_is_approved_can_be_asked(place):
    """By the present content, with all that the settings want, at any commit, by rules as well."""
    other = "tasks/PT-bbbbbb.md"
    write(place, other, ITEM.replace(ID, "PT-bbbbbb").replace("release", "task"))
    commit(place)
    ids = ("list", "is:approved", "--format", "ids")
    agree(place, "ana")
    place("approve", "PT-bbbbbb")
    commit(place)
    assert place(*ids).split() == ["PT-bbbbbb"]  # of ID another approval is wanted
    agree(place, "bob")
    assert place(*ids, "sort:id").split() == [ID, "PT-bbbbbb"]
    place("set", ID, "title=Other")
    place("reject", "PT-bbbbbb", "-m", "no")
    assert place(*ids) == ""
    assert place(*ids, "--at", "HEAD").split() == [ID, "PT-bbbbbb"]
    assert place("list", "-is:approved", "--format", "ids", "--all").count("PT-") == 2
    place("undo")
    circular = SETTINGS.replace("type:release", "'type:release is:approved'")
    write(place, "plaintrack.yml", "types: [task, release]\n" + circular)
    assert codes(place)[0][0] == "PT002"
    place(*ids, code=2)
    assert "is:approved cannot be asked by the rules" in place.err


def test_by_an_editor_it_is_found(place):
    write(place, PATH, ITEM.replace("review", "done"))
    assert codes(place) == [("PT412", "it is done, and 0 of 2 approvals of leads are there")]
    assert codes(place, "--since", "HEAD") == codes(place)


def test_a_change_of_the_content_makes_it_void(place):
    agree(place, "ana", "bob")
    for change, void in (
        ("due=2026-12-02", True), ("title=Ship", True), ("tags+=x", True), ("estimate=3d", True),
        ("assignee=bob", False), ("remaining=1d", False), ("rank=b1234", False), ("status=todo", False),
    ):  # fmt: skip
        place("set", ID, change)
        assert [code for code, _ in codes(place)] == ["PT413"] * (2 * void), change
        found = json.loads(place("approvals", "--format", "json"))["items"]
        assert [each["state"] for each in found] == ["void" if void else "valid"] * 2
        assert place.run(("done", ID, "--dry-run"), place.env).returncode == (1 if void else 0)
        place("undo")


def test_the_settings_name_the_content(place):
    write(
        place, "plaintrack.yml",
        "types: [task, release]\n" + SETTINGS + "  content: {fields: [title], body: false, files: true}\n",
    )  # fmt: skip
    agree(place, "ana", "bob")
    place("set", ID, "due=2027-01-01")
    write(place, PATH, (place.folder / PATH).read_text() + "More.\n")
    assert codes(place) == []
    write(place, PATH, (place.folder / PATH).read_text() + "[plan](../plan.txt)\n")
    assert {code for code, _ in codes(place)} == {"PT413"}
    write(place, "plan.txt", "one")
    agree(place, "cem")
    write(place, "plan.txt", "two")
    assert ("PT413", "it has changed since cem approved it") in codes(place)


def test_a_rejection_holds_it_back_until_it_is_taken_back(place):
    agree(place, "ana", "bob")
    as_person(place, "cem")
    place("reject", ID, code=2)
    place("reject", ID, "-m", " ", code=2)
    place("reject", ID, "-m", "too early")
    place("done", ID, code=1)
    assert "cem rejected it" in place.err
    place("undo")
    place("done", ID)


def test_a_new_id_does_not_make_the_author_another(place):
    write(
        place,
        "plaintrack.yml",
        "types: [task, release]\n" + SETTINGS.replace("2 of leads", "[ana, not author]"),
    )
    commit(place)
    agree(place, "ana")
    place("done", ID, code=1)
    place("renumber", ID)
    place("done", "--where", "type:release", "--yes", code=1)
    assert "the approval of ana is missing; ana made it, and does not count" in place.err
    commit(place)
    place("done", "--where", "type:release", "--yes", code=1)


def test_what_is_said_last_holds(place):
    """Within a second, and where the clock of another machine was ahead."""
    for _ in range(4):
        place("reject", ID, "-m", "No.")
        place("approve", ID)
    as_person(place, "bob")
    place("reject", ID, "-m", "No.", PLAINTRACK_NOW="2026-11-23T09:10:00+01:00")
    place("approve", ID)
    place("done", ID)
    for text in ("One", "Two", "Three", "Four"):
        place("comment", ID, text)
    said = place("show", ID)
    assert said.index("One") < said.index("Two") < said.index("Three") < said.index("Four")


def test_who_may_approve(place):
    as_person(place, "dee")
    place("approve", ID, "--as", "leads", code=2)
    assert "dee is not in leads" in place.err
    as_person(place, "zoe")
    place("approve", ID, code=2)
    assert "Zoe is no one of the people here" in place.err


def test_owners_are_those_of_the_last_rule_that_fits(place):
    rules = "owners:\n- {path: tasks, of: [ana]}\n- {query: 'type:release', of: [dee]}\n"
    needs = SETTINGS.replace("2 of leads", "[owner, not author]")
    write(place, "plaintrack.yml", "types: [task, release]\n" + needs + rules)
    commit(place)
    agree(place, "ana")
    place("done", ID, code=1)
    assert "the approval of owner (dee) is missing" in place.err
    agree(place, "dee")
    place("done", ID)


def test_owners_by_query_are_those_that_the_edit_makes(place):
    """Of new items, too, which the index does not know; others take part where the query asks."""
    write(
        place,
        "plaintrack.yml",
        "types: [task, release]\nowners:\n- {query: 'tags:auth', of: [dee]}\n"
        "- {query: 'tags:web is:blocked', of: [bob]}\n"
        "approvals: {needs: [{query: 'tags:auth,web', to: [done, waiting], of: owner}]}\n"
        "statuses: {todo: open, review: active, waiting: active, done: done}\n",
    )
    place("set", ID, "tags=auth", "status=done", code=1)
    assert "the approval of owner (dee) is missing" in place.err
    place("add", "New", "tags=auth", "status=done", code=1)
    assert "a new item cannot become done: the approval of owner (dee)" in place.err
    place("add", "New", "tags=web", "status=waiting", f"depends_on={ID}", code=1)
    assert "the approval of owner (bob)" in place.err
    place("add", "New", "tags=web", "status=waiting", code=1)
    assert "the approval of owner (it names no one)" in place.err


def test_what_was_closed_before_a_rule_is_let_be(place):
    """An import, say; a day that a change writes itself into ``closed`` excuses nothing."""
    needs = SETTINGS.replace("of: 2 of leads", "of: 2 of leads\n    since: 2026-11-01")
    write(place, "plaintrack.yml", "types: [task, release]\n" + needs)
    commit(place)
    write(place, "old.csv", "id,title,status,type,closed\n1,Old,done,release,2026-01-02\n")
    assert "1 item" in place("import", "table", "old.csv")
    assert "Old" in place("list", "is:closed")
    place("add", "Young", "type=release", "status=done", code=1)
    assert "by `since` what is let be" in place.err
    assert codes(place, "--since", "HEAD") == []
    closed = ITEM.replace("status: review", "status: done\nclosed: 2026-01-02")
    write(place, PATH, closed)
    assert codes(place) == []
    missing = [("PT412", "it is done, and 0 of 2 approvals of leads are there")]
    assert codes(place, "--since", "HEAD") == missing
    commit(place)
    write(place, PATH, closed + "More.\n")
    assert codes(place, "--since", "HEAD") == []


@pytest.mark.parametrize("how", ["merge", "rebase", "squash"])
def test_a_pull_request_is_judged_where_its_commits_are_seen(place, how):
    place.git("checkout", "-qb", "release")
    agree(place, "ana", "bob")
    as_person(place, "dee")
    place("done", ID)
    commit(place, "done")
    assert codes(place, "--since", "main...HEAD") == []
    place.git("checkout", "-q", "main")
    write(place, "other.txt", "main goes on")
    commit(place, "other")
    start = place.git("rev-parse", "HEAD").strip()
    if how == "merge":
        place.git("merge", "-q", "--no-ff", "--no-edit", "release")
    elif how == "rebase":
        place.git("rebase", "-q", "main", "release")
        place.git("checkout", "-q", "main")
        place.git("merge", "-q", "--ff-only", "release")
    else:
        place.git("merge", "-q", "--squash", "release")
        place.git("commit", "-qm", "Release (#1)")
    assert codes(place) == []  # on main the digest counts
    proven = codes(place, "--since", f"{start}..HEAD")
    if how == "squash":
        assert [code for code, _ in proven] == ["PT511", "PT511"]
        assert all("was committed by dee" in message for _, message in proven)
    else:
        assert proven == []


def test_a_pull_request_does_not_set_its_own_rules(place):
    """By the settings of the base approvals are wanted, whatever those of the pull request say."""
    place.git("checkout", "-qb", "pr")
    as_person(place, "dee")
    write(place, PATH, ITEM.replace("status: review", "status: done"))
    write(place, "plaintrack.yml", "timezone: UTC\ntypes: [task, release]\n")
    commit(place)
    assert codes(place, "--since", "main...HEAD") == []
    missing = [("PT412", "it is done, and 0 of 2 approvals of leads are there")]
    assert codes(place, "--since", "main...HEAD", "--policy-from", "main") == missing
    write(place, "plaintrack.yml", "types: [\n")
    commit(place)
    assert missing[0] in codes(place, "--since", "main...HEAD", "--policy-from", "main")


def test_forged_verdicts_are_found_in_the_change(place):
    agree(place, "ana")
    (genuine,) = (place.folder / f"approvals/{ID}").iterdir()
    text = genuine.read_text()
    as_person(place, "dee")
    write(place, f"approvals/{ID}/forged.md", text.replace("by: ana", "by: bob"))
    assert codes(place, "--since", "HEAD") == [
        ("PT511", "it is in the name of bob, who has not committed it")
    ]
    commit(place)
    assert codes(place, "--since", "HEAD~") == [
        ("PT511", "it is in the name of bob, and was committed by dee")
    ]
    # an honest name, and the change in the same commit
    as_person(place, "cem")
    place("set", ID, "due=2026-12-24")
    place("approve", ID)
    commit(place)
    ((_, message),) = [each for each in codes(place, "--since", "HEAD~") if each[0] == "PT511"]
    assert message.endswith("which changes what it is on")
    # a verdict on another item, copied
    write(place, "tasks/PT-bbbbbb.md", ITEM.replace(ID, "PT-bbbbbb"))
    write(place, "approvals/PT-bbbbbb/copied.md", text)
    found = json.loads(place("approvals", "id:PT-bbbbbb", "--format", "json"))["items"]
    assert [each["state"] for each in found] == ["void"]


def signs_by_ssh(shell, name):
    key = shell.folder.parent / f"key-{name}"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with open(shell.folder.parent / "signers", "a") as signers:
        signers.write(f"{name}@example.org {key.with_suffix('.pub').read_text()}")
    shell.git("config", "gpg.format", "ssh")
    shell.git("config", "gpg.ssh.allowedSignersFile", str(shell.folder.parent / "signers"))
    return str(key)


def signs_by_gpg(shell, name):
    home = shell.folder.parent / "keys"
    home.mkdir(mode=0o700, exist_ok=True)
    shell.env["GNUPGHOME"] = str(home)
    who = f"{name.title()} <{name}@example.org>"
    make = ["gpg", "--batch", "-q", "--passphrase", "", "--quick-generate-key", who, "ed25519"]
    subprocess.run([*make, "sign", "never"], check=True, env=shell.env, capture_output=True)
    shell.git("config", "gpg.format", "openpgp")
    return f"{name}@example.org"


@pytest.mark.parametrize(
    ("signer", "addresses"),
    [
        ("ana@example.org", {"ana@example.org"}),
        ("Ana <ANA@example.org>", {"ana@example.org"}),
        ("ana@example.org <dana@example.org>", {"dana@example.org"}),
        ("ana@example.org,ana@home", {"ana@example.org", "ana@home"}),
        ("dana@example.org", {"dana@example.org"}),  # whose address ends like ana's
    ],
)
def test_whose_signature_it_is(signer, addresses):
    from plaintrack.app.check.agreed import addresses_of

    assert addresses_of(signer) == addresses


@pytest.mark.parametrize(
    "signs",
    [
        pytest.param(signs_by_ssh, id="ssh"),
        pytest.param(
            signs_by_gpg,
            id="gpg",
            marks=pytest.mark.skipif(not shutil.which("gpg"), reason="there is no gpg"),
        ),
    ],
)
def test_signed_commits(place, signs):
    """Git's own verification: not signed, signed by another, and what a squash makes of it."""
    write(place, "plaintrack.yml", "types: [task, release]\n" + SETTINGS + "  signed: true\n")
    commit(place)
    keys = {name: signs(place, name) for name in ("ana", "bob")}
    place.git("checkout", "-qb", "release")
    for name, key in (("ana", keys["ana"]), ("bob", ""), ("cem", keys["ana"])):
        as_person(place, name)
        place("approve", ID)
        place.git("add", "-A")
        sign = [f"-S{key}"] if key else []
        place.git("commit", "-q", *sign, "-m", f"{name} approves")
    found = codes(place, "--since", "main...HEAD")
    assert [code for code, _ in found] == ["PT511", "PT511"]
    said = " ".join(message for _, message in found)
    assert "that brought it has no good signature" in said  # bob's
    assert "that brought it is signed by" in said  # cem's, with the key of ana
    as_person(place, "bob")
    place.git("reset", "-q", "--hard", "HEAD~2")
    place("approve", ID)
    place.git("add", "-A")
    place.git("commit", "-q", f"-S{keys['bob']}", "-m", "bob approves")
    assert codes(place, "--since", "main...HEAD") == []
    release = place.git("rev-parse", "HEAD").strip()
    place.git("checkout", "-q", "--detach")
    for path in (place.folder / f"approvals/{ID}").iterdir():  # bob takes back what he gave
        if "by: bob" in path.read_text():
            path.unlink()
    place.git("commit", "-qam", "not signed")
    assert [code for code, _ in codes(place, "--since", release)] == ["PT512"]
    place.git("commit", "-q", "--amend", "--no-edit", f"-S{keys['ana']}")
    assert [code for code, _ in codes(place, "--since", release)] == ["PT512"]
    place.git("commit", "-q", "--amend", "--no-edit", f"-S{keys['bob']}")
    assert codes(place, "--since", release) == []
    place.git("checkout", "-qb", "squashed", "main")
    place.git("merge", "-q", "--squash", "release")
    place.git("commit", "-q", f"-S{keys['bob']}", "-m", "Release (#1)")
    ((_, message),) = codes(place, "--since", "main...HEAD")
    assert "by bob, which squashes it with other work: the signature of ana is lost" in message
    for how in ("merge", "rebase", "squash"):  # on main the digest counts, whatever it became
        place.git("checkout", "-q", "-B", "landed", "main")
        if how == "squash":
            place.git("merge", "-q", "--ff-only", "squashed")
        elif how == "rebase":
            place.git("cherry-pick", "main..release")
        else:
            place.git("merge", "-q", "--no-ff", "--no-edit", release)
        assert codes(place) == []
    assert "not proven" in place("approvals") + place.err
    if "GNUPGHOME" in place.env:
        subprocess.run(["gpgconf", "--kill", "all"], check=False, env=place.env)


def test_broken_files_and_odd_places(place):
    write(place, f"approvals/{ID}/one.md", "verdict: approved\n")
    write(place, f"approvals/{ID}/two.md", "---\nverdict: [approved\n---\n")
    (place.folder / f"approvals/{ID}/three.md").symlink_to("/etc/passwd")
    assert [code for code, _ in codes(place)] == ["PT414"] * 3
    assert place("approvals", "--format", "csv").count("broken") >= 3
    place("done", ID, code=1)


def test_it_goes_with_the_item(place):
    agree(place, "ana", "bob")
    place("delete", ID, "--yes")
    assert not list((place.folder / "approvals").rglob("*.md"))
    place("undo")
    place("done", ID)
    place("archive", ID)
    assert codes(place) == []


def test_a_past_day_is_judged_by_what_was_there(place):
    agree(place, "ana")
    place("set", ID, "title=Other")
    commit(place)
    found = json.loads(place("approvals", "--at", "HEAD~", "--format", "json"))["items"]
    assert [each["state"] for each in found] == ["valid"]
    assert "void" in place("approvals", "--format", "markdown")


def test_the_first_verdict_makes_the_room(empty):
    empty("init")
    empty("add", "One")
    item = empty("list", "--format", "ids").strip()
    empty("approve", item, "-m", "Good.")
    assert "approvals: approvals" in (empty.folder / "plaintrack.yml").read_text()
    assert "valid" in empty("approvals")


def test_needs_by_field_and_of_calendar_days(place):
    needs = "approvals:\n  needs:\n  - {query: 'type:release', to: review, of: sponsor, since: 2026-11-01}\n"
    write(
        place,
        "plaintrack.yml",
        "types: [task, release]\nrooms: {people: people, approvals: approvals}\n" + needs,
    )
    assert codes(place) == [
        ("PT412", "it is review, and the approval of sponsor (it names no one) is missing")
    ]
    place("set", ID, "sponsor=ana")
    place("approve", ID)
    assert codes(place) == []


def test_history_tells_of_verdicts(place):
    """`log` and `diff` name them, whether they are committed or not; one that is deleted is withdrawn."""
    agree(place, "bob")
    as_person(place, "cem")
    place("reject", ID, "-m", "Too early.")
    assert "rejected: Too early." in place("log")
    assert "Decided" in place("diff")
    commit(place, "cem rejects")
    (place.folder / f"approvals/{ID}" / "notes").mkdir()
    for file in (place.folder / f"approvals/{ID}").glob("*.md"):
        if "rejected" in file.read_text():
            file.unlink()
    told = json.loads(place("log", ID, "--format", "json"))["changes"]
    assert [
        (each["kind"], each["old"], each["author"]) for each in told if each["kind"] != "created"
    ] == [
        ("withdrawn", "rejected", None),
        ("rejected", "", "Cem"),
        ("approved", "", "Bob"),
    ]


def test_who_is_asked_about_a_change(place):
    rules = "owners:\n- {path: tasks, of: [ana]}\n- {query: 'type:release', of: [leads]}\n"
    write(place, "plaintrack.yml", "types: [task, release]\n" + SETTINGS + rules)
    write(place, "tasks/PT-bbbbbb.md", "---\nid: PT-bbbbbb\ntitle: Other\nstatus: todo\n---\n")
    commit(place)
    found = json.loads(place("owners", "--format", "json"))
    assert [(each["id"], each["owners"]) for each in found["items"]] == [
        (ID, ["leads"]),
        ("PT-bbbbbb", ["ana"]),
    ]
    assert (found["reviewers"], found["labels"]) == (["ana", "bob", "cem"], ["leads"])
    place("set", "PT-bbbbbb", "title=Changed")
    assert [
        each["id"]
        for each in json.loads(place("owners", "--since", "HEAD", "--format", "json"))["items"]
    ] == ["PT-bbbbbb"]
    assert "leads" in place("owners", "type:release")
    place("owners", "--since", "HEAD", "--at", "HEAD", code=2)
    # a branch that is not checked out: what it adds, deletes, and takes from its owners
    place.git("checkout", "-qb", "pr")
    write(place, "tasks/PT-cccccc.md", "---\nid: PT-cccccc\ntitle: New\ntype: release\n---\n")
    place("set", ID, "type=task")
    (place.folder / "tasks/PT-bbbbbb.md").unlink()
    commit(place)
    place.git("checkout", "-q", "main")
    found = json.loads(place("owners", "--since", "HEAD...pr", "--format", "json"))
    assert {each["id"]: each["owners"] for each in found["items"]} == {
        "PT-cccccc": ["leads"],
        ID: ["leads", "ana"],
        "PT-bbbbbb": ["ana"],
    }
    assert place("owners", "--since", "HEAD...HEAD") == ""


def test_closing_words_of_a_merged_commit_close_the_item(place):
    write(place, "tasks/PT-bbbbbb.md", "---\nid: PT-bbbbbb\ntitle: Other\nstatus: todo\n---\n")
    commit(place)
    place("rules", "add", "close-on-merge")
    commit(place)
    before = place.git("rev-parse", "HEAD").strip()
    write(place, "code.txt", "x")
    commit(place, f"Fix it (#12)\n\nCloses PT-bbbbbb and {ID}")
    assert "cannot become done: 0 of 2 approvals" in place(
        "rules", "run", "--since", before, code=1
    )
    assert "status: done" in (place.folder / "tasks/PT-bbbbbb.md").read_text()
    assert "status: review" in (place.folder / PATH).read_text()  # which needs two approvals


def test_what_others_said_is_not_taken_away(place):
    """Deleted, edited, in a merge, within the range and not committed; moved or by oneself is let be."""
    as_person(place, "bob")
    place("reject", ID, "-m", "no")
    place("comment", ID, "Why I say no.")
    commit(place, "bob rejects")
    (file,) = (place.folder / f"approvals/{ID}").iterdir()
    (comment,) = (place.folder / f"comments/{ID}").iterdir()
    start = place.git("rev-parse", "HEAD").strip()

    def found(*words):
        gone = [each for each in codes(place, *(words or ("--since", start))) if each[0] > "PT511"]
        return [(code, message.partition(" is ")[0]) for code, message in gone if code < "PT6"]

    as_person(place, "dee")
    file.unlink()
    message = "and you are not bob"
    assert message in codes(place, "--since", start)[0][1]
    assert found() == [("PT512", "the rejection of 2026-11-23 by bob")]
    place.git("add", "-A")
    assert found("--staged") == [("PT512", "the rejection of 2026-11-23 by bob")]
    place.git("commit", "-qm", "tidy up")
    ((_, message),) = codes(place, "--since", start)
    assert message.startswith("the rejection of 2026-11-23 by bob is changed or gone: dee did that")
    assert found("--since", start + "...HEAD") == [("PT512", "the rejection of 2026-11-23 by bob")]
    # dee brings back what she took
    place.git("revert", "--no-edit", "HEAD")
    assert found() == []
    # an item moved to the archive, its verdict's file renamed: nothing is lost
    place.git("mv", f"approvals/{ID}/{file.name}", f"approvals/{ID}/renamed.md")
    commit(place, "renamed")
    assert found() == []
    place.git("reset", "-q", "--hard", start)
    # an edit of what bob says, in his name
    comment.write_text(comment.read_text().replace("no", "yes"))
    commit(place, "edited")
    assert found() == [("PT513", "the comment of 2026-11-23 by bob")]
    place.git("reset", "-q", "--hard", start)
    # the item goes, too
    (place.folder / PATH).unlink()
    file.unlink()
    commit(place, "dropped")
    assert found() == []
    place.git("reset", "-q", "--hard", start)
    # he changes his mind
    as_person(place, "bob")
    file.unlink()
    commit(place, "after all")
    assert found() == []
    # brought and taken away within the range
    place.git("reset", "-q", "--hard", start + "~")
    base = place.git("rev-parse", "HEAD").strip()
    place.git("merge", "-q", "--ff-only", start)
    as_person(place, "dee")
    file.unlink()
    commit(place, "tidy up")
    assert found("--since", base) == [("PT512", "the rejection of 2026-11-23 by bob")]
    # a merge that leaves it out
    place.git("checkout", "-qb", "side", base)
    write(place, "other.txt", "x")
    commit(place, "other")
    place.git("merge", "-q", "-s", "ours", "--no-edit", start)
    assert found("--since", f"{start}...HEAD") == [
        ("PT512", "the rejection of 2026-11-23 by bob"),
        ("PT513", "the comment of 2026-11-23 by bob"),
    ]
