"""Comments are read as strictly as items: what cannot be read is told with its place, shown as it stands, and is not 'deleted'."""

import pytest
from team import put, workspace

PATH = "comments/PT-7k3q9x/20261101T100000Z-3f9a2c.md"
GOOD = b"---\nauthor: ana\ndate: 2026-11-01T10:00:00Z\n---\nhello\n"
BROKEN = {
    "no front matter": b"hello again\n",
    "not closed": b"---\nauthor: ana\nhello again\n",
    "YAML": b"---\nauthor: [x\n---\nhello again\n",
    "Latin-1": b"---\nauthor: J\xf6rg\ndate: 2026-11-01T10:00:00Z\n---\nhello again\n",
    "empty": b"",
    "conflict": b"---\nauthor: ana\ndate: 2026-11-01T10:00:00Z\n---\n<<<<<<< a\nhello again\n=======\nbye\n>>>>>>> b\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_comment_is_told_and_shown(empty, data):
    shell = workspace(empty)
    put(shell, PATH, GOOD.decode())
    shell.git("add", "-A")
    shell.git("commit", "-qm", "said")
    (shell.folder / PATH).write_bytes(data)
    assert "deleted" not in shell("diff")
    (line,) = [line for line in shell("check", code=1).splitlines() if "PT114" in line]
    assert line.startswith(f"{PATH}:")
    assert "PT114" in shell("check", "--since", "HEAD", code=1)
    shell.git("add", "-A")
    assert "PT114" in shell("check", "--staged", code=1)
    shown = shell("show", "7k3q9x")
    assert not data or "hello again" in shown
    assert PATH in shell.err
    if b"<<<<" in data:
        assert "conflict markers" in (shell("commit", code=1) or shell.err)
        return
    shell("commit")
    assert "deleted" not in shell.git("log", "-1", "--format=%B") + shell("log", "7k3q9x")
    assert "hello" in shell("log", "7k3q9x")


def test_comments_on_nothing_are_found(empty):
    shell = workspace(empty)
    put(shell, "comments/PT-gone/20261101T100000Z-3f9a2c.md", GOOD.decode())
    put(shell, "comments/pt-7K3Q9X/20261101T100000Z-3f9a2c.md", GOOD.decode())
    assert [line.split()[0] for line in shell("check").splitlines() if "PT206" in line] == [
        "comments/PT-gone/20261101T100000Z-3f9a2c.md:",
        "comments/pt-7K3Q9X/20261101T100000Z-3f9a2c.md:",  # no file system that tells case finds it
    ]
