"""Cox models, plain and penalised, beside R's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import r_cases as r
import r_language as lang
from r_curves import case_weights, survival_data

from analytics.survival.concordance import concordance
from analytics.survival.cox import CoxFit, Ties, cox
from analytics.survival.cox_prediction import baseline_hazard, predict_survival, residuals, schoenfeld
from analytics.survival.durations import Durations, durations
from analytics.survival.firth import firth
from analytics.survival.model_tests import adjusted_log_rank, interaction
from analytics.survival.ph_test import Transform, ph_test
from analytics.survival.rank_tests import log_rank, trend_test

TRANSFORMS: dict[str, tuple[Transform, bool]] = {
    "zph_km": ("km", True),
    "zph_rank": ("rank", True),
    "zph_identity": ("identity", True),
    "zph_log": ("log", True),
    "zph_km_terms_false": ("km", False),
}


@dataclass(frozen=True)
class Fitted:
    """A fit with what R's other functions take from the model."""

    fit: CoxFit
    data: Durations
    strata: pl.Series | None
    cluster: pl.Series | None
    assign: dict[str, list[str]]


def fitted(frame: pl.DataFrame, f: lang.Formula, ties: Ties = "efron", *, robust: bool = False) -> Fitted:
    weights = frame["__weight"] if "__weight" in frame.columns else None
    data = survival_data(frame, f.time, f.event, f.entry, weights)
    strata = lang.combined(frame, f.strata) if f.strata else None
    cluster = frame[f.cluster] if f.cluster else None
    offset = frame.select(lang.expression(f.offset))[:, 0] if f.offset else None
    x = lang.design(frame, f.terms)
    assign = {term: lang.design(frame, (term,)).columns for term in f.terms}
    fit = cox(data, x, strata=strata, ties=ties, cluster=cluster, robust=robust, offset=offset)
    return Fitted(fit, data, strata, cluster, assign)


def cox_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = lang.formula(spec["formula"])
    frame = r.read_data(folder, spec)
    if "coef" in want:
        cox_fields(result, fitted(frame.drop_nulls(lang.variables(f)), f, spec.get("ties", "efron")), want)
        return
    weights = case_weights(spec, frame)
    known = (
        frame.with_columns(__weight=weights).drop_nulls(lang.variables(f))
        if weights is not None
        else frame.drop_nulls(lang.variables(f))
    )
    for name, fit in want.items():
        ties: Ties = name if name in ("breslow", "exact") else "efron"
        cox_fields(result, fitted(known, f, ties, robust=name == "robust"), fit)


def cox_fields(result: r.Comparison, ours: Fitted, want: dict[str, Any]) -> None:
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
    if fit.reason == "monotone_likelihood" and "loglik" in want:
        # R stops on the way up: its log-likelihood is that of its last step.
        limit, stopped = fit.log_likelihood or 0.0, r.listed(want["loglik"])[-1]
        result.same("loglik", abs(limit - stopped) < 1e-6, True)
    if fit.reason == "constant_covariate":
        stand |= {"loglik_null"}
    elif fit.reason == "monotone_likelihood":
        stand |= {"loglik_null", "lrt", "score", "concordance", "concordance_se"}
    for key in stand & set(want):
        _cox_whole(result, ours, key, want[key])


def _test(fit: CoxFit, name: str) -> list[Any]:
    return list(fit.tests.filter(pl.col("test") == name).select("statistic", "df", "p_value").row(0))


def predict_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = lang.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls(lang.variables(f))
    fit = fitted(frame, f, spec.get("ties", "efron")).fit
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


def firth_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    f = lang.formula(spec["formula"])
    frame = r.read_data(folder, spec).drop_nulls(lang.variables(f))
    strata = lang.combined(frame, f.strata) if f.strata else None
    fit = firth(
        durations(frame[f.time], frame[f.event], entry_days=frame[f.entry] if f.entry else None),
        lang.design(frame, f.terms),
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


def model_test_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    data = durations(frame["time"], frame["status"])
    strata = frame[spec["strata"]] if "strata" in spec else None
    found: Any
    if spec["test"] == "interaction":
        effect = lang.design(frame, (spec["effect"],))
        found = interaction(data, effect, frame[spec["subgroup"]], strata=strata)
        result.same("statistic", found.statistic, want["statistic"])
    elif spec["test"] == "trend":
        found = trend_test(log_rank(data, frame[spec["group"]], strata=strata))
        result.same("statistic", found.chi_square, want["statistic"])
    else:
        found = adjusted_log_rank(data, frame[spec["group"]], lang.design(frame, (spec["covariates"],)), strata=strata)
        result.same("statistic", found.statistic, want["statistic"])
    result.same("df and p", [found.df, found.p_value], [want["df"], want["p"]])
