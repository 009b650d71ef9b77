"""Publications of hostile or broken publishers: each is refused, in words, before a row is believed."""

import json
import os
import shutil

import publishing
import pytest
from publishing import COMMIT, change, duckdb, item, row
from soak import each

from plaintrack.store.portfolio import published, shape


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A publication with which nothing is wrong."""
    folder = tmp_path_factory.mktemp("sound") / "out"
    tables = {
        "items.parquet": [item("a.md"), item("b.md")],
        "changes/2026.parquet": [change(0, 1_790_000_000), change(1, 1_790_000_000)],
        "time/2026.parquet": [row(shape.TIME, item="a", day=739_700, seconds=60)],
    }
    publishing.publish(folder, tables)
    published.read(str(folder)).verify()
    return folder


@pytest.fixture
def folder(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "out")


def refused(folder, kind):
    """What is said of a publication, after it was refused for this reason."""
    with pytest.raises(kind) as said:
        published.read(str(folder)).verify()
    assert type(said.value) is kind
    assert len(said.value.message) < 500
    return said.value.message


def put(*keys):
    """What puts the last one where the others lead."""

    def alter(found):
        for key in keys[:-2]:
            found = found[key]
        found[keys[-2]] = keys[-1]

    return alter


FILE = ("files", "items.parquet")
MANIFESTS = [
    *((name,) for name in publishing.ABOUT if name not in ("schema", "plaintrack")),
    ("files",),
    ("repository", "name"),
    ("repository", "roots"),
    ("line", "commits"),
    *((*FILE, name) for name in ("rows", "bytes", "sha256")),
]
FIT = {
    "{'a': {}}": ["settings"],
    "True": ["private"],
    "[]": ["workflows", "roots"],
    "-1": ["tip_time"],
}
"""Where what looks odd is right."""
ODD = [None, 1.5, "..", [], [[]], {"a": {}}, True, -1, 10**400]


def test_each_part_of_a_manifest_is_of_its_kind(folder):
    """Whatever stands in a place, the manifest is read or refused; nothing else comes of it."""
    text = (folder / "manifest.json").read_text()
    for keys in MANIFESTS:
        for odd in ODD:
            found = json.loads(text)
            put(*keys, odd)(found)
            (folder / "manifest.json").write_text(json.dumps(found))
            try:
                published.read(str(folder))
            except published.NotReadable:
                continue
            assert keys[-1] in FIT.get(str(odd), ()), (keys, odd)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is nested too deep"),
        ("[]", "it is not an object"),
        ("{}", "it is not one of plaintrack"),
        ('{"schema": true, "plaintrack": "1"}', "it is not one of plaintrack"),
        ('{"schema": 1, "plaintrack": "1"}', "a part of it is missing, or of another kind"),
        (b"\xff\xfe", "it is not JSON"),
    ],
)  # fmt: skip
def test_what_is_not_a_manifest(folder, text, said):
    (folder / "manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert said in refused(folder, published.BadManifest)


def test_a_gigantic_manifest_is_not_read(folder):
    with (folder / "manifest.json").open("a") as handle:
        handle.truncate(1 << 40)
    assert "more bytes" in refused(folder, published.TooMuchPublished)


def test_too_many_files(folder):
    many = {f"time/{year:04}.parquet": {} for year in range(10_000)} | {"changes/0001.parquet": {}}
    publishing.altered(folder, lambda found: found["files"].update(many))
    assert "10,003 files" in refused(folder, published.TooMuchPublished)


STRAYS = [
    "../items.parquet", "/etc/passwd", "changes/../../x.parquet", "changes/20266.parquet",
    "changes\\2026.parquet", "items.parquet\n", "changes/٢٠٢٦.parquet", "CON", "manifest.json", "",
]  # fmt: skip


def test_names_that_lead_elsewhere(folder):
    for name in STRAYS:
        told = published.read(str(folder)).told["files"][FILE[1]]
        publishing.altered(
            folder, lambda found, name=name, told=told: found["files"].update({name: told})
        )
        refused(folder, published.StrayName)
        publishing.altered(folder, lambda found, name=name: found["files"].pop(name))


def test_links_pipes_and_folders_are_not_followed(folder, tmp_path):
    target = folder / "items.parquet"
    shutil.move(target, tmp_path / "elsewhere")
    assert "it is not there" in refused(folder, published.Unfinished)
    target.symlink_to(tmp_path / "elsewhere")
    assert "a symbolic link" in refused(folder, published.NotAPublishedFile)
    target.unlink()
    os.mkfifo(target)
    assert "a pipe or device" in refused(folder, published.NotAPublishedFile)
    target.unlink()
    target.mkdir()
    assert "a folder" in refused(folder, published.NotAPublishedFile)
    target.rmdir()
    shutil.move(tmp_path / "elsewhere", target)
    shutil.move(folder / "changes", tmp_path / "changes")
    (folder / "changes").symlink_to(tmp_path / "changes")
    assert "a symbolic link" in refused(folder, published.NotAPublishedFile)
    shutil.move(folder / "manifest.json", tmp_path / "manifest.json")
    (folder / "manifest.json").symlink_to(tmp_path / "manifest.json")
    refused(folder, published.NotAPublishedFile)
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")
    refused(folder, published.NotAPublishedFile)


def test_a_folder_that_is_half_uploaded(folder):
    """Every file of the next publication that comes before the manifest is seen."""
    former = {name: (folder / name).read_bytes() for name in ("items.parquet", "manifest.json")}
    publishing.publish(folder, {"items.parquet": [item("c.md")]}, day="2026-11-29")
    later = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(former["manifest.json"])
    with pytest.raises(published.Unfinished, match="not what manifest"):
        list(published.read(str(folder)).items())
    (folder / "manifest.json").write_bytes(later)
    (folder / "items.parquet").write_bytes(former["items.parquet"])
    refused(folder, published.Unfinished)
    (folder / "manifest.json").unlink()
    refused(folder, published.NothingPublished)


def test_other_bytes_of_the_same_size(folder):
    data = bytearray((folder / "items.parquet").read_bytes())
    data[100] ^= 1
    (folder / "items.parquet").write_bytes(data)
    assert "SHA-256" in refused(folder, published.Unfinished)


def test_a_file_that_is_replaced_while_it_is_read(folder):
    found = published.read(str(folder))
    batches = found.items()
    assert len(next(batches)) == 2
    os.utime(folder / "items.parquet", ns=(1, 1))
    with pytest.raises(published.Unfinished, match="changed while it was read"):
        list(batches)


# What a manifest vouches for


def parquet(folder, sql, rows, name="items.parquet"):
    """Put what DuckDB selects in place of a file, with a manifest that vouches for it."""
    path = folder / "made"
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    publishing.replaced(folder, name, path.read_bytes(), rows)


def test_a_million_columns(folder):
    """Of a file with as many columns as its footer may hold, not even their names are read."""
    many = ", ".join(f"1 AS c{number}" for number in range(300))
    parquet(folder, f"SELECT {many}", 1)
    assert "300 instead of" in refused(folder, published.WrongColumns)
    size = 40 << 20
    publishing.replaced(
        folder, "items.parquet", b"PAR1" + bytes(size) + size.to_bytes(4, "little") + b"PAR1"
    )
    assert "a footer of" in refused(folder, published.TooMuchPublished)


NO_PARQUET = [
    b"", b"PAR1", b"PAR1PAR1", b"not parquet at all", b"PAR1" + bytes(100) + b"\xff\xff\xff\xffPAR1",
    b"PAR1" + b"\x15" * 64 + b"\x40\0\0\0PAR1",
]  # fmt: skip


def test_what_is_not_parquet(folder):
    for data in NO_PARQUET:
        publishing.replaced(folder, "items.parquet", data)
        with pytest.raises(published.NotParquet):
            published.read(str(folder)).sound("items.parquet")


def test_columns_of_other_kinds(folder):
    kinds = {"text": "''::VARCHAR", "integer": "1::BIGINT"}
    cells = [f'{kinds[one.kind]} AS "{one.name}"' for one in shape.PLAN]
    for number, (other, said) in enumerate(
        [("1.5 AS item", "'item' (DECIMAL(2,1))"), ("'x' AS items", "'items' (VARCHAR)"), ("", "12 instead of 13")]
    ):  # fmt: skip
        some = ", ".join([*([other] if other else []), *cells[1:]])
        parquet(folder, f"SELECT {some}", 1, "plan.parquet")
        assert said in refused(folder, published.WrongColumns), number


def test_rows_are_counted_before_they_are_read(folder):
    """A dictionary makes many rows out of a few bytes."""
    kinds = {"text": "''::VARCHAR", "integer": "1::BIGINT"}
    cells = ", ".join(f'{kinds[one.kind]} AS "{one.name}"' for one in shape.PLAN)
    parquet(folder, f"SELECT {cells} FROM range(300000)", 1, "plan.parquet")
    assert "has 300,000 rows" in refused(folder, published.WrongCount)


def test_texts_that_are_told_again_and_again(folder, monkeypatch):
    monkeypatch.setattr(published.sound, "LONGEST", 1000)
    monkeypatch.setattr(published.sound, "LARGEST", 100_000)
    publishing.publish(folder, {"items.parquet": [item("a.md", title="x" * 1001)]})
    assert "a text of 1,001 bytes" in refused(folder, published.TooMuchPublished)
    many = [item(f"{number}.md", title="x" * 1000) for number in range(120)]
    publishing.publish(folder, {"items.parquet": many})
    assert "texts of " in refused(folder, published.TooMuchPublished)


LONG = "repeat('[', 300000) || repeat(']', 300000)"
ITEMS = [
    ("title", "NULL::VARCHAR", "title is NULL"),
    ("title", "'a' || chr(0)", "title has a NUL"),
    ("estimate", "'nan'::DOUBLE", "estimate is not a number"),
    ("due_at", "'-inf'::DOUBLE", "due_at is not a number"),
    ("due_at", "1e300::DOUBLE", "due_at is not a number"),
    ("archived", "1099511627776", "archived is out of bounds"),
    ("due_day", "0::BIGINT", "due_day is out of bounds"),
    ("due_day", "4000000::BIGINT", "due_day is out of bounds"),
    ("category", "'?'", "category is not one"),
    ("blob", f"'{COMMIT[1:]}'", "blob is not one"),
    ("path", "'../x.md'", "path is not one"),
    ("path", "'/x.md'", "path is not one"),
    ("path", "''", "path is not one"),
    ("path", "'b.md'", "two rows are one"),
    *(
        ("data", data, "data is not JSON of texts and lists of texts")
        for data in (
            *("''", "'x'", "'[]'", "'1'", """'{"a": 1}'""", """'{"a": {"b": "c"}}'"""),
            *("""'{"a": [["b"]]}'""", """'{"a": null}'""", f"""'{{"a":' || {LONG} || '}}'"""),
        )
    ),
    ("values", "[{'field': 'f', 'key': 'k', 'number': 'nan'::DOUBLE, 'natural': 'k'}]", "number is not a number"),
    ("values", "[{'field': 'f', 'key': NULL::VARCHAR, 'number': 1e0, 'natural': 'k'}]", "key is NULL"),
    ("values", "[{'field': 'f', 'key': chr(0), 'number': 1e0, 'natural': 'k'}]", "key has a NUL"),
    ("values", "[NULL]", "one of values is NULL"),
    ("values", "NULL", "values is NULL"),
]  # fmt: skip
CHANGES = [
    ("new", "'{}'", "new is not JSON of texts"),
    ("new", "'2'", "new is not JSON of texts"),
    ("new", LONG, "new is not JSON of texts"),
    ("commit", "'HEAD'", "commit is not one"),
    ("position", "-1::BIGINT", "position is out of bounds"),
    ("reached", "1125899906842624", "reached is out of bounds"),
    ("reached", "1700000000::BIGINT", "reached is of another year"),
    ("position", "1::BIGINT", "two rows are one"),
]
TIMES = [
    ("day", "800000::BIGINT", "day is of another year"),
    ("seconds", "-1::BIGINT", "seconds is out of bounds"),
]
CASES = [
    *(("items.parquet", "path = 'a.md'", *each) for each in ITEMS),
    *(("changes/2026.parquet", "position = 0", *each) for each in CHANGES),
    *(("time/2026.parquet", "true", *each) for each in TIMES),
]


@pytest.mark.parametrize("case", each(CASES, 8))
def test_rows_that_are_none(folder, case):
    name, which, column, value, said = case
    path, rows = folder / name, published.read(str(folder)).manifest.files[name].rows
    cell = f'CASE WHEN {which} THEN {value} ELSE "{column}" END AS "{column}"'
    parquet(folder, f"SELECT * REPLACE ({cell}) FROM '{path}'", rows, name)
    assert said in refused(folder, published.WrongValue)
