"""Centre eu03: a REDCap project as flat export with repeating instruments, and its data dictionary, in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from demo_delivery import Cell, Column, Delivery, Row, Sheet
from demo_draw import Draw
from demo_eu03_forms import FORMS, STOP_KEYS
from demo_records import Patient, When
from demo_words import AGENTS_EN, EVENTS, METASTASES, NOTICE, SITES, SITES_EN

FILE = "SarcomaIO_DATA_2024-10-07.csv"
DICTIONARY = "SarcomaIO_DataDictionary.csv"
NUMBER = "record_id"
_KEYS = ("redcap_repeat_instrument", "redcap_repeat_instance")


def _columns() -> tuple[Column, ...]:
    columns = [Column(NUMBER), *(Column(key) for key in _KEYS)]
    for form, (table, fields) in FORMS.items():
        columns += [Column(item.name, table if item.field else "", item.field) for item in fields]
        columns.append(Column(f"{form}_complete"))
    return tuple(columns)


def _day(on: date | None) -> Cell:
    return None if on is None else on.isoformat()


def _when(when: When) -> Cell:
    length = {"day": 10, "month": 7, "year": 4}[when.precision]
    return when.day.isoformat()[:length]


def _bit(value: bool | None) -> Cell:
    return None if value is None else "1" if value else "0"


def _one_of(key: str | None, *keys: str, start: int = 1) -> Cell:
    return None if key is None else str(keys.index(key) + start)


def _amount(value: float | None) -> Cell:
    return None if value is None else f"{value:g}"


def _base(patient: Patient) -> list[Cell]:
    """The cells of the two base forms, without their completion marks."""
    tumour = patient.tumours[0]
    return [
        NOTICE,
        _one_of(patient.sex, "M", "F"),
        _when(patient.born),
        _day(patient.registered_on),
        _one_of(patient.legal_basis, "none", "study_consent", "broad_consent", "ethics_waiver", start=0),
        _day(patient.withdrawal_on),
        _one_of(patient.withdrawal_scope, "no_new_data", "no_further_use"),
        patient.link_token,
        "2",
        tumour.text,
        tumour.icdo,
        _one_of(tumour.review, "local", "expert", "central"),
        _when(tumour.diagnosed),
        SITES[tumour.site][1],
        None,
        "UNK" if tumour.depth is None else _one_of(tumour.depth, "deep", "superficial"),
        "ND" if tumour.size_mm is None else str(tumour.size_mm),
        "UNK" if tumour.grade is None else "8" if tumour.grade == "not_applicable" else tumour.grade,
        _day(tumour.metastatic_on),
        _bit(tumour.is_synchronous),
        _bit(tumour.is_locally_advanced_only),
        _bit(tumour.is_other_malignancy_active),
        "2",
    ]


def _repeats(patient: Patient, draw: Draw) -> dict[str, list[list[Cell]]]:
    """The cells of every repeating form, instance by instance."""
    return {
        "metastasis": [[METASTASES[item.site][1], _day(item.detected_on)] for item in patient.metastases],
        "procedure": [
            [
                _one_of(item.kind, "surgery", "radiotherapy", "ablation"),
                _one_of(item.intent, "curative", "palliative"),
                SITES_EN[item.site],
                _day(item.started_on),
                _day(item.stopped_on),
                _one_of(item.margin, "R0", "R1", "R2", start=0),
                _amount(item.dose_gy),
                _amount(item.fractions),
            ]
            for item in patient.procedures
        ],
        "treatment_line": [
            [
                {"adjuvant": "10", "neoadjuvant": "11"}.get(item.stated, item.stated),
                _one_of(item.setting, "palliative", "adjuvant", "neoadjuvant"),
                _day(item.started_on),
                _day(item.stopped_on),
                _one_of(item.stop_reason, *STOP_KEYS),
                str(item.ecog),
                _day(item.ecog_on),
                _bit(item.is_trial),
            ]
            for item in patient.lines
        ],
        "drug": [
            [
                draw.pick(AGENTS_EN[item.agent]),
                _day(item.started_on),
                _day(item.stopped_on),
                _bit(item.is_ongoing),
                _amount(item.dose),
                item.unit,
                _amount(item.cycles),
                _one_of(item.stop_reason, *STOP_KEYS),
            ]
            for item in patient.drugs
        ],
        "response": [
            [
                _day(item.assessed_on),
                _one_of(item.modality, "CT", "MRI", "PET-CT"),
                "1",
                _amount(item.target_sum_mm),
                _bit(item.has_new_lesion),
                _one_of(item.overall, "CR", "PR", "SD", "PD", "NE"),
                "1",
            ]
            for item in patient.assessments
        ],
        "adverse_event": [
            [
                EVENTS[item.term][1],
                str(item.grade),
                _day(item.started_on),
                _day(item.stopped_on),
                _bit(item.is_immune_related),
                AGENTS_EN[item.agent][0] if item.agent else None,
                _bit(item.is_serious),
                _one_of(item.outcome, "resolved", "resolving", "not_resolved"),
                _bit(item.has_steroid),
            ]
            for item in patient.adverse_events
        ],
        "follow_up": [
            [
                _day(item.contact_on),
                _one_of(
                    item.kind, "visit", "inpatient", "phone", "relative_fetched_drugs", "discharged_against_advice"
                ),
                _one_of(item.status, "alive", "dead", "lost"),
                _day(item.death_on),
                _one_of(item.cause, "tumour", "treatment", "other"),
            ]
            for item in patient.contacts
        ],
    }


def _row(columns: tuple[Column, ...], patient: str, form: str, instance: int | None, cells: list[Cell]) -> Row:
    """A line of the flat export: only the form's own columns are filled."""
    tables = ("patient", "tumour") if instance is None else (FORMS[form][0],)
    whole: list[Cell] = [None] * len(columns)
    whole[:3] = [patient, None, None] if instance is None else [patient, form, str(instance)]
    first = 3 if instance is None else next(p for p, c in enumerate(columns) if c.name == FORMS[form][1][0].name)
    whole[first : first + len(cells)] = cells
    return Row(tables, patient, whole)


def _dictionary() -> Sheet:
    head = (
        "Variable / Field Name",
        "Form Name",
        "Section Header",
        "Field Type",
        "Field Label",
        "Choices, Calculations, OR Slider Labels",
        "Field Note",
        "Text Validation Type OR Show Slider Number",
        "Text Validation Min",
        "Text Validation Max",
        "Identifier?",
        "Branching Logic (Show field only if...)",
        "Required Field?",
        "Custom Alignment",
        "Question Number (surveys only)",
        "Matrix Group Name",
        "Matrix Ranking?",
        "Field Annotation",
    )
    sheet = Sheet(DICTIONARY, "", tuple(Column(name) for name in head), [list(head)])

    def add(name: str, form: str, kind: str, label: str, choices: str, note: str | None) -> None:
        cells: list[Cell] = [None] * len(head)
        cells[0], cells[1], cells[3], cells[4], cells[5], cells[6] = name, form, kind, label, choices or None, note
        sheet.rows.append(Row(("",), "", cells))

    add(NUMBER, "demographics", "text", "Record ID", "", NOTICE)
    for form, (_, fields) in FORMS.items():
        for item in fields:
            add(item.name, form, item.kind, item.label, " | ".join(f"{c}, {label}" for c, label in item.choices), None)
    return sheet


def write(patients: Sequence[Patient], seed: int) -> Delivery:
    """The flat export and the data dictionary of eu03."""
    draw = Draw(seed, "eu03")
    columns = _columns()
    sheet = Sheet(FILE, "", columns, [[column.name for column in columns]])
    for patient in patients:
        sheet.rows.append(_row(columns, patient.local_id, "demographics", None, _base(patient)))
        for form, instances in _repeats(patient, draw).items():
            sheet.rows += [
                _row(columns, patient.local_id, form, number, [*cells, "2"])
                for number, cells in enumerate(instances, 1)
            ]
    return Delivery("eu03", [sheet, _dictionary()])
