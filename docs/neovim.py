"""Draws docs/neovim.svg: the example in a real Neovim, as tmux shows it.

Run by hand with tmux and Neovim 0.11 or newer (`NVIM` names another one): `make docs` does without
both.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
COLUMNS, LINES = 112, 30
NVIM = os.environ.get("NVIM", "nvim")
FILE = "tasks/gateway/PT-adym9s-antenna-in-the-pump-house.md"
SETUP = f"""
vim.opt.runtimepath:append({str(HERE.parent / "editors/nvim")!r})
require("plaintrack").setup({{ cmd = {{ {sys.executable!r}, "-m", "plaintrack", "lsp" }} }})
vim.diagnostic.config({{ virtual_text = true, update_in_insert = true }})
vim.lsp.inlay_hint.enable(true)
vim.api.nvim_set_hl(0, "Normal", {{}})
vim.opt.number = true
vim.opt.termguicolors = true
vim.opt.swapfile = false
vim.opt.completeopt = "menuone,noinsert"
vim.api.nvim_create_autocmd("LspAttach", {{ callback = function(event)
  vim.lsp.codelens.refresh({{ bufnr = event.buf }})
  vim.lsp.completion.enable(true, event.data.client_id, event.buf, {{ autotrigger = false }})
end }})
"""


def screen(folder: Path) -> str:
    """What Neovim shows after a wrong status and the beginning of a date were typed."""
    (folder.parent / "init.lua").write_text(SETUP)
    env = {
        **os.environ,
        "HOME": str(folder.parent),
        "PLAINTRACK_NOW": "2026-11-23T09:00:00+01:00",
        "TERM": "xterm-256color",
    }
    session = ["tmux", "-L", "plaintrack-picture"]
    size = ["-x", str(COLUMNS), "-y", str(LINES)]
    editor = [NVIM, "-u", str(folder.parent / "init.lua"), "-i", "NONE", FILE]
    subprocess.run(
        [*session, "-f", "/dev/null", "new-session", "-d", *size, *editor],
        cwd=folder, env=env, check=True,
    )  # fmt: skip
    try:
        subprocess.run([*session, "set", "-g", "status", "off"], check=True)
        time.sleep(5)
        for keys in (
            ["/^status", "Enter", "A", "d", "Escape"],
            ["/^due", "Enter", "f:", "C", ": +", "C-x", "C-o"],
        ):
            for key in keys:
                subprocess.run([*session, "send-keys", key], check=True)
                time.sleep(0.3)
            time.sleep(5)
        shown = subprocess.run(
            [*session, "capture-pane", "-e", "-p"], check=True, capture_output=True
        )
    finally:
        subprocess.run([*session, "kill-server"], check=False)
    return shown.stdout.decode()


def picture() -> str:
    """The screen as SVG, which asks no other server for a font."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "rinnwerk")
        shutil.copytree(HERE.parent / "example-workspace", folder)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(folder)]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "start"]):
            subprocess.run([*git, *words], check=True)
        found = screen(folder)
    console = Console(
        file=StringIO(), record=True, width=COLUMNS, force_terminal=True, legacy_windows=False
    )
    console.print(Text.from_ansi(found.rstrip("\n")), no_wrap=True)
    drawn = console.export_svg(title="Neovim", unique_id="neovim")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL) + "\n"


if __name__ == "__main__":
    (HERE / "neovim.svg").write_text(picture(), "utf-8")
