"""Coverage-guided fuzzing of the parser and of the checks with atheris (`pip install atheris`, Linux, Python 3.11 to 3.13).

    python tests/fuzz/coverage_guided.py parse  [libFuzzer's options, such as -max_total_time=300] [CORPUS]
    python tests/fuzz/coverage_guided.py checks -max_total_time=300

``parse`` reads one item; ``checks`` lays an item, its neighbour and the settings into a workspace, checks it and writes every format.
An exception that is no message, or more than SECONDS for one input, is a find: libFuzzer writes the input to `crash-…` or `timeout-…`.
The gallery in tests/errors is the first corpus. ``try_one`` runs without atheris too, which the suite does.
"""

import datetime
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
GALLERY = HERE.parent / "errors"
TODAY = datetime.date(2026, 11, 23)
SECONDS = 5
CUT = b"\n%%%\n"  # between the item, its neighbour and the settings
SETTINGS = b"timezone: UTC\n"
NEIGHBOUR = b"---\nid: PT-bbbb\ntitle: Neighbour\ndepends_on: PT-aaaa\nparent: PT-aaaa\ndue: 2026-12-01\n---\n- [ ] step\n"


def parse(data):
    """Parse one item, and look whether its problems have places that are there."""
    from plaintrack.config.settings import read
    from plaintrack.text.parse import parse as parsed

    task = parsed("tasks/PT-aaaa.md", data, read({}).schema)
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in task.problems:
        assert each.message
        assert 0 <= each.line <= len(lines), each


def checks(folder, data):
    """Check a workspace that ``data`` describes, and write the Report in every format."""
    from plaintrack.app.check.check import Asked, check
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.show.findings import FORMATS, write

    item, neighbour, settings, *_ = [*data.split(CUT), b"", b""]
    (folder / "tasks/PT-aaaa.md").write_bytes(item)
    (folder / "tasks/PT-bbbb.md").write_bytes(neighbour or NEIGHBOUR)
    (folder / "plaintrack.yml").write_bytes(settings or SETTINGS)
    report = check(Workspace(str(folder)), Asked(today=TODAY))
    for form in FORMATS:
        text = write(report, form)
        assert all(each.isprintable() or each in "\n\t" for each in text) or form not in (
            "github",
            "json",
            "jsonl",
        ), form


def try_one(what, folder, data):
    """Run one input through one of the two."""
    if what == "parse":
        parse(data)
    else:
        checks(folder, data)


def seeds(what):
    """The first corpus: what the gallery holds."""
    found = []
    for case in sorted(each for each in GALLERY.iterdir() if each.is_dir()):
        items = [
            path.read_bytes()
            for path in sorted(case.glob("work/tasks/**/*.md"))
            if path.is_file() and not path.is_symlink()
        ]
        settings = case / "work/plaintrack.yml"
        if what == "parse":
            found += items
        elif items and settings.is_file():
            found.append(CUT.join([*[*items, b""][:2], settings.read_bytes()]))
    return found


def main():
    """Fuzz until libFuzzer is told to stop."""
    import atheris

    what, given = sys.argv[1], sys.argv[2:]
    with atheris.instrument_imports(include=["plaintrack", "yaml"]):
        import plaintrack.app.check.check
        import plaintrack.app.snapshot.workspace
        import plaintrack.checks.catalogue
        import plaintrack.show.findings
        import plaintrack.text.parse  # noqa: F401
    room = Path(
        tempfile.mkdtemp(
            prefix="plaintrack-fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None
        )
    )
    (room / "w/tasks").mkdir(parents=True)
    (room / "corpus").mkdir()
    for number, data in enumerate(seeds(what)):
        (room / f"corpus/{number}").write_bytes(data)
    options = [each for each in given if each.startswith("-")]
    folders = [each for each in given if not each.startswith("-")] or [str(room / "corpus")]
    usual = ["-max_len=4096", f"-timeout={SECONDS}", f"-dict={HERE / 'words.dict'}"]
    os.environ["GIT_CEILING_DIRECTORIES"] = str(room)
    try:
        atheris.Setup(
            [sys.argv[0], *usual, *options, *folders], lambda data: try_one(what, room / "w", data)
        )
        atheris.Fuzz()
    finally:
        shutil.rmtree(room, ignore_errors=True)


if __name__ == "__main__":
    main()
