"""Checks of the workspace's own: a query, a message and a severity, from the settings."""

from collections.abc import Iterator

from plaintrack.checks.catalogue import Check
from plaintrack.checks.work import Found, Options, Work


def own(name: str, query: str, message: str, hint: str, severity: str) -> Check:
    """A check that finds the items that answer the query; its code is its name."""

    def run(work: Work, _options: Options) -> Iterator[Found]:
        for path, item in sorted(work.answers(query).items()):
            yield Found(path, item, "title", "", message, hint)

    text = (
        f"{message}\n\nWhy: this workspace asks for it, in plaintrack.yml: items that"
        f" match `{query}`.\n\nFix:"
        f" {hint or 'change the item so that it no longer matches the query.'}"
    )
    return Check(name, name, severity, run, text=text)
