"""Live documents by the command line: what blocks show, how they are checked, and how they merge."""

import re
import subprocess
import sys

import pytest
from rights import bound

HOSTILE = [
    "a | b", "`code` ```fence", "<script>alert(1)</script>", "--> <!-- /plaintrack -->", "[x](javascript:y) ![i](http://e/x)", "@everyone #1", '"];evil["', "end : crit, 2026",
    "**bold** _it_", "\u202etxt.exe", "%%{init: {}}%%", "https://evil.example", "; click n0 callback", "section x",
]  # fmt: skip


@pytest.fixture
def place(empty):
    empty("init")
    empty("add", "First", "due=2026-11-20", "assignee=ana")
    first = empty("list", "--format", "ids").strip()
    empty(
        "add",
        "Second",
        f"depends_on={first}",
        "due=2026-12-01",
        "start=2026-11-24",
        "priority=high",
    )
    empty.first = first
    return empty


def write(place, *asked, name="README.md"):
    path = place.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "Above.\n\n"
        + "".join(f"<!-- plaintrack: {each} -->\nold\n<!-- /plaintrack -->\n\n" for each in asked)
        + "Below.\n"
    )
    return path


def test_each_kind(place):
    path = write(
        place,
        "list sort:due columns:id,title,due",
        "board",
        "count is:overdue",
        "progress",
        "stats by:priority",
        "graph",
        "gantt",
        "list group:assignee columns:title",
        name="docs/work.md",
    )
    assert place("render") == "rendered docs/work.md\n"
    text = path.read_text()
    item = next((place.folder / "tasks").glob("*first.md")).name
    assert f"| [{place.first}](../tasks/{item}) | First | 2026-11-20 |" in text
    assert "| todo (2) | in-progress (0) | review (0) | done (0) |" in text
    assert "\n**1**\n" in text
    assert "0 of 2 (0 %)" in text
    assert "| high | 1 |\n| (none) | 1 |" in text
    assert re.search(
        r'n0\["PT-\w+ First"\]:::late\n  n1\["PT-\w+ Second"\]:::open\n  n0 --> n1', text
    )
    assert "Second :2026-11-24, 2026-12-01" in text
    assert "**ana**" in text
    assert text.startswith("Above.\n\n<!-- plaintrack: list")
    assert text.endswith("Below.\n")
    assert place("render") == ""
    place("set", place.first, "status=done")
    assert "docs/work.md is out of date" in place("render", "--check", code=1)
    before = path.read_bytes()
    assert "-`░" in place("render", "--dry-run")
    assert path.read_bytes() == before
    place("render")
    assert "1 of 2 (50 %)" in path.read_text()
    place("undo")
    assert path.read_bytes() == before


def test_another_day(place):
    path = write(place, "count is:overdue")
    place("render", "--today", "2026-12-05")
    assert "**2**" in path.read_text()
    place("render", "--check", "--today", "2026-12-05")
    place("render", "--check", code=1)


def test_titles_are_shown_and_break_nothing(place):
    kinds = ("list", "board", "graph", "gantt", "tree", "list group:title")
    path = write(place, *kinds)
    for title in HOSTILE:
        place("add", title, "due=2026-12-01", f"depends_on={place.first}", f"parent={place.first}")
    place("render")
    text = path.read_text()
    assert place("render", "--check") == ""
    assert (
        len(re.findall("(?m)^<!-- /plaintrack -->$", text))
        == len(re.findall("(?m)^<!-- plaintrack:", text))
        == len(kinds)
    )
    assert "<script>" not in re.sub(r"```text.*?```", "", text, flags=re.S)
    assert text.count("```") == 2 * 3
    assert "\u202e" not in text
    assert "https://evil" not in re.sub(r"```.*?```", "", text, flags=re.S)
    table = text[text.index("| Id |") : text.index("<!-- /plaintrack -->")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().splitlines()} == {8}
    assert len(table.strip().splitlines()) == 2 + 2 + len(HOSTILE)
    for line in re.search(r"flowchart LR\n(.*?)  classDef", text, re.S)[1].splitlines():
        assert re.fullmatch(r'  n\d+\["[^"<>`]*"\]:::\w+|  n\d+ --> n\d+', line), line
    for line in re.search(r"dateFormat YYYY-MM-DD\n(.*?)```", text, re.S)[1].splitlines():
        assert re.fullmatch(
            r"  inclusiveEndDates|  axisFormat %m-%d|  section [^:]+|    [^:]+ :(crit, |active, |done, )?[\d-]+, [\d-]+",
            line,
        ), line


def test_an_error_below_a_block_that_grew_has_its_place_in_the_file_as_it_is_now(place):
    readme = place.folder / "README.md"
    readme.write_text(
        "<!-- plaintrack: list -->\nold\nold\n<!-- /plaintrack -->\n\n<!-- plaintrack: lst -->\n<!-- /plaintrack -->\n"
    )
    place("render", "--check", code=1)
    assert "README.md:6:18: unknown block 'lst'" in place.err
    place("render", code=1)
    line = readme.read_text().splitlines().index("<!-- plaintrack: lst -->") + 1
    assert line != 6
    assert f"README.md:{line}:18: unknown block 'lst'" in place.err


def test_errors_have_a_place_and_the_others_go_on(place):
    path = write(place, "lst", "count", "list stauts:todo")
    assert place("render", code=1) == "rendered README.md\n"
    assert "README.md:3:18: unknown block 'lst' (did you mean 'list'?)" in place.err
    assert "unknown field 'stauts' (did you mean status?" in place.err
    assert path.read_text().count("old") == 2
    assert "\n**2**\n" in path.read_text()
    place("render", "../elsewhere.md", code=2)
    place("render", "nowhere.md", code=2)


def test_bytes_outside_stay(place):
    path = place.folder / "README.md"
    head, tail = (
        b"\xef\xbb\xbfTitle\r\n<!-- plaintrack: count -->\r\n",
        b"<!-- /plaintrack -->\r\nCaf\xe9 \x00 no end",
    )
    path.write_bytes(head + tail)
    place("render")
    assert path.read_bytes() == head + b"\r\n**2**\r\n\r\n" + tail


def test_a_block_in_an_item(place):
    path = next((place.folder / "tasks").glob("*first.md"))
    path.write_text(path.read_text() + "\n<!-- plaintrack: count -->\n<!-- /plaintrack -->\n")
    place("render")
    place("set", place.first, "priority=low")
    assert "**2**" in path.read_text()
    assert "priority: low" in path.read_text()
    assert place("render", "--check") == ""


def test_without_git(tmp_path, empty):
    empty.folder = tmp_path / "plain"
    empty.folder.mkdir()
    empty("init")
    empty("add", "One")
    write(empty, "count")
    write(empty, "count", name="node_modules/x.md")
    write(empty, "count", name="tasks/README.md")
    item = next((empty.folder / "tasks").glob("PT-*.md"))
    item.write_text(item.read_text() + "<!-- plaintrack: count -->\n<!-- /plaintrack -->\n")
    assert (
        empty("render")
        == f"rendered README.md\nrendered tasks/{item.name}\nrendered tasks/README.md\n"
    )


def test_the_index_is_made_once_and_is_no_item(place):
    assert place("init", "--live") == "created tasks/README.md\n"
    text = (place.folder / "tasks/README.md").read_text()
    assert "](PT-" in text
    place("init", "--live", code=1)
    assert (place.folder / "tasks/README.md").read_text() == text
    assert len(place("list", "--all", "--format", "ids").split()) == 2
    assert place("doctor") == ""


def test_generated_content_does_not_conflict(place):
    path = write(place, "count", "list")
    place("render")
    place("init", "--git")
    with (place.folder / ".gitattributes").open("a") as handle:
        handle.write("/README.md merge=plaintrack\n")
    place.git("add", "-A")
    place.git("commit", "-qm", "start")
    for branch, words, old, new in (
        ("side", "Theirs", "Below.", "Below, theirs."),
        ("main", "Ours", "Above.", "Above, ours."),
    ):
        place.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        place("add", words)
        path.write_text(path.read_text().replace(old, new))
        place("render")
        place.git("add", "-A")
        place.git("commit", "-qm", words)
    place.git("merge", "-q", "--no-edit", "side")
    text = path.read_text()
    assert text.startswith("Above, ours.")
    assert text.endswith("Below, theirs.\n")
    assert "<<<<" not in text
    place("render")
    assert "\n**4**\n" in path.read_text()


def test_lines_that_both_changed_conflict(place):
    path = write(place, "count")
    place("init", "--git")
    (place.folder / ".gitattributes").write_text("/README.md merge=plaintrack\n")
    place.git("add", "-A")
    place.git("commit", "-qm", "start")
    for branch in ("side", "main"):
        place.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        path.write_text(path.read_text().replace("Above.", f"Above on {branch}."))
        place.git("commit", "-qam", branch)
    place.git("merge", "side", check=False)
    assert path.read_text().startswith(
        "<<<<<<< ours\nAbove on main.\n=======\nAbove on side.\n>>>>>>> theirs\n"
    )
    assert "README.md" in place.git("ls-files", "-u")


def test_check_tells_errors_of_blocks_and_only_of_those_that_came(place):
    write(place, "list stauts:todo", "count is:overdue")
    write(place, "list columns:id,titel", name="tasks/README.md")
    item = next((place.folder / "tasks").glob("*first.md"))
    item.write_text(item.read_text() + "\n<!-- plaintrack: lst -->\n<!-- /plaintrack -->\n")
    found = [line for line in place("check", code=1).splitlines() if "PT005" in line]
    assert sorted(line.replace(" PT005 error: ", " ") for line in found) == sorted((
        "README.md:3:23: unknown field 'stauts'", "tasks/README.md:3:18: unknown field 'titel'", f"tasks/{item.name}:22:18: unknown block 'lst'",
    ))  # fmt: skip
    assert "::error file=README.md,title=PT005 live-block,line=3,col=23::" in place(
        "check", "--output", "github", code=1
    )
    place.git("add", "-A")
    place.git("commit", "-qm", "wrong")
    assert (
        place("check", "--staged") == place("check", "--since", "HEAD") == ""
    )  # what was wrong before is not brought
    path = write(place, "list stauts:todo", "gant", name="docs/new.md")
    assert "docs/new.md:7:18: PT005" in place("check", "--since", "HEAD", code=1)
    assert place("check", "--staged") == ""
    place.git("add", "-A")
    assert place("check", "--staged", code=1).count("PT005") == 2
    path.unlink()
    assert place("check", "--staged", code=1).count("PT005") == 2
    place.git("commit", "-qm", "more")
    assert place("check", "--since", "HEAD~1..HEAD", code=1).count("PT005") == 2
    (place.folder / "plaintrack.yml").write_text("checks: {live-block: warning}\n")
    assert "PT005 warning" in place("check", "README.md")


def test_an_index_among_the_items_is_not_taken_for_one(place):
    place("init", "--live")
    assert "front matter" not in place.err
    place("add", "Third")
    assert place("render") == "rendered tasks/README.md\n"
    assert place.err == ""


def test_a_block_in_a_list_stays_in_it(place):
    path = place.folder / "README.md"
    path.write_text("- so many:\n\n  <!-- plaintrack: count -->\n  <!-- /plaintrack -->\n- next\n")
    place("render")
    assert (
        path.read_text()
        == "- so many:\n\n  <!-- plaintrack: count -->\n\n  **2**\n\n  <!-- /plaintrack -->\n- next\n"
    )
    assert place("render") == ""


@pytest.mark.parametrize(("text", "said"), [
    ("<!-- plaintrack list -->\n<!-- /plaintrack -->\n", "this is not a marker"),
    ("<!-- plaintrack: count -->\n<!-- /plaintrak -->\n", "this block is not closed"),
    ("<!-- plaintrack: count --><!-- /plaintrack -->\n", "this block is not closed"),
    ('<!-- plaintrack: count "a -->\n<!-- /plaintrack -->\n', "this quotation mark is never closed\n"),
    ("text\n", "has no blocks"),
])  # fmt: skip
def test_slips_are_told(place, text, said):
    path = place.folder / "README.md"
    path.write_text(text)
    place("render", "README.md", code=int("has no" not in said))
    assert said in place.err
    assert path.read_text() == text


def test_markers_without_a_blank_are_found(place):
    path = place.folder / "README.md"
    path.write_text("<!--plaintrack: count-->\n<!--/plaintrack-->\n")
    assert place("render") == "rendered README.md\n"
    assert "**2**" in path.read_text()


def test_a_document_that_cannot_be_written_keeps_the_others_from_nothing(place):
    write(place, "count", name="a/a.md")
    write(place, "count", name="b.md")
    (place.folder / "a").chmod(0o555)
    command = [sys.executable, "-m", "plaintrack", "render"]
    done = subprocess.run(
        command,
        cwd=place.folder,
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bound,
    )
    (place.folder / "a").chmod(0o755)
    assert (done.returncode, done.stdout) == (1, "rendered b.md\n")
    assert "a/a.md cannot be written: Permission denied" in done.stderr
    assert "old" in (place.folder / "a/a.md").read_text()
    assert place("render") == "rendered a/a.md\n"


def test_a_comment_is_not_rewritten(empty):
    """What people said is not generated, whether all documents are meant or this one."""
    empty("init")
    item = empty("add", "One").split()[0]
    empty("comment", item, "Put this in:\n\n<!-- plaintrack: count -->\n<!-- /plaintrack -->\n")
    comment = next(empty.folder.glob("comments/*/*.md"))
    said = comment.read_bytes()
    empty("render")
    empty("render", str(comment))
    empty("check")
    assert comment.read_bytes() == said


BLOCKS = {
    "list": ["list"],
    "list sort:title columns:id,title,tags": ["list", "sort:title", "--columns", "id,title,tags"],
    "list group:team columns:title": ["list", "--group", "team", "--columns", "title"],
    "list group:tags columns:id,age": ["list", "--group", "tags", "--columns", "id,age"],
    "list tags:nothing": ["list", "tags:nothing"],
    "board": ["board"],
    "stats": ["stats"],
    "stats by:team": ["stats", "--by", "team"],
    "stats by:age": ["stats", "--by", "age"],
    "stats tags:nothing": ["stats", "tags:nothing"],
    "tree sort:created": ["tree"],
}


def test_a_block_says_what_the_command_says(place):
    """The same question has the same Markdown through both doors; and equal spellings are one."""
    with (place.folder / "plaintrack.yml").open("a") as handle:
        handle.write("fields: {team: {type: text}}\n")
    cafe = ("Caf\u00e9", "Cafe\u0301", "caf\u00e9", "Z\u00fcrich", "Caf\u00e9")
    for number, team in enumerate(cafe):
        (place.folder / f"tasks/{number}.md").write_text(
            f"---\nid: PT-c{number}\ntitle: '{HOSTILE[number]}'\nteam: {team}\ntags: [{team}, x]\n"
            f"status: todo\nparent: {place.first}\nassignee: ana\n---\n"
        )
    path = write(place, *BLOCKS)
    place("render")
    shown = re.findall(r"(?ms)^<!-- plaintrack: [^\n]*\n\n(.*?)\n\n<!-- /", path.read_text())
    for block, words, said in zip(BLOCKS, BLOCKS.values(), shown, strict=True):
        assert place(*words, "--format", "markdown") == said + "\n", block
    teams = next(said for block, said in zip(BLOCKS, shown, strict=True) if "group:team" in block)
    assert re.findall(r"\*\*(.+)\*\*", teams) == ["Caf\u00e9", "Z\u00fcrich", "(none)"]
