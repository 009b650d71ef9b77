"""`project` on the command line: show, status, and close as one deed that undo takes back."""

import json

import pytest

ITEMS = {
    "projects/P-1.md": "type: project\nstatus: in-progress\ntitle: Launch\nobjective: Sell online\nowner: ana\nsponsor: bo\n"
    "stakeholders:\n- cy\n- di\nphase: build\nbudget: 10d\nstart: 2026-11-02\ndue: 2026-12-01",
    "tasks/D-1.md": "type: deliverable\nstatus: done\ntitle: Shop\nproject: P-1",
    "tasks/D-2.md": "type: deliverable\nstatus: review\ntitle: Handbook\nproject: P-1\ndue: 2026-11-20",
    "tasks/T-1.md": "status: done\ntitle: Cart\nparent: D-1\nestimate: 3d\nphase: build",
    "tasks/T-2.md": "status: in-progress\ntitle: Write it\nparent: D-2\nestimate: 2d\nremaining: 1d\nphase: hand over\ndue: 2026-11-30",
    "tasks/M-1.md": "type: milestone\nstatus: todo\ntitle: Live\nproject: P-1\ndue: 2026-11-27",
    "tasks/R-1.md": "type: risk\nstatus: todo\ntitle: No host\nproject: P-1\npriority: high\nowner: bo",
    "tasks/C-1.md": "type: decision\nstatus: done\ntitle: Which shop\nproject: P-1",
    "tasks/O-1.md": "status: todo\ntitle: Backups\nestimate: 1d",
}


@pytest.fixture
def place(empty):
    """A workspace below the top of its repository, in a folder with a blank and a dot."""
    empty.folder = empty.folder / "my work.v2"
    for folder in ("tasks", "projects"):
        (empty.folder / folder).mkdir(parents=True)
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    for path, fields in ITEMS.items():
        steps = "- [x] read\n- [ ] signed\n" if "D-2" in path else ""
        (empty.folder / path).write_text(f"---\nid: {path[-6:-3]}\n{fields}\n---\n{steps}")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def files(place):
    return {
        path.relative_to(place.folder).as_posix(): path.read_bytes()
        for path in place.folder.rglob("*.md")
    }


def test_a_project_whole(place):
    assert place("project", "show", "P-1").splitlines() == [
        "P-1  Launch",
        "  objective    Sell online",
        "  owner        ana",
        "  sponsor      bo",
        "  stakeholders cy, di",
        "  status       in-progress",
        "  phase        build",
        "  kind         project",
        "  start        2026-11-02",
        "  due          2026-12-01",
        "  progress     60% (3d of 1w); 1 of 2 items done",
        "  health       on track (60% done, 70% of the time passed)",
        "  effort       1w planned, 1d left",
        "  spent        4d",
        "  budget       10d (50% planned, 40% spent)",
        "",
        "Deliverables  1 of 2 accepted",
        "ID   TITLE     ACCEPTED  CRITERIA  DUE",
        "D-2  Handbook  review    1 of 2    2026-11-20",
        "D-1  Shop      yes",
        "",
        "Phases  2",
        "PHASE        DONE    PROGRESS  PLANNED  NO ESTIMATE",
        "hand over    0 of 1  0%        2d",
        "build (now)  1 of 1  100%      3d",
        "",
        "Milestones  0 of 1 done",
        "ID   TITLE  STATUS  DUE",
        "M-1  Live   todo    2026-11-27",
        "",
        "Late  1",
        "ID   TITLE     STATUS  ASSIGNEE  DUE",
        "D-2  Handbook  review            2026-11-20",
        "",
        "Risks  1 of 1 open",
        "ID   TITLE    STATUS  PRIORITY  OWNER  DUE",
        "R-1  No host  todo    high      bo",
        "",
        "Decisions  0 of 1 open",
        "ID   TITLE       STATUS  PRIORITY  OWNER  DUE",
        "C-1  Which shop  done",
    ]
    found = json.loads(place("project", "show", "P-1", "--format", "json"))["projects"][0]
    assert (found["progress"], found["budget_planned"], found["budget_spent"]) == (0.6, 0.5, 0.4)
    assert [(each["id"], each["accepted"], each["ticked"]) for each in found["deliverables"]] == [
        ("D-2", False, 1),
        ("D-1", True, 0),
    ]
    assert "### [P-1](projects/P-1.md) Launch" in place(
        "project", "show", "P-1", "--format", "markdown"
    )
    place("set", "P-1", "budget=12000 EUR")
    assert "  budget       12000 EUR\n" in place("project", "show", "P-1")
    assert "10d (50% planned" in place("project", "show", "P-1", "--at", "HEAD")


def test_a_line_for_each_project(place):
    lines = place("project", "status").splitlines()
    assert lines[1].split() == [
        "P-1",
        "Launch",
        "in-progress",
        "on",
        "track",
        "60%",
        "build",
        "ana",
        "2026-12-01",
        "1",
        "4",
        "1w",
        "1d",
        "10d",
        "project",
    ]
    assert lines[2] == "  operations   50% of what is left of all open work (1d of 2d)"
    row = place("project", "status", "--format", "csv").splitlines()[1]
    assert row.startswith("P-1,Launch,Sell online,in-progress,build,,ana,bo,")
    assert place("project", "status", "T-1", code=2) == ""
    assert "T-1 is not a project" in place.err


def test_a_project_is_closed_when_all_is_accepted_and_closed(place):
    before = files(place)
    assert place("project", "close", "P-1", code=1) == ""
    assert (
        "P-1 cannot be closed; 1 deliverable not accepted: D-2; 3 items open: M-1, R-1, T-2"
        in place.err
    )
    assert files(place) == before
    place("done", "D-2", "M-1", "T-2")
    place("cancel", "R-1")
    before = files(place)
    shown = place("project", "close", "P-1", "--dry-run")
    assert "rename from projects/P-1.md\nrename to archive/P-1.md" in shown
    assert "+status: done" in shown
    assert files(place) == before
    lines = place("project", "close", "P-1").splitlines()
    assert lines[0].startswith("P-1  status: in-progress → done")
    assert "moved: projects/P-1.md → archive/P-1.md" in lines[0]
    assert len(lines) == 8
    assert sorted(files(place)) == sorted(
        [f"archive/{name}.md" for name in ("P-1", "D-1", "D-2", "T-1", "T-2", "M-1", "R-1", "C-1")]
        + ["tasks/O-1.md"]
    )
    assert "100% (1w of 1w)" in place("project", "show", "P-1")  # the archive counts
    place("undo")
    assert files(place) == before


def test_a_name_that_the_archive_has_gets_a_number(place):
    place("done", "D-2", "M-1", "T-2", "R-1")
    (place.folder / "archive").mkdir()
    (place.folder / "archive/M-1.md").write_text(
        "---\nid: M-9\ntitle: another\nstatus: done\n---\n"
    )
    assert "tasks/M-1.md → archive/M-1-2.md" in place("project", "close", "P-1")
    assert "id: M-9" in (place.folder / "archive/M-1.md").read_text()


def test_live_blocks_say_what_the_commands_say(place):
    blocks = "<!-- plaintrack: goals -->\n<!-- /plaintrack -->\n<!-- plaintrack: project-status owner:ana -->\n<!-- /plaintrack -->\n"
    (place.folder / "STATE.md").write_text(blocks)
    place("render")
    text = (place.folder / "STATE.md").read_text()
    assert "### Open work for no goal: 2 items, 2d left" in text
    assert "| [P-1](projects/P-1.md) | Launch | in-progress | on track | 60% |" in text
    place("render", "--check")
    (place.folder / "STATE.md").write_text(blocks.replace("owner:ana", "ownr:ana"))
    place("render", "--check", code=1)
    assert "STATE.md:3:" in place.err + place("render", "--check", code=1)


def test_kind_is_derived_and_asked_for_like_a_field(place):
    place("set", "R-1", "kind=operations")
    assert place("list", "kind:operations", "--format", "ids").split() == ["R-1", "O-1"]
    assert place(
        "list", "kind:project", "is:open", "-id:D-2", "--format", "ids", "--sort", "id"
    ).split() == [
        "M-1",
        "P-1",
        "T-2",
    ]
    assert place("stats", "--by", "kind", "is:open", "--format", "csv").splitlines() == [
        "value,count",
        "project,4",
        "operations,2",
    ]
    assert (
        place("list", "id:O-1", "--columns", "id,kind", "--format", "csv").splitlines()[1]
        == "O-1,operations"
    )
    assert json.loads(place("list", "id:T-2", "--columns", "kind", "--format", "json"))[
        "items"
    ] == [{"kind": "project"}]
    assert "did you mean operations" in place.run(("list", "kind:operation"), place.env).stderr
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write("fields: {kind: {type: text}}\n")
    assert place("list", "kind:operations", "--format", "ids").split() == ["R-1"]
    assert (
        place("list", "id:O-1", "--columns", "id,kind", "--format", "csv").splitlines()[1] == "O-1,"
    )


def test_a_budget_in_money_is_compared_with_what_the_work_costs(place):
    (place.folder / "people").mkdir()
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write("rooms: {people: people}\n")
    (place.folder / "people/ana.md").write_text(
        "---\nname: Ana\nrate:\n- 60 EUR/h\n- 2026-11-15 80 EUR/h\n---\n"
    )
    (place.folder / "people/bo.md").write_text("---\nname: Bo\nrate:\n- 320 EUR/d\n---\n")
    place("set", "P-1", "budget=5000 EUR")
    place("set", "T-1", "assignee=ana", "closed=2026-11-10T12:00:00Z")  # 3d at 60 an hour
    assert "5000 EUR (28% planned, 28% spent: 1440 and 1440 EUR; 1 item without a rate)" in place(
        "project", "show", "P-1"
    )
    place(
        "set", "T-2", "assignee=ana,bo"
    )  # 2d, half at 80 and half at 40 an hour; one of them left
    assert "5000 EUR (48% planned, 38% spent: 2400 and 1920 EUR)" in place("project", "show", "P-1")
    found = json.loads(place("project", "show", "P-1", "--format", "json"))["projects"][0]
    assert (found["budget_planned"], found["cost"], found["unpriced"]) == (0.48, 2400.0, 0)
    place("set", "P-1", "budget=5000 USD")
    assert "  budget       5000 USD\n" in place("project", "show", "P-1")  # never converted


def test_a_project_in_the_plan_and_beside_an_older_one(place):
    place("set", "T-2", "assignee=ana", "remaining=", "estimate=2d")
    place.git("commit", "-qam", "who")
    lines = place("project", "show", "P-1", "--plan").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("Plan  "))
    assert lines[at + 1].split()[:7] == ["ID", "TITLE", "START", "END", "AGREED", "DUE", "LATE"]
    assert lines[at + 2].split()[:4] == ["P-1", "Launch", "2026-11-23", "2026-11-24"]
    place("set", "T-2", "estimate=4d")
    found = json.loads(place("project", "show", "P-1", "--compare", "HEAD", "--format", "json"))[
        "projects"
    ][0]["plan"]
    project, handbook, shop, _ = found
    assert (project["end"], project["was"], project["moved"]) == ("2026-11-26", "2026-11-24", 2)
    assert (handbook["id"], handbook["late"], shop["end"]) == ("D-2", 6, None)
    assert "+2d" in place("project", "show", "P-1", "--compare", "HEAD")
