"""The table of actions: each is documented, unique, and does what its documentation shows."""

import pytest

from plaintrack.checks.catalogue import every
from plaintrack.model.edit import Add, Remove, Set, Tick
from plaintrack.model.task import Step, Task
from plaintrack.rules.actions import ACTIONS, explained
from plaintrack.rules.load import FORMS, load
from plaintrack.show.actions import explain

STEPS = Task("tasks/a.md", "PT-a", {}, "", (Step("one", False, 0), Step("two", False, 1)))


class Recorded:
    """A Deed that only notes what it is asked for."""

    target = "PT-a"

    def __init__(self):
        self.asked = []

    def task(self):
        return STEPS

    def fill(self, text, chat=False):
        return text.format(title="Fix it", due="2026-01-02", why="x") + ("!" if chat else "")

    def edits(self, fields, sign):
        kind = {"=": Set, "+=": Add, "-=": Remove}[sign]
        return [kind(name, str(value)) for name, value in fields.items()]

    def reference(self, field):
        return Set(field, self.target)

    def digest_text(self, who, period):
        return f"{period} of {who}"

    def commit(self):
        self.asked.append(("commit",))

    def __getattr__(self, name):
        return lambda *given: self.asked.append((name, *given)) or [name]


DONE = {
    "set": ("edit", [Set("status", "done"), Set("due", "+3d"), Set("assignee", "{'rotate': ['alice', 'bob']}")]),
    "add": ("edit", [Add("tags", "late")]),
    "remove": ("edit", [Remove("tags", "late")]),
    "comment": ("comment", "Overdue (2026-01-02): the priority went up.\n"),
    "tick": ("edit", [Tick(1), Tick(2)]),
    "create": ("create", "Review Fix it", [Set("priority", "high"), Set("parent", "PT-a")], "task", ""),
    "move": ("move", "tasks/late"),
    "archive": ("move", ""),
    "notify": ("notify", "env:TEAM_CHAT", "Fix it is late!"),
    "run": ("run", ["make", "report"], ["TOKEN"], 60.0),
    "webhook": ("webhook", "env:HOOK", "HOOK_SECRET", "Fix it: x!"),
    "commit": ("commit",),
    "digest": ("notify", "env:ANA_MAIL", "week of ana"),
    "report": ("report", "weekly", "docs/weekly.md", ""),
}  # fmt: skip


def loaded(text):
    """The actions of a rule that does this, and what is wrong with it."""
    rules, problems = load("a.yml", f"name: a\non: created\ndo:\n{text}\n".encode())
    return [action for rule in rules for action in rule.actions], problems


@pytest.mark.parametrize("kind", ACTIONS.values(), ids=list(ACTIONS))
def test_an_action_is_documented_and_does_what_its_example_says(kind):
    words = explained(kind)
    assert words.title.endswith(".")
    assert all(option.doc.endswith(".") for option in kind.options.values())
    assert {option.kind for option in kind.options.values()} <= FORMS.keys()
    assert words.example.splitlines()[-1] in "\n".join(explain(kind))
    (action,), problems = loaded(words.example)
    assert not problems
    assert action.kind == kind.name
    deed = Recorded()
    kind.run(deed, action.about)
    assert deed.asked == [DONE[kind.name]]


def test_names_are_those_of_no_check():
    assert not ACTIONS.keys() & {name for each in every() for name in (each.code, each.name)}


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("- notify: hello", False),
        ("- notify: {text: hello, to: desktop}", True),
        ("- run: [ls]", True),
        ("- webhook: https://example.org", True),
        ("- set: {status: done}", False),
    ],
)
def test_what_reaches_beyond_the_files_needs_trust(text, outside):
    assert [action.outside for action in loaded(text)[0]] == [outside]
