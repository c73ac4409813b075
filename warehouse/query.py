"""Reading the published warehouse: frames for the analyses, SQL for people. Always read-only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from schemas.errors import ConfigurationError, SarcregError
from schemas.sql_text import literal, literals
from warehouse import publish, query_faults, redaction
from warehouse.home import Home
from warehouse.landing import text_files


def database_of(home: Home, refresh: str | None) -> Path:
    """The file of a refresh, or the published one."""
    if not home.database.exists():
        raise SarcregError(f"{home.root}: nothing is published yet; run `sarcreg refresh`.")
    return publish.kept_file(home, publish.resolve(home, refresh)) if refresh else home.database


def refresh_of(home: Home, word: str | None = None) -> str:
    """The published refresh that a person means, else the one that is published now.

    Ask once, and read everything by the answer: another may be published meanwhile.
    """
    database_of(home, word)
    return publish.resolve(home, word) if word else str(publish.current_refresh(home))


def read(home: Home, tables: Iterable[str], refresh: str | None = None) -> dict[str, pl.DataFrame]:
    """Whole tables by `schema.table`, of one and the same refresh."""
    return read_file(database_of(home, refresh), tables)


def read_file(path: Path, tables: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Whole tables by `schema.table` of one warehouse file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {table: connection.execute(f"select * from {table}").pl() for table in tables}


def sql(home: Home, query: str, refresh: str | None = None) -> pl.DataFrame:
    """Any query over the published warehouse.

    Beside its schemas there are `result` (the analyses' results) and, for those who may read the landing,
    `landing.text_row` (row_id, sheet, line, cells: every delivered row as sent).
    """
    try:
        with opened(home, refresh) as connection:
            if not connection.extract_statements(query):
                raise ConfigurationError("the query is empty; `from meta.table_dictionary` lists what can be asked.")
            return connection.execute(query).pl()
    except duckdb.Error as fault:
        raise ConfigurationError(f"the query cannot be answered. {query_faults.told(fault, query)}") from None


@contextmanager
def opened(
    home: Home, refresh: str | None = None, prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the warehouse, `result` and `landing`, can change nothing and read nothing else.

    prepare: what is done with the connection before it is locked.
    """
    path = database_of(home, refresh)
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(path)} as registry (read_only)")
        [(attached,)] = connection.execute("select refresh_id from registry.meta.refresh").fetchall()
        folder = home.refreshes / attached  # by the file itself: another may have been published meanwhile
        _views(connection, folder, home)
        readable = [home.landing / "text", folder / "results"]
        connection.execute("set allowed_directories = ?", [[str(place.resolve()) for place in readable]])
        connection.execute("set enable_external_access = false")
        connection.execute("use registry")
        if prepare:
            prepare(connection)
        connection.execute("set lock_configuration = true")
        yield connection


def _views(connection: duckdb.DuckDBPyConnection, folder: Path, home: Home) -> None:
    # Catalogues, not schemas: DuckDB looks a schema up in the first catalogue of its search path alone.
    connection.execute("attach ':memory:' as result")
    connection.execute("attach ':memory:' as landing")
    for path in sorted(folder.glob("results/*.parquet")):
        if not os.access(path, os.R_OK):
            continue  # the data manager's alone
        connection.execute(f"create view result.{path.stem} as select * from read_parquet({literal(path)})")
    if files := _texts(connection.execute("from registry.meta.delivery_file").pl(), home):
        listed = literals(files)
        connection.execute(f"create view landing.text_row as select * from read_parquet([{listed}])")


def _texts(delivered: pl.DataFrame, home: Home) -> list[Path]:
    """The text rows that a refresh has read, by its meta.delivery_file."""
    if "text_key" in delivered.columns:
        return text_files(home.landing, delivered.select("sha256", "text_key").drop_nulls().rows())
    # until 0.3.0 a file had one way of reading: of those that are kept by now the first
    kept = [redaction.text_paths(home.landing, sha256) for sha256 in delivered["sha256"].unique().sort()]
    return [min(paths, key=lambda path: path.stat().st_mtime_ns) for paths in kept if paths]
