"""A template's file as text: its fields and its body."""

from typing import Any


def parts(text: str) -> tuple[dict[str, Any], str]:
    """A template's front matter, every scalar as text, and its body; raises ValueError."""
    import frontmatter
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    class Plain(YAMLHandler):
        def load(self, fm: str, **_: object) -> dict[str, Any]:
            return dict(super().load(fm, Loader=yaml.BaseLoader))

    try:
        return frontmatter.parse(text, handler=Plain())
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ValueError(f"line {place.line + 2}: {what}" if place else what) from error
