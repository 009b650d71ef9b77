"""Which folders are published ones, for who loads them and who reads them."""

import pytest

from plaintrack.store.portfolio.sources import sources


@pytest.fixture
def tree(tmp_path):
    """Published folders at several levels, half uploaded ones, and what is none."""
    for path in (
        "a/manifest.json",
        "a/inner/manifest.json",  # a published folder holds no other one
        "team/b/manifest.json",
        "x/y/z/manifest.json",
        "x/y/z2/deeper/manifest.json",
        ".hidden/manifest.json",
        "half/items.parquet",
        "begun/changes/2026.parquet",
        "empty/notes.txt",
        "readme.txt",
    ):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "loop").symlink_to(tmp_path)
    (tmp_path / "z-link").symlink_to(tmp_path / "a")
    return tmp_path


def test_published_folders_are_found_once(tree):
    found = [each.folder.removeprefix(f"{tree}/") for each in sources(str(tree))]
    assert found == ["a", "begun", "half", "team/b", "x/y/z"]


def test_a_folder_is_called_by_its_real_path(tree):
    for path in ("a", "z-link", "other/../a"):
        (found,) = sources(str(tree / path))
        assert found.name == str((tree / "a").resolve())


@pytest.mark.parametrize("path", ["nope", "readme.txt", "empty", "other/loop", ""])
def test_nothing_is_published(tree, path):
    assert list(sources(str(tree / path) if path else "")) == []
