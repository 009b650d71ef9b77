"""Requests beyond the protocol, for an editor's board, timer and commands."""

from collections.abc import Mapping
from typing import Any

from plaintrack.app.editor import panel
from plaintrack.app.editor.sheet import Sheet
from plaintrack.errors import PlaintrackError
from plaintrack.lsp.server import Server
from plaintrack.lsp.writing import refused


def register(server: Server) -> None:
    """Have the server answer these."""
    _items(server)

    @server.feature("plaintrack/board")
    def board(_params: Any) -> list[dict[str, Any]]:
        found = []
        for desk in server.known():
            for column in _safely(panel.board, desk) or []:
                for item in column["items"]:
                    item["uri"] = server.uri(desk, item.pop("path"))
                    item["root"] = desk.root
                found.append(column)
        return found

    @server.feature("plaintrack/timer")
    def timer(_params: Any) -> dict[str, Any] | None:
        running = ((_safely(panel.timer, desk), desk.root) for desk in server.known())
        return next(({**each, "root": root} for each, root in running if each), None)


def _items(server: Server) -> None:
    @server.feature("plaintrack/item")
    def item(params: Any) -> dict[str, Any] | None:
        home = server.home(_given(params, "uri"))
        if home is None:
            return None
        desk, path = home
        return {"id": Sheet(desk, path).id, "root": desk.root}

    @server.feature("plaintrack/add")
    def add(params: Any) -> dict[str, Any] | None:
        for desk in server.known():
            try:
                path, text = panel.added(desk, _given(params, "title"))
            except (PlaintrackError, OSError) as error:
                raise refused(error) from error
            return {"uri": server.uri(desk, path), "text": text}
        return None


def _given(params: Any, name: str) -> str:
    """A text of the parameters of a request that the library knows nothing of."""
    found = params.get(name) if isinstance(params, Mapping) else getattr(params, name, "")
    return str(found or "")


def _safely(ask: Any, desk: Any) -> Any:
    try:
        return ask(desk)
    except (PlaintrackError, OSError):
        return None
