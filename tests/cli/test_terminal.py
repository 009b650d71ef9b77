"""What reaches a terminal: nothing from a file is obeyed, columns stay in line, and the width, the colours and the pager are right."""

import io
import itertools
import json
import os
import re
import subprocess
import sys
import unicodedata

import pytest
from conftest import NOW, ROOT, Shell
from seen import SGR, Terminal

EVIL = {
    "sgr": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x1b\\",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "c1": "\x9b31m\x9d0;x\x9c",
    "erase": "a\rb\b\x7f\x0b\x0c",
    "newline": "one\ntwo\u2028three\u0085four\nPT-zzzzzz  done",
    "bidi": "\u202eabc\u202c\u2066x\u2069\u200f",
    "hidden": "\u200b\ufeff\u00ad\U000e0041",
}
# what may stand in the output: lines and tabs, and printable characters
OBEYED = re.compile(
    r"[^\n\t\x20-\x7e\u00a0-\U0010ffff]|[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def quoted(text):
    """``text`` as a YAML scalar, everything that is not plain escaped."""
    return (
        '"' + "".join(each if ord(each) > 0xFFFF else json.dumps(each)[1:-1] for each in text) + '"'
    )


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """A workspace whose titles, people, tags, ids, keys and file names try to take the terminal over."""
    folder = tmp_path_factory.mktemp("evil") / "workspace"
    shell = Shell(folder)
    folder.mkdir()
    shell("init")
    names = {name: quoted(f"{name} {text}") for name, text in EVIL.items()}
    (folder / "plaintrack.yml").write_text(
        f"statuses: {{todo: open, {names['sgr']}: open, {names['bidi']}: active, {names['newline']}: done}}\n"
        f"priorities: [{names['title']}, {names['c1']}]\n"
        f"people: {{{names['erase']}: {{name: {names['link']}}}}}\n"
        f"fields: {{hidden: {{key: {names['hidden']}, doc: {names['sgr']}}}, odd: {{type: choice, choices: [{names['sgr']}], default: {names['sgr']}}}}}\n"
        f"views: {{{names['sgr']}: {{query: 'tags:same'}}, {names['newline']}: {{columns: [id, hidden, odd]}}}}\n"
    )
    (folder / f"templates/evil {EVIL['title']}.md").write_text(
        f"---\ntemplate: {names['sgr']}\n---\n"
    )
    for number, (name, text) in enumerate(EVIL.items()):
        item = f"PT-evil{number}"
        lines = [
            f"id: {item}",
            f"title: {quoted(f'{name} {text} end')}",
            f"status: {quoted(text) if number % 3 == 0 else 'todo'}",
        ]
        lines += [
            f"assignee: {quoted(text)}",
            f"tags: [{quoted(text)}, same]",
            f"{quoted('x' + name)}: {quoted(text)}",
        ]
        lines += [
            f"depends_on: [{f'PT-evil{number + 1}' if number < 8 else ''}]",
            "parent: PT-evil0" if number else "project: PT-evil1",
        ]
        body = f"Body {text}\n\n- [ ] step {text.replace(chr(10), ' ')}\n"
        path = folder / "tasks" / f"{item}-{name}.md"
        path.write_bytes(("---\n" + "\n".join(lines) + f"\n---\n{body}").encode())
        comment = folder / "comments" / item / "20260101T000000Z-aaaaaa.md"
        comment.parent.mkdir(parents=True)
        comment.write_bytes(
            f"---\nauthor: {quoted(text)}\ndate: {quoted(text)}\n---\n{text}\n".encode()
        )
    for number, text in enumerate(EVIL.values()):
        plain = text.replace("/", "_")
        (folder / "tasks" / f"broken {number} {plain}.md").write_text(
            f"---\nid: {quoted(text)}\ntitle: [\n---\n", "utf-8"
        )
        (folder / "tasks" / f"folder {number} {plain}.md").mkdir()
    (folder / os.fsdecode(b"tasks/latin \xe9\xff.md")).write_text(
        "---\nid: PT-latin1\ntitle: Latin\n---\n"
    )
    return shell


def both(shell, *args, code=0, **env):
    """Standard output and standard error together."""
    return shell(*args, code=code, **env) + shell.err


COMMANDS = {
    "list": ["list", "--all"],
    "json": ["list", "--all", "--format", "json"],
    "jsonl": ["list", "--all", "--format", "jsonl"],
    "csv": ["list", "--all", "--format", "csv", "--columns", "id,title,tags,assignee,path"],
    "tsv": ["list", "--all", "--format", "tsv", "--columns", "id,title,tags,assignee,path"],
    "markdown": ["list", "--all", "--format", "markdown"],
    "typed": ["list", "--all", "--format", "json", "--columns", "id,title,tags,assignee,urgency"],
    "group": ["list", "--all", "--group", "assignee"],
    "columns": ["list", "--columns", "id,xsgr,xtitle,status,path"],
    "show": ["show", *(f"PT-evil{number}" for number in range(len(EVIL)))],
    "show json": ["show", "--format", "json", *(f"PT-evil{number}" for number in range(len(EVIL)))],
    "why": ["show", "--why", "PT-evil0"],
    "board": ["board"],
    "board csv": ["board", "--format", "csv"],
    "board markdown": ["board", "--format", "markdown"],
    "tree": ["tree"],
    "tree csv": ["tree", "--format", "csv"],
    "tree markdown": ["tree", "--format", "markdown"],
    "tree of dependencies": ["tree", "--depends"],
    "next": ["next"],
    "search": ["search", "end"],
    "stats": ["stats", "--by", "tags"],
    "stats of people": ["stats", "--by", "assignee"],
    "stats json": ["stats", "--by", "assignee", "--format", "json"],
    "steps": ["tick", "PT-evil1"],
    "diff": ["set", "PT-evil1", "title=x", "--dry-run"],
    "tick": ["tick", "PT-evil1", "1", "--dry-run"],
    "delete": ["delete", "PT-evil1", "--dry-run"],
    "settings": ["config"],
    "templates": ["add", "-t", "list"],
    "view": ["list", "--view", f"newline {EVIL['newline']}"],
    "add": ["add", "x", f"odd=sgr {EVIL['sgr']}", "--dry-run"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_text_from_files_is_shown_and_not_obeyed(evil, name):
    found = both(evil, *COMMANDS[name])
    if "markdown" in name:  # what parts a mention from its @ is ours
        found = re.sub("(?<=[@#:])\u200b|\u200b(?=://)", "", found)
    assert not OBEYED.search(found), OBEYED.search(found)
    assert any(each in found for each in ("PT-evil", "end", "total", "step", "31m"))


def test_the_check_above_would_notice(evil):
    for text in EVIL.values():
        assert OBEYED.search(text.replace("\n", "\x0b"))


def test_escapes_are_visible(evil):
    listed = evil("list", "--all", "--format", "tsv", "--columns", "id,title")
    for seen in (
        "␛[31mred␛[0m",
        "␛]0;owned␇",
        "<U+009B>31m",
        "a␍b␈␡",
        "one␊two<U+2028>three<U+0085>four␊",
        "<U+202E>abc<U+202C>",
        "<U+200B>",
    ):
        assert seen in listed
    assert len(listed.splitlines()) == 1 + len(EVIL)  # no title makes a second line


def test_json_stays_exact(evil):
    found = json.loads(evil("list", "--all", "--format", "json"))["items"]
    titles = {item["title"] for item in found}
    assert titles == {f"{name} {text} end" for name, text in EVIL.items()}
    shown = json.loads(evil("show", "PT-evil0", "--format", "json"))["items"][0]
    assert EVIL["sgr"] in shown["body"]


def test_doctor_and_errors_are_safe(evil):
    evil("doctor", code=1)
    assert not OBEYED.search(evil("doctor", code=1) + evil.err)
    for args, code in (
        (["show", "\x1b[31m"], 1), (["show", "broken 1"], 1), (["show", "broken 6"], 1), (["show", "folder 6"], 1),
        (["show", "PT-evil\n0"], 1), (["list", "tags:\x1b[31m \u202e nope:1"], 2), (["list", "title:/\x1b[/"], 2),
        (["set", "PT-evil0", "status=\x1b[31m"], 2), (["set", "PT-evil0", "\x1b[31m=1"], 2), (["\x1b[31m"], 2),
        (["list", "--\x1b[31m"], 2), (["-C", "\x1b[31m\n", "list"], 2), (["list", "--view", "\x1b"], 2), (["add", "-t", "\x1b"], 2),
        (["list", "--view", "nope"], 2), (["list", "status:nope"], 2), (["set", "PT-evil0", "odd=nope"], 2), (["add", "x", "-t", "nope"], 2),
        (["list", "--columns", "hiden"], 2), (["tick", "PT-evil0", "\x9b"], 2), (["renumber", "PT-evil0", "\u202e"], 2), (["config", "\x1b"], 2), (["list", "--columns", "\x1b"], 2),
    ):  # fmt: skip
        found = both(evil, *args, code=code)
        assert found, args
        assert not OBEYED.search(found), args
        assert "Traceback" not in found


def test_writes_are_told_safely(example):
    found = both(
        example,
        "add",
        f"A {EVIL['sgr']} {EVIL['newline']} {EVIL['bidi']}",
        "tags=\x1b[31m",
        "assignee=\u202e",
    )
    item = re.search(r"PT-\w{6}", found)[0]
    found += both(example, "set", item, f"title=B {EVIL['title']}", "tags+=\x9b")
    found += both(example, "comment", item, EVIL["clipboard"])
    found += (
        both(example, "start", item) + both(example, "done", item) + both(example, "archive", item)
    )
    found += both(example, "delete", item, "--yes") + both(example, "undo") + both(example, "undo")
    assert not OBEYED.search(found)
    assert "␛]0;owned␇" in found


def test_edit_tells_safely(example, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(
        "#!/bin/sh\nprintf '%s\\n' '---' 'id: PT-xybp33' \"title: [\\\"$(printf '\\033')[31m\\\"\" '---' > \"$1\"\n"
    )
    editor.chmod(0o755)
    found = both(example, "edit", "xybp33", code=1, EDITOR=str(editor))
    assert "PT-xybp33" in found
    assert not OBEYED.search(found)
    example.git("checkout", ".")
    editor.write_text(
        "#!/bin/sh\nprintf '%s\\n' '---' 'id: PT-xybp33' 'title: \"\\e[31m\\n\\u202e\"' '---' > \"$1\"\n"
    )
    found = both(example, "edit", "xybp33", EDITOR=str(editor))
    assert "␛[31m␊<U+202E>" in found
    assert not OBEYED.search(found)


@pytest.mark.parametrize(
    ("words", "at"),
    [("plaintrack show PT-ev", 2), ("plaintrack list tags:", 2), ("plaintrack list status:", 2), ("plaintrack list --view ", 3),
     ("plaintrack add --template ev", 3)],
)  # fmt: skip
@pytest.mark.parametrize("dialect", ["zsh", "fish"])
def test_completion_is_safe(evil, words, at, dialect):
    env = {
        "_PLAINTRACK_COMPLETE": f"{dialect}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(at),
    }
    env["COMP_CWORD"] = words.rpartition(" ")[2] if dialect == "fish" else str(at)
    code = "import sys; sys.argv[0] = 'plaintrack'; from plaintrack.cli.main import run; sys.exit(run())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=evil.folder,
        env={**evil.env, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("PT-evil" in run.stdout) == (
        words == "plaintrack show PT-ev"
    )  # what cannot be printed is not offered
    assert not OBEYED.search(run.stdout + run.stderr)


# Widths that a terminal gives these titles, from Unicode's East Asian Width and emoji sequences.
WIDTHS = {
    "plain ascii title": 17,
    "日本語の題": 10,
    "한국어 제목": 11,
    "ｆｕｌｌ": 8,
    "cafe\u0301 nq\u0308ve": 9,
    "a\u0300\u0301\u0302\u0303b": 2,
    "👨‍👩‍👧 family": 9,
    "🇩🇪🇫🇷 flags": 10,
    "👍🏽 thumbs": 9,
    "❤️ heart": 8,
    "1️⃣ key": 6,
    "🏳️‍🌈 pride": 8,
    "नमस्ते": 4,
    "خانه‌ها": 6,
    "à côté : oui": 12,
    "全角　空白": 10,
}
WIDE = {unicodedata.normalize("NFC", title): width for title, width in WIDTHS.items()}


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A workspace with titles of many scripts."""
    folder = tmp_path_factory.mktemp("wide")
    shell = Shell(folder)
    (folder / "plaintrack.yml").write_text("")
    (folder / "tasks").mkdir()
    for number, title in enumerate(WIDTHS):
        text = f"---\nid: PT-wide{number:02}\ntitle: '{title}'\nstatus: todo\nassignee: {'ü' if number % 2 else '王'}\n---\n"
        (folder / f"tasks/{number}.md").write_text(text, "utf-8")
    return shell


def columns_of(line, title, width):
    """Where the cells behind the title begin, in columns, when the title takes ``width`` of them."""
    rest = line.partition(title)[2]
    return line.index(title) + width + len(rest) - len(rest.lstrip())


def test_wide_characters_keep_columns_aligned_in_a_pipe(wide):
    lines = wide("list", "--columns", "id,title,status").splitlines()
    starts = {
        title: columns_of(line, title, WIDE[title])
        for title in WIDE
        for line in lines
        if title in line
    }
    assert starts.keys() == WIDE.keys()
    assert set(starts.values()) == {lines[0].index("STATUS")}


@pytest.mark.parametrize("columns", [60, 200])
def test_wide_characters_keep_columns_aligned_in_a_terminal(wide, columns):
    for lines in (
        SGR.sub("", Terminal(wide, columns)("list", "--columns", "id,title,status")).splitlines(),
        SGR.sub(
            "", Terminal(wide, 33)("list", "--columns", "id,title,status", COLUMNS=str(columns))
        ).splitlines(),
    ):
        starts = {
            columns_of(line, title, WIDE[title])
            for title in WIDE
            for line in lines
            if title in line
        }
        assert starts == {lines[0].index("STATUS")}


def width_of(text):
    """The columns a line takes; an oracle of its own for the example's text, which has narrow characters and one emoji."""
    assert all(
        ord(each) < 0x1100 or "\u2010" <= each <= "\u27bf" or each == "🚰" for each in text
    ), text
    return len(text) + text.count("🚰")


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_tables_and_boards_fit_the_terminal(example, columns):
    terminal = Terminal(example, columns)
    for args in (
        ["list"],
        ["board"],
        ["next"],
        ["search", "meter"],
        ["stats", "--by", "tags"],
        ["list", "--view", "bugs"],
    ):
        found = SGR.sub("", terminal(*args))
        assert "\x1b" not in found
        assert max(map(width_of, found.splitlines())) <= columns, args
    assert "PT-7rrpba" in SGR.sub("", terminal("list"))


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_board_shows_every_card_and_names_every_column(example, columns):
    lines = SGR.sub(
        "", Terminal(example, columns)("board", "is:open", "--limit", "100")
    ).splitlines()
    found = set(re.findall(r"PT-[0-9a-z]{6}", "\n".join(lines)))
    assert found == set(example("list", "is:open", "--format", "ids").split())
    for status in ("todo", "in-progress", "review", "field-test", "done"):
        assert any(status in line for line in lines)


def test_a_board_of_many_statuses_collapses(empty):
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    names = [f"stage-{number}" for number in range(20)]
    statuses = "".join(f"  {name}: {'done' if name == names[-1] else 'open'}\n" for name in names)
    text = settings.read_text()
    settings.write_text(re.sub(r"statuses:\n(  .*\n)+", f"statuses:\n{statuses}", text))
    for name in names[:5]:
        empty("add", f"Card of {name}", f"status={name}")
    for columns in (20, 40, 80, 200):
        lines = SGR.sub("", Terminal(empty, columns)("board")).splitlines()
        assert max(map(width_of, lines)) <= columns
        text = " ".join(" ".join(lines).split())
        assert all(f"{name} (1)" in text for name in names[:5])
        assert all(name in text for name in names)
        assert len(lines) <= 60
    wide = SGR.sub("", Terminal(empty, 400)("board")).splitlines()
    assert all(f"{name} (" in wide[0] for name in names)


def test_a_pipe_gets_everything_and_no_colours(example):
    long = "A very long title " * 20
    example("add", long.strip(), "tags=here")
    assert long.strip() in example("list", "tags:here")
    assert long.strip() in " ".join(example("board", "tags:here").split())
    assert "\x1b" not in example("list") + example("board") + example("show", "7rr")
    assert "…" in Terminal(example, 80)("list", "tags:here")


@pytest.mark.parametrize(
    ("args", "env", "terminal", "wanted"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        ([], {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, True, False),
        ([], {"TERM": "dumb"}, True, False),
        ([], {"CLICOLOR_FORCE": "1"}, False, True),
        ([], {"CLICOLOR_FORCE": "0"}, False, False),
        ([], {"FORCE_COLOR": "1"}, False, True),
        (["--color", "never"], {}, True, False),
        (["--color", "never"], {"CLICOLOR_FORCE": "1"}, False, False),
        (["--color", "always"], {}, False, True),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "auto"], {}, True, True),
    ],
)
def test_colours(example, args, env, terminal, wanted):
    run = Terminal(example, 100) if terminal else example
    for words in ([*args, "list"], ["show", "7rr", *args]):
        assert ("\x1b[" in run(*words, **env)) == wanted, words


def test_the_pager_is_used_only_where_the_screen_is_too_small(example, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o755)
    assert "PAGED" in Terminal(example, 100, rows=20)("list", PAGER=str(pager))
    assert "PAGED" not in Terminal(example, 100, rows=200)("list", PAGER=str(pager))
    assert "PAGED" not in example("list", PAGER=str(pager), LINES="5")


def test_a_pager_that_quits_early_is_no_error(example, tmp_path):
    for text in (
        "#!/bin/sh\nhead -n 1\n",
        "#!/bin/sh\nexit 0\n",
        "#!/bin/sh\nexec 0<&-\nsleep 0.1\n",
    ):
        pager = tmp_path / "pager"
        pager.write_text(text)
        pager.chmod(0o755)
        found = Terminal(example, 100, rows=20)("list", PAGER=str(pager))
        assert "Traceback" not in found
        assert "plaintrack:" not in found
    assert "PT-" in Terminal(example, 100, rows=20)("list", PAGER="no-such-pager")


def piped(shell, command, **env):
    """A shell pipeline's output, errors and the exit codes of its parts."""
    script = f'plaintrack() {{ "{sys.executable}" -m plaintrack "$@"; }}\n{command}\necho "${{PIPESTATUS[@]}}" >&2'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=shell.folder,
        env={**shell.env, **env},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_traceback(example, unbuffered):
    for command in (
        "list",
        "list --format json",
        "list --format csv",
        "show 7rr 7xz",
        "board",
        "tree",
        "--help",
        "completion zsh",
    ):
        run = piped(example, f"plaintrack {command} | true", PYTHONUNBUFFERED=unbuffered)
        codes = run.stderr.split()
        assert len(codes) == 2, run.stderr
        assert codes[0] in ("0", "141")


def test_a_write_finishes_though_nobody_reads_about_it(example):
    wanted = len(example("list", "status:todo", "--format", "ids").split())
    piped(
        example, "plaintrack set --where status:todo estimate=3d --yes | true", PYTHONUNBUFFERED="1"
    )
    assert (
        len(example("list", "status:todo", "estimate:3d", "--format", "ids").split()) == wanted > 20
    )


def test_output_that_cannot_be_written_is_an_error(example):
    run = piped(example, "plaintrack list > /dev/full")
    assert "could not be written: No space left on device" in run.stderr
    assert run.stderr.split()[-1] == "2"
    (example.folder / "tasks/broken.md").write_text("---\nid: [\n---\n")
    assert piped(example, "plaintrack check > /dev/null").stderr.split()[-1] == "1"
    run = piped(example, "plaintrack check > /dev/full")  # nor is "no" an answer then
    assert "could not be written: No space left on device" in run.stderr
    assert run.stderr.split()[-1] == "2"
    run = piped(example, "plaintrack list >&- 2>&-")
    assert run.stderr.split() == ["0"]


def test_another_encoding_loses_no_command(example):
    for env in (
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        found = example("tree", "45f", **env) + example("list", **env)
        assert "PT-45fpas" in found


def test_the_example_views_all_draw(example):
    views = re.findall(
        r"^  ([\w-]+):\n    query",
        (ROOT / "example-workspace/plaintrack.yml").read_text(),
        re.MULTILINE,
    )
    assert len(views) >= 7
    for view in views:
        found = example("list", "--view", view, PLAINTRACK_NOW=NOW)
        assert found.splitlines()[0].startswith("ID ") or example.err == "no items\n"


def test_derived_values_can_be_columns_and_counted(example):
    names = "id,urgency,age,updated,progress,blocked,folder,category,path"
    header, first, *_ = example("list", "--columns", names, "--format", "tsv").splitlines()
    assert header.split("\t") == names.split(",")
    found = dict(zip(names.split(","), first.split("\t"), strict=True))
    assert re.fullmatch(r"\d+\.\d\d", found["urgency"])
    assert f"urgency      {found['urgency']}" in example("show", found["id"])
    assert re.fullmatch(r"\d+d", found["age"])
    assert found["folder"] == found["path"].rpartition("/")[0]
    for name in names.split(","):
        assert "total" in example("stats", "--by", name)


def test_long_work_has_a_bar_on_a_terminal_that_goes_away(monkeypatch):
    """By the clock, not by how much there is: 200 plans take longer than a thousand files."""
    from plaintrack.cli import output

    class Tty(io.StringIO):
        def isatty(self):
            return True

    def drawn(seconds, stream):
        clock = itertools.count(100, seconds)
        monkeypatch.setattr(output.time, "monotonic", lambda: next(clock))
        monkeypatch.setattr(output.sys, "stderr", stream)
        for done in range(11):
            output.progress(done, 10, "planning")
        return stream.getvalue()

    text = drawn(0.3, Tty())
    assert text.startswith("\rplanning 2 of 10 [######---")
    assert text.endswith("planning 9 of 10 [###########################---]\x1b[K\r\x1b[K")
    assert drawn(0.01, Tty()) == "", "short work has none"
    assert drawn(0.3, io.StringIO()) == "", "nothing but a terminal gets one"
