"""Would the answer be another? Subgroups with interaction, centres pooled, other choices, other codings."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.plan import Comparison
from analytics.survival import tables
from analytics.survival.wording import unbroken
from analytics.tables import INDENT, Cell, Table, numbers, words

Row = dict[str, Any]


def subgroups(m: Material, comparison: Comparison) -> Table | None:
    """Hazard ratio of a comparison in each subgroup, with the P of interaction; None where the plan names none."""
    rows: list[list[Cell]] = []
    for param in comparison.endpoints:
        heading = None
        for row in tables.select(m.results, "subgroups", analysis=comparison.id, endpoint=param):
            if not row["variable"]:
                rows.append([m.w.short(param), m.w.text("population.patients"), *_ratio(m, row), ""])
                continue
            variable = m.plan.variable(row["variable"])
            if variable.id != heading:
                heading = variable.id
                rows.append([m.w.short(param), m.variable(variable), "", "", m.w.p_value(row["interaction_p"])])
            label = next(m.w.own(level.label) for level in variable.levels if level.id == row["subgroup"])
            rows.append([m.w.short(param), INDENT + label, *_ratio(m, row), ""])
    if not m.plan.subgroups or not rows:
        return None
    columns = [words(m.w.text("comparisons.endpoint")), words(m.text("robustness.subgroup"))]
    columns += [
        numbers(m.text("tests.counts")),
        words(m.text("tests.plain")),
        numbers(m.text("robustness.interaction")),
    ]
    title = m.text("robustness.subgroups", title=m.w.own(comparison.title))
    name = f"subgroups-{comparison.id}".replace("_", "-")
    return Table(
        name, title, columns, rows, [m.text("robustness.subgroups_note"), *m.w.qualified(comparison.endpoints)]
    )


def time_ratios(m: Material) -> Table | None:
    """How many times as long one group's time lasts, by two distributions; None where nothing is compared."""
    if m.results["time_ratios"].is_empty():
        return None
    columns = [words(m.w.text(f"comparisons.{name}")) for name in ("comparison", "endpoint")]
    columns += [words(m.text("robustness.distribution")), numbers(m.text("tests.counts"))]
    columns += [words(m.text("robustness.time_ratio")), numbers("P")]
    rows: list[list[Cell]] = []
    for row in m.results["time_ratios"].iter_rows(named=True):
        comparison = next(c for c in m.plan.comparisons if c.id == row["analysis"])
        groups = {name: m.w.level(comparison, row[name]) for name in ("level", "reference")}
        ratio = m.w.words.label("survival.reason", row["reason"])
        if row["time_ratio"] is not None:
            middle, low, high = (decimal(row[name], 2, m.lang) for name in ("time_ratio", "lower", "upper"))
            ratio = m.text("robustness.ratio", **groups, ratio=unbroken(f"{middle} ({low}, {high})"))
        rows.append(
            [
                m.w.own(comparison.title),
                m.w.short(row["endpoint"]),
                m.text(f"robustness.{row['distribution']}"),
                f"{m.w.count(row['events'])}/{m.w.count(row['n'])}",
                ratio,
                m.w.p_value(row["p_value"]),
            ]
        )
    notes = [m.text("robustness.time_ratios_note"), *m.w.qualified(e.param for e in m.plan.endpoints)]
    return Table("time-ratios", m.text("robustness.time_ratios"), columns, rows, notes)


def centres(m: Material) -> Table:
    """Every comparison within each centre, stratified, and pooled with random effects and heterogeneity."""
    columns = [words(m.w.text(f"comparisons.{name}")) for name in ("comparison", "endpoint")]
    columns += [words(m.text("robustness.view")), numbers(m.text("tests.counts")), words(m.text("tests.plain"))]
    columns.append(words(m.text("robustness.heterogeneity")))
    rows: list[list[Cell]] = []
    for row in m.results["centres"].filter(pl.col("view") != "fixed").iter_rows(named=True):
        view = row["centre"] if row["view"] == "centre" else m.w.words.text(f"drawing.{row['view']}")
        apart = ""
        if row["i2"] is not None:
            values = {"i2": f"{row['i2']:.0f}", "tau2": f"{row['tau2']:.2f}", "p": m.w.p_equals(row["q_p"])}
            apart = m.w.words.text("drawing.heterogeneity", **values)
        rows.append([m.title(row["analysis"]), m.w.short(row["endpoint"]), view, *_ratio(m, row), apart])
    notes = [m.text("robustness.centres_note"), *m.w.qualified(e.param for e in m.plan.endpoints)]
    return Table("centres", m.text("robustness.centres"), columns, rows, notes)


def sensitivity(m: Material) -> Table | None:
    """Every comparison under each other choice of the plan; None where it names none."""
    if not m.plan.sensitivity.chosen():
        return None
    columns = [words(m.w.text(f"comparisons.{name}")) for name in ("comparison", "endpoint")]
    columns += [words(m.text("robustness.choice")), numbers(m.text("tests.counts")), words(m.text("tests.plain"))]
    columns += [numbers("P"), numbers(m.text("all.log_rank"))]
    rows: list[list[Cell]] = []
    for row in m.results["sensitivity"].iter_rows(named=True):
        setting = m.w.words.label("drawing.setting", row["setting"])
        choice = m.w.words.text(f"drawing.variant.{row['variant']}", setting=setting)
        p = [m.w.p_value(row[name]) for name in ("p_value", "log_rank_p")]
        rows.append([m.title(row["analysis"]), m.w.short(row["endpoint"]), choice, *_ratio(m, row), *p])
    notes = [m.text("robustness.sensitivity_note"), m.text("not_evaluable_note")]
    return Table("sensitivity", m.text("robustness.sensitivity"), columns, rows, notes)


def doubt(m: Material) -> Table | None:
    """The range of each comparison over every admissible coding of the doubtful; None where nobody is."""
    found = m.results["doubt"].filter(pl.col("n_doubtful") > 0)
    if not found.height:
        return None
    columns = [words(m.w.text(f"comparisons.{name}")) for name in ("comparison", "endpoint")]
    columns += [numbers(m.text(f"robustness.{name}")) for name in ("doubtful", "codings")]
    columns += [words(m.text("tests.plain")), words(m.text("robustness.ratio_range"))]
    columns += [numbers("P"), numbers(m.text("robustness.p_range"))]
    rows: list[list[Cell]] = []
    for row in found.iter_rows(named=True):
        ratio, low, high = (
            decimal(row[name], 2, m.lang) for name in ("hazard_ratio", "hazard_ratio_min", "hazard_ratio_max")
        )
        p = m.w.p_value
        rows.append(
            [
                m.title(row["analysis"]),
                m.w.short(row["endpoint"]),
                m.w.count(row["n_doubtful"]),
                m.w.count(row["codings"]),
                ratio,
                f"{low} – {high}",
                p(row["p_value"]),
                f"{p(row['p_min'])} – {p(row['p_max'])}",
            ]
        )
    return Table("doubt", m.text("robustness.doubt"), columns, rows, [m.text("robustness.doubt_note")])


def _ratio(m: Material, row: Row) -> tuple[str, str]:
    """Events of patients, and the hazard ratio or why there is none."""
    counts = "–" if row["n"] is None else f"{m.w.count(row['events'])}/{m.w.count(row['n'])}"
    if row["hazard_ratio"] is None:
        return counts, m.w.words.label("survival.reason", row["reason"])
    return counts, m.w.hazard_ratio(row)
