"""How far could the answers move with the patients whose diagnosis is not resolved? Every admissible coding, tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np
import polars as pl

from analytics.plan import Comparison, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.cox import cox
from analytics.survival.durations import durations
from analytics.survival.outcome import grouped, narrow, outcome
from analytics.survival.rank_tests import log_rank
from analytics.survival.small_groups import rule

QUESTION = "How far could the answers move with the patients whose diagnosis is not resolved?"

OUTSIDE = "outside"
"""The coding under which a patient is no soft tissue sarcoma, and so stays out."""

MOST_CODINGS = 256
DRAWN_CODINGS = 200

Coding = tuple[str, ...]


def run(
    cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, doubtful: pl.DataFrame, adtte_doubtful: pl.DataFrame
) -> Results:
    """doubt: least and greatest hazard ratio and log-rank P of each comparison over the codings tried.

    doubtful: mart.doubtful_member, its admissible_groups (empty: any); adtte_doubtful: their end points. is_all:
    every combination was tried (at most 256), else: all in one group for each group, and 200 drawn from the plan's
    seed; possible: how many there are. The cohort as it stands, without them, is hazard_ratio and p_value.
    """
    options = _options(cohort, doubtful)
    codings = codings_of(options, plan.small_groups.seed)
    possible = float(prod(map(len, options)))
    about = {
        "n_doubtful": doubtful.height,
        "codings": len(codings),
        "possible": possible,
        "is_all": possible <= MOST_CODINGS,
        "seed": plan.small_groups.seed,
    }
    shared = [column for column in cohort.columns if column in doubtful.columns]
    both = pl.concat([cohort.select(shared), doubtful.select(shared)])
    columns = [column for column in adtte.columns if column in adtte_doubtful.columns]
    rows_both = pl.concat([adtte.select(columns), adtte_doubtful.select(columns)])
    rows = [
        row | about
        for comparison in plan.comparisons
        for param in comparison.endpoints
        for row in _over(cohort.select(shared), both, rows_both, plan, comparison, param, codings, doubtful)
    ]
    return {"doubt": shaped("doubt", pl.DataFrame(rows, infer_schema_length=None))}


def codings_of(options: Sequence[Sequence[str]], seed: int) -> list[Coding]:
    """Every combination of one option each where at most 256, else bounds per option and seeded draws; none twice."""
    if prod(map(len, options)) <= MOST_CODINGS:
        return list(islice(product(*options), MOST_CODINGS))
    every = sorted({option for one in options for option in one})
    # All to one group as far as each admits it, the others to their first option: the ends of each group's size.
    bounds = [tuple(group if group in one else one[0] for one in options) for group in every]
    bounds += [tuple(next((o for o in one if o != group), one[0]) for one in options) for group in every]
    places = np.random.default_rng(seed).integers(0, [len(one) for one in options], size=(DRAWN_CODINGS, len(options)))
    drawn = [tuple(one[i] for one, i in zip(options, place, strict=True)) for place in places.tolist()]
    return list(dict.fromkeys(bounds + drawn))


def _options(cohort: pl.DataFrame, doubtful: pl.DataFrame) -> list[list[str]]:
    every = [*sorted(cohort["histology_group"].drop_nulls().unique()), OUTSIDE]
    return [sorted(groups) if groups else every for groups in doubtful["admissible_groups"].to_list()]


def _over(
    alone: pl.DataFrame,
    both: pl.DataFrame,
    adtte: pl.DataFrame,
    plan: Plan,
    comparison: Comparison,
    param: str,
    codings: Sequence[Coding],
    doubtful: pl.DataFrame,
) -> Iterator[dict[str, Any]]:
    """One row per level but the last."""
    seen: dict[frozenset[tuple[str, str]], dict[str, dict[str, Any]]] = {}
    tried = []
    for coding in codings:
        coded = _coded(both, dict(zip(doubtful["patient_id"], coding, strict=True)))
        patients = _groups(coded, plan, comparison)
        who = frozenset(patients.select("patient_id", "level").iter_rows())
        if who not in seen:
            seen[who] = _measured(patients, adtte, plan, comparison, param)
        tried.append(seen[who])
    main = _measured(_groups(alone, plan, comparison), adtte, plan, comparison, param)
    for level in comparison.levels[:-1]:
        found = pl.DataFrame([one[level.id] for one in tried], infer_schema_length=None)
        least = found.select(pl.all().min()).row(0, named=True) if tried else {}
        most = found.select(pl.all().max()).row(0, named=True) if tried else {}
        yield {
            "analysis": comparison.id,
            "endpoint": param,
            "level": level.id,
            "reference": comparison.levels[-1].id,
            "n_min": least.get("n"),
            "n_max": most.get("n"),
            "hazard_ratio": main[level.id]["hazard_ratio"],
            "hazard_ratio_min": least.get("hazard_ratio"),
            "hazard_ratio_max": most.get("hazard_ratio"),
            "p_value": main[level.id]["p_value"],
            "p_min": least.get("p_value"),
            "p_max": most.get("p_value"),
            "n_not_evaluable": found["hazard_ratio"].null_count() if tried else 0,
            "reason": main[level.id]["reason"],
        }


def _groups(cohort: pl.DataFrame, plan: Plan, comparison: Comparison) -> pl.DataFrame:
    within = narrow(narrow(cohort, plan.within), comparison.within)
    return grouped(within, comparison.group, comparison.levels)[0]


def _coded(both: pl.DataFrame, coding: Mapping[str, str]) -> pl.DataFrame:
    given = pl.DataFrame({"patient_id": list(coding), "given": list(coding.values())}, schema_overrides=_TEXTS)
    joined = both.join(given, on="patient_id", how="left", maintain_order="left")
    inside = joined.filter(pl.col("given").is_null() | (pl.col("given") != OUTSIDE))
    return inside.with_columns(histology_group=pl.coalesce("given", "histology_group")).drop("given")


_TEXTS = {"patient_id": pl.String, "given": pl.String}


def _measured(
    patients: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, comparison: Comparison, param: str
) -> dict[str, dict[str, Any]]:
    """By level: n, hazard_ratio and p_value (log-rank, Wald for more than two levels' ratios), or the reason."""
    found = outcome(patients, adtte, param).data
    sizes = [found.filter(pl.col("level") == level.id).height for level in comparison.levels]
    others = [level.id for level in comparison.levels[:-1]]
    nothing = {"n": found.height, "hazard_ratio": None, "p_value": None}
    if rule(sizes, int(found["is_event"].sum()), plan.small_groups) == "counts_only":
        return {level: nothing | {"reason": "too_few"} for level in others}
    data = durations(found["time_days"], found["is_event"])
    fit = cox(data, found.select((pl.col("level") == level).alias(level) for level in others))
    p_value = log_rank(data, found["level"]).p_value
    ratios = dict(fit.terms.select("term", "hazard_ratio").iter_rows())
    return {
        level: {"n": found.height, "hazard_ratio": ratios[level], "p_value": p_value, "reason": fit.reason}
        for level in others
    }
