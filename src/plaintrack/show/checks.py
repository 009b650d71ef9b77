"""The catalogue of the checks in words: a list, one check explained, and the page of the
documentation.
"""

from collections.abc import Iterable, Iterator

from plaintrack.checks.catalogue import FAMILIES, Check, Option, every, find
from plaintrack.checks.policy import Policy
from plaintrack.errors import PlaintrackError, command, suggestion


class UnknownCheck(PlaintrackError):
    """There is no such check."""

    slug = "unknown-check"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"unknown check {name!r}",
            suggestion(name, known, f"{command('explain')} lists them all"),
        )


def names() -> list[str]:
    """The codes and names of the checks."""
    return [name for check in every() for name in (check.code, check.name)]


def index(policy: Policy) -> list[str]:
    """A line for each check: code, name, what it is here, and what it finds."""
    width = max(len(each.name) for each in policy.checks.values())
    lines = []
    for each in policy.checks.values():
        severity = policy.rules[each.code][-1].severity or "off"
        code = each.code if each.code != each.name else "own"
        lines.append(f"{code:5}  {each.name:{width}}  {severity:7}  {each.explained.title}")
    return lines


def named(policy: Policy, name: str, others: Iterable[str] = ()) -> Check:
    """The check of that code or name. Raises UnknownCheck with the nearest name, which may be one
    of ``others``.
    """
    found = find(name, policy.checks.values())
    if found is None:
        raise UnknownCheck(name, [*(check.name for check in policy.checks.values()), *others])
    return found


def explain(
    policy: Policy, name: str, paint: bool = False, others: Iterable[str] = ()
) -> Iterator[str]:
    """One check in words; raises UnknownCheck as ``named`` does."""
    found = named(policy, name, others)
    bold, off = ("\x1b[1m", "\x1b[0m") if paint else ("", "")
    rule, words = policy.rules[found.code][-1], found.explained
    if (rule.severity or "off") != default(found):
        here = f"{rule.severity or 'off'} here"
    else:
        here = "as out of the box"
    yield (
        f"{bold}{found.code}{off} {found.name} ({default(found)}; {here})"
        if found.code != found.name
        else f"{bold}{found.name}{off} ({default(found)})"
    )
    yield words.title
    for heading, text in (("Why", words.why), ("Fix", words.fix)):
        yield ""
        yield from _wrapped(f"{heading}: {text}")
    for heading, text in (("Bad", words.bad), ("Good", words.good)):
        if text:
            yield ""
            yield f"{heading}:"
            yield from (f"    {line}" for line in text.splitlines())
    if found.options:
        yield ""
        yield "Options:"
        yield from (
            f"    {each}: {option.doc} ({_value(option)})" for each, option in found.options.items()
        )
    yield ""
    yield (
        f"In plaintrack.yml: checks: {{{found.name}: off}}, or a severity, or options; in an item:"
        f" waive: {found.name} until DATE because …"
    )


def default(check: Check) -> str:
    """What a check is out of the box."""
    return check.severity if check.on else "off"


def _value(option: Option) -> str:
    return str(option.default) if option.kind == "number" else "none"


def _wrapped(text: str) -> Iterable[str]:
    from textwrap import wrap

    return wrap(text, 110)


def page(checks: Iterable[Check]) -> str:
    """The catalogue as a page of Markdown."""
    parts = [_HEAD]
    family = ""
    for each in checks:
        if each.family != family:
            family = each.family
            parts.append(f"## {family}")
        words = each.explained
        fixable = "; `check --fix` fixes it where that is safe" if each.fixable else ""
        parts += [
            f"### {each.code} {each.name}",
            f"{words.title} Out of the box: **{default(each)}**{fixable}.",
            f"*Why:* {words.why}",
            f"*Fix:* {words.fix}",
        ]
        if each.options:
            parts.append(
                "\n".join(
                    f"- `{name}`: {option.doc} (default: {_value(option)})"
                    for name, option in each.options.items()
                )
            )
        parts.append(
            f"```yaml\n# bad\n{words.bad}\n\n# good\n{words.good}\n```" if words.bad else ""
        )
    return "\n\n".join(filter(None, parts)) + "\n"


_families = ",\n".join(
    f"{code}… ({name.lower()})" for code, name in FAMILIES.items() if code != "PT9"
)
_HEAD = f"""# Checks

Made from the code by `make docs`. `plaintrack explain CODE` says the same on the command line.

`plaintrack check` looks for what is listed here. Codes and names are stable. Out of the box
only what is certainly wrong is an `error` and makes the command exit with 1; a `warning` or a
`note` is said and passes (`--fail-on` draws the line elsewhere), and what is `off` waits until you
ask for it. The families are
{_families}.

In `plaintrack.yml`:

```yaml
checks:
  # By name or code; `off`, `on`, a severity, or a severity and options.
  overdue: {{severity: warning, days: 3}}
  PT401: on
  # Only for items that answer a query, or in paths.
  unestimated: {{query: 'type:feature'}}
  # Checks of your own: a query, a message, a severity, what to do.
  own:
    bug-without-severity:
      query: 'type:bug is:open no:severity'
      message: this bug has no severity
      severity: error
      fix: set severity
  # Other rules for some files or items; the last that holds decides.
  overrides:
  - paths: [archive, tasks/legacy/*]
    checks: {{overdue: off, stale: off}}
  - query: 'tags:someday'
    checks: {{unassigned: off}}
```

In an item, with a reason, and best with a last day (one waiver a line; an expired one is a
finding, and so is one that hides nothing):

```yaml
waive:
- PT305 until 2026-12-31 because the supplier is late
```"""
