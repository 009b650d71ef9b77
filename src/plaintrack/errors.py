"""The one base of every error that plaintrack raises on purpose: a message, a hint, a slug and an exit code."""


class PlaintrackError(Exception):
    """Something the user can understand and mend.

    ``message`` says what is wrong and where, in one line; ``hint`` says what to do. ``excerpt`` is the text it speaks of,
    if it helps to see it, and ``column`` the place in its last line (from 1; 0: the whole). ``slug`` is a stable name for
    programs, ``exit_code`` is what the command line exits with (1: the answer is "no", 2: wrong usage or bad input).
    """

    slug = "error"
    exit_code = 2

    def __init__(self, message: str, hint: str = "", excerpt: str = "", column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.excerpt = excerpt
        self.column = column

    def __str__(self) -> str:
        shown = f"\n  {self.excerpt}" if self.excerpt else ""
        return self.message + shown + (f"\n  {' ' * (self.column - 1)}^" if shown and self.column else "")
