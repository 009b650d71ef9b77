"""What can be wrong with a setting, one class a failure."""

from collections.abc import Iterable, Sequence

from plaintrack.errors import PlaintrackError, suggestion

_ELSEWHERE = "see docs/settings.md for the values it takes"


class BadSetting(PlaintrackError):
    """A setting that cannot be used; ``name`` says which."""

    slug = "bad-setting"

    def __init__(self, name: str, message: str, hint: str = "") -> None:
        super().__init__(f"plaintrack.yml: {name}: {message}", hint or _ELSEWHERE)


class UnknownKey(BadSetting):
    """Nothing of that name is a setting; ``known`` are those there are."""

    slug = "unknown-key"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name, "is not a setting", f"one of {', '.join(known)}")


class UnknownTopKey(BadSetting):
    """No setting has that name; the nearest one is offered."""

    slug = "unknown-top-key"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name, "is not a setting", suggestion(name, known))


class NotOneOf(BadSetting):
    """The value is none of those there are."""

    slug = "not-one-of"

    def __init__(self, name: str, value: object, choices: Sequence[str]) -> None:
        *most, last = choices
        super().__init__(name, f"{value!r} must be {', '.join(most)} or {last}")


class NoView(BadSetting):
    """No view has that name."""

    slug = "no-view"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        hint = f"the views are: {', '.join(known) or 'none'}"
        super().__init__("view", f"there is no view {name!r}", hint)


class NotOneText(BadSetting):
    """A text is wanted."""

    slug = "not-one-text"

    def __init__(self, name: str) -> None:
        super().__init__(name, "must be a text")


class NotTexts(BadSetting):
    """A list of texts is wanted."""

    slug = "not-texts"

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__(name, "must be a list of texts", hint)


class NotNames(BadSetting):
    """A list of different names is wanted."""

    slug = "not-names"

    def __init__(self, name: str) -> None:
        super().__init__(name, "must be a list of one or more different names")


class NotMapping(BadSetting):
    """A mapping is wanted."""

    slug = "not-mapping"

    def __init__(self, name: str, keys: Iterable[str] = (), example: str = "") -> None:
        hint = f"with {', '.join(keys)}" if keys else ""
        if example:
            hint = f"such as `{example}`"
        super().__init__(name, "must be a mapping (key: value)", hint)


class OnlyCase(BadSetting):
    """Two names differ only in upper and lower case, so that they would be one."""

    slug = "only-case"

    def __init__(self, name: str, one: str, other: str) -> None:
        super().__init__(name, f"{one!r} and {other!r} differ only in case", "keep one of them")


class NotInside(BadSetting):
    """The folder is not one of the workspace."""

    slug = "not-inside"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, f"{value!r} is not a folder inside the workspace")


class NotAnAddress(BadSetting):
    """The address cannot stand before paths."""

    slug = "not-an-address"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            name,
            f"{value!r} is not a web address without a user",
            "write `https://forge.example/team/work/blob/main/`",
        )


class NotARepositoryName(BadSetting):
    """The name cannot stand before ids."""

    slug = "not-a-repository-name"

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            name,
            f"{value!r} cannot stand before ids",
            "use letters, digits, '.', '_' and '-', beginning with a letter or digit, 100 at most",
        )


class UnknownCategory(BadSetting):
    """A status has a category that there is not."""

    slug = "unknown-category"

    def __init__(self, name: str, category: object, known: Iterable[str]) -> None:
        super().__init__(name, f"{category!r} is not a category", f"one of {', '.join(known)}")


class MissingCategory(BadSetting):
    """A workflow needs an open status and one for what is done."""

    slug = "missing-category"

    def __init__(self, name: str, missing: Iterable[str]) -> None:
        super().__init__(name, f"no status has the category {' or '.join(sorted(missing))}")


class NoLength(BadSetting):
    """A duration of nothing."""

    slug = "no-length"

    def __init__(self, name: str) -> None:
        super().__init__(name, "must be longer than zero")


class NotADuration(BadSetting):
    """The text is not a duration, as ``why`` says."""

    slug = "setting-not-a-duration"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name, why)


class BadPrefix(BadSetting):
    """Ids cannot begin like that."""

    slug = "bad-prefix"

    def __init__(self, name: str, prefix: str) -> None:
        super().__init__(
            name,
            f"{prefix!r} must be at most 32 letters, digits, `-`, `_` or `.`, beginning with a"
            " letter",
        )


class BadIdLength(BadSetting):
    """Ids cannot be that long."""

    slug = "bad-id-length"

    def __init__(self, name: str, length: str, least: int) -> None:
        super().__init__(name, f"{length!r} must be a number from {least} to 12")


class BadFilename(BadSetting):
    """Names of files cannot be made of that."""

    slug = "bad-filename"

    def __init__(self, name: str, template: str) -> None:
        super().__init__(
            name,
            f"{template!r} must be made of {{id}}, {{slug}}, {{words}} or {{title}} and text"
            " without a slash",
        )


class BadStamps(BadSetting):
    """Only the times of creation and closing are stamped."""

    slug = "bad-stamps"

    def __init__(self, name: str) -> None:
        super().__init__(name, "must be a list of created and closed, or []")


class NotACoefficient(BadSetting):
    """A coefficient that is not a number, or too large."""

    slug = "not-a-coefficient"

    def __init__(self, name: str) -> None:
        super().__init__(name, "every coefficient must be a number below a million")


class UnknownCoefficient(BadSetting):
    """Urgency knows no such coefficient."""

    slug = "unknown-coefficient"

    def __init__(self, name: str, key: str, known: Sequence[str]) -> None:
        otherwise = f"one of {', '.join(known)}, priority.NAME"
        super().__init__(f"{name}.{key}", "is not a coefficient", suggestion(key, known, otherwise))


class NotAScore(BadSetting):
    """A score of goals that is not a number."""

    slug = "not-a-score"

    def __init__(self, name: str) -> None:
        super().__init__(name, "every score must be a number")


class NotAWeight(BadSetting):
    """What a value counts in a scoring model is not a number, or too large."""

    slug = "not-a-weight"

    def __init__(self, name: str) -> None:
        super().__init__(name, "every value must have a number below 10^12", "{high: 5, low: 1}")


class BadBands(BadSetting):
    """The scores of goals are not in order."""

    slug = "bad-bands"

    def __init__(self, name: str) -> None:
        super().__init__(
            name, "0 < at_risk <= on_track <= 1 must hold", "on_track: 0.7, at_risk: 0.4"
        )


class ArchiveOverItems(BadSetting):
    """All items of a folder would count as archived."""

    slug = "archive-over-items"

    def __init__(self, archive: str, folder: str) -> None:
        how = "a folder of items" if folder == archive else f"above {folder}, a folder of items"
        super().__init__(
            "archive",
            f"{archive!r} is {how}, so that every item there would be archived",
            f"one beside or below it, such as {folder}/archive",
        )


class RoomOverItems(BadSetting):
    """A room holds a folder of items, which would not be read."""

    slug = "room-over-items"

    def __init__(self, room: str, folder: str, items: str) -> None:
        super().__init__(f"rooms.{room}", f"{folder!r} holds the folder of items {items!r}")


class NotThatDay(BadSetting):
    """A key is not a day of the kind that is wanted."""

    slug = "not-that-day"

    def __init__(self, name: str, key: str, wanted: str) -> None:
        super().__init__(name, f"{key!r} is not {wanted}")


class KeyTaken(BadSetting):
    """Two fields have one key."""

    slug = "key-taken"

    def __init__(self, field: str, key: str, other: str) -> None:
        super().__init__(f"fields.{field}.key", f"{key!r} is already the key of {other}")


class DefaultNotAChoice(BadSetting):
    """The default of a field is none of its choices."""

    slug = "default-not-a-choice"

    def __init__(self, field: str, default: str, choices: Iterable[str]) -> None:
        super().__init__(
            f"fields.{field}.default",
            f"{default!r} is not one of its choices",
            f"one of {', '.join(choices)}",
        )


class ReservedName(BadSetting):
    """A field has a name that means something else in queries and columns."""

    slug = "reserved-name"

    def __init__(self, name: str, what: str) -> None:
        key = name.rpartition(".")[2]
        super().__init__(
            name,
            f"this name is {what}, so no query would find the field",
            f"give the field another name, as `my_{key}: {{key: {key}}}`",
        )


class UnnamableField(BadSetting):
    """No query could name the field."""

    slug = "unnamable-field"

    def __init__(self, name: str, field: str) -> None:
        plain = "_".join("".join(c if c.isalnum() else " " for c in field).split()) or "my_field"
        super().__init__(
            name,
            f"{field!r} must be made of letters, digits, `_`, `-` or `.`",
            f"write `{plain}: {{key: {field!r}}}`",
        )


class UnknownType(BadSetting):
    """A field has a type that there is not."""

    slug = "unknown-type"

    def __init__(self, field: str, kind: str, known: Iterable[str]) -> None:
        super().__init__(
            f"fields.{field}.type",
            f"{kind!r} is not a type",
            f"one of {', '.join(known)}, or list of one of them",
        )


class NoChoices(BadSetting):
    """A field of choices has none."""

    slug = "no-choices"

    def __init__(self, field: str) -> None:
        super().__init__(f"fields.{field}.choices", "the type choice needs `choices`")


class BadCountry(BadSetting):
    """The text does not name a country."""

    slug = "bad-country"

    def __init__(self, name: str, country: object) -> None:
        super().__init__(
            name,
            f"{country!r} is not a country",
            "two capital letters such as DE, or with a part of it: DE-BE",
        )


class BadWeek(BadSetting):
    """The working days are not days of the week."""

    slug = "bad-week"

    def __init__(self, name: str, days: Iterable[str]) -> None:
        super().__init__(name, "must be one or more days of the week", f"of {', '.join(days)}")


class BadHoliday(BadSetting):
    """A holiday is not a day."""

    slug = "bad-holiday"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(
            name,
            f"{text!r} is not a day",
            "write 2026-12-25, or 12-25 for every year; a name may follow",
        )


class TooLong(BadSetting):
    """A day of work is longer than a day."""

    slug = "longer-than-a-day"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, f"{text!r} is longer than a day")


class NotADayLength(BadSetting):
    """The text is not a length of a day of work."""

    slug = "not-a-day-length"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, f"{text!r} is not a length", "write 6h or 0h")


class BadSlot(BadSetting):
    """A length that no slot of a plan can have."""

    slug = "bad-slot"

    def __init__(self, name: str, value: object, lengths: Iterable[int]) -> None:
        hint = f"one of {', '.join(f'{length}m' for length in lengths)}"
        super().__init__(name, f"{value!r} is not a length of slots", hint)


class BadHorizon(BadSetting):
    """A plan cannot reach that far, or not at all."""

    slug = "bad-horizon"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, f"{value!r} is not a horizon", "such as 26w, at most 520w")


class NotAShare(BadSetting):
    """A part of the time that is not a percentage below 100."""

    slug = "setting-not-a-share"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, f"{value!r} is not a share", "such as 20%")


class UnknownRoom(BadSetting):
    """A room that there is not; ``known`` are those there are."""

    slug = "unknown-room"

    def __init__(self, name: str, room: object, known: Sequence[str]) -> None:
        hint = suggestion(str(room), known, f"one of {', '.join(known)}")
        super().__init__(name, "is not a room", hint)


class FolderInUse(BadSetting):
    """A room's folder holds something else already, or lies in it."""

    slug = "folder-in-use"

    def __init__(self, name: str, folder: str, other: str) -> None:
        super().__init__(name, f"{folder!r} is in use by {other}/")


class NotListOf(BadSetting):
    """A list of names is wanted: of people, of teams."""

    slug = "not-list-of"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(name, f"must be a list of {what}")


class BuiltInCalendar(BadSetting):
    """A calendar has the name of the one that is always there."""

    slug = "built-in-calendar"

    def __init__(self, name: str) -> None:
        super().__init__(name, "is a calendar that is there: every day, around the clock")


class CalendarTaken(BadSetting):
    """A team is given two calendars."""

    slug = "calendar-taken"

    def __init__(self, name: str, team: str, other: str) -> None:
        super().__init__(name, f"{team!r} has the calendar {other} already")


class BothOf(BadSetting):
    """Two keys that exclude each other are both there."""

    slug = "both-of"

    def __init__(self, name: str, one: str, two: str) -> None:
        super().__init__(name, f"has both {one!r} and {two!r}; write one of them")


class KeyMissing(BadSetting):
    """A key that is always needed is not there."""

    slug = "key-missing"

    def __init__(self, name: str, key: str) -> None:
        super().__init__(name, f"has no {key!r}")


class BadWanted(BadSetting):
    """Whose approval is wanted cannot be read."""

    slug = "bad-wanted"

    def __init__(self, name: str, text: str) -> None:
        super().__init__(
            name,
            f"{text!r} does not say whose approval is wanted",
            "write `ana`, `2 of leads`, `owner` or `not author`",
        )


class DayWanted(BadSetting):
    """A calendar day is wanted."""

    slug = "day-wanted"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, f"{value!r} is not a day", "write one such as 2026-11-28")


class NotDays(BadSetting):
    """A number of days is wanted."""

    slug = "not-days"

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, f"{value!r} is not a number of days", "write one from 0 to 3660")
