"""Forms and triage: what comes in, asked for and looked through."""

import json

import pytest
from typist import terminal

FORM = """---
template: A bug, asked for
type: bug
form:
- field: title
  ask: What happens?
  required: true
- field: priority
  ask: How bad is it?
- section: Steps
  ask: How do you get there?
  required: true
- section: Version
  ask: Which version?
  default: main
---
- [ ] Reproduced
"""
ANSWERS = """Reported by mail.

### What happens?

It crashes

### how bad is it

HIGH

### Steps

1. Go
```
### Version
```
## Other
more

### Which version?

_No response_
"""


@pytest.fixture
def place(empty):
    empty("init")
    (empty.folder / "templates").mkdir(exist_ok=True)
    (empty.folder / "templates/report.md").write_text(FORM)
    return empty


def made(shell):
    (path,) = (shell.folder / "tasks").glob("*.md")
    return path.read_text()


def test_an_answered_form_makes_an_item(place):
    (place.folder / "answers.md").write_text(ANSWERS)
    place("add", "--form", "report", "--from", "answers.md")
    text = made(place)
    assert "title: It crashes\n" in text
    assert "priority: high\n" in text
    assert "type: bug\n" in text
    body = text.split("---\n", 2)[2]
    assert body == (
        "Reported by mail.\n\n## Steps\n\n1. Go\n```\n### Version\n```\n## Other\nmore\n\n"
        "## Version\n\nmain\n\n- [ ] Reproduced\n"
    )


def test_what_is_given_is_not_asked(place):
    answers = ANSWERS.replace("### how bad is it\n\nHIGH\n\n", "")
    place("add", "--form", "report", "--from", "-", "Our title", "priority=low", stdin=answers)
    assert "title: Our title\n" in made(place)
    assert "priority: low\n" in made(place)


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("--form", "report"), "", "a form is asked on a terminal"),
        (("--form", "report", "--from", "-"), "### What happens?\n\nIt\n", "Steps: an answer is needed"),
        (("--form", "report", "--from", "-"), ANSWERS.replace("HIGH", "very"), "priority: the answers are critical, high"),
        (("--form", "report", "--from", "-"), ANSWERS.replace("It crashes", "It\ncrashes"), "title: one line is needed"),
        (("--form", "bug", "--from", "-"), "", "the template 'bug' has no questions"),
        (("--form", "nope", "--from", "-"), "", "unknown template 'nope'"),
        (("--form", "report", "--template", "bug"), "", "--form goes with neither --template nor --body"),
        (("--from", "a.md", "x"), "", "--from needs --form"),
    ],
)  # fmt: skip
def test_what_will_not_do(place, words, stdin, said):
    place("add", *words, code=2, stdin=stdin)
    assert said in place.err
    assert not list((place.folder / "tasks").glob("*.md"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask: How bad", "aks: How bad", "question 2: 'aks' is none of field, section, ask"),
        ("- field: priority\n", "- field: priority\n  section: P\n", "question 2: write either `field` or `section`"),
        ("field: priority", "field: prioritty", "question 2: unknown field 'prioritty'"),
        ("ask: What happens?", "{ask: What", "cannot be read: line "),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_is_told(place, old, new, said):
    (place.folder / "templates/report.md").write_text(FORM.replace(old, new))
    place("add", "--form", "report", "--from", "-", stdin=ANSWERS, code=2)
    assert said in place.err


def test_a_form_on_a_terminal(place):
    said = terminal(
        place, ("add", "--form", "report"), ["", "It crashes", "hihg", "high", "1. Go", "", ""]
    )
    assert "an answer is needed" in said
    assert "the answers are critical, high" in said
    assert "## Steps\n\n1. Go\n\n## Version\n\nmain\n" in made(place)


def test_triage_walks_through_what_is_new(place):
    for number, title in enumerate(("One", "Two", "Three")):
        place("add", title, PLAINTRACK_NOW=f"2026-11-2{number}T09:00:00+01:00")
    place("add", "Known", "priority=low")
    one, two, three = (
        each["id"] for each in json.loads(place("triage", "--format", "json"))["items"]
    )
    said = terminal(
        place, ("triage",),
        ["p high", "p hihg", "a ana", "n", f"d {two}", f"d {one}", "x", "x Not ours."],
    )  # fmt: skip
    assert "did you mean 'high'?" in said
    assert f"{two} cannot be a duplicate of itself" in said
    assert "say why it is declined" in said
    assert "0 items left" in said
    rows = json.loads(place("list", "--all", "--format", "json", "sort:created"))["items"]
    assert [(each["title"], each["status"]) for each in rows[:3]] == [
        ("One", "todo"), ("Two", "cancelled"), ("Three", "cancelled"),
    ]  # fmt: skip
    assert "Declined: Not ours." in place("show", three)
    assert f"Duplicate of {one}." in place("show", two)
    place("undo")
    assert "Declined" not in place("show", three)
    assert [each["id"] for each in json.loads(place("triage", "--format", "json"))["items"]] == [
        three
    ]


def test_the_view_triage_says_what_is_new(place):
    place("add", "One", "tags=x", "priority=low")
    with (place.folder / "plaintrack.yml").open("a") as settings:
        settings.write("  triage: {query: 'tags:x'}\n")
    text = (place.folder / "plaintrack.yml").read_text()
    assert "views:" in text
    assert "One" in place("triage")
    assert place("triage", "tags:y") == ""
