"""A centre's patient listing: what its lead endorses, and the fingerprint that an endorsement is bound to."""

from __future__ import annotations

import hmac
from pathlib import Path

import polars as pl

from warehouse import witness
from warehouse.home import Home
from warehouse.query import opened

_SQL = Path(__file__).with_suffix(".sql")


def listing(home: Home, centre: str, refresh: str | None = None) -> pl.DataFrame:
    """One row per core patient of the centre, in the order of its own numbers: who counts, why not, from when, to what.

    `standing` is in_cohort or the first reason of exclusion; local_number is the patient as the centre knows it. End
    points to which another centre's records contribute are empty, and `end_points_are` says so.
    """
    with opened(home, refresh) as connection:
        witness.show(connection)
        return connection.execute(_SQL.read_text(encoding="utf-8"), {"centre": centre}).pl()


def fingerprint(listed: pl.DataFrame, secret: bytes) -> str:
    """16 hex digits of a keyed hash over all that a listing says of its patients, whatever they are called there."""
    rows = listed.drop("local_number").sort("patient_id").write_json()
    return hmac.digest(secret, rows.encode(), "sha256").hex()[:16]
