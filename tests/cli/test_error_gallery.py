"""The gallery of errors: each class is provoked by a real command, and its message, hint and exit code are compared."""

import ast
import importlib
import os
import pathlib
import pkgutil
import shutil

import pytest
from conftest import ROOT, Shell, _repository

import plaintrack
from plaintrack.errors import PlaintrackError

ITEM = "---\nid: {}\ntitle: {}\nstatus: {}\n{}---\n{}"


class Place:
    """A small workspace, built step by step."""

    def __init__(self, shell):
        self.shell = shell

    def file(self, path, text):
        target = self.shell.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return self

    def item(self, name="T-1", title="One", status="todo", fields="", body="", path=""):
        return self.file(path or f"tasks/{name}.md", ITEM.format(name, title, status, fields, body))

    def pt(self, *words, **env):
        self.shell.run(words, {**self.shell.env, **env})
        return self

    def git(self, *words):
        self.shell.git(*words, check=False)
        return self

    def commit(self, message="start"):
        return self.git("add", "-A").git("commit", "-qm", message)


# class: (what makes the place, the command, its exit code, the message, the hint); None: the example
EXAMPLE = {
    "BadDays": (("metrics", "--from", "2026-11-20", "--until", "2026-11-01"), 2, "2026-11-01 is before 2026-11-20", "--from is the first day and --until the last"),
    "MisspeltMetric": (("metrics", "cycle-tme"), 2, "there is no metric 'cycle-tme'", "did you mean 'cycle-time'? `--` before the word makes it a part of the query"),
    "NotASize": (("metrics", "throughput", "--size", "estimat"), 2, "items have no size 'estimat'", "did you mean 'estimate'?"),
    "NoBaseline": (("metrics", "value"), 2, "metrics value compares with a baseline", "name a commit, tag or date: `--baseline v1.0`"),
    "NothingLeft": (("forecast", "status:cancelled"), 1, "no open items match, so there is nothing to forecast", "`plaintrack forecast --items 20` asks for a number of items instead"),
    "NoOutput": (("schema", "--output", "statz"), 2, "no command 'statz' writes JSON", "did you mean 'stats'?"),
    "PastDay": (("forecast", "--date", "2020-01-01"), 2, "2020-01-01 is not after today", "--date is a day to come, such as +6w"),
    "NotADatabase": (("portfolio", "status", "mysql://x"), 2, "'mysql://x' is not a database", "write postgresql://USER@HOST/DATABASE"),
    "NotConnected": (("portfolio", "status", "postgresql://ana:pw@127.0.0.1:1/d"), 2, "cannot connect to d on 127.0.0.1: ", "check that the server runs, and the host and port in the URL"),
    "OwnNeighbour": (("rank", "xybp33", "--before", "xybp33"), 2, "PT-xybp33 cannot be moved before or after itself", "name another item"),
    "NoSuchDates": (("export", "ical", "--what", "duee"), 2, "a calendar has no 'duee'", "did you mean 'due'?"),
    "UnknownFormat": (("import", "jirra", "README.md"), 2, "there is no format 'jirra'", "did you mean 'jira'?"),
    "NotReadable": (("import", "jira", "nope.csv"), 2, "nope.csv: No such file or directory", "name a file that can be read, or - for standard input"),
    "BadSource": (("import", "linear", "plaintrack.yml"), 2, "plaintrack.yml: Linear's CSV has a header with 'ID', 'Title'; there is none; nothing was imported", "export from Linear"),
    "BadMapping": (("import", "todotxt", "README.md", "--mapping", "plaintrack.yml"), 2, "plaintrack.yml: timezone: a file of mappings has no such part", "the parts are "),
    "UnknownReport": (("report", "weeky"), 1, "there is no report 'weeky'", "did you mean 'weekly'?"),
    "ItemMissing": (("report", "project"), 2, "the report 'project' is about one project", "write `plaintrack report project ID`"),
    "NothingToName": (("report", "goals", "x"), 2, "the report 'goals' is about all work, so 'x' means nothing here", "leave it out"),
    "NotOurFolder": (("report", "site", "tasks"), 2, "tasks is not empty and was not made by plaintrack", "name a new or empty folder"),
    "PageNotWritable": (("report", "site", "plaintrack.yml/x"), 2, "cannot write plaintrack.yml/x: Not a directory", "check the permissions and the disk"),
    "UnknownId": (("show", "nope"), 1, "no item has an id like 'nope'", "`plaintrack list` shows the ids"),
    "NotSupposable": (("plan", "--set", "xybp33"), 2, "--set 'xybp33' is not an item with fields", "write `--set 'PT-7 estimate=8d'`"),
    "BadAbsence": (("plan", "--without", "ana"), 2, "--without 'ana' does not say who is away and when", "write `--without ana:"),
    "BadUnits": (("plan", "--add", "rig"), 2, "--add 'rig' does not say how many of what", "write `--add rig=1`"),
    "NoSuchEquipment": (("plan", "--add", "rig=1"), 2, "there is no equipment 'rig'", "`plaintrack equipment` lists what there is"),
    "NothingToRemove": (("add", "x", "tags-=c"), 2, "tags-= takes from what an item has, and this one is new", "write tags=… with all that it should have"),
    "NooneAway": (("plan", "--without", "zoe9:2026-12-01"), 2, "there is no person, team or equipment 'zoe9'", "`plaintrack people` and `plaintrack equipment` list them"),
    "OnlyNow": (("plan", "--at", "HEAD", "--set", "xybp33 due=2026-12-01"), 2, "--set changes the work as it is now, not as it was", "leave out --at"),
    "EmptyId": (("show", ""), 1, "an empty id matches no item", "give the id, or a part of it"),
    "AmbiguousId": (("show", "PT"), 2, "'PT' could be PT-", "type more of the id"),
    "NotAChoice": (("set", "xybp33", "status=dne"), 2, "'dne' is not a status", "did you mean 'done'? the choices are "),
    "UnknownField": (("set", "xybp33", "tilte=1"), 2, "unknown field 'tilte'", "did you mean 'title'? declare new fields under `fields:` in plaintrack.yml"),
    "DerivedField": (("set", "xybp33", "urgency=1"), 2, "urgency is worked out from other fields and never set", "`plaintrack show ID --why` explains an urgency"),
    "FixedId": (("set", "xybp33", "id=PT-2"), 2, "an id never changes", "`plaintrack renumber ID` gives another one, `plaintrack doctor --fix` to one of two with the same id"),
    "OneValue": (("set", "xybp33", "title+=x"), 2, "title holds one value, not a list", "write title=value"),
    "BadDate": (("set", "xybp33", "due=2026-02-30"), 2, "'2026-02-30' is not a date", ""),
    "BadDuration": (("set", "xybp33", "estimate=much"), 2, "'much' is not a duration", "write 45m, 6h, 2d, 1w or 1w2d"),
    "RepeatTooLong": (("set", "xybp33", "repeat=" + "every " * 99), 2, "the rule is longer than 500 characters", "write `every weekday`"),
    "EndsBeforeStart": (("set", "xybp33", 'repeat=daily from 2026-12-02 until 2026-12-01'), 2, 'the series ends on 2026-12-01, before it begins on 2026-12-02', 'correct one of the two days'),
    "NeverOccurs": (("set", "xybp33", 'repeat=FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'), 2, 'never occurs: no such month has such a day', 'correct the day or the month'),
    "NotUnderstood": (("set", "xybp33", 'repeat=every blue moon'), 2, "'blue' is not understood here", 'write `every weekday`'),
    "RuleIncomplete": (("set", "xybp33", 'repeat=every'), 2, 'the rule is incomplete', 'write `every weekday`'),
    "NoSuchInterval": (("set", "xybp33", 'repeat=every 2 weekdays'), 2, '`every 2 weekdays` is not known', 'write `every weekday`, or a number of days'),
    "NotACount": (("set", "xybp33", 'repeat=every 0 days'), 2, "'0' is not a number from 1 to 1000", 'write `every 2 weeks`, `10 times`'),
    "NoDaysHere": (("set", "xybp33", 'repeat=daily on mon'), 2, 'days cannot be named here', 'days can be named for weeks, months or years'),
    "NoSuchWeekdayOfMonth": (("set", "xybp33", 'repeat=monthly on the 6th friday'), 2, 'a month has at most five of a weekday', 'write `last friday`'),
    "NoSuchWorkingDay": (("set", "xybp33", 'repeat=monthly on the 2nd working day'), 2, 'only `first working day` and `last working day` are known', 'name a day and set `shift: next`'),
    "NoSuchDayOfMonth": (("set", "xybp33", 'repeat=monthly on the 32nd'), 2, 'a month has at most 31 days', 'write `on the 15th`'),
    "DaysMixed": (("set", "xybp33", 'repeat=monthly on the 1st and first mon'), 2, 'days and weekdays cannot be mixed', 'use two items'),
    "MonthMissing": (("set", "xybp33", 'repeat=yearly on the 24th'), 2, 'a day of the year needs its month', 'write `yearly on 24 dec`'),
    "TwoEnds": (("set", "xybp33", 'repeat=daily 3 times until 2027-01-01'), 2, 'a series ends on a day or after a number of times, not both', 'leave one out'),
    "DayMissing": (("set", "xybp33", 'repeat=daily until'), 2, 'a day is missing', 'write it as 2026-12-31'),
    "NotADay": (("set", "xybp33", 'repeat=daily until soon'), 2, "'soon' is not a day", 'write it as 2026-12-31'),
    "NoFrequency": (("set", "xybp33", 'repeat=INTERVAL=2'), 2, 'the rule has no FREQ', 'start with FREQ=DAILY'),
    "AboutHours": (("set", "xybp33", 'repeat=FREQ=HOURLY'), 2, "'FREQ=HOURLY' is about hours, but items recur by days", 'put the time of day into `due`'),
    "UnknownPart": (("set", "xybp33", 'repeat=FREQ=DAILY;COUNTS=2'), 2, "'COUNTS' is not a part of an RRULE", "did you mean 'COUNT'?"),
    "GivenTwice": (("set", "xybp33", 'repeat=FREQ=DAILY;FREQ=DAILY'), 2, 'FREQ is given twice', 'leave one out'),
    "UnknownFrequency": (("set", "xybp33", 'repeat=FREQ=DALY'), 2, "'DALY' is not a FREQ", "did you mean 'DAILY'?"),
    "NotAWeekday": (("set", "xybp33", 'repeat=FREQ=DAILY;WKST=XX'), 2, "'XX' is not a day of the week", 'one of MO, TU, '),
    "NotInBounds": (("set", "xybp33", 'repeat=FREQ=YEARLY;BYMONTH=13'), 2, "'13' is not a valid BYMONTH", 'a number from 1 to 12'),
    "BadByday": (("set", "xybp33", 'repeat=FREQ=WEEKLY;BYDAY=XX'), 2, "'XX' is not a valid BYDAY", 'write MO, or 2MO for the second'),
    "NotTogether": (("set", "xybp33", 'repeat=FREQ=WEEKLY;BYYEARDAY=3'), 2, 'BYYEARDAY cannot be used here', 'it works only with FREQ=YEARLY'),
    "NoTitle": (("add",), 2, "an item needs a title", "write the title before the fields"),
    "NotAnOffset": (("set", "xybp33", "due+=fri"), 2, "'fri' is not a time to move a date by", "write 3d, 2w, 1mo or 5bd"),
    "ClosesCircle": (("set", "xybp33", "parent=xybp33"), 2, "PT-xybp33 is its own parent", "link the other way round, or remove a link of the circle first"),
    "TwoTitles": (("add", "x", "title:y"), 2, "there are two titles: 'x' and 'y'", "write one of them, as plain words"),
    "AmbiguousField": (("set", "xybp33", "st:x"), 2, "'st' could be status, start, stakeholders", "type more of the name"),
    "AmbiguousTitle": (("set", "xybp33", "parent=update"), 2, "'update' could be PT-", "write the id"),
    "NotNamed": (("set", "xybp33", "project=leek alerts"), 1, "no project has the id or title 'leek alerts'", "did you mean "),
    "NoTemplate": (("add", "x", "-t", "nope"), 2, "unknown template 'nope'", "there are bug, "),
    "EmptyComment": (("comment", "xybp33", " "), 2, "the comment is empty; nothing was written", "write a text"),
    "NoSuchComment": (("comment", "xybp33", "--answer", "99", "x"), 1, "there is no comment '99': PT-xybp33 has ", "leave out the option"),
    "NotClosed": (("archive", "xybp33"), 2, "PT-xybp33 is todo; only closed items are archived", "close it first, or leave it out"),
    "NotAProject": (("project", "show", "xybp33"), 2, "PT-xybp33 is a ", "name an item of type project"),
    "NotFinished": (("project", "close", "45fpas"), 1, "PT-45fpas cannot be closed; ", "close them with `plaintrack done` or `plaintrack cancel`, or move them elsewhere"),
    "NoSuchBox": (("tick", "7rr", "99"), 2, "tasks/leak-alerts/PT-7rrpba-impact-assessment.md:20:1: no step 99: the item has 6", "see `plaintrack show`"),
    "BadId": (("renumber", "xybp33", "bad id"), 2, "'bad id' is not an id", "letters, digits, '.', '_' and '-', beginning with a letter or digit, 64 at most"),
    "IdTaken": (("renumber", "xybp33", "PT-7rrpba"), 2, "the id PT-7rrpba is taken", "choose another, or none for the next free one"),
    "NotRecurring": (("recur", "7rrpba", "--preview", "2"), 1, "PT-7rrpba does not recur", "give it a rule: `plaintrack set ID 'repeat=every week'`"),
    "NoSuchCommand": (("undo", "--command", "7"), 1, "no command 7 to undo", "`plaintrack undo --list` lists them"),
    "NeverClosed": (("list", "(a"), 2, "this parenthesis is never closed"),
    "UnknownView": (("list", "--view", "nope"), 2, "unknown view 'nope'", "the views are: mine"),
    "NeverOpened": (("list", "a)"), 2, "this parenthesis was never opened"),
    "EmptyParentheses": (("list", "()"), 2, "these parentheses are empty"),
    "NestedTooDeeply": (("list", "(" * 41 + "a" + ")" * 41), 2, "this is nested too deeply"),
    "TooManyTerms": (("list", "a " * 301), 2, "a query has at most 300 terms", "join values with commas"),
    "NothingToJoin": (("list", "a or"), 2, "'or' needs a term on both sides", 'to find the word, write "or"'),
    "NothingToNegate": (("list", "not"), 2, "'not' needs a term after it", 'to find the word, write "not"'),
    "OrderInParentheses": (("list", "(sort:due)"), 2, "sort: cannot be used in parentheses or after a minus", "move it outside; for descending order, write sort:-due"),
    "OnlyValues": (("list", "limit:1..2"), 2, "limit: does not take a range or comparison"),
    "NotALimit": (("list", "limit:x"), 2, "'x' is not a number of items", "write limit:20"),
    "QuotesNeverClosed": (("list", '"a'), 2, "this quotation mark is never closed"),
    "PatternNeverClosed": (("list", "title:/a"), 2, "this regular expression is never closed", 'put the value in "…" to mean a slash'),
    "EmptyRange": (("list", "due:.."), 2, "a range needs a first or a last value", "write a..b, a.. or ..b"),
    "ValueMissing": (("list", "due:"), 2, "a value is missing here", "to find items without a value, write no:FIELD"),
    "NoSuchField": (("list", "nope:1"), 2, "unknown field 'nope'", 'did you mean no?; to search for text, put it in "…"'),
    "NoSuchValue": (("list", "status:dne"), 2, "unknown status 'dne'", "did you mean done?"),
    "FormerValueMissing": (("list", "was:status"), 2, "was: takes a field and a value", "write was:status=review"),
    "NotRecorded": (("list", "was:urgency=1"), 2, "history does not record urgency, since it is derived", "name a field of the file"),
    "NoPatternHere": (("list", "urgency:/1/"), 2, "urgency does not take a pattern", "to find items that have any, write has:urgency"),
    "NotANumber": (("list", "urgency:x"), 2, "'x' is not a number", "write 3 or 2.5"),
    "Unresolved": (("list", "due:xyzzy"), 2, "'xyzzy' is not a date", ""),
    "UnknownSetting": (("config", "nope"), 2, "unknown setting 'nope'", "the settings are "),
    "UnknownCheck": (("explain", "overdeu"), 2, "unknown check 'overdeu'", "did you mean 'overdue'?"),
    "UnknownRevision": (("diff", "nope"), 2, "unknown revision 'nope'", "name a branch, a tag or a commit; see `git log --oneline`"),
    "NeitherRevisionNorDate": (("list", "--at", "nope"), 2, "'nope' is neither a revision nor a date", "a branch, tag or commit; or "),
    "BeforeHistory": (("list", "--at", "2001-01-01"), 2, "no commit on or before 2001-01-01", "`plaintrack log` shows how far history goes"),
    "NothingThere": (("check", "nope.md"), 2, "there is neither a file nor an item nope.md", "check the spelling; "),
    "OtherPlace": (("check", "/etc/hostname"), 2, "/etc/hostname is not inside the workspace ", "name files of this workspace"),
    "BadBaseline": (("check", "--baseline", "plaintrack.yml"), 2, "plaintrack.yml is not a baseline", "write one with `plaintrack check --baseline FILE --write-baseline`"),
    "OutsideRepository": (("render", "/etc/hostname"), 2, "/etc/hostname is not inside the repository ", "name files of this repository"),
    "Unanswered": (("delete", "xybp33"), 2, "no answer; nothing was changed", "in scripts, use --yes"),
    "NotOurs": (("commit", "/etc/hostname"), 2, "/etc/hostname is neither an item nor a file of the workspace", "commit it with `git commit`"),
    "NoUpstream": (("sync",), 1, "the branch main has no upstream", "run once: git push -u REMOTE main"),
    "NoRule": (("rules", "test", "nope", "--since", "HEAD"), 2, "unknown rule 'nope'", "`plaintrack rules list` lists them"),
    "NoRecipe": (("rules", "add", "nope"), 2, "unknown recipe 'nope'", "the recipes are "),
}  # fmt: skip


def folder_of_git(place):
    return place.shell.folder / ".git"


def settings(text):
    return lambda place: place.file("plaintrack.yml", f"folders: [tasks]\n{text}")


def rule(action):
    return lambda place: place.file(
        "automations/r.yml", f"name: r\non: {{changed: status}}\ndo:\n- {action}\n"
    ).pt("trust", "--yes")


def conflict(place):
    """A merge that stopped with T-1 in conflict."""
    place.git("switch", "-qc", "other").item(title="Theirs").commit("theirs")
    place.git("switch", "-q", "main").item(title="Ours").commit("ours").git("merge", "-q", "other")


def upstream(place, *more):
    place.git("init", "-q", "--bare", "-b", "main", "../up.git").git(
        "remote", "add", "up", "../up.git"
    ).git("push", "-qu", "up", "main")


def publishes(spoil=lambda folder, _: None, **about):
    """What publishes an item in the folder `out` of a place, and spoils it."""

    def make(place):
        import publishing

        folder = str(place.shell.folder / "out")
        publishing.publish(folder, **about)
        spoil(folder, publishing)

    return make


OUT_OF_DATE = "publish it again with `plaintrack publish`"
MADE = {
    "NotAPortfolio": (None, ("goals", "--portfolio", "tasks"), 2, "no repository is published in tasks", "name the folder that holds what `plaintrack publish` wrote, a folder for each repository; or postgresql://HOST/NAME"),
    "NothingReadable": (lambda p: p.file("out/a/manifest.json", "{"), ("goals", "--portfolio", "out"), 2, "out/a is left out: out/a/manifest.json: it is not JSON", OUT_OF_DATE),
    "SameName": (lambda p: [importlib.import_module("publishing").publish(str(p.shell.folder / f"out/{each}")) for each in "ab"], ("goals", "--portfolio", "out"), 2, "out/a and out/b are both of a repository 'billing'", "remove one of the folders, or give one repository another name (`publish: {name: NAME}` in its plaintrack.yml)"),
    "BadAddresses": (lambda p: publishes(lambda folder, _: pathlib.Path(folder, "person_address.csv").write_text("ana,ana\n"))(p), ("workload", "--portfolio", "out"), 2, "out/person_address.csv:1: this is not an address and a person", "write an address and a person, as `ana@x.org,ana`"),
    "NotPublished": (publishes(), ("list", "is:approved", "--portfolio", "out"), 2, "a portfolio has no verdicts: they are not published", "ask in a clone of the repository"),
    "NoSuchRepository": (publishes(), ("goals", "repo:bilng", "--portfolio", "out"), 2, "the portfolio has no repository 'bilng'", "did you mean 'billing'?"),
    "NothingUsable": (publishes(settings={"nope": 1}), ("goals", "--portfolio", "out"), 2, "billing is left out: its settings cannot be used: plaintrack.yml: ", "publish it again, and load it"),
    "NothingPublished": (None, ("publish", "tasks", "--verify"), 2, "tasks has no manifest.json: nothing is published there, or it is not complete yet", "publish with `plaintrack publish DIR`, and copy manifest.json last"),
    "Unfinished": (publishes(lambda folder, _: os.truncate(f"{folder}/items.parquet", 9)), ("publish", "out", "--verify"), 2, "out/items.parquet is not what manifest.json says: 9 bytes, not ", "it is just being uploaded, or damaged"),
    "BadManifest": (lambda p: p.file("out/manifest.json", "{"), ("publish", "out", "--verify"), 2, "out/manifest.json: it is not JSON", OUT_OF_DATE),
    "NewerShape": (publishes(schema=99), ("publish", "out", "--verify"), 2, "out/manifest.json: its schema has version 99, and this plaintrack knows ", "install the plaintrack that published it here, too"),
    "OlderShape": (publishes(schema=0), ("publish", "out", "--verify"), 2, "out/manifest.json: its schema has version 0, and this plaintrack reads ", "publish it again with this version of plaintrack; nothing is migrated"),
    "StrayName": (publishes(lambda folder, publishing: publishing.altered(folder, lambda found: found["files"].update({"../plaintrack.yml": {}}))), ("publish", "out", "--verify"), 2, "out/manifest.json: '../plaintrack.yml' is not a file that plaintrack publishes", "only items.parquet, plan.parquet, changes/YEAR.parquet and time/YEAR.parquet are read"),
    "NotAPublishedFile": (publishes(lambda folder, _: (os.rename(f"{folder}/items.parquet", f"{folder}/x"), os.symlink("x", f"{folder}/items.parquet"))), ("publish", "out", "--verify"), 2, "out/items.parquet is a symbolic link, not a regular file", "replace it with the file itself"),
    "TooMuchPublished": (publishes(lambda folder, publishing: publishing.altered(folder, lambda found: found["files"]["items.parquet"].update(rows=10**9))), ("publish", "out", "--verify"), 2, "out/items.parquet has 1,000,000,000 rows, and 50,000,000 is the most that is read", OUT_OF_DATE),
    "NotParquet": (publishes(lambda folder, publishing: publishing.replaced(folder, "items.parquet", b"PAR1")), ("publish", "out", "--verify"), 2, "out/items.parquet cannot be read: ", OUT_OF_DATE),
    "WrongColumns": (publishes(lambda folder, publishing: publishing.publish(folder, {"items.parquet": [publishing.item("a.md")], "plan.parquet": []}) and publishing.replaced(folder, "items.parquet", pathlib.Path(folder, "plan.parquet").read_bytes())), ("publish", "out", "--verify"), 2, "out/items.parquet does not have the columns of its table: ", OUT_OF_DATE),
    "WrongCount": (publishes(lambda folder, publishing: publishing.altered(folder, lambda found: found["files"]["items.parquet"].update(rows=2))), ("publish", "out", "--verify"), 2, "out/items.parquet has 1 rows, and manifest.json says 2", OUT_OF_DATE),
    "WrongValue": (publishes(lambda folder, publishing: publishing.publish(folder, {"items.parquet": [publishing.item("a.md", data="[")]})), ("publish", "out", "--verify"), 2, "out/items.parquet: data is not JSON of texts and lists of texts, in one row", OUT_OF_DATE),
    "NotOurPublication": (lambda p: p.file("out/x", ""), ("publish", "out"), 2, "out is not empty and nothing was published in it", "name a new or empty folder"),
    "CannotPublish": (None, ("publish", "plaintrack.yml/x"), 2, "cannot write plaintrack.yml/x: Not a directory", "check the permissions and the disk"),
    "CutHistory": (lambda p: p.file(".git/shallow", p.shell.git("rev-parse", "HEAD")), ("publish", "out"), 2, "this clone is shallow: what happened before it was cut cannot be published", "run `git fetch --unshallow`; in CI, fetch all of history (`fetch-depth: 0`)"),
    "OnlyCommits": (None, ("publish", "out", "--at", "staged"), 2, "only commits are published", "commit first; or name one: `--at HEAD`"),
    "SettingsNotCommitted": (lambda p: p.git("rm", "-q", "--cached", "plaintrack.yml").git("commit", "-qm", "gone"), ("publish", "out"), 2, "cannot be used: no plaintrack.yml found", "commit settings that `plaintrack check` accepts"),
    "BadPortfolioName": (lambda p: p.git("remote", "add", "origin", "https://forge.example/a b.git"), ("publish", "out"), 2, "'a b' cannot be the name of a repository in a portfolio", "commit `publish: {name: NAME}` in plaintrack.yml: letters, digits, '.', '_' and '-'"),
    "NotALocalFolder": (None, ("publish", "s3://bucket/work"), 2, "cannot publish to s3://bucket/work: plaintrack writes to folders and file:// alone", "publish in a folder and copy it there, manifest.json last; see docs/portfolio.md"),
    "AmongItems": (None, ("publish", "tasks/out"), 2, "tasks/out is in tasks/, which belongs to the work itself", "name a folder of its own, and ignore it in git"),
    "BadLedger": (lambda p: p.file("a.txt", "Milk").pt("import", "todotxt", "a.txt").file("imports/todotxt.jsonl", "x"), ("import", "todotxt", "a.txt"), 2, "imports/todotxt.jsonl:1: this line does not say what an import took over", "restore it from git"),
    "NotTaken": (lambda p: p.file("a.txt", f"Milk @{'a' * 70_000}"), ("import", "todotxt", "a.txt"), 2, "a.txt:1: item 'Milk': a file cannot hold the title 'Milk'; it and what follows were not imported", "shorten its values there"),
    "NotAllowed": (settings("checks: {transition: {allowed: {todo: [in-progress]}}}\n"), ("done", "T-1"), 1, "T-1 may not go from todo to done", "after todo comes in-progress; `--force REASON` does it all the same, and comments why"),
    "IdInUse": (None, ("add", "-e", "x"), 2, "the id T-1 is that of another item", "leave the id as it was", {"EDITOR": "sed -i 's/^id:.*/id: T-1/'"}),
    "NoFlow": (lambda p: p.git("rm", "-rq", "--cached", ".").git("commit", "-qm", "gone").git("checkout", "-q", "--orphan", "new").git("commit", "-qm", "empty", "--allow-empty"), ("metrics",), 1, "the history has no items yet", "metrics are read from commits: `plaintrack commit` makes the first"),
    "NoSuchBranch": (settings("metrics: {branch: nowhere}\n"), ("metrics",), 2, "plaintrack.yml: metrics.branch: there is no branch 'nowhere'", "fetch it, or leave the setting out"),
    "BadReport": (lambda p: p.file("plaintrack.yml", "folders: [tasks]\nrooms: {reports: reports}\n").file("reports/x.md", "\n{{count due:x}}\n"), ("report", "x"), 2, "reports/x.md:2: "),
    "UnknownPlace": (lambda p: p.file("plaintrack.yml", "folders: [tasks]\nrooms: {reports: reports}\n").file("reports/x.md", "{{tday}}\n"), ("report", "x"), 2, "reports/x.md:1: unknown placeholder 'tday'", "did you mean 'today'?"),
    "MappingNotList": (lambda p: settings("fields: {odd: {type: list of text}}\n")(p.item(fields="odd: {a: b}\n")), ("set", "T-1", "odd+=y"), 2, "tasks/T-1.md:5:1: odd is a mapping, not a list", "change it in an editor (`plaintrack edit`)"),
    "BodyInConflict": (lambda p: p.item(body="<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"), ("set", "T-1", "priority=high"), 2, "tasks/T-1.md:6:1: the body has conflict markers", "resolve the conflict first"),
    "NotAHeading": (lambda p: p.file("tasks/T-1.md", "---\nid: T-1\nstatus: todo\n---\n# One\n"), ("set", "T-1", "title=Two #"), 2, "tasks/T-1.md:5:1: a heading cannot hold this title", "write the title on one line"),
    "NotEditable": (lambda p: p.file("tasks/T-1.md", "---\n{id: T-1, title: One, status: todo}\n---\n"), ("set", "T-1", "priority=high"), 2, "tasks/T-1.md:2:1: a field cannot be added to a flow mapping", "write the front matter as one `name: value` a line"),
    "NoSlas": (None, ("sla",), 2, "plaintrack.yml has no `sla:`", "add one, such as `sla: {response: "),
    "SameConditions": (settings("sla: {r: {start: 'is:open', stop: '(is:open)', goal: 4h}}\n"), ("sla",), 2, "plaintrack.yml: sla.r.stop: start and stop are the same condition", "the clock would stop as it starts"),
    "NotTold": (settings("sla: {r: {start: 'is:ready', stop: 'is:closed', goal: 4h}}\n"), ("list", "is:breached"), 2, "plaintrack.yml: sla.r.start: is:ready cannot be asked of an item as it was then", "ask for its own fields, or is:open"),
    "BadCondition": (settings("sla: {r: {start: 'status:tood', stop: 'is:closed', goal: 4h}}\n"), ("sla",), 2, "plaintrack.yml: sla.r.start: unknown status 'tood'", "did you mean todo?"),
    "NoModels": (None, ("list", "sort:score"), 2, "there are no scoring models", "add one under `scores:` in plaintrack.yml"),
    "UserUnknown": (lambda p: p.git("config", "user.name", "").git("config", "user.email", ""), ("list", "assignee:me"), 2, "plaintrack does not know who you are", "set git's user.name and user.email"),
    "NameTaken": (lambda p: settings("ids: {from: filename}\nfilename: '{title}'\n")(p.item(status="done").file("archive/T-1.md", "")), ("archive", "T-1"), 2, "tasks/T-1.md cannot be moved: archive/T-1.md exists, or another item goes there", "ids come from file names here, so give one of the two another name first"),
    "BadRank": (lambda p: p.item("T-2", fields="rank: 10\n"), ("rank", "T-1", "--after", "T-2"), 2, "T-2 has the rank '10', which is not lower-case letters and digits", "give the items new ranks in the same order: `plaintrack rank --rebalance`"),
    "EqualRanks": (lambda p: [p.item(f"T-{n}", fields="rank: n0\n") for n in (2, 3, 4)], ("rank", "--rebalance", "T-3"), 2, "there is no room between T-2 and T-4, which have the same rank", "let the query find these, too"),
    "RankDeclared": (settings("fields: {rank: {type: integer}}\n"), ("rank", "T-1", "--top"), 2, "plaintrack.yml declares rank as integer", "remove its `type` under `fields:`"),
    "BadModel": (settings("scores: {ours: value +}\n"), ("score",), 2, "the scoring model ours cannot be used: a number or the name of a field is expected at the end", "a formula has numbers, names of fields"),
    "NotAWeight": (settings("scores: {ours: {formula: priority, priority: {high: much}}}\n"), ("list",), 2, "plaintrack.yml: scores.ours.priority: every value must have a number below 10^12", "{high: 5, low: 1}"),
    "UnknownModel": (settings("scores: {wsjf: }\n"), ("score", "--model", "wsfj"), 2, "there is no scoring model 'wsfj'", "did you mean 'wsjf'?"),
    "NothingToUndo": (None, ("undo",), 1, "nothing to undo", "only commands run in this work tree since its cache was created can be undone"),
    "TakenBack": (lambda p: p.pt("set", "T-1", "title=New").item(), ("undo",), 1, "`set T-1 title=New` of 2026-11-", "`plaintrack undo --list` lists earlier commands"),
    "ChangedSince": (lambda p: p.pt("set", "T-1", "title=New").item(title="Else"), ("undo",), 2, "tasks/T-1.md was changed after `set T-1 title=New` of ", "`plaintrack undo --lost` brings back what it wrote; to pass over it: `plaintrack undo --list` lists earlier commands"),
    "NothingLost": (lambda p: p.pt("set", "T-1", "title=New"), ("undo", "--lost"), 1, "nothing that `set T-1 title=New` of 2026-11-", "`plaintrack undo --list` lists earlier commands"),
    "NoWorkspace": (lambda p: p.git("rm", "-q", "plaintrack.yml"), ("list",), 2, "no plaintrack.yml in ", "run `plaintrack init` to create a workspace here"),
    "AlreadyWorkspace": (lambda p: (p.git("rm", "-q", "-r", "."), p.file(".tickets/t-1.md", "---\nid: t-1\nstatus: open\ndeps: []\nlinks: []\ncreated: 2026-01-01T00:00:00Z\ntype: task\npriority: 2\n---\n# One\n").file("plaintrack.yml", "")), ("init", "--adopt", "."), 2, "plaintrack.yml exists already", "this is a workspace; edit that file, or move it away first"),
    "SettingsInConflict": (lambda p: (p.shell.folder / "plaintrack.yml").write_text("day: 8h\n<<<<<<< HEAD\nweek: 5d\n=======\nweek: 4d\n>>>>>>> o\n"), ("list",), 2, "plaintrack.yml:2: it has conflict markers", "resolve them in an editor, then `git add plaintrack.yml`"),
    "NotUtf8Settings": (lambda p: (p.shell.folder / "plaintrack.yml").write_bytes(b"# \xff\n"), ("list",), 2, "plaintrack.yml: not UTF-8 at byte 2", "save it as UTF-8"),
    "BadYaml": (lambda p: p.file("plaintrack.yml", "a: [\n"), ("list",), 2, "plaintrack.yml:", ""),
    "UnknownZone": (settings("timezone: Mars/Crater\n"), ("list",), 2, "unknown time zone 'Mars/Crater'", "set `timezone:` to an IANA name such as Europe/Berlin"),
    "BrokenItem": (lambda p: p.file("tasks/T-9.md", "---\nid: T-9\ntitle: a: b\n---\n"), ("show", "T-9"), 1, "tasks/T-9.md:3:", ""),
    "SharedId": (lambda p: p.item(path="tasks/two.md"), ("show", "T-1"), 2, "2 files have the id T-1", "run `plaintrack doctor --fix` to give the newer one a new id"),
    "NotCheckedOut": (lambda p: p.item("T-2", path="tasks/far/T-2.md").commit().git("sparse-checkout", "set", "--no-cone", "/*", "!/tasks/far"), ("show", "T-2"), 1, "T-2 is not checked out here", "`git sparse-checkout add` its folder, or read it with `git show`"),
    "Nobody": (lambda p: p.git("config", "user.name", "").git("config", "user.email", ""), ("set", "T-1", "assignee=me"), 2, "git does not know who you are", "run `git config user.name NAME`, or write the name"),
    "WrongType": (settings("fields: {size: {type: integer}}\n"), ("set", "T-1", "size=big"), 2, "'big' is not an integer", "size is of the type integer"),
    "Required": (settings("fields: {size: {type: integer, required: true}}\n"), ("add", "Two"), 2, "size is required", "add size=…"),
    "BrokenTemplate": (lambda p: p.file("templates/odd.md", "---\na: [\n---\n"), ("add", "x", "-t", "odd"), 2, "the template 'odd' cannot be read: ", "fix "),
    "NoStatus": (settings("statuses: {todo: open, done: done}\n"), ("cancel", "T-1"), 2, "no status has the category cancelled", "add one under `statuses:` in plaintrack.yml"),
    "FileTaken": (lambda p: p.file("tasks/T-7.md", "---\ntitle: x\n---\n"), ("renumber", "T-1", "T-7"), 2, "tasks/T-7.md already exists", "move it away, or choose another id"),
    "NoSuchName": (lambda p: settings("ids: {from: filename}\n")(p), ("renumber", "tasks/T-1.md", "x--y"), 2, "no file name gives the id x--y here", "ids come from the names of files: see ids.from in docs/settings.md"),
    "SymbolicLink": (lambda p: (p.shell.folder / "D.md").symlink_to("plaintrack.yml"), ("render", "D.md"), 2, "/D.md is a symbolic link", "replace it with the file itself"),
    "NotOrdinary": (lambda p: (p.shell.folder / "D.md").mkdir(), ("render", "D.md"), 2, "/D.md is not a regular file", "move it away"),
    "LinkedOutput": (lambda p: (p.shell.folder / "out").symlink_to("/tmp/x"), ("check", "--output", "json=out"), 2, "/out is a symbolic link; plaintrack does not write through links", "name another file, or remove the link"),
    "BadNow": (None, ("list",), 2, "PLAINTRACK_NOW='soon' is not an ISO date and time", "for example 2026-11-23T09:00:00+01:00", {"PLAINTRACK_NOW": "soon"}),
    "NoEditor": (None, ("edit", "T-1"), 2, "no-such-editor: Editing failed: ", "set $VISUAL or $EDITOR to your editor, such as `nano`", {"EDITOR": "no-such-editor", "VISUAL": ""}),
    "NoRepository": (lambda p: shutil.rmtree(folder_of_git(p)), ("log",), 2, "no history: not a git repository", "run `git init` and commit something"),
    "GitNotInstalled": (None, ("log",), 2, "git is not installed, so there is no history", "install git 2.31 or newer", {"PATH": "/nowhere"}),
    "OtherWorkTree": (lambda p: p.git("config", "core.worktree", "/tmp"), ("log",), 2, "git's work tree is /tmp, not ", "check core.worktree in the repository's configuration"),
    "NoCommit": (lambda p: p.git("switch", "-q", "--orphan", "new").file("plaintrack.yml", ""), ("log",), 2, "this branch has no commits yet", "make a commit first"),
    "NoCommonHistory": (lambda p: p.git("switch", "-q", "--orphan", "new").file("plaintrack.yml", "").item().commit(), ("diff", "main...new"), 2, "main and new share no history", "compare them directly: main..new"),
    "NoHistory": (lambda p: p.git("config", "core.repositoryformatversion", "9"), ("log",), 2, "no history: Expected git repo version <= 1, found 9", "run `git init` and commit something"),
    "NoPolicy": (lambda p: p.git("rm", "-q", "--cached", "plaintrack.yml").git("commit", "-qm", "x"), ("check", "--policy-from", "HEAD"), 2, "HEAD has no plaintrack.yml to read the rules from", "name a revision that has one"),
    "Shallow": (lambda p: p.file(".git/shallow", ""), ("check", "--since", "nope"), 2, "unknown revision 'nope'; this clone is shallow", "fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in CI"),
    "DetachedHead": (lambda p: p.git("switch", "-q", "--detach"), ("sync",), 1, "HEAD is detached: there is no branch", "`git switch BRANCH` first"),
    "GitUnderway": (conflict, ("commit", "T-1"), 1, "a merge is in progress", "finish it first: `git merge --continue` or `--abort`, or `plaintrack conflicts --stage`"),
    "Unmerged": (lambda p: (conflict(p), (folder_of_git(p) / "MERGE_HEAD").unlink()), ("commit",), 1, "tasks/T-1.md has an unresolved conflict", "resolve it, then `git add` it"),
    "ConflictMarkers": (lambda p: p.item(body="<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"), ("commit",), 1, "tasks/T-1.md has conflict markers", "resolve the conflict; `plaintrack conflicts` shows both sides"),
    "GitRefused": (lambda p: (p.item(title="Two"), p.file(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n"), (folder_of_git(p) / "hooks/pre-commit").chmod(0o755)), ("commit",), 1, "git did not commit", "nothing was changed; see the output of git above"),
    "LocalUpstream": (lambda p: p.git("branch", "b").git("branch", "-q", "-u", "b"), ("sync",), 1, "the upstream of main is a branch of this repository", "merge it with `git merge`"),
    "NotCommitted": (lambda p: (upstream(p), p.item(title="Two")), ("sync",), 1, "1 item file changed and not committed", "`plaintrack commit` first"),
    "Conflicting": (lambda p: (upstream(p), p.item(title="Ours").commit().git("push", "-q"), p.git("reset", "-q", "--hard", "HEAD^"), p.item(title="Mine").commit()), ("sync",), 1, "conflicting changes here and on up/main in 1 file; nothing was changed", "`git merge up/main`, resolve it with `plaintrack conflicts`, then `plaintrack sync`"),
    "Diverged": (lambda p: (upstream(p), p.item(title="Ours").commit().git("push", "-q"), p.git("reset", "-q", "--hard", "HEAD^"), p.item("T-2").commit(), p.git("config", "pull.ff", "only")), ("sync",), 1, "main and up/main have diverged, and git may only fast-forward (pull.ff)", "run `git config pull.rebase true` (or `pull.ff true`), then sync again"),
    "SharedHooks": (lambda p: p.git("config", "--file", "../.gitconfig", "core.hooksPath", "/tmp/hooks"), ("init", "--hooks"), 1, "core.hooksPath is /tmp/hooks for all your repositories, and hooks there would run in each of them", "put `plaintrack check --staged` into its pre-commit, or give this repository its own: `git config core.hooksPath .git/hooks`"),
    "NotBoth": (conflict, ("conflicts", "--take", "both"), 2, "tasks/T-1.md: title cannot take the values of both sides", "take ours or theirs, or resolve it in an editor"),
    "Taken": (lambda p: p.pt("rules", "add", "close-parent"), ("rules", "add", "close-parent"), 2, "automations/close-parent.yml exists already", "delete it first to have it as it is shipped"),
    "TrustInCi": (lambda p: p.file("automations/r.yml", "name: r\non: created\ndo:\n- run: [true]\n"), ("trust",), 1, "trust cannot be given in CI", "run the commands as steps of the CI job", {"CI": "1"}),
    "BadElement": (None, ("set", "T-1", "needs=0 van"), 2, "'0 van' cannot be put into needs: 0 units", "write `rig`, `2 van` or `van | truck`"),
    "LagRefused": (lambda p: settings("fields: {depends_on: {key: deps}}\n")(p.item("T-2")), ("set", "T-1", "depends_on=T-2 +2d"), 2, "depends_on stands under the key deps here and takes ids alone", "leave the lag out"),
    "UnknownName": (None, ("people", "zoe"), 1, "there is no person or team 'zoe'", "`plaintrack people` shows those there are"),
    "RangeTooLong": (None, ("workload", "--from", "2000-01-01", "--until", "2026-12-01"), 2, "2000-01-01 to 2026-12-01 is more than ten years", "ask for fewer days"),
    "RangeReversed": (None, ("workload", "--from", "2026-12-02", "--until", "2026-12-01"), 2, "2026-12-01 is before 2026-12-02", "give --until a day that is later than --from"),
    "BadValue": (None, ("people", "ana", "--new", "leave=soon"), 2, "leave: 'soon': it does not begin with a day", "write `2026-12-21..2027-01-06 annual`"),
    "BadHandle": (None, ("people", "a b", "--new"), 2, "'a b' cannot be the name of a file", "use letters, digits, `.`, `_` and `-`, and a letter first"),
    "HandleTaken": (lambda p: p.pt("people", "ana", "--new"), ("people", "ana", "--new"), 2, "people/ana.md is there already", "leave out --new to change it"),
    "RoomNotNamed": (settings("rooms:\n"), ("people", "ana", "--new"), 2, "plaintrack.yml names no folder for people", "add `people: people` below `rooms:`, then run the command again"),
    "TooManyPlans": (lambda p: p.git("checkout", "-q", "--orphan", "old").item("T-2").file("automations/r.yml", "name: r\non: {schedule: '0 9 * * *'}\nif: -is:slipping\ndo:\n- set: {priority: high}\n").pt("commit", GIT_COMMITTER_DATE="2026-07-01T12:00:00Z"), ("rules", "test", "r", "--since", "2026-07-01"), 2, "the plan would have to be made for more than 100 moments", "begin later, with --since"),
    "NoHealth": (None, ("health", "T-1", "on-track", "-m", "x"), 2, "T-1 is an item without a type", "comment on it instead"),
    "EmptyUpdate": (lambda p: p.item(fields="type: project\n"), ("health", "T-1", "on-track", "-m", " "), 2, "the update is empty", "write a text"),
    "NoForm": (None, ("add", "--form", "bug", "--from", "-"), 2, "the template 'bug' has no questions", "use `plaintrack add --template bug`"),
    "NoTerminal": (None, ("add", "--form", "bug"), 2, "a form is asked on a terminal", "give the answers with --from FILE"),
    "NotAnswered": (lambda p: p.file("templates/ask.md", "---\nform:\n- field: title\n  required: true\n---\n"), ("add", "--form", "ask", "--from", "-"), 2, "title: an answer is needed", "answer below a heading"),
    "UnusableNeed": (settings("approvals: {needs: [{query: 'typ:x', of: ana}]}\n"), ("done", "T-1"), 2, "`approvals.needs` in plaintrack.yml has the query 'typ:x': unknown field 'typ'", "correct it"),
    "CircularQuery": (settings("owners: [{query: 'is:approved', of: ana}]\n"), ("owners",), 2, "is:approved cannot be asked by the rules that say what is approved", "leave it out"),
    "NotInRole": (settings("groups: {leads: [bob]}\n"), ("approve", "T-1", "--as", "leads"), 2, "Jonas Okafor is not in leads", "leave out --as"),
    "NoOneKnown": (lambda p: p.file("people/ana.md", "---\nname: Ana\n---\n").file("plaintrack.yml", "rooms: {people: people}\n"), ("approve", "T-1"), 2, "Jonas Okafor is no one of the people here", "set git's user.email"),
    "NoOneHere": (lambda p: (p.git("init", "-q"), p.git("config", "user.name", ""), p.git("config", "user.email", "")), ("inbox",), 2, "git does not know who you are, so nothing concerns you", "set git's user.email"),
    "NoInboxPlace": (lambda p: (p.git("config", "user.email", "a@example.org"), shutil.rmtree(folder_of_git(p) / "plaintrack", ignore_errors=True), (folder_of_git(p) / "plaintrack").write_text("")), ("inbox", "--read", "all"), 2, "what you read cannot be kept", "make one of them writable", {"HOME": ""}),
    "NoReason": (None, ("reject", "T-1", "-m", " "), 2, "a rejection needs a reason", "add -m TEXT"),
    "NotMover": (settings("groups: {leads: [zoe]}\nchecks: {who-moves: {status: {done: [leads]}}}\n"), ("done", "T-1"), 1, "T-1 cannot become done here: you are Jonas Okafor", "only zoe may do that; `--force REASON` does it all the same, and comments why"),
    "NotApproved": (settings("approvals: {needs: [{query: 'status:todo', of: ana}]}\n"), ("done", "T-1"), 1, "T-1 cannot become done: the approval of ana is missing", "ask for `plaintrack approve T-1`"),
    "Overlapping": (lambda p: p.pt("time", "log", "T-1", "1h", "--at", "2026-11-20 09:00"), ("time", "log", "T-1", "1h", "--at", "2026-11-20 09:30"), 2, "this overlaps with 2026-11-20 09:00 to 10:00 T-1 (", "--adjust logs what is free: 2026-11-20 10:00 to 10:30"),
    "LongerThanADay": (None, ("time", "log", "T-1", "25h", "--at", "2026-11-20 09:00"), 2, "25:00 is longer than a day", "log each day, or correct the times"),
    "InTheFuture": (None, ("time", "log", "T-1", "1h", "--at", "2026-11-24 09:00"), 2, "2026-11-24 10:00 is in the future", "log it when it is done"),
    "NoTime": (lambda p: p.pt("time", "start", "T-1", "--at", "-1h"), ("time", "stop", "--at", "-2h"), 2, "has no length", "correct one of the two"),
    "BadMoment": (None, ("time", "start", "T-1", "--at", "25:00"), 2, "'25:00' is not a time", "write 09:30, `yesterday 09:30`"),
    "NoTimer": (None, ("time", "stop"), 1, "is running here", "start one with `plaintrack time start`"),
    "Elsewhere": (lambda p: p.pt("time", "start", "T-1").file("sub/plaintrack.yml", "folders: [tasks]\n"), ("-C", "sub", "time", "stop"), 2, "the timer on T-1 belongs to the workspace in the repository's top", "stop it there"),
    "ViewInCircle": (settings("views: {a: {query: 'view:b'}, b: {query: 'view:a'}}\n"), ("list", "view:a"), 2, "the view 'a' names itself", "change `views` in plaintrack.yml"),
    "ViewWithLimit": (settings("views: {few: {query: 'limit:3'}}\n"), ("list", "view:few"), 2, "the view 'few' has a limit:, which has no meaning in a term", "use --view few, or take the limit: out of the view"),
    "NotSummed": (None, ("stats", "--sum", "title"), 2, "title has no numbers to add up", "fields that have some: estimate"),
    "Forgotten": (lambda p: p.pt("time", "start", "T-1", "--at", "2026-11-22 09:00"), ("time", "stop"), 2, "the timer on T-1 has run since 2026-11-22 09:00", "say so with `plaintrack time stop --at 17:30`; --at now if"),
    "NoPerson": (lambda p: p.git("config", "user.name", "").git("config", "user.email", ""), ("time", "log", "T-1", "1h"), 2, "git does not know who you are", "run `git config user.email YOU@EXAMPLE.ORG`, or --person"),
    "NoTimerPlace": (lambda p: shutil.rmtree(folder_of_git(p)), ("time", "start", "T-1", "--person", "ana"), 2, "a running timer cannot be kept", "use `plaintrack time log` instead", {"HOME": ""}),
    "UnknownPerson": (lambda p: settings("rooms: {people: people}\n")(p.file("people/ana.md", "---\nname: Ana\n---\n")), ("time", "log", "T-1", "1h", "--person", "anna"), 1, "there is no person 'anna'", "did you mean 'ana'?"),
    "UnknownEntry": (None, ("time", "edit", "abc", "--delete"), 1, "there is no time entry 'abc'", "`plaintrack time list` shows them"),
    "NotTimeclock": (lambda p: p.file("a.timeclock", "o 2026-11-20 10:00\n"), ("time", "import", "a.timeclock"), 2, "a.timeclock:1: it ends nothing; nothing was imported", "put the line of its `i` before it"),
    "NoCases": (None, ("forecast", "--planned"), 2, "only 0 finished items have both an estimate and logged time", "log time with `plaintrack time log`, or leave --planned out"),
    "NothingToContinue": (None, ("time", "continue"), 1, "has logged nothing yet", "begin with `plaintrack time start`"),
    "BadTag": (None, ("time", "log", "T-1", "1h", "--tag", "a b"), 2, "'a b' cannot be a tag", "use one word"),
    "NothingToLog": (None, ("time", "log", "T-1", "0h"), 2, "'0h' is not a length of time", "write 2h30m, 45m or 1d"),
    "NotAPeriod": (None, ("time", "submit", "2026"), 2, "'2026' is neither a week nor a month", "write 2026-W48 or 2026-11"),
    "NothingLogged": (None, ("time", "submit", "2026-W40", "--person", "ana"), 1, "ana has logged nothing in 2026-W40", "`plaintrack time list` shows entries"),
    "NotSubmittable": (lambda p: settings("rooms: {time: time}\n")(p.file("time/ana/a.timeclock", "i 2026-11-20 09:00 T-1\no 2026-11-20 10:00\no 2026-11-20 11:00\n")), ("time", "submit", "2026-W47", "--person", "ana"), 1, "2026-W47 cannot be submitted: time/ana/a.timeclock:3: it ends nothing", "correct that first"),
    "NotSubmitted": (None, ("time", "approve", "ana", "2026-W47"), 1, "ana has not submitted 2026-W47", "`plaintrack time submit 2026-W47` does it"),
    "ChangedSinceSubmitted": (lambda p: p.pt("time", "log", "T-1", "1h", "--at", "2026-11-20 09:00", "--person", "ana").pt("time", "submit", "2026-W47", "--person", "ana").pt("time", "log", "T-1", "1h", "--at", "2026-11-20", "--person", "ana"), ("time", "approve", "ana", "2026-W47"), 1, "entries of 2026-11-20 have changed since ana submitted 2026-W47", "ana submits it again"),
    "OwnSheet": (lambda p: p.pt("time", "log", "T-1", "1h", "--at", "2026-11-20 09:00").pt("time", "submit", "2026-W47"), ("time", "approve", "jonas", "2026-W47"), 1, "own timesheet", "someone else does it"),
    "AlreadySo": (lambda p: p.pt("time", "log", "T-1", "1h", "--at", "2026-11-20 09:00", "--person", "ana").pt("time", "submit", "2026-W47", "--person", "ana").pt("time", "approve", "ana", "2026-W47"), ("time", "approve", "ana", "2026-W47"), 1, "2026-W47 is approved by", "there is nothing to do"),
    "NothingToAdopt": (lambda p: [(p.shell.folder / each).unlink() for each in ("plaintrack.yml", "tasks/T-1.md")], ("init", "--adopt", "."), 2, "no tasks of a known tracker in ", "known are "),
    "TrustWithoutTerminal": (lambda p: p.file("automations/r.yml", "name: r\non: created\ndo:\n- run: ['true']\n"), ("trust",), 1, "trust can only be given on a terminal", "run `plaintrack trust` in one"),
}  # fmt: skip

SETTINGS = {
    "BadSlot": ("plan: {slot: 7m}", "plan.slot: '7m' is not a length of slots"),
    "BadHorizon": ("plan: {horizon: 600w}", "plan.horizon: '600w' is not a horizon"),
    "NotAShare": ("plan: {reserve: {operations: most}}", "plan.reserve.operations: 'most' is not a share"),
    "UnknownRoom": ("rooms: {peopel: people}", "rooms.peopel: is not a room"),
    "FolderInUse": ("rooms: {people: comments}", "rooms.people: 'comments' is in use by comments/"),
    "BothOf": ("approvals: {content: {fields: [title], except: [due]}}", "approvals.content: has both 'fields' and 'except'"),
    "KeyMissing": ("owners: [{path: tasks}]", "owners.0: has no 'of'"),
    "BadWanted": ("approvals: {needs: [{query: 'is:open', of: 0 of leads}]}", "approvals.needs.0.of: '0 of leads' does not say whose approval"),
    "DayWanted": ("approvals: {needs: [{query: 'is:open', of: ana, since: soon}]}", "approvals.needs.0.since: 'soon' is not a day"),
    "NotDays": ("health: {days: often}", "health.days: 'often' is not a number of days"),
    "NotListOf": ("groups: {leads: {a: b}}", "groups.leads: must be a list of people"),
    "BuiltInCalendar": ("calendars: {always: {}}", "calendars.always: is a calendar that is there"),
    "CalendarTaken": ("calendars: {a: {teams: [web]}, b: {teams: [web]}}", "calendars.b.teams: 'web' has the calendar a already"),
    "NoView": ("view: mien", "view: there is no view 'mien'"),
    "NotOneOf": ("form: 3", "form: '3' must be true or false"),
    "NotOneText": ("archive: [a]", "archive: must be a text"),
    "NotTexts": ("columns: {a: b}", "columns: must be a list of texts"),
    "NotNames": ("priorities: []", "priorities: must be a list of one or more different names"),
    "NotMapping": ("ids: 3", "ids: must be a mapping (key: value)"),
    "OnlyCase": ("types: [a, A]", "types: 'a' and 'A' differ only in case"),
    "NotInside": ("archive: ../a", "archive: '../a' is not a folder inside the workspace"),
    "UnknownCategory": ("statuses: {a: odd}", "statuses.a: 'odd' is not a category"),
    "NotARepositoryName": ("publish: {name: 'a b'}", "publish.name: 'a b' cannot stand before ids"),
    "NotAnAddress": ("site: {source: 'https://me@x.example/'}", "site.source: 'https://me@x.example/' is not a web address without a user"),
    "MissingCategory": ("statuses: {a: open}", "statuses: no status has the category done"),
    "NoLength": ("day: 0h", "day: must be longer than zero"),
    "NotADuration": ("day: long", "day: 'long' is not a duration"),
    "UnknownTopKey": ("folder: a", "folder: is not a setting"),
    "UnknownKey": ("ids: {start: 1}", "ids.start: is not a setting"),
    "BadPrefix": ("ids: {prefix: 9}", "ids.prefix: '9' must be at most 32 letters"),
    "BadIdLength": ("ids: {length: 40}", "ids.length: '40' must be a number from 4 to 12"),
    "BadFilename": ("filename: one", "filename: 'one' must be made of {id}"),
    "BadStamps": ("stamps: [due]", "stamps: must be a list of created and closed"),
    "NotACoefficient": ("urgency: {due: high}", "urgency: every coefficient must be a number"),
    "UnknownCoefficient": ("urgency: {deu: 1}", "urgency.deu: is not a coefficient"),
    "NotAScore": ("goals: {at_risk: high}", "goals: every score must be a number"),
    "BadBands": ("goals: {at_risk: 7}", "goals: 0 < at_risk <= on_track <= 1 must hold"),
    "ArchiveOverItems": ("archive: tasks", "archive: 'tasks' is a folder of items"),
    "KeyTaken": ("fields: {a: {key: due}}", "fields.a.key: 'due' is already the key of due"),
    "DefaultNotAChoice": ("fields: {a: {type: choice, choices: [b], default: c}}", "fields.a.default: 'c' is not one of its choices"),
    "UnknownType": ("fields: {a: {type: odd}}", "fields.a.type: 'odd' is not a type"),
    "ReservedName": ("fields: {age: {type: text}}", "fields.age: this name is worked out from other fields, so no query would find the field"),
    "UnnamableField": ("fields: {'my field': {type: text}}", "fields: 'my field' must be made of letters, digits, `_`, `-` or `.`"),
    "NoChoices": ("fields: {a: {type: choice}}", "fields.a.choices: the type choice needs `choices`"),
    "BadCountry": ("calendar: {country: germany}", "calendar.country: 'germany' is not a country"),
    "BadWeek": ("calendar: {working_days: [xyz]}", "calendar.working_days: must be one or more days of the week"),
    "TooLong": ("calendar: {hours: {mon: 30h}}", "calendar.hours.mon: '30h' is longer than a day"),
    "NotADayLength": ("calendar: {hours: {mon: long}}", "calendar.hours.mon: 'long' is not a length"),
    "NotThatDay": ("calendar: {hours: {xyz: 6h}}", "calendar.hours.xyz: 'xyz' is not one of mon"),
    "RoomOverItems": ("rooms: {people: tasks}", "rooms.people: 'tasks' holds the folder of items 'tasks'"),
    "BadSlaName": ("sla: {by: {}}", "sla.by: cannot be the name of an SLA"),
    "StartIsStop": ("sla: {r: {start: 'is:open', stop: ' is:open', goal: 4h}}", "sla.r.stop: start and stop are the same condition: is:open"),
    "BadGoal": ("sla: {r: {start: 'is:open', stop: 'is:closed', goal: {high: 0h}}}", "sla.r.goal.high: '0h' is not a length of working time"),
    "UnknownGoal": ("sla: {r: {start: 'is:open', stop: 'is:closed', goal: {hihg: 4h}}}", "sla.r.goal.hihg: is not a priority"),
    "BadBegin": ("sla: {r: {start: 'is:open', stop: 'is:closed', goal: 4h, begins: 9}}", "sla.r.begins: '9' is not a time of day"),
    "UnknownSlaCalendar": ("sla: {r: {start: 'is:open', stop: 'is:closed', goal: 4h, calendar: moon}}", "sla.r.calendar: there is no calendar 'moon'"),
    "NoWorkingDay": ("sla: {r: {start: 'is:open', stop: 'is:closed', goal: 4h, calendar: off}}\ncalendars: {off: {working_days: [mon], hours: {mon: 0h}}}", "sla.r.calendar: the calendar off has no working day"),
    "BadHoliday": ("calendar: {holidays: [soon]}", "calendar.holidays: 'soon' is not a day"),
}  # fmt: skip

OUT = {
    # raised where no command ends with them: told in a line of a rule, of git, or of the watcher
    "NotConsented": "told in the line of a rule",
    "NoAddress": "told in the line of a rule",
    "BadAddress": "told in the line of a rule",
    "NotDelivered": "told in the line of a rule; needs a service",
    "NotifyNotInstalled": "told in the line of a rule; needs a machine without apprise",
    "NoSecret": "told in the line of a rule",
    "NotAccepted": "told in the line of a rule; needs the internet",
    "NotHttps": "told in the line of a rule",
    "NotReached": "told in the line of a rule; needs the internet",
    "PrivateAddress": "told in the line of a rule",
    "UnreadableAddress": "told in the line of a rule",
    "NoSuchProgram": "told in the line of a rule",
    "BadOwn": "stands in the user's own file: test_lists_seen",
    "NotStarted": "told in the line of a rule",
    "TimedOut": "told in the line of a rule",
    "EndedWithError": "told in the line of a rule",
    "NoSuchStep": "told in the line of a rule",
    "NotAnAssignment": "rules and editors of settings ask for it, never a word of the command line",
    "InsideCommit": "told as a notice, since the edits stay",
    "NowhereTo": "told in the line of a rule",
    "NotAReport": "told in the line of a rule: test_reports",
    "NotAReportFile": "told in the line of a rule: test_reports",
    "PrivateField": "told as a BadReport, with its place: test_site_pages",
    "NotRenamed": "told in an editor: test_changed",
    "NoServer": "needs a Python without pygls, which the tests have",
    "XlsxMissing": "needs a machine without the package",
    "StreamMissing": "needs a machine without the package",
    "IcalMissing": "needs a machine without the package",
    "OrgMissing": "needs a machine without the package",
    "ReportMissing": "needs a machine without the packages: test_site_pages",
    "NotFetched": "told beside its address: test_portfolio_loaded",
    "PasswordInAddress": "told beside its address: test_portfolio_loaded",
    "NoWorkspaceThere": "told beside its address: test_portfolio_loaded",
    "NothingToLoad": "needs a server: test_portfolio_loaded",
    "NotOneRepository": "needs a published history: test_portfolio_asked",
    "NotInPortfolio": "needs a server: test_portfolio_loaded",
    "NotUnicode": "test_database: with a portfolio",
    "NameInUse": "told beside its source: test_load",
    "OtherRepository": "told beside its source: test_load",
    "StrayRow": "told beside its source: test_load",
    "RowsRefused": "told beside its source: test_load",
    "ConnectionLost": "needs a server that goes: test_load, test_database",
    "ServerRefused": "test_portfolio_loaded: with a portfolio",
    "NothingLoaded": "test_database: with a portfolio",
    "OtherLayout": "test_database: with a portfolio",
    "PortfolioMissing": "test_without_extra: without the packages",
    "ServerTooOld": "needs an old server",
    "PortfolioSilent": "a database that fails: test_ask",
    "NoBlock": "a finding of check",
    "UnknownBlock": "a finding of check",
    "UnknownMetric": "told in the line of a block: test_forecasts_seen",
    "UnknownGrouping": "a finding of check",
    "Conflicted": "caught by the merge driver, which leaves the markers",
    "SharedLines": "caught by the merge driver, which leaves the markers",
    "TangledBody": "caught by the merge driver, which leaves the markers",
    "TangledFields": "caught by the merge driver, which leaves the markers",
    "BadPattern": "caught by the query, which shows its place",
    "AddedToFlow": "caught by the edit, which refuses",
    "RemovedFromFlow": "caught by the edit, which refuses",
    "OddKey": "caught by the edit, which refuses",
    "OddList": "caught by the edit, which refuses",
    "NotOnlyPlain": "caught by the edit, which refuses",
    "FileInConflict": "caught by the parse, a problem of the file",
    "FrontMatterInConflict": "caught by the parse, a problem of the file",
    "NoFrontMatter": "caught by the parse, a problem of the file",
    "FrontMatterNotClosed": "caught by the parse, a problem of the file",
    "FrontMatterTooLarge": "caught by the parse, a problem of the file",
    "FileTooLarge": "caught by the parse, a problem of the file",
    "FileEmpty": "caught by the parse, a problem of the file",
    "OtherEncoding": "caught by the parse, a problem of the file",
    "HasNul": "caught by the parse, a problem of the file",
    "Unreadable": "caught by the parse, a problem of the file",
    "WorkspaceGone": "told by the watcher, which waits",
    "Slow": "a finding of check",
    # a race, or a state of the machine that a test cannot make
    "AlreadyWatching": "two processes: tests of the watcher",
    "Busy": "a race: tests of the writer",
    "Gone": "a race: tests of the writer",
    "Broken": "a race: tests of the writer",
    "ChangedMeanwhile": "a race: tests of the writer",
    "Locked": "a race of 30 seconds",
    "Restless": "a race: tests of sync",
    "Occupied": "a race: tests of recurring work",
    "NotTakenBack": "git fails twice",
    "NotWritable": "tests may run as root",
    "Unfollowed": "the system has no files left: test_bad_input",
    "NoPlace": "tests may run as root",
    "TrustNowhere": "tests may run as root",
    "OthersRepository": "needs another user",
    "HolidaysNotInstalled": "needs a machine without the package",
    "TooMuchForSolver": "needs the package and much work: tests of planning",
    "SolverNotInstalled": "needs a machine without the package: test_solver",
    "TwoSolvers": "needs the package: test_solver",
    "UnknownCalendar": "tests of calendars",
    "ObjectsUnreadable": "damage in git's objects: tests of the index",
    "GitFailed": "git's own words: tests of damage",
    "Incomplete": "partial clones have tests of their own",
    "FetchConfigured": "partial clones have tests of their own",
    "LockHeld": "git waits for seconds: tests of commit",
    # needs a longer story, told elsewhere
    "BadAssignment": "texts of rules: tests of rules",
    "NoSuchTime": "since of rules: tests of rules",
    "NotExpected": "told as BadModel",
    "ExpectedAtEnd": "told as BadModel",
    "FormulaTooDeep": "told as BadModel",
    "FormulaTooLong": "told as BadModel",
    "InputDerived": "told as BadModel",
    "InputIsId": "told as BadModel",
    "InputIsList": "told as BadModel",
    "InputNotNumber": "told as BadModel",
    "NoFieldNamed": "told as BadModel",
    "NoFormula": "told as BadModel",
    "NotOfFormula": "told as BadModel",
    "Unexpected": "told as BadModel",
    "WeightNotNeeded": "told as BadModel",
    "WeightNotUsed": "told as BadModel",
    "WeightUnknown": "told as BadModel",
    "OrderInCondition": "a finding about a rule",
    "PatternTooSlow": "half a second: tests of the language",
    "Circle": "tests of planning and its people",
    "NegativeWork": "tests of planning and its people",
    "NobodyWorks": "tests of planning and its people",
    "NotShared": "tests of planning and its people",
    "NoItem": "tests of planning and its people",
    "NotAFolder": "tests of planning and its people",
    "TooLarge": "tests of planning and its people",
    "UnknownCountry": "tests of planning and its people",
    "UnusableValue": "tests of planning and its people",
    "NotReadBack": "no text is known that does",
    "WouldBreak": "no text is known that does",
    "OthersWouldChange": "no text is known that does",
    "ValueNotReadBack": "no text is known that does",
    "HeadingNotReadBack": "no text is known that does",
    "BodyWouldChange": "no text is known that does",
    "BadFieldName": "refused before, of a word of the command line: tests of the edit",
    "IdRemoved": "refused before, of a word of the command line: tests of the edit",
    "NotAList": "refused before, of a word of the command line: tests of the edit",
    "SeveralValues": "refused before, of a word of the command line: tests of the edit",
    "ItemUnreadable": "refused before, of a word of the command line: tests of the edit",
    "NotHeld": "test_added",
    "NoFreeId": "fifty files in the way",
    "LinkedFolder": "test_hostile",
    "OutsideWorkspace": "test_hostile",
    "MovedWorkspace": "test_folders",
    "NotText": "bytes on standard input: test_typed",
    "NotUtf8": "bytes as an argument: test_hostile",
    "NotWholeId": "conditions of rules",
    "PlaceTaken": "test_merge",
    "UnreadableResult": "test_merge",
    "OwnDuplicate": "test_intake",
    "ReasonMissing": "test_intake",
}  # fmt: skip
"""Classes that are not in the gallery, and why. It may only shrink."""


def classes():
    """Every class of error, but those that only gather others: they are never raised."""
    for module in pkgutil.walk_packages(plaintrack.__path__, "plaintrack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    made = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    found, waiting = [], [PlaintrackError]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found += [each for each in below if not each.__subclasses__() or each.__name__ in made]
    return {each for each in found if each.__module__.startswith("plaintrack.")}


def told(shell, name, words, code, message, hint="", env=None):
    """The command ends with this error, in these words."""
    done = shell.run(words, {**shell.env, **(env or {}), "TELL_CLASS": "1"})
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("class: ")] == [f"class: {name}"], done.stderr
    assert any(message in line for line in lines if line.startswith("plaintrack: ")), done.stderr
    assert not hint or f"  hint: {hint}" in done.stderr, done.stderr
    assert done.returncode == code


def test_errors_of_the_example(example):
    for name, case in EXAMPLE.items():
        told(example, name, *case)


def test_errors_of_settings(empty):
    for name, (text, message) in SETTINGS.items():
        (empty.folder / "plaintrack.yml").write_text(f"{text}\n")
        told(empty, name, ("list",), 2, f"plaintrack.yml: {message}")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A repository with one item, to be copied."""
    folder = tmp_path_factory.mktemp("gallery") / "base"
    folder.mkdir()
    shell = _repository(folder)
    Place(shell).file("plaintrack.yml", "folders: [tasks]\n").item().commit()
    return folder


@pytest.mark.parametrize("name", MADE)
def test_errors_of_a_state(name, base, tmp_path):
    make, *case = MADE[name]
    if "publish" in case[0] or "--portfolio" in case[0]:
        import publishing  # noqa: F401 (skips without DuckDB)
    shutil.copytree(base, tmp_path / "place")
    place = Place(Shell(tmp_path / "place"))
    if make is not None:
        make(place)
    told(place.shell, name, *case)


def test_every_class_of_error_is_in_the_gallery():
    shown = {*EXAMPLE, *MADE, *SETTINGS}
    names = {each.__name__ for each in classes()}
    assert not shown & OUT.keys()
    assert names - shown - OUT.keys() == set(), "show the new error in the gallery"
    assert OUT.keys() - names == set(), "the list of exceptions only shrinks"


def test_every_error_says_what_it_is():
    found = classes()
    for each in found:
        assert each.__doc__ not in (None, each.__base__.__doc__), each
    slugs = [each.__dict__["slug"] for each in found if "slug" in each.__dict__]
    assert len(slugs) == len(found)
    assert len(set(slugs)) == len(slugs)
