"""Items, each whole, as a Document."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from plaintrack.model.detail import Comment, Detail
from plaintrack.model.thread import Said, called, threads
from plaintrack.render.document import Document, Records
from plaintrack.render.sections import Entry, Fields, Heading, Prose, Section

if TYPE_CHECKING:
    from plaintrack.model.task import Task
    from plaintrack.render.document import Part
    from plaintrack.show import outputs
    from plaintrack.show.items import Where


DEEPEST = 8
"""Answers below this depth are drawn at it: no terminal is wide enough for more."""


def details(found: Iterable[Detail], why: bool, where: "Where | None" = None) -> Document:
    """Items for people; ``why``: with the terms of their urgency and scores."""
    return Document([part for detail in found for part in _parts(detail, why, where)])


def _parts(detail: Detail, why: bool, where: "Where | None") -> Iterator["Part"]:
    task = detail.task
    yield Heading(task.id, task.text("title"), where(task.path) if where else "")
    yield Fields([*_fields(detail), *detail.derived, *_below(detail)])
    for heading, tasks in detail.related:
        yield Section(heading, [Entry([_line(each)]) for each in tasks])
    if detail.verdicts:
        yield Section("Verdicts", [Entry([f"{who}  {how}"]) for who, how in detail.verdicts])
    if detail.commits:
        yield Section("Commits", [Entry([commit]) for commit in detail.commits])
    if why:
        yield Section("Urgency", [Entry([_term(*term)]) for term in detail.terms])
    if why and detail.scores:
        from plaintrack.show.scores import terms

        for scores in detail.scores:
            yield Section(f"Score by {scores.model}", [Entry([each]) for each in terms(scores)])
    body = task.body.strip("\r\n")
    if body.strip():
        yield Prose(body)
    yield from map(_quote, threads(detail.comments))


def _line(task: "Task") -> str:
    """One item in one line."""
    who = task.text("assignee")
    text = f"{task.id}  {task.text('status'):12}  {task.text('title')}"
    return f"{text}  ({who})" if who else text


def _fields(detail: Detail) -> Iterator[tuple[str, str]]:
    task, blame = detail.task, detail.blame
    for name in task.fields:
        text = task.text(name)
        if text and name not in ("id", "title"):
            yield name, f"{text}  ({blame[name]})" if name in blame else text


def _below(detail: Detail) -> Iterator[tuple[str, str]]:
    """What is below the item, beside its own estimate."""
    if detail.below is not None:
        from plaintrack.show.rollup import words

        yield "below", words(detail.below)


def _term(name: str, factor: float, coefficient: float) -> str:
    return f"{name:20} {factor:6.3f} × {coefficient:6.2f} = {factor * coefficient:7.3f}"


def _quote(said: Said) -> Prose:
    comment, deep = said.comment, min(said.depth, DEEPEST)
    body = comment.body.strip("\r\n")
    if comment.problem:
        return Prose(body, f"#{said.number} {comment.path} (cannot be read)", deep)
    date = comment.date[:16].replace("T", " ")
    title = f"#{said.number} {comment.author or 'someone'} on {date}"
    if said.resolved:
        title += " (thread resolved)"
    elif comment.resolved:
        title += " (resolves the thread)"
    return Prose(body, title, deep)


def records(found: Iterable[Detail], why: bool) -> Document:
    """Items for programs: their fields, typed, what is derived, links, body and comments."""
    return Document((Records([_record(detail, why) for detail in found]),))


def _record(detail: Detail, why: bool) -> dict[str, Any]:
    task = detail.task
    found: dict[str, Any] = {
        "path": task.path,
        **(detail.stand.fields if detail.stand else task.fields),
        "body": task.body,
        "urgency": sum(factor * coefficient for _, factor, coefficient in detail.terms),
        "comments": list(map(_comment, detail.comments)),
    }
    if detail.stand is not None:
        abroad = detail.stand.elsewhere
        links = {
            name: [_linked(item, task, abroad.get(item)) for item, task in some]
            for name, some in detail.stand.links.items()
        }
        derived = {**detail.stand._asdict(), "links": links}
        del derived["fields"], derived["elsewhere"]
        found |= {name: each for name, each in derived.items() if name not in found}
    found |= {name: text for name, text in detail.derived if name in ("spent", "left")}
    if detail.below is not None:
        from plaintrack.show.rollup import record

        found["below"] = record(detail.below)
    if detail.verdicts:
        found["verdicts"] = [{"who": who, "state": how} for who, how in detail.verdicts]
    if detail.scores:
        found["score"] = detail.scores[0].rows[0].value
    if why and detail.scores:
        from plaintrack.show.scores import scored

        found["scores"] = list(map(scored, detail.scores))
    if why:
        names = ("name", "factor", "coefficient")
        found["why"] = [dict(zip(names, term, strict=True)) for term in detail.terms]
    return found


def _linked(item: str, task: "Task | None", repository: str | None) -> "outputs.Linked":
    if task is None:
        told = {"title": None, "status": None, "path": None}
        return {"id": item, **told, "repository": repository}  # type: ignore[typeddict-item]
    return {
        "id": task.id,
        "title": task.text("title"),
        "status": task.text("status") or None,
        "path": task.path,
        "repository": None,
    }


def _comment(comment: Comment) -> "outputs.Comment":
    found: outputs.Comment = {
        "name": called(comment.path),
        "author": comment.author,
        "date": comment.date,
        "body": comment.body,
        "answers": comment.answers,
        "resolved": comment.resolved,
    }
    if comment.problem:
        found["problem"] = f"{comment.problem.place}: {comment.problem.message}"
    return found
