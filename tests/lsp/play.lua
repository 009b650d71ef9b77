-- Plays tests/lsp/transcript.json in Neovim (0.7 and newer) and prints what was seen, as JSON between `@@`.
local plan = vim.json.decode(io.open(os.getenv("TRANSCRIPT")):read("*a"))
vim.opt.runtimepath:append(os.getenv("PACKAGE"))
vim.opt.swapfile = false
require("plaintrack").setup({ cmd = { os.getenv("PYTHON"), "-m", "plaintrack", "lsp" } })

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

-- A message of the server ends the wait of `vim.wait` as soon as the condition holds.
local function wait(holds)
  return vim.wait(20000, holds, 20)
end

vim.cmd("edit " .. plan.open)
vim.cmd("set filetype=markdown")
local home = vim.api.nvim_get_current_buf()
wait(function()
  return clients()[1] ~= nil and clients()[1].initialized ~= nil
end)
local client = clients()[1]

local function ask(method, params)
  for _, each in pairs(vim.lsp.buf_request_sync(home, method, params, 20000) or {}) do
    if each.error or each.err then
      error(vim.inspect(each.error or each.err))
    end
    return each.result
  end
end

local function line(number)
  return vim.api.nvim_buf_get_lines(home, number - 1, number, true)[1]
end

local function write(step)
  vim.api.nvim_buf_set_lines(home, step.line - 1, step.line, true, { step.text })
end

local function problems()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(home)) do
    table.insert(found, { each.lnum + 1, each.col + 1, each.code or each.user_data.lsp.code })
  end
  table.sort(found, function(one, two)
    return one[1] < two[1]
  end)
  return found
end

-- The parameters of a request about the beginning of a word.
local function at(step)
  local start = line(step.line):find(step.word, 1, true)
  vim.api.nvim_win_set_cursor(0, { step.line, start - 1 })
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

local does = {}

function does.write(step)
  write(step)
  wait(function()
    return vim.deep_equal(problems(), step.see.problems)
  end)
  local found = problems()
  return { problems = #found > 0 and found or vim.empty_dict() }
end

function does.complete(step)
  write(step)
  vim.api.nvim_win_set_cursor(0, { step.line, #step.text })
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  -- behind the last character, where only insert mode has a place
  params.position.character = vim.lsp.util._str_utfindex_enc and vim.lsp.util._str_utfindex_enc(step.text, nil, client.offset_encoding)
    or vim.str_utfindex(step.text, client.offset_encoding)
  for _, each in ipairs(ask("textDocument/completion", params).items) do
    if each.label == step.choose then
      vim.lsp.util.apply_text_edits({ each.textEdit }, home, client.offset_encoding)
    end
  end
  return { line = line(step.line) }
end

function does.hover(step)
  return { says = ask("textDocument/hover", at(step)).contents.value }
end

function does.definition(step)
  return { opens = vim.uri_to_fname(ask("textDocument/definition", at(step))[1].uri) }
end

function does.rename(step)
  local params = at(step)
  params.newName = step.to
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", params), client.offset_encoding)
  return { line = line(step.line) }
end

function does.act(step)
  local place = { line = step.line - 1, character = 0 }
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(home) },
    range = { start = place, ["end"] = place },
    context = { diagnostics = vim.empty_dict() },
  }
  params.context.diagnostics = {}
  for _, each in ipairs(ask("textDocument/codeAction", params)) do
    if each.title == step.choose then
      local chosen = each.edit and each or ask("codeAction/resolve", each)
      vim.lsp.util.apply_workspace_edit(chosen.edit, client.offset_encoding)
    end
  end
  return { line = line(step.see.at) }
end

local seen = {}
for _, step in ipairs(plan.steps) do
  table.insert(seen, does[step["do"]](step))
end
vim.cmd("silent! wall")
io.stdout:write("\n@@" .. vim.json.encode(seen) .. "@@\n")
vim.cmd("qall!")
