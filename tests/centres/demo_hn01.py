"""Hospital hn01: one Chinese workbook, banner rows, a two-row merged header, dates as cells and in five text forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from demo_delivery import Cell, Column, Delivery, Row, Sheet
from demo_draw import Draw
from demo_records import Drug, Patient, When
from demo_words import AGENTS_ZH, EVENTS, METASTASES, NOTICE, RESPONSES_ZH, SITES, WORDS_ZH

FILE = "病例汇总_20240630.xlsx"
NUMBER = "住院号"
_PATIENT = (
    Column(NUMBER),
    Column("基本信息 / 姓名"),
    Column("基本信息 / 性别", "patient", "sex"),
    Column("基本信息 / 出生日期", "patient", "born_on"),
    Column("基本信息 / 建档日期", "patient", "registered_on"),
    Column("基本信息 / 知情同意", "patient", "legal_basis"),
    Column("基本信息 / 撤回日期", "patient", "withdrawal_on"),
    Column("基本信息 / 撤回范围", "patient", "withdrawal_scope"),
    Column("基本信息 / 关联码", "patient", "link_token"),
    Column("肿瘤信息 / 病理诊断", "tumour", "histology"),
    Column("肿瘤信息 / 病理会诊", "tumour", "review"),
    Column("肿瘤信息 / 诊断日期", "tumour", "diagnosed_on"),
    Column("肿瘤信息 / 原发部位", "tumour", "topography"),
    Column("肿瘤信息 / 深浅", "tumour", "depth"),
    Column("肿瘤信息 / 最大径(cm)", "tumour", "size_mm"),
    Column("肿瘤信息 / FNCLCC分级", "tumour", "fnclcc_grade"),
    Column("转移信息 / 转移日期", "tumour", "metastatic_on"),
    Column("转移信息 / 同时性转移", "tumour", "is_synchronous"),
    Column("转移信息 / 仅局部晚期不可切除", "tumour", "is_locally_advanced_only"),
    Column("转移信息 / 其他活动性恶性肿瘤", "tumour", "is_other_malignancy_active"),
)
_GROUP_AREAS = ("A3:A4", "B3:I3", "J3:P3", "Q3:T3", "A1:T1", "A2:T2")
_SHEETS: dict[str, tuple[str, dict[str, str]]] = {
    "治疗线": (
        "treatment_line",
        {
            "治疗线": "line_stated",
            "治疗目的": "setting",
            "开始日期": "started_on",
            "结束日期": "stopped_on",
            "停止原因": "stop_reason",
            "ECOG评分": "ecog",
            "评分日期": "ecog_on",
            "临床试验": "is_trial",
        },
    ),
    "用药": (
        "drug_exposure",
        {
            "药物": "agent",
            "开始日期": "started_on",
            "结束日期": "stopped_on",
            "剂量": "dose",
            "单位": "dose_unit",
            "周期数": "cycles",
            "停药原因": "stop_reason",
            "备注": "",
        },
    ),
    "疗效评估": (
        "response_assessment",
        {
            "检查日期": "assessed_on",
            "检查方式": "modality",
            "评估标准": "criteria",
            "靶病灶总和(mm)": "target_sum_mm",
            "新病灶": "has_new_lesion",
            "总体疗效": "overall",
            "评估人": "assessor",
            "报告日期": "",
        },
    ),
    "不良反应": (
        "adverse_event",
        {
            "不良反应": "term",
            "分级": "grade",
            "开始日期": "started_on",
            "结束日期": "stopped_on",
            "免疫相关": "is_immune_related",
            "可疑药物": "attributed_agent",
            "严重": "is_serious",
            "转归": "outcome",
            "激素治疗": "has_steroid",
        },
    ),
    "随访": (
        "follow_up",
        {
            "随访日期": "contact_on",
            "随访方式": "contact_type",
            "生存状态": "status",
            "死亡日期": "death_on",
            "死亡原因": "death_cause",
        },
    ),
    "手术放疗": (
        "procedure",
        {
            "类型": "type",
            "目的": "intent",
            "部位": "site",
            "开始日期": "started_on",
            "结束日期": "stopped_on",
            "切缘": "margin",
            "剂量(Gy)": "dose_gy",
            "次数": "fractions",
        },
    ),
    "转移灶": ("metastasis", {"转移部位": "site", "发现日期": "detected_on"}),
}


def _yes(value: bool | None) -> Cell:
    return None if value is None else "是" if value else "否"


class _Pen:
    """The habits of the person who fills the workbook: several ways to write one date, one drug, one number."""

    def __init__(self, seed: int) -> None:
        self.draw = Draw(seed, "hn01")

    def day(self, on: date | None) -> Cell:
        if on is None:
            return None
        style = self.draw.weighted((0, 5), (1, 2), (2, 2), (3, 2), (4, 1))
        texts: tuple[Cell, ...] = (
            on,
            on.isoformat(),
            f"{on.year}.{on.month}.{on.day}",
            f"{on.year}年{on.month}月{on.day}日",
            f"{on.year}/{on.month:02d}/{on.day:02d}",
        )
        return texts[style]

    def when(self, when: When) -> Cell:
        if when.precision == "day":
            return self.day(when.day)
        return f"{when.day.year}年{when.day.month}月" if when.precision == "month" else f"{when.day.year}年"

    def one_of(self, *forms: Cell) -> Cell:
        return self.draw.pick(forms)

    def number(self, local_id: str) -> Cell:
        return int(local_id) if self.draw.chance(0.5) else local_id


def _patient_rows(pen: _Pen, patients: Sequence[Patient]) -> list[Row]:
    draw, rows = pen.draw, []
    for patient in patients:
        tumour = patient.tumours[0]
        site = SITES[tumour.site]
        rows.append(
            Row(
                ("patient", "tumour"),
                patient.local_id,
                [
                    pen.number(patient.local_id),
                    None,  # 姓名, which the centre's own `sarcreg pack` has emptied
                    WORDS_ZH["sex"][patient.sex],
                    pen.when(patient.born),
                    pen.day(patient.registered_on),
                    WORDS_ZH["legal_basis"][patient.legal_basis],
                    pen.day(patient.withdrawal_on) if patient.withdrawal_on else draw.pick(("无", None)),
                    WORDS_ZH["withdrawal_scope"][patient.withdrawal_scope] if patient.withdrawal_scope else None,
                    patient.link_token,
                    tumour.text,
                    WORDS_ZH["review"][tumour.review],
                    pen.when(tumour.diagnosed),
                    draw.pick((site[0], site[2])),
                    "不详" if tumour.depth is None else WORDS_ZH["depth"][tumour.depth],
                    "未查"
                    if tumour.size_mm is None
                    else tumour.size_mm / 10
                    if tumour.size_mm % 10
                    else tumour.size_mm // 10,
                    _grade(tumour.grade),
                    pen.day(tumour.metastatic_on),
                    _yes(tumour.is_synchronous),
                    _yes(tumour.is_locally_advanced_only),
                    _yes(tumour.is_other_malignancy_active),
                ],
            )
        )
    rows.append(Row((), "", ["合计", *[None] * (len(_PATIENT) - 1)]))
    return rows


def _grade(grade: str | None) -> Cell:
    return "—" if grade is None else "/" if grade == "not_applicable" else int(grade)


def _line_text(pen: _Pen, patient: Patient, place: int) -> str:
    """The line as written; a third line that is the last may be called '≥3'."""
    stated = patient.lines[place].stated
    if stated == "3" and place == len(patient.lines) - 1 and pen.draw.chance(0.5):
        return WORDS_ZH["line"][">=3"]
    return WORDS_ZH["line"][stated]


def _line_rows(pen: _Pen, patient: Patient) -> list[list[Cell]]:
    return [
        [
            _line_text(pen, patient, place),
            WORDS_ZH["setting"][line.setting],
            pen.day(line.started_on),
            pen.day(line.stopped_on),
            WORDS_ZH["stop_reason"][line.stop_reason] if line.stop_reason else None,
            pen.one_of(line.ecog, f"{line.ecog}分", f"ECOG {line.ecog}", f"PS {line.ecog}"),
            pen.day(line.ecog_on),
            _yes(line.is_trial),
        ]
        for place, line in enumerate(patient.lines)
    ]


def _together(item: Drug) -> tuple[object, ...]:
    return item.started_on, item.stopped_on, item.is_ongoing, item.stop_reason


def _drug_rows(pen: _Pen, patient: Patient) -> list[list[Cell]]:
    """Drugs with the same days are written as one regimen, 'A+B', without a dose."""
    rows = []
    for _, regimen in groupby(patient.drugs, key=_together):
        agents = list(regimen)
        first = agents[0]
        single = len(agents) == 1
        rows.append(
            [
                "+".join(pen.draw.pick(AGENTS_ZH[item.agent]) for item in agents),
                pen.day(first.started_on),
                "至今" if first.is_ongoing else pen.day(first.stopped_on),
                _number(first.dose) if single else None,
                first.unit if single else None,
                first.cycles,
                WORDS_ZH["stop_reason"][first.stop_reason] if first.stop_reason else None,
                pen.draw.weighted((None, 12), ("自购药", 1), ("赠药", 1)),
            ]
        )
    return rows


def _number(value: float | None) -> Cell:
    return None if value is None else int(value) if value == int(value) else value


def _other_rows(pen: _Pen, patient: Patient, sheet: str) -> list[list[Cell]]:
    if sheet == "疗效评估":
        return [
            [
                pen.day(item.assessed_on),
                item.modality,
                "RECIST 1.1",
                item.target_sum_mm,
                None if item.has_new_lesion is None else "有" if item.has_new_lesion else "无",
                None if item.overall is None else pen.draw.pick(RESPONSES_ZH[item.overall]),
                WORDS_ZH["assessor"]["investigator"],
                pen.day(item.reported_on),
            ]
            for item in patient.assessments
        ]
    if sheet == "不良反应":
        return [
            [
                pen.draw.pick(EVENTS[item.term][0]),
                pen.one_of(item.grade, f"{item.grade}级"),
                pen.day(item.started_on),
                pen.day(item.stopped_on),
                _yes(item.is_immune_related),
                AGENTS_ZH[item.agent][0] if item.agent else None,
                _yes(item.is_serious),
                WORDS_ZH["outcome"][item.outcome],
                _yes(item.has_steroid),
            ]
            for item in patient.adverse_events
        ]
    if sheet == "随访":
        return [
            [
                pen.day(item.contact_on),
                WORDS_ZH["contact_type"][item.kind],
                WORDS_ZH["status"][item.status],
                pen.day(item.death_on),
                WORDS_ZH["death_cause"][item.cause] if item.cause else None,
            ]
            for item in patient.contacts
        ]
    if sheet == "手术放疗":
        return [
            [
                WORDS_ZH["procedure_type"][item.kind],
                WORDS_ZH["intent"][item.intent],
                SITES[item.site][0],
                pen.day(item.started_on),
                pen.day(item.stopped_on),
                item.margin or "/",
                item.dose_gy,
                item.fractions,
            ]
            for item in patient.procedures
        ]
    return [[METASTASES[item.site][0], pen.day(item.detected_on)] for item in patient.metastases]


def write(patients: Sequence[Patient], seed: int) -> Delivery:
    """The workbook of hn01, sheet by sheet."""
    pen = _Pen(seed)
    upper: list[Cell] = [NUMBER]
    lower: list[Cell] = [None]
    for column in _PATIENT[1:]:
        group, name = column.name.split(" / ")
        upper.append(group if group not in upper else None)
        lower.append(name)
    notice = Sheet(
        FILE,
        "说明",
        (Column("说明"),),
        [[NOTICE], ["本工作簿全部内容由程序随机生成，用于软件演示，与任何真实患者无关。"]],
        banner_rows=2,
    )
    main = Sheet(
        FILE,
        "患者信息",
        _PATIENT,
        [[NOTICE], ["某院骨与软组织肿瘤科 免疫治疗病例汇总 导出日期：2024年7月1日"], upper, lower],
        _patient_rows(pen, patients),
        banner_rows=2,
        merged_head=_GROUP_AREAS,
    )
    sheets = [notice, main]
    for name, (table, fields) in _SHEETS.items():
        columns = (Column(NUMBER), *(Column(column, table if known else "", known) for column, known in fields.items()))
        rows = []
        for patient in patients:
            if name == "治疗线":
                written = _line_rows(pen, patient)
            elif name == "用药":
                written = _drug_rows(pen, patient)
            else:
                written = _other_rows(pen, patient, name)
            number = pen.number(patient.local_id) if name == "治疗线" else None
            rows += [
                Row((table,), patient.local_id, [number or pen.number(patient.local_id), *cells]) for cells in written
            ]
        if name == "不良反应":
            rows.append(Row((), "", ["小计", f"{len(rows)}条", *[None] * (len(columns) - 2)]))
        head: list[list[Cell]] = [[NOTICE], [column.name for column in columns]]
        sheet = Sheet(FILE, name, columns, head, rows, banner_rows=1)
        sheet.merge_column = NUMBER if name == "治疗线" else ""
        sheets.append(sheet)
    return Delivery("hn01", sheets)
