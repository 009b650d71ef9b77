"""Exports, read by the programs that they are for, and taken back."""

import json
import shutil
import subprocess
import zipfile

import pytest
import pytodotxt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.exchange import checklist, table, todotxt
from plaintrack.exchange.record import Record
from plaintrack.exchange.source import Source


@pytest.fixture
def work(empty):
    empty("init")
    empty("add", "Shop", "type=project")
    empty("add", "Fix: the =login", "pri:high", "+auth", "due:2026-12-04", "in:Shop", "est:2h30m")
    empty("add", "=1+1", "--body", "Look\n- [ ] a step\n")
    (first, second) = (row["id"] for row in items(empty) if row["title"] != "Shop")
    empty("set", second, f"depends_on={first}")
    empty("comment", first, "Said.")
    empty("start", second)
    return empty


def items(shell):
    return json.loads(shell("list", "--format", "json", "--sort", "title"))["items"]


@pytest.mark.skipif(shutil.which("task") is None, reason="Taskwarrior is not installed")
def test_taskwarrior_reads_what_is_exported(work, tmp_path):
    rc = tmp_path / "rc"
    rc.write_text(f"data.location={tmp_path}\nconfirmation=no\nverbose=nothing\n")
    env = {**work.env, "TASKRC": str(rc), "TASKDATA": str(tmp_path)}

    def task(*words, stdin=""):
        return subprocess.run(
            ["task", *words], env=env, input=stdin, text=True, capture_output=True, check=True
        ).stdout

    task("import", "-", stdin=work("export", "taskwarrior"))
    found = {each["description"]: each for each in json.loads(task("export"))}
    fix, sum_ = found["Fix: the =login"], found["=1+1"]
    assert (fix["project"], fix["priority"], fix["tags"]) == ("Shop", "H", ["auth"])
    assert [sum_["uuid"] in each.get("depends", ()) or each is sum_ for each in found.values()]
    (work.folder / "tasks.json").write_text(task("export"))
    empty_before = len(items(work))
    work("import", "taskwarrior", "tasks.json")
    assert len(items(work)) == empty_before + 2  # the project is the one that is here


def test_a_workbook_holds_texts_days_and_hours(work):
    import openpyxl

    work("export", "xlsx", "--output", "items.xlsx")
    sheet = openpyxl.load_workbook(work.folder / "items.xlsx").active
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    by_title = {row[names.index("title")].value: row for row in rows}
    assert by_title["=1+1"][names.index("title")].data_type == "s"
    fix = by_title["Fix: the =login"]
    assert fix[names.index("estimate (hours)")].value == 2.5
    assert fix[names.index("due")].is_date
    assert zipfile.is_zipfile(work.folder / "items.xlsx")


@pytest.mark.parametrize("form", ["org", "table", "taskwarrior", "vtodo"])
@pytest.mark.parametrize("at", [(), ("--at", "HEAD")])
def test_the_text_of_an_item_goes_out(form, at, empty):
    empty("init", "--git")
    empty("add", "Fix", "--body", "Look here\n")
    empty("commit", "-m", "one")
    assert "Look here" in empty("export", form, *at)


def test_what_a_format_has_no_place_for_is_told(work):
    work("export", "todotxt")
    assert "todotxt has no place for: comments (1), depends_on (1), estimate (1)," in work.err
    assert "projects, milestones and goals themselves (1), the text (1)" in work.err
    (item, *_) = [row["id"] for row in items(work)]
    work("time", "log", item, "1h30m", "--at", "2026-11-20 09:00")
    person = "org changes time records: without person (1, such as jonas)\n"
    for form, said in (("org", person), ("vtodo", "vtodo has no place for: time records (1)\n")):
        work("export", form, "--output", "out")
        assert work.err.startswith("wrote out\n")
        assert said in work.err


def test_time_goes_out_as_timeclock(work):
    (item, *_) = [row["id"] for row in items(work)]
    work("time", "log", item, "1h30m", "--at", "2026-11-20 09:00", "--note", "talk")
    out = work("export", "timeclock")
    assert f"i 2026-11-20 09:00:00+0000 {item}  talk" in out
    if shutil.which("hledger"):
        told = subprocess.run(
            ["hledger", "-f", "timeclock:-", "balance"],
            input=out,
            text=True,
            capture_output=True,
            check=True,
        )
        assert "1.50h" in told.stdout


def test_formats_that_are_not_there_are_told(work):
    from plaintrack.app.transfer import give
    from plaintrack.cli.commands import export_

    assert tuple(name for name, _ in give.formats()) == export_.FORMATS
    work("export", "xslx", code=2)
    assert "'xslx' is not one of 'ical', 'markdown'" in work.err
    work("export", "todotxt", "--vdir", "x", code=2)
    assert "belongs to ical" in work.err


def source(data: bytes) -> Source:
    import io

    return Source("file", lambda: io.BytesIO(data), len(data), None, [])


WORDS = st.text(st.sampled_from("abcXYZ019 +@:()#[]-/.\"'=äß🎉📅"), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())
)
TITLES = WORDS.filter(lambda text: any(each.isalpha() for each in text))
DAYS = st.sampled_from(["1999-12-31", "2024-02-29", "2026-12-01"])
TAGS = st.lists(st.sampled_from(["a", "b2", "c-d"]), max_size=3, unique=True).map(tuple)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    TITLES,
    st.sampled_from(["open", "done"]),
    st.fixed_dictionaries({}, optional={"due": DAYS, "created": DAYS, "tags": TAGS}),
)
def test_todotxt_takes_back_what_it_wrote(title, category, fields):
    record = Record("T-1", title, "", category, {**fields, "closed": "2026-11-01"})
    written = b"".join(todotxt.write([record]))
    (draft,) = todotxt.read(source(written))
    theirs = pytodotxt.Task(written.decode().rstrip("\n"))
    assert theirs.is_completed == (category == "done")
    assert theirs.attributes.get("id") == ["T-1"]
    assert theirs.attributes.get("due", [None]) == [fields.get("due")]
    assert set(fields.get("tags", ())) <= set(theirs.contexts)
    quoted = todotxt._safe(title)
    assert draft.title == " ".join(quoted.split())
    assert draft.key == "T-1"
    assert draft.fields.get("tags", ()) == fields.get("tags", ())
    assert draft.fields.get("due") == fields.get("due")
    assert draft.fields["status"] == ("x" if category == "done" else "open")


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text("abcXYZ ,.", min_size=1).map(lambda text: " ".join(["t", *text.split()])),
    st.sampled_from(["open", "active", "done", "cancelled"]),
    st.fixed_dictionaries({}, optional={"due": DAYS, "start": DAYS, "tags": TAGS}),
)
def test_boxes_take_back_what_they_wrote(title, category, fields):
    record = Record("T-1", title, "", category, fields, rank=1, ranks=4)
    (draft,) = checklist.read(source(b"".join(checklist.write([record]))))
    assert (draft.title, draft.key) == (title, "T-1")
    assert {name: draft.fields.get(name) or () for name in fields} == {
        name: value or () for name, value in fields.items()
    }
    names = {"open": "todo", "active": "in progress", "done": "done", "cancelled": "cancelled"}
    assert draft.fields["status"] == names[category]


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    TITLES,
    st.text(st.sampled_from("ab\n\t#-é"), max_size=20),
    st.fixed_dictionaries(
        {}, optional={"due": DAYS, "tags": TAGS, "estimate": st.just("2d"), "points": st.just("3")}
    ),
)
def test_tables_take_back_what_they_wrote(title, body, fields):
    record = Record("T-1", title, body, "open", {**fields, "status": "todo"})
    (draft,) = table.read(source(b"".join(table.write([record]))))
    assert (draft.key, draft.title, draft.body) == ("T-1", title, body)
    found = {**draft.fields, **draft.extra}
    assert {name: found.get(name) or () for name in fields} == {
        name: value or () for name, value in fields.items()
    }
