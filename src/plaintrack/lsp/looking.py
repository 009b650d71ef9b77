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
            found = [_fold(at, each) for each in looks.folds(at.sheet)] if at else []
            return [each for each in found if each.end_line > each.start_line]
        return []

    legend = lsp.SemanticTokensLegend(list(looks.TOKENS), [looks.CLOSED])

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def coloured(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        with server.shown(params) as at:
            return lsp.SemanticTokens(_data(at) if at else [])
        return lsp.SemanticTokens([])


def _fold(at: At, fold: looks.Fold) -> lsp.FoldingRange:
    first, last = (at.text.spot(place)[0] for place in (fold.start, fold.end))
    kind = lsp.FoldingRangeKind.Region if fold.region else None
    return lsp.FoldingRange(first, last, kind=kind)


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
            found = hints.hints(at.sheet, *server.span(at.text, params.range))
            return [_hint(at, each) for each in found]
        return []


def _hint(at: At, hint: hints.Hint) -> lsp.InlayHint:
    place = lsp.Position(*at.text.spot(hint.at))
    return lsp.InlayHint(place, hint.text, tooltip=hint.more or None, padding_left=True)


def _command(server: Server, at: At, lens: hints.Lens) -> lsp.Command:
    """The words of a lens; where the editor is ours, a click opens the file they speak of."""
    if not (lens.path and server.boards):
        return lsp.Command(lens.text, "")
    return lsp.Command(
        lens.text, "plaintrack.show", arguments=[server.uri(at.sheet.desk, lens.path)]
    )


def _formatting(server: Server) -> None:
    def edits(at: At, start: int, end: int) -> list[lsp.TextEdit]:
        return [
            lsp.TextEdit(server.range(at.text, each.start, each.end), each.text)
            for each in looks.formatted(at.sheet, start, end)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        with server.shown(params) as at:
            return edits(at, 0, len(at.text)) if at else []
        return []

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    def part(params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit]:
        with server.shown(params) as at:
            return edits(at, *server.span(at.text, params.range)) if at else []
        return []
