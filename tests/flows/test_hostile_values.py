"""Values meant to do harm in every cell of an export: harmless in whatever the registry writes for a person."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import polars as pl
import pytest
import small_home
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from flows.cli import main
from schemas.canonical import CORE
from schemas.centre import deliverable
from schemas.spreadsheet import harmless, neutral, plain
from warehouse.home import Home
from warehouse.query import sql

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCRIPT, IMAGE, LINK = "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://x","y")'
HOSTILE = (SCRIPT, IMAGE, LINK, "+1+1", "-1", "@SUM(A1)", "＝1+1", "\t=1+1", "' onmouseover='alert(1)", "a\x07=1")
STARTS = re.compile(r"\s*[=+\-@＝＋－＠]")

GOOD: dict[str, dict[str, str]] = {
    "patient": {"sex": "M", "born_on": "1960-01-15", "withdrawal_on": "", "withdrawal_scope": ""},
    "tumour": {
        "histology": "ASPS", "morphology": "", "diagnosed_on": "2020-02-10", "metastatic_on": "2021-03-10",
        "is_index": "", "is_other_malignancy_active": "", "is_locally_advanced_only": "",
    },
    "treatment_line": {"line_stated": "1", "setting": "", "started_on": "2021-04-20", "stopped_on": ""},
    "drug_exposure": {"agent": "pembrolizumab", "started_on": "2021-04-20", "stopped_on": "", "is_administered": ""},
    "response_assessment": {"assessed_on": "2022-05-01", "overall": "SD"},
    "adverse_event": {"grade": "3", "started_on": "2021-09-01"},
    "follow_up": {"contact_on": "2023-06-01", "status": "alive", "death_on": ""},
}  # fmt: skip
"""What puts a person into the cohort; every other cell is hostile."""

PLAN = """
id: hostile
title: {en: Hostile values, zh: 有害值}
source: {en: none, zh: 无}
index: first_qualifying_dose
follow_up: OS
landmarks_months: [12]
rmst_months: [12]
strata: [centre]
endpoints:
  - {param: OS, label: {en: Overall survival, zh: 总生存期}, event: {en: death, zh: 死亡}}
comparisons:
  - id: histology
    title: {en: ASPS against the rest, zh: 两组}
    group: histology_group
    levels:
      - {id: asps, label: {en: ASPS, zh: 腺泡状}, values: [ASPS]}
      - {id: rest, label: {en: Rest, zh: 其余}, values: [potentially sensitive, other]}
    endpoints: {OS: null}
"""


def title_of(table: str, field: str) -> str:
    """A column's title, hostile in one table."""
    return f"{LINK} {SCRIPT} {field}" if table == "tumour" else field


def write_home(root: Path) -> Path:
    """A home of two centres whose exports are hostile in every cell that need not be sound, and in many that should."""
    small_home.make_home(root)
    registry = root / "registry.yaml"
    loose = "max_unresolved_histology_share: 0.6, max_quarantined_share: 0.6, min_cohort"
    registry.write_text(registry.read_text("utf-8").replace("min_cohort", loose), encoding="utf-8")
    (root / "plans").mkdir()
    (root / "plans" / "hostile.yaml").write_text(PLAN, encoding="utf-8")
    for code, lang in (("aa01", "en"), ("bb02", "zh")):
        tables = {}
        for table in CORE:
            fields = list(deliverable(table))
            file = f"@SUM({table}).csv" if table == "follow_up" else f"{table}.csv"
            rows, values = [], cycle(HOSTILE)
            for i in range(12):
                good = GOOD.get(table, {})
                key = [f"P{i:03d}", f"{next(values)}{i}"]
                rows.append([*key, *(good.get(field, value) for field, value in zip(fields, values, strict=False))])
            for i, value in enumerate(HOSTILE):
                rows.append([value, f"{value}{i}", *[value] * len(fields)])
            with (root / "incoming" / code / file).open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([["PatNo", "Key", *(title_of(table, field) for field in fields)], *rows])
            tables[table] = {
                "file": file, "patient": "PatNo", "key": ["PatNo", "Key"][: 1 if table == "patient" else 2],
                "columns": {field: {"from": title_of(table, field)} for field in fields},
            }  # fmt: skip
        for name in ("cases.csv", "visits.csv"):
            (root / "incoming" / code / name).unlink()
        path = root / "centres" / code / "centre.yaml"
        head = path.read_text("utf-8").partition("tables:")[0].replace("language: en", f"language: {lang}")
        head = re.sub(r"title: .*", lambda _: "title: " + json.dumps({"en": SCRIPT, "zh": LINK}), head)
        path.write_text(f"{head}tables: {json.dumps(tables, ensure_ascii=False)}\n", encoding="utf-8")
    return root


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code in (0, 3), result.output
    return result.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_home(tmp_path_factory.mktemp("hostile") / "home")
    refresh, states = small_home.refresh(root)
    assert refresh is not None, states
    assert set(states.values()) == {"fresh"}
    return root


@pytest.fixture(scope="module")
def written(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything the registry writes for a person about this home, in one folder."""
    from flows.check import check_centre
    from flows.paper import write_packs
    from flows.survival import write_survival, write_validation
    from warehouse.publish import current_refresh

    refresh = str(current_refresh(Home(home)))
    write_validation(Home(home), refresh)
    write_survival(Home(home), refresh)
    write_packs(home)
    folder = tmp_path_factory.mktemp("written") / "all"
    (home / "refreshes" / refresh / "reports").rename(folder)
    check_centre(home, "aa01", None, folder / "check.html")
    run("terms", "export", folder / "terms", "--home", home)
    run("queries", "issue", "--home", home)
    run("queries", "export", folder / "queries", "--home", home)
    return folder


def files(folder: Path, ending: str) -> list[Path]:
    found = sorted(folder.rglob(f"*.{ending}"))
    assert found, ending
    return found


class Elements(HTMLParser):
    """Every element of a page with its attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def harm(elements: list[tuple[str, dict[str, str]]], at: Path) -> Iterator[str]:
    """What an element of a page must not be: it runs something, or it leads out."""
    scripts = 0
    for tag, attributes in elements:
        scripts += tag == "script"
        yield from (f"{tag} {name}" for name in attributes if name.startswith("on") or name == "srcdoc")
        if tag in ("img", "iframe", "object", "embed", "link", "base", "form", "image", "foreignobject"):
            yield tag
        for name in ("href", "xlink:href", "src", "action"):
            address = attributes.get(name, "#").partition("#")[0]
            if address and not (at.parent / address).is_file():
                yield f"{tag} {name}={address}"
    if scripts != 1:
        yield f"{scripts} scripts"


def test_the_cohort_is_there_and_the_hostile_values_with_it(home: Path) -> None:
    assert sql(Home(home), "select count(*) from mart.cohort").item() == 24
    seen = set(sql(Home(home), "select distinct raw_text from quality.finding")["raw_text"])
    assert set(HOSTILE) - seen == set()


def test_a_page_holds_hostile_values_as_words(written: Path) -> None:
    own = (Path(small_home.__file__).parents[1] / "analytics" / "templates" / "page.js").read_text("utf-8")
    words = ""
    for path in files(written, "html"):
        page = Elements(path.read_text(encoding="utf-8"))
        assert list(harm(page.found, path)) == [], path
        told = "".join(page.words)
        assert own.strip() in told
        words += told
    assert [value for value in (SCRIPT, IMAGE, LINK, "@SUM(A1)", "＝1+1") if value not in words] == []


def test_no_page_runs_anything(written: Path, browser: Browser) -> None:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: request.url.startswith("data:") or wrong.append(request.url))
    for path in files(written, "html"):
        page.goto(path.as_uri())
        assert wrong.pop(0) == path.as_uri()
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert wrong == [], path


def test_a_workbook_holds_no_formula(written: Path) -> None:
    texts = set()
    for path in files(written, "xlsx"):
        with zipfile.ZipFile(path) as parts:
            sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
            assert not [name for name in parts.namelist() if "external" in name or "vba" in name.lower()]
        assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink", sheet)], path
        for sheet in load_workbook(path):
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                assert cell.data_type in ("s", "n", "d"), (path, cell.coordinate)
                if cell.data_type == "s":
                    assert not STARTS.match(cell.value), (path, cell.coordinate)
                    texts |= {plain(line) for line in (cell.value, *cell.value.split("\n"))}
    assert [value for value in HOSTILE if value.replace("\x07", " ") not in texts] == []


def test_no_cell_of_a_csv_for_people_starts_a_formula(written: Path) -> None:
    texts = set()
    for path in files(written, "csv"):
        if path.name == "measures.csv":
            continue
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.reader(lines, strict=True):
                bad = [cell for cell in row if STARTS.match(cell) and not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)]
                assert bad == [], path
                assert "-1" not in row or path.parent.name in ("data", "en", "zh"), path
                texts |= set(row)
    assert [value for value in HOSTILE if neutral(value) not in texts] == []


def test_json_holds_the_values_as_sent(written: Path) -> None:
    for code in ("aa01", "bb02"):
        told = json.loads((written / "validation" / code / "validation.json").read_text(encoding="utf-8"))
        raw = {row["raw_text"] for row in told["tables"]["findings"]}
        assert set(HOSTILE) - raw == set()
    for path in files(written, "json"):
        json.loads(path.read_text(encoding="utf-8"))


def test_a_word_file_is_plain_text(written: Path) -> None:
    for path in files(written, "docx"):
        with zipfile.ZipFile(path) as parts:
            body = ElementTree.fromstring(parts.read("word/document.xml"))  # noqa: S314 (our own file)
            linked = [name for name in parts.namelist() if name.endswith(".rels") and b'"External"' in parts.read(name)]
        assert linked == []
        tags = {element.tag.rpartition("}")[2] for element in body.iter()}
        assert tags & {"hyperlink", "fldSimple", "instrText", "altChunk", "object"} == set()


def test_a_figure_and_a_text_run_nothing(written: Path) -> None:
    for path in files(written, "svg"):
        for element in ElementTree.parse(path).iter():  # noqa: S314 (our own file)
            assert element.tag.rpartition("}")[2] not in ("script", "a", "image", "foreignObject"), path
            assert not [name for name in element.attrib if name.startswith("on")], path
    for path in files(written, "md"):
        assert not re.search(r"<\w|\]\((?!#)", path.read_text(encoding="utf-8")), path


def test_what_programs_read_is_as_sent(home: Path, tmp_path: Path) -> None:
    asked = "select distinct raw_text from quality.finding where raw_text is not null"
    as_csv = list(csv.reader(run("sql", asked, "--format", "csv", "--home", home).splitlines(keepends=True)))
    as_json = json.loads(run("sql", asked, "--format", "json", "--home", home))
    assert set(HOSTILE) <= {row[0] for row in as_csv} and set(HOSTILE) <= {row["raw_text"] for row in as_json}
    run("export", "parquet", tmp_path / "out", "--home", home)
    kept = pl.read_parquet(tmp_path / "out" / "core.tumour.parquet")["histology_source"]
    assert {SCRIPT, IMAGE, LINK} <= set(kept)


@given(st.text(st.sampled_from("'=+-@＝＋－＠ \t\r\n\x00　a1")))
def test_neutral_text_starts_nothing_and_comes_back(text: str) -> None:
    cell = neutral(text)
    assert plain(cell) == text
    assert not STARTS.match(cell)
    assert cell[:1] not in ("\t", "\r", "\n")
    assert harmless(pl.DataFrame({"text": [text], "n": [-1]})).row(0) == (cell, -1)
