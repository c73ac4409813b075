"""Delivered texts that no code is certain for, with the number of patients that wait for the answer."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.quality.inputs import CODED

KEY = ["list", "centre", "text"]
UNREAD = "none"
"""The rule that reference.term_map names where no rule reads the text."""


def doubts(term_map: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Texts that need a human or have no code: list, centre, text, is_unknown, reason, candidates, patients.

    frames: the core tables as `core.<table>`. What a map declares `ignored` is decided and stays away.
    """
    undecided = _undecided(term_map, frames)
    people = _told(undecided, frames).group_by(KEY).agg(patients=pl.col("patient_id").n_unique())
    return (
        undecided.join(people, on=KEY, how="left")
        .with_columns(pl.col("patients").fill_null(0))
        .select(*KEY, "is_unknown", "reason", "candidates", "patients")
        .sort("patients", *KEY, descending=[True, False, False, False])
    )


def by_list(term_map: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per code list and centre: unknown, doubtful and all texts, patients concerned; no text itself."""
    undecided, key = _undecided(term_map, frames), ["list", "centre"]
    unknown = pl.col("is_unknown")
    counted = undecided.group_by(key).agg(unknown=unknown.sum(), doubtful=(~unknown).sum())
    people = _told(undecided, frames).group_by(key).agg(patients=pl.col("patient_id").n_unique())
    texts = term_map.group_by(key).agg(texts=pl.len())
    joined = counted.join(texts, on=key, how="left").join(people, on=key, how="left")
    return joined.with_columns(pl.col("patients").fill_null(0)).sort(key)


def _undecided(term_map: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Unknown is what no rule reads, as in the checks `*_unmapped`; doubtful is read, but not for certain."""
    no_code = pl.col("code").is_null() & (pl.col("reason").fill_null("") != "ignored")
    asked = pl.col("needs_query").fill_null(False)
    undecided = term_map.filter(asked | no_code).with_columns(
        is_unknown=no_code & (~asked | (pl.col("rule") == UNREAD))
    )
    sent = _sent(frames)
    answered = sent.filter(~pl.col("is_asked")).join(sent.filter("is_asked"), on=KEY, how="anti")
    return undecided.join(answered, on=KEY, how="anti")


def _told(undecided: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """list, centre, text, patient_id of every core record that waits for an answer about one of the texts."""
    return _sent(frames).filter("is_asked").join(undecided, on=KEY, how="semi")


def _sent(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """list, centre, text, patient_id, is_asked of every coded cell.

    A morphology code beside a diagnosis in words is not asked about: the words decide.
    """
    cells = [
        frames[f"core.{table}"].select(
            pl.lit(code_list).alias("list"),
            "centre",
            "patient_id",
            text=column,
            is_asked=pl.col("histology_source").is_null() if column == "morphology_source" else pl.lit(True),
        )
        for code_list, places in CODED.items()
        for table, column in places
    ]
    return pl.concat(cells).drop_nulls("text")
