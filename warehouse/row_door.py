"""The pandera door: can this row be believed by itself?

pandera's polars backend judges the typed rows of one table; its failures become findings (rule and row only, never a
value), and where the rule says so the cell is emptied.
"""

from __future__ import annotations

import polars as pl
from pandera.errors import SchemaErrors

from schemas.canonical import CORE, staging_columns
from schemas.canonical.base import ROW_RULES


def row_faults(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Faults of typed rows: `index` (row of the frame), `rule`, `field` (first field of the rule)."""
    rules = ROW_RULES.get(table, {})
    schema = {"index": pl.Int64, "rule": pl.String, "field": pl.String}
    contract = CORE[table].to_schema()
    typed = [column.name for column in staging_columns(CORE[table]) if column.name in contract.columns]
    contract = contract.select_columns([name for name in typed if name != "record_key"])
    try:
        contract.validate(rows, lazy=True)
    except SchemaErrors as failed:
        cases = failed.failure_cases
        unknown = cases.filter(~pl.col("check").is_in(list(rules)))
        if unknown.height:
            checks = ", ".join(sorted(set(unknown["check"])))
            raise AssertionError(f"{table}: the text door let through rows that break {checks}") from None
        fields = {name: rule.fields[0] if rule.fields else None for name, rule in rules.items()}
        return cases.select(
            pl.col("index").cast(pl.Int64),
            pl.col("check").alias("rule"),
            pl.col("check").replace_strict(fields, return_dtype=pl.String).alias("field"),
        )
    return pl.DataFrame(schema=schema)


def empty_cells(table: str, rows: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    """The rows with the cells emptied whose rule's action is null_cell, companions of a date too (not its text)."""
    for name, rule in ROW_RULES.get(table, {}).items():
        if rule.action != "null_cell":
            continue
        at_fault = faults.filter(pl.col("rule") == name)["index"]
        if at_fault.is_empty():
            continue
        hit = pl.int_range(pl.len()).is_in(at_fault.implode())
        for field in rule.fields:
            parts = [field] + [field + suffix for suffix in ("_earliest", "_latest", "_precision")]
            rows = rows.with_columns(
                pl.when(hit).then(None).otherwise(pl.col(part)).alias(part) for part in parts if part in rows.columns
            )
    return rows
