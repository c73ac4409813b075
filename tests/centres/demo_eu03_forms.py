"""The forms of eu03's REDCap project: variables, their choices, and the field of the registry each one fills."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A REDCap variable: the registry's field it fills, its type, and the choices by code."""

    name: str
    field: str
    label: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


def _choices(*labels: str, start: int = 1) -> tuple[tuple[str, str], ...]:
    return tuple((str(place), label) for place, label in enumerate(labels, start))


_STOP = _choices("Progression", "Toxicity", "Completed as planned", "Patient's choice", "Death")
STOP_KEYS = ("progression", "toxicity", "completed", "patient_choice", "death")
_LINES = (
    *_choices("1st line", "2nd line", "3rd line", "4th line", "5th line", "6th line"),
    ("10", "adjuvant"),
    ("11", "neoadjuvant"),
    ("12", "clinical trial"),
)
FORMS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "demographics": (
        "patient",
        (
            Field("data_origin", "", "Origin of the data"),
            Field("sex", "sex", "Sex", "radio", _choices("Male", "Female")),
            Field("dob", "born_on", "Date of birth (month is enough)"),
            Field("registration_date", "registered_on", "Date of registration"),
            Field(
                "consent",
                "legal_basis",
                "Consent",
                "radio",
                (("0", "No consent"), *_choices("Study consent", "Broad consent", "Waiver by ethics committee")),
            ),
            Field("withdrawal_date", "withdrawal_on", "Date of withdrawal of consent"),
            Field(
                "withdrawal_scope",
                "withdrawal_scope",
                "Scope of withdrawal",
                "radio",
                _choices("No new data", "No further use"),
            ),
            Field("link_token", "link_token", "Linkage token"),
        ),
    ),
    "tumour": (
        "tumour",
        (
            Field("histology", "histology", "Diagnosis in words"),
            Field("icdo", "morphology", "ICD-O-3 morphology"),
            Field("review", "review", "Pathology review", "radio", _choices("Local", "Expert", "Central")),
            Field("dx_date", "diagnosed_on", "Date of diagnosis (partial allowed)"),
            Field("topography", "topography", "ICD-O-3 topography"),
            Field("laterality", "laterality", "Side", "radio", _choices("Left", "Right")),
            Field("depth", "depth", "Depth", "radio", _choices("Deep", "Superficial")),
            Field("size_mm", "size_mm", "Largest diameter, mm"),
            Field(
                "fnclcc_grade",
                "fnclcc_grade",
                "FNCLCC grade",
                "radio",
                (*_choices("1", "2", "3"), ("8", "Not applicable")),
            ),
            Field("met_date", "metastatic_on", "Date of first metastasis"),
            Field("synchronous", "is_synchronous", "Metastatic at diagnosis", "yesno"),
            Field("locally_advanced_only", "is_locally_advanced_only", "Unresectable without metastases", "yesno"),
            Field("other_malignancy", "is_other_malignancy_active", "Other active malignancy", "yesno"),
        ),
    ),
    "metastasis": (
        "metastasis",
        (Field("met_site", "site", "Site"), Field("met_detected", "detected_on", "First shown")),
    ),
    "procedure": (
        "procedure",
        (
            Field("proc_type", "type", "Procedure", "dropdown", _choices("Surgery", "Radiotherapy", "Ablation")),
            Field("proc_intent", "intent", "Intent", "radio", _choices("Curative", "Palliative")),
            Field("proc_site", "site", "Site"),
            Field("proc_start", "started_on", "Start"),
            Field("proc_stop", "stopped_on", "Stop"),
            Field("proc_margin", "margin", "Margin", "radio", _choices("R0", "R1", "R2", start=0)),
            Field("proc_dose_gy", "dose_gy", "Dose, Gy"),
            Field("proc_fractions", "fractions", "Fractions"),
        ),
    ),
    "treatment_line": (
        "treatment_line",
        (
            Field("line_label", "line_stated", "Line", "dropdown", _LINES),
            Field("line_setting", "setting", "Setting", "dropdown", _choices("Palliative", "Adjuvant", "Neoadjuvant")),
            Field("line_start", "started_on", "Start"),
            Field("line_stop", "stopped_on", "Stop"),
            Field("line_stop_reason", "stop_reason", "Reason", "dropdown", _STOP),
            Field(
                "line_ecog", "ecog", "ECOG at start", "dropdown", _choices(*(f"ECOG {n}" for n in range(5)), start=0)
            ),
            Field("line_ecog_date", "ecog_on", "Date of ECOG"),
            Field("line_trial", "is_trial", "Within a trial", "yesno"),
        ),
    ),
    "drug": (
        "drug_exposure",
        (
            Field("drug_name", "agent", "Drug"),
            Field("drug_start", "started_on", "First dose"),
            Field("drug_stop", "stopped_on", "Last dose"),
            Field("drug_ongoing", "is_ongoing", "Ongoing", "yesno"),
            Field("drug_dose", "dose", "Dose"),
            Field("drug_dose_unit", "dose_unit", "Unit"),
            Field("drug_cycles", "cycles", "Cycles"),
            Field("drug_stop_reason", "stop_reason", "Reason for stopping", "dropdown", _STOP),
        ),
    ),
    "response": (
        "response_assessment",
        (
            Field("resp_date", "assessed_on", "Date of imaging"),
            Field("resp_modality", "modality", "Modality", "dropdown", _choices("CT", "MRI", "PET-CT")),
            Field("resp_criteria", "criteria", "Criteria", "dropdown", _choices("RECIST 1.1", "iRECIST")),
            Field("resp_sum_mm", "target_sum_mm", "Sum of target lesions, mm"),
            Field("resp_new_lesion", "has_new_lesion", "New lesion", "yesno"),
            Field(
                "resp_overall",
                "overall",
                "Overall response",
                "dropdown",
                _choices("CR", "PR", "SD", "PD", "NE", "clinical progression"),
            ),
            Field("resp_assessor", "assessor", "Assessed by", "dropdown", _choices("Investigator", "Central")),
        ),
    ),
    "adverse_event": (
        "adverse_event",
        (
            Field("ae_term", "term", "Event"),
            Field("ae_grade", "grade", "CTCAE grade"),
            Field("ae_start", "started_on", "Start"),
            Field("ae_stop", "stopped_on", "Stop"),
            Field("ae_immune", "is_immune_related", "Immune-related", "yesno"),
            Field("ae_agent", "attributed_agent", "Attributed to"),
            Field("ae_serious", "is_serious", "Serious", "yesno"),
            Field("ae_outcome", "outcome", "Outcome", "dropdown", _choices("Resolved", "Resolving", "Not resolved")),
            Field("ae_steroid", "has_steroid", "Steroids given", "yesno"),
        ),
    ),
    "follow_up": (
        "follow_up",
        (
            Field("fu_date", "contact_on", "Date of contact"),
            Field(
                "fu_type",
                "contact_type",
                "Kind of contact",
                "dropdown",
                _choices("Visit", "Inpatient", "Phone", "Drugs fetched by relative", "Discharged against advice"),
            ),
            Field("fu_status", "status", "Vital status", "radio", _choices("Alive", "Dead", "Lost to follow-up")),
            Field("fu_death_date", "death_on", "Date of death"),
            Field("fu_death_cause", "death_cause", "Cause of death", "radio", _choices("Tumour", "Treatment", "Other")),
        ),
    ),
}
