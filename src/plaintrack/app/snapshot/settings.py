"""The settings that a snapshot has, or what is wrong with them."""

from plaintrack.checks.locate import setting
from plaintrack.checks.work import Found
from plaintrack.config.values import Settings
from plaintrack.errors import PlaintrackError
from plaintrack.store import place
from plaintrack.text.document import stored


def understood(data: bytes | None) -> tuple[Settings | None, list[Found]]:
    """The settings in a file's bytes (None: there is none), or what is wrong with them."""
    from plaintrack.config.settings import read as valid
    from plaintrack.store.clock import BadClock, zone
    from plaintrack.text.nodes import BadYaml, mapping

    if data is None:
        return None, [
            Found(place.SETTINGS, "", "", "", "no plaintrack.yml found", "restore it", 1, 1)
        ]
    problem = stored(data, place.SETTINGS)
    if problem is not None:
        return None, [Found(place.SETTINGS, "", "", "", problem.message, problem.hint, 1, 1)]
    try:
        found = valid(mapping(data.decode("utf-8-sig"), place.SETTINGS))
        zone(found.schema.timezone)
        return found, []
    except BadClock as error:
        spot = setting(data, place.SETTINGS, "timezone")
        return None, [
            Found(
                place.SETTINGS,
                "",
                "",
                "",
                error.message,
                error.hint,
                spot.line,
                spot.column,
                spot.excerpt,
                "timezone",
            )
        ]
    except UnicodeDecodeError as wrong:
        return None, [
            Found(
                place.SETTINGS,
                "",
                "",
                "",
                f"not UTF-8 at byte {wrong.start}",
                "save it as UTF-8",
                1,
                1,
            )
        ]
    except BadYaml as error:
        each = error.problem
        return None, [
            Found(
                place.SETTINGS,
                "",
                "",
                "",
                each.message,
                each.hint,
                each.line,
                each.column,
                each.excerpt,
                each.code,
            )
        ]
    except PlaintrackError as error:
        message = error.message.removeprefix(f"{place.SETTINGS}: ")
        name, colon, rest = message.partition(": ")
        spot = setting(data, place.SETTINGS, name if colon else "")
        return None, [
            Found(
                place.SETTINGS,
                "",
                "",
                "",
                message if colon else rest or message,
                error.hint,
                spot.line,
                spot.column,
                spot.excerpt,
                name,
            )
        ]
