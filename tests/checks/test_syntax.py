"""What one file is found to say that it was not meant to."""

import pytest

from plaintrack.model.edit import Set
from plaintrack.model.fields import schema
from plaintrack.text.edit import edited
from plaintrack.text.parse import parse


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("tags: a, b", "write `tags: [a, b]`"),
        ("assignee: ann, @bob", "write `assignee: [ann, '@bob']`"),
        ("tags: 'a, b'", ""),
        ("tags: [a, 'b, c']", ""),
        ("tags: a", ""),
        ("title: a, b", ""),
        ("tags: a,", ""),
        ("needs: van, rig", ""),
    ],
)
def test_one_text_with_commas_where_a_list_is_wanted(line, told):
    task = parse("tasks/a.md", f"---\nid: PT-1\n{line}\n---\n".encode(), schema())
    hints = [problem.hint for problem in task.problems if problem.code == "comma"]
    assert [hint.partition(", or")[0] for hint in hints] == ([told] if told else [])
    if told:  # the hint, applied, is what was meant
        fixed = told.removeprefix("write `").removesuffix("`")
        again = parse("tasks/a.md", f"---\nid: PT-1\n{fixed}\n---\n".encode(), schema())
        name, _, text = line.partition(": ")
        assert again.many(name) == tuple(text.split(", "))
        assert not [problem for problem in again.problems if problem.code == "comma"]


@pytest.mark.parametrize("before", ["", "assignee:\n", "assignee: ann\n", "assignee: [ann]\n"])
def test_a_name_with_a_comma_is_written_as_one(before):
    data = f"---\nid: PT-1\n{before}---\n".encode()
    data = edited(data, "tasks/a.md", (Set("assignee", ("Doe, Jane",)),), schema())
    task = parse("tasks/a.md", data, schema())
    assert task.many("assignee") == ("Doe, Jane",)
    assert not [problem for problem in task.problems if problem.code == "comma"]


def test_a_key_is_told_once_and_not_if_it_is_meant(empty):
    empty("init")
    item = "---\nid: PT-1\ntitle: One\nstatus: todo\ntagss: [a, b, c]\n---\n"
    (empty.folder / "tasks/PT-1.md").write_text(item)
    assert empty("check").count("PT113") == 1
    with (empty.folder / "plaintrack.yml").open("a") as handle:
        handle.write("checks: {misspelt-field: {keys: [tagss]}}\n")
    for _ in range(2):  # as they are read, and as they are remembered
        assert empty("check", code=0).count("PT") == 0


def test_overrides_hold_when_settings_are_remembered(empty):
    empty("init")
    with (empty.folder / "plaintrack.yml").open("a") as handle:
        handle.write(
            "checks:\n  overrides:\n  - {query: 'tags:old', checks: {unassigned: off, overdue: off}}\n"
        )
    item = "---\nid: PT-1\ntitle: One\nstatus: todo\ntags: [old]\ndue: 2026-01-01\n---\n"
    (empty.folder / "tasks/PT-1.md").write_text(item)
    for _ in range(2):
        assert "PT" not in empty("check")
