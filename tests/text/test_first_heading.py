"""The first heading of a body, wherever it stands."""

import pytest

from plaintrack.text.markdown import heading


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "before",
    [
        "",
        "\n\n",
        "intro\n\n",
        "```\n# no\n```\n",
        "- ~~~\n  # no\n  ~~~\n",
        "#tag\n",
        "#\n",
        "    # code\n",
    ],
)
@pytest.mark.parametrize(
    ("line", "title"),
    [("# Real", "Real"), ("## C# ##", "C#"), ("# C#", "C#"), ("  # two  ", "two")],
)
def test_the_first_heading_outside_of_code(before, line, title, end):
    body = f"{before}{line}\n# Later\n".replace("\n", end)
    assert heading(body) == title


@pytest.mark.parametrize("body", ["", "text", "```\n# no\n", "#tag", "    # code", "# #", "a\n# "])
def test_no_heading(body):
    assert heading(body) in ("", "#")
