"""Who is in the study: baseline by centre and group, regimens by line, what is missing, how the groups overlap."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.plan import Comparison
from analytics.survival import tables
from analytics.survival.balance import balance
from analytics.survival.covariates import level_of
from analytics.survival.outcome import grouped, narrow
from analytics.tables import INDENT, Cell, Table, numbers, words

Groups = Sequence[tuple[str, pl.DataFrame]]


def attrition(m: Material) -> Table:
    """From delivered patients to the cohort."""
    return tables.attrition(m.results, m.frames, m.w)


def baseline_by_centre(m: Material) -> Table:
    """Table 1: overall and by centre."""
    centres = [(code, m.cohort.filter(pl.col("centre") == code)) for code in sorted(m.cohort["centre"].unique())]
    return _baseline(m, "baseline-centre", m.text("baseline.by_centre"), centres)


def baseline_by_group(m: Material, comparison: Comparison) -> Table:
    """Table 1 of the groups of a comparison, with how many are in none."""
    within = narrow(m.cohort, comparison.within)
    patients, n_ungrouped = grouped(within, comparison.group, comparison.levels)
    groups = [
        (m.w.own(level.label), patients.filter(pl.col("level") == level.id).drop("level"))
        for level in comparison.levels
    ]
    title = m.text("baseline.by_group", title=m.w.own(comparison.title))
    made = _baseline(m, f"baseline-{comparison.id}".replace("_", "-"), title, groups)
    if not n_ungrouped:
        return made
    note = m.w.text("comparisons.ungrouped", n=m.w.count(n_ungrouped))
    return Table(made.id, made.title, made.columns, made.rows, [*made.notes, note])


def _baseline(m: Material, name: str, title: str, groups: Groups) -> Table:
    patients = pl.concat([part for _, part in groups])
    every = [(m.text("baseline.overall"), patients), *groups]
    columns = [words(m.text("baseline.variable"))]
    columns += [numbers(m.text("baseline.group", label=label, n=m.w.count(part.height))) for label, part in every]
    columns.append(numbers(m.text("baseline.smd")))
    rows: list[list[Cell]] = []
    group = pl.Series([i for i, (_, part) in enumerate(groups) for _ in range(part.height)], dtype=pl.Int64)
    apart = _apart(m, patients, group)
    for variable in m.described():
        smd = apart[variable.id]
        if variable.is_number:
            label = m.text("baseline.number", variable=m.with_unit(variable))
            rows.append([label, *(_median(m, part[variable.column]) for _, part in every), smd])
        else:
            label = m.text("baseline.share", variable=m.variable(variable))
            rows.append([label, *([""] * len(every)), smd])
            parts = [m.grouped_values(part, variable)[0] for _, part in every]
            for value, said in m.grouped_values(patients, variable)[1]:
                if any((part == value).any() for part in parts):
                    rows.append([INDENT + said, *(_share(m, part == value, part) for part in parts), ""])
        missing = [_known(m, part, variable.id) for _, part in every]
        if any(part.null_count() for part in missing):
            cells = [_missing(m, part) for part in missing]
            rows.append([INDENT + m.text("baseline.missing"), *cells, ""])
    return Table(name, title, columns, rows, [m.text("baseline.note"), m.text("baseline.smd_note")])


def _known(m: Material, patients: pl.DataFrame, name: str) -> pl.Series:
    variable = next(one for one in m.described() if one.id == name)
    return level_of(patients, variable) if variable.levels else patients[variable.column]


def _apart(m: Material, patients: pl.DataFrame, group: pl.Series) -> dict[str, str]:
    """Standardised mean difference of each variable, as it is written."""
    values = pl.DataFrame([_known(m, patients, v.id).alias(v.id) for v in m.described()])
    if not values.height or group.n_unique() < 2:
        return dict.fromkeys((v.id for v in m.described()), "–")
    found = balance(values, group)
    return {row["variable"]: decimal(row["smd"], 2, m.lang) for row in found.iter_rows(named=True)}


def _median(m: Material, values: pl.Series) -> str:
    known = values.drop_nulls()
    if not len(known):
        return "–"
    cuts = [float(known.quantile(p, "linear") or 0) for p in (0.5, 0.25, 0.75)]
    middle, lower, upper = (decimal(cut, 0 if cut == round(cut) else 1, m.lang) for cut in cuts)
    return f"{middle} ({lower}, {upper})"


def _share(m: Material, chosen: pl.Series, values: pl.Series) -> str:
    return _percent(m, int(chosen.sum()), len(values) - values.null_count())


def _missing(m: Material, values: pl.Series) -> str:
    return _percent(m, values.null_count(), len(values))


def _percent(m: Material, part: int, whole: int) -> str:
    return f"{m.w.count(part)} ({decimal(100 * part / whole, 1, m.lang)})" if whole else "–"


def regimens_by_line(m: Material) -> Table:
    """What was given at time zero, by the number of the index line."""
    known = [("1", 1, 1), ("2", 2, 2), ("3", 3, 3), (m.text("regimens.later"), 4, 99)]
    cohort = m.cohort.with_columns(
        shown=pl.when(pl.col("line_min") == pl.col("line_max")).then(pl.col("line_min")),
    )
    sets = [(label, cohort.filter(pl.col("shown").is_between(low, high))) for label, low, high in known]
    sets.append((m.text("regimens.uncertain"), cohort.filter(pl.col("shown").is_null())))
    columns = [words(m.text("regimens.regimen"))]
    columns += [
        numbers(m.text("regimens.line", label=label, n=m.w.count(part.height))) for label, part in sets if part.height
    ]
    columns.append(numbers(m.text("regimens.all", n=m.w.count(cohort.height))))
    parts = [part for _, part in sets if part.height] + [cohort]
    rows: list[list[Cell]] = []
    for column, heading in (("regimen_group", "regimens.by_group"), ("index_agent_code", "regimens.by_agent")):
        rows.append([m.text(heading), *([""] * len(parts))])
        counted = cohort.group_by(column).len().sort("len", column, descending=[True, False])
        for value in counted[column]:
            cells = [m.w.count(part.filter(pl.col(column).eq_missing(pl.lit(value))).height) for part in parts]
            rows.append([INDENT + m.value(column, value), *cells])
    rows.append([m.text("regimens.by_partner"), *([""] * len(parts))])
    given = m.of_cohort("mart.exposure").filter("is_at_time_zero", ~pl.col("is_checkpoint_inhibitor").fill_null(False))
    partner = given.with_columns(what=pl.coalesce("agent_code", "class_code")).select("patient_id", "what").unique()
    counted = partner.group_by("what").len().sort("len", "what", descending=[True, False])
    for value in counted["what"]:
        who = partner.filter(pl.col("what").eq_missing(pl.lit(value)))
        cells = [m.w.count(part.join(who, on="patient_id", how="semi").height) for part in parts]
        rows.append([INDENT + m.code("drug", value), *cells])
    return Table(
        "regimens", m.text("regimens.title"), columns, rows, [m.text("regimens.note", days=m.plan.grace_window_days)]
    )


def missing(m: Material) -> Table:
    """What of day zero is not known, by centre."""
    centres = sorted(m.cohort["centre"].unique())
    parts = [m.cohort, *(m.cohort.filter(pl.col("centre") == code) for code in centres)]
    columns = [words(m.text("baseline.variable"))]
    labels = [m.text("baseline.overall"), *centres]
    columns += [
        numbers(m.text("baseline.group", label=label, n=m.w.count(p.height)))
        for label, p in zip(labels, parts, strict=True)
    ]
    rows: list[list[Cell]] = [
        [m.variable(variable), *(_missing(m, _known(m, part, variable.id)) for part in parts)]
        for variable in m.described()
    ]
    for endpoint in m.plan.endpoints:
        lacking = m.frames.adtte.filter(pl.col("PARAMCD") == endpoint.param, pl.col("AVAL").is_null())
        cells = [_percent(m, p.join(lacking, on="patient_id", how="semi").height, p.height) for p in parts]
        rows.append([m.text("missing.endpoint", endpoint=m.w.short(endpoint.param)), *cells])
    return Table("missing", m.text("missing.title"), columns, rows, [m.text("missing.note")])


def overlap(m: Material, comparison: Comparison) -> Table:
    """The groups of a comparison by everything that goes with them: entity, line, regimen, centre, calendar year."""
    groups = [(level.id, m.w.own(level.label)) for level in comparison.levels]
    made = tables.group_sizes(m.results, m.w, comparison.id, groups)
    title = m.text("overlap.title", title=m.w.own(comparison.title))
    return Table(f"overlap-{comparison.id}".replace("_", "-"), title, made.columns, made.rows, [m.text("overlap.note")])
