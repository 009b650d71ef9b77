"""The server in a real Neovim, headless, by the module in `editors/nvim`: what its user sees."""

import json
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

NVIM = shutil.which("nvim")
A, B = "tasks/PT-aaaaaa.md", "tasks/PT-bbbbbb.md"

# A key stroke ends the wait of `vim.wait` once the condition holds.
SCRIPT = """
vim.opt.runtimepath:append({nvim!r})
vim.opt.swapfile = false
require("plaintrack").setup({{ cmd = {{ {python!r}, "-m", "plaintrack", "lsp" }} }})
local said = {{}}
local function wait(holds)
  assert(vim.wait(20000, holds, 20), "it never came to hold")
end
vim.cmd("edit " .. {file!r})
vim.cmd("set filetype=markdown")
wait(function() return #vim.lsp.get_active_clients() > 0 and vim.lsp.get_active_clients()[1].initialized ~= nil end)
local function ask(method, params)
  local answer = vim.lsp.buf_request_sync(0, method, params, 10000)
  for _, each in pairs(answer or {{}}) do
    if each.error then error(vim.inspect(each.error)) end
    return each.result
  end
end
local here = {{ uri = vim.uri_from_bufnr(0) }}
-- typed: a status that is none
vim.api.nvim_buf_set_lines(0, 3, 4, true, {{ "status: tood 😀" }})
wait(function() return #vim.diagnostic.get(0) > 0 end)
local found = vim.diagnostic.get(0)[1]
said.diagnostic = {{ found.lnum, found.col, found.end_col, found.code or found.user_data.lsp.code }}
vim.api.nvim_buf_set_lines(0, 3, 4, true, {{ "status: todo" }})
wait(function() return #vim.diagnostic.get(0) == 0 end)
-- completion behind an emoji
vim.api.nvim_buf_set_lines(0, 6, 7, true, {{ "😀 see #rel" }})
local list = ask("textDocument/completion", {{ textDocument = here, position = {{ line = 6, character = 11 }} }})
said.completion = list.items[1].textEdit
-- hover, definition
local at = {{ textDocument = here, position = {{ line = 4, character = 10 }} }}
said.hover = ask("textDocument/hover", at).contents.value
said.definition = ask("textDocument/definition", at)[1].uri
-- rename: Neovim makes the edit, the file with it
local edit = ask("textDocument/rename", {{ textDocument = here, position = at.position, newName = "PT-zzzzzz" }})
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
said.renamed = vim.api.nvim_buf_get_lines(0, 4, 5, true)[1]
vim.cmd("silent! wall")
-- an action: done
local range = {{ start = {{ line = 0, character = 0 }}, ["end"] = {{ line = 0, character = 0 }} }}
local actions = ask("textDocument/codeAction", {{ textDocument = here, range = range, context = {{ diagnostics = {{}} }} }})
for _, each in ipairs(actions) do
  if each.title == "Done" then
    local resolved = each.edit and each or ask("codeAction/resolve", each)
    vim.lsp.util.apply_workspace_edit(resolved.edit, "utf-16")
  end
end
said.done = vim.api.nvim_buf_get_lines(0, 0, -1, true)
io.stdout:write("\\n@@" .. vim.json.encode(said) .. "@@\\n")
vim.cmd("qall!")
"""


@pytest.mark.skipif(NVIM is None, reason="Neovim is not installed")
def test_neovim_shows_completes_renames_and_closes(empty):
    empty("init", code=0)
    (empty.folder / A).write_text("---\nid: PT-aaaaaa\ntitle: Release\nstatus: todo\n---\n")
    (empty.folder / B).write_text(
        "---\nid: PT-bbbbbb\ntitle: Two\nstatus: todo\nparent: PT-aaaaaa\n---\nBody.\n"
    )
    script = empty.folder.parent / "script.lua"
    script.write_text(
        SCRIPT.format(
            nvim=str(ROOT / "editors/nvim"), python=sys.executable, file=str(empty.folder / B)
        )
    )
    (empty.folder.parent / ".config/nvim").mkdir(parents=True)
    run = subprocess.run(
        [NVIM, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}", "-c", "cquit"],
        cwd=empty.folder, env=empty.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "@@" in run.stdout, run.stderr + run.stdout
    said = json.loads(run.stdout.split("@@")[1])
    assert said["diagnostic"] == [3, 8, 17, "PT108"]
    assert said["completion"]["newText"] == "PT-aaaaaa"
    assert said["completion"]["range"] == {
        "start": {"line": 6, "character": 7},
        "end": {"line": 6, "character": 11},
    }
    assert said["hover"].startswith("**PT-aaaaaa** Release")
    assert said["definition"].endswith(A)
    assert said["renamed"] == "parent: PT-zzzzzz"
    assert (empty.folder / "tasks/PT-zzzzzz.md").read_text().startswith("---\nid: PT-zzzzzz\n")
    assert said["done"][3] == "status: done"
