"""What the pack counts in the cohort itself, once: every table is written from these counts, none from patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from analytics.plan import Variable
from analytics.survival.balance import balance
from analytics.survival.covariates import level_of
from analytics.survival.outcome import grouped, narrow
from analytics.survival.summary import ALL

if TYPE_CHECKING:
    from analytics.paper.material import Material

OVERALL = ("overall", ALL)
TOTAL, LINE = "(total)", "(index line)"
UNKNOWN, KNOWN = "", "(known)"
PARTNER = "(partner)"
BY_ROUTE = ("regimen_group", "index_agent_code", PARTNER)
GRADES = ("1", "2", "3", "4", "5", "none")
ANY_EVENT, ANY_IMMUNE, UNCODED = "(any)", "(immune)", "(uncoded)"
RESPONSES = ("CR", "PR", "SD", "PD", "NE", "none")

Group = tuple[str, str]


@dataclass(frozen=True)
class Profile:
    """Counts of people and records; a count that must not be told is null.

    counts: analysis, level, variable, value, n. numbers: analysis, level, variable, n, median, lower, upper
    (quartiles). apart: analysis, variable, smd. response: criteria, kind, value, n. events: term, measure, n.
    recorded: what, n (records of adverse events). versions: of the CTCAE. texts: list, list_version, measure, n.
    faults: rule, measure (judged, faults or a centre), n. quiet: rules without a fault, rules that judged nothing.
    """

    counts: pl.DataFrame
    numbers: pl.DataFrame
    apart: pl.DataFrame
    response: pl.DataFrame
    events: pl.DataFrame
    recorded: pl.DataFrame
    versions: tuple[str, ...]
    texts: pl.DataFrame
    faults: pl.DataFrame
    quiet: tuple[int, int, int]

    def n(self, group: Group, variable: str, value: str) -> int | None:
        """How many of a group have a value: 0 where none has, null where it is withheld."""
        found = self._cells.get((*group, variable, value), 0)
        return None if found is None else int(found)

    def is_counted(self, variable: str) -> bool:
        """Whether a variable's values are counted here."""
        return variable in self.counts["variable"]

    def size(self, group: Group) -> int | None:
        """How many patients a group has."""
        return self.n(group, "", "")

    def groups(self, analysis: str) -> list[str]:
        """Levels of an analysis, in their order."""
        of = self.counts.filter((pl.col("analysis") == analysis) & (pl.col("variable") == ""))
        return of["level"].to_list()

    def values(self, group: Group, variable: str, *, is_unknown_one: bool = False) -> list[str]:
        """Values that may be named, the frequent first; is_unknown_one: the unknown stands among them."""
        key = (pl.col("analysis") == group[0]) & (pl.col("level") == group[1]) & (pl.col("variable") == variable)
        found = self.counts.filter(key & (pl.lit(is_unknown_one) | (pl.col("value") != UNKNOWN)))
        return found.sort("n", "value", descending=[True, False], nulls_last=True)["value"].to_list()

    @cached_property
    def _cells(self) -> Mapping[tuple[str, ...], int | None]:
        return {tuple(row[:4]): row[4] for row in self.counts.iter_rows()}

    def response_of(self, criteria: str, kind: str, value: str) -> int | None:
        """How many have a best response by some criteria; value also orr, dcr, evaluable."""
        return _one(self.response, criteria=criteria, kind=kind, value=value)

    def event(self, term: str, measure: str) -> int | None:
        """How many patients have a term at its worst grade, or any, severe, immune."""
        return _one(self.events, term=term, measure=measure)


def of_end_point(param: str) -> str:
    """The variable whose unknown value counts those whose end point is not evaluable."""
    return f"(end point) {param}"


def _one(frame: pl.DataFrame, **where: str) -> int | None:
    found = frame.filter([pl.col(name) == value for name, value in where.items()])["n"]
    return None if not len(found) or found[0] is None else int(found[0])


def profile_of(m: Material) -> Profile:
    """Count the plan's patients and what was recorded about them."""
    groups = dict(_groups(m))
    parts = [part for group, patients in groups.items() for part in _counted(m, group, patients)]
    after = m.of_cohort("mart.adverse_event").filter(pl.col("is_after_time_zero"))
    faults, quiet = _faults(m)
    return Profile(
        counts=pl.concat(parts),
        numbers=_numbers(m, groups),
        apart=_apart(m, groups),
        response=_response(m),
        events=_events(after),
        recorded=_recorded(m, after),
        versions=tuple(sorted(after["ctcae_version"].drop_nulls().unique())),
        texts=_texts(m),
        faults=faults,
        quiet=quiet,
    )


def known(patients: pl.DataFrame, variable: Variable) -> pl.Series:
    """Each patient's value of a variable, or level where it has some; null where not known."""
    return level_of(patients, variable) if variable.levels else patients[variable.column]


def _groups(m: Material) -> Iterator[tuple[Group, pl.DataFrame]]:
    """Whom the tables are about: everybody, each centre, the groups of each comparison, each index line."""
    cohort = m.cohort
    yield OVERALL, cohort
    for code in sorted(cohort["centre"].unique()):
        yield ("centre", code), cohort.filter(pl.col("centre") == code)
    for comparison in m.plan.comparisons:
        within = narrow(cohort, comparison.within)
        patients, _ = grouped(within, comparison.group, comparison.levels)
        # In the order of the groups, in which a difference of means is summed.
        levels = [(one.id, patients.filter(pl.col("level") == one.id).drop("level")) for one in comparison.levels]
        yield (comparison.id, TOTAL), pl.concat([part for _, part in levels])
        for level, part in levels:
            yield (comparison.id, level), part
    line = pl.when(pl.col("line_min") == pl.col("line_max")).then(pl.col("line_min"))
    shown = cohort.with_columns(_line=line)
    for label, low, high in (("1", 1, 1), ("2", 2, 2), ("3", 3, 3), ("later", 4, 99)):
        yield (LINE, label), shown.filter(pl.col("_line").is_between(low, high)).drop("_line")
    yield (LINE, "uncertain"), shown.filter(pl.col("_line").is_null()).drop("_line")


def _counted(m: Material, group: Group, patients: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows of counts of one group."""
    ids = patients.select("patient_id", value=pl.lit(""))
    yield _cells_of(group, "", ids if ids.height else pl.DataFrame({"patient_id": [None], "value": [""]}))
    if group[0] != LINE:
        for variable in m.described():
            value = known(patients, variable)
            if variable.is_number:
                value = value.is_not_null().replace_strict({True: KNOWN, False: None}, return_dtype=pl.String)
            yield _cells_of(group, variable.id, ids.with_columns(value.cast(pl.String).alias("value")))
    if group in (OVERALL,) or group[0] == "centre":
        for endpoint in m.plan.endpoints:
            lacking = m.frames.adtte.filter(pl.col("PARAMCD") == endpoint.param, pl.col("AVAL").is_null())
            who = ids.join(lacking, on="patient_id", how="semi")
            yield _cells_of(group, of_end_point(endpoint.param), who)
    if group == OVERALL or group[0] == LINE:
        for column in BY_ROUTE[:2]:
            yield _cells_of(group, column, patients.select("patient_id", value=pl.col(column).cast(pl.String)))
        given = m.of_cohort("mart.exposure").filter(
            "is_at_time_zero", ~pl.col("is_checkpoint_inhibitor").fill_null(False)
        )
        partner = given.select("patient_id", value=pl.coalesce("agent_code", "class_code")).unique()
        yield _cells_of(group, PARTNER, partner.join(ids, on="patient_id", how="semi"))


def _cells_of(group: Group, variable: str, rows: pl.DataFrame) -> pl.DataFrame:
    cells = rows.group_by(pl.col("value").cast(pl.String).fill_null(UNKNOWN)).agg(
        n=pl.col("patient_id").count().cast(pl.Int64)
    )
    named = {"analysis": group[0], "level": group[1], "variable": variable}
    return cells.sort("value").select(*(pl.lit(value).alias(name) for name, value in named.items()), "value", "n")


def _numbers(m: Material, groups: Mapping[Group, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for (analysis, level), patients in groups.items():
        for variable in [one for one in m.described() if one.is_number]:
            values = patients[variable.column].drop_nulls()
            cuts = [values.quantile(p, "linear") for p in (0.5, 0.25, 0.75)]
            rows.append((analysis, level, variable.id, len(values), *cuts))
    names = dict.fromkeys(("analysis", "level", "variable"), pl.String)
    cuts_of = dict.fromkeys(("median", "lower", "upper"), pl.Float64)
    return pl.DataFrame(rows, schema={**names, "n": pl.Int64, **cuts_of}, orient="row")


def _apart(m: Material, groups: Mapping[Group, pl.DataFrame]) -> pl.DataFrame:
    """Standardised mean differences between the centres, and between the groups of each comparison."""
    rows: list[tuple[str, str, float | None]] = []
    for analysis in ["centre", *(comparison.id for comparison in m.plan.comparisons)]:
        members = [part for (name, level), part in groups.items() if name == analysis and level != TOTAL]
        patients = pl.concat(members)
        group = pl.Series([i for i, part in enumerate(members) for _ in range(part.height)], dtype=pl.Int64)
        values = pl.DataFrame([known(patients, v).alias(v.id) for v in m.described()])
        if not values.height or group.n_unique() < 2:
            continue
        rows += [(analysis, row["variable"], row["smd"]) for row in balance(values, group).iter_rows(named=True)]
    schema = {"analysis": pl.String, "variable": pl.String, "smd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _response(m: Material) -> pl.DataFrame:
    """Criteria by which nobody has a best response are left out."""
    found = m.of_cohort("mart.best_response").filter(pl.col("best_code").is_not_null().any().over("criteria_code"))
    rows: list[tuple[str, str, str, int]] = []
    for criteria in sorted(found["criteria_code"].unique()):
        for kind in ("best", "confirmed"):
            codes = found.filter(pl.col("criteria_code") == criteria)[f"{kind}_code"]
            n = {value: int((codes == value).sum()) for value in RESPONSES[:-1]}
            n["none"] = m.cohort.height - codes.drop_nulls().len()
            n["orr"] = n["CR"] + n["PR"]
            n["dcr"] = n["orr"] + n["SD"]
            n["evaluable"] = n["dcr"] + n["PD"]
            rows += [(criteria, kind, value, many) for value, many in n.items()]
    names = dict.fromkeys(("criteria", "kind", "value"), pl.String)
    return pl.DataFrame(rows, schema={**names, "n": pl.Int64}, orient="row")


def _events(after: pl.DataFrame) -> pl.DataFrame:
    """Patients by the worst grade of each term, the frequent terms first."""
    by_term = after.group_by("term_code").agg(pl.col("patient_id").n_unique().alias("n"))
    order = by_term.sort("n", "term_code", descending=[True, False])["term_code"]
    sets = [(ANY_EVENT, after), (ANY_IMMUNE, after.filter(pl.col("is_immune_related")))]
    sets += [(term or UNCODED, after.filter(pl.col("term_code").eq_missing(pl.lit(term)))) for term in order]
    rows: list[tuple[str, str, int]] = []
    for term, events in sets:
        worst = events.group_by("patient_id").agg(
            pl.col("grade").max(), pl.col("is_immune_related").fill_null(False).any()
        )
        n = {grade: worst.filter(pl.col("grade") == int(grade)).height for grade in GRADES[:-1]}
        n["none"] = worst["grade"].null_count()
        n["any"], n["severe"] = worst.height, n["3"] + n["4"] + n["5"]
        n["immune"] = int(worst["is_immune_related"].sum())
        rows += [(term, measure, many) for measure, many in n.items()]
    return pl.DataFrame(rows, schema={"term": pl.String, "measure": pl.String, "n": pl.Int64}, orient="row")


def _recorded(m: Material, after: pl.DataFrame) -> pl.DataFrame:
    every = m.of_cohort("mart.adverse_event")["is_after_time_zero"]
    n = {"after": after.height, "before": int((~every).sum()), "undated": every.null_count()}
    n["no_version"] = after["ctcae_version"].null_count()
    return pl.DataFrame({"what": list(n), "n": list(n.values())}, schema={"what": pl.String, "n": pl.Int64})


def _texts(m: Material) -> pl.DataFrame:
    counted = (
        m.tables["reference.term_map"]
        .group_by("list", "list_version")
        .agg(
            texts=pl.len(),
            codes=pl.col("code").n_unique() - pl.col("code").is_null().any().cast(pl.Int64),
            coded=(pl.col("code").is_not_null() & ~pl.col("rule").str.ends_with("_map")).sum(),
            mapped=(pl.col("rule").str.ends_with("_map") & pl.col("code").is_not_null()).sum(),
            asked=(pl.col("needs_query").fill_null(False) & pl.col("code").is_null()).sum(),
        )
    )
    whole = counted.with_columns(ignored=pl.col("texts") - pl.col("coded") - pl.col("mapped") - pl.col("asked"))
    index = ["list", "list_version"]
    long = whole.unpivot(index=index, variable_name="measure", value_name="n")
    return long.with_columns(pl.col("n").cast(pl.Int64)).sort("list", "list_version", maintain_order=True)


def _faults(m: Material) -> tuple[pl.DataFrame, tuple[int, int, int]]:
    results = m.tables["quality.check_result"]
    found = results.group_by("rule").agg(pl.col("judged").sum(), pl.col("faults").sum())
    at_fault = found.filter(pl.col("faults") > 0).sort("faults", "rule", descending=[True, False])
    rows: list[tuple[str, str, int]] = []
    by_centre = {
        (rule, centre): n for rule, centre, n in results.group_by("rule", "centre").agg(pl.col("faults").sum()).rows()
    }
    centres = sorted(m.tables["meta.centre"]["centre"])
    for rule, judged, faults in at_fault.select("rule", "judged", "faults").iter_rows():
        n = {"judged": judged, "faults": faults} | {centre: by_centre.get((rule, centre), 0) for centre in centres}
        rows += [(rule, measure, many) for measure, many in n.items()]
    clean = found.filter(pl.col("faults") == 0, pl.col("judged") > 0).height
    silent = found.filter(pl.col("judged") == 0).height
    frame = pl.DataFrame(rows, schema={"rule": pl.String, "measure": pl.String, "n": pl.Int64}, orient="row")
    return frame, (clean, silent, found.height)
