"""What `add` writes is read again as the item that was asked for, wherever titles and ids stand."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.app.items import add
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.text.parse import parse

NAMES = ["", "{id}-{slug}", "{words}", "{title}", "{slug}", "{id} {title}"]
PLACES = [
    *itertools.product(
        ["key", "heading", "filename"], NAMES, ["", "ids: {from: filename}\n"], ["true", "false"]
    )
]
TITLES = st.one_of(
    st.sampled_from(
        [
            "Hello World: now",
            "README",
            "Learn C #",
            "# x",
            "CON",
            "a/b",
            "..",
            ".hidden",
            "x" * 300,
            "Ü ber",
            "- [ ] x",
            "[[a]]",
            "1",
            "no",
            "T-1",
        ]
    ),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("added")
    (folder / "tasks").mkdir()
    return folder


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    title=TITLES.map(str.strip).filter(bool),
    place=st.sampled_from(PLACES),
    body=st.sampled_from([None, "", "## Steps\n- [ ] one\n", "# Another\n\ntext\n"]),
)
def test_what_is_added_is_what_was_asked_for(folder, title, place, body):
    where, name, ids, form = place
    text = f"timezone: UTC\nform: {form}\ntitle: {where}\n{ids}" + (
        f"filename: '{name}'\n" if name else ""
    )
    (folder / "plaintrack.yml").write_text(text)
    workspace = Workspace(str(folder))
    with writing(workspace, "add", dry=True) as writer:
        try:
            item, path, _ = add.make(workspace, writer, title, (), None, body)
        except add.NotHeld:
            return
    (written,) = writer.written
    found = parse(path, written.after, workspace.schema)
    assert found.text("title") == title
    assert found.id == item
    assert workspace.followed(path)
    assert body is None or found.body.rstrip().endswith(body.rstrip())


def test_names_that_would_be_the_same_id_get_numbers(empty):
    """Also if the other item is archived, or differs in case only."""
    (empty.folder / "plaintrack.yml").write_text("ids: {from: filename}\nfilename: '{slug}'\n")
    empty("add", "Fix a/b")
    empty("done", "fix-a-b")
    empty("archive", "fix-a-b")
    for title in ("Fix a-b", "fix A: b", "Fix a b"):
        empty("add", title)
    ids = empty("list", "--all", "--format", "ids").split()
    assert len({each.lower() for each in ids}) == 4
    assert empty("doctor") == ""


def test_a_title_from_a_file_name_is_no_fault(empty):
    (empty.folder / "plaintrack.yml").write_text("title: filename\nfilename: '{title}'\n")
    empty("add", "Hello")
    empty("add", "--template", "bug", "Crash on start")
    assert empty("doctor") == ""
    assert "Crash on start" in empty("list", "--columns", "title", "--format", "csv")


def test_an_equals_sign_in_a_title_is_no_field(empty):
    empty("init")
    assert "created: E=mc2" in empty("add", "E=mc2")
    empty("add", "titel=Login", code=2)
    empty("add", "status=done", code=2)
