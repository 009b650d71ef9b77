"""The actions of rules in words: one explained, and the page of the documentation."""

from collections.abc import Iterable, Iterator

from plaintrack.rules.actions import ACTIONS, ActionKind, Option, explained

_HEAD = """# Actions

Made from the code by `make docs`. `plaintrack explain NAME` says the same on the command line.

What the [rules](automation.md) of a workspace can do, in their list `do:`. A plain value stands for
the first option: `comment: text` is `comment: {text: text}`. Texts may hold `{id}`, `{title}` and
every other field of the item acted on, `{trigger}` (the id of the item that triggered the rule),
`{why}`, `{rule}` and `{today}` (by a time trigger the first day on which it held)."""
_TRUST = "It needs [trust](automation.md#trust)."


def page(kinds: Iterable[ActionKind]) -> str:
    """The table as a page of Markdown."""
    parts = [_HEAD]
    for kind in kinds:
        words = explained(kind)
        parts += [f"## {kind.name}", words.title, words.more]
        parts.append(_TRUST if kind.outside else "")
        parts.append("\n".join(f"- {line}" for line in _options(kind)))
        parts.append(f"```yaml\n{words.example}\n```")
    return "\n\n".join(filter(None, parts)) + "\n"


def named(name: str) -> ActionKind | None:
    """The action of that name."""
    return ACTIONS.get(name)


def names() -> list[str]:
    """The names of all actions."""
    return [*ACTIONS]


def explain(kind: ActionKind) -> Iterator[str]:
    """One action in words."""
    from textwrap import wrap

    words = explained(kind)
    yield f"{kind.name} (an action of rules)"
    yield words.title
    if words.more:
        yield from wrap(words.more, 100, break_on_hyphens=False)
    if kind.outside:
        yield "It needs trust: `plaintrack trust`."
    if kind.options:
        yield ""
        yield "Options:"
        for line in _options(kind):
            yield from wrap(
                line,
                100,
                initial_indent="    ",
                subsequent_indent="        ",
                break_on_hyphens=False,
            )
    yield ""
    yield "Example:"
    yield from (f"    {line}" for line in words.example.splitlines())


def _options(kind: ActionKind) -> Iterator[str]:
    return (f"`{name}`: {_meaning(option)}" for name, option in kind.options.items())


def _meaning(option: Option) -> str:
    return f"{option.doc} Needed." if option.needed else option.doc
