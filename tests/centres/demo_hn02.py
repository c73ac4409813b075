"""Hospital hn02: one CSV per table, numeric codes with a codebook, GB18030 but for one file, dates YYYYMMDD."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from demo_delivery import Cell, Column, Delivery, Row, Sheet
from demo_draw import Draw
from demo_records import Patient, When
from demo_words import AGENTS_ZH, EVENTS, HISTOLOGY_CODES_HN02, METASTASES, NOTICE, SITE_CODES_HN02, SITES, WORDS_ZH

NUMBER = "PAT_ID"
_LISTS: dict[str, dict[str, str]] = {
    "SEX_CD": {"1": "男", "2": "女"},
    "CONSENT_CD": {"1": "已签署", "2": "伦理豁免", "9": "未签署"},
    "WD_SCOPE_CD": {"1": "停止使用", "2": "不再收集"},
    "HIST_CD": {code: text for text, code in HISTOLOGY_CODES_HN02.items()},
    "REVIEW_CD": {"1": "本院", "2": "专家会诊", "3": "中心会诊"},
    "SITE_CD": {code: SITES[site][0] for site, code in SITE_CODES_HN02.items()},
    "SIDE_CD": {"1": "左", "2": "右"},
    "DEPTH_CD": {"1": "深部", "2": "浅表"},
    "PROC_CD": {"1": "手术", "2": "放疗", "3": "消融"},
    "INTENT_CD": {"1": "根治", "2": "姑息"},
    "MARGIN_CD": {"0": "R0", "1": "R1", "2": "R2"},
    "LINE_CD": {
        "1": "一线",
        "2": "二线",
        "3": "三线",
        "4": "四线",
        "5": "五线",
        "6": "六线",
        "11": "辅助",
        "12": "新辅助",
    },
    "SETTING_CD": {"1": "姑息", "2": "辅助", "3": "新辅助"},
    "END_REASON_CD": {"1": "疾病进展", "2": "毒性不耐受", "3": "完成计划疗程", "4": "患者要求", "5": "死亡"},
    "STOP_CD": {"1": "疾病进展", "2": "毒性不耐受", "3": "完成计划疗程", "4": "患者要求", "5": "死亡"},
    "METHOD_CD": {"1": "CT", "2": "MRI", "3": "PET-CT"},
    "CRITERIA_CD": {"1": "RECIST 1.1"},
    "RESULT_CD": {"1": "CR", "2": "PR", "3": "SD", "4": "PD", "9": "NE"},
    "ASSESSOR_CD": {"1": "研究者"},
    "OUTCOME_CD": {"1": "痊愈", "2": "好转", "3": "未缓解"},
    "FU_TYPE_CD": {"1": "门诊", "2": "住院", "3": "电话", "4": "家属代取药", "5": "自动出院"},
    "STATUS_CD": {"1": "存活", "2": "死亡", "3": "失访"},
    "CAUSE_CD": {"1": "肿瘤", "2": "治疗相关", "3": "其他"},
}
_YES_NO = (
    "IS_INDEX",
    "SYNC_CD",
    "LOCAL_ONLY_CD",
    "OTHER_MALIG_CD",
    "TRIAL_CD",
    "ONGOING_CD",
    "GIVEN_CD",
    "NEW_CD",
    "IRAE_CD",
    "SERIOUS_CD",
    "STEROID_CD",
)
_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "patient": (
        "patient",
        {
            "SEX_CD": "sex",
            "BIRTH_DT": "born_on",
            "REG_DT": "registered_on",
            "CONSENT_CD": "legal_basis",
            "WD_DT": "withdrawal_on",
            "WD_SCOPE_CD": "withdrawal_scope",
            "LINK_TOKEN": "link_token",
            "REMARK": "",
        },
    ),
    "tumour": (
        "tumour",
        {
            "TUMOUR_SEQ": "tumour_sequence",
            "IS_INDEX": "is_index",
            "HIST_CD": "histology",
            "REVIEW_CD": "review",
            "DX_DT": "diagnosed_on",
            "SITE_CD": "topography",
            "SIDE_CD": "laterality",
            "DEPTH_CD": "depth",
            "SIZE_MM": "size_mm",
            "GRADE": "fnclcc_grade",
            "META_DT": "metastatic_on",
            "SYNC_CD": "is_synchronous",
            "LOCAL_ONLY_CD": "is_locally_advanced_only",
            "OTHER_MALIG_CD": "is_other_malignancy_active",
        },
    ),
    "metastasis": ("metastasis", {"SITE": "site", "FOUND_DT": "detected_on"}),
    "procedure": (
        "procedure",
        {
            "PROC_CD": "type",
            "INTENT_CD": "intent",
            "SITE": "site",
            "START_DT": "started_on",
            "END_DT": "stopped_on",
            "MARGIN_CD": "margin",
            "DOSE_GY": "dose_gy",
            "FRACTIONS": "fractions",
        },
    ),
    "line": (
        "treatment_line",
        {
            "LINE_CD": "line_stated",
            "SETTING_CD": "setting",
            "START_DT": "started_on",
            "END_DT": "stopped_on",
            "END_REASON_CD": "stop_reason",
            "ECOG": "ecog",
            "ECOG_DT": "ecog_on",
            "TRIAL_CD": "is_trial",
        },
    ),
    "drug": (
        "drug_exposure",
        {
            "ORDER_NO": "",
            "DRUG_NAME": "agent",
            "START_DT": "started_on",
            "END_DT": "stopped_on",
            "ONGOING_CD": "is_ongoing",
            "DOSE": "dose",
            "DOSE_UNIT": "dose_unit",
            "CYCLES": "cycles",
            "STOP_CD": "stop_reason",
            "GIVEN_CD": "is_administered",
        },
    ),
    "response": (
        "response_assessment",
        {
            "EXAM_DT": "assessed_on",
            "REPORT_DT": "",
            "METHOD_CD": "modality",
            "CRITERIA_CD": "criteria",
            "SUM_MM": "target_sum_mm",
            "NEW_CD": "has_new_lesion",
            "RESULT_CD": "overall",
            "ASSESSOR_CD": "assessor",
        },
    ),
    "adverse_event": (
        "adverse_event",
        {
            "AE_ID": "",
            "AE_NAME": "term",
            "GRADE": "grade",
            "START_DT": "started_on",
            "END_DT": "stopped_on",
            "IRAE_CD": "is_immune_related",
            "DRUG_NAME": "attributed_agent",
            "SERIOUS_CD": "is_serious",
            "OUTCOME_CD": "outcome",
            "STEROID_CD": "has_steroid",
        },
    ),
    "followup": (
        "follow_up",
        {
            "FU_DT": "contact_on",
            "FU_TYPE_CD": "contact_type",
            "STATUS_CD": "status",
            "DEATH_DT": "death_on",
            "CAUSE_CD": "death_cause",
            "REMARK": "",
        },
    ),
}


def code(column: str, meaning: str) -> str:
    """The hospital's own code for a meaning."""
    return next(code for code, text in _LISTS[column].items() if text == meaning)


def _day(on: date | None) -> Cell:
    return None if on is None else on.strftime("%Y%m%d")


def _when(when: When) -> Cell:
    return _day(when.day) if when.precision == "day" else f"{when.day.year}年{when.day.month}月"


def _bit(value: bool | None) -> Cell:
    return None if value is None else "1" if value else "0"


def _word(column: str, words: str, key: str | None) -> Cell:
    return None if key is None else code(column, WORDS_ZH[words][key])


def _amount(value: float | None) -> Cell:
    return None if value is None else f"{value:g}"


def _cells(table: str, patient: Patient, draw: Draw, serial: dict[str, int]) -> list[list[Cell]]:
    """What the hospital's system exports for one patient, the columns of `_TABLES[table]` in order."""

    def next_number(prefix: str) -> str:
        serial[prefix] = serial.get(prefix, 0) + 1
        return f"{prefix}{serial[prefix]:06d}"

    if table == "patient":
        withdrawn = _day(patient.withdrawal_on) or draw.pick(("无", None, "/"))
        return [
            [
                _word("SEX_CD", "sex", patient.sex),
                _when(patient.born),
                _day(patient.registered_on),
                _word("CONSENT_CD", "legal_basis", patient.legal_basis),
                withdrawn,
                _word("WD_SCOPE_CD", "withdrawal_scope", patient.withdrawal_scope),
                patient.link_token,
                draw.weighted((None, 6), ("外院病理会诊后转入", 1)),
            ]
        ]
    if table == "tumour":
        return [
            [
                str(item.sequence),
                _bit(item.is_index),
                HISTOLOGY_CODES_HN02[item.text],
                _word("REVIEW_CD", "review", item.review),
                _when(item.diagnosed),
                SITE_CODES_HN02[item.site],
                draw.pick(("1", "2", None)) if item.site in ("thigh", "calf", "upper_arm") else None,
                "不详" if item.depth is None else _word("DEPTH_CD", "depth", item.depth),
                "未查" if item.size_mm is None else str(item.size_mm),
                "—" if item.grade is None else "/" if item.grade == "not_applicable" else item.grade,
                _day(item.metastatic_on),
                _bit(item.is_synchronous),
                _bit(item.is_locally_advanced_only),
                _bit(item.is_other_malignancy_active),
            ]
            for item in patient.tumours
        ]
    if table == "metastasis":
        return [[METASTASES[item.site][0], _day(item.detected_on)] for item in patient.metastases]
    if table == "procedure":
        return [
            [
                _word("PROC_CD", "procedure_type", item.kind),
                _word("INTENT_CD", "intent", item.intent),
                SITES[item.site][0],
                _day(item.started_on),
                _day(item.stopped_on),
                code("MARGIN_CD", item.margin) if item.margin else "/",
                _amount(item.dose_gy),
                _amount(item.fractions),
            ]
            for item in patient.procedures
        ]
    if table == "line":
        return [
            [
                code(
                    "LINE_CD",
                    {"adjuvant": "辅助", "neoadjuvant": "新辅助"}.get(item.stated) or WORDS_ZH["line"][item.stated],
                ),
                _word("SETTING_CD", "setting", item.setting),
                _day(item.started_on),
                _day(item.stopped_on),
                _word("END_REASON_CD", "stop_reason", item.stop_reason),
                str(item.ecog),
                _day(item.ecog_on),
                _bit(item.is_trial),
            ]
            for item in patient.lines
        ]
    if table == "drug":
        return [
            [
                next_number("D"),
                draw.pick(AGENTS_ZH[item.agent][:2]),
                _day(item.started_on),
                "99991231" if item.is_ongoing else _day(item.stopped_on),
                _bit(item.is_ongoing),
                _amount(item.dose),
                item.unit,
                _amount(item.cycles),
                _word("STOP_CD", "stop_reason", item.stop_reason),
                _bit(item.is_administered),
            ]
            for item in patient.drugs
        ]
    if table == "response":
        return [
            [
                _day(item.assessed_on),
                _day(item.reported_on),
                code("METHOD_CD", item.modality),
                "1",
                _amount(item.target_sum_mm),
                _bit(item.has_new_lesion),
                None if item.overall is None else code("RESULT_CD", item.overall),
                "1",
            ]
            for item in patient.assessments
        ]
    if table == "adverse_event":
        return [
            [
                next_number("A"),
                draw.pick(EVENTS[item.term][0]),
                str(item.grade),
                _day(item.started_on),
                _day(item.stopped_on),
                _bit(item.is_immune_related),
                AGENTS_ZH[item.agent][0] if item.agent else None,
                _bit(item.is_serious),
                _word("OUTCOME_CD", "outcome", item.outcome),
                _bit(item.has_steroid),
            ]
            for item in patient.adverse_events
        ]
    return [
        [
            _day(item.contact_on),
            _word("FU_TYPE_CD", "contact_type", item.kind),
            _word("STATUS_CD", "status", item.status),
            _day(item.death_on),
            _word("CAUSE_CD", "death_cause", item.cause),
            draw.weighted((None, 20), ("电话无人接听,改日再拨", 1)),
        ]
        for item in patient.contacts
    ]


def _codebook() -> Sheet:
    columns = tuple(Column(name) for name in ("table", "column", "code", "meaning", "remark"))
    sheet = Sheet(
        "codebook.csv",
        "",
        columns,
        [["table", "column", "code", "meaning", "remark"]],
        encoding="gb18030",
        newline="\r\n",
    )
    for table, (_, fields) in _TABLES.items():
        for column in fields:
            listed = {"1": "是", "0": "否"} if column in _YES_NO else _LISTS.get(column, {})
            sheet.rows += [Row(("",), "", [table, column, code, meaning, NOTICE]) for code, meaning in listed.items()]
    return sheet


def write(patients: Sequence[Patient], seed: int) -> Delivery:
    """The files of hn02."""
    draw = Draw(seed, "hn02")
    serial: dict[str, int] = {}
    sheets = []
    for name, (table, fields) in _TABLES.items():
        columns = (Column(NUMBER), *(Column(column, table if known else "", known) for column, known in fields.items()))
        sheet = Sheet(
            f"{name}.csv",
            "",
            columns,
            [[f"# {NOTICE}"], [column.name for column in columns]],
            banner_rows=1,
            encoding="utf-8-sig" if name == "adverse_event" else "gb18030",
            newline="\r\n",
        )
        for patient in patients:
            sheet.rows += [
                Row((table,), patient.local_id, [patient.local_id, *cells])
                for cells in _cells(name, patient, draw, serial)
            ]
        sheets.append(sheet)
    return Delivery("hn02", [*sheets, _codebook()])
