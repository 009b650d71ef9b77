"""An answered form as Markdown: headings with an answer below each."""

import re
from collections.abc import Sequence

from plaintrack.model.form import NOTHING, Question
from plaintrack.text.markdown import Fences

_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")


def answered(text: str, questions: Sequence[Question]) -> tuple[dict[str, str], str]:
    """Name of the question → its answer, and the text before the first of them.

    A heading that is none of the questions' belongs to the answer above it.
    """
    fences = Fences()
    lines: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        heading = None if fences.code(line) else _HEADING.match(line)
        question = heading and next((each for each in questions if each.called(heading[1])), None)
        if question:
            name = question.name
            lines.setdefault(name, [])
        else:
            lines[name].append(line)
    found = {each: "\n".join(some).strip() for each, some in lines.items()}
    before = found.pop("")
    return {
        each: "" if answer.lower() in NOTHING else answer for each, answer in found.items()
    }, before
