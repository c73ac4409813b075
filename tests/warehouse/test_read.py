"""What a file is, its content says: other kinds are refused in one sentence; HTML called .xls is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ExportRefused
from warehouse.read import TextSheet, read, table

PAGE = """<html><head><meta charset="utf-8"><style>td {color: red}</style></head><body>
<table border=1><tr><td rowspan="2">住院号</td><td colspan=2>治疗</td></tr>
<tr><th>方案</th><th>日期</th></tr>
<tr><td style="mso-number-format:'\\@'">00123</td><td>安罗&nbsp;&amp;
 信迪<br>第二行</td><td>2021-03-05</td>
<tr></tr>
<tr><td>00124<td>&nbsp;<td><script>x()</script>2021.3</table></body></html>"""


def sheets_of(folder: Path, content: str | bytes, name: str = "export.xls") -> list[TextSheet]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, encodings=["utf-8", "gb18030"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_html_table_called_xls(tmp_path: Path, encoding: str) -> None:
    (sheet,) = sheets_of(tmp_path, PAGE.encode(encoding))
    assert (sheet.name, sheet.kind, sheet.encoding) == ("", "html", encoding)
    assert sheet.merged == ((1, 1, 2, 1), (1, 2, 1, 3))
    assert sheet.frame.rows() == [
        (1, ["住院号", "治疗", None]),
        (2, [None, "方案", "日期"]),
        (3, ["00123", "安罗 & 信迪\n第二行", "2021-03-05"]),
        (5, ["00124", None, "2021.3"]),
    ]
    assert table(sheet, header_rows=2).names == ("住院号", "治疗 / 方案", "治疗 / 日期")


def test_several_tables_and_one_inside_another(tmp_path: Path) -> None:
    sheets = sheets_of(tmp_path, "<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table><table></table>")
    assert [(sheet.name, sheet.frame.rows()) for sheet in sheets] == [
        ("table 1", [(1, ["ac"])]),
        ("table 2", [(1, ["b"])]),
    ]


# (what, first bytes or whole content, the sentence after the file's name)
REFUSED = [
    ("nothing", b"", r"is empty \(0 bytes\)"),
    ("blank lines", b"\r\n\r\n", r"is empty \(4 bytes\)"),
    ("a mark and nothing else", b"\xef\xbb\xbf", r"is empty, none of its 1 sheet\(s\) has a row"),
    ("PDF", b"%PDF-1.7\n", "is a PDF, not a table"),
    ("gzip", b"\x1f\x8b\x08\x00\x00", "is a gzip archive, not a table"),
    ("SPSS", b"$FL2@(#) SPSS", "is an SPSS file, not a table"),
    ("Parquet", b"PAR1\x15\x04", "is a Parquet file, not a table"),
    ("XML of 2003", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
     r"is an XML spreadsheet of 2003, which is not read; open it in Excel, save it as \.xlsx"),
    ("other XML", b'<?xml version="1.0"?><patients/>', "is XML, which is not read"),
    ("an error page", b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "is a web page without a table"),
    ("a workbook cut at once", b"PK\x03\x04\x14\x00\x06", "is damaged or cut short"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "sentence"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_in_one_sentence(tmp_path: Path, what: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ExportRefused, match=rf"^export\.xls: {sentence}"):
        sheets_of(tmp_path, content)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"absent\.csv: there is no such file .* correct source in centre\.yaml"):
        read(tmp_path / "absent.csv", encodings=["utf-8"])


def test_a_text_that_begins_like_an_archive(tmp_path: Path) -> None:
    (sheet,) = sheets_of(tmp_path, "PK,sex\n1,M\n")
    assert sheet.frame.rows() == [(1, ["PK", "sex"]), (2, ["1", "M"])]


def test_messages_use_the_delivered_name(tmp_path: Path) -> None:
    path = tmp_path / "3f2a"
    path.write_bytes(b"%PDF")
    with pytest.raises(ExportRefused, match=r"^病例\.xlsx: is a PDF"):
        read(path, encodings=["utf-8"], name="病例.xlsx")
