"""Who is in the study: baseline by centre and group, regimens by line, what is missing, how the groups overlap."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.paper.profile import BY_ROUTE, LINE, OVERALL, PARTNER, TOTAL, UNKNOWN, Group, of_end_point
from analytics.plan import Comparison
from analytics.survival import tables
from analytics.tables import INDENT, Cell, Table, numbers, words


def attrition(m: Material) -> Table:
    """From delivered patients to the cohort."""
    return tables.attrition(m.results, m.frames, m.w)


def baseline_by_centre(m: Material) -> Table:
    """Table 1: overall and by centre."""
    centres = [(("centre", code), code) for code in m.profile.groups("centre")]
    return _baseline(m, "baseline-centre", m.text("baseline.by_centre"), OVERALL, centres)


def baseline_by_group(m: Material, comparison: Comparison) -> Table:
    """Table 1 of the groups of a comparison, with how many are in none."""
    groups = [((comparison.id, level.id), m.w.own(level.label)) for level in comparison.levels]
    title = m.text("baseline.by_group", title=m.w.own(comparison.title))
    name = f"baseline-{comparison.id}".replace("_", "-")
    made = _baseline(m, name, title, (comparison.id, TOTAL), groups)
    n_ungrouped = m.results["members"].filter(analysis=comparison.id)["n_ungrouped"].item()
    if not n_ungrouped:
        return made
    note = m.w.text("comparisons.ungrouped", n=m.w.count(n_ungrouped))
    return Table(made.id, made.title, made.columns, made.rows, [*made.notes, note])


def _baseline(m: Material, name: str, title: str, whole: Group, groups: Sequence[tuple[Group, str]]) -> Table:
    every = [(whole, m.text("baseline.overall")), *groups]
    columns = [words(m.text("baseline.variable"))]
    columns += [numbers(m.text("baseline.group", label=label, n=m.count(m.profile.size(g)))) for g, label in every]
    columns.append(numbers(m.text("baseline.smd")))
    rows: list[list[Cell]] = []
    apart = dict(m.profile.apart.filter(analysis=groups[0][0][0]).select("variable", "smd").iter_rows())
    for variable in m.described():
        if m.released and not m.profile.is_counted(variable.id):
            continue  # the results count it
        smd = decimal(apart.get(variable.id), 2, m.lang)
        if variable.is_number:
            label = m.text("baseline.number", variable=m.with_unit(variable))
            rows.append([label, *(_median(m, group, variable.id) for group, _ in every), smd])
        else:
            label = m.text("baseline.share", variable=m.variable(variable))
            rows.append([label, *([""] * len(every)), smd])
            named = [(level.id, m.w.own(level.label)) for level in variable.levels]
            # In the order of the whole cohort, the same in every table.
            found = m.profile.values(OVERALL, variable.id)
            for value, said in named or [(value, m.value(variable.column, value)) for value in found]:
                if any(m.profile.n(group, variable.id, value) != 0 for group, _ in every):
                    rows.append([INDENT + said, *(_share(m, group, variable.id, value) for group, _ in every), ""])
        if any(m.profile.n(group, variable.id, UNKNOWN) != 0 for group, _ in every):
            cells = [_missing(m, group, variable.id) for group, _ in every]
            rows.append([INDENT + m.text("baseline.missing"), *cells, ""])
    return Table(name, title, columns, rows, [m.text("baseline.note"), m.text("baseline.smd_note")])


def _median(m: Material, group: Group, variable: str) -> str:
    found = m.profile.numbers.filter(analysis=group[0], level=group[1], variable=variable)
    cuts = found.select("median", "lower", "upper").row(0) if found.height else (None, None, None)
    if cuts[0] is None:
        return "–" if not m.released else m.count(None)
    middle, lower, upper = (decimal(cut, 0 if cut is None or cut == round(cut) else 1, m.lang) for cut in cuts)
    return f"{middle} ({lower}, {upper})" if cuts[1] is not None else middle


def _share(m: Material, group: Group, variable: str, value: str) -> str:
    size, unknown = m.profile.size(group), m.profile.n(group, variable, UNKNOWN)
    whole = None if size is None or unknown is None else size - unknown
    return _percent(m, m.profile.n(group, variable, value), whole)


def _missing(m: Material, group: Group, variable: str) -> str:
    return _percent(m, m.profile.n(group, variable, UNKNOWN), m.profile.size(group))


def _percent(m: Material, part: int | None, whole: int | None) -> str:
    if whole == 0:
        return "–"
    if part is None or whole is None:
        return m.count(part)
    return f"{m.w.count(part)} ({decimal(100 * part / whole, 1, m.lang)})"


def regimens_by_line(m: Material) -> Table:
    """What was given at time zero, by the number of the index line; a pack that leaves tells it of all lines."""
    lines = [] if m.released else [line for line in m.profile.groups(LINE) if m.profile.size((LINE, line))]
    labels = [m.text(f"regimens.{line}") if line in {"later", "uncertain"} else line for line in lines]
    columns = [words(m.text("regimens.regimen"))]
    columns += [
        numbers(m.text("regimens.line", label=label, n=m.count(m.profile.size((LINE, line)))))
        for line, label in zip(lines, labels, strict=True)
    ]
    columns.append(numbers(m.text("regimens.all", n=m.count(m.profile.size(OVERALL)))))
    groups = [*((LINE, line) for line in lines), OVERALL]
    rows: list[list[Cell]] = []
    for column, heading in zip(BY_ROUTE, ("by_group", "by_agent", "by_partner"), strict=True):
        rows.append([m.text(f"regimens.{heading}"), *([""] * len(groups))])
        for value in m.profile.values(OVERALL, column, is_unknown_one=True):
            said = m.code("drug", value or None) if column == PARTNER else m.value(column, value or None)
            rows.append([INDENT + said, *(m.count(m.profile.n(group, column, value)) for group in groups)])
    note = m.text("regimens.note", days=m.plan.grace_window_days)
    return Table("regimens", m.text("regimens.title"), columns, rows, [note])


def missing(m: Material) -> Table:
    """What of day zero is not known, by centre."""
    centres = m.profile.groups("centre")
    every = [(OVERALL, m.text("baseline.overall")), *((("centre", code), code) for code in centres)]
    columns = [words(m.text("baseline.variable"))]
    columns += [numbers(m.text("baseline.group", label=label, n=m.count(m.profile.size(g)))) for g, label in every]
    rows: list[list[Cell]] = [
        [m.variable(variable), *(_missing(m, group, variable.id) for group, _ in every)]
        for variable in m.described()
        if not m.released or m.profile.is_counted(variable.id)
    ]
    for endpoint in m.plan.endpoints:
        cells = [_missing(m, group, of_end_point(endpoint.param)) for group, _ in every]
        rows.append([m.text("missing.endpoint", endpoint=m.w.short(endpoint.param)), *cells])
    return Table("missing", m.text("missing.title"), columns, rows, [m.text("missing.note")])


def overlap(m: Material, comparison: Comparison) -> Table:
    """The groups of a comparison by everything that goes with them: entity, line, regimen, centre, calendar year."""
    groups = [(level.id, m.w.own(level.label)) for level in comparison.levels]
    made = tables.group_sizes(m.results, m.w, comparison.id, groups)
    title = m.text("overlap.title", title=m.w.own(comparison.title))
    return Table(f"overlap-{comparison.id}".replace("_", "-"), title, made.columns, made.rows, [m.text("overlap.note")])
