"""Status changes of another program as commits: their dates, authors, and what metrics make of them."""

import json
import random
import re
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

CARD = "5f000000aaaaaaaaaaaaaaaa"


def move(day, old, new, who="ana"):
    return {
        "type": "updateCard",
        "date": f"2026-10-{day:02}T10:00:00.000Z",
        "memberCreator": {"username": who},
        "data": {"card": {"id": CARD}, "listBefore": {"name": old}, "listAfter": {"name": new}},
    }


@pytest.fixture
def work(empty):
    empty("init")
    board = {
        "lists": [{"id": "l1", "name": "Doing"}, {"id": "l2", "name": "Done"}],
        "members": [],
        "cards": [{"id": CARD, "shortLink": "sl", "name": "Fix", "idList": "l2"}],
        "actions": [  # the last comes first, as Trello has it
            move(9, "Doing", "Done", "ben"),
            move(5, "To do", "Doing"),
            {
                "type": "createCard",
                "date": "2026-10-01T10:00:00.000Z",
                "data": {"card": {"id": CARD}},
            },
        ],
    }
    (empty.folder / "b.json").write_text(json.dumps(board))
    return empty


def told(shell):
    lines = shell.git("log", "--reverse", "--format=%aI %cI %an %s").splitlines()
    return [line for line in lines if "Fix" in line]


def test_moves_become_commits(work):
    out = work("import", "trello", "b.json", "--history")
    assert "3 commits made, from 2026-10-01 on" in out
    assert [line.replace("+00:00", "Z") for line in told(work)] == [
        "2026-10-01T10:00:00Z 2026-10-01T10:00:00Z Jonas Okafor Fix: created",
        "2026-10-05T10:00:00Z 2026-10-05T10:00:00Z ana Fix: todo → in-progress",
        "2026-10-09T10:00:00Z 2026-10-09T10:00:00Z ben Fix: in-progress → done",
    ]
    (item,) = json.loads(work("list", "is:closed", "--format", "json"))["items"]
    assert item["path"] not in work.git("status", "--porcelain")
    assert work.git("fsck", "--strict", check=False) == ""
    assert "status: in-progress → done" in work("log", item["id"])
    assert "2026-10-05  2026-10-09  5" in work("metrics", "cycle-time")  # days, both counted
    work("import", "trello", "b.json", "--history")
    assert len(told(work)) == 3


def test_what_is_not_committed_yet_is_told_later(work):
    """As after an import that was cut short."""
    work("import", "trello", "b.json")
    assert "3 commits made" in work("import", "trello", "b.json", "--history")
    assert "not told yet" in work("import", "trello", "b.json", "--history")
    assert len(told(work)) == 3


def test_older_commits_stay_and_nothing_else_is_committed(work):
    work("add", "Mine")
    work("commit", "-m", "first")
    head = work.git("rev-parse", "HEAD").strip()
    (work.folder / "note.txt").write_text("mine")
    work.git("add", "note.txt")
    out = work("import", "trello", "b.json", "--history")
    assert "metrics --dates author" in out
    assert work.git("merge-base", "HEAD", head).strip() == head
    assert "A  note.txt" in work.git("status", "--porcelain")


@pytest.mark.parametrize("where", ["detached", "no git", "dry"])
def test_where_no_history_can_be_written_nothing_is_imported(work, where):
    if where == "dry":
        assert "3 commits or fewer would tell" in work(
            "import", "trello", "b.json", "--history", "--dry-run"
        )
    elif where == "detached":
        work("add", "Mine")
        work("commit", "-m", "first")
        work.git("checkout", "-q", "--detach")
        work("import", "trello", "b.json", "--history", code=1)
        assert "HEAD is detached" in work.err
    else:
        import shutil

        shutil.rmtree(work.folder / ".git")
        work("import", "trello", "b.json", "--history", code=2)
    assert "Fix" not in work("list", "is:open,closed")


NAMES = ("To Do", "In Progress", "Review", "Done")
BERLIN = ZoneInfo("Europe/Berlin")


def lives(seed, count):
    """Random lives: (number, made, moves as (moment, who, old, new)), moments in UTC."""
    luck = random.Random(seed)
    start = datetime(2026, 3, 1, 8, tzinfo=UTC)  # across the change of the clock
    for number in range(count):
        moment = made = start + timedelta(minutes=luck.randrange(60 * 24 * 60))
        at, moves = 0, []
        for _ in range(luck.randrange(6)):
            moment += timedelta(minutes=luck.randrange(1, 60 * 24 * 5))
            new = luck.choice([each for each in range(4) if each != at])
            moves.append((moment, luck.choice(["ana", "Ben Zoe", ""]), at, new))
            at = new
        yield number, made, moves


def trello(whole, luck):
    def card(number, made):
        return f"{int(made.timestamp()):08x}{number:016x}"

    def stamp(moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    cards, actions = [], []
    for number, made, moves in whole:
        item = card(number, made)
        last = moves[-1][3] if moves else 0
        cards.append({"id": item, "shortLink": f"s{number}", "name": f"C{number}", "idList": last})
        actions.append({"type": "createCard", "date": stamp(made), "data": {"card": {"id": item}}})
        for moment, who, old, new in moves:
            data = {
                "card": {"id": item},
                "listBefore": {"name": NAMES[old]},
                "listAfter": {"name": NAMES[new]},
            }
            actions.append(
                {
                    "type": "updateCard",
                    "date": stamp(moment),
                    "memberCreator": {"username": who},
                    "data": data,
                }
            )
    luck.shuffle(actions)
    lists = [{"id": number, "name": name} for number, name in enumerate(NAMES)]
    return json.dumps({"lists": lists, "members": [], "cards": cards, "actions": actions})


def jira(whole, luck):
    def stamp(moment):  # a server far away
        here = moment.astimezone(timezone(timedelta(hours=-7)))
        return here.strftime("%Y-%m-%dT%H:%M:%S.000%z")

    issues = []
    for number, made, moves in whole:
        about = {
            "summary": f"C{number}",
            "status": {"name": NAMES[moves[-1][3] if moves else 0]},
            "created": stamp(made),
        }
        if moves and moves[-1][3] == 3:
            about["resolutiondate"] = stamp(moves[-1][0])
        told = [
            {
                "created": stamp(moment),
                "author": {"displayName": who},
                "items": [{"field": "status", "fromString": NAMES[old], "toString": NAMES[new]}],
            }
            for moment, who, old, new in moves
        ]
        luck.shuffle(told)
        issues.append({"key": f"A-{number}", "fields": about, "changelog": {"histories": told}})
    return json.dumps({"issues": issues})


def beads(whole, _luck):
    """No moves but that it was closed."""
    lines = []
    for number, made, moves in whole:
        done = bool(moves) and moves[-1][3] == 3
        issue = {
            "id": f"b-{number}",
            "title": f"C{number}",
            "status": "closed" if done else "open",
            "created_at": made.isoformat(),
        }
        lines.append(
            json.dumps({**issue, **({"closed_at": moves[-1][0].isoformat()} if done else {})})
        )
    return "\n".join(lines) + "\n"


def days(one, two):
    return (two.astimezone(BERLIN).date() - one.astimezone(BERLIN).date()).days + 1


def computed(whole, form):
    """Title → days, counted from the lives alone: lead times and cycle times."""
    lead, cycle = {}, {}
    for number, made, moves in whole:
        if not moves or moves[-1][3] != 3:
            continue
        lead[f"C{number}"] = days(made, moves[-1][0])
        if form == "beads":
            cycle[f"C{number}"] = (
                1  # nothing is known of a start: what was skipped begins at the end
            )
            continue
        entered = {}
        for moment, _, _, new in moves:
            entered = {state: first for state, first in entered.items() if state <= new}
            entered.setdefault(new, moment)
        begun = min(first for state, first in entered.items() if state >= 1)
        cycle[f"C{number}"] = days(begun, entered[3])
    return {"lead-time": lead, "cycle-time": cycle}


@pytest.mark.parametrize("write", [trello, jira, beads], ids=lambda each: each.__name__)
@pytest.mark.parametrize("count", [40, pytest.param(800, marks=pytest.mark.slow)])
def test_metrics_of_a_told_history_are_those_of_the_file(empty, write, count):
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(re.sub("(?m)^timezone:.*", "timezone: Europe/Berlin", settings.read_text()))
    whole = list(lives(7, count))
    (empty.folder / "f").write_text(write(whole, random.Random(7)))
    empty("import", write.__name__, "f", "--history")
    assert empty.git("fsck", "--strict", check=False) == ""
    for name, wanted in computed(whole, write.__name__).items():
        out = json.loads(empty("metrics", name, "--from", "2026-02-01", "--format", "json"))
        assert {row["title"]: row["days"] for row in out["rows"]} == wanted, name
    assert "as they were" in empty("import", write.__name__, "f", "--history")
    out = empty("list", "is:open,closed", "--format", "csv")
    assert len(out.splitlines()) == count + 1
    assert "tasks/" not in empty.git("status", "--porcelain").replace("tasks/.gitkeep", "")


@pytest.mark.parametrize("write", [trello, jira, beads], ids=lambda each: each.__name__)
def test_a_newer_file_tells_what_has_happened_since(empty, write):
    """Two imports, the second of a newer file, tell what one tells of the newer file alone."""
    empty("init")
    whole = [(1, datetime(2026, 5, 1, 9, tzinfo=UTC), [])]
    day = timedelta(days=1)
    for at, move in enumerate([(0, 1), (1, 2), (2, 3)]):
        one, made, moves = whole[0]
        whole = [(one, made, [*moves, (made + (at + 1) * day, "ana", *move)])]
        (empty.folder / "f").write_text(write(whole, random.Random(1)))
        empty("import", write.__name__, "f", "--history", "--commit")
    said = empty.git("log", "--reverse", "--format=%aI %s").splitlines()
    mine = [line for line in said if " C1: " in line]
    assert len([line for line in mine if "created" in line]) == 1
    assert [line[:10] for line in mine] == (
        ["2026-05-01", "2026-05-04"]
        if write is beads
        else ["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"]
    )
    (row,) = json.loads(empty("list", "is:closed", "--format", "json"))["items"]
    assert row["closed"].startswith("2026-05-04")
    assert row["path"] not in empty.git("status", "--porcelain")


def test_how_often_git_is_asked_for_a_told_history_does_not_grow_with_it(empty, monkeypatch):
    """Its commits have no settings: they were made before the workspace was."""
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.store import runner

    empty("init")
    (empty.folder / "f").write_text(trello(list(lives(7, 40)), random.Random(7)))
    empty("import", "trello", "f", "--history")
    commits = empty.git("rev-list", "HEAD").split()
    assert len(commits) > 100
    asked = []
    real = runner.subprocess.run

    def run(words, **about):
        asked.append(words)
        return real(words, **about)

    monkeypatch.setattr(runner.subprocess, "run", run)
    repo = Workspace(str(empty.folder)).repo
    assert set(repo.blob_ids([(commit, "plaintrack.yml") for commit in commits])) == {""}
    assert len(asked) < 20


def test_counts_and_reports_of_a_told_history_are_those_of_the_actions(empty):
    """Counted from Trello's actions alone: statuses at the ends of days, and what was done in which week."""
    empty("init")
    settings = empty.folder / "plaintrack.yml"
    settings.write_text(re.sub("(?m)^timezone:.*", "timezone: Europe/Berlin", settings.read_text()))
    board = json.loads(trello(list(lives(11, 60)), random.Random(11)))
    (empty.folder / "f").write_text(json.dumps(board))
    empty("import", "trello", "f", "--history")
    actions = sorted(board["actions"], key=lambda each: each["date"])
    ours = dict(zip(NAMES, ("todo", "in-progress", "review", "done"), strict=True))

    def local(action):
        return datetime.fromisoformat(action["date"]).astimezone(BERLIN)

    def standing(day):
        at = {}
        for action in actions:
            if local(action).date().isoformat() <= day:
                data = action["data"]
                at[data["card"]["id"]] = data.get("listAfter", {"name": NAMES[0]})["name"]
        return Counter(ours[name] for name in at.values())

    def counted(*args):
        found = json.loads(empty("stats", "--format", "json", *args))["items"]
        return Counter({each["value"]: each["count"] for each in found})

    assert +counted() == standing("2026-12-31")
    for day in ("2026-03-10", "2026-03-29", "2026-04-20", "2026-05-02"):
        assert +counted("--at", day) == standing(day), day
    done = {}
    for action in actions:
        data = action["data"]
        if data.get("listAfter", {}).get("name") == "Done":
            done[data["card"]["id"]] = f"{local(action):%G-W%V}"
        else:
            done.pop(data["card"]["id"], None)
    report = json.loads(empty("report", "flow", "--since", "2026-02-01", "--format", "json"))
    plots = [each for each in report["sections"] if each["title"] == "Throughput"]
    rows = next(each["rows"] for each in plots if each["kind"] == "plot")
    assert Counter({row["x"]: row["y"] for row in rows if row["y"]}) == Counter(done.values())


@pytest.mark.parametrize("first", [True, False], ids=["on commits", "new"])
@pytest.mark.parametrize("option", [(), ("--commit",)], ids=["by hand", "--commit"])
def test_undo_leaves_the_commits_and_says_how_to_drop_them(work, first, option):
    if first:
        work("add", "Mine")
        work("commit", "-m", "first")
        before = work.git("rev-parse", "HEAD")
    files = {path: path.read_bytes() for path in work.folder.rglob("*.md")}
    work("import", "trello", "b.json", "--history", *option)
    tip = work.git("rev-parse", "HEAD")
    work("undo")
    assert {path: path.read_bytes() for path in work.folder.rglob("*.md")} == files
    assert work.git("rev-parse", "HEAD") == tip
    assert "3 commits stay: the history of these items" in work.err
    command = work.err.partition("as they are: `")[2].partition("`")[0]
    subprocess.run(command, shell=True, cwd=work.folder, env=work.env, check=True, timeout=60)
    assert {path: path.read_bytes() for path in work.folder.rglob("*.md")} == files
    if first:
        assert work.git("rev-parse", "HEAD") == before
    else:
        assert work.git("log", check=False) == ""
    work("check")


@pytest.mark.parametrize("how", ["pushed", "more commits", "no history"])
def test_undo_says_what_stands_against_dropping_them(work, how, tmp_path):
    work("import", "trello", "b.json", *(["--history"] if how != "no history" else []))
    if how == "pushed":
        work.git("init", "-q", "--bare", str(tmp_path / "far"))
        work.git("remote", "add", "far", str(tmp_path / "far"))
        work.git("push", "-q", "far", "main")
    elif how == "more commits":
        (work.folder / "note.txt").write_text("mine")
        work.git("add", "note.txt")
        work.git("commit", "-qm", "mine")
    work("undo")
    said = {"pushed": "they were pushed: leave them", "more commits": "takes a rebase"}
    assert said.get(how, "") in work.err
    assert "git reset" not in work.err
    assert (how == "no history") == ("stay" not in work.err)


def test_undo_of_a_newer_import_names_its_own_commits_only(work):
    work("import", "trello", "b.json", "--history", "--commit")
    board = json.loads((work.folder / "b.json").read_text())
    board["actions"].insert(0, move(12, "Done", "Doing"))
    board["cards"][0]["idList"] = "l1"
    (work.folder / "b.json").write_text(json.dumps(board))
    time.sleep(1.1)  # a reflog counts seconds
    before = work.git("rev-parse", "HEAD")
    work("import", "trello", "b.json", "--history")
    work("undo")
    assert "1 commit stays: the history of these items" in work.err
    assert f"`git reset {before[:10]}`" in work.err
