"""What a change introduces: what the small indexes find is what two whole checks would; and the policies on changes."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from gallery_help import TODAY, git
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from plaintrack.app.check.check import Asked, check
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.changes import reached

QUICK = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # every example runs git; shrinking takes minutes
IDS = [f"PT-{letter * 4}" for letter in "abcdef"]
SETTINGS = """timezone: UTC
checks:
  wip-status: {limits: {review: 1}}
  unestimated: note
  closed-open-steps: on
  due-before-created: on
  own: {text: {query: 'hello -is:blocked', message: it says hello}}
"""
items = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["todo", "review", "done", "Doen"]),
        "type": st.sampled_from(["task", "goal", "project"]),
        "assignee": st.sampled_from(["alice", "bob"]),
        "parent": st.sampled_from(IDS),
        "project": st.sampled_from(IDS),
        "depends_on": st.sampled_from(IDS),
        "due": st.sampled_from(["2026-11-01", "2026-12-01", "2026-12-15", "soon"]),
        "start": st.sampled_from(["2026-12-05"]),
        "id": st.sampled_from(IDS),
        "waive": st.sampled_from(
            [
                "PT305 because of that",
                "overdue until 2026-10-01 because",
                "PT302 until 2026-12-31 because",
            ]
        ),
        "body": st.sampled_from(
            ["- [ ] one", "- [x] one", "hello", "<<<<<<< a\nb\n>>>>>>> c", "[unclosed"]
        ),
    },
)
workspaces = st.dictionaries(st.sampled_from(IDS), items, max_size=6)


def write(folder, workspace):
    (folder / "tasks").mkdir(exist_ok=True)
    for name in os.listdir(folder / "tasks"):
        os.unlink(folder / "tasks" / name)
    for name, fields in workspace.items():
        head = {"id": name, "title": f"Item {name}", **fields}
        body = head.pop("body", "")
        lines = [f"{key}: {value}" for key, value in head.items()]
        if body == "[unclosed":
            lines.append("tags: [unclosed")
        (folder / f"tasks/{name}.md").write_text("\n".join(["---", *lines, "---", body, ""]))


def keys(report):
    """How often each finding is in a report; without what can grow, and without the numbers that tell equal ones apart."""
    return Counter(
        re.sub(r"\x1f\d+$", "", each.key) for each in report.findings if each.code != "PT406"
    )


def compared(folder, before, after, between):
    """What is new in ``after``, by two whole checks; ``between`` then stages or commits it."""
    write(folder, before)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "before", "--allow-empty")
    old = check(Workspace(str(folder)), Asked(today=TODAY))
    write(folder, after)
    new = check(Workspace(str(folder)), Asked(today=TODAY))
    between()
    return keys(new) - keys(old)


def repository(folder):
    (folder / "plaintrack.yml").write_text(SETTINGS)
    (folder / "tasks").mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return repository(tmp_path_factory.mktemp("change"))


def agree(folder, before, after, elsewhere):
    """What is staged, or committed, while the work tree has gone on or not."""
    for staged, gone_on in ((True, False), (True, True), (False, True)):

        def between(staged=staged, gone_on=gone_on):
            git(folder, "add", "-A")
            if not staged:
                git(folder, "commit", "-qm", "after", "--allow-empty")
            if gone_on:
                write(folder, elsewhere)

        expected = compared(folder, before, after, between)
        asked = (
            Asked(today=TODAY, staged=True) if staged else Asked(today=TODAY, since="HEAD~1..HEAD")
        )
        assert keys(check(Workspace(str(folder)), asked)) == expected, (staged, gone_on)
        git(folder, "reset", "-q", "--hard", "HEAD")


@given(workspaces, workspaces, workspaces)
@settings(max_examples=8, deadline=None, phases=QUICK)
def test_a_change_brings_what_two_whole_checks_differ_in(folder, before, after, elsewhere):
    agree(folder, before, after, elsewhere)


NEEDS = {"PT-aaaa": {"depends_on": "PT-bbbb"}, "PT-bbbb": {}}
TWICE = {"PT-aaaa": {"id": "PT-eeee"}, "PT-cccc": {}}


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"),
    [
        (
            {"PT-cccc": {"id": "PT-ffff"}, "PT-ffff": {}},
            {"PT-cccc": {"depends_on": "PT-ffff"}, "PT-ffff": {}},
            {"PT-cccc": {"depends_on": "PT-ffff"}, "PT-ffff": {"id": "PT-aaaa"}},
        ),
        (NEEDS, {"PT-aaaa": NEEDS["PT-aaaa"]}, {"PT-aaaa": {}}),
        (NEEDS, {**NEEDS, "PT-bbbb": {"id": "PT-dddd"}}, {"PT-bbbb": {}}),
        (TWICE, {**TWICE, "PT-eeee": {}}, {}),
    ],
    ids=["id", "reference", "file", "twin"],
)
def test_what_the_change_does_not_touch_is_taken_as_staged(folder, before, after, elsewhere):
    """What has the id, or refers to what goes, stands otherwise in the work tree, or not at all."""
    agree(folder, before, after, elsewhere)


@pytest.mark.slow
@given(workspaces, workspaces, workspaces)
@settings(max_examples=300, deadline=None, phases=QUICK)
def test_a_change_brings_what_two_whole_checks_differ_in_long(folder, before, after, elsewhere):
    agree(folder, before, after, elsewhere)


def item(folder, name, **fields):
    lines = [f"{key}: {value}" for key, value in {"id": name, "title": name, **fields}.items()]
    (folder / f"tasks/{name}.md").write_text("\n".join(["---", *lines, "---", ""]))


def found(folder, **asked):
    return [
        (each.code, each.item)
        for each in check(Workspace(str(folder)), Asked(today=TODAY, **asked)).findings
    ]


@pytest.fixture
def small(tmp_path):
    """A committed workspace with an old sin."""
    repository(tmp_path)
    (tmp_path / "plaintrack.yml").write_text("timezone: UTC\n")
    item(tmp_path, "PT-old", due="2026-01-01")
    item(tmp_path, "PT-fine")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "start")
    return tmp_path


def test_old_sins_are_not_told_and_new_ones_are(small):
    item(small, "PT-new", due="2026-02-01")
    item(small, "PT-fine", depends_on="PT-gone")
    assert found(small, since="HEAD") == [("PT202", "PT-fine"), ("PT305", "PT-new")]
    assert found(small, staged=True) == []
    git(small, "add", "tasks/PT-new.md")
    assert found(small, staged=True) == [("PT305", "PT-new")]


def test_a_reference_to_what_is_not_staged_is_told(small):
    item(small, "PT-new")
    item(small, "PT-fine", depends_on="PT-new")
    git(small, "add", "tasks/PT-fine.md")
    assert found(small, staged=True) == [("PT202", "PT-fine")]
    git(small, "add", "tasks/PT-new.md")
    assert found(small, staged=True) == []
    git(small, "commit", "-qm", "more")
    (small / "tasks/PT-new.md").unlink()  # and not staged: the commit still has it
    item(small, "PT-more", depends_on="PT-new")
    git(small, "add", "tasks/PT-more.md")
    assert found(small, staged=True) == []


def test_the_ledger_is_no_rule(small):
    (small / "automations/fired/2026-11").mkdir(parents=True)
    (small / "automations/fired/2026-11/k.yml").write_text(
        "rule: late\nitem: PT-old\nwhy: overdue\n"
    )
    (small / "automations/fired/list.yml").write_text("- 1\n")
    git(small, "add", "-A")
    assert found(small, staged=True) == []
    (small / "automations/late.yml").write_text("rule: late\n")
    git(small, "add", "-A")
    assert [code for code, _ in found(small, staged=True)] == ["PT003"]


def test_deleting_an_item_tells_who_needs_it(small):
    item(small, "PT-fine", depends_on="PT-old")
    git(small, "add", "-A")
    git(small, "commit", "-qm", "more")
    (small / "tasks/PT-old.md").unlink()
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT202", "PT-fine")]


def test_a_change_of_the_settings_tells_what_it_breaks(small):
    (small / "plaintrack.yml").write_text("timezone: UTC\npriorities: [a, b]\n")
    item(small, "PT-other", priority="high")
    git(small, "add", "tasks")
    git(small, "commit", "-qm", "other")
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT108", "PT-other")]
    (small / "plaintrack.yml").write_text("timezone: UTC\nviews: {x: {query: 'is:x'}}\n")
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT002", "")]
    (small / "plaintrack.yml").write_text("timezone: UTC\nstatuses: []\n")
    assert found(small, since="HEAD") == [("PT001", "")]


def test_what_takes_from_a_block_its_item_or_its_word_is_told(small):
    block = "<!-- plaintrack: {} -->\n<!-- /plaintrack -->\n"
    asked = ("list parent:PT-old", "list PT-fine", "list priority:high", "list parent:PT-nowhere")
    (small / "INDEX.md").write_text("".join(map(block.format, asked)))
    git(small, "add", "-A")
    git(small, "commit", "-qm", "a document")
    git(small, "rm", "-q", "tasks/PT-old.md")
    for way in ({"staged": True}, {"since": "HEAD"}):
        assert found(small, **way) == [("PT005", "")]
    git(small, "commit", "-qm", "gone")
    assert found(small, since="HEAD~1..HEAD") == [("PT005", "")]
    (small / "plaintrack.yml").write_text("timezone: UTC\npriorities: [a, b]\n")
    assert found(small, since="HEAD") == [("PT005", "")]
    (small / "INDEX.md").write_text("Nothing is asked here.\n")
    assert found(small, since="HEAD~1") == []


def test_what_was_saved_with_an_id_is_told_once_its_item_is_gone(small):
    """Without an item the word would be searched for in texts."""
    item(small, "PT-aaaaaa")
    item(small, "PT-cccccc", title="what PT-bbbbbb became")
    (small / "plaintrack.yml").write_text("timezone: UTC\nviews: {x: {query: PT-aaaaaa}}\n")
    asked = ("tree pt-AAAAAA", "list PT-bbbbbb or PT-aaaaaa", 'list "PT-bbbbbb" PT-oi', "board 'x'")
    block = "<!-- plaintrack: {} -->\n<!-- /plaintrack -->\n"
    (small / "INDEX.md").write_text("".join(map(block.format, asked)))
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT005", "")]
    git(small, "commit", "-qm", "a document")
    git(small, "rm", "-q", "tasks/PT-aaaaaa.md")
    for way in ({"staged": True}, {"since": "HEAD"}):
        assert sorted(found(small, **way)) == [("PT002", ""), ("PT005", "")]
    (small / "plaintrack.yml").write_text("timezone: UTC\nids: {scheme: sequential}\n")
    (small / "INDEX.md").write_text("".join(map(block.format, ("list PT-12", "list PT-aaaaaa"))))
    assert [each for each in found(small) if each[0] == "PT005"] == [("PT005", "")]


def test_a_renamed_file_brings_nothing_new(small):
    git(small, "mv", "tasks/PT-old.md", "tasks/PT-old-moved.md")
    assert found(small, staged=True) == []


def test_a_link_in_the_place_of_an_item_is_told(small):
    (small / "tasks/PT-link.md").symlink_to("/etc/passwd")
    assert found(small, since="HEAD") == [("PT104", "")]
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT104", "")]
    (small / "tasks/PT-fine.md").unlink()
    (small / "tasks/PT-fine.md").symlink_to("PT-old.md")
    git(small, "add", "-A")
    git(small, "commit", "-qm", "links")
    assert found(small, since="HEAD~1..HEAD") == [("PT104", ""), ("PT104", "")]
    item(small, "PT-new", depends_on="PT-old")
    git(small, "add", "-A")
    assert found(small, staged=True) == []


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_a_huge_file_is_told_and_not_read(small):
    """Only its beginning comes into memory, from the repository too."""
    import resource

    (small / "tasks/PT-huge.md").write_bytes(
        b"---\nid: PT-huge\ntitle: Huge\n---\n" + b"filler text\n" * 12_000_000
    )
    git(small, "add", "-A")
    assert found(small, staged=True) == [("PT104", "")]
    command = [
        sys.executable,
        "-m",
        "plaintrack",
        "-C",
        str(small),
        "check",
        "--staged",
        "--output",
        "comment",
    ]
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (120_000_000, 120_000_000))  # noqa: E731
    env = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, preexec_fn=limit
    )
    assert (done.returncode, done.stdout.count("PT104")) == (1, 1), done.stderr


def test_the_first_commit_can_be_checked(tmp_path):
    repository(tmp_path)
    item(tmp_path, "PT-new", due="2026-02-01")
    git(tmp_path, "add", "-A")
    assert ("PT305", "PT-new") in found(tmp_path, staged=True)


def test_who_moved_it_is_the_author_of_the_commit_that_did(small, tmp_path_factory):
    rule = "checks:\n  who-moves: {status: {done: [amelie]}}\npeople:\n  amelie: {email: amelie@x.example}\n"
    (small / "plaintrack.yml").write_text(f"timezone: UTC\n{rule}")
    git(small, "add", "-A")
    git(small, "commit", "-qm", "rule")
    for author, at in (
        ("Amelie <amelie@x.example>", "PT-fine"),
        ("Jonas <jonas@x.example>", "PT-old"),
    ):
        item(small, at, status="done")
        git(small, "commit", "-qam", "done", f"--author={author}")
        item(small, at, status="done", tags="more")
        git(small, "commit", "-qam", "more", "--author=Somebody <x@x.example>")
    assert found(small, since="HEAD~4..HEAD") == [("PT502", "PT-old")]
    assert found(small, since="HEAD~4...HEAD") == [("PT502", "PT-old")]


def test_owners_as_they_were_may_move_an_item(small):
    """Who takes the item over in the same change is not its owner yet; groups stand for people."""
    rules = "groups: {leads: [amelie]}\nchecks:\n  who-moves: {status: {done: [owner]}}\n"
    people = "people:\n  amelie: {email: amelie@x.example}\n  jonas: {email: jonas@x.example}\n"
    (small / "plaintrack.yml").write_text(f"timezone: UTC\n{rules}{people}")
    for name in ("PT-fine", "PT-old"):
        item(small, name, owner="leads")
    git(small, "add", "-A")
    git(small, "commit", "-qm", "rule")
    for author, at in (("Amelie <amelie@x.example>", "PT-fine"), ("J <jonas@x.example>", "PT-old")):
        item(small, at, status="done", owner="jonas")
        git(small, "commit", "-qam", "done", f"--author={author}")
    assert found(small, since="HEAD~2..HEAD") == [("PT502", "PT-old")]


def test_history_is_asked_once_however_many_items(small, monkeypatch):
    """As many processes for thirty items as for two."""
    (small / "plaintrack.yml").write_text(
        "timezone: UTC\nchecks: {who-moves: {status: {done: [amelie]}}}\n"
    )
    names = [f"PT-n{number:02}" for number in range(32)]
    for name in names:
        item(small, name)
    git(small, "add", "-A")
    git(small, "commit", "-qm", "many")
    started = []
    popen = subprocess.Popen
    counts = []
    for some in (names[:2], names[2:]):
        for name in some:
            item(small, name, status="done")
        git(small, "commit", "-qam", "done")
        monkeypatch.setattr(
            subprocess,
            "Popen",
            lambda *words, **more: started.append(words) or popen(*words, **more),
        )
        assert len(found(small, since="HEAD~1..HEAD")) == len(some)
        monkeypatch.setattr(subprocess, "Popen", popen)
        counts.append(len(started))
        started.clear()
    assert counts[1] <= counts[0], counts


def test_a_comment_in_the_same_change_is_a_reason(small):
    (small / "plaintrack.yml").write_text(
        "timezone: UTC\nchecks: {due-without-reason: on, reused-id: on}\n"
    )
    item(small, "PT-old", due="2026-12-24")
    assert found(small, since="HEAD") == [("PT503", "PT-old")]
    (small / "comments/PT-old").mkdir(parents=True)
    (small / "comments/PT-old/20261123T090000Z-abcd.md").write_text(
        "---\nauthor: x\n---\nThe supplier is late.\n"
    )
    assert found(small, since="HEAD") == []
    git(small, "rm", "-q", "--cached", "tasks/PT-fine.md")
    git(small, "commit", "-qam", "gone")
    assert found(small, since="HEAD") == [("PT506", "PT-fine")]


def test_the_rules_of_another_revision_cannot_be_switched_off(small):
    git(small, "branch", "base")
    (small / "plaintrack.yml").write_text(
        "timezone: UTC\nchecks: {overdue: off}\nstatuses: {todo: open, Doen: open, done: done}\n"
    )
    item(small, "PT-new", due="2026-02-01", status="Doen")
    item(small, "PT-fine", due="2026-02-01", waive="PT305 because I say so")
    git(small, "add", "-A")
    git(small, "commit", "-qm", "evil")
    assert found(small, since="base...HEAD") == [("PT803", "PT-fine")]
    assert found(small, since="base...HEAD", policy="base") == [
        ("PT508", "PT-fine"),
        ("PT305", "PT-new"),
        ("PT108", "PT-new"),
    ]
    assert ("PT305", "PT-old") in found(small, policy="base")
    (small / "plaintrack.yml").write_text("timezone: [\n")
    assert found(small) == [("PT001", "")]
    assert ("PT305", "PT-old") in found(small, policy="base")
    assert ("PT001", "") in found(small, policy="base")


def test_allowed_steps_in_commits_of_their_own_are_no_leap(empty):
    empty("init")
    with (empty.folder / "plaintrack.yml").open("a") as handle:
        handle.write("checks:\n  transition: {allowed: {todo: [in-progress], in-progress: [review], review: [done]}, steps: 1}\n")  # fmt: skip

    def move(status):
        text = f"---\nid: PT-1\ntitle: One\nassignee: ann\nstatus: {status}\n---\n"
        (empty.folder / "tasks/PT-1.md").write_text(text)
        empty.git("add", "-A")
        empty.git("commit", "-qm", status)

    for status in ("todo", "in-progress", "review", "done"):
        move(status)
    assert "PT501" not in empty("check", "--since", "HEAD~3..HEAD")
    assert "PT501" not in empty("check", "--since", "HEAD~1..HEAD")
    move("todo")
    move("done")
    assert "status went from todo to done" in empty("check", "--since", "HEAD~1..HEAD", code=1)
    move("in-progress")
    move("review")
    assert "PT501" not in empty("check", "--since", "HEAD~2..HEAD")


@pytest.mark.parametrize(
    ("one", "two", "most", "right"),
    [
        ("todo", "doing", 1, True),
        ("todo", "review", 1, False),
        ("todo", "review", 2, True),
        ("todo", "done", 0, True),
        ("todo", "todo", 0, True),
        ("done", "todo", 0, False),
        ("done", "done", 1, True),
        ("doing", "cancelled", 0, True),  # by way of parked, which any status may follow
        ("doing", "cancelled", 1, False),
        ("strange", "done", 1, True),
        ("here", "there", 0, True),
        ("here", "done", 0, False),  # a circle
    ],
)
def test_what_allowed_steps_lead_to(one, two, most, right):
    allowed = {
        "todo": ["doing"],
        "doing": ["review", "parked"],
        "review": ["done"],
        "done": [],
        "here": ["there"],
        "there": ["here"],
    }
    assert reached(allowed, one, two, most) is right


def test_steps_in_one_commit_are_allowed_and_leaps_are_refused_when_they_are_made(empty):
    empty("init")
    with (empty.folder / "plaintrack.yml").open("a") as handle:
        handle.write("checks:\n  PT501: {allowed: {todo: [in-progress], in-progress: [done], done: []}}\n")  # fmt: skip
    item(empty.folder, "PT-1", title="One", assignee="jonas", status="todo")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("start", "PT-1")
    assert empty.err == ""
    empty("done", "PT-1")
    assert empty.err == ""
    assert "PT501" not in empty("check", "--since", "HEAD")
    empty("reopen", "PT-1", code=1)
    assert "may not go from done to todo" in empty.err
    empty("reopen", "PT-1", "--force", "not so")
    assert "from done to todo; after done comes nothing" in empty.err
    empty("set", "PT-1", "status=done", "--dry-run", code=1)
    assert "may not go from todo to done" in empty.err
