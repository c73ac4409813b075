"""The views for reading: what a person who asks in SQL builds on. Their columns are a promise, see docs/views.md.

Tables of core and mart may change their form; these keep name, type and meaning. A column may be added at the end of a
view; taking one away or giving it another meaning is a new version of the promise (tests/schemas/reading_columns.csv).
"""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import Table, declared, derived, provenance

_read = partial(declared, "read", is_view=True)


class Centre(Table):
    """Each centre: how fresh its data are, what became of its rows, and how much there is to ask it."""

    class Config:
        """pandera's settings."""

        metadata = _read("centre", "one row per centre", ("centre",))

    centre: pl.String = provenance("Centre", nullable=False)
    title_en: pl.String = derived("Name in English")
    title_zh: pl.String = derived("Name in Chinese")
    state: pl.String = derived("fresh, carried_forward (its last good export stands) or absent")
    reason: pl.String = derived("Why it is not fresh")
    cut_off_on: pl.Date = derived("Day up to which its data are complete")
    rows_delivered: pl.Int64 = derived(
        "Rows, counted once for each table that reads their file; the account of the rest: quality.row_account",
        unit="rows",
    )
    rows_loaded: pl.Int64 = derived("Of rows_delivered, those that stand in the warehouse", unit="rows")
    rows_quarantined: pl.Int64 = derived("Of rows_delivered, those whose key or shape cannot be read", unit="rows")
    patients: pl.Int64 = derived("Patients", unit="patients")
    cohort: pl.Int64 = derived("Patients of the cohort", unit="patients")
    findings: pl.Int64 = derived("Faults found in its data")
    open_queries: pl.Int64 = derived("Questions to it that are not settled")
    rows_in_files: pl.Int64 = derived("Rows of its files, each counted once", unit="rows")


class Patient(Table):
    """A patient in one row: who, which tumour, in the cohort or why not, treatment, outcome, what is still asked.

    A person registered at two centres has two rows.
    """

    class Config:
        """pandera's settings."""

        metadata = _read("patient", "one row per person and centre", ("patient_id",))

    patient_id: pl.String = provenance("Registry's pseudonym of the person at this centre", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    sex_code: pl.String = derived("Sex: M or F", codes="sex")
    born_on: pl.Date = derived("Day of birth, the first day it can mean")
    diagnosed_on: pl.Date = derived("Day of the diagnosis of the index tumour")
    entity_code: pl.String = derived("Entity of the index tumour; null where unresolved", codes="histology")
    entity_en: pl.String = derived("Its name in English")
    entity_zh: pl.String = derived("Its name in Chinese")
    morphology_code: pl.String = derived("Its ICD-O-3 morphology")
    histology_group: pl.String = derived("Its group in the cohort's comparisons", codes="histology_group")
    topography_code: pl.String = derived("Primary site, ICD-O-3", codes="topography")
    topography_en: pl.String = derived("Its name in English")
    topography_zh: pl.String = derived("Its name in Chinese")
    fnclcc_grade: pl.String = derived("FNCLCC grade of the index tumour", codes="fnclcc_grade")
    size_mm: pl.Float64 = derived("Largest diameter of the index tumour", unit="mm")
    stage_code: pl.String = derived("Stage group at diagnosis", codes="stage")
    metastatic_on: pl.Date = derived("First day metastatic disease can have been shown")
    is_in_cohort: pl.Boolean = derived("No criterion of exclusion applies")
    exclusion_code: pl.String = derived("First criterion that excludes; null inside the cohort")
    exclusion_en: pl.String = derived("Whom it excludes, in English")
    exclusion_zh: pl.String = derived("Whom it excludes, in Chinese")
    index_on: pl.Date = derived("Time zero: first dose of a qualifying checkpoint inhibitor in metastatic disease")
    age_years: pl.Int64 = derived("Completed years at time zero, else at diagnosis", unit="years")
    index_agent_code: pl.String = derived("Agent given at time zero", codes="drug")
    regimen_group: pl.String = derived("Immunotherapy alone or with what; of the cohort", codes="regimen_group")
    line_min: pl.Int64 = derived("Smallest number, among palliative lines, of the line at time zero")
    line_max: pl.Int64 = derived("Largest number; null is open")
    line_group: pl.String = derived("'<=2' or '>2'; null where the number lies on both sides; of the cohort")
    lines: pl.Int64 = derived("Palliative lines that the dated drug records show", unit="lines")
    best_response_code: pl.String = derived("Best overall response by RECIST 1.1; of the cohort", codes="response")
    confirmed_response_code: pl.String = derived("The same where a response must be confirmed", codes="response")
    status_code: pl.String = derived("dead where any news says so, else as the last news has it", codes="status")
    died_on: pl.Date = derived("Day of death where it is known to the day; the first one told")
    last_news_on: pl.Date = derived("Day of the last contact or news")
    os_days: pl.Int64 = derived("Overall survival from time zero; of the cohort, null where not evaluable", unit="days")
    os_is_event: pl.Boolean = derived("It ends with death; false is censored")
    pfs_days: pl.Int64 = derived("Progression-free survival, EMA rule set, from time zero", unit="days")
    pfs_is_event: pl.Boolean = derived("It ends with progression or death; false is censored")
    adverse_events: pl.Int64 = derived("Adverse events recorded", unit="events")
    worst_grade: pl.Int64 = derived("Highest CTCAE grade among them")
    findings: pl.Int64 = derived("Faults found in the patient's records")
    open_queries: pl.Int64 = derived("Questions about the patient that are not settled")
    cut_off_on: pl.Date = derived("Day up to which the centre's data are complete")


class TreatmentLine(Table):
    """Lines of systemic treatment as the centre counts them, beside what the dated drug records say."""

    class Config:
        """pandera's settings."""

        metadata = _read("treatment_line", "one row per line of systemic treatment", ("record_key",))

    record_key: pl.String = provenance("Record, the same in every refresh", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    line_stated: pl.String = derived("Line as the centre wrote it")
    line_min: pl.Int64 = derived("Smallest number the statement allows, among palliative lines")
    line_max: pl.Int64 = derived("Largest number it allows; null is open")
    line_derived: pl.Int64 = derived("Number derived from the dated drug records")
    setting_code: pl.String = derived("palliative, adjuvant, neoadjuvant or maintenance", codes="setting")
    regimen: pl.String = derived("Drugs of the derived line with that number, joined by ' + '")
    started_on: pl.Date = derived("First day, where known to the day")
    stopped_on: pl.Date = derived("Last day, where known to the day")
    stop_reason_code: pl.String = derived("Why it ended", codes="stop_reason")
    stop_reason_en: pl.String = derived("Why it ended, in English")
    stop_reason_zh: pl.String = derived("Why it ended, in Chinese")
    ecog: pl.Int64 = derived("ECOG performance status 0 to 5")
    is_trial: pl.Boolean = derived("Given within a clinical trial")
    is_index: pl.Boolean = derived("The line that contains the patient's time zero")


class Drug(Table):
    """Drugs given, each agent of a regimen by itself."""

    class Config:
        """pandera's settings."""

        metadata = _read("drug", "one row per drug record and agent", ("record_key",))

    record_key: pl.String = provenance("Record, the same in every refresh", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    agent_source: pl.String = derived("Drug or regimen as written")
    agent_code: pl.String = derived("Agent, by its generic name; null where only the class is known", codes="drug")
    agent_en: pl.String = derived("Its name in English")
    agent_zh: pl.String = derived("Its name in Chinese")
    class_code: pl.String = derived("Class of the agent", codes="drug_class")
    component_code: pl.String = derived("Part of a regimen: immunotherapy, cytotoxic, …", codes="component")
    is_checkpoint_inhibitor: pl.Boolean = derived("PD-1, PD-L1, CTLA-4, LAG-3 or a bispecific of these")
    started_on: pl.Date = derived("First dose, where known to the day")
    stopped_on: pl.Date = derived("Last dose, where known to the day")
    is_ongoing: pl.Boolean = derived("Still given at the cut-off")
    dose: pl.Float64 = derived("Dose, in dose_unit")
    dose_unit: pl.String = derived("Unit of the dose")
    cycles: pl.Int64 = derived("Cycles given", unit="cycles")
    stop_reason_code: pl.String = derived("Why it was stopped", codes="stop_reason")
    line_number: pl.Int64 = derived("Derived palliative line it belongs to")
    start_day: pl.Int64 = derived("Days from time zero to the first dose; of the cohort", unit="days")
    is_at_time_zero: pl.Boolean = derived("Counts for the regimen at time zero; of the cohort")


class Response(Table):
    """Assessments of the disease; those of the cohort with the change of the sum of target lesions."""

    class Config:
        """pandera's settings."""

        metadata = _read("response", "one row per assessment", ("record_key",))

    record_key: pl.String = provenance("Record, the same in every refresh", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    assessed_on: pl.Date = derived("Day of the imaging, where known to the day")
    day: pl.Int64 = derived("Days from time zero; of the cohort, from the baseline to the cut-off", unit="days")
    criteria_code: pl.String = derived("RECIST 1.1, iRECIST, Choi", codes="criteria")
    modality_code: pl.String = derived("CT, MRI, PET-CT, …", codes="modality")
    assessor_code: pl.String = derived("investigator or central", codes="assessor")
    overall_code: pl.String = derived("Overall response", codes="response")
    overall_en: pl.String = derived("Overall response, in English")
    overall_zh: pl.String = derived("Overall response, in Chinese")
    is_progression: pl.Boolean = derived("It is a progression")
    is_confirmed: pl.Boolean = derived("Confirmed by a later assessment, as the centre says")
    has_new_lesion: pl.Boolean = derived("A new lesion is there")
    target_sum_mm: pl.Float64 = derived("Sum of target lesions", unit="mm")
    change_from_baseline_pct: pl.Decimal = derived("Change of the sum from baseline", unit="%")
    change_from_nadir_pct: pl.Decimal = derived("Change of the sum from the smallest before", unit="%")


class AdverseEvent(Table):
    """Adverse events under treatment."""

    class Config:
        """pandera's settings."""

        metadata = _read("adverse_event", "one row per adverse event", ("record_key",))

    record_key: pl.String = provenance("Record, the same in every refresh", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    term_source: pl.String = derived("Event as written")
    term_code: pl.String = derived("CTCAE v5 term; null where a human is asked", codes="adverse_event")
    term_en: pl.String = derived("The term in English")
    term_zh: pl.String = derived("The term in Chinese")
    grade: pl.Int64 = derived("CTCAE grade 1 to 5")
    started_on: pl.Date = derived("First day, where known to the day")
    stopped_on: pl.Date = derived("Last day, where known to the day")
    start_day: pl.Int64 = derived("Days from time zero to the first day; of the cohort", unit="days")
    is_after_time_zero: pl.Boolean = derived("Began on or after time zero; of the cohort")
    is_immune_related: pl.Boolean = derived("Judged immune-related by the centre")
    is_serious: pl.Boolean = derived("Serious in the sense of the regulation")
    attributed_agent_code: pl.String = derived("Agent held responsible", codes="drug")
    outcome_code: pl.String = derived("Outcome", codes="ae_outcome")
    has_steroid: pl.Boolean = derived("Steroids were given for it")


class Survival(Table):
    """The end points of the cohort with their words, and the groups they are compared by."""

    class Config:
        """pandera's settings."""

        metadata = _read(
            "survival", "one row per patient of the cohort and end point", ("patient_id", "end_point_code")
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre where the first qualifying dose was given", nullable=False)
    end_point_code: pl.String = provenance("OS, PFSEMA, …: PARAMCD of mart.adtte", nullable=False)
    end_point: pl.String = derived("The end point in words")
    is_evaluable: pl.Boolean = derived("Time and event are known")
    not_evaluable_reason: pl.String = derived("Why not: the rule and the field of the value in doubt")
    days: pl.Int64 = derived("Time from started_on to ended_on", unit="days")
    months: pl.Decimal = derived("The same in months of 30.4375 days", unit="months")
    is_event: pl.Boolean = derived("The event happened; false is censored; null where not evaluable")
    ending: pl.String = derived("What ended it: the event, or what the day of censoring is")
    censoring_code: pl.Int64 = derived("0 event, 1 to 6 why censored: CNSR of mart.adtte")
    started_on: pl.Date = derived("Time zero; for the duration of response the first response")
    ended_on: pl.Date = derived("Day of the event or of censoring")
    cut_off_on: pl.Date = derived("Day up to which the centre's data are complete")
    source_table: pl.String = derived("Core table of the record that gives ended_on")
    source_record_key: pl.String = derived("That record")
    sex_code: pl.String = derived("Sex", codes="sex")
    age_years: pl.Int64 = derived("Completed years at time zero", unit="years")
    entity_code: pl.String = derived("Entity of the index tumour", codes="histology")
    histology_group: pl.String = derived("Group of the histology", codes="histology_group")
    regimen_group: pl.String = derived("Immunotherapy alone or with what", codes="regimen_group")
    line_group: pl.String = derived("'<=2' or '>2'; null where the line lies on both sides")


class Finding(Table):
    """Faults found, with the rule in words and the cell as it was sent."""

    class Config:
        """pandera's settings."""

        metadata = _read("finding", "one row per rule, record and field at fault", ("finding_id",))

    finding_id: pl.String = provenance("The same in every refresh", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    patient_id: pl.String = derived("Registry's pseudonym, where the row has a readable key")
    rule: pl.String = derived("Rule that found it")
    sentence_en: pl.String = derived("What is wrong, in English")
    sentence_zh: pl.String = derived("What is wrong, in Chinese")
    severity: pl.String = derived("error, warning or info")
    channel: pl.String = derived("Where it goes: query, report or gate")
    table_name: pl.String = derived("Core table")
    record_key: pl.String = derived("Record, where the row has a readable key")
    field: pl.String = derived("Field")
    file: pl.String = derived("File as delivered")
    sheet: pl.String = derived("Sheet; empty for delimited text")
    line: pl.Int64 = derived("Physical line or sheet row")
    source_column: pl.String = derived("Column as the centre names it")
    raw_text: pl.String = derived("Cell as sent")
    query_id: pl.String = derived("Query that asks about it")
    query_state: pl.String = derived("How that query stands")


class OpenQuery(Table):
    """Questions to the centres that are not settled, with the rule in words."""

    class Config:
        """pandera's settings."""

        metadata = _read("open_query", "one row per query that is a candidate, open or answered", ("query_id",))

    query_id: pl.String = provenance("The same in every refresh", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    patient_id: pl.String = derived("Registry's pseudonym")
    rule: pl.String = derived("Rule")
    sentence_en: pl.String = derived("What is wrong, in English")
    sentence_zh: pl.String = derived("What is wrong, in Chinese")
    advice_en: pl.String = derived("What the centre can do, in English")
    advice_zh: pl.String = derived("What the centre can do, in Chinese")
    severity: pl.String = derived("error, warning or info")
    is_critical: pl.Boolean = derived("Its closing is confirmed by the data manager")
    table_name: pl.String = derived("Core table")
    record_key: pl.String = derived("Record")
    field: pl.String = derived("Field")
    state: pl.String = derived("candidate (not sent yet), open or answered")
    opened_on: pl.Date = derived("Day of the refresh in which it was first seen")
    batch: pl.String = derived("Batch it was issued in")
    issued_on: pl.Date = derived("Day it was sent to the centre")
    due_on: pl.Date = derived("Day an answer is expected by")
    age_days: pl.Int64 = derived("Days since it was sent, without those of a stale export", unit="days")
    is_overdue: pl.Boolean = derived("Open after its due day")
    answer_code: pl.String = derived("The centre's last answer")
    times_reopened: pl.Int64 = derived("How often it was asked again")
    root_query_id: pl.String = derived("Query asked first, because it explains this one")


VIEWS: tuple[type[Table], ...] = (
    Centre,
    Patient,
    TreatmentLine,
    Drug,
    Response,
    AdverseEvent,
    Survival,
    Finding,
    OpenQuery,
)
