"""A report as a text: Markdown, JSON, or HTML that is one file."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from html import escape

from plaintrack.app.reporting.report import Report
from plaintrack.app.snapshot.reported import META
from plaintrack.render import html, vega
from plaintrack.render.html import Ways
from plaintrack.render.vega import Drawn
from plaintrack.render.visible import encoded, masked
from plaintrack.store import files
from plaintrack.store.shipped import shipped

FORMS = ("text", "markdown", "html", "json")
"""How a report can be told."""


def markdown(report: Report) -> str:
    """A report as Markdown for forges, mails and wikis."""
    from plaintrack.render import markdown as drawing

    return "\n".join([*_head(report), *drawing.draw(report.document)]).rstrip("\n") + "\n"


def _head(report: Report) -> list[str]:
    from plaintrack.render.markdown import escape as plain

    return [f"# {plain(report.title)}", "", f"*{days(report)}*", ""]


def days(report: Report) -> str:
    """The days that a report is about."""
    if report.first >= report.last:
        return f"As of {report.last}"
    return f"{report.first} to {report.last}"


def json(report: Report) -> str:
    """A report for programs: its parts one after the other."""
    from plaintrack.render.data import SCHEMA, sections

    about = {
        "schema": SCHEMA,
        "report": report.name,
        "title": report.title,
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "sections": sections(report.document),
    }
    return encoded(about, 2) + "\n"


def page(report: Report) -> str:
    """A report as one HTML file, which loads nothing. Raises ReportMissing."""
    style = files.read(shipped("pages", "page.css")).decode()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    ways = Ways(lambda _item: "", _outward, partial(inline, discreet=report.discreet))
    title = escape(report.title)
    body = "\n".join(html.draw(report.document, ways))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{META.format(escape(report.name))}\n"
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p class="aside">{days(report)}</p>\n{body}\n'
        "</main>\n</body>\n</html>\n"
    )


def _outward(target: str) -> str:
    """A link of a text, where it leads out of the repository; others lead nowhere from here."""
    return target if "://" in target else ""


def inline(chart: Drawn, text: str, discreet: bool = False) -> str:
    """A chart as an element that holds its pictures, for light and dark; ``discreet``: without
    e-mail addresses, which cannot be found in them later.
    """
    sources = {
        name: f"data:image/svg+xml;base64,{_encoded(masked(drawn) if discreet else drawn)}"
        for name, drawn in vega.pictures(chart).items()
    }
    return picture(sources["light"], sources["dark"], text)


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def picture(light: str, dark: str, text: str) -> str:
    """The element of a picture that has a light and a dark form; printed it is light."""
    return (
        "<picture>"
        f'<source srcset="{escape(dark)}" media="screen and (prefers-color-scheme: dark)">'
        f'<img src="{escape(light)}" alt="{escape(text)}">'
        "</picture>"
    )


_FORMS: dict[str, Callable[[Report], str]] = {"markdown": markdown, "html": page, "json": json}


def drawn(report: Report, form: str) -> str:
    """A report in a form that a file can have; a discreet one without e-mail addresses."""
    text = _FORMS[form](report)
    return masked(text) if report.discreet else text
