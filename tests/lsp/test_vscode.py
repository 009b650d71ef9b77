"""The extension in a real VS Code: code-server, driven by Chromium. It runs where both and the `.vsix` are there; see `make test-editors`.

`CODE_SERVER` is the command of code-server (as a list of words), `CHROMIUM` that of the browser; `PICTURES` a folder for pictures.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from played import OPEN, held, laid, steps

VSIX = ROOT / "editors/vscode/dist/plaintrack.vsix"
SERVER = shlex.split(os.environ.get("CODE_SERVER", shutil.which("code-server") or ""))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PICTURES = os.environ.get("PICTURES", "")
PLAINTRACK = str(Path(sys.executable).parent / "plaintrack")
A, B = "tasks/PT-aaaaaa.md", "tasks/PT-bbbbbb.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SERVER and CHROMIUM and VSIX.exists()),
        reason="needs code-server, Chromium and the .vsix",
    ),
]


class Browser:
    """VS Code in a page."""

    def __init__(self, page):
        self.page = page

    def command(self, words):
        """What the command palette finds for some words."""
        self.page.keyboard.press("F1")
        self.page.locator(".quick-input-widget input").fill(f">{words}")
        self.found(words)

    def open(self, name):
        self.page.keyboard.press("Control+P")
        self.page.locator(".quick-input-widget input").fill(name)
        self.found(name)
        self.page.wait_for_selector(f'.tab.active[data-resource-name^="{name}"]', timeout=20000)

    def found(self, words):
        """Take what the list shows, once it shows it."""
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=words).first
        row.wait_for(timeout=30000)
        row.click()

    def line(self, number):
        self.page.keyboard.press("Control+G")
        self.page.locator(".quick-input-widget input").fill(f":{number}")
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(300)

    def picture(self, name):
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def hostile(folder, canary):
    """A folder whose settings name another program, and that has a virtual environment."""
    evil = folder / ".venv/bin/plaintrack"
    evil.parent.mkdir(parents=True)
    evil.write_text(f"#!/bin/sh\ntouch {canary}\n")
    evil.chmod(0o755)
    (folder / ".vscode").mkdir()
    given = {
        "plaintrack.server.path": str(evil),
        "plaintrack.server.environment": {"PATH": str(evil.parent)},
        "python.defaultInterpreterPath": str(evil),
    }
    (folder / ".vscode/settings.json").write_text(json.dumps(given))


@contextmanager
def vs_code(empty, tmp_path):
    """VS Code over the workspace; it is told which plaintrack to take by its user's settings."""
    api = pytest.importorskip("playwright.sync_api")
    data = tmp_path / "data"
    own = {
        "plaintrack.server.path": PLAINTRACK, "security.workspace.trust.enabled": False, "workbench.startupEditor": "none",
        "telemetry.telemetryLevel": "off", "editor.wordBasedSuggestions": "off", "workbench.secondarySideBar.defaultVisibility": "hidden",
        "chat.disableAIFeatures": True,
    }  # fmt: skip
    for place in ("User", "Machine"):
        (data / place).mkdir(parents=True)
        (data / place / "settings.json").write_text(json.dumps(own))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = ["--user-data-dir", str(data), "--extensions-dir", str(tmp_path / "extensions")]
    env = {**empty.env, "HOME": str(tmp_path)}
    install = [*SERVER, *folders, "--install-extension", str(VSIX)]
    subprocess.run(install, env=env, check=True, capture_output=True, timeout=180)
    options = ["--auth", "none", "--bind-addr", f"127.0.0.1:{port}"]
    options += ["--disable-telemetry", "--disable-update-check"]
    with (tmp_path / "code-server.txt").open("wb") as log:
        process = subprocess.Popen([*SERVER, *folders, *options], env=env, stdout=log, stderr=log)
    try:
        listening(port)
        with api.sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"http://127.0.0.1:{port}/?folder={empty.folder}")
            page.wait_for_selector(".monaco-workbench", timeout=90000)
            shown = Browser(page)
            try:
                yield shown
            finally:
                shown.picture("vscode-last")
                chromium.close()
    finally:
        process.terminate()
        process.wait(20)


def listening(port):
    """Wait until code-server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)


def until(holds, seconds=20):
    """Wait until something holds; whether it does."""
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


class Player:
    """A user at the keyboard of VS Code, who sees what the page shows and what is saved."""

    def __init__(self, browser, folder):
        self.browser, self.page, self.folder = browser, browser.page, folder

    def play(self, step):
        return getattr(self, step["do"])(step)

    def at(self, line, column=1):
        self.page.keyboard.press("Control+G")
        self.page.locator(".quick-input-widget input").fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(200)

    def written(self, step):
        self.at(step["line"])
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.insert_text(step["text"])

    def line(self, number, wanted):
        """A line as it is saved, once it is what is wanted."""

        def saved():
            self.page.keyboard.press("Control+S")
            return (self.folder / OPEN).read_bytes().decode().split("\r\n")[number - 1]

        until(lambda: saved() == wanted)
        return {"line": saved()}

    def on(self, step):
        line = (self.folder / OPEN).read_bytes().decode().split("\r\n")[step["line"] - 1]
        before = line[: line.index(step["word"])]
        self.at(step["line"], len(before) + 2)

    def problems(self):
        """Line, column and code of each row of the panel *Problems*."""
        rows = self.page.locator(".markers-panel .monaco-list-row").all_inner_texts()
        place = re.compile(r"^(PT\d+)\n\[Ln (\d+), Col (\d+)\]", re.MULTILINE)
        found = [place.search(each) for each in rows]
        return sorted([int(each[2]), int(each[3]), each[1]] for each in found if each)

    def write(self, step):
        self.written(step)
        self.page.keyboard.press("Escape")
        until(lambda: self.problems() == step["see"]["problems"])
        return {"problems": self.problems()}

    def complete(self, step):
        self.written(step)
        self.page.keyboard.press("Control+Space")
        row = self.page.locator(".suggest-widget .monaco-list-row", has_text=step["choose"]).first
        row.wait_for(timeout=20000)
        row.click()
        return self.line(step["line"], step["see"]["line"])

    def hover(self, step):
        self.on(step)
        self.page.keyboard.press("Control+K")
        self.page.keyboard.press("Control+I")
        said = self.page.locator(".monaco-hover-content", has_text=step["see"]["says"]).first
        said.wait_for(timeout=20000)
        text = said.inner_text()
        self.page.keyboard.press("Escape")
        return {"says": text}

    def definition(self, step):
        self.on(step)
        self.page.keyboard.press("F12")
        name = Path(step["see"]["opens"]).name
        tab = self.page.locator(f'.tab.active[data-resource-name="{name}"]')
        tab.wait_for(timeout=20000)
        self.browser.open(Path(OPEN).name)
        return {"opens": self.folder / step["see"]["opens"]}

    def rename(self, step):
        self.on(step)
        self.page.keyboard.press("F2")
        box = self.page.locator(".rename-box input")
        box.wait_for(timeout=20000)
        box.fill(step["to"])
        self.page.keyboard.press("Enter")
        box.wait_for(state="hidden", timeout=20000)
        return self.line(step["line"], step["see"]["line"])

    def act(self, step):
        self.at(step["line"])
        self.page.keyboard.press("Control+.")
        row = self.page.locator(".action-widget .monaco-list-row").get_by_text(
            step["choose"], exact=True
        )
        row.first.wait_for(timeout=20000)
        row.first.click()
        return self.line(step["see"]["at"], step["see"]["line"])


def test_vs_code_plays_the_transcript(empty, tmp_path):
    empty("init", code=0)
    laid(empty.folder)
    with vs_code(empty, tmp_path) as browser:
        browser.command("Problems: Focus on Problems View")
        browser.open(Path(OPEN).name)
        browser.page.get_by_text("Release", exact=True).first.wait_for(timeout=60000)
        player = Player(browser, empty.folder)
        seen = [player.play(step) for step in steps()]
        browser.command("File: Save All Files")
        until(lambda: "site" in (empty.folder / "tasks/PT-zzzzzz.md").read_text())
    held(empty.folder, seen)


def test_vs_code_shows_hints_colours_and_the_board(empty, tmp_path):
    empty("init", code=0)
    (empty.folder / A).write_text("---\nid: PT-aaaaaa\ntitle: Release 4.7\nstatus: done\n---\n")
    (empty.folder / B).write_text(
        "---\nid: PT-bbbbbb\ntitle: Write the release notes\nstatus: todo\nparent: PT-aaaaaa\ndue: 2026-12-01\n---\n- [ ] a draft\n\n"
    )
    hostile(empty.folder, tmp_path / "canary")
    with vs_code(empty, tmp_path) as browser:
        look(browser, tmp_path)
    assert not (tmp_path / "canary").exists()


STRUCK = """() => [...document.querySelectorAll('.view-line span')]
  .filter((each) => !each.children.length && getComputedStyle(each).textDecorationLine.includes('line-through'))
  .map((each) => each.textContent)"""


def look(browser, tmp_path):
    page = browser.page
    browser.open("PT-bbbbbb.md")
    # hints and lenses of the server are there: it runs, by the user's setting
    page.get_by_text("Tue, in 8 days").first.wait_for(timeout=60000)
    assert not (tmp_path / "canary").exists()
    # the id of a closed item is struck through
    page.wait_for_function(f"({STRUCK})().includes('PT-aaaaaa')", timeout=20000)
    assert "PT-bbbbbb" not in page.evaluate(STRUCK)
    browser.picture("vscode-hints")
    # typed: a status that is none
    browser.line(4)
    page.keyboard.press("End")
    page.keyboard.type("x")
    page.locator(".squiggly-error").first.wait_for(timeout=20000)
    page.keyboard.press("Backspace")
    page.locator(".squiggly-error").first.wait_for(state="detached", timeout=20000)
    # completion of an id by its title
    browser.line(9)
    page.keyboard.type("see #rel")
    page.locator(".suggest-widget .monaco-list-row", has_text="PT-aaaaaa").first.wait_for(
        timeout=20000
    )
    browser.picture("vscode-completion")
    page.keyboard.press("Escape")
    # the board
    browser.command("plaintrack: Focus on Board View")
    page.locator(".pane-body", has_text="Write the release notes").first.wait_for(timeout=20000)
    browser.picture("vscode-board")
