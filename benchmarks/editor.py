"""Measure the language server: processor time from a cold start to the first diagnostics, of a key stroke and of a request, what it
uses while nothing happens, and its memory.

Processor time is that of all threads of the server, as the kernel counts it (Linux), so that what else the machine does does not
count. A key stroke is one character typed and the completion that the editor asks for; after the last one, the checks run once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.path.dirname(HERE), ".venv", "bin", "plaintrack")
STROKES = 60
IDLE = 5.0
LIMITS = {"first, no index yet": 1.0, "first": 1.0, "stroke": 0.050, "memory": 200.0}
"""Seconds, seconds, MB."""


class Server:
    """A server process, spoken to as an editor does."""

    def __init__(self, folder: str, env: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [PROGRAM, "lsp"], cwd="/", env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.number = 0

    def send(self, method: str, params: Any, wanted: bool = False) -> int:
        self.number += wanted
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if wanted:
            message["id"] = self.number
        data = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()
        return self.number

    def heard(self) -> Iterator[dict[str, Any]]:
        """What the server says, message by message."""
        out = self.process.stdout
        assert out is not None
        while True:
            length = 0
            while (line := out.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            found: dict[str, Any] = json.loads(out.read(length))
            yield found

    def until(self, holds: Any) -> dict[str, Any]:
        return next(each for each in self.heard() if holds(each))

    def ask(self, method: str, params: Any) -> Any:
        number = self.send(method, params, wanted=True)
        return self.until(lambda each: each.get("id") == number and "method" not in each).get(
            "result"
        )

    def cpu(self) -> float:
        """Seconds of processor time so far, of all threads."""
        folder = f"/proc/{self.process.pid}/task"
        total = 0
        for task in os.listdir(folder):
            with open(f"{folder}/{task}/schedstat", encoding="ascii") as handle:
                total += int(handle.read().split()[0])
        return total / 1e9

    def memory(self) -> float:
        """The peak in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as handle:
            line = next(each for each in handle if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024


def cold(folder: str, env: dict[str, str], state: str) -> float:
    """Seconds to the first diagnostics over a workspace that was never read."""
    with tempfile.TemporaryDirectory(dir=state) as place:
        return run(folder, {**env, "XDG_STATE_HOME": place}, first=True)["first"]


def run(folder: str, env: dict[str, str], first: bool = False) -> dict[str, float]:
    """One server from its start to its end over a workspace, or to its ``first`` diagnostics."""
    path = sorted(measure.items(folder))[len(measure.items(folder)) // 2]
    path = path if os.path.isabs(path) else os.path.join(folder, path)
    with open(path, encoding="utf-8") as handle:
        text = handle.read()
    uri = f"file://{path}"
    server = Server(folder, env)
    found: dict[str, float] = {}
    edits = {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}
    capabilities = {"workspace": {"workspaceEdit": edits}}
    root = f"file://{folder}"
    server.ask("initialize", {"processId": None, "rootUri": root, "capabilities": capabilities})
    server.send("initialized", {})
    # a status that is none, so that there is something to say
    text = text.replace("status: ", "status: x", 1)
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    server.send("textDocument/didOpen", {"textDocument": document})

    def change(start: dict[str, int], end: dict[str, int], new: str, version: int) -> None:
        where = {"start": start, "end": end}
        server.send(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"range": where, "text": new}],
            },
        )

    server.until(
        lambda each: (
            each.get("method") == "textDocument/publishDiagnostics"
            and each["params"]["uri"] == uri
            and each["params"]["diagnostics"]
        )
    )
    found["first"] = server.cpu()
    if first:
        server.process.kill()
        server.process.wait(10)
        return found
    last = text.count("\n")
    asked = {"textDocument": {"uri": uri}}
    strokes, answers = [], {}
    for number, char in enumerate("see PT-ab and #the error page " * (STROKES // 30)):
        at = {"line": last, "character": number}
        before = server.cpu()
        change(at, at, char, number + 3)
        server.ask(
            "textDocument/completion",
            {**asked, "position": {"line": last, "character": number + 1}},
        )
        strokes.append(server.cpu() - before)
    found["stroke"], found["worst stroke"] = median(strokes), max(strokes)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": last + 1, "character": 0}}
    questions = {
        "hover": ("textDocument/hover", {**asked, "position": {"line": 1, "character": 6}}),
        "lenses": ("textDocument/codeLens", asked),
        "hints": ("textDocument/inlayHint", {**asked, "range": whole}),
        "colours": ("textDocument/semanticTokens/full", asked),
        "actions": (
            "textDocument/codeAction",
            {**asked, "range": whole, "context": {"diagnostics": []}},
        ),
        "symbols": ("workspace/symbol", {"query": "error"}),
        "references": (
            "textDocument/references",
            {
                **asked,
                "position": {"line": 1, "character": 6},
                "context": {"includeDeclaration": True},
            },
        ),
    }
    for name, (method, params) in questions.items():
        times = []
        for _ in range(5):
            before = server.cpu()
            server.ask(method, params)
            times.append(server.cpu() - before)
        answers[name] = median(times)
    time.sleep(1.5)  # the checks after the last stroke
    before = server.cpu()
    time.sleep(IDLE)
    found["idle"] = (server.cpu() - before) / IDLE
    found["memory"] = server.memory()
    found |= answers
    server.ask("shutdown", None)
    server.send("exit", None)
    server.process.wait(10)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10000])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    env = measure.environment()
    with tempfile.TemporaryDirectory() as top:
        rows: dict[str, list[str]] = {}
        for size in given.sizes:
            folder = os.path.join(top, str(size))
            subprocess.run(
                [sys.executable, os.path.join(HERE, "generate.py"), str(size), folder],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            subprocess.run(
                [PROGRAM, "-C", folder, "list", "--limit", "1"],
                check=True,
                env=env,
                stdout=subprocess.DEVNULL,
            )
            time.sleep(0.2)
            samples = [
                {"first, no index yet": cold(folder, env, top), **run(folder, env)}
                for _ in range(given.runs)
            ]
            for name in samples[0]:
                value = median(each[name] for each in samples)
                rows.setdefault(name, []).append(_shown(name, value))
    print("| | " + " | ".join(f"{size:,} items" for size in given.sizes) + " | limit |")
    print("|---|" + "---|" * (len(given.sizes) + 1))
    for name, cells in rows.items():
        limit = _shown(name, LIMITS[name]) if name in LIMITS else ""
        print(f"| {name} | " + " | ".join(cells) + f" | {limit} |")


def _shown(name: str, value: float) -> str:
    if name == "memory":
        return f"{value:.0f} MB"
    if name == "idle":
        return f"{value:.1%}"
    return f"{value * 1000:.1f} ms" if value < 0.2 else f"{value:.2f} s"


if __name__ == "__main__":
    main()
