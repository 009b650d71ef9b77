"""What may be wrong with the database of a portfolio."""

import pytest

from plaintrack.store.portfolio import database as rooms
from plaintrack.store.portfolio.database import connected


def refused(url, writing=False):
    with pytest.raises(rooms.NoPortfolio) as found, connected(url, writing):
        pass
    return found.value


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("mysql://x", rooms.NotADatabase, "'mysql://x' is not a database"),
        ("postgresql://ana:secret@h:x/d", rooms.NotADatabase, "'postgresql:…' is not a database"),
        (
            "postgresql://ana:secret@127.0.0.1:1/d",
            rooms.NotConnected,
            "cannot connect to d on 127.0.0.1: ",
        ),
        (
            "postgresql://ana:secret@/d?host=/nowhere",
            rooms.NotConnected,
            "cannot connect to d on /nowhere: ",
        ),
    ],
)
def test_no_server(url, error, said):
    found = refused(url)
    assert type(found) is error
    assert found.message.startswith(said)
    assert "secret" not in str(found) + found.hint


def test_other_databases(server, database):
    assert (
        refused(server.url("nope")).hint
        == "create the database with `createdb`, or correct the URL"
    )
    assert (
        refused(server.url(user="zoe:secret")).hint
        == "create the role, or write another user in the URL"
    )
    assert type(refused(database)) is rooms.NothingLoaded
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA plaintrack")
        assert type(refused(database)) is rooms.NothingLoaded
        connection.execute("CREATE TABLE plaintrack.layout (version text)")
        connection.execute("INSERT INTO plaintrack.layout VALUES ('0.9')")
        assert "layout 0.9, and this plaintrack uses" in refused(database).message
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
        assert type(refused(server.url("latin"), writing=True)) is rooms.NotUnicode
        connection.execute("DROP DATABASE latin")


def test_an_old_server(database, monkeypatch):
    monkeypatch.setattr(rooms, "LEAST", 990000)
    assert refused(database).hint == "portfolios need 99 or newer"


def test_a_reader_cannot_write(database):
    from sqlalchemy.exc import DBAPIError

    from plaintrack.store.portfolio import tables

    with connected(database, writing=True) as connection:
        tables.make(connection)
        connection.commit()
    with (
        connected(database) as connection,
        pytest.raises(DBAPIError, match="read-only transaction"),
    ):
        connection.exec_driver_sql("DELETE FROM plaintrack.item")


@pytest.mark.parametrize("writing", [False, True])
def test_a_connection_that_ends(database, writing):
    """Whatever was asked for when the server went away, it is one error."""
    from plaintrack.store.portfolio import tables

    with connected(database, writing=True) as connection:
        tables.make(connection)
        connection.commit()
    with pytest.raises(rooms.ConnectionLost) as found:
        _asked_while_it_goes(database, writing)
    assert "\n" not in found.value.message


def _asked_while_it_goes(database, writing):
    with connected(database, writing) as connection:
        with connected(database, writing=True) as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        connection.exec_driver_sql("SELECT 1")
