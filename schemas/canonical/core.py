"""The core tables: what the centres told, in one form. Grain, meaning, unit and code list of every column."""

from __future__ import annotations

from typing import Any

import polars as pl

from schemas.canonical.base import (
    OF_BOTH,
    OF_CENTRE,
    CoreRow,
    ForeignKey,
    coded,
    declared,
    delivered,
    derived,
    refers,
    row_rule,
)


def _core(table: str, grain: str, *foreign: ForeignKey) -> dict[str, Any]:
    return declared("core", table, grain, ("centre", "record_key"), *OF_BOTH, *foreign)


class Patient(CoreRow):
    """A person at one centre. A person seen at two centres is two rows; links.yaml says that they are one person."""

    class Config:
        """pandera's settings."""

        metadata = declared("core", "patient", "one row per person and centre", ("patient_id",), OF_CENTRE)

    sex_source: pl.String = delivered("Sex as sent", codes="sex", importance="mandatory")
    sex_code: pl.String = coded("Sex: M or F", "sex")
    born_on: pl.Date = delivered("Day of birth", importance="mandatory")
    registered_on: pl.Date = delivered("Day the person entered the centre's registry", importance="recommended")
    legal_basis_source: pl.String = delivered(
        "Basis of the use of the data as sent", codes="legal_basis", importance="mandatory"
    )
    legal_basis_code: pl.String = coded("Basis of the use of the data", "legal_basis")
    withdrawal_on: pl.Date = delivered("Day consent was withdrawn", importance="optional")
    withdrawal_scope_source: pl.String = delivered(
        "Scope of the withdrawal as sent", codes="withdrawal_scope", importance="optional"
    )
    withdrawal_scope_code: pl.String = coded("Scope of the withdrawal", "withdrawal_scope")
    link_token: pl.String = delivered(
        "Keyed hashes of identifiers, made at the centre: up to three, strongest first (docs/governance.md)",
        importance="recommended",
    )

    @row_rule("patient", "born_on")
    def born_before_1900() -> pl.Expr:
        """
        sentence:
          en: The day of birth lies before 1900.
          zh: 出生日期早于1900年。
        severity: error
        action: null_cell
        channel: report
        kahn: plausibility
        advice:
          en: Give the day of birth, or say that it is unknown.
          zh: 请提供出生日期，或注明不详。
        source: own; no living patient of the registry can be older
        """
        return pl.col("born_on_latest").dt.year() >= 1900


class Tumour(CoreRow):
    """A tumour of a person: what it is, where, since when, and since when metastatic.

    Each reading of its histology (local, expert, central) is a row of its own; mart.histology_review compares them.
    """

    class Config:
        """pandera's settings."""

        metadata = _core(
            "tumour",
            "one row per tumour of a person and reading of it",
            refers("reference.histology", "entity_code"),
        )

    tumour_sequence: pl.Int64 = delivered(
        "Number of the tumour within the person, from 1; the same in every reading of it", importance="optional"
    )
    is_index: pl.Boolean = delivered(
        "The tumour the registry is about; null where the centre does not say", importance="optional"
    )
    histology_source: pl.String = delivered("Diagnosis as written", codes="histology", importance="mandatory")
    morphology_source: pl.String = delivered(
        "Morphology code as sent (ICD-O-3 or the centre's)", codes="histology", importance="recommended"
    )
    entity_code: pl.String = coded("Registry's entity, the clinicians' short code", "histology")
    morphology_code: pl.String = coded("ICD-O-3 morphology of the entity")
    morphology_edition: pl.String = coded("Edition of the morphology code")
    behaviour: pl.String = coded("Behaviour digit of the entity: 0 benign, 1 borderline, 3 malignant")
    review_source: pl.String = delivered("Who made the diagnosis, as sent", codes="review", importance="recommended")
    review_code: pl.String = coded("Who made the diagnosis: local, expert, central", "review")
    diagnosed_on: pl.Date = delivered("Day of the first pathological diagnosis", importance="mandatory")
    diagnosis_basis_source: pl.String = delivered(
        "Basis of the diagnosis as sent", codes="diagnosis_basis", importance="recommended"
    )
    diagnosis_basis_code: pl.String = coded("Basis of the diagnosis", "diagnosis_basis")
    topography_source: pl.String = delivered("Primary site as sent", codes="topography", importance="recommended")
    topography_code: pl.String = coded("ICD-O-3 topography of the primary site", "topography")
    laterality_source: pl.String = delivered("Side as sent", codes="laterality", importance="optional")
    laterality_code: pl.String = coded("Side: L, R or B", "laterality")
    depth_source: pl.String = delivered("Depth as sent", codes="depth", importance="recommended")
    depth_code: pl.String = coded("Depth in relation to the fascia", "depth")
    size_mm: pl.Float64 = delivered("Largest diameter of the primary tumour", unit="mm", importance="recommended")
    fnclcc_grade_source: pl.String = delivered("FNCLCC grade as sent", codes="fnclcc_grade", importance="recommended")
    fnclcc_grade: pl.String = coded("FNCLCC grade: 1, 2, 3 or not_applicable", "fnclcc_grade")
    stage_source: pl.String = delivered("Stage at diagnosis as sent", codes="stage", importance="recommended")
    stage_code: pl.String = coded("Stage group at diagnosis", "stage")
    metastatic_on: pl.Date = delivered("Day metastatic disease was first shown", importance="mandatory")
    is_synchronous: pl.Boolean = delivered("Metastases were there at diagnosis", importance="optional")
    is_locally_advanced_only: pl.Boolean = delivered("Unresectable without distant metastases", importance="optional")
    is_other_malignancy_active: pl.Boolean = delivered(
        "Another cancer is active at the time of treatment", importance="optional"
    )

    @row_rule("tumour", "size_mm")
    def size_out_of_range() -> pl.Expr:
        """
        sentence:
          en: The tumour's size is not between 1 mm and 600 mm.
          zh: 肿瘤大小不在1毫米至600毫米之间。
        severity: error
        action: null_cell
        channel: report
        kahn: plausibility
        advice:
          en: Check the unit (mm or cm) and the report of the image.
          zh: 请核对单位（毫米或厘米）及影像报告。
        source: own; the largest published soft tissue sarcomas are about 500 mm
        """
        return pl.col("size_mm").is_between(1, 600)


class Metastasis(CoreRow):
    """A site of distant disease."""

    class Config:
        """pandera's settings."""

        metadata = _core("metastasis", "one row per person and site of distant disease")

    site_source: pl.String = delivered("Site as sent", codes="site", importance="mandatory")
    site_code: pl.String = coded("ICD-O-3 topography of the site", "site")
    detected_on: pl.Date = delivered("Day it was first shown", importance="recommended")


class Biomarker(CoreRow):
    """A laboratory or pathology marker of a tumour."""

    class Config:
        """pandera's settings."""

        metadata = _core("biomarker", "one row per marker and specimen")

    name_source: pl.String = delivered("Marker as sent", codes="biomarker", importance="mandatory")
    name_code: pl.String = coded("Marker", "biomarker")
    assay: pl.String = delivered("Assay or antibody clone", importance="recommended")
    value_number: pl.Float64 = delivered("Result as a number, in `unit`", importance="optional")
    value_text: pl.String = delivered("Result in words", importance="optional")
    unit: pl.String = delivered("Unit of the result", importance="optional")
    specimen_on: pl.Date = delivered("Day the specimen was taken", importance="recommended")


class Procedure(CoreRow):
    """A local treatment: surgery, radiotherapy, ablation, embolisation."""

    class Config:
        """pandera's settings."""

        metadata = _core("procedure", "one row per local treatment")

    type_source: pl.String = delivered("Kind of procedure as sent", codes="procedure_type", importance="mandatory")
    type_code: pl.String = coded("Kind of procedure", "procedure_type")
    intent_source: pl.String = delivered("Intent as sent", codes="procedure_intent", importance="recommended")
    intent_code: pl.String = coded("Intent: curative or palliative", "procedure_intent")
    site_source: pl.String = delivered("Site as sent", codes="site", importance="recommended")
    site_code: pl.String = coded("ICD-O-3 topography of the site", "site")
    started_on: pl.Date = delivered("First day", importance="mandatory")
    stopped_on: pl.Date = delivered("Last day", importance="optional")
    margin_source: pl.String = delivered("Surgical margin as sent", codes="margin", importance="optional")
    margin_code: pl.String = coded("Surgical margin: R0, R1, R2, RX", "margin")
    dose_gy: pl.Float64 = delivered("Total dose of radiotherapy", unit="Gy", importance="optional")
    fractions: pl.Int64 = delivered("Number of fractions", importance="optional")

    @row_rule("procedure", "stopped_on")
    def procedure_stop_before_start() -> pl.Expr:
        """
        sentence:
          en: The procedure ends before it starts.
          zh: 局部治疗结束日期早于开始日期。
        severity: error
        action: report_only
        channel: report
        kahn: plausibility
        advice:
          en: Check both dates in the operation or radiotherapy record.
          zh: 请在手术或放疗记录中核对两个日期。
        source: own
        """
        return pl.col("stopped_on_latest") >= pl.col("started_on_earliest")


class TreatmentLine(CoreRow):
    """A line of systemic treatment as the centre counts it."""

    class Config:
        """pandera's settings."""

        metadata = _core("treatment_line", "one row per line of systemic treatment")

    line_stated_source: pl.String = delivered("Line as written", codes="line", importance="mandatory")
    line_min: pl.Int64 = coded("Smallest ordinal number the statement allows, among palliative lines", "line")
    line_max: pl.Int64 = coded("Largest ordinal number the statement allows; null is open", "line")
    line_derived: pl.Int64 = derived("Ordinal number, among palliative lines, derived from dated drug records")
    line_basis_code: pl.String = derived("Whether the number in use is stated or derived", codes="line_basis")
    setting_source: pl.String = delivered("Setting as sent", codes="setting", importance="recommended")
    setting_code: pl.String = coded("Setting: palliative, adjuvant, neoadjuvant, maintenance", "setting")
    started_on: pl.Date = delivered("First day of the line", importance="mandatory")
    stopped_on: pl.Date = delivered("Last day of the line", importance="optional")
    stop_reason_source: pl.String = delivered("Why the line ended, as sent", codes="stop_reason", importance="optional")
    stop_reason_code: pl.String = coded("Why the line ended", "stop_reason")
    ecog_source: pl.String = delivered("Performance status as sent", codes="ecog", importance="recommended")
    ecog: pl.Int64 = coded("ECOG performance status 0 to 5", "ecog")
    ecog_on: pl.Date = delivered("Day of the performance status", importance="optional")
    is_trial: pl.Boolean = delivered("Given within a clinical trial", importance="optional")
    ruleset_version: pl.String = derived("Version of the rules that derived the line")

    @row_rule("treatment_line", "started_on", "stopped_on")
    def line_stop_before_start() -> pl.Expr:
        """
        sentence:
          en: The line of treatment ends before it starts.
          zh: 治疗线结束日期早于开始日期。
        severity: error
        action: report_only
        channel: report
        kahn: plausibility
        advice:
          en: Check both dates in the treatment record.
          zh: 请在治疗记录中核对两个日期。
        source: own
        """
        return pl.col("stopped_on_latest") >= pl.col("started_on_earliest")


class DrugExposure(CoreRow):
    """A drug given to a person. A regimen written in one cell becomes one row per agent."""

    class Config:
        """pandera's settings."""

        metadata = _core(
            "drug_exposure",
            "one row per drug record and agent",
            refers("reference.drug", "agent_code", to=("code",)),
        )

    agent_source: pl.String = delivered("Drug or regimen as written", codes="drug", importance="mandatory")
    agent_code: pl.String = coded("Agent, by its generic name; null where only the class is known", "drug")
    class_code: pl.String = coded("Class of the agent", "drug_class")
    component_code: pl.String = coded("Part of a regimen: immunotherapy, cytotoxic, antiangiogenic, other", "component")
    is_checkpoint_inhibitor: pl.Boolean = coded("PD-1, PD-L1, CTLA-4, LAG-3 or a bispecific of these")
    started_on: pl.Date = delivered("First dose", importance="mandatory")
    stopped_on: pl.Date = delivered("Last dose", importance="optional")
    is_ongoing: pl.Boolean = delivered("Still given at the cut-off", importance="optional")
    dose: pl.Float64 = delivered("Dose, in dose_unit", importance="optional")
    dose_unit: pl.String = delivered("Unit of the dose", importance="optional")
    cycles: pl.Int64 = delivered("Number of cycles given", importance="optional")
    stop_reason_source: pl.String = delivered("Why it was stopped, as sent", codes="stop_reason", importance="optional")
    stop_reason_code: pl.String = coded("Why it was stopped", "stop_reason")
    is_administered: pl.Boolean = delivered(
        "False: ordered or fetched, never given; null counts as given", importance="optional"
    )

    @row_rule("drug_exposure", "started_on", "stopped_on")
    def stop_before_start() -> pl.Expr:
        """
        sentence:
          en: The drug was stopped before it was started.
          zh: 停药日期早于用药开始日期。
        severity: error
        action: report_only
        channel: report
        kahn: plausibility
        advice:
          en: Check first and last dose in the drug chart.
          zh: 请在用药记录中核对首次和末次用药日期。
        source: own
        """
        return pl.col("stopped_on_latest") >= pl.col("started_on_earliest")

    @row_rule("drug_exposure", "cycles")
    def cycles_out_of_range() -> pl.Expr:
        """
        sentence:
          en: The number of cycles is not between 1 and 120.
          zh: 用药周期数不在1至120之间。
        severity: warning
        action: null_cell
        channel: report
        kahn: plausibility
        advice:
          en: Give the number of cycles administered.
          zh: 请提供实际用药周期数。
        source: own; two-weekly dosing over four and a half years
        """
        return pl.col("cycles").is_between(1, 120)

    @row_rule("drug_exposure", "dose")
    def dose_negative() -> pl.Expr:
        """
        sentence:
          en: The dose is not above zero.
          zh: 剂量不大于零。
        severity: warning
        action: null_cell
        channel: report
        kahn: plausibility
        advice:
          en: Give the dose administered, or leave it empty.
          zh: 请提供实际剂量，或留空。
        source: own
        """
        return pl.col("dose") > 0


class ResponseAssessment(CoreRow):
    """An assessment of the disease; its day is the day of the imaging, not of the report."""

    class Config:
        """pandera's settings."""

        metadata = _core(
            "response_assessment",
            "one row per assessment",
            refers("reference.response", "overall_code", to=("code",)),
        )

    assessed_on: pl.Date = delivered("Day of the imaging", importance="mandatory")
    criteria_source: pl.String = delivered("Criteria as sent", codes="criteria", importance="recommended")
    criteria_code: pl.String = coded("Criteria: RECIST 1.1, iRECIST, Choi", "criteria")
    modality_source: pl.String = delivered("Modality as sent", codes="modality", importance="recommended")
    modality_code: pl.String = coded("Modality: CT, MRI, PET-CT, …", "modality")
    assessor_source: pl.String = delivered("Who assessed, as sent", codes="assessor", importance="recommended")
    assessor_code: pl.String = coded("Who assessed: investigator or central", "assessor")
    target_sum_mm: pl.Float64 = delivered("Sum of target lesions", unit="mm", importance="recommended")
    has_new_lesion: pl.Boolean = delivered("A new lesion is there", importance="recommended")
    overall_source: pl.String = delivered("Overall response as sent", codes="response", importance="mandatory")
    overall_code: pl.String = coded("Overall response", "response")
    is_confirmed: pl.Boolean = delivered("Confirmed by a later assessment, as the centre says", importance="optional")
    evidence_source: pl.String = delivered("Kind of evidence as sent", codes="evidence", importance="recommended")
    evidence_code: pl.String = coded("Kind of evidence: radiological, clinical, pathological", "evidence")

    @row_rule("response_assessment", "target_sum_mm")
    def target_sum_out_of_range() -> pl.Expr:
        """
        sentence:
          en: The sum of target lesions is not between 0 mm and 1000 mm.
          zh: 靶病灶直径总和不在0至1000毫米之间。
        severity: warning
        action: null_cell
        channel: report
        kahn: plausibility
        advice:
          en: Check the unit (mm or cm) and the report of the image.
          zh: 请核对单位（毫米或厘米）及影像报告。
        source: own; five target lesions of at most 200 mm
        """
        return pl.col("target_sum_mm").is_between(0, 1000)


class AdverseEvent(CoreRow):
    """An adverse event under treatment."""

    class Config:
        """pandera's settings."""

        metadata = _core(
            "adverse_event",
            "one row per adverse event",
            refers("reference.drug", "attributed_agent_code", to=("code",)),
        )

    term_source: pl.String = delivered("Event as written", codes="adverse_event", importance="mandatory")
    term_code: pl.String = coded("CTCAE v5 term", "adverse_event")
    grade: pl.Int64 = delivered("CTCAE grade 1 to 5", reads="grade", importance="mandatory")
    ctcae_version: pl.String = delivered("Version of CTCAE", importance="recommended")
    started_on: pl.Date = delivered("First day", importance="recommended")
    stopped_on: pl.Date = delivered("Last day", importance="optional")
    is_immune_related: pl.Boolean = delivered("Judged immune-related by the centre", importance="recommended")
    attributed_agent_source: pl.String = delivered(
        "Agent held responsible, as sent", codes="drug", importance="optional"
    )
    attributed_agent_code: pl.String = coded("Agent held responsible", "drug")
    is_serious: pl.Boolean = delivered("Serious in the sense of the regulation", importance="optional")
    outcome_source: pl.String = delivered("Outcome as sent", codes="ae_outcome", importance="optional")
    outcome_code: pl.String = coded("Outcome", "ae_outcome")
    has_steroid: pl.Boolean = delivered("Steroids were given for it", importance="optional")

    @row_rule("adverse_event", "grade")
    def grade_out_of_range() -> pl.Expr:
        """
        sentence:
          en: The grade of the adverse event is not 1 to 5.
          zh: 不良反应分级不在1至5级之间。
        severity: error
        action: null_cell
        channel: report
        kahn: conformance
        advice:
          en: Give the CTCAE grade, 1 to 5.
          zh: 请提供CTCAE分级（1至5级）。
        source: CTCAE v5
        """
        return pl.col("grade").is_between(1, 5)


class FollowUp(CoreRow):
    """A contact with, or news of, the person; the death of a person is one of these."""

    class Config:
        """pandera's settings."""

        metadata = _core(
            "follow_up",
            "one row per contact or news",
            refers("reference.contact_type", "contact_type_code", to=("code",)),
        )

    contact_on: pl.Date = delivered("Day of the contact", importance="mandatory")
    contact_type_source: pl.String = delivered(
        "Kind of contact as sent", codes="contact_type", importance="recommended"
    )
    contact_type_code: pl.String = coded("Kind of contact; not every kind is evidence of life", "contact_type")
    status_source: pl.String = delivered("Status as sent", codes="status", importance="mandatory")
    status_code: pl.String = coded("Status: alive, dead, lost", "status")
    death_on: pl.Date = delivered("Day of death", importance="optional")
    death_cause_source: pl.String = delivered("Cause of death as sent", codes="death_cause", importance="optional")
    death_cause_code: pl.String = coded("Cause of death", "death_cause")
    source_source: pl.String = delivered("Who gave the news, as sent", codes="follow_up_source", importance="optional")
    source_code: pl.String = coded("Who gave the news", "follow_up_source")


MODELS: tuple[type[CoreRow], ...] = (
    Patient,
    Tumour,
    Metastasis,
    Biomarker,
    Procedure,
    TreatmentLine,
    DrugExposure,
    ResponseAssessment,
    AdverseEvent,
    FollowUp,
)
