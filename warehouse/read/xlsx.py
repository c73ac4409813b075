"""What calamine leaves out of an .xlsx: errors, digits beyond 15, partial dates; and a check beforehand.

calamine gives no text for `#DIV/0!`, turns an 18-digit number into a float and hides number formats. Only
where the sheet's XML holds such a thing is it parsed once more, and only these cells are taken from it.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from schemas.errors import ExportRefused
from warehouse.read.formats import partial_formats

LARGEST_AREA = 100_000_000
"""Cells of a sheet's used area beyond which it is refused: a stray cell far out would take all memory."""

_LONG_NUMBER = re.compile(rb">-?[0-9]{16,}<")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*ref=[\"'][A-Z]+[0-9]+:([A-Z]+)([0-9]+)[\"']")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)([0-9]+)[\"'][^>/]*>(?!\s*</)")
_WHOLE = re.compile(r"-?[0-9]{16,}")
_DAMAGE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError)
Attributes = Mapping[str, str]


@dataclass(frozen=True)
class Corrections:
    """Cells by (row, column), both from 1: text that replaces calamine's; how much of a date is shown."""

    text: Mapping[tuple[int, int], str]
    shown: Mapping[tuple[int, int], int]


def corrections(path: Path, name: str) -> dict[str, Corrections]:
    """Sheet name -> corrections. Reads every part: checksums tell a damaged file before calamine meets it.

    Raises ExportRefused.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if (damaged := package.testzip()) is not None:
                raise zipfile.BadZipFile(damaged)
            sheets = _sheet_parts(package)
            styles = _partial_styles(package)
            return {sheet: _sheet_corrections(package.read(part), styles, name) for sheet, part in sheets.items()}
    except (*_DAMAGE, KeyError, ValueError) as fault:
        raise ExportRefused(
            f"{name}: is damaged or cut short ({type(fault).__name__}); open it in Excel, save it again and "
            "deliver that file."
        ) from fault


def _parse(xml: bytes, start: Callable[[str, Attributes], None]) -> None:
    """Call start(local name, attributes) for each element."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.Parse(xml, True)


def _local(attributes: Attributes, name: str) -> str:
    """An attribute by its local name: `r:id` may bear another prefix."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (kind, target part) of a part."""
    folder, base = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)

    where = posixpath.join(folder, "_rels", f"{base}.rels")
    if where in package.namelist():
        _parse(package.read(where), start)
    return found


def _workbook_part(package: zipfile.ZipFile) -> str:
    found = (target for kind, target in _relations(package, "").values() if kind == "officeDocument")
    return next(found, "xl/workbook.xml")


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part; chart sheets are left out."""
    workbook = _workbook_part(package)
    relations = _relations(package, workbook)
    parts: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        kind, target = relations.get(_local(attributes, "id"), ("", ""))
        if tag == "sheet" and kind == "worksheet":
            parts[attributes["name"]] = target

    _parse(package.read(workbook), start)
    return parts


def _partial_styles(package: zipfile.ZipFile) -> dict[str, int]:
    """Cell style -> characters of an ISO date that it shows, for styles that hide day or month."""
    relations = _relations(package, _workbook_part(package)).values()
    part = next((target for kind, target in relations if kind == "styles"), None)
    if part is None:
        return {}
    codes: dict[int, str] = {}
    formats: list[int] = []
    within = [""]

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            within[0] = tag
        elif tag == "xf" and within[0] == "cellXfs":
            formats.append(int(attributes.get("numFmtId", 0)))

    _parse(package.read(part), start)
    lengths = partial_formats(codes)
    return {str(style): lengths[number] for style, number in enumerate(formats) if number in lengths}


def _sheet_corrections(xml: bytes, styles: Mapping[str, int], name: str) -> Corrections:
    _refuse_far_cells(xml, name)
    has_errors = b't="e"' in xml or b"t='e'" in xml
    has_long = _LONG_NUMBER.search(xml) is not None
    used = {style: length for style, length in styles.items() if f's="{style}"'.encode() in xml}
    if not (has_errors or has_long or used):
        return Corrections({}, {})
    return _second_look(xml, used, has_long)


def _second_look(xml: bytes, styles: Mapping[str, int], has_long: bool) -> Corrections:
    """One pass over the sheet's XML; text is collected only inside the cells wanted."""
    text: dict[tuple[int, int], str] = {}
    shown: dict[tuple[int, int], int] = {}
    row = column = 0
    kind = ""
    collected: list[str] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, column, kind
        local = tag.rpartition(":")[2]
        if local == "c":
            at = attributes.get("r")
            column = _column(at.rstrip("0123456789")) if at else column + 1
            kind = attributes.get("t", "n")
            style = attributes.get("s", "")
            if style in styles:
                shown[row, column] = styles[style]
        elif local == "row":
            row = int(attributes.get("r", row + 1))
            column = 0
        elif local == "v" and (kind == "e" or (has_long and kind == "n")):
            collected.clear()
            parser.CharacterDataHandler = collected.append
            parser.EndElementHandler = end

    def end(tag: str) -> None:
        parser.CharacterDataHandler = None
        parser.EndElementHandler = None
        value = "".join(collected).strip()
        if kind == "e" or _WHOLE.fullmatch(value):
            text[row, column] = value

    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return Corrections(text, shown)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _refuse_far_cells(xml: bytes, name: str) -> None:
    declared = _DIMENSION.search(xml[:8192])
    if declared is None or int(declared[2]) * _column(declared[1].decode()) <= LARGEST_AREA:
        return
    # formatted but empty cells count in the declared area, not in the memory that calamine takes
    filled = {(_column(found[1].decode()), int(found[2])) for found in _FILLED_CELL.finditer(xml)}
    right = max((column for column, _ in filled), default=0)
    bottom = max((row for _, row in filled), default=0)
    if right * bottom > LARGEST_AREA:
        raise ExportRefused(
            f"{name}: a sheet's used area reaches to row {bottom}, column {right}; delete the "
            "stray cells beyond the table and save it again."
        )
