"""Calendars: what real programs read, and what must not be in them."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

BIN = Path(sys.executable).parent


@pytest.fixture
def dated(empty):
    files = {
        "plaintrack.yml": "folders: [tasks]\ntimezone: Europe/Berlin\nrooms: {people: people}\nplan: {slot: 30m}\n",
        "people/ana.md": "---\nname: Ana\nemail: [ana.canary@example.org]\nhours: [40h/w]\nrate: [7317 EUR/h]\n"
        "leave:\n- 2026-12-07..2026-12-08 sabbaticalcanary · surgerycanary\n---\n",
        "tasks/PT-1.md": "---\nid: PT-1\ntitle: 'Pay, sign; \"send\" to bob.canary@example.org'\nassignee: ana\n"
        "priority: critical\ntags: [a b, 'c,d']\nestimate: 2d\ndue: 2026-11-27\n---\n",
        "tasks/PT-2.md": "---\nid: PT-2\ntitle: Moment\ndue: 2026-11-27T17:30:00+01:00\nstatus: in-progress\n---\n",
        "tasks/PT-3.md": "---\nid: PT-3\ntitle: Ship\ntype: milestone\ndue: 2026-12-01\n---\n",
        "tasks/PT-4.md": "---\nid: PT-4\ntitle: Closed\nstatus: done\ndue: 2026-11-27\n---\n",
    }
    for path, text in files.items():
        (empty.folder / path).parent.mkdir(exist_ok=True)
        (empty.folder / path).write_text(text)
    return empty


def test_a_calendar_has_due_dates_plan_milestones_and_leave(dated):
    text = dated("export", "ical")
    found = {str(each["uid"]): each for each in Calendar.from_ical(text).walk() if "uid" in each}
    assert set(found) == {
        "due-PT-1@plaintrack",
        "planned-PT-1@plaintrack",
        "due-PT-2@plaintrack",
        "milestone-PT-3@plaintrack",
        "leave-ana-2026-12-07@plaintrack",
    }
    due = found["due-PT-1@plaintrack"]
    assert due["due"].dt == date(2026, 11, 27)
    assert due["summary"] == 'PT-1 Pay, sign; "send" to (address)'
    assert int(due["priority"]) == 1
    assert [str(each) for each in due["categories"].cats] == ["a b", "c,d"]
    assert found["due-PT-2@plaintrack"]["status"] == "IN-PROCESS"
    assert found["due-PT-2@plaintrack"]["due"].dt.isoformat() == "2026-11-27T16:30:00+00:00"
    planned = found["planned-PT-1@plaintrack"]
    row = json.loads(
        dated("list", "id:PT-1", "--format", "json", "--columns", "planned_start,planned_end")
    )
    assert planned["dtstart"].dt.isoformat() == row["items"][0]["planned_start"]
    assert (planned["dtend"].dt - date(2026, 1, 2)).days == (
        date.fromisoformat(row["items"][0]["planned_end"]) - date(2026, 1, 1)
    ).days
    assert found["leave-ana-2026-12-07@plaintrack"]["summary"] == "ana: away"
    assert "canary" not in text
    assert "7317" not in text
    assert text == dated("export", "ical")
    assert "BEGIN:VTODO" not in dated("export", "ical", "--what", "leave")
    settings = dated.folder / "plaintrack.yml"
    settings.write_text(settings.read_text() + "site: {private: true}\n")
    assert "ana: sabbaticalcanary" in dated("export", "ical", "--what", "leave")


def test_todoman_reads_it(dated, tmp_path):
    todo = BIN / "todo"
    folder = tmp_path / "vdir/work"
    assert "5 written" in dated("export", "ical", "--vdir", str(folder))
    assert "0 written, 5 unchanged" in dated("export", "ical", "--vdir", str(folder))
    config = tmp_path / "config.py"
    config.write_text(
        f'path = "{tmp_path}/vdir/*"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\ncache_path = "{tmp_path}/cache"\n'
    )
    done = subprocess.run(
        [todo, "--config", str(config), "--porcelain", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summaries = {each["summary"] for each in json.loads(done.stdout)}
    assert summaries == {'PT-1 Pay, sign; "send" to (address)', "PT-2 Moment"}


def test_khal_reads_it(dated, tmp_path):
    khal = BIN / "khal"
    dated("export", "ical", "--vdir", str(tmp_path / "work"))
    config = tmp_path / "config"
    config.write_text(
        f"[calendars]\n[[work]]\npath = {tmp_path}/work\nreadonly = True\n[sqlite]\npath = {tmp_path}/khal.db\n"
        "[locale]\nlocal_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    done = subprocess.run(
        [khal, "-c", str(config), "list", "--format", "{start-date} {title}", "2026-11-23", "30d"],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    assert "PT-3 Ship" in done.stdout
    assert "ana: away" in done.stdout
    assert "PT-1 Pay" in done.stdout
