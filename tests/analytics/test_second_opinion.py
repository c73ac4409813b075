"""lifelines gives the same numbers; where it does not, that is seen."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from analytics.survival import second_opinion as module
from analytics.survival.durations import EstimateError, durations
from analytics.survival.second_opinion import second_opinion

ROWS = pl.read_csv(Path(__file__).with_name("reference") / "synthetic.csv", null_values="NA")


def test_lifelines_agrees() -> None:
    data = durations(ROWS["time"], ROWS["status"])
    x = ROWS.select("age", arm=pl.col("arm") == "combined")
    table = second_opinion(data, group=ROWS["stage"], covariates=x, strata=ROWS["centre"])
    assert table["estimate"].to_list() == [
        "survival",
        "lower",
        "upper",
        "chi_square",
        "coef",
        "coef",
        "std_err",
        "std_err",
    ]
    assert table["n"].to_list() == [60, 60, 60, 60, 58, 58, 58, 58]
    assert table["is_equal"].all()
    assert (table["ours"].abs() > 0).all()


def test_a_disagreement_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours turned wrong on purpose: a curve shifted by one part in ten thousand."""
    right = module.kaplan_meier
    monkeypatch.setattr(
        module, "kaplan_meier", lambda *a, **k: right(*a, **k).with_columns(pl.col("survival") * 1.0001)
    )
    table = second_opinion(durations(ROWS["time"], ROWS["status"]))
    assert table.filter(~pl.col("is_equal"))["estimate"].to_list() == ["survival"]


def test_what_is_not_evaluable_has_no_row() -> None:
    data = durations([1, 2, 3], [0, 0, 0])
    table = second_opinion(data, group=pl.Series(["a", "b", "a"]), covariates=pl.DataFrame({"x": [1, 2, 3]}))
    assert set(table["estimate"]) == {"survival", "lower", "upper"}
    with pytest.raises(EstimateError, match="without late entry"):
        second_opinion(durations([2], [1], entry_days=[1]))
