"""Tables as a Word document: real tables, heads repeated on every page, rows unbroken, the same bytes every time."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.tables import INDENT, Cell, Table
from schemas.spreadsheet import printable

if TYPE_CHECKING:
    from docx.document import Document

_PAGE_MM = (297, 210)
_MARGIN_MM = 15
_WIDTH_MM = _PAGE_MM[0] - 2 * _MARGIN_MM
_LETTER_MM, _PADDING_MM = 1.8, 4.0
_MOST_LETTERS = 40
_KEPT_TOGETHER = 24
"""A table of at most so many rows is not parted by a page."""

_FONTS = ("Arial", "SimSun")
_TEXT, _INDENTED, _NUMBER = "Table Line", "Table Line Indented", "Table Number"


def write_docx(
    path: Path, title: str, facts: Sequence[str], numbered: Sequence[tuple[str, Table]], lang: str, made: datetime
) -> Path:
    """Write tables, each as (name such as 'Table 1', table), under a title and its facts; return the path.

    made: the refresh's clock, so that the file does not depend on when it was written.
    """
    import docx

    document = docx.Document()
    _page(document, lang)
    core = document.core_properties
    core.title, core.author, core.comments, core.language = title, "sarcreg", "", lang
    core.created = core.modified = made
    core.last_modified_by, core.revision = "sarcreg", 1
    document.add_heading(title, level=0)
    for fact in facts:
        document.add_paragraph(fact)
    for name, table in numbered:
        _add(document, name, table, lang)
    filled = BytesIO()
    document.save(filled)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_timeless(filled.getvalue()))
    return path


def _page(document: Document, lang: str) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE_MM[0]), Mm(_PAGE_MM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    for name, size in (("Normal", 9), ("Caption", 10), ("Title", 18), ("Heading 1", 13)):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONTS[0], Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:hAnsi"), _FONTS[0])
        fonts.set(qn("w:eastAsia"), _FONTS[1])
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(3)
    _cell_styles(document)
    tongue = normal.element.rPr.makeelement(
        qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-CN" if lang == "zh" else "en-GB"}
    )
    normal.element.rPr.append(tongue)


def _cell_styles(document: Document) -> None:
    """The looks of a line in a table, named, so that a line says one word and a journal can change them all."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    for name in (_TEXT, _INDENTED, _NUMBER):
        style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(8.5)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    indented: Any = document.styles[_INDENTED]
    indented.paragraph_format.left_indent = Mm(3)
    number: Any = document.styles[_NUMBER]
    number.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add(document: Document, name: str, table: Table, lang: str) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm, Pt

    caption = document.add_paragraph(style="Caption")
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(14)
    run = caption.add_run(f"{name}{'　' if lang == 'zh' else '. '}{table.title}")
    run.bold = True
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    made.autofit = False
    widths = widths_mm(table)
    looks = {name: document.styles[name].style_id for name in (_TEXT, _INDENTED, _NUMBER)}
    kept = len(table.rows) <= _KEPT_TOGETHER
    grid = [[str(column) for column in table.columns], *table.rows]
    for i, (cells, row) in enumerate(zip(grid, made.rows, strict=True)):
        _unbroken(row, is_head=i == 0, is_last=i == len(grid) - 1)
        is_next_kept = (kept and i < len(grid) - 1) or i == 0
        for column, cell, text, width in zip(table.columns, row.cells, cells, widths, strict=True):
            cell.width = Mm(width)
            _fill(cell, text, looks, is_number=column.is_number, is_head=i == 0, is_next_kept=is_next_kept)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for i, note in enumerate(table.notes):
        below = document.add_paragraph()
        below.paragraph_format.space_before = Pt(3 if i == 0 else 0)
        below.paragraph_format.space_after = Pt(0)
        below.paragraph_format.keep_with_next = i < len(table.notes) - 1
        below.add_run(printable(note)).font.size = Pt(8)


def _fill(
    cell: Any, text: Cell, looks: Mapping[str, str], *, is_number: bool, is_head: bool, is_next_kept: bool
) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    if is_head:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    for i, line in enumerate((text,) if isinstance(text, str) else text or ("",)):
        paragraph = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
        # By its id: python-docx would search all styles for each line.
        paragraph._p.style = looks[_NUMBER if is_number else _INDENTED if line.startswith(INDENT) else _TEXT]
        if is_next_kept:
            paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run(printable(line.removeprefix(INDENT)))
        if is_head:
            run.bold = True


def _unbroken(row: Any, *, is_head: bool, is_last: bool) -> None:
    """A row that no page parts, with the lines of a printed table: over and under the head, and at the end."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    drawn = [*(("top", "bottom") if is_head else ()), *(("bottom",) if is_last else ())]
    for cell in row.cells if drawn else ():
        borders = OxmlElement("w:tcBorders")
        for edge in dict.fromkeys(drawn):
            line = OxmlElement(f"w:{edge}")
            for name, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)


def widths_mm(table: Table) -> list[float]:
    """Width of each column: what its longest line needs, text columns giving way where the page is too narrow."""
    needs, least = [], []
    for i, column in enumerate(table.columns):
        lines = [line for row in table.rows for line in _lines(row[i])]
        longest = max((_letters(line) for line in lines), default=0)
        # A head is bold, hence wider.
        word = max((_letters(part) * 1.2 for part in _words(str(column))), default=0)
        word = max([word, *(_letters(part) for line in lines for part in _words(line))])
        wanted = longest if column.is_number else min(longest, _MOST_LETTERS)
        needs.append(max(wanted, word, min(_letters(str(column)) * 1.2, 18)) * _LETTER_MM + _PADDING_MM)
        least.append(max(longest if column.is_number and longest < 18 else word, 4) * _LETTER_MM + _PADDING_MM)
    over = sum(needs) - _WIDTH_MM
    slack = sum(n - m for n, m in zip(needs, least, strict=True))
    if over <= 0:
        return needs
    if slack <= over:
        return [m * _WIDTH_MM / sum(least) for m in least]
    return [n - (n - m) * over / slack for n, m in zip(needs, least, strict=True)]


def _lines(cell: Cell) -> Sequence[str]:
    return (cell,) if isinstance(cell, str) else cell


def _words(text: str) -> list[str]:
    """What a line cannot be broken within; Chinese breaks after every fourth sign at the least."""
    parts = text.replace("\u00a0", "_").split()
    return [part if part.isascii() or _letters(part) <= 8 else part[:4] for part in parts]


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _timeless(document: bytes) -> bytes:
    """The same document with no time in its archive."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
