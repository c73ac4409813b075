"""What came out: medians and landmarks, time lived, tests plain, stratified and adjusted, regression."""

from __future__ import annotations

from typing import Any

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.plan import Comparison
from analytics.survival import tables
from analytics.survival.durations import DAYS_PER_MONTH
from analytics.survival.ph_test import GLOBAL
from analytics.survival.summary import ALL
from analytics.survival.wording import unbroken
from analytics.tables import INDENT, Cell, Column, Table, numbers, words

Row = dict[str, Any]

_MODELS = ("univariable", "multivariable")


def follow_up(m: Material) -> Table:
    """Reversed Kaplan-Meier medians: overall, per centre and group."""
    made = tables.follow_up(m.results, m.w)
    note = m.w.text("follow_up.lead", endpoint=m.w.endpoint(m.plan.follow_up))
    return Table("follow-up", m.text("follow_up"), made.columns, made.rows, [note, *made.notes])


def survival(m: Material, comparison: Comparison | None) -> Table:
    """Counts, medians and landmark survival, overall or of the groups of a comparison."""
    if comparison is None:
        params = [endpoint.param for endpoint in m.plan.endpoints]
        made = tables.estimates(m.results, m.w, "overall", [(ALL, "")], params)
        title = m.text("survival.overall")
    else:
        groups = [(level.id, m.w.own(level.label)) for level in comparison.levels]
        made = tables.estimates(m.results, m.w, comparison.id, groups, list(comparison.endpoints))
        title = m.text("survival.group", title=m.w.own(comparison.title))
    name = f"survival-{comparison.id if comparison else 'overall'}".replace("_", "-")
    return Table(name, title, made.columns, made.rows, made.notes)


def others(m: Material) -> Table | None:
    """The mart's end points beside those of the plan; None where there are none."""
    found = m.results["further"]
    if not found.height:
        return None
    columns = [words(m.w.text("comparisons.endpoint"))]
    columns += [numbers(m.w.text(f"comparisons.{name}")) for name in ("n", "events", "not_evaluable", "median")]
    rows: list[list[Cell]] = [
        [
            m.w.words.label("endpoint", row["endpoint"]),
            *(m.w.count(row[name]) for name in ("n", "events", "n_not_evaluable")),
            m.w.median(row),
        ]
        for row in found.iter_rows(named=True)
    ]
    return Table("further", m.text("others.title"), columns, rows, [m.text("others.note"), m.w.text("under")])


def endings(m: Material) -> Table:
    """What each end point is, and how the observations ended."""
    made = tables.endings(m.results, m.w)
    defined = [
        m.text("endings.defined", endpoint=m.w.endpoint(e.param), event=m.w.event(e.param)) for e in m.plan.endpoints
    ]
    notes = [*defined, *(m.w.own(e.note) for e in m.plan.endpoints if e.note)]
    return Table("endings", m.text("endings.title"), made.columns, made.rows, notes)


def restricted_means(m: Material) -> Table:
    """Mean time up to each horizon, per group, with the difference of two groups."""
    columns = [words(m.w.text("comparisons.comparison")), words(m.w.text("comparisons.endpoint"))]
    columns += [numbers(m.text("rmst.horizon"), m.text("months")), words(m.w.text("comparisons.counts"))]
    columns += [words(m.text(f"rmst.{name}"), m.text("months")) for name in ("mean", "difference")]
    columns.append(numbers("P"))
    means = m.results["restricted_means"]
    keys = means.select("analysis", "endpoint", "tau_months").unique(maintain_order=True)
    rows: list[list[Cell]] = []
    for key in keys.iter_rows(named=True):
        groups = tables.select(m.results, "restricted_means", **key)
        against = next(iter(tables.select(m.results, "mean_differences", **key)), None)
        counts = [
            f"{_level(m, g['analysis'], g['level'])} {m.w.count(g['events'])}/{m.w.count(g['n'])}" for g in groups
        ]
        apart = "" if against is None else "–" if against["reason"] else _months(m, against, "difference_days")
        rows.append(
            [
                m.title(key["analysis"]),
                m.w.short(key["endpoint"]),
                f"{key['tau_months']:g}",
                tuple(map(unbroken, counts)),
                tuple(
                    _months(m, g, "mean_days") if not g["reason"] else m.text(f"reason.{g['reason']}") for g in groups
                ),
                apart,
                m.w.p_value(against["p_value"]) if against else "",
            ]
        )
    return Table("restricted-means", m.text("rmst.title"), columns, rows, [m.text("rmst.note"), m.w.text("under")])


def tests(m: Material) -> Table:
    """Every comparison: hazard ratio and P plain, stratified and beside covariates."""
    heads = ("comparisons.comparison", "comparisons.endpoint")
    columns = [words(m.w.text(head)) for head in heads]
    columns += [numbers(m.text("tests.counts")), words(m.text("tests.plain")), numbers(m.text("tests.plain_p"))]
    columns += [words(m.text("tests.stratified")), numbers(m.text("tests.stratified_p"))]
    columns += [words(m.text("tests.adjusted")), numbers(m.text("tests.adjusted_p")), words(m.text("tests.beside"))]
    rows: list[list[Cell]] = []
    for comparison in m.plan.comparisons:
        for param in comparison.endpoints:
            key = {"analysis": comparison.id, "endpoint": param}
            plain = tables.select(m.results, "tests", **key, from_day=0)[0]
            ratios = tables.select(m.results, "hazard_ratios", **key, from_day=0)
            strata = tables.select(m.results, "adjusted", **key, model="stratified")
            beside = tables.select(m.results, "adjusted", **key, model="adjusted")
            rows.append(
                [
                    m.w.own(comparison.title),
                    m.w.short(param),
                    f"{m.w.count(plain['events'])}/{m.w.count(plain['n'])}",
                    _ratios(m, ratios),
                    m.w.p_value(plain["p_value"]),
                    _ratios(m, strata),
                    m.w.p_value(strata[0]["log_rank_p"]) if strata else "–",
                    _ratios(m, beside),
                    tuple(m.w.p_value(row["p_value"]) for row in beside) or "–",
                    m.text("comma").join(m.variable(m.plan.variable(v)) for v in beside[0]["beside"])
                    if beside
                    else "–",
                ]
            )
    names = m.text("comma").join(m.w.words.label("variable", column) for column in m.plan.strata)
    notes = [m.text("tests.note", strata=names), m.text("not_evaluable_note"), *m.w.qualified(_params(m))]
    return Table("tests", m.text("tests.title"), columns, rows, notes)


def regression(m: Material, param: str) -> Table:
    """Cox models of one end point: each covariate alone, and together, with the test of proportional hazards."""
    columns = [words(m.text("baseline.variable")), numbers(m.text("regression.n"))]
    for model in _MODELS:
        columns += [numbers(m.text(f"regression.{model}")), numbers("P"), numbers(m.text("regression.ph"))]
    found = tables.select(m.results, "regression", endpoint=param)
    fitted = {(row["model"], row["variable"], row["level"]): row for row in found}
    tested = {
        (row["model"], row["term"]): m.w.p_value(row["p_value"])
        for row in tables.select(m.results, "proportional_hazards", endpoint=param)
    }
    rows: list[list[Cell]] = []
    for name in dict.fromkeys(row["variable"] for row in found):
        variable, label = m.plan.variable(name), m.variable(m.plan.variable(name))
        one = next(row for row in found if row["variable"] == name)
        counts = f"{m.w.count(one['events'])}/{m.w.count(one['n'])}"
        ph = [tested.get((model, name), "") for model in _MODELS]
        if variable.is_number:
            label = m.text("regression.per", variable=label, per=f"{variable.per:g}")
            said = [_fit(m, fitted.get((model, name, None))) for model in _MODELS]
        else:
            label = m.text("regression.against", variable=label, reference=m.w.own(variable.levels[-1].label))
            said = [("", ""), ("", "")]
        rows.append([label, counts, *said[0], ph[0], *said[1], ph[1]])
        for level in variable.levels[:-1]:
            said = [_fit(m, fitted.get((model, name, level.id))) for model in _MODELS]
            rows.append([INDENT + m.w.own(level.label), "", *said[0], "", *said[1], ""])
    if overall := tested.get(("multivariable", GLOBAL)):
        rows.append([m.text("regression.global"), *([""] * 6), overall])
    notes = []
    if together := [row for row in found if row["model"] == "multivariable"]:
        known = {name: m.w.count(together[0][name]) for name in ("n", "events", "n_incomplete")}
        notes.append(m.text("regression.counts", **known))
    notes.append(m.text("regression.note"))
    if any(row["estimator"] == "firth" for row in found):
        notes.append(m.text("regression.firth"))
    title = m.text("regression.title", endpoint=m.w.short(param))
    return Table(f"regression-{param.lower()}", title, columns, rows, [*notes, *m.w.qualified([param])])


def comparisons(m: Material) -> Table:
    """All comparisons in one table: the published finding beside the pipeline's, raw and adjusted P."""
    columns = [words(m.w.text("comparisons.comparison")), words(m.w.text("comparisons.endpoint"))]
    columns += [words(m.w.text("comparisons.counts")), words(m.w.text("comparisons.median"))]
    columns += [words(m.text("all.target")), words(m.text("all.pipeline")), words(m.w.text("comparisons.hr"))]
    columns += [Column("P", is_number=True), numbers(m.text("all.log_rank")), numbers(m.w.text("comparisons.holm"))]
    columns.append(words(m.w.text("targets.within")))
    rows: list[list[Cell]] = []
    for comparison in m.plan.comparisons:
        for param in comparison.endpoints:
            key = {"analysis": comparison.id, "endpoint": param}
            test = tables.select(m.results, "tests", **key, from_day=0)[0]
            groups = tables.select(m.results, "estimates", **key)
            ratios = tables.select(m.results, "hazard_ratios", **key, from_day=0)
            target = next(iter(tables.select(m.results, "targets", quantity="comparison", **key)), None)
            longer = (
                "–" if test["better"] is None else m.text("all.longer", level=m.w.level(comparison, test["better"]))
            )
            mark = ("", m.text("all.descriptive")) if test["rule"] == "descriptive" else ()
            rows.append(
                [
                    m.w.own(comparison.title),
                    m.w.short(param),
                    tuple(
                        f"{m.w.level(comparison, g['level'])} {m.w.count(g['events'])}/{m.w.count(g['n'])}"
                        for g in groups
                    ),
                    tuple(unbroken(m.w.median(group)) for group in groups),
                    _target(m, comparison, target),
                    longer,
                    _ratios(m, ratios),
                    (m.w.p_value(test["p_value"]), *mark[1:]),
                    m.w.p_value(test["log_rank_p"]),
                    m.w.p_value(test["holm_p"]),
                    "–" if target is None else tables.is_met(m.w, target),
                ]
            )
    notes = [m.text("all.note"), m.w.text("comparisons.holm_note"), m.text("not_evaluable_note")]
    return Table(
        "comparisons", m.text("all.title"), columns, rows, [*notes, *m.w.qualified(_params(m)), m.w.text("under")]
    )


def _target(m: Material, comparison: Comparison, target: Row | None) -> Cell:
    if target is None:
        return m.text("all.no_target")
    return (m.text("all.longer", level=m.w.level(comparison, target["target_better"])), target["target_p"])


def _ratios(m: Material, rows: list[Row]) -> Cell:
    return (
        tuple(
            unbroken(m.w.hazard_ratio(row)) if row["hazard_ratio"] is not None else m.w.hazard_ratio(row)
            for row in rows
        )
        or "–"
    )


def _fit(m: Material, row: Row | None) -> tuple[str, str]:
    """Hazard ratio and P of a row of regression; blank where the model has not the variable."""
    if row is None:
        return "", ""
    if row["hazard_ratio"] is None:
        return m.w.text(f"reason.{row['reason']}"), "–"
    mark = "*" if row["estimator"] == "firth" else ""
    return m.w.hazard_ratio(row) + mark, m.w.p_value(row["p_value"])


def _months(m: Material, row: Row, name: str) -> str:
    values = (row[name], row["lower_days"], row["upper_days"])
    middle, lower, upper = ("–" if v is None else decimal(v / DAYS_PER_MONTH, 1, m.lang) for v in values)
    return unbroken(f"{middle} ({lower}, {upper})")


def _level(m: Material, analysis: str, level: str) -> str:
    if analysis == "overall":
        return m.w.text("follow_up.all")
    return m.w.level(next(c for c in m.plan.comparisons if c.id == analysis), level)


def _params(m: Material) -> list[str]:
    return [endpoint.param for endpoint in m.plan.endpoints]
