"""What a check is: its code, name and severity, and its function, whose docstring says why, how to
fix, and an example.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from plaintrack.checks.work import Found, Options, Work

FAMILIES = {
    "PT0": "Settings and documents",
    "PT1": "Syntax and schema",
    "PT2": "Ids and references",
    "PT3": "Dates",
    "PT4": "Flow",
    "PT5": "Changes",
    "PT6": "Plan and people",
    "PT7": "Time",
    "PT8": "Waivers",
    "PT9": "Checks of your own",
}
_MODULES = (
    *("settings", "syntax", "references", "dates", "flow", "agreement", "clocks", "changes"),
    *("people", "goals", "mentions", "plan", "time", "waivers"),
)
Run = Callable[["Work", "Options"], "Iterable[Found]"]


class Option(NamedTuple):
    """An option of a check: its kind, its default and what it means.

    Kinds are ``number`` (a whole number, not negative), ``texts`` (a list), ``numbers`` (names with
    a number each) and ``lists`` (names with a list each).
    """

    kind: str
    default: Any
    doc: str


class Check(NamedTuple):
    """One entry of the catalogue.

    ``code`` and ``name`` are stable; ``severity`` is what it has out of the box and ``on`` whether
    it runs there. ``run`` makes the findings. ``options`` are its options by name; ``fixable``:
    ``check --fix`` can fix it. ``text`` is the docstring of its function; ``explained`` splits it.
    """

    code: str
    name: str
    severity: str
    run: Run
    on: bool = True
    options: Mapping[str, Option] = {}
    fixable: bool = False
    text: str = ""

    @property
    def family(self) -> str:
        """The heading it stands under."""
        return FAMILIES.get(self.code[:3], FAMILIES["PT9"])

    @property
    def structural(self) -> bool:
        """Whether it finds what is broken whatever the policy of a workspace: in settings,
        documents, syntax, ids or references.
        """
        return self.code[:3] in ("PT0", "PT1", "PT2") and (self.severity != "note" or self.fixable)

    @property
    def explained(self) -> "Explained":
        """Title, why, fix and examples, from the docstring."""
        return explained(self.text)


class Explained(NamedTuple):
    """A check in words: ``title`` is one line; ``why`` and ``fix`` a paragraph each; ``bad`` and
    ``good`` an example each.
    """

    title: str
    why: str = ""
    fix: str = ""
    bad: str = ""
    good: str = ""


def explained(text: str) -> Explained:
    """The parts of a check's docstring: its first paragraph, then the paragraphs headed ``Why:``,
    ``Fix:``, ``Bad:`` and ``Good:``.
    """
    from inspect import cleandoc

    title, _, rest = cleandoc(text).partition("\n\n")
    parts: dict[str, list[str]] = {"why": [], "fix": [], "bad": [], "good": []}
    part: list[str] = []
    for line in rest.splitlines():
        word, colon, tail = line.partition(":")
        if colon and word.lower() in parts and word.istitle():
            part = parts[word.lower()]
            line = tail.strip()
        part.append(line)
    prose = {name: " ".join(" ".join(lines).split()) for name, lines in parts.items()}
    code = {name: cleandoc("\n".join(parts[name][1:])).strip("\n") for name in ("bad", "good")}
    return Explained(" ".join(title.split()), prose["why"], prose["fix"], code["bad"], code["good"])


def check(
    code: str, name: str, severity: str, on: bool = True, fixable: bool = False, **options: Option
) -> Callable[[Run], Check]:
    """Make a Check of the function below; ``options`` are its options by name."""

    def made(run: Run) -> Check:
        return Check(code, name, severity, run, on, options, fixable, run.__doc__ or "")

    return made


def every() -> tuple[Check, ...]:
    """The whole catalogue, in the order of the codes."""
    modules = [import_module(f"plaintrack.checks.{name}") for name in _MODULES]
    return tuple(
        [each for module in modules for each in vars(module).values() if isinstance(each, Check)]
    )


def find(name: str, checks: Iterable[Check]) -> Check | None:
    """The check of that code or name, whatever its case."""
    wanted = name.lower()
    return next((each for each in checks if wanted in (each.code.lower(), each.name)), None)
