"""What is told to be a readable comment without parsing it is one for the parser, too."""

import os
import time

from hypothesis import given
from hypothesis import strategies as st

from plaintrack.app.snapshot import spoken
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.config.settings import read
from plaintrack.text.comment import broken, plain
from plaintrack.text.parse import parse

SCHEMA = read({}).schema
PIECES = [
    "---\n",
    "author: ana\n",
    "author: Ana Silva\n",
    "author: null\n",
    "author: a: b\n",
    "date: 2026-11-01T10:00:00+00:00\n",
    "date: x\n",
    "date: '2026-11-01T10:00:00Z'\n",
    "date: '2026-11-01T10:00:00Z\n",
    "\n",
    "text\n",
    "<<<<<<< a\n",
    "\t",
    "é",
    "\0",
    "\r\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_plain_is_never_broken(text):
    data = text.encode()
    if plain(data):
        assert broken(parse("comments/PT-a/1.md", data, SCHEMA)) is None


def test_what_plaintrack_writes_is_plain(empty):
    empty("init")
    item = empty("add", "One").split()[0]
    empty("comment", item, "hello")
    (path,) = (empty.folder / "comments").rglob("*.md")
    assert plain(path.read_bytes())


def test_a_comment_that_breaks_later_is_found(empty):
    """Those that could be read the last time are not taken for good."""
    empty("init")
    item = empty("add", "One").split()[0]
    for text in ("one", "two"):
        empty("comment", item, text)
    paths = sorted((empty.folder / "comments").rglob("*.md"))
    time.sleep(0.1)  # what is younger is read again
    for _ in range(2):
        assert "PT114" not in empty("check")
    size = paths[0].stat()
    paths[0].write_bytes(b"x" * size.st_size)
    os.utime(paths[0], ns=(size.st_atime_ns, size.st_mtime_ns))
    assert empty("check", code=1).count("PT114") == 1
    assert empty("check", code=1).count("PT114") == 1
    assert [path for path, problem in everything(empty) if problem] == [
        str(paths[0].relative_to(empty.folder))
    ]


def everything(shell):
    return list(spoken.everything(Workspace(str(shell.folder))))
