"""Measure the merge: what one call of the driver costs, and how many random pairs of edits to one new item plain git merges.

Forges run no merge driver, so what git's own line merge can do depends on how a new file is laid out: `--layouts` measures others.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import median

from measure import environment, process

from plaintrack.merge.item import merge
from plaintrack.model.edit import Add, Append, Edit, Set, Tick
from plaintrack.model.fields import schema
from plaintrack.model.task import Value
from plaintrack.text.edit import edited
from plaintrack.text.format import ORDER, RANK, document, form, lines
from plaintrack.text.parse import parse

SCHEMA = schema()
PYTHON = sys.executable
CALLS = 41
BODY = "What should be different afterwards.\n\n## Done when\n\n- [ ] it works\n- [ ] it is tested\n- [ ] it is told\n"
COLD = ("id", "type", "created")  # hardly ever changed
CHOICES: dict[str, Sequence[str]] = {
    "title": ("Fix the login", "Mend the redirect"),
    "status": ("in-progress", "review", "done"),
    "priority": ("critical", "low"),
    "type": ("bug", "chore"),
    "assignee": ("alice", "bob", "carol"),
    "tags": ("api", "ui", "docs"),
    "project": ("PT-m2v8rd", "PT-m2v8re"),
    "milestone": ("PT-m2v8rf", "PT-m2v8rg"),
    "depends_on": ("PT-9x2mfa", "PT-9x2mfb"),
    "estimate": ("2d", "3h", "1w"),
    "due": ("2026-12-01", "2026-12-08", "2026-12-15"),
    "start": ("2026-11-24", "2026-11-25"),
    "wait": ("2026-11-30", "2026-11-29"),
    "parent": ("PT-3f4g5h", "PT-3f4g5j"),
}
DAILY = (
    "title",
    "status",
    "priority",
    "assignee",
    "tags",
    "estimate",
    "due",
    "depends_on",
    "project",
)  # what is changed most
MANY = ("tags", "depends_on", "assignee")

Fields = dict[str, Value]


def new_item(rnd: random.Random) -> Fields:
    """What `plaintrack add` makes of a title and some of the usual fields."""
    fields: Fields = {
        "id": "PT-7k3q9x",
        "title": "Fix the login redirect",
        "status": "todo",
        "priority": "medium",
        "type": "task",
    }
    given: Fields = {
        "assignee": ("dora",),
        "tags": ("auth", "web"),
        "project": "PT-aaaaaa",
        "estimate": "4h",
        "due": "2026-11-30",
    }
    fields.update({name: each for name, each in given.items() if rnd.random() < 0.5})
    fields["created"] = "2026-11-22T10:00:00+01:00"
    return fields


class Layout:
    """A way to write new files, and to put a new field into one: `form: false`, a line for each given field."""

    name = "a line for each given field (form: false)"

    def text(self, fields: Fields) -> str:
        """The new file."""
        return document(list(fields.items()), BODY, SCHEMA)

    def edit(self, data: bytes, edit: Edit) -> bytes:
        """The file with one edit."""
        return edited(data, "a.md", (edit,), SCHEMA)


class Present(Layout):
    """The present one."""

    name = "the form that `add` writes"

    def text(self, fields: Fields) -> str:
        """The new file."""
        return form(list(fields.items()), BODY, SCHEMA)


class Spaced(Layout):
    """A separating line between any two fields; a new field brings its own."""

    def __init__(self, separator: str, everything: tuple[str, ...] = ()) -> None:
        self.separator, self.everything = separator, everything
        shown = "blank" if not separator else f"`{separator}`"
        self.name = f"{shown} lines between fields" + (
            f", {len(everything)} empty fields" if everything else ""
        )

    def text(self, fields: Fields) -> str:
        parts = []
        for name in sorted({*fields, *self.everything}, key=RANK.__getitem__):
            field = SCHEMA.fields[name]
            parts.append(lines(name, fields[name], field.kind) if name in fields else f"{name}:\n")
        return "---\n" + f"{self.separator}\n".join(parts) + "---\n" + BODY

    def edit(self, data: bytes, edit: Edit) -> bytes:
        new = edited(data, "a.md", (edit,), SCHEMA)
        name = getattr(edit, "field", "")
        if not name or f"\n{name}:" in data.decode():
            return new
        text = new.decode()
        at = text.index(f"\n{name}:") + 1
        return (text[:at] + f"{self.separator}\n" + text[at:]).encode()


class Ordered(Layout):
    """Another order of the fields, and empty ones so that each has its line."""

    def __init__(self, name: str, order: tuple[str, ...], everything: tuple[str, ...] = ()) -> None:
        self.name, self.order, self.everything = name, order, everything

    def text(self, fields: Fields) -> str:
        rank = {each: number for number, each in enumerate(self.order)}
        parts = []
        for name in sorted({*fields, *self.everything}, key=rank.__getitem__):
            parts.append(
                lines(name, fields[name], SCHEMA.fields[name].kind)
                if name in fields
                else f"{name}:\n"
            )
        return "---\n" + "".join(parts) + "---\n" + BODY


class Form(Layout):
    """Exactly these lines: an empty text is a blank one, an absent field an empty one; other fields go where plaintrack puts them."""

    def __init__(self, name: str, rows: tuple[str, ...]) -> None:
        self.name, self.rows = name, rows

    def text(self, fields: Fields) -> str:
        parts = [
            lines(name, fields[name], SCHEMA.fields[name].kind)
            for name in sorted({*fields} - {*self.rows}, key=RANK.__getitem__)
        ]
        for name in self.rows:
            parts.append(
                lines(name, fields[name], SCHEMA.fields[name].kind)
                if name in fields
                else f"{name}:\n"
                if name
                else "\n"
            )
        return "---\n" + "".join(parts) + "---\n" + BODY


START = ("title", "id", "status", "type", "priority", "created", "assignee")
STABLE = ("title", "id", "status", "type", "priority", "created", "assignee", "project", "tags", "milestone", "estimate", "parent",
          "due", "goal", "depends_on", "repeat", "start", "wait", "remaining", "rank", "closed", "time")  # fmt: skip
LAYOUTS: tuple[Layout, ...] = (
    Present(),
    Layout(),
    Ordered("cold fields between hot ones", STABLE),
    Spaced(""),
    Spaced("#"),
    Ordered("every field has a line", ORDER, tuple(CHOICES)),
    Ordered(
        "every daily field has a line, cold ones between",
        STABLE,
        (*DAILY, "milestone", "parent", "goal"),
    ),
    Form(
        "form: 9 daily fields, cold or blank lines between",
        (*START, "", "project", "", "tags", "", "estimate", "", "due", "", "depends_on"),
    ),
    Form(
        "form: 7 daily fields, cold or blank lines between",
        (*START, "", "tags", "", "estimate", "", "due"),
    ),
    Form(
        "form: 9 daily fields, cold fields between",
        (*START, "project", "tags", "milestone", "estimate", "parent", "due", "goal", "depends_on"),
    ),
    Spaced("", DAILY),
    Spaced("", tuple(CHOICES)),
)


def field_edit(rnd: random.Random, name: str) -> Edit:
    """A random change of one field."""
    value = rnd.choice(CHOICES[name])
    return (
        Add(name, (value,))
        if name in ("tags", "depends_on")
        else Set(name, (value,) if name in MANY else value)
    )


def body_edit(rnd: random.Random) -> Edit:
    """A tick or a paragraph."""
    return (
        Tick(rnd.randint(1, 3))
        if rnd.random() < 0.5
        else Append(f"Seen again by {rnd.choice(['Ada', 'Bo'])} {rnd.random()}.")
    )


def right(data: bytes, base: bytes, layout: Layout, edits: tuple[Edit, Edit]) -> bool:
    """Whether a merge says what one edit after the other says."""
    wanted, found = (
        parse("a.md", layout.edit(layout.edit(base, edits[0]), edits[1]), SCHEMA),
        parse("a.md", data, SCHEMA),
    )

    def plain(fields: dict[str, Value]) -> dict[str, object]:
        return {
            name: sorted(each) if isinstance(each, tuple) else each for name, each in fields.items()
        }

    return plain(dict(found.fields)) == plain(dict(wanted.fields)) and sorted(
        found.body.split("\n")
    ) == sorted(wanted.body.split("\n"))


def by_git(folder: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[bool, bytes]:
    """Whether git's line merge is clean, and the result."""
    paths = [f"{folder}/{name}" for name in ("ours", "base", "theirs")]
    for path, data in zip(paths, (ours, base, theirs), strict=True):
        with open(path, "wb") as handle:
            handle.write(data)
    done = subprocess.run(["git", "merge-file", "-p", *paths], capture_output=True, check=False)
    return done.returncode == 0, done.stdout


def by_plaintrack(_: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[bool, bytes]:
    """The same of plaintrack's driver."""
    result = merge(base, ours, theirs, "a.md", SCHEMA)
    return result.clean, result.data


Merger = Callable[[str, bytes, bytes, bytes], tuple[bool, bytes]]
Pairs = Callable[[random.Random], tuple[Edit, Edit]]


def pairs_of(names: Sequence[str]) -> Pairs:
    """Pairs of edits of two different fields, each pair of fields as likely."""
    couples = list(combinations(names, 2))

    def draw(rnd: random.Random) -> tuple[Edit, Edit]:
        one, two = rnd.sample(rnd.choice(couples), 2)
        return field_edit(rnd, one), field_edit(rnd, two)

    return draw


def two_tags(_: random.Random) -> tuple[Edit, Edit]:
    return Add("tags", ("api",)), Add("tags", ("ui",))


def field_and_body(rnd: random.Random) -> tuple[Edit, Edit]:
    return field_edit(rnd, rnd.choice(DAILY)), body_edit(rnd)


def two_steps(rnd: random.Random) -> tuple[Edit, Edit]:
    one, two = rnd.sample((1, 2, 3), 2)
    return Tick(one), Tick(two)


def two_paragraphs(_: random.Random) -> tuple[Edit, Edit]:
    return Append("Seen again."), Append("Never seen.")


KINDS: dict[str, Pairs] = {
    "two daily fields": pairs_of(DAILY),
    "two of 14 fields": pairs_of(tuple(CHOICES)),
    "field and body": field_and_body,
    "two tags": two_tags,
    "two steps": two_steps,
    "two paragraphs": two_paragraphs,
}


def share(layout: Layout, pairs: Pairs, merger: Merger, count: int, folder: str) -> float:
    """The share of ``count`` random pairs of edits to one new item that are merged cleanly and rightly."""
    rnd = random.Random(1)
    good = 0
    for _ in range(count):
        base = layout.text(new_item(rnd)).encode()
        edits = pairs(rnd)
        clean, data = merger(folder, base, *(layout.edit(base, each) for each in edits))
        good += clean and right(data, base, layout, edits)
    return good / count


def table(layouts: Sequence[Layout], count: int, folder: str) -> None:
    """The shares as a Markdown table."""
    print(f"| new files | {' | '.join(KINDS)} |\n|---|{'---:|' * len(KINDS)}")
    for name, layout, merger in [
        *((each.name, each, by_git) for each in layouts),
        ("the driver", layouts[0], by_plaintrack),
    ]:
        print(
            f"| {name} | {' | '.join(f'{share(layout, pairs, merger, count, folder):.1%}' for pairs in KINDS.values())} |",
            flush=True,
        )


def calls(folder: str) -> None:
    """What one call of the driver costs, beside its floors."""
    env = environment()
    os.chdir(folder)
    subprocess.run(["git", "init", "-q"], check=True, env=env)
    with open("plaintrack.yml", "w", encoding="utf-8") as handle:
        handle.write("timezone: Europe/Berlin\n")
    base = Layout().text(new_item(random.Random(2))).encode()
    cases = {"two fields": b"## Done", "a conflict": b"status: todo"}
    sides = {
        "two fields": (b"status: todo", b"status: done"),
        "a conflict": (b"status: todo", b"status: done"),
    }
    driver = [PYTHON, "-m", "plaintrack", "merge-file", "base", "ours", "theirs", "7", "tasks/a.md"]
    floor = [PYTHON, "-c", "import click, yaml"]
    print(
        "\n| one call of the driver | ms | × `import click, yaml` | × `python -c pass` |\n|---|---:|---:|---:|"
    )
    for name in cases:
        times: dict[str, list[float]] = {"driver": [], "floor": [], "pass": []}
        for _ in range(CALLS):
            theirs = base.replace(
                cases[name], b"status: review" if name == "a conflict" else b"## Done soon"
            )
            for file, data in (
                ("base", base),
                ("ours", base.replace(*sides[name])),
                ("theirs", theirs),
            ):
                with open(file, "wb") as handle:
                    handle.write(data)
            times["driver"].append(process(driver, env, (0, 1)).wall)
            times["floor"].append(process(floor, env).wall)
            times["pass"].append(process([PYTHON, "-c", "pass"], env).wall)
        ratios = [
            median(a / b for a, b in zip(times["driver"], times[each], strict=True))
            for each in ("floor", "pass")
        ]
        print(
            f"| {name} | {median(times['driver']) * 1000:.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |"
        )
    long = base + b"".join(
        b"- [ ] step %d\n\nSome text about it.\n\n" % number for number in range(5_000)
    )
    started = time.perf_counter()
    merge(
        long,
        long.replace(b"todo", b"done"),
        long.replace(b"step 77\n", b"step 77, now\n"),
        "a.md",
        SCHEMA,
    )
    print(
        f"\nA body of 20,000 lines: {(time.perf_counter() - started) * 1000:.0f} ms in the process."
    )


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--layouts", action="store_true", help="measure other layouts of new files, too"
    )
    options.add_argument(
        "--pairs", type=int, default=1000, help="how many random pairs of each kind (1000)"
    )
    given = options.parse_args()
    folder = tempfile.mkdtemp()
    try:
        table(LAYOUTS if given.layouts else LAYOUTS[:1], given.pairs, folder)
        calls(folder)
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
