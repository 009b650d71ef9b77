"""Small repositories with a random history, published side by side."""

import os
import random
import subprocess
from datetime import UTC, date, datetime, timedelta

import publishing  # noqa: F401 (skips without DuckDB)

from plaintrack.app.reporting.publish import publish
from plaintrack.app.snapshot.gathered import Gathered
from plaintrack.app.snapshot.workspace import Workspace
from plaintrack.store.portfolio.database import connected
from plaintrack.store.portfolio.load import link, load, prepare
from plaintrack.store.portfolio.origin import origin
from plaintrack.store.portfolio.published import read

START = date(2026, 1, 5)  # a Monday
TODAY = START + timedelta(days=40)
SETTINGS = """timezone: {zone}
folders: [tasks]
rooms: {{people: people, equipment: equipment, time: time}}
publish: {{name: {name}, private: {private}}}
plan: {{estimate: 1d}}
"""


class Many:
    """Repositories below one folder, and a folder with what they publish."""

    def __init__(self, folder):
        self.folder = folder
        self.published = folder / "published"
        self.published.mkdir()

    def write(self, name, path, text):
        target = self.folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def git(self, name, *words, day=0, hour=12):
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        moment = datetime.combine(START, datetime.min.time(), UTC)
        stamp = (moment + timedelta(days=day, hours=hour)).isoformat()
        env |= {"GIT_COMMITTER_DATE": stamp, "GIT_AUTHOR_DATE": stamp}
        env |= {"HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        folder = self.folder / name
        subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True)

    def start(self, name, settings="", zone="UTC", private=True):
        """A repository with these settings beside the usual ones."""
        told = SETTINGS.format(zone=zone, name=name, private=str(private).lower())
        self.write(name, "plaintrack.yml", told + settings)
        self.git(name, "init", "-q", "-b", "main")
        self.git(name, "config", "user.name", "Ana")
        self.git(name, "config", "user.email", "ana@example.org")

    def commit(self, name, day, hour=12):
        self.git(name, "add", "-A")
        self.git(name, "commit", "-qm", f"day {day}", "--allow-empty", day=day, hour=hour)

    def item(self, name, item, **fields):
        about = {"id": item, "title": f"The {item}", **fields}
        lines = "\n".join(f"{key}: {value}" for key, value in about.items())
        self.write(name, f"tasks/{item}.md", f"---\n{lines}\n---\n")

    def person(self, name, handle, *lines):
        self.write(name, f"people/{handle}.md", "\n".join(["---", *lines, "---", ""]))

    def grown(self, name, seed, people=("ana", "bob"), prefix="T", items=12, **more):
        """A repository with a random history of 30 days."""
        luck = random.Random(seed)
        self.start(name, **more)
        for number, who in enumerate(people):
            mail = f"email: {who}@example.org"
            leave = f"leave: [2026-02-{17 + number} annual]"
            self.person(name, who, mail, f"team: {luck.choice(['core', 'ops'])}", leave)
        self.write(name, "equipment/rig.md", "---\nunits: 2\n---\n")
        known = {}
        names = [f"{prefix}-{number}" for number in range(1, items)]
        for day in sorted(luck.sample(range(31), 8)):
            for item in luck.sample(names, 4):
                known[item] = self._changed(luck, known, item, names, people)
                self.item(name, item, **known[item])
                if luck.random() < 0.4:
                    self._worked(luck, name, item, luck.choice(people), day)
            self.commit(name, day, luck.randrange(24))
        return self

    def _changed(self, luck, known, item, names, people):
        fields = dict(known.get(item, {}))
        fields["status"] = luck.choice(
            ["todo", "in-progress", "review", "done", "done", "cancelled"]
        )
        if item.endswith(("-1", "-2")):
            return {**fields, "type": "goal", "due": "2026-03-20", "start": "2026-01-05"}
        if item.endswith("-3"):
            return {**fields, "type": "project", "goal": names[0], "due": "2026-03-01"}
        fields["created"] = "2026-01-04T10:00:00+00:00"
        for key, value in (
            ("estimate", luck.choice(["4h", "1d", "2d", "1w"])),
            ("remaining", luck.choice(["1h", "1d"])),
            ("assignee", luck.choice(people)),
            ("priority", luck.choice(["high", "low"])),
            ("type", luck.choice(["bug", "task"])),
            ("due", f"2026-02-{luck.randrange(10, 28)}"),
            ("project", names[2]),
            ("goal", luck.choice(names[:2])),
            ("needs", "[rig]"),
        ):
            if luck.random() < 0.5:
                fields[key] = value
        later = [each for each in names if int(each[2:]) > int(item[2:])]
        if later and luck.random() < 0.4:
            fields["depends_on"] = f"[{luck.choice(later)}]"
        return fields

    def _worked(self, luck, name, item, who, day):
        at = START + timedelta(days=day)
        path = f"time/{who}/{at:%Y-%m}/{at}.timeclock"
        target = self.folder / name / path
        before = target.read_text() if target.exists() else ""
        hour = 8 + 2 * before.count("i ")
        lines = f"i {at} {hour:02}:00:00 +0000 {item}\no {at} {hour + 1:02}:30:00 +0000\n"
        self.write(name, path, before + lines)

    def local(self, name):
        """The work tree of a repository."""
        return Workspace(str(self.folder / name), day=TODAY)

    def tell(self, *names):
        """Publish repositories."""
        for name in names:
            publish(self.local(name), str(self.published / name))

    def load(self, database, *names):
        """Load what repositories have published."""
        with connected(database, writing=True) as connection:
            prepare(connection)
            for name in names:
                load(connection, read(str(self.published / name)), name)
            link(connection)

    def gathered(self, *names, source=None, **more):
        """All that is published, or some of it, as one snapshot."""
        found = source or origin(str(self.published))
        return Gathered(found, names or None, day=TODAY, **more)
