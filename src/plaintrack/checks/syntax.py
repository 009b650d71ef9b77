"""Checks of syntax and schema: what parsing one file finds, and names that the settings do not
know.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from plaintrack.checks.catalogue import Option, check
from plaintrack.checks.work import SETTINGS, Found, Options, Work
from plaintrack.errors import NEARER, suggestion
from plaintrack.model.problem import Problem, shown
from plaintrack.model.task import fold

if TYPE_CHECKING:
    from plaintrack.query.score import Input

_YAML = (
    "yaml",
    "yaml-size",
    "yaml-directive",
    "not-a-mapping",
    "yaml-documents",
    "yaml-alias",
    "yaml-tag",
    "yaml-depth",
    "yaml-key",
    "yaml-merge",
)
_OF_COMMENTS = {"no-front-matter": "begin it with `---`, `date: …` and `---`"}
_FIELDS = 500  # undeclared fields that are looked at
_NAMED = frozenset(
    (
        *(
            *_YAML,
            "duplicate-key",
            "no-front-matter",
            "unterminated",
            "conflict",
            "no-id",
            "bad-id",
        ),
        *("field-value", "field-type", "unknown-choice", "missing", "hash", "no-title"),
        "newer-field",
        "comma",
    )
)


def _parsed(work: Work, *names: str) -> Iterator[Found]:
    """What parsing found under these names."""
    for name in names:
        for problem, item in work.parsed.get(name, ()):
            yield _found(problem, item)


def _found(each: Problem, item: str) -> Found:
    about = f"{each.code} {each.message}"
    return Found(
        each.path,
        item,
        "",
        "",
        each.message,
        each.hint,
        each.line,
        each.column,
        each.excerpt,
        about,
    )


@check("PT101", "yaml", "error", fixable=True)
def yaml(work: Work, _options: Options) -> Iterator[Found]:
    """The front matter is not YAML that plaintrack reads.

    Why: an item that cannot be read is in no list, no count and no report. Anchors, aliases, tags,
    merge keys, several documents and deep nesting are refused too, since they can blow up or mean
    different things to different programs.

    Fix: put the value in quotes; `check --fix` does that where it is enough. Write what is refused
    out in full.

    Bad:
        title: Fix: the login

    Good:
        title: 'Fix: the login'
    """
    return _parsed(work, *_YAML)


@check("PT102", "duplicate-key", "error")
def duplicate_key(work: Work, _options: Options) -> Iterator[Found]:
    """A key is given twice in the front matter.

    Why: no one can tell which of the two counts; it is usually left over from a merge.

    Fix: keep one of the two lines.

    Bad:
        status: todo
        status: review

    Good:
        status: review
    """
    return _parsed(work, "duplicate-key")


@check("PT103", "front-matter", "error")
def front_matter(work: Work, _options: Options) -> Iterator[Found]:
    """A file among the items has no front matter, or front matter without an end.

    Why: it is not an item, although it lies where items lie.

    Fix: begin it with `---`, the fields and `---`; or move it away, or name it under `ignore:` in
    plaintrack.yml.

    Bad:
        # Notes of the meeting

    Good:
        ---
        id: PT-7k3q9x
        title: Write up the meeting
        ---
    """
    return _parsed(work, "no-front-matter", "unterminated")


@check("PT104", "unreadable", "error")
def unreadable(work: Work, _options: Options) -> Iterator[Found]:
    """A file cannot be read as text: empty, not UTF-8, too large, a symbolic link, or not
    permitted.

    Why: what it says is lost to every listing.

    Fix: save it as UTF-8 text of less than a megabyte; put an ordinary file in the place of a link.

    Bad:
        tasks/PT-7k3q9x.md -> /home/alice/notes.md

    Good:
        tasks/PT-7k3q9x.md, an ordinary file
    """
    return _parsed(work, *(name for name in work.parsed if name not in _NAMED))


@check("PT105", "conflict", "error")
def conflict(work: Work, _options: Options) -> Iterator[Found]:
    """A file has conflict markers.

    Why: a merge was committed before it was resolved, and the file says two things at once.

    Fix: keep the right lines and delete the markers; `plaintrack conflicts` shows both sides.

    Bad:
        <<<<<<< HEAD
        status: review
        =======
        status: done
        >>>>>>> topic

    Good:
        status: done
    """
    return _parsed(work, "conflict")


@check("PT106", "id", "error", fixable=True)
def id_(work: Work, _options: Options) -> Iterator[Found]:
    """An item has no id, or one that cannot be an id.

    Why: the id is the identity: nothing can refer to the item without one. An id is made of ASCII
    letters, digits, `.`, `_` and `-`, so that it is safe in file names, commit messages and
    addresses.

    Fix: `check --fix` gives the item a new id.

    Bad:
        id: ../etc/passwd

    Good:
        id: PT-7k3q9x
    """
    return _parsed(work, "no-id", "bad-id")


@check("PT107", "value", "error", fixable=True)
def value(work: Work, _options: Options) -> Iterator[Found]:
    """A value is not of the kind that its field takes.

    Why: a date that is not a date is never due, and cannot be sorted or compared.

    Fix: write dates as 2026-12-01, durations as 2d or 6h, numbers with digits. `check --fix` fixes
    dates such as 2026/12/1.

    Bad:
        due: next week

    Good:
        due: 2026-12-01
    """
    return _parsed(work, "field-value", "field-type")


@check("PT108", "unknown-choice", "error", fixable=True)
def unknown_choice(work: Work, _options: Options) -> Iterator[Found]:
    """A status, type, priority or other choice is none that the settings know.

    Why: an item with an unknown status is in no column of the board, and counts as open for ever.

    Fix: write one of the choices, or add it in plaintrack.yml. `check --fix` fixes the case of
    letters.

    Bad:
        status: Doen

    Good:
        status: done
    """
    return _parsed(work, "unknown-choice")


@check("PT109", "missing", "error")
def missing(work: Work, _options: Options) -> Iterator[Found]:
    """A field that the settings require is not set.

    Why: the workspace says `required: true` for it under `fields:`.

    Fix: set the field.

    Bad:
        id: PT-7k3q9x
        title: Fix the login

    Good:
        id: PT-7k3q9x
        title: Fix the login
        severity: s2
    """
    return _parsed(work, "missing")


@check("PT110", "hash", "warning")
def hash_(work: Work, _options: Options) -> Iterator[Found]:
    """YAML takes the end of a value for a comment.

    Why: a `#` after a blank begins a comment, so the rest of the line is not part of the value.

    Fix: put the value in quotes, or a space after the `#` if a comment is meant.

    Bad:
        title: Fix #42

    Good:
        title: 'Fix #42'
    """
    return _parsed(work, "hash")


@check("PT111", "no-title", "note")
def no_title(work: Work, _options: Options) -> Iterator[Found]:
    """An item has no title.

    Why: lists can only show the name of its file.

    Fix: add a line `title:`, or begin the body with a heading.

    Bad:
        id: PT-7k3q9x

    Good:
        id: PT-7k3q9x
        title: Fix the login
    """
    return _parsed(work, "no-title")


@check("PT112", "unknown-person", "note")
def unknown_person(work: Work, _options: Options) -> Iterator[Found]:
    """Someone is named who is neither a person nor a team of the workspace; where no one is
    declared, everyone is known.

    Why: the work of a misspelt name is in no one's list.

    Fix: write the short name as it stands under `people:` or as the name of the person's file, or
    add the person.

    Bad:
        assignee: alcie

    Good:
        assignee: alice
    """
    known = {each.lower() for each in work.settings.people} | {*work.staff.people}
    if not known:
        return
    known |= {*work.staff.teams}
    former = {
        fold(name): each.handle for each in work.staff.people.values() for name in each.formerly
    }
    names = [field.name for field in work.schema.fields.values() if field.kind == "person"]
    hints: dict[str, str] = {}
    for number, field, key in sorted(work.source.links(*names)):
        if key.removeprefix("@") not in known:
            if key not in hints:
                hints[key] = _whom(key, known, former) if len(hints) < _FIELDS else ""
            row = work.row(number)
            name = work.typed(number, field, key)
            yield Found(
                row.path,
                row.id,
                field,
                name,
                f"{field} is {shown(name)}, who is neither a person nor a team here",
                hints[key],
            )


def _whom(key: str, known: Iterable[str], former: Mapping[str, str]) -> str:
    """Who may be meant: whoever was called so before, else the nearest name."""
    name = former.get(fold(key.removeprefix("@")))
    if name:
        return f"{name} was called so before: write {name!r}"
    return suggestion(key, known)


@check(
    "PT113",
    "misspelt-field",
    "note",
    keys=Option("texts", (), "keys that are meant as they are, such as another program's"),
)
def misspelt_field(work: Work, options: Options) -> Iterator[Found]:
    """A key looks like a field, but is spelt differently.

    Why: unknown keys are kept as they are, so a slip of the pen is a field of its own and the real
    one stays unset.

    Fix: write the field's name; or declare the key under `fields:`, or name it in the option `keys`
    of this check, if it is meant.

    Bad:
        asignee: alice

    Good:
        assignee: alice
    """
    keys = work.schema.keys()
    imports = "imports" in work.settings.rooms
    for name in work.source.fields()[:_FIELDS]:
        if name in work.schema.fields or name in keys or name in options["keys"]:
            continue
        if imports and (name.startswith("x_") or name.removesuffix("_") in work.schema.fields):
            continue  # so an import keeps what has no field, or a field cannot hold
        hint = suggestion(name.replace("-", "_"), {*keys, *work.schema.fields}, alike=NEARER)
        if hint:
            numbers = dict.fromkeys(number for number, _, _ in work.source.links(name))
            for row in map(work.row, numbers):
                yield Found(row.path, row.id, name, "", f"{name} is not a field", hint, about=name)


@check("PT114", "broken-comment", "error")
def broken_comment(work: Work, _options: Options) -> Iterator[Found]:
    """A comment cannot be read: no front matter, not UTF-8, conflict markers, a symbolic link.

    Why: what it says is missing wherever the item is shown.

    Fix: begin it with `---`, the author, the date and `---`, save it as UTF-8, resolve the
    conflict; or delete it.

    Bad:
        comments/PT-7k3q9x/20261123T080000Z-1a2b3c.md, with nothing but text

    Good:
        ---
        author: alice
        date: 2026-11-23T09:00:00+01:00
        ---
        The login works again.
    """
    for path, each in work.source.comments():
        if each is not None:
            about = f"{each.code} {each.message}"
            yield Found(
                path,
                "",
                "",
                "",
                each.message,
                _OF_COMMENTS.get(each.code, each.hint),
                each.line,
                each.column,
                each.excerpt,
                about,
            )


@check("PT115", "newer-field", "note")
def newer_field(work: Work, _options: Options) -> Iterator[Found]:
    """A key that plaintrack has a meaning for has a value which does not fit it.

    Why: `duration`, `elapsed`, `pinned`, `share`, `needs` and `team` are fields of the plan now,
    `weight`, `initial`, `target` and `current` of goals, `kind` of projects. A workspace that used
    such a key before means something else by it, or the value is misspelt.

    Fix: correct the value; or declare the key under `fields:` in plaintrack.yml, as `share: {type:
    text}`, and it is a field of your own.

    Bad:
        share: with the sales team

    Good:
        share: 50%
    """
    return _parsed(work, "newer-field")


@check("PT116", "scoring-model", "error")
def scoring_model(work: Work, _options: Options) -> Iterator[Found]:
    """A scoring model cannot be used: its formula is not one, or asks for what is not a number.

    Why: `plaintrack score` and the column `score` fail, or leave every item unscored.

    Fix: the message says where the formula goes wrong; docs/priorities.md says what may stand
    there.

    Bad:
        scores:
          ours: value / (estimate

    Good:
        scores:
          ours: value / estimate
    """
    present = work.source.present()
    if present is None or not present.scores:
        return
    from plaintrack.query.score import BadModel, scoring

    for name in present.scores:
        try:
            model = scoring(present.scores, present.schema, name)
        except BadModel as error:
            why, key = error.why, f"scores.{name}.{error.why.key}"
            yield Found(SETTINGS, "", key, "", why.message, why.hint, about=why.message)
            continue
        for each in model.inputs:
            near = _meant(work, each.name, model.inputs)
            if near:
                message = f"no item has {each.name}, which only this model names"
                yield Found(
                    SETTINGS, "", f"scores.{name}.formula", "", message, near, about=message
                )


def _meant(work: Work, name: str, inputs: "Iterable[Input]") -> str:
    """What a formula may mean by the name of a field that no item has and nobody declared."""
    from plaintrack.config.scoring import INPUT

    field = work.schema.fields.get(name)
    if field is None or not field.doc.startswith(INPUT) or name in work.source.fields():
        return ""
    others = set(work.schema.fields).difference([each.name for each in inputs])
    return suggestion(name, others, alike=NEARER)


@check("PT117", "comma-list", "note")
def comma_list(work: Work, _options: Options) -> Iterator[Found]:
    """A list is written as one text with commas in it.

    Why: it is one value, so that `tags:book` does not find `tags: book, business`.

    Fix: put the values in brackets, or each on a line of its own; a value that really has a comma
    in quotes.

    Bad:
        tags: book, business

    Good:
        tags: [book, business]
    """
    return _parsed(work, "comma")
