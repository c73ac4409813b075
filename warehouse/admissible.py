"""The values a queried field could have: a few of them, so that what each would change can be computed.

docs/impact.md tells the range of every kind of field. A range is tried at its ends and in its middle, a code list at no
more than MOST_VALUES of its codes; drugs, histologies and lines by one code for each meaning that analyses tell apart.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from schemas.canonical import CORE, Column, columns
from warehouse import models
from warehouse.supposed import CHANGE

MOST_VALUES = 16

_DATES = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
_PLACES = {
    ("patient", "born_on"): 0,
    ("tumour", "diagnosed_on"): 1,
    ("tumour", "metastatic_on"): 2,
    ("metastasis", "detected_on"): 2,
    ("follow_up", "death_on"): 4,
}
_ADMINISTRATIVE = ("registered_on", "withdrawal_on")
_LIFE = {
    "follow_up": "status_code is distinct from 'dead'",
    "drug_exposure": "is_administered is distinct from false",
}
_LINES = ("1", "2", "3", "4")
_HISTOLOGY = """
    -- what the words and the code of the diagnosis allow, else one entity of each group
    select asked.query_id, entity.entity_code as value
    from asked
    join core.tumour as tumour
        on tumour.patient_id = asked.patient_id and tumour.record_key = asked.record_key
    join reference.term_map as term
        on term.list = 'histology' and term.centre = tumour.centre
        and term.text in (tumour.histology_source, tumour.morphology_source)
    join reference.histology as entity
        on list_contains(list_transform(term.candidates, named -> split_part(named, ' ', 2)), entity.entity_code)
    where asked.table_name = 'tumour' and asked.field = 'histology'
        and (entity.is_soft_tissue_sarcoma or entity.is_soft_tissue_borderline)
    union
    select asked.query_id, min(entity.entity_code)
    from asked
    cross join reference.histology as entity
    where asked.table_name = 'tumour' and asked.field = 'histology' and entity.is_soft_tissue_sarcoma
    group by asked.query_id, coalesce(entity.histology_group, 'other')
    order by all
"""
_AGENTS = """
    select min(code) from reference.drug where agent_code is not null
    group by component_code, is_checkpoint_inhibitor, counts_as_line order by all
"""


def admissible(database: Path, queries: pl.DataFrame) -> pl.DataFrame:
    """Suppositions (CHANGE), numbered from 0 by query and value; a query without one has no range that can be tried.

    queries: query_id, patient_id, table_name, record_key, field, and of the patient index_on and cut_off_on. Only
    fields of records that are in the core tables have a range.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        dated = pl.col("field").replace({"status": "death_on"})
        connection.register("_asked", queries.with_columns(date_field=dated).sort("query_id").to_arrow())
        connection.execute(
            f"create temp table asked as select _asked.* from _asked semi join ({_records()}) as told "
            "using (patient_id, table_name, record_key)"
        )
        connection.execute(f"create temp table dated as {_dated()}")
        days = connection.execute(_DATES).pl()
        asked = connection.execute("from asked order by query_id").pl()
        values = pl.concat([_days(asked, days), _codes(connection, asked)])
    options = values.unique(["query_id", "option", "field"], keep="first", maintain_order=True)
    numbered = options.with_columns(supposition=pl.struct("query_id", "option").rank("dense").cast(pl.Int64) - 1)
    told = numbered.join(asked.select("query_id", "patient_id", "table_name", "record_key"), on="query_id")
    return told.select(pl.col(name).cast(kind) for name, kind in CHANGE.items()).sort("supposition", "field")


def _records() -> str:
    """Every record's name; a regimen's record stands for its agents."""
    return " union ".join(
        f"select patient_id, '{table}' as table_name, {key} as record_key from core.{table}"
        for table in CORE
        for key in dict.fromkeys(("record_key", models.delivered_key(table)))
    )


def _dated() -> str:
    """Every dated cell of the patients asked about: its record and field, first_day, last_day, place, is_life."""
    parts = [
        f"select patient_id, '{table}' as table_name, record_key, '{column.name}' as field, "
        f"{column.name}_earliest as first_day, {column.name}_latest as last_day, "
        f"{_PLACES.get((table, column.name), 3)} as place, {_LIFE.get(table, 'true')} as is_life "
        f"from core.{table} semi join asked using (patient_id)"
        for table, model in CORE.items()
        for column in columns(model)
        if column.role == "delivered" and column.sql_type == "DATE" and column.name not in _ADMINISTRATIVE
    ]
    return "\nunion all\n".join(parts)


def _days(asked: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """query_id, option, field, value: both ends and the middle; of a status alive, and dead on each of these days."""
    tried = (
        asked.select("query_id", "field", "date_field")
        .join(days, on="query_id")
        .explode("days")
        .sort("query_id", "days")
        .with_columns(value=pl.col("days").cast(pl.String), option=pl.int_range(pl.len()).over("query_id"))
    )
    status = tried.filter(field="status")
    dead = status.with_columns(value=pl.lit("dead"))
    alive = status.unique("query_id", maintain_order=True).with_columns(option=pl.lit(-1, pl.Int64))
    parts = [
        tried.with_columns(field=pl.col("date_field")),
        dead,
        alive.with_columns(value=pl.lit("alive")),
        alive.with_columns(value=pl.lit(None, pl.String), field=pl.col("date_field")),
    ]
    return pl.concat(part.select(*_VALUE) for part in parts)


def _codes(connection: duckdb.DuckDBPyConnection, asked: pl.DataFrame) -> pl.DataFrame:
    """query_id, option, field, value of the fields that hold a code, a truth or a number."""
    parts = [connection.execute(_HISTOLOGY).pl()]
    for table, field in asked.select("table_name", "field").unique().sort("table_name", "field").iter_rows():
        codes = _values_of(connection, table, field)
        queries = asked.filter(pl.col("table_name") == table, pl.col("field").eq_missing(field)).select("query_id")
        parts.append(queries.join(pl.DataFrame({"value": codes}, schema={"value": pl.String}), how="cross"))
    values = pl.concat(parts).join(asked.select("query_id", "field"), on="query_id", maintain_order="left")
    return values.with_columns(option=pl.int_range(pl.len()).over("query_id")).select(*_VALUE)


_VALUE = ("query_id", "option", "field", "value")


def _values_of(connection: duckdb.DuckDBPyConnection, table: str, field: str) -> list[str]:
    if (table, field) == ("drug_exposure", "agent"):
        return [row[0] for row in connection.execute(_AGENTS).fetchall()]
    if (table, field) == ("treatment_line", "line_stated"):
        return list(_LINES)
    column = _column(table, field)
    if column is None or field in ("histology", "status"):
        return []
    if column.code_list:
        every = connection.execute("select code from reference.code where list = ?", [column.code_list]).fetchall()
        return _spread([row[0] for row in every])
    if column.sql_type == "BOOLEAN":
        return ["true", "false"]
    if column.sql_type in ("BIGINT", "DOUBLE"):
        quantiles = f"select unnest(quantile_disc({field}, [0, 0.5, 1])) from core.{table}"
        seen = [row[0] for row in connection.execute(quantiles).fetchall()]
        return [str(value) for value in dict.fromkeys(seen) if value is not None]
    return []


def _column(table: str, field: str) -> Column | None:
    """The delivered column a field is read into."""
    named = (
        {column.name: column for column in columns(CORE[table]) if column.role == "delivered"} if table in CORE else {}
    )
    return named.get(f"{field}_source") or named.get(field)


def _spread(codes: list[str]) -> list[str]:
    """At most MOST_VALUES of them, spread over the list."""
    step = max(1, -(-len(codes) // MOST_VALUES))
    return codes[::step]
