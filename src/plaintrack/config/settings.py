"""The settings: one table that holds names, defaults, validation and documentation."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.config import (
    agreeing,
    approving,
    fault,
    measuring,
    planning,
    recurring,
    resources,
    timing,
)
from plaintrack.config.fault import BadSetting as BadSetting
from plaintrack.config.scoring import FORMULAS, INPUT, Model
from plaintrack.config.values import Settings, View, inside
from plaintrack.errors import PlaintrackError
from plaintrack.model.fields import (
    CATEGORIES,
    DEFAULT_PRIORITIES,
    DEFAULT_STATUSES,
    DEFAULT_TYPES,
    KINDS,
    Field,
    Schema,
    schema,
)
from plaintrack.model.listed import joined, split
from plaintrack.model.sla import names as sla_fields
from plaintrack.model.task import fold
from plaintrack.when.durations import minutes

COLUMNS = ("id", "title", "status", "priority", "assignee", "due", "tags")


class Setting(NamedTuple):
    """One row of the table: how a value is checked and read, its default and its meaning."""

    name: str
    read: Callable[[str, Any], Any]
    default: Any
    doc: str


_TRUTHS = ("true", "false")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise fault.NotOneText(name)
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise fault.NotTexts(name)
    return tuple(values)


def _apart(name: str, values: Iterable[str]) -> None:
    """Names are compared without regard to case, so two that differ only in it would be one."""
    known: dict[str, str] = {}
    for each in values:
        other = known.setdefault(fold(each), each)
        if other != each:
            raise fault.OnlyCase(name, other, each)


def _names(name: str, value: Any) -> tuple[str, ...]:
    values = _texts(name, value)
    if not values or len(set(values)) != len(values):
        raise fault.NotNames(name)
    _apart(name, values)
    return values


def _folder(name: str, value: Any) -> str:
    if not inside(_text(name, value)):
        raise fault.NotInside(name, value)
    return _text(name, value).strip("/")


def _folders(name: str, value: Any) -> tuple[str, ...]:
    return tuple(_folder(name, each) for each in _names(name, value))


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise fault.NotMapping(name)
    return value


def _statuses(name: str, value: Any) -> Mapping[str, str]:
    for status, category in _mapping(name, value).items():
        if category not in CATEGORIES:
            raise fault.UnknownCategory(f"{name}.{status}", category, CATEGORIES)
    _apart(name, value)
    missing = {"open", "done"} - set(value.values())
    if missing:
        raise fault.MissingCategory(name, missing)
    return dict(value)


def _duration(name: str, value: Any) -> str:
    try:
        length = minutes(_text(name, value))
    except PlaintrackError as error:
        raise fault.NotADuration(name, error.message) from error
    if not length:
        raise fault.NoLength(name)
    return str(value)


def _ids(name: str, value: Any) -> tuple[str, str, int, str]:
    given = {
        "prefix": "PT",
        "scheme": "random",
        "from": "key",
        **_known(name, value, ("prefix", "scheme", "length", "from")),
    }
    prefix, scheme, place = (
        _text(f"{name}.{each}", given[each]) for each in ("prefix", "scheme", "from")
    )
    plain = prefix.translate(dict.fromkeys(map(ord, "._-"), "x"))
    if prefix and not (
        plain.isascii()
        and plain.isalnum()
        and prefix[0].isalpha()
        and prefix[-1].isalnum()
        and len(prefix) <= 32
    ):
        raise fault.BadPrefix(f"{name}.prefix", prefix)
    if scheme not in ("random", "sequential"):
        raise fault.NotOneOf(f"{name}.scheme", scheme, ("random", "sequential"))
    least = 4 if scheme == "random" else 1
    length = _text(f"{name}.length", given.get("length", "6" if scheme == "random" else "1"))
    if not (length.isdecimal() and least <= int(length) <= 12):
        raise fault.BadIdLength(f"{name}.length", length, least)
    if place not in ("key", "filename"):
        raise fault.NotOneOf(f"{name}.from", place, ("key", "filename"))
    return prefix, scheme, int(length), place


def _filename(name: str, value: Any) -> str:
    template = _text(name, value)
    left = re.sub(r"\{(?:slug|words|title|id(?::(?:lower|0\d))?)\}", "", template)
    if left == template or any(each in left for each in "{}/\\") or template.startswith("."):
        raise fault.BadFilename(name, template)
    return template


def _title(name: str, value: Any) -> str:
    if value not in ("key", "heading", "filename"):
        raise fault.NotOneOf(name, value, ("key", "heading", "filename"))
    return _text(name, value)


def _boolean(name: str, value: Any) -> bool:
    if value not in ("true", "false"):
        raise fault.NotOneOf(name, value, _TRUTHS)
    return bool(value == "true")


def _stamps(name: str, value: Any) -> tuple[str, ...]:
    values = _texts(name, value)
    if not {"created", "closed"}.issuperset(values):
        raise fault.BadStamps(name)
    return values


def _commit(name: str, value: Any) -> str:
    if value not in ("auto", "manual"):
        raise fault.NotOneOf(name, value, ("auto", "manual"))
    return _text(name, value)


def _git(name: str, value: Any) -> Mapping[str, str]:
    given = _known(name, value, ("fetch",))
    if given.get("fetch", "never") not in ("never", "missing"):
        raise fault.NotOneOf(f"{name}.fetch", given["fetch"], ("never", "missing"))
    return {"fetch": "never", **given}


def _site(name: str, value: Any) -> Mapping[str, Any]:
    given = _known(name, value, ("private", "title", "source"))
    private = _boolean(f"{name}.private", given.pop("private", "false"))
    texts = {key: _text(f"{name}.{key}", each) for key, each in given.items()}
    if texts.get("source") and not re.match(r"https?://[^\s@]+$", texts["source"]):
        raise fault.NotAnAddress(f"{name}.source", texts["source"])
    return {"private": private, "title": "", "source": "", **texts}


def _publish(name: str, value: Any) -> Mapping[str, Any]:
    given = _known(name, value, ("private", "name", "time"))
    private = _boolean(f"{name}.private", given.pop("private", "false"))
    timed = _boolean(f"{name}.time", given.pop("time", "true"))
    title = _text(f"{name}.name", given.pop("name", ""))
    if title and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", title, re.ASCII):
        raise fault.NotARepositoryName(f"{name}.name", title)
    return {"private": private, "name": title, "time": timed}


def _health(name: str, value: Any) -> Mapping[str, int]:
    days = str(_known(name, value, ("days",)).get("days", "0"))
    if not (days.isdecimal() and int(days) <= 3660):
        raise fault.NotDays(f"{name}.days", days)
    return {"days": int(days)}


def _known(name: str, value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    for key in _mapping(name, value):
        if key not in keys:
            raise fault.UnknownKey(f"{name}.{key}", keys)
    return dict(value)


def _people(name: str, value: Any) -> Mapping[str, Mapping[str, str]]:
    _apart(name, _mapping(name, value))
    return {
        person: {
            key: _text(f"{name}.{person}.{key}", text)
            for key, text in _known(f"{name}.{person}", about or {}, ("name", "email")).items()
        }
        for person, about in _mapping(name, value).items()
    }


def _fields(name: str, value: Any) -> Mapping[str, Mapping[str, Any]]:
    keys = ("type", "key", "choices", "required", "default", "doc", "format")
    found = {
        field: _known(f"{name}.{field}", about or {}, keys)
        for field, about in _mapping(name, value).items()
    }
    _apart(name, found)
    for field, about in found.items():
        if field in RESERVED:
            raise fault.ReservedName(f"{name}.{field}", RESERVED[field])
        if not re.fullmatch(r"[\w.-]+", field):
            raise fault.UnnamableField(name, field)
        if isinstance(about.get("default"), list):
            about["default"] = joined(_texts(f"{name}.{field}.default", about["default"]))
        for key in set(about) - {"choices"}:
            _text(f"{name}.{field}.{key}", about[key])
    return found


_WORD = "a word of queries"
_DERIVED_NAME = "worked out from other fields"
RESERVED = {
    **dict.fromkeys(("has", "no", "is", "under", "was", "changed", "by"), _WORD),
    **dict.fromkeys(("sort", "limit", "or", "and", "not"), _WORD),
    **dict.fromkeys(("updated", "age", "urgency", "progress"), _DERIVED_NAME),
    **dict.fromkeys(("path", "folder", "category", "blocked"), _DERIVED_NAME),
}
"""Names that no field can have, since no query, column or order would mean the field."""


def _coefficients(name: str, value: Any) -> Mapping[str, float]:
    try:
        found = {key: float(number) for key, number in _mapping(name, value).items()}
    except (TypeError, ValueError) as error:
        raise fault.NotACoefficient(name) from error
    if not all(abs(each) < 1e6 for each in found.values()):
        raise fault.NotACoefficient(name)
    for key in found:
        if key not in COEFFICIENTS and not key.startswith("priority."):
            raise fault.UnknownCoefficient(name, key, COEFFICIENTS)
    return found


COEFFICIENTS = (
    "next",
    "due",
    "blocking",
    "active",
    "waiting",
    "blocked",
    "age",
    "age.max",
    "tags",
    "project",
    "tight",
    "inherit",
)
"""The terms of urgency, besides those of the priorities; see query.urgency."""


def _bands(name: str, value: Any) -> Mapping[str, float]:
    given = _known(name, value, tuple(BANDS))
    try:
        found = {**BANDS, **{key: float(number) for key, number in given.items()}}
    except (TypeError, ValueError) as error:
        raise fault.NotAScore(name) from error
    if not 0 < found["at_risk"] <= found["on_track"] <= 1:
        raise fault.BadBands(name)
    return found


BANDS = Settings._field_defaults["goals"]


def _scores(name: str, value: Any) -> Mapping[str, Model]:
    _apart(name, _mapping(name, value))
    return {model: _model(f"{name}.{model}", about or {}) for model, about in value.items()}


def _model(name: str, value: Any) -> Model:
    """A scoring model; whether its formula can be used is not asked here, so that a slip in it does
    not stop every command.
    """
    if isinstance(value, str):
        return Model(value)
    texts = {"formula": "", "doc": ""}
    weights = {}
    for key, about in _mapping(name, value).items():
        if key in texts:
            texts[key] = _text(f"{name}.{key}", about)
        else:
            weights[key] = _weights(f"{name}.{key}", about)
    return Model(texts["formula"], weights, texts["doc"])


def _weights(name: str, value: Any) -> Mapping[str, float]:
    try:
        found = {key: float(number) for key, number in _mapping(name, value).items()}
    except (TypeError, ValueError) as error:
        raise fault.NotAWeight(name) from error
    if not all(abs(each) < 1e12 for each in found.values()):
        raise fault.NotAWeight(name)
    _apart(name, found)
    return found


def _inputs(scores: Mapping[str, Model], declared: Mapping[str, Field]) -> dict[str, Field]:
    """The fields that scoring models name and that exist nowhere else: numbers, or choices where
    the model says what they count.
    """
    if not scores:
        return {}
    from plaintrack.model.fields import STANDARD
    from plaintrack.model.formula import BadFormula, names, parse

    fields = [*STANDARD, *declared.values()]
    known = {each.name for each in fields} | {each.key for each in fields} | _DERIVED
    found: dict[str, Field] = {}
    for model, (formula, weights, _) in scores.items():
        try:
            used = names(parse(formula or FORMULAS.get(model, "")))
        except BadFormula:
            continue
        for each in used:
            if each not in known and each not in found:
                choices = tuple(weights.get(each, ()))
                kind = "choice" if choices else "number"
                doc = f"{INPUT}{model}."
                found[each] = Field(each, kind, choices=choices, doc=doc)
    return found


_DERIVED = {
    *("updated", "age", "urgency", "progress", "path", "folder", "score", "state"),
    *("planned_start", "planned_end", "slack", "critical", "slipping", "waits_for"),
}
"""What formulas cannot name, and models do not declare."""


FORMS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "ids")
"""The forms that a view may be told in."""


def _views(name: str, value: Any) -> Mapping[str, View]:
    views = {}
    for view, about in _mapping(name, value).items():
        given = _known(f"{name}.{view}", about, ("query", "sort", "columns", "group", "format"))
        columns = _texts(f"{name}.{view}.columns", given.pop("columns", []))
        views[view] = View(
            columns=columns,
            **{key: _text(f"{name}.{view}.{key}", each) for key, each in given.items()},
        )
        if views[view].format not in ("", *FORMS):
            raise fault.NotOneOf(f"{name}.{view}.format", views[view].format, FORMS)
    return views


TABLE: tuple[Setting, ...] = (
    Setting(
        "timezone",
        _text,
        "",
        "The IANA time zone of calendar days; empty: the machine's own.",
    ),
    Setting("day", _duration, "8h", "The length of a working day, for durations such as `2d`."),
    Setting(
        "week",
        _duration,
        "5d",
        "The length of a working week in working days, for durations such as `1w`.",
    ),
    Setting(
        "folders",
        _folders,
        ("tasks", "projects", "goals"),
        "The folders that hold items, including their sub-folders.",
    ),
    Setting(
        "archive",
        _folder,
        "archive",
        "The folder that `plaintrack archive` moves closed items to; it is read as well.",
    ),
    Setting(
        "ignore",
        _texts,
        ("README.md",),
        "Names of Markdown files that are not items, such as `README.md`.",
    ),
    Setting(
        "ids",
        _ids,
        ("PT", "random", 6, "key"),
        "How new ids are made: `prefix`, `scheme` (`random` or `sequential`), `length`; `from:"
        " filename` takes ids from file names.",
    ),
    Setting(
        "filename",
        _filename,
        "{id}-{slug}",
        "The names of new files: `{id}`, `{slug}`, `{words}`, `{title}`.",
    ),
    Setting(
        "title",
        _title,
        "key",
        "Where the title of a new item is kept: `key`, `heading`, `filename`.",
    ),
    Setting(
        "form",
        _boolean,
        True,
        "`true`: a new item has a line for every daily field, separated so that plain git"
        " merges edits by different people. `false`: only for the given fields.",
    ),
    Setting(
        "stamps",
        _stamps,
        ("created", "closed"),
        "The times that are recorded automatically: `created`, `closed`.",
    ),
    Setting("types", _names, DEFAULT_TYPES, "The types of item."),
    Setting(
        "statuses",
        _statuses,
        DEFAULT_STATUSES,
        "The workflow, in order: each status and its category (`open`, `active`, `done`,"
        " `cancelled`).",
    ),
    Setting("priorities", _names, DEFAULT_PRIORITIES, "The priorities, most important first."),
    Setting(
        "people",
        _people,
        {},
        "Short names of people with `name` and `email`; also determines who `me` is.",
    ),
    Setting(
        "fields",
        _fields,
        {},
        "Your own fields, and other keys for the standard ones: `type`, `key`, `choices`,"
        " `required`, `default`, `format`.",
    ),
    Setting(
        "urgency",
        _coefficients,
        {},
        "Urgency coefficients that differ from the defaults.",
    ),
    Setting(
        "goals",
        _bands,
        BANDS,
        "The scores from which on goals and projects are `on_track` and `at_risk`; below, they are"
        " off track. See goals.md.",
    ),
    Setting(
        "scores",
        _scores,
        {},
        "Scoring models, the first for the column `score`: `formula` (`wsjf`, `rice` and `ice` have"
        " theirs), `doc`, and for fields that are not numbers what each value counts, as"
        " `priority: {high: 5}`. See priorities.md.",
    ),
    Setting(
        "views",
        _views,
        {},
        "Named queries for `--view` of `list`, `next`, `board`, `tree`, `search`, `stats`, `set`"
        " and `export`, and for the term `view:NAME`: `query`, `sort`, `columns`, `group`,"
        " `format`.",
    ),
    Setting(
        "view",
        _text,
        "",
        "The view that `plaintrack` and `plaintrack list` without arguments show.",
    ),
    Setting(
        "checks",
        _mapping,
        {},
        "What `plaintrack check` looks for: checks by code or name with `off`, a severity, or"
        " options; `own`; `overrides` (see checks.md).",
    ),
    Setting("columns", _names, COLUMNS, "The columns of `list`."),
    Setting("sort", _text, "-urgency", "The order of `list`."),
    Setting(
        "recur",
        recurring.recur,
        recurring.RECUR,
        "Recurring work: `catch_up` (`latest`, `all`, `skip`), `shift` (`none`, `next`,"
        " `previous`), `passing` (`true`: the next item is also created when its day has"
        " come; `false`: only when the previous one is closed). See recurring.md.",
    ),
    Setting(
        "calendar",
        recurring.calendar,
        recurring.CALENDAR,
        "Working days: `working_days`, `holidays` (days such as `2026-12-25`, or `12-25` for every"
        " year), `country` (such as `DE` or `DE-BE`; needs the extra `holidays`), `hours` (by"
        " weekday, as `{fri: 6h}`), `days` (days with hours of their own, as `{2026-12-24: 4h}`).",
    ),
    Setting(
        "calendars",
        resources.calendars,
        {},
        "Further calendars by name, written like `calendar`, for people and equipment that name"
        " one; `teams`: the teams whose calendar it is.",
    ),
    Setting(
        "rooms",
        resources.rooms,
        {},
        "Folders of files that are not items, read only if they are named here: `people`,"
        " `equipment`, `time`, `timesheets`, `updates`, `approvals`, `reports`.",
    ),
    Setting(
        "groups",
        resources.groups,
        {},
        "Groups of people beside the teams of their files, as `{leads: [ana, bob]}`; a group's name"
        " may stand wherever a person's may.",
    ),
    Setting(
        "plan",
        planning.plan,
        planning.PLAN,
        "How work is planned: `slot` (effort rounds up to it), `horizon` (how far recurring work is"
        " planned), `objective` (`serve`, `end`), `estimate` (such as `1d`: work without one takes"
        " that, marked `~`), `reserve` (`{operations: 20%}` of everybody's time), `solver`"
        " (`cp-sat`; needs the extra `plan`). Written at all, it turns the checks of the plan on."
        " See planning.md.",
    ),
    Setting(
        "approvals",
        approving.approvals,
        approving.APPROVALS,
        "Who must agree: `needs` (rules with `query`, `to`, `of`, `since`), `content` (what a"
        " verdict is on: `fields` or `except`, `body`, `files`), `signed` (`true`: only verdicts in"
        " signed commits count). See collaboration.md.",
    ),
    Setting(
        "owners",
        approving.owners,
        (),
        "Who is asked, as in a CODEOWNERS file: rules with `query` or `path`, and `of` (people and"
        " groups); the last that fits holds. See collaboration.md.",
    ),
    Setting(
        "watching",
        approving.watching,
        Settings._field_defaults["watching"],
        "Whose inbox has what becomes of an item, beside those in its field `watching`: rules with"
        " `of` (people, groups, `owner`, `assignee`, `author`, `commented`), perhaps `query` or"
        " `path`; all that fit hold. See collaboration.md.",
    ),
    Setting(
        "health",
        _health,
        Settings._field_defaults["health"],
        "Status updates of projects and goals: `days`, after which the next one is due (0: never),"
        " as `check` says. See collaboration.md.",
    ),
    Setting(
        "sla",
        agreeing.sla,
        {},
        "How long work may take, by name: `query` (what it is about), `start`, `pause` (one"
        " condition or several), `stop`, `goal` (`4h`, or by priority `{high: 4h, default: 2d}`),"
        " `calendar` (of `calendars`, or `always`), `begins` (the hour at which a working day"
        " begins, `09:00`). See sla.md.",
    ),
    Setting(
        "site",
        _site,
        Settings._field_defaults["site"],
        "Reports and the pages of `report site`: `title`; `source`, the address before the paths of"
        " files, for links to the forge (else that of the remote `origin`); `private: true` says"
        " that its readers may know rates, cost, e-mail addresses and types of leave, which"
        " reports, pages, comments on pull requests and calendars leave out. See reports.md.",
    ),
    Setting(
        "publish",
        _publish,
        Settings._field_defaults["publish"],
        "What `publish` writes for a portfolio: `name`, what the repository is called there, before"
        " ids (else the last part of the address of the remote `origin`, or the folder);"
        " `private: true` says that who reads it may know rates, types of leave, who worked when,"
        " notes on time and e-mail addresses, which are left out else; `time: false` leaves out all"
        " time records. See portfolio.md.",
    ),
    Setting(
        "time",
        timing.time,
        Settings._field_defaults["time"],
        "Time records. `timer: true`: `start` starts a timer, and `done` stops it. `forgotten`:"
        " after how long `time stop` asks whether a timer was forgotten (`10h`). See time.md.",
    ),
    Setting(
        "metrics",
        measuring.metrics,
        measuring.METRICS,
        "How work is measured: `size` (`count`, `estimate`, or the name of your own field of"
        " numbers, such as `points`), `branch` (whose first-parent line counts; empty: the"
        " present one), `dates` (`landed`: when a change reached that line; `author`: when it was"
        " made). See metrics.md.",
    ),
    Setting(
        "commit",
        _commit,
        "manual",
        "`auto`: every command commits exactly the files it wrote; `manual`: `plaintrack commit`"
        " does.",
    ),
    Setting(
        "git",
        _git,
        Settings._field_defaults["git"],
        "`fetch: missing` lets git fetch, in one request, the contents of history that a partial"
        " clone lacks and a command needs, as `plaintrack --fetch` does once; `fetch: never`:"
        " reading uses no network.",
    ),
)


def read(given: Mapping[str, Any]) -> Settings:
    """The settings from the parsed file; raises BadSetting."""
    known = {setting.name: setting for setting in TABLE}
    for name in given:
        if name not in known:
            raise fault.UnknownTopKey(name, known)
    values = {
        name: setting.default if given.get(name) is None else setting.read(name, given[name])
        for name, setting in known.items()
    }
    prefix, scheme, length, place = values["ids"]
    day = int(minutes(values["day"]))
    declared = {name: field(name, about) for name, about in values["fields"].items()}
    items = schema(
        {**declared, **_inputs(values["scores"], declared)},
        values["statuses"],
        values["priorities"],
        values["types"],
        day,
        int(minutes(values["week"], day)),
        values["timezone"],
    )
    _check_fields(items)
    measuring.check_size(values["metrics"]["size"], items)
    if values["view"] and values["view"] not in values["views"]:
        raise fault.NoView(values["view"], values["views"])
    _check_archive(values["archive"], values["folders"])
    _check_rooms(values["rooms"], (*values["folders"], values["archive"]))
    items = items._replace(
        archive=values["archive"],
        named=_separator(values["filename"]) if place == "filename" else None,
        untitled=values["title"] == "filename",
        scored=bool(values["scores"]) and "score" not in declared,
        slas=sla_fields(values["sla"]),
    )
    values["sla"] = agreeing.settled(
        values["sla"],
        values["priorities"],
        day,
        items.week,
        {"": values["calendar"], **values["calendars"]},
    )
    plain = (
        "folders",
        "archive",
        "people",
        "urgency",
        "scores",
        "views",
        "view",
        "columns",
        "sort",
        "filename",
        "title",
        "stamps",
        "ignore",
        "checks",
        "form",
        "commit",
        "git",
        "recur",
        "calendar",
        "goals",
        "calendars",
        "rooms",
        "groups",
        "plan",
        "metrics",
        "approvals",
        "owners",
        "watching",
        "health",
        "publish",
        "site",
        "sla",
        "time",
    )
    rest = {name: values[name] for name in plain}
    return Settings(
        schema=items,
        prefix=prefix,
        scheme=scheme,
        length=length,
        planned=given.get("plan") is not None,
        **rest,
    )


def _check_archive(archive: str, folders: Sequence[str]) -> None:
    """Check that no item folder is the archive or inside it, where all items count as archived."""
    for each in folders:
        if f"{each}/".startswith(f"{archive}/"):
            raise fault.ArchiveOverItems(archive, each)


def _check_rooms(rooms: Mapping[str, str], folders: Sequence[str]) -> None:
    """No room holds a folder of items: none of them would be read."""
    for room, folder in rooms.items():
        for each in folders:
            if f"{each}/".startswith(f"{folder}/"):
                raise fault.RoomOverItems(room, folder, each)


def _check_fields(items: Schema) -> None:
    """No two fields with one key, no default that is not one of its choices."""
    taken: dict[str, str] = {}
    for each in items.fields.values():
        key = each.key or each.name
        if key in taken:
            raise fault.KeyTaken(each.name, key, taken[key])
        taken[key] = each.name
        if (
            each.default
            and each.kind == "choice"
            and not set(split(each.default) if each.many else [each.default]) <= set(each.choices)
        ):
            raise fault.DefaultNotAChoice(each.name, each.default, each.choices)


def field(name: str, about: Mapping[str, Any]) -> Field:
    """A declared field; for a standard one only the named parts change."""
    from plaintrack.model.fields import LATER, STANDARD

    base = {each.name: each for each in STANDARD}.get(name, Field(name))
    if name in LATER and not about.get("key"):
        base = Field(name)  # declared before plaintrack had a field of this name
    kind = about.get("type", ("list of " if base.many else "") + base.kind)
    many, kind = kind.startswith("list of "), kind.removeprefix("list of ")
    if kind not in KINDS:
        raise fault.UnknownType(name, kind, KINDS)
    choices = _texts(f"fields.{name}.choices", about.get("choices", list(base.choices)))
    _apart(f"fields.{name}.choices", choices)
    if kind == "choice" and not choices and name not in ("status", "priority", "type"):
        raise fault.NoChoices(name)
    required = about.get("required", "false")
    if required not in ("true", "false"):
        raise fault.NotOneOf(f"fields.{name}.required", required, _TRUTHS)
    default = about.get("default", base.default)
    key, doc = about.get("key", base.key), about.get("doc", base.doc)
    element = base.element if (kind, many) == (base.kind, base.many) else ""
    if element == "dependency" and key not in ("", name):
        element = ""  # another tracker's key: that tracker could not read a lag
    return Field(
        name,
        kind,
        many,
        key,
        choices,
        required == "true",
        default,
        doc,
        about.get("format", ""),
        element,
    )


def _separator(template: str) -> str:
    """What stands after the id in file names; empty if the name is the id."""
    head, found, tail = template.partition("{id}")
    return tail.partition("{")[0] if found and not head else ""
