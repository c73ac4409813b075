"""Time ratios equal R's survreg; what cannot be estimated has a reason and no number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import survival_mart

from analytics.survival.accelerated import RATIOS, Distribution, time_ratios
from analytics.survival.durations import EstimateError, durations

REFERENCE = Path(__file__).with_name("reference")
CASES = json.loads((REFERENCE / "reference_aft.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['dist']}-{len(case['terms'])}")
def test_equals_survreg(case: dict[str, Any]) -> None:
    rows = pl.read_csv(REFERENCE / "synthetic.csv", null_values="NA").with_columns(
        combined=(pl.col("arm") == "combined").cast(pl.Int64), male=(pl.col("sex") == "M").cast(pl.Int64)
    )
    found = time_ratios(durations(rows["time"], rows["status"]), rows.select(case["terms"]), distribution=case["dist"])
    assert found.schema == RATIOS and found["reason"].null_count() == found.height
    assert found["term"].to_list() == case["terms"]
    assert (found["n"][0], found["events"][0]) == (case["n"], case["events"])
    for column, name in (("coef", "coef"), ("std_err", "se"), ("p_value", "p")):
        assert found[column].to_list() == pytest.approx(case[name], rel=1e-6), column
    assert found["log_likelihood"][0] == pytest.approx(case["loglik"], rel=1e-9)
    assert found["lower"][0] < found["time_ratio"][0] < found["upper"][0]


@pytest.mark.parametrize(
    ("time", "event", "x", "reason"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1], "no_events"),
        ([0, 2, 3, 4], [1, 1, 0, 1], [0, 1, 0, 1], "event_at_zero"),
        ([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 1, 1], "constant_covariate"),
    ],
)
def test_a_reason_and_no_number(time: list[int], event: list[int], x: list[int], reason: str) -> None:
    found = time_ratios(durations(time, event), pl.DataFrame({"x": x}))
    assert found["reason"].to_list() == [reason]
    assert found.select("coef", "time_ratio", "lower", "upper", "p_value").row(0) == (None,) * 5


@pytest.mark.parametrize("distribution", ["weibull", "lognormal"])
def test_groups_that_overlap_have_a_number(distribution: Distribution) -> None:
    """A search that asks for more than floating point gives ends here without one."""
    drawn = survival_mart.frames(40, seed=5)
    times = drawn.adtte.filter(pl.col("PARAMCD") == "PFSEMA").drop_nulls("AVAL")
    rows = drawn.cohort.join(times, on="patient_id").filter(pl.col("histology_group") != "ASPS").sort("patient_id")
    group = rows.select(sensitive=(pl.col("histology_group") == "potentially sensitive").cast(pl.Int64))
    found = time_ratios(durations(rows["AVAL"], rows["CNSR"] == 0), group, distribution=distribution)
    assert found["reason"].to_list() == [None] and found["lower"][0] < found["time_ratio"][0] < found["upper"][0]


def test_separated_groups_have_no_number() -> None:
    found = time_ratios(durations([1, 2, 3, 40, 50, 60], [1, 1, 1, 0, 0, 0]), pl.DataFrame({"x": [0, 0, 0, 1, 1, 1]}))
    assert found["time_ratio"][0] is None and found["reason"][0] == "not_converged"


def test_who_says_nothing_is_left_out_and_counted() -> None:
    whole = time_ratios(durations([3, 5, 8, 9, 12, 20], [1, 1, 0, 1, 1, 1]), pl.DataFrame({"x": [0, 1, 0, 1, 0, 1]}))
    more = time_ratios(
        durations([3, 0, 5, 8, 9, 12, 20, 7], [1, 0, 1, 0, 1, 1, 1, 1]),
        pl.DataFrame({"x": [0, 1, 1, 0, 1, 0, 1, None]}),
    )
    assert more["n_left_out"][0] == 2
    assert more["coef"][0] == pytest.approx(whole["coef"][0], rel=1e-9)


def test_what_the_model_cannot_take_is_refused() -> None:
    data = durations([1, 2, 3], [1, 0, 1])
    covariates = pl.DataFrame({"x": [0, 1, 0]})
    with pytest.raises(EstimateError, match="'gamma' is not known: use weibull or lognormal"):
        time_ratios(data, covariates, distribution="gamma")  # type: ignore[arg-type]
    with pytest.raises(EstimateError, match="neither case weights nor late entry"):
        time_ratios(durations([1, 2, 3], [1, 0, 1], weights=[1, 2, 1]), covariates)
