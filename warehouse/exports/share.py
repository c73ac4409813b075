"""The records of a safe share: pseudonyms of its own, durations instead of days of the calendar, shifted dates.

Time zero is drawn anew for each person from one span of years that nobody takes for real, and every other date keeps
its distance from it: a shift of its own for each person that no true day enters, so that the dates say nothing of the
calendar. Durations would: who is censored at the cut-off, a day that everybody knows, began that long before it. So
each person's follow-up ends up to `cut_off_days` before the cut-off, by a number of days that the key gives: the same
in every share, else the mean of several shares would tell. It knows of no outcome, so no estimate is moved by it.
Delayed entry is not told: many are registered on one day, and time zero follows from it as from the cut-off.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from schemas.share import Share
from warehouse.exports.datasets import select
from warehouse.keyed import keyed

ZERO_FROM, ZERO_DAYS = date(2100, 1, 1), 3652
"""Shifted time zero: one of so many days from that day on, each as likely."""
PERSON = "person"
_SQL = Path(__file__).with_name("share")


def records(connection: duckdb.DuckDBPyConnection, share: Share, secret: bytes, name: str) -> pl.DataFrame:
    """One row a patient of the cohort whose data may be used.

    Columns: patient_id (never to be written), person (pseudonym of the share `name`), the share's columns as they are,
    time_zero_on (shifted), and of each end point <endpoint>_days, _event, _on (shifted); null where not evaluable.
    """
    people = select(connection, _SQL / "records.sql").rows.select("patient_id", *share.columns)
    ends = select(connection, _SQL / "ends.sql").rows
    ids = people["patient_id"]
    drawn = people.with_columns(
        person=pl.lit("S") + keyed(secret, ids, "share", name),
        time_zero_on=ZERO_FROM + _number(keyed(secret, ids, "time zero", name), ZERO_DAYS) * pl.duration(days=1),
        earlier=_number(keyed(secret, ids, "cut-off"), share.cut_off_days + 1),
    )
    for endpoint in share.endpoints:
        mine = ends.filter(endpoint=endpoint).drop("endpoint")
        drawn = drawn.join(mine, on="patient_id", how="left", maintain_order="left").with_columns(
            _told(endpoint.lower(), share.round_days)
        )
        drawn = drawn.drop("days", "is_event", "lasted")
    return drawn.drop("earlier").sort(PERSON)


def _number(keys: pl.Series, below: int) -> pl.Expr:
    """From keyed hexadecimal digits a whole number from 0, each as likely but for 1 in a million."""
    return pl.lit(keys.str.head(12).str.to_integer(base=16) % below)


def _told(name: str, round_days: int) -> list[pl.Expr]:
    lasted = pl.max_horizontal(pl.col("lasted") - pl.col("earlier"), 0)
    days = pl.min_horizontal("days", pl.when(pl.col("days").is_not_null()).then(lasted))
    told = (days / round_days).ceil().cast(pl.Int64) * round_days
    return [
        told.alias(f"{name}_days"),
        (pl.col("is_event") & (pl.col("days") <= lasted)).alias(f"{name}_event"),
        (pl.col("time_zero_on") + told * pl.duration(days=1)).alias(f"{name}_on"),
    ]


def meanings(share: Share) -> dict[str, str]:
    """What each column of a share's records says."""
    span = "to the day" if share.round_days == 1 else f"rounded up to {share.round_days} days"
    ends = {
        f"{end.lower()}_{part}": text
        for end in share.endpoints
        for part, text in (
            ("days", f"{end}: days from time zero, {span}; empty where not evaluable"),
            ("event", f"{end}: an event; else censored at the latest at the person's own cut-off"),
            ("on", f"{end}: its day, shifted with time zero"),
        )
    }
    return {
        PERSON: "Pseudonym of this share alone",
        "time_zero_on": "First dose of the qualifying checkpoint inhibitor, moved to a drawn day that is not real",
        **ends,
    }
