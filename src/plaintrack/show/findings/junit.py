"""JUnit XML, as CI servers read it: a test case per finding, failed if it is an error; a passed one
if there is nothing to say.

Source: the schema of Jenkins' xUnit plugin, junit-10.xsd.
"""

from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import line, message, path
from plaintrack.show.findings.xml import HEADER, tag, text


def write(report: Report) -> str:
    """One test suite."""
    cases = "".join(_case(report, finding) for finding in report.findings)
    cases = cases or tag("testcase", classname="plaintrack", name="check", time="0")
    counts = {
        "tests": max(1, len(report.findings)),
        "failures": report.counts["error"],
        "errors": 0,
        "skipped": 0,
        "time": "0",
    }
    said = tag("system-out", text(line(" ".join([report.summary(), *report.notes]))))
    suite = tag("testsuite", "\n" + cases + said, name="plaintrack", **counts)
    return HEADER + tag("testsuites", "\n" + suite, name="plaintrack", **counts)


def _case(report: Report, finding: Finding) -> str:
    place = path(report, finding) + (f":{finding.line}:{finding.column}" if finding.line else "")
    words = text(
        f"{line(place)}: {finding.severity}: {message(finding)}\n{line(finding.excerpt)}".rstrip()
    )
    if finding.severity == "error":
        inner = tag("failure", words, message=message(finding), type_=finding.code)
    else:
        inner = tag("system-out", words)
    return tag(
        "testcase",
        "\n" + inner,
        classname=f"{finding.code}.{finding.name}",
        name=line(place),
        time="0",
    )
