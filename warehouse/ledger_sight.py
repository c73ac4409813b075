"""What a refresh sees of the queries, and what follows: its moves, and quality.query as it stands after them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from schemas.registry import Queries
from warehouse import ledger_states as states
from warehouse.ledger_fold import EVENT, RULE, Told, as_of, fold
from warehouse.ledger_moves import ASKED, MOVE

_SQL = Path(__file__).with_suffix(".sql")


def look(
    connection: duckdb.DuckDBPyConnection, told: Told, settings: Queries, refresh: str, now: datetime
) -> pl.DataFrame:
    """Fill quality.query of a warehouse whose findings are there; returns the moves (MOVE) that the refresh makes."""
    connection.register("_known", _with_exports(fold(told), told.deliveries).to_arrow())
    sights = connection.execute(_SQL.read_text(encoding="utf-8")).pl()
    connection.unregister("_known")
    moves = sights.join(_followed(), on=["sight", "state"]).select(list(MOVE))
    after = _with_moves(told, moves, refresh, now, connection)
    rules = connection.execute(f"select {', '.join(RULE)} from reference.rule").pl()
    asked = as_of(after, rules, settings, now)
    if asked.height:
        connection.register("_asked", asked.to_arrow())
        connection.execute("insert into quality.query by name select * from _asked")
        connection.unregister("_asked")
    return moves


def _followed() -> pl.DataFrame:
    """ledger_states.SIGHTS as a frame: sight, state, event, to, reason."""
    rows = [
        {"sight": sight, "state": state, "event": move.event, "to": move.to, "reason": move.reason}
        for sight, moves in states.SIGHTS.items()
        for state, move in moves.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"to": pl.String, "reason": pl.String})


def _with_exports(folded: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """The queries with the export that was in use when they were last answered."""
    answered = folded.filter(pl.col("answered_at_event").is_not_null()).sort("answered_at_event")
    exports = answered.join_asof(
        deliveries.select("sequence", "centre", answered_export="export_hash").sort("sequence"),
        left_on="answered_at_event", right_on="sequence", by="centre", check_sortedness=False,
    )  # fmt: skip
    return folded.join(exports.select("query_id", "answered_export"), on="query_id", how="left")


def _with_moves(
    told: Told, moves: pl.DataFrame, refresh: str, now: datetime, connection: duckdb.DuckDBPyConnection
) -> Told:
    """What the journal will tell once this refresh is published."""
    next_sequence = (told.events["sequence"].max() or 0) + 1  # type: ignore[operator]
    fresh = moves.select(
        "event", "to", "reason", "query_id", "value_hash",
        sequence=pl.lit(next_sequence), refresh=pl.lit(refresh), on=pl.lit(now.date()),
    )  # fmt: skip
    events = pl.concat([told.events, fresh], how="diagonal_relaxed").select(
        pl.col(name).cast(kind) for name, kind in EVENT.items()
    )
    opened = moves.filter(pl.col("event") == states.OPENED).select(list(ASKED))
    centres = connection.execute("select centre, state, export_hash from meta.centre").pl()
    deliveries = pl.concat(
        [
            told.deliveries,
            centres.with_columns(
                sequence=pl.lit(next_sequence, dtype=pl.Int64), as_of=pl.lit(now.replace(tzinfo=None), pl.Datetime)
            ).select(told.deliveries.columns),
        ],
        how="vertical_relaxed",
    )
    asked = pl.concat([told.asked, opened]).unique("query_id", keep="first", maintain_order=True)
    return Told(events, asked, deliveries)
