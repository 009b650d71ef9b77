"""The error of a setting that cannot be used."""

from plaintrack.errors import PlaintrackError


class BadSetting(PlaintrackError):
    """A setting that cannot be used."""

    slug = "bad-setting"


def fail(name: str, message: str, hint: str = "") -> BadSetting:
    """The error for the setting ``name``."""
    return BadSetting(
        f"plaintrack.yml: {name}: {message}", hint or "see docs/settings.md for the values it takes"
    )
