"""Problems of files, and what the doctor finds, as Documents for programs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaintrack.model.problem import Problem
from plaintrack.render.document import Document
from plaintrack.show.data import rows

if TYPE_CHECKING:
    from plaintrack.show import outputs

_COLUMNS = ("severity", "code", "path", "line", "column", "message", "hint", "excerpt")


def entry(problem: Problem) -> "outputs.Trouble":
    """One problem; no line means the file as a whole."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "path": problem.path,
        "line": problem.line or None,
        "column": problem.column or None,
        "message": problem.message,
        "hint": problem.hint,
        "excerpt": problem.excerpt,
    }


def diagnosis(problems: Sequence[Problem], notes: Sequence[str], form: str) -> Document:
    """What the doctor finds."""
    about: outputs.Diagnosed = {"notes": list(notes)}
    return rows([entry(each) for each in problems], "problems", _COLUMNS, form, about, notes)


def faults(problems: Sequence[Problem], rules: int, form: str) -> Document:
    """What is wrong with files that hold that many good ``rules``."""
    about: outputs.Faulty = {"rules": rules}
    return rows([entry(each) for each in problems], "problems", _COLUMNS, form, about)
