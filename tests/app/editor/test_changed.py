"""Renaming and what can be done at a place: the texts that come of it, and what `check` says of them."""

import random

import pytest
from shown import NOW, SETTINGS, Shown

from plaintrack.app.check.check import Asked, check
from plaintrack.app.editor.actions import actions
from plaintrack.app.editor.rename import moved, rename, subject
from plaintrack.app.editor.wanted import splices, wanted
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.run import finished
from plaintrack.errors import PlaintrackError
from plaintrack.model.done import Written
from plaintrack.model.edit import apply

A, B, C = (f"tasks/PT-{each * 6}.md" for each in "abc")


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    return Shown(tmp_path)


def carried_out(folder, found):
    """What an editor does with changes, and its user saves."""
    for path, (before, after) in found.texts.items():
        text = (
            (folder / path).read_bytes().decode("utf-8-sig") if (folder / path).exists() else before
        )
        assert text == before
        (folder / path).write_bytes(apply(before, tuple(splices(before, after))).encode())
        assert (folder / path).read_bytes().decode() == after
    for path, text in found.made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for path, to in found.moved.items():
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).rename(folder / to)
    for path in found.gone:
        (folder / path).unlink()


def errors(folder):
    return [
        each.message
        for each in check(Workspace(str(folder)), Asked()).findings
        if each.severity == "error"
    ]


def at(shown, path, needle):
    text = (shown.folder / path).read_text()
    return shown(text.replace(needle, needle[:2] + "|" + needle[2:], 1), path)


def test_an_id_is_renamed_everywhere_in_one_edit(shown):
    (shown.folder / "comments/PT-aaaaaa").mkdir(parents=True)
    (shown.folder / "comments/PT-aaaaaa/one.md").write_text(
        "---\nauthor: ana\ndate: 2026-11-20T10:00:00+01:00\n---\nPT-aaaaaa is late.\n"
    )
    (shown.folder / "README.md").write_text(
        "See PT-aaaaaa, not PT-aaaaaa-2.\n```\nPT-aaaaaa\n```\n"
    )
    (shown.folder / "plaintrack.yml").write_text(SETTINGS.replace("is:open", "under:PT-aaaaaa"))
    shown.desk.look_again()
    sheet, offset = at(shown, B, "PT-aaaaaa")
    found = rename(sheet, offset, "PT-zzzzzz")
    carried_out(shown.folder, found)
    held = {path: path.read_text() for path in shown.folder.rglob("*.*") if path.is_file()}
    left = {
        path.relative_to(shown.folder).as_posix()
        for path, text in held.items()
        if "PT-aaaaaa" in text
    }
    assert left == {"README.md"}  # in code, and the longer id
    assert (
        held[shown.folder / "README.md"] == "See PT-zzzzzz, not PT-aaaaaa-2.\n```\nPT-aaaaaa\n```\n"
    )
    assert (
        (shown.folder / "tasks/PT-zzzzzz.md")
        .read_text()
        .startswith("---\nid: PT-zzzzzz\ntitle: Fix")
    )
    assert (shown.folder / "comments/PT-zzzzzz/one.md").exists()
    assert not (shown.folder / A).exists()
    assert errors(shown.folder) == []
    shown.desk.look_again()
    for name, words in (
        ("PT-bbbbbb", "is taken"),
        ("not an id", "is not an id"),
        (" ", "is not a name"),
    ):
        with pytest.raises(PlaintrackError, match=words):
            rename(*at(shown, B, "PT-zzzzzz"), name)


@pytest.mark.parametrize("opened", [False, True])
def test_a_file_with_a_bom_is_changed_at_the_places_that_editors_count(shown, opened):
    """Editors show a file without its BOM, and write it back; places do not count it."""
    text = (shown.folder / B).read_text().replace("\n", "\r\n")
    (shown.folder / B).write_bytes(text.encode("utf-8-sig"))
    if opened:
        shown.desk.put(B, text)
    sheet, offset = at(shown, A, "PT-aaaaaa")
    found = rename(sheet, offset, "PT-zzzzzz")
    before, after = found.texts[B]
    assert before == text
    assert after == text.replace("PT-aaaaaa", "PT-zzzzzz")
    assert all(before[each.start : each.end] != "\ufeff" for each in splices(before, after))


def test_a_person_is_renamed_in_fields_mentions_and_settings(shown):
    (shown.folder / "automations").mkdir()
    (shown.folder / "automations/a.yml").write_text(
        "name: ana rule\non: created\ndo:\n- set: {assignee: ana} # ana\n- comment: '@ana, look'\n"
    )
    shown.desk.look_again()
    sheet, offset = at(shown, A, "ana]")
    carried_out(shown.folder, rename(sheet, offset, "anna"))
    assert "assignee: [anna]" in (shown.folder / A).read_text()
    assert "says @anna." in (shown.folder / B).read_text()
    assert "assignee: [anna, bob]" in (shown.folder / B).read_text()
    assert (
        "  anna: {name: Ana Lima, email: ana@x.example}"
        in (shown.folder / "plaintrack.yml").read_text()
    )
    rule = (shown.folder / "automations/a.yml").read_text()
    assert (
        rule
        == "name: ana rule\non: created\ndo:\n- set: {assignee: anna} # ana\n- comment: '@anna, look'\n"
    )
    assert errors(shown.folder) == []


def test_a_tag_and_a_status_are_renamed_in_items_settings_rules_and_blocks(shown):
    (shown.folder / "plaintrack.yml").write_text(
        "statuses:\n  todo: open\n  in-progress: active\n  done: done\nviews: {v: {query: 'status:todo,done tags:web'}}\n"
    )
    (shown.folder / "README.md").write_text(
        "web\n<!-- plaintrack: list tags:web status:todo -->\n<!-- /plaintrack -->\n"
    )
    shown.desk.look_again()
    carried_out(shown.folder, rename(*at(shown, A, "web"), "frontend"))
    shown.desk.look_again()
    carried_out(shown.folder, rename(*at(shown, A, "todo"), "ready"))
    assert "tags: [auth, frontend]\n" in (shown.folder / A).read_text()
    assert "status: ready\n" in (shown.folder / A).read_text()
    assert "tags: [frontend]\n" in (shown.folder / B).read_text()
    assert (shown.folder / "plaintrack.yml").read_text() == (
        "statuses:\n  ready: open\n  in-progress: active\n  done: done\nviews: {v: {query: 'status:ready,done tags:frontend'}}\n"
    )
    assert (shown.folder / "README.md").read_text() == (
        "web\n<!-- plaintrack: list tags:frontend status:ready -->\n<!-- /plaintrack -->\n"
    )
    assert errors(shown.folder) == []
    shown.desk.look_again()
    with pytest.raises(PlaintrackError, match="another status"):
        rename(*at(shown, A, "ready"), "done")
    assert subject(*shown("---\ntitle: som|ething\n---\n")) is None


def test_links_follow_a_file_that_moves(shown):
    (shown.folder / A).write_text(
        (shown.folder / A).read_text() + "[b](PT-bbbbbb.md#x) [doc](../docs/a.md)\n"
    )
    (shown.folder / "docs").mkdir()
    (shown.folder / "docs/a.md").write_text("[item](../tasks/PT-aaaaaa.md) PT-aaaaaa\n")
    shown.desk.look_again()
    found = moved(shown.desk, {A: "tasks/web/PT-aaaaaa.md"})
    carried_out(shown.folder, found)
    assert (
        shown.folder / "docs/a.md"
    ).read_text() == "[item](../tasks/web/PT-aaaaaa.md) PT-aaaaaa\n"
    assert "[b](../PT-bbbbbb.md#x) [doc](../../docs/a.md)" in (shown.folder / A).read_text()
    assert not found.files


def done(shown, sheet, offset, title, findings=()):
    found = actions(sheet, offset, findings)
    action = next((each for each in found if each.title.startswith(title)), None)
    assert action is not None, [each.title for each in found]
    return action.make()


def text_of(found, path):
    return found.texts[path][1]


def test_the_workflow_as_edits_of_what_is_shown(shown):
    sheet, offset = shown("---\nid: PT-new\ntitle: Unsaved\nstatus: todo\n---\n|- [ ] a step\n")
    found = done(shown, sheet, offset, "Done")
    assert text_of(found, "tasks/PT-new.md") == (
        "---\nid: PT-new\ntitle: Unsaved\nstatus: done\nclosed: 2026-11-23T09:00:00+01:00\n---\n- [ ] a step\n"
    )
    assert "status: in-progress\n" in text_of(
        done(shown, sheet, offset, "Start"), "tasks/PT-new.md"
    )
    assert "due: 2026-11-27\n" in text_of(
        done(shown, sheet, offset, "Due on Friday"), "tasks/PT-new.md"
    )
    assert "wait: 2026-11-30\n" in text_of(
        done(shown, sheet, offset, "Snooze until next week"), "tasks/PT-new.md"
    )
    assert "- [x] a step" in text_of(done(shown, sheet, offset, "Tick the step"), "tasks/PT-new.md")
    found = done(shown, sheet, offset, "Make the step a sub-item")
    ((path, text),) = found.made.items()
    item = path.split("/")[1][:9]
    assert f"id: {item}\ntitle: a step\n" in text
    assert "parent: PT-new" in text
    assert f"- [ ] {item} a step" in text_of(found, "tasks/PT-new.md")
    assert not (shown.folder / "tasks/PT-new.md").exists()  # nothing is written


def test_a_recurring_item_that_is_done_makes_the_next_one(shown):
    sheet, offset = shown(
        "---\nid: PT-new\ntitle: Weekly|\nstatus: todo\ndue: 2026-11-24\nrepeat: every week\n---\n"
    )
    found = done(shown, sheet, offset, "Done")
    (text,) = found.made.values()
    assert "due: 2026-12-01\n" in text
    assert "repeat: every week from 2026-11-24\n" in text
    assert "repeat" not in text_of(found, "tasks/PT-new.md")


def test_findings_are_fixed_one_by_one(shown):
    sheet, offset = shown(
        "---\nid: PT-new\ntitle: New|\nstatus: To-Do\ndue: 2026/12/1\nparent: PT-bbb\ndepends_on: [PT-qqqqqq]\n---\n"
    )
    findings = {each.code: each for each in finished(shown.desk.findings())[sheet.path]}
    assert set(findings) == {"PT107", "PT108", "PT202"} or {"PT107", "PT108"} <= set(findings)
    found = done(shown, sheet, offset, "Fix: ", [findings["PT107"]])
    assert "due: 2026-12-01\n" in text_of(found, sheet.path)
    assert "status: To-Do\n" in text_of(found, sheet.path)
    found = done(shown, sheet, offset, "Fix: ", [findings["PT108"]])
    assert "status: todo\n" in text_of(found, sheet.path)
    (one,) = (
        each for each in finished(shown.desk.findings())[sheet.path] if "qqqqqq" in each.message
    )
    titles = [each.title for each in actions(sheet, offset, [one])]
    assert not [each for each in titles if each.startswith("Fix: ")], "no fix of it is sure"
    found = done(shown, sheet, offset, "Create the item PT-qqqqqq", [one])
    ((path, text),) = found.made.items()
    assert path.startswith("tasks/PT-qqqqqq")
    assert "id: PT-qqqqqq\n" in text


def test_broken_yaml_is_fixed_in_the_text_as_it_is_typed(shown):
    sheet, offset = shown("---\nid: PT-new\ntitle: Fix: it|\n---\n")
    (finding,) = finished(shown.desk.findings())[sheet.path]
    found = done(shown, sheet, offset, "Fix: ", [finding])
    assert text_of(found, sheet.path) == "---\nid: PT-new\ntitle: 'Fix: it'\n---\n"
    assert [each.kind for each in actions(sheet, offset)] == []  # no verbs on what cannot be read


def test_missing_fields_are_added(shown):
    sheet, offset = shown("---\r\nid: PT-new|\r\ntitle: New\r\n---\r\n")
    assert text_of(done(shown, sheet, offset, "Add the field due"), sheet.path) == (
        "---\r\nid: PT-new\r\ntitle: New\r\ndue: \r\n---\r\n"
    )
    assert "priority: critical\r\n" in text_of(
        done(shown, sheet, offset, "Add the field priority"), sheet.path
    )


def test_a_conflict_is_settled_field_by_field(shown):
    text = (
        "---\nid: PT-new\ntitle: New\n<<<<<<< ours\nstatus: todo\ndue: 2026-12-01\n=======\nstatus: review\ndue: 2026-12-24\n"
        ">>>>>>> theirs\n---\n|Body.\n"
    )
    sheet, offset = shown(text)
    titles = [each.title for each in actions(sheet, offset)]
    assert titles[:4] == [
        "status: take ours (todo)", "status: take theirs (review)",
        "due: take ours (2026-12-01)", "due: take theirs (2026-12-24)",
    ]  # fmt: skip
    once = text_of(done(shown, sheet, offset, "due: take theirs"), sheet.path)
    assert "due: 2026-12-24\n" in once
    assert "<<<<<<<" in once
    shown.desk.put(sheet.path, once)
    sheet, offset = shown(once.replace("Body", "|Body"))
    twice = text_of(done(shown, sheet, offset, "status: take ours"), sheet.path)
    assert twice == "---\nid: PT-new\ntitle: New\nstatus: todo\ndue: 2026-12-24\n---\nBody.\n"


def test_replacements_make_the_text_and_are_short():
    choose = random.Random(3)
    pieces = ["a\n", "b\r\n", "c", "\r\n", "\n", "😀 d\n", ""]
    for _ in range(400):
        before, after = ("".join(choose.choices(pieces, k=choose.randrange(8))) for _ in range(2))
        some = tuple(splices(before, after))
        assert apply(before, some) == after
        for each in some:
            assert before[each.start - 1 : each.start + 1] != "\r\n"
            assert before[each.end - 1 : each.end + 1] != "\r\n"
    (one,) = splices("---\nstatus: todo\nx: 1\n", "---\nstatus: done\nx: 1\n")
    assert (one.start, one.end, one.text) == (12, 15, "don") or one.text == "done"


def test_writes_come_to_their_ends():
    found = wanted([
        Written("a", b"1", b"2"), Written("a", b"2", b"3"), Written("a", b"3", None), Written("b", None, b"3"),
        Written("c", None, b"x"), Written("c", b"x", b"y"), Written("d", b"z", None), Written("e", b"q", b"q"),
    ])  # fmt: skip
    assert found == ({"a": ("1", "3")}, {"c": "y"}, {"a": "b"}, ("d",))


def test_a_file_that_moves_takes_the_id_or_the_name_that_it_gives_along(shown):
    folder = shown.folder
    for path in (A, B, C):
        (folder / path).unlink()
    (folder / "plaintrack.yml").write_text("ids: {from: filename}\nrooms: {people: people}\n")
    (folder / "people").mkdir()
    (folder / "people/ana.md").write_text("---\nname: Ana Lima\n---\n")
    (folder / "tasks/one.md").write_text("---\ntitle: One\nassignee: ana\n---\n")
    (folder / "tasks/two.md").write_text(
        "---\ntitle: Two\ndepends_on: [one]\nassignee: [ana]\n---\n@ana\n"
    )
    shown.desk.look_again()
    carried_out(folder, moved(shown.desk, {"tasks/one.md": "tasks/first.md"}))
    (folder / "tasks/one.md").rename(folder / "tasks/first.md")
    assert "depends_on: [first]" in (folder / "tasks/two.md").read_text()
    shown.desk.look_again()
    found = moved(shown.desk, {"people/ana.md": "people/anna.md"})
    assert not found.moved
    carried_out(folder, found)
    (folder / "people/ana.md").rename(folder / "people/anna.md")
    assert "assignee: [anna]" in (folder / "tasks/two.md").read_text()
    assert "@anna\n" in (folder / "tasks/two.md").read_text()
    assert "formerly: ana\n" in (folder / "people/anna.md").read_text()
    assert errors(folder) == []


def test_a_file_that_cannot_be_read_is_never_edited_where_it_stood_before(shown):
    text = (
        (shown.folder / B)
        .read_text()
        .replace("title: Rotate", "title: [Rotate, and a long word before")
        .replace("says", "|says")
    )
    shown(text, B)
    sheet, offset = at(shown, A, "PT-aaaaaa")
    with pytest.raises(
        PlaintrackError, match=r"PT-bbbbbb\.md:3"
    ):  # it refers to the item in a field
        rename(sheet, offset, "PT-zzzzzz")
    shown((shown.folder / C).read_text().replace("title: Write", "title: [Write a|nd more"), C)
    sheet, offset = at(shown, B, "ana, bob")
    found = rename(sheet, offset, "anna")
    before, after = found.texts[C]
    assert after == before.replace("@ana", "@anna")
    assert before == shown.desk.text(C)
