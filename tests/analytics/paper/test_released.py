"""The pack that leaves: an attacker with every file of it finds no small count, and nobody who is alone in a cell."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from functools import cache
from itertools import islice
from pathlib import Path

import paper_material
import polars as pl
import pytest

from analytics.locale.catalogue import LANGUAGES
from analytics.paper.drawings import DRAWN
from analytics.paper.material import Material
from analytics.paper.pack import write_pack, write_released
from analytics.paper.release import released
from analytics.plan import Plan
from analytics.survival.outcome import Frames
from analytics.survival.run import run_plan
from warehouse.lock import Cut

PLAN = Plan.model_validate(paper_material.PLAN.model_dump() | {"sensitivity": {}})
LEAST = PLAN.disclosure.smallest_cell
ALONE = "hx01-0000"
Cells = dict[tuple[str, ...], int | None]
Rules = list[tuple[tuple[str, ...], list[tuple[str, ...]]]]


def tables(age: int) -> dict[str, pl.DataFrame]:
    """A child, the only one on an agent, who died of an event that nobody else had; a fifth of a centre's ECOG."""
    given = dict(paper_material.tables())
    is_alone = pl.col("patient_id") == ALONE
    place = pl.int_range(pl.len())
    given["mart.cohort"] = given["mart.cohort"].with_columns(
        age_years=pl.when(is_alone).then(age).otherwise("age_years"),
        index_agent_code=pl.when(is_alone).then(pl.lit("penpulimab")).otherwise("index_agent_code"),
        # Two impaired patients at one centre, and some with no ECOG.
        ecog=pl.when((pl.col("centre") == "hx02") & (place > 8)).then(0).otherwise("ecog"),
    )
    ids = given["mart.cohort"]["patient_id"]
    kind = {"is_after_time_zero": True, "is_immune_related": False, "ctcae_version": "5.0"}
    others = pl.DataFrame({"patient_id": ids[:40], "term_code": "Fever", "grade": [1, 2] * 20, **kind})
    severe = pl.DataFrame({"patient_id": ids[40:47], "term_code": "Fever", "grade": [3] * 6 + [4], **kind})
    rash = pl.DataFrame({"patient_id": ids[30:60], "term_code": "Rash", "grade": 1, **kind})
    fatal = pl.DataFrame({"patient_id": [ALONE], "term_code": ["Myocarditis"], "grade": 5, **kind})
    given["mart.adverse_event"] = pl.concat([others, severe, rash, fatal], how="vertical_relaxed")
    # Three complete responses, fourteen at first sight.
    place = pl.int_range(pl.len()).over("criteria_code")
    few = (pl.col("best_code") == "CR") & (place > 17)
    given["mart.best_response"] = given["mart.best_response"].with_columns(
        best_code=pl.when(few).then(pl.lit("PR")).otherwise("best_code")
    )
    return given


CUT = Cut("20241231-0001", "amended", "2026-11-27T08:00:00+00:00", "f" * 64, accepted=3, cancelled=1, amended_by=(7,))


@cache
def materials(age: int = 14) -> dict[str, Material]:
    given = tables(age)
    results = run_plan(Frames.of(given), PLAN)
    manifest = {"lock": "x", "centres": {"hx01": {"rows": 4}}}
    return {lang: Material(given, PLAN, results, manifest, lang, cut=CUT) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("packs")
    made = materials()
    english = {"en": made["en"]}
    write_pack(english, folder / "inside")
    write_released(made, folder / "released")
    write_released(english, folder / "drawn", figures=[lambda m: list(islice(DRAWN[0](m), 3))])
    return folder / "inside", folder / "released"


def test_a_pack_says_on_what_cut_it_stands_and_a_released_one_counts_nothing_of_it(packs: tuple[Path, Path]) -> None:
    inside, outside = (json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["cut"] for pack in packs)
    assert inside == CUT.row() and inside["is_locked"]
    assert outside == inside | {"accepted": 0, "cancelled": 0, "amended_by": []}
    for pack in packs:
        assert "locked on 2026-11-27, and amended since" in (pack / "tables" / "tables.en.html").read_text("utf-8")


def rows_of(pack: Path, name: str) -> list[list[str]]:
    [path] = (pack / "tables" / "en").glob(f"*-{name}.csv")
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def number(cell: str) -> int | None:
    found = re.match(r"\s*([\d,]+)", cell)
    return int(found[1].replace(",", "")) if found else None


def read(pack: Path) -> tuple[Cells, Rules]:
    """Every count of the tables made from the cohort, and what anybody can write down about them."""
    cells: Cells = {}
    rules: Rules = []
    head, *rows = rows_of(pack, "baseline-centre")
    groups = head[1:-1]
    for group in groups:
        cells["n", group] = int(re.search(r"n = (\d+)", group)[1])  # type: ignore[index]
    variable, values = "", {}
    for row in rows:
        if not row[0].startswith("  "):
            variable = row[0]
            values[variable] = []
            continue
        values[variable].append(row[0])
        for group, cell in zip(groups, row[1:-1], strict=True):
            cells[variable, row[0], group] = number(cell)
        rules.append(((variable, row[0], groups[0]), [(variable, row[0], group) for group in groups[1:]]))
    for variable, names in values.items():
        rules += [(("n", group), [(variable, value, group) for value in names]) for group in groups if names]
    grades = ["Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5", "No grade"]
    head, *rows = rows_of(pack, "adverse-events")
    for term, *counts in rows:
        cells |= {("event", term, column): number(cell) for column, cell in zip(head[1:], counts, strict=True)}
        rules.append((("event", term, "Any grade, n (%)"), [("event", term, grade) for grade in grades]))
        rules.append((("event", term, "Grade 3 to 5, n (%)"), [("event", term, grade) for grade in grades[2:5]]))
    head, *rows = rows_of(pack, "regimens")
    cells |= {("regimen", row[0]): number(row[-1]) for row in rows if row[0].startswith("  ")}
    agents = [row[0] for row in rows_of(pack, "regimens")[1:]]
    first, last = agents.index("Checkpoint inhibitor on day zero"), agents.index("Partners")
    rules.append((("n", groups[0]), [("regimen", agent) for agent in agents[first + 1 : last]]))
    _, *rows = rows_of(pack, "response")
    for column, kind in ((2, "best"), (4, "confirmed")):
        of = {row[1].strip(): number(row[column]) for row in rows}
        cells |= {("response", kind, value): n for value, n in of.items()}
        codes = [("response", kind, value) for value in ("CR", "PR", "SD", "PD", "NE", "No best response")]
        rules.append((("n", groups[0]), codes))
        rules.append((("response", kind, "Objective response, of treated"), codes[:2]))
        rules.append((("response", kind, "Disease control, of treated"), codes[:3]))
    return cells, rules


def attacked(cells: Cells, rules: Rules) -> dict[tuple[str, ...], int]:
    """What repeated subtraction gives: a sum with one unknown tells it."""
    found = {key: n for key, n in cells.items() if n is not None}
    while True:
        new = {}
        for total, parts in rules:
            missing = [key for key in (total, *parts) if key not in found]
            if len(missing) == 1:
                [one] = missing
                known = sum(found[part] for part in parts if part in found)
                new[one] = known if one == total else found[total] - known
        if not new:
            return {key: n for key, n in found.items() if cells.get(key) is None}
        found |= new


def small(cells: Cells) -> set[tuple[str, ...]]:
    return {key for key, n in cells.items() if n is not None and 0 < n < LEAST}


def test_the_attack_finds_small_counts_inside_and_behind_naive_suppression(packs: tuple[Path, Path]) -> None:
    cells, rules = read(packs[0])
    assert small(cells)
    naive = {key: None if key in small(cells) else n for key, n in cells.items()}
    broken = attacked(naive, rules)
    assert broken and all(cells[key] == n for key, n in broken.items())
    assert set(broken) & small(cells)


def test_the_attack_finds_none_in_what_leaves(packs: tuple[Path, Path]) -> None:
    true, _ = read(packs[0])
    cells, rules = read(packs[1])
    assert not small(cells)
    # A row left out may hold a patient: the attacker cannot count on the rows he sees being all there are.
    dropped = {key for key in true if key not in cells}
    hidden = small(true) & cells.keys()
    assert hidden and dropped
    assert {key: n for key, n in attacked(cells, rules).items() if n == true[key] and key in small(true)} == {}
    assert all(true[key] == n for key, n in cells.items() if n is not None)
    enough = [key for key, n in true.items() if n is not None and n >= LEAST]
    assert sum(cells.get(key) is not None for key in enough) > 0.4 * len(enough)


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    return path.read_bytes().decode("utf-8", "ignore")


@pytest.mark.parametrize("canary", ["penpulimab", "Myocarditis", ALONE])
def test_who_is_alone_stands_in_no_file(packs: tuple[Path, Path], canary: str) -> None:
    inside, leaves = packs
    drawn = inside.parent / "drawn"
    files = [path for folder in (leaves, drawn) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert [path.name for path in files if canary in text_of(path)] == []
    if canary != ALONE:
        assert any(canary in text_of(path) for path in inside.rglob("*") if path.is_file())


def test_the_age_of_the_youngest_moves_no_table(packs: tuple[Path, Path], tmp_path: Path) -> None:
    older = released({"en": materials(15)["en"]}).materials["en"]
    young = released({"en": materials()["en"]}).materials["en"]
    assert older.profile.numbers.equals(young.profile.numbers)
    assert "14" not in {cell.split()[0] for row in rows_of(packs[1], "baseline-centre") for cell in row if cell}


def test_nothing_of_patients_reaches_the_writers() -> None:
    m = released({"en": materials()["en"]}).materials["en"]
    about_patients = [name for name in m.tables if name.startswith(("mart.", "quality."))]
    assert all(m.tables[name].is_empty() for name in about_patients)
    assert "centres" not in m.manifest


def test_the_folder_says_that_it_is_released_and_what_was_taken(packs: tuple[Path, Path]) -> None:
    inside, leaves = (json.loads((pack / "manifest.json").read_text(encoding="utf-8")) for pack in packs)
    assert (inside["released"], leaves["released"]) == (False, True)
    assert leaves["disclosure"] == {"smallest_cell": 5, "smallest_at_risk": 5}
    assert {"text/disclosure.en.md", "text/disclosure.zh.md"} <= leaves["files"].keys()
    taken = (packs[1] / "text" / "disclosure.en.md").read_text(encoding="utf-8")
    assert "| curves | rows |" in taken and "| counts | n |" in taken
    assert not re.search(r"\| -\d", taken)


def test_unrounded_data_are_cleared_too(packs: tuple[Path, Path]) -> None:
    inside, leaves = (
        pl.read_csv(pack / "data" / "group_sizes.csv", schema_overrides={"value": pl.String}) for pack in packs
    )
    assert inside.filter(pl.col("n") < LEAST).height
    known = leaves.filter(pl.col("value") != "").drop_nulls("n")
    assert known.filter(pl.col("n").is_between(1, LEAST - 1)).is_empty()
    curves = pl.read_csv(packs[1] / "data" / "curves.csv")
    assert curves.filter(pl.col("n_event") < LEAST).is_empty()
