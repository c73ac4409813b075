"""How far the open queries could move the results: composed of the warehouse's suppositions and the plans' estimates.

Written into the refresh's results for the registry's data manager. Nothing that goes to a centre reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from schemas.links import load_links, persons_of
from schemas.registry import load_registry
from warehouse import ledger_states as states
from warehouse.admissible import admissible
from warehouse.home import Home
from warehouse.publish import CONFIGURATION
from warehouse.query import database_of, read
from warehouse.supposed import supposed

FILE = "query_impact.parquet"


def weigh_queries(home: Home, refresh: str, plans: Iterable[Path]) -> pl.DataFrame:
    """query_id, band, position of every open query on a patient of the cohort of a kept refresh.

    Persons and settings are those it was made with, so that only the suppositions differ from its own results.
    """
    from analytics.plan import load_plan
    from analytics.survival import impact

    tables = read(home, ["quality.query", "mart.cohort", "mart.adtte"], refresh)
    cohort, adtte = tables["mart.cohort"], tables["mart.adtte"]
    kept_there = home.refreshes / refresh / CONFIGURATION
    configured = kept_there if kept_there.is_dir() else home.root
    links = load_links(configured)
    asked = _of_cohort(tables["quality.query"], cohort, persons_of(links))
    database = database_of(home, refresh)
    suppositions = admissible(database, asked)
    found = []
    if suppositions.height:
        whose = suppositions.select("supposition", "query_id").unique().join(asked, on="query_id")
        whose = whose.select("supposition", patient_id="member_id")
        copies = supposed(database, load_registry(configured), links, suppositions)
        kept = [rows.join(whose, on=["supposition", "patient_id"], how="semi") for rows in copies]
        found = [impact.changes(cohort, adtte, load_plan(path), kept[0], kept[1]) for path in plans]
    return impact.bands(asked["query_id"], suppositions, found)


def kept_bands(home: Home, refresh: str) -> pl.DataFrame | None:
    """The bands of a kept refresh; None where none were made."""
    path = home.refreshes / refresh / "results" / FILE
    return pl.read_parquet(path) if path.exists() else None


def _of_cohort(query: pl.DataFrame, cohort: pl.DataFrame, persons: dict[str, str]) -> pl.DataFrame:
    """Unsettled queries on records of members of the cohort, also those at another centre, with whose they are."""
    person = pl.col("patient_id").replace(persons)
    members = cohort.select(person.alias("person_id"), "index_on", "cut_off_on", member_id="patient_id")
    return (
        query.filter(pl.col("state").is_in(states.UNSETTLED))
        .with_columns(person_id=person)
        .join(members, on="person_id")
        .select("query_id", "patient_id", "table_name", "record_key", "field", "index_on", "cut_off_on", "member_id")
    )
