"""An item as lines that can be compared: the fields sorted, one value a line, then the body."""

from plaintrack.text.document import Unreadable, read
from plaintrack.text.nodes import BadYaml, Node, scan


def comparable(data: bytes, path: str) -> bytes:
    """The item's fields as sorted lines ``key: value``, however they are written, then its body;
    what cannot be parsed as it is.
    """
    try:
        document = read(data, path)
        root = scan(document.front, path)
    except (Unreadable, BadYaml):
        return data
    lines = sorted(
        line for entry in root.entries for line in _lines(entry.key, entry.value, document.front)
    )
    body = document.text[document.body :].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(f"{line}\n" for line in lines).encode() + (f"\n{body}".encode() if body else b"")


def _lines(key: str, node: Node, front: str) -> list[str]:
    if node.kind == "mapping":
        return [
            line
            for entry in node.entries
            for line in _lines(f"{key}.{entry.key}", entry.value, front)
        ]
    if node.kind == "sequence":
        return [line for item in node.items for line in _item(key, item, front)]
    return (
        [] if node.null else [f"{key}: {line}".rstrip() for line in node.value.splitlines() or [""]]
    )


def _item(key: str, node: Node, front: str) -> list[str]:
    """An item of a list; one that is not a plain value stays on one line, so that its parts stay
    together.
    """
    if node.kind == "scalar":
        return _lines(key, node, front)
    return [f"{key}: {' '.join(front[node.start : node.end].split())}"]
