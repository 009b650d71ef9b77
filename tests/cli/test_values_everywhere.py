"""A value × the place that holds it × the way it came there: what was typed comes back in every form, and what is completed finds it.

The diagonal is quick; all cells belong to the long suite.
"""

import csv
import io
import json

import pytest

from plaintrack.app.follow import opened
from plaintrack.app.snapshot import offers
from plaintrack.text.format import scalar
from plaintrack.text.parse import parse

VALUES = [
    *("plain", "two words", "Doe, Jane", "a,b", '"a",b', "a: b", "x:y", "a #b", "#1", "- x", "-x"),
    *("+1", "=1+1", "@ann", "@", "[x]", "[x", "{title}", "{}", "{a: b}", "'q'", '"q"', "it's"),
    *("yes", "no", "null", "~", "007", "1e3", "0x1f", "12:30", "2026-01-01", "1_000", "TRUE"),
    *("or", "and", "not x", "(x", "x)", "a..b", "..", "...", "*", "a*b", "/x/", "a/b", "a\\b"),
    *("is:open", "due<x", "sort:due", "T-1", "T-1, T-2", "me", "none", "today", "+3d", "%s", "$x"),
    *("$(touch x)", "`x`", "<b>&amp;", "| a", "a | b", "**b**", "_b_", "!x", "&x", "*x", "? x"),
    *("ü é ß", "Ünï", "e\u0301", "日本", "🎉 x", "a\u00a0b", "a\u200bb", "\u202ex", "a\tb", "...x"),
    *("x" * 300, "::set-env::x", "##[x]", "<!-- x -->", "---", "...---", "key=value", "a+=b", ";"),
    *("None", "\\n", "50%", "C++", "a&b", "x;y", "\ufeffx", "' '", "a  b", "é" * 40),
]
PLACES = {
    "title": "title",
    "tags": "tags",
    "assignee": "assignee",
    "note": "note",
    "kinds": "kinds",
}
LISTS = ("tags", "assignee", "kinds")
WAYS = ("add", "set", "more", "hand", "rule")
SETTINGS = (
    "timezone: UTC\nids: {prefix: T}\nfields:\n"
    "  note: {type: text}\n  kinds: {type: list of choice, choices: [other, CHOICE]}\n"
)


def typed(place, value):
    """A value as the command line takes it."""
    if place not in LISTS:
        return value
    quoted = "," in value or value.startswith('"') or value != value.strip()
    return '"' + value.replace('"', '""') + '"' if quoted else value


def written(shell, place, way, value):
    """The item with the value, made in this way."""
    choice = scalar(value, flow=True)
    (shell.folder / "tasks").mkdir()
    (shell.folder / "plaintrack.yml").write_text(SETTINGS.replace("CHOICE", choice), "utf-8")
    path = shell.folder / "tasks/T-1.md"
    head = "---\nid: T-1\nstatus: todo\n"
    title = "" if place == "title" else "title: One\n"
    if way == "add":
        words = (value,) if place == "title" else ("One", f"{place}={typed(place, value)}")
        shell("add", *(("--", *words) if words[0].startswith("-") else words))
        return
    if way == "hand":
        lines = f"\n- {scalar(value)}" if place in LISTS else f" {scalar(value)}"
        path.write_text(f"{head}{title}{place}:{lines}\n---\n", "utf-8")
        return
    before = "title: Old\n" if place == "title" else title
    more = f"{place}: [other]\n" if way == "more" and place in LISTS else ""
    path.write_text(f"{head}{before}{more}---\n", "utf-8")
    if way == "rule":
        (shell.folder / "automations").mkdir()
        action = f"- {'add' if place in LISTS else 'set'}: {{{place}: [{choice}]}}\n"
        if place not in LISTS:
            action = f"- set: {{{place}: {choice}}}\n"
        rule = f"name: r\non: {{changed: priority}}\ndo:\n{action}"
        (shell.folder / "automations/r.yml").write_text(rule, "utf-8")
        shell("rules", "run")
        shell("set", "T-1", "priority=high")
        return
    sign = "+=" if way == "more" and place in LISTS else "="
    shell("set", "T-1", f"{place}{sign}{typed(place, value)}")


def cells():
    """All cells, the diagonal of them quick: each value once, in turning places and ways."""
    for at, value in enumerate(VALUES):
        for number, place in enumerate(PLACES):
            for other, way in enumerate(WAYS):
                quick = (
                    at % 5 == 0 and (at // 5) % 5 == number and (at // 5 + at // 25) % 5 == other
                )
                if (place, value) == ("assignee", "me"):
                    continue  # is the user's name
                marks = [] if quick else [pytest.mark.slow]
                yield pytest.param(value, place, way, marks=marks, id=f"{at}-{place}-{way}")


@pytest.mark.parametrize(("value", "place", "way"), list(cells()))
def test_what_was_typed_comes_back(empty, value, place, way):
    if "{" in value and way == "rule":
        value = value.replace("{", "<").replace("}", ">")  # a rule's blanks, refused there
    written(empty, place, way, value)
    if place == "assignee" and way != "hand" and len(value) > 1:
        value = value.removeprefix("@")  # so a person is called where people are meant
    # the file holds it
    (path,) = (empty.folder / "tasks").glob("*.md")
    workspace = opened(str(empty.folder))
    task = parse("tasks/x.md", path.read_bytes(), workspace.settings.schema)
    assert value in task.many(place)
    assert not [each for each in task.problems if each.code not in ("no-id",)]
    # every form has it, and as one value
    (item,) = json.loads(empty("list", "--format", "json"))["items"]
    assert value in ([item[place]] if isinstance(item[place], str) else item[place])
    rows = list(csv.reader(io.StringIO(empty("list", "--format", "csv", "--columns", place))))
    assert [len(row) for row in rows] == [1, 1]
    lines = empty("list", "--format", "markdown", "--columns", place).splitlines()
    assert len(lines) == 3
    # what is completed, run as it stands, finds it
    terms = [each.text for each in offers.query(workspace, f"{place}:") if place != "title"]
    if place in ("tags", "assignee", "kinds"):
        assert terms
        found = [term for term in terms if empty("list", term, "--format", "ids", code=0)]
        assert found
    # and it is taken back
    if way == "set":
        empty("undo")
        task = parse("tasks/x.md", path.read_bytes(), workspace.settings.schema)
        assert value not in task.many(place)
