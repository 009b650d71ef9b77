"""What is published, made by hand: rows of each table, and folders in which something is wrong."""

import json
import os

import pytest

from plaintrack.store.portfolio import published, shape

duckdb = pytest.importorskip("duckdb")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ABOUT = {
    "plaintrack": "1.0",
    "schema": shape.VERSION,
    "repository": {"name": "billing", "roots": [COMMIT]},
    "tip": COMMIT,
    "tip_time": 1_700_000_000,
    "day": "2026-11-28",
    "private": False,
    "settings": {},
    "workflows": [[0, 1_700_000_000, {"todo": "open"}]],
    "line": {"first": 1, "last": 2, "commits": 2},
    "people": {},
    "equipment": {},
    "said": {},
}
EMPTY = {"text": "", "integer": 0, "values": []}


def row(columns, **given):
    """A row of a table, empty but for what is given."""
    known = {each.name: None if each.empty else EMPTY[each.kind] for each in columns}
    assert given.keys() <= known.keys(), given
    return tuple({**known, **given}.values())


def item(path, **given):
    return row(
        shape.ITEM,
        **{"path": path, "id": path, "category": "open", "data": "{}", "blob": COMMIT, **given},
    )


def change(position, reached, **given):
    told = {"commit": COMMIT, "reached": reached, "landed": reached, "field": "title", "new": '"x"'}
    return row(shape.CHANGE, position=position, **{**told, **given})


def publish(folder, tables=None, **about):
    """Publish these rows, or one item; a part of the manifest may be another one."""
    tables = {"items.parquet": [item("a.md")]} if tables is None else tables
    return published.write(str(folder), {**ABOUT, **about}, tables)


def written(folder):
    """Path → bytes of each file in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def altered(folder, change):
    """Let ``change`` alter the manifest, which is a dict."""
    path = os.path.join(folder, "manifest.json")
    with open(path) as handle:
        found = json.load(handle)
    change(found)
    with open(path, "w") as handle:
        json.dump(found, handle)


def replaced(folder, name, data, rows=1):
    """Put other bytes in place of a file, with a manifest that vouches for them."""
    from hashlib import sha256

    with open(os.path.join(folder, name), "wb") as handle:
        handle.write(data)
    told = {"rows": rows, "bytes": len(data), "sha256": sha256(data).hexdigest()}
    altered(folder, lambda found: found["files"].update({name: told}))
