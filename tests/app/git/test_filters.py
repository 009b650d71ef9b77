"""What git stores in another form than it checks out: filters, encodings, pointers. Changes are read as a checkout would have them."""

import hashlib
import sys

import pytest
from team import ITEM, LOGIN, UMLAUT, edit, put, workspace

from plaintrack.store.converted import converted
from plaintrack.store.files import LARGEST
from plaintrack.store.repo import Repo
from plaintrack.text.document import stored, unread

BINARY = ("printf '\\000GITCRYPT\\000'; base64", "tail -c +11 | base64 -d")
FILTERS = {
    "letters": ("tr a-z n-za-m", "tr a-z n-za-m"),
    "binary": BINARY,
    "one-way.dot": ("sed 's/[ ]*$//'", ""),
}


def filtered(shell, name, clean, smudge, required=True):
    """Items are stored through a filter that the user has."""
    for variable, command in (("clean", clean), ("smudge", smudge)):
        if command:
            put(shell, f".git/{variable}.sh", f"#!/bin/sh\n{command}\n", 0o755)
            shell.git("config", f"filter.{name}.{variable}", f"'{shell.folder}/.git/{variable}.sh'")
    if required and smudge:
        shell.git("config", f"filter.{name}.required", "true")
    attributes(shell, name)


def attributes(shell, name):
    put(shell, ".gitattributes", f"*.md filter={name}\n")


@pytest.mark.parametrize("prefix", ["", "a b/.täsks/"])
@pytest.mark.parametrize("name", FILTERS)
def test_what_is_staged_is_read_as_a_checkout_would_have_it(empty, name, prefix):
    """A change, a new item and a comment, whatever the filter makes of them."""
    filtered(empty, name, *FILTERS[name])
    shell = workspace(empty, prefix)
    edit(shell, f"{prefix}{LOGIN}", "status: todo", "status: review")
    put(shell, f"{prefix}tasks/PT-new111-new one.md", ITEM.format("PT-new111", "New one"))
    put(
        shell,
        f"{prefix}comments/PT-7k3q9x/2026-11-20T10-00-00-ida.md",
        "---\nauthor: Ida\ndate: 2026-11-20T10:00:00Z\n---\nSeen.\n",
    )
    shell.git("add", "-A")
    shell.folder /= prefix
    said = shell("diff", "--staged")
    assert "PT-new111" in said
    assert "Seen." in said
    assert "roken" not in said
    shell("check", "--staged")
    edit(shell, LOGIN, "status: review", "status: quatsch")
    shell.git("add", "-A")
    assert "quatsch" in shell("check", "--staged", code=1)
    shell.git("commit", "-qm", "wrong")
    assert "quatsch" in shell("check", "--since", "HEAD~1..HEAD", code=1)
    assert "quatsch" in shell("check", "--since", "HEAD~1", code=1)
    assert "status" in shell("diff", "HEAD~1..HEAD")


PROCESS = """
import sys
source, sink = sys.stdin.buffer, sys.stdout.buffer
def packet():
    size = int(source.read(4) or sys.exit(), 16)
    return source.read(size - 4) if size else None
def told():
    return list(iter(packet, None))
def say(*packets):
    sink.write(b"".join(b"%04x" % (len(each) + 4) + each for each in packets) + b"0000")
    sink.flush()
letters = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"nopqrstuvwxyzabcdefghijklm")
told(); say(b"git-filter-server\\n", b"version=2\\n"); told(); say(b"capability=clean\\n", b"capability=smudge\\n")
while True:
    told(); data = b"".join(told()).translate(letters); say(b"status=success\\n"); say(data); say()
"""


def test_a_filter_may_be_one_process_for_all(empty):
    put(empty, ".git/filter.py", PROCESS)
    empty.git(
        "config", "filter.long.process", f"'{sys.executable}' '{empty.folder}/.git/filter.py'"
    )
    empty.git("config", "filter.long.required", "true")
    attributes(empty, "long")
    shell = workspace(empty)
    assert "gvgyr: Fvk ybtva" in shell.git("cat-file", "blob", f":{LOGIN}")
    for path in (LOGIN, UMLAUT):
        edit(shell, path, "status: todo", "status: quatsch")
    shell.git("add", "-A")
    assert shell("check", "--staged", code=1).count("quatsch'") >= 2


def store(shell, path, data):
    """Stage bytes as they are, past every filter."""
    put(shell, ".git/raw", data)
    blob = shell.git("hash-object", "-w", "--no-filters", ".git/raw").strip()
    shell.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"
UNREADABLE = {
    "locked": ("\0GITCRYPT\0abc", {}, "git-crypt unlock"),
    "pointer": (POINTER.format("a" * 64, 100), {}, "git lfs pull"),
    "not set up": ("vq: CG-7x3d9k", {}, "not set up on this machine"),
    "fails": (
        ITEM.format("PT-7k3q9x", "x"),
        {"smudge": "false", "required": "true"},
        "failed",
    ),
    "fails, not required": ("vq: CG-7x3d9k", {"smudge": "false"}, "failed"),
    "process is no filter": (
        ITEM.format("PT-7k3q9x", "x"),
        {"process": "true"},
        "failed",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_stays_unreadable_is_told(empty, case):
    """What it is and what to do, at its file; also if it was so before."""
    shell = workspace(empty)
    data, settings, told = UNREADABLE[case]
    attributes(shell, "x")
    store(shell, LOGIN, data)
    for key, value in settings.items():
        shell.git("config", f"filter.x.{key}", value)
    out = shell("check", "--staged", code=1)
    assert told in out
    assert LOGIN in out
    assert "no front matter" not in out
    shell("diff", "--staged")
    if settings:
        return  # git itself could stage no more
    shell.git("commit", "-qm", "stored")
    store(shell, LOGIN, f"{data}again\n")
    assert told in shell("check", "--staged", code=1)


def test_an_encrypted_file_of_the_work_tree_is_told_too(empty):
    shell = workspace(empty)
    put(shell, LOGIN, "\0GITCRYPT\0abc")
    assert "git-crypt unlock" in shell("check", code=1)


def test_a_pointer_whose_contents_are_here_is_followed_without_the_program(empty):
    shell = workspace(empty)
    attributes(shell, "lfs")
    data = ITEM.format("PT-7k3q9x", "Fix login").replace("status: todo", "status: quatsch")
    oid = hashlib.sha256(data.encode()).hexdigest()
    put(shell, f".git/lfs/objects/{oid[:2]}/{oid[2:4]}/{oid}", data)
    store(shell, LOGIN, POINTER.format(oid, len(data)))
    assert "quatsch" in shell("check", "--staged", code=1)


@pytest.mark.parametrize("how", ["link", "other contents"])
def test_an_object_of_lfs_is_not_believed_unchecked(empty, how):
    shell = workspace(empty)
    attributes(shell, "lfs")
    data = ITEM.format("PT-7k3q9x", "A secret of another folder")
    oid = hashlib.sha256(data.encode()).hexdigest() if how == "link" else "b" * 64
    place = f".git/lfs/objects/{oid[:2]}/{oid[2:4]}/{oid}"
    put(shell, place, data)
    if how == "link":
        secret = shell.folder.parent / "secret.md"
        (shell.folder / place).rename(secret)
        (shell.folder / place).symlink_to(secret)
    store(shell, LOGIN, POINTER.format(oid, len(data)))
    said = shell("check", "--staged", code=1)
    assert "git lfs pull" in said
    assert "secret" not in said


def test_a_filter_that_the_tree_configures_is_not_run(empty):
    """Even if the user's configuration includes a file of the tree."""
    shell = workspace(empty)
    put(shell, "tools/gitconfig", f'[filter "x"]\n\tsmudge = touch {shell.folder}/canary; cat\n')
    shell.git("config", "include.path", "../tools/gitconfig")
    attributes(shell, "x")
    store(shell, LOGIN, ITEM.format("PT-7k3q9x", "Other"))
    assert "configured by a file of the tree" in shell("check", "--staged", code=1)
    shell("diff", "--staged")
    assert not (shell.folder / "canary").exists()


def test_ident_and_encodings_are_converted_and_others_are_not_touched(empty):
    shell = workspace(empty)
    put(
        shell, ".gitattributes", "*.md ident\n*.txt working-tree-encoding=UTF-16LE\nraw.md -ident\n"
    )
    put(shell, "a\nb.md", "odd")
    paths = ["one.md", " two.md", "x.txt", "raw.md", "a\nb.md"]
    for path in paths:
        store(shell, path, f"$Id$ {path.strip()}")
    repo = Repo(str(shell.folder))
    blobs = dict(zip(paths, repo.blob_ids([("", path) for path in paths]), strict=True))
    found = converted(repo, [(blobs[path], path) for path in paths if blobs[path]], LARGEST)
    said = {path: data for (_, path), data in found.items()}
    assert said["one.md"] == f"$Id: {blobs['one.md']} $ one.md".encode()
    assert said["raw.md"] == b"$Id$ raw.md"
    assert said["x.txt"].decode("utf-16-le") == "$Id$ x.txt"
    assert set(said) == {path for path in paths if blobs[path]}


def test_nothing_more_is_started_where_nothing_is_converted(empty, tmp_path):
    from test_named_repository import recorder

    shell = workspace(empty)
    log = recorder(shell, tmp_path)
    edit(shell, LOGIN, "status: todo", "status: review")
    shell.git("add", "-A")
    shell("check", "--staged")
    assert not [
        line
        for line in log.read_text().splitlines()
        if "--filters" in line or "filter" in line.partition("config")[2]
    ]


@pytest.mark.parametrize("why", ["failed", "unset", "tree"])
def test_why_a_blob_is_not_read_can_be_told_from_what_stands_for_it(why):
    for name in ("x", "", "größe"):
        problem = stored(unread(name, why), "tasks/x.md")
        assert problem
        assert problem.hint
        assert name in problem.message
