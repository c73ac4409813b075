"""The figures of the validation report: counts with their denominators, from the published quality tables.

Every function takes frames with the columns of `inputs.COLUMNS` and gives a small sorted frame; none looks at
a row by itself, so that the size of the registry does not matter.
"""

from __future__ import annotations

from typing import get_args

import polars as pl

from schemas.rules import Kahn, Severity

SEVERITIES: tuple[str, ...] = get_args(Severity)
KAHN: tuple[str, ...] = get_args(Kahn)
IMPORTANCE = ("mandatory", "recommended", "optional")
OUTCOMES = ("loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted")
ANSWERS = ("present", "unknown", "not_done", "not_applicable", "not_delivered")
LINK_BANDS = ("strong", "probable", "possible", "none")
BANDS = (0.0, 0.05, 0.20, 0.50)
"""Up to which share of records without a value a field is in band 0, 1, 2, 3; above the last, in band 4."""


def accounts(row_account: pl.DataFrame) -> pl.DataFrame:
    """Row accounts with `open`: delivered less all outcomes, zero where the account closes.

    in_scope: delivered less out of scope. A file that holds several tables is delivered to each of them, so that
    only its rows in scope are what a table could load.
    """
    return row_account.with_columns(
        open=pl.col("delivered") - pl.sum_horizontal(*OUTCOMES),
        in_scope=pl.col("delivered") - pl.col("out_of_scope"),
    ).sort("centre", "table_name")


def patients(centre: pl.DataFrame, core: pl.DataFrame, cohort: pl.DataFrame, excluded: pl.DataFrame) -> pl.DataFrame:
    """Per centre the patients, those in the cohort and those excluded; `open` is zero where they add up."""
    counted = centre.select("centre")
    for name, frame in (("core", core), ("cohort", cohort), ("excluded", excluded)):
        people = frame.group_by("centre").agg(pl.col("patient_id").n_unique().cast(pl.Int64).alias(name))
        counted = counted.join(people, on="centre", how="left")
    counted = counted.with_columns(pl.col("core", "cohort", "excluded").fill_null(0))
    return counted.with_columns(open=pl.col("core") - pl.col("cohort") - pl.col("excluded")).sort("centre")


def exclusions(exclusion: pl.DataFrame, criterion: pl.DataFrame) -> pl.DataFrame:
    """Per reason, in the registry's order, and centre: patients with it as `first` or as `any` reason."""
    first = exclusion.group_by("centre", code="first_reason_code").agg(first=pl.col("patient_id").n_unique())
    listed = exclusion.select("centre", "patient_id", code="all_reason_codes").explode("code")
    anywhere = listed.drop_nulls("code").group_by("centre", "code").agg(any=pl.col("patient_id").n_unique())
    both = anywhere.join(first, on=["centre", "code"], how="full", coalesce=True)
    both = both.with_columns(pl.col("first", "any").fill_null(0))
    ordered = both.join(criterion.select("code", "position"), on="code", how="left")
    return ordered.sort("position", "code", "centre", nulls_last=True).drop("position")


def rules_at_fault(finding: pl.DataFrame, check_result: pl.DataFrame, rule: pl.DataFrame) -> pl.DataFrame:
    """Every rule with findings, worst first: `findings`, and `faults` of `judged` (null where not counted).

    A finding keeps the severity it was raised with; the words come from the rule book, else they are null.
    """
    kinds = ("severity", "kahn_category", "action", "channel")
    found = finding.group_by("rule").agg(findings=pl.len(), **{kind: pl.col(kind).first() for kind in kinds})
    judged = check_result.group_by("rule").agg(pl.col("judged").sum(), pl.col("faults").sum())
    words = rule.select("rule", "scope", "sentence_en", "sentence_zh", "advice_en", "advice_zh", "source")
    joined = found.join(judged, on="rule", how="left").join(words, on="rule", how="left")
    ranked = joined.with_columns(rank=_rank("severity", SEVERITIES))
    return ranked.sort("rank", "findings", "rule", descending=[False, True, False])


def standing(check_result: pl.DataFrame, finding: pl.DataFrame, thresholds: pl.DataFrame) -> pl.DataFrame:
    """rule, centre, judged, faults, spared, tolerated_share, status: pass, tolerated, fault or not_evaluable.

    thresholds (schemas.thresholds.THRESHOLD) are read here and not in the warehouse, so that another one needs no
    other refresh; a centre's own goes before the one for all. spared: faults whose measure is in the tolerated range.
    """
    judged = check_result.group_by("rule", "centre").agg(pl.col("judged").sum(), pl.col("faults").sum())
    held = ("tolerated_share", "tolerated_from", "tolerated_to")
    now = thresholds.filter("is_in_force").select("rule", "centre", *held).with_columns(is_set=True)
    own = judged.join(now.drop_nulls("centre"), on=["rule", "centre"], how="left")
    every = now.filter(pl.col("centre").is_null()).drop("centre")
    both = own.join(every, on="rule", how="left", suffix="_of_all")
    chosen = both.with_columns(
        pl.when("is_set").then(pl.col(name)).otherwise(pl.col(f"{name}_of_all")).alias(name) for name in held
    ).select(*judged.columns, *held)
    measured = finding.select("rule", "centre", "measure").join(chosen, on=["rule", "centre"])
    is_spared = pl.col("measure").is_between("tolerated_from", "tolerated_to").fill_null(value=False)
    spared = measured.group_by("rule", "centre").agg(spared=is_spared.sum().cast(pl.Int64))
    joined = chosen.join(spared, on=["rule", "centre"], how="left").with_columns(
        pl.col("spared").fill_null(0), pl.col("tolerated_share").fill_null(0.0)
    )
    counted = pl.col("faults") - pl.col("spared")
    status = (
        pl.when(pl.col("judged") == 0).then(pl.lit("not_evaluable"))
        .when(pl.col("faults") == 0).then(pl.lit("pass"))
        .when(counted <= pl.col("tolerated_share") * pl.col("judged") + 1e-9).then(pl.lit("tolerated"))
        .otherwise(pl.lit("fault"))
    )  # fmt: skip
    kept = joined.with_columns(status=status).drop("tolerated_from", "tolerated_to")
    return kept.select(*judged.columns, "spared", "tolerated_share", "status").sort("rule", "centre")


def places(finding: pl.DataFrame, most: int) -> pl.DataFrame:
    """rule, centre, file, sheet, line, source_column, field of each rule's first findings; no text, no patient."""
    columns = ["rule", "centre", "file", "sheet", "line", "source_column", "table_name", "field"]
    told = finding.drop_nulls("file").select(columns).unique().sort(columns, nulls_last=True)
    return told.group_by("rule", maintain_order=True).head(most)


def unjudged(check_result: pl.DataFrame, rule: pl.DataFrame) -> pl.DataFrame:
    """Rules with nothing to judge: one row per rule and table, with the list of centres and `rules` of 1.

    A table of which nothing was delivered is one row: `rule` is null and `rules` counts what had nothing to judge.
    """
    empty = check_result.filter(pl.col("status") == "not_evaluable")
    key = ["centre", "table_name"]
    judged = check_result.group_by(key).agg(pl.col("judged").sum(), rules=pl.col("rule").n_unique())
    silent = judged.filter((pl.col("judged") == 0) & (pl.col("rules") > 1))
    centres = pl.col("centre").unique().sort()
    single = empty.join(silent, on=key, how="anti").group_by("table_name", "rule").agg(centres=centres)
    single = single.with_columns(rules=pl.lit(1, dtype=pl.UInt32))
    whole = silent.group_by("table_name").agg(
        rule=pl.lit(None, dtype=pl.String), centres=centres, rules=pl.col("rules").max()
    )
    where = pl.concat([whole, single.select(whole.columns)])
    words = rule.select("rule", "sentence_en", "sentence_zh")
    return where.join(words, on="rule", how="left").sort("table_name", "rule", nulls_last=False)


def completeness(frame: pl.DataFrame) -> pl.DataFrame:
    """Completeness with `applicable` (judged less not applicable) and the `band` of what is missing.

    The band is null where no record is there to which the field applies.
    """
    missing = 1 - pl.col("present") / pl.col("applicable")
    band = pl.lit(len(BANDS))
    for index in range(len(BANDS) - 1, -1, -1):
        band = pl.when(missing <= BANDS[index] + 1e-9).then(index).otherwise(band)
    return (
        frame.with_columns(applicable=pl.col("judged") - pl.col("not_applicable"))
        .with_columns(band=pl.when(pl.col("applicable") > 0).then(band))
        .sort(_rank("importance", IMPORTANCE), "table_name", "field", "centre")
    )


def persons_linked(link: pl.DataFrame, conflict: pl.DataFrame) -> pl.DataFrame:
    """Per two centres, band and decision: pairs of records, of them transfers, and those that contradict each other.

    A decision about a record that is not there is in none.
    """
    key = ["patient_id", "other_patient_id"]
    told = conflict.select(key).unique().with_columns(is_contrary=True)
    return (
        link.drop_nulls(["centre", "other_centre"])
        .join(told, on=key, how="left")
        .group_by(
            "decision",
            "band",
            centre=pl.min_horizontal("centre", "other_centre"),
            other_centre=pl.max_horizontal("centre", "other_centre"),
        )
        .agg(
            pairs=pl.len(),
            transfers=(pl.col("kind") == "transfer").sum(),
            contrary=pl.col("is_contrary").fill_null(False).sum(),
        )
        .select("centre", "other_centre", "band", "decision", "pairs", "transfers", "contrary")
        .sort("centre", "other_centre", _rank("band", LINK_BANDS), "decision")
    )


def links_contrary(conflict: pl.DataFrame) -> pl.DataFrame:
    """conflict_code, table_name, field and the number of pairs of records that contradict each other there."""
    key = ["conflict_code", "table_name", "field"]
    pairs = conflict.unique(["patient_id", "other_patient_id", *key])
    return pairs.group_by(key).agg(pairs=pl.len()).sort("pairs", "conflict_code", descending=[True, False])


def _rank(column: str, order: tuple[str, ...]) -> pl.Expr:
    """The place of the column's value in `order`; what is not in it comes last."""
    return pl.col(column).replace_strict(order, list(range(len(order))), default=len(order))
