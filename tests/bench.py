"""`make bench`: how long the road takes, as a ratio to a floor that the same machine reaches in the same run.

Each floor is the least that anybody could do with the same data: read the text, write one table, read the tables. A
ratio says how much the registry adds; it is comparable between machines, seconds are not. The data are synthetic and
made in the run. `--rows N` and `--texts N` set their size.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import polars as pl  # noqa: E402
import rule_cases  # noqa: E402

from schemas.canonical import CORE  # noqa: E402
from schemas.centre import Centre  # noqa: E402
from schemas.rules import parse_yaml  # noqa: E402
from warehouse import build, check  # noqa: E402
from warehouse.centre_rows import texts_of, type_centre  # noqa: E402
from warehouse.harmonise.coder import code_terms, code_texts  # noqa: E402
from warehouse.identifiers.delivery import identifiers_in  # noqa: E402
from warehouse.landing import Delivery, land, text_files, text_rows  # noqa: E402

SEED = 20260117
ROWS_PER_PATIENT = 10
DRUGS = (
    "pembrolizumab",
    "帕博利珠单抗",
    "Keytruda",
    "doxorubicin",
    "PD-1",
    "anlotinib",
    "XYZ-123",
    "gemcitabine + docetaxel",
)
CENTRE = """
code: aa01
title: Hospital (synthetic)
language: en
timezone: Europe/Berlin
jurisdiction: DE
legal_basis: synthetic data
cut_off_on: 2024-06-30
source: {kind: file, path: incoming}
tables:
  patient: {file: people.csv, patient: No, columns: {sex: Sex, born_on: Born, link_token: Token}}
  tumour: {file: people.csv, patient: No, columns: {histology: Diagnosis, metastatic_on: Metastatic}}
  drug_exposure:
    file: drugs.csv
    patient: No
    key: [No, Record]
    columns:
      agent: Drug
      started_on: Started
      stopped_on: Stopped
      is_ongoing: Ongoing
      dose: Dose
      dose_unit: Unit
      cycles: Cycles
      stop_reason: Reason
      is_administered: Given
"""


@dataclass
class Time:
    """Seconds on the wall, and of processor over all threads: the latter changes less on a busy machine."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True)
class Line:
    """One row of the printed table."""

    what: str
    time: Time
    floor: str
    floor_time: Time
    rows: int

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        return (
            self.what, f"{self.time.wall:.2f}", f"{self.time.cpu:.2f}", f"{self.rows / self.time.wall:,.0f}", self.floor,
            f"{self.floor_time.wall:.3f}", f"{self.floor_time.cpu:.3f}",
            f"{self.time.wall / self.floor_time.wall:.1f}", f"{self.time.cpu / self.floor_time.cpu:.1f}",
        )  # fmt: skip


@contextmanager
def clocked() -> Iterator[Time]:
    """Time a block."""
    spent, wall, cpu = Time(), time.perf_counter(), time.process_time()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - wall, time.process_time() - cpu


def best_of(n: int, work: Callable[[], object]) -> Time:
    """The least of n times of a short piece of work: the one the machine disturbed least."""
    times = []
    for _ in range(n):
        with clocked() as clock:
            work()
        times.append(clock)
    return Time(min(one.wall for one in times), min(one.cpu for one in times))


def write_export(folder: Path, rows: int) -> None:
    """drugs.csv with 10 mapped columns, and people.csv; one cell in fifty is at fault or missing."""
    draw = random.Random(SEED)
    first = date(2017, 1, 1)
    drugs, people = (
        ["No,Record,Drug,Started,Stopped,Ongoing,Dose,Unit,Cycles,Reason,Given"],
        ["No,Sex,Born,Token,Diagnosis,Metastatic"],
    )
    for patient in range(rows // ROWS_PER_PATIENT):
        born = date(1940, 1, 1) + timedelta(days=draw.randrange(25_000))
        people.append(
            f"P{patient:06d},{draw.choice('FM')},{born},t{patient},{draw.choice(('ASPS', 'UPS', '平滑肌肉瘤'))},2017-02-01"
        )
        start, drug = first + timedelta(days=draw.randrange(1500)), draw.choice(DRUGS)
        for record in range(ROWS_PER_PATIENT):
            if draw.random() < 0.25:  # some three lines of three or four records each
                start, drug = start + timedelta(days=draw.randrange(30, 200)), draw.choice(DRUGS)
            start += timedelta(days=21)
            stop = start + timedelta(days=draw.randrange(-3, 21))
            shown = draw.choice(
                (
                    start.isoformat(),
                    start.strftime("%Y/%m/%d"),
                    start.strftime("%Y%m%d"),
                    f"{start.year}年{start.month}月",
                )
            )
            fault = draw.random() < 0.02
            drugs.append(
                f"P{patient:06d},{record},{drug},{'soon' if fault else shown},{stop},{draw.choice(('yes', 'no', ''))},"
                f"{draw.randrange(50, 400)},mg,{draw.randrange(0, 20)},{draw.choice(('PD', '毒性', ''))},是"
            )
    (folder / "drugs.csv").write_text("\n".join([*drugs, ""]), encoding="utf-8")
    (folder / "people.csv").write_text("\n".join([*people, ""]), encoding="utf-8")


def bench_doors(
    centre: Centre, delivery: Delivery, incoming: Path, landing: Path, rows: int
) -> tuple[Path, list[Line]]:
    """Reading with coordinates, the scan, then both doors, against polars reading the same file as text."""
    csv = incoming / "drugs.csv"
    floor = best_of(3, lambda: pl.read_csv(csv, infer_schema=False))
    with clocked() as reading:
        for file in delivery.files:
            text_rows(landing, file, encodings=centre.encoding)
    with clocked() as scan:
        found = identifiers_in(centre, delivery, landing)
    assert not found, found
    with clocked() as doors:
        folder = type_centre(centre, delivery, landing, b"bench").folder
    shown = "polars reads the CSV as text"
    return folder, [
        Line("reading with coordinates, landed as Parquet", reading, shown, floor, rows),
        Line("scan for identifiers", scan, shown, floor, rows),
        Line("text door and pandera door", doors, shown, floor, rows),
    ]


def bench_build(inputs: build.BuildInputs, target: Path, rows: int) -> Line:
    """The whole build against DuckDB writing the drug rows into one table."""
    (folder,) = inputs.folders

    def write_one_table() -> None:
        path = target.with_name("floor.duckdb")
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"create table t as select * from read_parquet('{folder / 'drug_exposure.parquet'}')")

    floor = best_of(3, write_one_table)
    with clocked() as clock:
        build.build(target, inputs)
    return Line("build: coding, models, checks, accounts", clock, "DuckDB writes one table", floor, rows)


def bench_checks(inputs: build.BuildInputs, rows: int) -> Line:
    """Every check against DuckDB reading every column of the core tables, once for each check."""
    codes = {part.centre.code: part.centre.assessment_interval_days for part in inputs.contributions}
    with rule_cases.modelled(inputs, codes) as connection:

        def read_all() -> None:
            for table in CORE:
                connection.execute(f"select approx_count_distinct(columns(*)) from core.{table}").fetchall()

        floor = best_of(3, read_all)
        with clocked() as clock:
            check.run(connection, check.rules(), list(codes))
    n = len(check.rules())
    return Line(f"{n} checks", clock, "DuckDB reads every core column once", floor, rows)


def diagnoses(n: int) -> list[str]:
    """Distinct diagnoses as they are written: a term of the list with a place and what else stands beside it."""
    terms = pl.read_csv(ROOT / "schemas" / "codes" / "histology_term.csv")["text"].unique(maintain_order=True).to_list()
    where = ("", ", left thigh", ", retroperitoneum", ", 左大腿", "（肺转移）", ", uterus", " of the arm", " 腹膜后")
    how = ("", " G2", " G3", ", recurrent", ", metastatic", "，高级别", "，考虑复发", " (biopsy)")
    texts = [f"{term}{place}{grade}" for term in terms for place in where for grade in how]
    random.Random(SEED).shuffle(texts)
    return texts[:n]


def bench_coder(n: int) -> Line:
    """Distinct texts through the coder against polars sorting them and finding the distinct ones."""
    texts = diagnoses(n)
    floor = best_of(3, lambda: pl.Series(texts).unique().sort())
    code_texts("histology", texts[:10])
    with clocked() as clock:
        code_texts("histology", texts)
    return Line("coder, distinct diagnoses", clock, "polars sorts the distinct texts", floor, len(texts))


def bench_coded_rows(folder: Path, rows: int, distinct: int) -> Line:
    """A delivery's rows read, their distinct texts coded and joined, against reading and joining with codes at hand."""
    texts, draw, csv = diagnoses(distinct), random.Random(SEED), folder / "diagnoses.csv"
    told = {
        "No": [f"P{row // ROWS_PER_PATIENT:06d}" for row in range(rows)],
        "Diagnosis": draw.choices(texts, k=rows),
        "Diagnosed": [f"20{row % 20:02d}-01-{1 + row % 28:02d}" for row in range(rows)],
        "Size": [str(row % 200) for row in range(rows)],
    }
    pl.DataFrame(told).write_csv(csv)

    def read_and_join(code: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"create table delivered as select * from read_csv('{csv}', all_varchar = true)")
            found = connection.execute("select distinct 'aa01' as centre, Diagnosis as text from delivered").pl()
            connection.register("coded", code(found).to_arrow())
            connection.execute("create table term_map as select * from coded")
            connection.execute(
                "create table core as select delivered.*, term_map.code, term_map.entity_code, term_map.needs_query "
                "from delivered left join term_map on term_map.centre = 'aa01' and term_map.text = delivered.Diagnosis"
            )

    ready: dict[str, pl.DataFrame] = {}

    def code_once(found: pl.DataFrame) -> pl.DataFrame:
        ready["coded"] = code_terms("histology", found)
        return ready["coded"]

    with clocked() as clock:
        read_and_join(code_once)
    floor = best_of(3, lambda: read_and_join(lambda _: ready["coded"]))
    return Line(
        f"rows of {distinct:,} diagnoses: read, coded, joined", clock, "read and joined, codes at hand", floor, rows
    )


def printed(lines: list[Line]) -> str:
    """The table."""
    head = ("what", "s", "cpu s", "rows/s", "floor", "s", "cpu s", "ratio", "cpu ratio")
    cells = [head, *(line.cells() for line in lines)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def main() -> None:
    """Make the data, run every bench, print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=200_000, help="drug rows (200000)")
    options.add_argument("--texts", type=int, default=100_000, help="distinct diagnoses (100000)")
    options.add_argument("--coded-rows", type=int, default=1_000_000, help="rows of 5,000 diagnoses (1000000)")
    chosen = options.parse_args()
    rows: int = chosen.rows
    with tempfile.TemporaryDirectory() as place:
        incoming, landing = Path(place) / "incoming", Path(place) / "landing"
        incoming.mkdir()
        write_export(incoming, rows)
        centre = Centre.model_validate(parse_yaml(CENTRE))
        with clocked() as landed:
            delivery = land(sorted(incoming.iterdir()), landing)
        floor = best_of(3, lambda: [file.read_bytes() for file in incoming.iterdir()])
        lines = [Line("landing the bytes", landed, "Python reads the bytes", floor, rows)]
        folder, doors = bench_doors(centre, delivery, incoming, landing, rows)
        inputs = replace(
            rule_cases.inputs_of(Path(place), centre, folder), text_files=tuple(text_files(landing, texts_of(folder)))
        )
        lines += [
            *doors,
            bench_build(inputs, Path(place) / "bench.duckdb", rows),
            bench_checks(inputs, rows),
            bench_coded_rows(Path(place), chosen.coded_rows, 5_000),
            bench_coder(chosen.texts),
        ]
    print(
        f"{rows:,} drug rows of {rows // ROWS_PER_PATIENT:,} persons, 10 mapped columns; {chosen.texts:,} diagnoses; seed {SEED}\n"
    )
    print(printed(lines))


if __name__ == "__main__":
    main()
