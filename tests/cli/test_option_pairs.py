"""Two options of one command: both act, or the command refuses them; none is dropped in silence.

A command is run with neither, with each alone and with both, in a workspace where each alone has an effect. Both act where the pair
looks like neither of the two alone. All pairs belong to the long suite; what is refused is quick.
"""

import itertools
import json
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

import click
import pytest
from conftest import ROOT, Shell, _repository

from plaintrack.cli.main import plaintrack


class Scene(NamedTuple):
    """The words of a command, each option as it is tried, and a name of what is prepared."""

    words: str
    tried: str
    prepared: str = ""


A, B, C = "PT-7rrpba", "PT-7xz957", "PT-etg5m2"
PATH = "tasks/leak-alerts/PT-7rrpba-impact-assessment.md"
LINKS = "--links=https://x.example/"
ASK = "--format=json --at=HEAD~40"
ROWS = f"--view=mine --columns=id,due --limit=5 {ASK}"
WHEN = "--note=Talk --tag=deep --person=priya --adjust"
LIST = "--view=mine --columns=id,due --sort=-due --group=assignee --limit=5 --all --at=HEAD~40"
SCENES = {
    "add": (
        Scene("Words", "--template=bug --body=Text --dry-run"),
        Scene("", "--form=bug --from=answers.md --dry-run --template=bug --body=Text", "forms"),
    ),
    "approvals": (Scene("", ASK, "approved"),),
    "approve": (Scene(A, "--as=owner --message=Good --dry-run", "owned"),),
    "archive": (Scene("--closed=type:bug", "--closed=type:chore --dry-run"), Scene("--where=type:chore", "--yes --dry-run")),
    "board": (Scene("", f"--view=mine --limit=1 {LINKS} {ASK}"), Scene("--format=markdown", f"--limit=1 {LINKS} --at=HEAD~40")),
    "comment": (Scene(f"{A} Words.", "--answer=1 --resolve=1 --dry-run"),),
    "commit": (Scene("", "--message=Mine --dry-run", "changed"),),
    "config": (Scene("", "--own --format=json"),),
    "conflicts": (
        Scene("", "--field=estimate --take=ours --interactive --format=json --dry-run", "merging"),
        Scene("--take=ours", "--field=estimate --stage --format=json --dry-run", "merging"),
        Scene("--interactive", "--field=estimate --format=json --dry-run", "merging"),
    ),
    "delete": (Scene(A, "--yes --dry-run"),),
    "diff": (Scene("", f"--staged --format=json {LINKS} --exit-code", "changed"), Scene("--format=markdown", f"--staged {LINKS} --exit-code", "changed")),
    "doctor": (Scene("", "--fix --format=json", "faulty"),),
    "equipment": (Scene("", ASK), Scene("drone units=2", f"--new --dry-run {ASK}"), Scene("van units=3", f"--new --dry-run {ASK}")),
    "export": (
        Scene("ical", "--view=late --what=due --output=out.ics --vdir=dir --at=HEAD~40"),
        Scene("todotxt", "--view=late --output=out.txt --at=HEAD~40"),
    ),
    "import": (
        Scene("markdown boxes.md", "--mapping=map.yml --name=boxes --prefer=there --commit --dry-run --format=json", "boxed"),
        Scene("markdown boxes.md", "--save-mapping=new.yml --mapping=map.yml", "boxed"),
        Scene("trello board.json", "--history --commit --dry-run --name=cards --format=json", "boxed"),
    ),
    "inbox": (Scene("", "--read=all --digest=week --of=jonas --format=json"),),
    "init": (
        Scene("", "--prefix=ZZ --adopt=. --dry-run --git --hooks --live --undo", "foreign"),
        Scene("", "--prefix=ZZ --git --hooks --live --undo", "bare"),
        Scene("", "--git --hooks --live --undo"),
        Scene("", "--git --hooks --undo", "put_up"),
    ),
    "list": (Scene("", f"{LIST} --relative {LINKS} --format=json"), Scene("--format=markdown", f"{LINKS} {LIST}")),
    "log": (Scene("", "--field=due --by=amelie --since=2026-11-10 --until=2026-11-12 --limit=2 --patch --format=json"),),
    "sla": (Scene("", ASK),),
    "next": (Scene("", f"{ROWS} --relative"),),
    "owners": (Scene("", "--since=HEAD~9 --format=json --at=HEAD~40", "owned"),),
    "people": (Scene("", ASK), Scene("zoe leave=2026-12-09", f"--new --dry-run {ASK}"), Scene("priya leave+=2026-12-09", f"--dry-run {ASK}")),
    "project show": (Scene("PT-45fpas", f"--plan --compare=HEAD~40 {LINKS} {ASK}"), Scene("PT-45fpas --format=markdown", f"--plan --compare=HEAD~40 {LINKS} --at=HEAD~20")),
    "project status": (Scene("", f"{LINKS} {ASK}"), Scene("--format=markdown", f"{LINKS} --at=HEAD~40")),
    "rank": (
        Scene("", "--rebalance --dry-run --columns=id --format=json --at=HEAD~1", "ranked"),
        Scene(B, f"--before={A} --after={A} --top --bottom --rebalance --dry-run --columns=id --format=json --at=HEAD~1", "ranked"),
    ),
    "publish": (Scene("../out", f"--dry-run {ASK}"),),
    "recur": (Scene("", "--preview=2 --format=json --dry-run", "due"),),
    "reject": (Scene(A, "--as=owner --message=Bad --dry-run", "owned"),),
    "render": (Scene("", "--check --dry-run --today=2026-12-24", "live"),),
    "report": (Scene("weekly", "--since=2026-11-01 --format=json --output=json=out.json --at=HEAD~40"),),
    "rules log": (Scene("", "--limit=1 --format=json", "fired"),),
    "rules run": (Scene("", "--dry-run --since=HEAD~9", "ruled"),),
    "rules test": (Scene("close-parent", "--since=2026-09-01 --format=json"),),
    "score": (Scene("", f"--model=bugs --why --limit=1 {ASK}"),),
    "search": (Scene("gateway", f"{ROWS} --relative"),),
    "set": (Scene("priority=low", "--view=mine --where=type:chore --yes --dry-run"), Scene(f"{A} status=review", "--force=Reason --dry-run")),
    "show": (Scene(A, f"--why --blame --columns=id,status,remaining,updated {LINKS} {ASK}"), Scene(f"{A} --format=markdown", f"--why --blame {LINKS} --at=HEAD~40")),
    "start": (Scene(C, "--branch --timer --dry-run --comment=Why."), Scene("--where=type:chore", "--comment=Why. --yes --dry-run")),
    "stats": (Scene("", f"--view=mine --sum=estimate --by=assignee {ASK}"),),
    "time accuracy": (Scene("", f"--by=type {ASK}"),),
    "time log": (Scene(f"{A} 20m", f"--at=07:30 {WHEN} --remaining=1d --dry-run"),),
    "assign": (Scene(f"{A} tom", "--add --dry-run"), Scene("tom", "--where=type:chore --add --yes --dry-run")),
    "cancel": (Scene(A, "--comment=Why. --force=Reason --dry-run"), Scene("--where=type:chore", "--comment=Why. --yes --dry-run")),
    "check": (
        Scene("", "--since=HEAD~40 --staged --format=json --fail-on=never --baseline=base.json --today=2027-06-01", "faulty"),
        Scene("--format=markdown", f"{LINKS} --staged --output=sarif=out.sarif --baseline=base.json", "faulty"),
        Scene("--baseline=base.json", "--write-baseline --staged --format=json --fail-on=never", "faulty"),
        Scene("--since=HEAD~40", "--policy-from=HEAD~1 --format=json", "faulty"),
        Scene("--fix", "--dry-run --format=json --output=sarif=out.sarif --today=2027-06-01", "faulty"),
    ),
    "done": (Scene(A, "--comment=Why. --force=Reason --dry-run"), Scene("--where=type:chore", "--comment=Why. --yes --dry-run")),
    "forecast": (
        Scene("", "--date=2027-03-01 --items=9 --pace=type:bug --growth --backtest --planned --format=json"),
        Scene("--items=9", "--seed=7 --growth --without-bulk --at=HEAD~40"),
    ),
    "goals": (
        Scene("", f"--since=2026-10-01 --per=month {LINKS} {ASK}"),
        Scene("--since=2026-10-01 --format=markdown", f"{LINKS} --per=month --at=HEAD~40"),
    ),
    "health": (Scene("", ASK, "healthy"), Scene("PT-45fpas at-risk --message=Late.", f"--dry-run {ASK}")),
    "metrics": (
        Scene("", "--of=wip --baseline=HEAD~40 --earn=50/50"),
        Scene("throughput", "--from=2026-10-01 --until=2026-11-10 --per=month --by=assignee --size=estimate --format=json"),
        Scene("throughput", "--dates=author --without-bulk --per=day --at=HEAD~40"),
        Scene("xmr", "--of=wip --per=month --from=2026-10-01 --format=json"),
        Scene("value --baseline=HEAD~30", "--earn=50/50 --until=2026-11-10 --format=json"),
    ),
    "plan": (
        Scene("", "--critical --milestones --by=project --weeks=4 --assume=3d --apply --dry-run --at=HEAD~40"),
        Scene("", f"--why={A} --compare=HEAD~40 --without=priya:2026-12-01..2026-12-09 --add=van=1 --format=json"),
        Scene("--format=json", f"--set={A}~estimate=9d --compare=HEAD~40 --critical --milestones --without=priya:2026-12-01..2026-12-09"),
        Scene("--apply --yes", f"--dry-run --assume=3d --set={A}~estimate=9d --format=json"),
    ),
    "reopen": (Scene(C, "--comment=Why. --force=Reason --dry-run"), Scene("--where=type:bug", "--comment=Why. --yes --dry-run")),
    "snooze": (Scene(f"{A} 3d", "--dry-run"), Scene("3d", "--where=type:chore --yes --dry-run")),
    "time approve": (Scene("priya 2026-10", "--note=Good --dry-run", "submitted"),),
    "time continue": (Scene("", "--at=-20m --person=priya", "timed"),),
    "time import": (Scene("more.timeclock", "--person=priya --dry-run", "imported"),),
    "time list": (Scene("", f"--from=2026-10-01 --until=2026-11-10 --person=priya {ASK}"),),
    "time pack": (Scene("", "--before=2026-10 --person=priya --dry-run"),),
    "time reject": (Scene("priya 2026-10 --note=Bad", "--dry-run", "submitted"),),
    "time report": (Scene("", f"--by=person --planned --from=2026-10-01 --until=2026-11-10 --person=priya {ASK}"),),
    "time sheet": (Scene("2026-10", f"--person=priya {ASK}"),),
    "time start": (Scene(A, WHEN),),
    "time stop": (Scene("", "--at=-5m --note=Talk --tag=deep --remaining=1d --adjust --discard", "running"), Scene("", "--note=Talk --dry-run --discard", "running")),
    "time submit": (Scene("2026-10", "--person=priya --dry-run"),),
    "tick": (Scene(f"{A} 1", "--undo --dry-run"),),
    "tree": (Scene("", f"--view=mine --depends --columns=id {ASK}"),),
    "trust": (Scene("", "--show --revoke --yes --format=json", "commanding"),),
    "undo": (Scene("", "--list --command=2 --lost --dry-run --format=json", "journal"),),
    "workload": (Scene("", f"--by=team --per=day --from=2026-12-01 --until=2026-12-20 --planned {ASK}"),),
}  # fmt: skip
EXCUSED = {
    **{
        (name, "--yes", "--dry-run"): "a preview asks nothing"
        for name in ("archive", "cancel", "delete", "done", "reopen", "start")
    },
    ("check", "--fail-on", "--baseline"): "the baseline has all of it",
    ("check", "--links", "--baseline"): "nothing is left to be linked",
    ("list", "--view", "--all"): "the view asks for open work",
    ("list", "--limit", "--all"): "the first ones are open",
    ("log", "--since", "--limit"): "the first ones are since then",
    ("project show", "--plan", "--compare"): "a comparison shows the plan, too",
    ("import", "--commit", "--dry-run"): "a preview commits nothing",
    ("import", "--name", "--prefer"): "what is new under a name is in no conflict",
    ("rank", "--after", "--dry-run"): "it stands there already",
    ("rank", "--columns", "--at"): "the ranks were the same",
    ("plan", "--set", "--without"): "what remains of it is set already: its estimate moves nothing",
    ("search", "--view", "--at"): "who asks has nothing",
    ("search", "--view", "--limit"): "who asks has nothing",
    ("stats", "--view", "--at"): "who asks had nothing then, too",
    ("plan", "--compare", "--add"): "what is added is not needed",
    ("plan", "--without", "--add"): "what is added is not needed",
    ("score", "--why", "--format"): "programs get the inputs without asking",
    ("score", "--limit", "--at"): "the best was the best",
    ("time submit", "--person", "--dry-run"): "hers is submitted already",
    ("undo", "--lost", "--dry-run"): "nothing was written over",
}
"""Where the pair looks like one of the two, and why that is right."""
OUTSIDE = {
    "portfolio load": "needs a server: test_portfolio_loaded",
    "portfolio status": "needs a server: test_portfolio_loaded",
    "triage": "asks on a terminal",
    "project close": "the steps of the example's workflow are all allowed",
    "time edit": "takes the name of an entry, which each workspace gives anew",
    "watch": "goes on until it is stopped",
}
"""Commands with several options and no scene, and why."""
ASKED = (
    *("check", "board", "forecast", "goals", "list", "metrics", "plan", "report", "stats"),
    "workload",
)
UNTRIED = {
    **{
        (name, option): "asks other rows, see test_portfolio_asked.py"
        for name in ASKED
        for option in ("--portfolio", "--stale")
    },
    ("add", "--edit"): "opens an editor",
    ("check", "--links"): "is words of its scene",
    ("publish", "--verify"): "asks another question, and refuses the others",
    ("plan", "--solver"): "needs a library",
    ("plan", "--yes"): "is words of its scene",
    ("start", "--force"): "as with done",
    ("time start", "--at"): "the timer before it would end before it began",
    ("time stop", "--person"): "no other has a timer here",
}
"""Options of commands in the scenes that are in none of them, and why."""


KEEPS = {"inbox", "rules run", "time continue", "time start", "time stop", "trust", "undo"}
"""What keeps something beside the files."""


def put(shell, path, text):
    place = shell.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def forms(shell):
    put(
        shell,
        "templates/bug.md",
        "---\ntype: bug\nform:\n- {field: title, ask: What?}\n- {section: Steps, ask: How?}\n---\n",
    )
    put(shell, "answers.md", "## Title\n\nIt breaks\n\n## Steps\n\nNone\n")


def approved(shell):
    put(
        shell,
        "plaintrack.yml",
        (shell.folder / "plaintrack.yml").read_text()
        + "approvals: {needs: [{query: 'type:bug', of: '1 of jonas'}]}\n",
    )


def owned(shell):
    put(
        shell,
        "plaintrack.yml",
        (shell.folder / "plaintrack.yml").read_text()
        + "owners: [{query: 'type:task', people: [jonas]}]\n",
    )


def put_up(shell):
    shell("init", "--git", "--hooks")


def changed(shell):
    shell("set", A, "due=2026-12-12")
    shell.git("add", "-A")
    shell("set", B, "due=2026-12-13")


def merging(shell):
    shell.git("switch", "-qc", "side")
    shell("set", A, "due=2026-12-11", "estimate=3d")
    shell.git("commit", "-qam", "there")
    shell.git("switch", "-q", "-")
    shell("set", A, "due=2026-12-12", "estimate=4d")
    shell.git("commit", "-qam", "here")
    shell.git("merge", "-q", "side", check=False)


def foreign(shell):
    shutil.rmtree(shell.folder)
    shutil.copytree(ROOT / "tests/cases/adopt/beans", shell.folder)
    shell.git("init", "-q")


def bare(shell):
    shutil.rmtree(shell.folder)
    shell.folder.mkdir()
    shell.git("init", "-q")


def ranked(shell):
    shell("rank", A, "--top")
    shell("rank", B, "--bottom")
    shell("rank", C, "--bottom")


def due(shell):
    put(
        shell,
        "tasks/PT-zzzzzz-odd.md",
        "---\nid: PT-zzzzzz\ntitle: Odd\nstatus: done\nrepeat: weekly\ndue: 2026-11-20\n---\n",
    )


def live(shell):
    put(shell, "LIVE.md", "<!-- plaintrack: list is:overdue -->\n<!-- /plaintrack -->\n")


def ruled(shell):
    put(
        shell,
        "automations/talk.yml",
        "name: talk\non: {changed: status}\ndo:\n- comment: now {status}\n",
    )
    shell("rules", "run")
    text = (shell.folder / PATH).read_text()
    put(shell, PATH, text.replace("in-progress", "review", 1))


def fired(shell):
    ruled(shell)
    shell("rules", "run")
    shell("set", B, "status=review")


def healthy(shell):
    shell("health", "PT-45fpas", "on-track", "-m", "Well.")


def faulty(shell):
    put(
        shell,
        "tasks/PT-zzzzzz-odd.md",
        "---\nid: PT-zzzzzz\ntitle: Odd\nstatus: todo\ndue: 2026/12/1\n---\n",
    )
    shell.git("add", "-A")
    put(
        shell,
        "tasks/PT-yyyyyy-odd.md",
        "---\nid: PT-yyyyyy\ntitle: Odd\nstatus: todo\ndue: 2026-1-1\n---\n",
    )
    put(shell, "base.json", shell.run(("check", "--format", "json"), shell.env).stdout)


def boxed(shell):
    put(shell, "boxes.md", "- [ ] Paint #home\n- [Q] Sand\n")
    shell("import", "markdown", "boxes.md")
    (one, *_) = json.loads(shell("list", "Paint", "--format", "json"))["items"]
    shell("set", one["id"], "tags=blue")
    put(shell, "boxes.md", "- [ ] Paint #house\n- [Q] Sand\n- [Q] Wax\n")
    put(shell, "map.yml", "status:\n  Q: done\n")
    card = {"id": "5f000000a", "name": "Fix", "idList": "l"}
    where = {"listBefore": {"name": "Doing"}, "listAfter": {"name": "Done"}}
    moved = {"date": "2026-10-01T10:00:00Z", "data": {"card": {"id": "5f000000a"}, **where}}
    board = {"lists": [{"id": "l", "name": "Done"}], "cards": [card], "actions": [moved]}
    put(shell, "board.json", json.dumps(board))


def imported(shell):
    put(shell, "more.timeclock", f"i 2026-11-19 20:00:00 {A}\no 2026-11-19 21:00:00\n")


def running(shell):
    shell("time", "start", A, "--at=-20m")


def commanding(shell):
    put(
        shell,
        "automations/run.yml",
        "name: run\non: {changed: status}\ndo:\n- run: [echo, hello]\n",
    )


def journal(shell):
    shell("set", A, "due=2026-12-12")
    shell("set", B, "due=2026-12-13")


def timed(shell):
    shell("time", "log", A, "30m", "--at=07:00")
    shell("time", "log", B, "30m", "--at=07:30", "--person=priya")


def submitted(shell):
    shell("time", "submit", "2026-10", "--person=priya")


def result(shell, words, tried):
    """All that a command says and leaves."""
    done = shell.run([*words.split(), *tried], shell.env, "o\n")
    said = [re.sub(r"PT-[0-9a-z]{6}", "…", each) for each in (done.stdout, done.stderr)]
    return done.returncode, *said, files(shell.folder)


def files(folder):
    """What stands in the work tree, and what a command may set up in git."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and (
            ".git" not in path.parts
            or path.name in ("config", "HEAD")
            or path.parent.name == "hooks"
        )
    }


class Bench:
    """Runs commands in copies of one prepared workspace; what was run is not run again."""

    def __init__(self, folder):
        self.folder, self.known, self.made = folder, {}, {}
        self.fresh, self.files = None, {}

    def start(self, prepared):
        if prepared in self.made:
            return self.made[prepared]
        if not prepared:
            top = self.folder / "start"
            shutil.copytree(ROOT / "example-workspace", top)
            subprocess.run(
                [sys.executable, "history.py"], cwd=top, check=True, stdout=subprocess.DEVNULL
            )
            made = _repository(top)
            made("comment", A, "Really?")
            made("add", "A chore", "type=chore")
            made("done", C)
            made.git("add", "-A")
            made.git("commit", "-qm", "now")
            made.git("gc", "-q")
        else:
            top = self.folder / f"start-{prepared}" / "work"
            shutil.copytree(self.start("").folder, top)
            made = Shell(top)
            globals()[prepared](made)
        self.made[prepared] = made
        return made

    def run(self, name, scene, tried):
        key = (name, scene, tuple(sorted(tried)))
        if key not in self.known:
            start = self.start(scene.prepared).folder
            place = self.folder / "run" / "work"
            if self.fresh != (scene.prepared, name):
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(start, place)
                self.files = files(place)
            self.known[key] = found = result(
                Shell(place),
                f"{name} {scene.words}",
                [each.replace("~", " ") if each.startswith("--set") else each for each in tried],
            )
            same = found[3] == self.files and name not in KEEPS
            self.fresh = (scene.prepared, name) if same else None
        return self.known[key]

    def dropped(self, name, scene, one, two):
        """The option that says nothing beside the other; empty: none, or the pair is refused."""
        none = self.run(name, scene, [])
        first, second, both = (self.run(name, scene, each) for each in ([one], [two], [one, two]))
        if both[0] == 2:
            return ""
        if both == second != first and first != none:
            return one
        return two if both == first != second and second != none else ""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_no_option_is_dropped_in_silence(bench, name):
    found = {
        (name, one.split("=")[0], two.split("=")[0])
        for scene in SCENES[name]
        for one, two in itertools.combinations(scene.tried.split(), 2)
        if bench.dropped(name, scene, one, two)
    }
    assert found <= EXCUSED.keys()


def options(group=plaintrack, above=()):
    """Each command and its options, but what all have: how it is coloured, and help."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from options(found, (*above, name))
        else:
            each = [set(one.opts) for one in found.params if isinstance(one, click.Option)]
            yield " ".join((*above, name)), [one for one in each if not one & {"--color", "--help"}]


def test_every_command_and_option_is_in_a_scene():
    missing, known = [], dict(options())
    for name, all_of_it in known.items():
        tried = {
            word.split("=")[0]
            for scene in SCENES.get(name, ())
            for word in f"{scene.words} {scene.tried}".split()
        } | {option for command, option in UNTRIED if command == name}
        if name in SCENES:
            missing += [(name, *sorted(one)) for one in all_of_it if not one & tried]
        elif len(all_of_it) > 1 and name not in OUTSIDE:
            missing.append((name,))
    assert missing == []
    assert {*SCENES, *OUTSIDE} <= known.keys()
    assert all(any(option in one for one in known[name]) for name, option in UNTRIED)


REFUSED = [
    *((name, "--portfolio", "x", "--at", "HEAD") for name in ASKED[1:]),
    *(
        ("check", "--portfolio", "x", *more)
        for more in (("--fix",), ("--since", "HEAD"), ("--staged",))
    ),
    *((name, "--stale", "3d") for name in ASKED),
    ("plan", "--portfolio", "x", "--compare", "HEAD"),
    ("plan", "--portfolio", "x", "--set", "T-1 estimate=1d"),
    ("plan", "--portfolio", "x", "--apply"),
    ("report", "site", "x", "--portfolio", "x"),
    ("board", "--links", "x"),
    ("board", "--links", "x", "--format", "json"),
    ("check", "--links", "x", "--format", "sarif"),
    ("check", "--since", "HEAD", "--fix"),
    ("check", "--dry-run"),
    ("check", "--fix", "--dry-run", "--format", "json"),
    ("check", "--fix", "--dry-run", "--output", "json=o.json"),
    ("conflicts", "--take", "ours", "--interactive"),
    ("diff", "--links", "x", "--format", "csv"),
    ("doctor", "--fix", "--format", "json"),
    ("equipment", "van", "units=2", "--format", "json"),
    ("goals", "--links", "x"),
    ("health", "T-1", "at-risk", "-m", "Late.", "--format", "json"),
    ("inbox", "--read", "all", "--format", "json"),
    ("list", "--links", "x"),
    ("log", "--patch", "--format", "json"),
    ("metrics", "--of", "wip"),
    ("metrics", "throughput", "--earn", "50/50"),
    ("metrics", "cycle-time", "--per", "month"),
    ("metrics", "xmr", "--of", "wip", "--per", "month"),
    ("metrics", "xmr", "--baseline", "HEAD"),
    ("people", "ana", "leave=2026-12-09", "--format", "csv"),
    ("plan", "--why", "T-1", "--format", "json"),
    ("plan", "--apply", "--dry-run", "--by", "project"),
    ("plan", "--compare", "HEAD", "--weeks", "3"),
    ("plan", "--milestones", "--by", "project"),
    ("project", "show", "T-1", "--links", "x"),
    ("project", "status", "--links", "x", "--format", "json"),
    ("publish", "../out", "--verify", "--dry-run"),
    ("publish", "../out", "--verify", "--at", "HEAD"),
    ("rank", "T-1", "--top", "--format", "json"),
    ("recur", "--preview", "2", "--dry-run"),
    ("render", "--check", "--dry-run"),
    ("show", "T-1", "--blame", "--format", "json"),
    ("show", "T-1", "--links", "x"),
    ("time", "stop", "--discard", "--note", "x"),
    ("time", "stop", "--discard", "--adjust"),
    ("trust", "--format", "json"),
    ("trust", "--revoke", "--format", "json"),
    ("undo", "--format", "json"),
    ("undo", "--lost", "--format", "csv"),
]


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A workspace with one item; nothing is written to it."""
    folder = tmp_path_factory.mktemp("one") / "work"
    (folder / "tasks").mkdir(parents=True)
    (folder / "plaintrack.yml").write_text("rooms: {people: people, equipment: equipment}\n")
    (folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\nstatus: todo\n---\n")
    shell = _repository(folder)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    return shell


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_options_without_effect_are_refused(one, words):
    assert one(*words, code=2) == ""
    assert "--" in one.err.splitlines()[0]
    assert one.git("status", "--porcelain") == ""
