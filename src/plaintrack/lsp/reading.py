"""Features that read: completion, hover, where things are, symbols, links."""

from typing import Any

from lsprotocol import types as lsp

from plaintrack.app.editor import complete, goto, hover
from plaintrack.app.editor.sheet import Sheet
from plaintrack.lsp.server import At, Server
from plaintrack.lsp.texts import Text

KINDS = {
    "field": lsp.CompletionItemKind.Field,
    "value": lsp.CompletionItemKind.EnumMember,
    "item": lsp.CompletionItemKind.Reference,
    "person": lsp.CompletionItemKind.Variable,
    "date": lsp.CompletionItemKind.Event,
    "word": lsp.CompletionItemKind.Keyword,
}
SYMBOLS = {
    "field": lsp.SymbolKind.Field,
    "heading": lsp.SymbolKind.String,
    "step": lsp.SymbolKind.Boolean,
    "item": lsp.SymbolKind.File,
}


def register(server: Server) -> None:
    """Have the server answer these."""
    _completion(server)
    _places(server)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        with server.asked(params) as at:
            if at is None:
                return None
            found = hover.hover(at.sheet, at.offset)
            if found is None:
                return None
            said = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text)
            return lsp.Hover(said, server.range(at.text, found.start, found.end))


def _completion(server: Server) -> None:
    options = lsp.CompletionOptions(
        trigger_characters=["@", "#", "-", ":", " ", "[", ","], resolve_provider=True
    )

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, options)
    def completed(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        with server.asked(params) as at:
            if at is None:
                return None
            found = complete.complete(at.sheet, at.offset)
            items = [
                _item(server, at, each, f"{number:04}", found.whole)
                for number, each in enumerate(found.found)
            ]
            return lsp.CompletionList(is_incomplete=not found.whole, items=items)

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    def resolved(item: lsp.CompletionItem) -> lsp.CompletionItem:
        data: Any = item.data or {}
        home = server.home(data["uri"]) if data.get("item") else None
        if home is not None:
            text = hover.item(Sheet(*home), data["item"])
            item.documentation = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
        return item


def _item(
    server: Server, at: At, each: complete.Choice, rank: str, whole: bool
) -> lsp.CompletionItem:
    """A choice; ``whole``: all choices are told, so that the editor can filter them itself."""
    # Where the server ranks, whatever is typed passes the editor's own filter.
    begun = at.text.text[each.start : at.offset]
    return lsp.CompletionItem(
        each.label,
        kind=KINDS[each.kind],
        detail=each.about or None,
        label_details=lsp.CompletionItemLabelDetails(description=each.about or None),
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, each.doc) if each.doc else None,
        sort_text=rank,
        filter_text=each.label if whole else begun or each.label,
        text_edit=lsp.TextEdit(server.range(at.text, each.start, each.end), each.text),
        data={"uri": at.uri, "item": each.item} if each.item else None,
    )


def _places(server: Server) -> None:
    def location(sheet: Sheet, spot: goto.Spot) -> lsp.Location:
        text = server.text(sheet.desk, spot.path)
        return lsp.Location(
            server.uri(sheet.desk, spot.path), server.range(text, spot.start, spot.end)
        )

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def defined(params: lsp.DefinitionParams) -> list[lsp.Location]:
        with server.asked(params) as at:
            found = goto.definition(at.sheet, at.offset) if at else []
            return [location(at.sheet, each) for each in found if at]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    async def referred(params: lsp.ReferenceParams) -> list[lsp.Location]:
        with server.asked(params) as at:
            if at is None:
                return []
            steps = goto.references(at.sheet, at.offset, params.context.include_declaration)
            found = await server.gathered(at, steps)
            return [location(at.sheet, each) for each in found]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        with server.shown(params) as at:
            return _nested(server, at.text, list(goto.symbols(at.sheet))) if at else []

    @server.feature(lsp.WORKSPACE_SYMBOL)
    def found(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        said = []
        for desk in server.known():
            for item, title, path in goto.workspace(desk, params.query):
                where = lsp.Location(server.uri(desk, path), lsp.Range(START, START))
                said.append(lsp.WorkspaceSymbol(where, f"{item} {title}", SYMBOLS["item"]))
        return said

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK)
    def links(params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink]:
        with server.shown(params) as at:
            if at is None:
                return []
            said = []
            for start, end, target in goto.links(at.sheet):
                uri = target if target.startswith("https://") else server.uri(at.sheet.desk, target)
                said.append(lsp.DocumentLink(server.range(at.text, start, end), uri))
            return said


START = lsp.Position(0, 0)


def _nested(server: Server, text: Text, found: list[goto.Symbol]) -> list[lsp.DocumentSymbol]:
    """Symbols below the headings that they stand under."""
    top: list[lsp.DocumentSymbol] = []
    open_: list[tuple[int, lsp.DocumentSymbol]] = []
    for each in found:
        made = lsp.DocumentSymbol(
            each.name,
            SYMBOLS[each.kind],
            server.range(text, each.start, each.end),
            server.range(text, each.at, each.stop),
            detail=each.detail or None,
            children=[],
        )
        while open_ and open_[-1][0] >= each.depth:
            open_.pop()
        if each.kind == "field" or not open_:
            top.append(made)
        else:
            children = open_[-1][1].children
            assert isinstance(children, list)
            children.append(made)
            for _, outer in open_:
                outer.range = lsp.Range(outer.range.start, made.range.end)
        if each.kind == "heading":
            open_.append((each.depth, made))
    return top
