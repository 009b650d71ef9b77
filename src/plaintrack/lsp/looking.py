"""Features of how a text looks: lenses, hints, folding, colours, formatting."""

from lsprotocol import types as lsp

from plaintrack.app.editor import hints, looks
from plaintrack.lsp.server import At, Server


def register(server: Server) -> None:
    """Have the server answer these."""
    _beside(server)
    _formatting(server)

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def folded(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        with server.shown(params) as at:
            found = []
            for each in looks.folds(at.sheet) if at else ():
                assert at is not None
                first, last = (at.text.spot(place)[0] for place in (each.start, each.end))
                if last > first:
                    kind = lsp.FoldingRangeKind.Region if each.region else None
                    found.append(lsp.FoldingRange(first, last, kind=kind))
            return found

    legend = lsp.SemanticTokensLegend(list(looks.TOKENS), [looks.CLOSED])

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def coloured(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        with server.shown(params) as at:
            return lsp.SemanticTokens(_data(at) if at else [])
        return lsp.SemanticTokens([])


def _data(at: At) -> list[int]:
    """The words as numbers: lines and columns from the word before, length, kind, closed."""
    data: list[int] = []
    line = column = 0
    for each in looks.words(at.sheet):
        here, place = at.text.spot(each.start)
        length = at.text.columns(at.text.text[each.start : each.end])
        kind = looks.TOKENS.index(each.kind)
        data += here - line, place - column if here == line else place, length, kind, each.closed
        line, column = here, place
    return [int(each) for each in data]


def _beside(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        with server.shown(params) as at:
            if at is None:
                return []
            return [
                lsp.CodeLens(server.range(at.text, each.at, each.at), _command(server, at, each))
                for each in hints.lenses(at.sheet)
            ]
        return []

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        with server.shown(params) as at:
            if at is None:
                return []
            where = params.range
            start, end = (
                at.text.offset((each.line, each.character)) for each in (where.start, where.end)
            )
            return [
                lsp.InlayHint(
                    lsp.Position(*at.text.spot(each.at)),
                    each.text,
                    tooltip=each.more or None,
                    padding_left=True,
                )
                for each in hints.hints(at.sheet, start, end)
            ]
        return []


def _command(server: Server, at: At, lens: hints.Lens) -> lsp.Command:
    """The words of a lens; where the editor is ours, a click opens the file they speak of."""
    if not (lens.path and server.boards):
        return lsp.Command(lens.text, "")
    return lsp.Command(
        lens.text, "plaintrack.show", arguments=[server.uri(at.sheet.desk, lens.path)]
    )


def _formatting(server: Server) -> None:
    def edits(at: At | None, start: int, end: int) -> list[lsp.TextEdit]:
        if at is None:
            return []
        return [
            lsp.TextEdit(server.range(at.text, each.start, each.end), each.text)
            for each in looks.formatted(at.sheet, start, end)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        with server.shown(params) as at:
            return edits(at, 0, len(at.text) if at else 0)
        return []

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    def part(params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit]:
        with server.shown(params) as at:
            if at is None:
                return []
            where = params.range
            start, end = (
                at.text.offset((each.line, each.character)) for each in (where.start, where.end)
            )
            return edits(at, start, end)
        return []
