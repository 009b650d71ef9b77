"""Answers and resolved threads through the command line."""

import json


def test_comments_are_answered_and_resolved(empty):
    empty("init")
    name = empty("add", "Fix the login").split()[0]
    empty("comment", name, "Which token?")
    (first,) = (empty.folder / f"comments/{name}").iterdir()
    empty("comment", name, "--answer", "1", "Refresh.")
    empty("comment", name, "--resolve", first.stem)
    told = json.loads(empty("show", name, "--format", "json"))["items"][0]["comments"]
    assert {(each["body"].strip(), each["answers"], each["resolved"]) for each in told} == {
        ("Which token?", "", False),
        ("Refresh.", first.stem, False),
        ("", first.stem, True),
    }
    text = empty("show", name)
    assert "(thread resolved)" in text
    assert "\n    Refresh.\n" in text
    assert "\n> > Refresh.\n" in empty("show", name, "--format", "markdown")
    assert "comments" not in empty("check", code=0)
    empty("comment", name, "--answer", "9", "x", code=1)
    assert "no comment '9'" in empty.err
    assert (
        "leave out one"
        in (empty("comment", name, "--answer", "1", "--resolve", "1", code=2), empty.err)[1]
    )
    assert len(list((empty.folder / f"comments/{name}").iterdir())) == 3
