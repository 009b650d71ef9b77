"""Publishes the work of a commit as rows: for a portfolio, or to be analysed as they lie.

All comes from the commit: its items, its settings, the history that it reaches, and the plan as it
was on the day of the commit. So the same commit gives the same bytes, whoever publishes it.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from math import inf
from typing import Any, Literal, NamedTuple

from plaintrack import __version__
from plaintrack.app.reporting.blocks import UNTOLD
from plaintrack.app.snapshot import answers, folded, people, timelog, updates
from plaintrack.app.snapshot.past import Past
from plaintrack.app.snapshot.settings import understood
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.app.snapshot.staged import Staged
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.model.count import plural
from plaintrack.model.ids import natural
from plaintrack.model.task import fold
from plaintrack.query.columns import MENTIONS
from plaintrack.render.visible import masked
from plaintrack.store import place
from plaintrack.store.index import portfolio
from plaintrack.store.portfolio import parquet, published, shape
from plaintrack.store.portfolio.parquet import Row
from plaintrack.when.moments import zone

SETTINGS = (
    *("timezone", "day", "week", "ids", "folders", "archive", "filename", "title", "statuses"),
    *("priorities", "types", "fields", "people", "urgency", "goals", "scores", "recur", "calendar"),
    *("calendars", "rooms", "groups", "plan", "health", "sla", "metrics"),
)
"""The keys of ``plaintrack.yml`` that are published: what questions, flow and plans depend on."""
_FORMAT = 1
_WITHHELD = re.compile("|".join(f'"{name}"' for name in sorted(UNTOLD)))
_UNTOLD = re.compile("[\0\ud800-\udfff]")


class CutHistory(PlaintrackError):
    """The clone is shallow."""

    slug = "cut-history"

    def __init__(self) -> None:
        super().__init__(
            "this clone is shallow: what happened before it was cut cannot be published",
            "run `git fetch --unshallow`; in CI, fetch all of history (`fetch-depth: 0`)",
        )


class OnlyCommits(PlaintrackError):
    """What is to be published is not a commit."""

    slug = "only-commits"

    def __init__(self) -> None:
        super().__init__("only commits are published", "commit first; or name one: `--at HEAD`")


class SettingsNotCommitted(PlaintrackError):
    """The commit has no settings that can be used."""

    slug = "settings-not-committed"

    def __init__(self, commit: str, why: str) -> None:
        super().__init__(
            f"{place.SETTINGS} of commit {commit[:10]} cannot be used: {why}",
            "commit settings that `plaintrack check` accepts",
        )


class BadPortfolioName(PlaintrackError):
    """The name of a repository cannot stand in front of ids."""

    slug = "bad-portfolio-name"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} cannot be the name of a repository in a portfolio",
            "commit `publish: {name: NAME}` in plaintrack.yml: letters, digits, '.', '_' and '-'",
        )


class NotALocalFolder(PlaintrackError):
    """The place to publish in is not a folder."""

    slug = "not-a-local-folder"

    def __init__(self, url: str) -> None:
        super().__init__(
            f"cannot publish to {url}: plaintrack writes to folders and file:// alone",
            "publish in a folder and copy it there, manifest.json last; see docs/portfolio.md",
        )


class AmongItems(PlaintrackError):
    """The folder to publish in is one of the workspace's own."""

    slug = "among-items"

    def __init__(self, folder: str, top: str) -> None:
        super().__init__(
            f"{folder} is in {top}/, which belongs to the work itself",
            "name a folder of its own, and ignore it in git",
        )


class File(NamedTuple):
    """A published file; ``state``: ``written``, ``unchanged``, ``removed``, or ``sound``, which
    says that it was checked.
    """

    name: str
    rows: int
    bytes: int
    state: Literal["written", "unchanged", "removed", "sound"]


class Made(NamedTuple):
    """What was published (``dry``: would be), or was found published: the repository by its name,
    the commit, the files; and what is not told, in sentences.
    """

    name: str
    tip: str
    day: str
    private: bool
    files: tuple[File, ...]
    notes: tuple[str, ...]
    dry: bool = False


def publish(snapshot: Snapshot, where: str, dry: bool = False) -> Made:
    """Publish the commit of a snapshot in a folder; of a work tree, the present one. ``dry``: say
    what would be written.

    Raises NoGit, CutHistory, OnlyCommits, SettingsNotCommitted, BadPortfolioName, NotALocalFolder,
    AmongItems, NotOurPublication, CannotPublish, PortfolioMissing.
    """
    parquet.demand()
    folder = folder_of(where)
    _apart(snapshot, folder)
    before = published.known(folder)
    tip = _tip(snapshot)
    about = _About(tip)
    if about.brief.items() <= before.items() and published.whole(folder):
        if not dry:
            published.touch(folder)
        notes = [str(each) for each in before.get("notes") or ()]
        files = [
            File(name, each.rows, each.bytes, "unchanged")
            for name, each in published.read(folder).manifest.files.items()
        ]
    else:
        rows = _Rows(tip, about)
        tables = rows.tables()
        notes = [*_notes(about), *rows.notes]
        done = published.write(folder, {**about.whole(), "notes": notes}, tables, dry)
        files = [
            File(name, each.rows, each.bytes, "written" if name in done.written else "unchanged")
            for name, each in done.told.items()
        ]
        files += [File(name, 0, 0, "removed") for name in done.removed]
    day = tip.today.isoformat()
    return Made(about.name, tip.commit, day, about.private, tuple(files), tuple(notes), dry)


def verify(where: str) -> Made:
    """What is published in a folder, each byte and row of it checked. Raises NotReadable,
    NotALocalFolder, PortfolioMissing.
    """
    found = published.read(folder_of(where))
    found.verify()
    told = found.manifest
    files = tuple(File(name, each.rows, each.bytes, "sound") for name, each in told.files.items())
    return Made(told.name, told.tip, told.day, told.private, files, ())


def folder_of(text: str) -> str:
    """The folder that a path or a URL means."""
    from urllib.parse import unquote, urlsplit

    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return text
    parts = urlsplit(text)
    if parts.scheme.lower() != "file" or parts.netloc not in ("", "localhost"):
        raise NotALocalFolder(text)
    return unquote(parts.path)


def _apart(snapshot: Snapshot, folder: str) -> None:
    """Check that a folder is not one of the workspace's own."""
    rooms = snapshot.settings.rooms.values()
    here = os.path.relpath(os.path.realpath(folder), os.path.realpath(snapshot.root))
    for top in (*snapshot.tops, *rooms, place.COMMENTS, ".git", ".plaintrack"):
        if f"{here}/".replace(os.sep, "/").startswith(f"{top}/"):
            raise AmongItems(folder, top)


class Tip(Past):
    """A commit as it sees itself: by its own settings, on its own day. Where they name no time
    zone, days are those of UTC, and not of whatever machine publishes.
    """

    @cached_property
    def settings(self) -> Settings:
        """Those of the commit."""
        found, wrong = understood(self.repo.blob(self.commit, place.SETTINGS))
        if found is None:
            raise SettingsNotCommitted(self.commit, wrong[0].message)
        local = found.schema.timezone or "UTC"
        return found._replace(schema=found.schema._replace(timezone=local))


def _tip(snapshot: Snapshot) -> Tip:
    """The commit of a snapshot."""
    if isinstance(snapshot, Staged):
        raise OnlyCommits
    if snapshot.repo.shallow:
        raise CutHistory
    tip = Tip(snapshot.root, snapshot.tip, None, snapshot.listener)
    tip.day = _day(tip)
    tip.discreet = not tip.settings.publish["private"]
    return tip


def _day(tip: Tip) -> date:
    """The day of the commit, by the workspace's clock."""
    made = datetime.fromtimestamp(tip.repo.time(tip.commit), zone(tip.schema.timezone))
    return made.date()


def _notes(about: "_About") -> list[str]:
    notes = []
    if not about.private:
        notes.append(
            "rates, types of leave, who worked when, notes on time and e-mail addresses are not"
            " told (`publish: {private: true}` tells them)"
        )
    if "timezone" not in about.given:
        notes.append("plaintrack.yml names no `timezone`: days are those of UTC")
    return notes


class _About:
    """What the manifest says, beside the files."""

    def __init__(self, tip: Tip) -> None:
        from plaintrack.text.nodes import mapping

        self.tip = tip
        self.private = not tip.discreet
        data = tip.repo.blob(tip.commit, place.SETTINGS) or b""
        self.given: dict[str, Any] = mapping(data.decode("utf-8-sig"), place.SETTINGS)
        self.name = self._name()

    @cached_property
    def brief(self) -> dict[str, Any]:
        """That part which says what all the rest is made from."""
        return {
            "plaintrack": __version__,
            "schema": shape.VERSION,
            "made_with": {"format": _FORMAT, "duckdb": parquet.version()},
            "repository": {"name": self.name, "roots": self.tip.repo.roots(self.tip.commit)},
            "tip": self.tip.commit,
            "tip_time": self.tip.repo.time(self.tip.commit),
            "day": self.tip.today.isoformat(),
            "private": self.private,
            "timed": self.tip.settings.publish["time"],
        }

    def whole(self) -> dict[str, Any]:
        """All of it."""
        series = folded.series(self.tip)
        found = {
            **self.brief,
            "settings": self._settings(),
            "workflows": [list(each) for each in series.workflows],
            "line": {"first": series.first, "last": series.last, "commits": series.commits},
            "people": self._files("people"),
            "equipment": self._files("equipment"),
            "said": self._said(),
        }
        cleaned: dict[str, Any] = _deep(found, cleaner(self.tip.discreet))
        return cleaned

    def _name(self) -> str:
        """What the settings call the repository, else the last part of the address of its remote,
        else its folder; with the workspace's folder, where that is not the top.
        """
        found = str(self.tip.settings.publish["name"])
        if not found:
            remote = self.tip.repo.config("remote.origin.url").rstrip("/").removesuffix(".git")
            top = place.top(self.tip.root) or self.tip.root
            below = os.path.relpath(self.tip.root, top).replace("\\", "/")
            last = re.split(r"[/\\:]", remote)[-1] or self._folder(top)
            found = "-".join([last, *(below.split("/") if below != "." else ())])
        if not published.NAME.fullmatch(found):
            raise BadPortfolioName(found)
        return found

    def _folder(self, top: str) -> str:
        """The name of the folder that the repository is in, of a worktree the main one."""
        common = os.path.realpath(os.path.join(self.tip.root, self.tip.repo.common))
        if os.path.basename(common) == ".git":
            return os.path.basename(os.path.dirname(common))
        return os.path.basename(common).removesuffix(".git") or os.path.basename(top)

    def _settings(self) -> dict[str, Any]:
        found = {name: self.given[name] for name in SETTINGS if self.given.get(name) is not None}
        found["timezone"] = self.tip.schema.timezone
        if "people" in found and not self.private:
            found["people"] = {
                who: {key: each for key, each in (about or {}).items() if key != "email"}
                for who, about in found["people"].items()
            }
        return found

    def _said(self) -> dict[str, list[str]]:
        """Folded id → health that the latest update of an open project or goal says, and who said
        it when.
        """
        if not updates.folder(self.tip):
            return {}
        known = self.tip.schema.fields["type"].choices
        query = " or ".join(f"type:{each}" for each in updates.KINDS if each in known)
        tasks = answers.tasks(self.tip, answers.question(self.tip, query, within="is:open"))
        latest = {fold(each.id): updates.latest(self.tip, each) for each in tasks if query}
        return {item: [each.health, each.told] for item, each in latest.items() if each}

    def _files(self, room: str) -> dict[str, str]:
        from plaintrack.text import staff

        return {
            path: staff.told(path, data, room, self.private)
            for path, data in people.files(self.tip, room, [])
        }


class _Rows:
    """The rows of all tables; ``notes`` say what could not be told."""

    def __init__(self, tip: Tip, about: _About) -> None:
        self.tip, self.about = tip, about
        self.clean = cleaner(tip.discreet)
        self.notes: list[str] = []

    def tables(self) -> dict[str, Iterator[Row]]:
        """File → its rows."""
        found: dict[str, Iterator[Row]] = {"items.parquet": iter(self.items())}
        for name, some in (("changes", self.changes()), ("time", self.time())):
            for year, rows in sorted(some.items()):
                found[f"{name}/{year:04}.parquet"] = iter(rows)
        unread = portfolio.unread(self.tip.index.connection)
        if unread:
            files = plural(unread, "file")
            self.notes.append(f"{files} in the item folders cannot be read as items")
        plan = self.plan()
        if plan is not None:
            found["plan.parquet"] = iter(plan)
        return found

    def items(self) -> Iterator[Row]:
        """Rows of shape.ITEM, by path."""
        blobs = dict(self.tip.repo.tree(self.tip.commit, self.tip.tops))
        mentioned = self._mentioned()
        kinds = {} if "kind" in self.tip.schema.own else answers.names(self.tip).kinds()
        names = [each.name for each in shape.ITEM]
        columns = [each for each in names if not each.endswith("_fold") and each not in _ELSEWHERE]
        heads = [*columns, *(f"{each}_fold" for each in shape.FOLDED)]
        taken: set[str] = set()
        for row, haystack, values in portfolio.items(
            self.tip.index.connection, columns, shape.FOLDED
        ):
            cells = dict(zip(heads, row, strict=True))
            cells |= {"haystack": haystack, "blob": blobs[cells["path"]]}
            cells["kind"] = kinds.get(cells["path"], "")
            if self.tip.discreet:
                cells["data"] = _without(cells["data"])
                values = [each for each in values if each[0] not in UNTOLD]
            more = [each for each in mentioned.get(cells["id_fold"], ()) if each not in values]
            values = sorted([*values, *more], key=_order)
            cells = {
                name: self.clean(cell) if isinstance(cell, str) else cell
                for name, cell in cells.items()
            }
            if cells["path"] in taken:  # two paths that differ in an address alone
                cells["path"] = f"{cells['path']}~{cells['blob'][:10]}"
            taken.add(cells["path"])
            cells["values"] = [
                (field, self.clean(key), number, self.clean(order))
                for field, key, number, order in values
            ]
            yield tuple([cells[name] for name in names])

    def _mentioned(self) -> dict[str, list[tuple[str, str, None, str]]]:
        """Folded id → whom comments and updates mention, as values."""
        if MENTIONS in self.tip.schema.fields:
            return {}
        return {
            item: [(MENTIONS, name, None, natural(name)) for name in names]
            for item, names in self.tip.addressed.items()
        }

    def changes(self) -> dict[int, list[Row]]:
        """Year → rows of shape.CHANGE, in the order of the line."""
        series = folded.series(self.tip)
        line = folded.line(self.tip)
        rows: list[Row] = []
        for item, steps in series.lives.items():
            key = self.clean(item)
            for number, step in enumerate(steps):
                commit, reached = line[step.position]
                who = self._who(step.who)
                about = (step.position, commit, reached, step.landed, step.authored, who)
                for field, value in step.changes.items():
                    if not (self.tip.discreet and field in UNTOLD):
                        new = None if value is None else json.dumps(value, ensure_ascii=False)
                        told = new and self.clean(new)
                        rows.append((*about, key, number, self.clean(field), told))
        rows.sort(key=lambda row: (row[0], *row[6:9]))
        found: dict[int, list[Row]] = {}
        for row in rows:
            found.setdefault(datetime.fromtimestamp(row[2], UTC).year, []).append(row)
        return found

    def _who(self, who: str) -> str:
        known = self._authors.get(who)
        if known is None:
            name, _, email = who.partition("\t")
            known = who if self.about.private else people.person(self.tip, name, email)
            self._authors[who] = known = self.clean(known)
        return known

    @cached_property
    def _authors(self) -> dict[str, str]:
        return {}

    def time(self) -> dict[int, list[Row]]:
        """Year → rows of shape.TIME, in the order of days."""
        if not self.tip.settings.publish["time"]:
            self.notes.append("time records are not told (`publish: {time: false}`)")
            return {}
        now = timelog.renamed(self.tip)
        entries = [each for each in timelog.everything(self.tip) if each.end is not None]
        rows: list[Row]
        if self.about.private:
            rows = [
                (
                    *(self.clean(fold(now(each.item))), self.clean(each.person)),
                    *(each.day.toordinal(), each.start, each.seconds),
                    *(self.clean(each.note), self.clean(",".join(sorted(each.tags)))),
                )
                for each in entries
            ]
        else:
            sums: dict[tuple[str, int], int] = {}
            for each in entries:
                key = (self.clean(fold(now(each.item))), each.day.toordinal())
                sums[key] = sums.get(key, 0) + each.seconds
            rows = [(item, "", day, None, took, "", "") for (item, day), took in sums.items()]
        found: dict[int, list[Row]] = {}
        for row in sorted(rows, key=lambda row: (row[2], row[0], row[1], row[3] or 0, *row[4:])):
            found.setdefault(date.fromordinal(row[2]).year, []).append(row)
        return found

    def plan(self) -> list[Row] | None:
        """Rows of shape.PLAN, by item; None if there is no plan."""
        try:
            lines = self.tip.plan.lines
        except PlaintrackError as error:
            self.notes.append(f"there is no plan: {error.message}")
            return None
        rows = [
            (
                *(fold(each.id), ", ".join(each.who), each.start, each.end, each.due, each.target),
                *(each.late, each.slip, each.slack, int(each.critical)),
                ", ".join(map(fold, each.waits_for)),
                *(int(each.assumed), each.reason),
            )
            for each in lines
        ]
        return sorted(
            [
                tuple(self.clean(cell) if isinstance(cell, str) else cell for cell in row)
                for row in rows
            ],
            key=lambda row: (row[0], row[2]),
        )


_ELSEWHERE = ("kind", "haystack", "blob", "values")
"""Columns of an item that are not columns of the index."""


def _without(data: str) -> str:
    """The JSON of fields without those that are not told."""
    if not _WITHHELD.search(data):
        return data
    told = {name: each for name, each in json.loads(data).items() if name not in UNTOLD}
    return json.dumps(told, ensure_ascii=False)


def _order(value: tuple[str, str, float | None, str]) -> tuple[str, str, float]:
    field, key, number, _ = value
    return field, key, -inf if number is None else number


def cleaner(discreet: bool) -> Callable[[str], str]:
    """What makes a text fit for all databases: no NUL, no half of a character; and without e-mail
    addresses if it is discreet.
    """

    def clean(text: str) -> str:
        if not text.isascii() or "\0" in text:
            text = _UNTOLD.sub("\N{REPLACEMENT CHARACTER}", text)
        return masked(text) if discreet and ("@" in text or "%40" in text) else text

    return clean


def _deep(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _deep(each, clean) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_deep(each, clean) for each in value]
    return value
