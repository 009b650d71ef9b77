"""Exit codes and standard error in one habit: a table of all reading commands."""

import json

import click
import pytest
from test_undo import READS

from plaintrack.cli.main import plaintrack

WORDS = [(name, *more) for name, several in READS.items() for more in several]
WORDS += [("undo", "--list"), ("rules", "run", "--dry-run"), ("render",), ("recur", "--preview=2")]
PLACELESS = {"completion", "explain"}
"""What needs no workspace."""
NO = {
    "commit": "nothing to commit: no item has changed",
    "forecast": "the history has no items yet",
    "metrics": "the history has no items yet",
    "show": "no item has an id like",
    "sync": None,
    "time status": "no timer is running",
}
"""Where nothing is "no", and how it is said; None: as git says it."""
UNSET = {
    "score": "there are no scoring models",
    "sla": "has no `sla:`",
    "history": "Missing argument",
}
"""What is asked for what the settings or the words do not say."""
UNDRAWN = (("report",), ("inbox", "--read", "all"))
"""What refuses a format."""
MISSING = {
    **dict.fromkeys(
        (
            "show",
            "tree",
            "log",
            "branch",
            "conflicts",
            "recur",
            "health",
            "project show",
            "plan --why",
            "report project",
        ),
        "no item has an id like 'nope'",
    ),
    "people": "there is no person or team 'nope'",
    "equipment": "there is no equipment 'nope'",
    "report": "there is no report 'nope'",
    "undo --command=99": "no command 99 to undo",
}
"""What names something that is not there."""
WRONG = {
    "list nope:1": "unknown field 'nope'",
    "list status:nope": "unknown status 'nope'",
    "list --view=nope": "unknown view 'nope'",
    "list --columns=nope": "unknown field 'nope'",
    "list --at=nope": "neither a revision nor a date",
    "diff nope": "unknown revision 'nope'",
    "stats --by=nope": "unknown field 'nope'",
    "explain nope": "unknown check 'nope'",
    "config nope": "unknown setting 'nope'",
    "score --model=nope": "there is no scoring model 'nope'",
    "time sheet nope": "'nope' is not a date",
    "metrics throughput nope:1": "unknown field 'nope'",
}
"""What says a word that means nothing."""
QUIET = (
    "log",
    "rules list",
    "rules log",
    "rules run --dry-run",
    "undo --list",
    "render",
    "tree",
    "time status",
)
"""Commands that had nothing to tell, and could be taken for having failed."""


def expected(words):
    line = " ".join(words)
    if words[0] in UNSET:
        return 2, UNSET[words[0]]
    for name in (line, words[0]):
        if name in NO:
            return 1, NO[name]
    return 0, ""


@pytest.fixture
def bare(empty):
    """A workspace without items."""
    empty("init")
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def tried(shell, words, code, said=""):
    run = shell.run(words, shell.env)
    assert run.returncode == code, (words, run.returncode, run.stderr)
    assert run.stdout or run.stderr, f"{words}: silent"
    assert said in run.stderr, (words, run.stderr)
    assert code == 0 or "Traceback" not in run.stderr
    return run


def test_commands_with_nothing_to_tell_say_so(bare):
    for line in QUIET:
        words = line.split()
        run = tried(bare, words, *expected(words))
        assert run.stdout == "", line
        assert run.stderr.startswith(("no ", "nothing ")), line


@pytest.mark.slow
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_without_items_an_answer_is_empty_no_or_an_error_and_never_silent(bare, words):
    code, said = expected(words)
    if words[0] == "sync":
        assert bare.run(words, bare.env).returncode in (1, 2)
        return
    tried(bare, words, code, said or "")
    if words in UNDRAWN:
        tried(bare, [*words, "--format=json"], 2, "--format ")
    elif code == 0 and any("json" in getattr(each.type, "choices", ()) for each in _options(words)):
        assert json.loads(tried(bare, [*words, "--format=json"], 0).stdout)["schema"] == 1


def _options(words):
    found, context = plaintrack, click.Context(plaintrack)
    for word in words:
        if not isinstance(found, click.Group):
            break
        found = found.get_command(context, word)
    return found.params


@pytest.mark.slow
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_outside_a_workspace_reading_is_an_error(empty, words):
    if words[0] in PLACELESS or words[:2] == ("portfolio", "mirror"):
        tried(empty, words, 0)
    elif words != ("history", "status"):
        run = tried(empty, words, 2, "no plaintrack.yml in ")
        assert run.stdout == ""
        assert "hint: " in run.stderr


@pytest.mark.slow
def test_what_is_not_there_is_no_and_what_means_nothing_is_wrong(example):
    for line, said in MISSING.items():
        words = line.split() if "=" in line else [*line.split(), "nope"]
        assert tried(example, words, 1, said).stdout == "", line
    for line, said in WRONG.items():
        run = tried(example, line.split(), 2, said)
        assert run.stdout == "", line
        assert "\n  hint: " in run.stderr, line
    for words in WORDS:
        tried(example, [*words, "--no-such-option"], 2, "")
    assert (
        tried(example, ["list", "tags:nope"], 0, "no items\n  no item has tags:nope").stdout == ""
    )
    assert tried(example, ["list"], 0).stderr == ""
