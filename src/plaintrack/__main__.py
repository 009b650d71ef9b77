"""``plaintrack`` and ``python -m plaintrack``."""

import gc
import os
import sys
from contextlib import suppress

# new objects between two looks for garbage: a command makes many objects, few cycles, and ends soon
CYCLES = 100_000


def main() -> None:
    """Run the command line, then end the process at once: taking the interpreter apart costs a
    tenth of a listing.
    """
    if sys.platform == "win32":
        sys.exit("plaintrack runs on Linux and macOS; on Windows, run it in WSL (`wsl --install`)")
    gc.set_threshold(CYCLES)
    if sys.argv[1:2] == ["merge-file"] and sys.argv[2:3] not in (
        ["--help"],
        ["-h"],
    ):
        # git starts it for every file
        from plaintrack.cli.driver import run as merge

        code = merge(sys.argv[2:])
    elif sys.argv[1:2] == ["textconv"] and sys.argv[2:3] not in (
        ["--help"],
        ["-h"],
    ):
        # and for every version
        from plaintrack.cli.convert import run as convert

        code = convert(sys.argv[2:])
    else:
        from plaintrack.cli.main import run

        code = run()
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None: closed by whoever started us
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
