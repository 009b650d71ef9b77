"""SARIF 2.1.0 (OASIS standard), for code scanning. The results that GitHub takes at once are the
limit; the gravest are kept.
"""

from urllib.parse import quote

from plaintrack import __version__
from plaintrack.checks.report import Finding, Report
from plaintrack.show.findings.plain import encoded, gravest, line, message, path

LARGEST = 5000
"""Results that GitHub keeps of one run."""
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def write(report: Report) -> str:
    """One run with its rules and results."""
    findings = gravest(report)
    codes = sorted({finding.code for finding in findings})
    run: dict[str, object] = {
        "tool": {
            "driver": {
                "name": "plaintrack",
                "version": __version__,
                "rules": [_rule(report, code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
        "results": [
            _result(report, finding, codes.index(finding.code)) for finding in findings[:LARGEST]
        ],
        "properties": {"today": report.day, "notes": [line(each) for each in report.notes]},
    }
    return encoded({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(report: Report, code: str) -> dict[str, object]:
    check = report.checks[code]
    said = check.explained
    text = " ".join(part for part in (said.why, said.fix) if part) or said.title
    return {
        "id": code,
        "name": check.name,
        "shortDescription": {"text": line(said.title)},
        "fullDescription": {"text": line(text)},
        "help": {"text": line(text)},
        "defaultConfiguration": {"level": check.severity},
    }


def _result(report: Report, finding: Finding, rule: int) -> dict[str, object]:
    region: dict[str, object] = {"startLine": max(1, finding.line)}
    if finding.line:
        region["startColumn"] = max(1, finding.column)
    if finding.line and finding.end > finding.column:
        region["endColumn"] = finding.end
    if finding.line and finding.excerpt:
        region["snippet"] = {"text": line(finding.excerpt)}
    place = {
        "artifactLocation": {"uri": quote(path(report, finding)), "uriBaseId": "SRCROOT"},
        "region": region,
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"plaintrack/v1": finding.fingerprint},
    }
