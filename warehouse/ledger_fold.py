"""The fold: from what the journal tells of the queries to one row for each, as of a day.

Every event carries the state it leads to, which was looked up when it was made (ledger_states.py), so that the fold
only has to take the last one; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from schemas.canonical import columns
from schemas.canonical.quality import Query
from schemas.registry import Queries
from warehouse import ledger_states as states
from warehouse.ledger_moves import ASKED

EVENT = {
    "sequence": pl.Int64, "event": pl.String, "to": pl.String, "reason": pl.String, "refresh": pl.String,
    "batch": pl.String, "query_id": pl.String, "value_hash": pl.String, "on": pl.Date, "code": pl.String,
    "by": pl.String, "note": pl.String,
}  # fmt: skip
"""One row per event and query; `note` is the keyed hash of a reason kept outside the journal."""
DELIVERY = {
    "sequence": pl.Int64, "as_of": pl.Datetime, "centre": pl.String, "state": pl.String, "export_hash": pl.String,
}  # fmt: skip
"""One row per publication and centre."""
RULE: dict[str, Any] = {
    "rule": pl.String, "severity": pl.String, "is_critical": pl.Boolean, "explained_by": pl.List(pl.String),
}  # fmt: skip
RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Told:
    """What the journal tells up to an event: frames of EVENT, ASKED, DELIVERY."""

    events: pl.DataFrame
    asked: pl.DataFrame
    deliveries: pl.DataFrame

    @classmethod
    def nothing(cls) -> Told:
        """Of a registry that has never been refreshed."""
        return cls(*(pl.DataFrame(schema=schema) for schema in (EVENT, ASKED, DELIVERY)))


def fold(told: Told) -> pl.DataFrame:
    """One row per query that was ever opened: what it asks about and how it stands, without what the day decides.

    Beside the columns of quality.query: `answered_at_event` (sequence of the last answer that counts for its state).
    """
    episode = (
        told.events.filter(pl.col("to") == states.CANDIDATE).group_by("query_id").agg(episode=pl.col("sequence").max())
    )
    since = pl.col("sequence") >= pl.col("episode")

    def last(column: str, *events: str, ever: bool = False) -> pl.Expr:
        told_here = pl.col("event").is_in(events) & (True if ever else since)
        return pl.col(column).filter(told_here).last()

    def first(column: str) -> pl.Expr:
        return pl.col(column).filter(pl.col("event") == states.OPENED).first()

    state = pl.col("to").drop_nulls().last()
    ending = pl.col("to").is_in([states.CLOSED, states.SUPERSEDED, states.ACCEPTED, states.CANCELLED])
    folded = (
        told.events.join(episode, on="query_id")
        .sort("sequence", maintain_order=True)
        .group_by("query_id")
        .agg(
            state=state,
            opened_in=first("refresh"),
            opened_on=first("on"),
            batch=last("batch", states.ISSUED),
            issued_on=last("on", states.ISSUED),
            answered_on=last("on", states.ANSWER, ever=True),
            answer_code=last("code", states.ANSWER, ever=True),
            answered_by=last("by", states.ANSWER, ever=True),
            answered_at_event=last("sequence", states.ANSWER),
            times_reopened=(pl.col("event") == states.REOPENED).sum().cast(pl.Int64),
            value_hash=pl.col("value_hash").drop_nulls().last(),
            accepted_value_hash=last("value_hash", states.ACCEPT),
            settled_on=pl.col("on").filter(ending & since).last(),
            closed_in=last("refresh", states.CLOSE),
            confirmed_on=last("on", states.CONFIRMED),
        )
    )
    is_settled = ~pl.col("state").is_in(states.UNSETTLED)
    reason = pl.col("state").replace({states.CLOSED: "data", states.ACCEPTED: "accepted"})
    is_accepted = pl.col("state").is_in([states.ACCEPTED, states.CLOSED])
    return told.asked.join(folded, on="query_id").with_columns(
        settled_on=pl.when(is_settled).then("settled_on"),
        close_reason_code=pl.when(is_settled).then(reason),
        accepted_value_hash=pl.when(is_accepted).then("accepted_value_hash"),
    )


def as_of(told: Told, rules: pl.DataFrame, settings: Queries, now: datetime) -> pl.DataFrame:
    """quality.query: the fold with what the rules (RULE) and the day decide. now: the registry's clock, UTC."""
    folded = fold(told).join(rules.select("rule", "is_critical"), on="rule", how="left", maintain_order="left")
    asked = folded.with_columns(
        is_critical=pl.col("is_critical").fill_null(False),
        root_query_id=roots(folded, rules),
        until=pl.coalesce("settled_on", pl.lit(now.date())),
    )
    aged = asked.join(_paused(asked, told.deliveries, now), on="query_id", how="left").with_columns(
        paused=pl.col("paused").fill_null(0)
    )
    age = (pl.col("until") - pl.col("issued_on")).dt.total_days() - pl.col("paused")
    due = pl.col("issued_on") + pl.duration(days=pl.col("paused") + settings.due_days)
    whole = aged.with_columns(age_days=pl.max_horizontal(age, 0), due_on=due).with_columns(
        is_overdue=(pl.col("state") == states.OPEN) & (pl.lit(now.date()) > pl.col("due_on"))
    )
    whole = whole.with_columns(age_days=pl.when(pl.col("issued_on").is_not_null()).then("age_days"))
    return whole.sort("query_id").select(pl.col(column.name).cast(column.dtype) for column in columns(Query))


def roots(folded: pl.DataFrame, rules: pl.DataFrame) -> pl.Series:
    """For each query of the frame the one that is asked first, because it explains it; null for most.

    The cause is an unsettled query of the same patient whose rule is in explained_by.
    """
    unsettled = folded.filter(pl.col("state").is_in(states.UNSETTLED) & pl.col("patient_id").is_not_null())
    causes = (
        unsettled.join(rules.select("rule", "severity"), on="rule")
        .with_columns(rank=pl.col("severity").replace_strict(RANK, default=9))
        .sort("rank", "query_id")
        .select("centre", "patient_id", pl.col("rule").alias("cause"), root_query_id="query_id")
        .unique(["centre", "patient_id", "cause"], keep="first", maintain_order=True)
    )
    explained = (
        unsettled.select("query_id", "centre", "patient_id", "rule")
        .join(rules.select("rule", cause="explained_by").explode("cause"), on="rule")
        .join(causes, on=["centre", "patient_id", "cause"])
        .filter(pl.col("root_query_id") != pl.col("query_id"))
        .sort("query_id", "root_query_id")
        .unique("query_id", keep="first")
        .select("query_id", "root_query_id")
    )
    return folded.select("query_id").join(explained, on="query_id", how="left", maintain_order="left")["root_query_id"]


def _paused(asked: pl.DataFrame, deliveries: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """query_id, paused: days between issue and settling on which the centre's export in use was stale."""
    stale = (
        deliveries.sort("sequence")
        .with_columns(begin=pl.col("as_of").dt.date(), end=pl.col("as_of").dt.date().shift(-1).over("centre"))
        .with_columns(pl.col("end").fill_null(now.date()))
        .filter(pl.col("state") != "fresh")
        .select("centre", "begin", "end")
    )
    begin = pl.max_horizontal("begin", "issued_on")
    end = pl.min_horizontal("end", "until")
    return (
        asked.filter(pl.col("issued_on").is_not_null())
        .select("query_id", "centre", "issued_on", "until")
        .join(stale, on="centre")
        .group_by("query_id")
        .agg(paused=pl.max_horizontal((end - begin).dt.total_days(), 0).sum())
    )
