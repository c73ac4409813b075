"""The mart: who is in the cohort and from when, who is not and why, and the end points in ADaM's form."""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import OF_BOTH, OF_CENTRE, Table, Texts, declared, derived, provenance, refers

_mart = partial(declared, "mart")
_OF_MEMBER = refers("mart.cohort", "patient_id")
_OF_ENTITY = refers("reference.histology", "entity_code")
_OF_END_POINT = refers("reference.end_point", "PARAMCD")
_OF_DRUG = refers("core.drug_exposure", "record_key")


class HistologyReview(Table):
    """The local diagnosis and its reviews side by side. Central review counts before expert re-read before local."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "histology_review",
            "one row per person and tumour",
            ("patient_id", "tumour_number"),
            *OF_BOTH,
            refers("core.tumour", "record_key"),
            *(
                refers("reference.histology", f"{by}entity_code", to=("entity_code",))
                for by in ("", "local_", "expert_", "central_")
            ),
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    tumour_number: pl.Int64 = provenance("The tumour's number within the person", nullable=False)
    readings: pl.Int64 = derived("Readings that tell a diagnosis", unit="readings")
    record_key: pl.String = derived("Tumour record of the reading that counts")
    review_code: pl.String = derived("Who made the reading that counts; local where not said", codes="review")
    entity_code: pl.String = derived("Entity of the reading that counts; null where unresolved", codes="histology")
    histology_group: pl.String = derived("Its histology group", codes="histology_group")
    local_entity_code: pl.String = derived("Entity of the local diagnosis", codes="histology")
    expert_entity_code: pl.String = derived("Entity of the expert re-read", codes="histology")
    central_entity_code: pl.String = derived("Entity of the central review", codes="histology")
    is_entity_changed: pl.Boolean = derived("The readings name different entities; null with fewer than two resolved")
    is_group_changed: pl.Boolean = derived("The readings lie in different groups; null with fewer than two resolved")


class TimeZero(Table):
    """What is known of a person on the day of the first qualifying dose; the cohort's criteria are written on it."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "time_zero",
            "one row per core patient",
            ("patient_id",),
            *OF_BOTH,
            refers("core.drug_exposure", "index_record_key", to=("record_key",)),
            refers("core.treatment_line", "line_record_key", to=("record_key",)),
            refers("core.tumour", "tumour_record_key", to=("record_key",)),
            _OF_ENTITY,
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    index_on: pl.Date = derived("Time zero: first dose of a qualifying checkpoint inhibitor in metastatic disease")
    any_inhibitor_on: pl.Date = derived("First dose of any qualifying checkpoint inhibitor, in whatever setting")
    any_inhibitor_setting_code: pl.String = derived("Setting of the line that dose belongs to", codes="setting")
    index_agent_code: pl.String = derived("Agent given at time zero; null where only its class is known", codes="drug")
    index_class_code: pl.String = derived("Class of that agent", codes="drug_class")
    index_record_key: pl.String = derived("Drug record that sets time zero")
    line_record_key: pl.String = derived("Line of treatment that contains time zero")
    line_started_on: pl.Date = derived("First day of that line")
    line_start_to_io_days: pl.Int64 = derived("Days from the start of the line to time zero", unit="days")
    line_min: pl.Int64 = derived("Smallest ordinal number of the index line, derived or as stated: see line_basis_code")
    line_max: pl.Int64 = derived("Largest ordinal number of the index line; null is open")
    line_basis_code: pl.String = derived("Whether that number is stated or derived", codes="line_basis")
    line_stated_min: pl.Int64 = derived("Smallest ordinal number the statement of the index line allows")
    line_stated_max: pl.Int64 = derived("Largest ordinal number the statement allows; null is open")
    line_derived: pl.Int64 = derived("Ordinal number of the index line derived from the drug records")
    partner_components: Texts = derived("Components of partners given on day 0 or started on days 1 to 28")
    has_cytotoxic_partner: pl.Boolean = derived("A cytotoxic partner counts at time zero; null where one is not named")
    has_antiangiogenic_partner: pl.Boolean = derived("An antiangiogenic partner counts; null where one may be so")
    tumour_record_key: pl.String = derived("Index tumour, by the reading of it that counts")
    entity_code: pl.String = derived("Entity of the index tumour", codes="histology")
    is_histology_resolved: pl.Boolean = derived("The diagnosis leads to one entity without a query")
    is_soft_tissue_sarcoma: pl.Boolean = derived("The entity is a soft tissue sarcoma; null where unresolved")
    behaviour: pl.String = derived("Behaviour of the entity")
    topography_code: pl.String = derived("Primary site", codes="topography")
    diagnosed_on: pl.Date = derived("Day of the diagnosis")
    metastatic_on: pl.Date = derived("First day metastatic disease can have been shown")
    is_metastatic: pl.Boolean = derived("Metastatic disease is recorded")
    is_locally_advanced_only: pl.Boolean = derived("Unresectable without distant metastases")
    is_other_malignancy_active: pl.Boolean = derived("Another cancer is active")
    sex_code: pl.String = derived("Sex", codes="sex")
    born_on: pl.Date = derived("Day of birth; the first day it can mean")
    age_years: pl.Int64 = derived(
        "Completed years at time zero, else at the first inhibitor, else at diagnosis", unit="years"
    )
    ecog: pl.Int64 = derived("ECOG of the index line")
    legal_basis_code: pl.String = derived("Basis of the use of the data", codes="legal_basis")
    withdrawal_on: pl.Date = derived("Day consent was withdrawn")
    withdrawal_scope_code: pl.String = derived("Scope of the withdrawal", codes="withdrawal_scope")
    is_counted_elsewhere: pl.Boolean = derived("The same person has the first qualifying dose at another centre")
    cut_off_on: pl.Date = derived("Day up to which the centre's data are complete")


class Cohort(Table):
    """The cohort: patients to whom no criterion of exclusion applies, with the groups fixed at time zero."""

    class Config:
        """pandera's settings."""

        metadata = _mart("cohort", "one row per patient of the cohort", ("patient_id",), *OF_BOTH, _OF_ENTITY)

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre where the first qualifying dose was given", nullable=False)
    index_on: pl.Date = derived("Time zero")
    index_agent_code: pl.String = derived("Agent given at time zero", codes="drug")
    index_class_code: pl.String = derived("Class of that agent", codes="drug_class")
    line: pl.Int64 = derived("Ordinal number of the index line where it is certain")
    line_min: pl.Int64 = derived("Smallest ordinal number of the index line, derived or as stated: see line_basis_code")
    line_max: pl.Int64 = derived("Largest ordinal number of the index line; null is open")
    line_basis_code: pl.String = derived("Whether that number is stated or derived", codes="line_basis")
    line_group: pl.String = derived("'<=2' or '>2' by line_min and line_max; null where they lie on both sides")
    line_stated_min: pl.Int64 = derived("Smallest ordinal number the statement of the index line allows")
    line_stated_max: pl.Int64 = derived("Largest ordinal number the statement allows; null is open")
    line_group_stated: pl.String = derived("The split by the statement alone")
    line_derived: pl.Int64 = derived("Ordinal number of the index line derived from the drug records")
    line_group_derived: pl.String = derived("The split by the drug records alone")
    line_start_to_io_days: pl.Int64 = derived("Days from the start of the index line to time zero", unit="days")
    entity_code: pl.String = derived("Entity of the index tumour", codes="histology")
    histology_group: pl.String = derived("ASPS, potentially sensitive, or other", codes="histology_group")
    regimen_group: pl.String = derived("Immunotherapy alone or with what; null if unclear", codes="regimen_group")
    is_combination: pl.Boolean = derived("A cytotoxic or antiangiogenic partner counts at time zero")
    sex_code: pl.String = derived("Sex", codes="sex")
    age_years: pl.Int64 = derived("Completed years at time zero", unit="years")
    ecog: pl.Int64 = derived("ECOG of the index line")
    topography_code: pl.String = derived("Primary site", codes="topography")
    diagnosed_on: pl.Date = derived("Day of the diagnosis")
    metastatic_on: pl.Date = derived("First day metastatic disease can have been shown")
    cut_off_on: pl.Date = derived("Day up to which the centre's data are complete")


class DoubtfulMember(Cohort):
    """Who would be in the cohort but for the histology, with what the diagnosis may still be."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "doubtful_member",
            "one row per patient whom only an unresolved histology keeps out of the cohort",
            ("patient_id",),
            *OF_BOTH,
            _OF_ENTITY,
        )

    admissible_entities: Texts = derived("Entities the words and the code of the diagnosis allow; empty is any")
    admissible_groups: Texts = derived(
        "Histology groups of these entities; 'outside' where one is no soft tissue sarcoma"
    )


class Exclusion(Table):
    """Why a patient is not in the cohort: the first criterion that applies, and all of them."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "exclusion",
            "one row per core patient outside the cohort",
            ("patient_id",),
            *OF_BOTH,
            refers("reference.criterion", "first_reason_code", to=("code",)),
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    first_reason_code: pl.String = derived("First criterion that applies, in the registry's order")
    all_reason_codes: Texts = derived("Every criterion that applies, in the registry's order")


class Adtte(Table):
    """Time to event in ADaM's form. AVAL is ADT - STARTDT in days; it is null, with NEREASON, where not evaluable."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "adtte",
            "one row per patient of the cohort and PARAMCD; DOR of responders alone",
            ("patient_id", "PARAMCD"),
            OF_CENTRE,
            _OF_MEMBER,
            _OF_END_POINT,
            refers("core.patient", "USUBJID", to=("patient_id",)),
        )

    STUDYID: pl.String = derived("Study, from registry.yaml")
    USUBJID: pl.String = derived("Subject, the same as patient_id")
    PARAMCD: pl.String = derived("End point: OS, OSDISCH, PFSEMA, PFSFDA, PFSRWD, IPFS, DOR, TTNT, TTD")
    PARAM: pl.String = derived("End point in words")
    AVAL: pl.Int64 = derived("Time from STARTDT to ADT", unit="days")
    AVALU: pl.String = derived("Unit of AVAL")
    CNSR: pl.Int64 = derived(
        "0 event; censored: 1 none up to the last look, 2 new anticancer therapy, 3 missed assessments, "
        "4 gap between visits, 5 death long after the last visit, 6 death before the next treatment"
    )
    EVNTDESC: pl.String = derived("The event, or that there was none")
    CNSDTDSC: pl.String = derived("What the date of censoring is")
    STARTDT: pl.Date = derived("Time zero; for DOR the first response")
    ADT: pl.Date = derived("Day of the event or of censoring")
    ADTF: pl.String = derived("D where the day of ADT is imputed within its month")
    ADTEARLY: pl.Date = derived("ADT if every partial date were the first day it can mean; null where that is no bound")
    CNSREARLY: pl.Int64 = derived("CNSR in that case")
    ADTLATE: pl.Date = derived("ADT if every partial date were the last day it can mean; null where that is no bound")
    CNSRLATE: pl.Int64 = derived("CNSR in that case")
    SRCDOM: pl.String = derived("Core table of the record that gives ADT")
    SRCVAR: pl.String = derived("Column of that record")
    SRCSEQ: pl.String = derived("Record key of that record")
    CUTOFFDT: pl.Date = derived("Day up to which the centre's data are complete")
    NEREASON: pl.String = derived("Why the end point is not evaluable: the rule and field of the value in doubt")
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)


class AdtteDoubtful(Adtte):
    """The end points, by the same rules, of those in mart.doubtful_member."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "adtte_doubtful",
            "one row per patient in doubt of the histology alone and PARAMCD; DOR of responders alone",
            ("patient_id", "PARAMCD"),
            OF_CENTRE,
            _OF_END_POINT,
            refers("mart.doubtful_member", "patient_id"),
            refers("core.patient", "USUBJID", to=("patient_id",)),
        )


class Assessment(Table):
    """Response assessments as waterfall, spider and swimmer plots need them: the baseline, and all after time zero."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "assessment",
            "one row per assessment of a patient of the cohort, from the baseline to the cut-off",
            ("patient_id", "assessed_at", "record_key"),
            OF_CENTRE,
            _OF_MEMBER,
            refers("meta.centre", "assessed_at", to=("centre",)),
            refers("core.response_assessment", "record_key"),
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    assessed_at: pl.String = provenance("Centre that sent the assessment", nullable=False)
    record_key: pl.String = provenance("Record of core.response_assessment", nullable=False)
    assessed_on: pl.Date = derived("Day of the imaging")
    day: pl.Int64 = derived("Days from time zero", unit="days")
    is_baseline: pl.Boolean = derived("The last sum of target lesions up to time zero")
    criteria_code: pl.String = derived("Criteria", codes="criteria")
    assessor_code: pl.String = derived("Who assessed", codes="assessor")
    overall_code: pl.String = derived("Overall response", codes="response")
    target_sum_mm: pl.Decimal = derived("Sum of target lesions", unit="mm")
    baseline_sum_mm: pl.Decimal = derived("The sum at baseline", unit="mm")
    nadir_mm: pl.Decimal = derived("Smallest sum before this day, the baseline included", unit="mm")
    change_from_baseline_pct: pl.Decimal = derived("Change of the sum from baseline", unit="%")
    change_from_nadir_pct: pl.Decimal = derived("Change of the sum from the smallest before", unit="%")
    has_new_lesion: pl.Boolean = derived("A new lesion is there")
    is_confirmed: pl.Boolean = derived("Confirmed by a later assessment, as the centre says")


class BestResponse(Table):
    """Best overall response under the index treatment, by RECIST 1.1 and by iRECIST, unconfirmed and confirmed."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "best_response",
            "one row per patient of the cohort and criteria",
            ("patient_id", "criteria_code"),
            OF_CENTRE,
            _OF_MEMBER,
            refers("core.response_assessment", "response_record_key", to=("record_key",)),
            refers("core.response_assessment", "confirmed_response_record_key", to=("record_key",)),
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    criteria_code: pl.String = derived("RECIST 1.1 or iRECIST", codes="criteria")
    best_code: pl.String = derived("Best overall response; null where not evaluable", codes="response")
    confirmed_code: pl.String = derived(
        "The same where a response must be confirmed; null where not evaluable", codes="response"
    )
    response_on: pl.Date = derived("First day of a response (CR or PR)")
    confirmed_response_on: pl.Date = derived("First day of a response that was confirmed")
    response_days: pl.Int64 = derived("Days from time zero to response_on", unit="days")
    response_record_key: pl.String = derived("Record of core.response_assessment that gives response_on")
    confirmed_response_record_key: pl.String = derived("Record that gives confirmed_response_on")
    n_assessments: pl.Int64 = derived("Assessments that counted")
    not_evaluable_reason: pl.String = derived("Why there is no best response, or why it is NE")


class Exposure(Table):
    """What a patient of the cohort was given, counted in days from time zero; for swimmer plots and regimens."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "exposure",
            "one row per patient of the cohort, drug record and agent",
            ("patient_id", "record_key"),
            OF_CENTRE,
            _OF_MEMBER,
            _OF_DRUG,
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre where the first qualifying dose was given", nullable=False)
    record_key: pl.String = provenance("Drug record, see core.drug_exposure", nullable=False)
    agent_code: pl.String = derived("Agent; null where only the class is known", codes="drug")
    class_code: pl.String = derived("Class of the agent", codes="drug_class")
    component_code: pl.String = derived("Part of a regimen: immunotherapy, cytotoxic, …", codes="component")
    is_checkpoint_inhibitor: pl.Boolean = derived("PD-1, PD-L1, CTLA-4, LAG-3 or a bispecific of these")
    is_at_time_zero: pl.Boolean = derived("Counts for the regimen: given on day 0, or started in the window")
    start_day: pl.Int64 = derived("Days from time zero to the first dose; null where known in part", unit="days")
    stop_day: pl.Int64 = derived("Days from time zero to the last dose; null where known in part", unit="days")
    is_ongoing: pl.Boolean = derived("Still given at the cut-off")
    cycles: pl.Int64 = derived("Number of cycles given")
    stop_reason_code: pl.String = derived("Why it was stopped", codes="stop_reason")


class AdverseEvent(Table):
    """Adverse events of the cohort, counted in days from time zero."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "adverse_event",
            "one row per patient of the cohort and adverse event",
            ("patient_id", "reported_at", "record_key"),
            OF_CENTRE,
            _OF_MEMBER,
            refers("meta.centre", "reported_at", to=("centre",)),
            refers("core.adverse_event", "record_key"),
        )

    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    centre: pl.String = provenance("Centre where the first qualifying dose was given", nullable=False)
    reported_at: pl.String = provenance("Centre that sent the event", nullable=False)
    record_key: pl.String = provenance("Event, see core.adverse_event", nullable=False)
    term_code: pl.String = derived("CTCAE term; null where a human is asked", codes="adverse_event")
    grade: pl.Int64 = derived("CTCAE grade 1 to 5")
    ctcae_version: pl.String = derived("Version of CTCAE, where the centre says")
    start_day: pl.Int64 = derived("Days from time zero to the first day; null where known in part", unit="days")
    stop_day: pl.Int64 = derived("Days from time zero to the last day; null where known in part", unit="days")
    is_after_time_zero: pl.Boolean = derived("Began on or after time zero; null where its date does not say")
    is_immune_related: pl.Boolean = derived("Judged immune-related by the centre")
    is_serious: pl.Boolean = derived("Serious in the sense of the regulation")
    attributed_agent_code: pl.String = derived("Agent held responsible", codes="drug")
    outcome_code: pl.String = derived("Outcome", codes="ae_outcome")
    has_steroid: pl.Boolean = derived("Steroids were given for it")


MODELS: tuple[type[Table], ...] = (
    HistologyReview,
    TimeZero,
    Cohort,
    DoubtfulMember,
    Exclusion,
    Adtte,
    AdtteDoubtful,
    Assessment,
    BestResponse,
    Exposure,
    AdverseEvent,
)
