"""``plaintrack lsp``: the language server."""

import click

from plaintrack.errors import PlaintrackError


class NoServer(PlaintrackError):
    """The library that speaks the protocol is not installed."""

    slug = "no-server"

    def __init__(self) -> None:
        super().__init__(
            "the language server needs the extra `lsp`", "run `pip install 'plaintrack[lsp]'`"
        )


@click.command("lsp")
@click.option(
    "--stdio",
    is_flag=True,
    expose_value=False,
    help="Speak over standard input and output, as always.",
)
def command() -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol.

    Editors start it; see docs/editors.md. It writes no file: what it changes are edits of the
    editor's texts.
    """
    try:
        from plaintrack.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise NoServer from error
    serve()
    return 0
