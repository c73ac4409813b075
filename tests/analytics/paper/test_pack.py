"""The pack as its readers open it: Word, CSV and page say the same, and what they say are the results."""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import needs
import paper_material
import polars as pl
import pytest
from accessibility import violations
from docx.oxml.ns import qn

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.paper.pack import tables_of, write_pack
from analytics.plan import Plan
from analytics.survival import drawings
from analytics.survival.durations import DAYS_PER_MONTH
from analytics.survival.figures.style import Picture
from analytics.tables import INDENT, Column, Table, plain, to_csv

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LANGS = ("en", "zh")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    write_pack(paper_material.both(), folder)
    return folder


@pytest.fixture(scope="module")
def english() -> dict[str, Table]:
    return {table.id: table for table in tables_of(paper_material.material())}


def cells_of(table: Table) -> list[list[str]]:
    return [list(map(str, table.columns)), *([plain(cell, "\n") for cell in row] for row in table.rows)]


@pytest.mark.parametrize("lang", LANGS)
def test_word_csv_and_page_hold_the_same_tables(pack: Path, lang: str) -> None:
    expected = [cells_of(table) for table in tables_of(paper_material.material(lang))]
    document = docx.Document(str(pack / "tables" / f"tables.{lang}.docx"))
    opened = [[[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in t.rows] for t in document.tables]
    bare = [[[cell.removeprefix("  ") for cell in row] for row in table] for table in expected]
    assert opened == bare
    files = sorted((pack / "tables" / lang).glob("*.csv"))
    assert len(files) == len(expected)
    for path, table in zip(files, expected, strict=True):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        assert [[cell.removeprefix("'") for cell in row] for row in rows[1:]] == [
            [cell.replace("\n", "; ").removeprefix("'") for cell in row] for row in table[1:]
        ]
    page = (pack / "tables" / f"tables.{lang}.html").read_text(encoding="utf-8")
    found = re.findall(r"<table id=.*?</table>", page, flags=re.S)
    assert len(found) == len(expected)
    for text, table in zip(found, expected, strict=True):
        shown = [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", text)]
        flat = [cell.replace("\n", "") for row in table for cell in row]
        assert [cell.replace("\u00a0", " ").replace(INDENT, "  ") for cell in shown] == flat


def test_heads_repeat_and_rows_hold_together(pack: Path) -> None:
    document = docx.Document(str(pack / "tables" / "tables.en.docx"))
    assert len(document.tables) > 25
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        wide = sum(cell.width.mm for cell in table.rows[0].cells)
        assert wide < 267.5
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [text.split(".")[0] for text in captions] == [f"Table {i + 1}" for i in range(len(document.tables))]


def test_numbers_are_those_of_the_results(english: dict[str, Table]) -> None:
    m = paper_material.material()
    for name in ("estimates", "tests", "hazard_ratios", "regression", "restricted_means"):
        assert m.results[name].height > 10
    whole = english["survival-overall"].rows[0]
    row = m.results["estimates"].filter(pl.col("analysis") == "overall").row(0, named=True)
    assert list(whole[1:4]) == [str(row["n"]), str(row["events"]), str(row["n_not_evaluable"])]
    assert str(whole[4]).startswith(f"{row['median_months']:.1f} (")
    fitted = m.results["regression"].filter(model="multivariable", endpoint="OS", variable="histology", level="asps")
    ratio = fitted.row(0, named=True)
    written = [plain(r[5]) for r in english["regression-os"].rows if r[0] == INDENT + "ASPS"]
    assert written == [f"{ratio['hazard_ratio']:.2f} ({ratio['lower']:.2f}, {ratio['upper']:.2f})"]
    difference = m.results["mean_differences"].filter(pl.col("difference_days").is_not_null()).row(0, named=True)
    months = decimal(difference["difference_days"] / DAYS_PER_MONTH, 1, "en")
    assert any(plain(r[5]).startswith(months) for r in english["restricted-means"].rows)


def test_every_comparison_stands_beside_its_target(english: dict[str, Table]) -> None:
    table = english["comparisons"]
    plan = paper_material.PLAN
    assert len(table.rows) == sum(len(c.endpoints) for c in plan.comparisons)
    published = [t.published_p for c in plan.comparisons for t in c.endpoints.values() if t]
    assert [cell[1] for row in table.rows if isinstance(cell := row[4], tuple)] == published
    m = paper_material.material()
    tests = m.results["tests"].filter(pl.col("from_day") == 0)
    assert [row[8] for row in table.rows] == [m.w.p_value(p) for p in tests["log_rank_p"]]
    assert [row[9] for row in table.rows] == [m.w.p_value(p) for p in tests["holm_p"]]


def test_other_choices_and_centres_are_those_of_the_results(english: dict[str, Table]) -> None:
    m = paper_material.material()
    assert len(english["sensitivity"].rows) == m.results["sensitivity"].height
    assert [row[5] for row in english["sensitivity"].rows] == [
        m.w.p_value(p) for p in m.results["sensitivity"]["p_value"]
    ]
    assert len(english["centres"].rows) == m.results["centres"].filter(pl.col("view") != "fixed").height
    rows = m.results["subgroups"].filter(analysis="line", variable="histology", subgroup="asps", endpoint="OS")
    shown = [row for row in english["subgroups-line"].rows if row[:2] == ["Overall survival", INDENT + "ASPS"]]
    assert [row[2] for row in shown] == [f"{rows['events'][0]}/{rows['n'][0]}"]


def test_figures_are_written_in_three_forms_and_stand_in_the_manifest(tmp_path: Path) -> None:
    def draw(m: Material) -> Iterator[Picture]:
        yield drawings.attrition(m.results, m.frames, m.w)

    write_pack({"en": paper_material.material()}, tmp_path, figures=[draw])
    said = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {name for name in said if name.startswith("figures/")} == {
        f"figures/en/attrition.{ending}" for ending in ("svg", "png", "csv")
    }


def test_worst_grade_per_patient_and_term(english: dict[str, Table]) -> None:
    rows = {str(row[0]).strip(INDENT): [str(cell) for cell in row[1:]] for row in english["adverse-events"].rows}
    # one patient with grades 1 and 3 counts once, at 3; no grade stands apart; before time zero and undated: out
    assert rows["Fever"] == ["0", "1", "1", "0", "0", "1", "3 (3.8%)", "1 (1.3%)", "1"]
    assert rows["Any event"] == ["0", "1", "1", "0", "0", "1", "3 (3.8%)", "1 (1.3%)", "1"]
    assert rows["Not coded, asked at the centre"][0] == "1"
    assert "1 events that began before time zero, 1 whose date" in " ".join(english["adverse-events"].notes)


def test_rates_over_treated_and_evaluable(english: dict[str, Table]) -> None:
    table = english["response"]
    assert {row[0] for row in table.rows} == {"RECIST 1.1"}
    rows = {str(row[1]): row for row in table.rows}
    # of 79: 14 CR, 13 PR, 13 SD, 13 PD; R: binom.test(27, 79), binom.test(27, 53)
    assert rows["Objective response, of treated"][2] == "27/79 (34.2%)"
    assert rows["Objective response, of treated"][3][0] == "CP 23.9–45.7"
    assert rows["Objective response, of evaluable"][2] == "27/53 (50.9%)"
    assert rows["Objective response, of evaluable"][3][0] == "CP 36.8–64.9"


def test_missing_is_counted_and_a_share_is_of_the_known(english: dict[str, Table]) -> None:
    m = paper_material.material()
    known = m.cohort["line_group"].drop_nulls()
    early = int((known == "<=2").sum())
    rows = [list(map(str, row)) for row in english["baseline-centre"].rows]
    line = next(i for i, row in enumerate(rows) if row[0].startswith("Index line"))
    assert rows[line + 1][1] == f"{early} ({100 * early / len(known):.1f})"
    assert rows[line + 3][:2] == [INDENT + "Missing, n (% of all)", "1 (1.3)"]


def test_the_order_of_rows_moves_nothing() -> None:
    one, two = (list(map(cells_of, tables_of(paper_material.material(shuffled=s)))) for s in (False, True))
    assert one == two


def test_the_same_material_gives_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    write_pack(paper_material.both(), tmp_path)
    for path in sorted(p for p in pack.rglob("*") if p.is_file()):
        assert (tmp_path / path.relative_to(pack)).read_bytes() == path.read_bytes(), path.name


def test_the_manifest_names_every_file_and_its_hash(pack: Path) -> None:
    said = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    there = {p.relative_to(pack).as_posix(): p for p in pack.rglob("*") if p.is_file() and p.name != "manifest.json"}
    assert said["files"] == {name: hashlib.sha256(p.read_bytes()).hexdigest() for name, p in sorted(there.items())}
    assert said["refresh"] == "20241231-0001"
    assert said["seeds"]["permutation"] == paper_material.PLAN.small_groups.seed


@pytest.mark.parametrize("lang", LANGS)
def test_checklists_point_into_the_pack(pack: Path, lang: str) -> None:
    text = (pack / "text" / f"checklists.{lang}.md").read_text(encoding="utf-8")
    assert text.count("\n| 1a |") == 1 and "| 22.1 |" in text
    assert ("not in this refresh" if lang == "en" else "本次刷新无") not in text


def test_methods_follow_the_plan(tmp_path: Path) -> None:
    plan = paper_material.PLAN.model_dump()
    plan |= {"rmst_months": [], "strata": [], "sensitivity": {}, "multiplicity": {"method": "none"}}
    bare = Plan.model_validate(plan)
    write_pack(paper_material.both(plan=bare), tmp_path / "bare")
    text = (tmp_path / "bare" / "text" / "methods.en.md").read_text(encoding="utf-8")
    for word in ("Restricted mean", "strata", "Holm", "Sensitivity"):
        assert word not in text


CAUSAL = re.compile(
    r"\b(caus(?:al|ed|ing)|effective|efficacy|benefit\w*|improv\w*|superior\w*|leads? to|better|worse)\b"
)


def test_no_causal_wording(pack: Path) -> None:
    for path in [*pack.glob("tables/en/*.csv"), pack / "text" / "methods.en.md"]:
        assert CAUSAL.findall(path.read_text(encoding="utf-8-sig")) == [], path.name


def test_a_cell_never_starts_a_formula(tmp_path: Path) -> None:
    table = Table("t", "T", [Column("=a"), Column("b")], [["=1+1", "+x"], ["@y", ("-2", "z")]])
    text = to_csv(table, tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in text and "'+x" in text and "'@y" in text and "'-2" in text


def test_a_row_must_fit_its_columns() -> None:
    with pytest.raises(ValueError, match="table t: a row of 1 cells under 2 columns"):
        Table("t", "T", [Column("a"), Column("b")], [["1"]])


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_libreoffice_opens_it(pack: Path, tmp_path: Path, lang: str) -> None:
    soffice = needs.libreoffice_writer()
    source = pack / "tables" / f"tables.{lang}.docx"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path, source]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=180)
    text = (tmp_path / f"tables.{lang}.txt").read_text(encoding="utf-8-sig")
    m = paper_material.material(lang)
    assert all(table.title in text for table in tables_of(m))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing(browser: Browser, pack: Path, lang: str) -> None:
    page = browser.new_page()
    page.goto((pack / "tables" / f"tables.{lang}.html").as_uri())
    assert violations(page) == []
    page.close()
