"""A process that edits one item by the core API, again and again until standard input ends: ``setting.py PATH``.

Standard output is a line for each write; standard error holds notices and refusals.
"""

import select
import sys

from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.write.session import writing
from plaintrack.app.write.writer import Busy
from plaintrack.model.edit import Set


def main():
    path = sys.argv[1]
    place = Workspace()
    place.notice = lambda text: print(text, file=sys.stderr)
    number = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        number += 1
        try:
            with writing(place, "test") as writer:
                writer.edit(
                    path,
                    [
                        Set("priority", ("high", "low")[number % 2]),
                        Set("estimate", f"{number % 50 + 1}h"),
                    ],
                )
            print(number, flush=True)
        except Busy as error:
            print(error.message, file=sys.stderr)


if __name__ == "__main__":
    main()
