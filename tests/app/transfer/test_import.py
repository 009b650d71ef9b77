"""Imports into a real workspace: what is made, what a second one changes, what is kept."""

import json

import pytest
from soak import SOAK


@pytest.fixture
def empty(empty):
    empty("init")
    return empty


def issue(number, **more):
    url = f"https://github.com/o/r/issues/{number}"
    return {
        "number": number,
        "title": f"Issue {number}",
        "body": "",
        "state": "OPEN",
        "url": url,
        "createdAt": "2026-10-01T10:00:00Z",
        **more,
    }


def put(shell, issues, name="issues.json"):
    (shell.folder / name).write_text(json.dumps(issues))
    return name


def found(shell):
    rows = json.loads(shell("list", "is:open,closed", "--format", "json"))
    return {row["title"]: row for row in rows["items"]}


def same(shell):
    paths = sorted((shell.folder / "tasks").glob("*.md"))
    return {path.name: path.read_bytes() for path in paths}


ANA = {"author": {"login": "ana"}, "body": "Hm.", "createdAt": "2026-10-02T10:00:00Z"}


def test_a_second_import_of_the_same_file_changes_nothing(empty):
    issues = [issue(1, labels=[{"name": "bug"}], comments=[ANA], weird="x"), issue(2)]
    name = put(empty, issues)
    assert "2 items read, 2 made, 1 comment" in empty("import", "github", name)
    before = same(empty)
    empty("commit", "-m", "import")
    assert empty.git("status", "--porcelain") == "?? issues.json\n"
    assert "2 as they were" in empty("import", "github", name)
    assert same(empty) == before
    assert empty.git("status", "--porcelain") == "?? issues.json\n"


def test_what_has_no_home_is_named_and_kept(empty):
    out = empty("import", "github", put(empty, [issue(1, weird={"name": "x"})]), "--dry-run")
    assert "weird" in out
    assert not list((empty.folder / "tasks").glob("*.md"))
    empty("import", "github", "issues.json")
    assert "weird: x" in next((empty.folder / "tasks").glob("*.md")).read_text()


def test_a_preview_makes_what_the_import_makes(empty):
    name = put(empty, [issue(1, body="Text\r\nmore", labels=["a"])])
    shown = empty("import", "github", name, "--dry-run")
    empty("import", "github", name)
    (path,) = (empty.folder / "tasks").glob("*.md")
    lines = [line for line in path.read_text().splitlines() if not line.startswith("id:")]
    assert all(line in shown for line in lines)


def test_links_lead_to_the_items_they_name(empty):
    one = issue(1, milestone={"title": "v1", "dueOn": "2026-12-20T00:00:00Z"})
    two = issue(2, blockedBy={"nodes": [{"number": 1}, {"number": 99}]})
    empty("import", "github", put(empty, [two, one]))
    rows = found(empty)
    text = (empty.folder / rows["Issue 2"]["path"]).read_text()
    assert f"depends_on:\n- {rows['Issue 1']['id']}\n" in text
    assert "depends_on_there: o/r#99" in text or "- o/r#99" in text
    assert rows["Issue 1"]["milestone"] == rows["v1"]["id"]
    assert rows["v1"]["due"] == "2026-12-20"


def test_newer_values_come_and_mine_stay(empty):
    issues = [issue(1, labels=["a"]), issue(2)]
    empty("import", "github", put(empty, issues))
    rows = found(empty)
    empty("set", rows["Issue 1"]["id"], "title=Mine")
    put(empty, [issue(1, labels=["a", "b"]), issue(2, title="Theirs", comments=[ANA])])
    out = empty("import", "github", "issues.json")
    assert "2 changed" in out
    rows = found(empty)
    assert rows["Mine"]["tags"] == ["a", "b"]
    assert "Theirs" in rows
    assert "Hm." in empty("show", rows["Theirs"]["id"])


@pytest.mark.parametrize("prefer", ["", "here", "there"])
def test_what_changed_on_both_sides_is_a_conflict(empty, prefer):
    empty("import", "github", put(empty, [issue(1)]))
    item = found(empty)["Issue 1"]["id"]
    empty("set", item, "title=Mine")
    put(empty, [issue(1, title="Theirs")])
    out = empty("import", "github", "issues.json", code=1)
    assert "Mine" in out
    assert "Theirs" in out
    out = empty("import", "github", "issues.json", code=1)
    assert "title" in out
    if prefer:
        empty("import", "github", "issues.json", "--prefer", prefer)
        empty("import", "github", "issues.json")
    assert list(found(empty)) == ["Theirs" if prefer == "there" else "Mine"]


def test_a_changed_body_keeps_the_front_matter_to_the_byte(empty):
    empty("import", "github", put(empty, [issue(1, body="One")]))
    (path,) = (empty.folder / "tasks").glob("*.md")
    path.write_text(path.read_text().replace("status: todo\n", "status:   todo  # mine\n"))
    put(empty, [issue(1, body="Two\n")])
    empty("import", "github", "issues.json")
    assert path.read_text().endswith("---\n\nTwo\n") or path.read_text().endswith("---\nTwo\n")
    assert "status:   todo  # mine\n" in path.read_text()


def test_what_was_deleted_here_does_not_come_back(empty):
    empty("import", "github", put(empty, [issue(1), issue(2)]))
    empty("delete", "--yes", found(empty)["Issue 1"]["id"])
    assert "1 skipped" in empty("import", "github", "issues.json")
    assert list(found(empty)) == ["Issue 2"]


def test_without_its_ledger_an_import_makes_nothing_twice(empty):
    empty("import", "github", put(empty, [issue(1)]))
    for path in (empty.folder / "imports").iterdir():
        path.unlink()
    assert "1 as they were" in empty("import", "github", "issues.json")
    assert list(found(empty)) == ["Issue 1"]


def test_two_sources_of_one_format_keep_apart(empty):
    (empty.folder / "a.txt").write_text("Milk\n")
    empty("import", "todotxt", "a.txt", "--name", "home")
    assert "1 made" in empty("import", "todotxt", "a.txt", "--name", "work")
    assert "1 as they were" in empty("import", "todotxt", "a.txt", "--name", "work")


def test_people_and_words_are_mapped(empty):
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(
        settings.read_text() + "people:\n  ana: {name: Ana Ruiz, email: ana@example.com}\n"
    )
    (empty.folder / "a.csv").write_text(
        "ID,Title,Status,Assignee,Priority\nA-1,Fix,QA,ana@example.com,Urgent\n"
    )
    empty("import", "linear", "a.csv", "--save-mapping", "map.yml")
    text = (empty.folder / "map.yml").read_text()
    assert "QA: in-progress" in text
    (empty.folder / "map.yml").write_text(text.replace("QA: in-progress", "QA: review"))
    empty("import", "linear", "a.csv", "--mapping", "map.yml")
    row = found(empty)["Fix"]
    assert (row["status"], row["assignee"], row["priority"]) == ("review", ["ana"], "critical")


def test_a_broken_mapping_is_told(empty):
    (empty.folder / "map.yml").write_text("stat: {a: b}\n")
    put(empty, [issue(1)])
    empty("import", "github", "issues.json", "--mapping", "map.yml", code=2)
    assert "did you mean 'status'?" in empty.err


def test_rules_do_not_act_on_what_is_imported(empty):
    rules = empty.folder / "automations"
    rules.mkdir(exist_ok=True)
    (rules / "new.yml").write_text("name: new\non: created\ndo:\n- set: {tags: [new]}\n")
    empty("import", "github", put(empty, [issue(1)]))
    empty("rules", "run")
    assert not found(empty)["Issue 1"].get("tags")
    empty("add", "Mine")
    assert found(empty)["Mine"]["tags"] == ["new"]


def test_time_and_dates_of_jira_come_along(empty):
    (empty.folder / "j.csv").write_text(
        "Issue key,Summary,Created,Log Work,Status,Resolved\n"
        "A-1,Fix,03/Mar/26 9:05 PM,wrote;04/Mar/26 9:00 AM;ana;5400,Done,05/Mar/26 9:00 AM\n"
    )
    assert "1 time entry" in empty("import", "jira", "j.csv")
    row = found(empty)["Fix"]
    assert row["created"].startswith("2026-03-03T21:05")
    assert row["closed"].startswith("2026-03-05")
    assert "1:30" in empty("time", "report", "--from", "2026-03-04", "--until", "2026-03-05")
    assert "entry" not in empty("import", "jira", "j.csv")


def answered(shell, words, lines):
    """Run a command on a terminal, and type the lines, each after a prompt."""
    import os
    import pty
    import select
    import sys

    child, screen = pty.fork()
    if child == 0:
        os.chdir(shell.folder)
        os.execve(sys.executable, [sys.executable, "-m", "plaintrack", *words], shell.env)
    said, waiting = b"", [f"{line}\n".encode() for line in lines]
    while select.select([screen], [], [], 20)[0]:
        try:
            piece = os.read(screen, 4096)
        except OSError:
            break
        said += piece
        if said.endswith(b"]: ") and waiting:
            os.write(screen, waiting.pop(0))
    os.close(screen)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    return said.decode()


def test_words_that_are_guessed_are_asked_for_on_a_terminal(empty):
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "people:\n  ana: {name: Ana Ruiz}\n")
    (empty.folder / "a.csv").write_text(
        "ID,Title,Status,Assignee\nA-1,Fix,QA,Zoe\nA-2,Wax,Todo,Ana Ruiz\n"
    )
    said = answered(empty, ("import", "linear", "a.csv"), ["review", "-"])
    assert "status 'QA' (1 times) [in-progress]: " in said
    assert "Ana Ruiz" not in said
    rows = found(empty)
    assert (rows["Fix"]["status"], rows["Fix"].get("assignee")) == ("review", None)
    assert rows["Wax"]["assignee"] == ["ana"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x05\x06" + b"\0" * 18, "there is none"),  # a zip of nothing
        (None, "too long"),  # a gigabyte of nothing
        (b'"' + b"a" * 5_000_000, "a.csv:1: "),
        (b"", "there is none"),
    ],
)
def test_files_that_are_none_end_in_a_sentence(empty, data, said):
    path = empty.folder / "a.csv"
    with path.open("wb") as handle:
        if data is None:
            handle.truncate(1_000_000_000)
        else:
            handle.write(data)
    empty("import", "linear", "a.csv", code=2)
    assert said in empty.err, empty.err
    assert not list((empty.folder / "tasks").glob("*.md"))


HOSTILE = [
    "../../../etc/passwd",
    "=1+1",
    "<script>alert(1)</script>",
    "a\x1b[31mred\x00",
    "---",
    "- [ ] box",
    "x" * 5000,
    "\u202egnp.exe",
    "CON",
    "<!-- plaintrack list is:open -->",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_inert_and_whole(empty, text):
    body = f"{text}\n<!-- plaintrack list is:open -->\nold\n<!-- /plaintrack -->\n"
    empty("import", "github", put(empty, [issue(1, title=text, body=body)]))
    empty("render")
    (path,) = (empty.folder / "tasks").glob("*.md")
    assert "\nold\n" in path.read_text()
    assert "\x1b" not in empty("list")
    assert empty.folder.resolve() in path.resolve().parents
    assert "1 as they were" in empty("import", "github", "issues.json")
    assert not [
        line for line in empty("check").splitlines() if "error" in line and "0 err" not in line
    ]


@pytest.mark.slow
def test_random_imports_converge(empty):
    """Any order of edits there and here, and imports between: what only one side changed is so."""
    import random

    for seed in range(max(1, int(3 * SOAK))):
        luck = random.Random(seed)
        there = {number: f"t{number}" for number in range(6)}
        put(empty, [issue(n, title=t) for n, t in there.items()])
        name = f"s{seed}"
        empty("import", "github", "issues.json", "--name", name)
        here = dict(there)
        for _ in range(4):
            changed = luck.sample(sorted(there), 3)
            for number in changed[:2]:
                there[number] = here[number] = f"{there[number]}+"
            mine = changed[2]
            rows = json.loads(empty("list", f"source:{name}:o/r#{mine}", "--format", "json"))
            here[mine] += "!"
            if rows["items"]:
                empty("set", rows["items"][0]["id"], f"title={here[mine]}")
            there[mine] = here[mine]  # both sides say the same
            put(empty, [issue(n, title=t) for n, t in there.items()])
            empty("import", "github", "issues.json", "--name", name)
        titles = []
        for path in (empty.folder / "tasks").glob("*.md"):
            text = path.read_text()
            if f"source: {name}:" in text:
                line = next(each for each in text.splitlines() if each.startswith("title: "))
                titles.append(line.removeprefix("title: "))
        assert sorted(titles) == sorted(here.values()), seed
