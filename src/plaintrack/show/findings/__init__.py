"""The output formats of ``check``: one module each, with ``write(report)``, imported only when it
is asked for.
"""

from importlib import import_module

from plaintrack.checks.report import Report

FORMATS = {
    "text": "text",
    "json": "json",
    "jsonl": "jsonl",
    "csv": "csv",
    "github": "github",
    "sarif": "sarif",
    "gitlab": "gitlab",
    "junit": "junit",
    "checkstyle": "checkstyle",
    "rdjson": "rdjson",
    "markdown": "markdown",
    "comment": "comment",
}
"""Name of a format → its module in this package."""


def write(report: Report, form: str) -> str:
    """The Report in a format, ending with a newline unless there is nothing to say; safe to
    print.
    """
    found: str = import_module(f"plaintrack.show.findings.{FORMATS[form]}").write(report)
    return found
