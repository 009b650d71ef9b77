"""Small workspaces, clones and hooks for the tests of what changes a repository."""

import os
import stat

from conftest import Shell

LOGIN, UMLAUT = "tasks/PT-7k3q9x-fix-login.md", "tasks/mit Leerzeichen/PT-m2v8rd-größe.md"
ITEM = "---\nid: {}\ntitle: {}\nstatus: todo\npriority: high\ncreated: 2026-11-01\ntags:\n- auth\n---\nIt fails.\n\n- [ ] look\n"


def put(shell, path, text, mode=0o644):
    """Write a file below the shell's folder."""
    place = shell.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    place.chmod(mode)
    return place


def read(shell, path):
    return (shell.folder / path).read_bytes().decode()


def edit(shell, path, old, new):
    text = read(shell, path)
    assert old in text
    put(shell, path, text.replace(old, new, 1))


def workspace(shell, prefix="", settings="", commit=True):
    """A workspace with two items, one of them with blanks and umlauts in its name."""
    put(shell, f"{prefix}plaintrack.yml", f"timezone: UTC\n{settings}")
    put(shell, f"{prefix}{LOGIN}", ITEM.format("PT-7k3q9x", "Fix login"))
    put(shell, f"{prefix}{UMLAUT}", ITEM.format("PT-m2v8rd", "Größe messen"))
    put(shell, "code.txt", "one\ntwo\n")
    if commit:
        shell.git("add", "-A")
        shell.git("commit", "-qm", "start")
    return shell


def identity(shell, name):
    for key, value in (
        ("user.name", name),
        ("user.email", f"{name}@rinnwerk.example"),
        ("core.autocrlf", "false"),
    ):
        shell.git("config", key, value)
    return shell


def clones(tmp_path, *names, settings=""):
    """A bare repository and clones of it that hold the workspace."""
    hub = tmp_path / "hub.git"
    hub.mkdir()
    Shell(hub).git("init", "-q", "--bare", "-b", "main")
    found = []
    for name in names:
        Shell(tmp_path).git("clone", "-q", str(hub), name)
        shell = identity(Shell(tmp_path / name), name)
        if not found:
            shell.git("switch", "-qc", "main")
            workspace(shell, settings=settings)
            shell.git("push", "-qu", "origin", "main")
        found.append(shell)
    return found


def hook(shell, name, script):
    folder = shell.git("rev-parse", "--git-path", "hooks").strip()
    place = put(shell, f"{folder}/{name}", f"#!/bin/sh\n{script}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)


def state(shell):
    """What must not change: HEAD, the branch, the index with its flags, every file."""
    tree = {}
    for folder, folders, files in os.walk(shell.folder):
        if ".git" in folders:
            folders.remove(".git")
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as handle:
                tree[path] = handle.read()
    head, branch = (
        shell.git(*words, check=False)
        for words in (["rev-parse", "HEAD"], ["symbolic-ref", "HEAD"])
    )
    return (
        head,
        branch,
        shell.git("ls-files", "--stage", "-t"),
        shell.git("status", "--porcelain"),
        tree,
    )


def files(shell, commit="HEAD"):
    """The paths that a commit changes."""
    out = shell.git(
        "-c", "core.quotePath=false", "show", "--no-renames", "--name-only", "--format=", commit
    )
    return sorted(out.split("\n"))[1:]


def message(shell):
    return shell.git("log", "-1", "--format=%B").strip()
