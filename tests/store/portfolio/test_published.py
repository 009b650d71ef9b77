"""What is published: rows come back as they were, and nothing that is wrong is believed."""

import json
import os
import threading
import time

import pytest
from publishing import ABOUT, change, item, row, written

from plaintrack.store.portfolio import parquet, published, shape

ODD = "ä\N{GRINNING FACE} 'x' \"y\" \\ \t\n{} ]"
"""A text that a careless way through JSON or SQL would spoil."""


def tables():
    """Some rows of each table."""
    values = [("tags", ODD, None, ODD), ("size", "3", 3.5, "3")]
    return {
        "items.parquet": [item("a.md", title=ODD, estimate=0.1, values=values), item("b.md")],
        "changes/2025.parquet": [change(0, 1_750_000_000), change(1, 1_760_000_000, new=None)],
        "changes/2026.parquet": [change(2, 1_790_000_000)],
        "time/2026.parquet": [row(shape.TIME, item="a", day=739_700, seconds=60)],
        "plan.parquet": [row(shape.PLAN, item="a", slack=-5)],
    }


@pytest.fixture
def folder(tmp_path):
    published.write(str(tmp_path / "out"), ABOUT, tables())
    return tmp_path / "out"


def test_rows_come_back_as_they_were(folder):
    found = published.read(str(folder))
    given = tables()
    assert [row for rows in found.items() for row in rows] == given["items.parquet"]
    changes = [*given["changes/2025.parquet"], *given["changes/2026.parquet"]]
    assert [
        row for name in found.files("changes") for rows in found.rows(name) for row in rows
    ] == changes
    for name in ("time/2026.parquet", "plan.parquet"):
        assert [row for rows in found.rows(name) for row in rows] == given[name]
    assert found.manifest.name == "billing"
    assert found.manifest.workflows == ((0, 1_700_000_000, {"todo": "open"}),)


def test_only_what_differs_is_written(folder):
    before = written(folder)
    assert published.write(str(folder), ABOUT, tables()).written == ()
    given = tables()
    given["changes/2026.parquet"].append(change(3, 1_791_000_000))
    del given["plan.parquet"]
    done = published.write(str(folder), {**ABOUT, "day": "2026-11-29"}, given)
    after = written(folder)
    assert done.written == ("changes/2026.parquet",)
    assert done.removed == ("plan.parquet",)
    changed = {path for path, data in after.items() if before[path] != data}
    assert changed == {"changes/2026.parquet", "manifest.json"}
    published.read(str(folder)).verify()


def test_the_types_of_the_shape_are_those_that_are_written(folder):
    for name in tables():
        columns = published.columns_of(name)
        with parquet.Opened(str(folder / name)) as file:
            assert file.columns() == parquet.kinds(columns)
            assert file.count() == len(tables()[name])


def test_the_manifest_is_plain(folder):
    told = json.loads((folder / "manifest.json").read_text())
    assert told["files"]["items.parquet"]["rows"] == 2


def test_two_publishers_at_once_leave_one_of_the_two(folder, monkeypatch):
    """Neither mixes its files with those of the other."""
    manifest = published._manifest
    slowly = lambda *words: (time.sleep(0.05), manifest(*words))[1]  # noqa: E731
    monkeypatch.setattr(published, "_manifest", slowly)

    def publish(number):
        given = {**tables(), "items.parquet": [item(f"{number}.md")]}
        published.write(str(folder), {**ABOUT, "tip_time": number}, given)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = published.read(str(folder))
    ((path, *_),) = [row for rows in found.items() for row in rows]
    assert path == f"{found.manifest.tip_time}.md"


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_publisher_that_is_killed_leaves_what_readers_refuse_or_the_whole(
    folder, monkeypatch, after
):
    before, replace, done = written(folder), os.replace, []

    def dies(old, new):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(replace(old, new))

    given = {
        **tables(),
        "items.parquet": [item("c.md")],
        "plan.parquet": [row(shape.PLAN, item="c")],
    }
    given["changes/2026.parquet"] = [change(3, 1_791_000_000)]
    monkeypatch.setattr(os, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        published.write(str(folder), ABOUT, given)
    monkeypatch.undo()
    if after == 0:
        assert written(folder) == before
    else:
        with pytest.raises(published.Unfinished):
            published.read(str(folder)).verify()
    published.write(str(folder), ABOUT, given)
    found = published.read(str(folder))
    found.verify()
    assert [row[0] for rows in found.items() for row in rows] == ["c.md"]
    assert set(written(folder)) == {*given, "manifest.json"}


@pytest.mark.parametrize("most", [100, 2000], ids=["the lines", "the Parquet file"])
def test_without_room_for_temporary_files_nothing_is_published(tmp_path, most):
    """A limit of the size of files stands for a full disk: both are refused by the system."""
    import resource

    published.write(str(tmp_path / "out"), ABOUT, {"items.parquet": [item("a.md")]})
    before = written(tmp_path / "out")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        with pytest.raises(published.CannotPublish) as found:
            published.write(str(tmp_path / "out"), ABOUT, {"items.parquet": [item("b.md")]})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "TMPDIR" in found.value.hint
    assert "\n" not in found.value.message
    assert isinstance(found.value.__cause__.__cause__, OSError) == (most == 100)
    assert written(tmp_path / "out") == before
