"""A process that runs many commands one after the other: ``working.py NUMBER COUNT ITEM...``.

It sets, comments and adds, on the first item, which it shares with others, and on the rest. On standard output, one JSON value a
line: what each command that exited 0 said it wrote. The exit code is 1 if one did not exit 0.
"""

import contextlib
import io
import json
import sys

from plaintrack.cli.main import run


def command(words):
    """The exit code, the output and the errors of one command, as a process of its own would give them."""
    sys.argv = ["plaintrack", *words]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run()
    return code, out.getvalue(), err.getvalue()


def main():
    number, count, *items = sys.argv[1:]
    failed = False
    for step in range(int(count)):
        token = f"w{number}x{step}"
        item = items[0] if step % 2 else items[1 + (int(number) + step) % (len(items) - 1)]
        words = {
            0: ["set", item, f"tags+={token}"],
            1: ["set", item, f"tags+={token}"],
            2: ["comment", item, f"Comment {token}"],
            3: ["comment", item, f"Comment {token}"],
            4: ["set", item, f"assignee+={token}"],
            5: ["set", *items[:2], f"tags+={token}"],
        }.get(step % 7, ["add", f"New {token}", "tags=fresh"])
        code, _, err = command(words)
        failed |= code != 0
        sys.stderr.write(err)
        if code == 0:
            print(json.dumps(words), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
