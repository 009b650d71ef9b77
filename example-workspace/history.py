"""Make this folder a git repository whose history led to it: ``python3 history.py`` in a copy of the example workspace.

The commits follow from the files themselves. Each item was planned when it was created, by who does it; begun when the first time
was logged on it, reviewed, talked about when the comments were written, and closed. What was begun in one cycle and closed in the
next went over to it. A few items moved: their dates slipped, another person took over, something blocked them, a branch was merged.
"""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

ITEMS = ("tasks", "projects", "goals", "archive")
MOVED = {  # id: what changed from the first plan to now, as (when, who, field, what it was before)
    "PT-7rrpba": [("2026-11-09T10:15:00+01:00", "amelie", "due", "2026-11-06"), ("2026-11-16T10:30:00+01:00", "amelie", "due", "2026-11-13")],
    "PT-erb93a": [("2026-11-13T16:40:00+01:00", "priya", "due", "2026-11-20"), ("2026-11-19T17:05:00+01:00", "priya", "remaining", "4d")],
    "PT-7xz957": [("2026-11-16T09:20:00+01:00", "amelie", "priority", "high"), ("2026-11-19T15:30:00+01:00", "priya", "status", "in-progress")],
    "PT-btfkm6": [("2026-11-16T09:25:00+01:00", "tomasz", "due", "2026-11-27")],
    "PT-34a2rv": [("2026-11-16T09:30:00+01:00", "jonas", "assignee", "lena")],
    "PT-8vcgn6": [("2026-10-12T10:20:00+02:00", "tomasz", "due", "2027-01-08"), ("2026-10-29T09:40:00+01:00", "tomasz", "due", "2027-01-15")],
    "PT-zj5yq5": [("2026-11-12T11:00:00+01:00", "lena", "due", "2026-12-04")],
    "PT-8wnnt8": [("2026-07-09T14:10:00+02:00", "jonas", "due", "2026-07-10")],
    "PT-4dbb53": [("2026-08-18T09:05:00+02:00", "priya", "due", "2026-08-19")],
    "PT-ayjv47": [("2026-08-26T11:45:00+02:00", "lena", "due", "2026-08-28")],
    "PT-6h3ewd": [("2026-09-14T15:20:00+02:00", "lena", "due", "2026-09-16")],
    "PT-432t94": [("2026-10-08T10:30:00+02:00", "priya", "due", "2026-10-09")],
    "PT-64hhna": [("2026-10-13T08:25:00+02:00", "tomasz", "due", "2026-10-14")],
    "PT-kfbp8q": [("2026-10-07T09:20:00+02:00", "lena", "blocker", ""), ("2026-10-20T13:45:00+02:00", "lena", "blocker", "Grünau has not said which columns it needs")],
    "PT-jr4c65": [("2026-10-14T10:05:00+02:00", "tomasz", "blocker", ""), ("2026-10-21T08:30:00+02:00", "tomasz", "blocker", "the boards are at customs")],
    "PT-tqwc5w": [("2026-08-26T09:10:00+02:00", "jonas", "blocker", ""), ("2026-09-08T10:00:00+02:00", "jonas", "blocker", "no answer from the hosting company")],
}
SIDE = ("PT-8fntvm", "fix/49-days", "tomasz", "2026-11-18T17:40:00+01:00")
"""An item whose last step was made on a branch that was merged."""
REVIEWED = timedelta(days=4)
"""What takes longer is reviewed before it is done."""


def field(text, name):
    """The value of a field of one line; empty without it."""
    found = re.search(rf"(?m)^{name}: *(.*?)(?: +#.*)?\r?$", text.split("\n---", 1)[0])
    return found[1].strip("'\"") if found else ""


def put(text, name, value):
    """The text with another value of a field; without the line if the value is empty."""
    if not value:
        return re.sub(rf"(?m)^{name}: .*\n", "", text, count=1)
    if not field(text, name):
        return re.sub(r"(?m)^(created: .*?)(\r?)$", rf"{name}: {value}\2\n\1\2", text, count=1)
    return re.sub(rf"(?m)^({name}: *)[^#\r\n]*?( +#.*)?(\r?)$", rf"\g<1>{value}\2\3", text, count=1)


def moment(text):
    """A timestamp of a file."""
    return datetime.fromisoformat(text)


def worked(files):
    """Item → when time was logged on it first."""
    found = {}
    for path, text in files.items():
        for day, clock, offset, item in re.findall(r"(?m)^i (\S+) (\S+)([+-]\d{4}) (\S+)", text) if path.startswith("time/") else ():
            when = moment(f"{day}T{clock}{offset[:3]}:{offset[3:]}")
            found[item] = min(when, found.get(item, when))
    return found


def begun(text, first):
    """When work on an item began; None: it has not."""
    made, closed, status = moment(field(text, "created")), field(text, "closed"), field(text, "status")
    if status in ("todo", "") or field(text, "type") in ("goal", "decision") or (field(text, "type") == "milestone" and not field(text, "start")):
        return None
    if field(text, "start"):  # cycles and projects
        return max(made + timedelta(minutes=20), moment(f"{field(text, 'start')}T08:30:00{field(text, 'created')[-6:]}"))
    item = field(text, "id")
    moved = [moment(when) for when, _, name, _ in MOVED.get(item, ()) if name != "blocker"]
    last = min([moment(closed) if closed else moment("2026-11-20T09:00:00+01:00"), *moved])
    guess = last - timedelta(days=2 + len(item + field(text, "title")) % 6)
    if guess.weekday() > 3:
        guess -= timedelta(days=guess.weekday() - 3)
    guess = guess.replace(hour=10, minute=len(text) % 60, second=0)
    found = first.get(item, guess)
    return found if made < found < last else made + (last - made) / 3


def changes(text, first, cycles):
    """What changed of an item since it was planned, as (when, who, field, what it was before)."""
    who, status, closed = field(text, "assignee"), field(text, "status"), field(text, "closed")
    made, start = moment(field(text, "created")), begun(text, first)
    found = [(moment(when), mover, name, before) for when, mover, name, before in MOVED.get(field(text, "id"), ())]
    end = moment(closed) if closed else None
    review = end and start and end - start > REVIEWED and field(text, "type") in ("bug", "feature")
    if review:
        found.append((end - (end - start) / 6, who, "status", "in-progress"))
    elif status == "review" and not any(name == "status" for _, _, name, _ in found):
        found.append((max(start + timedelta(hours=2), moment("2026-11-19T16:10:00+01:00")), who, "status", "in-progress"))
    elif status == "field-test":
        found.append((start + timedelta(days=3), who, "status", "in-progress"))
    if start:
        found.append((start, who, "status", "todo"))
    if end:
        found.append((end, who, "status", "review" if review else "in-progress" if start else "todo"))
    cycle = field(text, "iteration")
    if cycle and start and start < cycles[cycle] and start >= min(cycles.values()):
        before = max((when, name) for name, when in cycles.items() if when < cycles[cycle])
        found.append((max(cycles[cycle] + timedelta(minutes=70), start + timedelta(minutes=5)), "amelie", "iteration", before[1]))
    return sorted(((max(each[0], made + timedelta(minutes=1)), *each[1:]) for each in found), key=lambda each: each[0])


def steps(text, first, cycles):
    """The (when, who, message, text) that led to an item, the first one its plan."""
    item, made, who = field(text, "id"), field(text, "created"), field(text, "assignee")
    states, current = [], text
    for when, mover, name, before in reversed(changes(text, first, cycles)):
        now = field(current, name)
        closing = name == "status" and now in ("done", "cancelled")
        message = "not done after all" if now == "cancelled" else now if name == "status" else f"{name} {before or '–'} → {now or '–'}"
        states.append((when, mover, f"{item}: {message}", current))
        current = put(current, name, before)
        if closing:
            current = put(current, "closed", "").replace("- [x]", "- [ ]")
    plan = current.replace("- [x]", "- [ ]")
    if not states and plan != text:
        states.append((moment(made) + timedelta(days=1), who, f"{item}: first steps", text))
    return [(moment(made), who, f"{item}: planned", plan), *states[::-1]]


def sheet(path, text):
    """A timesheet: submitted by who worked, then approved."""
    person = field(text, "person")
    lines = re.findall(r"(?m)^- (approved|rejected) (\S+) (\S+) \w+.*\n", text)
    plain = re.sub(r"\nverdicts:\n(- .*\n)*", "", text) if lines else text
    told = [(moment(field(text, "submitted")), person, f"time: {person} submits {field(text, 'period')}", path, plain)]
    return told + [(moment(when), by, f"time: {person} {field(text, 'period')} {verdict}", path, text) for verdict, by, when in lines[-1:]]


def events(files):
    """All that was written, as (when, who, message, path, text), the oldest first."""
    first = worked(files)
    cycles = {
        field(text, "id"): moment(f"{field(text, 'start')}T08:30:00+01:00")
        for path, text in files.items()
        if path.startswith(ITEMS) and field(text, "type") == "milestone" and field(text, "start")
    }
    found = []
    for path, text in files.items():
        top, author = path.split("/")[0], field(text, "author") or field(text, "by")
        if top in ITEMS:
            found += [(*step[:3], path, step[3]) for step in steps(text, first, cycles)]
        elif author and field(text, "date"):
            found.append((moment(field(text, "date")), author, f"{path.split('/')[1]}: {top.rstrip('s')}", path, text))
        elif top == "time":
            last = re.findall(r"(?m)^o (\S+) (\S+)([+-]\d\d)(\d\d)", text)[-1]
            when = moment(f"{last[0]}T{last[1]}{last[2]}:{last[3]}") + timedelta(minutes=50)
            found.append((when, path.split("/")[1], f"time: {path.split('/')[1]} in {path.split('/')[2]}", path, text))
        elif top == "timesheets":
            found += sheet(path, text)
    return sorted(found, key=lambda event: event[0])


def commits(told, rest, people):
    """The commits, as `git fast-import` reads them."""
    item, branch, mover, merged = SIDE
    last = max(at for at, event in enumerate(told) if event[2].startswith(f"{item}: "))

    def commit(ref, when, who, message, writes, parents=()):
        name, email = people.get(who, people["jonas"])
        stamp = f"{name} <{email}> {int(when.timestamp())} {when:%z}"
        yield f"commit {ref}\nauthor {stamp}\ncommitter {stamp}\ndata {len(message.encode())}\n{message}\n".encode()
        yield from (f"{parent}\n".encode() for parent in parents)
        for path, text in writes:
            mode = "100755" if os.access(path, os.X_OK) else "100644"
            yield f"M {mode} inline {path}\ndata {len(text.encode())}\n{text}\n".encode()

    yield from commit("refs/heads/main", told[0][0] - timedelta(hours=1), "jonas", "workspace: settings and views", rest.items())
    for number, (when, who, message, path, text) in enumerate(told):
        if number != last:
            yield from commit("refs/heads/main", when, who, message, [(path, text)])
            continue
        yield from commit("refs/heads/side", when, who, message, [(path, text)], ["from refs/heads/main"])
        yield from commit("refs/heads/main", max(when, moment(merged)), mover, f"merge {branch}", [(path, text)], ["merge refs/heads/side"])


def main():
    """Read what there is, then write the commits that led to it."""
    with open("plaintrack.yml", encoding="utf-8") as settings:
        people = {short: (name, mail) for short, name, mail in re.findall(r"(?m)^ +(\w+): \{name: (.*?), email: (.*?)\}", settings.read())}
    files = {}
    for at, folders, names in os.walk("."):
        folders[:] = sorted(each for each in folders if each == ".github" or not each.startswith("."))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(at, name))
            with open(path, "rb") as handle:
                files[path.replace(os.sep, "/")] = handle.read().decode()
    told = events(files)
    once = {path for _, _, _, path, _ in told}
    rest = {path: text for path, text in files.items() if path not in once}
    subprocess.run(["git", "init", "-q", "-b", "main", "."], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], input=b"".join(commits(told, rest, people)), check=True)
    subprocess.run(["git", "update-ref", "-d", "refs/heads/side"], check=True)
    subprocess.run(["git", "reset", "-q"], check=True)


if __name__ == "__main__":
    if os.path.isdir(".git"):
        sys.exit("there is a repository here already")
    main()
