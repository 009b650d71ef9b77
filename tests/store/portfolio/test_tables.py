"""The tables of a portfolio in a real PostgreSQL."""

from plaintrack.store.portfolio import shape
from plaintrack.store.portfolio.database import engine


def test_tables_have_the_shape(database):
    from sqlalchemy import inspect

    from plaintrack.store.portfolio import tables

    with engine(database).connect() as connection:
        tables.make(connection)
        connection.commit()
        tables.grow(connection, {1, 1989, 2026, 2100, 9999})
        tables.grow(connection, {2026})
        asked = inspect(connection)
        for columns, *some in (
            (shape.ITEM, "item", "item_rest"),
            (shape.CHANGE, "change"),
            (shape.VALUE, "value"),
            (shape.TIME, "time_entry"),
            (shape.PLAN, "plan_line"),
        ):
            found = {
                each["name"]: each
                for table in some
                for each in asked.get_columns(table, tables.SCHEMA)
            }
            for column in columns:
                if column.kind != "values":
                    assert found[column.name]["nullable"] == column.empty, column
        whole = {each["name"] for each in asked.get_columns(tables.WHOLE, tables.SCHEMA)}
        assert whole > {each.name for each in shape.ITEM if each.kind != "values"}
        tables.drop(connection)
        assert {each.name for each in tables.OWN} == set(
            inspect(connection).get_table_names(tables.SCHEMA)
        )
        tables.make(connection)
