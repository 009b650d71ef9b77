"""`portfolio load`, `mirror`, `status`, `forget` with real git and a real PostgreSQL."""

import json
import os
import shutil
import time
from datetime import UTC, datetime

import publishing
import pytest
from conftest import _repository

ITEM = "---\nid: {0}\ntitle: {1}\nstatus: {2}\n{3}---\n{4}\n"


@pytest.fixture
def shop(empty):
    """A workspace of two items, published in ``../published/shop`` by `published`."""
    write(empty, "plaintrack.yml", "folders: [tasks]\npublish: {name: shop}\n")
    write(
        empty, "tasks/PT-1.md", ITEM.format("PT-1", "One", "todo", "depends_on: [PT-2]\n", "Body")
    )
    write(empty, "tasks/PT-2.md", ITEM.format("PT-2", "Two", "todo", "", ""))
    commit(empty)
    return empty


def write(shell, path, text):
    target = shell.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def commit(shell, *, amend=False):
    shell.git("add", "-A")
    shell.git("commit", "-qm", "x", *(["--amend"] if amend else []))


def publish(shell, where):
    """Publish in this process, which has the libraries loaded."""
    from plaintrack.app.reporting.publish import publish
    from plaintrack.app.snapshot.workspace import Workspace

    publish(Workspace(str(shell.folder)), str(shell.folder.parent / where))


def load(shell, database, *sources):
    """What became of each source."""
    from plaintrack.app.reporting import portfolio

    done = portfolio.load(database, [str(shell.folder.parent / each) for each in sources])
    return [each[1:6] for each in done]


def rows(database, sql):
    import psycopg

    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def test_from_a_commit_to_rows(shop, database):
    """What each repository publishes is loaded as far as it differs; a force-push, and what is half uploaded."""
    publish(shop, "published/shop")
    assert load(shop, database, "published") == [("shop", "new", 2, 0, 9)]
    assert load(shop, database, "published/shop") == [("shop", "same", 0, 0, 0)]
    told = "SELECT id, blocked, blocking, blob FROM plaintrack.item_whole ORDER BY id"
    assert [row[:3] for row in rows(database, told)] == [("PT-1", 1, 0), ("PT-2", 0, 1)]
    assert rows(database, told)[0][3] == shop.git("rev-parse", "HEAD:tasks/PT-1.md").strip()
    write(shop, "tasks/PT-2.md", ITEM.format("PT-2", "Two", "done", "", ""))
    commit(shop)
    publish(shop, "published/shop")
    assert load(shop, database, "published") == [
        ("shop", "changed", 2, 0, 1)
    ]  # one is not blocked any more
    write(shop, "tasks/PT-2.md", ITEM.format("PT-2", "Second", "todo", "", ""))
    commit(shop, amend=True)
    publish(shop, "published/shop")
    assert load(shop, database, "published") == [("shop", "changed", 2, 0, 1)]
    line = rows(database, "SELECT field, new FROM plaintrack.change WHERE position = 1")
    assert line == [("title", '"Second"')]
    shutil.rmtree(shop.folder.parent / "published/shop/changes")
    assert load(shop, database, "published") == [
        ("shop", "same", 0, 0, 0)
    ]  # nothing of it is needed
    write(shop, "tasks/PT-3.md", ITEM.format("PT-3", "Three", "todo", "", ""))
    commit(shop)
    publish(shop, "published/shop")
    manifest = shop.folder.parent / "published/shop/manifest.json"
    whole = manifest.read_bytes()
    manifest.unlink()  # it is copied last
    before = rows(database, told)
    publishing.publish(
        shop.folder.parent / "published/other", repository={"name": "other", "roots": []}
    )
    out = shop("portfolio", "load", database, "../published", code=1)
    assert out.splitlines()[0].startswith("new      other: 1 item, 0 changes  (")
    assert "failed   " in out.splitlines()[1]
    assert "has no manifest.json" in out
    assert rows(database, told)[:2] == before
    assert "1 × since 0 min" in shop("portfolio", "status", database, code=1, PLAINTRACK_NOW="")
    manifest.write_bytes(whole)
    assert load(shop, database, "published") == [
        ("other", "same", 0, 0, 0),
        ("shop", "changed", 1, 0, 4),
    ]
    out = shop("portfolio", "status", database, PLAINTRACK_NOW="")
    assert "2 repositories, 4 items" in out
    shop("portfolio", "forget", database, "other")
    assert "no repository 'other'" in (
        shop("portfolio", "forget", database, "other", code=1) or shop.err
    )
    assert rows(database, "SELECT DISTINCT repository FROM plaintrack.item") == [("shop",)]


def test_whose_it_is_and_how_old(shop, database):
    publish(shop, "a")
    shutil.copytree(shop.folder.parent / "a", shop.folder.parent / "b")
    assert load(shop, database, "a", "b")[1] == ("shop", "failed", 0, 0, 0)
    asked = ("portfolio", "status", database, "--format", "json")
    states = {
        each["source"][-2:]: each["state"]
        for each in json.loads(shop(*asked, code=1, PLAINTRACK_NOW=""))["repositories"]
    }
    assert states == {"/a": "fresh", "/b": "failed"}
    shop("portfolio", "load", database, "../b", "--moved")
    assert json.loads(shop(*asked, PLAINTRACK_NOW=""))["repositories"][0]["source"].endswith("/b")
    later = "2030-01-01T00:00:00+00:00"
    assert "stale" in shop("portfolio", "status", database, code=1, PLAINTRACK_NOW=later)
    shop("portfolio", "status", database, "--stale", "9000d", PLAINTRACK_NOW=later)
    publishing.publish(shop.folder.parent / "old", schema=0)
    publishing.publish(shop.folder.parent / "new", schema=99)
    out = shop("portfolio", "load", database, "../old", "../new", "../b", code=1)
    assert [line.split()[0] for line in out.splitlines()] == ["failed", "failed", "same"]
    assert "schema has version 99" in out
    shop("portfolio", "load", database, "../b", "--rebuild")
    assert len(rows(database, "SELECT FROM plaintrack.item")) == 2
    assert rows(database, "SELECT FROM plaintrack.failure") == []
    assert "nothing is published in ../nope" in (
        shop("portfolio", "load", database, "../nope", code=2) or shop.err
    )


def test_a_mirror(shop, database, tmp_path):
    """Of a repository whose CI does not publish only the items are fetched; it is loaded as if it published."""
    write(shop, "src/big.py", "x = 1\n")
    write(shop, "README.md", "Read me\n")
    write(shop, ".gitattributes", "*.md filter=evil\n")
    commit(shop)
    for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        shop.git("config", key, "true")
    url = f"file://{shop.folder}"
    (tmp_path / "template/hooks").mkdir(parents=True)
    hook = tmp_path / "template/hooks/reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    about = {
        "GIT_TEMPLATE_DIR": str(tmp_path / "template"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_CONFIG_VALUE_0": str(hook.parent),
    }
    assert shop("portfolio", "mirror", "../mirrors", url, **about).startswith(f"new      {url}  ")
    assert not (tmp_path / "ran").exists()
    mirror = tmp_path / "mirrors/empty.git"
    listed = shop.git("-C", str(mirror), "cat-file", "--batch-all-objects", "--batch-check")
    blobs = {line.split()[0] for line in listed.splitlines() if " blob " in line}
    wanted = {
        shop.git("rev-parse", f"HEAD:{path}").strip()
        for path in ("plaintrack.yml", "tasks/PT-1.md", "tasks/PT-2.md")
    }
    assert blobs == wanted
    assert load(shop, database, "mirrors") == [("shop", "new", 2, 0, 9)]
    assert "shop/PT-1" in shop("list", "--portfolio", "../mirrors")
    assert rows(database, "SELECT source FROM plaintrack.repository") == [(url,)]
    publish(shop, "published")
    ours, theirs = (
        json.loads((tmp_path / path / "manifest.json").read_text())
        for path in ("published", "mirrors/empty.git/plaintrack/published")
    )
    assert ours == theirs
    write(shop, "tasks/PT-2.md", ITEM.format("PT-2", "Forced", "todo", "", ""))
    commit(shop, amend=True)
    shop.git("branch", "-m", "trunk")
    assert shop("portfolio", "mirror", "../mirrors").startswith(f"changed  {url}")
    assert load(shop, database, "mirrors")[0][:3] == ("shop", "changed", 1)
    assert shop("portfolio", "mirror", "../mirrors").startswith(f"same     {url}")


def test_what_is_not_mirrored(shop, tmp_path):
    (tmp_path / "bare").mkdir()
    bare = _repository(tmp_path / "bare")
    write(bare, "x", "x")
    commit(bare)
    write(shop, "a/plaintrack.yml", "")
    write(shop, "b/plaintrack.yml", "")
    (shop.folder / "plaintrack.yml").unlink()
    commit(shop)
    urls = [
        "https://ana:secret@127.0.0.1:1/x",
        "https://ana@127.0.0.1:1/x",
        "ext::sh -c 'touch ran'",
        "/nope",
        "--upload-pack=x",
        "../bare",
        ".",
    ]
    out = shop("portfolio", "mirror", "../mirrors", "--", *urls, code=1)
    assert "secret" not in out
    assert not (shop.folder / "ran").exists()
    told = [
        "the address of https://127.0.0.1:1/x has a password", "https://127.0.0.1:1/x was not fetched: ", "transport 'ext' not allowed", "/nope was not fetched: ",
        "--upload-pack=x was not fetched: ", "bare has no workspace", "has 2 workspaces (a/plaintrack.yml, b/plaintrack.yml)",
    ]  # fmt: skip
    for line, said in zip(out.splitlines(), told, strict=True):
        assert line.startswith("failed ")
        assert said in line
    assert list((tmp_path / "mirrors").iterdir()) == []  # nothing that fails each time


def test_who_reads_folders_means_those_that_are_loaded(shop, database):
    """Also below other folders; one without a manifest is told by both, not passed over."""
    publish(shop, "published/team/shop")
    half = shop.folder.parent / "published/half"
    (half / "changes").mkdir(parents=True)
    (half / "changes/2026.parquet").touch()
    from plaintrack.app.reporting import portfolio

    done = list(portfolio.load(database, [str(half.parent)]))
    assert [(each.what, each.source) for each in done] == [
        ("failed", str(half)),
        ("new", str(half.parent / "team/shop")),
    ]
    for place in ("../published", database):
        assert "shop/PT-1" in shop("list", "--portfolio", place)
    shop("stats", "--portfolio", "../published")
    assert "../published/half is left out: ../published/half has no manifest.json" in shop.err


def aged(manifest, seconds):
    """Give a manifest the time stamp of so long ago; returns that moment."""
    then = int(time.time()) - seconds
    os.utime(manifest, (then, then))
    return then


def test_a_load_makes_no_repository_younger(shop, database, tmp_path):
    """Ages are those of the publishers: folders, PostgreSQL and `portfolio status` agree on them."""
    from plaintrack.app.reporting import portfolio

    publish(shop, "work/shop")
    publishing.publish(tmp_path / "work/quiet", repository={"name": "quiet", "roots": []})
    other = tmp_path / "other"
    shutil.copytree(shop.folder, other)
    (other / "plaintrack.yml").write_text("folders: [tasks]\npublish: {name: mirrored}\n")
    shop.git("-C", str(other), "commit", "-qam", "x")
    assert [each.what for each in portfolio.mirror(str(tmp_path / "work"), [str(other)])] == ["new"]
    stamps = {
        "shop": aged(tmp_path / "work/shop/manifest.json", 60),
        "quiet": aged(tmp_path / "work/quiet/manifest.json", 10 * 86_400),
        "mirrored": aged(tmp_path / "work/other.git/plaintrack/published/manifest.json", 864_000),
    }
    status = ("portfolio", "status", database, "--format", "json")

    def agree(stale):
        assert {each[1] for each in load(shop, database, "work")} == {"same"}
        answers = [
            json.loads(shop("list", "--portfolio", place, "--format", "json", PLAINTRACK_NOW=""))[
                "repositories"
            ]
            for place in ("../work", database)
        ]
        assert answers[0] == answers[1]
        listed = json.loads(shop(*status, code=1 if stale else 0, PLAINTRACK_NOW=""))[
            "repositories"
        ]
        told = [{each["name"]: (each["seen"], each["stale"]) for each in some} for some in answers]
        assert told[0] == {
            each["repository"]: (each["seen"], each["state"] == "stale") for each in listed
        }
        assert told[0] == {
            name: (datetime.fromtimestamp(at, UTC).isoformat(), name in stale)
            for name, at in stamps.items()
        }

    assert {each[1] for each in load(shop, database, "work")} == {"new"}
    agree({"quiet", "mirrored"})
    shutil.move(other, tmp_path / "gone")
    assert [each.what for each in portfolio.mirror(str(tmp_path / "work"), [])] == ["failed"]
    agree({"quiet", "mirrored"})
    shutil.move(tmp_path / "gone", other)
    assert [each.what for each in portfolio.mirror(str(tmp_path / "work"), [])] == ["same"]
    found = os.stat(tmp_path / "work/other.git/plaintrack/published/manifest.json").st_mtime
    assert found > time.time() - 600
    stamps["mirrored"] = int(found)
    agree({"quiet"})
    stamps["quiet"] = aged(tmp_path / "work/quiet/manifest.json", 0)
    agree(set())


def test_an_empty_name_is_not_the_repository_itself(shop):
    for command in ("list", "board", "stats", "goals", "plan", "workload", "check"):
        shop(command, "--portfolio", "", code=2)


@pytest.fixture
def guest(server):
    """A role that owns nothing."""
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(77)")  # roles are those of the whole server
        connection.execute("CREATE ROLE guest LOGIN")
        yield "guest"
        connection.execute("DROP OWNED BY guest; DROP ROLE guest")


@pytest.mark.parametrize("loaded", [False, True], ids=["empty", "loaded"])
@pytest.mark.parametrize("command", ["load", "rebuild", "forget"])
def test_who_may_not_write_is_told_so(database, guest, tmp_path, command, loaded):
    from plaintrack.app.reporting import portfolio
    from plaintrack.store.portfolio.database import ServerRefused

    publishing.publish(tmp_path / "billing")
    if loaded:
        assert [each.what for each in portfolio.load(database, [str(tmp_path)])] == ["new"]
    theirs = database.replace("plaintrack@", f"{guest}@")
    ask = {
        "load": lambda: list(portfolio.load(theirs, [str(tmp_path)])),
        "rebuild": lambda: list(portfolio.load(theirs, [str(tmp_path)], rebuild=True)),
        "forget": lambda: portfolio.forget(theirs, "billing"),
    }
    with pytest.raises(ServerRefused) as found:
        ask[command]()
    assert found.value.message.startswith("this role may not do that in ")
    assert found.value.hint.startswith("use the role that made the tables")
