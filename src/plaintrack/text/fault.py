"""Why an item cannot be read or edited, one class a failure."""

from plaintrack.errors import PlaintrackError
from plaintrack.model.problem import Problem
from plaintrack.text.document import Unreadable, locate
from plaintrack.text.edit import REMEDY, EditRefused
from plaintrack.text.span import Unsupported

_RESOLVE = "resolve the conflict (`plaintrack conflicts` shows both sides), then save the file"


class FileInConflict(Unreadable):
    """The whole file is in conflict."""

    slug = "file-in-conflict"

    def __init__(self, path: str, text: str, index: int) -> None:
        line, column, excerpt = locate(text, index)
        message = "the file has conflict markers"
        super().__init__(Problem("conflict", path, message, _RESOLVE, line, column, excerpt))


class FrontMatterInConflict(Unreadable):
    """The front matter is in conflict."""

    slug = "front-matter-in-conflict"

    def __init__(self, path: str, text: str, index: int) -> None:
        line, column, excerpt = locate(text, index)
        message = "the front matter has conflict markers"
        super().__init__(Problem("conflict", path, message, _RESOLVE, line, column, excerpt))


class NoFrontMatter(Unreadable):
    """The file does not begin with a front matter."""

    slug = "no-front-matter"

    def __init__(self, path: str, text: str) -> None:
        message = "the file has no front matter"
        hint = "an item starts with `---`, then `id: …` and the other fields, then `---` again"
        super().__init__(Problem("no-front-matter", path, message, hint, *locate(text, 0)))


class FrontMatterNotClosed(Unreadable):
    """The front matter begins and does not end."""

    slug = "front-matter-not-closed"

    def __init__(self, path: str, text: str) -> None:
        message = "the front matter that starts here is not closed"
        hint = "add a line `---` where the front matter ends"
        super().__init__(Problem("unterminated", path, message, hint, *locate(text, 0)))


class FrontMatterTooLarge(Unreadable):
    """The front matter is larger than ``most`` bytes."""

    slug = "front-matter-too-large"

    def __init__(self, path: str, text: str, most: int) -> None:
        message = f"the front matter is larger than {most // 1024} KB"
        hint = "move text into the body"
        super().__init__(Problem("too-large", path, message, hint, *locate(text, 0)))


class FileTooLarge(Unreadable):
    """The file is larger than ``most`` bytes."""

    slug = "file-too-large"

    def __init__(self, path: str, most: int) -> None:
        message = f"the file is larger than {most // 1_000_000} MB"
        hint = "move attachments and logs into separate files"
        super().__init__(Problem("too-large", path, message, hint, 1, 1))


class FileEmpty(Unreadable):
    """There is nothing in the file."""

    slug = "file-empty"

    def __init__(self, path: str) -> None:
        message = "the file is empty (perhaps it is still being saved)"
        hint = "restore it from git, or delete it"
        super().__init__(Problem("empty", path, message, hint, 1, 1))


class OtherEncoding(Unreadable):
    """The bytes of the file are not UTF-8, from the one at ``at`` on."""

    slug = "other-encoding"

    def __init__(self, path: str, data: bytes, at: int) -> None:
        line = data.count(b"\n", 0, at) + 1
        column = at - data.rfind(b"\n", 0, at)
        message = f"not UTF-8: byte 0x{data[at]:02x} at offset {at}"
        super().__init__(Problem("encoding", path, message, "save the file as UTF-8", line, column))


class HasNul(Unreadable):
    """A NUL character, which no text has; ``index`` counts characters, ``offset`` bytes."""

    slug = "has-nul"

    def __init__(self, path: str, text: str, index: int, offset: int) -> None:
        line, column, excerpt = locate(text, index)
        message = f"a NUL character at offset {offset}"
        hint = "save the file as UTF-8 text"
        super().__init__(Problem("nul", path, message, hint, line, column, excerpt))


class ItemUnreadable(EditRefused):
    """The file cannot be read, so that it cannot be edited; ``error`` says why."""

    slug = "item-unreadable"

    def __init__(self, error: PlaintrackError) -> None:
        super().__init__(error.message, error.hint)


class NotEditable(EditRefused):
    """The YAML is written in a way that cannot be edited; ``error`` says how."""

    slug = "not-editable"

    def __init__(self, place: str, error: PlaintrackError) -> None:
        super().__init__(f"{place}: {error.message}", error.hint or REMEDY)


class BodyInConflict(EditRefused):
    """The body is in conflict."""

    slug = "body-in-conflict"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: the body has conflict markers", "resolve the conflict first")


class BadFieldName(EditRefused):
    """No field can have that name."""

    slug = "bad-field-name"

    def __init__(self, place: str, name: str) -> None:
        super().__init__(
            f"{place}: {name!r} is not a valid field name", "use letters, digits and `_`"
        )


class IdRemoved(EditRefused):
    """An item would be left without its id."""

    slug = "id-removed"

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: an item cannot lose its id", "use `plaintrack delete` to remove the item"
        )


class SeveralValues(EditRefused):
    """A field of one value is given several."""

    slug = "several-values"

    def __init__(self, place: str, field: str, count: int) -> None:
        super().__init__(f"{place}: {field} takes one value, not {count}", "give one value")


class NotAList(EditRefused):
    """A field of one value is added to."""

    slug = "not-a-list"

    def __init__(self, place: str, field: str) -> None:
        super().__init__(f"{place}: {field} is not a list", f"set it: {field}=…")


class MappingNotList(EditRefused):
    """A mapping stands where a list is added to."""

    slug = "mapping-not-list"

    def __init__(self, place: str, field: str) -> None:
        super().__init__(f"{place}: {field} is a mapping, not a list", REMEDY)


class NotAHeading(EditRefused):
    """The title stands in a heading, which cannot hold the new one."""

    slug = "not-a-heading"

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: a heading cannot hold this title", "write the title on one line"
        )


class NoSuchBox(EditRefused):
    """The item has no step of that number."""

    slug = "no-such-box"

    def __init__(self, place: str, step: int, count: int) -> None:
        super().__init__(f"{place}: no step {step}: the item has {count}", "see `plaintrack show`")


class WouldBreak(EditRefused):
    """The file could not be read after the edit."""

    slug = "would-break"

    def __init__(self, place: str, why: Exception) -> None:
        super().__init__(f"{place}: the edit would break the file ({why})", REMEDY)


class OthersWouldChange(EditRefused):
    """Fields would change that the edit does not name."""

    slug = "others-would-change"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: the edit would change other fields", REMEDY)


class ValueNotReadBack(EditRefused):
    """The field would have another value than the one that is written."""

    slug = "value-not-read-back"

    def __init__(self, place: str, key: str, value: object) -> None:
        super().__init__(f"{place}: {key} would not read back as {value!r}", REMEDY)


class HeadingNotReadBack(EditRefused):
    """The heading would be another title than the one that is written."""

    slug = "heading-not-read-back"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: the heading would not read back as the title", REMEDY)


class BodyWouldChange(EditRefused):
    """The body would change, which the edit does not touch."""

    slug = "body-would-change"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: the edit would change the body", REMEDY)


class RemovedFromFlow(Unsupported):
    """A field is to go from a front matter ``{a: b, c: d}``."""

    slug = "removed-from-flow"

    def __init__(self, index: int) -> None:
        super().__init__("a field cannot be removed from a flow mapping", index)


class AddedToFlow(Unsupported):
    """A field is to come into a front matter ``{a: b, c: d}``."""

    slug = "added-to-flow"

    def __init__(self) -> None:
        hint = "write the front matter as one `name: value` a line"
        super().__init__("a field cannot be added to a flow mapping", 0, hint)


class OddKey(Unsupported):
    """A key that is written over several lines, or with a question mark."""

    slug = "odd-key"

    def __init__(self, index: int) -> None:
        super().__init__("this key is written in a way that cannot be edited", index)


class NotOnlyPlain(Unsupported):
    """A list that holds lists or mappings."""

    slug = "not-only-plain"

    def __init__(self, index: int) -> None:
        super().__init__("this list has more than plain values in it", index)


class OddList(Unsupported):
    """A list whose dashes do not stand on lines of their own."""

    slug = "odd-list"

    def __init__(self, index: int) -> None:
        super().__init__("this list is written in a way that cannot be edited", index)
