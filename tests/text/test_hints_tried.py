"""What a hint says to write is tried: it is read, and means what was meant."""

import pytest
import yaml

from plaintrack.text.hints import quoted
from plaintrack.text.parse import _meant_day, canonical


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("[@ann]", ["@ann"]),
        ("[@ann, bob]", ["@ann", "bob"]),
        ("[a: b, `c`]", ["a: b", "`c`"]),
        ("[50%, %x, two words]", ["50%", "%x", "two words"]),
        ("@ann", "@ann"),
        ("a: b", "a: b"),
        ("it's: so", "it's: so"),
    ],
)
def test_the_line_of_a_hint_is_what_was_meant(value, meant):
    assert yaml.safe_load(quoted(f"key: {value}")) == {"key": meant}


@pytest.mark.parametrize("text", ["2026-1-5", "2026/01/05", "2026.1.05", "2026-01-5"])
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_day_that_is_nearly_written_is_named_itself(kind, text):
    assert _meant_day(kind, text) == "write it as 2026-01-05"
    assert canonical(kind, "2026-01-05")


@pytest.mark.parametrize("text", ["2026-13-5", "2026-2-30", "5.1.2026", "soon", "2026-1/5"])
def test_another_day_is_never_named(text):
    assert _meant_day("date", text) == ""


def test_mending_keeps_a_list_a_list():
    from plaintrack.text.fix import fixed

    data, lines = fixed(b"---\nid: T-1\nassignee: [@ann, bob]\n---\n", "x.md")
    assert lines == ["3: assignee: ['@ann', bob]"]
    assert yaml.safe_load(data.decode().split("---\n")[1])["assignee"] == ["@ann", "bob"]
