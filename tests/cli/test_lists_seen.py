"""How things look on a terminal: colours, marks, the user's own theme, and narrow windows."""

import re
import unicodedata

import pytest
from seen import SGR, Terminal

ITEM = "---\nid: {}\ntitle: {}\nstatus: {}\n{}---\n{}"
WIDE = (
    "日本語の長い題名がここにあり、折り返しは語の間で起こる 👨‍👩‍👧 family words go on and on here"
)


def columns(text):
    """The columns of a line, by East Asian Width and emoji sequences."""
    joined = re.sub("\u200d.", "", text)
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in joined
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with an item of each standing, made once: no test writes."""
    from conftest import _repository

    folder = tmp_path_factory.mktemp("looks") / "place"
    folder.mkdir()
    shell = _repository(folder)
    (folder / "plaintrack.yml").write_text("folders: [tasks]\npeople: {jo: {name: Jonas Okafor}}\n")
    (folder / "tasks").mkdir()
    body = "- [ ] a step with a good many words that do not fit into one line of it\n" * 2
    for item, title, status, more, text in (
        ("T-1", "Late", "todo", "due: 2026-11-20\npriority: critical\nassignee: ana\n", ""),
        ("T-2", "Blocked", "in-progress", "due: 2026-11-26\ndepends_on: [T-1]\nassignee: jo\n", ""),
        ("T-3", "Mine", "review", "due: 2027-02-01\npriority: high\nassignee: [ana, jo]\n", body),
        ("T-4", f"'{WIDE}'", "todo", "parent: T-3\npriority: low\nassignee: ana\n", ""),
    ):
        (folder / f"tasks/{item}.md").write_text(ITEM.format(item, title, status, more, text))
    shell.git("add", "-A")
    shell.git("commit", "-qm", "A subject that takes more words than a narrow window can show")
    (folder / "tasks/T-1.md").write_text(
        ITEM.format("T-1", WIDE, "review", "due: 2026-11-20\n", body)
    )
    shell.git("add", "-A")
    shell.git("commit", "-qm", "again")
    shell.git("revert", "--no-edit", "HEAD")
    return shell


def cell(line, text):
    """The colours that stand right before a text."""
    found = re.search(rf"((?:\x1b\[[0-9;]*m)*){re.escape(text)}", line)
    return re.findall(r"\x1b\[([0-9;]*)m", found[1])[-1:]


def test_a_list_has_quiet_colours_and_only_the_date_is_red(place):
    lines = Terminal(place, 100)("list", "--sort", "id").splitlines()
    late, blocked, mine, _ = lines[1:]
    assert [cell(late, each) for each in ("T-1", "Late", "todo", "critical", "2026-11-20")] == [
        ["2"], [], [], ["1;35"], ["31"],
    ]  # fmt: skip
    assert cell(blocked, "in-progress") == ["32"]
    assert cell(blocked, "2026-11-26") == []
    assert cell(mine, "high") == ["35"]
    assert cell(mine, "ana, jo") == ["36"]
    assert cell(late, "ana") == []


def test_late_blocked_and_mine_are_marked_without_colours(place):
    for args in (["list"], ["next"], ["search", "e"]):
        found = Terminal(place, 100)(*args, "--columns", "id,title", NO_COLOR="1")
        assert "\x1b" not in found
        marks = dict(re.findall(r"^([ !⊘@]*) (T-\d)", found, re.MULTILINE))
        marks = {item: mark.strip() for mark, item in marks.items()}
        wanted = {"T-1": "!", "T-2": "⊘@", "T-3": "@", "T-4": ""}
        assert len(marks) > 1
        assert marks.items() <= wanted.items()
    # what all have says nothing, and a pipe gets the columns alone
    assert "@" not in Terminal(place, 100)("list", "assignee:me", "--columns", "id", NO_COLOR="1")
    assert place("list", "--columns", "id", "--sort", "id").split() == [
        "ID",
        "T-1",
        "T-2",
        "T-3",
        "T-4",
    ]


@pytest.mark.parametrize(
    ("args", "env", "painted"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
    ],
)
def test_colours_as_people_expect(place, args, env, painted):
    assert bool(SGR.search(Terminal(place, 100)("list", *args, **env))) == painted


def test_no_colour_in_a_pipe_unless_it_is_forced(place):
    assert "\x1b" not in place("list") + place("tree") + place("show", "T-1") + place("log")
    assert "\x1b" in place("list", FORCE_COLOR="1")
    assert "\x1b" not in place("list", FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b" not in place("list", "--format", "csv", FORCE_COLOR="1")


def test_dates_as_days_from_today(place):
    shown = place("list", "--relative", "--columns", "id,due", "--sort", "id").splitlines()
    assert shown[1:] == ["T-1  3 days ago", "T-2  in 3 days", "T-3  in 10 weeks", "T-4"]
    assert "3 days ago" in place("search", "Late", "--relative", "--format", "markdown")
    place("list", "--relative", "--format", "json", code=2)
    assert "--relative cannot be used with --format json" in place.err


def own(place, text):
    path = place.folder.parent / "own/plaintrack/config.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return {"XDG_CONFIG_HOME": str(path.parent.parent)}


def test_a_theme_of_ones_own(place):
    env = own(
        place,
        "relative: true\ntheme: {id: none, overdue: bold bright-red, status: {review: '#ff8800', open: 208}}\n",
    )
    found = Terminal(place, 100)("list", "--sort", "id", **env)
    assert cell(found, "3 days ago") == ["1;91"]
    assert cell(found, "review") == ["38;2;255;136;0"]
    assert cell(found, "todo") == ["38;5;208"]
    assert "\x1b[2m" not in found.replace("\x1b[2mlow", "")
    # it holds on a terminal only, and where there are no colours the days stay
    assert "3 days ago" in Terminal(place, 100)("list", NO_COLOR="1", **env)
    assert "2026-11-20" in place("list", **env)
    told = place("config", "--own", **env)
    assert "relative: true" in told
    assert "overdue: bold bright-red" in told
    assert own(place, told) == env
    assert place("config", "--own", **env) == told  # what it prints is such a file


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("theme: {overdue: redd}", "theme.overdue: 'redd' is not a colour", "did you mean 'red'?"),
        ("theme: {prio: red}", "theme.prio: has no colour", "did you mean 'priority'?"),
        ("theme: {status: red}", "theme.status: must be a mapping", "such as `theme:"),
        ("theme: {overdue: 256}", "'256' is not a colour", "write black, red"),
        ("colour: true", "colour: is not a setting", "config --own"),
        ("relative: 1", "relative: '1' must be true or false", "config --own"),
        ("theme: [", "line 1: not valid YAML", "a bracket is never closed"),
    ],
)
def test_a_fault_in_ones_own_settings_is_told(place, text, said, hint):
    env = own(place, text)
    place("config", "--own", code=2, **env)
    assert said in place.err
    assert hint in place.err
    assert "own/plaintrack/config.yml" in place.err
    place("list", **env)  # scripts go on


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(
    "args",
    [
        ["show", "T-3", "T-4"],
        ["tree"],
        ["log"],
        ["diff", "HEAD~1..HEAD"],
        ["diff", "HEAD~2..HEAD~1"],
    ],
)
@pytest.mark.parametrize("plain", ["", "1"])
def test_narrow_windows_wrap_at_words(place, args, width, plain):
    found = SGR.sub("", Terminal(place, width)(*args, NO_COLOR=plain, PAGER="cat"))
    lines = found.splitlines()
    assert max(map(columns, lines)) <= width
    whole = place(*args)
    if args[0] != "show" or plain:  # rich draws check boxes as others
        dense = [re.sub(r"(?m)^@ (?=T-)|[\s│├└─]", "", text) for text in (found, whole)]
        assert dense[0] == dense[1]  # nothing is cut
        words = set(re.findall(r"[a-z]{4,}", whole))
        assert words <= set(re.findall(r"[a-z]{4,}", found))  # and no word is broken


def test_the_lines_of_a_tree_go_on_below_their_titles(place):
    lines = SGR.sub("", Terminal(place, 60)("tree", "T-3")).splitlines()
    assert lines[0] == "@ T-3  review        Mine  (ana, jo)  [0 of 1 done]"
    assert lines[1].startswith("└─ T-4  todo          日本語")
    assert all(line.startswith(" " * 22) for line in lines[2:])


@pytest.mark.parametrize(("width", "shown"), [(80, 7), (50, 3), (36, 3), (20, 2)])
def test_due_is_the_last_column_to_go(place, width, shown):
    lines = Terminal(place, width)("list", NO_COLOR="1").splitlines()
    names = lines[0].split()
    assert len(names) == min(shown, 7) or width == 80
    assert ("DUE" in names) == (width >= 36)
    assert max(map(columns, lines)) <= width


PAGER = "sh -c 'echo PAGED $LESS; cat' pager"


@pytest.mark.parametrize(
    "args", [["list"], ["show", "T-3"], ["log"], ["tree"], ["diff", "HEAD~1.."]]
)
def test_long_output_is_paged_with_colours(place, args):
    place.git("config", "core.pager", "echo HOSTILE")
    place.git("config", "pager.log", "echo HOSTILE")
    low = Terminal(place, 100, rows=3)
    found = low(*args, PAGER=PAGER)
    assert "PAGED FRX" in found
    assert SGR.search(found)
    plain = low(*args, PAGER=PAGER, NO_COLOR="1")
    assert "PAGED" in plain
    assert "\x1b" not in plain
    assert "HOSTILE" not in found + plain
    assert "PAGED -i" in low(*args, PAGER=PAGER, LESS="-i")
    assert "PAGED" not in place(*args, PAGER=PAGER)
    if args[0] != "log":  # which git pages always, too, since it may be long
        assert "PAGED" not in Terminal(place, 100)(*args, PAGER=PAGER)


def test_titles_stand_where_several_could_be_meant(place):
    place("show", "T", code=2)
    assert "'T' could be T-1 'Late', T-2 'Blocked', T-3 'Mine', T-4 '日本語" in place.err
    place("delete", "T-1", "T-2", code=2)
    assert "Delete T-1 'Late', T-2 'Blocked'? [y/N]" in place.err
    place("done", "--where", "T-2", code=2)
    assert "T-2  Blocked  status: in-progress → done" in place.err


def test_boards_and_trees_have_the_marks(place):
    board = Terminal(place, 120)("board", NO_COLOR="1")
    assert re.search(r"! T-1 Late.*⊘@ T-2 Blocked", board)
    tree = Terminal(place, 100)("tree", NO_COLOR="1").splitlines()
    assert tree[0].startswith("@ T-3  review        Mine")
    assert tree[1].startswith("└─ T-4")
    assert "! " not in place("board") + place("tree")
