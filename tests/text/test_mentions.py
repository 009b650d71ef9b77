"""What is a mention, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaintrack.text.mention import mentioned, slip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ana", "ana"),
        ("See @Ana, and (@bob); cc:@cem.", "ana bob cem"),
        ("**@ana** _@bob_ > @cem", "ana bob cem"),
        ("@ana.silva and @ana-maria's", "ana.silva ana-maria"),
        ("@élan", "élan"),
        ("ana@example.org <bob@example.org> x@ana", ""),
        ("`@ana` ``a ` @bob`` and @cem", "cem"),
        ("a lone ` before @ana", "ana"),
        ("a lone ` here\n\nand ` there, @ana", "ana"),
        ("```\n@ana\n```\n@bob", "bob"),
        ("~~~\n@ana", ""),
        ("[ask @ana](x.md) and [y](https://x.org/@bob) https://x.org/@cem ?q=@dee", ""),
        ("<!-- @ana --> @bob", "bob"),
        ("npm i @scope/package, @user@social.example, \\@ana, @@ana", ""),
        ("@-x @_x @ x @", ""),
        ("line\r\n@ana\r\n", "ana"),
    ],
)
def test_what_a_mention_is(text, names):
    assert mentioned(text) == tuple(names.split())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anna", "ana"),
        ("naa", "ana"),
        ("bob", ""),
        ("anb", "ana"),
        ("mayb", "maya"),
        ("an", ""),
        ("ann", ""),
    ],
)
def test_a_slip_is_one_letter(name, found):
    known = ["ana", "maya", "bob", "jonas"] + (["ant"] if name == "ann" else [])
    assert slip(name, known) == found


@pytest.mark.parametrize(
    "text",
    [
        "@ana " * 10_000,
        "`" * 1 + "a`` " * 20_000 + "@ana",
        "<!--" * 50_000 + " @ana",
        "[" * 100_000 + " @ana",
        "@" * 100_000 + " @ana",
    ],
)
def test_hostile_texts_take_linear_time(text):
    import time

    start = time.process_time()
    assert "ana" in mentioned(text)
    assert time.process_time() - start < 2


def test_ten_thousand_names_are_bounded():
    found = mentioned(" ".join(f"@n{number}" for number in range(10_000)))
    assert found == tuple(f"n{number}" for number in range(1000))


@given(st.text(alphabet="`@a[]()<> \n-!~\\"))
def test_any_text_is_read(text):
    assert all(name and name[0] != "@" for name in mentioned(text))
