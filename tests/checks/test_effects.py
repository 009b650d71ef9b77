"""What a change makes of other items, and the comment that joins it with the review and the findings."""

import json
import subprocess

import pytest
from test_check import item


@pytest.fixture(params=["", "sub dir/"])
def shell(request, empty):
    """A chain: bbbb needs aaaa, cccc needs bbbb; dddd needs the closed eeee. At the top of a repository, and in a folder of it."""
    top = empty.folder
    empty.at = request.param
    empty.folder = top / request.param if request.param else top
    empty.folder.mkdir(exist_ok=True)
    (empty.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    item(empty, "PT-aaaa", "due: 2026-12-01")
    item(empty, "PT-bbbb", "depends_on: PT-aaaa")
    item(empty, "PT-cccc", "depends_on: PT-bbbb")
    item(empty, "PT-dddd", "depends_on: PT-eeee")
    item(empty, "PT-eeee", "status: done")
    item(empty, "PT-ffff", "due: 2026-01-01")  # an old sin
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def effects(shell, *words):
    found = json.loads(shell("check", "--output", "json", "--fail-on", "never", *words))["effects"]
    return {(each["kind"], each["id"]) for each in found}


def test_what_becomes_of_the_others(shell):
    item(shell, "PT-aaaa", "status: done")
    item(shell, "PT-eeee", "status: todo")
    item(shell, "PT-gggg", "due: 2026-11-01")
    item(shell, "PT-hhhh", "status: done")  # it was never open
    expected = {
        ("closes", "PT-aaaa"),
        ("ready", "PT-bbbb"),
        ("ready", "PT-eeee"),
        ("blocked", "PT-dddd"),
        ("overdue", "PT-gggg"),
    }
    assert effects(shell, "--since", "HEAD") == expected
    assert effects(shell, "--staged") == set()
    shell.git("add", "-A")
    assert effects(shell, "--staged") == expected
    shell.git("commit", "-qm", "more")
    assert effects(shell, "--since", "HEAD~1..HEAD") == expected
    assert effects(shell) == set()


def test_a_renamed_item_becomes_nothing(shell):
    shell.git("mv", "tasks/PT-ffff.md", "tasks/PT-ffff-moved.md")
    assert effects(shell, "--staged") == set()


def test_the_comment_joins_all_three(shell):
    item(shell, "PT-aaaa", "status: done")
    item(shell, "PT-gggg", "due: 2026-11-01", "tags: [web]")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "more")
    address = "https://forge.example/x/blob/1/"
    said = shell(
        "check", "--since", "HEAD~1...HEAD", "--output", "comment", "--links", address, code=1
    )
    assert said.startswith("<!-- plaintrack check -->\n### Work changed: 1 closed, 1 added\n")
    at = address + shell.at.replace(" ", "%20")
    assert f"* **[PT-aaaa]({at}tasks/PT-aaaa.md)** Item PT-aaaa\n" in said
    assert f"* **Closes:** [PT-aaaa]({at}tasks/PT-aaaa.md) Item PT-aaaa\n" in said
    assert f"* **Becomes overdue:** [PT-gggg]({at}tasks/PT-gggg.md) Item PT-gggg\n" in said
    assert f"* **Becomes ready:** [PT-bbbb]({at}tasks/PT-bbbb.md) Item PT-bbbb\n" in said
    assert f"[tasks/PT-gggg.md:4]({at}tasks/PT-gggg.md#L4)" in said
    assert shell("check", "--output", "comment", code=1).startswith(
        "<!-- plaintrack check -->\n### plaintrack check: 2 errors"
    )


def test_a_comment_says_what_cannot_be_reviewed(shell):
    (shell.folder / "plaintrack.yml").write_text("timezone: [\n")
    said = shell("check", "--since", "HEAD", "--output", "comment", code=1)
    assert "PT001" in said
    assert "### Work changed\n" in said


def test_a_huge_change_stays_a_comment(shell):
    for number in range(1500):
        item(shell, f"PT-n{number:04}", "due: 2026-11-01", "depends_on: [PT-none, PT-nowhere]")
    said = shell("check", "--since", "HEAD", "--output", "comment", code=1)
    assert len(said) < 62_000
    assert "more: too many for one comment" in said
    assert "more.\n" in said
    assert "; and 1480 more" in said
    assert "PT305" in said


def test_paths_for_forges_begin_at_the_top(shell):
    item(shell, "PT-aaaa", "due: 2026-11-01")
    words = (
        "github",
        "sarif=o.sarif",
        "gitlab=o.json",
        "checkstyle=o.xml",
        "rdjson=r.json",
        "junit=j.xml",
    )
    said = shell(
        "check",
        "tasks/PT-aaaa.md",
        *(part for word in words for part in ("--output", word)),
        code=1,
    )
    path = f"{shell.at}tasks/PT-aaaa.md"
    assert f"::error file={path}," in said
    assert path in (shell.folder / "o.xml").read_text()
    assert path.replace(" ", "%20") in (shell.folder / "o.sarif").read_text()
    assert json.loads((shell.folder / "o.json").read_text())[0]["location"]["path"] == path
    assert (
        json.loads((shell.folder / "r.json").read_text())["diagnostics"][0]["location"]["path"]
        == path
    )
    top = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (shell.folder.parent if shell.at else shell.folder).samefile(top.stdout.strip())


def test_who_becomes_overbooked(shell):
    settings = shell.folder / "plaintrack.yml"
    settings.write_text("timezone: UTC\nrooms: {people: people}\n")
    (shell.folder / "people").mkdir()
    ana = shell.folder / "people/ana.md"
    ana.write_text("---\nname: Ana\n---\n")
    item(shell, "PT-aaaa", "assignee: ana\nestimate: 3d\nstart: 2026-11-30\ndue: 2026-12-04")
    shell.git("add", "-A")
    shell.git("commit", "-qm", "people")
    ana.write_text("---\nname: Ana\nleave:\n- 2026-11-30..2026-12-02 sick\n---\n")
    assert effects(shell, "--since", "HEAD") == {("overbooked", "ana")}
    comment = shell("check", "--since", "HEAD", "--output", "comment", "--fail-on", "never")
    assert "**Becomes overbooked:** [ana](" in comment
    assert "2026-W49: 24h of 16h" in comment
    shell.git("commit", "-qam", "sick")
    assert effects(shell, "--since", "HEAD") == set()
    item(shell, "PT-aaaa", "assignee: ana\nestimate: 1d\nstart: 2026-11-30\ndue: 2026-12-04")
    assert effects(shell, "--since", "HEAD") == set()
