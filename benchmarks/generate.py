"""Write a believable workspace of N items, the same for the same seed, in one of several flavours of front matter.

* ``plain``: as plaintrack writes it;
* ``quoted``: as other trackers write it: quoted dates, ids and names, ``[]`` and ``[a, b]``, folded titles, comments;
* ``mixed``: half of the items so, half so, as after years of several tools and hands.
"""

from __future__ import annotations

import argparse
import os
import random
import textwrap
import time
from datetime import UTC, date, datetime, timedelta

TEMPLATES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "templates")
TIMEZONE = "Europe/Berlin"  # one that has to be looked up
SETTINGS = os.path.join(TEMPLATES, "plaintrack.yml")

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
AREAS = [
    "web",
    "api",
    "auth",
    "billing",
    "search",
    "mobile",
    "infra",
    "docs",
    "data",
    "reports",
    "mail",
    "admin",
]
TAGS = [
    *AREAS,
    "ux",
    "perf",
    "security",
    "legal",
    "customer",
    "tech-debt",
    "quick-win",
    "research",
    "q1",
    "q2",
]
PEOPLE = ["alice", "bruno", "chen", "dana", "emre", "fatou", "grace", "hugo"]
VERBS = [
    "Fix",
    "Add",
    "Remove",
    "Speed up",
    "Document",
    "Test",
    "Review",
    "Rewrite",
    "Investigate",
    "Migrate",
    "Simplify",
]
OBJECTS = """login redirect|invoice export|search filter|password reset|price table|audit log|data import|status page|user settings
|mail template|webhook retry|session timeout|rate limit|backup job|release notes|date picker|upload form|tax report|mobile menu
|error page|dashboard chart|permission check|cache warm-up|translation of the order form|customer's address book""".replace(
    "\n", ""
).split("|")
WHERES = [
    "",
    "",
    "",
    " on Firefox",
    " for guests",
    " in the staging cluster",
    " after an upgrade",
    " when offline",
    " for large accounts",
]
SENTENCES = """Customers reported this twice last week, and support has a workaround.
|The log shows a timeout in the second call; the first one always succeeds.
|We agreed in the planning meeting to keep the old behaviour behind a setting.
|See the notes of the last review for the numbers and the open questions.
|It only happens with accounts that were made before the migration.
|The tests cover the usual case, but not an empty list or a very long name.
|Nothing here should change what the public interface returns.
|Café Zürich asked for the same thing, with right-to-left names on top.
|Measure before and after; the goal is half of the present time.
|Please check with the people of the data team before the release.""".replace("\n", "").split("|")
STEPS = [
    "Reproduce it",
    "Write a failing test",
    "Change the code",
    "Update the documentation",
    "Tell the customer",
    "Roll it out",
]
RARE = "zebrafish"  # in one body of 200: the word that the benchmark searches for

OPEN_STATUSES, OPEN_WEIGHTS = ["todo", "in-progress", "review"], [80, 13, 7]
PRIORITIES, PRIORITY_WEIGHTS = ["critical", "high", "medium", "low", ""], [4, 18, 38, 15, 25]
TYPES, TYPE_WEIGHTS = ["task", "bug", "feature", "chore"], [50, 25, 15, 10]
ESTIMATES = ["30m", "1h", "2h", "4h", "1d", "2d", "3d", "1w"]


FLAVOURS = ("plain", "quoted", "mixed")
QUOTED = {"id", "due", "wait", "created", "closed", "project", "milestone", "parent", "assignee"}
COMMENTS = ["# set by the triage", "# see the board", "# agreed with the customer"]
WIDTH = 60  # columns after which a title is folded


def quoted(lines: list[str], rng: random.Random) -> list[str]:
    """The lines of a front matter as other trackers write them; what they say stays the same."""
    made: list[str] = []
    lists: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        key, colon, value = line.partition(": ")
        if line.startswith("- "):
            lists[name].append(line.removeprefix("- "))
        elif not colon:
            name = key.removesuffix(":")
            lists[name] = []
        elif key == "title":
            made += _title(value, rng)
        elif key in QUOTED:
            quote = '"' if key == "assignee" else "'"
            made.append(f"{key}: {quote}{value}{quote}")
        else:
            made.append(line)
    for name, values in lists.items():
        made += _list(name, values, rng)
    if "tags" not in lists:
        made.append("tags: []")
    if rng.random() < 0.15:
        keys = [at for at, line in enumerate(made) if line[0] != " "]
        made.insert(rng.choice(keys), rng.choice(COMMENTS))
    if rng.random() < 0.15:
        made.append(f"x-order: {rng.randrange(100) * 1000}  {rng.choice(COMMENTS)}")
    return made


def _title(title: str, rng: random.Random) -> list[str]:
    if rng.random() < 0.2:
        title += f"{rng.choice((':', ' -'))} {rng.choice(SENTENCES).rstrip('.')}"
    if len(title) > WIDTH:
        if ": " not in title and rng.random() < 0.5:  # as YAML libraries fold what needs no quotes
            first, *rest = textwrap.wrap(title, WIDTH)
            return [f"title: {first}", *(f"  {line}" for line in rest)]
        return [
            "title: >-",
            *textwrap.wrap(title, WIDTH, initial_indent="  ", subsequent_indent="  "),
        ]
    if ":" in title or "'" in title:
        return ["title: '" + title.replace("'", "''") + "'"]
    return [f"title: {title}"]


def _list(name: str, values: list[str], rng: random.Random) -> list[str]:
    """A list in brackets, or below its key, in quotes where other trackers take them for ids."""
    if name == "depends_on":
        values = [f"'{value}'" for value in values]
    if rng.random() < 0.5:
        return [f"{name}: [{', '.join(values)}]"]
    return [f"{name}:", *(f"  - {value}" for value in values)]


class Workspace:
    """The random state of one workspace: ids given out, projects, and the day it is today."""

    def __init__(
        self,
        count: int,
        seed: int,
        today: date,
        all_open: bool = False,
        flavour: str = "plain",
    ) -> None:
        self.random = random.Random(seed)
        self.hand = random.Random(-seed)  # who writes: what is written is the same in all flavours
        self.flavour = flavour
        self.today = today
        self.count = count
        self.all_open = all_open
        self.ids: set[str] = set()
        self.recent: list[str] = []
        projects = max(2, count // 60)
        self.projects = [self.new_id() for _ in range(projects)]
        self.milestones = [self.new_id() for _ in range(max(1, projects // 3))]

    def new_id(self) -> str:
        """An id that nobody has."""
        while True:
            made = "PT-" + "".join(self.random.choices(ALPHABET, k=6))
            if made not in self.ids:
                self.ids.add(made)
                return made

    def title(self) -> str:
        """What somebody might want done."""
        pick = self.random.choice
        return f"{pick(VERBS)} the {pick(OBJECTS)}{pick(WHERES)}"

    def body(self) -> str:
        """A few sentences and, in a third of the items, steps."""
        rng = self.random
        text = " ".join(rng.sample(SENTENCES, rng.randint(2, 9)))
        if rng.random() < 0.005:
            text += f" The {RARE} case is the hard one."
        if rng.random() < 0.35:
            done = rng.randint(0, 3)
            steps = rng.sample(STEPS, rng.randint(2, 5))
            text += "\n\n" + "\n".join(
                f"- [{'x' if at < done else ' '}] {step}" for at, step in enumerate(steps)
            )
        return text + "\n"

    def dates(self, age: float, closed: bool) -> list[str]:
        """The lines of due, start, wait, created and closed of an item that is so many days old."""
        rng = self.random
        made = datetime(
            self.today.year, self.today.month, self.today.day, 17, tzinfo=UTC
        ) - timedelta(days=int(age), minutes=rng.randint(0, 500))
        lines = []
        if rng.random() < 0.4:
            due = (
                made.date() + timedelta(days=rng.randint(3, 90))
                if closed
                else self.today + timedelta(days=int(rng.gauss(25, 30)))
            )
            lines.append(f"due: {max(due, made.date())}")
        if not closed and rng.random() < 0.06:
            lines.append(f"wait: {self.today + timedelta(days=rng.randint(1, 60))}")
        lines.append(f"created: {made.isoformat()}")
        if closed:
            end = made + timedelta(hours=rng.uniform(1, min(24 * age + 1, 24 * 40)))
            lines.append(f"closed: {end.isoformat(timespec='seconds')}")
        return lines

    def front(self, lines: list[str]) -> str:
        """The front matter with these lines, in the flavour."""
        other = self.flavour == "quoted" or (self.flavour == "mixed" and self.hand.random() < 0.5)
        return "---\n" + "\n".join(quoted(lines, self.hand) if other else lines) + "\n---\n"

    def item(self, number: int) -> tuple[str, str, str]:
        """Id, title and text of item ``number``; the first are the oldest, and mostly closed."""
        rng = self.random
        made, title = self.new_id(), self.title()
        age = (self.count - number) / self.count * 540 + rng.random()
        closed = rng.random() < min(0.92, 0.1 + age / 500) and not self.all_open
        status = (
            ("done" if rng.random() < 0.9 else "cancelled")
            if closed
            else rng.choices(OPEN_STATUSES, OPEN_WEIGHTS)[0]
        )
        lines = [
            f"id: {made}",
            f"title: {title}",
            f"type: {rng.choices(TYPES, TYPE_WEIGHTS)[0]}",
            f"status: {status}",
        ]
        if priority := rng.choices(PRIORITIES, PRIORITY_WEIGHTS)[0]:
            lines.append(f"priority: {priority}")
        if status != "todo" or rng.random() < 0.6:
            lines.append(f"assignee: {rng.choice(PEOPLE)}")
        if tags := sorted(set(rng.choices(TAGS, k=rng.choice([0, 1, 1, 2, 2, 3])))):
            lines += ["tags:", *(f"- {tag}" for tag in tags)]
        if rng.random() < 0.75:
            lines.append(f"project: {rng.choice(self.projects)}")
        if rng.random() < 0.15:
            lines.append(f"milestone: {rng.choice(self.milestones)}")
        if self.recent and rng.random() < 0.18:
            lines += [
                "depends_on:",
                *(
                    f"- {one}"
                    for one in sorted(set(rng.choices(self.recent, k=rng.choice([1, 1, 2]))))
                ),
            ]
        if self.recent and rng.random() < 0.08:
            lines.append(f"parent: {rng.choice(self.recent)}")
        if rng.random() < 0.45:
            lines.append(f"estimate: {rng.choice(ESTIMATES)}")
        lines += self.dates(age, closed)
        self.recent = [*self.recent[-40:], made]
        return made, title, self.front(lines) + self.body()

    def group(self, number: int, kind: str, ident: str) -> tuple[str, str, str]:
        """Id, title and text of a project, milestone or goal."""
        title = f"{self.random.choice(AREAS).title()} {kind} {number + 1}"
        lines = [
            f"id: {ident}",
            f"title: {title}",
            f"type: {kind}",
            "status: in-progress",
            "created: 2025-01-10T09:00:00+00:00",
        ]
        return ident, title, self.front(lines) + self.body()


def write(folder: str, ident: str, title: str, text: str, mtime: float) -> int:
    """Write one item as plaintrack names it, last changed at ``mtime`` (seconds); returns its size in bytes."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:50]
    path = f"{folder}/{ident}-{slug}.md"
    data = text.encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)
    os.utime(path, (mtime, mtime))
    return len(data)


def generate(
    count: int,
    folder: str,
    seed: int = 1,
    flat: bool = False,
    today: date | None = None,
    all_open: bool = False,
    flavour: str = "plain",
) -> int:
    """Write a workspace of ``count`` items (projects and milestones among them) and return the bytes of its items."""
    space = Workspace(count, seed, today or date.today(), all_open, flavour)
    for name in ("tasks", "projects", "goals"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    with (
        open(SETTINGS, encoding="utf-8") as source,
        open(f"{folder}/plaintrack.yml", "w", encoding="utf-8") as target,
    ):
        target.write(source.read().replace("timezone: UTC", f"timezone: {TIMEZONE}"))
    now = time.time() - 3600
    total = 0
    groups = [(one, "project") for one in space.projects] + [
        (one, "milestone") for one in space.milestones
    ]
    for number, (ident, kind) in enumerate(groups):
        total += write(f"{folder}/projects", *space.group(number, kind, ident), now - 86400)
    shelves: set[str] = set()
    items = max(0, count - len(groups))
    for number in range(items):
        shelf = f"{folder}/tasks"
        if not flat:
            shelf += (
                f"/{AREAS[number % len(AREAS)]}/{number * max(1, count // 3000) // max(1, items)}"
            )
            if shelf not in shelves:
                os.makedirs(shelf, exist_ok=True)
                shelves.add(shelf)
        total += write(shelf, *space.item(number), now - (items - number) * 7)
    return total


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, metavar="N", help="how many items")
    parser.add_argument("folder", metavar="DIR", help="an empty or new folder")
    parser.add_argument(
        "--seed", type=int, default=1, help="another seed, another workspace (default 1)"
    )
    parser.add_argument("--flat", action="store_true", help="all tasks in one folder")
    parser.add_argument(
        "--open", action="store_true", help="no item is closed (else three in five are)"
    )
    parser.add_argument(
        "--flavour",
        choices=FLAVOURS,
        default="plain",
        help="who wrote the front matter (default plain)",
    )
    given = parser.parse_args()
    started = time.perf_counter()
    size = generate(
        given.count,
        given.folder,
        given.seed,
        given.flat,
        all_open=given.open,
        flavour=given.flavour,
    )
    took = time.perf_counter() - started
    print(f"{given.count} items, {size / max(1, given.count):.0f} bytes each, in {took:.1f} s")


if __name__ == "__main__":
    main()
