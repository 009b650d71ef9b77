"""What can be wrong with a rule file, one class a failure."""

from collections.abc import Collection

from plaintrack.errors import command, suggestion
from plaintrack.model.problem import shown
from plaintrack.rules.load import Fault


def _near(word: str, known: Collection[str]) -> str:
    return suggestion(word, known, f"one of {', '.join(known)}")


class NotOnlyRules(Fault):
    """``rules:`` is not a list, or stands beside other keys."""

    def __init__(self, at: int) -> None:
        super().__init__(
            "`rules:` takes a list of rules and must be the only key",
            "write `- name: …` below it",
            at,
        )


class UnknownKey(Fault):
    """A rule has no such key."""

    def __init__(self, key: str, known: Collection[str], at: int) -> None:
        super().__init__(f"unknown key {key!r} in a rule", _near(key, known), at)


class KeyMissing(Fault):
    """A key that every rule has is missing."""

    def __init__(self, key: str, at: int) -> None:
        super().__init__(
            f"the rule has no `{key}:`",
            "a rule has `name`, `on`, `do`, and perhaps `if`, `for`, `retry`",
            at,
        )


class BadName(Fault):
    """No rule can have that name."""

    def __init__(self, name: str, at: int) -> None:
        super().__init__(
            f"{shown(name)} is not a name of a rule",
            "letters, digits, `-`, `.` and blanks; at most 64",
            at,
        )


class UnknownSubject(Fault):
    """A rule or a condition is about something that there is not."""

    def __init__(self, subject: str, known: Collection[str], at: int) -> None:
        super().__init__(f"unknown subject {subject!r}", _near(subject, known), at)


class BadRetry(Fault):
    """``retry`` is not a number, or too many times."""

    def __init__(self, retry: str, most: int, at: int) -> None:
        super().__init__(f"retry is {shown(retry)}", f"a number from 0 to {most}", at)


class NotOneText(Fault):
    """A text is wanted where a list or a mapping stands."""

    def __init__(self, kind: str, at: int) -> None:
        super().__init__(f"this is a {kind}, but must be a text", "write one value", at)


class UnknownTrigger(Fault):
    """Nothing of that name starts a rule."""

    def __init__(self, kind: str, known: Collection[str], at: int) -> None:
        super().__init__(f"unknown trigger {kind!r}", _near(kind, known), at)


class UnknownPart(Fault):
    """A change is described by something that it does not have."""

    def __init__(self, key: str, known: Collection[str], at: int) -> None:
        super().__init__(f"a change has no {key!r}", _near(key, known), at)


class NotSlaIn(Fault):
    """The trigger needs the name of an SLA and what is left of it."""

    def __init__(self, at: int) -> None:
        super().__init__(
            "sla-in takes the name of an SLA and what is left of it",
            "write {name: response, left: 1h}",
            at,
        )


class UnknownSlaPart(Fault):
    """The trigger of an SLA is described by something that it does not have."""

    def __init__(self, key: str, known: Collection[str], at: int) -> None:
        super().__init__(f"sla-in has no {key!r}", _near(key, known), at)


class NotALength(Fault):
    """What is left of an SLA is not a duration."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(f"{shown(text)} is not a duration", "write 30m, 1h or 1d", at)


class TriggerTakesNothing(Fault):
    """A trigger is narrowed that cannot be."""

    def __init__(self, kind: str, text: str, at: int) -> None:
        super().__init__(f"{kind} takes nothing, not {shown(text)}", "narrow it with `if:`", at)


class NotACategory(Fault):
    """A category of statuses is wanted."""

    def __init__(self, text: str, known: Collection[str], at: int) -> None:
        super().__init__(f"{text!r} is not a category of statuses", _near(text, known), at)


class NotDays(Fault):
    """A number of days is wanted."""

    def __init__(self, kind: str, text: str, at: int) -> None:
        super().__init__(f"{kind} takes a number of days, not {shown(text)}", "write 3d or 2w", at)


class NameWithSign(Fault):
    """A name behind a trigger has an ``@``."""

    def __init__(self, text: str, at: int) -> None:
        super().__init__(
            f"mentioned takes a name without the @, not {shown(text)}",
            f"write `mentioned: {text.lstrip('@') or 'ana'}`",
            at,
        )


class NotCron(Fault):
    """A schedule is not a cron line, as ``why`` says."""

    def __init__(self, text: str, why: object, at: int) -> None:
        super().__init__(
            f"{shown(text)} is not a cron line: {why}",
            "minute hour day month weekday, such as '0 9 * * mon'",
            at,
        )


class NotQueries(Fault):
    """``if:`` is a list."""

    def __init__(self, at: int) -> None:
        super().__init__(
            "`if:` takes a query, or queries by subject",
            "if: {item: 'is:open', parent: 'is:open'}",
            at,
        )


class NotAQuantifier(Fault):
    """A condition is to hold for a number of items that has no name."""

    def __init__(self, word: str, known: Collection[str], at: int) -> None:
        super().__init__(f"{word!r} is not a quantifier", _near(word, known), at)


class NotActions(Fault):
    """``do:`` is not a list, or an empty one."""

    def __init__(self, at: int) -> None:
        super().__init__("`do:` takes a list of actions", "do:\n- set: {priority: high}", at)


class NotOneAction(Fault):
    """An entry of ``do:`` is not one word and its value."""

    def __init__(self, at: int) -> None:
        super().__init__("an action is one word and its value", "- set: {priority: high}", at)


class UnknownAction(Fault):
    """No action has that name."""

    def __init__(self, name: str, known: Collection[str], at: int) -> None:
        super().__init__(f"unknown action {name!r}", _near(name, known), at)


class ActionTakesNothing(Fault):
    """An action is given a value that takes none."""

    def __init__(self, action: str, at: int) -> None:
        super().__init__(f"{action} takes nothing", f"- {action}", at)


class NotFields(Fault):
    """An action that writes fields is given none."""

    def __init__(self, action: str, at: int) -> None:
        super().__init__(f"{action} takes fields and values", f"- {action}: {{priority: high}}", at)


class OptionMissing(Fault):
    """An action lacks an option that it needs."""

    def __init__(self, action: str, option: str, at: int) -> None:
        hint = f"{command('explain', action)} shows how it is written"
        super().__init__(f"{action} needs its `{option}`", hint, at)


class UnknownOption(Fault):
    """An action has no such option."""

    def __init__(self, action: str, option: str, known: Collection[str], at: int) -> None:
        super().__init__(f"{action} has no {option!r}", _near(option, known), at)
