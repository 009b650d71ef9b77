"""A Task: one item's file, parsed."""

import unicodedata
from collections.abc import Mapping
from sys import intern
from typing import NamedTuple

from plaintrack.model.problem import Problem

Value = str | tuple[str, ...]


def nfc(text: str) -> str:
    """``text`` in Unicode normalisation form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """``text`` as it is compared: NFC, lower case."""
    return nfc(text).lower()


class Step(NamedTuple):
    """One check box of the body: its text, whether it is ticked, its line in the body (from 0)."""

    text: str
    done: bool
    line: int


class Task(NamedTuple):
    """One item as its file says it.

    ``path`` is relative to the workspace, with ``/``. ``fields`` holds canonical text per field
    name (lists as tuples); unknown keys are there under their own name. ``body`` is the Markdown
    after the front matter.
    """

    path: str
    id: str
    fields: Mapping[str, Value]
    body: str = ""
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()

    def text(self, name: str) -> str:
        """The field as one text: empty if unset, a list joined with ``, ``."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)

    def many(self, name: str) -> tuple[str, ...]:
        """The field as a tuple: empty if unset, one element for a single value."""
        value = self.fields.get(name, ())
        return (value,) if isinstance(value, str) else value


def fields_of(data: str) -> dict[str, str | tuple[str, ...]]:
    """The fields of an item, from their JSON in the index."""
    import json

    return {
        intern(name): value if isinstance(value, str) else tuple(value)
        for name, value in json.loads(data).items()
    }
