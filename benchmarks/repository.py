"""Write a repository with a believable history of N items and M commits, by ``git fast-import``: ``repository.py N M DIR [--seed S]``.

Its items have one of the flavours of ``generate.py``; a twentieth of the commits are merges. With ``--merges`` nearly all work is done
on branches of one to three commits, beside other work on main: a third of the commits are merges, some of which join changes of one file.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import tempfile

import generate

START = 1_735_725_600  # 1 January 2025
STEP = 6 * 3600


def files(folder: str) -> dict[str, str]:
    """Path → text of every item of a generated workspace."""
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".md"):
                path = os.path.join(at, name)
                with open(path, encoding="utf-8") as handle:
                    found[os.path.relpath(path, folder)] = handle.read()
    return found


def edited(text: str, rng: random.Random) -> str:
    """The item with one believable change."""
    kind = rng.choice(["status", "status", "status", "due", "priority", "assignee", "tag", "body"])
    if kind == "tag":
        tag = f"{rng.choice(generate.TAGS)}x"
        text = re.sub(r"\ntags: \[(?=\w)", f"\ntags: [{tag}, ", text, count=1)
        text = re.sub(r"\ntags: \[\]", f"\ntags: [{tag}]", text, count=1)
        return re.sub(r"\ntags:\n( *)-", rf"\ntags:\n\1- {tag}\n\1-", text, count=1)
    if kind == "body":
        return text + rng.choice(generate.SENTENCES) + "\n"
    value = {
        "status": rng.choice(["todo", "in-progress", "review", "done"]),
        "due": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "priority": rng.choice(generate.PRIORITIES[:4]),
        "assignee": rng.choice(generate.PEOPLE),
    }[kind]
    if kind in generate.QUOTED and "\nid: '" in text:
        value = f"'{value}'"
    if f"\n{kind}: " in text:
        return re.sub(rf"\n{kind}: .*", f"\n{kind}: {value}", text, count=1)
    return re.sub(r"\ncreated: ", f"\n{kind}: {value}\ncreated: ", text, count=1)


def write(
    count: int,
    commits: int,
    folder: str,
    seed: int = 1,
    flat: bool = False,
    flavour: str = "plain",
    merges: bool = False,
) -> None:
    """Write the repository, its work tree checked out; a twentieth of the commits are merges of a branch with one commit, or with
    ``merges`` a third, of longer ones.
    """
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as made:
        generate.generate(count, made, seed, flat, flavour=flavour)
        items = files(made)
        with open(f"{made}/plaintrack.yml", encoding="utf-8") as handle:
            settings = handle.read()
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    batch = max(1, -(-len(items) // (commits // 5)))
    waiting = list(items)
    current: dict[str, str] = {}
    with subprocess.Popen(
        ["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as importer:
        out = importer.stdin
        assert out is not None

        def commit(
            number: int,
            branch: str,
            message: str,
            changes: dict[str, str],
            merge: str = "",
            base: str = "",
        ) -> None:
            who = rng.choice(generate.PEOPLE)
            stamp = f"{who.title()} <{who}@example.com> {START + number * STEP} +0100"
            data = message.encode()
            out.write(
                f"commit refs/heads/{branch}\nmark :{number}\nauthor {stamp}\ncommitter {stamp}\ndata {len(data)}\n".encode()
                + data
                + b"\n"
            )
            out.write(f"from {base}\n".encode() if base else b"")
            out.write(f"merge {merge}\n".encode() if merge else b"")
            for path, text in changes.items():
                body = text.encode()
                out.write(f"M 100644 inline {path}\ndata {len(body)}\n".encode() + body + b"\n")
            out.write(b"\n")

        def branch(base: int) -> int:
            """A branch from the latest commit, work on main beside it, and the merge; the number of that."""
            some = rng.sample(list(current), rng.choice([1, 1, 2]))
            before = {path: current[path] for path in some}
            at = base
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                before = {path: edited(text, rng) for path, text in before.items()}
                at += 1
                commit(at, "side", "on a branch", before, base="" if at > base + 1 else f":{base}")
            side = at
            joined = dict(before)
            if rng.random() < 0.4:
                path = rng.choice([*some, *rng.sample(list(current), 3)])
                current[path] = edited(current[path], rng)
                at += 1
                commit(at, "main", "beside it", {path: current[path]})
                if path in joined:
                    joined[path] = edited(current[path], rng)
            commit(at + 1, "main", "merge", joined, merge=f":{side}")
            current.update(joined)
            return at + 1

        number = 1
        commit(number, "main", "start", {"plaintrack.yml": settings})
        while number < commits:
            if waiting:
                new = {path: items[path] for path in waiting[:batch]}
                del waiting[:batch]
                current.update(new)
                number += 1
                commit(number, "main", "plan", new)
                continue
            if merges and rng.random() < 0.95:
                number = branch(number)
                continue
            some = rng.sample(list(current), rng.choice([1, 1, 1, 2, 3]))
            changes = {path: edited(current[path], rng) for path in some}
            current.update(changes)
            if rng.random() < 0.05:
                commit(number + 1, "side", "on a branch", changes, base=f":{number}")
                commit(number + 2, "main", "merge", changes, merge=f":{number + 1}")
                number += 2
            else:
                number += 1
                commit(number, "main", f"work on {some[0].rpartition('/')[2][:9]}", changes)
    subprocess.run(["git", "-C", folder, "checkout", "-qf", "main"], check=True)
    subprocess.run(["git", "-C", folder, "gc", "-q"], check=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, metavar="N", help="how many items")
    parser.add_argument("commits", type=int, metavar="M", help="how many commits")
    parser.add_argument("folder", metavar="DIR", help="a new folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flat", action="store_true", help="all tasks in one folder")
    parser.add_argument(
        "--flavour",
        choices=generate.FLAVOURS,
        default="plain",
        help="who wrote the front matter (default plain)",
    )
    parser.add_argument("--merges", action="store_true", help="a third of the commits are merges")
    given = parser.parse_args()
    write(
        given.count,
        given.commits,
        given.folder,
        given.seed,
        given.flat,
        given.flavour,
        given.merges,
    )


if __name__ == "__main__":
    main()
