"""Reviews of work: `diff` between revisions, branches, what is staged and what is not committed."""

import json
import shutil

import pytest
from git_help import change, commit

from plaintrack.model.answer import Differing
from plaintrack.model.change import Change
from plaintrack.render.markdown import brief, limited
from plaintrack.show.review import LARGEST, MORE, review


@pytest.fixture
def example(example):
    """The example without rules, and with an item that does not recur any more: closing it is one change."""
    shutil.rmtree(example.folder / "automations")
    change(
        example,
        "tasks/platform/PT-4vdqk5-restore-drill.md",
        ("repeat: monthly on the last day\n", ""),
    )
    commit(example, "once")
    return example


def grouped(shell, *words):
    """Group → ids."""
    found = {}
    for item in json.loads(shell("diff", *words, "--format", "json"))["items"]:
        found.setdefault(item["group"], []).append(item["id"])
    return found


def test_what_is_not_committed_in_the_groups_of_a_reviewer(example):
    example("done", "4vdqk5")
    example("start", "btfkm6")
    example("set", "xybp33", "due=+2d")
    example("set", "5rp2w2", "assignee=ines")
    example("set", "2wccvd", "tags+=x")
    example("comment", "8fntvm", "On it")
    made = example("add", "New thing").split()[0]
    (example.folder / "tasks/billing/PT-r4e5sp-round-like-the-billing-software.md").unlink()
    assert grouped(example) == {
        "Closed": ["PT-4vdqk5"],
        "Moved on": ["PT-btfkm6"],
        "Added": [made],
        "Re-planned": ["PT-xybp33"],
        "Re-assigned": ["PT-5rp2w2"],
        "Edited": ["PT-2wccvd"],
        "Commented": ["PT-8fntvm"],
        "Deleted": ["PT-r4e5sp"],
    }
    text = example("diff")
    assert text.startswith(
        "HEAD → work tree: 1 closed, 1 moved on, 1 added, 1 re-planned, 1 re-assigned, 1 edited, 1 commented, 1 deleted\n"
    )
    assert "due moved 11 Dec → 25 Nov 2026" in text
    assert "comment: On it" in text
    example("diff", "--exit-code", code=1)


def test_staged_and_not_staged(example):
    example("done", "4vdqk5")
    example.git("add", "-A")
    example("set", "xybp33", "due=+2d")
    assert grouped(example, "--staged") == {"Closed": ["PT-4vdqk5"]}
    assert grouped(example) == {"Closed": ["PT-4vdqk5"], "Re-planned": ["PT-xybp33"]}
    example("diff", "--staged", "HEAD", code=2)


def test_two_dots_and_three_dots(example):
    example.git("switch", "-qc", "side")
    example("done", "4vdqk5")
    commit(example, "side")
    example.git("switch", "-q", "main")
    example("set", "xybp33", "due=+2d")
    commit(example, "main")
    assert grouped(example, "main...side") == {"Closed": ["PT-4vdqk5"]}
    assert grouped(example, "main..side") == {"Closed": ["PT-4vdqk5"], "Re-planned": ["PT-xybp33"]}
    assert grouped(example, "side...") == {"Re-planned": ["PT-xybp33"]}
    assert grouped(example, "HEAD~1") == {"Re-planned": ["PT-xybp33"]}
    example("diff", "main..nowhere", code=2)
    assert "unknown revision 'nowhere'" in example.err
    example("diff", "--", "--output=x", code=2)


def test_a_move_with_an_edit_is_one_item(example):
    example("done", "4vdqk5")
    example("archive", "4vdqk5")
    items = json.loads(example("diff", "--format", "json"))["items"]
    assert [
        (item["id"], item["group"], [each["kind"] for each in item["changes"]]) for item in items
    ] == [("PT-4vdqk5", "Closed", ["moved", "set", "set"])]


def test_a_file_that_cannot_be_read_any_more_is_told_first(example):
    path = example.git("ls-files", "*4vdqk5*").strip()
    change(example, path, ("status: ", "status: ["))
    example("done", "xybp33")
    assert list(grouped(example)) == ["Broken", "Closed"]
    assert "cannot be read any more" in example("diff")


def test_reformatting_is_no_change(example):
    path = example.git("ls-files", "*4vdqk5*").strip()
    change(example, path, ("status: todo", "status:   'todo'  # soon"))
    assert grouped(example) == {}
    data = (example.folder / path).read_bytes()
    (example.folder / path).write_bytes(data.replace(b"\n", b"\r\n"))
    assert grouped(example) == {}
    example("diff", "--exit-code")
    assert "no items changed" in example.err


def test_changed_settings_are_told(example):
    with open(example.folder / "plaintrack.yml", "a") as settings:
        settings.write("# more\n")
    assert json.loads(example("diff", "--format", "json"))["settings"] is True
    assert "the settings (plaintrack.yml) changed" in example("diff")
    example("diff", "--exit-code", code=1)


def test_markdown_is_stable_and_links(example):
    example("done", "4vdqk5")
    first = example(
        "diff", "--format", "markdown", "--links", "https://forge.example/repo/blob/abc/"
    )
    assert first == example(
        "diff", "--format", "markdown", "--links", "https://forge.example/repo/blob/abc/"
    )
    assert first.startswith(
        "### Work changed: 1 closed\n\nFrom `HEAD` to `work tree`.\n\n#### Closed (1)\n\n* **[PT-4vdqk5](https://forge."
    )
    assert first.endswith("\n  * status: todo → done\n")


def test_markdown_from_hostile_titles_is_only_text():
    title = "![x](http://e) <script> @alice #1 `a` | a\n\n# b \x1b[31m"
    row = Differing(
        "PT-1", title, "tasks/a b(c).md", (Change("PT-1", "p", "set", "status", "a", "*b*"),)
    )
    text = limited(review([("Closed", [row])], "A`", "B", False), LARGEST, MORE)
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "@alice" not in text
    assert "http://" not in text
    assert "\x1b" not in text
    assert "\n# b" not in text
    assert "(tasks/a%20b%28c%29.md)" in text
    assert "\\*b\\*" in text
    assert len(brief("x" * 1000)) == 200


@pytest.mark.parametrize("count", [10, 5000])
def test_markdown_stays_below_the_size_of_a_comment(count):
    rows = [
        Differing(f"PT-{number}", "a title " * 5, "", (Change(f"PT-{number}", "p", "deleted"),))
        for number in range(count)
    ]
    text = limited(review([("Deleted", rows)], "a", "b", False), LARGEST, MORE)
    assert len(text) <= LARGEST + 200
    shown = text.count("\n* **")
    assert f"… and {count - shown} more" in text or shown == count


def test_the_cost_is_that_of_the_changed_files(example):
    """Only files that differ are read: broken blobs elsewhere do not matter."""
    example("done", "4vdqk5")
    other = example.git("ls-files", "-s", "*xybp33*").split()[1]
    (example.folder / ".git/objects" / other[:2] / other[2:]).unlink()
    assert grouped(example) == {"Closed": ["PT-4vdqk5"]}
