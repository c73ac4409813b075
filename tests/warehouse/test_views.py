"""The views for reading on the demonstration: types, grain, agreement with the tables behind them, and the recipes."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from schemas.canonical import VIEWS, columns, model_metadata, table_name
from warehouse.home import Home
from warehouse.query import sql

ROOT = Path(__file__).resolve().parents[2]
RECIPES = re.findall(
    r"^\d+\. (.*?)\n```sql\n(.*?)```", (ROOT / "docs" / "views.md").read_text(encoding="utf-8"), re.S | re.M
)


def test_every_view_keeps_its_types_its_comments_and_its_grain(demo: Path) -> None:
    """Read from another DuckDB, as a client does that attaches the file under a name of its own."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo / 'registry.duckdb'}' as mine (read_only)")
        for model in VIEWS:
            name, key = f"mine.{table_name(model)}", model_metadata(model)["key"]
            told = [row[:2] for row in connection.execute(f"describe {name}").fetchall()]
            assert told == [(column.name, column.sql_type) for column in columns(model)]
            rows, keys = connection.execute(
                f"select count(*), count(distinct ({', '.join(key)})) from {name}"
            ).fetchone() or (0, -1)
            assert rows == keys > 0, name
        bare = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'read' and comment is null"
        ).fetchall()
    assert bare == []


def test_the_views_agree_with_the_tables_behind_them(demo: Path) -> None:
    row = sql(
        Home(demo),
        """
        select
            (select count(*) from read.patient) - (select count(*) from core.patient) as patients,
            (select count(*) from read.patient where is_in_cohort) - (select count(*) from mart.cohort) as cohort,
            (select count(*) from read.survival) - (select count(*) from mart.adtte) as end_points,
            (select count(*) from read.drug) - (select count(*) from core.drug_exposure) as drugs,
            (select count(*) from read.drug where start_day is not null)
                - (select count(*) from mart.exposure where start_day is not null) as exposures,
            (select count(*) from read.response where change_from_baseline_pct is not null)
                - (select count(*) from mart.assessment where change_from_baseline_pct is not null) as assessments,
            (select count(*) from read.treatment_line where is_index)
                - (select count(line_record_key) from mart.time_zero) as index_lines,
            (select sum(open_queries) from read.centre) - (select count(*) from read.open_query) as queries,
            (select sum(findings) from read.patient)
                - (select count(*) from quality.finding semi join core.patient using (patient_id)) as findings,
            (select sum(rows_in_files) from read.centre) - (select sum(rows) from meta.centre) as rows_once,
            (select sum(rows_delivered) from read.centre)
                - (select sum(loaded + quarantined + duplicate + superseded + out_of_scope + retracted)
                    from quality.row_account) as rows_per_table,
            (select count(*) from read.patient where os_is_event and status_code <> 'dead') as dead_alive
        """,
    ).row(0, named=True)
    assert {name: value for name, value in row.items() if value} == {}


@pytest.mark.parametrize(("question", "recipe"), RECIPES, ids=[question for question, _ in RECIPES])
def test_every_recipe_runs_as_it_stands(demo: Path, question: str, recipe: str) -> None:
    assert sql(Home(demo), recipe).height > 0, question


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) == 10
