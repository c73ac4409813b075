"""Odd but harmless writing of hospital systems: to be read right, in silence. Both variants of the demo hold it."""

from __future__ import annotations

from datetime import date

from demo_delivery import Cell, Row
from demo_planter import Planter
from demo_records import Patient

_WIDE = str.maketrans("0123456789-.", "０１２３４５６７８９－．")


def _pick(planter: Planter, table: str, field: str) -> Row:
    def fits(patient: Patient, row: Row) -> bool:
        said = planter.get(row, table, field) not in (None, "未查", "ND", "至今", "无", "/")
        return said and patient.tumours[0].site != "uterus"

    return planter.cohort_row(table, fits, share_host=True)


def _empty(planter: Planter, table: str, field: str) -> Row:
    def fits(patient: Patient, row: Row) -> bool:
        return planter.get(row, table, field) in (None, "无", "/") and patient.tumours[0].site != "uterus"

    return planter.cohort_row(table, fits, share_host=True)


def _as_day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    digits = "".join(c if c.isdigit() else " " for c in str(cell)).split()
    if len(digits) == 1:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    return date(*(int(part) for part in digits))


def hn01(planter: Planter) -> None:
    """Full-width digits, a trailing tab, 1900-01-01 as empty, three diameters, a third of a month."""
    row = _pick(planter, "tumour", "size_mm")
    size = str(planter.get(row, "tumour", "size_mm"))
    planter.odd("full-width digits", row, "tumour", "size_mm", size.translate(_WIDE), f"{float(size) * 10:g}")
    row = _pick(planter, "tumour", "size_mm")
    planter.odd("three diameters with their unit", row, "tumour", "size_mm", "5×4×3cm", "50")
    row = _pick(planter, "follow_up", "contact_on")
    on = _as_day(planter.get(row, "follow_up", "contact_on"))
    planter.odd("full-width date", row, "follow_up", "contact_on", on.isoformat().translate(_WIDE), on.isoformat())
    row = _empty(planter, "patient", "withdrawal_on")
    planter.odd("1900-01-01 as empty", row, "patient", "withdrawal_on", "1900-01-01", None)
    row = _pick(planter, "adverse_event", "stopped_on")
    on = _as_day(planter.get(row, "adverse_event", "stopped_on"))
    third = "上旬" if on.day <= 10 else "中旬" if on.day <= 20 else "下旬"
    planter.odd(
        "a third of a month", row, "adverse_event", "stopped_on", f"{on.year}年{on.month}月{third}", f"{on:%Y-%m}"
    )
    row = _pick(planter, "response_assessment", "assessed_on")
    planter.odd(
        "trailing tab behind the number",
        row,
        "response_assessment",
        "patient_id",
        f"{row.patient}\t",
        row.patient,
        "住院号",
    )
    row = _pick(planter, "drug_exposure", "agent")
    agent = str(planter.get(row, "drug_exposure", "agent"))
    planter.odd("blanks around a drug", row, "drug_exposure", "agent", f" {agent}\u3000", agent)


def hn02(planter: Planter) -> None:
    """Guarded and tabbed patient numbers, placeholders as dates, a line break in a remark."""
    row = _pick(planter, "response_assessment", "assessed_on")
    planter.odd(
        '="…" around the number', row, "response_assessment", "patient_id", f'="{row.patient}"', row.patient, "PAT_ID"
    )
    row = _pick(planter, "follow_up", "contact_on")
    planter.odd(
        "trailing tab behind the number", row, "follow_up", "patient_id", f"{row.patient}\t", row.patient, "PAT_ID"
    )
    row = _pick(planter, "drug_exposure", "dose")
    dose = str(planter.get(row, "drug_exposure", "dose"))
    planter.odd("full-width digits", row, "drug_exposure", "dose", dose.translate(_WIDE), dose)
    row = _empty(planter, "patient", "withdrawal_on")
    planter.odd("1900-01-01 as empty", row, "patient", "withdrawal_on", "19000101", None)
    row = _empty(planter, "treatment_line", "stopped_on")
    planter.odd("9999-12-31 as empty", row, "treatment_line", "stopped_on", "99991231", None)
    row = _pick(planter, "follow_up", "contact_on")
    planter.odd("line break inside a remark", row, "follow_up", "", "患者自述一般情况可\n无特殊不适", None, "REMARK")


def eu03(planter: Planter) -> None:
    """Blanks, a decimal comma, partial and unknown dates."""
    row = _pick(planter, "tumour", "histology")
    text = str(planter.get(row, "tumour", "histology"))
    planter.odd("blanks around a diagnosis", row, "tumour", "histology", f" {text.upper()} ", text.upper())
    row = _pick(planter, "drug_exposure", "dose")
    planter.odd("decimal comma", row, "drug_exposure", "dose", "37,5", "37.5")
    row = _pick(planter, "adverse_event", "started_on")
    on = _as_day(planter.get(row, "adverse_event", "started_on"))
    planter.odd("month only", row, "adverse_event", "started_on", f"{on:%Y-%m}", f"{on:%Y-%m}")
    row = _pick(planter, "procedure", "started_on")
    planter.odd("unknown date", row, "procedure", "started_on", "UNK", None)
    row = _pick(planter, "metastasis", "site")
    site = str(planter.get(row, "metastasis", "site"))
    planter.odd("capitals", row, "metastasis", "site", site.upper(), site.upper())


PLANTED_AT = {"hn01": hn01, "hn02": hn02, "eu03": eu03}
