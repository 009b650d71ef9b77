"""What the words of a query mean in a workspace: the schema, the day, ids, history."""

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from plaintrack.model.fields import Schema
from plaintrack.when import dates

if TYPE_CHECKING:
    from plaintrack.config.values import Model
    from plaintrack.model.expected import Expected


class Recall(NamedTuple):
    """A question to history: a ``field`` changed, had a value that ``holds``, or ``by`` changed it.

    ``since`` is the first day and ``until`` the last (ISO); whatever is empty does not matter.
    """

    field: str = ""
    holds: Callable[[str], bool] | None = None
    by: str = ""
    since: str = ""
    until: str = ""


class Names(NamedTuple):
    """What a query's words mean here: schema, day, me, ids, undeclared fields, coefficients.

    ``in_use`` says whether some item has that folded value in that field; ``recall`` the folded ids
    that history answers with, ``works`` whether a day is a working day, ``leftover`` whether an
    item has a choice that the settings do not know (any more), ``is_item`` whether a text is the
    whole id of an item; ``teams`` gives folded team → folded names of its people, ``kinds`` path of
    an item → the kind of work that it is, ``minutes`` the working time of a day (None: Monday to
    Friday), ``plan`` folded id → what the plan says of an open item; it is asked for only where a
    query names that.
    """

    schema: Schema
    today: datetime.date
    me: Callable[[], tuple[str, ...]]
    resolve: Callable[[str], str]
    extra: frozenset[str] = frozenset()
    urgency: Mapping[str, float] = {}
    scores: Mapping[str, "Model"] = {}
    minutes: Callable[[datetime.date], int] | None = None
    in_use: Callable[[str, str], bool] = lambda _field, _key: True
    recall: Callable[[Recall], frozenset[str]] = lambda _recall: frozenset()
    works: dates.Works | None = None
    leftover: Callable[[str, str], bool] = lambda _field, _key: False
    is_item: Callable[[str], bool] = lambda _id: False
    teams: Callable[[], Mapping[str, frozenset[str]]] = dict
    kinds: Callable[[], Mapping[str, str]] = dict
    plan: Callable[[], Mapping[str, "Expected"]] = dict
