"""Curves, log-rank tests and restricted means beside R's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import r_cases as r
import r_language as lang

from analytics.survival.durations import Durations, EstimateError, durations
from analytics.survival.estimates import ConfType, kaplan_meier, quantiles, reverse, survival_at
from analytics.survival.rank_tests import RankTest, log_rank
from analytics.survival.restricted_mean import compare_restricted_means, restricted_mean

CONF_TYPES: dict[str, ConfType] = {
    "ci_plain": "plain",
    "ci_log": "log",
    "ci_loglog": "log-log",
    "ci_logit": "logit",
    "ci_arcsin": "arcsin",
}


def survival_data(
    frame: pl.DataFrame, time: str, event: str, entry: str | None = None, weights: pl.Series | None = None
) -> Durations:
    def column(text: str) -> pl.Series:
        return frame.select(lang.expression(text).alias("value"))["value"]

    # An event coded 1 and 2 is R's 2; comparisons are logical.
    happened = column(event).cast(pl.Float64)
    happened = happened == (2 if happened.max() == 2 else 1)
    return durations(column(time), happened, entry_days=column(entry) if entry else None, weights=weights)


def case_weights(spec: dict[str, Any], frame: pl.DataFrame) -> pl.Series | None:
    """Case weights: a column, or 'rep(c(1,2)) alternating by row order' and other cycles of that form."""
    text = spec.get("weights")
    if text is None:
        return None
    if text in frame.columns:
        return frame[text].cast(pl.Float64)
    cycle = re.match(r"rep\(c\(([\d.,\s]+)\)", text)
    assert cycle, text
    values = [float(v) for v in cycle[1].split(",")]
    return pl.Series([values[i % len(values)] for i in range(frame.height)])


def km_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    if "weights" in spec:
        # The one weighted curve names no columns: it is of the ovarian data.
        time, event = spec.get("time", "futime"), spec.get("event", "fustat")
        data = survival_data(frame, time, event, weights=case_weights(spec, frame))
        _curve(result, "weighted", data, want)
        return
    data = survival_data(frame, spec["time"], spec["event"])
    _curve(result, "overall", data, want["overall"])
    _reverse(result, "overall", data, want["reverse_km"])
    for column, grouped in want.get("by", {}).items():
        known = frame.filter(pl.col(column).is_not_null())
        result.same(f"{column} n", known.height, grouped["n_nonmissing"])
        for level in grouped["levels"]:
            part = known.filter(pl.col(column).cast(pl.String) == str(level))
            one = survival_data(part, spec["time"], spec["event"])
            expected = dict(grouped["groups"][str(level)])
            _reverse(result, f"{column}={level}", one, expected.pop("reverse_km"))
            _curve(result, f"{column}={level}", one, expected)
        data_known = survival_data(known, spec["time"], spec["event"])
        for name, test in grouped["tests"].items():
            if name != "gehan_wilcoxon_note":
                _rank(result, f"{column} {name}", data_known, known[column], None, test)
    unknown = set(want) - {"overall", "reverse_km", "by"}
    assert not unknown, f"fields that no comparison reads: {unknown}"


def _curve(
    result: r.Comparison,
    where: str,
    data: Durations,
    want: dict[str, Any],
) -> None:
    curve = kaplan_meier(data, conf_type="log-log")
    for key, value in want.items():
        if key in {"curve_note", "n_max", "n_start"}:
            continue
        if key == "n":
            result.same(f"{where} n", data.n, value)
        elif key == "events":
            result.same(f"{where} events", float(curve["n_event"].sum()), value)
        elif key == "curve":
            _curve_rows(result, where, curve, value)
        elif key in CONF_TYPES:
            _limits(result, f"{where} {key}", data, CONF_TYPES[key], value)
        elif key == "rmst":
            if value["tau"] > curve["time_days"][-1] and curve["survival"][-1] > 0:
                # R carries the curve on; we refuse to.
                with pytest.raises(EstimateError):
                    restricted_mean(curve, value["tau"])
                result.compared += 1
                continue
            mean, std_err = restricted_mean(curve, value["tau"])
            result.same(f"{where} rmst", [mean, std_err], [value["rmst"], value["se"]])
        elif key == "fleming_harrington_exp_minus_H":
            at = np.searchsorted(curve["time_days"].to_numpy(), r.listed(value["time"]), side="right")
            hazard = np.concatenate([[0.0], curve["cumulative_hazard"].to_numpy()])
            result.same(f"{where} exp(-H)", np.exp(-hazard[at]), r.listed(value["surv"]))
        else:
            raise AssertionError(f"a field that no comparison reads: {key}")


def _curve_rows(result: r.Comparison, where: str, curve: pl.DataFrame, want: dict[str, Any]) -> None:
    ours = {
        "n_risk": "n_risk",
        "n_event": "n_event",
        "n_censor": "n_censor",
        "surv": "survival",
        "std_err_S": "std_err",
        "std_err_cumhaz": "hazard_std_err",
        "cumhaz_nelson_aalen": "cumulative_hazard",
    }
    times = pl.DataFrame({"time_days": [float(t) for t in r.listed(want["time"])]})
    table = times.join(curve, on="time_days", how="left", maintain_order="left")
    for name, values in r.rows(want):
        if name != "time":
            result.same(f"{where} curve {name}", table[ours[name]], values)


def _limits(result: r.Comparison, where: str, data: Durations, conf: ConfType, want: dict[str, Any]) -> None:
    curve = kaplan_meier(data, conf_type=conf)
    wanted = dict(r.rows(want["quantiles"]))
    table = quantiles(curve, wanted["q"])
    for ours, theirs in (("time_days", "est"), ("lower_days", "lower"), ("upper_days", "upper")):
        result.same(f"{where} quantiles {theirs}", table[ours], wanted[theirs])
    wanted = dict(r.rows(want["at_times"]))
    table = survival_at(curve, wanted["time"], data)
    if data.entry_days is not None:
        table = table.with_columns(n_risk=_next_risk_set(curve, wanted["time"]))
    ours_of = {"n_risk": "n_risk", "surv": "survival", "std_err": "std_err", "lower": "lower", "upper": "upper"}
    for theirs, ours in ours_of.items():
        result.same(f"{where} at times {theirs}", table[ours], wanted[theirs])


def _reverse(result: r.Comparison, where: str, data: Durations, want: dict[str, Any]) -> None:
    for conf, name in (("log-log", "loglog"), ("log", "log")):
        row = quantiles(kaplan_meier(reverse(data), conf_type=conf), [0.5])
        result.same(f"{where} reverse median", row["time_days"], want["median"])
        result.same(f"{where} reverse {name} lower", row["lower_days"], want[f"{name}_lower"])
        result.same(f"{where} reverse {name} upper", row["upper_days"], want[f"{name}_upper"])


def _rank(
    result: r.Comparison,
    where: str,
    data: Durations,
    group: pl.Series,
    strata: pl.Series | None,
    want: dict[str, Any],
) -> None:
    test = log_rank(data, group, strata=strata, rho=want["rho"], gamma=want.get("gamma", 0))
    _rank_fields(result, where, test, want)


def _rank_fields(result: r.Comparison, where: str, test: RankTest, want: dict[str, Any]) -> None:
    if "n" in want:
        result.same(f"{where} n", test.groups["n"], want["n"])
        result.same(f"{where} observed", test.groups["observed"], want["observed"])
        result.same(f"{where} expected", test.groups["expected"], want["expected"])
    if "U" in want:
        result.same(f"{where} U", test.groups["observed"] - test.groups["expected"], want["U"])
    result.same(f"{where} variance", test.variance, want["var"])
    result.same(f"{where} chi-square", test.chi_square, want["chisq"])
    result.same(f"{where} df", test.df, want["df"])
    result.same(f"{where} p", test.p_value, want["p"])


def stratified_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = lang.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls(lang.variables(f))
    data = survival_data(frame, f.time, f.event)
    strata = lang.combined(frame, f.strata) if f.strata else None
    for name, test in want.items():
        _rank(result, name, data, lang.combined(frame, f.terms), strata, test)


def late_entry_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    f = lang.formula(f"{spec['surv']}~{spec['group']}")
    table = pl.DataFrame(want | {"median": None}).drop("median")
    medians = []
    for (level,), rows in table.group_by("strata", maintain_order=True):
        value = str(level).split("=")[1]
        part = frame.filter(pl.col(spec["group"]).cast(pl.String) == value)
        data = survival_data(part, f.time, f.event, f.entry)
        curve = kaplan_meier(data)
        at = survival_at(curve, rows["time"].to_list(), data)
        for theirs, ours in (("surv", "survival"), ("std_err", "std_err")):
            result.same(f"{level} {theirs}", at[ours], rows[theirs])
        result.same(f"{level} n_risk", _next_risk_set(curve, rows["time"].to_list()), rows["n_risk"])
        medians.append(quantiles(curve, [0.5])["time_days"][0])
    result.same("median", medians, want["median"])


def _next_risk_set(curve: pl.DataFrame, times: list[float]) -> pl.Series:
    """With late entry R prints between two observed times the risk set of the next one (11 on day 0, when nobody
    has entered); survival_at counts entry < t <= time. So R's number is compared with the curve's next row."""
    following = np.searchsorted(curve["time_days"].to_numpy(), times)
    return pl.Series(np.append(curve["n_risk"].to_numpy(), 0.0)[following])


def edge_km_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    entry = frame["start"] if "start" in frame.columns else None
    if _is_refused(frame):
        with pytest.raises(EstimateError):
            durations(frame["time"], frame["event"], entry_days=entry)
        result.compared += 1
        return
    data = durations(frame["time"], frame["event"], entry_days=entry)
    _curve(result, "edge", data, want)


def _is_refused(frame: pl.DataFrame) -> bool:
    """R accepts a negative time and drops an interval of no length; we refuse both."""
    if (frame["time"] < 0).any():
        return True
    return "start" in frame.columns and (frame["start"] >= frame["time"]).any()


def edge_logrank_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    data = durations(frame["time"], frame["event"])
    test = log_rank(data, frame["g"])
    if test.reason is None:
        _rank_fields(result, "log-rank", test, want)
        return
    # R stops, or gives a chi-square of 0 where there is nothing to test; ours is a stated reason.
    result.same("p", test.p_value, None)
    if "error" in want:
        expected = {"one_group"} if "only 1 group" in want["error"] else {"no_events", "no_information"}
    else:
        result.same("no chi-square", want["chisq"] or 0, 0)
        expected = {"no_events", "no_information"}
    if test.reason not in expected:
        result.failures.append(f"reason: {test.reason}, R says {want}")


def rmst_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = (
        r.read_data(folder, spec).with_columns(__arm=lang.expression(spec["arm"]).cast(pl.Int64)).drop_nulls("__arm")
    )
    one, none = (survival_data(frame.filter(pl.col("__arm") == arm), spec["time"], spec["event"]) for arm in (1, 0))
    found = compare_restricted_means(one, none, spec["tau"])
    for row, name in enumerate(("arm1", "arm0")):
        numbers = found.groups.select("mean_days", "std_err_days", "lower_days", "upper_days").row(row)
        result.same(name, numbers, want[name])
        result.same(f"{name}_var", numbers[1] ** 2, want[f"{name}_var"])
    for key, column in (("est", "estimate"), ("lower", "lower"), ("upper", "upper"), ("p", "p_value")):
        result.same(key, found.contrasts[column], want["unadjusted"][key])
