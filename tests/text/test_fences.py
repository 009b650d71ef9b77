"""Fenced code is told by one rule: for check boxes, generated blocks, merges and conflict markers."""

import pytest

from plaintrack.merge import markers
from plaintrack.model.edit import Set, Tick
from plaintrack.model.fields import schema
from plaintrack.text.blocks import blocks
from plaintrack.text.document import conflict
from plaintrack.text.edit import edited
from plaintrack.text.lines import join, split
from plaintrack.text.markdown import Fences, boxes
from plaintrack.text.parse import parse

SCHEMA = schema()
HEAD = "---\nid: PT-1\ntitle: x\nstatus: todo\n---\n"
INSIDE = "@"  # stands for what is tried within the code; the last line is after it
CODE = {
    "backticks": "```sh\n@\n```\n",
    "tildes": "~~~ a`b\n@\n~~~\n",
    "longer": "````\n```\n@\n```\n````\n",
    "longer at its end": "```\n@\n`````\n",
    "the other sign": "~~~\n```\n@\n~~~\n",
    "not closed by words": "```\n@\n``` sh\n@\n```\n",
    "indented": "   ```\n   @\n   ```\n",
    "list item": "- ```sh\n  @\n  ```\n",
    "numbered item": "1. ```sh\n   @\n   ```\n",
    "long number": "10. do\n\n    ```sh\n    @\n    ```\n",
    "star": "* ~~~\n  @\n  ~~~\n",
    "list in a list": "- - ```\n    @\n    ```\n",
    "below a list item": "- do\n\n  ```\n  @\n\n  @\n  ```\n",
    "its item ends": "- ```\n  @\n\n",
    "quote": "> ```\n> @\n> ```\n",
    "quote in a list": "- > ```\n  > @\n  > ```\n",
    "list in a quote": "> 1. ```\n>    @\n>    ```\n",
    "its quote ends": "> ~~~\n> @\n\n",
    "tab": "-\t```\n\t@\n\t```\n",
}
TEXT = {
    "two backticks": "``\n@\n``\n",
    "a backtick in the words": "``` a`b\n@\n",
    "indented by four": "text\n\n    ```\n\n@\n",
    "closed before": "```\na\n```\n@\n",
    "the item is over": "- ```\n  a\n@\n",
    "the quote is over": "> ```\n> a\n@\n",
}
SAMPLE = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs"


def laid(text, sample, end="\n"):
    """The text with a sample in it, each line of it behind what stands before the mark."""
    lines = []
    for line in text.split("\n"):
        before, mark, _ = line.partition(INSIDE)
        lines += [before + each for each in sample.split("\n")] if mark else [line]
    return end.join(lines)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", CODE)
def test_what_stands_in_code_is_no_box_no_block_and_no_conflict(name, end):
    boxed = laid(CODE[name], "- [ ] no", end) + f"- [ ] yes{end}"
    assert [box.step.text for box in boxes(boxed)] == ["yes"]
    block = laid(CODE[name], "<!-- plaintrack: count -->\n<!-- /plaintrack -->", end)
    assert not blocks(block.encode(), "a.md").found
    after = f"{block}{end}<!-- plaintrack: count -->{end}<!-- /plaintrack -->{end}"
    assert len(blocks(after.encode(), "a.md").found) == 1
    sample = laid(CODE[name], SAMPLE, end)
    if not set(CODE[name].split("\n")[1]) & set(" >\t"):  # indented markers are none anyway
        assert "<<<<<<<" in sample
    assert conflict(sample) is None
    assert (
        conflict(f"{sample}{end}<<<<<<< a{end}x{end}======={end}y{end}>>>>>>> b{end}") is not None
    )
    assert not markers.clashes(markers.read(split(sample)))
    whole = (HEAD + sample).encode()
    assert not parse("a.md", whole, SCHEMA).problems
    assert edited(whole, "a.md", (Set("status", "done"),), SCHEMA) == whole.replace(
        b"todo", b"done"
    )


@pytest.mark.parametrize("name", TEXT)
def test_what_stands_beside_code_is_text(name):
    assert [box.step.text for box in boxes(laid(TEXT[name], "- [ ] yes"))] == ["yes"]
    block = laid(TEXT[name], "<!-- plaintrack: count -->\n<!-- /plaintrack -->")
    assert len(blocks(block.encode(), "a.md").found) == 1
    assert conflict(laid(TEXT[name], SAMPLE)) is not None


def test_a_tick_counts_the_boxes_outside_of_code():
    data = (HEAD + "1. ```\n   - [ ] no\n   ```\n- [ ] yes\n").encode()
    assert edited(data, "a.md", (Tick(1, True),), SCHEMA) == data.replace(b"[ ] yes", b"[x] yes")


def test_a_fence_without_an_end_goes_to_the_end():
    fences = Fences()
    assert [fences.code(line) for line in ("a", "```", "- [ ] a", "", "> b")] == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert fences.open == "```"


def test_markers_in_code_are_a_conflict_if_neither_side_has_them():
    """Git says that the file is in conflict, and its markers lie in code."""
    example = f"```\n{SAMPLE}\n```\n"
    found = "```sh\n<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n```\n"
    sides = [f"{example}```sh\n{line}\n```\n" for line in ("one", "two")]
    pieces = markers.read(split(example + found), sides)
    assert len(markers.clashes(pieces)) == 1
    assert [join(markers.resolved(pieces, which)) for which in ("ours", "theirs")] == sides
