"""A look, the firings it leads to, and conditions: what is previewed is what is done, and history is asked as the present is."""

import random
from datetime import datetime, timedelta

import pytest

from plaintrack.app.automation.conditions import Present
from plaintrack.app.automation.replay import Past
from plaintrack.app.automation.rules import rules
from plaintrack.app.automation.run import after, preview
from plaintrack.app.follow import opened
from plaintrack.app.snapshot.answers import question, tasks
from plaintrack.config.settings import read
from plaintrack.model.change import Change
from plaintrack.rules.conditions import scheduled, targets
from plaintrack.rules.look import Happened, Look, firings
from plaintrack.rules.rule import Condition, Firing, Rule, Trigger

NOW = datetime.fromisoformat("2026-12-05T09:00:00+01:00")
IDS = [f"PT-a{number}" for number in range(6)]
STATUSES = ["todo", "in-progress", "done"]
TRIGGERS = [
    "created", "comment", "changed", "{changed: status}", "{changed: {field: status, to: done}}", "{entered: done}",
    "overdue", "{due-in: 3d}", "{schedule: '0 8 * * *'}",
]  # fmt: skip
SUBJECTS = ["item", "item", "item", "parent", "children", "dependents"]
QUERIES = ["is:open", "is:closed", "priority:high", "has:parent", "is:overdue"]
CONDITIONS = ["", *QUERIES[:3], *(
    f"{{{subject}: {{{quantifier}: '{query}'}}}}"
    for subject in ("item", "trigger", "children", "parent") for quantifier in ("all", "any", "none") for query in QUERIES[:3]
)]  # fmt: skip


def look(changes, **more):
    """A look at Changes of one item."""
    happened = (Happened("PT-a", tuple(changes)),)
    return Look(NOW, read({}).schema, lambda *_: True, happened, **more)


def rule(*triggers):
    return Rule("one", "one.yml", tuple(map(Trigger, triggers)), (), ())


def test_each_comment_of_a_look_has_the_key_of_its_own_file():
    one, two = (Change("PT-a", f"comments/PT-a/{name}.md", "commented", new="x") for name in "ab")
    both = firings(look([one, two]), [rule("comment")])
    alone = [firings(look([each]), [rule("comment")])[0] for each in (one, two)]
    assert [each.key for each in both] == [each.key for each in alone]


def test_the_same_again_has_another_key_unless_git_brought_the_firing():
    change = Change("PT-a", "tasks/a.md", "set", "status", "todo", "done")
    (first,) = firings(look([change]), [rule("changed")])
    (second,) = firings(look([change], taken=frozenset([first.key])), [rule("changed")])
    assert first.key != second.key
    brought = look([change], taken=frozenset([first.key]), gained=frozenset([first.key]))
    assert firings(brought, [rule("changed")]) == []


class Fixed:
    """A World of three children, of which some answer."""

    def __init__(self, answering, children):
        self.answering, self.children = answering, children

    def ids(self):
        return ["P"]

    def related(self, item, subject):
        return [item] if subject == "item" else self.children

    def answers(self, _query, items):
        return self.answering & set(items)


@pytest.mark.parametrize(
    ("answering", "held"),
    [("", ["none"]), ("A", ["any"]), ("AB", ["any"]), ("ABC", ["all", "any"])],
)
def test_quantifiers(answering, held):
    world = Fixed(set(answering), list("ABC"))
    conditions = {name: Condition("children", name, "q") for name in ("all", "any", "none")}
    one = Rule("r", "r.yml", (), (), ())
    found = [
        name
        for name, each in conditions.items()
        if targets(world, one._replace(conditions=(each,)), "P")
    ]
    assert found == held
    empty = Fixed(set(), [])
    found = [
        name
        for name, each in conditions.items()
        if targets(empty, one._replace(conditions=(each,)), "P")
    ]
    assert found == ["none"]
    assert targets(world, one, "") == [""]


class Worked:
    """A workspace that is worked in at random."""

    def __init__(self, shell, seed):
        self.shell, self.choice = shell, random.Random(seed)
        self.commented = 0

    def item(self, name):
        one = self.choice
        fields = {
            "id": name, "title": name, "status": one.choice(STATUSES), "priority": one.choice(["high", "low"]),
            "due": (NOW + timedelta(days=one.randrange(-3, 6))).date().isoformat(),
        }  # fmt: skip
        if one.random() < 0.5:
            fields["parent"] = one.choice(IDS)
        if one.random() < 0.3:
            fields["depends_on"] = one.choice(IDS)
        text = "".join(f"{key}: {value}\n" for key, value in fields.items())
        (self.shell.folder / f"tasks/{name}.md").write_text(f"---\n{text}---\n")

    def rules(self):
        folder = self.shell.folder / "automations"
        folder.mkdir(exist_ok=True)
        for number in range(5):
            lines = [
                f"name: r{number}",
                f"on: {self.choice.choice(TRIGGERS)}",
                f"for: {self.choice.choice(SUBJECTS)}",
            ]
            condition = self.choice.choice(CONDITIONS)
            lines += [f"if: {condition}"] if condition else []
            (folder / f"r{number}.yml").write_text("\n".join([*lines, "do:", "- notify: x"]) + "\n")

    def change(self):
        for name in self.choice.sample(IDS, 2):
            self.item(name)
        for name in self.choice.sample(IDS, 2):
            folder = self.shell.folder / f"comments/{name}"
            folder.mkdir(parents=True, exist_ok=True)
            self.commented += 1
            head = f"author: A\ndate: 2026-12-05T09:00:{self.commented % 60:02}+01:00"
            (folder / f"{self.commented:03}.md").write_text(f"---\n{head}\n---\nHm.\n")


@pytest.mark.parametrize("seed", range(2))
def test_what_is_previewed_is_what_is_done(empty, monkeypatch, seed):
    for name, value in empty.env.items():
        monkeypatch.setenv(name, value)
    empty("init")
    work = Worked(empty, seed)
    for name in IDS:
        work.item(name)
    here = str(empty.folder)
    fired = 0
    for round_ in range(8):
        monkeypatch.setenv("PLAINTRACK_NOW", (NOW + timedelta(hours=round_)).isoformat())
        since = "HEAD" if round_ % 2 and round_ > 1 else None
        work.rules()
        work.change()
        if since:
            empty.git("add", "-A")
            empty.git("commit", "-qm", f"round {round_}")
            since = "HEAD~1"
        elif round_ == 0:
            empty.git("add", "-A")
            empty.git("commit", "-qm", "start")
        told = [(each.rule, each.item, each.why, each.key) for each in preview(opened(here), since)]
        done = [each.firing for each in after(opened(here), since=since) if each.result == "done"]
        assert sorted(told) == sorted((each.rule, each.item, each.why, each.key) for each in done)
        assert preview(opened(here), since) == []
        fired += len(done)
    assert fired > 5


@pytest.mark.parametrize("seed", range(2))
def test_history_is_asked_as_the_present_is(empty, monkeypatch, seed):
    for name, value in empty.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLAINTRACK_NOW", NOW.isoformat())
    empty("init")
    work = Worked(empty, seed)
    for name in IDS:
        work.item(name)
    for _ in range(12):
        work.rules()
        here = opened(str(empty.folder))
        now = Present(here)
        then = Past(here, tasks(here, question(here, "", state="")), here.today)
        assert now.ids() == then.ids()
        for each in rules(here).rules:
            assert scheduled(now, each) == scheduled(then, each), each
            for item in ("", *IDS):
                assert sorted(targets(now, each, item)) == sorted(targets(then, each, item)), (
                    each,
                    item,
                )


def test_a_schedule_fires_for_the_items_whose_parent_is_meant(empty):
    """The condition is about those the rule acts on, whoever asks."""
    empty("init")
    text = "---\nid: {}\ntitle: x\nstatus: {}\n{}---\n"
    for name, status, more in (
        ("PT-a", "done", ""),
        ("PT-b", "todo", "parent: PT-a\n"),
        ("PT-c", "todo", ""),
    ):
        (empty.folder / f"tasks/{name}.md").write_text(text.format(name, status, more))
    (empty.folder / "automations").mkdir()
    (empty.folder / "automations/r.yml").write_text(
        "name: r\non: {schedule: '* * * * *'}\nfor: parent\nif: is:closed\ndo:\n- notify: hello\n"
    )
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start", "--date", "2026-11-01T00:00:00Z")
    later = {"PLAINTRACK_NOW": "2027-01-04T09:00:00+01:00"}
    assert empty("rules", "run", "--dry-run", **later).count("would fire r: PT-b") == 1
    assert "1 fired" in empty("rules", "run", **later)


def test_a_firing_is_kept_as_a_list():
    firing = Firing("r", "PT-a", "why", "key", "2026-12-05", ("q",))
    assert Firing.read([*firing[:5], ["q"]]) == firing
