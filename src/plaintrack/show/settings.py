"""The settings in force, line by line."""

from collections.abc import Iterator, Mapping, Sequence

from plaintrack.config.settings import TABLE


def settings(found: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    """Each setting with its value, and what it means; or just those ``names``."""
    for setting in TABLE:
        if names and setting.name not in names:
            continue
        if not names:
            yield f"# {setting.doc}"
        yield f"{setting.name}: {found[setting.name]}"
