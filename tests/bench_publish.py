"""`make bench`: publishing, the snapshot and `trace` at many patients: seconds and bytes.

The demonstration is refreshed for real; then its warehouse and its landed text rows are multiplied in DuckDB, each copy
of a patient under another pseudonym and with delivered rows of its own, until there are `--patients N`. What follows is
the real way: the gate judges the file, it is given its fingerprints, renamed, linked and swapped in, and any patient is
traced. Reading and building as many rows is not part of it (bench.py times that per row). `--memory` is what DuckDB may
hold before it spills, in every connection.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import small_home  # noqa: E402

from schemas.canonical import MODELS, columns, model_metadata, table_name  # noqa: E402
from warehouse import gate, publish, trace  # noqa: E402
from warehouse import refresh as steps  # noqa: E402
from warehouse.home import Home, one_writer  # noqa: E402

NEW_ID = "left({0}, 4) || printf('%08x', copy) || substr({0}, 5, 8)"
"""Pseudonym of a copy: the centre, the copy's number, the first half of the original's; as long as a real one."""
NEW_ROW = "split_part({0}, ':', 1) || ':' || split_part({0}, ':', 2) || ':' || (split_part({0}, ':', 3)::bigint + copy * 1000000)"
ACCOUNTED = ("delivered", "loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted")


def limited(memory: str, folder: Path) -> None:
    """Every connection of this process is held to the memory, also those that the program opens."""
    plain = duckdb.connect

    def connect(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        connection = plain(*given, **named)
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute(f"set temp_directory = '{folder}'")
        return connection

    duckdb.connect = connect  # type: ignore[assignment]


def clocked(what: str, work: Callable[[], Any]) -> Any:
    """Do it, and print its seconds on the wall and of processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(f"{what:62} {time.perf_counter() - wall:8.1f} s {time.process_time() - cpu:8.1f} cpu s", flush=True)
    return done


def multiply(database: Path, copies: int) -> None:
    """Every row of a patient as often as there are copies, in the order of the tables' keys."""
    with duckdb.connect(str(database)) as connection:
        # The copies' number runs slowest, so that a patient's rows lie together, as in a real file.
        connection.execute("set disabled_optimizers = 'build_side_probe_side,join_order'")
        for model in MODELS:
            name, names = table_name(model), [column.name for column in columns(model)]
            if name == "quality.row_account":
                scaled = ", ".join(f"{column} = {column} * {copies}" for column in ACCOUNTED)
                connection.execute(f"update {name} set {scaled}")
            elif "patient_id" in names and not name.startswith("quality.link"):
                _multiply(connection, name, model_metadata(model)["key"], names, copies)
        connection.execute("checkpoint")


def _multiply(
    connection: duckdb.DuckDBPyConnection, name: str, key: tuple[str, ...], names: list[str], copies: int
) -> None:
    new = NEW_ID.format("patient_id")
    others = {"finding_id", "query_id", "root_query_id"}
    changed = {
        column: new if column in ("patient_id", "USUBJID")
        else f"{NEW_ID.format(column)} || substr({column}, 21)" if column in ("record_key", "SRCSEQ") or column.endswith("_record_key")
        else f"left({column}, 8) || printf('%08x', copy)" if column in others
        else f"list_transform({column}, row_id -> {NEW_ROW.format('row_id')})" if column == "source_rows"
        else f"case when row_id is not null then {NEW_ROW.format('row_id')} end" if column == "row_id"
        else ""
        for column in names
    }  # fmt: skip
    shown = ", ".join(f'{text} as "{column}"' for column, text in changed.items() if text)
    connection.execute(f"create temp table seed as from {name} order by {', '.join(key)}")
    connection.execute(f"delete from {name}")
    connection.execute(
        f"insert into {name} by name select seed.* replace ({shown}) from seed, range({copies}) as t(copy)"
    )
    connection.execute("drop table seed")


def multiply_text(landing: Path, copies: int) -> None:
    """The delivered text rows of every copy, beside one another in the files they stand in."""
    with duckdb.connect() as connection:
        for path in sorted((landing / "text").glob("*.parquet")):
            aside = path.with_suffix(".new")
            connection.execute(
                f"copy (select * replace ({NEW_ROW.format('row_id')} as row_id, line + copy * 1000000 as line) "
                f"from '{path}', range({copies}) as t(copy)) to '{aside}' (format parquet, compression zstd)"
            )
            aside.replace(path)


def held(root: Path) -> int:
    """Bytes of the files under a folder, each once however many names it has."""
    files = {
        status.st_ino: status.st_size for path in root.rglob("*") if not (status := path.lstat()).st_mode & 0o040000
    }
    return sum(files.values())


def run(place: Path, patients: int) -> None:
    """Make the home, publish the many, publish once more as a snapshot, trace one."""
    root = place / "home"
    shutil.copytree(ROOT / "examples" / "three-centres", root)
    first, _ = small_home.refresh(root)
    home = Home(root)
    assert first
    copies = -(-patients // sum(publish.manifest(home, first)["patients"].values()))
    body = publish.manifest(home, first)
    body = {name: value for name, value in body.items() if name not in ("patients", "tables")}
    with one_writer(home, 1):
        job = steps.prepare(root)
        for number in (1, 2):
            name = f"{first}-{number}"
            folder = publish.start(home, name)
            shutil.copytree(home.refreshes / first / publish.CONFIGURATION, folder / publish.CONFIGURATION)
            database = folder / publish.DATABASE
            source = home.database
            shutil.copyfile(source, database)
            if number == 1:
                clocked("writing every table, at its size, into one file", lambda: multiply(database, copies))  # noqa: B023
                print(f"{'':62} {database.stat().st_size / 1e6:8,.0f} MB")
                verdict = clocked("gate: keys, foreign keys, codes, accounts, cohort",
                                  lambda: gate.judge(database, job.registry, {}))  # noqa: B023  # fmt: skip
                refused = gate.failed(verdict)
                assert not refused, refused
            before = held(root)
            clocked(f"publishing ({'first' if number == 1 else 'a snapshot kept beside it'}): fingerprints, disk, link, swap",
                    lambda: publish.commit(home, name, body, 10))  # noqa: B023  # fmt: skip
            print(f"{'':62} {(held(root) - before) / 1e6:8,.1f} MB more under the home by publishing")
    assert home.database.samefile(home.refreshes / name / publish.DATABASE)
    clocked("the text rows of all deliveries, landed", lambda: multiply_text(home.landing, copies))
    text = sum(path.stat().st_size for path in (home.landing / "text").glob("*.parquet"))
    print(f"{'':62} {text / 1e6:8,.0f} MB")
    with duckdb.connect(str(home.database), read_only=True) as connection:
        row = connection.execute(
            "select (select count(*) from core.patient), (select max(patient_id) from mart.cohort), "
            "(select sum(estimated_size) from duckdb_tables())"
        ).fetchone()
    assert row
    print(f"{row[0]:,} patients, {row[2]:,} rows in all tables")
    for again in ("first", "again"):
        values = clocked(f"trace of one patient ({again})", lambda: trace.trace(home, row[1]))
    assert values["raw_text"].drop_nulls().len() > 20
    print(f"{values.height} values, {values['raw_text'].drop_nulls().len()} of them with their cell")
    clocked("read.patient, whole", lambda: _count(home, "read.patient"))


def _count(home: Home, view: str) -> None:
    with duckdb.connect(str(home.database), read_only=True) as connection:
        connection.execute(f"select max(columns(*)) from {view}").fetchall()


def main() -> None:
    """Read the options, run, print the peak of memory."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--patients", type=int, default=10_000)
    options.add_argument("--memory", default="4GB")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        limited(chosen.memory, Path(place) / "spill")
        run(Path(place), chosen.patients)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main()
