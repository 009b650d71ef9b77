"""Whatever stands in the settings and in items: a Report comes out, in good time, with places that are there."""

import os

import pytest
from gallery_help import TODAY
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plaintrack.app.check.check import Asked, check
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.checks.catalogue import every
from plaintrack.checks.report import SEVERITIES
from plaintrack.show.findings import FORMATS, write

NAMES = [each.name for each in every()] + [each.code for each in every()]
words = st.sampled_from(
    [
        "on",
        "off",
        "error",
        "note",
        "3",
        "-1",
        "99999",
        "",
        "is:open",
        "due:..today",
        "title:/(a+)+b/",
        "x:",
        "tasks",
        "*",
        "[",
        "~",
        "PT305",
        "a b",
        "é\u202e",
        "0",
    ]
)
values = st.recursive(
    words,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(words | st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=8,
)
options = st.dictionaries(
    st.sampled_from(
        ["severity", "paths", "query", "days", "limit", "limits", "type", "status", "allowed", "x"]
    ),
    values,
    max_size=3,
)
checks = st.dictionaries(
    st.sampled_from([*NAMES, "own", "overrides", "x"]),
    values
    | options
    | st.lists(
        st.fixed_dictionaries(
            {
                "paths": values,
                "checks": st.dictionaries(st.sampled_from(NAMES), options | words, max_size=3),
            }
        ),
        max_size=2,
    ),
    max_size=6,
)
lines = st.sampled_from(
    [
        "id: PT-aaaa", "id: pt-AAAA", "id: x y", "title: 'x", "due: 2026-11-01", "due: 9999-12-31", "due: 0001-01-01", "start: 2026-12-01",
        "created: 2026-01-01T00:00:00+14:00", "closed: 2025-01-01", "status: done", "status: review", "type: goal", "parent: PT-aaaa",
        "depends_on: [PT-aaaa, PT-bbbb]", "depends_on: {a: b}", "waive: [PT305, ' ', 'overdue until 2026-13-99 because x']", "waive: {a: b}",
        "waive: PT305 until 2026-12-31 because x", "assignee: [a, [b]]", "tags: &a [*a]", "? x", "- y", "\ttab", "é: \u202e", "estimate: 999999999w", "x: |\n  y\n\n",
    ]
)  # fmt: skip
items = st.lists(lines, max_size=8).map("\n".join) | st.text(max_size=40)
workspaces = st.dictionaries(st.sampled_from(["a", "PT-aaaa", "PT-bbbb", "é"]), items, max_size=4)


def emit(value):
    """A value as flow YAML with quoted texts."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return "[" + ", ".join(map(emit, value)) + "]"
    return "{" + ", ".join(f"{emit(key)}: {emit(each)}" for key, each in value.items()) + "}"


def checked(folder, given, items, raw):
    for name in os.listdir(folder / "tasks"):
        os.unlink(folder / "tasks" / name)
    for name, text in items.items():
        (folder / f"tasks/{name}.md").write_bytes(
            f"---\n{text}\n---\nbody\n".encode("utf-8", "surrogatepass")
        )
    (folder / "plaintrack.yml").write_text(
        f"timezone: UTC\nchecks: {emit(given)}\n{raw}\n", "utf-8"
    )
    report = check(Workspace(str(folder)), Asked(today=TODAY))
    for each in report.findings:
        assert each.severity in SEVERITIES
        assert each.code in report.checks
        text = (
            (folder / each.path)
            .read_bytes()
            .decode("utf-8", "replace")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            .split("\n")
        )
        assert 0 <= each.line <= len(text)
        if each.line and each.excerpt:
            assert text[each.line - 1].startswith(each.excerpt) or each.excerpt.isspace()
            assert 1 <= each.column <= len(text[each.line - 1]) + 1
            assert each.end == 0 or each.column < each.end <= len(each.excerpt) + 1
    assert len({each.key for each in report.findings}) == len(report.findings)
    for form in FORMATS:
        write(report, form)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("fuzz")
    (found / "tasks").mkdir()
    return found


RAW = st.sampled_from(
    [
        "",
        "people: {a: {}}",
        "views: {x: {query: 'is:x', sort: 'y'}}",
        "fields: {due: {type: text}, x: {required: true}}",
        "ids: {from: filename}",
    ]
)


@given(checks, workspaces, RAW)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_settings_and_items(folder, given, items, raw):
    checked(folder, given, items, raw)


@pytest.mark.slow
@given(checks, workspaces, RAW)
@settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))
def test_settings_and_items_long(folder, given, items, raw):
    checked(folder, given, items, raw)
