"""Banner, header of one or two rows, names, merged cells filled."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from schemas.errors import ExportRefused
from warehouse.read import TextSheet, read, table

Grid = dict[str, str | int]


def workbook(folder: Path, cells: Grid, *merged: str) -> TextSheet:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    for area in merged:
        book.active.merge_cells(area)
    book.save(folder / "病例.xlsx")
    return read(folder / "病例.xlsx", encodings=[])[0]


def delimited(folder: Path, text: str) -> TextSheet:
    (folder / "x.csv").write_text(text, encoding="utf-8", newline="")
    return read(folder / "x.csv", encodings=["utf-8"])[0]


def test_two_row_header_under_a_banner(tmp_path: Path) -> None:
    sheet = workbook(
        tmp_path,
        {"A1": "病例登记表", "A2": "制表 2024", "A4": "住院号", "B4": "治疗", "B5": "方案", "C5": "开始\n日期",
         "D5": "线", "A6": "001", "B6": "安罗替尼", "D6": 1, "A8": "002"},
        "A1:D1", "A4:A5", "B4:D4",
    )  # fmt: skip
    named = table(sheet, header_rows=2, skip_rows=2)
    assert named.names == ("住院号", "治疗 / 方案", "治疗 / 开始 日期", "治疗 / 线")
    assert named.banner["line"].to_list() == [1, 2]
    assert named.header == (4, 5)
    assert named.frame.rows() == [(6, ["001", "安罗替尼", None, "1"]), (8, ["002", None, None, None])]


# (upper, lower, names) of a delimited header, where no merged range is known
JOINED = [
    ("id,treatment,,", ",agent,start,stop", ("id", "treatment / agent", "treatment / start", "treatment / stop")),
    ("id,a,,b", ",x,y,", ("id", "a / x", "a / y", "b")),
    ("id,sex", "id,sex", ("id", "sex")),
]


@pytest.mark.parametrize(("upper", "lower", "names"), JOINED)
def test_two_row_header_of_delimited_text(tmp_path: Path, upper: str, lower: str, names: tuple[str, ...]) -> None:
    named = table(delimited(tmp_path, f"{upper}\n{lower}\n1,2,3,4\n"), header_rows=2)
    assert named.names == names


# (header, names)
NAMES = [
    ("id,date,date,date", ("id", "date", "date (2)", "date (3)")),
    ("id,date,date (2),date", ("id", "date", "date (2)", "date (3)")),
    (" id , 肿瘤\u3000大小 ,,x", ("id", "肿瘤 大小", "column 3", "x")),
    ('"a\nb",c,d,', ("a b", "c", "d", "column 4")),
]


@pytest.mark.parametrize(("header", "names"), NAMES)
def test_names(tmp_path: Path, header: str, names: tuple[str, ...]) -> None:
    assert table(delimited(tmp_path, f"{header}\n1,2,3,4\n")).names == names


def test_a_workbooks_column_without_a_name_has_one_if_it_holds_anything(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, {"B1": "id", "D1": " ", "B2": 1, "D2": "x", "F3": " "})
    assert table(sheet).names == ("column 1", "id", "column 3", "column 4")


def test_skip_rows_counts_lines_of_the_file(tmp_path: Path) -> None:
    sheet = delimited(tmp_path, '"banner\nof two lines",\n\nid,sex\n"1\n",M\n2,F\n')
    named = table(sheet, skip_rows=2)
    assert (named.names, named.header) == (("id", "sex"), (4,))
    assert named.banner["line"].to_list() == [1]
    assert named.frame["line"].to_list() == [5, 7]


MERGED_CELLS: Grid = {"A1": "id", "B1": "sex", "C1": "agent", "A2": "001", "B2": "M", "C2": "a", "C3": "b", "C4": "c",
                      "A5": "002", "C5": "d", "A6": "003", "C6": "e", "C8": "f"}  # fmt: skip


def test_merged_cells_filled_downwards(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, MERGED_CELLS, "A2:A4", "B2:B4", "A6:A8")
    assert table(sheet, merged="fill").frame.rows() == [
        (2, ["001", "M", "a"]),
        (3, ["001", "M", "b"]),
        (4, ["001", "M", "c"]),
        (5, ["002", None, "d"]),
        (6, ["003", None, "e"]),
        (8, ["003", None, "f"]),
    ]
    assert table(sheet).frame.row(1) == (3, [None, None, "b"])


def test_a_merged_header_does_not_fill_data(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, {"A1": "id", "B1": "x", "B2": "1", "B3": "2"}, "A1:A3")
    assert table(sheet, merged="fill").frame["cells"].to_list() == [[None, "1"], [None, "2"]]


def test_no_header_below_the_banner(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, {"A1": "banner"})
    with pytest.raises(ExportRefused, match=r"病例\.xlsx, sheet 'Sheet': has no row below its first 3 line"):
        table(sheet, skip_rows=3)


def test_a_header_without_rows(tmp_path: Path) -> None:
    named = table(delimited(tmp_path, "id,sex\n"))
    assert (named.names, named.frame.height) == (("id", "sex"), 0)
    assert table(workbook(tmp_path, {"A1": "id"}), merged="fill").frame.height == 0
