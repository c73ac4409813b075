"""The moves of a refresh: what it saw of the queries, on its way from the build to the journal.

They lie beside the warehouse while it is built, and become events with its publication or never. What a query asks
about (its record, rule and field) stays out of the journal: it goes to `landing/queries`, named by its hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from warehouse import ledger_states as states
from warehouse import private
from warehouse.journal import Event

FILE = "moves.parquet"
ASKED = {
    "query_id": pl.String, "centre": pl.String, "patient_id": pl.String, "rule": pl.String, "table_name": pl.String,
    "record_key": pl.String, "field": pl.String,
}  # fmt: skip
"""What a query asks about, fixed with its id."""
MOVE = {"event": pl.String, "to": pl.String, "reason": pl.String, "value_hash": pl.String, **ASKED}


def write(folder: Path, moves: pl.DataFrame) -> None:
    """Lay the moves (MOVE) beside the warehouse that is being built."""
    moves.select(list(MOVE)).write_parquet(folder / FILE)


def take(folder: Path, landing: Path, refresh: str, on: str) -> list[Event]:
    """The events of the moves in a refresh's folder, which are taken out of it; `on` is the refresh's day."""
    path = folder / FILE
    if not path.exists():
        return []
    moves = pl.read_parquet(path)
    told: list[Event] = []
    for (event, to, reason), group in moves.sort("event", "to", "reason", "query_id", nulls_last=True).group_by(
        "event", "to", "reason", maintain_order=True
    ):
        body = {
            "refresh": refresh, "on": on, "to": to, "reason": reason,
            "queries": group["query_id"].to_list(), "values": group["value_hash"].to_list(),
        }  # fmt: skip
        if event == states.OPENED:
            body["asked"] = private.keep(landing / "queries", group.select(list(ASKED)))
        told.append((str(event), body))
    path.unlink()
    return told


def asked(landing: Path, digests: Iterable[str]) -> pl.DataFrame:
    """What the queries of these files ask about (ASKED). A query of a person who was erased is in none."""
    paths = [_place(landing, digest) for digest in digests]
    return pl.concat([pl.DataFrame(schema=ASKED), *(pl.read_parquet(path) for path in paths)]).unique(
        "query_id", keep="last", maintain_order=True
    )


def _place(landing: Path, digest: str) -> Path:
    return landing / "queries" / f"{digest}.parquet"
