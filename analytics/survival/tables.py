"""The report's tables: results turned into rows of text for one language, in the order of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl

from analytics.plan import Comparison
from analytics.survival.contracts import Results
from analytics.survival.outcome import Frames
from analytics.survival.summary import ALL
from analytics.survival.wording import Wording, unbroken
from analytics.tables import Cell, Column, Table, numbers, words

Row = dict[str, Any]


def select(results: Results, name: str, **where: object) -> list[Row]:
    """Rows of a result that equal `where`; none where the result has no such frame."""
    frame = results.get(name)
    if frame is None:
        return []
    return frame.filter([pl.col(column).eq(pl.lit(value)) for column, value in where.items()]).to_dicts()


def estimates(
    results: Results, w: Wording, analysis: str, groups: Sequence[tuple[str, str]], params: Sequence[str]
) -> Table:
    """Counts, medians and landmark survival of (level, label) groups, for each end point."""
    months = w.plan.landmarks_months
    columns = [words(w.text("comparisons.endpoint"))]
    if groups[0][0] != ALL:
        columns.append(words(w.text("comparisons.group")))
    columns += [numbers(w.text(f"comparisons.{name}")) for name in ("n", "events", "not_evaluable", "median")]
    columns += [numbers(w.text("comparisons.landmark", months=f"{m:g}")) for m in months]
    rows = []
    for param in params:
        for level, label in groups:
            key = {"analysis": analysis, "endpoint": param, "level": level}
            row = select(results, "estimates", **key)[0]
            at = {r["landmark_months"]: w.share(r) for r in select(results, "landmarks", **key)}
            rows.append(
                [
                    w.short(param),
                    *([] if level == ALL else [label]),
                    w.count(row["n"]),
                    w.count(row["events"]),
                    w.count(row["n_not_evaluable"]),
                    w.median(row),
                    *(at.get(m, "–") for m in months),
                ]
            )
    under = [*w.qualified(params), w.text("under")]
    return Table(f"{analysis}-estimates", w.text("overall.estimates"), columns, rows, under)


def attrition(results: Results, frames: Frames, w: Wording) -> Table:
    """From delivered patients to the cohort."""
    said = dict(frames.criterion.select("code", f"sentence_{w.lang}").iter_rows())
    columns = [words(w.text("population.step"))]
    columns += [numbers(w.text(f"population.{name}")) for name in ("excluded", "remaining", "applies")]
    rows = []
    for row in results["attrition"].iter_rows(named=True):
        code = row["code"]
        is_step = code in {"delivered", "cohort", "plan"}
        label = w.text(f"population.{code}") if is_step else said.get(code) or w.words.label("exclusion", code)
        rows.append([label, w.count(row["n_excluded"]), w.count(row["n_remaining"]), w.count(row["n_all"])])
    return Table("attrition", w.text("population.attrition"), columns, rows, [w.text("population.order")])


def group_sizes(results: Results, w: Wording, analysis: str, groups: Sequence[tuple[str, str]]) -> Table:
    """Every variable fixed at time zero, by group."""
    columns = [words(w.text("population.variable")), *(numbers(label) for _, label in groups)]
    counted = {
        (row["variable"], row["value"], row["level"]): row["n"]
        for row in select(results, "group_sizes", analysis=analysis)
    }
    rows: list[list[Cell]] = []
    for variable in (*w.plan.cross_tabulate, "calendar_year"):
        values = {v for name, v, _ in counted if name == variable}
        for value in sorted(values, key=lambda v: (v == "", v == "other", v)):
            counts = [w.count(counted.get((variable, value, level), 0)) for level, _ in groups]
            rows.append([w.value(variable, value), *counts])
    caption = "population.sizes" if analysis == "overall" else "population.overlap"
    return Table(f"{analysis}-sizes", w.text(caption), columns, rows)


def endings(results: Results, w: Wording) -> Table:
    """Why each observation ended."""
    columns = [words(w.text(name)) for name in ("comparisons.endpoint", "overall.ending", "overall.reason")]
    columns.append(numbers(w.text("comparisons.n")))
    rows = [
        [
            w.short(row["endpoint"]),
            w.words.label("ending", row["ending"]),
            w.words.label("ending_reason", row["reason"]),
            w.count(row["n"]),
        ]
        for row in results["endings"].iter_rows(named=True)
    ]
    params = [endpoint.param for endpoint in w.plan.endpoints]
    return Table("endings", w.text("overall.endings"), columns, rows, w.qualified(params))


def overview(results: Results, w: Wording) -> Table:
    """Every comparison and end point on one line."""
    names = ("comparison", "endpoint", "counts", "median", "hr", "p", "holm")
    columns = [Column(w.text(f"comparisons.{name}"), is_number=name in {"p", "holm"}) for name in names]
    rows: list[list[Cell]] = []
    for comparison in w.plan.comparisons:
        for param in comparison.endpoints:
            key = {"analysis": comparison.id, "endpoint": param}
            groups = select(results, "estimates", **key)
            test = select(results, "tests", **key, from_day=0)[0]
            ratios = select(results, "hazard_ratios", **key, from_day=0)
            marked = [w.text("comparisons.descriptive")] if test["rule"] == "descriptive" else []
            rows.append(
                [
                    w.own(comparison.title),
                    w.short(param),
                    _unbroken_lines(f"{w.level(comparison, g['level'])} {_events_of(w, g)}" for g in groups),
                    _unbroken_lines(w.median(group) for group in groups),
                    tuple(w.hazard_ratio(ratio) for ratio in ratios),
                    (w.p_value(test["p_value"]), *marked),
                    w.p_value(test["holm_p"]),
                ]
            )
    params = [endpoint.param for endpoint in w.plan.endpoints]
    under = [w.text("comparisons.holm_note"), *w.qualified(params), w.text("under")]
    return Table("overview", w.text("comparisons.overview"), columns, rows, under)


def tests(results: Results, w: Wording, comparison: Comparison) -> Table:
    """Hazard ratios and P of one comparison, with the method of each."""
    names = ("endpoint", "patients", "hr", "p", "holm", "how")
    columns = [Column(w.text(f"comparisons.{name}"), is_number=name in {"p", "holm"}) for name in names]
    rows: list[list[Cell]] = []
    for test in select(results, "tests", analysis=comparison.id):
        key = {name: test[name] for name in ("analysis", "endpoint", "from_day")}
        among = w.text("comparisons.all")
        if test["from_day"]:
            among = w.text("comparisons.after", day=test["from_day"], n=w.count(test["n"]))
        ratios = [w.ratio_of(comparison, ratio) for ratio in select(results, "hazard_ratios", **key)]
        rows.append(
            [
                w.short(test["endpoint"]),
                among,
                tuple(ratios),
                w.p_value(test["p_value"]),
                w.p_value(test["holm_p"]),
                w.how(test),
            ]
        )
    under = [w.text("comparisons.holm_note"), *w.qualified(comparison.endpoints)]
    return Table(f"{comparison.id}-tests", w.text("comparisons.test"), columns, rows, under)


def follow_up(results: Results, w: Wording) -> Table:
    """Reversed Kaplan-Meier medians."""
    columns = [words(w.text("follow_up.set")), numbers(w.text("comparisons.n"))]
    columns += [numbers(w.text("follow_up.censored")), numbers(w.text("comparisons.median"))]
    rows = [
        [w.of_set(row["analysis"], row["level"]), w.count(row["n"]), w.count(row.get("n_censored")), w.median(row)]
        for row in results["follow_up"].iter_rows(named=True)
    ]
    return Table("follow-up-medians", w.text("follow_up.caption"), columns, rows, [w.text("under")])


def targets(results: Results, w: Wording) -> list[Table]:
    """Target beside pipeline: the whole cohort, and the comparisons."""
    last = [words(w.text(f"targets.{name}")) for name in ("target", "pipeline", "within")]
    whole = [
        [w.text(f"targets.{row['quantity']}", endpoint=_name(w, row)), *_number(w, row), is_met(w, row)]
        for row in results["targets"].iter_rows(named=True)
        if row["quantity"] != "comparison"
    ]
    columns = [words(w.text("targets.quantity")), *last]
    under = [*w.qualified(w.plan.targets.median_months), w.text("targets.numbers_under")]
    cohort = Table("targets-numbers", w.text("targets.numbers"), columns, whole, under)
    columns = [words(w.text("comparisons.comparison")), words(w.text("comparisons.endpoint")), *last]
    under = [*w.qualified(endpoint.param for endpoint in w.plan.endpoints), w.text("targets.under")]
    pairs = Table("targets-comparisons", w.text("targets.comparisons"), columns, list(_directions(results, w)), under)
    return [table for table in (cohort, pairs) if table.rows]


def _unbroken_lines(parts: Iterable[str]) -> Cell:
    """One line for each level of a comparison, so that they stand level with those of the next cell."""
    return tuple(map(unbroken, parts))


def _events_of(w: Wording, row: Row) -> str:
    return f"{w.count(row['events'])}/{w.count(row['n'])}"


def _name(w: Wording, row: Row) -> str:
    return w.short(row["endpoint"]) if row["endpoint"] else ""


def _number(w: Wording, row: Row) -> tuple[str, str]:
    digits = 0 if row["quantity"] == "n" else 1

    def written(value: float | None) -> str:
        return "NR" if value is None else f"{value:.{digits}f}"

    if not row["tolerance"]:
        return written(row["target_value"]), written(row["pipeline_value"])
    target = w.text("targets.tolerance", value=written(row["target_value"]), tolerance=f"{row['tolerance']:g}")
    # One digit more than the target, so that a miss by a rounding is seen.
    pipeline = "NR" if row["pipeline_value"] is None else f"{row['pipeline_value']:.2f}"
    return target, pipeline


def _directions(results: Results, w: Wording) -> Iterator[list[str]]:
    for comparison in w.plan.comparisons:
        for row in select(results, "targets", quantity="comparison", analysis=comparison.id):
            better = w.level(comparison, row["target_better"])
            target = w.text("targets.longer", level=better, p=unbroken(row["target_p"]))
            pipeline = w.words.text("number.not_evaluable")
            if row["pipeline_p"] is not None:
                level = w.level(comparison, row["pipeline_better"])
                pipeline = w.text("targets.longer", level=level, p=w.p_equals(row["pipeline_p"]))
            yield [w.own(comparison.title), w.short(row["endpoint"]), target, pipeline, is_met(w, row)]


def is_met(w: Wording, row: Row) -> str:
    """Whether a target is met, in words."""
    if row["is_met"] is None:
        return w.words.text("number.not_evaluable")
    return w.text("targets.yes" if row["is_met"] else "targets.no")
