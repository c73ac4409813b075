"""How a workbench's XLSX looks: terms with drop-downs, instructions in two languages, the list's codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.codelist import IGNORED, NEEDS_QUERY, CodeList
from warehouse.workbench import cells

SHORT = 60
"""Codes up to which the drop-down shows the whole list; beyond, the row's candidates."""

_WIDTHS = {
    "text": 44, "centre": 10, "patients": 10, "records": 10, "centres": 10, "state": 12, "reason": 34, "code_now": 18,
    "candidates": 62, "decision": 24, "scope": 14, "by": 18, "why": 36, "list": 12, "id": 20,
}  # fmt: skip
_TITLE = 25
_FILLED = ("decision", "scope", "by", "why")
_HIDDEN = ("list", "id")
_WORDS = ((IGNORED, "not a value: ask nothing", "不是有效值，不再询问"), (NEEDS_QUERY, "always ask", "始终询问中心"))
_INSTRUCTIONS = (
    ("What this is", "说明"),
    (
        "Texts that no code is certain for, those of most patients first. Unmapped: no rule reads it. Doubtful: it may "
        "mean several things. Asked: the code now is right as far as it goes, more is wanted.",
        "尚无确定编码的写法，涉及患者最多者在前。unmapped：没有规则能识别；doubtful：可能有多种含义；asked：当前编码正确但不够具体。",
    ),
    ("How to fill it in", "填写方法"),
    (
        "decision: a code of the sheet `codes`, or `ignored` (not a value, ask nothing), or `needs_query` (always ask "
        "the centre). Agents of a regimen are joined with +. Leave it empty where you cannot decide.",
        "decision：填写工作表 codes 中的编码，或 ignored（不是有效值，不再询问），或 needs_query（始终向中心询问）。"
        "联合方案的药物用 + 连接。无法决定时留空。",
    ),
    (
        "scope: `centre` (this centre alone; so where empty) or `registry` (all centres; a centre's map goes first).",
        "scope：centre（仅本中心；留空即为此项）或 registry（全部中心；中心自己的映射优先）。",
    ),
    (
        "by: your name. why: the reason, in words another can check. Both are needed, and are kept with the decision.",
        "by：您的姓名。why：理由，应可供他人核查。两者均为必填，并随决定保存。",
    ),
    (
        "Change nothing else: the grey columns are compared with what was exported, and a changed row is refused.",
        "请勿修改其他内容：灰色列将与导出时的内容核对，被改动的行不予接受。",
    ),
    (
        "Then: sarcreg terms import FILE. The next refresh uses the decisions. This file holds texts of patients' "
        "records: keep it where the registry's home is kept.",
        "完成后运行 sarcreg terms import FILE，下次刷新即采用这些决定。"
        "本文件含有患者记录中的文字，请与登记库同等保管。",
    ),
)  # fmt: skip


def write_workbook(
    path: Path, codes: CodeList, header: Sequence[str], rows: Sequence[Sequence[str]], likely: Sequence[Sequence[str]]
) -> None:
    """Write the workbook. likely: per row the codes that its drop-down offers where the list is long."""
    from openpyxl import Workbook

    book = Workbook()
    _terms(book.active, codes, header, rows, likely)
    bold = [row for row, sentence in enumerate(_INSTRUCTIONS, 1) if len(sentence[0]) < _TITLE]
    cells.instructions(book.create_sheet("instructions 说明"), _INSTRUCTIONS, 70, bold)
    _codes(book.create_sheet("codes"), codes)
    cells.set_up_pages(book)
    book.save(path)


def _terms(sheet: Any, codes: CodeList, header: Sequence[str], rows: Sequence[Sequence[str]], likely: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.title = "terms"
    names = [name.split(" ")[0] for name in header]
    grey, yellow = (PatternFill("solid", fgColor=colour) for colour in (cells.LOCKED_COLOUR, cells.OPEN_COLOUR))
    for column, name in enumerate(names, 1):
        cell = cells.text(sheet, 1, column, header[column - 1])
        cell.font, cell.fill = Font(bold=True), yellow if name in _FILLED else grey
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letter = sheet.column_dimensions[get_column_letter(column)]
        letter.width, letter.hidden = _WIDTHS[name], name in _HIDDEN
        for row, values in enumerate(rows, 2):
            cell = cells.text(sheet, row, column, values[column - 1])
            cell.fill = yellow if name in _FILLED else grey
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.protection = Protection(locked=name not in _FILLED)
            if name in ("patients", "records", "centres"):
                cell.value, cell.data_type, cell.number_format = int(values[column - 1]), "n", "0"
    for row, values in enumerate(rows, 2):
        cells.height(sheet, row, [(text, _WIDTHS[name]) for name, text in zip(names, values, strict=True)])
    sheet.row_dimensions[1].height = 2 * cells.POINTS_PER_LINE
    last = max(len(rows) + 1, 2)
    sheet.freeze_panes = "B2"
    cells.protect(sheet, f"{get_column_letter(len(names))}{last}")
    where = {name: get_column_letter(names.index(name) + 1) for name in _FILLED}
    is_short = codes.codes.height <= SHORT
    source = f"codes!$A$2:$A${codes.codes.height + 3}" if is_short else _beside(sheet, len(names), likely)
    decision = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=is_short)
    decision.error = (
        "A code of the sheet codes, ignored or needs_query. 请填写 codes 工作表中的编码、ignored 或 needs_query。"
    )
    scope = DataValidation(type="list", formula1='"centre,registry"', allow_blank=True)
    for name, validation in (("decision", decision), ("scope", scope)):
        validation.add(f"{where[name]}2:{where[name]}{last}")
        sheet.add_data_validation(validation)


def _beside(sheet: Any, width: int, likely: Sequence[Sequence[str]]) -> str:
    """Each row's choices in hidden columns; the drop-down's range, relative to the row."""
    from openpyxl.utils import get_column_letter

    first, most = width + 2, max([len(codes) for codes in likely], default=0) + 2
    for row, codes in enumerate(likely, 2):
        for column, code in enumerate([*codes, IGNORED, NEEDS_QUERY], first):
            cells.text(sheet, row, column, code)
    for column in range(first - 1, first + most):
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    return f"${get_column_letter(first)}2:${get_column_letter(first + most - 1)}2"


def _codes(sheet: Any, codes: CodeList) -> None:
    from openpyxl.styles import Font

    shown = [codes.key, *(name for name in ("morphology_code", "label_en", "label_zh") if name in codes.codes.columns)]
    lines = [shown, *codes.codes.select(shown).rows()]
    words = [
        (IGNORED, "not a value: ask nothing", "不是有效值，不再询问"),
        (NEEDS_QUERY, "always ask the centre", "始终询问中心"),
    ]
    lines += [(code, *[""] * (len(shown) - 3), english, chinese) for code, english, chinese in words]
    for row, values in enumerate(lines, 1):
        for column, value in enumerate(values, 1):
            cells.text(sheet, row, column, value or "").font = Font(bold=row == 1)
    for letter, width in zip("ABCD", (22, 44, 44, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
