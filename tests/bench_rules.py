"""`make bench`: every check over synthetic patients, as a ratio to DuckDB reading the same tables in the same run.

The typed rows are made in SQL and go through the real models, in memory; only the checks are timed. The floor reads
every column of the core tables once. `--patients N` sets the size; six rows a patient.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import polars as pl  # noqa: E402
import rule_cases  # noqa: E402
from bench import CENTRE, best_of, clocked  # noqa: E402

from schemas.canonical import CORE, staging_columns  # noqa: E402
from schemas.centre import Centre  # noqa: E402
from schemas.rules import parse_yaml  # noqa: E402
from warehouse import check  # noqa: E402

SLOWEST = 10
START = "date '2018-01-01' + (p % 1500)::int"
ROWS = {
    "patient": ("1", {"sex_source": "if(p % 2 = 0, 'M', 'F')"}, {"born_on": "date '1940-01-01' + (p * 7 % 20000)::int"}),
    "tumour": ("1", {"histology_source": "if(p % 3 = 0, 'ASPS', 'UPS')", "size_mm": "20 + p % 150"},
               {"diagnosed_on": f"{START} - 200", "metastatic_on": f"{START} - 20"}),
    "treatment_line": ("1", {"line_stated_source": "'1'"}, {"started_on": START}),
    "drug_exposure": ("1", {"agent_source": "'pembrolizumab'"}, {"started_on": START, "stopped_on": f"{START} + 90"}),
    "response_assessment": ("1", {"overall_source": "if(p % 4 = 0, 'PR', 'SD')"}, {"assessed_on": f"{START} + 60"}),
    "follow_up": ("1", {"status_source": "'alive'"}, {"contact_on": f"{START} + 200 + (p % 90)::int"}),
}  # fmt: skip


def write_typed(folder: Path, patients: int) -> None:
    """One Parquet file a core table; one record in a thousand is a day of the wrong order."""
    with duckdb.connect() as connection:
        for table in CORE:
            kinds = {c.name: "VARCHAR[]" if c.dtype == pl.List else c.sql_type for c in staging_columns(CORE[table])}
            times, plain, days = ROWS.get(table, ("0", {}, {}))
            made = {
                "centre": "'aa01'", "patient_id": "'aa01' || p", "record_key": f"'aa01' || p || '/{table}/1'",
                "source_rows": "['f::' || p]", "missing": "[]", **plain,
            }  # fmt: skip
            for name, day in days.items():
                day = f"if(p % 1000 = 0, date '2017-01-01', {day})" if name == "stopped_on" else day
                made |= {name: day, f"{name}_earliest": day, f"{name}_latest": day, f"{name}_precision": "'day'"}
                made[f"{name}_source"] = f"({day})::varchar"
            cells = ", ".join(f"cast({made.get(name, 'null')} as {kind}) as {name}" for name, kind in kinds.items())
            rows = f"select {cells} from range({patients} * {times}) as person(p)"
            connection.execute(f"copy ({rows}) to '{folder / table}.parquet'")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--patients", type=int, default=10_000)
    patients: int = options.parse_args().patients
    with tempfile.TemporaryDirectory() as place:
        typed = Path(place) / "typed"
        typed.mkdir()
        write_typed(typed, patients)
        inputs = rule_cases.inputs_of(Path(place), Centre.model_validate(parse_yaml(CENTRE)), typed)
        with clocked() as modelling:
            connection = rule_cases.modelled(inputs, {"aa01": rule_cases.INTERVAL_DAYS})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        def read_all() -> None:
            for table in CORE:
                connection.execute(f"select approx_count_distinct(columns(*)) from core.{table}").fetchall()

        floor = best_of(3, read_all)
        spent, faults = {}, 0
        for name, rule in check.rules().items():
            with clocked() as clock:
                _, found = check.run(connection, {name: rule}, ["aa01"])
            spent[name], faults = clock, faults + found.height
    wall, cpu = sum(one.wall for one in spent.values()), sum(one.cpu for one in spent.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{len(spent)} checks over {patients:,} patients, {faults:,} faults; load {os.getloadavg()[0]:.0f}")
    print(f"  models, not of the ratio: {modelling.wall:.1f} s ({modelling.cpu:.1f} of processor)")
    print(f"  checks {wall:.2f} s ({cpu:.2f}); floor {floor.wall:.2f} ({floor.cpu:.2f}); "
          f"ratio {wall / floor.wall:.1f} ({cpu / floor.cpu:.1f})")  # fmt: skip
    print(f"  peak memory {peak / 2**20:.2f} GiB, {before / 2**20:.2f} before the checks")
    for name, one in sorted(spent.items(), key=lambda item: -item[1].cpu)[:SLOWEST]:
        print(f"  {name:<40} {one.wall:6.2f} ({one.cpu:.2f})")


if __name__ == "__main__":
    main()
