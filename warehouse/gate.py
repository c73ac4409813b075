"""Judging a built warehouse before it is published: the file itself, each centre's part, the cohort."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from schemas.registry import Registry
from warehouse import expectations, integrity


def judge(database: Path, registry: Registry, patients_before: Mapping[str, int]) -> pl.DataFrame:
    """The verdict on every expectation, also written into the file's quality.expectation."""
    verdict = pl.concat(
        [
            expectations.judge(integrity.aggregates(database), expectations.expected_of_warehouse()),
            expectations.judge(
                expectations.centre_aggregates(database, patients_before),
                expectations.expected_of_centre(registry.gate),
            ),
            expectations.judge(
                expectations.cohort_aggregates(database), expectations.expected_of_cohort(registry.gate)
            ),
        ]
    )
    with duckdb.connect(str(database)) as connection:
        connection.register("verdict", verdict.to_arrow())
        connection.execute("insert into quality.expectation by name select * from verdict")
        connection.unregister("verdict")
        connection.execute("checkpoint")
    return verdict


def failed(verdict: pl.DataFrame) -> dict[str, list[str]]:
    """subject -> sentences of what does not hold there."""
    broken = verdict.filter(~pl.col("success"))
    found: dict[str, list[str]] = {}
    for subject, sentence, observed in broken.select("subject", "sentence_en", "observed").iter_rows():
        found.setdefault(subject, []).append(f"{sentence} Seen: {observed}.")
    return found
