"""An editor that nobody here wrote: pytest-lsp's client over a real `plaintrack lsp` process."""

import asyncio
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp

PROGRAM = [sys.executable, "-m", "plaintrack", "lsp", "--stdio"]


def converse(folder, env, talk, client="visual_studio_code", program=PROGRAM, cwd="/"):
    """What `talk` gives, an async function of an Editor whose server looks at a folder."""

    async def run():
        editor = Editor(folder)
        await editor.start(env, client, program, cwd)
        try:
            return await asyncio.wait_for(talk(editor), 120)
        finally:
            await editor.end()

    return asyncio.run(run())


class Editor:
    """The files of one folder in an editor; places are (line, column) from 0."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.texts, self.versions = {}, {}

    async def start(self, env, client, program, cwd):
        from pytest_lsp import client_capabilities, make_test_lsp_client

        self.client = make_test_lsp_client()
        self.heard = asyncio.Event()
        await self.client.start_io(*program, env=env, cwd=cwd)
        answer = await self.client.initialize_session(
            lsp.InitializeParams(
                capabilities=client_capabilities(client), root_uri=self.folder.as_uri()
            )
        )
        self.server = answer.capabilities

    async def end(self):
        await self.client.shutdown_session()
        await self.client.stop()

    def uri(self, path):
        return (self.folder / path).as_uri()

    def open(self, path, text=None):
        if text is None:
            text = (self.folder / path).read_bytes().decode("utf-8")
        uri = self.uri(path)
        self.texts[path], self.versions[path] = text, 1
        item = lsp.TextDocumentItem(uri, "markdown", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def type(self, path, start, end, new):
        """Replace what stands between two places."""
        self.versions[path] += 1
        where = lsp.Range(lsp.Position(*start), lsp.Position(*end))
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path)),
                [lsp.TextDocumentContentChangePartial(where, new)],
            )
        )

    def replace(self, path, text):
        """The whole text anew."""
        self.versions[path] += 1
        self.texts[path] = text
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path)),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def save(self, path, text):
        (self.folder / path).write_bytes(text.encode())
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(self.here(path)))

    def here(self, path):
        return lsp.TextDocumentIdentifier(self.uri(path))

    def at(self, path, needle, behind=True):
        """The place behind (or before) a text of a file that was opened or replaced."""
        text = self.texts[path]
        offset = text.index(needle) + (len(needle) if behind else 0)
        before = text[:offset]
        line = before.count("\n")
        column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
        return lsp.Position(line, column)

    def told(self, path):
        """Code and line of each diagnostic of a file."""
        found = self.client.diagnostics.get(self.uri(path), ())
        return sorted((each.code, each.range.start.line) for each in found)

    def place(self, line, before):
        """The place behind a part of a line, in the columns that the two have agreed on."""
        encoding = str(self.server.position_encoding)
        wide = len(before.encode()) if "8" in encoding else len(before.encode("utf-16-le")) // 2
        return lsp.Position(line, wide)

    def path(self, uri):
        """The path of a file of the folder."""
        return str(Path(unquote(urlsplit(uri).path)))

    def apply(self, path, edits):
        """Make edits of a text, as the user of an editor sees them made."""
        text = self.texts[path]
        starts = [0, *(each.end() for each in re.finditer("\r\n|\n|\r", text))]

        def offset(place):
            line = text[starts[place.line] :]
            count = 0
            while self.place(0, line[:count]).character < place.character:
                count += 1
            return starts[place.line] + count

        for each in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
            start, end = offset(each.range.start), offset(each.range.end)
            text = text[:start] + each.new_text + text[end:]
        self.replace(path, text)

    def change(self, edit):
        """Make a change of several files."""
        for each in edit.document_changes:
            if isinstance(each, lsp.TextDocumentEdit):
                path = os.path.relpath(self.path(each.text_document.uri), self.folder)
                if path not in self.texts:
                    self.open(path)
                self.apply(path, each.edits)
            elif isinstance(each, lsp.RenameFile):
                self.rename(*(self.path(uri) for uri in (each.old_uri, each.new_uri)))

    def rename(self, old, new):
        """Give a file another name; open, it is another document from then on."""
        os.rename(old, new)
        old, new = (os.path.relpath(each, self.folder) for each in (old, new))
        if old in self.texts:
            text = self.texts.pop(old)
            self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(self.here(old)))
            self.open(new, text)

    async def until(self, holds, seconds=40):
        """Wait until something holds."""
        for _ in range(int(seconds / 0.02)):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it never came to hold")
