"""The faults of each centre: which cell of whom says what wrong thing, and which rule has to find it.

What could decide eligibility, a group or an end point is planted in patients outside the cohort alone; cohort
patients carry faults only where nothing hangs on them.
"""

from __future__ import annotations

from datetime import date, timedelta

import demo_faults as f
from demo_delivery import UNDECODABLE, Row
from demo_planter import Condition, Planter
from demo_records import Patient

BEFORE_BIRTH = (
    ("procedure", "started_on", "procedure"),
    ("drug_exposure", "started_on", "drug"),
    ("response_assessment", "assessed_on", "assessment"),
    ("follow_up", "contact_on", "contact"),
)
"""Days that a birth moved behind the diagnosis may be behind too, and what the rule of each calls them."""


def _has(entity: str) -> Condition:
    def fits(patient: Patient, row: Row) -> bool:
        return patient.truth.entity == entity

    return fits


def hn01(p: Planter) -> None:
    """Faults of the workbook."""
    f.cohort_cell(p, "a man with a uterus", "sex_site_conflict", "patient", "sex", "男", _is_uterine)
    f.cohort_cell(p, "a date in words", "date_unreadable", "adverse_event", "started_on", "春节后")
    f.cohort_cell(p, "a date without its year", "date_unreadable", "procedure", "started_on", "3月底")
    f.host_cell(p, "a contact date in words", "date_unreadable", "withdrawn", "follow_up", "contact_on", "上次化疗后")
    f.cohort_cell(p, "30 February", "date_impossible", "adverse_event", "stopped_on", "2021-02-30")
    f.cohort_cell(p, "a thirteenth month", "date_impossible", "metastasis", "detected_on", "2020年13月5日")
    f.cohort_cell(p, "a date after the cut-off", "date_in_future", "adverse_event", "started_on", date(2026, 5, 1))
    f.cohort_cell(p, "a size in words", "number_unreadable", "tumour", "size_mm", "不规则")
    f.cohort_cell(p, "an approximate number", "number_unreadable", "response_assessment", "target_sum_mm", "约40")
    f.cohort_cell(
        p, "an error of the spreadsheet", "excel_error_value", "response_assessment", "target_sum_mm", "#DIV/0!"
    )
    f.cohort_cell(p, "an error of the spreadsheet", "excel_error_value", "drug_exposure", "dose", "#VALUE!")
    f.cohort_cell(p, "neither yes nor no", "boolean_unreadable", "adverse_event", "is_immune_related", "可能")
    f.cohort_cell(p, "millimetres in a centimetre column", "size_out_of_range", "tumour", "size_mm", 85)
    f.cohort_cell(p, "grade 6", "grade_out_of_range", "adverse_event", "grade", 6)
    f.cohort_cell(p, "too many cycles", "cycles_out_of_range", "drug_exposure", "cycles", 180)
    f.cohort_cell(p, "a negative dose", "dose_negative", "drug_exposure", "dose", -200)
    f.cohort_cell(
        p, "an impossible sum of lesions", "target_sum_out_of_range", "response_assessment", "target_sum_mm", 4200
    )
    f.without_number(p, "adverse_event")
    f.orphan(p, "adverse_event", "9999901")
    f.duplicate(p, "follow_up")
    f.duplicate(p, "response_assessment")
    f.adverse_event_before_treatment(p)
    f.procedure_stop_before_start(p)
    f.cohort_cell(p, "sex by a title", "sex_doubtful", "patient", "sex", "先生", _not_uterine)
    f.cohort_cell(p, "a grade for ASPS", "asps_graded", "tumour", "fnclcc_grade", 3, _has("ASPS"))
    f.cohort_cell(p, "a primary that may be a metastasis", "site_doubtful", "tumour", "topography", "肺", _not_uterine)
    f.cohort_cell(p, "an unknown site", "site_unmapped", "tumour", "topography", "多处", _not_uterine)
    f.cohort_cell(p, "a range of ECOG", "ecog_doubtful", "treatment_line", "ecog", "0-1")
    f.cohort_cell(p, "ECOG in free words", "ecog_unmapped", "treatment_line", "ecog", "尚可")
    f.cohort_cell(p, "an event in several meanings", "adverse_event_doubtful", "adverse_event", "term", "皮疹")
    f.cohort_cell(p, "an event in free words", "adverse_event_unmapped", "adverse_event", "term", "口服药后不适")
    f.cohort_cell(p, "an unknown outcome", "small_list_unmapped", "adverse_event", "outcome", "转院继续观察")
    f.drug_unmapped(p, "gist", "中药协定方")
    f.host_cell(p, "only the class of the drug", "drug_class_only", "breast-cancer", "drug_exposure", "agent", "靶向")
    f.host_cell(p, "no start of the drug", "drug_start_missing", "local-relapse", "drug_exposure", "started_on", None)
    f.stop_before_start(p, "mfh")
    _drug_outside_lines(p, "unresectable", "长春新碱")
    f.treatment_after_death(p, "breast-cancer", "替莫唑胺")
    f.contact_after_death(p, "no-consent", 30, "电话", "存活")
    f.assessment_after_death(p, "too-early")
    f.deaths_differ(p, "gist")
    p.spoil("dead, without a day", "dead_without_date", f.dead_row(p, "unresectable"), "follow_up", "death_on", None)
    died = f.died_on(p, "chemotherapy-only")
    p.spoil(
        "death to the year",
        "death_date_partial",
        f.dead_row(p, "chemotherapy-only"),
        "follow_up",
        "death_on",
        f"{died.year}年",
    )
    f.diagnosed_late(p, "local-relapse", "death_before_diagnosis", f.died_on(p, "local-relapse") + timedelta(days=20))
    metastatic_on = p.by_label["too-early"].tumours[0].metastatic_on
    assert metastatic_on is not None
    f.diagnosed_late(p, "too-early", "metastatic_before_diagnosis", metastatic_on + timedelta(days=100))
    _born_after_diagnosis(p, "child")
    f.alive_with_death_date(p, "neoadjuvant-only")
    f.host_cell(p, "a contact without status", "status_missing", "child", "follow_up", "status", None)
    p.remove(p.delivery.rows("follow_up", p.by_label["poorly-differentiated"].local_id))
    p.mark("no follow-up delivered", "no_follow_up", p.row("poorly-differentiated", "patient"), "patient")
    p.without("histology_doubtful", "poorly-differentiated")
    f.host_cell(
        p,
        "a diagnosis in free words",
        "histology_unmapped",
        "poorly-differentiated",
        "tumour",
        "histology",
        "梭形细胞病变,请结合临床",
    )
    f.host_cell(
        p,
        "a response in free words",
        "response_unmapped",
        "withdrawn",
        "response_assessment",
        "overall",
        "较前变化不大",
        -1,
    )
    f.host_cell(
        p, "a response between two", "response_doubtful", "child", "response_assessment", "overall", "缩小的SD", -1
    )
    f.line_number(p, "mfh", "line_unmapped", "方案更换后")
    f.line_number(p, "withdrawn", "line_doubtful", "一线失败后")
    _repeated(p, "too-early")
    _gap(p, "no-consent")
    f.line_dates_overlap(p, "gist")
    f.line_stop_before_start(p, "chemotherapy-only")


_NUMERALS = ("", "一线", "二线", "三线", "四线", "五线", "六线")


def _is_uterine(patient: Patient, row: Row) -> bool:
    return patient.tumours[0].site == "uterus"


def _not_uterine(patient: Patient, row: Row) -> bool:
    return patient.tumours[0].site != "uterus"


def _repeated(p: Planter, label: str) -> None:
    last = len(f.palliative(p, label))
    f.line_number(p, label, "line_number_repeated", _NUMERALS[last - 1])


def _gap(p: Planter, label: str) -> None:
    last = len(f.palliative(p, label))
    f.line_number(p, label, "line_number_gap", _NUMERALS[last + 1])


def _drug_outside_lines(p: Planter, label: str, agent: str) -> None:
    start = f.palliative(p, label)[0][1].started_on
    first = p.row(label, "drug_exposure")
    row = p.copied(
        first,
        agent=agent,
        started_on=p.day(start - timedelta(days=60)),
        stopped_on=p.day(start - timedelta(days=50)),
        cycles=1,
    )
    p.mark("a drug between no lines", "drug_outside_lines", row, "drug_exposure", "started_on")


def _born_after_diagnosis(p: Planter, label: str) -> None:
    on = p.by_label[label].tumours[0].diagnosed.day + timedelta(days=400)
    row = p.row(label, "patient")
    p.spoil("born after the diagnosis", "born_after_diagnosis", row, "patient", "born_on", p.day(on))
    rule = "born_after_diagnosis"
    p.follows(rule, "age_out_of_range", row, "patient", "born_on")
    p.follows(rule, "age_histology_conflict", p.row(label, "tumour"), "tumour", "histology")
    registered = p.told(row, "patient", "registered_on")
    if registered and registered < on:
        p.follows(rule, "registered_before_birth", row, "patient", "born_on")
    for table, field, older in BEFORE_BIRTH:
        p.earlier_follow(rule, f"{older}_before_birth", label, table, field, on)


def hn02(p: Planter) -> None:
    """Faults of the CSV files."""
    f.cohort_cell(p, "a byte that is no text", "bytes_undecodable", "procedure", "site", f"大腿{UNDECODABLE}根部")
    _ragged(p, "a separator too many", "row_too_long")
    _ragged(p, "a row cut off", "row_too_short")
    f.without_number(p, "metastasis")
    copy = p.copied(p.cohort_row("follow_up"))
    p.owner(copy, "4.1E+17")
    p.mark("a number rounded by a spreadsheet", "key_rounded", copy, "follow_up", column="PAT_ID")
    row = p.cohort_row("adverse_event")
    copy = p.copied(row)
    p.owner(copy, row.patient.lstrip("0"))
    p.mark("a number without its leading zeros", "orphan_record", copy, "adverse_event", column="PAT_ID")
    _key_conflict(p)
    f.duplicate(p, "response_assessment")
    f.duplicate(p, "drug_exposure")
    f.cohort_cell(p, "a letter in a date", "date_unreadable", "adverse_event", "stopped_on", "2021O305")
    f.cohort_cell(p, "31 February", "date_impossible", "procedure", "started_on", "20210231")
    f.cohort_cell(p, "a date after the cut-off", "date_in_future", "adverse_event", "started_on", "20260418")
    _contact_in_future(p, "child-2")
    f.cohort_cell(p, "a size in words", "number_unreadable", "tumour", "size_mm", "巨大")
    f.cohort_cell(
        p, "an impossible sum of lesions", "target_sum_out_of_range", "response_assessment", "target_sum_mm", "5600"
    )
    f.cohort_cell(p, "a code of no codebook", "sex_unmapped", "patient", "sex", "X")
    f.cohort_cell(p, "a code of no codebook", "site_unmapped", "tumour", "topography", "77")
    f.cohort_cell(p, "ECOG in free words", "ecog_unmapped", "treatment_line", "ecog", "尚可")
    f.cohort_cell(p, "an event in free words", "adverse_event_unmapped", "adverse_event", "term", "输液后全身不适感")
    f.cohort_cell(p, "a code of no codebook", "small_list_unmapped", "response_assessment", "modality", "88")
    f.procedure_stop_before_start(p)
    f.stop_before_start(p, "no-consent-2")
    f.host_cell(p, "a code of no codebook", "histology_unmapped", "too-early-2", "tumour", "histology", "999", 1)
    p.without("histology_doubtful", "undifferentiated")
    f.host_cell(p, "no diagnosis", "histology_missing", "undifferentiated", "tumour", "histology", None)
    p.without("histology_doubtful", "spindle-cell")
    p.remove(p.delivery.rows("tumour", p.by_label["spindle-cell"].local_id))
    p.mark("no tumour delivered", "no_tumour", p.row("spindle-cell", "patient"), "patient")
    f.line_number(p, "chordoma", "line_unmapped", "X9")
    f.host_cell(
        p, "a code of no codebook", "response_unmapped", "no-consent-2", "response_assessment", "overall", "Z", -1
    )
    f.host_cell(p, "a birth in 1889", "born_before_1900", "local-relapse-2", "patient", "born_on", "18890304")
    year = p.by_label["chordoma"].tumours[0].diagnosed.day.year - 112
    f.host_cell(p, "an age of 112 years", "age_out_of_range", "chordoma", "patient", "born_on", f"{year}0304")
    f.drug_unmapped(p, "chordoma", "XR-1902胶囊")
    p.spoil("dead, without a day", "dead_without_date", f.dead_row(p, "colon-cancer"), "follow_up", "death_on", None)


def _ragged(p: Planter, kind: str, rule: str) -> None:
    row = p.cohort_row("adverse_event")
    if rule == "row_too_long":
        row.extra = ["复查后好转"]
    else:
        row.cut = 4
    p.mark(kind, rule, row, "adverse_event")


def _key_conflict(p: Planter) -> None:
    row = p.cohort_row("adverse_event", f.filled(p, "adverse_event", "grade"))
    other = "1" if str(p.get(row, "adverse_event", "grade")) != "1" else "2"
    copy = p.copied(row, fresh=False, grade=other)
    p.mark("one record number, two contents", "record_key_conflict", copy, "adverse_event")
    p.mark(
        "one record number, two contents", "record_key_conflict", row, "adverse_event", "", "implied",
        because="record_key_conflict",
    )  # fmt: skip


def _contact_in_future(p: Planter, label: str) -> None:
    place, _ = f.last_seen(p, label)
    row = p.copied(p.row(label, "follow_up", place), contact_on="20251201", contact_type="1")
    p.mark("a planned visit as a contact", "date_in_future", row, "follow_up", "contact_on")


def eu03(p: Planter) -> None:
    """Faults of the REDCap export."""
    f.cohort_cell(p, "30 February", "date_impossible", "adverse_event", "stopped_on", "2021-02-30")
    f.cohort_cell(p, "a date in words", "date_unreadable", "procedure", "started_on", "spring 2021")
    f.cohort_cell(p, "a size in words", "number_unreadable", "tumour", "size_mm", "large")
    f.cohort_cell(p, "ECOG in free words", "ecog_unmapped", "treatment_line", "ecog", "fit")
    f.cohort_cell(p, "no sex", "sex_missing", "patient", "sex", None)
    f.cohort_cell(p, "grade 0", "grade_out_of_range", "adverse_event", "grade", "0")
    f.cohort_cell(p, "a primary that may be a metastasis", "site_doubtful", "tumour", "topography", "lung")
    f.cohort_cell(p, "an unknown site", "site_unmapped", "metastasis", "site", "see report")
    f.cohort_cell(p, "an event in several meanings", "adverse_event_doubtful", "adverse_event", "term", "rash")
    f.cohort_cell(
        p, "an event in free words", "adverse_event_unmapped", "adverse_event", "term", "felt unwell after infusion"
    )
    f.cohort_cell(p, "a dose of zero", "dose_negative", "drug_exposure", "dose", "0")
    f.cohort_cell(p, "no cycles at all", "cycles_out_of_range", "drug_exposure", "cycles", "0")
    f.cohort_cell(p, "a grade for ASPS", "asps_graded", "tumour", "fnclcc_grade", "2", _has("ASPS"))
    f.duplicate(p, "follow_up")
    _key_conflict(p)
    f.orphan(p, "response_assessment", "EU-099")
    p.without("histology_doubtful", "sarcoma-nos")
    p.put(p.row("sarcoma-nos", "tumour"), "tumour", "histology", "Synovial sarcoma")
    f.host_cell(
        p, "words and code differ", "histology_text_code_conflict", "sarcoma-nos", "tumour", "morphology", "8890/3"
    )
    f.host_cell(
        p,
        "a line without its number",
        "line_doubtful",
        "favour-lms",
        "treatment_line",
        "line_stated",
        "12",
        f.palliative(p, "favour-lms")[-1][0],
    )
    f.host_cell(
        p,
        "a progression without imaging",
        "response_doubtful",
        "withdrawn-2",
        "response_assessment",
        "overall",
        "6",
        -1,
    )
    f.host_cell(
        p, "a choice that is none", "response_unmapped", "local-relapse-3", "response_assessment", "overall", "Z", -1
    )
    f.treatment_after_death(p, "interleukin", "Temozolomide")
    f.contact_after_death(p, "too-late", 5, "3", "1")
    metastatic_on = p.by_label["interleukin"].tumours[0].metastatic_on
    assert metastatic_on is not None
    f.diagnosed_late(p, "interleukin", "metastatic_before_diagnosis", metastatic_on + timedelta(days=110))
    f.alive_with_death_date(p, "withdrawn-2")
    last = len(f.palliative(p, "local-relapse-3"))
    f.line_number(p, "local-relapse-3", "line_number_gap", str(last + 1))
    f.host_cell(p, "a contact without status", "status_missing", "favour-lms", "follow_up", "status", None)
    f.host_cell(
        p, "an unknown drug", "drug_unmapped", "local-relapse-3", "drug_exposure", "agent", "study drug ABC-123"
    )


PLANTED_AT = {"hn01": hn01, "hn02": hn02, "eu03": eu03}
