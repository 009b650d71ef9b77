"""CSV has its head without rows, too, and the same one with them: who reads it finds the columns."""

import shutil

import pytest
from soak import each

READ = (
    "list", "next", "rank", "search zzzq", "board", "tree", "stats", "log --limit 3", "diff",
    "history status PT-7rrpba", "time list", "time list --from 2026-11-09", "time report",
    "time report --planned --from 2026-11-09", "time report --by person", "goals",
    "time accuracy", "time status", "people", "equipment",
    "goals --since 2026-09-01", "approvals", "sla", "health", "health PT-45fpas", "inbox", "plan",
    "plan --compare HEAD", "project status", "workload", "workload --planned", "triage", "owners",
    "score", "metrics cycle-time", "metrics scope", "forecast --items 5", "check",
    "forecast --backtest --items 5", "time sheet --person jonas", "config", "config --own", "doctor",
    "explain", "explain set wip", "rules list", "rules log", "rules check", "trust --show", "undo --list",
)  # fmt: skip
PUBLISH = ["publish ../out"]
GROUPS = [READ[at::5] for at in range(5)]
KEPT = ("plaintrack.yml", ".git", "projects")


@pytest.mark.parametrize("commands", [*each(GROUPS, 5), PUBLISH])
def test_csv_has_the_same_head_with_rows_and_without(example, commands):
    if commands is PUBLISH:
        import publishing  # noqa: F401 (skips without DuckDB)

    def heads():
        found = {}
        for words in commands:
            run = example.run([*words.split(), "--format", "csv"], example.env)
            assert run.returncode == 0 or words in ("check", "doctor", "time status"), (
                words,
                run.stderr,
            )
            found[words] = run.stdout.partition("\n")[0]
        return found

    full = heads()
    assert all("," in head for head in full.values()), full
    for path in example.folder.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert heads() == full
