"""The checks: `checks/*.sql`, each a rule that returns every row it can judge and whether it is at fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from schemas.rules import Rule, parse_rule
from schemas.sql_text import parquet

FOLDER = Path(__file__).with_name("checks")
_HEAD = re.compile(r"\A/\*\n(?P<yaml>.*?)\*/\n(?P<sql>.*)\Z", re.DOTALL)


@cache
def _parsed() -> dict[str, tuple[Rule, str]]:
    found = {}
    for path in sorted(FOLDER.glob("*.sql")):
        match = _HEAD.match(path.read_text(encoding="utf-8"))
        if match is None:
            raise ValueError(f"checks/{path.name} has no leading comment with its rule")
        found[path.stem] = (parse_rule(path.stem, match["yaml"]), match["sql"])
    return found


def rules() -> dict[str, Rule]:
    """The rule of every check, by name."""
    return {name: rule for name, (rule, _) in _parsed().items()}


def sql_of(name: str) -> str:
    """The query of a check."""
    return _parsed()[name][1]


def run(
    connection: duckdb.DuckDBPyConnection, chosen: Mapping[str, Rule], centres: Iterable[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge every record: the results per rule, centre and table, and the faults with record and field.

    A check may return a `measure`: the number its bound was held against, kept with the finding. A record on which
    the rule's answer is null is not judged. A centre at which a rule could judge nothing is 'not_evaluable', never a
    pass.
    """
    connection.execute(_TOLD)
    for name in chosen:
        connection.execute(_JUDGE.format(sql=sql_of(name)), [name])
    order = pl.DataFrame(
        [(place, name, rule.tables[0] if rule.tables else "any") for place, (name, rule) in enumerate(chosen.items())],
        schema={"place": pl.Int64, "rule": pl.String, "table_name": pl.String},
        orient="row",
    )
    connection.register("_chosen", order.to_arrow())
    results = connection.execute(_RESULTS, [list(centres)]).pl().drop("place")
    found = connection.execute(_FOUND).pl().drop("place")
    connection.unregister("_chosen")
    connection.execute("drop table told")
    return results, found


_TOLD = """
create or replace temp table told (
    rule varchar, centre varchar, table_name varchar, judged bigint,
    faulty struct(patient_id varchar, record_key varchar, field varchar, measure double)[]
)
"""

# One pass that keeps the faults alone: a table of all that a rule can judge is a copy of a core table.
_JUDGE = """
insert into told
select
    ?, centre, table_name, count(*),
    list(struct_pack(
        patient_id := patient_id::varchar, record_key := record_key::varchar, field := field::varchar,
        measure := measure::double
    )) filter (is_fault)
from (from ({sql}) union all by name select null::double as measure where false)
where is_fault is not null
group by all
"""

_RESULTS = """
select
    chosen.place,
    chosen.rule,
    centre.centre,
    coalesce(told.table_name, chosen.table_name) as table_name,
    coalesce(told.judged, 0) as judged,
    coalesce(len(told.faulty), 0) as faults,
    case when told.judged is null then 'not_evaluable' when faults > 0 then 'fault' else 'pass' end as status
from _chosen as chosen
cross join (select unnest(?::varchar[]) as centre) as centre
left join told on told.rule = chosen.rule and told.centre = centre.centre
order by all
"""

_FOUND = """
select place, rule, centre, table_name, unnest(faulty, max_depth := 2)
from (
    select chosen.place, told.* exclude (judged)
    from told
    join _chosen as chosen using (rule)
)
order by all
"""


def with_rows(connection: duckdb.DuckDBPyConnection, found: pl.DataFrame) -> pl.DataFrame:
    """The faults of the checks with the delivered row of their record."""
    connection.register("_found", found.to_arrow())
    rows = connection.execute(
        """
        select found.*, record.row_id
        from _found as found
        left join staging.record as record using (centre, table_name, record_key)
        """
    ).pl()
    connection.unregister("_found")
    return rows


def located(connection: duckdb.DuckDBPyConnection, found: pl.DataFrame, text_files: Iterable[Path]) -> pl.DataFrame:
    """Faults that know their row, with the cell: file, sheet, line, source column and raw text.

    What a finding says already (in a long file the row of the very variable) stands.
    """
    given = found.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in ("source_column", "raw_text") if name not in found.columns
    )
    if "measure" not in given.columns:
        given = given.with_columns(measure=pl.lit(None, dtype=pl.Float64))
    connection.register("_found", given.to_arrow())
    placed = connection.execute(
        f"""
        with
            placed as (
                select
                    found.* exclude (source_column, raw_text),
                    found.source_column as given_column,
                    found.raw_text as given_text,
                    split_part(found.row_id, ':', 1) as file_hash,
                    regexp_extract(found.row_id, '^[^:]*:(.*):[0-9]+$', 1) as found_sheet,
                    try_cast(regexp_extract(found.row_id, '([0-9]+)$', 1) as bigint) as found_line
                from _found as found
            ),

            cell as (
                select distinct
                    placed.row_id, placed.table_name, placed.field, mapping.source_column,
                    text.cells[mapping.position] as raw_text
                from placed
                join meta.column_mapping as mapping
                    on mapping.centre = placed.centre and mapping.table_name = placed.table_name
                    and mapping.field = placed.field and mapping.file_hash = placed.file_hash
                    and mapping.sheet = placed.found_sheet
                join {parquet(text_files)} as text
                    on text.row_id = placed.row_id
                    and (mapping.name_position is null
                        or text.cells[mapping.name_position] = mapping.source_column)
            ),

            in_column as (
                select
                    row_id, table_name, field,
                    string_agg(source_column, ' | ' order by source_column) as source_column,
                    string_agg(raw_text, ' | ' order by source_column) as raw_text
                from cell
                group by all
            )

        select
            placed.rule, placed.centre, placed.table_name, placed.patient_id, placed.record_key, placed.field,
            placed.measure, placed.row_id, file.file, placed.found_sheet as sheet, placed.found_line as line,
            coalesce(placed.given_column, in_column.source_column) as source_column,
            coalesce(placed.given_text, in_column.raw_text) as raw_text
        from placed
        left join meta.delivery_file as file
            on file.centre = placed.centre and file.file_hash = placed.file_hash
        left join in_column
            on in_column.row_id = placed.row_id and in_column.table_name = placed.table_name
            and in_column.field = placed.field
        order by all
        """
    ).pl()
    connection.unregister("_found")
    return placed
