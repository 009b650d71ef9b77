"""The same questions to every snapshot: the files, a commit, what is staged, unsaved text."""

import random

import pytest

from plaintrack.app.snapshot import answers
from plaintrack.app.snapshot.buffers import Buffers
from plaintrack.app.snapshot.past import Past, at
from plaintrack.app.snapshot.staged import Staged
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.index import ask

NOW = "2026-11-23T09:00:00+01:00"
QUERIES = ("", "is:open", "is:blocked", "is:ready", "is:overdue", "login", "tags:web", "sort:-due")
COLUMNS = ("id", "title", "status", "blocked", "urgency", "progress", "due")


def said(snapshot):
    """What a snapshot answers to many questions, without the days of the last changes."""
    return [
        answers.rows(snapshot, answers.question(snapshot, query), list(COLUMNS))
        for query in QUERIES
    ]


def item(number, chance):
    before = [f"PT-{chance.randrange(1, 9)}" for _ in range(chance.randrange(3))]
    links = "depends_on:\n" + "".join(f"- {each}\n" for each in before) if before else ""
    status = chance.choice(["todo", "in-progress", "done"])
    tags = "tags:\n- web\n" if chance.random() < 0.5 else ""
    due = f"due: 2026-1{chance.randrange(3)}-05\n" if chance.random() < 0.5 else ""
    return (
        f"---\nid: PT-{number}\ntitle: A login {number}\nstatus: {status}\n{links}{tags}{due}---\n"
    )


def write(shell, path, text):
    (shell.folder / path).parent.mkdir(exist_ok=True)
    (shell.folder / path).write_text(text)


@pytest.fixture
def work(empty, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    chance = random.Random(7)
    empty("init")
    for number in range(1, 9):
        write(empty, f"tasks/PT-{number}.md", item(number, chance))
    empty.git("add", "-A")
    empty.git("commit", "-qm", "start")
    return empty


def test_unsaved_text_answers_as_saved_text_does(work):
    """Each of several random states, laid over the files and then written to them."""
    chance = random.Random(1)
    for _ in range(4):
        texts = {
            f"tasks/PT-{number}.md": item(number, chance).encode()
            for number in chance.sample(range(1, 12), 4)
        }
        texts[f"tasks/PT-{chance.randrange(1, 9)}.md"] = None
        here = Workspace(str(work.folder))
        before = said(here)
        laid = Buffers(here, texts)
        answer, table = said(laid), laid.index.connection
        assert said(here) == before, "the files' own index must not change"
        for path, data in texts.items():
            if data is None:
                (work.folder / path).unlink(missing_ok=True)
            else:
                (work.folder / path).write_bytes(data)
        saved = Workspace(str(work.folder))
        assert said(saved) == answer
        assert ask.ids(saved.index.connection) == ask.ids(table)
        for path, data in texts.items():
            assert data is None or laid.read(path) == data == saved.read(path)
        assert laid.names("tasks") == saved.names("tasks")


def test_unsaved_settings_are_those_of_the_snapshot(work):
    settings = (work.folder / "plaintrack.yml").read_bytes()
    here = Workspace(str(work.folder))
    laid = Buffers(here, {"plaintrack.yml": settings + b"\nignore: [PT-1.md]\ncolumns: [id]\n"})
    assert laid.settings.columns == ("id",)
    more = settings + b"\nfields:\n  size: {type: choice, choices: [s, m]}\n"
    laid = Buffers(
        here, {"plaintrack.yml": more, "tasks/PT-1.md": b"---\nid: PT-1\nsize: m\n---\n"}
    )
    rows = answers.rows(laid, answers.question(laid, "size:m"), ["id"])
    assert rows == [("PT-1",)]


def test_what_is_staged_answers_as_its_commit_will(work):
    write(work, "tasks/PT-1.md", "---\nid: PT-1\ntitle: Staged login\nstatus: done\n---\n")
    write(work, "tasks/PT-20.md", "---\nid: PT-20\ntitle: New\ndepends_on: PT-1\n---\n")
    (work.folder / "tasks/PT-2.md").unlink()
    work.git("add", "-A")
    write(work, "tasks/PT-1.md", "---\nid: PT-1\ntitle: Only here\nstatus: todo\n---\n")
    write(work, "tasks/PT-30.md", "---\nid: PT-30\ntitle: Untracked\n---\n")
    staged = at(Workspace(str(work.folder)), "staged")
    assert isinstance(staged, Staged)
    answer, names = said(staged), staged.names("tasks")
    work.git("commit", "-qm", "next")
    past = at(Workspace(str(work.folder)), "HEAD")
    assert isinstance(past, Past)
    assert said(past) == answer
    assert past.names("tasks") == names
    assert past.read("tasks/PT-1.md") == staged.read("tasks/PT-1.md")


def test_the_command_line_lists_what_is_staged(work):
    write(work, "tasks/PT-1.md", "---\nid: PT-1\ntitle: Staged\nstatus: todo\n---\n")
    work.git("add", "tasks/PT-1.md")
    write(work, "tasks/PT-1.md", "---\nid: PT-1\ntitle: Saved\nstatus: todo\n---\n")
    assert work("list", "--at", "staged", "id:PT-1", "--format", "tsv", "--columns", "title") == (
        "title\nStaged\n"
    )


def test_a_revision_of_that_name_comes_first(work):
    work.git("branch", "staged")
    assert isinstance(at(Workspace(str(work.folder)), "staged"), Past)


def test_before_the_first_commit(empty):
    empty("init")
    write(empty, "tasks/PT-1.md", "---\nid: PT-1\ntitle: First\nstatus: todo\n---\n")
    empty.git("add", "-A")
    assert "First" in empty("list", "--at", "staged")


def test_a_conflict_that_is_not_settled_is_named(work):
    for branch, title in (("one", "One"), ("two", "Two")):
        work.git("switch", "-qc", branch, "main")
        write(work, "tasks/PT-1.md", f"---\nid: PT-1\ntitle: {title}\n---\n")
        work.git("commit", "-qam", branch)
    work.git("merge", "-q", "one", check=False)
    work("list", "--at", "staged")
    assert "unresolved conflict" in work.err


SNAPSHOTS = {
    "work tree": lambda root: Workspace(str(root)),
    "commit": lambda root: at(Workspace(str(root)), "HEAD"),
    "staged": lambda root: at(Workspace(str(root)), "staged"),
    "buffers": lambda root: Buffers(Workspace(str(root)), {}),
}


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_what_is_committed_is_the_same_in_all(work, kind):
    assert said(SNAPSHOTS[kind](work.folder)) == said(Workspace(str(work.folder)))
