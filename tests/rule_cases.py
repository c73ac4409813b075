"""ASCII tables as cases: rows as a centre means them, through the real cells, code lists, models and checks.

A case is blocks of `table`, a header and rows, cells apart by `|`, blocks by an empty line. Columns bear the names of
centre.yaml (`status`, `death_on`); what is absent or empty is null. `patient` is p1 unless said. The column `verdict`
says what a rule must find of its row: FAULT, sound, or nothing where it cannot judge it. All cases stand in one
warehouse in memory, each as a centre of its own, so that every check and model runs once.

A block `before tumour` is of the centre's last delivery; the n-th row of both is one record, or the one that a column
`record` numbers. `times` repeats a row, each for a patient of its own. What a rule says of a whole table or field stands
in a block `judged`: table, field, verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import small_home

from schemas import dictionary
from schemas.canonical import CORE, MODELS, staging_columns
from schemas.centre import Centre, ColumnReading, deliverable, load_centre
from schemas.endpoints import EndPoints
from schemas.registry import load_registry
from warehouse import build
from warehouse.before import Before
from warehouse.cells import Context, decode_column, decoder
from warehouse.named_sheet import FINDING

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "three-centres"
CUT_OFF = date(2024, 6, 30)
INTERVAL_DAYS = 56
JUDGED = "judged"
"""The block (table, field, verdict) of what a rule says of a centre's whole column."""
_OWN = ("patient", "verdict", "record", "times")
BEFORE = "before "


@dataclass(frozen=True)
class Block:
    """One table of a case."""

    table: str
    names: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Verdicts:
    """What a check says of a case: record keys at fault, and how many records it judged."""

    faults: frozenset[str] = frozenset()
    judged: int = 0


def blocks(text: str) -> list[Block]:
    """The tables of a case."""
    found = []
    for part in text.strip().split("\n\n"):
        table, head, *lines = [line.strip() for line in part.splitlines() if line.strip()]
        names = _cells(head)
        rows = [row for line in lines for row in _repeated(dict(zip(names, _cells(line), strict=True)))]
        found.append(Block(table, tuple(names), tuple(rows)))
    return found


def _repeated(row: dict[str, str]) -> list[dict[str, str]]:
    times = int(row.get("times") or 1)
    return [row] if times == 1 else [{**row, "patient": f"{row.get('patient') or 'p'}.{n}"} for n in range(times)]


def _key(case: str, block: Block, row: dict[str, str], number: int) -> str:
    """What findings call a row: its record, or for a block `judged` the table and field."""
    if block.table == JUDGED:
        return record_key(case, row["table"], row.get("field") or "")
    return record_key(case, block.table.removeprefix(BEFORE), row.get("record") or number)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def record_key(case: str, table: str, number: int | str) -> str:
    """The key of the n-th row of a case's table, from 1; of a whole column by its field."""
    return f"{case}:{table}:{number}"


def expected(case: str, text: str) -> Verdicts:
    """The verdicts a case asks for."""
    marks = {
        _key(case, block, row, number): row["verdict"]
        for block in blocks(text)
        for number, row in enumerate(block.rows, 1)
        if row.get("verdict")
    }
    assert set(marks.values()) <= {"FAULT", "sound"}, f"{case}: a verdict is FAULT, sound or nothing"
    return Verdicts(frozenset(key for key, mark in marks.items() if mark == "FAULT"), len(marks))


def typed(table: str, texts: pl.DataFrame) -> pl.DataFrame:
    """Rows of texts (columns of centre.yaml) as typed rows, each cell through the text door; no cell may be at fault."""
    made: dict[str, pl.Series] = {}
    for name, column in deliverable(table).items():
        if name not in texts.columns:
            continue
        context = Context(meanings={}, missing={}, drawn_on=date(2100, 1, 1))
        reading = ColumnReading.model_validate({"from": name})
        decoded = decode_column(texts[name], column, decoder(column, reading, context))
        assert decoded["fault"].drop_nulls().is_empty(), f"{table}.{name}: {decoded['fault'].drop_nulls().to_list()}"
        made[column.name] = decoded["value"]
        if column.dtype == pl.Date:
            made |= {f"{column.name}_{part}": decoded[part] for part in ("source", "earliest", "latest", "precision")}
    rows = []
    for column in staging_columns(CORE[table]):
        kind = pl.List(pl.String) if column.dtype == pl.List else column.dtype
        own = texts[column.name] if column.name in ("centre", "patient_id", "record_key") else None
        given = made.get(column.name, own)
        rows.append((pl.lit(None) if given is None else pl.lit(given)).cast(kind).alias(column.name))
    stated = (
        texts["missing"] if "missing" in texts.columns else pl.repeat(None, len(texts), dtype=pl.String, eager=True)
    )
    return texts.select(rows).with_columns(
        source_rows=pl.concat_list("record_key"), missing=pl.lit(stated.str.split(" ").fill_null([]))
    )


def _filed(cases: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """The rows of all cases by table, as texts, with centre, patient_id and record_key."""
    rows: dict[str, list[dict[str, str | None]]] = {}
    for case, text in cases.items():
        for block in blocks(text):
            if block.table == JUDGED:
                continue
            for number, row in enumerate(block.rows, 1):
                told = {name: value or None for name, value in row.items() if name not in _OWN}
                if told.get("link_token"):
                    told["link_token"] = " ".join(
                        f"{part}~{case.replace(' ', '_')}" for part in told["link_token"].split()
                    )
                own = {
                    "centre": case,
                    "patient_id": f"{case}:{row.get('patient') or 'p1'}",
                    "record_key": _key(case, block, row, number),
                }
                rows.setdefault(block.table, []).append({**told, **own})
    return {
        table: pl.DataFrame(found, schema=dict.fromkeys(dict.fromkeys(n for row in found for n in row), pl.String))
        for table, found in rows.items()
    }


_LINKED = """
    insert into quality.link by name
    select one.patient_id, two.patient_id as other_patient_id, one.centre, 'elsewhere' as other_centre,
        'none' as band, 'same' as decision
    from core.patient as one
    join core.patient as two using (link_token)
    where one.patient_id < two.patient_id
"""
"""What the linkage makes of _decide, which in a case holds for records of one centre too."""


def warehouse_of(
    cases: Mapping[str, str], folder: Path, end_points: EndPoints | None = None
) -> duckdb.DuckDBPyConnection:
    """All cases in one warehouse in memory, its models run. A block `finding` is what the doors have found, a block
    `centre` gives the centre's assessment_interval_days. end_points: settings other than the demonstration's.

    folder: for the typed rows.
    """
    filed = _filed(cases)
    typed_rows = folder / "typed"
    typed_rows.mkdir(parents=True)
    told = folder / "before"
    told.mkdir()
    for table in CORE:
        none = pl.DataFrame(schema={"centre": pl.String, "patient_id": pl.String, "record_key": pl.String})
        typed(table, filed.get(table, none)).write_parquet(typed_rows / f"{table}.parquet")
        typed(table, filed.get(BEFORE + table, none)).write_parquet(told / f"{table}.parquet")
    home = small_home.make_home(folder / "home", ("aa01",))
    _decide(home, filed.get("patient", pl.DataFrame()))
    intervals = {
        row["centre"]: None if row["assessment_interval_days"] == "none" else int(row["assessment_interval_days"])
        for row in filed.get("centre", pl.DataFrame()).iter_rows(named=True)
    }
    centres = {case: intervals.get(case, INTERVAL_DAYS) for case in cases}
    inputs = inputs_of(home, load_centre(home / "centres" / "aa01"), typed_rows)
    if end_points is not None:
        inputs = replace(inputs, registry=inputs.registry.model_copy(update={"endpoints": end_points}))
    part = replace(inputs.contributions[0], before=Before(told, None))
    connection = modelled(replace(inputs, contributions=(part,)), centres, filed.get("finding"))
    for row in filed.get("before centre", pl.DataFrame()).iter_rows(named=True):
        connection.execute("insert into staging.before_centre values (?, ?)", [row["centre"], row["cut_off_on"]])
    connection.execute(_LINKED)
    return connection


def _decide(home: Path, patients: pl.DataFrame) -> None:
    """In a case, patients with one link token have been decided to be one person."""
    if "link_token" not in patients.columns:
        return
    tokens = patients.drop_nulls("link_token").group_by("link_token", maintain_order=True).agg("patient_id")
    agreed = "decision: same, agreed_by: test, agreed_on: 2024-01-01, reason: equal tokens"
    pairs = [f'- {{pair: ["{ids[0]}", "{other}"], {agreed}}}' for ids in tokens["patient_id"] for other in ids[1:]]
    if pairs:
        (home / "links.yaml").write_text("pairs:\n" + "\n".join(pairs) + "\n", encoding="utf-8")


def inputs_of(home: Path, centre: Centre, typed_rows: Path) -> build.BuildInputs:
    """What a build takes, with the demonstration's registry.yaml."""
    return build.BuildInputs(
        home=home, registry=load_registry(EXAMPLE), contributions=(build.Contribution(centre, typed_rows, "fresh"),),
        text_files=(), refresh_id="cases", as_of=datetime(2024, 7, 1, tzinfo=UTC), code_version="cases",
        manifest_hash="", secret=b"cases",
    )  # fmt: skip


def modelled(
    inputs: build.BuildInputs, centres: Mapping[str, int | None], findings: pl.DataFrame | None = None
) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the models run and staging still there, as the checks find it."""
    connection = duckdb.connect()
    for schema in ("core", "mart", "quality", "reference", "meta", "staging"):
        connection.execute(f"create schema {schema}")
    for model in MODELS:
        connection.execute(dictionary.create_table(model))
    connection.execute(f"set variable combination_window_days = {inputs.registry.combination_window_days}")
    connection.execute(f"set variable metastatic_tolerance_days = {inputs.registry.metastatic_tolerance_days}")
    connection.execute("insert into meta.refresh by name select 'cases' as refresh_id, 'CASES' as study_id")
    for centre, interval_days in centres.items():
        connection.execute(
            "insert into meta.centre by name select ? as centre, ? as cut_off_on, ? as assessment_interval_days",
            [centre, CUT_OFF, interval_days],
        )
    if findings is not None:
        _insert_findings(connection, findings)
    build._fill_reference(connection, inputs)
    build._fill_terms(connection, inputs)
    build._run_models(connection, inputs)
    build._offer_before(connection, inputs)
    build._fill_completeness(connection)
    return connection


def _insert_findings(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    book = build.rule_book()
    wanted = [name for name in FINDING if name in rows.columns]
    found = rows.select("centre", *wanted, finding_id="record_key").with_columns(
        pl.col("rule").replace_strict({name: rule.action for name, rule in book.items()}).alias("action")
    )
    connection.register("_found", found.to_arrow())
    connection.execute("insert into quality.finding by name select * from _found")
    connection.unregister("_found")


def said(results: pl.DataFrame, found: pl.DataFrame, rule: str, case: str) -> Verdicts:
    """What a rule said of a case. An agent's own record of a regimen (`key/agent`) counts as the record delivered."""
    mine = results.filter((pl.col("rule") == rule) & (pl.col("centre") == case))
    at_fault = found.filter((pl.col("rule") == rule) & (pl.col("centre") == case)).select(
        pl.coalesce("record_key", pl.format("{}:{}:{}", "centre", "table_name", pl.col("field").fill_null("")))
    )["record_key"]
    return Verdicts(frozenset(key.split("/")[0] for key in at_fault), int(mine["judged"].sum()))
