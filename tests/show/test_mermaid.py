"""Mermaid diagrams, by the cases in which Mermaid itself drew something else than the titles."""

import re
from datetime import date

import pytest

from plaintrack.model.fields import schema
from plaintrack.model.task import Task
from plaintrack.render.markdown import draw
from plaintrack.show import diagrams

TODAY = date(2026, 11, 23)


def graph(*asked):
    return list(draw(diagrams.graph(*asked)))


def gantt(*asked):
    return list(draw(diagrams.gantt(*asked)))


def task(ident, title="First", **fields):
    return Task(
        f"tasks/{ident}.md",
        ident,
        {"title": title, "status": "todo", "created": "2026-11-01", **fields},
    )


def node(title):
    return graph([task("PT-1", title), task("PT-2", depends_on="PT-1")], schema(), TODAY)[2]


def bar(ident, title="First", **fields):
    return gantt([task(ident, title, **{"due": "2026-12-01", **fields})], schema(), TODAY, {})[-2]


@pytest.mark.parametrize(("title", "label"), [
    ("direction TB", "#100;irection TB"),  # was taken for a statement, whatever stood before it on the line
    ('style a:"b"', "style a#58;#34;b#34;"),  # lost the end of the last entity, and so did classDef
    ("classDef a:#b;", "classDef a#58;#35;b#59;"),
    ("$$x^2$$", "#36;#36;x^2#36;#36;"),  # was set as a formula
    ("fa:fa-car drive", "fa#58;fa-car drive"),  # was drawn as an icon
    ("ﬂ°°35¶ß", "fl°°35¶ß"),  # what Mermaid puts in the place of an entity itself
    ("%%{init: {}}%%", "#37;#37;{init#58; {}}#37;#37;"),
    ('"];evil["', "#34;]#59;evil[#34;"),
    ("**b** `c` \\n <br>", "#42;#42;b#42;#42; #96;c#96; #92;n #60;br#62;"),
    ("#35; &lt;", "#35;35#59; #38;lt#59;"),
    ("a\u2028b\tc \u202e", "a b c"),
    ("x" * 500, "x" * 64 + "…"),
    ("", ""),
])  # fmt: skip
def test_labels(title, label):
    assert node(title) == f'  n0["PT-1 {label}"]:::open'.replace(" " + '"', '"')
    assert bar("PT-1", title) == f"    PT-1 {label}".rstrip() + " :2026-11-01, 2026-12-01"


@pytest.mark.parametrize("ident", [
    "click A", "section", "title", "dateFormat", "AXISFORMAT", "excludes", "includes", "todayMarker", "gantt", "gantt-1", "2026-11-01", "href", "call", "accTitle",
    "weekend", "inclusiveEndDates", "topAxis", "tickInterval",
])  # fmt: skip
def test_an_id_is_no_statement_of_a_gantt_chart(ident):
    assert bar(ident) == f"    #{ord(ident[0])};{ident[1:]} First :2026-11-01, 2026-12-01"


@pytest.mark.parametrize(("fields", "span"), [
    ({"due": "2026-12-01", "start": "2026-12-01"}, "2026-12-01, 2026-12-01"),  # the last day counts: inclusiveEndDates
    ({"due": "2026-12-01T15:00", "start": "2026-11-30T08:00"}, "2026-11-30, 2026-12-01"),
    ({"due": "2026-12-01", "start": "2026-12-05"}, "2026-12-01, 2026-12-01"),
    ({"due": "9999-12-31"}, "2026-11-01, 9999-12-31"),  # there is no day after it
    ({"due": "2026-12-01", "created": ""}, "2026-12-01, 2026-12-01"),
])  # fmt: skip
def test_spans(fields, span):
    assert bar("PT-1", **fields) == f"    PT-1 First :{span}"


def test_a_section_is_named_by_the_title_of_its_project():
    lines = gantt(
        [task("PT-1", due="2026-12-01", project="P1")], schema(), TODAY, {"p1": "a: b #1"}
    )
    assert "  section a#58; b #35;1" in lines
    assert "  inclusiveEndDates" in lines


@pytest.mark.parametrize(("due", "axis"), [("2026-12-31", "%m-%d"), ("2027-11-30", "%Y-%m")])
def test_the_axis_of_a_long_chart_has_months(due, axis):
    assert f"  axisFormat {axis}" in gantt([task("PT-1", due=due)], schema(), TODAY, {})


def test_what_mermaid_would_not_draw_is_counted():
    tasks = [
        task(
            f"PT-{at}",
            "A title of some length",
            due="2026-12-01",
            depends_on=(f"PT-{at // 2}", f"PT-{at - 1}"),
        )
        for at in range(2000)
    ]
    lines = graph(tasks, schema(), TODAY)
    arrows = [tuple(map(int, re.findall(r"\d+", line))) for line in lines if "-->" in line]
    assert len(arrows) == 200
    assert sorted({end for arrow in arrows for end in arrow}) == [
        int(line[3 : line.index("[")]) for line in lines if line.startswith("  n") and "[" in line
    ]
    assert (
        lines[-1]
        == "*3,797 more dependencies are too many for one diagram; a query that finds fewer items shows them.*"
    )
    lines = gantt(tasks, schema(), TODAY, {})
    text = "\n".join(lines[1 : lines.index("```")])
    bars = text.count(" :")
    assert len(text) in range(49_900, 50_000)
    assert lines[-1].startswith(f"*{2000 - bars:,} more items ")


def test_only_what_depends_is_in_a_graph_and_cycles_end():
    assert graph([task("PT-1"), task("PT-2")], schema(), TODAY) == ["*Nothing.*"]
    lines = graph(
        [
            task("PT-1", depends_on="PT-2"),
            task("PT-2", depends_on="PT-1"),
            task("PT-3", depends_on="PT-3"),
            task("PT-4"),
        ],
        schema(),
        TODAY,
    )
    assert [line for line in lines if "-->" in line] == [
        "  n1 --> n0",
        "  n0 --> n1",
        "  n2 --> n2",
    ]
    assert "n3[" not in "\n".join(lines)
