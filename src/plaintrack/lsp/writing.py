"""Features that change texts: renaming and code actions. The editor makes the changes."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from plaintrack.app.editor import rename
from plaintrack.app.editor.actions import Action, actions, resolved
from plaintrack.app.editor.desk import Desk
from plaintrack.app.editor.sheet import Sheet
from plaintrack.app.editor.wanted import Wanted, splices
from plaintrack.errors import PlaintrackError
from plaintrack.lsp.server import At, Server
from plaintrack.lsp.texts import Text

KINDS = {"fix": lsp.CodeActionKind.QuickFix, "change": lsp.CodeActionKind.RefactorRewrite}


def register(server: Server) -> None:
    """Have the server answer these."""
    _renaming(server)
    _acting(server)


def refused(error: Exception) -> JsonRpcException:
    """What an editor shows its user when a change is not possible."""
    hint = getattr(error, "hint", "")
    message = f"{error}" + (f": {hint}" if hint else "")
    return JsonRpcException(message, lsp.LSPErrorCodes.RequestFailed.value)


def _renaming(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        with server.asked(params) as at:
            what = rename.subject(at.sheet, at.offset) if at else None
            if at is None or what is None:
                return None
            where = server.range(at.text, what.start, what.end)
            return lsp.PrepareRenamePlaceholder(where, what.name)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        with server.asked(params) as at:
            if at is None:
                return None
            try:
                found = rename.rename(at.sheet, at.offset, params.new_name)
                return workspace_edit(server, at.sheet.desk, found)
            except (PlaintrackError, OSError) as error:
                raise refused(error) from error

    globs = [lsp.FileOperationFilter(lsp.FileOperationPattern(glob)) for glob in ("**/*", "**/")]
    options = lsp.FileOperationRegistrationOptions(globs[:1])

    @server.feature(lsp.WORKSPACE_WILL_RENAME_FILES, options)
    def will_rename(params: lsp.RenameFilesParams) -> lsp.WorkspaceEdit | None:
        by_desk: dict[int, tuple[Desk, dict[str, str]]] = {}
        for each in params.files:
            old, new = server.home(each.old_uri), server.home(each.new_uri)
            if old and new and old[0] is new[0]:
                by_desk.setdefault(id(old[0]), (old[0], {}))[1][old[1]] = new[1]
        for desk, files in by_desk.values():
            try:
                found = rename.moved(desk, files)
                return workspace_edit(server, desk, found)
            except (PlaintrackError, OSError) as error:
                raise refused(error) from error
        return None


def _acting(server: Server) -> None:
    options = lsp.CodeActionOptions(list(KINDS.values()), resolve_provider=True)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)
    def offered(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        with server.shown(params) as at:
            if at is None:
                return []
            at = at._replace(offset=server.span(at.text, params.range)[0])
            shown = {_key(each): each for each in params.context.diagnostics}
            found = [each for each in _found(at, shown) if _wanted(each, params.context.only)]
            said = [_offer(at, each, shown) for each in found]
            return said if server.resolves else [_made(server, each) for each in said]
        return []

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    def made(action: lsp.CodeAction) -> lsp.CodeAction:
        return _made(server, action)


def _found(at: At, keys: Container[str]) -> list[Action]:
    """What can be done at a place where the findings of these keys are shown."""
    known = at.sheet.desk.found.get(at.sheet.path, ())
    return actions(at.sheet, at.offset, [each for each in known if each.key in keys])


def _wanted(action: Action, only: Sequence[str] | None) -> bool:
    """Whether the editor asks for such actions: all of them, or those of some kinds."""
    return not only or any(KINDS[action.kind].startswith(kind) for kind in only)


def _offer(at: At, action: Action, shown: Mapping[str, lsp.Diagnostic]) -> lsp.CodeAction:
    """An action without its edit, and with what is needed to find it again."""
    return lsp.CodeAction(
        action.title,
        kind=KINDS[action.kind],
        diagnostics=[shown[action.key]] if action.key else None,
        data={"uri": at.uri, "offset": at.offset, "key": action.key, "title": action.title},
    )


def _made(server: Server, action: lsp.CodeAction) -> lsp.CodeAction:
    """The action with its edit. One that is not possible is refused, or is shown with the reason
    where the editor wants all edits at once.
    """
    data: Any = action.data
    home, text = server.home(data["uri"]), server.texts.get(data["uri"])
    if home is None or text is None:
        return action
    at = At(data["uri"], Sheet(*home, text.text), text, data["offset"])
    try:
        wanted = resolved(_found(at, [data["key"]]), data["title"])
        action.edit = workspace_edit(server, at.sheet.desk, wanted)
    except (PlaintrackError, OSError) as error:
        if server.resolves:
            raise refused(error) from error
        action.disabled = lsp.CodeActionDisabled(str(error))
    return action


def _key(diagnostic: lsp.Diagnostic) -> str:
    """The key of the finding that a diagnostic shows; empty if it is not one of ours."""
    data: Any = diagnostic.data
    return str(data.get("key", "")) if isinstance(data, Mapping) else ""


def workspace_edit(server: Server, desk: Desk, wanted: Wanted) -> lsp.WorkspaceEdit:
    """Changes in the words of the protocol; raises JsonRpcException where the editor cannot make
    them.
    """
    if wanted.files and not server.handles_files:
        raise JsonRpcException(
            "this editor cannot rename or create files; the command line can",
            lsp.LSPErrorCodes.RequestFailed.value,
        )
    texts = [_text_edit(server, desk, path, *each) for path, each in wanted.texts.items()]
    if not server.handles_documents:
        plain: dict[str, Any] = {each.text_document.uri: each.edits for each in texts}
        return lsp.WorkspaceEdit(changes=plain)
    return lsp.WorkspaceEdit(document_changes=[*texts, *_file_edits(server, desk, wanted)])


def _text_edit(
    server: Server, desk: Desk, path: str, before: str, after: str
) -> lsp.TextDocumentEdit:
    """The edits that make one text of a file into another; of an open file for its version."""
    uri = server.uri(desk, path)
    text = Text(before, server.units)
    document = lsp.OptionalVersionedTextDocumentIdentifier(uri, server.versions.get(uri))
    edits: list[Any] = [
        lsp.TextEdit(server.range(text, each.start, each.end), each.text)
        for each in splices(before, after)
    ]
    return lsp.TextDocumentEdit(document, edits)


def _file_edits(server: Server, desk: Desk, wanted: Wanted) -> Iterator[Any]:
    """The files that come, move and go, in this order."""
    start = lsp.Position(0, 0)
    for path, text in wanted.made.items():
        uri = server.uri(desk, path)
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri, None)
        yield lsp.CreateFile(uri)
        yield lsp.TextDocumentEdit(document, [lsp.TextEdit(lsp.Range(start, start), text)])
    for path, to in wanted.moved.items():
        yield lsp.RenameFile(server.uri(desk, path), server.uri(desk, to))
    for path in wanted.gone:
        yield lsp.DeleteFile(server.uri(desk, path))
