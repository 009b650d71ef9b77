"""Whatever changes an item, whoever looks at it then, in whatever kind of workspace: one small test a cell.

A producer gives one item the title "Zebra run" (``recur`` makes an item of that title, ``render`` a page that names it); a consumer
says what follows from that. The diagonal is quick; all cells belong to the long suite.
"""

import json
import os
import re
import shutil
import stat

import pytest
from conftest import ROOT, Shell
from watching import Watcher

TITLE = "Zebra run"
ITEM = "---\nid: {}\ntitle: {}\nstatus: todo\n{}---\nText.\n"
PAGE = "# Index\n<!-- plaintrack: list title:zebra* -->\n<!-- /plaintrack -->\n"


def put(shell, path, text):
    place = shell.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


# Kinds of workspaces: each gives a committed workspace.


def own(shell, folder="tasks", below=""):
    shell.folder = shell.folder / below
    put(shell, "plaintrack.yml", f"timezone: UTC\nfolders: ['{folder}']\n")
    put(shell, f"{folder}/PT-aaaaaa-one.md", ITEM.format("PT-aaaaaa", "One", ""))
    put(shell, f"{folder}/PT-bbbbbb-two.md", ITEM.format("PT-bbbbbb", "Two", ""))
    return committed(shell)


def adopted(shell, tracker):
    shutil.copytree(ROOT / "tests/cases/adopt" / tracker, shell.folder, dirs_exist_ok=True)
    shell("init", "--adopt", ".")
    return committed(shell)


def worktree(shell):
    own(shell)
    shell.git("worktree", "add", "-q", "-b", "work", str(shell.folder.parent / "tree"))
    return Shell(shell.folder.parent / "tree")


def sparse(shell):
    own(shell)
    shell.git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/PT-bbbbbb-two.md")
    return shell


def partial(shell):
    own(shell)
    for key in ("allowFilter", "allowAnySHA1InWant"):
        shell.git("config", f"uploadpack.{key}", "true")
    there = shell.folder.parent / "partial"
    shell.git("clone", "-q", "--filter=blob:none", f"file://{shell.folder}", str(there))
    found = Shell(there)
    found.git("config", "user.name", "Jonas Okafor")
    found.git("config", "user.email", "jonas@rinnwerk.example")
    found.git("remote", "remove", "origin")
    return found


def committed(shell, message="start"):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message, check=False)
    return shell


KINDS = {
    "own": own,
    "backlog": lambda shell: adopted(shell, "backlog"),
    "ticket": lambda shell: adopted(shell, "ticket"),
    "tasknotes": lambda shell: adopted(shell, "tasknotes"),
    "beans": lambda shell: adopted(shell, "beans"),
    "kanban-md": lambda shell: adopted(shell, "kanban-md"),
    "taskmd": lambda shell: adopted(shell, "taskmd"),
    "dot folder": lambda shell: own(shell, "x/.y/tä sks"),
    "worktree": worktree,
    "below": lambda shell: own(shell, below="plan ning"),
    "sparse": sparse,
    "partial": partial,
}


def items(shell, *words):
    return json.loads(shell("list", *words, "--format", "json"))["items"]


class Place:
    """A workspace, and the open item that is to change."""

    def __init__(self, shell):
        self.shell = shell
        self.item = min(items(shell, "is:open", "is:ready"), key=lambda each: each["path"])
        self.id, self.path = self.item["id"], shell.folder / self.item["path"]

    @property
    def text(self):
        return self.path.read_text("utf-8")

    def retitled(self, title=TITLE):
        """The text of the item with another title, as someone would type it."""
        old = re.escape(self.item["title"])
        found, count = re.subn(
            rf"(?m)^(title: |# )['\"]?{old}['\"]?$", rf"\g<1>{title}", self.text, count=1
        )
        return found if count else self.text.replace("---\n", f"---\ntitle: {title}\n", 1)

    def again(self):
        """The same workspace at another place."""
        return Place(self.shell)

    def commit(self, message):
        committed(self.shell, message)


# Producers: each is a function of a Place.


def by_set(place):
    place.shell("set", place.id, f"title={TITLE}")


def by_edit(place):
    editor = place.shell.folder.parent / "editor"
    wanted = place.shell.folder.parent / "wanted"
    wanted.write_text(place.retitled(), "utf-8")
    editor.write_text(f'#!/bin/sh\ncp "{wanted}" "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    place.shell("edit", place.id, EDITOR=str(editor))


def by_hand(place):
    place.path.write_text(place.retitled(), "utf-8")


def by_rule(place):
    rule = "name: zebra\non: {changed: priority}\ndo:\n- set: {title: Zebra run}\n"
    put(place.shell, "automations/zebra.yml", rule)
    place.shell("rules", "run")
    place.commit("a rule")
    other = next(each for each in choices(place) if each != place.item.get("priority"))
    place.shell("set", place.id, f"priority={other}")


def choices(place):
    said = place.shell("config", "priorities").split(":", 1)[1]
    return [each.strip(" '\"") for each in said.strip(" []\n").split(",")]


def by_recur(place):
    by_set(place)
    place.shell("set", place.id, "due=2026-11-20", "repeat=every week")
    place.commit("it recurs")
    place.shell("done", place.id)


def by_watch(place):
    with Watcher(place.shell) as watcher:
        by_hand(place)
        watcher.await_(
            lambda: any("Zebra" in each for each in watcher.texts()), "it tells the title"
        )


def by_sync(place):
    shell = place.shell
    top = shell.folder.parent / "sync"
    top.mkdir()
    hub = Shell(top)
    hub.git("init", "-q", "--bare", "hub.git")
    branch = shell.git("branch", "--show-current").strip()
    shell.git("remote", "add", "hub", str(top / "hub.git"))
    shell.git("push", "-qu", "hub", branch)
    hub.git("clone", "-q", "-b", branch, "hub.git", "other")
    inside = shell.git("rev-parse", "--show-prefix").strip()
    other = Shell(top / "other" / inside)
    other.git("config", "user.name", "Ines")
    other.git("config", "user.email", "ines@rinnwerk.example")
    other("set", place.id, f"title={TITLE}")
    other("commit")
    other.git("push", "-q")
    shell("sync")


def by_merge(place):
    shell = place.shell
    shell.git("switch", "-qc", "side")
    by_hand(place)
    place.commit("there")
    shell.git("switch", "-q", "-")
    put(shell, "code.txt", "here\n")
    place.commit("here")
    shell.git("merge", "-q", "--no-edit", "side")


def by_doctor(place):
    place.path.write_text(place.retitled().replace("---\n", "---\nnote: a: b\n", 1), "utf-8")
    place.shell("doctor", "--fix")
    assert "note: 'a: b'" in place.text


def by_render(place):
    by_set(place)
    put(place.shell, "INDEX.md", PAGE)
    place.shell("render")


PRODUCERS = {
    each.__name__.removeprefix("by_"): each
    for each in (
        *(by_set, by_edit, by_hand, by_rule, by_recur, by_sync, by_merge, by_doctor, by_render),
        by_watch,
    )
}
UNDONE = {"set", "edit", "rule", "recur", "doctor"}
"""Those whose last step is a command that ``undo`` takes back."""


# Consumers.


def index(place):
    found = items(place.shell, "title:zebra*", "is:open")
    assert [each["title"] for each in found] == [TITLE]
    assert "the index differs" not in place.shell.run(("doctor",), place.shell.env).stdout


def search(place):
    assert TITLE in place.shell("search", "zebra")


def history(place):
    place.commit("zebra")
    (found,) = items(place.shell, "title:zebra*", "is:open")
    assert TITLE in place.shell("log", found["id"])
    assert TITLE in place.shell("list", "title:zebra*", "--at", "HEAD")
    assert place.shell("diff") == ""


def check(place):
    said = json.loads(place.shell.run(("check", "--format", "json"), place.shell.env).stdout)
    broken = [each for each in said["findings"] if each["code"][:3] in ("PT0", "PT1", "PT2")]
    assert broken == []


def rules(place):
    put(
        place.shell,
        "automations/told.yml",
        "name: told\non: {changed: title}\ndo:\n- comment: said\n",
    )
    place.shell("rules", "run")
    before = tree(place)
    place.shell("set", place.again_id(), "title=Zebra runs")
    assert "said" in spoken(place)
    after = tree(place)
    assert "0 fired" in place.shell("rules", "run") + place.shell.err
    assert tree(place) == after != before


def spoken(place):
    return "".join(path.read_text() for path in (place.shell.folder / "comments").rglob("*.md"))


def tree(place):
    """The files of the work."""
    return {
        str(path.relative_to(place.shell.folder)): path.read_bytes()
        for path in place.shell.folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(place.shell.folder).parts
    }


def commit(place):
    place.shell.run(("commit",), place.shell.env)
    rest = place.shell.git("status", "--porcelain", "--", os.path.dirname(place.item["path"]))
    assert rest == ""
    place.shell("commit", code=1)  # nothing is left


def live(place):
    put(place.shell, "INDEX.md", PAGE)
    place.shell("render")
    assert TITLE in (place.shell.folder / "INDEX.md").read_text()
    place.shell("render", "--check")


CONSUMERS = (index, search, history, check, rules, commit, live)
Place.again_id = lambda self: items(self.shell, "title:zebra*", "is:open")[0]["id"]

KIND, PRODUCER, CONSUMER = list(KINDS), list(PRODUCERS), [each.__name__ for each in CONSUMERS]
QUICK = (
    {
        (kind, PRODUCER[at % 9], CONSUMER[at % 7])  # the watcher comes last, and is slow
        for at, kind in enumerate(KIND)
    }
    | {("own", producer, CONSUMER[at % 7]) for at, producer in enumerate(PRODUCER[:9], 3)}
    | {("kanban-md", "recur", "check")}  # where ids are numbers
)
CELLS = [
    pytest.param(*cell, marks=[] if cell in QUICK else [pytest.mark.slow])
    for cell in ((k, p, c) for k in KIND for p in PRODUCER for c in CONSUMER)
]


@pytest.mark.parametrize(("kind", "producer", "consumer"), CELLS)
def test_a_change_is_seen(empty, kind, producer, consumer):
    place = Place(KINDS[kind](empty))
    PRODUCERS[producer](place)
    CONSUMERS[CONSUMER.index(consumer)](place)


@pytest.mark.parametrize(
    ("kind", "producer"),
    [
        pytest.param(
            kind,
            producer,
            marks=[] if at % 7 == number % 7 and number % 2 else [pytest.mark.slow],
        )
        for number, kind in enumerate(KIND)
        for at, producer in enumerate(PRODUCER)
    ],
)
def test_undo_takes_back_the_last_command_and_no_more(empty, kind, producer):
    place = Place(KINDS[kind](empty))
    if producer == "edit":
        before = tree(place)
        by_edit(place)
    elif producer in UNDONE:
        before = None
        PRODUCERS[producer](place)
    else:
        PRODUCERS[producer](place)
        after = tree(place)
        run = place.shell.run(("undo",), place.shell.env)
        assert (run.returncode != 0) == (tree(place) == after)
        return
    place.shell("undo")
    if before:
        assert tree(place) == before
    elif producer == "recur":
        assert place.shell.git("status", "--porcelain") == ""
    elif producer == "doctor":
        assert "note: a: b\n" in place.text
    else:
        assert TITLE not in place.text
