"""The settings in force, line by line and for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plaintrack.config.own import Own
from plaintrack.config.settings import TABLE, Setting
from plaintrack.render.document import Document
from plaintrack.show.data import rows

if TYPE_CHECKING:
    from plaintrack.show import outputs


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


def records(found: Mapping[str, str], names: Sequence[str], form: str) -> Document:
    """The settings, or just those ``names``, for programs: in JSON with their values, else with
    these as ``settings`` has them.
    """
    some: list[outputs.Setting] = [
        {
            "name": each.name,
            "value": _typed(each, found[each.name]) if form == "json" else found[each.name],
            "meaning": each.doc,
        }
        for each in TABLE
        if not names or each.name in names
    ]
    return rows(some, "settings", ("name", "value", "meaning"), form)


def _typed(setting: Setting, text: str) -> Any:
    """The value that ``text`` says, of which the settings file has truths as texts."""
    value = json.loads(text)
    return value == "true" if isinstance(setting.default, bool) and value in _TRUTHS else value


_TRUTHS = ("true", "false")


def own_records(found: Own, path: str, form: str) -> Document:
    """The user's own settings for programs."""
    relative = found.relative if form == "json" else str(found.relative).lower()
    some: list[outputs.OwnSetting] = [{"name": "relative", "value": relative}]
    some += [{"name": f"theme.{tone}", "value": found.theme[tone]} for tone in sorted(found.theme)]
    return rows(some, "settings", ("name", "value"), form, {"path": path})
