"""A fix completes, splits, renames; it removes nothing that somebody wrote."""

import re

import pytest
from git_help import commit
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.app.snapshot.identity import meant

KNOWN = {"t-1": "T-1", "t-2": "T-2", "t-1-fix-login": "T-1", "t-2-two": "T-2", "twin": ""}
SPELT = (
    "{}",
    "[[{}]]",
    "[[{}|words]]",
    "[[{}#part]]",
    "[{}](tasks/{}.md)",
    "[words](../{}.md)",
    "<{}>",
)
STEMS = ("T-1", "t-2", "T-1-fix-login", "T-2-two")


@given(
    st.lists(st.tuples(st.sampled_from(SPELT), st.sampled_from(STEMS)), min_size=1, max_size=4),
    st.sampled_from((", ", ",", " ", "; ")),
)
def test_texts_that_name_items_are_read_as_their_ids(parts, between):
    text = between.join(spelt.replace("{}", stem) for spelt, stem in parts)
    assert meant(text, KNOWN) == tuple(dict.fromkeys(KNOWN[stem.lower()] for _, stem in parts))


@given(
    st.lists(
        st.sampled_from([*STEMS, "T-9", "twin", "see", "#12", "[[", ""]), min_size=1, max_size=4
    ),
    st.sampled_from((", ", " ")),
)
def test_a_text_with_a_part_that_names_nothing_is_left(parts, between):
    expected = {KNOWN.get(each.lower(), "") for each in parts if each}
    found = meant(between.join(parts), KNOWN)
    assert set(found) <= {"T-1", "T-2"}
    if "" in expected:
        assert found == ()


def item(shell, name, *lines, body=""):
    place = shell.folder / "tasks" / f"{name}.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text("\n".join(["---", *lines, "---", body]))
    return place


VALUES = [
    ("depends_on: T-1, T-2", "T-1 T-2"), ("depends_on: T-1 T-2", "T-1 T-2"), ('depends_on: "[[T-1-x]]"', "T-1"),
    ("depends_on: '[T-1](T-1-x.md)'", "T-1"), ("depends_on: T-1-x", "T-1"), ("project: '[[T-2-x]]'", "T-2"),
    ("depends_on: [T-1, T-77]", None), ("depends_on: T-1, T-77", None), ("project: T-1, T-2", None), ("parent: other-branch", None),
    ("depends_on: see the wiki", None), ("due: next week", None), ("priority: [high]", None), ("status: nonsense", None),
    ("estimate: a while", None), ("assignee: {name: ann}", None), ("waive: PT999 because", None), ("repeat: now and then", None),
    ("id: T 1", None), ("milestone: [a, b]", None), ("extra: '  '", None),
]  # fmt: skip


@pytest.mark.parametrize("fix", [("doctor", "--fix"), ("check", "--fix")])
def test_no_fix_removes_a_value(empty, fix):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    item(empty, "T-1-x", "id: T-1", "title: One")
    item(empty, "T-2-x", "id: T-2", "title: Two")
    places = {}
    for number, (line, _) in enumerate(VALUES, 10):
        head = [] if line.startswith("id:") else [f"id: T-{number}"]
        places[line] = item(empty, f"T-{number}-x", *head, f"title: N{number}", line)
    empty.run((*fix,), empty.env, "")
    for (line, ids), place in zip(VALUES, places.values(), strict=True):
        text = place.read_text()
        if ids is None:
            assert line in text, line
        else:
            block = re.search(rf"^{line.partition(':')[0]}:.*(?:\n *- .*)*", text, re.MULTILINE)[0]
            assert re.findall(r"T-\d+(?![\w-])", block) == ids.split(), text


COPIES = {
    "not committed": lambda shell, copy: None,
    "committed later": lambda shell, copy: commit(shell, "copy"),
    "the original renamed": lambda shell, copy: shell.git("mv", "tasks/T-1-x.md", "tasks/Z.md"),
    "the original renamed and committed": lambda shell, copy: [
        shell.git("mv", "tasks/T-1-x.md", "tasks/Z.md"),
        commit(shell, "all"),
    ],
}


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("fix", [("doctor", "--fix"), ("check", "--fix")])
def test_the_original_of_a_copied_file_keeps_its_id(empty, how, fix):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    original = item(empty, "T-1-x", "id: T-1", "title: One", "created: 2026-11-01")
    item(empty, "T-2-x", "id: T-2", "title: Two", "depends_on: T-1")
    commit(empty, "start", "2026-11-02T10:00:00Z")
    copy = empty.folder / "tasks/A-copy.md"
    copy.write_bytes(original.read_bytes().replace(b"title: One", b"title: Copy\nassignee: ann"))
    COPIES[how](empty, copy)
    empty(*fix)
    texts = [place.read_text() for place in (empty.folder / "tasks").iterdir()]
    (kept,) = [each for each in texts if "\nid: T-1\n" in each]
    assert "title: One" in kept
    assert any("depends_on: T-1" in each for each in texts)


def test_of_two_files_with_one_id_the_archived_one_gets_another(empty):
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    (empty.folder / "archive").mkdir()
    old = empty.folder / "archive/T-1-old.md"
    old.write_text("---\nid: T-1\ntitle: Old\ncreated: 2025-01-01\n---\n")
    commit(empty, "start")
    new = item(empty, "T-1-new", "id: T-1", "title: New", "created: 2026-11-01")
    empty("doctor", "--fix")
    assert "id: T-1\n" in new.read_text()
    assert "title: Old" in next((empty.folder / "archive").iterdir()).read_text()
