"""Completion in shells: what bash is given is written for its line, so that the line means what was
offered.

Bash replaces the text behind the last of its word breaks (``$2`` of a completion function), as it
stands. What the user typed stays; the rest is quoted for where it goes: bare, in single or in
double quotes. zsh and fish quote on their own.
"""

import os
from typing import Any, NamedTuple

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
)

_SCRIPT = """\
%(complete_func)s() {
    local -a replies
    COMPREPLY=()
    mapfile -t replies < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_CURRENT="$2" \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
    case ${replies[0]} in
        dir) compopt -o dirnames 2>/dev/null ;;
        file) compopt -o default 2>/dev/null ;;
        nospace) compopt -o nospace 2>/dev/null ;;
    esac
    COMPREPLY=("${replies[@]:1}")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_BARE = frozenset("_-./:=,@+%")


class Word(NamedTuple):
    """A word of a line: where it begins, what it means so far, and the quote that is open (``'``,
    ``"``, ``$`` for ``$'``, or none).
    """

    start: int
    text: str
    quote: str


def words(line: str) -> list[Word]:
    """The words of a line up to the cursor as bash splits them; the last is the one that is being
    written.
    """
    found: list[Word] = []
    start, text, quote, at = 0, "", "", 0
    while at < len(line):
        char = line[at]
        if quote in ("'", "$"):
            if quote == "$" and char == "\\":
                text, at = text + line[at : at + 2], at + 1
            elif char == "'":
                quote = ""
            else:
                text += char
        elif char == "\\":
            at += 1
            kept = quote and line[at : at + 1] not in ('"', "\\", "$", "`")
            text += ("\\" if kept and at < len(line) else "") + line[at : at + 1]
        elif quote:
            text, quote = (text, "") if char == '"' else (text + char, quote)
        elif char in "'\"":
            quote = char
        elif line.startswith("$'", at):
            quote, at = "$", at + 1
        elif char in " \t\n":
            if at > start:
                found.append(Word(start, text, ""))
            start, text = at + 1, ""
        else:
            text += char
        at += 1
    return [*found, Word(start, text, quote)]


def quoted(text: str, quote: str) -> str:
    """``text`` as it is written behind an open ``quote``, or bare; the quote stays open."""
    return "".join(_letter(each, quote) for each in text)


def _letter(char: str, quote: str) -> str:
    if not char.isprintable():
        # in bytes, so that it holds in every locale, and is never seen by the terminal
        octal = "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
        return f"{quote}$'{octal}'{quote}"
    if quote == "'":
        return "'\\''" if char == "'" else char
    if quote == '"':
        if char == "!":  # the history is asked inside of double quotes, too
            return '"\\!"'
        return f"\\{char}" if char in '"\\$`' else char
    return char if char.isalnum() or char in _BARE else f"\\{char}"


def replies(line: str, current: str, wanted: list[str]) -> list[str]:
    """What bash shall put in the place of ``current``, with which ``line`` ends, for each of the
    wanted words.
    """
    word = words(line)[-1]
    if not line.endswith(current) or len(line) - len(current) < word.start:
        current = line[word.start :]
    cut = len(line) - len(current)
    before = words(line[word.start : cut])[-1]
    found = []
    for each in wanted:
        if each.startswith(word.text) and word.quote != "$":
            bare = _stray(line, word)
            reply, quote = (
                f"{current[: len(current) - bare]}{quoted(each[len(word.text) :], word.quote)}",
                word.quote,
            )
        elif each.startswith(before.text) and before.quote != "$":
            reply, quote = quoted(each[len(before.text) :], before.quote), before.quote
        else:
            continue
        if not unfinished(each):
            reply += quote
        if reply and "\n" not in reply:
            found.append(reply)
    return list(dict.fromkeys(found))


def _stray(line: str, word: Word) -> int:
    """1 if the line ends with a backslash that has nothing to stand before: bash wrote it, as what
    several words share.
    """
    end = len(line.rstrip("\\"))
    return (len(line) - end) % 2 if word.quote != "'" else 0


def unfinished(word: str) -> bool:
    """Whether a value has to follow."""
    return word.endswith((":", "="))


class Bash(BashComplete):
    """Completion for bash."""

    source_template = _SCRIPT

    def source(self) -> str:
        """The script; bash itself need not be asked for its version."""
        return self.source_template % self.source_vars()

    def complete(self) -> str:
        """The way to go on (``plain``, ``nospace``, ``file``, ``dir``), and what to insert, one a
        line.
        """
        line, current = os.environ.get("COMP_LINE", ""), os.environ.get("COMP_CURRENT", "")
        known = words(line)
        typed = known[-1].text
        found = self.get_completions([each.text for each in known[1:-1]], typed)
        kind = next((each.type for each in found if each.type != "plain"), "plain")
        option, equals, _ = typed.partition("=")
        lead = option + equals if typed.startswith("--") and equals else ""
        wanted = [
            each.value if each.value.startswith(lead) else lead + each.value
            for each in found
            if each.type == "plain"
        ]
        if len(wanted) > 1 and not any(typed.lower() in each.lower() for each in wanted):
            wanted = []  # found by their titles: what they share would replace what was typed
        if wanted and all(map(unfinished, wanted)):
            kind = "nospace"
        return "\n".join([kind, *replies(line, current, wanted)])


class _Lines:
    """A shell that is told a word a line: what is not a plain line of text is left out."""

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[Any]]":
        """Without words that a terminal could obey."""
        found = super().get_completions(args, incomplete)  # type: ignore[misc]
        return [each for each in found if each.value.isprintable()]


class Zsh(_Lines, ZshComplete):
    """Completion for zsh."""


class Fish(_Lines, FishComplete):
    """Completion for fish, whose script takes a word as far as its first comma."""

    source_template = FishComplete.source_template.replace(
        'string split "," $completion', 'string split -m 1 "," $completion'
    )


def register() -> None:
    """Let click use these."""
    for each in (Bash, Zsh, Fish):
        add_completion_class(each)
