"""For every format: the preview counts what the import does, a second import changes nothing, and a
newer file brings what changed there and leaves what changed here.
"""

import csv
import io
import json
import os
import random

import pytest

from plaintrack.app.follow import opened
from plaintrack.app.transfer import read, take
from plaintrack.exchange.formats import reading

WORDS = [
    "Müller",
    "=1+1",
    "../x",
    "<b>",
    "---",
    "#5",
    "ß: y",
    "'q\"",
    "42",
    "\u202ee",
    "[[a]]",
    "|",
]


def table(header, rows):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def github(items):
    url = "https://github.com/o/r/issues/"
    return json.dumps(
        [
            {
                "number": n,
                "title": title,
                "body": f"{title}\n\ud800 end",
                "state": "CLOSED" if done else "OPEN",
                "url": f"{url}{n}",
                "labels": [{"name": tag}],
                "odd": tag,
                "comments": [{"author": {"login": "a"}, "body": tag}] * 2,
            }
            for n, title, done, tag in items
        ]
    )


def gitlab(items):
    return json.dumps(
        [
            {
                "iid": n,
                "title": title,
                "state": "closed" if done else "opened",
                "labels": [tag],
                "web_url": f"https://gitlab.com/o/r/-/issues/{n}",
                "odd": tag,
            }
            for n, title, done, tag in items
        ]
    )


def trello(items):
    lists = [{"id": "0", "name": "Todo"}, {"id": "1", "name": "Done"}]
    cards = [
        {"id": f"5f00000{n}aaaaaaaa", "shortLink": f"s{n}", "name": title, "idList": str(int(done))}
        for n, title, done, _ in items
    ]
    return json.dumps({"lists": lists, "cards": cards, "actions": [], "members": []})


def beads(items):
    status = ("open", "closed")
    lines = [{"id": f"b-{n}", "title": t, "status": status[d], "odd": g} for n, t, d, g in items]
    return "".join(f"{json.dumps(each)}\n" for each in lines)


def taskwarrior(items):
    state = ("pending", "completed")
    return json.dumps(
        [
            {
                "uuid": f"00000000-0000-0000-0000-00000000000{n}",
                "description": t,
                "status": state[d],
            }
            | {"entry": "20261001T100000Z", "odd": g}
            for n, t, d, g in items
        ]
    )


def vtodo(items):
    def text(word):
        return word.translate({ord(each): f"\\{each}" for each in "\\;,"})

    state = ("NEEDS-ACTION", "COMPLETED")
    todos = [
        f"BEGIN:VTODO\r\nUID:u{n}\r\nSUMMARY:{text(t)}\r\nSTATUS:{state[d]}\r\nX-ODD:{text(g)}\r\nEND:VTODO\r\n"
        for n, t, d, g in items
    ]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(todos)}END:VCALENDAR\r\n"


STATUS = ("Todo", "Done")
WRITE = {
    "asana": lambda items: table(
        ["Task ID", "Name", "Completed At", "Odd"],
        [[n, t, "2026-10-02" if d else "", g] for n, t, d, g in items],
    ),
    "beads": beads,
    "github": github,
    "gitlab": gitlab,
    "jira": lambda items: table(
        ["Issue key", "Summary", "Status", "Odd", "Odd"],
        [[f"A-{n}", t, STATUS[d], g, t] for n, t, d, g in items],
    ),
    "linear": lambda items: table(
        ["ID", "Title", "Status", "Odd"], [[f"A-{n}", t, STATUS[d], g] for n, t, d, g in items]
    ),
    "markdown": lambda items: "".join(f"- [{'x' if d else ' '}] {n} {t}\n" for n, t, d, _ in items),
    "org": lambda items: "".join(
        f"* {('TODO', 'DONE')[d]} {t}\n:PROPERTIES:\n:ID: i{n}\n:ODD: {g}\n:END:\n"
        for n, t, d, g in items
    ),
    "table": lambda items: table(
        ["key", "title", "status", "Odd"], [[n, t, STATUS[d], g] for n, t, d, g in items]
    ),
    "taskwarrior": taskwarrior,
    "todoist": lambda items: table(
        ["TYPE", "CONTENT", "PRIORITY", "INDENT"],
        [["task", f"{n} {t}", 1, 1] for n, t, *_ in items],
    ),
    "todotxt": lambda items: "".join(f"{'x ' if d else ''}{n} {t}\n" for n, t, d, _ in items),
    "trello": trello,
    "vtodo": vtodo,
}
NAMELESS = {"markdown", "todoist", "todotxt"}
"""Formats in which an item is known by its text: a changed title is another item."""


def test_every_format_is_tried():
    assert set(WRITE) == set(reading())


def run(folder, form, dry):
    workspace = opened(folder)
    path = os.path.join(folder, "f")
    source = read.opened(workspace, form, path, None, {})
    return take.take(workspace, read.read(workspace, form, source, read.Given()), dry=dry)


def counts(done):
    numbers = (done.read, done.made, done.changed, done.same, done.skipped, done.comments)
    return (*numbers, done.homeless, done.conflicts, done.held, done.notes)


def both(folder, form):
    """What the preview counts, which is what the import counts."""
    shown, done = run(folder, form, True), run(folder, form, False)
    assert counts(shown) == counts(done)
    return done


def files(folder):
    found = {}
    for place, folders, names in os.walk(folder):
        if ".git" in folders:
            folders.remove(".git")
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as handle:
                found[path] = handle.read()
    return found


@pytest.mark.parametrize("form", sorted(WRITE))
def test_previews_second_imports_and_newer_files(empty, form):
    empty("init")
    folder = os.fspath(empty.folder)
    luck = random.Random(form)
    words = luck.sample(WORDS, 6)
    items = [(n, f"Item {words[n]} {n}", n == 3, luck.choice(WORDS)) for n in range(6)]

    def put(some):
        (empty.folder / "f").write_bytes(WRITE[form](some).encode())

    put(items)
    done = both(folder, form)
    assert (done.read, done.made) == (6, 6)
    before = files(folder)
    again = both(folder, form)
    assert (again.same, again.made, again.changed) == (6, 0, 0)
    assert files(folder) == before

    mine = empty.folder / done.samples[1].path
    mine.write_text(mine.read_text().replace("\ndue:\n", "\ndue: 2027-01-01\n"))
    named = form in NAMELESS
    newer = [(n, t if named else f"{t}!" if n == 2 else t, d, g) for n, t, d, g in items]
    put([*newer, (6, "New", False, "x")])
    done = both(folder, form)
    assert (done.read, done.made, done.changed, done.same) == (7, 1, 1 - named, 5 + named)
    before = files(folder)
    again = both(folder, form)
    assert (again.same, again.changed) == (7, 0)
    assert files(folder) == before
    assert "\ndue: 2027-01-01\n" in mine.read_text()
