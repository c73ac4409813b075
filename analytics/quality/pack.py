"""The query pack: a centre's open queries as one workbook and one CSV that come back with its answers.

A query shows what was sent and what contradicts it, and asks. It never proposes a value, and nothing of any result is
in it. Every row carries a seal (keyed hashes), by which `answers` sees whether a locked cell is as it was written.
"""

from __future__ import annotations

import csv
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from analytics.locale.catalogue import Catalogue, catalogue
from schemas.spreadsheet import neutral, plain, printable
from warehouse.workbench import cells

SHOWN = (
    "query", "issued", "due", "patient", "record", "file", "sheet", "line", "column", "text", "values", "wrong", "do",
    "note",
)  # fmt: skip
FILLED = ("answer", "by", "on", "reason")
HIDDEN = ("pack", "state", "seal")
COLUMNS = (*SHOWN, *FILLED, *HIDDEN)
DATES = ("issued", "due", "on")
ANSWERS = ("as_in_source", "corrected", "not_done", "unobtainable", "lost_to_follow_up", "query_wrong")
_WIDTHS = {
    "query": 21, "issued": 11, "due": 11, "patient": 14, "record": 14, "file": 18, "sheet": 12, "line": 7,
    "column": 16, "text": 22, "values": 38, "wrong": 40, "do": 40, "note": 26, "answer": 24, "by": 16, "on": 12,
    "reason": 36, "pack": 10, "state": 10, "seal": 10,
}  # fmt: skip
_SEALED = (*SHOWN, "pack", "state")
_DAY = re.compile(r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")


@dataclass(frozen=True)
class Pack:
    """A centre's pack: its name, and the cells of its rows by column, in the centre's language."""

    centre: str
    name: str
    lang: str
    rows: Sequence[Mapping[str, str]]


def digest(secret: bytes, *parts: str) -> str:
    """16 hex digits of a keyed hash over the parts."""
    return hmac.digest(secret, "\x1f".join(("query pack", *parts)).encode(), "sha256").hex()[:16]


def folded(cell: str) -> str:
    """A cell as any spreadsheet keeps it: blanks, the form of a day and of a number do not count."""
    text = " ".join(printable(plain(cell)).split())
    if day := _DAY.fullmatch(text):
        return "/".join(sorted(str(int(part)) for part in day.groups()))
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return text.lstrip("+0").removesuffix(".0") or "0"
    return text


def seal(secret: bytes, row: Mapping[str, str]) -> str:
    """The row's seal: one hash over all its locked cells, and four digits of one per cell, to name what changed."""
    told = [folded(row.get(name, "")) for name in _SEALED]
    each = "".join(digest(secret, row["query"], name, cell)[:4] for name, cell in zip(_SEALED, told, strict=True))
    return f"{digest(secret, *told)}.{each}"


def changed(secret: bytes, row: Mapping[str, str]) -> list[str]:
    """The locked columns of a row that are not as they were written; `seal` where the seal itself is not."""
    found = row["seal"].strip()
    right = seal(secret, row)
    if found == right:
        return []
    given, wanted = found.partition(".")[2], right.partition(".")[2]
    if len(given) != len(wanted):
        return ["seal"]
    return [name for at, name in enumerate(_SEALED) if given[4 * at : 4 * at + 4] != wanted[4 * at : 4 * at + 4]] or [
        "seal"
    ]


def pack_name(secret: bytes, study: str, centre: str, batch: str, queries: Sequence[str]) -> str:
    """`<centre>/<batch>/<number of queries>/<keyed hash>`: whose pack it is, and of which queries."""
    body = f"{centre}/{batch}/{len(queries)}"
    return f"{body}/{digest(secret, study, body, *sorted(queries))}"


def pack_of(queries: pl.DataFrame, asked: pl.DataFrame, centre: str, lang: str, study: str, secret: bytes) -> Pack:
    """A centre's pack. queries: quality.query, those to be sent; asked: the same by `warehouse.asked.asked`."""
    words = catalogue(lang)
    own = queries.filter(pl.col("centre") == centre)
    life = {row["query_id"]: row for row in own.iter_rows(named=True)}
    batch = max((row["batch"] or "" for row in life.values()), default="")
    name = pack_name(secret, study, centre, batch, list(life))
    rows = []
    for found in asked.filter(pl.col("query_id").is_in(list(life))).iter_rows(named=True):
        query = life[found["query_id"]]
        row = {
            "query": f"Q-{query['query_id']}",
            "issued": _iso(query["issued_on"]),
            "due": _iso(query["due_on"]),
            "patient": found["local_number"] or "",
            "record": words.label("table", found["table_name"]),
            "file": found["file"] or "",
            "sheet": found["sheet"] or "",
            "line": str(found["line"] or ""),
            "column": found["source_column"] or "",
            "text": found["raw_text"] or "",
            "values": "\n".join(_value(cell, words) for cell in found["cells"] or ()),
            "wrong": found[f"sentence_{lang}"] or "",
            "do": found[f"advice_{lang}"] or "",
            "note": _note(query, words),
            "pack": name,
            "state": state_of(query),
        }
        rows.append({**row, "seal": seal(secret, row)})
    return Pack(centre, name, lang, rows)


def state_of(query: Mapping[str, Any]) -> str:
    """What a query's file was written for: the values as they failed, and how often it had come again."""
    return f"{query['value_hash'] or ''}.{query['times_reopened'] or 0}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _value(cell: Mapping[str, Any], words: Catalogue) -> str:
    text = (cell["text"] or "").strip() or words.text("pack.empty")
    if cell["is_own"]:
        return f"{cell['column']}: {text}"
    place = words.text("pack.place", file=cell["file"] or "", line=cell["line"] or "")
    return f"{cell['column']}: {text} ({place})"


def _note(query: Mapping[str, Any], words: Catalogue) -> str:
    """Why a query comes again: what was promised and did not come goes first."""
    if not query["times_reopened"]:
        return ""
    if query["answer_code"] == "corrected":
        return words.text("pack.not_corrected", day=_iso(query["answered_on"]))
    return words.text("pack.again")


def files_of(folder: Path, centre: str) -> list[Path]:
    """Where the workbook and the CSV of a centre lie."""
    return [folder / f"queries_{centre}.{kind}" for kind in ("xlsx", "csv")]


def write_pack(pack: Pack, folder: Path) -> list[Path]:
    """`queries_<centre>.xlsx` and `.csv`, readable by their owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = files_of(folder, pack.centre)
    for path in paths:
        path.touch(mode=0o600)
    _workbook(pack, paths[0])
    header = [catalogue(pack.lang).text(f"pack.column.{name}") for name in COLUMNS]
    with paths[1].open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows([neutral(row.get(name, "")) for name in COLUMNS] for row in pack.rows)
    return paths


def _workbook(pack: Pack, path: Path) -> None:
    from openpyxl import Workbook

    words = catalogue(pack.lang)
    book = Workbook()
    sheet, told = book.active, book.create_sheet(words.text("pack.sheet.instructions"))
    _instructions(told, words, pack)
    sheet.title = words.text("pack.sheet.queries")
    _queries(sheet, pack, words, f"'{told.title}'!$A${_FIRST_ANSWER}:$A${_FIRST_ANSWER + len(ANSWERS) - 1}")
    cells.set_up_pages(book)
    book.save(path)


_SENTENCES = ("title", "what", "fill", "one", "locked", "csv", "private")
_FIRST_ANSWER = len(_SENTENCES) + 3


def _instructions(sheet: Any, words: Catalogue, pack: Pack) -> None:
    count = len(pack.rows)
    rows = [[words.text(f"pack.say.{name}", n=count, centre=pack.centre, pack=pack.name)] for name in _SENTENCES]
    rows += [[""], [words.text("pack.say.answers")]]
    rows += [[words.text(f"answer.{code}"), words.text(f"answer_means.{code}")] for code in ANSWERS]
    cells.instructions(sheet, rows, 60, (1, _FIRST_ANSWER - 1))
    sheet.protection.sheet = True


def _queries(sheet: Any, pack: Pack, words: Catalogue, answers: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    grey, yellow = (PatternFill("solid", fgColor=colour) for colour in (cells.LOCKED_COLOUR, cells.OPEN_COLOUR))
    top, fixed, free = Alignment(wrap_text=True, vertical="top"), Protection(locked=True), Protection(locked=False)
    styles: dict[tuple[bool, str], Any] = {}
    for column, name in enumerate(COLUMNS, 1):
        head = cells.text(sheet, 1, column, words.text(f"pack.column.{name}"))
        head.font, head.alignment, head.fill = Font(bold=True), top, yellow if name in FILLED else grey
        about = sheet.column_dimensions[get_column_letter(column)]
        about.width, about.hidden = _WIDTHS[name], name in HIDDEN
    for line, row in enumerate(pack.rows, 2):
        for column, name in enumerate(COLUMNS, 1):
            cell = cells.text(sheet, line, column, neutral(row.get(name, "")))
            kind = "date" if name in DATES else "number" if name == "line" else "text"
            key = (name in FILLED, kind)
            if key not in styles:
                cell.fill, cell.alignment = yellow if key[0] else grey, top
                cell.protection = free if key[0] else fixed
                cell.number_format = {"date": "yyyy-mm-dd", "number": "0", "text": "@"}[kind]
                styles[key] = cell._style
            cell._style = styles[key]
            if not cell.value:
                cell.value = None
            elif kind == "date":
                cell.value = date.fromisoformat(row[name])
                cell._style = styles[key]
            elif kind == "number":
                cell.value = int(row[name])
        cells.height(sheet, line, [(row.get(name, ""), _WIDTHS[name]) for name in SHOWN])
    sheet.row_dimensions[1].height = 2 * cells.POINTS_PER_LINE
    last = max(len(pack.rows) + 1, 2)
    sheet.freeze_panes = "B2"
    # One page is too narrow to be read: two side by side, each with the heads and the query's number.
    sheet.page_setup.fitToWidth, sheet.print_title_rows, sheet.print_title_cols = 2, "1:1", "A:A"
    cells.protect(sheet, f"{get_column_letter(len(COLUMNS))}{last}")
    offered = DataValidation(type="list", formula1=answers, allow_blank=True, showErrorMessage=True)
    offered.error = words.text("pack.error.answer")
    day = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True, showErrorMessage=True)
    day.error = words.text("pack.error.day")
    for name, validation in (("answer", offered), ("on", day)):
        letter = get_column_letter(COLUMNS.index(name) + 1)
        validation.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(validation)
