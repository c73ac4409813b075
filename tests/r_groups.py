"""Competing risks, proportions, balance and pooling beside R's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import r_cases as r
import r_language as lang
from r_curves import case_weights
from r_models import cox_fields, fitted

from analytics.survival.balance import balance
from analytics.survival.competing_risks import CompetingRisks, competing_risks, cumulative_incidence
from analytics.survival.durations import durations
from analytics.survival.estimates import kaplan_meier, survival_at
from analytics.survival.fine_gray import fine_gray
from analytics.survival.gray import gray_test
from analytics.survival.pooling import pool
from analytics.survival.proportions import difference, proportion


def competing_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    code = frame.select(lang.expression(spec["code"]).cast(pl.Int64).alias("code"))["code"]
    cause = pl.Series([None if c == 0 else str(c) for c in code], dtype=pl.String)
    entry = frame[spec["entry"]] if "entry" in spec else None
    risks = competing_risks(frame[spec["time"]], cause, entry_days=entry, weights=case_weights(spec, frame))
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
            fit = fine_gray(risks, lang.design(frame, tuple(terms)), found[1])
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
            f = lang.formula(f"Surv({spec['time']},__own)~{'+'.join(r.listed(value['terms']))}")
            cox_fields(result, fitted(own.drop_nulls(lang.variables(f)), f), value)
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


def balance_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    frame = r.read_data(folder, spec)
    table = balance(frame.select(list(want)), frame[spec["group"]])
    result.same("smd", table["smd"], list(want.values()))


def proportions_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
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


def pooling_case(result: r.Comparison, spec: dict[str, Any], want: dict[str, Any], folder: Path) -> None:
    y, se = pl.Series(spec["estimate"]), pl.Series(spec["std_err"])
    centre = pl.Series([str(i) for i in range(len(y))])
    found = pool(centre, y, se, between=spec["between"], hartung_knapp=spec["hartung_knapp"])
    for key, value in want.items():
        result.same(key, getattr(found, key), value)
