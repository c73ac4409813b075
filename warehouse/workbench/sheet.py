"""The workbench's files: one XLSX and one CSV per list, written for a human and read back."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.codelist import IGNORED, NEEDS_QUERY, CodeList, load
from schemas.errors import ConfigurationError
from schemas.spreadsheet import neutral, plain
from warehouse.rights import PRIVATE
from warehouse.workbench.lines import read_lines
from warehouse.workbench.open_terms import term_id

FILLED = ("decision", "scope", "by", "why")
"""The columns a human fills in."""

COLUMNS = {
    "text": "写法", "centre": "中心", "patients": "患者数", "records": "记录数", "centres": "中心数", "state": "状态",
    "reason": "原因", "code_now": "当前编码", "candidates": "候选", "decision": "决定", "scope": "范围",
    "by": "决定人", "why": "理由", "list": "列表", "id": "标识",
}  # fmt: skip
"""Column -> its name in Chinese; a file's header has both: 'decision 决定'."""

SCOPES = {"centre": "centre", "registry": "registry", "本中心": "centre", "全登记": "registry"}
SEPARATOR = " · "


@dataclass(frozen=True)
class FilledRow:
    """A row of a file that came back. `cells` by column, as text; place: file and line, for messages."""

    place: str
    cells: dict[str, str]


def label(codes: CodeList, code: str) -> str:
    """A code with what it means: 'UPS · 8802/3 · Undifferentiated pleomorphic sarcoma · 未分化多形性肉瘤'."""
    shown = ["morphology_code"] if "morphology_code" in codes.codes.columns else []
    told = codes.codes.filter(pl.col(codes.key).is_in(code.split("+"))).select(*shown, "label_en", "label_zh")
    words = ["+".join(part for part in column if part) for column in told.iter_columns()]
    return SEPARATOR.join([code, *(word for word in words if word)])


def rows_of(code_list: str, terms: pl.DataFrame, secret: bytes) -> tuple[list[list[str]], list[list[str]]]:
    """The cells of a list's open terms in the order of COLUMNS, and per row the codes of its candidates."""
    codes = load(code_list)
    rows, choices = [], []
    for term in terms.iter_rows(named=True):
        # a histology candidate reads '8802/3 UPS': the entity is what a map takes
        offered = [
            candidate.split(" ")[-1] if code_list == "histology" else candidate for candidate in term["candidates"]
        ]
        cells = {
            **{
                name: str(term[name])
                for name in ("text", "centre", "patients", "records", "centres", "state", "reason")
            },
            "code_now": term["code"] or "",
            "candidates": "\n".join(label(codes, code) for code in offered),
            "list": code_list,
            "id": term_id(secret, code_list, term["centre"], term["text"]),
        }
        rows.append([neutral(cells.get(name, "")) for name in COLUMNS])
        choices.append([code for code in offered if not codes.unknown(code)])
    return rows, choices


def files_of(folder: Path, code_list: str) -> list[Path]:
    """Where the workbook and the CSV of a list lie."""
    return [folder / f"{code_list}.{kind}" for kind in ("xlsx", "csv")]


def write(folder: Path, code_list: str, terms: pl.DataFrame, secret: bytes) -> list[Path]:
    """`<list>.xlsx` and `<list>.csv` of a list's open terms, readable by their owner alone."""
    from warehouse.workbench.workbook import write_workbook

    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    rows, choices = rows_of(code_list, terms, secret)
    paths = files_of(folder, code_list)
    for path in paths:
        path.touch(mode=0o600)
    write_workbook(paths[0], load(code_list), header(), rows, choices)
    with paths[1].open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([header(), *rows])
    return paths


def header() -> list[str]:
    """The first line of a file."""
    return [f"{name} {chinese}" for name, chinese in COLUMNS.items()]


def read(path: Path) -> list[FilledRow]:
    """The rows of a file in which a human has filled in anything. Raises ConfigurationError for a foreign file."""
    found = read_lines(path, lambda name, _: name == "terms")
    names = [cell.split(" ")[0] for cell in found.lines[0][1]] if found.lines else []
    lacking = [name for name in ("text", "centre", "list", "id", *FILLED) if name not in names]
    if lacking:
        raise ConfigurationError(
            f"{path}: is no file of `sarcreg terms export`: its first line lacks the column {lacking[0]}."
        )
    rows = []
    for line, values in found.lines[1:]:
        cells = {name: plain(value.strip()) for name, value in zip(names, values, strict=False) if name in COLUMNS}
        if any(cells.get(name) for name in FILLED):
            rows.append(FilledRow(f"{path}: line {line}", {name: cells.get(name, "") for name in COLUMNS}))
    return rows


def code_of(decision: str) -> str:
    """The code of a decision as a human wrote or pasted it: 'UPS', 'UPS · 8802/3 · …', 'Ignored'."""
    word = decision.split(SEPARATOR)[0].strip()
    return word.lower() if word.lower() in (IGNORED, NEEDS_QUERY) else word
