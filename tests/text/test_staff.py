"""People's and equipment's files: read, edited by span, merged by the first day of a line."""

import time
from datetime import date

import pytest

from plaintrack.merge.item import merge
from plaintrack.model.edit import Add, Remove
from plaintrack.model.person import Allowance, Leave, Rate
from plaintrack.text.edit import edited
from plaintrack.text.staff import equipment, person, schema_of

ANA = """---
name: Ana Silva
email:
- ana@example.org
- ana@home.example
team: platform
since: 2024-05-01
hours:
- 40h/w
- 2027-03-01 24h/w mon tue wed

skills:
- python

rate:
- 80 EUR/h

allowance:
- 2026 annual 25d

leave:
- 2026-12-09 pm sick
- 2026-12-21..2027-01-06 annual

- 2027-02-01..2027-02-12 annual asked     # not yet granted
---
She likes rust.
"""


def add(text: str, field: str, value: str) -> str:
    return edited(
        text.encode(), "people/ana.md", (Add(field, (value,)),), schema_of("people")
    ).decode()


def test_a_person():
    found, faults = person("people/ana.md", ANA.encode())
    assert not faults
    assert found is not None
    assert (found.handle, found.name, found.teams) == ("ana", "Ana Silva", ("platform",))
    assert found.emails == ("ana@example.org", "ana@home.example")
    assert (found.since, found.until) == (date(2024, 5, 1), None)
    assert found.rates == (Rate(None, "80", "EUR", "h"),)
    assert found.allowances == (Allowance(2026, "annual", 25),)
    assert found.leave[-1] == Leave(date(2027, 2, 1), date(2027, 2, 12), "annual", asked=True)


def test_equipment():
    text = b"---\nname: Vans\nunits: 3\ncalendar: always\nmaintenance:\n- 2026-12-01..2026-12-02 2 units\n---\n"
    found, faults = equipment("equipment/van.md", text)
    assert not faults
    assert found is not None
    assert (found.handle, found.units, found.calendar) == ("van", 3, "always")
    assert found.maintenance == (
        Leave(date(2026, 12, 1), date(2026, 12, 2), "maintenance", units=2),
    )


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("2026-12-01 sick", "leave:\n- 2026-12-01 sick\n- 2026-12-09"),
        ("2026-12-14 away", "pm sick\n- 2026-12-14 away\n- 2026-12-21"),
        ("2027-01-20 sick", "06 annual\n- 2027-01-20 sick\n\n- 2027-02-01"),
        ("2027-03-01 sick", "granted\n- 2027-03-01 sick\n---"),
        ("2026-12-21..2027-01-08 annual", "pm sick\n- 2026-12-21..2027-01-08 annual\n\n- 2027"),
    ],
)
def test_leave_is_put_in_by_date_and_the_groups_stay(line, place):
    found = add(ANA, "leave", line)
    assert place in found
    assert found.count("\n\n") == ANA.count("\n\n")


def test_leave_is_taken_away_by_its_first_day():
    edits = (Remove("leave", ("2026-12-21",)),)
    found = edited(ANA.encode(), "people/ana.md", edits, schema_of("people")).decode()
    assert found == ANA.replace("- 2026-12-21..2027-01-06 annual\n", "")


@pytest.mark.parametrize(
    ("one", "two", "clean"),
    [
        ("2026-12-14 away", "2026-12-15 sick", True),
        ("2026-12-14 away", "2026-12-14 sick", False),
        ("2026-12-14 am sick", "2026-12-14 pm sick", True),
        ("2026-12-14 away", "2027-05-01 away", True),
    ],
)
def test_leave_merges_by_its_first_day(one, two, clean):
    sides = [add(ANA, "leave", line).encode() for line in (one, two)]
    for some in (sides, sides[::-1]):
        found = merge(ANA.encode(), *some, "people/ana.md", schema_of("people"))
        assert found.clean == clean
        if clean:
            made, faults = person("people/ana.md", found.data)
            assert made is not None
            assert not faults
            assert len(made.leave) == 5
            assert list(made.leave) == sorted(made.leave)
            assert b"# not yet granted" in found.data


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (
            "leave:\n- 2026-12-21 annual: family\n",
            3,
            "mapping",
            "write `- 2026-12-21 annual · family`",
        ),
        ("leave:\n- soon annual\n", 3, "begin with a day", "2026-12-21..2027-01-06"),
        ("hours: 40\n", 2, "not a day of the week", "40h/w"),
        ("rate:\n- 80\n", 3, "not a rate", "80 EUR/h"),
        ("skill: welding\n", 2, "skill is not a field", "skills"),
        ("since: soon\n", 2, "not a valid date", "YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text, line, message, hint):
    _, (fault,) = person("people/ana.md", f"---\n{text}---\n".encode())
    assert fault.line == line
    assert message in fault.message
    assert hint in fault.hint


@pytest.mark.parametrize(
    "data",
    [
        b"---\nleave:\n" + b"- 2026-12-01 sick\n" * 100_000 + b"---\n",
        b"---\nleave:\n" + b"- 2026-12-01 sick\n" * 50_000 + b"---\n",
        b"---\nleave:\n- 0001-01-01..9999-12-31 sick\n---\n",
        b"---\nunits: 1000000000\n---\n",
        b"no front matter",
        b"",
    ],
)
def test_hostile_files_end_in_an_error_with_its_place(data):
    started = time.process_time()
    _, faults = person("people/ana.md", data)
    _, more = equipment("equipment/van.md", data)
    assert time.process_time() - started < 2
    assert all(each.path for each in (*faults, *more))
    assert faults or more or b"sick" in data
