"""What a merge must have come to, worked out without the merge's own code."""

import datetime
import re
from collections import Counter

import yaml
from triples import SCHEMA

from plaintrack.text.document import read
from plaintrack.text.parse import parse

_TICK = re.compile(r"\[[ xX]\]")


def fields(data):
    """Field → value as plaintrack reads it; an empty file has none."""
    return dict(parse("a.md", data, SCHEMA).fields) if data else {}


def head_and_body(data):
    """The lines of the front matter and those of the body, without line endings."""
    if not data:
        return [], []
    document = read(data, "a.md")
    return [
        re.split("\r\n|\n|\r", text) for text in (document.front, document.text[document.body :])
    ]


def remarks(data):
    """The comments in the front matter, as a YAML scanner of the standard sees them: what is no token."""
    if not data:
        return Counter()
    front = read(data, "a.md").front
    plain = re.sub(r"(?m)^notes: \|\r?\n(?:(?:  .*)?\r?\n)*", "", front)
    return Counter(found.strip() for found in re.findall(r"(?m)(?:^|\s)(#[^\r\n]*)", plain))


def value(name, base, ours, theirs):
    """The wanted value of a field, None for unset, or an ellipsis if the sides differ."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if not any(isinstance(each, tuple) for each in (base, ours, theirs)):
        return ...
    was, one, two = (
        set() if each is None else {each} if isinstance(each, str) else set(each)
        for each in (base, ours, theirs)
    )
    return frozenset((one & two) | (one - was) | (two - was)) or None


def check(base, ours, theirs, result):
    """Assert all that is promised about one merge."""
    data = result.data
    names = [clash.key for clash in result.clashes if clash.kind == "field"]
    before, one, two = fields(base), fields(ours), fields(theirs)
    if result.clean:
        found = parse("a.md", data, SCHEMA)
        assert found.fields
        problems = [
            {
                problem.code
                for problem in parse("a.md", each, SCHEMA).problems
                if problem.severity == "error"
            }
            for each in (data, ours, theirs)
        ]
        assert problems[0] <= problems[1] | problems[2], problems
        yaml.load(read(data, "a.md").front, yaml.CBaseLoader)
        for name in {*before, *one, *two}:
            wanted = value(name, before.get(name), one.get(name), two.get(name))
            if (
                wanted is ...
                and name == "closed"
                and before.get("status", one["status"]) != one["status"] == two["status"]
                and name not in before
            ):
                wanted = min(one[name], two[name], key=datetime.datetime.fromisoformat)
            got = found.fields.get(name)
            if isinstance(wanted, frozenset):
                assert set(got) == wanted, (name, got, wanted)
                assert len(got) == len(wanted), (name, got)
            elif isinstance(wanted, tuple) and isinstance(got, tuple):
                assert sorted(got) == sorted(wanted), (name, got, wanted)
            else:
                assert got == wanted, (name, got, wanted)
        assert set(found.fields) <= {*one, *two}
        was, mine, other, now = (remarks(each) for each in (base, ours, theirs, data))
        for remark in {*was, *mine, *other, *now}:
            before_, one_, two_ = was[remark], mine[remark], other[remark]
            once = two_ if one_ == before_ else one_
            both = one_ + two_ - before_  # the same comment put in two places
            assert now[remark] in range(min(once, both), max(once, both) + 1), (
                remark,
                before_,
                one_,
                two_,
                now[remark],
            )
        check_lines(
            head_and_body(base)[1],
            head_and_body(ours)[1],
            head_and_body(theirs)[1],
            head_and_body(data)[1],
        )
    else:
        text = data.decode()
        if result.clashes:
            assert re.search(r"(?m)^<{7,} ours\r?$", text), text
            assert re.search(r"(?m)^={7,}\r?$", text), text
            assert re.search(r"(?m)^>{7,} theirs\r?$", text), text
        for name in names:
            known = one.get(name), two.get(name)
            assert known[0] != known[1] or remarks(ours) != remarks(theirs), (name, known)
    kept = {
        _TICK.sub("[ ]", line)
        for side in (ours, theirs)
        for half in head_and_body(side)
        for line in half
    }
    words = {
        "-",
        *re.findall(r"[^\s,\[\]'\"]+", (ours + b"\n" + theirs).decode()),
    }  # two who each stood alone become a list
    for line in re.split("\r\n|\n|\r", data.decode().removeprefix("\ufeff")):
        known = _TICK.sub("[ ]", line) in kept or re.match(r"[<=>]{7}|---|\.\.\.|\s*$", line)
        assert known or set(re.findall(r"[^\s,\[\]'\"]+", line)) <= words, line


def check_lines(base, ours, theirs, result):
    """No line that a side added is missing, no line that a side deleted (and the other did not touch) is back."""
    was, one, two, now = (
        Counter(_TICK.sub("[ ]", line) for line in lines if line.strip())
        for lines in (base, ours, theirs, result)
    )
    for line in {*one, *two}:
        added = max(one[line] - was[line], two[line] - was[line])
        assert now[line] >= min(added, 1) if added > 0 else True, line
        assert now[line] <= one[line] + two[line], line
    for line in was:
        if was[line] == 1:
            assert now[line] == min(one[line], two[line]) or one[line] > 1 or two[line] > 1, (
                line,
                was[line],
                one[line],
                two[line],
                now[line],
            )
    ticks = [
        Counter(line for line in lines if re.match(r"\s*([-*]|\d+\.) \[[ xX]\]", line))
        for lines in (base, ours, theirs, result)
    ]
    for line in {*ticks[1], *ticks[2]} - {*ticks[0]}:
        assert ticks[3][line] or "x]" not in line, line
