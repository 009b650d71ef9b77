"""New files that are there all at once."""

import errno
import os

import pytest

from plaintrack.store import files, replace


@pytest.fixture(params=["whole", "each"])
def out(request, monkeypatch):
    """With and without a system that writes a whole file system out; the folders and files that
    were made durable, in order, and how many names there were by then.
    """
    told = []

    def syncfs(folders):
        told.append(sorted(map(os.listdir, folders)))
        return request.param == "whole"

    sync = files.sync
    monkeypatch.setattr(files, "write_out", syncfs)
    monkeypatch.setattr(files, "sync", lambda path: (told.append(path), sync(path)))
    told.append(request.param)
    return told


def test_bytes_are_durable_before_there_are_names(tmp_path, out):
    some = replace.Together()
    for name in ("a.md", "deep/er/b.md"):
        some.add(str(tmp_path / name), name.encode())
    assert not list(tmp_path.rglob("*.md"))
    some.done()
    assert {path.name for path in tmp_path.rglob("*.*")} == {"a.md", "b.md"}
    assert (tmp_path / "deep/er/b.md").read_bytes() == b"deep/er/b.md"
    kind, *told = out
    looks = [each for each in told if isinstance(each, list)]
    assert not any(name.endswith(".md") for names in looks[0] for name in names)
    assert all(any(name.endswith(".md") for name in names) for names in looks[1])
    synced = [each for each in told if isinstance(each, str)]
    temporary = [each for each in synced if each.endswith(files.UNNAMED)]
    folders = {str(tmp_path), str(tmp_path / "deep/er")}
    if kind == "whole":
        assert not synced
    else:
        assert len(temporary) == 2
        assert set(synced) - set(temporary) == folders


def test_a_name_that_was_taken_meanwhile_stays_whose_it_is(tmp_path, out):
    some = replace.Together()
    for name in ("a.md", "b.md", "c.md"):
        some.add(str(tmp_path / name), b"ours")
    (tmp_path / "b.md").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        some.done()
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {"a.md": b"ours", "b.md": b"theirs", "c.md": b"ours"}


def test_nothing_is_there_if_the_bytes_cannot_be_made_durable(tmp_path, monkeypatch):
    def broken(folders):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(files, "write_out", broken)
    some = replace.Together()
    some.add(str(tmp_path / "a.md"), b"ours")
    with pytest.raises(OSError, match="input/output"):
        some.done()
    assert not list(tmp_path.iterdir())


def test_what_a_dead_process_never_named_is_found_at_once(tmp_path):
    dead = tmp_path / f"{files.TEMPORARY}{2**22 + 1}-ab{files.UNNAMED}"
    mine = tmp_path / f"{files.TEMPORARY}{os.getpid()}-ab{files.UNNAMED}"
    displaced = tmp_path / f"{files.TEMPORARY}{2**22 + 1}-ab.tmp"
    for path in (dead, mine, displaced):
        path.write_bytes(b"x")
    assert files.strays(str(tmp_path), files.clock()) == [str(dead)]
