"""The server: texts of the editor in, answers of the core out; it speaks over standard input and
output, and only there.
"""

import asyncio
import json
import os
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method
from pygls.uris import from_fs_path, to_fs_path

from plaintrack import __version__
from plaintrack.app.editor.apart import PLANNED, command
from plaintrack.app.editor.desk import Desk
from plaintrack.app.editor.sheet import Sheet
from plaintrack.app.snapshot.workspace import NoWorkspace
from plaintrack.errors import PlaintrackError
from plaintrack.lsp.diagnose import diagnostic
from plaintrack.lsp.texts import Text

TYPING = 0.15
"""Seconds after the last key stroke before the checks run."""
LARGEST = 1_000_000
"""Characters of the largest text that is looked at."""

T = TypeVar("T")


class At(NamedTuple):
    """A place in a file, which the editor calls ``uri``."""

    uri: str
    sheet: Sheet
    text: Text
    offset: int


class Protocol(LanguageServerProtocol):
    """The protocol, with texts kept as ``Text``: the library's own splits lines where Python does,
    which is at more characters than the protocol allows.
    """

    _server: "Server"

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        """A file is open."""
        document = params.text_document
        self._server.opened(document.uri, document.text, document.version)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        """An open file has another text."""
        document = params.text_document
        self._server.changed(document.uri, params.content_changes, document.version)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        """A file is not open any more."""
        self._server.closed(params.text_document.uri)


class Server(LanguageServer):
    """One editor, and the workspaces that its files are in."""

    def __init__(self) -> None:
        super().__init__("plaintrack", __version__, protocol_cls=Protocol, max_workers=1)
        self.texts: dict[str, Text] = {}
        self.versions: dict[str, int] = {}
        self.desks: dict[str, Desk] = {}
        self._homes: dict[str, Desk | None] = {}  # folder → its desk
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._whole: set[str] = set()  # desks of which all is to be told
        self._plans: dict[str, asyncio.Task[None]] = {}
        self.base = ""  # the revision that reviews compare with
        self.boards = False  # whether the editor shows a board, and wants to know of changes
        self._sent: dict[str, tuple[int | None, list[lsp.Diagnostic]]] = {}

    @property
    def units(self) -> str:
        """What columns count."""
        encoding = self.server_capabilities.position_encoding
        return str(getattr(encoding, "value", encoding) or "utf-16")

    def home(self, uri: str) -> tuple[Desk, str] | None:
        """The desk of a file and its workspace path; None if it is in no workspace."""
        place = to_fs_path(uri) if uri.startswith("file:") else None
        if not place:
            return None
        folder = os.path.dirname(place)
        if folder not in self._homes:
            self._homes[folder] = self._desk(folder)
        desk = self._homes[folder]
        path = desk.path(place) if desk else None
        return (desk, path) if desk and path else None

    def _desk(self, folder: str) -> Desk | None:
        try:
            found = Desk(folder)
        except (NoWorkspace, OSError):
            return None
        found.base = self.base
        return self.desks.setdefault(found.root, found)

    def uri(self, desk: Desk, path: str) -> str:
        """The address of a workspace file, as the editor that has it open writes it."""
        place = os.path.join(desk.root, path)
        for known in self.texts:
            if to_fs_path(known) == place:
                return known
        return str(from_fs_path(place))

    def text(self, desk: Desk, path: str) -> Text:
        """The text of a workspace file, as the editor shows it."""
        shown = self.texts.get(self.uri(desk, path))
        return shown or Text(desk.text(path), self.units)

    def range(self, text: Text, start: int, end: int) -> lsp.Range:
        """The range between two offsets."""
        return lsp.Range(lsp.Position(*text.spot(start)), lsp.Position(*text.spot(end)))

    def span(self, text: Text, where: lsp.Range) -> tuple[int, int]:
        """The offsets of a range that the editor names."""
        start, end = ((each.line, each.character) for each in (where.start, where.end))
        return text.offset(start), text.offset(end)

    @contextmanager
    def shown(self, params: Any) -> "Iterator[At | None]":
        """The file that a request is about; None if there is nothing to say of it. What is wrong
        with the workspace goes to the log: an editor asks often, and its user wants to type.
        """
        uri = params.text_document.uri
        home = self.home(uri)
        text = self.texts.get(uri)
        try:
            if home is None or text is None or len(text) > LARGEST:
                yield None
            else:
                yield At(uri, Sheet(*home, text.text), text, 0)
        except (PlaintrackError, OSError) as error:
            self.log(f"{uri}: {error}")

    @contextmanager
    def asked(self, params: Any) -> "Iterator[At | None]":
        """The same of a place in a file."""
        with self.shown(params) as at:
            spot = params.position
            yield at and at._replace(offset=at.text.offset((spot.line, spot.character)))

    async def gathered(self, at: At, steps: Iterator[T]) -> list[T]:
        """What work over many files comes to. Between two steps the editor is listened to, which
        may cancel the request; raises JsonRpcException where a text changes meanwhile.
        """
        found = []
        for each in steps:
            found.append(each)
            await asyncio.sleep(0)
            if at.sheet.desk.snapshot is not at.sheet.snapshot:
                raise JsonRpcException(
                    "the text has changed", lsp.LSPErrorCodes.ContentModified.value
                )
        return found

    def known(self) -> list[Desk]:
        """The desks there are; where no file is open yet, those of the folders of the editor."""
        if not self.desks:
            for folder in self.folders:
                self._homes[folder] = self._desk(folder)
        return list(self.desks.values())

    @property
    def folders(self) -> list[str]:
        """The folders that the editor has open."""
        found = [to_fs_path(uri) for uri in self.workspace.folders]
        root = self.workspace.root_path
        return [each for each in (*found, root) if each]

    # What the editor tells.

    def opened(self, uri: str, text: str, version: int) -> None:
        """A file is open."""
        self.texts[uri] = Text(text, self.units)
        self.versions[uri] = version
        home = self.home(uri)
        if home:
            desk, path = home
            self._put(desk, path, text)
            self.look(desk, 0.0, whole=True)
            self.plan(desk)

    def changed(
        self, uri: str, changes: Sequence[lsp.TextDocumentContentChangeEvent], version: int
    ) -> None:
        """An open file has another text."""
        text = self.texts.get(uri)
        if text is None:
            return
        for change in changes:
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                text = text.replaced(*self.span(text, change.range), change.text)
            else:
                text = Text(change.text, self.units)
        self.texts[uri] = text
        self.versions[uri] = version
        home = self.home(uri)
        if home:
            desk, path = home
            self._put(desk, path, text.text)
            self.look(desk, TYPING)

    def _put(self, desk: Desk, path: str, text: str) -> None:
        if len(text) <= LARGEST:
            desk.put(path, text)
        else:
            desk.close(path)

    def closed(self, uri: str) -> None:
        """A file is not open any more."""
        self.texts.pop(uri, None)
        self.versions.pop(uri, None)
        home = self.home(uri)
        if home:
            desk, path = home
            desk.close(path)
            self.look(desk, TYPING, whole=True)

    def saved(self, uri: str) -> None:
        """A file was saved."""
        home = self.home(uri)
        if home:
            home[0].look_again()
            self.look(home[0], 0.0, whole=True)
            self.plan(home[0])

    def moved_on(self, uris: list[str]) -> None:
        """Files have changed on disk; there may be workspaces where there were none."""
        self._homes = {folder: desk for folder, desk in self._homes.items() if desk}
        for desk in {id(home[0]): home[0] for uri in uris if (home := self.home(uri))}.values():
            desk.look_again()
            self.look(desk, TYPING, whole=True)

    # What the editor is told.

    def look(self, desk: Desk, delay: float, whole: bool = False) -> None:
        """Check the files of a desk after a while; a check that runs is given up. ``whole``: what
        is found in files that are not open is told, too.
        """
        before = self._checks.get(desk.root)
        if before is not None and not before.done():
            before.cancel()
            whole = whole or desk.root in self._whole
        if whole:
            self._whole.add(desk.root)
        self._checks[desk.root] = asyncio.get_running_loop().create_task(self._check(desk, delay))

    async def _check(self, desk: Desk, delay: float) -> None:
        await asyncio.sleep(delay)
        try:
            if desk.new:
                self._tell_alone(desk)
                await asyncio.sleep(0)
            found = await self._taken(desk.findings())
        except (PlaintrackError, OSError) as error:
            self.log(f"check: {error}")
            return
        whole = desk.root in self._whole
        self._whole.discard(desk.root)
        self._tell(desk, found, whole)

    async def _taken(self, steps: "Generator[None, None, Any]") -> Any:
        """The end of work that goes on in steps; between two, the editor is listened to."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            await asyncio.sleep(0)

    def _tell(self, desk: Desk, found: Mapping[str, Any], whole: bool) -> None:
        """Tell what was found in the open files; ``whole``: in the others, too."""
        paths = {*desk.open, *(found if whole else ())}
        uris = {self.uri(desk, path): path for path in paths}
        if whole:
            gone = [uri for uri in self._sent if uri not in uris and self._of(desk, uri)]
            uris |= dict.fromkeys(gone, "")
        for uri, path in uris.items():
            self._publish(uri, self._diagnostics(desk, path, found.get(path, ())))
        if whole and self.boards:
            self.protocol.notify("plaintrack/changed", {})

    def _tell_alone(self, desk: Desk) -> None:
        """Tell what is wrong with the open files by themselves, before the others are read. That
        nothing is wrong is told once all is known.
        """
        for path, found in desk.alone().items():
            if found:
                self._publish(self.uri(desk, path), self._diagnostics(desk, path, found))

    def _diagnostics(self, desk: Desk, path: str, found: Sequence[Any]) -> list[lsp.Diagnostic]:
        text = self.text(desk, path) if found else Text("")
        return [diagnostic(self, text, each, desk.check(each.code)) for each in found]

    def _publish(self, uri: str, told: list[lsp.Diagnostic]) -> None:
        """Tell the diagnostics of a file, where they are not what was told last."""
        version = self.versions.get(uri)
        before = self._sent.get(uri)
        if before == (version, told) or not (told or before or version):
            return
        self._sent[uri] = (version, told)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, told, version))
        if not told and uri not in self.texts:
            del self._sent[uri]

    def _of(self, desk: Desk, uri: str) -> bool:
        home = self.home(uri)
        return home is not None and home[0] is desk

    def plan(self, desk: Desk) -> None:
        """Ask a process of its own for the plan of the saved files, where the settings have one."""
        before = self._plans.get(desk.root)
        if before is not None and not before.done():
            before.cancel()
        if desk.plans:
            self._plans[desk.root] = asyncio.get_running_loop().create_task(self._plan(desk))

    async def _plan(self, desk: Desk) -> None:
        await asyncio.sleep(1.0)
        try:
            answers = [json.loads(await _output(command(desk.root, words))) for words in PLANNED]
        except ValueError:  # not an answer: the command says why to who runs it
            return
        desk.know_plan(*answers)
        self.look(desk, 0.0, whole=True)
        if self._refreshes:
            self.workspace_inlay_hint_refresh(None)

    @property
    def _refreshes(self) -> bool:
        workspace = self.client_capabilities.workspace
        hints = workspace and workspace.inlay_hint
        return bool(hints and hints.refresh_support)

    @property
    def resolves(self) -> bool:
        """Whether the editor asks for the edit of a code action when it is chosen."""
        document = self.client_capabilities.text_document
        action = document and document.code_action
        support = action and action.resolve_support
        return bool(support and "edit" in support.properties)

    @property
    def _edits(self) -> lsp.WorkspaceEditClientCapabilities | None:
        workspace = self.client_capabilities.workspace
        return workspace.workspace_edit if workspace else None

    @property
    def handles_documents(self) -> bool:
        """Whether an edit may name versions of texts, and files."""
        edits = self._edits
        return bool(edits and (edits.document_changes or edits.resource_operations))

    @property
    def handles_files(self) -> bool:
        """Whether an edit may create, rename and delete files."""
        kinds = (self._edits and self._edits.resource_operations) or ()
        needed = ("create", "rename", "delete")
        return self.handles_documents and all(each in kinds for each in needed)

    def log(self, message: str) -> None:
        """Tell the editor's log."""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, message))


async def _output(words: Sequence[str]) -> bytes:
    """What a command prints; it ends with the task that asks for it."""
    nothing = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *words, stdin=nothing, stdout=asyncio.subprocess.PIPE, stderr=nothing
    )
    try:
        out, _ = await process.communicate()
    except asyncio.CancelledError:
        if process.returncode is None:
            process.kill()
        raise
    return out


def made() -> Server:
    """A server with all that it can do."""
    from plaintrack.lsp import beside, looking, reading, writing

    server = Server()
    reading.register(server)
    writing.register(server)
    looking.register(server)
    beside.register(server)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.saved(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def moved_on(params: lsp.DidChangeWatchedFilesParams) -> None:
        server.moved_on([each.uri for each in params.changes])

    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        given = params.initialization_options
        options = given if isinstance(given, Mapping) else {}
        server.boards = bool(options.get("board"))
        server.base = str(options.get("base") or "")

    @server.feature(lsp.INITIALIZED)
    async def initialized(_params: lsp.InitializedParams) -> None:
        await _watch(server)

    return server


async def _watch(server: Server) -> None:
    """Have the editor say which files change, if it can."""
    workspace = server.client_capabilities.workspace
    watched = workspace and workspace.did_change_watched_files
    if not (watched and watched.dynamic_registration):
        return
    globs = ("**/*.md", "**/plaintrack.yml", "**/automations/*.yml", "**/.git/logs/HEAD")
    options = lsp.DidChangeWatchedFilesRegistrationOptions(
        [lsp.FileSystemWatcher(glob) for glob in globs]
    )
    await server.client_register_capability_async(
        lsp.RegistrationParams(
            [lsp.Registration("watched", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)]
        )
    )


def serve() -> None:
    """Serve the editor that started this process, until it ends. Whatever else would be printed
    goes to standard error: one line in between would end the conversation.
    """
    sys.stdout.flush()
    speak = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    made().start_io(sys.stdin.buffer, speak)
