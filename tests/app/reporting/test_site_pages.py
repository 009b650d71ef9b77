"""The site: what it must never hold, hostile texts, and that only what changed is written."""

import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import canaries
import pytest
from conftest import ROOT

import plaintrack
from plaintrack.app.reporting import site
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.render import vega
from plaintrack.render.plot import Plot, Series


@pytest.fixture
def secrets(empty):
    return canaries.secrets(empty)


def written(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_byte_of_a_site_tells_what_only_the_team_may_know(secrets):
    folder = secrets.folder / "site"
    assert canaries.CANARIES["leave"] in secrets("plan", "--why", "PT-1")  # and it is remembered
    secrets("report", "site", str(folder))
    pages = written(folder)
    assert {
        "index.html",
        "items/PT-1.html",
        "people.html",
        "plan.html",
        "reports/ours.html",
    } <= set(pages)
    for name, canary in canaries.CANARIES.items():
        found = [path for path, data in pages.items() if canary.encode() in data]
        assert not found, (name, found)
    assert b"away" in pages["people.html"]
    assert b"https://github.com/a/b/blob/main/tasks/PT-1.md" in pages["items/PT-1.html"]


def test_the_settings_may_say_that_readers_are_the_team(secrets):
    settings = secrets.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "site: {private: true}\n")
    secrets("report", "site", "site")
    everything = b"".join(written(secrets.folder / "site").values())
    for name in ("cost", "leave", "body-mail"):
        assert canaries.CANARIES[name].encode() in everything, name
    assert canaries.CANARIES["remote"].encode() not in everything


def test_only_what_changed_is_written_and_what_is_gone_is_removed(secrets):
    folder = secrets.folder / "site"
    secrets("report", "site", "site")
    before = {path: (folder / path).stat().st_mtime_ns for path in written(folder)}
    assert ": 0 written" in secrets("report", "site", "site")
    (secrets.folder / "tasks/PT-2.md").unlink()
    (folder / "mine.txt").write_text("mine")
    secrets("report", "site", "site")
    after = written(folder)
    assert "items/PT-2.html" not in after
    assert "mine.txt" in after
    kept = ("page.css", "search.js", "items/PT-p.html")
    assert all((folder / path).stat().st_mtime_ns == before[path] for path in kept)
    (secrets.folder / "other").mkdir()
    (secrets.folder / "other/x").write_text("x")
    secrets("report", "site", "other", code=2)
    assert "other is not empty and was not made by plaintrack" in secrets.err


def _edits(folder, git):
    """Name of an edit → what makes it; each changes what some pages show."""

    def put(path, text):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)

    def swap(path, old, new):
        text = (folder / path).read_text()
        put(path, text.replace(old, new) if old in text else text.replace(new, old))

    def move():
        paths = [folder / "tasks/PT-2.md", folder / "tasks/PT-2 moved.md"]
        old, new = paths if paths[0].exists() else paths[::-1]
        old.rename(new)

    two = "---\nid: PT-2\ntitle: Second\nassignee: ana\nestimate: 3d\ndepends_on: [PT-1]\n---\n"
    comment = "---\nauthor: ana\ndate: 2026-11-2{}T10:00:00+01:00\n---\nSaid {} of PT-2.\n"
    return {
        "title of a linked item": lambda: swap("tasks/PT-1.md", "title: First", "title: Fi<b>rst"),
        "status": lambda: swap("tasks/PT-1.md", "estimate: 3d", "status: done\nestimate: 3d"),
        "text": lambda: swap("tasks/PT-p.md", "EUR\n---\n", "EUR\n---\nSee [it](PT-2.md), PT-3.\n"),
        "a new item": lambda: put("tasks/PT-3.md", "---\nid: PT-3\ntitle: Third\n---\n"),
        "no more of it": lambda: (folder / "tasks/PT-3.md").unlink(missing_ok=True),
        "another path": move,
        "a comment": lambda: put("comments/PT-1/a.md", comment.format(1, "one")),
        "that comment again": lambda: put("comments/PT-1/a.md", comment.format(2, "two")),
        "the site's title": lambda: swap("plaintrack.yml", "title: Site", "title: Ours"),
        "private": lambda: swap("plaintrack.yml", "private: false", "private: true"),
        "a person": lambda: swap("people/ana.md", "name: Ana", "name: Anabel"),
        "a report": lambda: put("reports/more.md", "# More\n\nWords.\n"),
        "the forge": lambda: git("remote", "set-url", "origin", "https://gitlab.com/a/c.git"),
        "what depends": lambda: put(
            "tasks/PT-4.md", two.replace("PT-2", "PT-4").replace("First", "4")
        ),
    }


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(at, marks=pytest.mark.slow) for at in (2, 3, 4))]
)
def test_a_site_made_over_an_older_one_is_that_made_afresh(secrets, monkeypatch, seed):
    rng, root = random.Random(seed), secrets.folder
    monkeypatch.setattr(vega, "svg", lambda chart: f"<svg>{chart!r}</svg> #0969da")
    monkeypatch.setenv("PLAINTRACK_NOW", "2026-11-23T09:00:00+01:00")
    drawn = []
    draw = site.html.draw
    monkeypatch.setattr(site.html, "draw", lambda *words: drawn.append(1) or draw(*words))

    def make(folder):
        drawn.clear()
        site.site(Workspace(str(root)), str(folder), lambda _done, _whole: None)
        return written(folder), len(drawn)

    def dates():
        monkeypatch.setenv("PLAINTRACK_NOW", f"2026-11-{rng.randrange(23, 29)}T09:00:00+01:00")

    def code():
        monkeypatch.setattr(plaintrack, "__version__", f"0.{rng.random()}")

    def spoil():
        rng.choice(list((shown / "items").iterdir())).write_text("spoilt")
        rng.choice(list((shown / "charts").iterdir())).unlink()

    shown, edits = root.parent / "site", _edits(root, secrets.git)
    edits |= {"another day": dates, "another version": code, "a page spoilt": spoil}
    with (root / "plaintrack.yml").open("a") as settings:
        settings.write("site: {title: Site, private: false}\n")
    make(shown)
    for at, name in enumerate(rng.sample([*edits, *edits], 8 if seed == 1 else 30)):
        edits[name]()
        found, _ = make(shown)
        fresh, whole = make(root.parent / f"fresh-{at}")
        assert found == fresh, name
    again, few = make(shown)
    items = len(list((shown / "items").iterdir()))
    assert (again, few) == (found, whole - items)  # no item's page was drawn


def test_a_block_of_a_report_cannot_name_what_is_left_out(secrets):
    path = secrets.folder / "reports/ours.md"
    path.write_text("<!-- plaintrack: list columns:id,budget -->\n<!-- /plaintrack -->\n")
    secrets("report", "ours", code=2)
    assert "reports/ours.md:1: budget is left out of reports" in secrets.err
    secrets("report", "site", "site")
    assert "there is no page 'ours': reports/ours.md:1: budget is left out" in secrets.err


def test_without_the_extra_a_site_says_what_it_needs(monkeypatch, tmp_path):
    from plaintrack.render import vega

    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(vega.ReportMissing) as missing:
        vega.svg(Plot("T", "line", "x", "y", [Series("s", [(1, 2)])]))
    assert missing.value.hint == "run `pip install 'plaintrack[report]'`"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' & {{today}} \\u2028 ```"


def test_hostile_texts_are_inert(empty):
    (empty.folder / "tasks").mkdir(exist_ok=True)
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks]\ntimezone: Europe/Berlin\n")
    body = (
        "<script>alert(3)</script>\n\n[x](javascript:alert(4)) ![p](https://evil.example/p.png)\n\n"
        "<iframe src=https://evil.example></iframe>\n\n[d](data:text/html,x) <a onclick=alert(5)>a</a>\n"
    )
    (empty.folder / "tasks/PT-1.md").write_text(
        f"---\nid: PT-1\ntitle: {json.dumps(HOSTILE)}\nassignee: '<b>x</b>'\nstart: 2026-11-23\ndue: 2026-11-27\n"
        f"tags: ['</script><script>alert(6)</script>']\nestimate: 1d\n---\n{body}"
    )
    empty("report", "site", "site")
    for path, data in written(empty.folder / "site").items():
        text = data.decode()
        if path.endswith(".html"):
            assert "Content-Security-Policy" in text
            scripts = re.findall(r"<script[^>]*>", text)
            assert all(
                re.fullmatch(r'<script src="(search|search-data)\.js">', each) for each in scripts
            ), path
            assert not re.search(r"<(?:img|iframe|b|a)\b[^>]*\s(?:on\w+|style)=", text), path
            assert not re.search(r"(?:src|href)=\"(?:javascript|data):", text), path
            assert '<img src="http' not in text
        if path.endswith(".js") and path != "search.js":
            assert "<" not in text
        if path.endswith(".svg"):
            assert "<script" not in text


def test_the_files_of_pages_are_shipped():
    assert {path.name for path in (ROOT / "templates/pages").iterdir()} == {"page.css", "search.js"}


def test_a_comment_on_a_pull_request_tells_no_more(secrets):
    """Neither what a change does to people's files, nor the plan, nor findings in them."""
    ana = secrets.folder / "people/ana.md"
    text = ana.read_text()
    changed = text.replace("EUR/h", "EUR/d").replace(
        canaries.CANARIES["note"], f"{canaries.CANARIES['note']}2"
    )
    line = f"- 2026-11-25..2026-12-04 {canaries.CANARIES['leave']}"
    ana.write_text(changed.replace("---\n", f"{line}\n---\n").removeprefix(f"{line}\n"))
    item = secrets.folder / "tasks/PT-p.md"
    item.write_text(
        item.read_text().replace(canaries.CANARIES["cost"], f"9{canaries.CANARIES['cost']}")
    )
    secrets.git("commit", "-qam", "more")
    secrets("plan", "--compare", "HEAD~1")
    words = ("check", "--since", "HEAD~1..HEAD", "--fail-on", "never", "--format", "comment")
    comment = secrets(*words)
    assert "leave changed" in comment
    assert "budget changed" in comment
    assert "leave overlaps" in comment
    assert "#### Plan" in comment
    assert not [name for name, canary in canaries.CANARIES.items() if canary in comment], comment
    assert canaries.CANARIES["leave"] in secrets(
        "check", "--since", "HEAD~1..HEAD", "--fail-on", "never"
    )
    settings = secrets.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "site: {private: true}\n")
    assert canaries.CANARIES["leave"] in secrets(*words)


class Outline(HTMLParser):
    """What one needs to know of a page to use it without a mouse and without seeing it."""

    def __init__(self, text):
        super().__init__()
        self.found, self.headings, self.ids, self.labels = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        about = dict(pairs)
        self.ids += [about["id"]] if "id" in about else []
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labels.append(about["for"])
        wrong = (
            (tag == "html" and about.get("lang") != "en")
            or (tag == "img" and not about.get("alt"))
            or (tag == "th" and "scope" not in about and "class" in about)
            or (tag == "input" and about.get("id") not in self.labels)
            or "style" in about
            or any(name.startswith("on") for name in about)
            or ("aria-label" in about and about["aria-label"] == "")
        )
        if wrong:
            self.found.append((tag, about))


def test_pages_can_be_used_by_everyone(example):
    """The structure that axe asks for; the long suite runs all of axe in Chromium."""
    example("report", "site", "site")
    for path, data in written(example.folder / "site").items():
        if not path.endswith(".html"):
            continue
        page = Outline(data.decode())
        assert page.found == [], path
        assert page.headings[0] == 1, path
        assert page.headings.count(1) == 1, path
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), path
        assert len(page.ids) == len(set(page.ids)), path
        assert "<title>" in data.decode()


AXE = """<script src="{}"></script><script>
axe.run(document, {{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})
.then(found => document.title = "AXE" + JSON.stringify(found.violations.map(each =>
[each.id, each.nodes.map(node => node.html.slice(0, 200))])) + "END")</script></body>"""


def axe():
    """The script of axe-core: where AXE_CORE says, or as `npm install -g axe-core` puts it."""
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False)
    for place in (os.environ.get("AXE_CORE", ""), f"{root.stdout.strip()}/axe-core/axe.min.js"):
        if os.path.isfile(place):
            return Path(place)
    pytest.skip("axe-core is not installed: npm install -g axe-core, or set AXE_CORE")


def violations(chromium, page, script, dark):
    """What axe finds on a page: light and wide, or dark and as narrow as a phone."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
    page.write_text(text.replace("</body>", AXE.format(script.as_uri())))
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000"]
    words += [f"--window-size={'390,844' if dark else '1280,900'}"]
    words += [f"--blink-settings=preferredColorScheme={0 if dark else 1}"]
    done = subprocess.run(
        [chromium, *words, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    page.write_text(text)
    told = re.search(r"<title>AXE(.*?)END</title>", done.stdout, re.DOTALL)
    assert told, done.stderr[-500:]
    return json.loads(html.unescape(told[1]))


@pytest.mark.slow
def test_axe_finds_nothing_in_a_real_browser(example):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed")
    if shutil.which("npm") is None and "AXE_CORE" not in os.environ:
        pytest.skip("axe-core is not installed, and neither is npm")
    script = axe()
    example("report", "site", "site")
    folder = example.folder / "site"
    spoilt = folder / "spoilt.html"
    spoilt.write_text(
        (folder / "goals.html").read_text().replace("</main>", '<img src="a"></main>')
    )
    assert [name for name, _ in violations(chromium, spoilt, script, False)] == ["image-alt"]
    spoilt.unlink()
    pages = [
        *folder.glob("*.html"),
        *folder.glob("reports/*.html"),
        folder / "items/PT-7rrpba.html",
    ]
    assert len(pages) > 15
    for page in sorted(pages):
        for dark in (False, True):
            assert violations(chromium, page, script, dark) == [], (page.name, dark)


@pytest.mark.slow
def test_search_works_in_a_real_browser_from_a_file(example):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed")
    example("report", "site", "site")
    page = (example.folder / "site/search.html").as_uri()
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    done = subprocess.run(
        [chromium, *words, "--enable-logging=stderr", "--dump-dom", f"{page}?q=gateway%20pilot"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 'href="items/PT-8vcgn6.html"' in done.stdout
    assert "Content Security Policy" not in done.stderr
