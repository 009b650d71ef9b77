"""The difference between two states of one file, line by line."""

from collections.abc import Iterator

from plaintrack.render.visible import lines, safe


def patch(before: bytes | None, after: bytes | None, path: str) -> Iterator[str]:
    """A unified diff, its lines made safe; None: there is no such file."""
    from difflib import unified_diff

    old_name = "/dev/null" if before is None else safe(f"a/{path}")
    new_name = "/dev/null" if after is None else safe(f"b/{path}")
    return unified_diff(_lines(before), _lines(after), old_name, new_name, lineterm="")


def _lines(data: bytes | None) -> list[str]:
    return lines(data.decode("utf-8", "replace").removesuffix("\n")) if data else []
