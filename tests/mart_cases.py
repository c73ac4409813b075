"""Cases of the mart: what one or more persons are known by, `---`, and what the mart must say of them.

Tables that a case does not show are those of STANDARD: a person with metastatic UPS whose first dose of pembrolizumab
is on 2021-03-01. The data end on 2024-06-30. A case is a centre of its own, see rule_cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import rule_cases

from schemas.endpoints import EndPoints

STANDARD = {
    "patient": """
        patient
        sex | born_on    | legal_basis
        F   | 1970-06-01 | consent
        """,
    "tumour": """
        tumour
        histology | diagnosed_on | metastatic_on
        UPS       | 2020-01-01   | 2021-01-01
        """,
    "treatment_line": """
        treatment_line
        line_stated | started_on
        一线        | 2021-03-01
        """,
    "drug_exposure": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        """,
}  # fmt: skip


_OWN = {"patient": "split_part(patient_id, ':', -1)", "record": "split_part(record_key, ':', -1)"}
"""Columns a case writes shorter: its own name of the person, the number of the delivered row."""


def told(text: str, standard: Mapping[str, str] = STANDARD) -> str:
    """What is known in a case, with the standard tables it does not show."""
    shown = text.split("---")[0].strip()
    names = {block.table for block in rule_cases.blocks(shown)} if shown else set()
    return "\n\n".join([shown, *(body.strip() for table, body in standard.items() if table not in names)])


def warehouse_of(
    cases: Mapping[str, str], folder: Path, end_points: EndPoints | None = None
) -> duckdb.DuckDBPyConnection:
    """Every case in one warehouse, its models run. end_points: settings other than the demonstration's."""
    return rule_cases.warehouse_of({case: told(text) for case, text in cases.items()}, folder, end_points)


def shown(value: Any) -> str:
    """A value as the tables write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " + ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def holds(mart: duckdb.DuckDBPyConnection, case: str, text: str) -> None:
    """Fail unless the mart says of a case what stands below its `---`, of the end points named there alone."""
    for block in rule_cases.blocks(text.split("---")[1]):
        columns = ", ".join(f"{_OWN[name]} as {name}" if name in _OWN else name for name in block.names)
        params = {row["PARAMCD"] for row in block.rows} if "PARAMCD" in block.names else {""}
        wanted = " and list_contains(?, PARAMCD)" if "PARAMCD" in block.names else " and list_contains(?, '')"
        sql = f"select {columns} from mart.{block.table} where centre = ?{wanted}"
        found = [tuple(map(shown, row)) for row in mart.execute(sql, [case, sorted(params)]).fetchall()]
        assert sorted(found) == sorted(tuple(row.values()) for row in block.rows)
