"""The connection to the PostgreSQL of a portfolio, and what may be wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plaintrack.errors import PlaintrackError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

LEAST = 150000
"""The oldest server that is supported, as PostgreSQL counts versions."""
WAIT = 10
"""Seconds until a server that does not answer is given up."""


class NoPortfolio(PlaintrackError):
    """The database of a portfolio cannot be used."""

    slug = "no-portfolio"


class PortfolioMissing(NoPortfolio):
    """The packages of the extra are not installed."""

    slug = "portfolio-missing"

    def __init__(self) -> None:
        super().__init__(
            "portfolios need the extra `portfolio`", "run `pip install 'plaintrack[portfolio]'`"
        )


class NotADatabase(NoPortfolio):
    """A text does not name a database."""

    slug = "not-a-database"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a database", "write postgresql://USER@HOST/DATABASE")


class NotConnected(NoPortfolio):
    """The server does not answer, or does not let us in."""

    slug = "not-connected"

    def __init__(self, place: str, said: str, hint: str) -> None:
        super().__init__(f"cannot connect to {place}: {said}", hint)


class ServerTooOld(NoPortfolio):
    """The server is older than what is supported."""

    slug = "server-too-old"

    def __init__(self, place: str, version: str) -> None:
        super().__init__(
            f"{place} is PostgreSQL {version}", f"portfolios need {LEAST // 10000} or newer"
        )


class NotUnicode(NoPortfolio):
    """The database cannot hold all texts."""

    slug = "not-unicode"

    def __init__(self, place: str, encoding: str) -> None:
        super().__init__(
            f"the encoding of {place} is {encoding}",
            "create the database with `createdb --encoding UTF8 --template template0 NAME`",
        )


class NothingLoaded(NoPortfolio):
    """There is no portfolio in the database, or none that this role may read."""

    slug = "nothing-loaded"

    def __init__(self, place: str) -> None:
        super().__init__(
            f"there is no portfolio in {place}", "load one: `plaintrack portfolio load DB SOURCE`"
        )


class OtherLayout(NoPortfolio):
    """The tables were made by another version of plaintrack."""

    slug = "other-layout"

    def __init__(self, place: str, found: str, ours: str) -> None:
        super().__init__(
            f"the tables in {place} have layout {found}, and this plaintrack uses {ours}",
            "use the same version everywhere, or make them again:"
            " `plaintrack portfolio load --rebuild DB SOURCE`",
        )


class ServerRefused(NoPortfolio):
    """The server does not do what is asked for."""

    slug = "server-refused"

    def __init__(self, place: str, said: str, state: str) -> None:
        if state == "42501":
            super().__init__(
                f"this role may not do that in {place}",
                "use the role that made the tables: only that one loads and forgets; who makes them"
                " needs CREATE on the database; what a role reads stands in"
                " plaintrack.repository_right",
            )
        else:
            super().__init__(f"{place} refuses: {said}", "look in the server's log")


class ConnectionLost(NoPortfolio):
    """The server went away; what was not loaded yet is not loaded."""

    slug = "connection-lost"

    def __init__(self, said: str) -> None:
        super().__init__(f"the connection was lost: {said}", "run it again; nothing is half loaded")


_HINTS = (
    # What the server or libpq says in English; in another language the general hint is given.
    ("password", "check the user and the password: the URL, ~/.pgpass or PGPASSWORD"),
    ("no pg_hba.conf entry", "let this host and user in: pg_hba.conf of the server"),
    ("role", "create the role, or write another user in the URL"),
    ("database", "create the database with `createdb`, or correct the URL"),
)


def is_database(name: str) -> bool:
    """Whether a DB is a server's database, and not a folder of published folders."""
    return name.startswith(("postgresql:", "postgres:", "postgresql+psycopg:"))


def demand() -> None:
    """Raise PortfolioMissing unless the packages for a database are installed."""
    try:
        import psycopg  # noqa: F401
        import sqlalchemy  # noqa: F401
    except ImportError as error:
        raise PortfolioMissing from error


def _url(name: str) -> "URL":
    demand()
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if not is_database(name):
        raise NotADatabase(name)
    try:
        return make_url(name).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise NotADatabase("postgresql:…") from error  # the text may hold a password


def place(name: str) -> str:
    """A database as messages name it: without a password."""
    found = _url(name)
    host = found.host or found.query.get("host") or "this machine"
    return f"{found.database or 'the database'} on {host if isinstance(host, str) else host[0]}"


def engine(name: str) -> "Engine":
    """The engine for a database; raises NoPortfolio. It keeps no connection that is not used."""
    url = _url(name)
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    options = {"connect_timeout": WAIT, "application_name": "plaintrack"}
    return create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={**options, **url.query}
    )


@contextmanager
def connected(name: str, writing: bool = False) -> Iterator["Connection"]:
    """A connection to a database; raises NoPortfolio, also for what the server refuses meanwhile.
    Unless it is for ``writing``, the server refuses to write, and the tables must be those of this
    version.
    """
    from sqlalchemy.exc import DBAPIError

    where = place(name)
    made = engine(name)
    try:
        connection = made.connect()
    except DBAPIError as error:
        raise _refused(name, where, str(error.orig)) from None
    driver = connection.connection.driver_connection
    assert driver is not None
    with connection:
        try:
            _suits(connection, where)
            if not writing:
                connection.exec_driver_sql("SET default_transaction_read_only = on")
                connection.commit()
                found = version(connection)
                _is_ours(found, where)
            yield connection
        except DBAPIError as error:
            if driver.closed:
                raise ConnectionLost(reason(error)) from error
            raise ServerRefused(where, reason(error), state(error)) from error


def reason(error: Exception) -> str:
    """What the server says, in one line."""
    said = str(getattr(error, "orig", None) or error)
    return next((line.strip() for line in said.splitlines() if line.strip()), "no answer")


def state(error: Exception) -> str:
    """The code (SQLSTATE) of what the server says; empty if it says none."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def _refused(name: str, where: str, said: str) -> NotConnected:
    """What the server or libpq says, in one line and without the password."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if "FATAL" in line), lines[0] if lines else "no answer")
    told = told.rpartition("FATAL:")[2].strip() or told
    secret = _url(name).password
    if secret:
        told = told.replace(str(secret), "***")
    hint = "check that the server runs, and the host and port in the URL"
    for word, instead in _HINTS:
        if "FATAL" in said and word in told:
            hint = instead
            break
    return NotConnected(where, told, hint)


def _suits(connection: "Connection", where: str) -> None:
    """Raises ServerTooOld, NotUnicode."""
    number, told = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
    ).one()
    if number < LEAST:
        raise ServerTooOld(where, told)
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise NotUnicode(where, encoding)
    connection.commit()


def version(connection: "Connection") -> str | None:
    """The layout of the tables; None where there are none that we may read."""
    from plaintrack.store.portfolio.tables import SCHEMA, there

    seen = connection.exec_driver_sql(
        f"SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = '{SCHEMA}'"
    ).scalar()
    if not seen or not there(connection, "layout"):
        return None
    found = connection.exec_driver_sql(f"SELECT version FROM {SCHEMA}.layout").scalar()
    return found if isinstance(found, str) else None


def _is_ours(found: str | None, where: str) -> None:
    from plaintrack.store.portfolio.tables import LAYOUT

    if found is None:
        raise NothingLoaded(where)
    if found != LAYOUT:
        raise OtherLayout(where, found, LAYOUT)
