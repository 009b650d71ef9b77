"""Random triples: one awkward item, and two edits of it by hand and by plaintrack."""

import random
import re

from plaintrack.model.edit import Add, Append, Remove, Set, Tick, Unset
from plaintrack.model.fields import Field, schema
from plaintrack.text.edit import EditRefused, edited
from plaintrack.text.markdown import boxes

SCHEMA = schema(
    {"reviewers": Field("reviewers", "person", many=True), "effort": Field("effort", "number")}
)
BASES = [
    ("---\nid: PT-1\ntitle: Fix the login redirect   # why\nstatus: todo\npriority: high\nassignee: alice # me\ntags:\n- auth\n- web\n"
    "depends_on:\n  - A-2  # first\n  # between\n  - 'A-3'\n  # after\n\n# about\nestimate: 2d\ncreated: 2026-11-22T10:00:00+01:00\n---\n"
    "It fails.\nOften.\n\n## Steps\n- [ ] read\n- [x] think\n- [ ] write\n\nThe end is near.\n"),
    ("---\nid: PT-1\ntitle: 'Two: parts'\nstatus: todo\ntags: [auth, \"web\", c]\ndue: 2026-12-01\nfoo: {a: 1}\nnotes: |\n  kept # no comment\n\n  so\n"
    "priority: low\n---\n# Heading\n\n* [ ] a\n  with more\n* [ ] b\n\n```sh\n- [ ] no box\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    ("---  \n# top\nid: \"PT-1\"\ntitle: two\n  lines\nreviewers: [\n  alice,  # x\n  bob,\n]\npriority: ~\neffort: 2.5\ntime:\n"
    "- 2026-11-20 1h\n- 2026-11-21 2h\nhand made: yes\n...\nBody"),
    "---\n  id: PT-1\n  tags:\n  - a\n  -   b\n  status:   todo\n  title: indented\n---\nOne paragraph.\n\n1. [ ] first\n2. [x] second\n\nAnother.\n\n\n",
    "---\nid: PT-1\ntitle: Bare\nstatus: todo\n---\n",
    "---\n{id: PT-1, title: Flow, status: todo, tags: [a]}\n---\nText\n",
]  # fmt: skip
SINGLE = {
    "title": ["Fix", "Say: no", "42"],
    "status": ["todo", "in-progress", "review", "done"],
    "priority": ["high", "low", "critical"],
    "due": ["2026-12-01", "2026-12-24"],
    "closed": ["2026-11-24T09:00:00+01:00", "2026-11-24T08:30:00+00:00"],
    "estimate": ["2d", "3h"],
    "project": ["PT-9", "PT-8"],
    "effort": ["1", "2"],
    "foo": ["x", "no"],
    "wild": ["w: 1", "#2"],
}
MANY = {"tags": ["auth", "api", "ui", "c"], "assignee": ["alice", "bob"], "depends_on": ["A-2", "A-7"], "reviewers": ["bob", "eve"],
        "time": ["2026-11-22 3h", "2026-11-23 20m"]}  # fmt: skip
WORDS = ["alpha", "beta", "gamma", "delta", "omega", "kappa"]


def by_field(rnd: random.Random, data: bytes) -> bytes:
    """One edit as plaintrack makes it."""
    if rnd.random() < 0.1:
        return edited(
            data,
            "a.md",
            (Set("status", "done"), Set("closed", rnd.choice(SINGLE["closed"]))),
            SCHEMA,
        )
    kind = rnd.choice("ssssaaarru")
    many, single = rnd.choice(list(MANY)), rnd.choice(list(SINGLE))
    if kind == "s":
        edit = Set(single, rnd.choice(SINGLE[single]))
    elif kind == "a":
        edit = Add(many, (rnd.choice(MANY[many]),))
    elif kind == "r":
        edit = Remove(many, (rnd.choice(MANY[many]),))
    else:
        edit = Unset(rnd.choice([name for name in (*SINGLE, *MANY) if name != "title"]))
    return edited(data, "a.md", (edit,), SCHEMA)


def by_step(rnd: random.Random, data: bytes) -> bytes:
    """Tick or untick a step."""
    body = data.decode().partition("---")[2]
    count = len(list(boxes(body)))
    return (
        edited(data, "a.md", (Tick(rnd.randint(1, count), rnd.random() < 0.7),), SCHEMA)
        if count
        else data
    )


def by_hand(rnd: random.Random, data: bytes) -> bytes:
    """What a person does in an editor: comments, quotes, another order, a list on one line, lines of the body."""
    lines = data.decode().split("\n")
    end = next(
        number
        for number, line in enumerate(lines)
        if number and re.fullmatch(r"(---|\.\.\.)\s*", line)
    )
    kind = rnd.choice(["comment", "remark", "quote", "swap", "uncomment", "blank"])
    heads = [number for number in range(1, end) if re.match(r"\w[\w ]*:", lines[number])]
    if not heads:
        return data
    at = rnd.choice(heads)
    if kind == "comment":
        lines.insert(at, f"# {rnd.choice(WORDS)}")
    elif kind == "blank":
        lines.insert(at, "")
    elif kind == "remark" and "#" not in lines[at] and re.search(r": [\w-]+$", lines[at]):
        lines[at] += f"  # {rnd.choice(WORDS)}"
    elif kind == "quote" and (found := re.fullmatch(r"([\w ]+): ([\w-]+)", lines[at])):
        lines[at] = f"{found[1]}: {rnd.choice(chr(34) + chr(39))}{found[2]}".rstrip() + ""
        lines[at] += lines[at].partition(": ")[2][0]
    elif kind == "swap" and len(heads) > 2:
        one, two = sorted(rnd.sample(range(len(heads) - 1), 2)) if len(heads) > 2 else (0, 1)
        bounds = [*heads, end]
        first, second = lines[bounds[one] : bounds[one + 1]], lines[bounds[two] : bounds[two + 1]]
        lines = [
            *lines[: bounds[one]],
            *second,
            *lines[bounds[one + 1] : bounds[two]],
            *first,
            *lines[bounds[two + 1] :],
        ]
    elif kind == "uncomment":
        lines = [
            line
            for number, line in enumerate(lines)
            if number > end or not line.lstrip().startswith("#") or rnd.random() < 0.5
        ]
    return "\n".join(lines).encode()


def by_line(rnd: random.Random, data: bytes) -> bytes:
    """Change, add or delete lines of the body."""
    if rnd.random() < 0.3:
        return edited(data, "a.md", (Append(" ".join(rnd.sample(WORDS, 2))),), SCHEMA)
    head, fence, body = re.fullmatch(
        r"(---.*?\n)(---\n|\.\.\.\n)(.*)", data.decode(), re.DOTALL
    ).groups()
    lines = body.split("\n")
    at = rnd.randrange(len(lines))
    text = " ".join(rnd.sample(WORDS, rnd.randint(1, 3)))
    kind = rnd.choice(["line", "item", "box", "paragraph", "change", "change", "delete"])
    if kind == "change":
        lines[at] = (
            lines[at] + " " + text if lines[at].strip() and "```" not in lines[at] else lines[at]
        )
    elif kind == "delete":
        del lines[at]
    else:
        new = {
            "line": [text],
            "item": [f"- {text}"],
            "box": [f"- [{rnd.choice(' x')}] {text}"],
            "paragraph": ["", text, ""],
        }[kind]
        lines[at:at] = new
    return (head + fence + "\n".join(lines)).encode()


def edit(rnd: random.Random, data: bytes) -> bytes:
    """One to four edits."""
    for _ in range(rnd.choice([1, 1, 2, 3, 4])):
        try:
            data = rnd.choice([by_field, by_field, by_step, by_hand, by_line])(rnd, data)
        except (EditRefused, AttributeError):
            continue
    return data


def triple(rnd: random.Random) -> tuple[bytes, bytes, bytes]:
    """Base, ours, theirs; now and then with other line endings, a byte order mark, or without the final newline."""
    base = rnd.choice(BASES).encode()
    base = edit(rnd, base) if rnd.random() < 0.5 else base
    sides = [base, edit(rnd, base), edit(rnd, base)]
    if rnd.random() < 0.1:
        sides[0] = b""
    if rnd.random() < 0.2:
        sides = [side.replace(b"\n", b"\r\n") for side in sides]
    for number in (1, 2):
        if rnd.random() < 0.05:
            sides[number] = sides[number].rstrip(b"\r\n")
        if rnd.random() < 0.05:
            sides[number] = b"\xef\xbb\xbf" + sides[number]
        if rnd.random() < 0.05:
            sides[number] = (
                sides[number].replace(b"\r\n", b"\n").replace(b"\n", rnd.choice([b"\n", b"\r\n"]))
            )
    return sides[0], sides[1], sides[2]
