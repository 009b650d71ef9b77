"""Counts as words: a number agrees with its noun."""


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 file``, ``2 files``, ``0 files``; ``many`` is the plural if it is not ``noun`` + s."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {many or noun + 's'}"
