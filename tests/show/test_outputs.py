"""The JSON that commands write is what ``plaintrack schema --output`` says of it."""

import json

import click
import jsonschema
import pytest

from plaintrack.cli.main import plaintrack
from plaintrack.show.outputs import OUTPUTS

ITEM, PROJECT = "PT-7rrpba", "PT-45fpas"
QUICK = (
    "list",
    "list --columns=id,due,tags,urgency,blocked,progress,age,state --limit=20",
    "list --group=status",
    "board",
    f"tree {PROJECT}",
    f"tree {PROJECT} --columns=id,due,depends_on",
    f"show {ITEM} {PROJECT} --why",
    f"show {ITEM} --columns=id,tags,state,urgency",
    "stats",
    "config",
    "explain",
    "explain PT305 set progress cycle-time",
    "rules list",
    "undo --list",
)
LONG = (
    "next",
    "search leak",
    "list --columns=id,critical,planned_end,slack,waits_for,spent,left --limit=20",
    "owners",
    "triage",
    "approvals",
    "branch",
    "check",
    "check --since=HEAD~1",
    "diff HEAD~1",
    "equipment",
    "forecast",
    "forecast --items=3 --backtest",
    "forecast --date=2027-03-01",
    "goals",
    "goals --since=2026-09-01",
    "health",
    f"health {PROJECT}",
    f"history status {ITEM}",
    "inbox",
    "log",
    "metrics",
    "metrics throughput",
    "metrics throughput --by=type",
    "people",
    "plan",
    "plan --compare=HEAD~1",
    f"project show {PROJECT} --plan",
    "project status",
    "publish ../out",
    "rank",
    "recur",
    "recur --preview=2",
    "report weekly",
    "score",
    "import markdown README.md --dry-run",
    "sla",
    "stats --sum=estimate",
    "time accuracy --by=type",
    "time list --from=2026-09-01",
    "time report --from=2026-09-01 --planned",
    "time sheet 2026-10 --person=priya",
    "workload",
    "workload --by=team --planned",
)
BESIDE = {
    "stats": {"estimate"},
    "time accuracy": {"type"},
    "time report": {"item"},
    "workload": {"person", "team"},
}
"""Keys of rows that are called after an option."""
SCHEMAS = {}
"""Those of the example, which are asked for once."""
EMPTY = {"branch", "recur", "forecast"}
"""What has no rows in a new clone; shown by the tests below."""


def command_of(words):
    return max((name for name in OUTPUTS if f"{words} ".startswith(f"{name} ")), key=len)


def closed(schema):
    """The schema, all of whose objects have no more keys than it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(each) for name, each in schema.items()}
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found["additionalProperties"] = False
    return found


def held(shell, words, code=0):
    """The rows of what a command writes, which its schema holds."""
    name = command_of(words)
    if name not in SCHEMAS:
        SCHEMAS[name] = json.loads(shell("schema", "--output", name))
    schema = SCHEMAS[name]
    written = json.loads(shell(*words.split(), "--format=json", code=code))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema, format_checker=jsonschema.FormatChecker())
    shapes = OUTPUTS[name]
    rows = [row for key in {each.name for each in shapes} & set(written) for row in written[key]]
    if not any(each.fields for each in shapes):
        for row in rows:
            for key in BESIDE.get(name, ()):
                row.pop(key, None)
        jsonschema.validate(written, closed(schema))
    return rows


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    import shutil

    from conftest import ROOT, _repository

    folder = tmp_path_factory.mktemp("outputs") / "example"
    shutil.copytree(ROOT / "example-workspace", folder)
    shell = _repository(folder)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    shell("set", ITEM, "priority=low", "due=2026-12-24", "tags+=new")
    shell("add", "Something new", "estimate=2d")
    shell("comment", ITEM, "Words for @jonas")
    shell("rank", PROJECT, "--top")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "more")
    return shell


def test_what_is_written_is_what_the_schema_says(committed):
    for words in QUICK:
        assert held(committed, words), f"{words}: nothing was written that could be wrong"


@pytest.mark.slow
@pytest.mark.parametrize("words", LONG)
def test_what_is_written_at_length_is_what_the_schema_says(committed, words):
    rows = held(committed, words, code=int(words.startswith("check")))
    whole = not any(each.name for each in OUTPUTS[command_of(words)])
    assert rows or whole or command_of(words) in EMPTY


@pytest.mark.slow
def test_outputs_of_branches_merges_timers_and_recurring_work_are_what_their_schemas_say(committed):
    committed.git("switch", "-qc", "other")
    committed("set", ITEM, "priority=high")
    committed.git("commit", "-qam", "theirs")
    committed.git("switch", "-q", "main")
    assert held(committed, "branch")
    committed("set", ITEM, "priority=critical")
    committed.git("commit", "-qam", "ours")
    committed.git("merge", "other", check=False)
    assert held(committed, "conflicts", code=1)
    committed.git("merge", "--abort")
    committed("time", "start", ITEM)
    assert held(committed, "time status")
    assert held(committed, "recur --preview=2")


BOTH = """rules:
- name: call
  on: {entered: done}
  do:
  - run: [touch, called]
- name: say
  about: Say it.
  on: [{changed: status}, {overdue: 2d}]
  do:
  - comment: 'now {status}'
"""


def test_outputs_of_rules_trust_the_doctor_and_own_settings_are_what_their_schemas_say(empty):
    empty("init", "--git")
    folder = empty.folder / "automations"
    folder.mkdir()
    (folder / "both.yml").write_text(BOTH)
    empty("rules", "run")
    empty("add", "One")
    item = empty("list", "--format=ids").strip()
    empty("start", item)
    assert [each["do"] for each in held(empty, "rules list")] == [["run"], ["comment"]]
    assert held(empty, "rules list")[1]["on"] == ["changed status", "overdue 2d"]
    (firing,) = held(empty, "rules log")
    assert (firing["rule"], firing["item"]) == ("say", item)
    assert held(empty, "rules check") == []
    empty.git("add", "-A")
    empty.git("commit", "-qm", "one")
    empty("set", item, "status=review", "--force=Why")
    empty.git("commit", "-qam", "two")
    (would,) = held(empty, "rules test say --since=HEAD~1")
    assert (would["item"], would["why"]) == (item, "status: in-progress → review")
    assert held(empty, "trust --show", code=1) == [{"rule": "call", "command": ["touch", "called"]}]
    known = json.loads(empty("trust", "--show", "--format=json", code=1))
    assert known["trusted"] is False
    assert "+  - run: [touch, called]" in known["changes"]
    assert "* not trusted" in empty("trust", "--show", "--format=markdown", code=1)
    empty("trust", "--show", "--format=csv", code=1)
    assert "not trusted" in empty.err
    empty("trust", "--yes")
    assert json.loads(empty("trust", "--show", "--format=json"))["trusted"] is True
    (folder / "odd.yml").write_text("name: odd\non: {chnged: status}\ndo: []\n")
    held(empty, "rules list", code=1)
    found = json.loads(empty("rules", "list", "--format=json", code=1))["problems"]
    assert found[0]["path"] == "automations/odd.yml"
    assert found[0] in held(empty, "rules check", code=1)
    assert not empty.err
    assert "odd.yml" in empty("rules", "list", "--format=csv", code=1) + empty.err
    path = next((empty.folder / "tasks").glob("*.md"))
    path.write_text(path.read_text().replace("title:", "titel: x\ntitle:", 1) + "<<<<<<< a\n")
    path.with_name("other.md").write_text(path.read_text())
    problems = held(empty, "doctor", code=1)
    assert {each["code"] for each in problems} >= {"duplicate-id"}
    assert "| duplicate-id |" in empty("doctor", "--format=markdown", code=1).replace("\\", "")
    assert {"name": "relative", "value": False} in held(empty, "config --own")


def test_settings_are_typed_and_explanations_are_whole(empty):
    empty("init")
    path = empty.folder / "plaintrack.yml"
    path.write_text(path.read_text() + "form: false\n")
    (found,) = held(empty, "config form")
    assert found["value"] is False
    lines = empty("config", "day", "form", "--format=csv").splitlines()
    assert lines[0] == "name,value,meaning"
    assert lines[2].startswith('form,"""false""",')
    check, action, number, metric = held(empty, "explain PT305 set progress cycle-time")
    assert (check["code"], [*check["parts"]]) == ("PT305", ["why", "fix", "bad", "good"])
    assert (action["kind"], number["kind"], metric["kind"]) == ("action", "computed", "metric")
    assert "### PT305 overdue" in empty("explain", "overdue", "--format=markdown")
    empty("explain", "overdeu", "--format=json", code=2)
    assert "did you mean 'overdue'?" in empty.err


def test_every_command_that_writes_json_has_a_schema():
    found = set()

    def walk(command, name, context):
        if any("json" in getattr(each.type, "choices", ()) for each in command.params):
            found.add(name)
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                inner = command.get_command(context, each)
                walk(inner, f"{name} {each}".strip(), click.Context(inner, parent=context))

    walk(plaintrack, "", click.Context(plaintrack))
    assert found == set(OUTPUTS)


def test_a_schema_knows_the_fields_of_the_workspace_and_allows_more(example):
    path = example.folder / "plaintrack.yml"
    path.write_text(path.read_text() + "\n")
    schema = json.loads(example("schema", "--output", "list"))
    properties = schema["properties"]["items"]["items"]["properties"]
    assert properties["severity"]["type"] == ["string", "null"]
    assert properties["critical"]["type"] == ["boolean", "string", "null"]
    jsonschema.validate({"schema": 1, "items": [{"id": "A", "new": 1}], "more": []}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 2, "items": []}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 1, "items": [{"tags": 3}]}, schema)


def test_a_name_that_is_no_output_is_answered_with_the_nearest(example):
    example("schema", "--output", "lits", code=2)
    assert "no command 'lits' writes JSON\n  hint: did you mean 'list'?" in example.err
    example("schema", "rules", "--output", "list", code=2)
    assert "--output cannot be used with rules" in example.err
    assert example("schema", "--output", "time-list") == example("schema", "--output", "time list")


def test_numbers_and_truths_of_fields_are_typed_everywhere(empty):
    empty("init")
    path = empty.folder / "plaintrack.yml"
    path.write_text(path.read_text() + "fields: {points: {type: integer}, sure: {type: boolean}}\n")
    empty("add", "One", "points=3", "sure=true", "tags=a", "depends_on=")
    item = empty("list", "--format=ids").strip()
    some = "--columns=points,sure,tags"
    for words in ("list", f"show {item}", f"list {some}", f"show {item} {some}"):
        (found,) = json.loads(empty(*words.split(), "--format=json"))["items"]
        assert (found["points"], found["sure"], found["tags"]) == (3, True, ["a"]), words
    assert empty("show", item, some, "--format=csv").splitlines()[1] == "3,true,a"


def test_show_says_where_an_item_stands_and_what_it_links_to(example):
    (item,) = json.loads(example("show", ITEM, "--format=json"))["items"]
    assert (item["state"], item["overdue"], item["blocking"], item["progress"]) == (
        "overdue",
        True,
        True,
        50,
    )
    assert item["links"]["project"] == [
        {
            "id": PROJECT,
            "title": "Leak alerts",
            "status": "in-progress",
            "path": "projects/PT-45fpas-leak-alerts.md",
            "repository": None,
        }
    ]
    assert [each["id"] for each in item["links"]["blocks"]] == ["PT-5rfj9c"]
    example("set", ITEM, "depends_on=PT-etg5m2")
    place = example.folder / item["path"]
    place.write_text(place.read_text().replace("PT-etg5m2", "PT-zzzzzz"))
    (item,) = json.loads(example("show", ITEM, "--format=json"))["items"]
    assert item["links"]["depends_on"] == [
        {"id": "PT-zzzzzz", "title": None, "status": None, "path": None, "repository": None}
    ]


def test_columns_of_show_and_tree_are_obeyed_or_refused(example):
    text = example("show", PROJECT, ITEM, "--columns", "id,due", "--format=csv")
    assert text.splitlines() == ["id,due", f"{PROJECT},2027-01-29", f"{ITEM},2026-11-18"]
    example("show", ITEM, "--columns=id", "--why", code=2)
    assert "--why cannot be used with --columns" in example.err
    rows = json.loads(example("tree", PROJECT, "--columns=id,blocked", "--format=json"))["items"]
    assert rows[0] == {"level": 0, "id": PROJECT, "blocked": False}
    example("tree", "--columns=id", code=2)
    assert "--columns needs --format json or csv" in example.err
    example("tree", "--columns=du", "--format=csv", code=2)
    assert "did you mean due?" in example.err
