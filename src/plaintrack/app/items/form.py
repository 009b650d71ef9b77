"""Forms: templates that ask, and the items that their answers make."""

from collections.abc import Mapping, Sequence
from typing import Any

from plaintrack.app.items.add import add
from plaintrack.app.items.assign import declared, edits
from plaintrack.app.items.template import BrokenTemplate, Template
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.errors import PlaintrackError, command
from plaintrack.model.done import Done
from plaintrack.model.edit import Edit
from plaintrack.model.form import Question, sections

KEYS = ("field", "section", "ask", "hint", "required", "choices", "default")
TITLE = "title"


class NoForm(PlaintrackError):
    """The template asks nothing."""

    slug = "no-form"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the template {name!r} has no questions",
            f"use {command('add', '--template', name)}, or put `form:` into the template",
        )


class NotAnswered(PlaintrackError):
    """Answers are missing, or will not do."""

    slug = "not-answered"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults), "answer below a heading of that name")


def questions(workspace: Workspace, base: Template) -> tuple[Question, ...]:
    """The questions of a template; raises NoForm, BrokenTemplate."""
    if not base.form:
        raise NoForm(base.name)
    found = []
    for number, each in enumerate(base.form, 1):
        try:
            found.append(_question(workspace, each))
        except (ValueError, PlaintrackError) as error:
            why = ValueError(f"question {number}: {error}")
            raise BrokenTemplate(base.name, f"templates/{base.name}.md", why) from error
    return tuple(found)


def _question(workspace: Workspace, given: Any) -> Question:
    """A question; raises ValueError, BadAssignment."""
    if not isinstance(given, dict):
        raise ValueError("a mapping with `ask` and `field` or `section` is wanted")
    for key in given:
        if key not in KEYS:
            raise ValueError(f"{key!r} is none of {', '.join(KEYS)}")
    if bool(given.get("field")) == bool(given.get("section")):
        raise ValueError("write either `field` or `section`")
    name = str(given.get("field") or "")
    choices = given.get("choices") or ()
    choices = (choices,) if isinstance(choices, str) else tuple(map(str, choices))
    if name and name != TITLE:
        choices = choices or declared(workspace, name).choices
    section = str(given.get("section") or "")
    return Question(
        name,
        section,
        str(given.get("ask") or section or name),
        str(given.get("hint") or ""),
        str(given.get("required", "")).lower() == "true",
        choices,
        str(given.get("default") or ""),
    )


def read(text: str, found: Sequence[Question]) -> tuple[dict[str, str], str]:
    """The answers in an answered form, by the names of the questions, and the text before them."""
    from plaintrack.text.form import answered

    return answered(text, found)


def faults(found: Sequence[Question], answers: Mapping[str, str]) -> list[str]:
    """What is wrong with answers, a line each; empty if nothing is."""
    wrong = ((each, each.fault(answers.get(each.name) or each.default)) for each in found)
    return [f"{each.name}: {why}" for each, why in wrong if why]


def submit(
    workspace: Workspace,
    base: Template,
    found: Sequence[Question],
    answers: Mapping[str, str],
    before: str = "",
    given: Sequence[Edit] = (),
    title: str = "",
    dry: bool = False,
) -> Done:
    """Add the item that answers make, with further edits ``given`` and, unless a question asks for
    it, the ``title``. ``before`` stands above the sections. Raises NotAnswered, and what ``add``
    raises.
    """
    whole = {each.name: answers.get(each.name) or each.default for each in found}
    wrong = faults(found, whole)
    if wrong:
        raise NotAnswered(wrong)
    words = [
        f"{each.field}={each.picked(whole[each.name]) or whole[each.name].strip()}"
        for each in found
        if each.field and each.field != TITLE and whole[each.name].strip()
    ]
    title = title or next((whole[each.name] for each in found if each.field == TITLE), "").strip()
    parts = (before.strip("\n"), sections(found, whole).strip("\n"), base.body.strip("\n"))
    body = "\n\n".join(each for each in parts if each)
    return add(
        workspace,
        title,
        (*edits(workspace, words), *given),
        base,
        f"{body}\n" if body else "",
        dry,
    )
