"""The next batch of a centre: which candidates are sent, and why the others are held back."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.registry import Queries
from warehouse import ledger_states as states
from warehouse.ledger_fold import RANK

SENT, ROOT, RECORD, CAP, EARLY, NOT_FOUND = "issued", "root_cause", "record", "cap", "too_early", "not_found_now"


def choose(
    ledger: pl.DataFrame, rules: pl.DataFrame, found: pl.Series, settings: Queries, on: date, limit: int | None = None
) -> pl.DataFrame:
    """Every candidate with its fate: query_id, centre, fate (issued, or what holds it back).

    Critical rules come first, then by severity and by how long a candidate has waited. found: the queries that the
    published findings ask; limit: queries per centre instead of the setting, and then at any time.
    """
    record = ["centre", "table_name", "record_key"]
    held = (
        ledger.filter(pl.col("state").is_in(states.WITH_CENTRE) & pl.col("record_key").is_not_null())
        .group_by(record)
        .agg(held=pl.len())
    )
    last = ledger.group_by("centre").agg(last=pl.col("issued_on").max())
    waited = (pl.lit(on) - pl.col("last")).dt.total_days()
    is_early = pl.lit(False) if limit else (waited < settings.batch_days).fill_null(False)
    ordered = (
        ledger.filter(pl.col("state") == states.CANDIDATE)
        .join(rules.select("rule", "severity"), on="rule", how="left")
        .join(held, on=record, how="left")
        .join(last, on="centre", how="left")
        .with_columns(rank=pl.col("severity").replace_strict(RANK, default=9), held=pl.col("held").fill_null(0))
        .sort("centre", pl.col("is_critical").not_(), "rank", "opened_on", "query_id")
        .with_columns(
            fate=pl.when(is_early).then(pl.lit(EARLY))
            .when(~pl.col("query_id").is_in(found.implode())).then(pl.lit(NOT_FOUND))
            .when(pl.col("root_query_id").is_not_null()).then(pl.lit(ROOT))
        )
    )  # fmt: skip
    free = pl.col("fate").is_null()
    in_record = pl.col("held") + free.cum_sum().over(record)
    crowded = free & pl.col("record_key").is_not_null() & (in_record > settings.per_record)
    ordered = ordered.with_columns(fate=pl.when(crowded).then(pl.lit(RECORD)).otherwise("fate"))
    over = free & (free.cum_sum().over("centre") > (limit or settings.per_centre))
    ordered = ordered.with_columns(fate=pl.when(over).then(pl.lit(CAP)).otherwise("fate"))
    return ordered.select("query_id", "centre", fate=pl.col("fate").fill_null(SENT))
