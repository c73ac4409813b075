"""The quality tables: what was found, what could be judged, and what became of every delivered row."""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import OF_CENTRE, Table, Texts, declared, derived, provenance, refers

_quality = partial(declared, "quality")
_OF_RULE = refers("reference.rule", "rule")


class RowAccount(Table):
    """What became of every delivered row, table by table; delivered is the sum of the rest.

    A row is counted in each table that reads its file, so the sum over tables counts it as often.
    """

    class Config:
        """pandera's settings."""

        metadata = _quality("row_account", "one row per centre and core table", ("centre", "table_name"), OF_CENTRE)

    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = provenance("Core table the rows were read for", nullable=False)
    delivered: pl.Int64 = derived("Rows of the files that this table reads", unit="rows")
    loaded: pl.Int64 = derived("Rows that at least one core row cites", unit="rows")
    quarantined: pl.Int64 = derived("Rows whose key or shape cannot be read", unit="rows")
    duplicate: pl.Int64 = derived("Rows equal to another in every mapped column", unit="rows")
    superseded: pl.Int64 = derived("Rows replaced by a later delivery", unit="rows")
    out_of_scope: pl.Int64 = derived("Banner, subtotal and empty rows, and rows of other forms", unit="rows")
    retracted: pl.Int64 = derived("Rows withdrawn by the person or the centre", unit="rows")


class Finding(Table):
    """One fault found in one place, by any door or check."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "finding",
            "one row per rule, record and field at fault",
            ("finding_id",),
            OF_CENTRE,
            _OF_RULE,
            refers("quality.query", "query_id"),
        )

    finding_id: pl.String = provenance("Keyed hash of centre, rule, table, record and field", nullable=False)
    rule: pl.String = derived("Rule that found it")
    severity: pl.String = derived("error, warning or info")
    action: pl.String = derived("What happens to the row or cell")
    channel: pl.String = derived("Where it goes: query, report or gate")
    kahn_category: pl.String = derived("conformance, completeness or plausibility")
    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = derived("Core table")
    patient_id: pl.String = derived("Registry's pseudonym, where the row has a readable key")
    record_key: pl.String = derived("Record, where the row has a readable key")
    field: pl.String = derived("Field of the core table")
    measure: pl.Float64 = derived("The number a rule with a bound judged by: days, years, mm, Gy or a share")
    row_id: pl.String = derived("Delivered row, as file:sheet:line")
    file: pl.String = derived("File as delivered")
    sheet: pl.String = derived("Sheet; empty for delimited text")
    line: pl.Int64 = derived("Physical line or sheet row")
    source_column: pl.String = derived("Column as the centre names it")
    raw_text: pl.String = derived("Cell as sent")
    query_id: pl.String = derived("Query that asks about it; rows without a readable key share one per rule and table")
    value_hash: pl.String = derived("Keyed hash of the values the rule looks at; only of what is asked")


class CheckResult(Table):
    """How many records a rule could judge at a centre, and how many are at fault. Nothing to judge is no pass."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "check_result", "one row per rule, centre and table", ("rule", "centre", "table_name"), OF_CENTRE, _OF_RULE
        )

    rule: pl.String = provenance("Rule", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = provenance("Core table", nullable=False)
    judged: pl.Int64 = derived("Records or cells the rule could judge")
    faults: pl.Int64 = derived("Records or cells at fault")
    status: pl.String = derived("pass, fault or not_evaluable")


class Completeness(Table):
    """How often a field is filled at a centre, and why it is not."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "completeness",
            "one row per centre, table and deliverable field",
            ("centre", "table_name", "field"),
            OF_CENTRE,
        )

    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = provenance("Core table", nullable=False)
    field: pl.String = provenance("Field as centre.yaml names it", nullable=False)
    importance: pl.String = derived("mandatory, recommended or optional")
    judged: pl.Int64 = derived("Records of the table")
    present: pl.Int64 = derived("Records with a value")
    unknown: pl.Int64 = derived("Records that say it is unknown, or refuse to answer")
    not_done: pl.Int64 = derived("Records that say it was not done")
    not_applicable: pl.Int64 = derived("Records that say it does not apply")
    not_delivered: pl.Int64 = derived("Records without a word")


class Expectation(Table):
    """What Great Expectations asked before publishing, and its answer; aggregates only."""

    class Config:
        """pandera's settings."""

        metadata = _quality("expectation", "one row per expectation and subject", ("subject", "expectation"))

    subject: pl.String = provenance("Centre, or 'cohort'", nullable=False)
    expectation: pl.String = provenance("Name of the expectation", nullable=False)
    sentence_en: pl.String = derived("What is expected, in English")
    sentence_zh: pl.String = derived("What is expected, in Chinese")
    success: pl.Boolean = derived("It holds")
    observed: pl.String = derived("The aggregate that was seen")


class Link(Table):
    """Records of two centres that may be one person, and what is decided of two of one centre. Only 'same' acts."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "link", "one row per suspected or decided pair of records", ("patient_id", "other_patient_id")
        )

    patient_id: pl.String = provenance("Registry's pseudonym at one centre; the smaller of the two", nullable=False)
    other_patient_id: pl.String = provenance("Registry's pseudonym at the other centre", nullable=False)
    centre: pl.String = derived("Centre of the first; empty where a decision names a record that is not there")
    other_centre: pl.String = derived("Centre of the second; empty as above")
    band: pl.String = derived("strong, probable or possible; none where only a decision names the pair")
    weight_bits: pl.Decimal = derived("Match weight of splink with fixed parameters: log2 of the odds", unit="bits")
    agreed: Texts = derived("What is equal: tokens by kind, and coarse fields")
    nearly: Texts = derived("What is nearly equal: a date with one slip, or within 31 days")
    disagreed: Texts = derived("What both tell, differently")
    kind: pl.String = derived("transfer: one stay ends before the other begins; duplicate: they overlap; unknown")
    decision: pl.String = derived("undecided, same or different, from links.yaml")
    counted_patient_id: pl.String = derived("Of a pair decided the same, the record that counts where one has a dose")


class LinkConflict(Table):
    """Where two records that are probably, or by decision, one person contradict each other. Holds no values."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "link_conflict",
            "one row per pair, contradiction and record it asks about",
            ("patient_id", "other_patient_id", "conflict_code", "side"),
            refers("quality.link", "patient_id", "other_patient_id"),
        )

    patient_id: pl.String = provenance("First record of the pair, as in quality.link", nullable=False)
    other_patient_id: pl.String = provenance("Second record of the pair", nullable=False)
    conflict_code: pl.String = derived(
        "sex_differs, birth_dates_differ, histologies_differ, death_dates_differ, dead_here_alive_there_later, "
        "death_unknown_there or both_in_cohort"
    )
    table_name: pl.String = derived("Core table of the field")
    field: pl.String = derived("Field the two records contradict each other in")
    side: pl.String = provenance("Record the contradiction asks about: first, other, or either", nullable=False)


class Query(Table):
    """A question to a centre and its life: a fold over the journal and the findings, see docs/queries.md."""

    class Config:
        """pandera's settings."""

        metadata = _quality(
            "query", "one row per query", ("query_id",), refers("quality.query", "root_query_id", to=("query_id",))
        )

    query_id: pl.String = provenance("Keyed hash of centre, rule, table, record and field", nullable=False)
    centre: pl.String = provenance("Centre", nullable=False)
    patient_id: pl.String = derived("Registry's pseudonym")
    rule: pl.String = derived("Rule")
    table_name: pl.String = derived("Core table")
    record_key: pl.String = derived("Record")
    field: pl.String = derived("Field")
    is_critical: pl.Boolean = derived("A closed query is confirmed by the data manager")
    root_query_id: pl.String = derived("Query asked first, because it explains this one")
    state: pl.String = derived("candidate, open, answered, closed, accepted_as_is, cancelled or superseded")
    opened_in: pl.String = derived("Refresh in which it was first seen")
    opened_on: pl.Date = derived("Day of that refresh")
    batch: pl.String = derived("Batch it was issued in")
    issued_on: pl.Date = derived("Day it was sent to the centre; its age counts from here")
    due_on: pl.Date = derived("Day an answer is expected by, pauses counted in")
    age_days: pl.Int64 = derived(
        "Days from issue until it was settled, else until now, without those on which the centre's export was stale",
        unit="days",
    )
    is_overdue: pl.Boolean = derived("Open after its due day")
    answered_on: pl.Date = derived("Day of the last answer")
    answer_code: pl.String = derived("The centre's last answer")
    answered_by: pl.String = derived("Name or role of who answered")
    times_reopened: pl.Int64 = derived("How often it was asked again: it failed anew, or its values changed")
    value_hash: pl.String = derived("Keyed hash of the values that fail, as they were last seen failing")
    accepted_value_hash: pl.String = derived("Keyed hash of the values that were accepted as they are")
    settled_on: pl.Date = derived("Day it was closed, accepted, cancelled or superseded")
    closed_in: pl.String = derived("Refresh in which the data no longer failed, or the question was superseded")
    close_reason_code: pl.String = derived("Why it is settled: data, accepted, cancelled or superseded")
    confirmed_on: pl.Date = derived("Day the data manager confirmed the closing of a critical query")


class Correction(Table):
    """A correction of corrections.yaml and what became of it in this refresh."""

    class Config:
        """pandera's settings."""

        metadata = _quality("correction", "one row per correction", ("centre", "record_key", "field"), OF_CENTRE)

    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = derived("Core table")
    patient_id: pl.String = derived("Registry's pseudonym")
    record_key: pl.String = provenance("Record", nullable=False)
    field: pl.String = provenance("Field as centre.yaml names it; empty for a whole record", nullable=False)
    action_code: pl.String = derived("set, empty or set_aside")
    state: pl.String = derived(
        "applied; mended (the source says it by now); outdated (the source says a third thing); unreadable (the value "
        "cannot be read); or unmatched (no such record). Only an applied one changes data"
    )
    expected_text: pl.String = derived("What the source said when it was agreed")
    sent_text: pl.String = derived("What the source says now")
    corrected_text: pl.String = derived("What it is corrected to")
    reason: pl.String = derived("Why")
    query_id: pl.String = derived("Query it answers")
    agreed_by: pl.String = derived("Who at the centre agreed")
    agreed_on: pl.Date = derived("Day of the agreement")


MODELS: tuple[type[Table], ...] = (
    RowAccount,
    Finding,
    CheckResult,
    Completeness,
    Expectation,
    Query,
    Correction,
    Link,
    LinkConflict,
)
