"""The extension in a real VS Code: code-server, driven by Chromium. It runs where both and the `.vsix` are there; see `make test-editors`.

`CODE_SERVER` is the command of code-server (as a list of words), `CHROMIUM` that of the browser; `PICTURES` a folder for pictures.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT

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


@pytest.fixture
def browser(empty, tmp_path):
    api = pytest.importorskip("playwright.sync_api")
    empty("init", code=0)
    folder = empty.folder
    (folder / A).write_text("---\nid: PT-aaaaaa\ntitle: Release 4.7\nstatus: done\n---\n")
    (folder / B).write_text(
        "---\nid: PT-bbbbbb\ntitle: Write the release notes\nstatus: todo\nparent: PT-aaaaaa\ndue: 2026-12-01\n---\n- [ ] a draft\n\n"
    )
    # a hostile folder: its settings name another program, and it has a virtual environment
    evil = folder / ".venv/bin/plaintrack"
    evil.parent.mkdir(parents=True)
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/canary\n")
    evil.chmod(0o755)
    (folder / ".vscode").mkdir()
    hostile = {
        "plaintrack.server.path": str(evil),
        "plaintrack.server.environment": {"PATH": str(evil.parent)},
    }
    (folder / ".vscode/settings.json").write_text(json.dumps(hostile))
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
    subprocess.run(
        [*SERVER, *folders, "--install-extension", str(VSIX)],
        env=env,
        check=True,
        capture_output=True,
        timeout=180,
    )
    options = [
        "--auth",
        "none",
        "--bind-addr",
        f"127.0.0.1:{port}",
        "--disable-telemetry",
        "--disable-update-check",
    ]
    with (tmp_path / "code-server.txt").open("wb") as log:
        process = subprocess.Popen([*SERVER, *folders, *options], env=env, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.2)
        with api.sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"http://127.0.0.1:{port}/?folder={folder}")
            page.wait_for_selector(".monaco-workbench", timeout=90000)
            shown = Browser(page)
            yield shown
            shown.picture("vscode-last")
            chromium.close()
    finally:
        process.terminate()
        process.wait(20)


def test_vs_code_shows_completes_and_renames(browser, empty, tmp_path):
    page = browser.page
    browser.open("PT-bbbbbb.md")
    # hints and lenses of the server are there: it runs, by the user's setting
    page.get_by_text("Tue, in 8 days").first.wait_for(timeout=60000)
    assert not (tmp_path / "canary").exists()
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
    # rename: the id, in both files, and the file
    browser.open("PT-bbbbbb.md")
    browser.line(5)
    page.keyboard.press("End")
    page.keyboard.press("F2")
    page.locator(".rename-box input").fill("PT-zzzzzz")
    page.keyboard.press("Enter")
    for _ in range(100):
        if (empty.folder / "tasks/PT-zzzzzz.md").exists():
            break
        time.sleep(0.2)
    browser.command("File: Save All Files")
    for _ in range(100):
        if "parent: PT-zzzzzz" in (empty.folder / B).read_text():
            break
        time.sleep(0.2)
    assert "parent: PT-zzzzzz" in (empty.folder / B).read_text()
    assert (empty.folder / "tasks/PT-zzzzzz.md").exists()
    assert not (tmp_path / "canary").exists()
