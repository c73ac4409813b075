"""Twenty classic faults of one clean file set, each alone and all together: found where they are, none hiding another.

Every fault file set is a centre of its own, so that all of them go through both doors, one build and every check. The
places expected are counted by the test in the bytes it wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import small_home

from flows.check import NEEDS_OTHERS
from schemas.canonical import CORE
from schemas.centre import load_centre
from schemas.registry import load_registry
from warehouse.build import BuildInputs, Contribution, build, rule_book
from warehouse.centre_rows import texts_of, type_centre
from warehouse.landing import land, text_files
from warehouse.query import read_file

PATIENTS = 30
CENTRE = small_home.CENTRE.replace(
    "agent: Drug, started_on: Started", "agent: Drug, started_on: Started, stopped_on: Stopped"
)
CASES = (small_home.CASES + ",Stopped,Note").split(",")
VISITS = small_home.VISITS.split(",")
Rows = dict[str, list[str]]
"""Cells of a row by what the test calls it: P003 in cases.csv, P003/1 in visits.csv."""


@dataclass(frozen=True)
class Export:
    """The two files, as rows of cells."""

    cases: Rows
    visits: Rows
    mark: bytes = b""

    def files(self) -> dict[str, bytes]:
        return {
            "cases.csv": self.mark + _bytes(CASES, self.cases),
            "visits.csv": _bytes(VISITS, self.visits),
        }  # fmt: skip

    def labels(self) -> dict[tuple[str, int], str]:
        """(file, physical line a record begins on) -> what the test calls the row."""
        found = {}
        for file, rows in (("cases.csv", self.cases), ("visits.csv", self.visits)):
            line = 2
            for label, cells in rows.items():
                found[file, line] = label
                line += 1 + sum(cell.count("\n") for cell in cells)
        return found


def _bytes(head: list[str], rows: Rows) -> bytes:
    text = "".join(",".join(cells) + "\n" for cells in [head, *rows.values()])
    return text.encode("utf-8", "surrogateescape")  # "\udce4" is the lone byte E4


def clean_export() -> Export:
    cases = {row[:4]: [*row.split(","), "2021-12-20", "geprüft"] for row in small_home.cases(PATIENTS)}
    visits = {"/".join(row.split(",")[:2]): row.split(",") for row in small_home.visits(PATIENTS)}
    return Export(cases, visits)


@dataclass(frozen=True)
class Fault:
    """What is done to the clean files (cells by row and column, or rows added at the end), and what must come of it.

    rule: None where the fault is of form alone and must be read through, nothing lost and nothing asked.
    """

    label: str
    cells: Mapping[str, str]
    rule: str | None
    column: str | None = None
    raw: str | None = None
    add: str | None = None
    mark: bytes = b""

    @property
    def file(self) -> str:
        return "visits.csv" if "/" in self.label else "cases.csv"

    def put(self, export: Export) -> Export:
        rows = dict(export.visits if self.file == "visits.csv" else export.cases)
        head = VISITS if self.file == "visits.csv" else CASES
        row = dict(zip(head, rows[self.add or self.label], strict=True)) | {
            k: v for k, v in self.cells.items() if k in head
        }
        cells = list(row.values())
        if "short" in self.cells:
            cells = cells[: head.index(self.cells["short"])]
        if "extra" in self.cells:
            cells.append(self.cells["extra"])
        rows[self.label] = cells
        visits = dict(export.visits)
        if self.cells.get("PatNo") and not self.add and self.file == "cases.csv":
            for label in (f"{self.label}/1", f"{self.label}/2"):
                visits[label] = [self.cells["PatNo"], *visits[label][1:]]
        if self.file == "visits.csv":
            return replace(export, visits=rows)
        return replace(export, cases=rows, visits=visits, mark=export.mark or self.mark)


FAULTS = {
    "unknown code": Fault("P001/1", {"Response": "XQ"}, "response_unmapped", "Response", "XQ"),
    "bad date": Fault("P002", {"Diagnosed": "2020-02-30"}, "date_impossible", "Diagnosed", "2020-02-30"),
    "death before birth": Fault("P004/2", {"Died": "1951-03-01"}, "death_before_birth", "Died", "1951-03-01"),
    "duplicate id": Fault("P005 again", {"Sex": "M", "Diagnosed": "2020-01-11"}, "record_key_conflict", "PatNo", "P005",
                          add="P005"),
    "missing key": Fault("nobody", {"PatNo": ""}, "key_missing", "PatNo", "", add="P006"),
    "age out of range": Fault("P007", {"Born": "1905-01-15"}, "age_out_of_range", "Born", "1905-01-15"),
    "whitespace": Fault("P008", {"PatNo": " P008 ", "Sex": "\u00a0M ", "Diagnosed": " 2020-09-10"}, None),
    "wrong case": Fault("P009", {"Sex": "f", "Diagnosis": "LEIOMYOSARCOMA", "Drug": "PembroLIZUMAB"}, None),
    "short row": Fault("P010/1", {"short": "Status"}, "row_too_short", "Status", None),
    "extra field": Fault("P012/1", {"extra": "surplus"}, "row_too_long", "column 7", "surplus"),
    "BOM": Fault("P013", {}, None, mark=b"\xef\xbb\xbf"),
    "a latin-1 byte": Fault("P014", {"Diagnosis": "Sarkom der Geb\udce4rmutter"}, "bytes_undecodable", "Diagnosis",
                            "Sarkom der Geb\ufffdrmutter"),
    "'#' in a cell": Fault("P015", {"PatNo": "#P015", "Note": "# see 12"}, None),
    "quoted newline": Fault("P003", {"Note": '"first\nsecond, third"'}, None),
    "negative days": Fault("P017", {"Stopped": "2020-12-20"}, "stop_before_start", "Started", "2021-09-20"),
    "text in a number": Fault("P018", {"Size": "large"}, "number_unreadable", "Size", "large"),
    "future date": Fault("P019/2", {"Seen": "2031-01-01"}, "date_in_future", "Seen", "2031-01-01"),
    "orphan record": Fault("P999/1", {"PatNo": "P999"}, "orphan_record", "PatNo", "P999", add="P001/1"),
    "alive with a death date": Fault("P021/2", {"Died": "2023-04-01"}, "alive_with_death_date", "Status", "alive"),
    "bad sex code": Fault("P022", {"Sex": "Q"}, "sex_unmapped", "Sex", "Q"),
}  # fmt: skip
ASKED = [kind for kind, fault in FAULTS.items() if fault.rule]
READ_THROUGH = [kind for kind in FAULTS if kind not in ASKED]
PLACE = ["rule", "table_name", "field", "file", "line", "source_column", "raw_text"]


@dataclass(frozen=True)
class Said:
    """Per file set: its findings as PLACE with the row's label for the line, its core rows, its row account."""

    findings: Mapping[str, set[tuple[str | None, ...]]]
    places: Mapping[str, set[tuple[str | None, ...]]]
    core: Mapping[str, Mapping[str, pl.DataFrame]]
    account: Mapping[str, pl.DataFrame]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Said]:
    root = small_home.make_home(tmp_path_factory.mktemp("classic") / "home", ())
    together = clean_export()
    exports = {"clean": together}
    for kind, fault in FAULTS.items():
        exports[kind] = fault.put(clean_export())
        together = fault.put(together)
    exports["together"] = together
    codes = {kind: f"c{number:02d}" for number, kind in enumerate(exports)}
    contributions, texts = [], {}
    for kind, export in exports.items():
        folder = root / "incoming" / codes[kind]
        folder.mkdir(parents=True)
        for name, content in export.files().items():
            (folder / name).write_bytes(content)
        config = root / "centres" / codes[kind]
        config.mkdir(parents=True)
        (config / "centre.yaml").write_text(CENTRE.format(code=codes[kind]), encoding="utf-8")
        centre, landing = load_centre(config), root / "landing"
        delivery = land(sorted(folder.iterdir()), landing)
        contributions.append(Contribution(centre, type_centre(centre, delivery, landing, b"classic").folder, "fresh"))
        texts |= dict.fromkeys(text_files(landing, texts_of(contributions[-1].folder)))
    database = root / "classic.duckdb"
    build(
        database,
        BuildInputs(
            home=root, registry=load_registry(root), contributions=tuple(contributions), text_files=tuple(texts),
            refresh_id="classic", as_of=datetime(2024, 7, 1, tzinfo=UTC), code_version="classic",
            manifest_hash="classic", secret=b"classic",
        ),
    )  # fmt: skip
    tables = read_file(database, ["quality.finding", "quality.row_account", *(f"core.{name}" for name in CORE)])
    alone = [name for name, rule in rule_book().items() if rule.scope not in NEEDS_OTHERS]
    found = tables["quality.finding"].filter(pl.col("rule").is_in(alone))
    findings, places = {}, {}
    for kind, export in exports.items():
        labels = export.labels()
        rows = list(found.filter(centre=codes[kind]).select(PLACE).iter_rows())
        places[kind] = {(row[0], *row[3:]) for row in rows}
        findings[kind] = {(*row[:4], labels.get(row[3:5]), *row[5:]) for row in rows}
    core = {kind: {name: tables[f"core.{name}"].filter(centre=code) for name in CORE} for kind, code in codes.items()}
    account = {kind: tables["quality.row_account"].filter(centre=code).drop("centre") for kind, code in codes.items()}
    yield Said(findings, places, core, account)


def expected(kind: str, export: Export) -> tuple[str | int | None, ...]:
    fault = FAULTS[kind]
    (line,) = [line for (file, line), label in export.labels().items() if (file, label) == (fault.file, fault.label)]
    return fault.rule, fault.file, line, fault.column, fault.raw


def test_there_are_twenty() -> None:
    assert (len(FAULTS), len(ASKED), len(READ_THROUGH)) == (20, 15, 5)


@pytest.mark.parametrize("kind", ASKED)
def test_a_fault_alone_is_found_at_its_cell(said: Said, kind: str) -> None:
    assert expected(kind, FAULTS[kind].put(clean_export())) in said.places[kind] - said.places["clean"]


@pytest.mark.parametrize("kind", ASKED)
def test_among_all_twenty_it_is_found_at_its_cell(said: Said, kind: str) -> None:
    export = clean_export()
    for fault in FAULTS.values():
        export = fault.put(export)
    assert expected(kind, export) in said.places["together"]


def test_together_say_what_each_says_alone_and_nothing_else(said: Said) -> None:
    alone = set().union(*(said.findings[kind] - said.findings["clean"] for kind in FAULTS))
    gone = set().union(*(said.findings["clean"] - said.findings[kind] for kind in FAULTS))
    assert said.findings["together"] == (said.findings["clean"] | alone) - gone


@pytest.mark.parametrize("kind", READ_THROUGH)
def test_a_fault_of_form_is_read_through(said: Said, kind: str) -> None:
    """The same rows are loaded with the same values, and nothing is asked but what was asked before."""
    own = {"centre", "patient_id", "record_key", "source_rows", "link_token"}
    for name, clean in said.core["clean"].items():
        values = [column for column in clean.columns if column not in own and not column.endswith(("_source", "_id"))]
        there = said.core[kind][name].select(values)
        assert there.height == clean.height, name
        pairs = [
            (a, b) for a, b in zip(there.sort(values).rows(), clean.select(values).sort(values).rows(), strict=True)
        ]
        assert all(a == b for a, b in pairs), name
    assert said.account[kind].equals(said.account["clean"])
    assert {row[0] for row in said.findings[kind]} == {row[0] for row in said.findings["clean"]}
    assert len(said.findings[kind]) == len(said.findings["clean"])


def test_surplus_text_of_columns_that_are_not_read_is_not_kept(tmp_path: Path) -> None:
    """Pushed out by one separator too many, the last column may be one that the registry must never hold."""
    root = small_home.make_home(tmp_path / "home", ("aa01",))
    config = root / "centres" / "aa01"
    (config / "centre.yaml").write_text(CENTRE.format(code="aa01"), encoding="utf-8")
    export = Fault("P012", {"extra": "surplus"}, "row_too_long").put(clean_export())
    for name, content in export.files().items():
        (root / "incoming" / "aa01" / name).write_bytes(content)
    delivery = land(sorted((root / "incoming" / "aa01").iterdir()), root / "landing")
    rows = type_centre(load_centre(config), delivery, root / "landing", b"classic")
    found = pl.read_parquet(rows.folder / "finding.parquet").filter(rule="row_too_long", table_name="patient")
    assert found.select("line", "source_column", "raw_text").rows() == [(13, "column 13", None)]
