"""The cohort's criteria, tried on an empty mart.time_zero, so that a wrong condition is told before a refresh."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from schemas import dictionary
from schemas.canonical.mart import TimeZero
from schemas.errors import ConfigurationError
from schemas.registry import CriterionOfExclusion
from warehouse import query_faults

COLUMNS = "It is a condition in SQL over the columns of mart.time_zero, see docs/data-dictionary.md."


def refuse_faults(criteria: Iterable[CriterionOfExclusion]) -> None:
    """Raise ConfigurationError, one line per fault, for a code that stands twice or a condition DuckDB cannot ask."""
    faults, codes = [], set()
    with duckdb.connect() as connection:
        connection.execute("create schema mart")
        connection.execute(dictionary.create_table(TimeZero))
        for place, item in enumerate(criteria, 1):
            if item.code in codes:
                faults.append(f"registry.yaml: cohort.{place}.code: {item.code!r} stands twice; give each its own.")
            codes.add(item.code)
            query = f"select patient_id, case when {item.exclude_when} then 1 end from mart.time_zero"
            try:
                connection.execute(query)
            except duckdb.Error as fault:
                said = query_faults.told(fault, query).removesuffix(query_faults.WHERE).strip()
                faults.append(f"registry.yaml: cohort.{place}.exclude_when ({item.code}): {said} {COLUMNS}")
    if faults:
        raise ConfigurationError("\n".join(faults))
