"""Delimited text: records, their physical lines, the delimiter, quotation that is damaged."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import ConfigurationError, ExportRefused
from warehouse.read import TextSheet, read, table

# (what, file as delivered, delimiter found, records as line: cells)
RECORDS = [
    ("comma", "a,b\n1,2\n", ",", {1: ["a", "b"], 2: ["1", "2"]}),
    ("semicolon, decimal comma", "a;b\n1,5;2,5\n3,5;4,5\n", ";", {1: ["a", "b"], 2: ["1,5", "2,5"], 3: ["3,5", "4,5"]}),
    ("tab, though called .xls", "a\tb\n1\t2, 3\n", "\t", {1: ["a", "b"], 2: ["1", "2, 3"]}),
    ("bar", "a|b\n1|2\n", "|", {1: ["a", "b"], 2: ["1", "2"]}),
    ("Excel's sep line", "sep=;\na;b\n1;2\n", ";", {2: ["a", "b"], 3: ["1", "2"]}),
    ("one column", "id\nx\n\ny\n", ",", {1: ["id"], 2: ["x"], 4: ["y"]}),
    ("no end of line at the end", "a,b\n1,2", ",", {1: ["a", "b"], 2: ["1", "2"]}),
    ("blank lines are counted", "a,b\n\n\n1,2\n", ",", {1: ["a", "b"], 4: ["1", "2"]}),
    ("line break inside quotes", 'a,b\n"x\ny\nz",2\n3,4\n', ",", {1: ["a", "b"], 2: ["x\ny\nz", "2"], 5: ["3", "4"]}),
    ("CRLF", 'a,b\r\n"x\r\ny",2\r\n3,4\r\n', ",", {1: ["a", "b"], 2: ["x\r\ny", "2"], 4: ["3", "4"]}),
    ("CR alone", "a,b\r1,2\r", ",", {1: ["a", "b"], 2: ["1", "2"]}),
    ("U+2028 ends no line", "a,b\n1\u2028x,\f2\n3,4\n", ",", {1: ["a", "b"], 2: ["1\u2028x", "\f2"], 3: ["3", "4"]}),
    ("ragged rows", "a,b,c\n1,2\n1,2,3,4\n", ",", {1: ["a", "b", "c"], 2: ["1", "2"], 3: ["1", "2", "3", "4"]}),
    ("doubled quotation marks", 'a,b\n"5"" tube",2\n', ",", {1: ["a", "b"], 2: ['5" tube', "2"]}),
    ("inches", 'a,b\n5" tube,2\n', ",", {1: ["a", "b"], 2: ['5" tube', "2"]}),
    ("Excel's text formula", 'a,b\n="00123",2\n', ",", {1: ["a", "b"], 2: ['="00123"', "2"]}),
    ("blank before quotes", 'a, b\n1, "x, y"\n2, "z"\n', ",", {1: ["a", "b"], 2: ["1", "x, y"], 3: ["2", "z"]}),
    ("end-of-file mark of DOS", "a,b\n1,2\n\x1a", ",", {1: ["a", "b"], 2: ["1", "2"]}),
    ("banner", "2024\n\na,b,c\n1,2,3\n", ",", {1: ["2024"], 3: ["a", "b", "c"], 4: ["1", "2", "3"]}),
]  # fmt: skip


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet_of(path: Path, delimiter: str | None = None) -> TextSheet:
    (sheet,) = read(path, encodings=["utf-8"], delimiter=delimiter)
    return sheet


def records(sheet: TextSheet) -> dict[int, list[str | None]]:
    return dict(sheet.frame.iter_rows())


@pytest.mark.parametrize(("what", "content", "delimiter", "expected"), RECORDS, ids=[row[0] for row in RECORDS])
def test_records_and_their_lines(
    tmp_path: Path, what: str, content: str, delimiter: str, expected: dict[int, list[str]]
) -> None:
    sheet = sheet_of(written(tmp_path, content, "export.xls"))
    assert records(sheet) == expected
    assert (sheet.name, sheet.kind, sheet.delimiter) == ("", "delimited", delimiter)
    assert sheet.notes.mended == ((2,) if what == "inches" else ())


def test_a_given_delimiter_is_taken(tmp_path: Path) -> None:
    assert records(sheet_of(written(tmp_path, "a~b,c\n1~2,3\n"), "~")) == {1: ["a", "b,c"], 2: ["1", "2,3"]}


def test_a_delimiter_of_two_characters_is_a_mistake_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="';;' is not one character"):
        sheet_of(written(tmp_path, "a;;b\n"), ";;")


# (what, damaged line, its cells): the file around it has three columns
MENDED = [
    ("text after the closing mark", '1,"PD-1"单抗,x', ["1", '"PD-1"单抗', "x"]),
    ("a mark that never closes", '1,"abc,x', ["1", '"abc', "x"]),
    ("a mark before a number, quotes after it", '1,"2,"x"', ["1", '"2', "x"]),
    ("a mark too many at the start", '1,""abc",x', ["1", '""abc"', "x"]),
    ("blanks after the closing mark", '1,"a,b"  ,x', ["1", "a,b", "x"]),
]


@pytest.mark.parametrize(("what", "line", "cells"), MENDED, ids=[row[0] for row in MENDED])
def test_a_stray_mark_is_read_as_a_character_and_noted(tmp_path: Path, what: str, line: str, cells: list[str]) -> None:
    sheet = sheet_of(written(tmp_path, f'a,b,c\n"1","2","3"\n{line}\n"4","5\n5","6"\n7,8,9\n'))
    assert records(sheet) == {
        1: ["a", "b", "c"],
        2: ["1", "2", "3"],
        3: cells,
        4: ["4", "5\n5", "6"],
        6: ["7", "8", "9"],
    }
    assert sheet.notes.mended == (3,)


def test_a_mark_that_swallows_lines_up_to_the_next_is_seen(tmp_path: Path) -> None:
    sheet = sheet_of(written(tmp_path, 'a,b,c\n1,2,3\n1,"2,3\n1,2,3\n1,2,3"\n1,2,3\n'))
    assert records(sheet)[3] == ["1", '"2', "3"]
    assert records(sheet)[5] == ["1", "2", '3"']
    assert sheet.notes.mended == (3,)


def test_a_line_that_cannot_be_mended_refuses_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,b,c\n1,2,3\n1,""x, y"",3\n4,5,6\n')
    with pytest.raises(ExportRefused, match=r"marks of line 3 do not pair; .* leave 4 cells where .* have 3"):
        sheet_of(path)


def test_a_mark_inside_a_cell_that_is_not_quoted_is_noted(tmp_path: Path) -> None:
    sheet = sheet_of(written(tmp_path, 'a,b,c\n1,$7"tube, 48""",3\n"2 ""x"" 3",5,6\n'))
    assert records(sheet)[2] == ["1", '$7"tube', ' 48"""', "3"]
    assert sheet.notes.mended == (2,)


def test_many_damaged_lines_refuse_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n" + "1,2\n" * 10 + '1,"x"y\n' * 21)
    with pytest.raises(ExportRefused, match="on more than 20 lines, the first of them line 12"):
        sheet_of(path)


def test_nul_is_padding_at_the_end_of_a_cell_and_damage_inside(tmp_path: Path) -> None:
    sheet = sheet_of(written(tmp_path, "a,b\nx\0\0,y\n1\x002,z\n"))
    assert records(sheet) == {1: ["a", "b"], 2: ["x", "y"], 3: ["1\ufffd2", "z"]}
    assert sheet.notes.damaged == ((3, 1),)


def test_binary_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="is no text and no workbook"):
        sheet_of(written(tmp_path, bytes(range(1, 127)) * 9))


# not what is read otherwise on purpose: control characters, byte order mark, a page that begins with <
cells = st.text(
    st.characters(codec="utf-8", exclude_characters="<\ufeff\ufffd", exclude_categories=["Cc", "Cs"])
    | st.sampled_from("\t\r\n"),
    max_size=12,
)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


@settings(max_examples=150, deadline=None)
@given(
    rows=tables, style=st.sampled_from([(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n")])
)
def test_what_csv_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], style: tuple[int, str]
) -> None:
    quoting, end = style
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=quoting, lineterminator=end)
    expected = {}
    for row in rows:
        expected[len(io.StringIO(buffer.getvalue(), newline="").readlines()) + 1] = row
        writer.writerow(row)
    path = written(tmp_path_factory.mktemp("csv"), buffer.getvalue())
    assert records(sheet_of(path, ",")) == expected


def test_a_header_and_ragged_rows(tmp_path: Path) -> None:
    named = table(sheet_of(written(tmp_path, "id,sex\n1,M\n2\n , \n3,F,x\n4,F\n")))
    assert named.names == ("id", "sex")
    assert named.frame["line"].to_list() == [2, 3, 5, 6]
    assert named.ragged == (3, 5)
