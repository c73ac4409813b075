"""Lines of therapy as derived from the drug records: the lines, why each starts, and what the settings change."""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import OF_BOTH, Table, Texts, declared, derived, provenance, refers

_mart = partial(declared, "mart")


class DerivedLine(Table):
    """Lines of systemic treatment as the rules of docs/lines.md derive them from the dated drug records."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "derived_line", "one row per line derived from the drug records", ("patient_id", "ordinal"), *OF_BOTH
        )

    centre: pl.String = provenance("Centre", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    ordinal: pl.Int64 = provenance("Number of the line among all derived lines, from 1", nullable=False)
    line_number: pl.Int64 = derived("Number among palliative lines; null for treatment before that does not count")
    curative_number: pl.Int64 = derived("Number among lines that started before metastatic disease")
    started_on: pl.Date = derived("First dose of the line")
    ended_on: pl.Date = derived("Last known dose; null while it goes on")
    regimen: Texts = derived("Drugs started within the window of the line's start, and those that went on")
    rule_code: pl.String = derived("Rule that started the line: R2, R4, R7, R9")
    reason_code: pl.String = derived("Why it did")
    ruleset_version: pl.String = derived("Version of the rules and digest of their settings")


class LineTrace(Table):
    """Why a line starts where it does: what the rules made of each drug record, and what stood when they did."""

    class Config:
        """pandera's settings."""

        metadata = _mart(
            "line_trace",
            "one row per drug record",
            ("centre", "record_key"),
            *OF_BOTH,
            refers("core.drug_exposure", "record_key"),
            refers("mart.derived_line", "patient_id", "ordinal"),
        )

    centre: pl.String = provenance("Centre", nullable=False)
    patient_id: pl.String = provenance("Registry's pseudonym", nullable=False)
    record_key: pl.String = provenance("Record of core.drug_exposure", nullable=False)
    drug_code: pl.String = derived("Agent, or 'class:' and its class")
    started_on: pl.Date = derived("First day the dose can have been given")
    ordinal: pl.Int64 = derived("Line of mart.derived_line it belongs to; null where left out")
    line_number: pl.Int64 = derived("That line's number among palliative lines")
    curative_number: pl.Int64 = derived("That line's number among lines before metastatic disease")
    line_started_on: pl.Date = derived("First day of that line")
    decision_code: pl.String = derived("starts (a line), joins (its regimen), stays (in the line), left_out")
    rule_code: pl.String = derived("Rule that decided, R1 to R9")
    reason_code: pl.String = derived("Why, in a word of docs/lines.md")
    is_flagged: pl.Boolean = derived("The rules ask to look at this decision again")
    previous_line_number: pl.Int64 = derived("Number of the line before")
    previous_line_started_on: pl.Date = derived("First day of the line before")
    previous_regimen: Texts = derived("Drugs of the line before")
    gap_days: pl.Int64 = derived(
        "Days since the last dose of the same drug in the line, else of the line; negative while it went on",
        unit="days",
    )
    progressed_on: pl.Date = derived("Latest progression on or before this day")
    progression_table: pl.String = derived("Core table that says so")
    progression_record_key: pl.String = derived("Record that says so")
    looked_on: pl.Date = derived("Latest assessment on or before this day")
    metastatic_on: pl.Date = derived("First day metastatic disease can have been shown")
    ruleset_version: pl.String = derived("Version of the rules and digest of their settings")


class LineSensitivity(Table):
    """How many of the cohort's index lines other settings of the rules would change (registry.yaml: lines.grid)."""

    class Config:
        """pandera's settings."""

        metadata = _mart("line_sensitivity", "one row per gap and window", ("gap_days", "window_days"))

    gap_days: pl.Int64 = provenance("R7: pause after which the same drug is a rechallenge", nullable=False)
    window_days: pl.Int64 = provenance("R3: days in which a drug joins the regimen", nullable=False)
    is_registry: pl.Boolean = derived("The registry's own setting, against which the others are held")
    n: pl.Int64 = derived("Patients of the cohort with a derived index line")
    n_line_changed: pl.Int64 = derived("Of these, whose line number is another")
    n_split_changed: pl.Int64 = derived("Of these, who change sides of the split at two lines")
    ruleset_version: pl.String = derived("Version of the rules and digest of the registry's settings")


MODELS: tuple[type[Table], ...] = (DerivedLine, LineTrace, LineSensitivity)
