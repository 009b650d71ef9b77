"""Features that change texts: renaming and code actions. The editor makes the changes."""

from collections.abc import Container, Mapping
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

    def found(at: At, keys: Container[str]) -> list[Action]:
        known = at.sheet.desk.found.get(at.sheet.path, ())
        return actions(at.sheet, at.offset, [each for each in known if each.key in keys])

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)
    def offered(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        with server.shown(params) as at:
            if at is None:
                return []
            start = params.range.start
            at = at._replace(offset=at.text.offset((start.line, start.character)))
            shown = {_key(each): each for each in params.context.diagnostics}
            only = params.context.only
            said = []
            for each in found(at, shown):
                if only and not any(KINDS[each.kind].startswith(kind) for kind in only):
                    continue
                fixed = [shown[each.key]] if each.key else None
                data = {
                    "uri": params.text_document.uri,
                    "offset": at.offset,
                    "key": each.key,
                    "title": each.title,
                }
                action = lsp.CodeAction(
                    each.title, kind=KINDS[each.kind], diagnostics=fixed, data=data
                )
                if not server.resolves:
                    action = made(action)
                said.append(action)
            return said

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    def made(action: lsp.CodeAction) -> lsp.CodeAction:
        data: Any = action.data
        home = server.home(data["uri"])
        text = server.texts.get(data["uri"])
        if home is None or text is None:
            return action
        desk, path = home
        at = At(Sheet(desk, path, text.text), text, data["offset"])
        try:
            wanted = resolved(found(at, [data["key"]]), data["title"])
            action.edit = workspace_edit(server, desk, wanted)
        except (PlaintrackError, OSError) as error:
            if not server.resolves:
                action.disabled = lsp.CodeActionDisabled(str(error))
                return action
            raise refused(error) from error
        return action


def _key(diagnostic: lsp.Diagnostic) -> str:
    """The key of the finding that a diagnostic shows; empty if it is not one of ours."""
    data: Any = diagnostic.data
    return str(data.get("key", "")) if isinstance(data, Mapping) else ""


def workspace_edit(server: Server, desk: Desk, wanted: Wanted) -> lsp.WorkspaceEdit:
    """Changes in the words of the protocol; raises JsonRpcException where the editor cannot make
    them.
    """
    changes: list[Any] = []
    for path, (before, after) in wanted.texts.items():
        uri = server.uri(desk, path)
        text = Text(before, server.units)
        edits = [
            lsp.TextEdit(server.range(text, each.start, each.end), each.text)
            for each in splices(before, after)
        ]
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri, server.versions.get(uri))
        changes.append(lsp.TextDocumentEdit(document, edits))
    if wanted.files and not server.handles_files:
        raise JsonRpcException(
            "this editor cannot rename or create files; the command line can",
            lsp.LSPErrorCodes.RequestFailed.value,
        )
    for path, new in wanted.made.items():
        uri = server.uri(desk, path)
        start = lsp.Position(0, 0)
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri, None)
        changes.append(lsp.CreateFile(uri))
        changes.append(lsp.TextDocumentEdit(document, [lsp.TextEdit(lsp.Range(start, start), new)]))
    for path, to in wanted.moved.items():
        changes.append(lsp.RenameFile(server.uri(desk, path), server.uri(desk, to)))
    changes += [lsp.DeleteFile(server.uri(desk, path)) for path in wanted.gone]
    if not server.handles_documents:
        plain: dict[str, Any] = {
            each.text_document.uri: list(each.edits)
            for each in changes
            if isinstance(each, lsp.TextDocumentEdit)
        }
        return lsp.WorkspaceEdit(changes=plain)
    return lsp.WorkspaceEdit(document_changes=changes)
