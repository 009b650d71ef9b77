"""Who reads what in a portfolio: rows by repository, as a table says that the company fills."""

from sqlalchemy import Connection

from plaintrack.store.portfolio.shape import WHOLE
from plaintrack.store.portfolio.tables import (
    READ,
    ROWS,
    SCHEMA,
    failure,
    layout,
    person_address,
    repository,
    repository_right,
)

_MINE = (
    "role = 'public' OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = role AND"
    " pg_catalog.pg_has_role(current_user, r.oid, 'USAGE'))"
)
_RIGHTS = repository_right.fullname
_ALL = f"EXISTS (SELECT FROM {_RIGHTS} WHERE repository = '*')"
# An array is made once for a whole query, whatever it joins.
_GIVEN = f"ARRAY(SELECT repository FROM {_RIGHTS})"


def _policies() -> list[tuple[str, str]]:
    """Table → which of its rows a role may read. Without a right none."""
    rows = [(table.fullname, f"repository = ANY ({_GIVEN}) OR {_ALL}") for table in ROWS]
    return [
        *rows,
        (repository.fullname, f"name = ANY ({_GIVEN}) OR {_ALL}"),
        (failure.fullname, f"repository = ANY ({_GIVEN}) OR {_ALL}"),
        (person_address.fullname, f"EXISTS (SELECT FROM {_RIGHTS})"),
        (_RIGHTS, _MINE),
    ]


def secure(connection: Connection) -> None:
    """Let every role of the database read just the rows that it has a right to, and write none; in
    the transaction of the connection. Who owns the tables, as the loader, reads all.
    """
    run = connection.exec_driver_sql
    for table, condition in _policies():
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"DROP POLICY IF EXISTS readers ON {table}")
        run(f"CREATE POLICY readers ON {table} FOR SELECT USING ({condition})")
    run(f"GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC")
    tables = (*READ, person_address, repository_right, layout)
    read = ", ".join((f"{SCHEMA}.{WHOLE}", *(table.fullname for table in tables)))
    run(f"GRANT SELECT ON {read} TO PUBLIC")
