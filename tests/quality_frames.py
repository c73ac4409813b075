"""A small invented registry as the validation report reads it: four centres, texts meant to do harm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl

from analytics.quality.inputs import COLUMNS, Facts

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
CENTRES = ("aa01", "bb02", "cc03", "dd04")
PEOPLE = {"aa01": 40, "bb02": 30, "cc03": 25, "dd04": 0}
EXCLUDED = {"aa01": 8, "bb02": 5, "cc03": 5, "dd04": 0}
SENTENCES = {
    "death_before_diagnosis": ("The patient died before the diagnosis.", "死亡日期早于诊断日期。"),
    "term_unknown": ("The text has no code.", "该文本没有对应编码。"),
    "date_impossible": ("The date is no day of the calendar.", "日期不存在。"),
    "same_person_conflict": ("Two centres disagree about one person.", "两个中心对同一人的记录不一致。"),
    "ecog_missing": ("The performance status is missing.", "缺少ECOG评分。"),
    "grade_of_asps": ("ASPS has been graded.", "腺泡状软组织肉瘤被分级。"),
}
KINDS = {
    "death_before_diagnosis": ("error", "query", "query", "plausibility", "table"),
    "term_unknown": ("warning", "query", "query", "conformance", "row"),
    "date_impossible": ("error", "null_cell", "query", "conformance", "row"),
    "same_person_conflict": ("error", "query", "query", "plausibility", "cross_centre"),
    "ecog_missing": ("info", "report_only", "report", "completeness", "row"),
    "grade_of_asps": ("warning", "report_only", "report", "plausibility", "row"),
}


def facts() -> Facts:
    return Facts(
        refresh_id="20990101T000000-aaaa",
        as_of=datetime(2099, 1, 1, 6, 30, tzinfo=UTC),
        title={"en": "Invented Registry", "zh": "虚构登记库"},
        is_synthetic=True,
        code_version="0.0.0+test",
    )


def frames(findings_per_rule: int = 25) -> dict[str, pl.DataFrame]:
    """Every table of `inputs.COLUMNS`. The last centre delivered nothing."""
    core = {
        name: pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        for name, columns in COLUMNS.items()
        if name.startswith("core.")
    }
    return {
        **core,
        "meta.centre": _centres(),
        "meta.delivery_file": _files(),
        "core.patient": _patients(),
        "core.tumour": _tumours(core["core.tumour"].schema),
        "mart.cohort": _cohort(),
        "mart.line_sensitivity": _line_sensitivity(),
        "mart.exclusion": _exclusions(),
        "quality.row_account": _accounts(),
        "quality.finding": _findings(findings_per_rule),
        "quality.check_result": _results(findings_per_rule),
        "quality.completeness": _completeness(),
        "quality.query": queries(),
        "quality.link": links(),
        "quality.link_conflict": conflicts(),
        "quality.expectation": _expectations(),
        "reference.rule": _rules(),
        "reference.criterion": _criteria(),
        "reference.term_map": _terms(),
    }


def _centres() -> pl.DataFrame:
    states = ("fresh", "carried_forward", "fresh", "absent")
    reasons = (None, f'病例.xlsx: no column "住院号" {SCRIPT}', None, "incoming/dd04 holds no file")
    return pl.DataFrame(
        {
            "centre": CENTRES,
            "title_en": ["First Hospital", f"Second {SCRIPT} Hospital", "Third Hospital", "Fourth Hospital"],
            "title_zh": ["第一医院", "第二医院", "第三医院", "第四医院"],
            "language": ["zh", "zh", "en", "en"],
            "state": states,
            "reason": reasons,
            "export_hash": ["a" * 64, "b" * 64, "c" * 64, None],
            "cut_off_on": [date(2098, 12, 31), date(2098, 6, 30), date(2098, 12, 31), None],
        }
    )


def _files() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "centre": ["aa01", "bb02", "bb02", "cc03"],
            "file": ["病例登记表2098.xlsx", "patient.csv", "drug.csv", "export_flat.csv"],
            "sha256": ["a" * 64, "b" * 64, "b" * 64, "c" * 64],
            "bytes": [123456, 2345, 34567, 456789],
        }
    )


def _patients() -> pl.DataFrame:
    ids = [(centre, f"{centre}-{n:016x}") for centre, size in PEOPLE.items() for n in range(size)]
    tokens = [f"token{n}" if n % 2 else None for n in range(len(ids))]
    shared = {("aa01", f"aa01-{0:016x}"), ("cc03", f"cc03-{0:016x}")}
    return pl.DataFrame(
        {
            "centre": [centre for centre, _ in ids],
            "patient_id": [name for _, name in ids],
            "link_token": ["both" if one in shared else token for one, token in zip(ids, tokens, strict=True)],
            **{c: ["x"] * len(ids) for c in COLUMNS["core.patient"] if c.endswith("_source")},
        }
    )


def links() -> pl.DataFrame:
    """A transfer suspected, a pair decided, and a decision about a record that is not there."""
    rows = [
        ("aa01", f"aa01-{0:016x}", f"cc03-{0:016x}", "cc03", "probable", "transfer", "undecided"),
        ("bb02", f"bb02-{1:016x}", f"cc03-{1:016x}", "cc03", "none", "duplicate", "same"),
        ("aa01", f"aa01-{2:016x}", "gone", None, "none", "unknown", "same"),
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS["quality.link"], pl.String), orient="row")


def conflicts() -> pl.DataFrame:
    pair = (f"aa01-{0:016x}", f"cc03-{0:016x}")
    rows = [(*pair, "dead_here_alive_there_later", "follow_up", "death_on"), (*pair, "sex_differs", "patient", "sex")]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS["quality.link_conflict"], pl.String), orient="row")


def _excluded() -> pl.Expr:
    number = pl.int_range(pl.len()).over("centre")
    return number < pl.col("centre").replace_strict(EXCLUDED, return_dtype=pl.Int64)


def _cohort() -> pl.DataFrame:
    """Derived lines 1 to 4 in turn; every tenth statement is one more, every fifth basis is stated."""
    number = pl.int_range(pl.len())
    derived = number % 4 + 1
    stated = derived + (number % 10 == 9).cast(pl.Int64)
    return (
        _patients()
        .filter(~_excluded())
        .select("centre", "patient_id")
        .with_columns(line_derived=derived, line_stated_min=stated, line_stated_max=stated)
        .with_columns(
            line_basis_code=pl.when(number % 5 == 4).then(pl.lit("stated")).otherwise(pl.lit("derived")),
            line_group_stated=pl.when(pl.col("line_stated_min") <= 2).then(pl.lit("<=2")).otherwise(pl.lit(">2")),
            line_group_derived=pl.when(pl.col("line_derived") <= 2).then(pl.lit("<=2")).otherwise(pl.lit(">2")),
            histology_group=pl.when(number % 3 == 0).then(pl.lit("ASPS")).otherwise(pl.lit("other")),
            regimen_group=pl.lit("io_alone"),
        )
        .with_columns(line_group=pl.col("line_group_derived"))
    )


def _line_sensitivity() -> pl.DataFrame:
    rows = [
        {"gap_days": gap, "window_days": window, "is_registry": (gap, window) == (120, 28), "n": 77,
         "n_line_changed": abs(window - 28) // 7 * (2 + (gap < 120)), "n_split_changed": abs(window - 28) // 7}
        for gap in (90, 120, 180) for window in (14, 28, 42)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _exclusions() -> pl.DataFrame:
    out = _patients().filter(_excluded()).select("centre", "patient_id")
    several = pl.Series([["not_metastatic", "no_qualifying_dose"], ["no_qualifying_dose"]] * out.height)
    codes = several.head(out.height)
    return out.with_columns(first_reason_code=codes.list.first(), all_reason_codes=codes)


def _tumours(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    texts = [SCRIPT, "恶性肿瘤待查", "腺泡状软组织肉瘤", FORMULA]
    told = _patients().select("centre", "patient_id").with_row_index()
    column = pl.Series("histology_source", [texts[n % 4] for n in range(told.height)])
    blank = {name: pl.lit(None, dtype=pl.String) for name in schema}
    return told.with_columns(column).with_columns(
        **{name: empty for name, empty in blank.items() if name not in ("centre", "patient_id", "histology_source")}
    )


def _accounts() -> pl.DataFrame:
    rows = [
        (centre, table, 10 * size + 6, 10 * size, 2, 1, 0, 3, 0)
        for centre, size in PEOPLE.items()
        if size
        for table in ("patient", "tumour", "treatment_line", "drug_exposure", "follow_up")
    ]
    return pl.DataFrame(rows, schema=list(COLUMNS["quality.row_account"]), orient="row")


def _findings(per_rule: int) -> pl.DataFrame:
    raw = [SCRIPT, FORMULA, "2021年2月30日", "+86", "-1", "@x", "\tx", "多行\n文本 " + "很长" * 200, None]
    rows = []
    for rule, (severity, action, channel, kahn, scope) in KINDS.items():
        for number in range(per_rule if scope != "cross_centre" else 1):
            centre = CENTRES[number % 3]
            patient = f"{centre}-{number % 25:016x}"
            text = raw[number // 3 % len(raw)]
            rows.append(
                {
                    "finding_id": f"{rule}-{number}",
                    **{"rule": rule, "severity": severity, "action": action, "channel": channel},
                    **{
                        "kahn_category": kahn,
                        "centre": centre,
                        "table_name": "tumour",
                        "patient_id": patient,
                    },
                    **{"record_key": f"{patient}-t1", "field": "diagnosed_on", "row_id": f"hash:S:{number}"},
                    **{"file": "病例登记表2098.xlsx", "sheet": "患者信息", "line": number + 4},
                    **{
                        "source_column": SCRIPT if number == 3 else "诊断日期",
                        "raw_text": text and f"{text} of {centre}",
                    },
                }
            )
    frame = pl.DataFrame(rows, schema_overrides={"line": pl.Int64, "raw_text": pl.String})
    return frame.with_columns(measure=pl.lit(None, dtype=pl.Float64))


def _results(per_rule: int) -> pl.DataFrame:
    rows = [
        (rule, centre, "tumour", PEOPLE[centre] * 10, -(-(per_rule - index) // 3), "fault")
        for rule in KINDS
        for index, centre in enumerate(CENTRES[:3])
    ]
    rows += [("margin_without_surgery", centre, "procedure", 0, 0, "not_evaluable") for centre in CENTRES]
    rows += [(rule, "dd04", "tumour", 0, 0, "not_evaluable") for rule in KINDS]
    return pl.DataFrame(rows, schema=list(COLUMNS["quality.check_result"]), orient="row")


def _completeness() -> pl.DataFrame:
    levels = {
        ("patient", "sex"): "mandatory",
        ("patient", "born_on"): "mandatory",
        ("tumour", "histology"): "mandatory",
        ("follow_up", "status"): "mandatory",
        ("tumour", "size_mm"): "recommended",
        ("treatment_line", "ecog"): "recommended",
        ("tumour", "fnclcc_grade"): "optional",
        ("procedure", "margin"): "optional",
    }
    rows = []
    for place, (table, field) in enumerate(levels):
        for centre, size in PEOPLE.items():
            present = size * (8 - place) // 8 if place else size
            inapplicable = min(size - present, 2)
            rest = size - present - inapplicable
            unknown = min(rest, 3)
            if (table, field, centre) == ("procedure", "margin", "cc03"):
                present, unknown, inapplicable, rest = 0, 0, size, 0
            rows.append(
                (
                    centre,
                    table,
                    field,
                    levels[table, field],
                    size,
                    present,
                    unknown,
                    0,
                    inapplicable,
                    rest - unknown,
                )
            )
    return pl.DataFrame(rows, schema=list(COLUMNS["quality.completeness"]), orient="row")


def _expectations() -> pl.DataFrame:
    rows = [
        (
            subject,
            "patients_at_least",
            "There are at least 10 patients.",
            "患者不少于10人。",
            size >= 10,
            f"{size}",
        )
        for subject, size in {**PEOPLE, "cohort": 77}.items()
    ]
    rows.append(
        (
            "dd04",
            "median_age",
            "The median age lies between 10 and 90.",
            "中位年龄在10至90岁之间。",
            None,
            None,
        )
    )
    return pl.DataFrame(rows, schema=list(COLUMNS["quality.expectation"]), orient="row")


def _rules() -> pl.DataFrame:
    rows = [
        {
            **{"rule": rule, "sentence_en": SENTENCES[rule][0], "sentence_zh": SENTENCES[rule][1]},
            **dict(zip(("severity", "action", "channel", "kahn_category", "scope"), kind, strict=True)),
            **{
                "advice_en": "Look it up in the source.",
                "advice_zh": "请在源数据中核对。",
                "source": "invented",
            },
        }
        for rule, kind in KINDS.items()
        if rule != "grade_of_asps"
    ]
    return pl.DataFrame(rows)


def _criteria() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": ["not_metastatic", "no_qualifying_dose"],
            "position": [1, 2],
            "sentence_en": ["Not metastatic at time zero", "No dose of a checkpoint inhibitor"],
            "sentence_zh": ["起点时无转移", "未用过免疫检查点抑制剂"],
        }
    )


def _terms() -> pl.DataFrame:
    rows = []
    for centre in CENTRES[:3]:
        rows += [
            ("histology", centre, SCRIPT, None, "none", True, "no term is near", []),
            ("histology", centre, "恶性肿瘤待查", None, "fuzzy", True, None, ["UPS", "ASPS"]),
            ("histology", centre, "腺泡状软组织肉瘤", "ASPS", "exact_term", False, None, []),
            ("histology", centre, FORMULA, None, "ignored", False, None, []),
        ]
    return pl.DataFrame(rows, schema=list(COLUMNS["reference.term_map"]), orient="row")


def queries(per_centre: int = 0) -> pl.DataFrame:
    """So many queries of each of the first three centres, states and ages in turn; none as long as none was opened."""
    states = ("candidate", "open", "open", "answered", "closed", "accepted_as_is", "cancelled", "superseded")
    rows = [
        {
            **{"query_id": f"{centre}-q{number:04}", "centre": centre, "patient_id": f"{centre}-{number % 25:016x}"},
            **{"rule": list(KINDS)[number % 3], "table_name": "tumour", "field": "diagnosed_on"},
            **{"is_critical": number % 3 == 0, "state": states[number % 8], "batch": "2098-11"},
            **{"issued_on": date(2098, 11, 1), "due_on": date(2098, 12, 1 + number % 28)},
            **{"age_days": 7 * number, "is_overdue": number % 16 == 1, "answered_on": None},
            **{"times_reopened": number % 2, "close_reason_code": "data" if number % 16 == 4 else "answer"},
        }
        for centre in CENTRES[:3]
        for number in range(per_centre)
    ]
    schema = {
        **dict.fromkeys(COLUMNS["quality.query"], pl.String),
        **dict.fromkeys(("issued_on", "due_on", "answered_on"), pl.Date),
        **dict.fromkeys(("age_days", "times_reopened"), pl.Int64),
        **dict.fromkeys(("is_critical", "is_overdue"), pl.Boolean),
    }
    return pl.DataFrame(rows, schema=schema)
