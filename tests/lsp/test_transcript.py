"""One transcript, played by clients that nobody here wrote: pytest-lsp, a headless Neovim, Emacs with eglot. VS Code plays it in
`test_vscode.py`. An editor that is not installed is skipped; `NVIM` names another Neovim.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT
from editor import Editor, converse
from lsprotocol import types as lsp
from played import HERE, OPEN, held, laid, script, steps

NVIM = os.environ.get("NVIM") or shutil.which("nvim")
EMACS = shutil.which("emacs")
CLIENTS = ["visual_studio_code", "neovim@0.11"]


class Player:
    """A user of pytest-lsp's client, who makes the edits that the server asks for."""

    def __init__(self, editor: Editor) -> None:
        self.editor, self.ask = editor, editor.client

    async def play(self, step):
        """What is seen after a step."""
        return await getattr(self, step["do"])(step)

    def line(self, number):
        return self.editor.texts[OPEN].splitlines()[number - 1]

    def written(self, step):
        lines = self.editor.texts[OPEN].split("\r\n")
        lines[step["line"] - 1] = step["text"]
        self.editor.replace(OPEN, "\r\n".join(lines))

    def place(self, step, word=None):
        """Where a word of the line begins, or where the line ends."""
        line = self.line(step["line"])
        before = line[: line.index(word)] if word else line
        return self.editor.place(step["line"] - 1, before)

    def problems(self):
        found = self.ask.diagnostics.get(self.editor.uri(OPEN), ())
        return sorted(
            [each.range.start.line + 1, each.range.start.character + 1, each.code] for each in found
        )

    async def write(self, step):
        self.written(step)
        await self.editor.until(lambda: self.problems() == step["see"]["problems"])
        return {"problems": self.problems()}

    async def complete(self, step):
        self.written(step)
        params = lsp.CompletionParams(self.editor.here(OPEN), self.place(step))
        found = await self.ask.text_document_completion_async(params)
        chosen = next(each for each in found.items if each.label == step["choose"])
        self.editor.apply(OPEN, [chosen.text_edit])
        return {"line": self.line(step["line"])}

    async def hover(self, step):
        params = lsp.HoverParams(self.editor.here(OPEN), self.place(step, step["word"]))
        return {"says": (await self.ask.text_document_hover_async(params)).contents.value}

    async def definition(self, step):
        params = lsp.DefinitionParams(self.editor.here(OPEN), self.place(step, step["word"]))
        (spot,) = await self.ask.text_document_definition_async(params)
        return {"opens": self.editor.path(spot.uri)}

    async def rename(self, step):
        place = self.place(step, step["word"])
        params = lsp.RenameParams(self.editor.here(OPEN), place, step["to"])
        self.editor.change(await self.ask.text_document_rename_async(params))
        return {"line": self.line(step["line"])}

    async def act(self, step):
        place = lsp.Position(step["line"] - 1, 0)
        params = lsp.CodeActionParams(
            self.editor.here(OPEN), lsp.Range(place, place), lsp.CodeActionContext([])
        )
        offered = await self.ask.text_document_code_action_async(params)
        chosen = next(each for each in offered if each.title == step["choose"])
        self.editor.change((await self.ask.code_action_resolve_async(chosen)).edit)
        return {"line": self.line(step["see"]["at"])}


@pytest.mark.parametrize("client", CLIENTS)
def test_pytest_lsp_plays_it(empty, client):
    empty("init", code=0)
    laid(empty.folder)

    async def talk(editor):
        editor.open(OPEN)
        player = Player(editor)
        seen = [await player.play(step) for step in steps()]
        for path in list(editor.texts):
            editor.save(path, editor.texts[path])
        await asyncio.sleep(0)
        return seen

    held(empty.folder, converse(empty.folder, empty.env, talk, client))


def told(empty, command, package, without=()):
    """What an editor that runs a script of ours saw."""
    empty("init", code=0)
    laid(empty.folder)
    plan = script(empty.folder, without)
    env = {
        **empty.env,
        "TRANSCRIPT": str(plan),
        "PACKAGE": str(ROOT / "editors" / package),
        "PYTHON": sys.executable,
    }
    run = subprocess.run(
        command, cwd=empty.folder, env=env, capture_output=True, timeout=120, check=False
    )
    out = run.stdout.decode()
    assert "@@" in out, run.stderr.decode() + out
    return json.loads(out.split("@@")[1])


@pytest.mark.skipif(NVIM is None, reason="Neovim is not installed")
def test_neovim_plays_it(empty):
    play = ["-c", f"luafile {HERE / 'play.lua'}", "-c", "cquit"]
    seen = told(empty, [NVIM, "--headless", "-u", "NONE", "-i", "NONE", *play], "nvim")
    held(empty.folder, seen)


def has_eglot():
    """Whether there is an Emacs with eglot: 29 and newer have it, older ones as a package."""
    probe = "(progn (package-initialize) (require 'eglot))"
    return EMACS is not None and not subprocess.call(
        [EMACS, "--batch", "--eval", probe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
@pytest.mark.skipif(EMACS is None, reason="Emacs is not installed")
def test_emacs_plays_it(empty):
    if not has_eglot():
        pytest.skip("this Emacs has no eglot")
    without = ("files",)  # eglot makes no edits that rename files
    command = [EMACS, "--batch", "-l", str(HERE / "play.el")]
    held(empty.folder, told(empty, command, "emacs/plaintrack.el", without), without)
