"""What a query's values were in each refresh that moved it, with their cells: for the registry's own eyes.

The journal holds no value, so they are read from the kept warehouses and the landing, as `sarcreg trace` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from schemas.errors import ConfigurationError
from warehouse import publish
from warehouse.home import Home
from warehouse.query import opened
from warehouse.trace import trace

SEEN: dict[str, Any] = {"refresh": pl.String, "values": pl.String, "cells": pl.String}
_CELL = ["source_column", "raw_text", "file", "sheet", "line"]


def with_values(home: Home, events: pl.DataFrame, query: Mapping[str, Any], fields: Iterable[str]) -> pl.DataFrame:
    """The events of one query with `old`, `new` (column: text as sent; …) and `cells` (file, sheet, line).

    events: with `refresh`, in order. query: a row of quality.query. fields: those its rule names. Null where the
    refresh is not kept, or the record was not in it; `old` is what the event before had.
    """
    there = set(publish.kept(home))
    refreshes = [one for one in events["refresh"].drop_nulls().unique(maintain_order=True) if one in there]
    wanted = {name for name in (query["field"], *fields) if name}
    rows = [_seen(home, query, wanted, refresh) for refresh in refreshes]
    seen = pl.DataFrame(rows, schema=SEEN, orient="row")
    joined = events.join(seen, on="refresh", how="left", maintain_order="left").rename({"values": "new"})
    before = joined.drop_nulls("refresh").select("sequence", old=pl.col("new").shift())
    return joined.join(before, on="sequence", how="left", maintain_order="left")


def _seen(home: Home, query: Mapping[str, Any], wanted: set[str], refresh: str) -> tuple[str, str | None, str | None]:
    cells = _record(home, query, wanted, refresh) if query["record_key"] else _found(home, query["query_id"], refresh)
    if cells.is_empty():
        return refresh, None, None
    said = pl.concat_str(pl.col("source_column").fill_null("–"), pl.col("raw_text").fill_null("–"), separator=": ")
    sheet = pl.when(pl.col("sheet").fill_null("") != "").then(pl.concat_str(pl.lit(', sheet "'), "sheet", pl.lit('"')))
    where = pl.concat_str("file", sheet.fill_null(""), pl.lit(", line "), pl.col("line").cast(pl.String))
    told = cells.select(text=said, place=where)
    text, place = ("; ".join(told[name].drop_nulls().unique(maintain_order=True)) for name in told.columns)
    return refresh, text or None, place or None


def _record(home: Home, query: Mapping[str, Any], wanted: set[str], refresh: str) -> pl.DataFrame:
    """The cells of the query's record that it looks at; all of the record's where its rule names no field of it."""
    try:
        whole = trace(home, query["patient_id"], refresh)
    except ConfigurationError:  # the person is not in this refresh
        return pl.DataFrame(schema=dict.fromkeys(_CELL, pl.String))
    record = whole.filter(table_name=query["table_name"], record_key=query["record_key"])
    asked = record.filter(pl.col("field").is_in(wanted))
    return (asked if asked.height else record).filter(pl.col("file").is_not_null()).select(_CELL)


def _found(home: Home, query: str, refresh: str) -> pl.DataFrame:
    """The cells of the findings that ask a query about rows without a readable key."""
    with opened(home, refresh) as connection:
        found = f"select {', '.join(_CELL)} from quality.finding where query_id = ? order by file, sheet, line"
        return connection.execute(found, [query]).pl()
