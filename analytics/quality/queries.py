"""The queries of a refresh by state, by age and by what they brought; every figure a count with its denominator."""

from __future__ import annotations

import polars as pl

STATES = ("candidate", "open", "answered", "closed", "accepted_as_is", "cancelled", "superseded")
AGES = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days since issue, first and last of each band; the last band has no end."""
AMBER, RED = 0.05, 0.10
"""Shares of open queries overdue above which a centre is watched, and called."""


def by_state(query: pl.DataFrame) -> pl.DataFrame:
    """centre, one column for each of STATES, `queries`, `overdue` (of `open`), `level`: ok, warning or error."""
    counts = {state: (pl.col("state") == state).sum().cast(pl.Int64) for state in STATES}
    late = (pl.col("state") == "open") & pl.col("is_overdue").fill_null(value=False)
    share = pl.col("overdue") / pl.col("open")
    return (
        query.group_by("centre")
        .agg(**counts, queries=pl.len(), overdue=late.sum().cast(pl.Int64))
        .with_columns(
            level=pl.when(share > RED)
            .then(pl.lit("error"))
            .when(share > AMBER)
            .then(pl.lit("warning"))
            .otherwise(pl.lit("ok"))
        )
        .sort("centre")
    )


def by_age(query: pl.DataFrame) -> pl.DataFrame:
    """centre, `open`, and for each band of AGES the open queries in it (`age_0` …), `longest` in days."""
    age = pl.col("age_days")
    bands = {
        f"age_{place}": ((age >= first) & (age <= (last if last is not None else 10**6))).sum().cast(pl.Int64)
        for place, (first, last) in enumerate(AGES)
    }
    waiting = query.filter(state="open")
    return waiting.group_by("centre").agg(open=pl.len(), **bands, longest=age.max()).sort("centre")


def yields(query: pl.DataFrame) -> pl.DataFrame:
    """rule, `closed` queries, those closed because the data `changed`, and times `reopened`; most closed first."""
    done = query.filter(pl.col("state").is_in(["closed", "accepted_as_is"]))
    changed = ((pl.col("state") == "closed") & (pl.col("close_reason_code") == "data")).sum()
    return (
        done.group_by("rule")
        .agg(closed=pl.len(), changed=changed, reopened=pl.col("times_reopened").sum())
        .sort("closed", "rule", descending=[True, False])
    )


def waiting(query: pl.DataFrame) -> pl.DataFrame:
    """The open queries, those due first."""
    return query.filter(state="open").sort("due_on", "query_id", nulls_last=True)
