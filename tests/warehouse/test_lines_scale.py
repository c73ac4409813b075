"""The rules of lines at a million drug rows: seconds, not minutes, and never a step per patient."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from schemas import dictionary
from schemas.canonical import MODELS
from schemas.registry import Registry, load_registry
from warehouse import models
from warehouse.reference import codes_of

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "three-centres"
PATIENTS, ROWS_EACH = 100_000, 10

LINES = (
    "line_setting", "line_swap", "line_record", "progression", "line_course", "line_pair", "line_walk", "derived_line",
)  # fmt: skip


def _registry(connection: duckdb.DuckDBPyConnection, patients: int) -> Registry:
    """Patients with metastases and ten drug rows each: three of a drug, then of another; five assessments."""
    whole = load_registry(EXAMPLE)
    grid = whole.lines.grid.model_copy(update={"gap_days": (), "window_days": ()})
    registry = whole.model_copy(update={"lines": whole.lines.model_copy(update={"grid": grid})})
    for schema in ("core", "mart", "quality", "reference", "meta", "staging"):
        connection.execute(f"create schema {schema}")
    for model in MODELS:
        connection.execute(dictionary.create_table(model))
    for table in ("drug", "response"):
        connection.register("_codes", codes_of(table).to_arrow())
        connection.execute(f"insert into reference.{table} by name select * from _codes")
    people = f"range({patients}) as person(p)"
    connection.execute(f"""
        create table staging.disease as
        select 'p' || p as patient_id, 'aa01' as centre, date '2018-01-01' + (p % 900)::int as metastatic_on,
            true as is_metastatic from {people};
        insert into core.drug_exposure by name
        select 'aa01' as centre, 'p' || p as patient_id, 'p' || p || '/' || n as record_key, ['r'] as source_rows,
            drug.agent_code, drug.class_code, drug.component_code, drug.is_checkpoint_inhibitor,
            date '2018-01-01' + (p % 900)::int + (n * 45 + (p * 7 + n * 13) % 40)::int as started_on,
            started_on as started_on_earliest, started_on as started_on_latest,
            started_on + 20 as stopped_on, stopped_on as stopped_on_earliest, stopped_on as stopped_on_latest
        from {people}, range({ROWS_EACH}) as row(n)
        join (select *, row_number() over (order by code) - 1 as i from reference.drug
            where counts_as_line and agent_code is not null) as drug on drug.i = (p * 31 + n // 3 * 17) % 100;
        insert into core.response_assessment by name
        select 'aa01' as centre, 'p' || p as patient_id, 'a' || p || '/' || n as record_key, ['r'] as source_rows,
            date '2018-01-01' + (p % 900)::int + (n * 60)::int as assessed_on, assessed_on as assessed_on_earliest,
            assessed_on as assessed_on_latest, if((p + n) % 3 = 0, 'PD', 'SD') as overall_code
        from {people}, range(5) as row(n);
        create table staging.treatment_line as select * from core.treatment_line;
    """)
    return registry


def _run(connection: duckdb.DuckDBPyConnection, registry: Registry) -> dict[str, float]:
    """CPU seconds of each model; the grid apart, the registry's own settings alone."""
    written = models.written_models() | {
        "staging.line_setting": models.line_setting_model(registry),
        "staging.line_swap": models.line_swap_model(registry),
    }
    taken = {}
    for name in LINES:
        start = time.process_time()
        connection.execute(f"create table staging.{name} as {written[f'staging.{name}']}")
        taken[name] = time.process_time() - start
    return taken


def measured(folder: Path, patients: int) -> tuple[float, dict[str, float], int]:
    """CPU seconds to read the drug rows from Parquet and for each model, and the lines found."""
    with duckdb.connect() as connection:
        registry = _registry(connection, patients)
        connection.execute(f"copy core.drug_exposure to '{folder}/drug.parquet'")
        start = time.process_time()
        connection.execute(f"create table was_read as from '{folder}/drug.parquet'")
        read = time.process_time() - start
        taken = _run(connection, registry)
        row = connection.execute("select count(*) from staging.derived_line").fetchone()
        assert row is not None
        return read, taken, row[0]


@pytest.mark.slow
def test_a_million_drug_rows_take_seconds_and_twice_the_patients_twice_the_time(tmp_path: Path) -> None:
    few, many = PATIENTS // 4, PATIENTS
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    _, short, _ = measured(tmp_path / "few", few)
    read, long, lines = measured(tmp_path / "many", many)
    told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in long.items() if seconds > 0.1)
    print(
        f"{many * ROWS_EACH:,} rows: read {read:.1f} s of CPU, lines {sum(long.values()):.1f} s ({told}); {lines:,} lines"
    )
    assert lines > 2 * many
    assert sum(long.values()) < 60
    assert sum(long.values()) < 8 * sum(short.values())
