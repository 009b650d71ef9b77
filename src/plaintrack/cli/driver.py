"""``plaintrack merge-file`` for git, which starts it once per file: without click, and with nothing
loaded that it does not use.
"""

from plaintrack.cli.output import note, safe

USAGE = "usage: plaintrack merge-file BASE OURS THEIRS [MARKER-SIZE] [PATH]"


def run(words: list[str]) -> int:
    """Merge; 0 clean, 1 not, 2 wrong usage. Git takes every code but 0 for a conflict."""
    if not 3 <= len(words) <= 5:
        note(USAGE)
        return 2
    from plaintrack.app.git.merge import SIZE, merge_file

    base, ours, theirs, *rest = words
    size = next((int(word) for word in rest if word.isdecimal()), SIZE)
    path = next((word for word in rest if not word.isdecimal()), "")
    try:
        outcome = merge_file(base, ours, theirs, size, path)
    except OSError as error:
        note(safe(f"plaintrack: {error.filename}: {error.strerror}"))
        return 2
    if outcome.message:
        note(safe(f"plaintrack: {outcome.message}"))
    return 0 if outcome.clean else 1
