"""The power of every rule, measured: `python tests/rule_power.py` writes docs/rule-power.md.

Three sources, kept apart. Cases: the rows by which each rule is tested. Seeded: faults of tests/fault_seeds.py in the
clean demonstration. Demo: the faults of the answer key, in the committed demonstration.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import cross_centre_cases
import duckdb
import polars as pl
import rule_cases
from fault_seeds import SEEDS, Seed

from schemas.canonical import CORE
from schemas.centre import load_centre
from schemas.registry import load_registry
from warehouse import build, check
from warehouse.before import Before
from warehouse.home import SYNTHETIC_SECRET
from warehouse.row_door import empty_cells, row_faults

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "rule-power.md"
EACH = 3
"""Records that bear a seed."""
_PLACE = ["rule", "centre", "table_name", "patient_id", "record_key", "field"]


@dataclass(frozen=True)
class Tally:
    """What a rule did with what was put before it: counts of records (cases, seeded) or of places (demo)."""

    planted: int = 0
    found: int = 0
    sound: int = 0
    false_alarms: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.planted + other.planted,
            self.found + other.found,
            self.sound + other.sound,
            self.false_alarms + other.false_alarms,
        )


Tallies = dict[str, Tally]


def tests_of(path: str) -> ModuleType:
    """A module of tests by its path: the cases stand where they are tested."""
    spec = importlib.util.spec_from_file_location(f"power_{Path(path).stem}", ROOT / "tests" / path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _compared(asked: rule_cases.Verdicts, at_fault: frozenset[str], judged: int) -> Tally:
    planted = len(asked.faults)
    return Tally(planted, len(asked.faults & at_fault), judged - planted, len(at_fault - asked.faults))


def of_cases(folder: Path) -> Tallies:
    """Every rule before its own cases."""
    doors = _of_text_door(folder / "text") | _of_row_door() | _of_corrections(folder / "corrections")
    return doors | _of_checks(folder / "checks") | _of_centres(folder / "all")


def _of_text_door(folder: Path) -> Tallies:
    doors = tests_of("warehouse/test_doors.py")
    found = doors.delivered(folder / "incoming", folder / "landing") / "finding.parquet"
    said = pl.read_parquet(found).filter(table_name="adverse_event").select("rule", "line").rows()
    marks, lines = doors.marks(), len(doors.LINES.strip().splitlines()) - 1
    tallies = {}
    for rule in marks.values():
        wanted = {line for line, marked in marks.items() if marked == rule}
        lines_found = {line for named, line in said if named == rule}
        tallies[rule] = Tally(
            len(wanted), len(wanted & lines_found), lines - len(marks), len(lines_found - wanted)
        )  # fmt: skip
    return tallies


def _of_corrections(folder: Path) -> Tallies:
    """A correction of a cell whose source stays as it was, says what was agreed, says something else."""
    import small_home

    corrections = tests_of("warehouse/test_corrections.py")
    home = small_home.make_home(folder, (corrections.CODE, "bb02"))
    incoming = home / "incoming" / corrections.CODE
    small_home.write_export(incoming, small_home.cases(8), small_home.visits(8))
    small_home.refresh(home)
    said = corrections.sent_again(home)
    tallies = {"correction_mended": Tally(), "correction_outdated": Tally()}
    for sent, fault in (("{}", None), ("55", "correction_mended"), ("34", "correction_outdated")):
        for rule in tallies:
            hit, planted = said[sent][2] == rule, rule == fault
            tallies[rule] += Tally(int(planted), int(planted and hit), int(not planted), int(hit and not planted))
    return tallies


def _of_row_door() -> Tallies:
    doors = tests_of("warehouse/test_doors.py")
    tallies = {}
    for rule, text in doors.ROWS.items():
        (block,), rows = rule_cases.blocks(text), doors.typed_case(rule)
        faults = row_faults(block.table, rows).filter(rule=rule)
        at_fault = frozenset(rows["record_key"][index] for index in faults["index"])
        asked = rule_cases.expected(rule, text)
        tallies[rule] = _compared(asked, at_fault, asked.judged)
    return tallies


def _of_checks(folder: Path) -> Tallies:
    checks = tests_of("warehouse/test_checks.py")
    with rule_cases.warehouse_of(checks.CASES, folder) as connection:
        judged = check.run(connection, check.rules(), checks.CASES)
    tallies: Tallies = {}
    for case, text in checks.CASES.items():
        rule = checks.rule_of(case)
        said = rule_cases.said(*judged, rule, case)
        tally = _compared(rule_cases.expected(case, text), said.faults, said.judged)
        tallies[rule] = tallies.get(rule, Tally()) + tally
    return tallies


def _of_centres(folder: Path) -> Tallies:
    """Rules over centres: what the odd centre, and what two share; sound is each centre that was judged beside."""
    results, found = cross_centre_cases.judge(folder)
    tallies = {}
    for rule in cross_centre_cases.RULES:
        at_fault = set(found.filter(rule=rule)["centre"])
        wanted = cross_centre_cases.SHARED_BY if rule in cross_centre_cases.SHARED else {"odd"}
        judged = set(results.filter((pl.col("rule") == rule) & (pl.col("judged") > 0))["centre"])
        tallies[rule] = Tally(len(wanted), len(wanted & at_fault), len(judged - wanted), len(at_fault - wanted))
    return tallies


def of_seeds(folder: Path) -> tuple[Tallies, int, int]:
    """Every rule before the seeded demonstration; with the number of builds, and of findings of a rule in patients who
    bear another rule's seed, which are neither recall nor false alarm.
    """
    home = clean_home(folder / "clean")
    centres = {
        pl.read_parquet(path)["centre"][0]: path.parent for path in home.glob("landing/typed/*/export.parquet")
    }  # fmt: skip
    clean = pl.concat([pl.read_parquet(path / "finding.parquet") for path in centres.values()])
    assert clean.is_empty(), "the clean demonstration has findings at the doors"
    known, _ = _built(home, centres, centres, folder / "clean.duckdb", pl.DataFrame())
    tallies: Tallies = {rule: Tally() for rule in build.rule_book()}
    waiting, builds, beside = list(SEEDS), 0, 0
    while waiting:
        builds += 1
        place = folder / f"seeded{builds}"
        planted, left, at_doors = _planted(waiting, centres, place)
        assert planted, f"no record can bear the seed of {waiting[0].rule}"
        seeded = {code: place / code for code in centres}
        found, judged = _built(home, centres, seeded, folder / f"{builds}.duckdb", at_doors)
        new = found.join(known, on=_PLACE, how="anti", nulls_equal=True)
        pairs = set(new.select("rule", "patient_id").rows())
        bearers = {patient for _, patient in planted}
        for rule, patient in planted:
            tallies[rule] += Tally(planted=1, found=int((rule, patient) in pairs))
        beside += len({pair for pair in pairs if pair[1] in bearers} - set(planted))
        strangers = new.filter(~pl.col("patient_id").is_in(list(bearers)) | pl.col("patient_id").is_null())
        for rule, number in strangers.group_by("rule").len().rows():
            tallies[rule] += Tally(false_alarms=number)
        for rule, number in judged.rows():
            tallies[rule] += Tally(sound=number)
        waiting = left
    return tallies, builds, beside


def clean_home(root: Path) -> Path:
    """A refreshed home of the demonstration without a planted fault."""
    import demo_generate
    import small_home

    shutil.copytree(rule_cases.EXAMPLE, root)
    shutil.rmtree(root / "incoming")
    demo_generate.generate(11, root / "incoming", faults=False, fit=False)
    published, _ = small_home.refresh(root)
    assert published, "the clean demonstration is not published"
    return root


def _planted(
    seeds: list[Seed], centres: dict[str, Path], place: Path
) -> tuple[list[tuple[str, str]], list[Seed], pl.DataFrame]:
    """Typed rows with as many of the seeds as there are patients of their own, written to place/<centre>: rule and
    patient of each record planted, the seeds that found no patient, and the row door's findings.
    """
    used: list[str] = []
    planted: list[tuple[str, str]] = []
    left: list[Seed] = []
    with duckdb.connect() as connection:
        for table in CORE:
            files = [str(path / f"{table}.parquet") for path in centres.values()]
            connection.execute(f"create table {table} as from read_parquet(?)", [files])
        for seed in seeds:
            rows = connection.execute(
                f"select patient_id, min(record_key) from {seed.table} as t "
                f"where ({seed.where}) and not list_contains(?::varchar[], patient_id) "
                "group by patient_id order by md5(patient_id || ?) limit ?",
                [used, seed.rule + seed.table, EACH],
            ).fetchall()
            if not rows or (len(rows) < EACH and used):
                left.append(seed)
                continue
            for patient, record in rows:
                used.append(patient)
                planted.append((seed.rule, patient))
                for statement in _statements(seed):
                    connection.execute(statement, {"key": record, "patient": patient})
        doors = [_write(connection, code, folder, place / code) for code, folder in centres.items()]
    return planted, left, pl.concat(doors)


def _statements(seed: Seed) -> Iterator[str]:
    """The SQL that plants a seed; $key is the record, $patient its patient."""
    here = "record_key = $key and patient_id = $patient"
    if seed.how == "drop_all":
        for table in CORE if seed.table == "patient" else (seed.table,):
            yield f"delete from {table} where patient_id = $patient and $key is not null"
        return
    if seed.how == "drop":
        yield f"delete from {seed.table} where {here}"
        return
    values: dict[str, str] = {}
    for name, value in seed.values.items():
        values |= _day(name, value, seed.month) if name.endswith("_on") else {name: value}
    if seed.how == "repeat":
        key = {"record_key": "record_key || '#again'"}
        told = ", ".join(f"{value} as {name}" for name, value in {**key, **values}.items())
        yield f"insert into {seed.table} select * replace ({told}) from {seed.table} as t where {here}"
        return
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    yield f"update {seed.table} as t set {told} where {here}"


def _day(name: str, value: str, month: bool) -> dict[str, str]:
    day = f"({value})::date"
    if month:
        parts = (
            "null",
            f"date_trunc('month', {day})::date",
            f"last_day({day})",
            "'month'",
            f"strftime({day}, '%Y-%m')",
        )
    elif value == "null":
        parts = ("null",) * 5
    else:
        parts = (day, day, day, "'day'", f"strftime({day}, '%Y-%m-%d')")
    names = (name, *(f"{name}_{part}" for part in ("earliest", "latest", "precision", "source")))
    return dict(zip(names, parts, strict=True))


def _write(connection: duckdb.DuckDBPyConnection, code: str, clean: Path, folder: Path) -> pl.DataFrame:
    """A centre's seeded rows through the row door, as its typed rows; the door's findings."""
    shutil.copytree(clean, folder)
    said = []
    for table in CORE:
        kept = pl.read_parquet_schema(clean / f"{table}.parquet")
        rows = connection.execute(f"from {table} where centre = ? order by record_key", [code]).pl().cast(dict(kept))
        faults = row_faults(table, rows)
        empty_cells(table, rows, faults).write_parquet(folder / f"{table}.parquet")
        at = rows.select("centre", "patient_id", "record_key").with_row_index("index").cast({"index": pl.Int64})
        said.append(faults.join(at, on="index").select(*_PLACE[:2], pl.lit(table).alias("table_name"), *_PLACE[3:]))
    return pl.concat(said)


def _built(
    home: Path, before: dict[str, Path], typed: dict[str, Path], target: Path, at_doors: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Places of all findings of a warehouse of these typed rows; and per rule how many records it judged sound."""
    parts = [(load_centre(home / "centres" / code), folder) for code, folder in sorted(typed.items())]
    inputs = build.BuildInputs(
        home=home, registry=load_registry(home),
        contributions=tuple(
            build.Contribution(centre, folder, "fresh", before=Before(before[centre.code], centre.cut_off_on))
            for centre, folder in parts
        ),
        text_files=tuple(sorted(home.glob("landing/text/*.parquet"))), refresh_id="power",
        as_of=datetime(2024, 7, 1, tzinfo=UTC), code_version="power", manifest_hash="", secret=SYNTHETIC_SECRET,
    )  # fmt: skip
    build.build(target, inputs)
    with duckdb.connect(str(target), read_only=True) as connection:
        found = connection.execute(f"select {', '.join(_PLACE)} from quality.finding").pl()
        judged = connection.execute(
            "select rule, sum(judged - faults)::bigint from quality.check_result group by rule order by rule"
        ).pl()
    return (pl.concat([found, at_doors]) if at_doors.height else found), judged


def of_demo(folder: Path) -> Tallies:
    """Every rule before the committed demonstration and its answer key."""
    key_tests = tests_of("test_answer_key.py")
    shutil.copytree(rule_cases.EXAMPLE, folder)
    case = key_tests.refreshed(folder, key_tests.COMMITTED)
    found, planted = key_tests.found_findings(case), key_tests.listed(case.key, "faults")
    expected = key_tests.listed(case.key, "faults", "natural", "implied")
    beyond = found - expected
    tallies: Counter[str] = Counter(place[0] for place in planted.elements())
    hit = Counter(place[0] for place in (planted & found).elements())
    false = Counter(place[0] for place in beyond.elements())
    return {rule: Tally(tallies[rule], hit[rule], 0, false[rule]) for rule in build.rule_book()}


def lacking(cases: Tallies) -> list[str]:
    """Rules that no case plants a fault for."""
    return sorted(rule for rule in build.rule_book() if not cases.get(rule, Tally()).planted)


def case_cells(tally: Tally) -> str:
    """Found of planted."""
    return f"{tally.found}/{tally.planted}" if tally.planted else "–"


def rows_of(text: str) -> dict[str, list[str]]:
    """The table of a page by rule: the other cells of each row."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def page(cases: Tallies, seeded: Tallies, demo: Tallies, builds: int, beside: int) -> str:
    """docs/rule-power.md."""
    book = build.rule_book()
    lines, totals = [], {"cases": Tally(), "seeded": Tally(), "demo": Tally()}
    for rule in sorted(book):
        three = [source.get(rule, Tally()) for source in (cases, seeded, demo)]
        for name, tally in zip(totals, three, strict=True):
            totals[name] += tally
        every = three[0] + three[1] + three[2]
        lines.append(
            f"| `{rule}` | {book[rule].kahn} | {' | '.join(case_cells(tally) for tally in three)} | {every.planted} "
            f"| {every.found} | {_percent(every)} | {three[0].sound} | {every.sound} | {every.false_alarms} |"
        )
    every = totals["cases"] + totals["seeded"] + totals["demo"]
    seeded_rules = sum(1 for tally in seeded.values() if tally.planted)
    missed = sorted(r for r in book if seeded.get(r, Tally()).found < seeded.get(r, Tally()).planted)
    alarms = {r: seeded[r].false_alarms for r in sorted(book) if seeded.get(r, Tally()).false_alarms}
    source_rows = "\n".join(
        f"| {name} | {sum(1 for t in source.values() if t.planted)} | {t.planted} | {t.found} | {_percent(t)} "
        f"| {t.sound or '–'} | {t.false_alarms} |"
        for (name, t), source in zip(totals.items(), (cases, seeded, demo), strict=True)
    )
    return f"""# Power of the rules

Made by `python tests/rule_power.py`; a test holds it equal to a fresh measurement. {len(book)} rules.

| source | rules with a fault | planted | found | recall | judged sound | false alarms |
|---|---|---|---|---|---|---|
{source_rows}
| all | {len(book) - len(lacking(cases))} | {every.planted} | {every.found} | {_percent(every)} | {every.sound} | {every.false_alarms} |

## What this shows, and what not

- **cases**: rows by which the rules are tested, written by the authors of the rules: that a rule finds what its author
  meant and leaves the neighbour alone that its author thought of. A build with a case missed does not pass, so
  100% here is a condition, not a result. Of the text door the neighbours are all lines without a fault; of the rules over
  centres the unit is a centre.
- **seeded**: {totals["seeded"].planted} faults of {seeded_rules} rules (`tests/fault_seeds.py`), {EACH} records each where
  as many can bear it, in the typed rows of the demonstration without faults, which is also the last delivery; {builds}
  builds, so that no patient bears two. Found: the rule finds something in that patient that it does not find without the
  seeds. False alarm: a finding that is new and lies in nobody who bears a seed. {beside} times a rule spoke of a patient
  who bears another rule's seed (a birth after the diagnosis is also a birth date that moved): neither recall nor false
  alarm. The text door is not part of it: its faults are gone before rows are typed. Judged sound counts a record once a build.
- **demo**: the planted faults of the answer key, found at their very line; false alarms are findings that neither the
  key names nor `explained_by` explains.
- The demonstration is synthetic and its generator has the same authors. None of this estimates how often real records
  are wrong, what share of real errors the rules find, or how many queries a hospital would call wrong. The yield of each
  rule on real exports stands in `quality.finding`; whether its queries were right, in the ledger's answers.

The first run found 334 of 345; four seeds were then judged faulty and rewritten, so that the seeded figure is not blind.
A seed is planted without asking whether its rule can judge the record (a diagnosis that no list resolves has no entity
to compare); one that is passed over counts as missed.

Seeds not all found: {", ".join(f"`{rule}`" for rule in missed) or "none"}.
False alarms among the seeded: {", ".join(f"`{rule}` {n}" for rule, n in alarms.items()) or "none"}.

## Rule by rule

Cases, seeded and demo are found/planted; – is none planted.

| rule | Kahn | cases | seeded | demo | planted | found | recall | judged sound (cases) | judged sound | false alarms |
|---|---|---|---|---|---|---|---|---|---|---|
""" + "\n".join(lines) + "\n"  # fmt: skip


def _percent(tally: Tally) -> str:
    return f"{100 * tally.found / tally.planted:.1f}%" if tally.planted else "–"


def measured(folder: Path) -> str:
    """The page by a fresh measurement."""
    cases = of_cases(folder / "cases")
    none = lacking(cases)
    assert not none, f"no case plants a fault for {', '.join(none)}: write one (tests/rule_cases.py)"
    seeded, builds, beside = of_seeds(folder / "seeded")
    return page(cases, seeded, of_demo(folder / "demo"), builds, beside)


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(measured(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tests" / "centres")]
    main()
