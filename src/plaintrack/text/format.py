"""Writing YAML by hand: quoting of scalars, and the text of a new item."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from plaintrack.model.fields import Field, Schema
from plaintrack.model.task import Value

ORDER = (
    "id",
    # changes in a manual order, often: no neighbour of what others change
    "rank",
    "title",
    "status",
    # changes when the status does: one place in a diff, and no neighbour of what others change
    "closed",
    "priority",
    "type",
    "assignee",
    "tags",
    "project",
    "milestone",
    "parent",
    "depends_on",
    "goal",
    "estimate",
    "due",
    "start",
    "wait",
    "remaining",
    "duration",
    "elapsed",
    "share",
    "pinned",
    "needs",
    "team",
    "weight",
    "initial",
    "target",
    "current",
    "unit",
    "objective",
    "owner",
    "sponsor",
    "stakeholders",
    "phase",
    "budget",
    "kind",
    "repeat",
    "shift",
    "catch_up",
    "follows",
    "series",
    "occurrence",
    "time",
    "created",
)
RANK = {name: rank for rank, name in enumerate(ORDER)}

_DOUBLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_AVOID = re.compile(r"""[-?:,\[\]{}#&*!|>'"%@`=]|\.\.\.|<<|.*(?::\s|\s\#|:$|\t)""", re.DOTALL)
_FLOW = re.compile(r"[,\[\]{}]|:(?=[\"'])")
_TYPED = re.compile(
    r"""(?:y|n|yes|no|on|off|true|false|null|~)
    |[-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o[0-7_]+|[0-9][0-9_]*)
    |[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?
    |[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)*)(?:e[-+]?[0-9]+)?
    |[-+]?\.inf|\.nan
    |\d{4}-\d\d?-\d\d?(?:[t\s]\s*\d\d?:.*)?""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL | re.ASCII,
)
_KINDS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[-+]\d\d:\d\d)?)?", re.ASCII),
    "integer": re.compile(r"0|[-+]?[1-9]\d*", re.ASCII),
    "number": re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII),
    "boolean": re.compile("true|false"),
}
_KINDS["datetime"] = _KINDS["date"]


def single(text: str) -> str:
    """``text`` in single quotes; in double quotes where single ones cannot hold it."""
    return double(text) if _DOUBLE.search(text) else "'" + text.replace("'", "''") + "'"


def unwritable(text: str) -> bool:
    """Whether a character of ``text`` can only be written as an escape."""
    return _DOUBLE.search(text) is not None


def double(text: str) -> str:
    """``text`` in double quotes, with escapes."""

    def escape(found: re.Match[str]) -> str:
        each = found.group()
        return {"\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}.get(each) or (
            f"\\x{ord(each):02x}" if ord(each) < 256 else f"\\u{ord(each):04x}"
        )

    return '"' + re.sub(_DOUBLE.pattern + r'|["\\]', escape, text) + '"'


def scalar(text: str, kind: str = "text", flow: bool = False) -> str:
    """``text`` as a YAML scalar that every reader, of YAML 1.1 or 1.2, gives back as this text.

    Values of the kinds date, datetime, integer, number and boolean stay bare, since their type is
    meant.
    """
    pattern = _KINDS.get(kind)
    if pattern is not None and pattern.fullmatch(text):
        return text
    if (
        not text
        or text != text.strip()
        or _DOUBLE.search(text)
        or _AVOID.match(text)
        or _TYPED.fullmatch(text)
    ):
        return single(text)
    return single(text) if flow and _FLOW.search(text) else text


@lru_cache(1000)
def _named(key: str) -> str:
    """A key as it is written; the same few stand in each file."""
    return scalar(key)


def lines(
    key: str,
    value: Value,
    kind: str = "text",
    newline: str = "\n",
    indent: str = "",
    flow: bool = False,
) -> str:
    """A whole ``key: value`` line; lists take one line per item, or with ``flow`` a single line."""
    name = _named(key)
    if isinstance(value, str):
        return f"{indent}{name}: {scalar(value, kind)}{newline}"
    if flow:
        return f"{indent}{name}: [{', '.join(scalar(each, kind, True) for each in value)}]{newline}"
    return f"{indent}{name}:{newline}" + "".join(
        f"{indent}- {scalar(each, kind)}{newline}" for each in value
    )


def alone(value: Value, field: Field) -> Value:
    """A list of one value as that value, if the field is written so; one with a comma stays a
    list, which says that it is one.
    """
    if field.format == "lone" and not isinstance(value, str) and len(value) == 1:
        return value if "," in value[0] else value[0]
    return value


def document(fields: Sequence[tuple[str, Value]], body: str, schema: Schema) -> str:
    """The text of a new item: its (name, value) fields in the standard order, then the body."""
    parts = ["---\n"]
    last = len(ORDER) - 1
    ordered = sorted(fields, key=lambda each: RANK.get(each[0], last - 0.5))
    for name, value in ordered:
        if value:
            field = schema.fields.get(name)
            field = field or Field(name)
            parts.append(
                lines(
                    field.key or name, alone(value, field), field.kind, flow=field.format == "flow"
                )
            )
    parts.append("---\n")
    if body:
        parts += body, "" if body.endswith("\n") else "\n"
    return "".join(parts)


FORM = (
    "id", "title", "type", "status", "created", "priority", "|",
    "assignee", "|", "project", "|", "tags", "|", "estimate", "|", "due", "|", "depends_on",
)  # fmt: skip
"""The fields that every new item has a line for; ``|`` is a blank line. Those that different people
change stand apart.
"""


def form(fields: Sequence[tuple[str, Value]], body: str, schema: Schema) -> str:
    """The text of a new item as a form: a line for each field of FORM, then the others.

    Two edits of neighbouring lines are a conflict for git; here no two of the daily fields are
    neighbours, and no field of the form is inserted later, so that plain git merges any two of
    them.
    """
    given = {name: value for name, value in fields if value}
    kept = {name for name, _ in fields}
    others = [name for name in given if name not in FORM]
    rest = sorted(others, key=lambda name: RANK.get(name, len(ORDER)))
    parts = ["---\n"]
    for name in (*FORM, *(each for other in rest for each in ("|", other))):
        if name == "|":
            parts.append("\n")
            continue
        field = schema.fields.get(name) or Field(name)
        key = field.key or name
        if name in given:
            value = alone(given[name], field)
            parts.append(lines(key, value, field.kind, flow=field.format == "flow"))
        elif name in kept or name not in ("id", "title", "created"):
            parts.append(f"{_named(key)}:\n")
    parts.append("---\n")
    if body:
        parts.append(body if body.endswith("\n") else body + "\n")
    return "".join(parts)


DEVICE = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE
)
"""A name that is a device on Windows, whatever follows its first dot."""
_PLACE = re.compile(r"\{(id|slug|words|title)(?::(lower|0\d))?\}")


def filename(template: str, item: str, title: str) -> str:
    """A new file's name without ``.md``, from a template such as ``{id}-{slug}``.

    ``{id:lower}`` is the id in lower case, ``{id:03}`` with zeros in front. ``{title}`` leaves out
    what some file systems dislike, ``{words}`` also joins it by ``-``. What separated a place that
    stays empty is left out at the end. No file is called like a device of Windows.
    """
    plain = " ".join(re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*#^\[\]]', " ", title).split()).strip(". ")
    plain = plain.encode()[:180].decode(errors="ignore").strip()
    words = "-".join(re.findall(r"[^\s`,;!()&-]+", plain.replace("'", "")))

    def fill(found: re.Match[str]) -> str:
        name, form = found.groups()
        text = {"id": item, "slug": slug(title), "words": words, "title": plain}[name]
        if form == "lower":
            return text.lower()
        return text.zfill(int(form)) if form else text

    found = _PLACE.sub(fill, template).rstrip("- ") or item
    device = DEVICE.fullmatch(found)
    return f"{device[1]}_{device[2] or ''}" if device else found


def slug(title: str) -> str:
    """A title for a file name: at most 40 lower-case ASCII letters, digits and ``-``."""
    plain = unicodedata.normalize(
        "NFKD", title.replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    )
    words = re.findall("[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word[:40]
        if len(longer) > 40:
            break
        found = longer
    return found
