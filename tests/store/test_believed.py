"""Nothing is believed that came with the files: forged state, and links where files are read or written, lead nowhere."""

import ast
import base64
import json
import os

import pytest
from conftest import ROOT, Shell, state
from soak import each

from plaintrack.store.state import inside

ITEM = "---\nid: PT-aaaaaa\ntitle: One\nstatus: todo\n---\nText.\n"
SECRET = "a secret of another folder"
COMMANDS = [
    ["list"], ["show", "aaaaaa"], ["board"], ["next"], ["stats"], ["search", "secret"], ["tree"], ["check"], ["doctor"], ["doctor", "--fix"],
    ["add", "Two", "-t", "task"], ["set", "aaaaaa", "priority=high"], ["comment", "aaaaaa", "hello"], ["undo"], ["undo", "--list"],
    ["render"], ["recur"], ["rules", "list"], ["rules", "run"], ["rules", "log"], ["watch", "--once"], ["config"], ["renumber", "aaaaaa", "PT-bbbbbb"],
    ["done", "bbbbbb"], ["archive", "bbbbbb"], ["undo"], ["delete", "bbbbbb", "--yes"], ["undo"], ["check", "--fix"],
]  # fmt: skip


@pytest.fixture(params=["git", "no git"])
def place(request, empty, tmp_path):
    """A workspace with an item, and a folder beside it that is nobody's business."""
    shell = empty
    if request.param != "git":
        folder = tmp_path / "plain"
        folder.mkdir()
        shell = Shell(folder)
    (shell.folder / "plaintrack.yml").write_text("timezone: UTC\n")
    (shell.folder / "tasks").mkdir()
    (shell.folder / "tasks/PT-aaaaaa-one.md").write_text(ITEM)
    shell.out = tmp_path / "out"
    shell.out.mkdir()
    (shell.out / "victim.md").write_text(f"---\nid: PT-out\ntitle: {SECRET}\n---\n{SECRET}\n")
    (shell.out / "rc").write_text(SECRET)
    return shell


def outside(shell):
    return {path.name: path.read_bytes() for path in shell.out.rglob("*") if path.is_file()}


def mine(shell):
    """The folder of state of the workspace."""
    git = shell.folder / ".git"
    return git / "plaintrack" if git.exists() else state(shell.folder, shell.env["HOME"])


def all_commands(shell):
    """Run them all; nothing outside is read, changed, made or moved."""
    before = outside(shell)
    for words in COMMANDS:
        run = shell.run(words, shell.env)
        assert run.returncode in (0, 1, 2), (words, run.stderr)
        assert SECRET not in run.stdout + run.stderr, words
        assert outside(shell) == before, words
    texts = [
        path.read_text("utf-8", "replace")
        for path in shell.folder.rglob("*.md")
        if not path.is_symlink() and shell.out not in path.resolve().parents
    ]
    assert not any(SECRET in text for text in texts)


def forge(folder, target, base):
    """State of every kind that names files outside."""
    for name in ("displaced", "journal", "lost-found", "cookies"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(
        (str(target / "rc"), str(target / "new.md"), str(target / "victim.md"), "../out/rc")
    ):
        record = b"\0".join([path.encode(), str(target / "victim.md").encode(), b"00", base])
        (folder / f"displaced/1-{number:012x}.path").write_bytes(record)
        if number % 2:
            (folder / f"displaced/1-{number:012x}").write_bytes(
                ITEM.replace("Text", "Evil").encode()
            )
    old, new = (base64.b64encode(text.encode()).decode() for text in (SECRET, "evil"))
    for number, path in enumerate(
        (
            str(target / "rc"),
            "../out/rc",
            "tasks/../../out/rc",
            "tasks/link/rc",
            ".git/hooks/pre-commit",
            ".GIT/config",
        )
    ):
        lines = [
            {"command": "set x"},
            {"path": path, "before": new, "after": old},
            {"path": f"{path}2", "before": new, "after": None},
            {"ended": True},
        ]
        (folder / f"journal/{number + 1:020d}-1.jsonl").write_text(
            "".join(json.dumps(line) + "\n" for line in lines)
        )


@pytest.mark.parametrize("where", ["in the tree", "in the state"])
def test_forged_state_leads_nowhere(place, where):
    """The one came with an archive; the other was written by whoever could write there."""
    (place.folder / "tasks/link").symlink_to(place.out)
    place("list")
    folder = place.folder / ".plaintrack" if where == "in the tree" else mine(place)
    forge(folder, place.out, ITEM.encode())
    all_commands(place)
    assert not (place.folder / ".git/hooks/pre-commit").exists()
    assert not (place.folder / ".GIT").exists() or (place.folder / ".git").samefile(
        place.folder / ".GIT"
    )


def test_forged_settings_are_not_obeyed(place):
    """The cache of settings carries a digest that anybody can make."""
    from plaintrack.app.snapshot.workspace import _code
    from plaintrack.store.remember import recall, remember, slot

    place("list")
    source = _code() + (place.folder / "plaintrack.yml").read_bytes()
    name = slot("settings", source)
    known = recall(str(mine(place)), name, source)
    remember(
        str(mine(place)),
        name,
        source,
        {**known, "folders": ("../out",), "archive": str(place.out)},
    )
    assert SECRET not in place("list", "--all")


@pytest.mark.parametrize(
    "name",
    [
        "plaintrack",
        "plaintrack/journal",
        "plaintrack/displaced",
        "plaintrack/lock",
        "plaintrack/settings-0a1b2c3d.cache",
    ],
)
@pytest.mark.parametrize("place", ["git"], indirect=True)
def test_state_behind_a_link_is_not_used(place, name):
    """A folder of state is a real folder."""
    place("set", "aaaaaa", "priority=low")
    link = place.folder / ".git" / name
    if link.exists():
        os.rename(link, place.out / "old")
    link.symlink_to(place.out if link.suffix == "" and link.name != "lock" else place.out / "new")
    all_commands(place)


@pytest.mark.parametrize("place", ["git"], indirect=True)
def test_state_that_everybody_can_write_is_not_used(place):
    place("list")
    state = place.folder / ".git/plaintrack"
    place("doctor")
    assert f"cache, locks and journal: {state}" in place.err
    state.chmod(0o777)
    place("doctor")
    assert str(state) not in place.err
    assert "/plaintrack/work/" in place.err


@pytest.mark.parametrize("place", ["no git"], indirect=True)
def test_the_user_s_own_links_stay(place, tmp_path):
    """Only what lies in the folder of the one workspace is ours: a user may have put the rest elsewhere."""
    mine = tmp_path / "state/plaintrack"
    (tmp_path / "big").mkdir()
    mine.mkdir(parents=True)
    (mine / "work").symlink_to(tmp_path / "big")
    place("set", "aaaaaa", "priority=low", XDG_STATE_HOME=str(tmp_path / "state"))
    assert (mine / "work").is_symlink()
    assert "priority: low" in (place.folder / "tasks/PT-aaaaaa-one.md").read_text()


@pytest.mark.parametrize("link", each([
    "templates", "templates/task.md", "comments", "comments/PT-aaaaaa", "comments/PT-aaaaaa/1.md", "automations", "automations/r.yml",
    "automations/fired", "archive", "projects", "tasks/sub", "tasks/victim.md", "README.md",
], 3))  # fmt: skip
def test_links_to_elsewhere_are_neither_read_nor_written(place, link):
    """Whatever kind of file stands behind them."""
    for name, text in (("task.md", f"---\npriority: low\n---\n{SECRET}\n"), ("1.md", f"---\nauthor: a\n---\n{SECRET}\n"),
                       ("r.yml", f"name: r\non: created\ndo:\n- comment: {SECRET}\n"), ("live.md", f"<!-- plaintrack: list -->\n{SECRET}\n<!-- /plaintrack -->\n")):  # fmt: skip
        (place.out / name).write_text(text)
    path = place.folder / link
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {
        "task.md": "task.md",
        "1.md": "1.md",
        "r.yml": "r.yml",
        "victim.md": "victim.md",
        "README.md": "live.md",
    }
    path.symlink_to(place.out / files[path.name] if path.name in files else place.out)
    all_commands(place)


@pytest.mark.parametrize(("path", "believed"), [
    ("tasks/a.md", True), ("comments/PT-a/1.md", True), ("plaintrack.yml", True), ("../README.md", True), ("../docs/a.md", True),
    ("", False), (".", False), ("..", False), ("/etc/passwd", False), ("tasks/../../x", False), ("../../x", False), ("tasks//a.md", False),
    (".git/config", False), ("../.git/config", False), ("a/.GIT/x", False), ("git~1/x", False), ("tasks/link/a.md", False),
    ("../link/a.md", False), ("a\0b", False), ("./a.md", False),
])  # fmt: skip
def test_a_recorded_path_is_checked(empty, path, believed):
    root = empty.folder / "work"
    (root / "tasks").mkdir(parents=True)
    for folder in (root / "tasks", empty.folder):
        (folder / "link").symlink_to("/tmp")
    assert bool(inside(str(root), path)) == believed


@pytest.mark.parametrize(
    "path",
    [
        "tasks/../../out/rc",
        "./../out/rc",
        "../out/rc",
        "{out}/rc",
        "tasks//../../out/rc",
        "tasks/../tasks/PT-aaaaaa-one.md",
    ],
)
@pytest.mark.parametrize("place", ["no git"], indirect=True)
def test_the_door_lets_no_path_out(place, path):
    """Wherever a path comes from, reading and writing take it from the workspace, normalised, or not at all."""
    from plaintrack.app.snapshot.workspace import Workspace
    from plaintrack.app.write.writer import Writer
    from plaintrack.store.files import Oddity

    workspace = Workspace(str(place.folder))
    assert workspace.read(
        "plaintrack.yml"
    )  # the folder of the workspace is known to be plain from here on
    path = path.format(out=place.out)
    for use in (
        workspace.read,
        workspace.read_whole,
        lambda name: Writer(workspace).create(f"{name}2", b"evil"),
    ):
        with pytest.raises(Oddity):
            use(path)
    assert not (place.out / "rc2").exists()
    with pytest.raises(Oddity):
        workspace.read("/plaintrack.yml")


def test_init_writes_nothing_behind_a_link(tmp_path):
    """The folder that becomes a workspace may come from anywhere, too."""
    out, folder = tmp_path / "out", tmp_path / "new"
    out.mkdir()
    folder.mkdir()
    for name in ("templates", "tasks"):
        (folder / name).symlink_to(out)
    Shell(folder)("init")
    assert (folder / "plaintrack.yml").exists()
    assert not list(out.iterdir())


@pytest.mark.parametrize(("link", "file"), [("r.json", "r.json"), ("reports", "reports/new.json")])
@pytest.mark.parametrize(
    "option", [["--output", "json={}"], ["--write-baseline", "--baseline", "{}"]]
)
def test_check_writes_nothing_through_a_link_of_the_tree(place, option, link, file):
    """The change that is checked may bring a link where its report is written; a link elsewhere is the user's own."""
    words = [each.format(file) for each in option]
    (place.folder / link).symlink_to(place.out / "rc" if link == file else place.out)
    before = outside(place)
    place("check", *words, code=2)
    assert "is a symbolic link; plaintrack does not write through links" in place.err
    assert outside(place) == before
    (place.folder / link).unlink()
    (place.folder.parent / "mine.json").symlink_to(place.out / "report.json")
    place("check", *[each.format("../mine.json") for each in option])
    assert (place.out / "report.json").exists()


ALLOWED = {
    "automation/bound.py", "automation/recipes.py", "automation/trust.py", "check/check.py", "check/environment.py", "check/nested.py", "check/output.py", "check/rooms.py", "git/conflicts.py", "git/hooks.py", "git/merge.py", "git/setup.py", "git/staging.py", "items/template.py", "reporting/drawn.py", "reporting/site.py", "process.py", "time/exchange.py",
    "setup/adopt.py", "setup/init.py", "setup/trackers.py", "snapshot/documents.py", "snapshot/folded.py", "snapshot/past.py", "snapshot/workspace.py", "watch/loop.py",
    "write/journal.py", "write/rescue.py", "write/session.py", "write/writer.py",
}  # fmt: skip
"""What opens files that are no files of the workspace (state, shipped files, git's, the user's own), or goes by ``files.read``."""


def test_files_of_the_workspace_are_read_by_one_door():
    """``Workspace.read``, ``read_whole``, ``names`` and ``entries`` follow no link; what opens files otherwise is listed here, with a reason."""
    found = set()
    for path in sorted((ROOT / "src/plaintrack/app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name in (
                    "open",
                    "os.open",
                    "os.listdir",
                    "os.scandir",
                    "files.read",
                    "files.read_whole",
                ) or name.endswith((".read_text", ".read_bytes")):
                    found.add(path.relative_to(ROOT / "src/plaintrack/app").as_posix())
    assert found == ALLOWED
