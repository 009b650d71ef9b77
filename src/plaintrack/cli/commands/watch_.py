"""``plaintrack watch``: keep the index true and say what changes."""

import signal
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING

import click

from plaintrack.cli.options import open_workspace
from plaintrack.cli.output import encoded, finish, note, out, safe

if TYPE_CHECKING:
    from plaintrack.app.watch.loop import Told


@click.command("watch")
@click.option("--once", is_flag=True, help="Look once, do what is due, and exit; for cron and CI.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object per line.")
@click.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="Scan every SECONDS instead of waiting for file system events; for network folders.",
)
def command(once: bool, as_json: bool, poll: float | None) -> int:
    """Watch the files: print changes, run rules, refresh documents.

    Changes by editors, git and other programs count as well. The index is kept up to date, due
    items of recurring work are created, and generated blocks in documents are rendered.

    Runs in the foreground until interrupted; one watcher per workspace.
    """
    from plaintrack.app.follow import Follower, opened
    from plaintrack.app.watch.loop import Told, Watch, only_one

    workspace = open_workspace()
    teller = _Teller(as_json)
    with only_one(workspace) as hold:
        watch = Watch(workspace.root, teller.told, Follower(patient=not once), poll or 0.0, opened)
        if once:
            watch.once()
            return 1 if watch.trouble else 0
        stop = Event()

        def end(_signal: int, _frame: object) -> None:
            stop.set()
            watch.hints.event.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, end)
        teller.told(Told("watching", workspace.root))
        watch.run(stop, hold)
        teller.told(Told("stop", "no longer watching"))
    return 0


class _Teller:
    """Writes what the watcher tells, a line each, at once."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def told(self, told: "Told") -> None:
        """One line."""
        moment = datetime.now().astimezone()
        if self.as_json:
            self._json(told, moment)
        elif told.kind == "change" and told.change:
            out(safe(f"{moment:%H:%M:%S}  {told.change.id or told.change.path}  {told.text}"))
        elif told.kind == "trouble":
            note(safe(f"{moment:%H:%M:%S}  {told.text}"))
        else:
            words = {"watching": f"watching {told.text}; stop with Ctrl-C"}
            out(safe(f"{moment:%H:%M:%S}  {words.get(told.kind, told.text)}"))
        finish()

    def _json(self, told: "Told", moment: datetime) -> None:
        row = {
            "schema": 1,
            "time": moment.isoformat(timespec="milliseconds"),
            "event": told.kind,
            "text": told.text,
        }
        out(encoded(row | (told.change._asdict() if told.change else {})))
