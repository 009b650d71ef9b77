"""Make this folder a git repository whose history led to it: ``python3 history.py`` in a copy of the example workspace.

The commits follow from the items themselves: each was planned when it was created, by who does it; worked on, talked about when
the comments were written, and closed. A few items moved: their dates slipped, somebody else took over, a branch was merged.
"""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

MOVED = {  # id: the changes from the first plan to now, as (when, who, field, what it was before)
    "PT-7rrpba": [("2026-11-09T10:15:00+01:00", "amelie", "due", "2026-11-06"), ("2026-11-16T10:30:00+01:00", "amelie", "due", "2026-11-13")],
    "PT-erb93a": [("2026-11-13T16:40:00+01:00", "priya", "due", "2026-11-20"), ("2026-11-19T17:05:00+01:00", "priya", "remaining", "4d")],
    "PT-7xz957": [("2026-11-16T09:20:00+01:00", "amelie", "priority", "high"), ("2026-11-19T15:30:00+01:00", "priya", "status", "in-progress")],
    "PT-btfkm6": [("2026-11-16T09:25:00+01:00", "tomasz", "due", "2026-11-27")],
    "PT-34a2rv": [("2026-11-16T09:30:00+01:00", "jonas", "assignee", "lena")],
}
SIDE = ("PT-8fntvm", "fix/49-days", "tomasz", "2026-11-18T17:40:00+01:00")
"""An item whose last step was made on a branch that was merged."""


def git(*words, when="", who="", people=None, folder="."):
    """Run git, as somebody, at some time."""
    env = dict(os.environ)
    if when:
        name, email = people[who]
        env.update(GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when, GIT_AUTHOR_NAME=name, GIT_AUTHOR_EMAIL=email)
        env.update(GIT_COMMITTER_NAME=name, GIT_COMMITTER_EMAIL=email)
    subprocess.run(["git", *words], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)


def field(text, name):
    """The value of a field of one line; empty without it."""
    found = re.search(rf"(?m)^{name}: *(.*?)\r?$", text.split("\n---", 1)[0])
    return found[1].strip("'\"") if found else ""


def put(text, name, value):
    """The text with another value of a field; without the line if the value is empty."""
    if not value:
        return re.sub(rf"(?m)^{name}: .*\n", "", text, count=1)
    return re.sub(rf"(?m)^({name}: *)[^#\r\n]*?( +#.*)?(\r?)$", rf"\g<1>{value}\2\3", text, count=1)


def steps(path, text, people):
    """The (when, who, message, text) that led to an item, the first one its plan."""
    item, status, made, closed = (field(text, name) for name in ("id", "status", "created", "closed"))
    who = field(text, "assignee")
    who = who if who in people else "amelie"
    states = [(closed, who, f"{item}: done" if status == "done" else f"{item}: not done after all", text)] if closed else []
    current = put(put(text, "closed", ""), "status", "todo") if closed else text
    for when, mover, name, before in sorted(MOVED.get(item, ()), reverse=True):
        states.append((when, mover, f"{item}: {name} {before} → {field(current, name)}", current))
        current = put(current, name, before)
    if not closed and status not in ("todo", ""):
        begun = min([datetime.fromisoformat(when) for when, *_ in states] or [datetime.fromisoformat("2026-11-21T16:00:00+01:00")])
        day = max(datetime.fromisoformat(made) + timedelta(hours=5), begun - timedelta(days=3, hours=2))
        states.append((day.isoformat(), who, f"{item}: started", current))
        current = put(current, "status", "todo")
    plan = current.replace("- [x]", "- [ ]")
    if not states and plan != text:
        states.append(((datetime.fromisoformat(made) + timedelta(days=1)).isoformat(), who, f"{item}: first steps", text))
    return [(made, who, f"{item}: planned", plan), *states[::-1]]


def main():
    """Read what there is, then write it again, step by step."""
    with open("plaintrack.yml", encoding="utf-8") as settings:
        people = {short: (name, mail) for short, name, mail in re.findall(r"(?m)^ +(\w+): \{name: (.*?), email: (.*?)\}", settings.read())}
    files = {}
    for at, folders, names in os.walk("."):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for name in names:
            path = os.path.relpath(os.path.join(at, name))
            with open(path, "rb") as handle:
                files[path] = handle.read().decode()
    events = []
    for path, text in files.items():
        top = path.split(os.sep)[0]
        if top in ("tasks", "projects", "goals", "archive"):
            events += [(when, who, message, path, state) for when, who, message, state in steps(path, text, people)]
        elif top == "comments":
            item = path.split(os.sep)[1]
            events.append((field(text, "date"), field(text, "author"), f"{item}: a comment", path, text))
    events.sort(key=lambda event: datetime.fromisoformat(event[0]))
    git("init", "-q", "-b", "main", ".")
    rest = [path for path in files if path.split(os.sep)[0] not in ("tasks", "projects", "goals", "archive", "comments")]
    for path in files:
        if path not in rest:
            os.unlink(path)
    git("add", "--", *rest)
    git("commit", "-qm", "workspace: settings and views", when=events[0][0], who="jonas", people=people)
    for number, (when, who, message, path, text) in enumerate(events):
        item, branch, mover, merged = SIDE
        last = message.startswith(f"{item}: ") and not any(each[2].startswith(f"{item}: ") for each in events[number + 1 :])
        if last:
            git("switch", "-qc", branch)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as handle:
            handle.write(text.encode())
        git("add", "--", path)
        git("commit", "-q", "--allow-empty", "-m", message, when=when, who=who or "jonas", people=people)
        if last:
            git("switch", "-q", "main")
            git("merge", "-q", "--no-ff", "-m", f"merge {branch}", branch, when=max(when, merged), who=mover, people=people)
            git("branch", "-qd", branch)


if __name__ == "__main__":
    if os.path.isdir(".git"):
        sys.exit("there is a repository here already")
    main()
