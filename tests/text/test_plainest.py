"""The short way through the plainest front matter finds what the YAML parser finds, or leaves it to that."""

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plaintrack.text.nodes import PLAINEST, BadYaml, _Walk, plainest

PIECES = ["a", "Z9", "_", "é", "日本", "😀", "no", "null", "~", "1_000", "12:30", "2026-12-01T10:00:00+01:00", " ", "  ", "-", "- ", ":", ": ",
          " #", "#", "'", '"', "[", "]", "{a}", ",", "&x", "*x", "!t", "|", ">", "%", "@", "`", "?", "? ", "\t", "''", '\\"', "\\\\", "\\", " # c", "[a, b]", "–", "...", "---", "<<", "\u00a0", "\u2028", "\x7f"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
KEYS = st.sampled_from(
    ["id", "title", "depends_on", "x-y", "a", "b", "No", "_", "é", "a b", "<<", "'q'", "9"]
)
VALUES = st.one_of(
    TEXTS.map("'{}'".format),
    TEXTS.map('"{}"'.format),
    st.sampled_from(
        [
            "auth",
            "Doe, Jane",
            "'2026-12-01'",
            '"it\'s"',
            "'it''s'",
            '"a \\"b\\""',
            "[]",
            "[a, 'b, c']",
            "é—x",
            "a#b",
            "-1",
            "a: b",
            "# x",
            "a:#b",
        ]
    ),
)
ENDS = st.sampled_from(["", "", "", " ", " # why", "# x", "  #", "\n", "\n\n", " \n"])
DENTS = st.sampled_from(["", "  ", "  ", "  ", "   ", " "])
LINES = st.one_of(
    st.builds("{}: {}\n".format, KEYS, TEXTS),
    st.builds(
        "{}: {}\n".format,
        KEYS,
        st.sampled_from(["Fix the login", "PT-7k3q9x", "a, b (c) 'd' \"e\" [f] {g}"]),
    ),
    st.builds("{}:\n".format, KEYS),
    st.builds("{}:\n\n".format, KEYS),
    st.builds(
        "{}- {}\n".format,
        st.sampled_from(["", "", "", "  ", "    ", " "]),
        st.one_of(TEXTS, st.just("auth")),
    ),
    st.builds("{}:\n- {}\n- {}\n".format, KEYS, TEXTS, TEXTS),
    st.builds("{}:\n  - {}\n  - {}\n".format, KEYS, TEXTS, TEXTS),
    st.builds("{}: {}{}\n".format, KEYS, VALUES, ENDS),
    st.builds(
        "{}: [{}]{}\n".format,
        KEYS,
        st.lists(st.one_of(VALUES, TEXTS), max_size=4).map(", ".join),
        ENDS,
    ),
    st.builds(
        "{}: [{}]\n".format, KEYS, st.lists(st.one_of(VALUES, TEXTS), max_size=4).map(",".join)
    ),
    st.builds("{}:\n{}- {}{}\n{}- {}\n".format, KEYS, DENTS, VALUES, ENDS, DENTS, VALUES),
    st.builds(
        "{}: {}\n{}{}{}\n{}{}{}\n".format,
        KEYS,
        st.sampled_from([">-", ">", "|", "|-", ">+", ">- ", "|2", ">-#", ">- # c"]),
        DENTS,
        VALUES,
        ENDS,
        DENTS,
        VALUES,
        ENDS,
    ),
    st.builds(
        "{}: {}\n{}{}{}\n{}{}{}\n".format, KEYS, VALUES, DENTS, VALUES, ENDS, DENTS, TEXTS, ENDS
    ),
    st.builds("{}# {}\n".format, DENTS, TEXTS),
    st.builds("{}:{}\n".format, KEYS, ENDS),
    st.builds("{}{}".format, TEXTS, st.sampled_from(["\n", "\r\n", "", "\n\n", "\n  "])),
)
FRONTS = st.lists(LINES, max_size=6).map("".join)


def agrees(text: str) -> bool:
    found = plainest(text)
    if found is None:
        return False
    assert found == _Walk(text, "x.md", text, 0).root(), text
    return True


@settings(max_examples=2000, deadline=None)
@given(FRONTS)
@example("a: b\n")
@example("a:\n- b\n- c\nd: e\n")
@example("a:\n  - b\n- c\n")
@example("a: b\n- c\n")
@example("a:\n- b\nc:\n")
@example("a:\n\n- b\n\n\n- c\n\nd:\n\n")
@example("a: b\na: c\n")
@example("a: b\n  # c\n  d\n")
@example("a: b \n  c  \n  d # e\n  # f\ng: h\n")
@example("a: b" + "x" * PLAINEST + "\n")
@example("")
def test_the_short_way_agrees_with_the_parser(text: str) -> None:
    try:
        agrees(text)
    except BadYaml as error:
        raise AssertionError(f"the parser refuses {text!r}") from error


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_the_short_way_agrees_on_what_other_trackers_write(data: st.DataObject) -> None:
    line = st.one_of(
        st.builds(": {}{}".format, VALUES, ENDS),
        st.builds(": [{}]".format, st.lists(VALUES, max_size=3).map(", ".join)),
        st.builds(":\n  - {}\n  - {}{}".format, VALUES, VALUES, ENDS),
        st.builds(": >-\n  {}\n  {}".format, VALUES, VALUES),
        st.builds(": {}".format, st.sampled_from(["a", "Fix the login", "2026-12-01"])),
    )
    some = data.draw(st.lists(line, min_size=1, max_size=5))
    agrees("".join(f"k{number}{rest}\n" for number, rest in enumerate(some)))


def test_the_short_way_is_taken() -> None:
    for text in (
        "id: PT-7k3q9x\ntitle: Fix the login, now-ish (see 'notes')\ntags:\n- auth\n- Café Zürich\n",
        "created: 2026-11-22T10:00:00+01:00\ndepends_on:\n  - PT-1\n  - PT-2\n",
        "# of the team\nid: 'task-12'\ntitle: \"It's \\\"here\\\"\"\ndue: '2026-12-01'  # fixed\n",
        "assignee: []\nlabels: [web, 'two words', \"c, d\"]\ntags: [ a,b ]\n",
        "title: >-\n  Fix the login: now\n  # and later\nstatus: To Do\n",
        "note: |\n    a\n    b\nend: null\n",
        "title: 'it''s' # what\nassignee:   # nobody\n  # none of these\n  - '@ann'\n  - \"bob\"\n",
        "title: Fix the login  \n  and the -x of it \n   too # c\nstatus: a\n b\n",
        "title: Issue a#b – “quoted” … 😀\nordinal: -1\nat: 12:30\nurl: https://example.com/#x\n",
    ):
        assert agrees(text), text


def test_what_means_more_is_left_to_the_parser() -> None:
    for text in (
        'a: "b\\n"\n',
        "a: 'b\n  c'\n",
        "a: b: c\n",
        "a: [b: c]\n",
        "a: [[b]]\n",
        "a: {b: c}\n",
        "a: &b c\n",
        "a: b\n  c: d\n",
        "a: b\n\n  c\n",
        "a:\n  b\n",
        "- a\n  b\n",
        "a:\n- b\n  c\n",
        "a: >-\n  b\n\n  c\n",
        "a: >-\n  b\n\n  # c\n",
        "a: >+\n  b\n",
        "a:\n \n",
        "a:\n- b\n  - c\n",
        "a:\n- b: c\n",
        "\na: b\n",
        "- a\n",
        "a: b",
        "# a\n",
        "a: b\u2028c\n",
    ):
        assert not agrees(text)


def test_no_group_of_a_pattern_refuses_to_go_back() -> None:
    """Python 3.11.0 to 3.11.4 match ``(ab|a)*+`` wrongly (CPython issue 106052); ``[ab]*+`` is right."""
    source = Path(plainest.__code__.co_filename).parents[1]
    for path in source.rglob("*.py"):
        assert not re.search(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>", path.read_text("utf-8")), path
