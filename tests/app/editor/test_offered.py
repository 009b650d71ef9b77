"""What may be typed at a place, and what becomes of the text when it is chosen."""

import json

import pytest
from shown import NOW, Shown

from plaintrack.app.editor.complete import complete, fitting
from plaintrack.app.snapshot.workspace import parsed
from plaintrack.config.nested import ANY, BELOW, LISTS
from plaintrack.config.settings import BadSetting
from plaintrack.text.draft import Draft, way


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    return Shown(tmp_path)


def chosen(sheet, choice):
    return sheet.text[: choice.start] + choice.text + sheet.text[choice.end :]


FRONT = "---\nid: PT-new\ntitle: New\n{}\n---\nBody.\n"
CASES = [
    ("st|", "status", "status: "),
    ("|: high", "priority", "priority: high"),
    ("status: |", "in-progress", "status: in-progress"),
    ("status:|", "done", "status: done"),
    ("status: to|do # why", "review", "status: review # why"),
    ("assignee: [ana, |]", "bob", "assignee: [ana, bob]"),
    ("assignee: |", "ana", "assignee: ana"),
    ("assignee:\n- ana\n- |", "bob", "assignee:\n- ana\n- bob"),
    ("tags: [w|, x]", "web", "tags: [web, x]"),
    ("tags: [a, |", "auth", "tags: [a, auth"),
    ("parent: rotate|", "PT-bbbbbb", "parent: PT-bbbbbb"),
    ("parent: PT-b|", "PT-bbbbbb", "parent: PT-bbbbbb"),
    ("depends_on: [PT-aaaaaa, login|]", "PT-aaaaaa", "depends_on: [PT-aaaaaa, PT-aaaaaa]"),
    ("due: fri|", "fri", "due: 2026-11-27"),
    ("due: |", "eom", "due: 2026-11-30"),
    ("due: in-nonsense|", "tomorrow", "due: 2026-11-24"),
    ("estimate: 3|", "3d", "estimate: 3d"),
    ("repeat: |", "every week", "repeat: every week"),
    ("title: [broken\nstatus: |", "todo", "title: [broken\nstatus: todo"),
    ("status: '|'", "todo", "status: 'todo'"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "label", "then"), CASES, ids=[each[0] for each in CASES])
def test_front_matter(shown, typed, label, then):
    sheet, offset = shown(FRONT.format(typed))
    found = complete(sheet, offset).found
    choice = next(each for each in found if each.label == label)
    assert chosen(sheet, choice) == FRONT.format(then)


def test_missing_fields_come_first_and_those_that_are_there_do_not_come(shown):
    sheet, offset = shown(FRONT.format("|"))
    labels = [each.label for each in complete(sheet, offset).found]
    assert labels[:3] == ["type", "status", "priority"]
    assert not {"id", "title"} & set(labels)


def test_what_is_used_most_comes_first(shown):
    sheet, offset = shown(FRONT.format("tags: [|]"))
    assert [each.label for each in complete(sheet, offset).found] == ["web", "auth"]


BODIES = [
    ("see PT-a|", "PT-aaaaaa", "see PT-aaaaaa"),
    ("see #broker cert|", "#PT-bbbbbb", "see PT-bbbbbb"),
    ("ask @b|", "bob", "ask @bob"),
    ("see PT|", "PT-cccccc", "see PT-cccccc"),
    ("<!-- plaintrack: li| -->", "list", "<!-- plaintrack: list -->"),
    ("<!-- plaintrack: list is:op| -->", "is:open", "<!-- plaintrack: list is:open -->"),
    (
        "<!-- plaintrack: list is:open tags:w| -->",
        "tags:web",
        "<!-- plaintrack: list is:open tags:web -->",
    ),
]


@pytest.mark.parametrize(("typed", "label", "then"), BODIES, ids=[each[0] for each in BODIES])
def test_bodies(shown, typed, label, then):
    text = "---\nid: PT-new\ntitle: New 😀\n---\n{}\n"
    sheet, offset = shown(text.format(typed))
    choice = next(each for each in complete(sheet, offset).found if each.label == label)
    assert chosen(sheet, choice) == text.format(then)


@pytest.mark.parametrize(
    ("path", "front"),
    [
        ("comments/PT-aaaaaa/20261122T100000Z-aaaaaa.md", "author: ana"),
        ("updates/PT-aaaaaa/2026-11-22-aaaaaa.md", "health: on-track\nby: ana"),
    ],
)
def test_whom_comments_and_updates_may_mention(shown, path, front):
    sheet, offset = shown(f"---\n{front}\n---\nask @b|\n", path)
    (choice, *_) = [each for each in complete(sheet, offset).found if each.label == "bob"]
    assert chosen(sheet, choice) == f"---\n{front}\n---\nask @bob\n"


@pytest.mark.parametrize("typed", ["plain words|", "a@b|", "# Heading|", "```\nPT-a|\n```"])
def test_nothing_is_offered_where_nothing_is_meant(shown, typed):
    sheet, offset = shown(f"---\nid: PT-new\ntitle: New\n---\n{typed}\n")
    assert not complete(sheet, offset).found


YAML = [
    ("plaintrack.yml", "timezone: UTC\nche|", "checks", "timezone: UTC\nchecks: "),
    ("plaintrack.yml", "views:\n  mine:\n    qu|", "query", "views:\n  mine:\n    query: "),
    ("plaintrack.yml", "views: {mine: {query: 'is:open tag|'}}", "tags:", "views: {mine: {query: 'is:open tags:'}}"),
    ("plaintrack.yml", "checks: {overdue: |}", "warning", "checks: {overdue: warning}"),
    ("plaintrack.yml", "checks:\n  unass|", "unassigned", "checks:\n  unassigned: "),
    ("plaintrack.yml", "statuses:\n  todo: |", "open", "statuses:\n  todo: open"),
    ("plaintrack.yml", "sla:\n  reply:\n    pa|", "pause", "sla:\n  reply:\n    pause: "),
    ("plaintrack.yml", "sla: {reply: {goal: {cri|}}}", "critical", "sla: {reply: {goal: {critical: }}}"),
    ("plaintrack.yml", "sla:\n  reply:\n    pause:\n    - is:bl|", "is:blocked", "sla:\n  reply:\n    pause:\n    - is:blocked"),
    ("plaintrack.yml", "sla: {reply: {calendar: |}}", "always", "sla: {reply: {calendar: always}}"),
    ("plaintrack.yml", "approvals:\n  ne|", "needs", "approvals:\n  needs: "),
    ("plaintrack.yml", "approvals:\n  needs:\n  - query: type:risk\n    o|", "of", "approvals:\n  needs:\n  - query: type:risk\n    of: "),
    ("plaintrack.yml", "approvals:\n  needs:\n  - query: is:op|", "is:open", "approvals:\n  needs:\n  - query: is:open"),
    ("plaintrack.yml", "approvals:\n  needs:\n  - of: |", "not author", "approvals:\n  needs:\n  - of: not author"),
    ("plaintrack.yml", "approvals: {needs: [{to: |}]}", "done", "approvals: {needs: [{to: done}]}"),
    ("plaintrack.yml", "approvals: {content: {except: [|]}}", "rank", "approvals: {content: {except: [rank]}}"),
    ("plaintrack.yml", "watching:\n- of: |", "author", "watching:\n- of: author"),
    ("plaintrack.yml", "groups: {leads: [a|]}", "ana", "groups: {leads: [ana]}"),
    ("plaintrack.yml", "calendars:\n  lab:\n    hours: {|}", "fri", "calendars:\n  lab:\n    hours: {fri: }"),
    ("plaintrack.yml", "plan:\n  reserve:\n    |", "operations", "plan:\n  reserve:\n    operations: "),
    ("plaintrack.yml", "plan: {objective: |}", "end", "plan: {objective: end}"),
    ("plaintrack.yml", "metrics: {size: |}", "estimate", "metrics: {size: estimate}"),
    ("plaintrack.yml", "urgency:\n  bl|", "blocking", "urgency:\n  blocking: "),
    ("plaintrack.yml", "scores:\n  ours:\n    pri|", "priority", "scores:\n  ours:\n    priority: "),
    ("plaintrack.yml", "views: {mine: {format: |}}", "markdown", "views: {mine: {format: markdown}}"),
    ("plaintrack.yml", "views: {mine: {query: a}}\nview: |", "mine", "views: {mine: {query: a}}\nview: mine"),
    ("plaintrack.yml", "fields:\n  points: {type: int|}", "integer", "fields:\n  points: {type: integer}"),
    ("automations/a.yml", "name: x\non: created\ndo:\n- |", "set", "name: x\non: created\ndo:\n- set: "),
    ("automations/a.yml", "name: x\non:\n  ent|", "entered", "name: x\non:\n  entered: "),
    ("automations/a.yml", "name: x\non: {changed: {fi|}}", "field", "name: x\non: {changed: {field: }}"),
    ("automations/a.yml", "name: x\non: {changed: {field: du|}}", "due", "name: x\non: {changed: {field: due}}"),
    ("automations/a.yml", "name: x\non:\n  entered: |", "done", "name: x\non:\n  entered: done"),
    ("automations/a.yml", "name: x\ndo:\n- set: {status: |}", "done", "name: x\ndo:\n- set: {status: done}"),
    ("automations/a.yml", "name: x\nif: is:op|", "is:open", "name: x\nif: is:open"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "typed", "label", "then"), YAML, ids=[each[1] for each in YAML])
def test_settings_and_rules(shown, path, typed, label, then):
    sheet, offset = shown(typed, path)
    found = complete(sheet, offset).found
    choice = next((each for each in found if each.label == label), None)
    assert choice is not None, [each.label for each in found]
    assert chosen(sheet, choice) == then


def test_a_persons_file_has_fields_of_its_own(shown):
    (shown.folder / "plaintrack.yml").write_text("rooms: {people: people}\n")
    shown.desk.look_again()
    sheet, offset = shown("---\nname: Ana\n|\n---\n", "people/ana.md")
    labels = [each.label for each in complete(sheet, offset).found]
    assert {"hours", "leave", "skills"} <= set(labels)
    assert "status" not in labels


def test_values_of_a_persons_file_are_those_of_the_others(shown):
    (shown.folder / "plaintrack.yml").write_text(
        "rooms: {people: people}\ncalendars: {lab: {country: DE}}\n"
    )
    (shown.folder / "people").mkdir()
    (shown.folder / "people/bob.md").write_text("---\nteam: gateway\nskills: [postgres]\n---\n")
    shown.desk.look_again()
    for typed, labels in (
        ("team: |", ["gateway"]),
        ("skills: [|]", ["postgres"]),
        ("calendar: |", ["lab", "always"]),
    ):
        sheet, offset = shown(f"---\nname: Ana\n{typed}\n---\n", "people/ana.md")
        assert [each.label for each in complete(sheet, offset).found] == labels


@pytest.mark.parametrize("above", [each for each in BELOW if each[0] != "scores"], ids=".".join)
def test_the_table_of_keys_is_what_the_settings_accept(above):
    written = {"no-such-key": "1"}
    written = [written] if above in LISTS else written
    for key in reversed(above):
        written = {"reply" if key == ANY else key: written}
    with pytest.raises(BadSetting) as told:
        parsed(json.dumps(written).encode())
    assert set(told.value.hint.removeprefix("one of ").split(", ")) == set(BELOW[above])


def test_what_begins_so_comes_before_what_holds_it(shown):
    for name, title in (
        ("1111", "Login page"),
        ("2222", "The login"),
        ("3333", "Blogin"),
        ("4444", "Lo going in"),
        ("loginx", "x"),
    ):
        shown(f"---\nid: PT-{name}\ntitle: {title}\nstatus: todo\n---\n|", f"tasks/{name}.md")
    found = [each.title for each in fitting(shown.desk, "login", 9)]
    assert found[0] == "x"
    assert set(found[1:4]) == {"Login page", "The login", "Fix the login redirect"}
    assert found[4:] == ["Blogin", "Lo going in"]
    assert fitting(shown.desk, "qqq", 9) == []


def test_a_draft_is_read_as_the_parser_reads_it_where_that_can():
    text = "---\nid: PT-1\ntags: [a, 'b, c' , \"d\"]\nmany:\n- x # no\n- 'y'\n---\nBody"
    draft = Draft(text)
    assert [each.key for each in draft.entries] == ["id", "tags", "many"]
    given = {each.key: [one.text for one in draft.elements(each)] for each in draft.entries}
    assert given == {"id": ["PT-1"], "tags": ["a", "b, c", "d"], "many": ["x", "y"]}
    assert text[draft.body :] == "Body"
    crlf = Draft(text.replace("\n", "\r\n"))
    assert [one.text for one in crlf.elements(crlf.entries[2])] == ["x", "y"]
    assert Draft("no front matter").head is None
    assert Draft("---\nid: PT-1\n\nBody: x\n").entries[-1].key == "id"


def test_the_way_in_yaml():
    text = "a:\n  b:\n  - c: 1\n    d: {e: [f, g], h: i}\nz: 0\n"

    def above(needle):
        found = way(text, text.index(needle) + 1)
        return found.above, found.key

    assert above("c: 1") == (("a", "b"), True)
    assert above("d: {") == (("a", "b"), True)
    assert above("g]") == (("a", "b", "d", "e"), False)
    assert above("h: i") == (("a", "b", "d"), True)
    assert above("i}") == (("a", "b", "d", "h"), False)
    assert above("z:") == ((), True)
