"""``plaintrack textconv`` for git, which starts it once per version of a file: without click."""

import os
import sys

from plaintrack.cli.output import note, safe


def run(words: list[str]) -> int:
    """Write the comparable form of a file, byte for byte, to standard output; 2: wrong usage, or it
    cannot be read.
    """
    if len(words) != 1:
        note("usage: plaintrack textconv FILE")
        return 2
    from plaintrack.show.item import comparable

    try:
        with open(words[0], "rb") as handle:
            data = handle.read()
    except OSError as error:
        note(safe(f"plaintrack: {error.filename}: {error.strerror}"))
        return 2
    sys.stdout.flush()
    sys.stdout.buffer.write(comparable(data, os.path.basename(words[0])))
    return 0
