"""Excel workbooks: true row numbers, values as text, what calamine leaves out, workbooks that are refused."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell

from schemas.errors import ExportRefused
from warehouse.read import TextSheet, read
from warehouse.read.formats import shown_length

DAY = dt.date(2021, 3, 5)
FIRST = dt.date(2021, 3, 1)

# (what, value, number format, text)
VALUES = [
    ("text", "腺泡状软组织肉瘤", None, "腺泡状软组织肉瘤"),
    ("number as text", "00123", "@", "00123"),
    ("blanks are kept", " x\t", None, " x\t"),
    ("line break", "a\nb", None, "a\nb"),
    ("whole number", 12, None, "12"),
    ("whole number kept as 12.0", 12.0, "0.00", "12"),
    ("negative", -5, None, "-5"),
    ("decimal", 12.5, None, "12.5"),
    ("noise of the sixteenth digit", 0.1 + 0.2, None, "0.3"),
    ("small", 1.5e-7, None, "1.5e-07"),
    ("identity number rounded by Excel", 4.10123199001011e17, None, "410123199001011000"),
    ("true", True, None, "TRUE"),
    ("false", False, None, "FALSE"),
    ("date", DAY, "yyyy-mm-dd", "2021-03-05"),
    ("date as China writes it", DAY, 'yyyy"年"m"月"d"日"', "2021-03-05"),
    ("date, format of the locale", DAY, "[$-804]yyyy/m/d;@", "2021-03-05"),
    ("date with time", dt.datetime(2021, 3, 5, 14, 30), "yyyy-mm-dd hh:mm", "2021-03-05 14:30:00"),
    ("midnight is a date", dt.datetime(2021, 3, 5), "yyyy-mm-dd hh:mm", "2021-03-05"),
    ("parts of a second", dt.datetime(2021, 3, 5, 14, 30, 59, 600_000), "yyyy-mm-dd hh:mm:ss", "2021-03-05 14:31:00"),
    ("time", dt.time(8, 5, 9), "hh:mm:ss", "08:05:09"),
    ("duration", dt.timedelta(hours=30, minutes=5), "[hh]:mm:ss", "30:05:00"),
    ("month alone", FIRST, 'yyyy"年"m"月"', "2021-03"),
    ("month alone, with a day in it", DAY, 'yyyy"年"m"月"', "2021-03-05"),
    ("year alone", dt.date(2021, 1, 1), "yyyy", "2021"),
    ("year alone, with a month in it", FIRST, "yyyy", "2021-03-01"),
    ("error", "#DIV/0!", None, "#DIV/0!"),
    ("error", "#N/A", None, "#N/A"),
    ("nothing", None, None, None),
]


def put(cell: Cell, value: Any, number_format: str | None = None) -> None:
    cell.value = value
    if isinstance(value, str) and value.startswith("#"):
        cell.data_type = "e"
    if number_format:
        cell.number_format = number_format


def workbook(path: Path, fill: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


def sheets_of(path: Path) -> list[TextSheet]:
    return read(path, encodings=["utf-8"])


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    """The workbook with one of its parts changed, as other programs would have written it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert re.search(old, parts[part].decode()), parts[part][:2000]
    parts[part] = re.sub(old, new, parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_values_as_text(tmp_path: Path, epoch: dt.datetime) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.epoch = epoch
        for row, (what, value, number_format, _) in enumerate(VALUES, 1):
            book.active.cell(row, 1, what)
            put(book.active.cell(row, 2), value, number_format)

    (sheet,) = sheets_of(workbook(tmp_path / "values.xlsx", fill))
    assert sheet.frame.rows() == [(row, [what, text]) for row, (what, _, _, text) in enumerate(VALUES, 1)]


def test_coordinates_of_a_used_area_that_starts_at_c4(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        put(book.active["C4"], "住院号")
        put(book.active["E4"], "诊断")
        put(book.active["C7"], 1)
        put(book.active["E9"], "#REF!")
        book.active.merge_cells("C10:D12")

    (sheet,) = sheets_of(workbook(tmp_path / "c4.xlsx", fill))
    assert sheet.frame.rows() == [
        (4, [None, None, "住院号", None, "诊断"]),
        (7, [None, None, "1", None, None]),
        (9, [None, None, None, None, "#REF!"]),
    ]
    assert sheet.merged == ((10, 3, 12, 4),)


def test_a_sheet_with_nothing_but_an_error(tmp_path: Path) -> None:
    (sheet,) = sheets_of(workbook(tmp_path / "e.xlsx", lambda book: put(book.active["B3"], "#NAME?")))
    assert sheet.frame.rows() == [(3, [None, "#NAME?"])]


def test_eighteen_digits_that_another_program_wrote_in_full(tmp_path: Path) -> None:
    path = workbook(tmp_path / "id.xlsx", lambda book: put(book.active["B2"], 5))
    rewritten(path, "xl/worksheets/sheet1.xml", "<v>5</v>", "<v>410123199001011234</v>")
    assert sheets_of(path)[0].frame.rows() == [(2, [None, "410123199001011234"])]


def test_cells_without_references_count_on(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for place, value in {"A1": 1, "B1": "#NUM!", "A2": "#N/A", "B2": 2}.items():
            put(book.active[place], value)

    path = workbook(tmp_path / "bare.xlsx", fill)
    rewritten(path, "xl/worksheets/sheet1.xml", ' r="[A-Z]*[0-9]+"', "")
    assert sheets_of(path)[0].frame.rows() == [(1, ["1", "#NUM!"]), (2, ["#N/A", "2"])]


@pytest.mark.parametrize("number", [31, 57, 58, 14])
def test_date_formats_that_chinese_excel_names_by_number_alone(tmp_path: Path, number: int) -> None:
    path = workbook(tmp_path / "zh.xlsx", lambda book: put(book.active["A1"], FIRST, "yyyy-mm-dd"))
    rewritten(path, "xl/styles.xml", 'numFmtId="164" fontId', f'numFmtId="{number}" fontId')
    assert sheets_of(path)[0].frame.rows() == [(1, ["2021-03" if number == 57 else "2021-03-01"])]


def test_hidden_sheets_are_read_and_chart_sheets_are_not(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "患者"
        put(book.active["A1"], 1)
        book.create_chartsheet("图")
        hidden = book.create_sheet("hidden")
        hidden.sheet_state = "veryHidden"
        put(hidden["A1"], "#N/A")
        book.create_sheet("empty")

    sheets = sheets_of(workbook(tmp_path / "s.xlsx", fill))
    assert [(sheet.name, sheet.notes.hidden, sheet.frame.height) for sheet in sheets] == [
        ("患者", False, 1),
        ("hidden", True, 1),
        ("empty", False, 0),
    ]
    assert sheets[1].frame.rows() == [(1, ["#N/A"])]


def test_a_formula_gives_the_value_kept_with_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", lambda book: put(book.active["A1"], 7))
    rewritten(path, "xl/worksheets/sheet1.xml", "<v>7</v>", "<f>3+4</f><v>7</v>")
    assert sheets_of(path)[0].frame.rows() == [(1, ["7"])]


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda book: put(book.active["A1"], 1)).rename(tmp_path / "a.csv")
    assert sheets_of(path)[0].kind == "workbook"


def test_a_stray_cell_far_out_is_refused_and_formats_far_out_are_not(tmp_path: Path) -> None:
    def stray(book: openpyxl.Workbook) -> None:
        put(book.active["A1"], 1)
        put(book.active["XFD1048576"], " ")

    def formatted(book: openpyxl.Workbook) -> None:
        put(book.active["A1"], 1)
        book.active["XFD1048576"].number_format = "0.0"

    path = workbook(tmp_path / "formatted.xlsx", formatted)
    assert sheets_of(path)[0].frame.rows() == [(1, ["1"])]
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:  # as other programs write an empty cell
        for name, body in parts.items():
            package.writestr(name, re.sub(rb"(<c r=.XFD1048576[^/]*)/>", rb"\1></c>", body))
    assert sheets_of(path)[0].frame.rows() == [(1, ["1"])]
    with pytest.raises(ExportRefused, match="used area reaches to row 1048576, column 16384; delete the stray"):
        sheets_of(workbook(tmp_path / "stray.xlsx", stray))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    path = workbook(tmp_path / "cut.xlsx", lambda book: put(book.active["A1"], 1))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(ExportRefused, match=r"cut\.xlsx: is damaged or cut short"):
        sheets_of(path)


def test_a_workbook_with_changed_bytes_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bad.xlsx", lambda book: put(book.active["A1"], 1))
    with zipfile.ZipFile(path) as package:
        at = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ExportRefused, match="is damaged or cut short"):
        sheets_of(path)


def test_a_workbook_without_any_row_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"none\.xlsx: is empty, none of its 1 sheet"):
        sheets_of(workbook(tmp_path / "none.xlsx", lambda book: None))


# (parts of a ZIP file, what it is)
ARCHIVES = [
    (["a.csv"], "a ZIP archive without a workbook"),
    (["content.xml", "mimetype"], "an OpenDocument spreadsheet"),
    (["[Content_Types].xml", "word/document.xml"], "a ZIP archive without a workbook"),
    (["[Content_Types].xml", "xl/workbook.bin"], r"a binary workbook \(\.xlsb\)"),
]


@pytest.mark.parametrize(("parts", "kind"), ARCHIVES)
def test_other_archives_are_refused(tmp_path: Path, parts: list[str], kind: str) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for part in parts:
            package.writestr(part, "<x/>")
    with pytest.raises(ExportRefused, match=f"is {kind}, which is not read"):
        sheets_of(path)


# (format code, characters of the date that it shows)
FORMATS = [
    ("yyyy-mm-dd", None),
    ('yyyy"年"m"月"', 7),
    ('yyyy"年"m"月";@', 7),
    ("[$-804]e年m月", 7),
    ("mmm-yy", 7),
    ("yyyy", 4),
    ("yyyy/m/d h:mm", None),
    ("yyyy hh", None),
    ("m/d", None),
    ("General", None),
    ("0.00E+00", None),
    ('0.0"my"', None),
    ("[h]:mm", None),
]


@pytest.mark.parametrize(("code", "length"), FORMATS)
def test_how_much_of_a_date_a_format_shows(code: str, length: int | None) -> None:
    assert shown_length(code) == length


# strings that openpyxl itself refuses or changes (control characters, formulas, errors) are not drawn
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="_\ufffd\ufffe\uffff"), max_size=10
).filter(lambda text: not text.startswith(("=", "#")))
values = (
    st.none()
    | texts.map(lambda text: (text, text or None))
    | st.integers(-(10**15), 10**15).map(lambda number: (number, str(number)))
    | st.booleans().map(lambda truth: (truth, str(truth).upper()))
    | st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)).map(lambda day: (day, day.isoformat()))
    | st.floats(0.001, 1e6)
    .map(lambda number: round(number, 3))
    .map(lambda n: (n, str(int(n)) if n == int(n) else repr(n)))
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=6),
    top=st.integers(1, 5),
    left=st.integers(1, 4),
)
def test_what_openpyxl_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[tuple[Any, str] | None]], top: int, left: int
) -> None:
    expected: dict[tuple[int, int], str] = {}

    def fill(book: openpyxl.Workbook) -> None:
        put(book.active.cell(20, 12), "end")
        for row, cells in enumerate(rows, top):
            for column, pair in enumerate(cells, left):
                if pair and pair[1] is not None:
                    put(book.active.cell(row, column), pair[0])
                    expected[row, column] = pair[1]

    expected[20, 12] = "end"
    (sheet,) = sheets_of(workbook(tmp_path_factory.mktemp("xlsx") / "x.xlsx", fill))
    found = {
        (line, column): cell
        for line, cells in sheet.frame.iter_rows()
        for column, cell in enumerate(cells, 1)
        if cell is not None
    }
    assert found == expected
