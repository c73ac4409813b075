# ruff: noqa: E501
"""Text rows written as a file again, each cell on its line and in its column; the same rows give the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import polars as pl

from warehouse.read import TextSheet

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write_file(path: Path, sheets: Sequence[TextSheet]) -> None:
    """Delimited text as UTF-8 with its mark, anything else as an XLSX workbook: what it is, not what it is called."""
    if len(sheets) == 1 and sheets[0].kind == "delimited":
        path.write_bytes(b"\xef\xbb\xbf" + _delimited(sheets[0]).encode())
    else:
        _workbook(path, sheets)


def _delimited(sheet: TextSheet) -> str:
    """Records on the lines they had: what lay between (blank lines) is blank."""
    mark = sheet.delimiter or ","
    cell = pl.element().fill_null("")
    special = cell.str.contains(f'["\\r\\n{re.escape(mark)}]') | cell.str.contains(r"^\s|\s$")
    quoted = pl.when(special).then(pl.format('"{}"', cell.str.replace_all('"', '""', literal=True))).otherwise(cell)
    rows = sheet.frame.select("line", text=pl.col("cells").list.eval(quoted).list.join(mark))
    height = pl.col("text").str.replace_all("\r\n", "\n", literal=True).str.count_matches(r"[\r\n]") + 1
    ends = (pl.col("line") + height).shift(1, fill_value=1)
    before = pl.lit("\n").repeat_by((pl.col("line") - ends).cast(pl.UInt32)).list.join("")
    lines = rows.select(text=pl.concat_str(before, "text"))["text"]
    return "\n".join(lines) + "\n"


def _workbook(path: Path, sheets: Sequence[TextSheet]) -> None:
    names = [sheet.name or f"Sheet{place}" for place, sheet in enumerate(sheets, 1)]
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, names, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + "</Relationships>",
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet_xml(sheet) for n, sheet in zip(numbers, sheets, strict=True)}
    with zipfile.ZipFile(path, "w") as package:
        for name, body in parts.items():
            about = zipfile.ZipInfo(name, _EPOCH)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            package.writestr(about, _HEAD + body)


def _sheet_xml(sheet: TextSheet) -> str:
    from openpyxl.utils import get_column_letter

    width: int = sheet.frame.select(pl.col("cells").list.len().max().fill_null(0)).item()
    letters = {place: get_column_letter(place) for place in range(1, width + 1)}
    long = (
        sheet.frame.select("line", "cells", column=pl.int_ranges(1, pl.col("cells").list.len() + 1))
        .explode("cells", "column", empty_as_null=False)
        .filter(pl.col("cells").is_not_null() & (pl.col("cells") != ""))
    )
    text = pl.col("cells").str.replace_all(_NOT_XML, "")
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        text = text.str.replace_all(plain, entity, literal=True)
    place = pl.concat_str(pl.col("column").replace_strict(letters, return_dtype=pl.String), "line")
    rows = (
        long.select("line", xml=pl.format('<c r="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', place, text))
        .group_by("line", maintain_order=True)
        .agg(pl.col("xml").str.join(""))
        .select(pl.format('<row r="{}">{}</row>', "line", "xml"))
    )  # fmt: skip
    merged = [
        f"{letters.get(c1) or get_column_letter(c1)}{r1}:{get_column_letter(c2)}{r2}" for r1, c1, r2, c2 in sheet.merged
    ]
    ranges = "".join(f'<mergeCell ref="{escape(area)}"/>' for area in merged)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows.to_series())}</sheetData>'
        + (f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else "")
        + "</worksheet>"
    )
