"""The figures of a plan's results: from frames and words to pictures, each named for what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from analytics.plan import Comparison
from analytics.survival.contracts import Results
from analytics.survival.figures import attrition as attrition_figure
from analytics.survival.figures import design as design_figure
from analytics.survival.figures import forest as forest_figure
from analytics.survival.figures import swimmer as swimmer_figure
from analytics.survival.figures import waterfall as waterfall_figure
from analytics.survival.figures.kaplan_meier import Group, Words, kaplan_meier_figure
from analytics.survival.figures.style import Picture
from analytics.survival.outcome import Frames, narrow
from analytics.survival.summary import ALL
from analytics.survival.wording import Wording

METASTATIC_TOLERANCE_DAYS = 14
"""Default of registry.yaml's metastatic_tolerance_days."""

Row = Mapping[str, Any]


def pictures(
    frames: Frames, results: Results, w: Wording, assessment: pl.DataFrame | None, best_response: pl.DataFrame | None
) -> Iterator[Picture]:
    """Every figure in the order of a paper; what a refresh holds no data for is left out.

    assessment, best_response: mart's tables of these names, for waterfall and swimmer. These two show a lane or a bar
    for each patient and so never leave the registry: `results` cleared for release come without the two tables.
    """
    plan = w.plan
    yield attrition(results, frames, w)
    yield design(w)
    for endpoint in plan.endpoints:
        yield from filter(None, [curves(results, w, endpoint.param, None)])
    for comparison in plan.comparisons:
        for param in comparison.endpoints:
            yield from filter(None, [curves(results, w, param, comparison)])
            yield from filter(None, [draw(results, w, comparison, param) for draw in (subgroups, centres, sensitivity)])
    if best_response is not None and frames.exposure is not None:
        yield swimmer(frames, w, best_response)
    if assessment is not None:
        yield waterfall(frames, w, assessment)


def curves(results: Results, w: Wording, param: str, comparison: Comparison | None) -> Picture | None:
    """Kaplan-Meier of the whole cohort, or of the groups of a comparison that have anybody in them."""
    analysis = comparison.id if comparison else "overall"
    labels = [(ALL, w.text("follow_up.all"))]
    if comparison:
        labels = [(level.id, w.own(level.label)) for level in comparison.levels]
    groups = []
    for level, label in labels:
        chosen = (pl.col("analysis") == analysis) & (pl.col("endpoint") == param) & (pl.col("level") == level)
        row = results["estimates"].filter(chosen).row(0, named=True)
        if row["n"] and results["curves"].filter(chosen).height:
            named = w.text("figure.group", label=label, n=w.count(row["n"]), events=w.count(row["events"]))
            groups.append(Group(named, results["curves"].filter(chosen), results["at_risk"].filter(chosen)))
    if not groups:
        return None
    qualifier = w.own(w.plan.endpoint(param).qualifier)
    words = Words(
        title=w.short(param),
        # A blank line where only another end point has one keeps the figures of a row level.
        qualifier=qualifier or (" " if any(one.qualifier for one in w.plan.endpoints) else ""),
        time=w.text("figure.time"),
        share=w.text("figure.share"),
        at_risk=w.text("figure.at_risk"),
        censored=w.text("figure.censored"),
        events=w.text("figure.events"),
    )
    longest = float(results["curves"].filter(pl.col("analysis") == analysis)["time_days"].max())  # type: ignore[arg-type]
    return kaplan_meier_figure(groups, words, longest_days=longest, name=name_of(analysis, param))


def name_of(*parts: str) -> str:
    """The name of a figure, fit for a file and an id."""
    return "-".join(parts).lower().replace("_", "-")


def attrition(results: Results, frames: Frames, w: Wording) -> Picture:
    """From delivered patients to the cohort, and on to the groups of the plan's first comparison."""
    said = dict(frames.criterion.select("code", f"sentence_{w.lang}").iter_rows())
    rows: list[tuple[str, str, int | None]] = []
    for row in results["attrition"].iter_rows(named=True):
        code = row["code"]
        if code in {"delivered", "cohort", "plan"}:
            rows.append(("reached", w.text(f"population.{code}"), row["n_remaining"]))
        elif row["n_excluded"] != 0:
            rows.append(("excluded", said.get(code) or w.words.label("exclusion", code), row["n_excluded"]))
    for comparison in w.plan.comparisons[:1]:
        first = results["estimates"].filter(analysis=comparison.id).unique("level", keep="first", maintain_order=True)
        for row in first.iter_rows(named=True):
            n = None if row["n"] is None else row["n"] + (row["n_not_evaluable"] or 0)
            rows.append(("group", w.level(comparison, row["level"]), n))
    frame = pl.DataFrame(rows, schema=dict(attrition_figure.COLUMNS), orient="row")
    return attrition_figure.attrition(frame, w.text("population.attrition"), w.lang, name="attrition")


def design(w: Wording) -> Picture:
    """Time zero, the windows before and after it, and the follow-up."""
    days = [
        ("before", None, METASTATIC_TOLERANCE_DAYS),
        ("before", None, 0),
        ("index", 0, 0),
        ("grace", 0, w.plan.grace_window_days),
        ("follow", 0, None),
    ]
    keys = ("metastatic", "covariates", "index", "grace", "follow")
    frame = pl.DataFrame(
        [(kind, w.words.text(f"drawing.design.{key}"), *at) for key, (kind, *at) in zip(keys, days, strict=True)],
        schema=dict(design_figure.COLUMNS),
        orient="row",
    )
    return design_figure.design(frame, w.words.text("drawing.design.title"), w.lang, name="design")


def subgroups(results: Results, w: Wording, comparison: Comparison, param: str) -> Picture | None:
    """The comparison in the whole and in each subgroup, with the P of interaction."""
    rows, heading = [], None
    for row in results["subgroups"].filter(analysis=comparison.id, endpoint=param).iter_rows(named=True):
        if not row["variable"]:
            rows.append(_line(row, w, w.text("population.patients")))
            continue
        variable = w.plan.variable(row["variable"])
        if variable.id != heading:
            heading = variable.id
            name = w.own(variable.label) or w.words.label("variable", variable.column)
            rows.append({"kind": "heading", "label": name, "p_value": row["interaction_p"]})
        label = next(w.own(level.label) for level in variable.levels if level.id == row["subgroup"])
        rows.append(_line(row, w, label))
    return _forest(rows, w, comparison, param, "subgroups", p_header=w.words.text("drawing.interaction"))


def centres(results: Results, w: Wording, comparison: Comparison, param: str) -> Picture | None:
    """The comparison within each centre, stratified by centre, and pooled with random effects."""
    rows, foot = [], []
    for row in results["centres"].filter(analysis=comparison.id, endpoint=param).iter_rows(named=True):
        if row["view"] == "centre":
            rows.append(_line(row, w, row["centre"]))
        elif row["view"] == "stratified":
            rows.append(_line(row, w, w.words.text("drawing.stratified")))
        elif row["view"] == "random":
            rows.append(_line(row, w, w.words.text("drawing.random"), kind="pooled"))
            if row["i2"] is not None:
                values = {"i2": f"{row['i2']:.0f}", "tau2": f"{row['tau2']:.2f}", "p": w.p_equals(row["q_p"])}
                foot.append(w.words.text("drawing.heterogeneity", **values))
    return _forest(rows, w, comparison, param, "centres", foot=foot)


def sensitivity(results: Results, w: Wording, comparison: Comparison, param: str) -> Picture | None:
    """The comparison under each other choice, and its range over the codings of the doubtful."""
    rows, foot = [], []
    many = len(comparison.levels) > 2
    for row in results["sensitivity"].filter(analysis=comparison.id, endpoint=param).iter_rows(named=True):
        setting = w.words.label("drawing.setting", row["setting"])
        label = w.words.text(f"drawing.variant.{row['variant']}", setting=setting)
        if many:
            label = f"{label}: {w.level(comparison, row['level'])}"
        rows.append(_line(row, w, label) | {"p_value": row["p_value"]})
    for row in results["doubt"].filter(analysis=comparison.id, endpoint=param).iter_rows(named=True):
        if row["n_doubtful"]:
            rows.append(
                {
                    "kind": "range",
                    "label": w.words.text("drawing.doubt"),
                    "n": None,
                    "hazard_ratio": row["hazard_ratio"] or row["hazard_ratio_min"],
                    "lower": row["hazard_ratio_min"],
                    "upper": row["hazard_ratio_max"],
                    "reason": w.text("reason.too_few") if row["hazard_ratio_min"] is None else None,
                }
            )
            values = {"n": row["n_doubtful"], "codings": w.count(row["codings"])}
            p = {"low": w.p_value(row["p_min"]), "high": w.p_value(row["p_max"])}
            foot.append(w.words.text("drawing.doubt_foot", **values, **p))
    return _forest(rows, w, comparison, param, "sensitivity", p_header="P", foot=foot)


def swimmer(frames: Frames, w: Wording, best_response: pl.DataFrame) -> Picture:
    """A lane for each patient of the plan, by histology group, the longest observed first; times in days."""
    assert frames.exposure is not None  # noqa: S101 (the caller asks)
    who = narrow(frames.cohort, w.plan.within).select("patient_id", "histology_group")
    ends = frames.adtte.filter(PARAMCD="OS").drop_nulls("AVAL").select("patient_id", "AVAL", "CNSR")
    seen = who.join(ends, on="patient_id").sort(
        "histology_group", "AVAL", "patient_id", descending=[False, True, False]
    )
    lanes = seen.with_row_index("lane").with_columns(
        group=pl.col("histology_group").map_elements(
            lambda group: w.words.label("group_value", group), return_dtype=pl.String
        )
    )
    end = pl.col("AVAL").cast(pl.Float64)
    nothing = pl.lit(None, dtype=pl.Float64)
    followed = lanes.select("patient_id", kind=pl.lit("followed"), start_day=pl.lit(0.0), stop_day=end)
    last = pl.when(pl.col("CNSR") == 0).then(pl.lit("death")).otherwise(pl.lit("ongoing"))
    moments = lanes.select("patient_id", kind=last, start_day=end, stop_day=nothing)
    progressed = frames.adtte.filter(
        pl.col("PARAMCD").str.starts_with("PFS") & (pl.col("EVNTDESC") == "Progression") & (pl.col("CNSR") == 0)
    )
    progression = _first(progressed, "AVAL", "progression")
    response = _first(best_response, "response_days", "response")
    inside = pl.col("start_day").is_not_null() & (pl.col("component_code") != "supportive")
    known = pl.col("component_code").is_in(["immunotherapy", "antiangiogenic", "cytotoxic"])
    treated = frames.adtte.filter(PARAMCD="TTD").select("patient_id", on_treatment="AVAL")
    given = (
        frames.exposure.filter(inside)
        .join(lanes.select("patient_id", "AVAL"), on="patient_id")
        .join(treated, on="patient_id", how="left")
        .select(
            "patient_id",
            kind=pl.when(known).then("component_code").otherwise(pl.lit("other")),
            start_day=pl.max_horizontal("start_day", 0).cast(pl.Float64),
            # Without a stop: up to the end of treatment as the end point TTD has it, else the day of the dose.
            stop_day=pl.min_horizontal(
                pl.coalesce("stop_day", pl.when("is_ongoing").then("AVAL"), "on_treatment", "start_day"), "AVAL"
            ).cast(pl.Float64),
        )
        .filter(pl.col("stop_day") >= pl.col("start_day"))
    )
    marks = pl.concat([followed, given, response, progression, moments])
    drawn = marks.join(lanes.select("patient_id", "lane", "group"), on="patient_id").sort("lane", "start_day", "kind")
    rows = drawn.select(pl.col(name).cast(dtype) for name, dtype in swimmer_figure.COLUMNS.items())
    return swimmer_figure.swimmer(rows, w.words.text("drawing.swimmer.title"), w.lang, name="swimmer")


def _first(rows: pl.DataFrame, day: str, kind: str) -> pl.DataFrame:
    """The first day of each patient, as a moment of the swimmer figure."""
    earliest = rows.drop_nulls(day).group_by("patient_id").agg(pl.col(day).min().cast(pl.Float64).alias("start_day"))
    nothing = pl.lit(None, dtype=pl.Float64)
    return earliest.select("patient_id", kind=pl.lit(kind), start_day="start_day", stop_day=nothing)


def waterfall(frames: Frames, w: Wording, assessment: pl.DataFrame) -> Picture:
    """Best change of the target sum after baseline, for each patient of the plan."""
    after = assessment.filter(pl.col("day") > 0)
    best = after.group_by("patient_id").agg(
        change_percent=pl.col("change_from_baseline_pct").cast(pl.Float64).min(),
        has_new_lesion=pl.col("has_new_lesion").any(),
    )
    who = narrow(frames.cohort, w.plan.within).sort("histology_group", "patient_id")
    rows = who.join(best, on="patient_id", how="left", maintain_order="left").select(
        group=pl.col("histology_group").map_elements(
            lambda group: w.words.label("group_value", group), return_dtype=pl.String
        ),
        change_percent="change_percent",
        has_new_lesion=pl.col("has_new_lesion").fill_null(False),
    )
    return waterfall_figure.waterfall(rows, w.words.text("drawing.waterfall.title"), w.lang, name="waterfall")


def _line(row: Row, w: Wording, label: str, kind: str = "estimate") -> dict[str, Any]:
    shown = {name: row[name] for name in ("n", "events", "hazard_ratio", "lower", "upper")}
    is_missing = row["hazard_ratio"] is None and row["reason"] is not None
    reason = w.text(f"reason.{row['reason']}") if is_missing else None
    return {"kind": kind, "label": label, "p_value": None, "reason": reason} | shown


def _forest(
    rows: list[dict[str, Any]],
    w: Wording,
    comparison: Comparison,
    param: str,
    name: str,
    *,
    p_header: str | None = None,
    foot: list[str] | None = None,
) -> Picture | None:
    if not any(row.get("hazard_ratio") for row in rows):
        return None
    frame = pl.DataFrame(rows, schema=dict(forest_figure.COLUMNS), orient="row")
    first, last = (w.own(comparison.levels[i].label) for i in (0, -1))
    words = {"first": first, "last": last}
    title = f"{w.words.text(f'drawing.{name}.title')}: {w.own(comparison.title)}"
    under = [w.words.text("drawing.ratio_of", **words), w.endpoint(param), *(foot or [])]
    return forest_figure.forest(
        frame, title, w.lang, name=name_of(name, comparison.id, param), p_header=p_header, foot=under
    )
