// @ts-check
"use strict";
// The extension starts `plaintrack lsp`, shows the board and the running timer, and runs the commands of the command line.
// It downloads nothing, reports nothing, and takes the program's path only from the user's own settings.

const { execFile } = require("node:child_process");
const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

/** The program and its environment, from the user's settings: a folder cannot set them (scope `machine`). */
function program() {
  const settings = vscode.workspace.getConfiguration("plaintrack.server");
  const own = (name) => {
    const found = settings.inspect(name);
    return found?.globalValue ?? found?.defaultValue;
  };
  return { command: own("path") || "plaintrack", env: { ...process.env, ...(own("environment") || {}) } };
}

/** @param {vscode.ExtensionContext} context */
async function start(context) {
  const { command, env } = program();
  // The current folder of the server is the extension's own: nothing of the workspace is found there by name.
  const options = { cwd: context.extensionUri.fsPath, env };
  const server = { command, args: ["lsp"], transport: TransportKind.stdio, options };
  client = new LanguageClient("plaintrack", "plaintrack", server, {
    documentSelector: [
      { scheme: "file", language: "markdown" },
      { scheme: "file", language: "yaml", pattern: "**/plaintrack.yml" },
      { scheme: "file", language: "yaml", pattern: "**/automations/*.yml" },
    ],
    initializationOptions: { board: true, base: vscode.workspace.getConfiguration("plaintrack").get("review.base") },
    markdown: { isTrusted: false, supportHtml: false },
  });
  try {
    await client.start();
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `plaintrack: the server '${command}' cannot be started. Install it with: pip install 'plaintrack[lsp]'`,
      "Open Settings",
    );
    if (choice) await vscode.commands.executeCommand("workbench.action.openSettings", "plaintrack.server.path");
    client = undefined;
  }
}

/** Ask the server; undefined where it does not run. @param {string} method @param {any} params */
async function ask(method, params = {}) {
  if (!client?.isRunning()) return undefined;
  return client.sendRequest(method, params);
}

/** Run a command of the command line; its output. @param {string} root @param {string[]} words */
function run(root, words) {
  const { command, env } = program();
  return new Promise((resolve, reject) => {
    execFile(command, ["-C", root, ...words], { env, cwd: path.dirname(__filename) }, (error, out, err) => {
      if (error) reject(new Error((err || error.message).trim()));
      else resolve(out);
    });
  });
}

/** Do something, and show why if it cannot be done. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    void vscode.window.showErrorMessage(String(error.message || error));
    return undefined;
  }
}

/** The board as a tree: statuses, and items below them. */
class Board {
  constructor() {
    this.changed = new vscode.EventEmitter();
    this.onDidChangeTreeData = this.changed.event;
  }

  refresh() {
    this.changed.fire(undefined);
  }

  async getChildren(parent) {
    if (parent) return parent.items;
    return (await ask("plaintrack/board")) ?? [];
  }

  getTreeItem(each) {
    if (each.items) {
      const column = new vscode.TreeItem(each.status, vscode.TreeItemCollapsibleState.Expanded);
      column.description = String(each.items.length);
      column.contextValue = "column";
      return column;
    }
    const item = new vscode.TreeItem(each.title || each.id);
    item.description = [each.id, each.assignee, each.due].filter(Boolean).join(" · ");
    item.tooltip = `${each.id} ${each.title}`;
    item.contextValue = "item";
    item.iconPath = new vscode.ThemeIcon(each.overdue ? "warning" : each.blocked ? "debug-pause" : "circle-outline");
    item.command = { command: "vscode.open", title: "Open", arguments: [vscode.Uri.parse(each.uri)] };
    return item;
  }
}

/** The running timer in the status bar. */
class Timer {
  constructor() {
    this.item = vscode.window.createStatusBarItem("plaintrack.timer", vscode.StatusBarAlignment.Left, 10);
    this.item.name = "plaintrack: timer";
    this.item.command = "plaintrack.stopTimer";
    this.running = undefined;
    this.clock = undefined;
  }

  async refresh() {
    this.running = (await ask("plaintrack/timer")) ?? undefined;
    if (this.running) this.running.since = Date.now() - this.running.seconds * 1000;
    if (this.running && !this.clock) this.clock = setInterval(() => this.draw(), 30_000);
    if (!this.running && this.clock) this.clock = void clearInterval(this.clock);
    this.draw();
  }

  draw() {
    if (!this.running) return this.item.hide();
    const minutes = Math.max(0, Math.floor((Date.now() - this.running.since) / 60_000));
    const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    this.item.text = `$(clock) ${this.running.id} ${time}`;
    this.item.tooltip = `${this.running.title}\nClick to stop the timer.`;
    return this.item.show();
  }

  dispose() {
    if (this.clock) clearInterval(this.clock);
    this.item.dispose();
  }
}

/** The item in the active editor, or the one of the tree. */
async function chosen(each) {
  if (each?.id) return each;
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri ? ask("plaintrack/item", { uri: uri.toString() }) : undefined;
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  const board = new Board();
  const timer = new Timer();
  const refresh = () => {
    board.refresh();
    return timer.refresh();
  };
  const register = (name, action) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, (...given) => attempt(() => action(...given))));
  context.subscriptions.push(vscode.window.registerTreeDataProvider("plaintrack.board", board), timer);

  register("plaintrack.refresh", refresh);
  register("plaintrack.open", () => vscode.commands.executeCommand("workbench.action.showAllSymbols"));
  register("plaintrack.show", (uri) => vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(uri)));
  register("plaintrack.restart", async () => {
    await client?.stop();
    await begin();
  });
  register("plaintrack.add", async () => {
    const title = await vscode.window.showInputBox({ title: "New item", prompt: "Its title" });
    if (!title) return;
    const made = await ask("plaintrack/add", { title });
    if (!made) return;
    const edit = new vscode.WorkspaceEdit();
    const uri = vscode.Uri.parse(made.uri);
    edit.createFile(uri, { contents: Buffer.from(made.text, "utf-8"), overwrite: false });
    if (await vscode.workspace.applyEdit(edit)) await vscode.window.showTextDocument(uri);
  });
  register("plaintrack.startTimer", async (each) => {
    const item = await chosen(each);
    if (!item) throw new Error("open an item first");
    await run(item.root, ["time", "start", item.id]);
    await refresh();
  });
  register("plaintrack.stopTimer", async () => {
    if (!timer.running) return;
    await run(timer.running.root, ["time", "stop"]);
    await refresh();
  });
  register("plaintrack.undo", async () => {
    const item = await chosen(undefined);
    if (!item) throw new Error("open a file of the workspace first");
    void vscode.window.showInformationMessage(String(await run(item.root, ["undo"])).trim());
  });

  const begin = async () => {
    await start(context);
    client?.onNotification("plaintrack/changed", refresh);
    await refresh();
  };
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("plaintrack.server")) return;
      await client?.stop();
      await begin();
    }),
  );
  await begin();
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
