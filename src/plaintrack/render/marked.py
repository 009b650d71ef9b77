"""Markdown that people wrote as HTML that does no harm: no HTML of theirs, no pictures from
elsewhere, no scripts; by markdown-it and, as a second net, nh3 (the extra ``report``).
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from plaintrack.render.vega import ReportMissing
from plaintrack.render.visible import lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Link = Callable[[str], str]
"""Where a link of the text leads, as the page has it; empty: nowhere."""
TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "del", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST = 6
_WIDE = 'class="wide" role="group" aria-label="Table" tabindex="0"'
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def html(text: str, link: Link | None = None, deeper: int = 2) -> str:
    """``text`` as HTML, its headings ``deeper`` levels down and no level left out. Raises
    ReportMissing.
    """
    nh3 = _net()
    parser = _parser()
    tokens = parser.parse("\n".join(lines(text)))
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_DEEPEST, levels.index(token.tag) + 1 + deeper)}"
    for token in tokens:
        if token.type == "inline":
            _inline(token.children or [], link)
    drawn = parser.renderer.render(tokens, parser.options, {})
    found: str = nh3.clean(
        drawn,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    # wide tables and code scroll by themselves, also by keyboard
    found = found.replace(
        "<table>", '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>'
    )
    found = found.replace("</table>", "</table></div>")
    return found.replace("<pre>", '<pre tabindex="0">')


@cache
def _parser() -> "MarkdownIt":
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise ReportMissing from error
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    return parser


@cache
def _net() -> Any:
    try:
        import nh3
    except ImportError as error:
        raise ReportMissing from error
    return nh3


def _image(_self: Any, tokens: "list[Token]", at: int, _options: Any, _env: Any) -> str:
    """A picture as a link: it may lie anywhere, and a page must not load it."""
    from html import escape

    token = tokens[at]
    target = str(token.attrs.get("src", ""))
    return f'<a href="{escape(target)}">{escape(token.content or target)}</a>'


def _inline(tokens: "list[Token]", link: Link | None) -> None:
    """Check boxes as ☐ and ☑, and links to where the page has them."""
    if tokens and tokens[0].type == "text" and tokens[0].content[:4] in _BOXES:
        tokens[0].content = _BOXES[tokens[0].content[:4]] + tokens[0].content[4:]
    for token in tokens:
        name = {"link_open": "href", "image": "src"}.get(token.type)
        if name and link is not None:
            target = link(str(token.attrs.get(name, "")))
            token.attrs[name] = target or "#"
