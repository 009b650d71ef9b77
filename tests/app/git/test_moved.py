"""A workspace that moved within its repository has one history: before and after, among other workspaces, merged and in pieces."""

import random
import shutil
from typing import NamedTuple

import pytest
from conftest import Shell
from git_help import change, commit
from team import LOGIN, UMLAUT, clones, identity, put

from plaintrack.app.snapshot import review
from plaintrack.app.snapshot.history import history
from plaintrack.app.snapshot.past import at
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.index.history import Look

ITEM = "---\nid: {}\ntitle: Work {}\nstatus: {}\ncreated: 2026-11-01\n---\n{}\n"
STATUSES = ("todo", "in-progress", "review", "done")
PLACES = ("", "pm", "work/pm", "a b/täsks", ".plan")
FOLDERS = ("tasks", "items", ".tickets", "x/y")


class Model(NamedTuple):
    """A workspace as one commit has it: where it is, its folder of items, id → status, and (id, what happened) so far."""

    place: str
    folder: str
    items: dict[str, str]
    events: frozenset[tuple[str, str, str]]


def root(shell, place):
    return shell.folder / place if place else shell.folder


def write(shell, model, item, status):
    body = "\n".join(f"{item} {number}" for number in range(6))
    put(
        shell,
        "/".join(filter(None, (model.place, model.folder, f"{item}-x.md"))),
        ITEM.format(item, item, status, body),
    )


def settings(shell, model):
    put(
        shell,
        f"{model.place}/plaintrack.yml".lstrip("/"),
        f"timezone: UTC\nfolders: ['{model.folder}']\n",
    )


def begin(shell, place, folder, names):
    model = Model(place, folder, {}, frozenset())
    settings(shell, model)
    for item in names:
        model = added(shell, model, item)
    return model


def added(shell, model, item):
    write(shell, model, item, "todo")
    return model._replace(
        items={**model.items, item: "todo"}, events=model.events | {(item, "created", "")}
    )


def edited(shell, model, item, status):
    write(shell, model, item, status)
    if status == model.items[item]:
        return model
    return model._replace(
        items={**model.items, item: status},
        events=model.events | {(item, model.items[item], status)},
    )


def moved(shell, model, place, folder=None):
    """Move settings and items to another place, and perhaps to another folder there."""
    folder = folder or model.folder
    new = model._replace(place=place, folder=folder)
    start, end = root(shell, model.place), root(shell, place)
    for old, target in (
        (start / "plaintrack.yml", end / "plaintrack.yml"),
        (start / model.folder, end / folder),
    ):
        if old != target and old.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(old, target)
    settings(shell, new)
    return new


def told(shell, model):
    """All that history says of the workspace, row for row."""
    workspace = Workspace(str(root(shell, model.place)))
    return [tuple(each) for each in history(workspace).events(Look(initial=True))]


def right(shell, model, before=()):
    """History says what happened to the items of this workspace, and nothing else; and what they were in the commits ``before``."""
    workspace = Workspace(str(root(shell, model.place)))
    found = set()
    for each in history(workspace).events(Look()):
        about = each.change
        if about.kind == "created":
            found.add((about.id, "created", ""))
        elif about.kind == "set":
            found.add((about.id, about.old, about.new))
        else:
            assert about.kind == "moved", about
    assert found == set(model.events)
    for name, old in before:
        past = at(workspace, name)
        rows = dict(
            past.index.connection.execute("SELECT id, json_extract(data, '$.status') FROM item")
        )
        assert rows == old.items, (name, old.place)
        for wanted in (name, f"{name}..HEAD"):
            differing = {
                each.id: (
                    each.old and each.old.text("status"),
                    each.new and each.new.text("status"),
                )
                for each in review.review(workspace, wanted).items
                if {one.kind for one in each.changes} != {"moved"}
            }
            both = {
                item: (old.items.get(item), model.items.get(item))
                for item in {*old.items, *model.items}
            }
            assert differing == {item: each for item, each in both.items() if each[0] != each[1]}, (
                wanted,
                old.place,
            )


def merged(base, ours, theirs):
    """The workspace after a merge; None if both sides moved it, or changed one item."""
    place, folder = (
        (theirs if ours[n] == base[n] else ours)[n]
        if ours[n] == base[n] or theirs[n] == base[n]
        else None
        for n in (0, 1)
    )
    if (
        place is None
        or folder is None
        or (ours.items.keys() != theirs.items.keys() and ours[:2] != theirs[:2])
    ):
        return None
    items = {}
    for item in {*ours.items, *theirs.items}:
        was, mine, yours = (each.items.get(item) for each in (base, ours, theirs))
        if mine != was and yours != was:
            return None
        items[item] = yours if mine == was else mine
    return Model(place, folder, items, ours.events | theirs.events)


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=pytest.mark.slow) if n else n for n in range(60)]
)
def test_two_workspaces_that_move_about_are_never_mixed_up(empty, seed):
    shell, rng = empty, random.Random(seed)
    shell.git("config", "core.quotePath", "false")
    put(shell, "code.txt", "one\n")
    commit(shell, "before", "2026-01-01T00:00:00Z")
    places = rng.sample(PLACES, 2)
    state = {
        name: begin(shell, place, rng.choice(FOLDERS), [f"{name}-{n}" for n in range(3)])
        for name, place in zip("AB", places, strict=True)
    }
    states = {commit(shell, "start", "2026-01-02T00:00:00Z"): dict(state)}
    counter, side = iter(range(10, 999)), None
    for step in range(14):
        name = rng.choice("AB")
        mine, other = state[name], state["B" if name == "A" else "A"]
        kind = rng.choice(
            ["edit", "edit", "edit", "add", "move", "move", "rename", "both", "branch", "copy"]
        )
        free = [
            each
            for each in PLACES
            if each not in (mine.place, other.place)
            and not (shell.folder / each / "plaintrack.yml").exists()
        ]
        if kind in ("move", "both"):
            folder = rng.choice(FOLDERS) if kind == "both" else mine.folder
            mine = moved(shell, mine, rng.choice(free), folder)
        if kind == "rename":
            mine = moved(shell, mine, mine.place, rng.choice(FOLDERS))
        if kind == "add":
            mine = added(shell, mine, f"{name}-{next(counter)}")
        elif kind in ("edit", "both") or rng.random() < 0.3:
            mine = edited(shell, mine, rng.choice(sorted(mine.items)), rng.choice(STATUSES))
        if kind == "copy" and len(free) > 2:
            put(
                shell,
                f"{free[0]}/plaintrack.yml".lstrip("/"),
                (root(shell, mine.place) / "plaintrack.yml").read_text(),
            )
            shutil.copytree(
                root(shell, mine.place) / mine.folder,
                root(shell, free[0]) / mine.folder,
                dirs_exist_ok=True,
            )
        state[name] = mine
        head = commit(shell, f"step {step}", f"2026-01-03T{step:02}:00:00Z")
        states[head] = dict(state)
        if kind == "branch" and side is None:
            side = (f"side{step}", head)
            shell.git("branch", side[0])
            if rng.random() < 0.5:
                shell.git("switch", "-q", side[0])
                side = ("main", head)
        elif side and rng.random() < 0.4:
            wanted = {
                each: merged(
                    states[side[1]][each],
                    state[each],
                    states[shell.git("rev-parse", side[0]).strip()][each],
                )
                for each in "AB"
            }
            shell.git(
                "-c",
                "merge.directoryRenames=true",
                "merge",
                "-q",
                "--no-ff",
                "-m",
                "merge",
                side[0],
                check=False,
            )
            if (
                None in wanted.values()
                or shell.git("status", "--porcelain")
                or not all(same(shell, each) for each in wanted.values())
            ):
                shell.git("reset", "-q", "--hard", head)
                shell.git("clean", "-qfd")
            else:
                state = wanted
                states[shell.git("rev-parse", "HEAD").strip()] = dict(state)
            side = None
        elif side and rng.random() < 0.3:
            there = shell.git("branch", "--show-current").strip()
            shell.git("switch", "-q", side[0])
            state = dict(states[shell.git("rev-parse", "HEAD").strip()])
            side = (there, side[1])
        if rng.random() < 0.4:
            told(shell, state[name])  # in pieces
    shell.git("clean", "-qfd")
    reached = set(shell.git("rev-list", "HEAD").split())
    for name, model in state.items():
        past = [(each, known[name]) for each, known in states.items() if each in reached]
        right(shell, model, rng.sample(past, min(4, len(past))))
    whole = {name: told(shell, model) for name, model in state.items()}
    shutil.rmtree(shell.folder / ".git/plaintrack")
    assert {name: told(shell, model) for name, model in state.items()} == whole


def same(shell, model):
    """Whether the files are as the model says: git may have merged otherwise."""
    folder = root(shell, model.place) / model.folder
    found = {
        path.name.removesuffix("-x.md"): path.read_text().split("status: ")[1].split("\n")[0]
        for path in folder.rglob("*-x.md")
    }
    return found == model.items and (root(shell, model.place) / "plaintrack.yml").exists()


MOVES = {
    "down": ("", "pm/", "tasks", "tasks"),
    "up": ("pm/", "", ".tickets", ".tickets"),
    "aside": ("pm/", "work/pm/", "tasks", "items"),
    "odd": ("a b/", "x/.y/", "täsks", "a b/täsks"),
}
RULES = "name: r\non: created\ndo:\n- add: {tags: fresh}\n"


def carried(shell, start, end, old, new):
    """Move a workspace with git, its automations and archive too, and rename the folder of items, if that is asked."""
    (shell.folder / end).mkdir(parents=True, exist_ok=True)
    for name, target in (
        ("plaintrack.yml",) * 2,
        (old, new),
        ("automations",) * 2,
        ("archive", "archive" if old == new else "past"),
        ("comments",) * 2,
    ):
        (shell.folder / end / target).parent.mkdir(parents=True, exist_ok=True)
        shell.git("mv", start + name, end + target)
    if old != new:
        change(shell, end + "plaintrack.yml", (f"'{old}'", f"'{new}'"))
        put(
            shell,
            end + "plaintrack.yml",
            (shell.folder / end / "plaintrack.yml").read_text() + "archive: past\n",
        )


def laid(shell, place, folder):
    """Two items, one of them on, a third in the archive, a comment and a rule."""
    put(shell, f"{place}plaintrack.yml", f"timezone: UTC\nfolders: ['{folder}']\n")
    put(shell, f"{place}automations/r.yml", RULES)
    for item, where in (("PT-aaaaaa", folder), ("PT-bbbbbb", folder), ("PT-cccccc", "archive")):
        put(
            shell,
            f"{place}{where}/{item}-x.md",
            ITEM.format(item, item, "done" if where == "archive" else "todo", item),
        )
    put(
        shell,
        f"{place}comments/PT-aaaaaa/20261110T100000Z-ann.md",
        "---\nauthor: ann\n---\nWell.\n",
    )
    commit(shell, "start", "2026-11-10T10:00:00Z")
    change(shell, f"{place}{folder}/PT-aaaaaa-x.md", ("todo", "review"))
    commit(shell, "on", "2026-11-11T10:00:00Z")


def in_order(shell, began, on, since, updated="2026-11-11"):
    """What the doors say of a workspace that moved in a commit after ``since``, and in no other way."""
    log = shell("log", "PT-aaaaaa")
    assert log.count("created") == 1
    assert "status: todo → review" in log
    assert "deleted" not in shell("log")
    assert on[:10] in shell("show", "PT-aaaaaa", "--blame")
    assert shell("list", "--at", began, "status:todo", "--format", "ids").split() == [
        "PT-aaaaaa",
        "PT-bbbbbb",
    ]
    assert shell("list", "--at", on, "status:review", "--format", "ids").split() == ["PT-aaaaaa"]
    assert shell("list", "was:status=todo", "--format", "ids").split() == ["PT-aaaaaa", "PT-bbbbbb"]
    assert shell("list", "changed:status>=2026-11-11", "--format", "ids").split() == ["PT-aaaaaa"]
    said = shell("diff", began)
    assert "1 moved on" in said.partition("\n")[0]
    assert not {"Added", "Deleted"} & set(said.split("\n"))
    shell("check", "--since", since)
    assert "fired 0 times" in shell("rules", "test", "r", "--since", since)
    assert shell("rules", "run", "--since", since, "--dry-run") == ""
    assert updated in shell("list", "PT-aaaaaa", "--columns", "updated", "--at", "HEAD")
    assert shell("list", "is:archived", "--at", began, "--format", "ids") == "PT-cccccc\n"


@pytest.mark.parametrize(
    "how", [pytest.param(each, marks=[] if each == "odd" else [pytest.mark.slow]) for each in MOVES]
)
def test_a_moved_workspace_has_one_history_at_every_door(empty, how):
    top, (start, end, old, new) = empty, MOVES[how]
    laid(top, start, old)
    began, on = top.git("rev-parse", "HEAD~1", "HEAD").split()
    carried(top, start, end, old, new)
    shell = Shell(top.folder / end)
    shell.env = top.env
    in_order(shell, began, on, "HEAD")  # not committed yet
    assert "was moved here" in shell("commit", code=1) + shell.err
    commit(top, "move", "2026-11-12T10:00:00Z")
    in_order(shell, began, on, "HEAD~1", "2026-11-11" if old == new else "2026-11-12")
    assert "PT-aaaaaa" not in shell("check", "--since", "HEAD~1..HEAD")
    shell("set", "PT-bbbbbb", "status=review")
    shell("undo")
    assert shell.git("status", "--porcelain") == ""
    shell("set", "PT-bbbbbb", "status=done")
    shell("commit")
    assert "status: todo → done" in shell("log", "PT-bbbbbb")


def test_a_branch_from_before_the_move_is_merged_and_seen(empty):
    laid(empty, "", "tasks")
    began, on = empty.git("rev-parse", "HEAD~1", "HEAD").split()
    empty.git("switch", "-qc", "side")
    change(empty, "tasks/PT-bbbbbb-x.md", ("todo", "in-progress"))
    commit(empty, "side", "2026-11-11T12:00:00Z")
    empty.git("switch", "-q", "main")
    carried(empty, "", "pm/", "tasks", "items")
    change(empty, "pm/items/PT-aaaaaa-x.md", ("review", "done"))
    move = commit(empty, "move", "2026-11-12T10:00:00Z")
    shell = Shell(empty.folder / "pm")
    shell.env = empty.env
    seen = shell("branch")
    assert "PT-bbbbbb" in seen
    assert "PT-aaaaaa" not in seen
    assert "todo → in-progress" in shell("diff", "HEAD...side")
    empty.git("switch", "-q", "side")  # and the other way round: the move is on a branch
    assert "PT-aaaaaa" in empty("branch")
    assert "review → done" in empty("diff", "HEAD...main")
    assert (
        empty("list", "--at", "main", "status:done", "not is:archived", "--format", "ids")
        == "PT-aaaaaa\n"
    )
    assert "deleted" not in empty("diff", "HEAD..main")
    empty.git("switch", "-q", "main")
    empty.git("merge", "-q", "side", "-m", "merge")
    log = shell("log")
    assert log.count("todo → in-progress") == 1
    assert log.count("created") == 3
    assert "deleted" not in log
    assert "review → done" in shell("log", "PT-aaaaaa")
    shell("check", "--since", f"{on}..HEAD")
    assert shell("list", "--at", move, "status:todo", "--format", "ids") == "PT-bbbbbb\n"
    assert began


def test_a_shallow_clone_knows_the_move_as_far_as_it_goes_back(empty, tmp_path):
    laid(empty, "", "tasks")
    carried(empty, "", "pm/", "tasks", "tasks")
    commit(empty, "move", "2026-11-12T10:00:00Z")
    put(empty, "code.txt", "one\n")
    commit(empty, "code", "2026-11-13T10:00:00Z")
    for depth, events in ((1, 0), (2, 0), (3, 0), (4, 1)):
        Shell(tmp_path).git(
            "clone", "-q", "--depth", str(depth), f"file://{empty.folder}", f"clone{depth}"
        )
        shell = identity(Shell(tmp_path / f"clone{depth}/pm"), "ann")
        log = shell("log")
        assert log.count("todo → review") == events
        assert log.count("created") == 3
        shell.git("fetch", "-q", "--unshallow", check=False)
        assert shell("log") == Shell(empty.folder / "pm")("log")


def test_a_copy_a_split_and_a_place_used_again_are_not_moves(empty):
    laid(empty, "a/", "tasks")
    shutil.copytree(empty.folder / "a", empty.folder / "b")
    commit(empty, "copy", "2026-11-12T10:00:00Z")
    one, two = Shell(empty.folder / "a"), Shell(empty.folder / "b")
    assert one("log").count("created") == 3
    assert "2026-11-12" not in one("log")
    assert two("log").count("created") == 3
    assert "todo → review" not in two("log")  # it began as a copy
    empty.git("mv", "a", "c")
    commit(empty, "move", "2026-11-13T10:00:00Z")
    put(empty, "a/plaintrack.yml", "timezone: UTC\n")
    put(empty, "a/tasks/PT-dddddd-x.md", ITEM.format("PT-dddddd", "D", "todo", ""))
    commit(empty, "another", "2026-11-14T10:00:00Z")
    assert "PT-aaaaaa" not in one("log")
    assert one("list", "--at", "HEAD~1", "--all", "--format", "ids") == ""
    log = Shell(empty.folder / "c")("log")
    assert "todo → review" in log
    assert "PT-dddddd" not in log
    empty.git("rm", "-rq", "b")
    put(empty, "e/plaintrack.yml", "timezone: UTC\n")
    put(empty, "e/tasks/PT-eeeeee-x.md", ITEM.format("PT-eeeeee", "E", "todo", ""))
    commit(empty, "one goes, one comes", "2026-11-15T10:00:00Z")
    assert Shell(empty.folder / "e")("log").count("created") == 1
    assert Shell(empty.folder / "e")("diff", "HEAD~1").count("PT-") == 1


def test_clones_sync_across_the_move_and_may_both_make_it(tmp_path):
    shells = clones(tmp_path, "ann", "bob", "cid")
    ann, bob, cid = shells
    change(ann, LOGIN, ("todo", "review"))
    commit(ann, "on")
    for shell in (ann, cid):
        (shell.folder / "pm").mkdir()
        shell.git("mv", "tasks", "plaintrack.yml", "pm/")
        commit(shell, f"move {shell.folder.name}")
    ann.git("push", "-q")
    change(bob, UMLAUT, ("todo", "done"))
    commit(bob, "done")
    said = bob("sync")
    assert "is now in pm/" in bob.err
    assert "status: todo → review" in said
    assert "status: todo → done" in said
    assert "deleted" not in said
    cid.git("pull", "-q", "--no-rebase")
    logs = []
    for shell in (bob, cid):
        shell.folder = shell.folder / "pm"
        logs.append(shell("log"))
        assert logs[-1].count("created") == 2
        assert "deleted" not in logs[-1]
        assert "todo → review" in logs[-1]
        assert "todo → done" in logs[-1]


@pytest.mark.parametrize("up", [True, False])
def test_only_the_settings_move_and_the_items_stay(empty, up):
    folders = ("tasks", "pm/tasks") if up else ("pm/tasks", "tasks")
    start, end = ("pm/", "") if up else ("", "pm/")
    put(empty, f"{start}plaintrack.yml", f"timezone: UTC\nfolders: [{folders[0]}]\n")
    put(empty, "pm/tasks/PT-aaaaaa-x.md", ITEM.format("PT-aaaaaa", "A", "todo", ""))
    commit(empty, "start", "2026-11-10T10:00:00Z")
    change(empty, "pm/tasks/PT-aaaaaa-x.md", ("todo", "review"))
    commit(empty, "on", "2026-11-11T10:00:00Z")
    empty.git("mv", f"{start}plaintrack.yml", f"{end}plaintrack.yml")
    change(empty, f"{end}plaintrack.yml", (folders[0], folders[1]))
    commit(empty, "move", "2026-11-12T10:00:00Z")
    shell = Shell(empty.folder / end)
    log = shell("log")
    assert log.count("created") == 1
    assert "todo → review" in log
    assert "deleted" not in log
    assert shell("list", "--at", "HEAD~2", "status:todo", "--format", "ids") == "PT-aaaaaa\n"
    assert "1 moved on" in shell("diff", "HEAD~2")
