"""Histories of small workspaces, made commit by commit with git's own dates."""

import os
import subprocess
from datetime import date, timedelta

START = date(2026, 1, 5)  # a Monday


class Made:
    """A repository in which day 0 is START; each commit has its day, at noon UTC."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.files = {}
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ana")
        self.git("config", "user.email", "ana@example.org")
        self.write("plaintrack.yml", "timezone: UTC\nfolders: [tasks]\n")

    def git(self, *words, day=None, author=None, check=True):
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        env.update(HOME=str(self.folder), GIT_CONFIG_NOSYSTEM="1")
        if day is not None:
            env["GIT_COMMITTER_DATE"] = stamp(day)
            env["GIT_AUTHOR_DATE"] = stamp(day if author is None else author)
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=env, check=check, capture_output=True, text=True
        )
        return done.stdout

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def item(self, name, status="todo", **fields):
        lines = [f"id: {name}", f"title: Number {name.partition(chr(45))[2]}", f"status: {status}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        self.write(f"tasks/{name}.md", "---\n" + "\n".join(lines) + "\n---\n")

    def commit(self, day, author=None):
        self.git("add", "-A")
        self.git("commit", "-qm", f"day {day}", "--allow-empty", day=day, author=author)

    def snapshot(self, day=400):
        from plaintrack.app.snapshot.workspace import Workspace

        return Workspace(str(self.folder), day=START + timedelta(days=day))

    def measured(self, query="", day=400, **more):
        from plaintrack.app.flow.view import Asked, measured

        more.setdefault("first", START.isoformat())
        return measured(self.snapshot(day), Asked(query, **more))

    def spans(self, **more):
        """Id → (first day, last day) in progress and done, counted from START; None: not yet."""
        found = self.measured(**more)
        zero = START.toordinal()

        def of(moment):
            return None if moment is None else found.view.day(moment) - zero

        return {each.id: (of(each.started), of(each.done)) for each in found.view.items}


def stamp(day):
    return f"{START + timedelta(days=day)}T12:00:00+00:00"
