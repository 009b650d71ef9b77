"""What links between repositories make of items, as SQL for the tables of a portfolio: whether they
are blocked, block others, and what children they have.
"""

from plaintrack.model.fields import UPWARD
from plaintrack.store.index.rows import DERIVED

_UPWARD = ", ".join(map(repr, UPWARD))
_LIVE = "category IN ('open', 'active')"
LINKED = " OR ".join(f"{name} <> {name}_alone" for name in DERIVED).join("()")
"""Links of other repositories make an item another one than its own repository says."""


def ends(item: str, value: str, where: str) -> str:
    """(repository, number) of the items at both ends of some links, values ``v``; ``item`` and
    ``value`` are the names of the tables.
    """
    return (
        f"SELECT v.repository, v.item AS number FROM {value} v WHERE {where}"
        f" UNION SELECT i.repository, i.number FROM {value} v JOIN {item} i"
        f" ON i.address = v.target WHERE {where}"
    )


def followed(item: str, value: str) -> str:
    """(repository, number, …DERIVED) of the items that a table ``involved`` names; their
    ``blocked_alone`` is what their repository says.
    """
    waits = "v.field = 'depends_on'"
    children = (
        f"(SELECT count(DISTINCT v.item){{}} FROM {value} v JOIN {item} c"
        " ON c.repository = v.repository AND c.number = v.item"
        f" WHERE v.target = i.address AND v.field IN ({_UPWARD}))"
    )
    return (
        f"SELECT i.repository, i.number, (i.{_LIVE} AND (i.blocked_alone = 1 OR EXISTS"
        f" (SELECT 1 FROM {value} v JOIN {item} o ON o.address = v.target WHERE v.item = i.number"
        f" AND {waits} AND o.{_LIVE})))::int AS blocked,"
        f" (i.{_LIVE} AND EXISTS (SELECT 1 FROM {value} v JOIN {item} o ON o.repository ="
        f" v.repository AND o.number = v.item WHERE v.target = i.address AND {waits} AND"
        f" o.{_LIVE}))::int AS blocking, {children.format('')} AS children,"
        f" {children.format(f' FILTER (WHERE NOT c.{_LIVE})')} AS children_closed"
        f" FROM involved JOIN {item} i USING (repository, number)"
    )
