"""Comments are read as strictly as items, and what cannot be read is told and shown, never taken for deleted."""

import pytest
from conftest import _repository

from plaintrack.app.snapshot.spoken import comment
from plaintrack.config.settings import read
from plaintrack.text.comment import said
from plaintrack.text.parse import parse

HEAD = b"---\nauthor: ann\ndate: 2026-11-23T09:00:00+01:00\n---\n"
SCHEMA = read({}).schema
READ = {
    "plain": (HEAD + b"Hello\n", "Hello"),
    "BOM": (b"\xef\xbb\xbf" + HEAD + b"Hello\n", "Hello"),
    "CRLF": ((HEAD + b"\nHello\n").replace(b"\n", b"\r\n"), "Hello"),
    "no body": (HEAD, "(empty)"),
    "no author": (b"---\ndate: 2026-11-23\n---\nHello\n", "Hello"),
    "code with markers": (HEAD + b"```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n", "```"),
}
BROKEN = {
    "empty": b"",
    "text alone": b"Hello\n",
    "unclosed": b"---\nauthor: ann\nHello\n",
    "not UTF-8": b"---\nauthor: Mall\xf3\n---\nHello\n",
    "binary": b"\x00\x01" + HEAD,
    "huge": HEAD + b"x" * 1_000_001,
    "YAML": b"---\nauthor: [\n---\nHello\n",
    "twice": b"---\nauthor: ann\nauthor: bob\n---\nHello\n",
    "conflict": HEAD + b"<<<<<<< a\nHello\n=======\nBye\n>>>>>>> b\n",
    "conflict above": b"---\n<<<<<<< a\nauthor: ann\n=======\nauthor: bob\n>>>>>>> b\n---\nHello\n",
}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read(name):
    data, first = READ[name]
    assert comment("c.md", data, SCHEMA).problem is None
    assert said(parse("c.md", data, SCHEMA)) == first


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_told_and_its_text_is_kept(name):
    data = BROKEN[name]
    found = comment("c.md", data, SCHEMA)
    assert found.problem is not None
    assert found.body == data.decode("utf-8", "backslashreplace")
    assert said(parse("c.md", data, SCHEMA)).startswith("(cannot be read: ")


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "w"
    for name in ("tasks", "comments/PT-aaa1", "comments/PT-zzz9", "comments/PT-bbb2"):
        (folder / name).mkdir(parents=True)
    shell = _repository(folder)
    (folder / "plaintrack.yml").write_text("timezone: UTC\n")
    for name in ("aaa1", "bbb2"):
        (folder / f"tasks/PT-{name}.md").write_text(
            f"---\nid: PT-{name}\ntitle: {name}\nstatus: todo\n---\n"
        )
    (folder / "comments/PT-aaa1/1.md").write_bytes(HEAD + b"Hello\n")
    (folder / "comments/PT-bbb2/1.md").write_bytes(HEAD + b"Hello\n")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    return shell


def test_every_door_tells_it(place):
    (place.folder / "comments/PT-aaa1/1.md").write_bytes(BROKEN["not UTF-8"])
    (place.folder / "comments/PT-aaa1/2.md").symlink_to("/etc/hostname")
    assert "comment edited: (cannot be read: not UTF-8" in place("diff")
    shown = place("show", "aaa1")
    assert "comments/PT-aaa1/1.md (cannot be read)" in shown
    assert "author: Mall\\xf3" in shown
    assert "plaintrack: comments/PT-aaa1/1.md:2:13: not UTF-8" in place.err
    assert '"problem": "comments/PT-aaa1/2.md: ' in place("show", "aaa1", "--format", "json")
    (place.folder / "comments/PT-zzz9/1.md").write_bytes(READ["plain"][0])
    found = place("check", code=1)
    assert found.count("PT114") == 2
    assert found.count("PT206") == 1
    assert "no item PT-zzz9" in found
    assert "comments/PT-zzz9/1.md: no item PT-zzz9" in (told := place("doctor", code=1)) + place.err
    assert "comments/PT-aaa1/1.md" in told
    place.git("add", "-A")
    place.git("commit", "-qm", "broken")
    assert "comment edited: (cannot be read: not UTF-8" in place("log", "aaa1")
    found = place("check", "--since", "HEAD~1", code=1)
    assert found.count("PT114") == 2 - 1  # git has the link as a link, not as a file
    assert found.count("PT206") == 1
    (place.folder / "comments/PT-aaa1/1.md").unlink()
    assert "comment deleted: (cannot be read" in place("diff")


def test_items_that_are_not_checked_out_or_cannot_be_read_have_their_comments(place):
    place.git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/PT-bbb2.md")
    assert not (place.folder / "tasks/PT-bbb2.md").exists()
    assert "PT206" not in place("check")
    (place.folder / "tasks/PT-aaa1.md").write_text("---\nid: PT-aaa1\ntitle: [\n---\n")
    assert "PT206" not in place("check", code=1)


def test_a_comment_is_written_by_whoever_git_names(place):
    for name in ("x: y", "- [", "#a", "Zoë", "'", "a\tb", "M\udcf3"):
        place("comment", "aaa1", "text", GIT_AUTHOR_NAME=name)
    assert "cannot be read" not in place("show", "aaa1")
    assert place.err == ""
    assert place("check") == ""
