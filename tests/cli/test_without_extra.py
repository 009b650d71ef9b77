"""Commands that need the extra `portfolio`, where its packages are not installed."""

import pytest

MISSING = """import sys


class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("duckdb", "sqlalchemy", "psycopg"):
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Missing())
"""
DATABASE = "postgresql://ana@127.0.0.1:1/work"
COMMANDS = [
    ("publish", "../out"),
    ("publish", "../out", "--dry-run"),
    ("publish", "../out", "--verify"),
    ("portfolio", "load", DATABASE, ".."),
    ("portfolio", "load", DATABASE, "..", "--rebuild", "--format", "json"),
    ("portfolio", "mirror", "../mirrors", "."),
    ("portfolio", "mirror", "../mirrors"),
    ("portfolio", "status", DATABASE),
    ("portfolio", "forget", DATABASE, "billing"),
    *(
        (*asked, "--portfolio", place)
        for asked in [("list",), ("goals",), ("report", "goals"), ("check",)]
        for place in (DATABASE, "../published")
    ),
]


QUICK = (3, 6, -1)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(each, marks=[] if each in [COMMANDS[at] for at in QUICK] else pytest.mark.slow)
        for each in COMMANDS
    ],
    ids=" ".join,
)
def test_the_extra_is_named(empty, tmp_path, command):
    """One line with what to install, and nothing was made."""
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages/sitecustomize.py").write_text(MISSING)
    (tmp_path / "published/billing").mkdir(parents=True)
    (tmp_path / "published/billing/manifest.json").write_text("{}")
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\n")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "x")
    empty(*command, code=2, PYTHONPATH=str(tmp_path / "packages"))
    assert empty.err.splitlines() == [
        "plaintrack: portfolios need the extra `portfolio`",
        "  hint: run `pip install 'plaintrack[portfolio]'`",
    ]
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "mirrors").exists()
