"""What a merge chose is a line of the log."""

import json
import random

import pytest

ITEM = "---\nid: {}\ntitle: One\nstatus: todo\n{}---\n"


def write(shell, item, **fields):
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (shell.folder / f"tasks/{item}.md").write_text(ITEM.format(item, lines))


def commit(shell, message):
    shell.git("add", "-A")
    shell.git("commit", "-qm", message, "--allow-empty")


@pytest.fixture
def work(empty):
    (empty.folder / "tasks").mkdir()
    (empty.folder / "plaintrack.yml").write_text("ids: {prefix: T}\n")
    write(empty, "T-1", priority="low", estimate="1d")
    write(empty, "T-2", priority="low")
    commit(empty, "start")
    return empty


def parted(shell, ours, theirs, merged):
    """Two sides that set fields of T-1, and a merge."""
    shell.git("switch", "-qc", "side")
    write(shell, "T-1", **theirs)
    commit(shell, "theirs")
    shell.git("switch", "-q", "main")
    write(shell, "T-1", **ours)
    commit(shell, "ours")
    shell.git("merge", "-q", "--no-commit", "-s", "ours", "side")
    write(shell, "T-1", **merged)
    commit(shell, "Merge side")


def chosen(shell, *args):
    rows = json.loads(shell("log", *args, "--format", "json"))["changes"]
    return [
        (row["id"], row["field"], row["new"], row["old"]) for row in rows if row["kind"] == "chosen"
    ]


@pytest.mark.parametrize("kept", ["high", "critical"])
def test_a_merge_that_chose_a_value_says_so(work, kept):
    parted(
        work,
        {"priority": "high", "estimate": "1d"},
        {"priority": "critical", "estimate": "2d"},
        {"priority": kept, "estimate": "2d"},
    )
    lost = {"high": "critical", "critical": "high"}[kept]
    log = work("log").split("\n\n")
    assert "Merge side (merge)" in log[0]
    assert f"    priority: {kept}, not {lost}" in log[0]
    assert "estimate" not in log[0]  # one side alone had set it
    assert f"  priority: {kept}, not {lost}" in work("log", "T-1")
    assert chosen(work) == chosen(work, "--field", "priority") == [("T-1", "priority", kept, lost)]
    assert chosen(work, "T-2") == chosen(work, "--field", "estimate") == []
    assert chosen(work, "--by", "someone") == []
    rows = json.loads(work("log", "--format", "json"))["changes"]
    assert [row["merge"] for row in rows] == [True, *[False] * (len(rows) - 1)]


def test_a_value_of_a_merge_alone_is_told_with_its_merge(work):
    parted(work, {"priority": "high"}, {"priority": "critical"}, {"priority": "medium"})
    top = work("log", "--limit", "1")
    assert "Merge side (merge)" in top
    assert "priority: high → medium" in top
    assert chosen(work) == []
    assert "(merge)" in work("show", "T-1", "--blame")
    assert "medium" in work("history", "priority", "T-1")


def test_merges_without_a_choice_say_nothing(work):
    parted(work, {"priority": "high"}, {"priority": "high"}, {"priority": "high"})
    assert "(merge)" not in work("log")
    work.git("switch", "-qc", "other")
    write(work, "T-2", priority="high")
    commit(work, "other")
    work.git("switch", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "plain", "other")
    assert chosen(work) == []


@pytest.mark.parametrize("seed", range(3))
def test_merges_in_any_shape_against_git_itself(work, seed):
    """An independent way: of each merge the merge base and both sides, as git has them."""
    pick = random.Random(seed)
    names, values = ["main"], ["low", "medium", "high", "critical"]
    for step in range(14):
        at = pick.choice(names)
        work.git("switch", "-q", at)
        if step % 3 == 2 and len(names) > 1:
            other = pick.choice([each for each in names if each != at])
            work.git(
                "merge",
                "-q",
                "-X",
                pick.choice(["ours", "theirs"]),
                "--no-ff",
                "-m",
                f"m{step}",
                other,
            )
        elif pick.random() < 0.3:
            names.append(f"b{step}")
            work.git("switch", "-qc", names[-1])
        else:
            write(work, pick.choice(["T-1", "T-2"]), priority=pick.choice(values))
            commit(work, f"c{step}")
    work.git("switch", "-q", "main")
    work.git("merge", "-q", "-X", "theirs", "--no-ff", "-m", "all", names[-1])

    def priority(commit, item):
        text = work.git("show", f"{commit}:tasks/{item}.md")
        return text.partition("priority: ")[2].partition("\n")[0]

    wanted = set()
    for line in work.git("rev-list", "--min-parents=2", "--parents", "main").splitlines():
        merge, one, two = line.split()
        for item in ("T-1", "T-2"):
            sides = [
                work.git(
                    "log", "--format=%H", "--no-merges", f"{a}", f"^{b}", "--", f"tasks/{item}.md"
                ).split()
                for a, b in ((one, two), (two, one))
            ]
            set_on_both = all(
                any(priority(each, item) != priority(f"{each}^", item) for each in side)
                for side in sides
            )
            found = [priority(each, item) for each in (merge, one, two)]
            if set_on_both and found[1] != found[2] and found[0] in found[1:]:
                wanted.add((merge, item, found[0], found[2] if found[0] == found[1] else found[1]))
    rows = json.loads(work("log", "--format", "json"))["changes"]
    assert {
        (row["commit"], row["id"], row["new"], row["old"])
        for row in rows
        if row["kind"] == "chosen"
    } == wanted
