"""The gate: Great Expectations asks whether each centre's part, and then the cohort, looks like itself.

It sees one row of aggregates per subject and nothing of a patient, so nothing of a patient can reach its output.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.registry import Gate

COHORT = "cohort"
SCHEMA = {
    "subject": pl.String, "expectation": pl.String, "sentence_en": pl.String, "sentence_zh": pl.String,
    "success": pl.Boolean, "observed": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """One expectation: the aggregate `column` lies between `low` and `high` (either may be open).

    whole: the aggregate of which `column` is a part; then the share is judged, and of nothing it is not evaluable.
    """

    name: str
    column: str
    sentence_en: str
    sentence_zh: str
    low: float | None = None
    high: float | None = None
    whole: str | None = None


def expected_of_warehouse() -> tuple[Expected, ...]:
    """What the built file itself must look like."""
    return (
        Expected("tables_complete", "tables_missing", "Every table is there.", "所有表均已生成。", 0, 0),
        Expected("keys_unique", "keys_repeated", "The key of every table is unique.", "各表主键唯一。", 0, 0),
        Expected("keys_filled", "keys_empty", "No part of a key is empty.", "主键各列均非空。", 0, 0),
        Expected("references_hold", "references_broken", "Every foreign key holds.", "所有外键均有对应记录。", 0, 0),
        Expected("codes_known", "codes_unknown", "Every code is in its code list.", "所有代码均在其代码表中。", 0, 0),
    )  # fmt: skip


def expected_of_centre(gate: Gate) -> tuple[Expected, ...]:
    """What a centre's part must look like."""
    return (
        Expected("accounts_close", "rows_unaccounted", "Every delivered row is accounted for.",
                 "每一行数据都有去向。", 0, 0),
        Expected("patients_enough", "patients", f"At least {gate.min_patients_per_centre} patients.",
                 f"至少{gate.min_patients_per_centre}名患者。", gate.min_patients_per_centre),
        Expected("patient_keys_unique", "patients_repeated", "No patient stands twice.", "没有患者重复。", 0, 0),
        Expected("quarantine_small", "quarantined",
                 f"At most {gate.max_quarantined_share:.0%} of the rows are in quarantine.",
                 f"隔离行不超过{gate.max_quarantined_share:.0%}。", None, gate.max_quarantined_share, "rows_in_scope"),
        Expected("histology_resolved", "unresolved",
                 f"At most {gate.max_unresolved_histology_share:.0%} of the diagnoses are unresolved.",
                 f"未能编码的诊断不超过{gate.max_unresolved_histology_share:.0%}。",
                 None, gate.max_unresolved_histology_share, "tumours"),
        Expected("patients_not_vanished", "patients_gone",
                 f"At most {gate.max_shrinkage_share:.0%} of the patients of the last refresh are gone.",
                 f"较上次刷新减少的患者不超过{gate.max_shrinkage_share:.0%}。", None, gate.max_shrinkage_share,
                 "patients_before"),
    )  # fmt: skip


def expected_of_cohort(gate: Gate) -> tuple[Expected, ...]:
    """What the whole must look like."""
    return (
        Expected("cohort_enough", "cohort", f"At least {gate.min_cohort} patients in the cohort.",
                 f"队列至少{gate.min_cohort}名患者。", gate.min_cohort),
        Expected("cohort_and_excluded_close", "patients_unaccounted",
                 "Every patient is in the cohort or excluded with a reason.",
                 "每名患者要么在队列中，要么有排除原因。", 0, 0),
        Expected("one_end_point_each", "end_points_missing",
                 "Every patient of the cohort has one row per end point.", "队列中每名患者每个终点各一行。", 0, 0),
        Expected("no_negative_time", "times_negative", "No time to event is negative.", "没有负的生存时间。", 0, 0),
        Expected("progression_not_after_death", "pfs_after_os",
                 "No progression-free time is longer than the survival.", "无进展生存时间不长于总生存时间。", 0, 0),
        Expected("groups_fixed_at_time_zero", "groups_missing",
                 "Every patient of the cohort has a histology and a regimen group.",
                 "队列中每名患者都有组织学和方案分组。", 0, 0),
    )  # fmt: skip


def centre_aggregates(database: Path, patients_before: Mapping[str, int]) -> pl.DataFrame:
    """One row per centre with what the gate looks at; patients_before: those of the last refresh, by centre."""
    with duckdb.connect(str(database), read_only=True) as connection:
        last = pl.DataFrame(
            list(patients_before.items()), schema={"centre": pl.String, "patients": pl.Int64}, orient="row"
        )
        connection.register("last", last.to_arrow())
        return connection.execute(
            """
            with
                account as (
                    select centre, sum(delivered - out_of_scope)::bigint as in_scope,
                        sum(quarantined)::bigint as quarantined,
                        sum(delivered - loaded - quarantined - duplicate - superseded - out_of_scope - retracted)
                            ::bigint as open
                    from quality.row_account group by centre
                ),
                person as (
                    select centre, count(*) as rows, count(distinct patient_id) as patients
                    from core.patient group by centre
                ),
                diagnosis as (
                    select centre, count(*) as tumours, count(*) filter (entity_code is null) as unresolved
                    from core.tumour group by centre
                )
            select
                centre.centre as subject,
                coalesce(account.open, 0)::double as rows_unaccounted,
                coalesce(person.patients, 0)::double as patients,
                coalesce(person.rows - person.patients, 0)::double as patients_repeated,
                coalesce(account.quarantined, 0)::double as quarantined,
                coalesce(account.in_scope, 0)::double as rows_in_scope,
                coalesce(diagnosis.unresolved, 0)::double as unresolved,
                coalesce(diagnosis.tumours, 0)::double as tumours,
                coalesce(greatest(0, last.patients - coalesce(person.patients, 0)), 0)::double as patients_gone,
                coalesce(last.patients, 0)::double as patients_before
            from meta.centre as centre
            left join account using (centre)
            left join person using (centre)
            left join diagnosis using (centre)
            left join last using (centre)
            where centre.state <> 'absent'
            order by subject
            """
        ).pl()


def cohort_aggregates(database: Path) -> pl.DataFrame:
    """One row about the cohort."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            """
            select
                'cohort' as subject,
                (select count(*) from mart.cohort)::double as cohort,
                ((select count(*) from core.patient) - (select count(*) from mart.cohort)
                    - (select count(*) from mart.exclusion))::double as patients_unaccounted,
                (
                    (select count(*) from mart.cohort)
                        * (select count(*) from reference.end_point where not starts_at_response)
                    - (select count(*) from mart.adtte join reference.end_point using ("PARAMCD")
                        where not starts_at_response)
                )::double as end_points_missing,
                (select count(*) from mart.adtte where "AVAL" < 0)::double as times_negative,
                (
                    select count(*)
                    from mart.adtte as pfs
                    join mart.adtte as os using (patient_id)
                    where pfs."PARAMCD" = 'PFSEMA' and os."PARAMCD" = 'OS' and os."CNSR" = 0
                        and pfs."AVAL" > os."AVAL"
                )::double as pfs_after_os,
                (select count(*) from mart.cohort where histology_group is null or regimen_group is null)::double
                    as groups_missing
            """
        ).pl()


def judge(aggregates: pl.DataFrame, expected: tuple[Expected, ...]) -> pl.DataFrame:
    """Every expectation about every subject: rows of quality.expectation."""
    if aggregates.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    subjects = list(aggregates.iter_rows(named=True))
    judged = {item.name: [_judged(item, row) for row in subjects] for item in expected}
    missed = _missed(judged, expected)
    rows = [
        {
            "subject": row["subject"],
            "expectation": item.name,
            "sentence_en": item.sentence_en,
            "sentence_zh": item.sentence_zh,
            "success": None if judged[item.name][place] is None else place not in missed[item.name],
            "observed": _observed(item, row),
        }
        for place, row in enumerate(subjects)
        for item in expected
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _missed(judged: Mapping[str, list[float | None]], expected: tuple[Expected, ...]) -> dict[str, set[int]]:
    """Expectation -> the subjects, by their place, of which Great Expectations says that it does not hold."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # it would call home at import
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx
    import pandas as pd
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )

    suite = gx.ExpectationSuite(
        name="gate",
        expectations=[
            ExpectColumnValuesToBeBetween(
                column=item.name, min_value=item.low, max_value=item.high, meta={"name": item.name}
            )
            for item in expected
        ],
    )
    frame = pd.DataFrame(judged, dtype=float)
    batch = _batches().get_batch({"dataframe": frame})
    verdict = batch.validate(suite, result_format="COMPLETE")
    found = {}
    for result in verdict.results:
        places = result.result.get("unexpected_index_list") or ()
        # One that failed and names nobody could not be judged, so it holds of nobody.
        named = places if result.success or places else range(len(frame))
        found[result.expectation_config.meta["name"]] = set(named)
    return found


@cache
def _batches() -> Any:
    """What makes a frame one that Great Expectations judges; its context takes longer to make than to use."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("aggregates").add_dataframe_asset("subjects")
    return asset.add_batch_definition_whole_dataframe("whole")


def _observed(item: Expected, row: dict[str, Any]) -> str:
    """The aggregate as a person reads it: the number, its whole, and where in the file, if that is told."""
    whole = f"/{row[item.whole]:.0f}" if item.whole else ""
    where = row.get(f"{item.column}_where")
    return f"{row[item.column]:.0f}{whole}" + (f" in {where}" if where else "")


def _judged(item: Expected, row: dict[str, Any]) -> float | None:
    """The number judged: the aggregate, or its share; None where there is nothing to take a share of."""
    if item.whole is None:
        return float(row[item.column])
    return row[item.column] / row[item.whole] if row[item.whole] else None
