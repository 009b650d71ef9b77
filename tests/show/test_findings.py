"""The output formats of `check`: each valid, each safe against whatever a file may hold."""

import json
import re
from importlib import import_module
from xml.etree import ElementTree

import jsonschema
import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plaintrack.checks.catalogue import Check
from plaintrack.checks.report import SEVERITIES, Finding, Report
from plaintrack.show.findings import FORMATS, write

SLOW = [HealthCheck.too_slow]
"""A busy machine is not a fault of the reports."""
MODULES = ("github", "sarif", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
SARIF = json.loads((ROOT / "tests/cases/schemas/sarif-2.1.0.json").read_text())
NASTY = [
    "::error file=x::pwned", "\n::stop-commands::x", "%0A::set-output name=a::b", "a\r\nb", "<script>&\"'", "]]>", "\x1b[31m", "\x00\x08",
    "@alice #1 | x", "\u202egnp.exe", "\ud800", "ä" * 300, "http://x.example",
]  # fmt: skip


def late(_work, _options):
    """An item is overdue.

    Why: Nobody can plan on it.
    Fix: Do it, or move the date.
    """


def report(*findings, **more):
    """A Report with one check in its catalogue."""
    check = Check("PT301", "overdue", "error", late, text=late.__doc__)
    return Report(findings, {"PT301": check}, 12, "2026-11-23", **more)


def finding(**about):
    """A Finding with something in every field."""
    given = {
        "code": "PT301", "name": "overdue", "path": "tasks/a b.md", "message": "due was 2026-11-20", "hint": "move the date",
        "line": 5, "column": 6, "end": 16, "excerpt": "due: 2026-11-20", "item": "PT-1", "key": "PT301 PT-1 due",
    }  # fmt: skip
    return Finding(**{**given, **about})


def form(name, found):
    """A Report in a format."""
    return import_module(f"plaintrack.show.findings.{name}").write(found)


TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
FINDINGS = st.builds(
    finding, path=TEXT.map(lambda text: f"tasks/{text}.md"), message=TEXT, hint=TEXT, excerpt=TEXT, line=st.integers(0, 99),
    column=st.integers(0, 99), end=st.integers(0, 99), severity=st.sampled_from(SEVERITIES), item=TEXT, key=TEXT,
)  # fmt: skip
REPORTS = st.lists(FINDINGS, max_size=30).map(lambda found: report(*found, notes=tuple(NASTY)))


@pytest.mark.parametrize("name", MODULES)
def test_every_format_can_be_asked_for(name):
    assert FORMATS[name] == name
    assert write(report(finding()), name) == form(name, report(finding()))


def test_github_annotation():
    assert form(
        "github",
        report(finding(), finding(line=0, severity="note", message="100 %"), prefix="work/"),
    ) == (
        "::error file=work/tasks/a b.md,title=PT301 overdue,line=5,col=6,endColumn=16::due was 2026-11-20 (move the date)\n"
        "::notice file=work/tasks/a b.md,title=PT301 overdue::100 %25 (move the date)\n"
    )


@given(REPORTS)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_nothing_can_be_injected_into_github(found):
    lines = form("github", found).split("\n")[:-1]
    commands = [line for line in lines if line.startswith("::")]
    assert all(
        re.match(
            r"::(error|warning|notice) file=[^,:]*,title=PT301 overdue(,(line|col|endColumn)=\d+)*::",
            line,
        )
        for line in commands
    )
    assert [line for line in lines if line not in commands] in ([], [lines[-1]] if lines else [])
    assert all(line.isprintable() for line in lines)
    kinds = [line[2:].partition(" ")[0] for line in commands]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert max((kinds.count(kind) for kind in kinds), default=0) <= 10
    left = len(found.findings) - len(commands)
    assert (
        (lines[-1] == f"plaintrack: {left} more than GitHub shows as annotations")
        if left
        else len(lines) == len(commands)
    )


@pytest.mark.parametrize("path", ["::error ::pwned.md", "  ::stop-commands::x.md", "##[error]x.md"])
def test_no_line_of_the_text_is_a_command(path):
    for line in form(
        "text",
        report(
            finding(path=path, message="a\n::error::b", excerpt="::error::c", hint="x\r::error::d")
        ),
    ).splitlines():
        assert not line.lstrip().startswith(("::", "##"))


@given(REPORTS)
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_sarif_is_valid(found):
    text = form("sarif", found)
    assert text.isascii()
    log = json.loads(text)
    jsonschema.validate(log, SARIF, format_checker=jsonschema.FormatChecker())
    (run,) = log["runs"]
    assert len(run["results"]) == len(found.findings)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1


def test_sarif_keeps_the_gravest_results_that_forges_take():
    found = report(*[finding(severity="note")] * 5000, finding())
    results = json.loads(form("sarif", found))["runs"][0]["results"]
    assert (len(results), results[0]["level"]) == (5000, "error")


@given(REPORTS)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_xml_is_well_formed(found):
    cases = ElementTree.fromstring(form("junit", found)).findall("testsuite/testcase")
    assert len(cases) == max(1, len(found.findings))
    assert sum(case.find("failure") is not None for case in cases) == found.counts["error"]
    errors = ElementTree.fromstring(form("checkstyle", found)).findall("file/error")
    assert len(errors) == len(found.findings)
    assert all(int(error.get("line")) >= 1 for error in errors)


@given(REPORTS)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_json_of_gitlab_and_reviewdog(found):
    for entry, each in zip(json.loads(form("gitlab", found)), found.findings, strict=True):
        assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["fingerprint"] == each.fingerprint
        assert entry["location"]["lines"]["begin"] >= 1
    log = json.loads(form("rdjson", found))
    assert {each["severity"] for each in log["diagnostics"]} <= {"ERROR", "WARNING", "INFO"}
    assert all("message" in each and "path" in each["location"] for each in log["diagnostics"])


def test_reviewdog_counts_bytes():
    (entry,) = json.loads(form("rdjson", report(finding(excerpt="tïtle: x", column=8, end=9))))[
        "diagnostics"
    ]
    assert entry["location"]["range"] == {
        "start": {"line": 5, "column": 9},
        "end": {"line": 5, "column": 10},
    }


@given(REPORTS)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_markdown_is_one_row_a_finding_and_only_text(found):
    text = form("markdown", found)
    rows = [line for line in text.split("\n") if line.startswith(("| ❌", "| ⚠️", "| ℹ️"))]
    assert len(rows) == len(found.findings)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert "<script>" not in text
    assert not re.search(r"(?<!\\)@alice", text.replace("@\u200b", ""))
    assert "\x1b" not in text


def test_markdown_stays_below_the_size_of_a_comment():
    text = form("markdown", report(*[finding(message="x" * 150)] * 2000))
    assert len(text) < 62_000
    assert re.search(r"… and \d+ more\.\n$", text)
