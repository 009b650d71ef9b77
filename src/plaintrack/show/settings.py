"""The settings in force, line by line."""

from collections.abc import Iterator, Mapping, Sequence

from plaintrack.config.own import Own
from plaintrack.config.settings import TABLE


def settings(found: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    """Each setting with its value, and what it means; or just those ``names``."""
    for setting in TABLE:
        if names and setting.name not in names:
            continue
        if not names:
            yield f"# {setting.doc}"
        yield f"{setting.name}: {found[setting.name]}"


def own(found: Own, path: str) -> Iterator[str]:
    """The user's own settings as the file ``path`` would hold them."""
    yield f"# {path}: how lists look to you, in every workspace"
    yield "# Dates as days from today: true or false"
    yield f"relative: {str(found.relative).lower()}"
    yield "# Colours: black red green yellow blue magenta cyan white; bright-red …; 0 to 255;"
    yield "# #rrggbb; bold dim italic underline reverse; none. Statuses by name or category,"
    yield "# priorities by name or as first, second, last."
    yield "theme:"
    group = ""
    # the colours of one group stand together
    for tone, colour in sorted(found.theme.items(), key=lambda each: each[0].partition(".")[:2]):
        above, dot, name = tone.partition(".")
        if dot and above != group:
            yield f"  {above}:"
        group = above if dot else ""
        shown = f"'{colour}'" if colour[:1] == "#" else colour
        yield f"    {name}: {shown}" if dot else f"  {tone}: {shown}"
