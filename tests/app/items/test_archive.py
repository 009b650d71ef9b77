"""The archive: files of one name find a place there, and what is open again comes back."""

import pytest

ITEM = "---\nid: {}\ntitle: One\nstatus: {}\n{}---\n"


@pytest.fixture
def place(empty):
    (empty.folder / "plaintrack.yml").write_text("folders: [tasks, goals]\n")
    for folder in ("tasks/a", "tasks/b", "goals", "archive"):
        (empty.folder / folder).mkdir(parents=True)
    return empty


def put(shell, path, item, status="done", fields=""):
    (shell.folder / path).write_text(ITEM.format(item, status, fields))


def test_files_of_one_name_get_numbers(place):
    for folder in ("tasks/a", "tasks/b", "archive"):
        put(place, f"{folder}/notes.md", f"T-{folder[-1]}")
    put(place, "goals/NOTES.md", "T-g")
    before = {path.name for path in place.folder.rglob("*.md")}
    shown = place("archive", "--closed", "is:closed", "--dry-run")
    assert {path.name for path in place.folder.rglob("*.md")} == before
    place("archive", "--closed", "is:closed")
    found = sorted(path.name for path in (place.folder / "archive").iterdir())
    assert [name.lower() for name in found] == [
        *("notes-4.md", "notes-2.md", "notes-3.md", "notes.md")
    ]
    assert all(f"rename to archive/{name}" in shown for name in found[:3])
    assert "id: T-e" in (place.folder / "archive/notes.md").read_text()
    place("undo")
    assert len(list((place.folder / "archive").iterdir())) == 1


@pytest.mark.parametrize("step", ["reopen", "start"])
def test_what_is_open_again_leaves_the_archive(place, step):
    put(place, "archive/x.md", "T-1")
    put(place, "archive/y.md", "T-2", fields="type: goal\n")
    put(place, "archive/z.md", "T-3", status="todo" if step == "reopen" else "in-progress")
    put(place, "tasks/x.md", "T-4")
    shown = place(step, "T-1", "T-2", "T-3", "--dry-run")
    assert "rename to tasks/x-2.md" in shown
    place(step, "T-1", "T-2", "T-3")
    assert "id: T-1" in (place.folder / "tasks/x-2.md").read_text()
    assert (place.folder / "goals/y.md").exists()
    assert (place.folder / "tasks/z.md").exists()
    assert list((place.folder / "archive").iterdir()) == []
    place("undo")
    assert len(list((place.folder / "archive").iterdir())) == 3


def test_links_lead_where_they_led(place):
    (place.folder / "plaintrack.yml").write_text(
        "archive: archive/old\napprovals: {needs: [{query: 'type:bug', of: 1 of jonas}]}\n"
        "people: {jonas: {name: Jonas Okafor}}\n"
    )
    text = (
        "[spec](../../docs/a%20b.md#top) [web](https://x.example/a) [near](y.md 'Y') ![](<p.png>)\r\n"
        "[top](/x) [here](#y) [folder](../)\r\n```\r\n[code](../x.md)\r\n```\r\n[ref]: ../b/z.md\r\n"
    )
    path = place.folder / "tasks/a/x.md"
    path.write_bytes((ITEM.format("T-1", "done", "type: bug\n") + text).encode())
    place("approve", "T-1")
    before = path.read_bytes()
    assert "](y.md 'Y')" in place("archive", "T-1", "--dry-run")
    place("archive", "T-1")
    moved = (place.folder / "archive/old/x.md").read_bytes().decode()
    assert moved.endswith(
        "[spec](../../docs/a%20b.md#top) [web](https://x.example/a) [near](../../tasks/a/y.md 'Y')"
        " ![](<../../tasks/a/p.png>)\r\n[top](/x) [here](#y) [folder](../../tasks/)\r\n"
        "```\r\n[code](../x.md)\r\n```\r\n[ref]: ../../tasks/b/z.md\r\n"
    )
    assert "void" not in place("approvals", "T-1")
    place("undo")
    assert path.read_bytes() == before


def test_links_to_what_was_moved_are_told(place):
    put(place, "tasks/a/x.md", "T-1")
    put(place, "tasks/a/odd name.md", "T-2")
    text = "![é](../a/x.md#top)\r\n`[x](../a/x.md)` [y](<../a/odd%20name.md>)\n```\n[x](../a/x.md)\n```\n"
    (place.folder / "tasks/b/y.md").write_bytes((ITEM.format("T-3", "todo", "") + text).encode())
    assert "PT211" not in place("check")
    place.git("add", "-A")
    place.git("commit", "-qm", "start")
    place("archive", "--closed", "")
    for asked in ((), ("--since", "HEAD"), ("--staged",)):
        place.git("add", "-A")
        told = place("check", *asked)
        assert "tasks/b/y.md:6:6: PT211 note: the link leads to tasks/a/x.md" in told, asked
        assert "write ../../archive/x.md" in told
        assert "tasks/b/y.md:7:23: PT211" in told
        assert told.count("PT211") == 2
    place.git("commit", "-qm", "moved")
    assert "PT211" not in place("check", "--since", "HEAD")
    assert place("check").count("PT211") == 2
    place("reopen", "T-1")
    assert "it is tasks/x.md now: write ../x.md" in place("check")


def test_links_of_documents_to_what_was_moved_are_told(place):
    put(place, "tasks/a/x.md", "T-1")
    link = "See [x]({}tasks/a/x.md) and [guide](guide.md).\n"
    documents = {
        "README.md": "",
        "docs/a b.md": "../",
        "comments/T-1/20261101T000000Z-aaaaaa.md": "../../",
    }
    for path, up in documents.items():
        (place.folder / path).parent.mkdir(parents=True, exist_ok=True)
        head = "---\ndate: 2026-11-01T00:00:00Z\n---\n" if up == "../../" else ""
        (place.folder / path).write_text(head + link.format(up))
    (place.folder / "tasks/README.md").write_text("[x]: a/x.md\n[gone]: other/x.txt\n")
    (place.folder / ".gitignore").write_text("vendor/\n")
    (place.folder / "vendor").mkdir()
    (place.folder / "vendor/README.md").write_text(link.format("../"))
    place.git("add", "-A")
    place.git("commit", "-qm", "start")
    assert "PT211" not in place("check")
    place("archive", "T-1")
    found = {line.split(":")[0] for line in place("check").splitlines() if "PT211" in line}
    assert found == {*documents, "tasks/README.md"}
    place.git("add", "-A")
    told = place("check", "--staged")
    assert told.count("PT211") == 4
    assert "write ../archive/x.md" in told
