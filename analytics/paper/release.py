"""The pack that may leave: its material cleared at the entrance, so that no table and no figure sees a patient.

Counts of the cohort are cleared together with the results (see analytics.survival.release): what one hides, the other
does not tell. Best response, adverse events, texts and faults each have sums of their own. Every other table of the
refresh is taken away or left without a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from analytics.attacker import Key, Sum
from analytics.disclosure import is_small, protect
from analytics.paper.material import Material
from analytics.paper.profile import (
    ANY_EVENT,
    ANY_IMMUNE,
    BY_ROUTE,
    GRADES,
    OVERALL,
    PARTNER,
    RESPONSES,
    UNKNOWN,
    Profile,
    of_end_point,
)
from analytics.plan import WINDOW_COLUMNS, Plan
from analytics.survival.contracts import Results
from analytics.survival.release import clear
from warehouse.lock import Cut

_ABOUT_NOBODY = ("meta.refresh", "meta.centre", "reference.code", "reference.criterion", "reference.rule")
_EMPTIED = ("mart.cohort", "mart.adtte", "mart.exclusion")


@dataclass(frozen=True)
class ReleasedMaterial:
    """materials: language -> cleared material. withheld: result, what, n (values taken out)."""

    materials: Mapping[str, Material]
    withheld: pl.DataFrame


def released(materials: Mapping[str, Material]) -> ReleasedMaterial:
    """Clear one plan's material in every language; the results and counts are those of the first.

    Raises DisclosureError where the counts cannot be protected: the plan's groups are too small to be published.
    """
    first = next(iter(materials.values()))
    plan, profile = first.plan, first.profile
    cleared = clear(_told_once(first.results, plan), plan)
    told = _profile(profile, cleared.results, plan)
    tables = {name: first.tables[name] for name in _ABOUT_NOBODY} | {
        name: first.tables[name].clear() for name in _EMPTIED
    }
    withheld = pl.concat([cleared.withheld, _taken(profile, told)])
    made = {
        lang: Material(tables, plan, cleared.results, _without_inputs(m.manifest), lang, told, _without_counts(m.cut))
        for lang, m in materials.items()
    }
    return ReleasedMaterial(made, withheld)


_RULES = ("cells", "once", "named", "missing", "numbers", "statistics", "curves", "persons")


def report(m: Material, withheld: pl.DataFrame) -> str:
    """By which rules what was withheld, as Markdown."""
    least, at_risk = m.plan.disclosure.smallest_cell, m.plan.disclosure.smallest_at_risk
    values = {"most": least - 1, "cell": least, "risk": at_risk, "median": 2 * least, "quartile": 4 * least}
    lead = m.text("release.lead", plan=m.plan.id, cell=least, risk=at_risk)
    rules = [f"- {m.text(f'release.rule.{rule}', **values)}" for rule in _RULES]
    heads = " | ".join(m.text(f"release.{head}") for head in ("result", "what", "n"))
    rows = [f"| {result} | {what} | {n} |" for result, what, n in withheld.iter_rows()]
    parts = [f"# {m.text('release.title')}", "", lead, "", f"**{m.text('release.rules')}**", "", *rules, ""]
    return "\n".join([*parts, f"| {heads} |", "|---|---|---|", *rows]) + "\n"


def _without_inputs(manifest: Mapping[str, object]) -> dict[str, object]:
    """What the exports were stays inside: their sizes and names count patients."""
    return {key: value for key, value in manifest.items() if key in ("lock", "use")}


def _without_counts(cut: Cut | None) -> Cut | None:
    """How the data cut stands, without how many questions were let stand and which persons were erased."""
    return replace(cut, accepted=0, cancelled=0, amended_by=()) if cut else None


def _told_once(results: Results, plan: Plan) -> Results:
    """Results whose tables of overlap do not count again what the sizes of the plan's groups tell."""
    sizes = results["group_sizes"].filter(~pl.col("variable").is_in(sorted(_grouping(plan))))
    return results | {"group_sizes": sizes}


def _grouping(plan: Plan) -> set[str]:
    """Columns that make the plan's groups, and those that tell the same."""
    made = {column for c in plan.comparisons for column in (c.group, *c.within)}
    return made | (WINDOW_COLUMNS if made & WINDOW_COLUMNS else set())


def _profile(profile: Profile, results: Results, plan: Plan) -> Profile:
    least = plan.disclosure.smallest_cell
    n_all = profile.size(OVERALL) or 0
    counts = _counts(profile, results, plan)
    return replace(
        profile,
        counts=counts,
        numbers=_numbers(profile.numbers.filter(_is_shown()), counts, least),
        apart=_apart(profile, counts, plan),
        response=_response(profile.response, n_all, least),
        events=_events(profile.events, n_all, least),
        recorded=_recorded(profile.recorded, least),
        texts=_parted(profile.texts, ["list", "list_version"], "texts", ("coded", "mapped", "asked", "ignored"), least),
        faults=_faults(profile.faults, least),
    )


def _is_shown() -> pl.Expr:
    return pl.col("analysis").is_in([OVERALL[0], "centre"])


def _counts(profile: Profile, results: Results, plan: Plan) -> pl.DataFrame:
    """Whole cohort and centres. What the results count of a column is not counted again, and each column once."""
    told = {*_grouping(plan), *plan.cross_tabulate}
    once: set[str] = set()
    for variable in plan.variables:
        if variable.column not in told:
            once.add(variable.id)
            told.add(variable.column)
    once |= {column for column in BY_ROUTE if column not in told}
    open_ = [of_end_point(endpoint.param) for endpoint in plan.endpoints]
    shown = profile.counts.filter(_is_shown())
    crossed = shown.filter(pl.col("variable").is_in(sorted(once)))
    cells: dict[Key, int] = {row[:4]: row[4] for row in crossed.iter_rows()}
    groups = {row[:2]: row[4] for row in shown.filter(pl.col("variable") == "").iter_rows()}
    sums = []
    known: set[Key] = {key for key in cells if isinstance(key, tuple) and key[3] == UNKNOWN}
    for variable, values in crossed.group_by("variable").agg(pl.col("value").unique()).sort("variable").iter_rows():
        for value in sorted(values):
            of = [(*group, variable, value) for group in groups if group != OVERALL]
            for key in ((*OVERALL, variable, value), *of):
                cells.setdefault(key, 0)
            if variable != PARTNER and all(key in cells for key in of) and _is_by_centre(crossed, variable):
                sums.append(Sum((*OVERALL, variable, value), tuple(of)))
        for group, n in groups.items():
            parts = tuple((*group, variable, value) for value in sorted(values))
            if variable != PARTNER and sum(cells[key] for key in parts) == n:
                cells[group] = n
                known.add(group)
                sums.append(Sum(group, parts))
    known |= {key for key in cells if isinstance(key, tuple) and len(key) == 4 and key[3] == UNKNOWN}
    hidden = protect(cells, sums, plan.disclosure.smallest_cell, open_=known)
    rows: list[tuple[object, ...]] = [
        (*key, None if key in hidden else n)
        for key, n in cells.items()
        if isinstance(key, tuple) and len(key) == 4 and (n or key in hidden)
    ]
    sizes = {(*OVERALL, "", ""): results["attrition"]["n_remaining"][-1]}
    centres = results["follow_up"].filter(analysis="centre")
    for row in centres.iter_rows(named=True):
        n = None if row["n"] is None else row["n"] + row["n_not_evaluable"]
        sizes["centre", row["level"], "", ""] = n
    of_results = results["group_sizes"].filter(analysis=OVERALL[0])
    of_results = of_results.filter(pl.col("variable").is_in(list(BY_ROUTE)))
    rows += [(*key, n) for key, n in sizes.items()] + of_results.rows()
    made = pl.DataFrame(rows, schema=profile.counts.schema, orient="row")
    made = pl.concat([made, shown.filter(pl.col("variable").is_in(open_))])
    levelled = [variable.id for variable in plan.variables if variable.levels or variable.is_number]
    unnamed = made.filter(
        pl.col("analysis") == OVERALL[0],
        pl.col("n").is_null(),
        pl.col("variable") != "",
        ~pl.col("variable").is_in(levelled),
    )
    # A value that the data alone names is not named where it may not be counted.
    return made.join(unnamed, on=["variable", "value"], how="anti", maintain_order="left")


def _is_by_centre(crossed: pl.DataFrame, variable: str) -> bool:
    return not crossed.filter(analysis="centre", variable=variable).is_empty()


def _numbers(numbers: pl.DataFrame, counts: pl.DataFrame, least: int) -> pl.DataFrame:
    """No extreme value, whole numbers; a median rests on enough on either side, a quartile beyond it."""
    sizes = counts.filter(pl.col("variable") == "").select("analysis", "level", size="n")
    known = numbers.join(sizes, on=["analysis", "level"], how="left", maintain_order="left")
    told = pl.col("size").is_not_null() & (pl.col("n") >= 2 * least)
    wide = told & (pl.col("n") >= 4 * least)
    return known.with_columns(
        pl.when(told).then(pl.col("median").round(0)).alias("median"),
        *(pl.when(wide).then(pl.col(name).round(0)).alias(name) for name in ("lower", "upper")),
        n=pl.lit(None, dtype=pl.Int64),
    ).drop("size")


def _apart(profile: Profile, counts: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """A difference stays where no count behind it is withheld and each group has enough."""
    few = profile.numbers.filter(_is_shown(), pl.col("n") < 2 * plan.disclosure.smallest_cell)
    small = profile.counts.filter(
        _is_shown(), pl.col("variable") == "", pl.col("n") < 2 * plan.disclosure.smallest_cell
    )
    counted = counts["variable"].unique().implode()
    behind = pl.concat(
        [counts.filter(pl.col("n").is_null()), few.select("analysis", "level", "variable")], how="diagonal"
    )
    found = profile.apart.join(behind, on=["analysis", "variable"], how="semi")
    gone = pl.concat([found.select("analysis", "variable")])
    whole = profile.apart.join(gone, on=["analysis", "variable"], how="anti")
    # Only centres are compared here: of the groups of a comparison no counts stand beside.
    return (
        whole.filter(analysis="centre").filter(pl.col("variable").is_in(counted)).join(small, on="analysis", how="anti")
    )


def _response(response: pl.DataFrame, n_all: int, least: int) -> pl.DataFrame:
    cells: dict[Key, int] = {row[:3]: row[3] for row in response.iter_rows()}
    implied: set[Key] = set()
    sums: list[Sum] = []
    for criteria in response["criteria"].unique(maintain_order=True):
        for kind in ("best", "confirmed"):
            key = {value: (criteria, kind, value) for value in (*RESPONSES, "orr", "dcr", "evaluable")}
            cells["all"] = n_all
            sums += [Sum("all", tuple(key[value] for value in RESPONSES))]
            sums += [Sum(key["orr"], (key["CR"], key["PR"])), Sum(key["dcr"], (key["orr"], key["SD"]))]
            sums += [Sum(key["evaluable"], (key["dcr"], key["PD"]))]
        for value in ("CR", "orr", "dcr"):
            # Whose response was not confirmed: the difference of two columns.
            _inside(cells, sums, implied, (criteria, "best", value), (criteria, "confirmed", value))
    keys = [row[:3] for row in response.iter_rows()]
    unknown = {key for key in keys if key[2] == "none"}
    # The rates are what a paper reports, the unconfirmed before the confirmed.
    dear: dict[Key, int] = {key: (2 if key[2] in ("orr", "dcr") else 1) + (key[1] == "best") for key in keys}
    hidden = protect(cells, sums, least, implied=implied, dear=dear, open_={"all", *unknown}) if sums else frozenset()
    return _blanked(response, hidden)


def _inside(cells: dict[Key, int], sums: list[Sum], implied: set[Key], outer: Key, inner: Key) -> None:
    """The difference of two counts of which one contains the other is a count too."""
    if cells[outer] >= cells[inner]:
        rest = ("rest", outer, inner)
        cells[rest] = cells[outer] - cells[inner]
        implied.add(rest)
        sums.append(Sum(outer, (inner, rest)))


def _events(events: pl.DataFrame, n_all: int, least: int) -> pl.DataFrame:
    """Cells of each term by grade; a term whose patients may not be counted is not named."""
    cells: dict[Key, int] = {row[:2]: row[2] for row in events.iter_rows()}
    cells["all"] = n_all
    implied: set[Key] = set()
    sums: list[Sum] = []
    for term in events["term"].unique(maintain_order=True):
        sums.append(Sum((term, "any"), tuple((term, grade) for grade in GRADES)))
        sums.append(Sum((term, "severe"), tuple((term, grade) for grade in ("3", "4", "5"))))
        _inside(cells, sums, implied, "all", (term, "any"))
        _inside(cells, sums, implied, (term, "any"), (term, "immune"))
        _inside(cells, sums, implied, (term, "any"), (term, "severe"))
        if term != ANY_EVENT:
            for measure in ("any", "severe", "immune"):
                _inside(cells, sums, implied, (ANY_EVENT, measure), (term, measure))
    sums.append(Sum((ANY_EVENT, "immune"), ((ANY_IMMUNE, "any"),)))
    hidden = protect(cells, sums, least, implied=implied, open_={"all"})
    told = _blanked(events, hidden)
    gone = told.filter(
        pl.col("measure") == "any", pl.col("n").is_null(), ~pl.col("term").is_in([ANY_EVENT, ANY_IMMUNE])
    )
    return told.join(gone, on="term", how="anti", maintain_order="left")


def _recorded(recorded: pl.DataFrame, least: int) -> pl.DataFrame:
    n = dict(recorded.iter_rows())
    hidden = {what for what, many in n.items() if is_small(many, least)}
    if is_small(n["after"] - n["no_version"], least):
        hidden.add("no_version")
    return recorded.with_columns(pl.when(pl.col("what").is_in(sorted(hidden))).then(None).otherwise("n").alias("n"))


def _parted(frame: pl.DataFrame, by: list[str], total: str, parts: Sequence[str], least: int) -> pl.DataFrame:
    """Rows of parts with their sum, each row of its own."""
    told = []
    for _, rows in frame.group_by(by, maintain_order=True):
        cells: dict[Key, int] = dict(rows.select("measure", "n").iter_rows())
        known: dict[Key, int] = {name: cells[name] for name in (total, *parts)}
        hidden = protect(known, [Sum(total, tuple(parts))], least)
        told.append(rows.with_columns(_hide("measure", hidden)))
    return pl.concat(told) if told else frame


def _faults(faults: pl.DataFrame, least: int) -> pl.DataFrame:
    """A rule whose records may not be counted is left out."""
    told = []
    for _, rows in faults.group_by("rule", maintain_order=True):
        cells: dict[Key, int] = dict(rows.select("measure", "n").iter_rows())
        centres = tuple(name for name in cells if name not in ("judged", "faults"))
        cells["elsewhere"] = cells["faults"] - sum(cells[name] for name in centres)
        cells["sound"] = cells["judged"] - cells["faults"]
        implied = {name for name in ("elsewhere", "sound") if cells[name] >= 0}
        sums = [Sum("faults", (*centres, "elsewhere"))] if "elsewhere" in implied else []
        sums += [Sum("judged", ("faults", "sound"))] if "sound" in implied else []
        hidden = protect({k: n for k, n in cells.items() if n >= 0}, sums, least, implied=implied)
        if "faults" not in hidden:
            told.append(rows.with_columns(_hide("measure", hidden)))
    return pl.concat(told) if told else faults.clear()


def _blanked(frame: pl.DataFrame, hidden: frozenset[Key]) -> pl.DataFrame:
    """The frame whose rows are keyed by all columns but the last, n."""
    keep = [None if row[:-1] in hidden else row[-1] for row in frame.iter_rows()]
    return frame.with_columns(n=pl.Series(keep, dtype=pl.Int64))


def _hide(column: str, hidden: frozenset[Key]) -> pl.Expr:
    names = sorted(map(str, hidden))
    return pl.when(pl.col(column).is_in(names)).then(None).otherwise(pl.col("n")).alias("n")


def _taken(before: Profile, after: Profile) -> pl.DataFrame:
    """How many values each part of the counts lost."""
    rows = []
    for name in ("counts", "numbers", "apart", "response", "events", "recorded", "texts", "faults"):
        column = {"numbers": "median", "apart": "smd"}.get(name, "n")
        gone = getattr(before, name)[column].count() - getattr(after, name)[column].count()
        rows += [{"result": name, "what": column, "n": gone}] if gone else []
    return pl.DataFrame(rows, schema={"result": pl.String, "what": pl.String, "n": pl.Int64})
