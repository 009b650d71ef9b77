"""A static site of the work: pages of the reports, one for each item, and search. It needs no
server, loads nothing from elsewhere, and runs a script only to search.
"""

import os
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import plaintrack
from plaintrack.app.reporting import own
from plaintrack.app.reporting.drawn import days, picture
from plaintrack.app.reporting.forge import source
from plaintrack.app.reporting.items import Items
from plaintrack.app.reporting.overview import overview
from plaintrack.app.reporting.report import KINDS, Asked, Report, report
from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.snapshot import Snapshot
from plaintrack.errors import PlaintrackError
from plaintrack.model.task import Task, fold
from plaintrack.render import html, vega
from plaintrack.render.html import Ways
from plaintrack.render.vega import THEMES, Drawn
from plaintrack.render.visible import encoded, masked
from plaintrack.store import files
from plaintrack.store.digest import digest
from plaintrack.store.pages import Pages
from plaintrack.store.shipped import shipped

if TYPE_CHECKING:
    from plaintrack.render.document import Document

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
    " base-uri 'none'; form-action 'self'"
)
"""What a browser may do on a page: no inline script or style, nothing from elsewhere."""
_LEFT_OUT = ("project", "timesheet")
"""Reports without a page: one is about one item, one holds time entries by person."""


class Made(NamedTuple):
    """What was written: new or changed pages, those that stayed, those that were removed; and what
    is not in the site, in sentences.
    """

    written: int
    same: int
    removed: int
    notes: tuple[str, ...]


def site(snapshot: Snapshot, folder: str, progress: Callable[[int, int], None]) -> Made:
    """Write the site of a snapshot into a folder; ``progress`` hears how many items are written.
    Raises ReportMissing, NotOurFolder,
    PageNotWritable, and what its questions raise.
    """
    vega.demand()
    return _Site(snapshot, Pages(folder, snapshot.cache), progress).write()


def _tools() -> str:
    """What draws the pages, beside what they say: versions of libraries, and our own files as they
    are in a checkout.
    """
    import markdown_it
    import nh3
    import vl_convert

    package = os.path.dirname(os.path.abspath(plaintrack.__file__))
    stamps = [
        (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
        for folder, _, _ in os.walk(package)
        for entry in os.scandir(folder)
        if entry.name.endswith(".py")
    ]
    versions = [each.__version__ for each in (plaintrack, markdown_it, nh3, vl_convert)]
    return repr((versions, sorted(stamps)))


class _Site:
    """One site while it is written."""

    def __init__(
        self, snapshot: Snapshot, pages: Pages, progress: Callable[[int, int], None]
    ) -> None:
        self.progress = progress
        snapshot.discreet = not snapshot.settings.site["private"]
        self.snapshot, self.pages = snapshot, pages
        self.tasks = [task for task in answers.all_tasks(snapshot) if task.id]
        self.known = {fold(task.id): task.id for task in self.tasks}
        self.paths = {task.path: task.id for task in self.tasks}
        self.title = str(snapshot.settings.site["title"]) or os.path.basename(snapshot.root)
        self.source = source(snapshot)
        self.notes: list[str] = []
        self.drawn = 0
        self.reports: list[Report] = []
        self.tools = digest(repr((_tools(), snapshot.discreet)).encode())

    def write(self) -> Made:
        """Write all of it."""
        for name in ("page.css", "search.js"):
            self.pages.put(name, files.read(shipped("pages", name)).decode())
        self.pages.put(".nojekyll", "")
        self._reports()
        self._overview()
        self._lists()
        self._search()
        self._items()
        self.pages.finish()
        return Made(self.pages.written, self.pages.same, self.pages.removed, tuple(self.notes))

    # Pages

    def _put(self, path: str, text: str, key: str = "") -> None:
        self.pages.put(path, masked(text) if self.snapshot.discreet else text, key)

    def _page(self, path: str, title: str, body: str, script: bool = False, key: str = "") -> None:
        up = "../" * path.count("/")
        scripts = (
            f'<script src="{up}search-data.js"></script><script src="{up}search.js"></script>\n'
            if script
            else ""
        )
        self._put(
            path,
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(title)} · {html.escape(self.title)}</title>\n"
            f'<link rel="stylesheet" href="{up}page.css">\n</head>\n<body>\n'
            '<a class="skip" href="#main">Skip to the content</a>\n'
            f"<header><p>{html.escape(self.title)}</p>\n{self._navigation(path, up)}\n"
            f'<form action="{up}search.html" role="search"><label for="q">Search items</label>\n'
            '<input id="q" name="q" type="search"><button>Search</button></form></header>\n'
            f'<main id="main">\n<h1>{html.escape(title)}</h1>\n{body}\n</main>\n'
            f"<footer><p>Made by plaintrack from the files of the repository.</p></footer>\n"
            f"{scripts}</body>\n</html>\n",
            key,
        )

    def _navigation(self, path: str, up: str) -> str:
        links = []
        for target, title in self._places():
            here = ' aria-current="page"' if target == path else ""
            links.append(f'<li><a href="{up}{escape(target)}"{here}>{html.escape(title)}</a></li>')
        return f'<nav aria-label="Pages"><ul>{"".join(links)}</ul></nav>'

    def _places(self) -> Iterator[tuple[str, str]]:
        yield "index.html", "Overview"
        for each in self.reports:
            yield self._place(each), each.title
        yield "items.html", "Open items"
        yield "closed.html", "Closed items"

    def _place(self, each: Report) -> str:
        return f"{each.name}.html" if each.name in KINDS else f"reports/{each.name}.html"

    def _ways(self, path: str) -> Ways:
        up = "../" * path.count("/")
        stem = path.removesuffix(".html").replace("/", "-")

        def item(name: str) -> str:
            known = self.known.get(fold(name))
            return f"{up}items/{known}.html" if known else ""

        def chart(drawn: Drawn, text: str) -> str:
            self.drawn += 1
            names = {theme: f"charts/{stem}-{self.drawn}-{theme}.svg" for theme in THEMES}
            key = _key(self.tools, drawn)
            lacking = [theme for theme in THEMES if not self.pages.stays(names[theme], key)]
            pictures = vega.pictures(drawn) if lacking else {}
            for theme in lacking:
                self._put(names[theme], pictures[theme], key)
            return picture(up + names["light"], up + names["dark"], text)

        return Ways(item, self._target(up, ""), chart)

    def _target(self, up: str, document: str) -> Callable[[str], str]:
        """Where a link in a text leads: to the web, to the page of the item whose file it names,
        to the file on the forge; else nowhere.
        """

        def target(link: str) -> str:
            if re.match(r"https?://", link):
                return link
            if ":" in link or link.startswith(("#", "/", "\\")):
                return ""
            path = os.path.normpath(os.path.join(os.path.dirname(document), link.partition("#")[0]))
            path = path.replace("\\", "/")
            if path in self.paths:
                return f"{up}items/{self.paths[path]}.html"
            return f"{self.source}{path}" if self.source and not path.startswith("..") else ""

        return target

    def _where(self, up: str) -> Callable[[str], str]:
        return lambda path: f"{up}items/{self.paths[path]}.html" if path in self.paths else ""

    def _document(self, path: str, title: str, document: "Document", head: str = "") -> None:
        self.drawn = 0
        body = "\n".join(html.draw(document, self._ways(path)))
        self._page(path, title, head + body)

    def _reports(self) -> None:
        """The pages of the reports; one that cannot be made is a note."""
        names = [name for name in KINDS if name not in _LEFT_OUT]
        names += own.names(self.snapshot)
        for name in names:
            up = "" if name in KINDS else "../"
            try:
                made = report(self.snapshot, name, Asked(where=self._where(up)))
                document = made.document._replace(parts=list(made.document.parts))
            except PlaintrackError as error:
                self.notes.append(f"there is no page {name!r}: {error.message}")
                continue
            self.reports.append(made._replace(document=document))
        for made in self.reports:
            head = f'<p class="aside">{days(made)}</p>\n' if made.first < made.last else ""
            self._document(self._place(made), made.title, made.document, head)

    def _overview(self) -> None:
        self._document("index.html", "Overview", overview(self.snapshot, self._where("")))

    def _lists(self) -> None:
        from plaintrack.app.snapshot.listing import listing
        from plaintrack.show.items import table

        columns = ["id", "title", "type", "status", "priority", "assignee", "due"]
        names = [name for name in columns if name in self.snapshot.schema.fields]
        for path, title, query in (
            ("items.html", "Open items", "is:open sort:due,id"),
            ("closed.html", "Closed items", "is:closed sort:-closed,id"),
        ):
            asked = answers.question(self.snapshot, query)
            found = listing(self.snapshot, asked, names, paths=True, late=True)
            count = f"<p>{len(found.rows):,} items.</p>\n"
            self._document(path, title, table(found, self._where("")), count)

    def _search(self) -> None:
        """The page that searches, and what it searches in."""
        rows = [
            [
                task.id,
                task.text("title"),
                task.text("status"),
                " ".join((task.text("assignee"), task.text("type"), task.text("tags"))),
            ]
            for task in self.tasks
        ]
        data = encoded(rows).replace("<", "\\u003c").replace("\u2028", "\\u2028")
        self._put("search-data.js", f"const ITEMS = {data};\n")
        body = (
            '<p id="found" role="status">Type words of a title, an id, a person or a tag.</p>'
            '<ul id="results"></ul><noscript><p>Search needs JavaScript; the lists of open and'
            " closed items do not.</p></noscript>"
        )
        self._page("search.html", "Search", body, script=True)

    def _items(self) -> None:
        items = Items(self.snapshot, self.tasks)
        total = len(self.tasks)
        about = (self.title, list(self._places()), self.source, self.known, self.paths)
        around = digest(self.tools + repr(about).encode("utf-8", "surrogatepass"))
        for number, task in enumerate(self.tasks):
            self.progress(number, total)
            self._item(items, task, around)
        self.progress(total, total)
        if items.unread:
            self.notes.append(f"{items.unread} files could not be read and have no text")

    def _item(self, items: Items, task: Task, around: bytes) -> None:
        """The page of an item. It is drawn only if something of it is new: what it says, or what is
        ``around`` it on every page.
        """
        path = f"items/{task.id}.html"
        document = items.document(task)
        key = _key(around, (task.path, task.text("title"), document))
        if self.pages.stays(path, key):
            return
        ways = self._ways(path)._replace(target=self._target("../", task.path))
        body = "\n".join(html.draw(document, ways))
        if self.source:
            from urllib.parse import quote

            address = escape(self.source + quote(task.path))
            body += f'\n<p class="aside"><a href="{address}">The file in the repository</a></p>'
        self._page(path, f"{task.id} {task.text('title')}", body, key=key)


def _key(around: bytes, value: object) -> str:
    """The digest of what a page or picture is made from."""
    return digest(around + repr(value).encode("utf-8", "surrogatepass")).hex()
