"""The folders that the benchmark makes are such as `publish` writes."""

import json
import sys
from pathlib import Path

from publishing import duckdb, written

from plaintrack.store.portfolio import published

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from portfolio_folders import Repository, Size


def test_generated_folders_are_sound_and_agree_with_themselves(tmp_path):
    size = Size(items=40, changes=8, years=2)
    for edits, name in ((0, "a"), (0, "b"), (5, "c")):
        Repository(3, size, edits).write(str(tmp_path / name))
    assert written(tmp_path / "a") == written(tmp_path / "b")
    for name in "ac":
        folder = tmp_path / name
        found = published.read(str(folder))
        found.verify()
        rows = [
            row for file in found.files("changes") for batch in found.rows(file) for row in batch
        ]
        assert len(rows) >= 40 * 8
        latest: dict[str, dict] = {}
        for row in sorted(rows, key=lambda row: row[7]):
            latest.setdefault(row[6], {})[row[8]] = json.loads(row[9])
        asked = f"SELECT id_fold, data FROM '{folder}/items.parquet'"
        for item, data in duckdb.connect().execute(asked).fetchall():
            assert {**latest[item], "+": 1} == {**json.loads(data), "+": 1}
    before, after = (written(tmp_path / name) for name in "ac")
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"changes/2026.parquet", "items.parquet", "manifest.json"}
