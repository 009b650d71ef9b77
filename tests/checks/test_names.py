"""Names of files that cannot be checked out on Windows or macOS."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.checks.names import unportable
from plaintrack.text.format import filename


@pytest.mark.parametrize(
    "path",
    [
        *("tasks/a:b.md", "tasks/a?.md", "tasks/a*.md", "tasks/<a>.md", 'tasks/"a".md'),
        *("tasks/a|b.md", "tasks/a\\b.md", "tasks/a\tb.md", "tasks/sub./a.md", "tasks/sub /a.md"),
        *("tasks/CON.md", "tasks/con.x.md", "tasks/aux/a.md", "nul/a.md", "tasks/LPT1.md"),
        *("tasks/com².md", "tasks/.GIT/a.md", "tasks/git~1/a.md", f"tasks/{'ä' * 130}.md"),
        *(
            "tasks/conin$.md",
            "tasks/CONOUT$.x.md",
            "tasks/LPT³.md",
            f"a/{'b' * 120}/{'c' * 120}.md",
        ),
    ],
)
def test_what_windows_refuses(path):
    assert [found for found, _ in unportable(["tasks/fine.md", path])] == [path]


@pytest.mark.parametrize(
    "path",
    [
        *("tasks/PT-1-a.md", "a b/täsks/x.md", "tasks/comet.md", "tasks/CON-1.md", "x/.y/z/a.md"),
        *("tasks/icon.md", "tasks/com10.md", "tasks/a..md", "tasks/'a', b!.md", "tasks/報告.md"),
    ],
)
def test_what_every_system_has(path):
    assert not list(unportable([path, "tasks/other.md"]))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("tasks/A.md", "tasks/a.md"),
        ("Tasks/a.md", "tasks/b.md"),
        ("X/a/1.md", "x/b/2.md"),
        ("x/A/b/1.md", "x/a/c/2.md"),
        ("x/stra\u00dfe.md", "x/STRASSE.md"),
        (f"x/{unicodedata.normalize('NFC', 'é')}.md", f"x/{unicodedata.normalize('NFD', 'é')}.md"),
    ],
)
def test_what_is_one_name_elsewhere(one, two):
    (found,) = unportable([two, one, "x/fine.md"])
    assert found[0] == max(one, two)
    assert len(list(unportable([one, two, two.replace(".md", "-more.md")]))) == 1


@given(
    st.sets(
        st.lists(
            st.sampled_from(
                ["a", "A", "é", "e\u0301", "con", "com1", "a.", "b c", "x:y", ".git", "n" * 90]
            ),
            min_size=1,
            max_size=3,
        ).map("/".join),
        max_size=5,
    )
)
def test_a_look_at_all_names_passes_only_what_a_look_at_each_does(paths):
    apart = [*paths, "y\ny.md"]  # after which each is looked at
    assert list(unportable(paths)) == [each for each in unportable(apart) if each[0] in paths]


def test_no_file_of_a_new_item_is_called_like_a_device():
    for title in ("CON", "aux", "Com1"):
        assert not list(unportable([f"tasks/{filename('{title}', 'PT-1', title)}.md"]))


def test_a_change_finds_the_twin_of_a_file_it_does_not_touch(empty):
    empty("init")
    item = "---\nid: {}\ntitle: One\nstatus: todo\n---\n"
    (empty.folder / "tasks/PT-aaaaaa.md").write_text(item.format("PT-aaaaaa"))
    empty.git("add", "-A")
    empty.git("commit", "-qm", "one")
    (empty.folder / "tasks/pt-aaaaaa.md").write_text(item.format("PT-bbbbbb"))
    empty.git("add", "-A")
    assert "PT210" in empty("check", "--staged")
    empty.git("commit", "-qm", "two")
    (empty.folder / "tasks/pt-aaaaaa.md").write_text(item.format("PT-bbbbbb") + "More.\n")
    empty.git("add", "-A")
    assert "PT210" not in empty("check", "--staged")  # no news


@pytest.mark.parametrize("title", ["nul", "NUL.x", "lpt¹", "conin$", "com1.a.b", "aux."])
def test_no_new_file_is_called_like_a_device(title):
    name = filename("{title}", "PT-1", title)
    assert not list(unportable([f"tasks/{name}.md"])), name
    assert name.startswith(f"{title.partition('.')[0]}_")
