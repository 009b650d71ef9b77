"""Values that are changed on their way in or out are named, with a count and an example, in every format."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plaintrack.exchange import taskwarrior
from plaintrack.exchange.changes import Changes
from plaintrack.exchange.draft import Remark, Span
from plaintrack.exchange.formats import codec, reading, writing
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import Source

BERLIN = ZoneInfo("Europe/Berlin")


def table(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def jira(about):
    return json.dumps({"issues": [{"key": "A-1", "fields": {"summary": "Fix", **about}}]})


def trello(card, **board):
    lists = [{"id": "1", "name": "Doing"}, {"id": "2", "name": "Old", "closed": True}]
    mine = {"id": "c", "name": "Fix", "idList": "1", **card}
    return json.dumps({"lists": lists, "cards": [mine], **board})


def todo(*lines):
    inner = "\r\n".join(("BEGIN:VTODO", "UID:u", "SUMMARY:Fix", *lines, "END:VTODO"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inner}\r\nEND:VCALENDAR\r\n"


BOLD = {"type": "doc", "content": [{"type": "text", "text": "Hi", "marks": [{"type": "strong"}]}]}
STEP = {"name": "One", "due": "2026-12-01T10:00:00Z", "idMember": "m"}
NOW = "without moment: they get that of now"
NEAREST = "the day that begins nearest; was the file exported in another time zone?"
BEADS = (
    '{"id": "b", "title": "x", "priority": 3}\n'
    '{"id": "c", "title": "y", "priority": 4, "estimated_minutes": 1.5,'
    ' "due_at": "2026-12-01T10:00:00Z"}\n'
)
CASES = [
    (
        "asana",
        table(["Task ID", "Name", "Due Date"], [1, "Fix", "2026-12-01T10:00:00Z"]),
        {("due", "a day, without its time"): (1, "2026-12-01T10:00:00Z", "2026-12-01")},
    ),
    (
        "beads",
        BEADS,
        {
            ("priority", "one word for several"): (2, "P3, P4", "low"),
            ("due", "a day, without its time"): (1, "2026-12-01T11:00:00+01:00", "2026-12-01"),
            ("estimate", "whole minutes"): (1, "90 seconds", "2m"),
        },
    ),
    (
        "github",
        json.dumps(
            [
                {"number": 1, "title": "a", "state": "OPEN", "type": {"name": "Odd"}},
                {"number": 2, "title": "b", "state": "CLOSED"},
                {"number": 3, "title": "c", "state": "CLOSED", "stateReason": "DUPLICATE"},
                {"number": 4, "title": "d\ud800", "state": "CLOSED", "stateReason": "NOT_PLANNED"},
            ]
        ),
        {
            ("status", "one word for several"): (2, "duplicate, not planned", "cancelled"),
            ("text", "no text"): (1, "half of a character", "�"),
        },
    ),
    (
        "gitlab",
        json.dumps(
            [
                {
                    "iid": 1,
                    "title": "a",
                    "time_stats": {"time_estimate": 90},
                    "issue_type": "issue",
                    "notes": [{"body": "Seen."}],
                }
            ]
        ),
        {
            ("estimate", "whole minutes"): (1, "90 seconds", "2m"),
            ("comments", NOW): (1, "Seen.", ""),
        },
    ),
    (
        "jira",
        table(
            ["Issue key", "Summary", "Status", "Priority", "Due date", "Original estimate"],
            ["A-1", "x", "To Do", "Low", "01/Dec/26 10:30 AM", "90"],
            ["A-2", "y", "Backlog", "Lowest", "01/Dec/26 12:00 AM", "3600"],
            ["A-3", "z", "Done", "Lowest", "", ""],
        ),
        {
            ("priority", "one word for several"): (3, "Low, Lowest", "low"),
            ("status", "one word for several"): (2, "Backlog, To Do", "todo"),
            ("due", "a day, without its time"): (1, "2026-12-01T10:30:00", "2026-12-01"),
            ("estimate", "whole minutes"): (1, "90 seconds", "2m"),
        },
    ),
    (
        "jira",
        jira({"description": BOLD, "comment": {"comments": [{"body": BOLD}]}}),
        {
            ("body", "words without formatting"): (1, "Atlassian's document", "Hi"),
            ("comments", "words without formatting"): (1, "Atlassian's documents", "their words"),
            ("comments", NOW): (1, "Hi", ""),
        },
    ),
    (
        "linear",
        table(["ID", "Title", "Due Date"], ["A-1", "x", "2026-11-27T05:00:00Z"]),
        {("due", NEAREST): (1, "2026-11-27T06:00:00+01:00", "2026-11-27")},
    ),
    (
        "markdown",
        "- [ ] a ⏬ [due:: 2026-12-01T10:00]\n- [ ] b 🔽\n",
        {
            ("priority", "one word for several"): (2, "low, lowest", "low"),
            ("due", "a day, without its time"): (1, "2026-12-01T10:00", "2026-12-01"),
        },
    ),
    (
        "org",
        "* TODO [#B] a\n* NEXT [#B] b\n* TODO c\n:LOGBOOK:\n- Said so\n:END:\n",
        {("comments", NOW): (1, "- Said so", "")},
    ),
    (
        "table",
        table(["title", "due"], ["a", "2026-12-01T10:00:00Z"]),
        {("due", "a day, without its time"): (1, "2026-12-01T11:00:00+01:00", "2026-12-01")},
    ),
    (
        "taskwarrior",
        json.dumps(
            [
                {"uuid": "u", "description": "x", "status": "pending", "due": "20261201T103000Z"},
                {"uuid": "v", "description": "y", "status": "waiting", "due": "20261130T230000Z"},
            ]
        ),
        {
            ("status", "one word for several"): (2, "pending, waiting", "todo"),
            ("due", "a day, without its time"): (1, "2026-12-01T11:30:00+01:00", "2026-12-01"),
        },
    ),
    (
        "todoist",
        table(
            ["TYPE", "CONTENT", "PRIORITY", "INDENT", "DATE"],
            ["task", "a", 4, 1, "2026-12-01 10:00"],
            ["note", "Seen."],
        ),
        {
            ("due", "a day, without its time"): (1, "2026-12-01 10:00", "2026-12-01"),
            ("comments", NOW): (1, "Seen.", ""),
        },
    ),
    (
        "todotxt",
        "(D) a +P +Q due:2026-12-01T10:00\n(E) b\n",
        {
            ("priority", "one word for several"): (2, "D, E", "low"),
            ("project", "further ones are tags"): (1, "Q", "#Q"),
            ("due", "a day, without its time"): (1, "2026-12-01T10:00", "2026-12-01"),
        },
    ),
    (
        "trello",
        trello(
            {"due": "2026-12-01T10:00:00Z", "dueComplete": True},
            checklists=[{"idCard": "c", "name": "L", "checkItems": [STEP]}],
        ),
        {
            ("due", "a day, without its time"): (1, "2026-12-01T11:00:00+01:00", "2026-12-01"),
            ("status", "lists of cards that are complete"): (1, "Doing", "complete"),
            ("steps", "without due date"): (1, "2026-12-01T10:00:00Z", ""),
            ("steps", "without person"): (1, "m", ""),
        },
    ),
    (
        "trello",
        trello({"idList": "2"}),
        {("status", "lists of cards that are archived"): (1, "Old", "archived")},
    ),
    (
        "vtodo",
        todo("PRIORITY:2", "COMMENT:Seen.").replace(
            "END:VCALENDAR",
            "BEGIN:VTODO\r\nUID:v\r\nSUMMARY:y\r\nPRIORITY:4\r\nEND:VTODO\r\nEND:VCALENDAR",
        ),
        {
            ("priority", "one word for several"): (2, "2, 4", "high"),
            ("comments", NOW): (1, "Seen.", ""),
        },
    ),
]


def test_every_format_is_tried():
    assert {form for form, *_ in CASES} == set(reading())
    assert set(WRITTEN) == set(writing())


@pytest.mark.parametrize(("form", "text", "wanted"), CASES)
def test_what_changes_on_the_way_in_is_named(workspace, form, text, wanted):
    """And nothing else is."""
    from plaintrack.app.transfer import read

    data = text.encode("utf-8", "surrogatepass")
    source = Source("file", lambda: io.BytesIO(data), len(data), BERLIN, [])
    found = read.told(read.read(workspace, form, source, read.Given()))
    assert {(each.field, each.why): (each.items, each.old, each.new) for each in found} == wanted


def test_words_that_a_mapping_leaves_out_are_named_and_unknown_ones_kept(empty):
    issues = [
        {"number": number, "title": name, "state": "OPEN", "type": {"name": name}}
        for number, name in enumerate(("Odd", "Even"))
    ]
    empty("init")
    (empty.folder / "f").write_text(json.dumps(issues))
    (empty.folder / "map.yml").write_text("type: {Odd: }\n")
    out = empty("import", "github", "f", "--mapping", "map.yml")
    (line,) = [each for each in out.splitlines() if each.startswith("type ")]
    assert " ".join(line.split()) == "type 1 Odd left out"
    assert "words that mean nothing here are in type_ (1 item, for example 'Even')" in out
    texts = [path.read_text() for path in empty.folder.glob("tasks/*.md")]
    assert sum("\ntype_: Even\n" in each for each in texts) == 1
    assert not any("Odd\n" in each.partition("title: Odd\n")[2] for each in texts)
    assert "PT113" not in empty("check")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    from conftest import _repository

    from plaintrack.app.follow import opened

    folder = tmp_path_factory.mktemp("w") / "w"
    folder.mkdir()
    _repository(folder)("init")
    return opened(str(folder))


def test_a_preview_shows_what_changes(empty):
    empty("init")
    rows = [["A-1", "x", "Low"], ["A-2", "y", "Lowest"]]
    (empty.folder / "f").write_text(table(["Issue key", "Summary", "Priority"], *rows))
    out = empty("import", "jira", "f", "--dry-run")
    (line,) = [each for each in out.splitlines() if each.startswith("priority ")]
    assert " ".join(line.split()) == "priority 2 Low, Lowest low (one word for several)"
    told = json.loads(empty("import", "jira", "f", "--format", "json"))["altered"]
    assert told == [
        {
            "field": "priority",
            "why": "one word for several",
            "items": 2,
            "old": "Low, Lowest",
            "new": "low",
        }
    ]


BEGUN = datetime(2026, 11, 1, 9, 0, 30, tzinfo=UTC)
RECORD = Record(
    "T-1",
    "due:1 x",
    "Look\x07" + "y" * 40_000,
    "active",
    {
        "status": "doing",
        "created": "2026-10-01T10:00:30+02:00",
        "due": "2026-12-01T10:00:00+01:00",
        "start": "2026-11-01",
        "tags": ("a b",),
        "depends_on": ("T-2 +2d",),
        "priority": "least",
        "owner": ("ana", "ben"),
        "project": "New shop",
    },
    rank=4,
    ranks=5,
    remarks=(
        Remark("One", "ana", "2026-11-01T10:00:00+01:00"),
        Remark("Two", "", "2026-11-01T10:00:00+01:00"),
        Remark("Three"),
    ),
    spans=(Span(BEGUN, BEGUN + timedelta(hours=1), "ana", "talk"),),
    statuses={"todo": "open", "doing": "active", "review": "active", "done": "done"},
    zone=BERLIN,
)
DAY, ONE, LAG = "a day, without its time", "one word for several", "without the lag"
WRITTEN = {
    "markdown": {
        ("status", ONE),
        ("priority", ONE),
        ("created", DAY),
        ("due", DAY),
        ("tags", "`-` for blanks"),
        ("depends_on", LAG),
    },
    "org": {
        ("created", "whole minutes"),
        ("tags", "`_` for other signs"),
        ("depends_on", LAG),
        ("comments", "without author"),
        ("comments", "left out without a moment"),
        ("time records", "without person"),
        ("time records", "without note"),
        ("time records", "whole minutes"),
    },
    "table": {("comments", "without author"), ("comments", "without moment")},
    "taskwarrior": {
        ("status", ONE),
        ("priority", ONE),
        ("tags", "`_` for blanks"),
        ("depends_on", LAG),
        ("body", "an annotation"),
        ("comments", "without author"),
        ("comments", "a second or more after another"),
    },
    "todotxt": {
        ("status", ONE),
        ("created", DAY),
        ("due", DAY),
        ("tags", "`-` for blanks"),
        ("project", "`-` for blanks"),
        ("title", "words that mean something there are quoted"),
    },
    "vtodo": {
        ("status", ONE),
        ("priority", ONE),
        ("start", "midnight, beside a moment"),
        ("depends_on", LAG),
        ("owner", "the first"),
        ("comments", "without author"),
        ("comments", "without moment"),
        ("body", "blanks for control characters"),
    },
    "xlsx": {
        ("created", DAY),
        ("due", DAY),
        ("body", "blanks for control characters"),
        ("body", "cut after 32,767 characters"),
    },
}


@pytest.mark.parametrize("form", sorted(WRITTEN))
def test_what_changes_on_the_way_out_is_named(form):
    changes = Changes()
    writes = codec(form).writes
    assert b"".join(writes([RECORD._replace(changes=changes)]))
    assert {(each.field, each.why) for each in changes.altered()} == WRITTEN[form]


def test_an_export_says_what_it_changes(empty):
    empty("init")
    empty("add", "Fix", "due:2026-12-04T10:30")
    empty("export", "todotxt")
    assert "todotxt changes due: a day, without its time (1, such as 2026-12-04T10:30" in empty.err


def test_days_go_to_taskwarrior_as_days_of_the_workspace():
    record = RECORD._replace(fields={**RECORD.fields, "due": "2026-12-04"})
    (task,) = json.loads(b"".join(taskwarrior.write([record])))
    assert task["due"] == "20261203T230000Z"
