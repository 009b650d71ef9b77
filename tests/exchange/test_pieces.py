"""JSON that is read piece by piece says what it says when it is read at once."""

import json

import pytest

from plaintrack.exchange import formats, source

ISSUES = [
    {"id": f"bd-{number}", "number": number, "iid": number, "title": f"Issue {number}"}
    for number in range(1, 5)
]
BEADS = [{key: each[key] for key in ("id", "title")} for each in ISSUES]
GITHUB = [{**each, "state": "OPEN"} for each in ISSUES]


def found(form: str, text: str, monkeypatch, pieces: bool) -> object:
    monkeypatch.setattr(source, "IN_PIECES", 0 if pieces else 1 << 30)
    try:
        drafts = formats.codec(form).reads(source.of_bytes(text.encode(), "file", None))
        return [(each.key, each.title) for each in drafts]
    except source.BadSource as error:
        return error


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("github", json.dumps(GITHUB)),
        ("github", json.dumps(GITHUB, indent=1)),
        ("github", "".join(json.dumps(each) + "\n" for each in GITHUB)),
        ("beads", json.dumps(BEADS)),
        ("beads", json.dumps({"issues": BEADS})),
        ("beads", "".join(json.dumps(each) + "\n" for each in BEADS)),
        ("beads", "\n\n".join(json.dumps(each) for each in BEADS)),
        ("beads", "\ufeff" + "\r\n".join(json.dumps(each) for each in BEADS)),
    ],
)
def test_in_pieces_and_at_once(form, text, monkeypatch):
    whole = found(form, text, monkeypatch, pieces=False)
    assert len(whole) == 4
    assert found(form, text, monkeypatch, pieces=True) == whole


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"id": "bd-1", "title": "A"}\n{"id": "bd-2", "title: 3}\n', ":2:"),
        ('{"id": "bd-1", "title": "A"}\n\n{"id": "bd-2"\n', ":3:"),
        ('{"id": "bd-1", "title": "A"}\n' + "[" * 100_000 + "\n", ":2"),
    ],
)
def test_lines_are_named(text, place, monkeypatch):
    for pieces in (False, True):
        said = found("beads", text, monkeypatch, pieces)
        assert f"file{place}" in str(said)


def test_what_is_no_object_is_named_in_both(monkeypatch):
    text = json.dumps([*GITHUB, 7])
    said = [str(found("github", text, monkeypatch, pieces)) for pieces in (False, True)]
    assert said[0] == said[1]
    assert "record 5 is not an object" in said[0]
