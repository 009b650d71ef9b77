"""A merge neither doubles a line nor drops or invents one, in a conflict as little as in a clean merge."""

import random
import re
import subprocess
from collections import Counter

import pytest
from bodies import bodies, cherry_picked
from soak import soak
from triples import SCHEMA

from plaintrack.merge.item import Result, by_lines, merge
from plaintrack.text import lines as plain

HEAD = "---\nid: PT-1\ntitle: x\nstatus: todo\n---\n"
BOX = re.compile(r"(\s*[-*] \[)[xX]\]")


def counted(text: str) -> Counter[str]:
    return Counter(BOX.sub(r"\1 ]", line) for line in text.splitlines() if line.strip())


def torn(base: str, ours: str, theirs: str, result: str) -> list[str]:
    """What is wrong with a clean result."""
    found = []
    was, one, two, now = (counted(text) for text in (base, ours, theirs, result))
    for line in {*was, *one, *two, *now}:
        taken = [side[line] < was[line] for side in (one, two)]
        fuller, left = max(one[line], two[line]), one[line] + two[line] - was[line]
        if not any(taken) and now[line] != fuller:
            found.append(f"{line!r}: nobody took it out; {now[line]} times, not {fuller}")
        elif any(taken) and not left <= now[line] <= max(left, min(one[line], two[line])):
            found.append(
                f"{line!r}: {was[line]}, {one[line]}, {two[line]} times, and now {now[line]}"
            )
    return found


def merged(base: str, ours: str, theirs: str) -> Result:
    return merge(base.encode(), ours.encode(), theirs.encode(), "a.md", SCHEMA)


def within(part: list[str], whole: list[str]) -> bool:
    """Whether lines stand in a text one below the other."""
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def check_conflict(ours: str, theirs: str, result: Result) -> None:
    """Settled for a side no line stands too often, and what is shown as a side's text is that."""
    sides = (ours, theirs)
    fuller = counted(ours) | counted(theirs)
    for number, text in enumerate(sides):
        for clash in result.clashes:
            shown = [line.text for line in clash.side(("ours", "theirs")[number])]
            assert within(shown, text.splitlines()), (shown, text)
        pattern = r"(?ms)^<{7,} ours\r?\n(.*?)^={7,}\r?\n(.*?)^>{7,} theirs\r?$\n?"
        settled = re.sub(
            pattern, lambda found, number=number: found[number + 1], result.data.decode()
        )
        assert not counted(settled) - fuller, (counted(settled) - fuller, settled)


def check(rnd: random.Random) -> bool:
    """All that is promised for one triple; whether it merged cleanly."""
    base, ours, theirs = bodies(rnd)
    head = HEAD.replace("\n", "\r\n") if "\r" in base + ours else HEAD
    base, ours, theirs = (head + each for each in (base, ours, theirs))
    result, swapped = merged(base, ours, theirs), merged(base, theirs, ours)
    assert result.clean == swapped.clean
    if result.clean:
        assert not torn(base, ours, theirs, result.data.decode()), result.data.decode()
        assert [line for line in result.data.splitlines() if line] == [
            line for line in swapped.data.splitlines() if line
        ]
    else:
        check_conflict(ours, theirs, result)
        check_conflict(theirs, ours, swapped)
    data = [each.encode() for each in (base, ours, theirs)]
    late = plain.merge(*data)
    assert late is None or not torn(base, ours, theirs, late.decode())
    document = by_lines(*data, "")
    if document.clashes:
        check_conflict(ours, theirs, Result(document.data(), tuple(document.clashes)))
    else:
        assert not torn(base, ours, theirs, document.data().decode())
    return result.clean


def check_picked(rnd: random.Random) -> bool:
    """What both sides took over is there once, whatever else they did; whether it merged cleanly."""
    base, ours, theirs, line = cherry_picked(rnd)
    result, swapped = (
        merged(HEAD + base, HEAD + ours, HEAD + theirs),
        merged(HEAD + base, HEAD + theirs, HEAD + ours),
    )
    assert result.clean == swapped.clean
    if result.clean:
        for each in (result, swapped):
            assert each.data.decode().split("\n").count(line) == 1, each.data.decode()
    return result.clean


def test_no_line_is_doubled_dropped_or_invented():
    rnd = random.Random(20261128)
    assert sum(check(rnd) for _ in range(1_500)) > 750


def test_what_both_sides_took_over_is_there_once():
    rnd = random.Random(20261128)
    assert sum(check_picked(rnd) for _ in range(500)) > 450


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_many_merges_tear_no_line(part):
    rnd = random.Random(part)
    clean = sum(check(rnd) for _ in range(soak(10_000)))
    assert clean > soak(5_000)
    assert sum(check_picked(rnd) for _ in range(soak(10_000))) > soak(9_000)


@pytest.mark.slow
def test_what_git_merges_rightly_is_merged_here(tmp_path):
    """Git's own merge of the same triples: how much it merges, and how much of that it tears; we merge all of the rest."""
    rnd = random.Random(7)
    seen = Counter()
    for _ in range(500):
        texts = [HEAD + each for each in bodies(rnd)]
        for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
            (tmp_path / name).write_bytes(text.encode())
        run = subprocess.run(
            ["git", "merge-file", "-p", "ours", "base", "theirs"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        clean, ours = run.returncode == 0, merged(*texts).clean
        right = clean and not torn(*texts, run.stdout.decode())
        seen.update(
            {"git": clean, "git, right": right, "ours": ours, "git alone": right and not ours}
        )
    print(dict(seen))
    assert seen["ours"] > 2 * seen["git, right"]
    assert seen["git alone"] <= 10, seen


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("Dig\nSow\n", "Dig deep\nWater\nSow\n", "Dig\nWater\nSow\n", "Dig deep\nWater\nSow\n"),
        ("- [ ] Dig\n- [ ] Sow\n", "- [ ] Dig deep\n- [ ] Water\n- [ ] Sow\n", "- [ ] Dig\n- [ ] Water\n- [ ] Sow\n",
         "- [ ] Dig deep\n- [ ] Water\n- [ ] Sow\n"),
        ("- a\n\n- b\n", "- a\n\n- X\n\n- b\n", "- a\n\n- X\n\n- Y\n\n- b\n", "- a\n\n- X\n\n- Y\n\n- b\n"),
        ("a\n\nb\n", "a\n\nX\n\nb\n\nA\n", "a\n\nX\n\nb\n", "a\n\nX\n\nb\n\nA\n"),
        ("a\nb\nc\n", "b\nc\na\n", "b\na\nc\n", None),
        ("a\nb\n", "X\na\nb\n", "a\nb\nX\n", None),
        ("- a\n", "- a\n- X\n  - one\n", "- a\n- X\n  - two\n", "- a\n- X\n  - one\n  - two\n"),
        ("a\n\nb\n\nc\n", "b\n\nc\n\na\n", "b\n\nc\n", None),
        ("```sh\na\n```\n\nb\n", "```sh\nA\n```\n\nb\n", "```sh\na\n```\n\nb\n\n```sh\nc\n```\n", "```sh\nA\n```\n\nb\n\n```sh\nc\n```\n"),
    ],
)  # fmt: skip
def test_additions_that_meet(base, ours, theirs, result):
    for one, two in ((ours, theirs), (theirs, ours)):
        found = merged(HEAD + base, HEAD + one, HEAD + two)
        assert found.clean == (result is not None), found.data.decode()
        assert result is None or found.data.decode() == HEAD + result
