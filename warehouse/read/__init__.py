"""Any export -> text rows with true coordinates. What a file is, its content says, never its name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from schemas.errors import ExportRefused
from warehouse.read.compound import MAGIC as OLD_OFFICE
from warehouse.read.delimited import read_delimited
from warehouse.read.encoding import decode
from warehouse.read.header import NamedRows, table
from warehouse.read.html_table import is_html, read_html
from warehouse.read.sheet import Merged, Notes, TextSheet

READER_VERSION = "2"
"""Raised with every change that can alter a text row; text rows kept under another version are not used."""

__all__ = ["READER_VERSION", "Merged", "NamedRows", "Notes", "TextSheet", "read", "table"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"$FL2", "an SPSS file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x00\x01\x00\x00Standard", "an Access database"),
)
_XML = re.compile(r"\s*<\?xml\b")


def read(
    path: Path, *, encodings: Sequence[str], delimiter: str | None = None, name: str | None = None
) -> list[TextSheet]:
    """The sheets of one delivered file, in the file's order; delimited text is one sheet called ''.

    encodings: tried strictly in this order for text files (`warehouse.read.encoding`); workbooks need none.
    delimiter: of delimited text; None finds it. name: what messages call the file, where path is its landed
    copy. Raises ExportRefused: one sentence with what is wrong, where, and what to do; ConfigurationError
    for an encoding or delimiter that cannot be used.
    """
    shown = name or path.name
    if not path.is_file():
        raise ExportRefused(f"{shown}: there is no such file ({path}); deliver it or correct source in centre.yaml.")
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip(b"\0 \t\r\n"):
        raise ExportRefused(f"{shown}: is empty ({path.stat().st_size} bytes); export it again.")
    sheets = _read(path, start, encodings, delimiter, shown)
    if all(sheet.frame.is_empty() for sheet in sheets):
        raise ExportRefused(f"{shown}: is empty, none of its {len(sheets)} sheet(s) has a row; export it again.")
    return [replace(sheet, file=shown) for sheet in sheets]


def _read(path: Path, start: bytes, encodings: Sequence[str], delimiter: str | None, name: str) -> list[TextSheet]:
    if start.startswith((OLD_OFFICE, *_ZIP)):
        old = start.startswith(OLD_OFFICE)
        if not old:
            _refuse_other_archives(path, name)
        from warehouse.read.workbook import read_workbook  # calamine is needed for workbooks only

        return read_workbook(path, old=old, name=name)
    for mark, kind in _OTHER_KINDS:
        if start.startswith(mark):
            raise ExportRefused(f"{name}: is {kind}, not a table; deliver the export as .xlsx or .csv.")
    text, encoding = decode(path.read_bytes(), encodings, name)
    if is_html(text):
        return read_html(text, encoding=encoding, name=name)
    if _XML.match(text):
        kind = "an XML spreadsheet of 2003" if "schemas-microsoft-com:office:spreadsheet" in text[:4096] else "XML"
        raise ExportRefused(
            f"{name}: is {kind}, which is not read; open it in Excel, save it as .xlsx and deliver that."
        )
    return [read_delimited(text, encoding=encoding, delimiter=delimiter, name=name)]


def _refuse_other_archives(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.namelist()
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError):
        raise ExportRefused(
            f"{name}: is damaged or cut short ({path.stat().st_size} bytes); send the file again, or open it "
            "in Excel and save it anew."
        ) from None
    if any(part.endswith(".xml") and "workbook" in part for part in parts) or "[Content_Types].xml" in parts:
        if any(part.endswith("workbook.bin") for part in parts):
            raise ExportRefused(f"{name}: is a binary workbook (.xlsb), which is not read; save it as .xlsx.")
        if not any(part.startswith("word/") or part.startswith("ppt/") for part in parts):
            return
    kind = "an OpenDocument spreadsheet" if "content.xml" in parts else "a ZIP archive without a workbook"
    raise ExportRefused(f"{name}: is {kind}, which is not read; deliver the export as .xlsx or .csv.")
