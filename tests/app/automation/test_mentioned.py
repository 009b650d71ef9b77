"""Rules on mentions: in texts, comments and status updates, each name once for each text."""

import pytest

from plaintrack.rules.load import load

SETTINGS = """timezone: UTC
rooms: {people: people, updates: updates}
groups: {leads: [ana]}
types: [task, project]
"""
RULES = """rules:
- {name: all, on: mentioned, do: [notify: 'all {why}']}
- {name: one, on: {mentioned: ana}, do: [notify: 'one {why}']}
"""
ITEM = "---\nid: T-1\ntitle: One\ntype: project\nstatus: todo\n---\n"


@pytest.fixture
def place(empty):
    empty("init")
    for path, text in (
        ("plaintrack.yml", SETTINGS),
        ("automations/who.yml", RULES),
        ("people/ana.md", "---\nname: Ana\n---\n"),
        ("people/bob.md", "---\nname: Bob\n---\n"),
        ("tasks/T-1.md", ITEM + "Long known: @bob\n"),
    ):
        (empty.folder / path).parent.mkdir(exist_ok=True)
        (empty.folder / path).write_text(text)
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    empty("rules", "run")
    return empty


def fired(text):
    return {line.partition(": ")[2] for line in text.splitlines() if line.startswith("rule ")}


def test_each_new_name_of_a_text_fires_once(place):
    said = place("comment", "T-1", "For @ana, `@bob`, @zoe and ana@example.org; @ana again.")
    assert fired(said) == {"all mentioned: @ana", "one mentioned: @ana"}
    assert fired(place("comment", "T-1", "@Leads")) == {
        "all mentioned: @leads",
        "one mentioned: @leads",
    }
    (place.folder / "tasks/T-1.md").write_text(ITEM + "Long known: @bob, now @ana\n")
    assert fired(place("rules", "run")) == {"all mentioned: @ana", "one mentioned: @ana"}
    assert fired(place("health", "T-1", "on-track", "-m", "Ask @bob")) == {"all mentioned: @bob"}
    assert fired(place("rules", "run")) == set()
    # what the ledger does not have is found in history, under the same keys
    place.git("add", "-A")
    place.git("commit", "-qm", "all of it")
    assert "0 fired" in place("rules", "run", "--since", "HEAD~1")
    assert "would have fired 3 times" in place("rules", "test", "one", "--since", "HEAD~1")
    for file in (place.folder / "automations/fired").rglob("*.yml"):
        file.unlink()
    place.git("commit", "-qam", "without the ledger")
    assert "7 fired" in place("rules", "run", "--since", "HEAD~2")


def test_names_that_a_rule_waits_for_are_known(place):
    (place.folder / "automations/who.yml").write_text(RULES.replace("ana}", "anna}"))
    assert "no person or group is called 'anna' (did you mean 'ana'?)" in place(
        "rules", "check", code=1
    )
    _, (problem,) = load("a.yml", b"name: a\non: {mentioned: '@ana'}\ndo: [archive]\n")
    assert problem.message == "mentioned takes a name without the @, not '@ana'"
    assert problem.hint == "write `mentioned: ana`"
