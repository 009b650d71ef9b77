--- plaintrack in Neovim: `require("plaintrack").setup()` starts `plaintrack lsp` for the files of a workspace.
--- For Neovim 0.11 and newer by `vim.lsp.config` and `vim.lsp.enable`, for older ones by an autocommand.

local M = {}

M.defaults = {
  -- The program: an absolute path, or a name on the PATH. Nothing of a workspace is looked up by itself.
  cmd = { "plaintrack", "lsp" },
  filetypes = { "markdown", "yaml" },
  -- What else goes to `vim.lsp.config` or `vim.lsp.start_client`: on_attach, capabilities, handlers …
  options = {},
}

--- The folder of the workspace that a file is in; nil if it is in none.
function M.root(path)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  while true do
    if vim.fn.filereadable(folder .. "/plaintrack.yml") == 1 then
      return folder
    end
    local above = vim.fn.fnamemodify(folder, ":h")
    if above == folder then
      return nil
    end
    folder = above
  end
end

--- The options of a client for a workspace.
function M.client(options, root)
  return vim.tbl_deep_extend("force", {
    name = "plaintrack",
    cmd = options.cmd,
    -- not the workspace: no program of it is found by its name
    cmd_cwd = vim.env.VIMRUNTIME,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
  }, options.options)
end

local clients = {} -- workspace -> client, for Neovim before 0.11

local function attach(options, buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  local root = path ~= "" and M.root(path) or nil
  if not root then
    return
  end
  if not clients[root] then
    local client = M.client(options, root)
    client.on_exit = function()
      clients[root] = nil
    end
    clients[root] = vim.lsp.start_client(client)
  end
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

--- Start the server where a file of a workspace is opened.
function M.setup(given)
  local options = vim.tbl_deep_extend("force", M.defaults, given or {})
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config("plaintrack", {
      cmd = options.cmd,
      cmd_cwd = vim.env.VIMRUNTIME,
      filetypes = options.filetypes,
      root_dir = function(buffer, found)
        local root = M.root(vim.api.nvim_buf_get_name(buffer))
        if root then
          found(root)
        end
      end,
    })
    vim.lsp.config("plaintrack", options.options)
    vim.lsp.enable("plaintrack")
    return
  end
  local group = vim.api.nvim_create_augroup("plaintrack", { clear = true })
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = options.filetypes,
    callback = function(event)
      attach(options, event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.tbl_contains(options.filetypes, vim.bo[buffer].filetype) then
      attach(options, buffer)
    end
  end
end

return M
