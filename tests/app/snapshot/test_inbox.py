"""The inbox: what concerns someone, told once, whatever becomes of the commits."""

import json
import random

import pytest

from plaintrack.app.reporting.digest import text as text_of
from plaintrack.app.snapshot import inbox
from plaintrack.app.snapshot.workspace import Workspace

MINE, OTHER = "T-1", "T-2"
SETTINGS = """timezone: UTC
rooms: {people: people, approvals: approvals, updates: updates}
types: [task, release]
groups: {leads: [ana, bob]}
approvals:
  needs:
  - {query: 'type:release', of: leads}
"""


def item(name, *lines, body=""):
    front = "\n".join(lines)
    return f"---\nid: {name}\ntitle: Item {name}\nstatus: todo\n{front}\n---\n{body}".replace(
        "\n\n---", "\n---"
    )


def write(shell, path, text):
    target = shell.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def commit(shell, who, number=0):
    moment = f"2026-11-22T10:{number // 60:02}:{number % 60:02}+00:00"
    shell.git("add", "-A")
    shell.env["GIT_AUTHOR_DATE"] = moment
    try:
        author = f"--author={who.title()} <{who}@example.org>"
        shell.git("commit", "-qm", f"work of {who}", author)
    finally:
        del shell.env["GIT_AUTHOR_DATE"]


def told(shell, *words):
    found = json.loads(shell("inbox", "--format", "json", *words))["entries"]
    return {(each["id"], each["why"], each["who"]) for each in found}


@pytest.fixture
def place(empty):
    write(empty, "plaintrack.yml", SETTINGS)
    for name in ("ana", "bob"):
        write(
            empty,
            f"people/{name}.md",
            f"---\nname: {name.title()}\nemail: {name}@example.org\n---\n",
        )
    write(empty, f"tasks/{MINE}.md", item(MINE, "assignee: ana", "depends_on: [T-3]"))
    write(empty, f"tasks/{OTHER}.md", item(OTHER, "assignee: bob"))
    write(empty, "tasks/T-3.md", item("T-3"))
    empty.git("config", "user.name", "Ana")
    empty.git("config", "user.email", "ana@example.org")
    commit(empty, "cem")
    empty("inbox", "--read", "all")
    return empty


def test_each_reason(place):
    """One commit of another person for each reason; and what does not concern the user."""
    (place.folder / "tasks/T-3.md").write_text(item("T-3").replace("todo", "done"))
    write(
        place,
        f"tasks/{MINE}.md",
        item(MINE, "assignee: ana", "depends_on: [T-3]", "priority: high", "due: 2026-11-24"),
    )
    write(place, f"tasks/{OTHER}.md", item(OTHER, "assignee: [bob, ana]"))
    write(place, "tasks/T-4.md", item("T-4", body="Ask @ana, not ana@example.org.\n"))
    write(place, "tasks/T-5.md", item("T-5", body="Ask `@ana` or [@ana](x).\n"))
    write(place, "tasks/T-6.md", item("T-6", "watching: [ana]"))
    write(place, "tasks/T-7.md", item("T-7", "type: release").replace("todo", "review"))
    write(place, "comments/T-3/20261122T100000Z-aaaaaa.md", "---\nauthor: bob\n---\nFor @leads.\n")
    commit(place, "bob", 1)
    assert told(place) == {
        ("T-3", "unblocked", "bob"),
        ("T-3", "mentioned", "bob"),
        (MINE, "changed", "bob"),
        (MINE, "due", ""),
        (OTHER, "assigned", "bob"),
        ("T-4", "mentioned", "bob"),
        ("T-6", "changed", "bob"),
        ("T-7", "asked", ""),
    }
    place("inbox", "--read", "T-4", "--read", "T-6")
    assert {each[0] for each in told(place)} == {"T-3", MINE, OTHER, "T-7"}
    text = place("inbox", "--digest", "day")
    assert "T-4" in text
    assert "**" in text or "#" in text
    place("inbox", "--read", "all")
    assert told(place) == set()
    assert place.git("status", "--porcelain") == ""  # marks are not among the files
    place("inbox", "--read", "all", "--digest", "day", code=2)


def test_answers_and_verdicts(place):
    place("comment", MINE, "What now?")
    place("comment", OTHER, "And here?")
    commit(place, "ana", 1)
    place.git("config", "user.email", "bob@example.org")
    place("comment", OTHER, "--answer", "1", "Go on.")
    place("approve", MINE)
    commit(place, "bob", 2)
    place.git("config", "user.email", "ana@example.org")
    assert told(place) == {(OTHER, "answered", "bob"), (MINE, "approved", "bob")}


def test_a_digest_of_another_person(place):
    """By the command, and by a rule; where there is nothing, nothing is sent."""
    place("comment", OTHER, "For @bob")
    commit(place, "ana", 1)
    text = place("inbox", "--digest", "week", "--of", "bob")
    assert "the last week of bob" in text
    assert "mentioned: comment: For" in text
    place("inbox", "--digest", "week", "--of", "bobb", code=1)
    assert "did you mean 'bob'?" in place.err
    place("inbox", "--of", "bob", code=2)
    sent = text_of(Workspace(str(place.folder)), "bob", "day")
    assert "mentioned: comment: For" in sent
    rule = "name: send\non: comment\ndo: [digest: {of: WHO, notify: desktop}]\n"
    write(place, "people/dee.md", "---\nname: Dee\n---\n")
    assert text_of(Workspace(str(place.folder)), "dee", "day") == ""
    for who, said in (("bob", True), ("dee", False)):
        write(place, "automations/send.yml", rule.replace("WHO", who))
        assert ("not trusted" in place("comment", "T-3", "Hello") + place.err) == said
    for wrong, said in (
        ("bob, period: year", "digest is of a day or a week, not 'year'"),
        ("bobb", "did you mean 'bob'?"),
    ):
        write(place, "automations/send.yml", rule.replace("WHO", wrong))
        assert said in place("rules", "check", code=1)


def test_the_settings_say_who_watches(place):
    def told_by(rules):
        write(place, "plaintrack.yml", SETTINGS + f"watching: {rules}\n")
        return {each[0] for each in told(place)}

    place("comment", "T-3", "I had a look")
    commit(place, "ana", 1)
    for name, more in ((MINE, "assignee: ana"), (OTHER, "assignee: bob"), ("T-3", "type: task")):
        write(place, f"tasks/{name}.md", item(name, more, "priority: high"))
    write(place, "tasks/T-4.md", item("T-4", "watching: ana"))
    commit(place, "bob", 2)
    assert told_by("[]") == {"T-4"}
    assert told_by("[{of: [assignee]}]") == {MINE, "T-4"}
    assert told_by("[{of: [commented]}]") == {"T-3", "T-4"}
    assert told_by("[{query: 'type:task', of: [leads]}, {path: tasks/T-2.md, of: [ana]}]") == {
        OTHER, "T-3", "T-4",
    }  # fmt: skip
    assert "no one is annna" in place("check", code=1) if told_by("[{of: [annna]}]") else False


def test_one_who_is_not_known_has_no_inbox(place):
    for key in ("user.name", "user.email"):
        place.git("config", key, "")
    place("inbox", code=2)
    assert "git does not know who you are" in place.err


class Story:
    """Two branches, on which another person comments and approves; they are merged, rebased and
    picked from at random, and read in either of two worktrees.
    """

    def __init__(self, shell, seed):
        self.shell, self.random, self.number = shell, random.Random(seed), 0
        self.branch, self.seen = "main", []
        self.approved = self.reported = 0
        self.picked = set()
        self.other = shell.folder.parent / "other"
        if not self.other.exists():
            shell.git("worktree", "add", "-q", "--detach", str(self.other))
        shell.git("checkout", "-qB", "main")
        shell.git("branch", "-f", "side")

    def comment(self):
        self.number += 1
        name = f"20261122T10{self.number:04}Z-{self.number:06}"
        write(
            self.shell, f"comments/{MINE}/{name}.md", f"---\nauthor: bob\n---\nWord {self.number}\n"
        )
        commit(self.shell, "bob", self.number)

    def approve(self):
        self.number, self.approved = self.number + 1, self.approved + 1
        said = "verdict: approved\nby: bob\ndate: 2026-11-22T10:00:00Z\ncontent: sha256:"
        name = f"approvals/{MINE}/{self.number}.md"
        write(self.shell, name, f"---\n{said}{self.number:064}\n---\n")
        commit(self.shell, "bob", self.number)

    def report(self):
        self.number, self.reported = self.number + 1, self.reported + 1
        said = f"health: at-risk\nby: bob\ndate: 2026-11-22T10:00:00Z\n---\nState {self.number}"
        write(self.shell, f"updates/{MINE}/{self.number}.md", f"---\n{said} for @ana\n")
        commit(self.shell, "bob", self.number)

    def pick(self):
        """Take the other branch's last commit, if that is one by bob which is not here."""
        there = "side" if self.branch == "main" else "main"
        mine = self.shell.git("rev-list", "--no-merges", "--author=bob", f"HEAD..{there}").split()
        if mine and mine[0] not in self.picked:
            self.picked.add(mine[0])
            self.shell.git(
                "cherry-pick", "--allow-empty", "--keep-redundant-commits", mine[0], check=False
            )

    def switch(self):
        self.branch = "side" if self.branch == "main" else "main"
        self.shell.git("checkout", "-q", self.branch)

    def merge(self):
        self.shell.git("merge", "-q", "--no-edit", "side" if self.branch == "main" else "main")

    def rebase(self):
        self.shell.git("rebase", "-q", "side" if self.branch == "main" else "main")

    def read(self):
        folder = self.shell.folder
        if self.random.random() < 0.3:
            self.shell.git("-C", str(self.other), "checkout", "-q", "--detach", self.branch)
            folder = self.other
        workspace = Workspace(str(folder))
        everything = self.random.random() < 0.5
        found = inbox.read(workspace, ["all"] if everything else [MINE])
        self.seen += [each.text for _, entries in found.items for each in entries]

    def run(self, steps):
        for _ in range(steps):
            deed = self.random.choice(
                (
                    *(self.comment, self.comment, self.approve, self.report, self.switch),
                    *(self.merge, self.rebase, self.pick, self.read),
                )
            )
            deed()
        self.merge()
        self.read()


@pytest.mark.parametrize("seed", range(4))
def test_every_change_is_told_just_once(place, seed):
    story = Story(place, seed)
    story.run(16)
    said = [each for each in story.seen if each.startswith("comment: ")]
    words = [int(each.rpartition(" ")[2]) for each in said]
    states = [each for each in story.seen if each.startswith("health: at risk: State ")]
    assert len(states) == len(set(states)) == story.reported
    assert len(words) == len(set(words)) == story.number - story.approved - story.reported
    assert len(story.seen) - len(said) - len(states) == story.approved
    assert story.number
