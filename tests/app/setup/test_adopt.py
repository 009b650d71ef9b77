"""Other trackers' files, adopted where they lie: read, edited to the byte, and joined by new ones of their own shape."""

import json
import shutil

import pytest
from conftest import ROOT

from plaintrack.app.setup import adopt as adopting
from plaintrack.app.setup.trackers import TRACKERS as TRACKER_TABLE
from plaintrack.app.setup.trackers import workflow
from plaintrack.config.fault import BadSetting
from plaintrack.config.settings import read as settings
from plaintrack.exchange.words import category
from plaintrack.model.fields import Field, schema
from plaintrack.model.ids import acceptable, following, of_file
from plaintrack.text.format import document, filename
from plaintrack.text.parse import parse

TRACKERS = ("backlog", "ticket", "tasknotes", "beans", "kanban-md", "taskmd")


@pytest.fixture
def adopted(empty):
    """A function that puts a tracker's files into the repository, commits them, and adopts them."""

    def adopt(tracker):
        shutil.copytree(ROOT / "tests/cases/adopt" / tracker, empty.folder, dirs_exist_ok=True)
        empty.git("add", "-A")
        empty.git("commit", "-qm", "start")
        empty("init", "--adopt", ".")
        empty.git("add", "-A")
        empty.git("commit", "-qm", "adopted")
        return empty

    return adopt


def changed(shell):
    """The removed and added lines since the last commit, without their context."""
    lines = shell.git("diff", "-U0").splitlines()
    return [line for line in lines if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def items(shell, *query):
    """Id → item of what ``list`` answers."""
    return {
        item["id"]: item for item in json.loads(shell("list", *query, "--format", "json"))["items"]
    }


def made(shell, *words):
    """The path and the text of the file that ``add`` makes."""
    shell("add", *words)
    path = shell.git("-c", "core.quotepath=off", "ls-files", "-o", "--exclude-standard").rstrip(
        "\n"
    )
    return path, (shell.folder / path).read_text()


@pytest.mark.parametrize("tracker", TRACKERS)
def test_adopting_touches_no_file_and_leaves_nothing_to_report(adopted, tracker):
    shell = adopted(tracker)
    assert shell.git("show", "--stat", "--format=", "--name-only", "HEAD").split() == [
        "plaintrack.yml"
    ]
    shell("list")
    assert shell.err == ""
    shell("doctor")


@pytest.mark.parametrize("tracker", TRACKERS)
def test_a_dry_run_shows_the_same_settings_and_writes_nothing(empty, tracker):
    shutil.copytree(ROOT / "tests/cases/adopt" / tracker, empty.folder, dirs_exist_ok=True)
    shown = empty("init", "--adopt", ".", "--dry-run")
    assert not (empty.folder / "plaintrack.yml").exists()
    assert empty("init", "--adopt", ".") == shown == (empty.folder / "plaintrack.yml").read_text()


@pytest.mark.parametrize("tracker", TRACKERS)
def test_what_the_tracker_itself_writes_is_no_slip(adopted, tracker):
    shell = adopted(tracker)
    path = shell.git("-c", "core.quotepath=off", "ls-files", "*.md").splitlines()[0].strip('"')
    (known,) = (
        each for each in TRACKER_TABLE if each.name.lower().startswith(tracker.partition("-")[0])
    )
    item = shell.folder / path
    lines = "".join(f"{key}: 2026-01-01\n" for key in known.own if key not in item.read_text())
    item.write_text(item.read_text().replace("---\n", f"---\n{lines}", 1))
    said = json.loads(shell.run(["check", "--format", "json"], shell.env).stdout)
    assert [each for each in said["findings"] if each["code"].startswith("PT1")] == []


def test_backlog(adopted):
    shell = adopted("backlog")
    assert items(shell).keys() == {"TASK-1", "TASK-1.1", "TASK-2"}
    assert items(shell, "is:closed").keys() == {"TASK-3"}
    assert items(shell, "is:blocked").keys() == {"TASK-2"}
    first = items(shell, "id:TASK-1")["TASK-1"]
    assert (first["status"], first["assignee"], first["tags"]) == (
        "In Progress",
        ["@ines"],
        ["hardware"],
    )
    assert first["created"].startswith("2026-10-02T08:15")
    assert items(shell, "parent:TASK-1").keys() == {"TASK-1.1"}
    assert items(shell, 'status:"in progress"').keys() == {"TASK-1"}
    shell("set", "TASK-2", "status=in progress", "tags+=field")
    shell("done", "1.1")
    assert changed(shell) == [
        "-status: To Do",
        "+status: Done",
        "-status: To Do",
        "+status: In Progress",
        "-labels: []",
        "+labels: [field]",
    ]
    path, text = made(shell, "Fix: the heater's fuse", "tags=hardware", "depends_on=TASK-2")
    assert path == "backlog/tasks/task-4 - Fix-the-heaters-fuse.md"
    assert text == (
        "---\nid: TASK-4\ntitle: 'Fix: the heater''s fuse'\nstatus: To Do\nlabels:\n- hardware\n"
        "dependencies:\n- TASK-2\ncreated_date: '2026-11-23 08:00'\n---\n"
    )


def test_ticket(adopted):
    shell = adopted("ticket")
    assert items(shell).keys() == {"gh-1a2b", "gh-3c4d", "gh-5e6f"}
    assert items(shell, "is:blocked").keys() == {"gh-5e6f"}
    assert items(shell, "priority:0")["gh-3c4d"]["title"] == "Pump runs dry"
    assert shell("list", "--format", "ids").split()[0] == "gh-3c4d"
    shell("set", "5e6f", "priority=1", "tags=night,tank", "title=Water at night")
    shell("done", "3c4d")
    assert changed(shell) == [
        *("-status: in_progress", "+status: closed"),
        *(
            "-priority: 2",
            "+priority: 1",
            "+tags: [night, tank]",
            "-# Water by night",
            "+# Water at night",
        ),
    ]
    path, text = made(shell, "Mend the tap", "type=bug", "depends_on=1a2b")
    item = path.removeprefix(".tickets/").removesuffix(".md")
    assert item.startswith("gh-")
    assert len(item) == 7
    assert text == (
        f"---\nid: {item}\nstatus: open\npriority: 2\ntype: bug\ndeps: [gh-1a2b]\n"
        "created: 2026-11-23T08:00:00+00:00\n---\n# Mend the tap\n"
    )


def test_tasknotes(adopted):
    shell = adopted("tasknotes")
    found = items(shell)
    assert {item["title"] for item in found.values()} == {
        "Order seed potatoes",
        "Prune the plum trees",
    }
    assert found["Order-seed-potatoes"]["due"] == "2026-12-05"
    assert found["Order-seed-potatoes"]["project"] == ["[[Spring planting]]"]
    assert items(shell, "is:overdue").keys() == {"Prune-the-plum-trees"}
    assert [item["title"] for item in items(shell, "is:closed").values()] == ["Bäume gießen"]
    shell("set", "order", "due=+3d", "status=waiting for", "tags+=buy")
    shell("done", "prune")
    assert changed(shell) == [
        *(
            "-status: open",
            "+  - buy",
            "+status: waiting for",
            "-deadline: 2026-12-05",
            "+deadline: 2026-11-26",
        ),
        *("-status: in-progress", "+status: done", "+completedDate: 2026-11-23"),
    ]
    path, text = made(shell, "Sharpen: the saw", "due=2026-12-24")
    assert path == "TaskNotes/Tasks/Sharpen the saw.md"
    assert text == (
        "---\ntitle: 'Sharpen: the saw'\nstatus: open\npriority: normal\ntags:\n- task\ndeadline: 2026-12-24\ndateCreated: 2026-11-23T08:00:00+00:00\n---\n"
    )
    assert "Sharpen the saw 2.md" in shell("add", "Sharpen: the saw")


def test_beans(adopted):
    shell = adopted("beans")
    names = {
        "glass-house-a1b2": "Read the light meter",
        "glass-house-c3d4": "Shade the roof",
        "glass-house-m1m1": "Version 1",
    }
    assert {key: item["title"] for key, item in items(shell).items()} == names
    assert items(shell, "is:blocked").keys() == {"glass-house-c3d4"}
    assert items(shell, "is:archived").keys() == {"glass-house-e5f6"}
    assert items(shell, "under:m1m1").keys() == {"glass-house-a1b2"}
    shell("set", "c3d4", "priority=high")
    shell("done", "a1b2")
    assert changed(shell) == [
        "-status: in-progress",
        "+status: completed",
        "-priority: normal",
        "+priority: high",
    ]
    path, text = made(shell, "Glue the panes", "parent=m1m1")
    assert path.startswith(".beans/glass-house-")
    assert path.endswith("--glue-the-panes.md")
    assert text == (
        "---\ntitle: Glue the panes\nstatus: todo\ntype: task\nparent: glass-house-m1m1\ncreated_at: 2026-11-23T08:00:00+00:00\n---\n"
    )


def test_kanban_md(adopted):
    shell = adopted("kanban-md")
    assert items(shell).keys() == {"1", "2"}
    assert items(shell, "is:blocked").keys() == {"2"}
    assert items(shell, "depends_on:1").keys() == {"2"}
    assert items(shell, "is:closed")["3"]["closed"] == "2026-10-03T10:30:00+00:00"
    shell("set", "2", "priority=high", "depends_on+=3")
    shell("done", "1")
    assert changed(shell) == [
        *("-status: in-progress", "+status: done", "+completed: 2026-11-23T08:00:00+00:00"),
        *("-priority: medium", "+priority: high", "+  - 3"),
    ]
    path, text = made(shell, "Oil the hinges", "depends_on=1,2", "parent=1")
    assert path == "kanban/tasks/004-oil-the-hinges.md"
    assert text == (
        "---\nid: 4\ntitle: Oil the hinges\nstatus: backlog\npriority: medium\nparent: 1\ndepends_on:\n- 1\n- 2\n"
        "created: 2026-11-23T08:00:00+00:00\n---\n"
    )


def test_taskmd(adopted):
    shell = adopted("taskmd")
    assert items(shell).keys() == {"001", "002"}
    assert items(shell, "is:blocked").keys() == {"002"}
    assert items(shell, "assignee:ines effort:large").keys() == {"001"}
    shell("set", "002", "assignee=tom", "depends_on+=003", "effort=large")
    shell("done", "001")
    assert changed(shell) == [
        *("-status: in-progress", "+status: completed"),
        *(
            "-effort: small",
            '-dependencies: ["001"]',
            "+owner: tom",
            "+effort: large",
            '+dependencies: ["001", "003"]',
        ),
    ]
    path, text = made(shell, "Plot the humidity", "depends_on=001")
    assert path == "tasks/004-plot-the-humidity.md"
    assert (
        text
        == "---\nid: '004'\ntitle: Plot the humidity\nstatus: pending\ndependencies:\n- '001'\ncreated: 2026-11-23\n---\n"
    )


@pytest.mark.parametrize("tracker", TRACKER_TABLE, ids=lambda each: each.name)
def test_the_docs_name_what_is_mapped(tracker):
    page = (ROOT / "docs/adopting.md").read_text("utf-8")
    section = page.split(f"## {tracker.name}\n")[1].split("\n## ")[0]
    keys = {
        about.get("key", name)
        for name, about in tracker.fields.items()
        if about.keys() & {"key", "type"} and name != "priority"
    }
    for each in (*keys, *tracker.folders):
        assert f"`{each}" in section, each


def test_a_default_that_is_no_choice_is_left_out(empty):
    shutil.copytree(ROOT / "tests/cases/adopt/beans", empty.folder, dirs_exist_ok=True)
    settings = empty.folder / ".beans.yml"
    settings.write_text(
        settings.read_text().replace("default_status: todo", "default_status: nonsense")
    )
    text = empty("init", "--adopt", ".")
    assert "prefix: glass-house" in text
    assert "nonsense" not in text
    empty("add", "One")


def test_the_tasks_folder_itself_leads_to_the_root(empty):
    shutil.copytree(ROOT / "tests/cases/adopt/kanban-md", empty.folder, dirs_exist_ok=True)
    empty("init", "--adopt", "kanban/tasks")
    assert (empty.folder / "plaintrack.yml").is_file()
    assert items(empty).keys() == {"1", "2"}


def test_archived_means_archived(adopted):
    """Backlog.md keeps the status of what is archived: that is no open work."""
    shell = adopted("backlog")
    folder = shell.folder / "backlog/archive/tasks"
    folder.mkdir(parents=True)
    (folder / "task-9 - Gone.md").write_text(
        "---\nid: TASK-9\ntitle: Gone\nstatus: To Do\nassignee: []\nlabels: []\ndependencies: []\n---\n"
    )
    for words in (("list",), ("next",), ("list", "is:open"), ("list", "is:ready"), ("board",)):
        assert "Gone" not in shell(*words)
    assert "Gone" in shell("list", "is:archived", "--all")
    shell("set", "TASK-2", "depends_on=TASK-9")
    assert "TASK-2" in shell("list", "is:ready", "--format", "ids")
    shell("reopen", "TASK-9")
    assert "Gone" in shell("list")


def test_values_nobody_foresaw_are_taken_up(empty):
    shutil.copytree(ROOT / "tests/cases/adopt/taskmd", empty.folder, dirs_exist_ok=True)
    more = (
        "---\nid: '009'\ntitle: Odd\nstatus: wont-do\npriority: someday\ncreated: 2026-10-01\n---\n"
    )
    (empty.folder / "tasks/009-odd.md").write_text(more)
    (empty.folder / "tasks/010-broken.md").write_text("---\ntitle: a: b\n---\n")
    text = empty("init", "--adopt", ".")
    assert "  wont-do: cancelled\n" in text
    assert "priorities: [critical, high, medium, low, someday]" in text
    assert "cannot be read: tasks/010-broken.md" in empty.err


def test_what_is_no_tracker_or_already_a_workspace_is_refused(empty):
    empty("init", "--adopt", ".", code=2)
    assert "known are Backlog.md" in empty.err
    empty("init")
    shutil.copytree(ROOT / "tests/cases/adopt/beans", empty.folder, dirs_exist_ok=True)
    empty("init", "--adopt", ".", code=2)
    assert "already" in empty.err


def test_ids_from_file_names():
    assert of_file(".beans/a-b2--fix--it.md", "--") == "a-b2"
    assert of_file("x/Review the report.md", "") == "Review-the-report"
    names = ["Bäume gießen", "報告書", "a" * 90, "-", "C++?"]
    found = [of_file(f"x/{name}.md", "") for name in names]
    assert all(acceptable(each) for each in found)
    assert len(set(found)) == len(found)


def test_file_names():
    assert (
        filename("{id:lower} - {words}", "TASK-4", "Fix: the (old) fuse, it's hot")
        == "task-4 - Fix-the-old-fuse-its-hot"
    )
    assert filename("{id:03}-{slug}", "7", "Ä b") == "007-a-b"
    assert filename("{id}-{slug}", "PT-1", "報告") == "PT-1"
    assert filename("{title}", "x", "a/b: c?") == "a b c"
    assert filename("{title}", "x", "..") == "x"


def test_the_next_number_keeps_its_zeros():
    assert following("", {"001", "042", "x"}, 3) == "043"
    assert following("TASK", {"task-9", "TASK-2.1"}) == "TASK-10"


def test_a_list_can_be_kept_on_one_line():
    known = schema({"tags": Field("tags", many=True, format="flow")})
    assert "tags: [a, 'b, c']\n" in document([("id", "A-1"), ("tags", ("a", "b, c"))], "", known)


def test_a_title_in_the_file_name_is_not_missed():
    task = parse("n/Buy milk.md", b"---\nstatus: todo\n---\n# Notes\n", schema()._replace(named=""))
    assert (task.id, task.text("title"), task.problems) == ("Buy-milk", "Buy milk", ())


@pytest.mark.parametrize(
    "given",
    [
        {"ids": {"prefix": "a b"}},
        {"ids": {"prefix": "a-"}},
        {"ids": {"from": "elsewhere"}},
        {"ids": {"length": "2"}},
        {"filename": "{id}/{slug}"},
        {"filename": "fixed"},
        {"filename": "{name}"},
        {"title": "body"},
        {"stamps": ["updated"]},
        {"folders": [".git"]},
        {"folders": ["a/../b"]},
        {"folders": ["."]},
        {"folders": ["/etc"]},
    ],
)
def test_settings_that_cannot_be(given):
    with pytest.raises(BadSetting):
        settings(given)


def test_categories_are_guessed_from_names():
    names = ["Icebox", "Doing", "In Review", "Shipped", "Won't do"]
    assert workflow(names, {}) == dict(
        zip(names, ("open", "active", "active", "done", "cancelled"), strict=True)
    )
    assert workflow(["a", "b"], {}) == {"a": "open", "b": "done"}
    assert category("") == "open"


def test_of_spellings_that_differ_only_in_case_the_more_frequent_is_written(empty):
    """Twins in the settings would be refused."""
    folder = empty.folder / "backlog/tasks"
    folder.mkdir(parents=True)
    for number, status in enumerate(("Stuck", "stuck", "stuck"), 1):
        (folder / f"task-{number} - One.md").write_text(
            f"---\nid: task-{number}\ntitle: One\nstatus: {status}\nassignee: []\ncreated_date: '2026-11-01'\nlabels: []\ndependencies: []\n---\n"
        )
    empty("init", "--adopt", ".")
    assert "stuck: " in (empty.folder / "plaintrack.yml").read_text()
    assert "Stuck: " not in (empty.folder / "plaintrack.yml").read_text()
    assert len(empty("list", "status:stuck", "--format", "ids").split()) == 3


def test_a_key_that_plaintrack_has_a_later_field_for_stays_theirs(tmp_path):
    folder = tmp_path / ".tickets"
    folder.mkdir()
    head = "---\nid: abc-1234\nstatus: open\ndeps: []\nlinks: []\ntype: task\npriority: 2\n"
    (folder / "abc-1234.md").write_text(f"{head}team: [red, blue]\nshare: of sales\n---\n# Do it\n")
    text = adopting.propose(str(tmp_path)).text
    assert "team: {type: list of text}" in text
    assert "share: {type: text}" in text


@pytest.mark.parametrize(("tracker", "status"), [("beans", "todo"), ("kanban-md", "backlog")])
def test_the_next_of_a_series_is_as_the_tracker_has_new_items(empty, tracker, status):
    shutil.copytree(ROOT / "tests/cases/adopt" / tracker, empty.folder, dirs_exist_ok=True)
    empty("init", "--adopt", ".")
    (item,) = json.loads(empty("list", "is:ready", "limit:1", "--format", "json"))["items"]
    empty("set", item["id"], "title=Water it", "due=2026-11-20", "repeat=every week")
    empty("done", item["id"])
    (made,) = json.loads(empty("list", "has:follows", "--format", "json"))["items"]
    assert (made["title"], made["status"]) == ("Water it", status)
    assert made["follows"] == item["id"]
