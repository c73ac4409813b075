"""The views for reading: made from `models/read/*.sql`, held to the columns and types that their models promise."""

from __future__ import annotations

import duckdb

from schemas import dictionary
from schemas.canonical import VIEWS, Table, columns, table_name
from warehouse.models import FOLDER, in_order


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view, in the order in which they read one another, and say what each of its columns means."""
    models = {table_name(model): model for model in VIEWS}
    texts = {name: sql_of(model) for name, model in models.items()}
    connection.execute("create schema read")
    for name in in_order(connection, texts):
        connection.execute(f"create view {name} as {promised(models[name], texts[name])}")
        for statement in dictionary.comments(models[name]):
            connection.execute(statement)


def sql_of(model: type[Table]) -> str:
    """The SELECT behind a view."""
    schema, name = table_name(model).split(".")
    return (FOLDER / schema / f"{name}.sql").read_text(encoding="utf-8")


def promised(model: type[Table], sql: str) -> str:
    """The SELECT narrowed to the columns of the model, each of the type it promises."""
    shown = ", ".join(f'"{column.name}"::{column.sql_type} as "{column.name}"' for column in columns(model))
    return f"select {shown} from ({sql})"
