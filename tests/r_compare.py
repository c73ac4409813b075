"""Our estimates beside R's, kind of case by kind of case; every field is compared or named with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import r_cases as r
from scipy.stats import chi2

from analytics.survival.cox import CoxFit, cox
from analytics.survival.durations import Durations, EstimateError, durations
from analytics.survival.estimates import ConfType, kaplan_meier, quantiles, restricted_mean, reverse, survival_at
from analytics.survival.rank_tests import RankTest, log_rank

CONF_TYPES: dict[str, ConfType] = {
    "ci_plain": "plain",
    "ci_log": "log",
    "ci_loglog": "log-log",
    "ci_logit": "logit",
    "ci_arcsin": "arcsin",
}
NOT_YET = {
    "competing_risks": "Aalen-Johansen, Gray and Fine-Gray come with the paper pack",
    "cox_firth": "Firth's penalty comes with the paper pack",
    "cox_predict": "predicted survival and residuals come with the paper pack",
    "rmst2": "the difference of two restricted means comes with the paper pack (each mean is compared in km)",
}
COX_NOT_YET = {
    "score": "score test",
    "concordance": "concordance",
    "concordance_se": "concordance",
    "zph": "test of proportional hazards",
    "breslow": "Efron is the only method for ties",
    "exact": "Efron is the only method for ties",
    "cluster": "robust standard errors (lifelines differs from R in the fourth digit with ties)",
}


def compare(case: dict[str, Any], folder: Path) -> r.Comparison:
    """Run one case; the comparison says what was equal, what not, and what is not covered."""
    result = r.Comparison()
    kind = case["kind"]
    if kind in NOT_YET:
        result.skip(kind, NOT_YET[kind])
        return result
    HANDLERS[kind](result, case["spec"], case["result"], folder)
    return result


def _km(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    if "weights" in spec:
        # 'rep(c(1,2)) alternating by row order' is the one weighting that the file knows.
        assert spec["weights"].startswith("rep(c(1,2))"), spec["weights"]
        weights = pl.Series([1.0 + i % 2 for i in range(frame.height)])
        data = durations(frame["futime"], frame["fustat"], weights=weights)
        _curve(result, "weighted", data, want, (180.0, 365.0, 700.0))
        return
    data = _survival(frame, spec["time"], spec["event"])
    _curve(result, "overall", data, want["overall"])
    _reverse(result, "overall", data, want["reverse_km"])
    for column, grouped in want.get("by", {}).items():
        known = frame.filter(pl.col(column).is_not_null())
        result.same(f"{column} n", known.height, grouped["n_nonmissing"])
        for level in grouped["levels"]:
            part = known.filter(pl.col(column).cast(pl.String) == str(level))
            one = _survival(part, spec["time"], spec["event"])
            expected = dict(grouped["groups"][str(level)])
            _reverse(result, f"{column}={level}", one, expected.pop("reverse_km"))
            _curve(result, f"{column}={level}", one, expected)
        data_known = _survival(known, spec["time"], spec["event"])
        for name, test in grouped["tests"].items():
            if name != "gehan_wilcoxon_note":
                _rank(result, f"{column} {name}", data_known, known[column], None, test)
    unknown = set(want) - {"overall", "reverse_km", "by"}
    assert not unknown, f"fields that no comparison reads: {unknown}"


def _survival(frame: pl.DataFrame, time: str, event: str) -> Durations:
    table = frame.select(t=r.expression(time), e=r.expression(event).cast(pl.Int64))
    return durations(table["t"], table["e"])


def _curve(
    result: r.Comparison,
    where: str,
    data: Durations,
    want: dict[str, Any],
    times: tuple[float, ...] | None = None,
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


def _stratified(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = r.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls([*f.terms, *f.strata])
    event = f.event if "=" in f.event else f"{f.event}==1"
    data = _survival(frame, f.time, event)
    for name, test in want.items():
        _rank(result, name, data, frame[f.terms[0]], frame[f.strata[0]], test)


def _cox(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = r.formula(spec["formula"])
    frame = r.read_data(folder, spec)
    if "inline" in spec and "efron" not in want:
        _monotone(result, frame, f, want)
        return
    if "weights" in spec:
        frame = frame.with_columns(__weight=pl.Series([1.0 + i % 2 for i in range(frame.height)]))
        result.skip("robust", COX_NOT_YET["cluster"])
        want = {"efron": want["model"]}
    for ties, fit in want.items():
        if ties != "efron":
            result.skip(ties, COX_NOT_YET[ties])
            continue
        ours = _fit(frame.drop_nulls(r.variables(f)), f)
        _cox_fields(result, ours, fit, is_clustered=f.cluster is not None)


def _fit(frame: pl.DataFrame, f: r.Formula) -> CoxFit:
    event = f.event if re.search("[=<>]", f.event) else f"{f.event}==1"
    table = frame.select(e=r.expression(event).cast(pl.Int64))
    entry = frame[f.entry] if f.entry else None
    weights = frame["__weight"] if "__weight" in frame.columns else None
    data = durations(frame[f.time], table["e"], entry_days=entry, weights=weights)
    strata = frame[f.strata[0]].cast(pl.String) if f.strata else None
    return cox(data, r.design(frame, f.terms), strata=strata)


def _cox_fields(result: r.Comparison, ours: CoxFit, want: dict[str, Any], *, is_clustered: bool) -> None:
    robust = {"se", "z", "p", "hr_lower95", "hr_upper95", "vcov", "wald"}
    columns = {
        "coef": "coef",
        "se": "std_err",
        "naive_se": "std_err",
        "z": "z",
        "p": "p_value",
        "hr": "hazard_ratio",
        "hr_lower95": "lower",
        "hr_upper95": "upper",
    }
    for key, value in want.items():
        if key in {"terms", "warnings", "note"}:
            continue
        if is_clustered and key in robust:
            result.skip(f"clustered {key}", COX_NOT_YET["cluster"])
        elif key == "n":
            result.same("n", ours.n, value)
        elif key == "nevent":
            result.same("events", ours.events, value)
        elif key in columns:
            result.same(key, ours.terms[columns[key]], value)
        elif key == "vcov":
            result.same(key, ours.covariance, value)
        elif key == "loglik_null":
            result.same(key, ours.log_likelihood_null, value)
        elif key == "loglik":
            result.same(key, ours.log_likelihood, value)
        elif key == "lrt":
            assert ours.log_likelihood is not None and ours.log_likelihood_null is not None
            statistic = 2 * (ours.log_likelihood - ours.log_likelihood_null)
            result.same(key, [statistic, ours.terms.height, chi2.sf(statistic, ours.terms.height)], value)
        elif key == "wald":
            # R rounds the statistic to two decimals, not its P.
            coef = ours.terms["coef"].to_numpy()
            statistic = float(coef @ np.linalg.solve(ours.covariance, coef))
            result.same(key, chi2.sf(statistic, len(coef)), value[2])
        else:
            result.skip(key, COX_NOT_YET["zph" if key.startswith("zph") else key])


def _monotone(result: r.Comparison, frame: pl.DataFrame, f: r.Formula, want: dict[str, Any]) -> None:
    """R runs out of iterations at a coefficient of 22; ours is a stated reason and no number."""
    assert "did not converge" in str(want["warnings"])
    fit = _fit(frame, f)
    assert fit.reason == "monotone_likelihood"
    result.same("coef", fit.terms["coef"], [None])


def _late_entry(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    f = r.formula(f"{spec['surv']}~{spec['group']}")
    table = pl.DataFrame(want | {"median": None}).drop("median")
    medians = []
    for (level,), rows in table.group_by("strata", maintain_order=True):
        value = str(level).split("=")[1]
        part = frame.filter(pl.col(spec["group"]).cast(pl.String) == value)
        data = durations(part[f.time], part[f.event], entry_days=part[f.entry])
        curve = kaplan_meier(data)
        at = survival_at(curve, rows["time"].to_list(), data)
        for theirs, ours in (("surv", "survival"), ("std_err", "std_err")):
            result.same(f"{level} {theirs}", at[ours], rows[theirs])
        # Between two observed times R prints the risk set of the next one (11 on day 0, when nobody has
        # entered); survival_at counts entry < t <= time. So R's number is compared with the curve's next row.
        following = np.searchsorted(curve["time_days"].to_numpy(), rows["time"].to_numpy())
        result.same(f"{level} n_risk", curve["n_risk"].to_numpy()[following], rows["n_risk"])
        medians.append(quantiles(curve, [0.5])["time_days"][0])
    result.same("median", medians, want["median"])


def _edge_km(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
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


def _edge_logrank(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    data = durations(frame["time"], frame["event"])
    test = log_rank(data, frame["g"])
    if "error" in want:
        assert "only 1 group" in want["error"]
        result.same("reason", [test.reason, test.p_value], ["one_group", None])
    else:
        _rank_fields(result, "log-rank", test, want)


def _edge_cox(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    if spec.get("ties", "efron") != "efron":
        result.skip(spec["ties"], COX_NOT_YET[spec["ties"]])
        return
    f = r.formula(spec["formula"])
    fit = _fit(r.read_data(folder, spec).drop_nulls(r.variables(f)), f)
    if want["coef"] is None:
        reason = "no_events" if want["nevent"] == 0 else "constant_covariate"
        result.same("reason", [fit.reason, fit.terms["coef"][0], fit.n], [reason, None, want["n"]])
    else:
        _cox_fields(result, fit, want, is_clustered=False)


HANDLERS: dict[str, Callable[[r.Comparison, dict[str, Any], dict[str, Any], Path], None]] = {
    "km": _km,
    "stratified_logrank": _stratified,
    "cox": _cox,
    "km_left_truncated": _late_entry,
    "edge_km": _edge_km,
    "edge_logrank": _edge_logrank,
    "edge_cox": _edge_cox,
}
