"""Our estimates beside R's, kind of case by kind of case; every field is compared or named with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import r_cases as r

from analytics.survival.balance import balance
from analytics.survival.competing_risks import CompetingRisks, competing_risks, cumulative_incidence
from analytics.survival.concordance import concordance
from analytics.survival.cox import CoxFit, Ties, cox
from analytics.survival.cox_prediction import baseline_hazard, predict_survival, residuals, schoenfeld
from analytics.survival.durations import Durations, EstimateError, durations
from analytics.survival.estimates import ConfType, kaplan_meier, quantiles, reverse, survival_at
from analytics.survival.fine_gray import fine_gray
from analytics.survival.firth import firth
from analytics.survival.gray import gray_test
from analytics.survival.model_tests import adjusted_log_rank, interaction
from analytics.survival.ph_test import Transform, ph_test
from analytics.survival.pooling import pool
from analytics.survival.proportions import difference, proportion
from analytics.survival.rank_tests import RankTest, log_rank, trend_test
from analytics.survival.restricted_mean import compare_restricted_means, restricted_mean

CONF_TYPES: dict[str, ConfType] = {
    "ci_plain": "plain",
    "ci_log": "log",
    "ci_loglog": "log-log",
    "ci_logit": "logit",
    "ci_arcsin": "arcsin",
}
TRANSFORMS: dict[str, tuple[Transform, bool]] = {
    "zph_km": ("km", True),
    "zph_rank": ("rank", True),
    "zph_identity": ("identity", True),
    "zph_log": ("log", True),
    "zph_km_terms_false": ("km", False),
}


def compare(case: dict[str, Any], folder: Path) -> r.Comparison:
    """Run one case; the comparison says what was equal, what not, and what is not covered."""
    result = r.Comparison()
    HANDLERS[case["kind"]](result, case["spec"], case["result"], folder)
    return result


def _km(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    if "weights" in spec:
        # The one weighted curve names no columns: it is of the ovarian data.
        time, event = spec.get("time", "futime"), spec.get("event", "fustat")
        table = frame.select(t=r.expression(time), e=r.expression(event).cast(pl.Int64))
        data = durations(table["t"], table["e"], weights=_weights(spec, frame))
        _curve(result, "weighted", data, want)
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
    if "coef" in want:
        _cox_fields(result, _fit(frame.drop_nulls(r.variables(f)), f, spec.get("ties", "efron")), want)
        return
    weights = _weights(spec, frame)
    known = (
        frame.with_columns(__weight=weights).drop_nulls(r.variables(f))
        if weights is not None
        else frame.drop_nulls(r.variables(f))
    )
    for name, fit in want.items():
        ties: Ties = name if name in ("breslow", "exact") else "efron"
        _cox_fields(result, _fit(known, f, ties, robust=name == "robust"), fit)


def _weights(spec: dict[str, Any], frame: pl.DataFrame) -> pl.Series | None:
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


@dataclass(frozen=True)
class Fitted:
    """A fit with what R's other functions take from the model."""

    fit: CoxFit
    data: Durations
    strata: pl.Series | None
    cluster: pl.Series | None
    assign: dict[str, list[str]]


def _fit(frame: pl.DataFrame, f: r.Formula, ties: Ties = "efron", *, robust: bool = False) -> Fitted:
    event = f.event if re.search("[=<>]", f.event) else f"{f.event}==1"
    table = frame.select(e=r.expression(event).cast(pl.Int64))
    entry = frame[f.entry] if f.entry else None
    weights = frame["__weight"] if "__weight" in frame.columns else None
    data = durations(frame[f.time], table["e"], entry_days=entry, weights=weights)
    strata = frame.select(pl.concat_str(pl.col(c).cast(pl.String) for c in f.strata))[:, 0] if f.strata else None
    cluster = frame[f.cluster] if f.cluster else None
    offset = frame.select(r.expression(f.offset))[:, 0] if f.offset else None
    x = r.design(frame, f.terms)
    assign = {term: r.design(frame, (term,)).columns for term in f.terms}
    fit = cox(data, x, strata=strata, ties=ties, cluster=cluster, robust=robust, offset=offset)
    return Fitted(fit, data, strata, cluster, assign)


def _cox_fields(result: r.Comparison, ours: Fitted, want: dict[str, Any]) -> None:
    fit = ours.fit
    if fit.reason is not None:
        _no_estimate(result, ours, want)
        return
    columns = {
        "coef": "coef",
        "se": "std_err",
        "z": "z",
        "p": "p_value",
        "hr": "hazard_ratio",
        "hr_lower95": "lower",
        "hr_upper95": "upper",
    }
    for key, value in want.items():
        if key in {"terms", "warnings", "note", "iter"}:
            continue
        if key in columns:
            result.same(key, fit.terms[columns[key]], value)
        elif key == "naive_se":
            assert fit.naive_covariance is not None
            result.same(key, np.sqrt(np.diag(fit.naive_covariance)), value)
        elif key == "vcov":
            result.same(key, fit.covariance, value)
        elif key == "wald":
            # R rounds the statistic to two decimals, not its P.
            _, df, p_value = _test(fit, "wald")
            result.same(key, [df, p_value], value[1:])
        elif key in TRANSFORMS:
            transform, by_term = TRANSFORMS[key]
            table = ph_test(fit, transform=transform, terms=ours.assign if by_term else None)
            result.same(f"{key} rows", table["term"], value["rows"])
            for name, column in (("chisq", "chi_square"), ("df", "df"), ("p", "p_value")):
                result.same(f"{key} {name}", table[column], value[name])
        else:
            _cox_whole(result, ours, key, value)


def _cox_whole(result: r.Comparison, ours: Fitted, key: str, value: Any) -> None:
    """What stands of a model also where its coefficients have no maximum."""
    fit = ours.fit
    if key == "n":
        result.same(key, fit.n, value)
    elif key == "nevent":
        result.same(key, fit.events, value)
    elif key == "loglik_null":
        result.same(key, fit.log_likelihood_null, value)
    elif key == "loglik":
        found = [fit.log_likelihood_null, fit.log_likelihood] if isinstance(value, list) else fit.log_likelihood
        result.same(key, found, value)
    elif key in {"lrt", "score"}:
        result.same(key, _test(fit, {"lrt": "likelihood_ratio", "score": "score"}[key]), value)
    elif key.startswith("concordance"):
        assert fit.model is not None
        found = concordance(ours.data, fit.model.risk_score, strata=ours.strata, cluster=ours.cluster)
        result.same(key, found.std_err if key.endswith("se") else found.value, value)
    else:
        raise AssertionError(f"a field that no comparison reads: {key}")


def _no_estimate(result: r.Comparison, ours: Fitted, want: dict[str, Any]) -> None:
    """R warns, or prints NA; ours is a stated reason, no estimate, and what stands without one."""
    fit = ours.fit
    warned = str(want.get("warnings", ""))
    expected = {"no_events", "constant_covariate", "collinear_covariates"}
    if "infinite" in warned or "did not converge" in warned:
        expected = {"monotone_likelihood"}
    elif None not in r.listed(want["coef"]):
        result.failures.append(f"coef: {fit.reason}, R says {want['coef']}")
        return
    result.compared += 1
    if fit.reason not in expected:
        result.failures.append(f"reason: {fit.reason}, R says {warned or want['coef']}")
    result.same("coef", fit.terms["coef"], [None] * fit.terms.height)
    stand = {"n", "nevent"}
    if fit.reason == "constant_covariate":
        stand |= {"loglik_null"}
    elif fit.reason == "monotone_likelihood":
        stand |= {"loglik_null", "loglik", "lrt", "score", "concordance", "concordance_se"}
    for key in stand & set(want):
        _cox_whole(result, ours, key, want[key])


def _test(fit: CoxFit, name: str) -> list[Any]:
    return list(fit.tests.filter(pl.col("test") == name).select("statistic", "df", "p_value").row(0))


def _predict(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = r.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls(r.variables(f))
    fit = _fit(frame, f, spec.get("ties", "efron")).fit
    new = pl.DataFrame({name: r.listed(values) for name, values in spec["newdata"].items()})
    found = predict_survival(fit, new, spec["times"], conf_type="log")
    for key, value in want.items():
        if key == "basehaz_uncentered_first10":
            hazard = baseline_hazard(fit).join(
                pl.DataFrame({"time_days": value["time"]}).cast(pl.Float64), on="time_days"
            )
            result.same(key, hazard["hazard"], value["hazard"])
        elif key in {"surv", "std_err", "lower_log", "upper_log"}:
            column = {"surv": "survival", "std_err": "std_err", "lower_log": "lower", "upper_log": "upper"}[key]
            result.same(key, found.sort("time_days", "row")[column], value)
        elif key in {"martingale_resid_sumsq", "deviance_resid_sumsq"}:
            kind: Any = key.split("_")[0]
            result.same(key, float((residuals(fit, kind) ** 2).sum()), value)
        elif key == "schoenfeld_colsums_abs":
            result.same(key, schoenfeld(fit).select(pl.col(*new.columns).abs().sum()).row(0), value)
        else:
            raise AssertionError(f"a field that no comparison reads: {key}")


def _rmst2(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec).with_columns(__arm=r.expression(spec["arm"]).cast(pl.Int64)).drop_nulls("__arm")
    one, none = (_survival(frame.filter(pl.col("__arm") == arm), spec["time"], spec["event"]) for arm in (1, 0))
    found = compare_restricted_means(one, none, spec["tau"])
    for row, name in enumerate(("arm1", "arm0")):
        numbers = found.groups.select("mean_days", "std_err_days", "lower_days", "upper_days").row(row)
        result.same(name, numbers, want[name])
        result.same(f"{name}_var", numbers[1] ** 2, want[f"{name}_var"])
    for key, column in (("est", "estimate"), ("lower", "lower"), ("upper", "upper"), ("p", "p_value")):
        result.same(key, found.contrasts[column], want["unadjusted"][key])


def _firth(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = r.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls(r.variables(f))
    strata = frame[f.strata[0]].cast(pl.String) if f.strata else None
    fit = firth(
        durations(frame[f.time], frame[f.event], entry_days=frame[f.entry] if f.entry else None),
        r.design(frame, f.terms),
        strata=strata,
    )
    ours = {"coef": "coef", "se": "std_err", "hr_pl_lower": "lower", "hr_pl_upper": "upper", "p_pl": "p_value"}
    for key, value in want.items():
        if key in ours:
            result.same(key, fit.terms[ours[key]], value)
        elif key == "penalized_loglik":
            result.same(key, [fit.penalised_log_likelihood_null, fit.penalised_log_likelihood], value)
        else:
            assert key == "terms", key


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


def _competing(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    code = frame.select(r.expression(spec["code"]).cast(pl.Int64).alias("code"))["code"]
    cause = pl.Series([None if c == 0 else str(c) for c in code], dtype=pl.String)
    entry = frame[spec["entry"]] if "entry" in spec else None
    risks = competing_risks(frame[spec["time"]], cause, entry_days=entry, weights=_weights(spec, frame))
    for key, value in want.items():
        if key == "n":
            result.same(key, risks.data.n, value)
        elif key == "counts":
            result.same(key, [int((code == int(c)).sum()) for c in value], list(value.values()))
        elif key == "cuminc_overall":
            for i, curve in enumerate(value["curves"]):
                _incidence(result, curve, risks, curve.split()[-1], value, value["times"], i)
        elif key == "survfit_multistate":
            _multistate(result, risks, value)
        elif key == "naive_one_minus_km_event1":
            only = durations(frame[spec["time"]], code == 1)
            times = want["cuminc_overall"]["times"]
            result.same(key, 1 - survival_at(kaplan_meier(only), times, only)["survival"], value)
        elif key == "by":
            _incidence_by(result, frame, spec, cause, value, want["cuminc_overall"]["times"])
        elif found := re.fullmatch(r"fine_gray_cause(\d+)", key):
            terms = r.listed(value["terms"])
            fit = fine_gray(risks, r.design(frame, tuple(terms)), found[1])
            result.same(
                key, [fit.terms["coef"].to_list(), fit.terms["std_err"].to_list()], [value["coef"], value["se"]]
            )
            result.same(
                key,
                [fit.log_likelihood, fit.log_likelihood_null, fit.n],
                [value["loglik"], value["loglik_null"], value["n"]],
            )
        elif found := re.fullmatch(r"cause_specific_cox_cause(\d+)", key):
            own = frame.with_columns(__own=pl.Series(code == int(found[1])).cast(pl.Int64))
            f = r.formula(f"Surv({spec['time']},__own)~{'+'.join(r.listed(value['terms']))}")
            _cox_fields(result, _fit(own.drop_nulls(r.variables(f)), f), value)
        else:
            raise AssertionError(f"a field that no comparison reads: {key}")


def _incidence(
    result: r.Comparison,
    where: str,
    risks: CompetingRisks,
    cause: str,
    want: dict[str, Any],
    times: list[float],
    i: int,
) -> None:
    """cmprsk gives nothing after a group's last observation; ours is carried forward and flagged."""
    table = cumulative_incidence(risks, times, variance="aalen").filter(pl.col("cause") == cause)
    known = ~table["is_beyond_follow_up"]
    estimate = [e if k else None for e, k in zip(table["estimate"], known, strict=True)]
    variance = [s**2 if k else None for s, k in zip(table["std_err"], known, strict=True)]
    result.same(f"{where} estimate", estimate, want["est"][i])
    result.same(f"{where} variance", variance, want["var_aalen"][i])


def _multistate(result: r.Comparison, risks: CompetingRisks, want: dict[str, Any]) -> None:
    table = cumulative_incidence(risks, want["times"], conf_type="log")
    for column, state in enumerate(want["states"]):
        if state == "(s0)":
            whole = kaplan_meier(risks.data)
            found = survival_at(whole, want["times"], risks.data)["survival"]
            result.same("free of any event", found, [row[column] for row in want["pstate"]])
            continue
        rows = table.filter(pl.col("cause") == state)
        for theirs, ours in (
            ("pstate", "estimate"),
            ("std_err", "std_err"),
            ("lower_log", "lower"),
            ("upper_log", "upper"),
        ):
            result.same(f"state {state} {theirs}", rows[ours], [row[column] for row in want[theirs]])


def _incidence_by(
    result: r.Comparison,
    frame: pl.DataFrame,
    spec: dict[str, Any],
    cause: pl.Series,
    want: dict[str, Any],
    times: list[float],
) -> None:
    group = frame[want["group"]].cast(pl.String)
    strata = frame[want["strata"]].cast(pl.String) if want.get("strata") else None
    known = group.is_not_null() if strata is None else group.is_not_null() & strata.is_not_null()
    time, cause, group = frame[spec["time"]].filter(known), cause.filter(known), group.filter(known)
    strata = None if strata is None else strata.filter(known)
    result.same("by n", len(time), want["n"])
    for i, curve in enumerate(want["curves"]):
        level, one = curve.rsplit(" ", 1)
        inside = group == level
        part = competing_risks(time.filter(inside), cause.filter(inside))
        _incidence(result, curve, part, one, want, times, i)
    everyone = competing_risks(time, cause)
    tests = [gray_test(everyone, group, one, strata=strata, rho=want.get("rho", 0)) for one in everyone.names]
    for name, values in (
        ("stat", [t.chi_square for t in tests]),
        ("p", [t.p_value for t in tests]),
        ("df", [t.df for t in tests]),
    ):
        result.same(f"Gray {name}", values, r.listed(want["gray_tests"][name]))


def _model_test(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    data = durations(frame["time"], frame["status"])
    strata = frame[spec["strata"]] if "strata" in spec else None
    found: Any
    if spec["test"] == "interaction":
        effect = r.design(frame, (spec["effect"],))
        found = interaction(data, effect, frame[spec["subgroup"]], strata=strata)
        result.same("statistic", found.statistic, want["statistic"])
    elif spec["test"] == "trend":
        found = trend_test(log_rank(data, frame[spec["group"]], strata=strata))
        result.same("statistic", found.chi_square, want["statistic"])
    else:
        found = adjusted_log_rank(data, frame[spec["group"]], r.design(frame, (spec["covariates"],)), strata=strata)
        result.same("statistic", found.statistic, want["statistic"])
    result.same("df and p", [found.df, found.p_value], [want["df"], want["p"]])


def _balance(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    table = balance(frame.select(list(want)), frame[spec["group"]])
    result.same("smd", table["smd"], list(want.values()))


def _proportions(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    for one in want["one"]:
        for method in ("clopper_pearson", "wilson"):
            found = proportion(one["events"], one["n"], method=method)
            result.same(f"{method} {one['events']}/{one['n']}", [found.lower, found.upper], one[method])
    for two in want["two"]:
        apart = difference(tuple(two["first"]), tuple(two["second"]))
        result.same(
            "Newcombe",
            [apart.estimate, apart.lower, apart.upper],
            [two["estimate"], two["lower"], two["upper"]],
        )


def _pooling(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    y, se = pl.Series(spec["estimate"]), pl.Series(spec["std_err"])
    centre = pl.Series([str(i) for i in range(len(y))])
    found = pool(centre, y, se, between=spec["between"], hartung_knapp=spec["hartung_knapp"])
    for key, value in want.items():
        result.same(key, getattr(found, key), value)


HANDLERS: dict[str, Callable[[r.Comparison, dict[str, Any], dict[str, Any], Path], None]] = {
    "km": _km,
    "stratified_logrank": _stratified,
    "cox": _cox,
    "cox_predict": _predict,
    "cox_firth": _firth,
    "competing_risks": _competing,
    "model_test": _model_test,
    "balance": _balance,
    "proportions": _proportions,
    "pooling": _pooling,
    "rmst2": _rmst2,
    "km_left_truncated": _late_entry,
    "edge_km": _edge_km,
    "edge_logrank": _edge_logrank,
    "edge_cox": _cox,
}
