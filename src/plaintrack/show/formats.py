"""The page about formats of other programs, made from their codecs."""

from collections.abc import Iterator, Mapping

from plaintrack.exchange.formats import NAMES, Codec, codec

_CALENDAR = """### ical: calendars

`plaintrack export ical` writes due dates, planned work, milestones and leave;
[reports.md](reports.md) has more about it."""
_TIMECLOCK = """### timeclock: hledger

`plaintrack export timeclock` writes time records; `plaintrack time import` reads timeclock of any
make, and Timewarrior ([time.md](time.md))."""


def page(head: str) -> str:
    """docs/import.md: its words, then a section for each format."""
    parts = [head.rstrip("\n"), "## Formats", "\n".join(_overview())]
    for name in sorted(NAMES):
        parts += [f"### {name}: {codec(name).title}", *_section(codec(name))]
    parts += _CALENDAR, _TIMECLOCK
    return "\n\n".join(parts) + "\n"


def _overview() -> Iterator[str]:
    yield "| format | program | import | export |"
    yield "|---|---|---|---|"
    for name in sorted((*NAMES, "ical", "timeclock")):
        found = codec(name) if name in NAMES else None
        title = found.title if found else {"ical": "calendars"}.get(name, "hledger")
        reads = "yes" if found and found.reads else "`time import`" if name == "timeclock" else ""
        writes = "yes" if found is None or found.writes else ""
        yield f"| `{name}` | {title} | {reads} | {writes} |"


def _section(found: Codec) -> Iterator[str]:
    yield f"The file: {found.files}." if found.reads else f"It writes {found.files}."
    if found.homes:
        yield "\n".join(_table("there", "here", found.homes))
    if found.loses:
        yield "\n".join(_table("does not come along", "why", found.loses))
    if found.export_loses:
        yield "\n".join(_table("is not exported", "why", found.export_loses))


def _table(one: str, two: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield f"| {one} | {two} |"
    yield "|---|---|"
    for name, text in rows.items():
        yield f"| {name} | {text} |"
