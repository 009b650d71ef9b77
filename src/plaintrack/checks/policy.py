"""The policy: which checks run, how grave they are, with which options and where; read from
``checks:`` in the settings.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from plaintrack.checks.catalogue import Check, Option, find
from plaintrack.checks.own import own
from plaintrack.checks.report import SEVERITIES
from plaintrack.checks.work import Fault
from plaintrack.errors import suggestion
from plaintrack.model.problem import shown

OWN, OVERRIDES = "own", "overrides"
_SCOPE = ("severity", "paths", "query")
_OWN_KEYS = ("query", "message", "severity", "fix")


class Rule(NamedTuple):
    """How one check is meant: its severity (empty: off) and options, and where that holds.

    ``paths`` are globs or folders and ``query`` a question, both empty: everywhere. ``key`` is
    where it stands in the settings.
    """

    severity: str
    options: Mapping[str, Any]
    paths: tuple[str, ...] = ()
    query: str = ""
    key: str = ""


class Policy(NamedTuple):
    """The checks by code and, for each, its Rules: of those that hold at a place the last one
    decides.

    ``own`` has the queries of the workspace's own checks by name; ``faults`` say what is wrong with
    the settings.
    """

    checks: Mapping[str, Check]
    rules: Mapping[str, Sequence[Rule]]
    own: Mapping[str, str]
    faults: Sequence[Fault]

    @property
    def names(self) -> frozenset[str]:
        """The codes and names of all checks, in lower case."""
        return frozenset(
            each.lower() for check in self.checks.values() for each in (check.code, check.name)
        )

    @property
    def queries(self) -> dict[str, str]:
        """Every query in it → where it stands in the settings."""
        found = {
            each.query: each.key for rules in self.rules.values() for each in rules if each.query
        }
        return found | {query: self.rules[name][0].key for name, query in self.own.items()}

    def active(self, code: str) -> bool:
        """Whether a check runs anywhere."""
        return any(rule.severity for rule in self.rules.get(code, ()))


def read(given: Mapping[str, Any], checks: Sequence[Check], enforced: bool = False) -> Policy:
    """The policy that the setting ``checks`` asks for; ``enforced``: it is that of another
    revision, so new waivers are findings.
    """
    reader = _Reader(checks)
    for check in checks:
        on = check.on or (enforced and check.name == "added-waiver")
        reader.rules[check.code] = [
            Rule(
                check.severity if on else "",
                {name: each.default for name, each in check.options.items()},
            )
        ]
    reader.read(given)
    return Policy(reader.checks, reader.rules, reader.queries, reader.faults)


class _Reader:
    """Reads the setting; what is wrong in it is a Fault, and the rest counts."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self.checks = {check.code: check for check in checks}
        self.rules: dict[str, list[Rule]] = {}
        self.queries: dict[str, str] = {}
        self.faults: list[Fault] = []

    def fault(self, key: str, message: str, hint: str = "") -> None:
        self.faults.append(
            Fault(key, message, hint or "`plaintrack explain` lists the checks and their options")
        )

    def mapping(self, key: str, given: Any, keys: Sequence[str] = ()) -> Mapping[str, Any]:
        """``given``, if it is a mapping, without keys other than ``keys``."""
        if not isinstance(given, dict):
            if given != "":
                self.fault(key, "must be a mapping (key: value)")
            return {}
        for each in given:
            if keys and each not in keys:
                self.fault(
                    f"{key}.{each}",
                    f"unknown key {shown(each)}",
                    f"there are {', '.join(keys)}",
                )
        return {name: each for name, each in given.items() if not keys or name in keys}

    def read(self, given: Mapping[str, Any]) -> None:
        for name, about in self.mapping(f"checks.{OWN}", given.get(OWN, "")).items():
            self.own(f"checks.{OWN}.{name}", name, about)
        for name, about in given.items():
            if name not in (OWN, OVERRIDES):
                self.one(f"checks.{name}", name, about)
        overrides = given.get(OVERRIDES, [])
        if not isinstance(overrides, (list, tuple)):
            self.fault(f"checks.{OVERRIDES}", "must be a list")
            return
        for number, about in enumerate(overrides):
            self.override(f"checks.{OVERRIDES}.{number}", about)

    def override(self, key: str, given: Any) -> None:
        about = self.mapping(key, given, ("paths", "query", "checks"))
        paths, query = (
            self.texts(f"{key}.paths", about.get("paths", [])),
            self.text(f"{key}.query", about.get("query", "")),
        )
        if not paths and not query:
            self.fault(key, "an override needs paths or a query")
            return
        for name, each in self.mapping(f"{key}.checks", about.get("checks", "")).items():
            self.one(f"{key}.checks.{name}", name, each, paths, query)

    def own(self, key: str, name: str, given: Any) -> None:
        about = {
            each: self.text(f"{key}.{each}", text)
            for each, text in self.mapping(key, given, _OWN_KEYS).items()
        }
        severity = about.get("severity", "error")
        if (
            find(name, self.checks.values())
            or name in (OWN, OVERRIDES)
            or not name.replace("-", "").isalnum()
            or not name.isascii()
            or len(name) > 60
        ):
            self.fault(
                key,
                f"{shown(name)} cannot be the name of a check",
                "letters, digits and `-`; not the name of another check",
            )
        elif severity not in SEVERITIES:
            self.fault(
                f"{key}.severity",
                f"{shown(severity)} is not a severity",
                f"one of {', '.join(SEVERITIES)}",
            )
        elif not about.get("query") or not about.get("message"):
            self.fault(key, "a check of your own needs a query and a message")
        else:
            self.checks[name] = own(
                name, about["query"], about["message"], about.get("fix", ""), severity
            )
            self.rules[name] = [Rule(severity, {}, key=key)]
            self.queries[name] = about["query"]

    def one(
        self, key: str, name: str, given: Any, paths: tuple[str, ...] = (), query: str = ""
    ) -> None:
        """A Rule for one check, within ``paths`` and ``query``."""
        check = find(name, self.checks.values())
        if check is None:
            names = {each.name for each in self.checks.values()}
            self.fault(key, f"unknown check {shown(name)}", suggestion(name, names))
            return
        before = self.rules[check.code][0]
        if isinstance(given, str):
            about: Mapping[str, Any] = {"severity": given}
        else:
            about = self.mapping(key, given, (*_SCOPE, *check.options))
        severity = self.severity(key, check, about.get("severity", "on"))
        options = dict(before.options)
        for option, kind in check.options.items():
            if option in about:
                value = self.option(f"{key}.{option}", kind, about[option])
                options[option] = options[option] if value is None else value
        within = (
            self.texts(f"{key}.paths", about.get("paths", [])),
            self.text(f"{key}.query", about.get("query", "")),
        )
        if within != ((), "") and (paths or query):
            self.fault(
                key, "paths and query belong beside `checks` here", "put them one level higher"
            )
            within = ((), "")
        rule = Rule(severity, options, paths or within[0], query or within[1], key)
        if paths or query:
            self.rules[check.code].append(rule)
        else:
            elsewhere = [Rule("", options)] if rule.paths or rule.query else []
            self.rules[check.code] = [*elsewhere, rule]

    def severity(self, key: str, check: Check, given: Any) -> str:
        if given == "off":
            return ""
        if given in ("", "on"):
            return check.severity
        if given not in SEVERITIES:
            hint = f"one of {', '.join(SEVERITIES)}, or on or off"
            self.fault(key, f"{shown(given)} is not a severity", hint)
            return check.severity
        return str(given)

    def text(self, key: str, given: Any) -> str:
        if not isinstance(given, str):
            self.fault(key, "must be a text")
            return ""
        return given

    def texts(self, key: str, given: Any) -> tuple[str, ...]:
        values = [given] if isinstance(given, str) and given else given or []
        if not isinstance(values, (list, tuple)) or not all(
            isinstance(each, str) for each in values
        ):
            self.fault(key, "must be a list of texts")
            return ()
        return tuple(values)

    def number(self, key: str, given: Any) -> int | None:
        if isinstance(given, str) and given.isdecimal() and given.isascii() and len(given) < 7:
            return int(given)
        self.fault(key, "must be a whole number below a million")
        return None

    def option(self, key: str, kind: Option, given: Any) -> Any:
        """The value of an option; None if it is none."""
        if kind.kind == "number":
            return self.number(key, given)
        if kind.kind == "texts":
            return self.texts(key, given)
        about = self.mapping(key, given)
        if kind.kind == "lists":
            return {name: self.texts(f"{key}.{name}", each) for name, each in about.items()}
        numbers = {name: self.number(f"{key}.{name}", each) for name, each in about.items()}
        return {name: each for name, each in numbers.items() if each is not None}
