"""Closing keywords in commit messages: ids that a message closes, text that closes nothing.

Keywords and lists are those of GitLab's default pattern, which takes in GitHub's. Sources: GitHub
Docs, "Linking a pull request to an issue"; GitLab Docs, "Issue closing pattern".
"""

import re

_KEYWORD = r"(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
_BLANK = r"(?:[^\S\n]|\n(?!\s*\n))"  # a line may end in between, a paragraph not
_KIND = rf"(?:(?:issue|item|task|ticket|bug)s?{_BLANK}+)?"
_STARTS = re.compile(
    rf"(?<![\w-]){_KEYWORD}(?:{_BLANK}*:{_BLANK}*|{_BLANK}+){_KIND}", re.IGNORECASE
)
# A word of letters alone is prose, and `#12` is an issue of the forge. A number is an id unless a
# word follows it: "fix 2 bugs" closes nothing.
_ID = re.compile(
    r"""[(\["']{0,2}(?:"""
    r"""(\d++)(?![\w@/-]|\.\w)(?![^\S\n]+(?!(?:and|or)\b)[^\W\d])|#?(?=[\w.-]*[^\W\d])(?=\w[\w.]*-|\w*[\d_])(\w[\w.-]*+)(?![@/])"""
    r""")[)\]"']{0,2}"""
)
_AND = re.compile(
    rf"(?:{_BLANK}*[,;&+]{_BLANK}*(?:(?:and|or){_BLANK}+)?|{_BLANK}+(?:and|or){_BLANK}+){_KIND}",
    re.IGNORECASE,
)

_QUOTED = re.compile(
    r"^ {0,3}(?P<fence>```|~~~).*?(?:^ {0,3}(?P=fence)|\Z)|`[^`\n]*`|<!--.*?-->|^[^\S\n]*>[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
_FIXUP = re.compile(r"^(?:fixup|squash|amend)!.*$", re.MULTILINE)
_REVERT = re.compile(
    r"""^(\W*(?:[\w()]+[:\]]\s*)?)((?:revert\s+["'“«]\s*)+)(.*)$""", re.IGNORECASE | re.MULTILINE
)
_REVERTING = re.compile(r"^\W*revert(?:\([^)\n]*\))?!?:.*$", re.IGNORECASE | re.MULTILINE)
_REVERTED = re.compile(
    r"^\W*This reverts commit\b.*?(?=\n\s*\n|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)

_JOINT = "\u200c"
"""A character without width, which breaks a word for programs that look for it; terminals show
nothing.
"""
_OBEYING = re.compile(rf"\b{_KEYWORD}(?=\s*:?\s*(?:{_KIND}\S*[\d_#-]|$))", re.IGNORECASE)
_OBEYED = re.compile(
    r"(?i)(?<=@)(?=\w)|(?<=[#!$&%~])(?=\d)|(?<=\bGH-)(?=\d)|(?<=\[)(?=[^\]]*(?:\bskip\b|\bno["
    r" _-]?ci\b))|(?<=\*\*\*)(?=NO_CI)"
)
"""Where a forge or a build server would see a mention, a reference to an issue, or the word to skip
its jobs.
"""


def closes(message: str) -> tuple[str, ...]:
    """The ids, as written, that a commit message closes.

    Quoted text does not count: code, lines behind ``>``, the subject of a reverted commit, comments
    of HTML.
    """
    text = _own(message.replace("\r", ""))
    found: list[str] = []
    for start in _STARTS.finditer(text):
        at = start.end()
        while named := _ID.match(text, at):
            found.append((named[1] or named[2]).rstrip(".-"))
            more = _AND.match(text, named.end())
            if more is None:
                break
            at = more.end()
    return tuple(dict.fromkeys(each for each in found if each))


def _own(message: str) -> str:
    text = _FIXUP.sub("", _REVERTED.sub("", _QUOTED.sub("\ufffc", message)))
    return _REVERTING.sub("", _REVERT.sub(_reverted, text))


def _reverted(line: "re.Match[str]") -> str:
    """A line without the subject that it reverts; the revert of a revert brings the change back,
    and its words with it.
    """
    twice = len(line[2].lower().split("revert")) % 2  # "a revert b revert c" has three parts
    end = max(line[3].rfind(each) for each in "\"'”»")
    behind = line[3][end + 1 :] if end >= 0 else ""
    return line[1] + (line[3] if twice else behind)


def inert(text: str) -> str:
    """Item text for a commit message: it reads the same, and no forge, build server or ``closes``
    rule obeys it.
    """
    broken = _OBEYING.sub(lambda word: word[0][0] + _JOINT + word[0][1:], text)
    return _OBEYED.sub(_JOINT, broken)
