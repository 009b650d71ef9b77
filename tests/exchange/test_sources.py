"""What each format's own program writes, and what must be made of it."""

import csv
import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from plaintrack.exchange.draft import Draft
from plaintrack.exchange.formats import NAMES, codec
from plaintrack.exchange.source import BadSource, Source

BERLIN = ZoneInfo("Europe/Berlin")


def read(form: str, text: str | bytes, **columns: str) -> tuple[list[Draft], list[str]]:
    data = text if isinstance(text, bytes) else text.encode()
    source = Source("file", lambda: io.BytesIO(data), len(data), BERLIN, [], columns)
    reads = codec(form).reads
    assert reads
    return list(reads(source)), source.notes


def only(form: str, text: str | bytes, **columns: str) -> Draft:
    (found,) = [each for each in read(form, text, **columns)[0] if not each.named]
    return found


def table(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


# Taskwarrior


def task(**more: object) -> dict[str, object]:
    return {"uuid": "u1", "description": "Fix", "status": "pending", **more}


def test_days_of_taskwarrior_are_those_of_the_workspace() -> None:
    found = only(
        "taskwarrior", json.dumps([task(due="20261127T230000Z", entry="20261101T120000Z")])
    )
    assert found.fields["due"] == "2026-11-28"
    assert found.fields["created"] == "2026-11-01T13:00:00+01:00"


def test_two_annotations_of_one_second_are_two_comments() -> None:
    notes = [{"entry": "20261101T120000Z", "description": each} for each in ("one", "two")]
    found = only("taskwarrior", json.dumps([task(annotations=notes)]))
    assert [each.text for each in found.remarks] == ["one", "two"]


def test_a_series_is_carried_by_its_last_open_task() -> None:
    tasks = [
        task(uuid="p", status="recurring", recur="weekly", mask="-+"),
        task(uuid="a", status="completed", parent="p", due="20261101T000000Z", recur="weekly"),
        task(uuid="b", parent="p", due="20261108T000000Z", recur="weekly"),
        task(uuid="c", parent="p", due="20261115T000000Z", recur="weekly"),
    ]
    found, _ = read("taskwarrior", json.dumps(tasks))
    assert {each.key: each.fields.get("repeat") for each in found} == {
        "a": None,
        "b": None,
        "c": "weekly",
    }


def test_a_series_without_tasks_is_an_item_itself() -> None:
    found = only("taskwarrior", json.dumps([task(status="recurring", recur="P2W")]))
    assert (found.key, found.fields["repeat"]) == ("u1", "every 2 weeks")


def test_old_and_new_lists_of_dependencies() -> None:
    for depends in ("a,b", ["a", "b"]):
        assert only("taskwarrior", json.dumps([task(depends=depends)])).links["depends_on"] == (
            "a",
            "b",
        )


def test_dotted_projects_are_parts_of_each_other() -> None:
    found, _ = read("taskwarrior", json.dumps([task(project="Home.Kitchen")]))
    assert [(each.key, each.links) for each in found if each.named] == [
        ("project:Home", {}),
        ("project:Home.Kitchen", {"parent": ("project:Home",)}),
    ]


# todo.txt


@pytest.mark.parametrize(
    ("line", "fields", "title"),
    [
        ("(A) 2026-11-01 Call mom", {"priority": "A", "created": "2026-11-01"}, "Call mom"),
        ("x 2026-11-05 2026-11-01 Milk pri:B", {"closed": "2026-11-05", "priority": "B"}, "Milk"),
        ("(b) no priority", {"status": "open"}, "(b) no priority"),
        ("xylophone", {"status": "open"}, "xylophone"),
        (
            "Pay @bank due:2026-12-01 t:2026-11-20",
            {"due": "2026-12-01", "wait": "2026-11-20"},
            "Pay",
        ),
        ("Water rec:1w", {"repeat": "every 1 weeks after completion"}, "Water"),
        ("Water rec:+2d", {"repeat": "every 2 days"}, "Water"),
        ("See http://a.b/c at 10:30", {"status": "open"}, "See http://a.b/c at 10:30"),
        ("a 1 + 1 @ home", {"status": "open"}, "a 1 + 1 @ home"),
    ],
)
def test_lines_of_todotxt(line: str, fields: dict[str, str], title: str) -> None:
    found = only("todotxt", line)
    assert found.title == title
    assert fields.items() <= dict(found.fields).items()


def test_done_items_of_todotxt_have_lost_their_priority() -> None:
    _, notes = read("todotxt", "x 2026-11-05 Milk\n")
    assert "pri:A" in notes[0]


def test_the_same_line_twice_is_two_items() -> None:
    found, _ = read("todotxt", "Milk\nMilk\n")
    assert len({each.key for each in found}) == 2


# GitHub and GitLab


def issue(number: int = 1, **more: object) -> dict[str, object]:
    url = f"https://github.com/o/r/issues/{number}"
    return {"number": number, "title": "Fix", "state": "OPEN", "url": url, **more}


def test_thirty_issues_are_too_round_a_number() -> None:
    _, notes = read("github", json.dumps([issue(each) for each in range(30)]))
    assert "--limit" in notes[0]
    assert not read("github", json.dumps([issue(each) for each in range(31)]))[1]


def test_pull_requests_are_no_issues() -> None:
    found, notes = read("github", json.dumps([issue(pull_request={"url": "x"}), issue(2)]))
    assert [each.key for each in found] == ["o/r#2"]
    assert "pull request" in notes[0]


def test_reasons_of_closing() -> None:
    one = issue(state="CLOSED", stateReason="NOT_PLANNED")
    two = issue(2, state="closed", state_reason="completed")
    found, _ = read("github", json.dumps([one, two]))
    assert [each.fields["status"] for each in found] == ["not planned", "closed"]


def test_sub_issues_dependencies_and_comments_of_github() -> None:
    found = only(
        "github",
        json.dumps(
            issue(
                2,
                parent={"number": 1, "url": "https://github.com/o/r/issues/1"},
                blockedBy={"nodes": [{"number": 3}]},
                comments=[
                    {"author": {"login": "ana"}, "body": "Hm", "createdAt": "2026-11-01T00:00:00Z"}
                ],
            )
        ),
    )
    assert found.links == {"parent": ("o/r#1",), "depends_on": ("o/r#3",)}
    assert found.remarks[0].author == "ana"


def test_items_of_a_github_project() -> None:
    item = {
        "content": issue(7),
        "status": "In Review",
        "size": 3,
        "labels": ["bug"],
        "title": "Fix",
    }
    found = only("github", json.dumps({"items": [item], "totalCount": 1}))
    assert (found.key, found.fields["status"], found.extra["size"]) == ("o/r#7", "In Review", "3")


def test_an_issue_of_gitlab() -> None:
    found = only(
        "gitlab",
        json.dumps(
            [
                {
                    "iid": 4,
                    "title": "Fix",
                    "state": "closed",
                    "labels": ["a", "b"],
                    "due_date": "2026-12-01",
                    "references": {"full": "g/p#4"},
                    "time_stats": {"time_estimate": 9000, "total_time_spent": 0},
                    "milestone": {"title": "v1", "due_date": "2026-12-20"},
                    "weight": 3,
                }
            ]
        ),
    )
    assert (found.key, found.fields["estimate"], found.extra["weight"]) == ("g/p#4", "2h30m", "3")
    assert found.links["milestone"] == ("milestone:v1",)


# Jira


def test_a_comment_cell_of_jira_is_split_twice_only() -> None:
    text = table(
        ["Issue key", "Summary", "Comment", "Comment", "Labels", "Labels"],
        ["A-1", "Fix", "27/Nov/26 10:15 AM;ana;see a; b; c", "28/Nov/26 1:00 PM;ben;ok", "x", "y"],
    )
    found = only("jira", text)
    assert [(each.author, each.text) for each in found.remarks] == [
        ("ana", "see a; b; c"),
        ("ben", "ok"),
    ]
    assert found.remarks[1].date == "2026-11-28T13:00:00+01:00"
    assert found.fields["tags"] == ("x", "y")


@pytest.mark.parametrize(
    ("columns", "created"),
    [
        (["Issue key", "Summary", "Created", "Due date"], "03/Mar/26 9:05 PM"),
        (
            ["Vorgangsschlüssel", "Zusammenfassung", "Erstellt", "Fälligkeitsdatum"],
            "03.03.2026 21:05",
        ),
        (
            ["Vorgangsschlüssel", "Zusammenfassung", "Erstellt", "Fälligkeitsdatum"],
            "03/Mär/26 9:05 PM",
        ),
        (["Clé de ticket", "Résumé", "Création", "Date d'échéance"], "03/mars/26 21:05"),
        (
            ["Clave de incidencia", "Resumen", "Creada", "Fecha de vencimiento"],
            "03/mar/26 9:05 p. m.",
        ),
    ],
)
def test_four_languages_of_jira(columns: list[str], created: str) -> None:
    text = table(columns, ["A-1", "Fix", created, created.split()[0]], delimiter=";")
    found = only("jira", text)
    assert found.fields["created"] == "2026-03-03T21:05:00+01:00"
    assert found.fields["due"] == "2026-03-03"
    assert not found.extra


@pytest.mark.parametrize(
    ("dates", "created", "said"),
    [
        (["6/7/2026 16:14", "6/21/2026 9:00"], "2026-06-07T16:14:00+02:00", []),
        (["6/7/2026 16:14", "21/6/2026 9:00"], "2026-07-06T16:14:00+02:00", []),
        (["6/7/2026 16:14", ""], "2026-07-06T16:14:00+02:00", ["6/7/2026"]),
    ],
)
def test_dates_with_slashes_go_by_the_whole_file(dates, created, said) -> None:
    rows = [[f"A-{number}", "Fix", date] for number, date in enumerate(dates)]
    found, notes = read("jira", table(["Issue key", "Summary", "Created"], *rows))
    assert found[0].fields["created"] == created
    assert [word in note for note, word in zip(notes, said, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(
    ("form", "head", "row"),
    [
        ("asana", ["Task ID", "Name", "Due Date", "Created At"], ["1", "Fix", "22/9/2026", "soon"]),
        ("linear", ["ID", "Title", "Due Date", "Created"], ["A-1", "Fix", "22/9/2026", "soon"]),
    ],
)
def test_dates_that_cannot_be_read_are_kept(form, head, row) -> None:
    assert only(form, table(head, row)).extra == dict(zip(head[2:], row[2:], strict=True))


def test_parents_of_jira_are_numbers_and_work_is_time() -> None:
    text = table(
        ["Issue key", "Issue id", "Summary", "Parent id", "Log Work", "Inward issue link (Blocks)"],
        ["A-1", "10", "Top", "", "", ""],
        ["A-2", "11", "Part", "10", "wrote; tested;27/Nov/26 10:00 AM;ana;5400", "A-1"],
    )
    found, _ = read("jira", text)
    assert found[1].links == {"parent": ("A-1",), "depends_on": ("A-1",)}
    (span,) = found[1].spans
    assert (span.end - span.start).seconds == 5400
    assert (span.author, span.note) == ("ana", "wrote; tested")
    assert span.start == datetime(2026, 11, 27, 10, tzinfo=BERLIN)


def test_a_resolution_that_did_nothing_cancels() -> None:
    text = table(
        ["Issue key", "Summary", "Status", "Resolution"], ["A-1", "Fix", "Done", "Won't Do"]
    )
    assert only("jira", text).fields["status"] == "cancelled (Won't Do)"


def test_the_changelog_of_jiras_json() -> None:
    whole = {
        "issues": [
            {
                "key": "A-1",
                "fields": {"summary": "Fix", "status": {"name": "Done"}, "customfield_1": 5},
                "changelog": {
                    "histories": [
                        {
                            "created": f"2026-11-0{day}T10:00:00.000+0100",
                            "author": {"displayName": "Ana"},
                            "items": [{"field": "status", "fromString": old, "toString": new}],
                        }
                        for day, old, new in ((3, "Doing", "Done"), (2, "To Do", "Doing"))
                    ]
                },
            }
        ]
    }
    found = only("jira", json.dumps(whole))
    assert [(each.old, each.new) for each in found.moves] == [("To Do", "Doing"), ("Doing", "Done")]
    assert found.extra == {"customfield_1": "5"}


# Trello


def board(**more: object) -> str:
    return json.dumps(
        {
            "lists": [{"id": "l1", "name": "Doing"}, {"id": "l2", "name": "Done"}],
            "members": [{"id": "m1", "username": "ana"}],
            "cards": [
                {"id": "5f000000aaaaaaaaaaaaaaaa", "shortLink": "sl", "name": "Fix", "idList": "l1"}
            ],
            **more,
        }
    )


def test_every_checklist_of_a_card_comes_along() -> None:
    card = "5f000000aaaaaaaaaaaaaaaa"
    lists = [
        {"idCard": card, "name": name, "checkItems": [{"name": "a", "state": "complete", "pos": 1}]}
        for name in ("One", "Two")
    ]
    assert only("trello", board(checklists=lists)).body == "## One\n\n- [x] a\n\n## Two\n\n- [x] a"


def test_a_card_tells_when_it_was_made_and_moved() -> None:
    move = {
        "type": "updateCard",
        "date": "2026-11-02T10:00:00.000Z",
        "memberCreator": {"username": "ana"},
        "data": {
            "card": {"id": "5f000000aaaaaaaaaaaaaaaa"},
            "listBefore": {"name": "To do"},
            "listAfter": {"name": "Doing"},
        },
    }
    found = only("trello", board(actions=[move]))
    assert found.fields["created"] == "2020-07-04T06:05:20+02:00"
    assert [(each.author, each.old, each.new) for each in found.moves] == [
        ("ana", "To do", "Doing")
    ]


def test_a_thousand_actions_are_not_all() -> None:
    _, notes = read("trello", board(actions=[{"type": "x", "data": {}}] * 1000))
    assert "1000" in notes[0]


# Linear, Asana, Todoist


@pytest.mark.parametrize(
    ("due", "day", "notes"),
    [
        ("Thu Nov 26 2026 23:00:00 GMT+0000 (GMT)", "2026-11-27", 0),  # Berlin
        ("Fri Nov 27 2026 05:00:00 GMT+0000 (GMT+00:00)", "2026-11-27", 1),  # New York
        ("Thu Nov 26 2026 15:00:00 GMT+0000 (GMT)", "2026-11-27", 1),  # Tokyo
        ("2026-11-27", "2026-11-27", 0),
    ],
)
def test_linears_due_date_is_a_local_midnight(due, day, notes) -> None:
    (found,) = read("linear", table(["ID", "Title", "Due Date"], ["A-1", "Fix", due]))[0]
    assert (found.fields["due"], len(found.changed)) == (day, notes)


def test_asanas_parent_is_a_name() -> None:
    text = table(["Task ID", "Name", "Parent task"], ["1", "Top", ""], ["2", "Part", "Top"])
    found, _ = read("asana", text)
    assert found[1].links["parent"] == ("Top",)


def test_asanas_sheet_has_its_header_further_down() -> None:
    text = table(["My project"], [], ["exported today", ""], ["Task ID", "Name"], ["1", "Fix"])
    assert only("asana", text).key == "1"


TODOIST = table(
    ["TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "INDENT", "AUTHOR", "RESPONSIBLE", "DATE"],
    ["meta", "view_style=list", "", "", "", "", "", ""],
    ["section", "Kitchen", "", "", "", "", "", ""],
    ["task", "Paint @home @loud it", "", "1", "1", "Ana (1)", "Ben (2)", "every friday"],
    ["note", "with blue", "", "", "", "Ana (1)", "", ""],
    ["task", "Buy paint", "", "4", "2", "Ana (1)", "", "2026-12-01"],
)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_rows_of_todoist(mark: str) -> None:
    found, notes = read("todoist", mark + TODOIST)
    paint, buy = found
    assert (paint.title, paint.fields["tags"]) == ("Paint it", ("home", "loud"))
    assert (paint.fields["priority"], buy.fields["priority"]) == ("p1", "p4")
    assert codec("todoist").maps["priority"]["p1"] == "critical"
    assert paint.fields["repeat"] == "every friday"
    assert paint.fields["assignee"] == "Ben"
    assert [each.text for each in paint.remarks] == ["with blue"]
    assert buy.links == {"parent": (paint.key,)}
    assert "open only" in notes[0]


# Check boxes, beads, tables


def test_signs_of_obsidian_tasks() -> None:
    found = only(
        "markdown",
        "- [x] Pay #money 📅 2026-12-01 ✅ 2026-11-30 ⏫ 🔁 every month when done 🆔 ab1",
    )
    assert (found.key, found.title) == ("ab1", "Pay")
    assert found.fields == {
        "status": "done",
        "due": "2026-12-01",
        "closed": "2026-11-30",
        "priority": "high",
        "repeat": "every month after completion",
        "tags": ("money",),
    }


def test_boxes_in_code_are_text() -> None:
    found, _ = read("markdown", "```\n- [ ] no\n```\n- [ ] top\n  - [ ] part [due:: 2026-12-01]\n")
    assert [(each.title, each.links.get("parent")) for each in found] == [
        ("top", None),
        ("part", ("top",)),
    ]
    assert found[1].fields["due"] == "2026-12-01"


def test_dependencies_of_beads() -> None:
    one = {
        "id": "bd-1",
        "title": "Fix",
        "status": "in_progress",
        "priority": 0,
        "dependencies": [
            {"depends_on_id": "bd-2", "type": "blocks"},
            {"depends_on_id": "bd-3", "type": "parent-child"},
            {"depends_on_id": "bd-4", "type": "discovered-from"},
        ],
    }
    two = {"id": "bd-9", "title": "Gone", "status": "tombstone"}
    found = only("beads", f"{json.dumps(one)}\n{json.dumps(two)}\n")
    assert found.links == {"depends_on": ("bd-2",), "parent": ("bd-3",)}
    assert found.extra == {"discovered-from": ("bd-4",)}
    assert found.fields["priority"] == "P0"


def test_beads_tells_when_it_was_closed() -> None:
    one = {"id": "bd-1", "title": "Fix", "status": "closed"}
    days = {"created_at": "2026-10-01T10:00:00Z", "closed_at": "2026-10-05T10:00:00Z"}
    (move,) = only("beads", json.dumps({**one, **days})).moves
    assert (move.old, move.new, move.date.day) == ("open", "closed", 5)


def test_a_table_is_read_by_its_mapping() -> None:
    text = table(["Nr", "Was", "Bis", "Farbe"], ["7", "Streichen", "2026-12-01", "blau"])
    found = only("table", text, Nr="key", Was="title", Bis="due")
    assert (found.key, found.title, found.fields, found.extra) == (
        "7",
        "Streichen",
        {"due": "2026-12-01"},
        {"Farbe": "blau"},
    )


# What is wrong is told, with its place


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("taskwarrior", "[{]", "file:1:3: this is not JSON"),
        ("taskwarrior", "[" * 100_000, ":1:501: this is nested too deeply"),
        ("github", '"x"', "no list of items"),
        ("github", "[1]", "record 1 is not an object"),
        ("trello", "{}", "`cards`"),
        ("jira", "a,b\n1,2\n", "'Issue key', 'Summary'"),
        ("linear", 'ID,Title\n1,"a\n', "file:2:3: this is not CSV"),
        ("linear", "ID,Title\n1,a,b\n", "file:2:5: 3 values stand below 2 columns"),
        ("table", "a,b\n1,2\n", "no column is the title"),
        ("todotxt", b"caf\xe9\n", "file:1:4: this is not UTF-8"),
        ("beads", '{"id": "a", "title": "b"}\n{', "file:2:2: this is not JSON"),
    ],
)
def test_a_broken_file_says_where(form: str, text: str | bytes, said: str) -> None:
    with pytest.raises(BadSource) as error:
        read(form, text)
    assert said in error.value.message


@pytest.mark.parametrize("form", sorted(NAMES))
def test_codecs_say_what_they_do(form: str) -> None:
    found = codec(form)
    assert found.title
    assert found.files
    assert found.reads or found.writes


# What real files have


def test_sprints_of_jiras_json_are_iterations() -> None:
    sprints = [
        {"id": 1, "name": "S1", "boardId": 4, "state": "closed"},
        {"id": 2, "name": "S2", "boardId": 4, "startDate": "2026-11-01T23:00:00.000Z"},
    ]
    about = {"summary": "x", "customfield_10007": sprints}
    about["customfield_1"] = {"hasEpicLinkFieldDependency": False}
    about["attachment"] = [{"filename": "a.png", "content": "https://j/a.png"}]
    group, found = read("jira", json.dumps({"issues": [{"key": "A-1", "fields": about}]}))[0]
    assert (group.title, group.fields["start"]) == ("S2", "2026-11-02")
    assert found.links["iteration"] == (group.key,)
    assert found.extra == {"Earlier sprints": ("S1",), "attachment": ("a.png",)}


def test_links_versions_and_resolutions_of_jiras_json_are_kept() -> None:
    kind = {"name": "Relates", "inward": "relates to", "outward": "relates to"}
    about = {
        "summary": "x",
        "resolution": {"name": "Cannot Reproduce"},
        "fixVersions": [{"name": "1"}, {"name": "2"}],
        "issuelinks": [{"type": kind, "outwardIssue": {"key": "A-2"}}],
        "odd": {"deep": [1]},
    }
    found = only("jira", json.dumps({"issues": [{"key": "A-1", "fields": about}]}))
    assert found.extra == {
        "Resolution": "Cannot Reproduce",
        "Fix versions": ("2",),
        "relates to": ("A-2",),
        "odd": '{"deep": [1]}',
    }


def test_a_task_that_was_begun_keeps_when_and_its_estimate() -> None:
    found = only("taskwarrior", json.dumps([task(start="20261101T120000Z", estimate="PT2H30M")]))
    assert (found.fields["status"], found.fields["estimate"]) == ("started", "2h30m")
    assert found.extra == {"begun": "2026-11-01T13:00:00+01:00"}
    assert only("taskwarrior", json.dumps([task(estimate="big")])).extra == {"estimate": "big"}


def test_ids_of_asana_that_a_spreadsheet_has_rounded_are_refused() -> None:
    text = table(["Task ID", "Name"], ["1200000000000001", "a"], ["1.21143E+15", "b"])
    with pytest.raises(BadSource, match=r"file:3: the Task ID 1\.21143E\+15 was rounded"):
        read("asana", text)


def test_dates_and_parents_of_asana_as_other_versions_write_them() -> None:
    head = ["Task ID", "Name", "Due Date", "Start Date", "Parent Task", "Priority"]
    found = only("asana", table(head, ["1", "a", "2026/07/05", "22/9/2025", "b", "High"]))
    assert (found.fields["due"], found.links["parent"]) == ("2026-07-05", ("b",))
    assert found.fields["priority"] == "High"
    assert found.extra == {"Start Date": "22/9/2025"}


def test_deadlines_durations_and_rules_of_todoist() -> None:
    head = ["TYPE", "CONTENT", "DATE", "DEADLINE", "DURATION", "DURATION_UNIT", "AUTHOR"]
    rows = [
        ["task", "a", "2026-11-30", "2026-12-04", "1", "day", "Ana (12)"],
        ["task", "b", "every! 3 days at 9:30am", "Friday", "45", "minute"],
    ]
    one, two = read("todoist", table(head, *rows))[0]
    assert (one.fields["start"], one.fields["due"]) == ("2026-11-30", "2026-12-04")
    assert one.extra == {"Author": "Ana", "Duration": "1 day"}
    assert (two.fields["repeat"], two.fields["estimate"]) == (
        "every 3 days after completion",
        "45m",
    )
    assert two.extra == {"Deadline": "Friday"}
    assert [each.field for each in two.changed] == ["repeat"]


def test_what_todoist_says_of_no_task_is_told() -> None:
    head = ["TYPE", "CONTENT", "DESCRIPTION"]
    rows = [["note", "Of the project"], ["section", "Home", "About it"], ["task", "a"]]
    notes = read("todoist", table(head, *rows))[1]
    assert "left out: 1 note of the project itself" in notes
    assert "left out: 1 description of sections" in notes


def test_cards_of_archived_lists_are_archived_and_people_who_left_have_names() -> None:
    board = {
        "lists": [{"id": "1", "name": "Old", "closed": True}],
        "cards": [{"id": "c", "name": "Fix", "idList": "1", "idMembers": ["m"]}],
        "actions": [{"type": "addMemberToCard", "member": {"id": "m", "username": "ana"}}],
    }
    found = only("trello", json.dumps(board))
    assert (found.fields["status"], found.fields["assignee"]) == ("archived", ("ana",))


def test_dates_of_boxes_that_are_none_or_stand_twice_are_kept() -> None:
    found = only("markdown", "- [ ] a 📅 2024-02-31 📅 2026-12-01 📅 2026-12-02 🏁 delete\n")
    assert (found.title, found.fields["due"]) == ("a", "2026-12-01")
    assert found.extra == {"due": ("2024-02-31", "2026-12-02"), "on completion": "delete"}


def test_unknown_and_nested_properties_are_kept() -> None:
    issue = {"iid": 1, "title": "a", "odd": {"x": 1}, "confidential": True, "has_tasks": True}
    assert only("gitlab", json.dumps([issue])).extra == {"odd": '{"x": 1}', "confidential": "true"}
    issue = {"id": "b", "title": "a", "meta": {"x": [1]}, "no": None}
    assert only("beads", json.dumps(issue)).extra == {"meta": '{"x": [1]}'}
    assert only("table", '[{"title": "a", "odd": {"x": 1}}]').extra == {"odd": '{"x": 1}'}


@pytest.mark.parametrize("form", ["github", "gitlab"])
def test_milestones_that_are_closed_say_so_and_when(form: str) -> None:
    about = {"title": "v1", "state": "closed", "created_at": "2026-01-04T15:31:39.788Z"}
    milestone = {**about, "closed_at": "2026-02-05T15:31:46.176Z"}
    issue = {"number": 1, "iid": 1, "title": "a", "state": "closed", "milestone": milestone}
    group = read(form, json.dumps([issue]))[0][0]
    assert {name: group.fields[name] for name in ("status", "created", "closed")} == {
        "status": "closed",
        "created": "2026-01-04T16:31:39+01:00",
        "closed": "2026-02-05T16:31:46+01:00",
    }


def test_where_an_issue_stands_in_projects_is_kept() -> None:
    items = [{"title": "Roadmap", "status": {"optionId": "1", "name": "In Progress"}}, {}]
    issue = {"number": 1, "title": "a", "state": "OPEN", "projectItems": items}
    assert only("github", json.dumps([issue])).extra == {"project status": ("In Progress",)}
