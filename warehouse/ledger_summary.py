"""What the ledger says of rules and centres: yield, days to resolve, overdue, overrides. Counts first, then shares.

A share without a denominator is null and its band `not_evaluable`, never a pass.
"""

from __future__ import annotations

import polars as pl

from warehouse import ledger_states as states

AMBER, RED = 0.05, 0.10
"""Shares of overdue queries above which a centre is amber or red."""


def by_rule(ledger: pl.DataFrame) -> pl.DataFrame:
    """rule, queries, issued, settled (of the issued), changed (of those: closed because the data changed), yield_share.

    ledger: quality.query. The yield of a rule says whether its questions are worth asking: under half is usual.
    """
    is_issued = pl.col("issued_on").is_not_null()
    is_settled = is_issued & ~pl.col("state").is_in(states.UNSETTLED)
    counted = ledger.group_by("rule").agg(
        queries=pl.len(),
        issued=is_issued.sum(),
        settled=is_settled.sum(),
        changed=(is_settled & (pl.col("state") == states.CLOSED)).sum(),
    )
    return counted.with_columns(yield_share=_share("changed", "settled")).sort("rule")


def by_centre(ledger: pl.DataFrame) -> pl.DataFrame:
    """One row per centre that was ever asked: counts per state, overdue and its band, days to resolve, overrides.

    Columns: centre, queries, one per state, overdue, overdue_share (of the open), overdue_band (green, amber, red,
    not_evaluable), resolved, median_days (of the resolved), overrides (accepted as is), override_share (of all asked),
    unconfirmed (critical queries closed and not yet confirmed).
    """
    is_resolved = pl.col("issued_on").is_not_null() & pl.col("settled_on").is_not_null()
    is_closed = pl.col("state") == states.CLOSED
    counted = ledger.group_by("centre").agg(
        queries=pl.len(),
        **{state: (pl.col("state") == state).sum() for state in states.STATES},
        overdue=pl.col("is_overdue").fill_null(False).sum(),
        resolved=is_resolved.sum(),
        median_days=pl.col("age_days").filter(is_resolved).median(),
        overrides=(pl.col("state") == states.ACCEPTED).sum(),
        unconfirmed=(pl.col("is_critical") & is_closed & pl.col("confirmed_on").is_null()).sum(),
    )
    share = pl.col("overdue_share")
    return (
        counted.with_columns(
            overdue_share=_share("overdue", states.OPEN), override_share=_share("overrides", "queries")
        )
        .with_columns(
            overdue_band=pl.when(share.is_null()).then(pl.lit("not_evaluable"))
            .when(share > RED).then(pl.lit("red"))
            .when(share > AMBER).then(pl.lit("amber"))
            .otherwise(pl.lit("green"))
        )
        .sort("centre")
    )  # fmt: skip


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
