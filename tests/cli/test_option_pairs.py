"""Two options of one command: both act, or the command refuses them; none is dropped in silence."""

import pytest

REFUSED = [
    ("board", "--links", "x"),
    ("board", "--links", "x", "--format", "json"),
    ("check", "--links", "x", "--format", "sarif"),
    ("check", "--since", "HEAD", "--fix"),
    ("check", "--dry-run"),
    ("conflicts", "--take", "ours", "--interactive"),
    ("diff", "--links", "x", "--format", "csv"),
    ("equipment", "van", "units=2", "--format", "json"),
    ("goals", "--links", "x"),
    ("health", "T-1", "at-risk", "-m", "Late.", "--format", "json"),
    ("inbox", "--read", "all", "--format", "json"),
    ("list", "--links", "x"),
    ("log", "--patch", "--format", "json"),
    ("metrics", "--of", "wip"),
    ("metrics", "throughput", "--earn", "50/50"),
    ("metrics", "xmr", "--baseline", "HEAD"),
    ("people", "ana", "leave=2026-12-09", "--format", "csv"),
    ("project", "show", "T-1", "--links", "x"),
    ("project", "status", "--links", "x", "--format", "json"),
    ("rank", "T-1", "--top", "--format", "json"),
    ("recur", "--preview", "2", "--dry-run"),
    ("render", "--check", "--dry-run"),
    ("show", "T-1", "--blame", "--format", "json"),
    ("show", "T-1", "--links", "x"),
]


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A workspace with one item; nothing is written to it."""
    from conftest import _repository

    folder = tmp_path_factory.mktemp("one") / "work"
    (folder / "tasks").mkdir(parents=True)
    (folder / "plaintrack.yml").write_text("rooms: {people: people, equipment: equipment}\n")
    (folder / "tasks/T-1.md").write_text("---\nid: T-1\ntitle: One\nstatus: todo\n---\n")
    shell = _repository(folder)
    shell.git("add", "-A")
    shell.git("commit", "-qm", "start")
    return shell


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_options_without_effect_are_refused(one, words):
    assert one(*words, code=2) == ""
    assert "--" in one.err.splitlines()[0]
    assert one.git("status", "--porcelain") == ""
