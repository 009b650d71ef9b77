"""The one base of every error that plaintrack raises on purpose: a message, a hint, a slug and an exit code."""


class PlaintrackError(Exception):
    """Something the user can understand and mend.

    ``message`` says what is wrong and where, ``hint`` says what to do, ``slug`` is a stable name for programs,
    ``exit_code`` is what the command line exits with (1: the answer is "no", 2: wrong usage or bad input).
    """

    slug = "error"
    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
