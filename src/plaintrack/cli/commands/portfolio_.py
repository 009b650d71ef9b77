"""``plaintrack portfolio``: many repositories as rows of one database."""

from collections.abc import Sequence

import click

from plaintrack.cli.drawing import DATA, for_people, format_option, say
from plaintrack.cli.output import note, out, safe

DATABASE = "DB"


@click.group("portfolio")
def command() -> None:
    """Keep many repositories as rows of one PostgreSQL database, from what each of them publishes.

    DB is postgresql://USER@HOST/DATABASE; a password is better kept in ~/.pgpass or PGPASSWORD. Git
    stays the truth: the database can be dropped and loaded again at any time. Reading commands take
    `--portfolio DB`. See docs/portfolio.md. It needs the extra `portfolio`.
    """


@command.command("load")
@click.argument("database", metavar=DATABASE)
@click.argument("sources", metavar="SOURCE...", type=click.Path(), nargs=-1, required=True)
@click.option("--moved", is_flag=True, help="Let these sources have names that were others'.")
@click.option("--rebuild", is_flag=True, help="Drop the tables first, and make them again.")
@format_option("table", *DATA)
def load(database: str, sources: Sequence[str], moved: bool, rebuild: bool, form: str) -> int:
    """Load what is published in each SOURCE: a folder of `plaintrack publish`, a mirror of
    `portfolio mirror`, or a folder that holds such. Only what differs is written.

    Each repository is loaded in one transaction, whatever becomes of the others; several loaders
    may run at once. The first source that has a name keeps it, unless --moved is given. With
    --rebuild the tables are made again, so name all sources; what the company filled stays. Exits
    with 1 if a source failed.
    """
    from plaintrack.app.reporting import portfolio
    from plaintrack.show import portfolio as shown

    found = []
    for each in portfolio.load(database, sources, moved, rebuild):
        found.append(each)
        if for_people(form):
            out(safe(shown.outcome(each)))
    if not for_people(form):
        say(shown.outcomes(found), form)
    return 1 if any(each.error for each in found) else 0


@command.command("mirror")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.argument("urls", metavar="[URL]...", nargs=-1)
@format_option("table", *DATA)
def mirror(folder: str, urls: Sequence[str], form: str) -> int:
    """Keep bare mirrors of repositories in DIR, for those whose CI does not publish: make one for
    each URL, or bring it up to date; without a URL all that are there.

    Of the contents of files only those of the folders of items are fetched. Each mirror is
    published in itself, and `portfolio load DB DIR` loads them. No password is asked for: git uses
    its credential helper or ssh keys. Exits with 1 if a mirror failed.
    """
    from plaintrack.app.reporting import portfolio
    from plaintrack.show import portfolio as shown

    found = []
    for each in portfolio.mirror(folder, urls):
        found.append(each)
        if for_people(form):
            out(safe(shown.mirrored(each)))
    if not found and for_people(form):
        note(f"no mirrors in {safe(folder)}; name a URL")
    if not for_people(form):
        say(shown.mirrors(found), form)
    return 1 if any(each.error for each in found) else 0


@command.command("status")
@click.argument("database", metavar=DATABASE)
@click.option(
    "--stale",
    metavar="TIME",
    default="",
    help="Data that was not looked at for so long is stale (7d).",
)
@format_option("table", *DATA)
def status(database: str, stale: str, form: str) -> int:
    """Show each repository: its commit, how old that is, when its publisher last looked at it; and
    what could not be loaded. Exits with 1 if something is stale or failed.
    """
    from plaintrack.app.reporting import portfolio
    from plaintrack.show import portfolio as shown

    now = portfolio.now()
    found = portfolio.status(database, stale, now)
    if for_people(form):
        say(shown.status(found, now), form)
    else:
        say(shown.standing(found, portfolio.moments(found)), form)
    return 1 if found.stale or found.failures else 0


@command.command("forget")
@click.argument("database", metavar=DATABASE)
@click.argument("name", metavar="REPOSITORY")
def forget(database: str, name: str) -> int:
    """Remove REPOSITORY from the portfolio, by its name there, or a source that failed; git keeps
    all.
    """
    from plaintrack.app.reporting import portfolio

    portfolio.forget(database, name)
    note(f"{safe(name)} is no longer in the portfolio")
    return 0
