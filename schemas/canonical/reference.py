"""The reference tables: code lists as the models join them, the rules, and what every delivered text became."""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import OF_CENTRE, Table, Texts, declared, derived, provenance, refers

_reference = partial(declared, "reference")


class TermMap(Table):
    """What a delivered text became: code, the rule that did it, and whether a human is asked."""

    class Config:
        """pandera's settings."""

        metadata = _reference(
            "term_map",
            "one row per list, centre and distinct text",
            ("list", "centre", "text"),
            OF_CENTRE,
            refers("reference.histology", "entity_code"),
        )

    list: pl.String = provenance("Code list", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    text: pl.String = provenance("Text as sent", nullable=False)
    code: pl.String = derived("Code; null where unknown or where a human is asked")
    entity_code: pl.String = derived("Entity, for histology")
    edition: pl.String = derived("Edition of the code")
    rule: pl.String = derived("Step that coded it: centre_map, registry_map, code, exact_term, …")
    confidence: pl.Float64 = derived("1 for a map or an exact term, less for structured reading")
    needs_query: pl.Boolean = derived("A human is asked")
    reason: pl.String = derived("Why a human is asked")
    candidates: Texts = derived("Up to five likely codes, best first")
    list_version: pl.String = derived("Version of the code list")


class Histology(Table):
    """Entities: the registry's own id, because one ICD-O code can belong to several."""

    class Config:
        """pandera's settings."""

        metadata = _reference("histology", "one row per entity", ("entity_code",))

    entity_code: pl.String = provenance("Entity", nullable=False)
    morphology_code: pl.String = derived("ICD-O-3 morphology")
    morphology_edition: pl.String = derived("Edition that has this code")
    behaviour: pl.String = derived("Behaviour digit of ICD-O-3: 0 benign, 1 borderline, 3 malignant")
    lineage: pl.String = derived("Lineage")
    oncotree: pl.String = derived("OncoTree code (CC BY 4.0)")
    ncit: pl.String = derived("NCI Thesaurus code")
    who_status: pl.String = derived("Status in the WHO classification of 2020")
    label_en: pl.String = derived("Name in English")
    label_zh: pl.String = derived("Name in Chinese")
    home: pl.String = derived("Where the entity belongs: soft_tissue, bone, both, other")
    grades: pl.String = derived("FNCLCC grades that go with the name, apart by spaces")
    site_query: pl.String = derived("Sites that speak for another entity; after '!' those that alone go with it")
    age_min: pl.Int64 = derived("Age at diagnosis below which the name is doubted", unit="years")
    age_max: pl.Int64 = derived("Age at diagnosis above which the name is doubted", unit="years")
    usual_sex_code: pl.String = derived("Sex whose organ it arises from")
    is_soft_tissue_sarcoma: pl.Boolean = derived("Counts as soft tissue sarcoma for the registry")
    is_soft_tissue_borderline: pl.Boolean = derived("Borderline entity of soft tissue; counts where metastatic")
    histology_group: pl.String = derived("Group of the founding study, from registry.yaml; null is 'other'")


class Drug(Table):
    """Agents, and classes where only the class is known."""

    class Config:
        """pandera's settings."""

        metadata = _reference("drug", "one row per agent, and per class as 'class:…'", ("code",))

    code: pl.String = provenance("Generic name, or 'class:' and the class", nullable=False)
    agent_code: pl.String = derived("Generic name; null for a class")
    class_code: pl.String = derived("Class")
    component_code: pl.String = derived("immunotherapy, cytotoxic, antiangiogenic, other, supportive")
    also_component_code: pl.String = derived("Second component of a bispecific, such as antiangiogenic")
    counts_as_line: pl.Boolean = derived("Systemic anticancer treatment that makes a line")
    is_checkpoint_inhibitor: pl.Boolean = derived("PD-1, PD-L1, CTLA-4, LAG-3 or a bispecific of these")
    label_en: pl.String = derived("Name in English")
    label_zh: pl.String = derived("Name in Chinese")


class Line(Table):
    """Lines of therapy as they are stated: each a range of ordinal numbers."""

    class Config:
        """pandera's settings."""

        metadata = _reference("line", "one row per code of the list `line`", ("code",))

    code: pl.String = provenance("Line as coded", nullable=False)
    line_min: pl.Int64 = derived("Smallest ordinal number it allows, among palliative lines")
    line_max: pl.Int64 = derived("Largest ordinal number it allows; null is open")
    setting_code: pl.String = derived("Setting the statement implies", codes="setting")


class ContactType(Table):
    """Kinds of contact, and which of them are evidence that the person lives."""

    class Config:
        """pandera's settings."""

        metadata = _reference("contact_type", "one row per kind of contact", ("code",))

    code: pl.String = provenance("Kind of contact", nullable=False)
    is_evidence_of_life: pl.Boolean = derived("The person was seen, examined, dosed, imaged or spoken to")
    is_visit: pl.Boolean = derived("The person was there")


class Response(Table):
    """Overall responses and what each counts as."""

    class Config:
        """pandera's settings."""

        metadata = _reference("response", "one row per overall response", ("code",))

    code: pl.String = provenance("Overall response", nullable=False)
    edition: pl.String = derived("Criteria it belongs to")
    is_objective_response: pl.Boolean = derived("Counts for the response rate")
    is_disease_control: pl.Boolean = derived("Counts for disease control")
    is_progression: pl.Boolean = derived("Is a progression")


class EndPoint(Table):
    """The end points of mart.adtte: each a family of rules and the parameters in force, from registry.yaml."""

    class Config:
        """pandera's settings."""

        metadata = _reference("end_point", "one row per PARAMCD", ("PARAMCD",))

    PARAMCD: pl.String = provenance("End point", nullable=False)
    position: pl.Int64 = derived("Place in lists")
    PARAM: pl.String = derived("End point in words")
    family: pl.String = derived("survival, progression or treatment: the model that derives it")
    starts_at_response: pl.Boolean = derived("Time starts at the first response; others at time zero")
    reads_irecist: pl.Boolean = derived("A progression is one confirmed by iRECIST")
    censors_at_new_therapy: pl.Boolean = derived("New anticancer therapy before the event censors")
    local_types: Texts = derived("Local treatments that count as new or next treatment")
    missed_assessments: pl.Int64 = derived("An event after so many missed assessments in a row is censored before them")
    visit_window_days: pl.Int64 = derived("Days an assessment may be early or late", unit="days")
    unassessed_death_days: pl.Int64 = derived("Last day a death without any assessment counts", unit="days")
    visit_gap_days: pl.Int64 = derived("Nothing counts after a longer gap between visits", unit="days")
    death_window_days: pl.Int64 = derived("A death counts within so many days of the last visit", unit="days")
    discharge_death_days: pl.Int64 = derived("A discharge to die counts as death so many days later", unit="days")
    is_death_event: pl.Boolean = derived("A death before the next treatment is an event; else it censors")


class Code(Table):
    """Every code of every list with its labels."""

    class Config:
        """pandera's settings."""

        metadata = _reference("code", "one row per list and code", ("list", "code"))

    list: pl.String = provenance("Code list", nullable=False)
    code: pl.String = provenance("Code", nullable=False)
    label_en: pl.String = derived("Meaning in English")
    label_zh: pl.String = derived("Meaning in Chinese")


class RuleTable(Table):
    """The rule book."""

    class Config:
        """pandera's settings."""

        metadata = _reference("rule", "one row per rule", ("rule",))

    rule: pl.String = provenance("Name of the fault", nullable=False)
    sentence_en: pl.String = derived("What is wrong, in English")
    sentence_zh: pl.String = derived("What is wrong, in Chinese")
    severity: pl.String = derived("How bad: error, warning, info")
    action: pl.String = derived("What happens: refuse_export, quarantine_row, null_cell, query, report_only")
    channel: pl.String = derived("Where it goes: query, report, gate")
    kahn_category: pl.String = derived("conformance, completeness, plausibility")
    scope: pl.String = derived("What it needs to see: file, row, table, centre, cross_centre, last_delivery")
    tables: Texts = derived("Core tables it reads")
    fields: Texts = derived("Fields it is about")
    explained_by: Texts = derived("Rules whose fault in the same patient is its root cause, and is asked first")
    is_critical: pl.Boolean = derived("A closed query is confirmed by the data manager")
    advice_en: pl.String = derived("What the centre can do, in English")
    advice_zh: pl.String = derived("What the centre can do, in Chinese")
    source: pl.String = derived("Where the rule comes from")


class Criterion(Table):
    """The cohort's criteria of exclusion, in their order, as registry.yaml has them."""

    class Config:
        """pandera's settings."""

        metadata = _reference("criterion", "one row per criterion", ("code",))

    code: pl.String = provenance("Criterion", nullable=False)
    position: pl.Int64 = derived("Place in the order")
    sentence_en: pl.String = derived("Whom it excludes, in English")
    sentence_zh: pl.String = derived("Whom it excludes, in Chinese")
    exclude_when: pl.String = derived("Condition over mart.time_zero")


MODELS: tuple[type[Table], ...] = (
    TermMap,
    Histology,
    Drug,
    Line,
    ContactType,
    Response,
    EndPoint,
    Code,
    RuleTable,
    Criterion,
)
