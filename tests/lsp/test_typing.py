"""What the editor is told while its user types, by a client that is not ours and a real server."""

import asyncio
import inspect
from functools import partial
from types import SimpleNamespace

from editor import converse
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

A, B = "tasks/PT-aaaaaa.md", "tasks/PT-bbbbbb.md"
ITEM = "---\nid: PT-{0}\ntitle: {1}\nstatus: todo\ndepends_on: [{2}]\ndue: 2026-12-01\n---\nText.\n"


def prepared(empty, **files):
    empty("init", code=0)
    (empty.folder / A).write_text(ITEM.format("aaaaaa", "First", "PT-bbbbbb"))
    (empty.folder / B).write_text(ITEM.format("bbbbbb", "Second 😀", ""))
    return empty


def test_checks_follow_the_text_on_the_screen(empty):
    prepared(empty)

    async def talk(editor):
        editor.open(A)
        await editor.until(lambda: editor.uri(A) in editor.client.diagnostics)
        assert editor.told(A) == []
        # a status that is none, typed: the place is that of the value
        editor.type(A, (3, 8), (3, 12), "tood")
        await editor.until(lambda: editor.told(A))
        (found,) = editor.client.diagnostics[editor.uri(A)]
        assert (found.code, found.severity) == ("PT108", lsp.DiagnosticSeverity.Error)
        assert found.range == lsp.Range(lsp.Position(3, 8), lsp.Position(3, 12))
        assert found.message.startswith("status is 'tood'\none of todo, in-progress")
        # broken YAML: what is wrong, and what still holds of the other lines
        editor.type(A, (2, 7), (2, 12), "'First")
        await editor.until(lambda: editor.told(A) == [("PT101", 2), ("PT108", 3)])
        editor.type(A, (2, 7), (2, 13), "First")
        editor.type(A, (3, 8), (3, 12), "todo")
        await editor.until(lambda: editor.told(A) == [])
        # the other file loses its id: it is told while that is only typed, where it is open
        editor.open(B)
        editor.type(B, (1, 4), (1, 13), "PT-cccccc")
        await editor.until(lambda: ("PT202", 4) in editor.told(A))

    converse(empty.folder, empty.env, talk)


def test_other_files_other_programs_other_folders(empty, tmp_path):
    prepared(empty)
    other = tmp_path / "other"
    other.mkdir()
    (other / "note.md").write_text("---\nstatus: nonsense\n---\n")

    async def talk(editor):
        editor.open(B)
        await editor.until(lambda: editor.uri(B) in editor.client.diagnostics)
        editor.save(B, ITEM.format("cccccc", "Second", ""))
        editor.replace(B, ITEM.format("cccccc", "Second", ""))
        await editor.until(lambda: editor.told(A) == [("PT202", 4)])
        (editor.folder / A).write_text(ITEM.format("aaaaaa", "First", "PT-cccccc"))
        editor.client.workspace_did_change_watched_files(
            lsp.DidChangeWatchedFilesParams(
                [lsp.FileEvent(editor.uri(A), lsp.FileChangeType.Changed)]
            )
        )
        await editor.until(lambda: editor.told(A) == [])
        # a file of no workspace is left alone; settings may be broken
        editor.open(other / "note.md")
        editor.open(A)
        await editor.until(lambda: editor.uri(A) in editor.client.diagnostics)
        assert editor.uri(other / "note.md") not in editor.client.diagnostics
        editor.open("plaintrack.yml", "statuses: {todo: open\n")
        await editor.until(lambda: editor.told("plaintrack.yml"))
        assert editor.told("plaintrack.yml")[0][0] == "PT001"
        # the items are looked at with the last settings that could be used
        editor.type(A, (3, 8), (3, 12), "tood")
        await editor.until(lambda: ("PT108", 3) in editor.told(A))

    converse(empty.folder, empty.env, talk)


class Kept(dict):
    """Diagnostics that keep all that was told: address, and code and line of each."""

    def __init__(self):
        super().__init__()
        self.told = []

    def __setitem__(self, uri, found):
        super().__setitem__(uri, found)
        self.told.append((uri, sorted((each.code, each.range.start.line) for each in found)))


def test_ten_key_strokes_are_told_of_once(empty):
    prepared(empty)

    async def talk(editor):
        editor.client.diagnostics = Kept()
        editor.open(A)
        await editor.until(lambda: editor.uri(A) in editor.client.diagnostics)
        editor.client.diagnostics.told.clear()
        for number in range(10):
            editor.type(A, (3, 12 + number), (3, 12 + number), "x")
        await editor.until(lambda: editor.told(A) == [("PT108", 3)])
        await asyncio.sleep(0.5)
        assert editor.client.diagnostics.told == [(editor.uri(A), [("PT108", 3)])]
        (found,) = editor.client.diagnostics[editor.uri(A)]
        assert found.message.startswith("status is 'todoxxxxxxxxxx'")

    converse(empty.folder, empty.env, talk)


async def at_once(editor, *sends):
    """Send messages in one piece, so that the second is there while the first is worked on."""
    protocol, frames = editor.client.protocol, []
    writer, protocol.writer = protocol.writer, SimpleNamespace(write=frames.append)
    found = [send() for send in sends]
    protocol.writer = writer
    written = writer.write(b"".join(frames))
    if inspect.isawaitable(written):
        await written
    return found[0]


def test_a_request_is_cancelled_or_out_of_date(empty):
    prepared(empty)
    (empty.folder / B).write_text(ITEM.format("bbbbbb", "Second", "") + "PT-aaaaaa " * 2000)

    async def talk(editor):
        editor.open(A)
        await editor.until(lambda: editor.uri(A) in editor.client.diagnostics)
        asked = editor.client.protocol
        place = lsp.Position(1, 6)
        params = lsp.ReferenceParams(lsp.ReferenceContext(False), editor.here(A), place)
        references = partial(asked.send_request, lsp.TEXT_DOCUMENT_REFERENCES, params)
        cancel = partial(asked.notify, lsp.CANCEL_REQUEST)
        change = partial(editor.type, A, (2, 7), (2, 7), "x")

        async def refused(name, then):
            """The code that the request ends with; None if its answer was there before."""
            answer = await at_once(editor, partial(references, msg_id=name), then)
            try:
                await asyncio.wrap_future(answer)
            except JsonRpcException as told:
                return told.code

        for code, then in (
            (lsp.LSPErrorCodes.RequestCancelled, lambda name: cancel(lsp.CancelParams(name))),
            (lsp.LSPErrorCodes.ContentModified, lambda _: change()),
        ):
            for number in range(20):  # its answer may be faster, if seldom
                name = f"{code}-{number}"
                end = await refused(name, partial(then, name))
                if end is not None:
                    break
            assert end == code
        found = await editor.client.text_document_references_async(params)
        assert len(found) == 2000

    converse(empty.folder, empty.env, talk)


def test_what_an_open_file_says_wrong_is_told_before_the_others_are_read(empty):
    prepared(empty)
    (empty.folder / A).write_text(
        ITEM.format("aaaaaa", "First", "PT-cccccc").replace("todo", "tood")
    )

    async def talk(editor):
        editor.client.diagnostics = Kept()
        editor.open(A)
        await editor.until(lambda: ("PT202", 4) in editor.told(A))
        assert [found for _, found in editor.client.diagnostics.told] == [
            [("PT108", 3)],
            [("PT108", 3), ("PT202", 4)],
        ]

    converse(empty.folder, empty.env, talk)
