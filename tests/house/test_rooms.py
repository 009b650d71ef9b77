"""The floor plan in CONTRIBUTING.md is true: every room is in it, and nothing else."""

import re

from conftest import ROOT

CODE = ROOT / "src/plaintrack"


def rooms(folder):
    return {f"{path.name}/" for path in folder.iterdir() if (path / "__init__.py").exists()}


def test_every_room_is_in_the_floor_plan():
    plan = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    house, _, core = plan.partition("| in `app/` |")
    named = [
        set(re.findall(r"`(\w+/)`", "".join(re.findall(r"^\| (`.*?) \|", part, re.MULTILINE))))
        for part in (house, core)
    ]
    assert named[0] == rooms(CODE)
    assert named[1] == rooms(CODE / "app")
    files = {path.name for path in (CODE / "app").glob("*.py")} - {"__init__.py"}
    assert files == {"documents.py", "follow.py", "process.py"}
    assert all(f"`{name}`" in core for name in files)


def test_what_stands_outside_is_met_in_one_place():
    """SQL, YAML's library and the search for a near word have one room or file each."""
    homes = {
        r"\bget_close_matches\b": ("errors.py",),
        r"\bimport sqlite3|from sqlite3\b|\bSELECT \w|\bPRAGMA\b": ("store/",),
        r"\bimport yaml|from yaml\b": ("text/",),
    }
    for path in CODE.rglob("*.py"):
        name, text = path.relative_to(CODE).as_posix(), path.read_text("utf-8")
        for pattern, home in homes.items():
            assert name.startswith(home) or not re.search(pattern, text), (name, pattern)


def test_tests_mirror_the_rooms():
    """A folder of tests is a room, a room of ``app``, or one of the few that belong to none."""
    tests = ROOT / "tests"
    others = {"app/", "cases/", "ci/", "errors/", "fuzz/", "house/"}

    def folders(top):
        return {f"{path.name}/" for path in top.iterdir() if any(path.glob("test_*.py"))}

    assert folders(tests) - others <= rooms(CODE)
    assert folders(tests / "app") <= rooms(CODE / "app")


def test_names_of_tests_are_unique():
    """They are imported by their names alone."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py")]
    assert len(names) == len(set(names))
