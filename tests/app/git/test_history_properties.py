"""Random histories with branches and merges: read step by step, from nothing, or folded, they say the same."""

import json
import random

import pytest
from git_help import commit

FIELDS = ("status", "priority", "due", "assignee", "tags", "title")
VALUES = {
    "status": ["todo", "in-progress", "review", "done", "cancelled"],
    "priority": ["critical", "high", "medium", "low"],
    "due": ["2026-12-01", "2026-12-24", "2027-01-01"],
    "assignee": ["ada", "bob"],
    "title": ["One", "Two", "Three"],
}


def step(shell, rng, counter):
    """One random change of the files."""
    paths = sorted((shell.folder / "tasks").rglob("*.md"))
    kind = rng.choice(["add", "edit", "edit", "edit", "edit", "move", "delete", "break", "format"])
    if kind == "add" or not paths:
        number = next(counter)
        text = f"---\nid: PT-n{number}\ntitle: Item {number}\nstatus: todo\ntags:\n- a\n---\nBody {number}\n\n- [ ] one\n- [ ] two\n"
        (shell.folder / f"tasks/n{number}.md").write_text(text)
        return
    path = rng.choice(paths)
    text = path.read_text()
    if kind == "move":
        (shell.folder / "tasks/sub").mkdir(exist_ok=True)
        path.rename(shell.folder / "tasks/sub" / f"m{next(counter)}.md")
    elif kind == "delete":
        path.unlink()
    elif kind == "break":
        path.write_text(
            text.replace("status: ", "status: [")
            if "[" not in text.split("---")[1]
            else text.replace("status: [", "status: ")
        )
    elif kind == "format":
        path.write_text(text.replace("status: ", "status:  "))
    else:
        field = rng.choice(FIELDS)
        lines = [line for line in text.split("\n") if not line.startswith(f"{field}:")]
        if field == "tags":
            lines = [line for line in lines if not line.startswith("- ") or line.startswith("- [")]
            lines.insert(2, "tags:\n" + "\n".join(f"- {each}" for each in rng.sample("abcd", 2)))
        else:
            lines.insert(2, f"{field}: {rng.choice(VALUES[field])}")
        path.write_text("\n".join(lines).replace("[ ] one", rng.choice(["[ ] one", "[x] one"])))


def grow(shell, seed, commits):
    """A random history; the command line reads it now and then, so that it is read in pieces."""
    rng = random.Random(seed)
    counter = iter(range(10**6))
    shell("init")
    commit(shell, "start")
    for number in range(commits):
        for _ in range(rng.randint(1, 3)):
            step(shell, rng, counter)
        commit(
            shell,
            f"step {number}",
            f"2026-10-{1 + number // 24:02}T{number % 24:02}:00:00+01:00"
            if rng.random() < 0.8
            else "2026-09-01T00:00:00Z",
        )
        roll = rng.random()
        if roll < 0.15:
            shell.git("switch", "-qc", f"side{number}", f"HEAD~{rng.randint(0, 1)}")
        elif roll < 0.3:
            shell.git("switch", "-q", "main")
        elif roll < 0.45:
            branches = shell.git("branch", "--format=%(refname:short)").split()
            shell.git(
                "merge",
                "-q",
                "-X",
                rng.choice(["ours", "theirs"]),
                "-s",
                rng.choice(["ort", "ours"]),
                rng.choice(branches),
                check=False,
            )
            if shell.git("diff", "--name-only", "--diff-filter=U"):
                commit(shell, "merge")
            elif shell.git("status", "--porcelain"):
                commit(shell, "merge rest")
        elif roll < 0.55:
            shell("log", "--limit", "1")


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=pytest.mark.slow) if n > 1 else n for n in range(12)]
)
def test_in_pieces_from_nothing_and_folded(empty, seed):
    shell = empty
    grow(shell, seed, 40)
    pieces = shell("log", "--format", "json")
    cache = shell.folder / ".git/plaintrack"
    for each in cache.glob("history*"):
        each.unlink()
    assert shell("log", "--format", "json") == pieces
    changes = json.loads(pieces)["changes"]
    assert shell("list", "--all", "--format", "json", "--at", "HEAD") == shell(
        "list", "--all", "--format", "json"
    )
    items = {
        item["id"]: item for item in json.loads(shell("list", "--all", "--format", "json"))["items"]
    }
    for name, item in items.items():
        found = (
            json.loads(shell("history", "status", name, "--format", "json"))["values"]
            if "status" in item
            else []
        )
        assert "status" not in item or found[-1]["value"] == item["status"]
        assert any(each["kind"] == "created" for each in changes if each["id"] == name)
