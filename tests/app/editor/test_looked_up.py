"""What is told about a word, and where words lead."""

import pytest
from shown import NOW, Shown

from plaintrack.app.editor import goto
from plaintrack.app.editor.hover import hover

A, B, C = (f"tasks/PT-{each * 6}.md" for each in "abc")


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    return Shown(tmp_path)


def told(shown, text, path="tasks/PT-new.md"):
    found = hover(*shown(text, path))
    return found.text if found else ""


def test_an_item_is_told_with_what_it_waits_for(shown):
    text = told(shown, "---\nid: PT-new\nparent: PT-bb|bbbb\n---\n")
    assert text.startswith("**PT-bbbbbb** Rotate the broker certificate")
    assert "in-progress" in text
    assert "estimate: 2d" in text
    assert "*Blocks*: PT-cccccc Write the release notes" in text
    assert "About PT-aaaaaa" in text
    assert told(shown, "---\nid: PT-new\n---\nsee 😀 PT-aaa|aaa.") == told(
        shown, "---\nid: PT-new\n---\nsee PT-aaaaaa|."
    )
    assert told(shown, "---\nid: PT-new\nparent: PT-zzz|zzz\n---\n") == ""


def test_an_id_that_is_told_can_be_copied(shown):
    (shown.folder / "tasks/g.md").write_text("---\nid: gh-12\ntitle: G\nstatus: todo\n---\n")
    shown.desk.look_again()
    assert told(shown, "---\nid: PT-new\nparent: gh-|12\n---\n").startswith("**gh-12** G")


def test_what_is_typed_elsewhere_is_told(shown):
    text = (shown.folder / A).read_text().replace("Fix the login", "Mend| the login")
    shown(text, A)
    assert "Mend the login" in told(shown, "---\nid: PT-new\nparent: PT-a|aaaaa\n---\n")


def test_dates_durations_fields_people_and_settings(shown):
    assert (
        told(shown, "---\ndue: 2026-1|2-01\n---\n")
        == "Tuesday 2026-12-01, in 8 days (6 working days)"
    )
    assert told(shown, "---\nestimate: 1|w\n---\n") == "40 h of work: 5 working days of 8 h"
    assert "how important" in told(shown, "---\nprio|rity: high\n---\n").lower()
    text = told(shown, "---\nassignee: an|a\n---\n")
    assert text.startswith("**ana** Ana Lima\n\nthis week: 40 h")
    assert "open work: 2" in text
    assert "PT403" in told(shown, "checks:\n  unass|igned: off\n", "plaintrack.yml")
    assert "Sets fields" in told(
        shown, "name: x\ndo:\n- s|et: {status: done}\n", "automations/a.yml"
    )
    assert told(shown, "---\nid: PT-new\n---\nplain wo|rds\n") == ""


def test_a_check_is_explained_where_it_found_something(shown):
    sheet, offset = shown(
        "---\r\nid: PT-new\r\ntitle: New\r\nstatus: to|od\r\ndue: 2026-12-01\r\n---\r\n"
    )
    for _ in shown.desk.findings():
        pass
    found = hover(sheet, offset)
    assert found.text.startswith("**PT108 unknown-choice**\n\n")
    assert "an item with an unknown status is in no column" in found.text
    assert sheet.text[found.start : found.end] == "tood"
    assert "PT108" not in hover(sheet, sheet.text.index("2026")).text


def test_nothing_that_is_told_is_obeyed(shown):
    hostile = "---\nid: PT-aaaaaa\ntitle: '[x](command:evil) ![](https://evil.example/x.png)'\n---\n```\n![](https://evil.example/y.png)|\n"
    shown(hostile, A)
    text = told(shown, "---\nid: PT-new\nparent: PT-a|aaaaa\n---\n")
    assert "](command:" not in text
    assert "![](https" not in text.partition("```markdown")[0]
    assert text.count("```") == 2  # what it quotes does not end the quotation


def test_definitions(shown):
    (spot,) = goto.definition(*shown("---\nparent: PT-bb|bbbb\n---\n"))
    assert spot.path == B
    assert shown.desk.text(B)[spot.start : spot.end] == "Rotate the broker certificate"
    (spot,) = goto.definition(*shown("---\nassignee: b|ob\n---\n"))
    assert (spot.path, shown.desk.text(spot.path)[spot.start : spot.end]) == (
        "plaintrack.yml",
        "bob",
    )
    assert goto.definition(*shown("---\nparent: PT-zzz|zzz\n---\n")) == []


def test_references_are_in_fields_bodies_and_unsaved_texts(shown):
    sheet, offset = shown(
        "---\nid: PT-new\nparent: PT-aaaa|aa\n---\nand PT-aaaaaa, not PT-aaaaaaa\n```\nPT-aaaaaa\n```\n"
    )
    found = list(goto.references(sheet, offset))
    assert {shown.desk.text(each.path)[each.start : each.end] for each in found} == {"PT-aaaaaa"}
    count = {
        path: sum(each.path == path for each in found) for path in {each.path for each in found}
    }
    assert count == {A: 1, B: 2, C: 2, "tasks/PT-new.md": 2}
    assert len(list(goto.references(sheet, offset, declaration=True))) == len(found) + 1
    shown((shown.folder / C).read_text().replace("[PT-aaaaaa, ", "[|"), C)
    assert sum(each.path == C for each in goto.references(sheet, offset)) == 1
    # a person
    sheet, offset = shown("---\nid: PT-new\nassignee: a|na\n---\n")
    assert len([each for each in goto.references(sheet, offset) if each.path == B]) == 2


def test_links_lead_only_to_files_of_the_workspace_and_to_https(shown, tmp_path):
    (tmp_path / "docs").mkdir(exist_ok=True)
    (tmp_path / "docs/a b.md").write_text("x")
    (tmp_path / "out.md").symlink_to("/etc/passwd")
    text = (
        "---\nid: PT-new\nparent: PT-aaaaaa\n---\n[a](../docs/a%20b.md#x) [b](../../etc/passwd) [c](file:///etc/passwd)\n"
        "[d](command:evil) [e](http://x.example) <https://x.example/y> [f](../out.md) [g](/etc/passwd)|\n"
    )
    sheet, _ = shown(text)
    assert [target for *_, target in goto.links(sheet)] == [A, "docs/a b.md", "https://x.example/y"]


def test_symbols(shown):
    sheet, _ = shown(
        "---\nid: PT-new\ntags: [a]\n---\n# One\n- [ ] step\n## Two\n```\n# no\n- [ ] no\n```\n- [x] done|\n"
    )
    found = [(each.name, each.kind, each.detail) for each in goto.symbols(sheet)]
    assert found == [
        ("id", "field", "PT-new"), ("tags", "field", "[a]"), ("One", "heading", ""), ("step", "step", "open"),
        ("Two", "heading", ""), ("done", "step", "done"),
    ]  # fmt: skip
    assert [each[0] for each in goto.workspace(shown.desk, "cert")] == ["PT-bbbbbb"]
    assert goto.workspace(shown.desk, "")[-1][0] == "PT-cccccc"  # closed ones last
