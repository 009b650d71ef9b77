"""Forms: the questions of a template, and the answers to them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from plaintrack.model.task import fold


class Question(NamedTuple):
    """One question: it fills the ``field`` (``title`` is one) or, if that is empty, the ``section``
    of the body. ``ask`` is what is asked, ``hint`` a line of help, ``choices`` are the answers that
    are possible (none: any), ``default`` holds where nothing is answered.
    """

    field: str
    section: str
    ask: str
    hint: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""

    @property
    def name(self) -> str:
        """What the answer is called."""
        return self.section or self.field

    def called(self, heading: str) -> bool:
        """Whether a heading is this question's: its text, section or field, whatever its case."""
        wanted = fold(heading.strip().rstrip("*?:").strip())
        names = (self.ask, self.section, self.field)
        return wanted in {fold(each.strip().rstrip("*?:").strip()) for each in names if each}

    def fault(self, answer: str) -> str:
        """Why an answer will not do, in words; empty if it will."""
        if not answer.strip():
            return "an answer is needed" if self.required else ""
        if self.choices and self.picked(answer) is None:
            return f"the answers are {', '.join(self.choices)}"
        if self.field and "\n" in answer.strip():
            return "one line is needed"
        return ""

    def picked(self, answer: str) -> str | None:
        """The choice that an answer names, in its own spelling; None if it is none of them."""
        wanted = fold(answer.strip())
        return next((each for each in self.choices if fold(each) == wanted), None)


NOTHING = frozenset(("", "_no response_", "no response", "none"))
"""What forges write where a form was left empty."""


def sections(questions: Iterable[Question], answers: Mapping[str, str]) -> str:
    """The answers that are sections of the body, as Markdown."""
    found = [
        f"## {each.section}\n\n{answers[each.name].strip()}\n"
        for each in questions
        if each.section and answers.get(each.name, "").strip()
    ]
    return "\n".join(found)
