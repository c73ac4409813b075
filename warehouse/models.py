"""The SQL models: `models/<schema>/<table>.sql`, those generated from the canonical tables, and their order.

A model of core or mart is a SELECT that fills an existing table by name; a model of staging is a table in memory that
lives only while the warehouse is built. The order comes from DuckDB's own parser.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from schemas.canonical import CORE, columns, staging_columns
from schemas.links import Decision, persons_of
from schemas.registry import CriterionOfExclusion, Registry
from schemas.sql_text import literal, parquet

FOLDER = Path(__file__).with_name("models")


def written_models() -> dict[str, str]:
    """`schema.table` -> SQL of every file under models/ that makes a table; `read` holds views (warehouse/views.py)."""
    return {
        f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.glob("*/*.sql"))
        if path.parent.name != "read"
    }


def code_column(table: str, source: str) -> str | None:
    """The column a `*_source` of a table is coded into by a plain look-up: `x_code`, else `x`; else a model does it."""
    coded = {column.name for column in columns(CORE[table]) if column.role == "coded"}
    stem = source.removesuffix("_source")
    return next((name for name in (f"{stem}_code", stem) if name in coded and name not in ("agent_code",)), None)


def coded_sources(table: str) -> list[tuple[str, str]]:
    """(source column, code list) of every field of a table that a code list reads."""
    return [
        (column.name, column.code_list)
        for column in staging_columns(CORE[table])
        if column.code_list and column.name.endswith("_source")
    ]


def delivered_key(table: str) -> str:
    """SQL of the key under which a core row was delivered, which findings and corrections name: a regimen's less its
    agent (core/drug_exposure.sql), any other as it is."""
    if table != "drug_exposure":
        return "record_key"
    agent = "'/' || coalesce(agent_code, 'class:' || class_code)"
    return f"if(ends_with(record_key, {agent}), left(record_key, -length({agent})), record_key)"


def staging_model(table: str, files: Iterable[Path], terms: str = "reference.term_map") -> str:
    """A table's typed rows of all centres, each `x_source` looked up in the terms as `x_code`."""
    looked_up = [
        (source, code_list, target)
        for source, code_list in coded_sources(table)
        if (target := code_column(table, source))
    ]
    types = {column.name: column.sql_type for column in columns(CORE[table])}
    select = "".join(
        f",\n    try_cast(by_{source}.code as {types[target]}) as {target}" for source, _, target in looked_up
    )
    joins = "".join(
        f"\nleft join {terms} as by_{source}\n    on by_{source}.list = '{code_list}' "
        f"and by_{source}.centre = typed.centre and by_{source}.text = typed.{source}"
        for source, code_list, _ in looked_up
    )
    return f"select typed.*{select}\nfrom {parquet(files)} as typed{joins}"


def coded_cell_model(prefix: str = "", terms: str = "reference.term_map") -> str:
    """Every cell a code list reads, with what became of it: one row per table, record and field."""
    parts = [
        f"select s.centre, '{table}' as table_name, s.patient_id, s.record_key, "
        f"'{source.removesuffix('_source')}' as field, '{code_list}' as list, s.{source} as text, "
        "t.code, t.entity_code, t.needs_query, t.rule as step, t.reason\n"
        f"from staging.{prefix}{table} as s left join {terms} as t "
        f"on t.list = '{code_list}' and t.centre = s.centre and t.text = s.{source}\nwhere s.{source} is not null"
        for table in CORE
        for source, code_list in coded_sources(table)
    ]
    return "\nunion all\n".join(parts)


def record_model() -> str:
    """Every record by its key, with the first delivered row it came from."""
    parts = [
        f"select centre, '{table}' as table_name, record_key, patient_id, source_rows[1] as row_id "
        f"from {schema}.{table}"
        for schema in ("core", "staging")
        for table in CORE
    ]
    return "select distinct * from (" + "\nunion all\n".join(parts) + ")"


def judgement_model(criteria: Iterable[CriterionOfExclusion]) -> str:
    """Every core patient with the codes of the criteria that apply, in the registry's order."""
    cases = ",\n        ".join(f"case when {item.exclude_when} then '{item.code}' end" for item in criteria)
    return (
        "select patient_id, centre, list_filter([\n        "
        f"{cases}\n    ], reason -> reason is not null) as all_reason_codes\nfrom mart.time_zero"
    )


def line_setting_model(registry: Registry) -> str:
    """The settings lines are derived with: `is_registry` is the registry's own, the others are those of its grid."""
    rules = registry.lines
    own = (rules.gap_days, rules.window_days)
    tried = sorted({own, *((gap, window) for gap in rules.grid.gap_days for window in rules.grid.window_days)})
    rows = ", ".join(f"({gap}, {window}, {(gap, window) == own})" for gap, window in tried)
    fixed = {
        "swap_days": rules.swap_days,
        "progression_before_stop_days": rules.progression_before_stop_days,
        "relapse_months": rules.relapse_months,
        "course_gap_days": rules.course_gap_days,
        "tolerance_days": registry.metastatic_tolerance_days,
        "swap_classes": f"{list(rules.swap_classes)}::varchar[]",
        "ruleset_version": f"'{rules.version(registry.metastatic_tolerance_days)}'",
    }
    also = ", ".join(f"{value} as {name}" for name, value in fixed.items())
    return f"select *, {also} from (values {rows}) as setting (gap_days, window_days, is_registry)"


def line_swap_model(registry: Registry) -> str:
    """Agents that stand for one another, each with the first of its group."""
    rows = [f"('{agent}', '{group[0]}')" for group in registry.lines.swaps for agent in group]
    values = ", ".join(rows) or "(null::varchar, null::varchar)"
    return f"select * from (values {values}) as swap (agent_code, kin_code)"


def same_person_model(decisions: tuple[Decision, ...]) -> str:
    """The records that people decided are of one person, with the name of that person."""
    rows = [f"({_literal(patient)}, {_literal(person)})" for patient, person in persons_of(decisions).items()]
    values = ", ".join(rows) or "(null::varchar, null::varchar)"
    return f"select * from (values {values}) as same (patient_id, person_id) where patient_id is not null"


def setting_model(settings: BaseModel) -> str:
    """One row: every setting of a part of registry.yaml, by its name."""
    columns_ = ", ".join(f"{_literal(value)} as {name}" for name, value in settings.model_dump().items())
    return f"select {columns_}"


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_literal, value)) + "]::varchar[]"
    return str(value) if isinstance(value, bool | int) else literal(str(value))


def completeness_model(prefix: str = "") -> str:
    """How often each deliverable field is filled, and why it is not."""
    parts = []
    for table in CORE:
        for column in staging_columns(CORE[table]):
            if column.role != "delivered":
                continue
            field = column.name.removesuffix("_source")
            value = f"{column.name}_earliest" if column.sql_type == "DATE" else column.name
            told = {"unknown": ("unknown", "refused"), "not_done": ("not_done",), "not_applicable": ("not_applicable",)}
            counts = ", ".join(
                "count(*) filter (list_has_any(missing, ["
                + ", ".join(f"'{field}={word}'" for word in words)
                + f"])) as {reason}"
                for reason, words in told.items()
            )
            parts.append(
                f"select centre, '{table}' as table_name, '{field}' as field, '{column.importance}' as importance, "
                f"count(*) as judged, count({value}) as present, {counts}, "
                f"judged - present - unknown - not_done - not_applicable as not_delivered "
                f"from staging.{prefix}{table} group by centre"
            )
    return "\nunion all\n".join(parts)


_READ: dict[str, frozenset[str]] = {}
"""What a SELECT reads, by its text: the same in every refresh of a process."""


def references(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    """The `schema.table` names a SELECT reads, as DuckDB's parser sees them."""
    if sql not in _READ:
        _READ[sql] = _parsed(connection, sql)
    return _READ[sql]


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    found = set()

    def see(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            found.add(f"{node['schema_name']}.{node['table_name']}")
        return node

    row = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone()
    tree = json.loads(row[0], object_hook=see) if row else {}
    if tree.get("error"):
        raise ValueError(f"a model cannot be parsed: {tree.get('error_message')}")
    return frozenset(found)


def in_order(connection: duckdb.DuckDBPyConnection, models: Mapping[str, str]) -> list[str]:
    """The models' names so that each comes after what it reads."""
    graph = {name: references(connection, sql) & models.keys() - {name} for name, sql in models.items()}
    return list(TopologicalSorter(graph).static_order())
