"""What an import costs: processor time and memory of `import github`, and of a second one, beside
`python -c` that only parses the file.

    python benchmarks/exchange.py [--items 100000]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def issues(path: Path, count: int) -> None:
    """A list of issues as `gh issue list --json` gives it."""
    body = "Steps to see it, and what was expected.\n" * 5
    with path.open("w") as handle:
        for number in range(count):
            issue = {
                "number": number,
                "title": f"Issue {number} about the thing",
                "body": body,
                "state": "OPEN" if number % 3 else "CLOSED",
                "url": f"https://github.com/o/r/issues/{number}",
                "labels": [{"name": "bug"}],
                "createdAt": "2026-10-01T10:00:00Z",
                "closedAt": None if number % 3 else "2026-10-09T10:00:00Z",
                "author": {"login": "ana"},
                "comments": [],
            }
            handle.write(("[" if number == 0 else ",\n") + json.dumps(issue))
        handle.write("]\n")


def cost(*command: str, cwd: Path) -> tuple[float, float]:
    """Processor seconds and megabytes at the peak of one process."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    count = parser.parse_args().items
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        issues(top / "issues.json", count)
        plaintrack = (sys.executable, "-m", "plaintrack")
        cost(*plaintrack, "init", cwd=top)
        parsed, _ = cost(
            sys.executable, "-c", "import json; json.load(open('issues.json'))", cwd=top
        )
        for name in ("first", "second"):
            spent, most = cost(*plaintrack, "import", "github", "issues.json", cwd=top)
            ratio = f"{spent / parsed:.0f} x parsing"
            print(f"{name} import of {count:,} items: {spent:.1f} s, {ratio}, {most:.0f} MB")


if __name__ == "__main__":
    main()
