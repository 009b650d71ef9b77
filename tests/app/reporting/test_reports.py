"""Reports: what the weekly one says against plain loops, own reports, and their forms."""

import json
import re
import time
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.app.reporting.drawn import inline
from plaintrack.app.reporting.forge import web
from plaintrack.render.plot import Plot, Series
from plaintrack.render.visible import masked


def report(shell, *words, **env):
    return json.loads(shell("report", *words, "--format", "json", **env))


def rows(found, title):
    return [
        row
        for each in found["sections"]
        if each["kind"] == "table" and each["title"].startswith(title)
        for row in each["rows"]
    ]


@pytest.fixture
def week(empty):
    """A commit ten days ago, and one today."""
    shell = empty
    old, new = "2026-11-13T09:00:00+01:00", "2026-11-23T08:00:00+01:00"

    def item(name, status, more=""):
        path = shell.folder / f"tasks/{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\nid: {name}\ntitle: Title {name}\nstatus: {status}\n{more}---\n")

    def commit(when):
        shell.git("add", "-A")
        shell.env |= {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        shell.git("commit", "-qm", "work")

    (shell.folder / "plaintrack.yml").write_text(
        "folders: [tasks]\ntimezone: Europe/Berlin\nrooms: {reports: reports}\n"
    )
    item("PT-a", "todo")
    item("PT-b", "done")
    item("PT-c", "todo", "due: 2026-11-20\n")
    item("PT-d", "todo", "due: 2026-11-25\n")
    item("PT-e", "todo", "due: 2026-11-10\n")
    commit(old)
    item("PT-a", "done")
    item("PT-d", "todo", "due: 2026-12-04\n")
    item("PT-f", "in-progress", "depends_on: [PT-d]\n")
    item("PT-g", "cancelled")
    commit(new)
    return shell


def test_a_week_is_the_difference_of_two_snapshots(week):
    found = report(week, "weekly")
    assert (found["first"], found["last"]) == ("2026-11-16", "2026-11-23")
    assert [row["id"] for row in rows(found, "Done")] == ["PT-a"]
    assert [row["id"] for row in rows(found, "Added")] == ["PT-f", "PT-g"]
    slipped = {row["id"]: row["why"] for row in rows(found, "Slipped")}
    assert slipped == {
        "PT-c": "due 2026-11-20, 3 days overdue",
        "PT-d": "due moved by 9 days, from 2026-11-25 to 2026-12-04",
    }
    assert [(row["id"], row["waits for"]) for row in rows(found, "Blocked")] == [("PT-f", "PT-d")]
    assert [row["id"] for row in rows(found, "In progress")] == ["PT-f"]
    assert {row["id"] for row in rows(found, "Next")} == {"PT-c", "PT-d", "PT-e"}
    assert "1 done, 2 added, 1 cancelled, 2 slipped" in week("report", "weekly")
    # nothing is older than the first commit: the stamps tell, and what slipped is not known
    assert "what slipped is not known" in week("report", "weekly", "--since", "2026-01-01")
    assert rows(report(week, "weekly", "--at", "2026-11-14"), "Done") == []


def test_own_reports_have_blocks_and_placeholders(week):
    folder = week.folder / "reports"
    folder.mkdir()
    (folder / "board.md").write_text(
        "# Week {{week}} of <b>us</b>\n\nOn {{ today }}, {{count is:open}} open.\n\n"
        "<!-- plaintrack: list is:overdue columns:id,title -->\nold\n<!-- /plaintrack -->\n\nEnd.\n"
    )
    (folder / "ours.md").write_text((folder / "board.md").read_text())
    text = week("report", "ours")
    assert text.startswith("# Week 2026\\-W48 of") or "Week 2026-W48 of" in text
    assert "On 2026-11-23, 4 open." in text
    assert "PT-c" in text
    assert "<!--" not in text
    assert "old" not in text
    assert "ours" in week("report")
    page = week("report", "ours", "--format", "html")
    assert "<b>us</b>" not in page
    assert "default-src 'none'" in page
    # a shipped report keeps its name
    assert "todo" in week("report", "board")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{nope}}\n", "reports/x.md:1: unknown placeholder 'nope'"),
        ("\n{{count nope:1}}\n", "reports/x.md:2: unknown field 'nope'"),
        (
            "<!-- plaintrack: lsit -->\n<!-- /plaintrack -->\n",
            "reports/x.md:1: unknown block 'lsit'",
        ),
        ("<!-- plaintrack: list -->\n", "reports/x.md:1: this block is not closed"),
    ],
)
def test_what_is_wrong_in_a_report_has_its_place(week, text, said):
    (week.folder / "reports").mkdir()
    (week.folder / "reports/x.md").write_text(text)
    week("report", "x", code=2)
    assert said in week.err


QUICK = {"weekly", "goals", "flow"}


@pytest.mark.parametrize("names", ["quick", pytest.param("others", marks=pytest.mark.slow)])
def test_each_report_is_told_in_each_form(example, names):
    listed = set(re.findall(r"^(\w+)  ", example("report"), re.MULTILINE))
    assert listed > QUICK
    for name in QUICK if names == "quick" else sorted(listed - QUICK):
        found = report(example, name)
        assert found["report"] == name
        assert found["sections"]


@pytest.mark.slow
def test_a_report_with_pictures_is_written_in_each_form(example):
    files = [example.folder.parent / f"out.{end}" for end in ("md", "html", "json")]
    outputs = [
        f"--output={form}={path}"
        for form, path in zip(("markdown", "html", "json"), files, strict=True)
    ]
    example("report", "project", "45fpas", *outputs)
    markdown, page, data = (path.read_text() for path in files)
    assert "# Project" in markdown
    assert "```mermaid" in markdown
    assert '<img src="data:image/svg+xml' in page
    assert json.loads(data)["title"] == "Project"


def test_no_address_and_no_password_is_in_a_link_to_the_forge():
    assert web("git@github.com:a/b.git", "main") == "https://github.com/a/b/blob/main/"
    assert web("https://me:secret@gitlab.com/a/b/c.git", "x/y") == (
        "https://gitlab.com/a/b/c/-/blob/x/y/"
    )
    assert web("ssh://git@codeberg.org:22/a/b", "main") == (
        "https://codeberg.org/a/b/src/branch/main/"
    )
    for other in ("/srv/git/a.git", "../a", "C:\\a\\b", "host:a/b", ""):
        assert web(other, "main") == ""
    assert masked("mail ann.b+c@x-y.example.org or ann%40example.org; @ann, a@b") == (
        "mail (address) or (address); @ann, a@b"
    )


@given(st.text("ab.@+-_ é%4", max_size=14).map(lambda text: text.replace("%4", "%40")))
def test_addresses_are_found_as_the_pattern_finds_them(text):
    pattern = r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"
    assert masked(text) == re.sub(pattern, "(address)", text)


def test_no_address_is_hidden_in_a_picture():
    chart = Plot("Mail ann@example.org", "bar", "by bob@example.org", "n", [Series("", [("a", 1)])])
    for discreet in (True, False):
        told = inline(chart, "", discreet)
        pictures = re.findall(r"base64,([^\"]+)", told)
        assert len(pictures) == 2
        for each in pictures:
            assert (b"bob@example.org" in b64decode(each)) != discreet


def test_a_long_word_is_masked_at_once():
    began = time.process_time()
    assert masked(f"{'a' * 300_000} a@b.example") == f"{'a' * 300_000} (address)"
    assert time.process_time() - began < 1  # a pattern that tries each letter takes minutes


def test_a_rule_writes_a_report_into_a_file_that_is_one(week):
    rules = week.folder / "automations"
    rules.mkdir()
    (rules / "week.yml").write_text(
        "name: week\non: {changed: priority}\ndo:\n- report: {name: weekly, to: docs/week.md}\n"
        "- report: {name: weekly, to: docs/week.json, since: -14d}\n"
        "- report: {name: weekly, to: tasks/week.md}\n- report: {name: nope, to: docs/x.md}\n"
    )
    week.git("add", "-A")
    week.git("commit", "-qm", "rule")
    said = week("set", "PT-c", "priority=high") + week.err
    path = week.folder / "docs/week.md"
    text = path.read_text()
    assert text.startswith("<!-- plaintrack report: weekly -->\n\n# Weekly report\n")
    assert "[PT-a](../tasks/PT-a.md)" in text
    assert json.loads((week.folder / "docs/week.json").read_text())["first"] == "2026-11-09"
    assert "a report cannot be written to 'tasks/week.md'" in said
    assert "there is no report 'nope'" in said
    week("undo")
    assert not path.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine\n")
    said = week("set", "PT-c", "priority=low") + week.err
    assert "docs/week.md was not written by a report and is kept" in said
    assert path.read_text() == "mine\n"


def test_a_rule_commits_the_report_it_wrote(week):
    rules = week.folder / "automations"
    rules.mkdir()
    (rules / "week.yml").write_text(
        "name: week\non: {changed: priority}\ndo:\n- report: {name: weekly, to: docs/week.md}\n- commit\n"
    )
    (week.folder / "notes.md").write_text("mine\n")
    week.git("add", "-A")
    week.git("commit", "-qm", "rule")
    (week.folder / "notes.md").write_text("mine, changed\n")
    week("set", "PT-c", "priority=high")
    assert "docs/week.md" in week.git("show", "--stat", "--format=", "HEAD")
    assert week.git("status", "--short") == " M notes.md\n"


def test_a_report_on_flow_has_charts_with_their_numbers(example):
    found = report(example, "flow")
    plots = [each for each in found["sections"] if each["kind"] == "plot"]
    assert all(each["definition"] and each["rows"] for each in plots)
    assert "### jonas 2026-W47" in example("report", "timesheet", "--since", "2026-11-16")
    assert "No one has logged time in 2026-W48" in example("report", "timesheet")


def test_a_forecast_tells_of_all_and_of_the_next_two_weeks(example):
    text = example("report", "forecast")
    assert "items will be done" in text
    assert "how many items are done by 2026\\-12\\-07" in text or "done by 2026-12-07" in text


def test_a_report_leaves_out_addresses_unless_it_is_private(week):
    week("set", "PT-d", "title=Ask zoe@customer.example.org")
    for form in ("markdown", "json"):
        said = week("report", "weekly", "--since", "2026-11-14", "--format", form)
        assert "zoe@" not in said
        assert "Ask" in said
    with (week.folder / "plaintrack.yml").open("a") as settings:
        settings.write("site: {private: true}\n")
    assert "zoe@customer" in week("report", "weekly", "--since", "2026-11-14", "--format", "json")
