"""What leaves the registry: an attacker who knows the plan and every released number finds no small count."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import survival_mart
from figure_layout import layout_faults

from analytics.plan import Plan, load_plan
from analytics.survival.contracts import Results
from analytics.survival.drawings import pictures
from analytics.survival.membership import EVERYBODY, members
from analytics.survival.release import Release, clear
from analytics.survival.run import run_plan
from analytics.survival.wording import Wording

ROOT = Path(__file__).parents[2]
FULL = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
PLAN = Plan.model_validate(FULL.model_dump() | {"sensitivity": {"index_line_days": 7}})
LEAST = PLAN.disclosure.smallest_cell
SIZES = (79, pytest.param(60, marks=pytest.mark.slow), pytest.param(140, marks=pytest.mark.slow))


@pytest.fixture(scope="module", params=SIZES)
def both(request: pytest.FixtureRequest) -> tuple[Results, Release]:
    results = run_plan(survival_mart.frames(request.param, seed=request.param), PLAN)
    return results, clear(results, PLAN)


def counts_of(results: Results) -> dict[tuple[object, ...], int | None]:
    """Every count of group_sizes and estimates, the way a reader keys them."""
    found: dict[tuple[object, ...], int | None] = {}
    for row in results["group_sizes"].iter_rows(named=True):
        found["size", row["analysis"], row["level"], row["variable"], row["value"]] = row["n"]
    for row in results["estimates"].iter_rows(named=True):
        found["n", row["analysis"], row["level"]] = None if row["n"] is None else row["n"] + row["n_not_evaluable"]
        found["events", row["analysis"], row["level"], row["endpoint"]] = row["events"]
    return found


def equations(keys: set[tuple[object, ...]]) -> list[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """What anybody can write down: values add up to their group, complete pairs of groups to the whole."""
    found = []
    for kind, analysis, level, *rest in keys:
        if kind == "n":
            for variable in {k[3] for k in keys if k[0] == "size" and k[1:3] == (analysis, level)}:
                parts = [k for k in keys if k[0] == "size" and k[1:4] == (analysis, level, variable)]
                found.append(((kind, analysis, level), parts))
        if kind in ("events", "size") and analysis == "overall":
            found.append(
                ((kind, analysis, level, *rest), [(kind, "asps_against_rest", g, *rest) for g in ("asps", "rest")])
            )
        if kind in ("events", "size") and (analysis, level) == ("asps_against_rest", "rest"):
            found.append(
                (
                    (kind, analysis, level, *rest),
                    [(kind, "sensitive_against_other", g, *rest) for g in ("sensitive", "other")],
                )
            )
    return found


def attacked(known: dict[tuple[object, ...], int | None], absent: int = 0) -> dict[tuple[object, ...], int]:
    """What subtraction gives: an equation with one unknown gives it, again and again. A row that is not there is 0."""
    found = {key: n for key, n in known.items() if n is not None}
    hidden = set(known) - set(found)
    rules = equations(set(known))
    while True:
        new = {}
        for total, parts in rules:
            members = [total, *parts]
            missing = [key for key in members if key in hidden and key not in found]
            if len(missing) != 1:
                continue
            [one] = missing
            if one == total:
                new[one] = sum(found.get(p, absent) for p in parts)
            elif total in found:
                new[one] = found[total] - sum(found.get(p, absent) for p in parts if p != one)
        if not new:
            return {key: found[key] for key in hidden if key in found}
        found |= new


def test_the_attack_works_on_naive_suppression(both: tuple[Results, Release]) -> None:
    true = counts_of(both[0])
    naive = {key: None if n is not None and 0 < n < LEAST else n for key, n in true.items()}
    broken = attacked(naive)
    assert broken and all(true[key] == n for key, n in broken.items())


def test_no_small_count_is_shown_or_recovered(both: tuple[Results, Release]) -> None:
    true, shown = counts_of(both[0]), counts_of(both[1].results)
    assert not [key for key, n in shown.items() if n is not None and 0 < n < LEAST]
    small = {key for key, n in true.items() if n is not None and 0 < n < LEAST}
    assert small
    # Values of few are not named, so that a sum with a missing part misleads: what counts is a number that is true.
    assert not [key for key, n in attacked(shown).items() if key in small and n == true[key]]
    # Who takes what is left of a sum for one value finds nobody, or so many that he cannot tell how many each had.
    for total, parts in equations(set(true)):
        if shown.get(total) is not None and total[0] != "events":
            rest = shown[total] - sum(shown.get(part) or 0 for part in parts)  # type: ignore[operator]
            assert rest == 0 or rest >= LEAST - 1, (total, rest)


def test_no_small_difference_between_nested_groups(both: tuple[Results, Release]) -> None:
    shown = both[1].results["group_sizes"].drop_nulls("n")
    of = {(r["analysis"], r["level"], r["variable"], r["value"]): r["n"] for r in shown.iter_rows(named=True)}
    nested = [(("line", "early"), ("asps_line", "early")), (("line", "later"), ("sensitive_line", "later"))]
    nested += [(("overall", "all"), ("line", level)) for level in ("early", "later")]
    for outer, inner in nested:
        for key, n in of.items():
            if key[:2] == inner and (*outer, *key[2:]) in of:
                assert not 0 < of[(*outer, *key[2:])] - n < LEAST


def test_counts_that_leave_are_true(both: tuple[Results, Release]) -> None:
    true, shown = counts_of(both[0]), counts_of(both[1].results)
    assert all(true[key] == n for key, n in shown.items() if n is not None)
    # Most of what is large enough is told: what is hidden beside the small is no more than that needs.
    enough = [key for key, n in true.items() if n is not None and n >= LEAST]
    assert sum(shown.get(key) is not None for key in enough) > len(enough) / 2


def test_each_step_of_a_curve_rests_on_enough_events(both: tuple[Results, Release]) -> None:
    curves = both[1].results["curves"]
    assert curves.height
    assert curves["n_event"].min() >= LEAST  # type: ignore[operator]
    assert curves["n_censor"].max() == 0
    assert curves["n_risk"].null_count() == curves.height
    assert curves.filter(pl.col("time_days") % 7 != 0).is_empty()
    # A step is where the true curve is: nothing is smoothed.
    true = both[0]["curves"].select("analysis", "endpoint", "level", "survival").unique()
    assert curves.join(true, on=["analysis", "endpoint", "level", "survival"], how="anti").is_empty()


def test_counts_under_a_curve_differ_by_none_or_enough(both: tuple[Results, Release]) -> None:
    rows = both[1].results["at_risk"].drop_nulls("n_at_risk")
    assert rows.height
    for _, part in rows.group_by("analysis", "endpoint", "level"):
        part = part.sort("time_months")
        sums = part["n_at_risk"] + part["n_censored"] + part["n_events"]
        assert sums.n_unique() == 1
        for column in ("n_censored", "n_events"):
            steps = np.diff(np.concatenate([[0], part[column].to_numpy()]))
            assert all(step == 0 or step >= LEAST for step in steps)


def test_totals_less_what_a_curve_tells_leave_none_or_enough(both: tuple[Results, Release]) -> None:
    """Events and censorings after the last step, from the counts of the whole group."""
    keys = ["analysis", "endpoint", "level"]
    true = both[0]["curves"].group_by(keys).agg(events="n_event", censored="n_censor").with_columns(
        pl.col("events", "censored").list.sum()
    )  # fmt: skip
    told = both[1].results["at_risk"].drop_nulls("n_at_risk").group_by(keys).agg(pl.col("n_events", "n_censored").max())
    steps = both[1].results["curves"].group_by(keys).agg(stepped=pl.col("n_event").sum())
    all_of = true.join(told, on=keys).join(steps, on=keys, how="left")
    assert all_of.height
    for row in all_of.iter_rows(named=True):
        for whole, part in (("events", "n_events"), ("events", "stepped"), ("censored", "n_censored")):
            rest = row[whole] - (row[part] or 0)
            assert rest == 0 or rest >= LEAST or row[whole] < LEAST, (row, whole)


def test_landmarks_tell_of_no_few_events(both: tuple[Results, Release]) -> None:
    true, shown = both[0]["curves"], both[1].results["landmarks"].drop_nulls("survival")
    for key, part in shown.group_by("analysis", "endpoint", "level"):
        curve = true.filter(analysis=key[0], endpoint=key[1], level=key[2])
        counted = [
            int(curve.filter(pl.col("time_days") <= day)["n_event"].sum())
            for day in part.sort("time_days")["time_days"]
        ]
        for one, two in combinations([0, *counted], 2):
            assert two - one == 0 or two - one >= LEAST


def test_medians_resting_on_few_are_withheld_and_not_called_unreached(both: tuple[Results, Release]) -> None:
    shown = both[1].results["estimates"]
    assert shown["median_days"].null_count() == shown.height
    withheld = shown.filter(pl.col("median_months").is_nan().fill_null(False))
    w = Wording("en", PLAN)
    for row in withheld.iter_rows(named=True):
        assert w.median(row) in ("withheld", "–")


def test_what_was_taken_out_is_listed_and_the_rest_drawn(both: tuple[Results, Release]) -> None:
    results, release = both
    listed = release.withheld
    assert {"group_sizes", "curves", "at_risk", "sensitivity"} <= set(listed["result"])
    assert listed["n"].min() > 0  # type: ignore[operator]
    assert release.results.keys() == results.keys()
    frames = survival_mart.frames(results["estimates"]["n"][0] + 1)
    drawn = list(pictures(frames, release.results, Wording("en", PLAN), None, None))
    assert {"overall-os", "attrition", "subgroups-asps-against-rest-os"} <= {picture.name for picture in drawn}
    assert layout_faults(next(picture for picture in drawn if picture.name == "asps-against-rest-os")) == []


def test_who_is_remembered_is_who_is_counted(both: tuple[Results, Release]) -> None:
    """To compare releases by: one group for each that is told of, and none whose size is withheld."""
    n = both[0]["attrition"]["n_remaining"][-1]
    told = members(survival_mart.frames(n, seed=n), both[1].results, PLAN)
    size = dict(told.group_by("name").len().iter_rows())
    shown = {key[1:]: count for key, count in counts_of(both[1].results).items() if key[0] == "n"}
    assert size[EVERYBODY] == n and told.group_by("name", "patient_id").len()["len"].max() == 1
    for name, group in {
        "histology_group=ASPS": ("asps_against_rest", "asps"),
        "histology_group=other|potentially sensitive": ("asps_against_rest", "rest"),
        "line_group=<=2": ("line", "early"),
        "line_group=>2": ("line", "later"),
    }.items():
        assert size.get(name) == shown[group]
