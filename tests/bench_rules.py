"""`make bench`: every check over synthetic patients, as a ratio to DuckDB reading the same tables in the same run.

Up to 10,000 patients are made in SQL and go through the real models; more are copies of those under other names, each
with all its days moved by some, for the models are timed by bench.py. Only the checks are timed, in a process of their
own, so that the peak of memory is theirs. The floor reads every column of the core tables once. Twenty-two rows a
patient in all ten tables, four centres, a last delivery in which one record in a thousand differs, and one day in a
thousand in the wrong order. `--patients N` sets the size, `--memory 4GB` what DuckDB may hold before it spills.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import polars as pl  # noqa: E402
import rule_cases  # noqa: E402
from bench import CENTRE, Time, best_of, clocked  # noqa: E402

from schemas.canonical import CORE, staging_columns  # noqa: E402
from schemas.centre import Centre  # noqa: E402
from schemas.rules import parse_yaml  # noqa: E402
from warehouse import check  # noqa: E402
from warehouse.before import Before  # noqa: E402

SLOWEST = 12
MODELLED = 10_000
CENTRES = ("aa01", "aa02", "aa03", "aa04")
START = "date '2018-01-01' + (p % 1500)::int"
DEATH = f"if(p % 3 = 0, {START} + 400 + (p % 200)::int, null)"
# p numbers the patients, n a patient's rows from 0: how many rows, columns, days
ROWS: dict[str, tuple[int, dict[str, str], dict[str, str]]] = {
    "patient": (
        1,
        {"sex_source": "if(p % 8 < 4, 'M', 'F')", "legal_basis_source": "'consent'", "link_token": "md5(p::varchar)"},
        {"born_on": "date '1940-01-01' + (p * 7 % 12000)::int", "registered_on": f"{START} - 10"},
    ),
    "tumour": (
        1,
        {"tumour_sequence": "1", "is_index": "true", "histology_source": "if(p % 3 = 0, 'leiomyosarcoma', 'UPS')",
         "topography_source": "'thigh'", "laterality_source": "'left'", "depth_source": "'deep'",
         "size_mm": "20 + p % 150", "fnclcc_grade_source": "'G3'", "stage_source": "'II'"},
        {"diagnosed_on": f"{START} - 200", "metastatic_on": f"{START} - 60"},
    ),
    "metastasis": (2, {"site_source": "if(n = 0, 'lung', 'liver')"}, {"detected_on": f"{START} - 60 + 30 * n"}),
    "biomarker": (
        1, {"name_source": "'PD-L1'", "value_number": "p % 100", "unit": "'%'"}, {"specimen_on": f"{START} - 190"},
    ),
    "procedure": (
        2,
        {"type_source": "if(n = 0, 'surgery', 'radiotherapy')", "intent_source": "'curative'", "site_source": "'thigh'",
         "margin_source": "if(n = 0, 'R0', null)", "dose_gy": "if(n = 1, 50, null)", "fractions": "if(n = 1, 25, null)"},
        {"started_on": f"{START} - 180 + 40 * n", "stopped_on": f"{START} - 180 + 40 * n + 35 * n"},
    ),
    "treatment_line": (
        2,
        {"line_stated_source": "['first line', 'second line'][n + 1]", "setting_source": "'palliative'", "ecog_source": "'1'"},
        {"started_on": f"{START} + 120 * n", "stopped_on": f"{START} + 120 * n + 100", "ecog_on": f"{START} + 120 * n"},
    ),
    "drug_exposure": (
        3,
        {"agent_source": "['doxorubicin', 'gemcitabine', 'docetaxel'][n + 1]", "cycles": "4",
         "dose": "[75, 900, 100][n + 1]", "dose_unit": "'mg/m2'"},
        {"started_on": f"{START} + 120 * least(n, 1)", "stopped_on": f"{START} + 120 * least(n, 1) + 90"},
    ),
    "response_assessment": (
        4,
        {"criteria_source": "'RECIST 1.1'", "modality_source": "'CT'", "target_sum_mm": "[60, 58, 40, 70][n + 1]",
         "overall_source": "[null, 'SD', 'PR', 'PD'][n + 1]", "has_new_lesion": "false"},
        {"assessed_on": f"{START} - 10 + 60 * n"},
    ),
    "adverse_event": (
        2,
        {"term_source": "if(n = 0, 'fatigue', 'anaemia')", "grade": "1 + p % 3", "attributed_agent_source": "'doxorubicin'",
         "is_serious": "p % 3 = 2", "outcome_source": "'resolved'"},
        {"started_on": f"{START} + 20 + n", "stopped_on": f"{START} + 40 + n"},
    ),
    "follow_up": (
        4,
        {"status_source": f"if(n = 3 and ({DEATH}) is not null, 'dead', 'alive')",
         "death_cause_source": f"if(n = 3 and ({DEATH}) is not null, 'disease', null)"},
        {"contact_on": f"{START} + 90 * (n + 1)", "death_on": f"if(n = 3, {DEATH}, null)"},
    ),
}  # fmt: skip


def write_typed(folder: Path, patients: int, wrong: str = "p % 1000 = 0") -> Path:
    """One Parquet file a core table; where `wrong`, a drug stops before it starts."""
    folder.mkdir()
    with duckdb.connect() as connection:
        for table in CORE:
            kinds = {c.name: "VARCHAR[]" if c.dtype == pl.List else c.sql_type for c in staging_columns(CORE[table])}
            times, plain, days = ROWS[table]
            made = {
                "centre": f"'aa0' || (1 + p % {len(CENTRES)})", "patient_id": "'p' || p",
                "record_key": f"p || '/{table}/' || n", "source_rows": "['f::' || p]", "missing": "[]", **plain,
            }  # fmt: skip
            for name, day in days.items():
                day = f"if({wrong}, date '2017-01-01', {day})" if name == "stopped_on" else day
                made |= {name: day, f"{name}_earliest": day, f"{name}_latest": day}
                made |= {
                    f"{name}_precision": f"if(({day}) is not null, 'day', null)",
                    f"{name}_source": f"({day})::varchar",
                }
            cells = ", ".join(f"cast({made.get(name, 'null')} as {kind}) as {name}" for name, kind in kinds.items())
            people = f"range({patients}) as person(p), (select n::int from range({times}) as one(n)) as one(n)"
            connection.execute(f"copy (select {cells} from {people}) to '{folder / table}.parquet'")
    return folder


def fill(place: Path, patients: int, memory: str) -> Path:
    """A warehouse file with the tables that the checks read, of so many patients."""
    base = min(patients, MODELLED)
    inputs = rule_cases.inputs_of(place, Centre.model_validate(parse_yaml(CENTRE)), write_typed(place / "typed", base))
    before = Before(write_typed(place / "before", base, wrong="p % 1000 = 1"), None)
    inputs = replace(inputs, contributions=(replace(inputs.contributions[0], before=before),))
    connection = rule_cases.modelled(inputs, dict.fromkeys(CENTRES, rule_cases.INTERVAL_DAYS))
    target = place / "rules.duckdb"
    connection.execute(f"attach '{target}' as filled")
    connection.execute("copy from database memory to filled")
    connection.close()
    with duckdb.connect(str(target), config={"memory_limit": memory}) as connection:
        _copy_people(connection, patients // base - 1)
    return target


def _copy_people(connection: duckdb.DuckDBPyConnection, copies: int) -> None:
    """Every patient as often again, under other ids and on other days. The completeness is of the base alone."""
    tables = connection.execute(
        "select schema_name || '.' || table_name, list(column_name), list(data_type) from duckdb_columns() "
        "join duckdb_tables() using (schema_name, table_name) "
        "group by all having list_contains(list(column_name), 'patient_id')"
    ).fetchall()
    for table, names, kinds in tables if copies else ():
        moved = [
            f'"{n}" || \'.\' || k as "{n}"' for n in names if n in ("patient_id", "record_key", "row_id", "link_token")
        ]
        moved += [f'"{n}" + k::int as "{n}"' for n, kind in zip(names, kinds, strict=True) if kind == "DATE"]
        connection.execute(
            f"insert into {table} select given.* replace ({', '.join(moved)}) "
            f"from {table} as given, range(1, {copies + 1}) as copy(k)"
        )


@dataclass(frozen=True)
class Measured:
    """What the process of the checks saw. Memory in GiB: after the floor, and at the peak of all."""

    spent: dict[str, Time]
    floor: Time
    results: pl.DataFrame
    before: float
    peak: float


def peak_gib() -> float:
    """This program's peak of memory; getrusage would count its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 2**20


def measure(target: Path, memory: str) -> Measured:
    """Run every check by itself."""
    connection = duckdb.connect(
        str(target), config={"memory_limit": memory, "temp_directory": str(target.parent / "spill")}
    )

    def read_all() -> None:
        for table in CORE:
            connection.execute(f"select approx_count_distinct(columns(*)) from core.{table}").fetchall()

    read_all()
    before = peak_gib()
    floor = best_of(2, read_all)
    spent, results = {}, []
    for name, rule in check.rules().items():
        with clocked() as clock:
            result, _ = check.run(connection, {name: rule}, CENTRES)
        spent[name] = clock
        results.append(result)
    return Measured(spent, floor, pl.concat(results), before, peak_gib())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--patients", type=int, default=MODELLED)
    options.add_argument("--memory", default="4GB")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        with clocked() as filling:
            target = fill(Path(place), given.patients, given.memory)
        size = target.stat().st_size / 2**30
        with multiprocessing.get_context("spawn").Pool(1) as process:
            seen = process.apply(measure, (target, given.memory))
    wall, cpu = sum(one.wall for one in seen.spent.values()), sum(one.cpu for one in seen.spent.values())
    judged = seen.results.group_by("rule").agg(pl.col("judged", "faults").sum()).sort("faults", descending=True)
    print(f"{len(seen.spent)} checks over {given.patients:,} patients; load {os.getloadavg()[0]:.0f}")
    print(f"  tables made in {filling.wall:.0f} s, {size:.2f} GiB; {judged['faults'].sum():,} faults; "
          f"{judged.filter(pl.col('judged') == 0).height} checks had nothing to judge")  # fmt: skip
    print(f"  checks {wall:.2f} s ({cpu:.2f} of processor); floor {seen.floor.wall:.2f} ({seen.floor.cpu:.2f}); "
          f"ratio {wall / seen.floor.wall:.1f} ({cpu / seen.floor.cpu:.1f})")  # fmt: skip
    print(f"  peak memory {seen.peak:.2f} GiB, {seen.before:.2f} after the first floor")
    for name, one in sorted(seen.spent.items(), key=lambda item: -item[1].cpu)[:SLOWEST]:
        print(f"  {name:<40} {one.wall:6.2f} ({one.cpu:.2f})")


if __name__ == "__main__":
    main()
