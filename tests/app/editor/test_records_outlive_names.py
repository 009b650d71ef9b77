"""An editor's rename against a week that is frozen and approved, and an approval of an item."""

import pytest
from shown import NOW, Shown
from test_changed import A, at, carried_out

from plaintrack.app.check.check import Asked, check
from plaintrack.app.editor.rename import rename
from plaintrack.app.snapshot.timelog import log
from plaintrack.app.snapshot.timesheets import sheets, standing
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.app.time.entries import log as put_in
from plaintrack.app.time.sheets import judge, submit
from plaintrack.errors import PlaintrackError

ROOMS = "rooms: {time: time, timesheets: timesheets, people: people}\n"


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAINTRACK_NOW", NOW)
    found = Shown(tmp_path)
    settings = tmp_path / "plaintrack.yml"
    settings.write_text(f"timezone: Europe/Berlin\n{ROOMS}")
    (tmp_path / "people").mkdir()
    for name in ("ana", "bob"):
        (tmp_path / f"people/{name}.md").write_text(f"---\nemail: {name}@x.example\n---\n")
    put_in(Workspace(str(tmp_path)), "PT-aaaaaa", "2h", "2026-11-20 09:00", "ana")
    submit(Workspace(str(tmp_path)), "2026-W47", "ana")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "bob")
    monkeypatch.setattr("plaintrack.app.time.sheets.whose", lambda _, name="": name or "bob")
    judge(Workspace(str(tmp_path)), "approved", "ana", "2026-W47")
    found.desk.look_again()
    return found


def kept(folder):
    rooms = ("time", "timesheets")
    return {path: path.read_bytes() for room in rooms for path in (folder / room).rglob("*.*")}


@pytest.mark.parametrize(
    ("needle", "new", "person"), [("PT-aaaaaa", "PT-zzzzzz", "ana"), ("ana]", "anna", "anna")]
)
def test_a_frozen_week_outlives_a_rename(shown, needle, new, person):
    before = kept(shown.folder)
    carried_out(shown.folder, rename(*at(shown, A, needle), new))
    assert kept(shown.folder) == before
    workspace = Workspace(str(shown.folder))
    (entry,) = log(workspace).entries
    assert entry.person == person
    (sheet,) = sheets(workspace).sheets
    assert standing(workspace, sheet, [entry]).state == "approved"
    assert not [
        each.code for each in check(workspace, Asked()).findings if each.code.startswith("PT7")
    ]


def test_a_person_without_a_file_keeps_the_name_that_records_have(shown):
    (shown.folder / "people/ana.md").unlink()
    with (shown.folder / "plaintrack.yml").open("a") as settings:
        settings.write("people: {ana: {email: ana@x.example}}\n")
    shown.desk.look_again()
    with pytest.raises(PlaintrackError, match="has no file that keeps the name"):
        rename(*at(shown, A, "ana]"), "anna")
