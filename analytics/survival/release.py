"""The results as they may leave the registry: what tells of few people taken out, and a list of what was.

Counts: small ones hidden, and as many others as needed so that none can be worked out from totals, from the groups of a
comparison, or from the difference of two groups one of which contains the other (see analytics.disclosure). Curves:
steps of no fewer events than the plan's smallest cell, no single censoring, an end where few are at risk. Medians
resting on few: withheld. Where a result has no rule of its own its counts are taken out and its estimates stay.
Missing values (not evaluable, in no group) are counted openly: they say of nobody more than that something is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import polars as pl

from analytics.attacker import Key, Sum
from analytics.disclosure import blocks, is_small, protect
from analytics.plan import Bounds, Plan
from analytics.survival.contracts import Results, shaped
from analytics.survival.summary import ALL

Group = tuple[str, str]
Condition = Mapping[str, frozenset[str]]

_UNGROUPED, _TOTAL = "(ungrouped)", "(total)"
_OVERALL: Group = ("overall", ALL)
_GIVEN = frozenset({"tau_months", "per", "landmark_months"})
_NOT_COUNTS = frozenset({"df", "q_df", "interaction_df", "from_day", "seed", "codings", "step", "time_months"})
_COUNTED = frozenset(
    {"attrition", "group_sizes", "endings", "members", "estimates", "follow_up", "tests", "hazard_ratios"}
)
_DRAWN = frozenset({"curves", "at_risk", "landmarks"})


@dataclass(frozen=True)
class Release:
    """results: cleared. withheld: result, what, n (how many values were taken out)."""

    results: Results
    withheld: pl.DataFrame


@dataclass
class _Cells:
    """Every count that is shown or follows from what is shown, and the sums that everybody knows."""

    n: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    implied: set[Key] = field(default_factory=set)
    open: set[Key] = field(default_factory=set)
    dear: dict[Key, int] = field(default_factory=dict)


def clear(results: Results, plan: Plan) -> Release:
    """The results of a plan without what tells of few people; every result keeps its columns.

    Raises DisclosureError where the counts cannot be protected: the plan's groups are too small to be published.
    """
    least = plan.disclosure.smallest_cell
    cells = _cells(results, plan)
    hidden = protect(cells.n, cells.sums, least, implied=cells.implied, dear=cells.dear, open_=cells.open)
    cleared: Results = {}
    for name, frame in results.items():
        if name in _COUNTED:
            cleared[name] = _masked(name, frame, hidden, plan)
        elif name not in _DRAWN:
            cleared[name] = _without_counts(frame)
        if name in cleared:
            cleared[name] = _without_few(cleared[name], frame, least)
    cleared |= _curves(results, hidden, plan)
    cleared["estimates"] = _medians(cleared["estimates"], results, plan)
    cleared["follow_up"] = _medians(cleared["follow_up"], results, plan)
    cleared["group_sizes"] = _with_nobody(cleared["group_sizes"], hidden, groups_of(results, plan))
    cleared = _dependent(cleared, results, least)
    cleared = {name: shaped(name, cleared[name]) for name in results}
    return Release(cleared, _withheld(results, cleared))


def groups_of(results: Results, plan: Plan) -> dict[Group, Condition]:
    """Every published group of patients with the conditions on columns that make it."""
    found: dict[Group, Condition] = {_OVERALL: {}}
    for level in results["follow_up"].filter(analysis="centre")["level"]:
        found["centre", level] = {"centre": frozenset([str(level)])}
    for comparison in plan.comparisons:
        within = {column: _values(wanted) for column, wanted in comparison.within.items()}
        for level in comparison.levels:
            values = frozenset(map(str, level.values))
            inside = within.get(comparison.group, values) & values
            found[comparison.id, level.id] = within | {comparison.group: inside}
    return found


def _values(wanted: object) -> frozenset[str]:
    if isinstance(wanted, Bounds):
        return frozenset([repr(wanted)])
    return frozenset(map(str, wanted if isinstance(wanted, list) else [wanted]))


def _is_inside(inner: Condition, outer: Condition) -> bool:
    return all(column in inner and inner[column] <= values for column, values in outer.items())


def _cells(results: Results, plan: Plan) -> _Cells:
    """Cells: (kind, group, …) with kind n, size (variable, value), unknown, events and censored (end point)."""
    cells = _Cells()
    groups = groups_of(results, plan)
    for row in results["estimates"].iter_rows(named=True):
        _ended(cells, (row["analysis"], row["level"]), row["endpoint"], row)
    for row in results["follow_up"].filter(analysis="centre").iter_rows(named=True):
        _ended(cells, (row["analysis"], row["level"]), row["endpoint"], row)
    for row in results["group_sizes"].iter_rows(named=True):
        cells.n["size", (row["analysis"], row["level"]), row["variable"], row["value"]] = row["n"]
    kinds: dict[tuple[object, ...], None] = {}
    parts: dict[tuple[Group, str], list[Key]] = {}
    for key in cells.n:
        assert isinstance(key, tuple)  # noqa: S101 (all are ours)
        kinds[key[0], *key[2:]] = None
        if key[0] == "size":
            parts.setdefault((key[1], key[2]), []).append(key)
    cells.sums += [Sum(("n", group), tuple(keys)) for (group, _), keys in parts.items()]
    for kind in kinds:
        if kind[0] != "unknown":
            _between(cells, groups, plan, kind)
    for code in [level for analysis, level in groups if analysis == "centre"]:
        listed = ("size", _OVERALL, "centre", code)
        if listed in cells.n:
            cells.sums.append(Sum(listed, (("n", ("centre", code)),)))
    _endings(cells, results)
    _attrition(cells, results)
    cells.dear |= {key: {"n": 2, "size": 0}.get(str(key[0]), 1) for key in cells.n if isinstance(key, tuple)}
    return cells


def _ended(cells: _Cells, group: Group, endpoint: str, row: Mapping[str, int]) -> None:
    everybody: Key = ("n", group)
    unknown, events, censored = ((kind, group, endpoint) for kind in ("unknown", "events", "censored"))
    cells.n[everybody] = row["n"] + row["n_not_evaluable"]
    cells.n |= {unknown: row["n_not_evaluable"], events: row["events"], censored: row["n"] - row["events"]}
    cells.implied.add(censored)
    cells.open.add(unknown)
    cells.sums.append(Sum(everybody, (unknown, events, censored)))


def _between(cells: _Cells, groups: Mapping[Group, Condition], plan: Plan, kind: tuple[object, ...]) -> None:
    """What one kind of count in several groups has to do with each other."""

    def key(group: Group) -> Key:
        return (kind[0], group, *kind[1:])

    def of(group: Group) -> int:
        # A value that no patient of a group has stands in no row: everybody knows that it is 0.
        return cells.n.setdefault(key(group), 0)

    def usable(group: Group) -> bool:
        return kind[0] in ("n", "size") or key(group) in cells.n

    families = [
        (c.id, {k: _values(v) for k, v in c.within.items()}, [(c.id, one.id) for one in c.levels])
        for c in plan.comparisons
    ]
    families.append(("centre", {}, [group for group in groups if group[0] == "centre"]))
    for name, within, members in families:
        parents = [group for group, made in groups.items() if dict(made) == within and group not in members]
        for parent in parents[:1]:
            if all(map(usable, (parent, *members))):
                rest = key((name, _UNGROUPED))
                cells.n[rest] = of(parent) - sum(map(of, members))
                cells.implied.add(rest)
                if kind[0] == "n":
                    cells.open.add(rest)
                cells.sums.append(Sum(key(parent), (*map(key, members), rest)))
        if kind[0] == "events" and name != "centre" and all(map(usable, members)):
            total = key((name, _TOTAL))
            cells.n[total] = sum(map(of, members))
            cells.sums.append(Sum(total, tuple(map(key, members))))
    for inner, outer in permutations(groups, 2):
        nested = _is_inside(groups[inner], groups[outer]) and dict(groups[inner]) != dict(groups[outer])
        if nested and usable(inner) and usable(outer) and kind[0] != "censored":
            rest = (kind[0], (inner, outer), *kind[1:])
            cells.n[rest] = of(outer) - of(inner)
            cells.implied.add(rest)
            cells.sums.append(Sum(key(outer), (key(inner), rest)))


def _endings(cells: _Cells, results: Results) -> None:
    kinds = {"event": "events", "censored": "censored", "not_evaluable": "unknown"}
    parts: dict[Key, list[Key]] = {}
    for row in results["endings"].iter_rows(named=True):
        key = ("ending", row["endpoint"], row["ending"], row["reason"])
        cells.n[key] = row["n"]
        if row["ending"] == "not_evaluable":
            cells.open.add(key)
        parts.setdefault((kinds[row["ending"]], _OVERALL, row["endpoint"]), []).append(key)
    cells.sums += [Sum(total, tuple(keys)) for total, keys in parts.items() if total in cells.n]


def _attrition(cells: _Cells, results: Results) -> None:
    before: Key | None = None
    for row in results["attrition"].iter_rows(named=True):
        remaining: Key = ("remaining", row["step"])
        cells.n[remaining] = row["n_remaining"]
        if row["n_excluded"] is not None and before is not None:
            excluded: Key = ("excluded", row["step"])
            cells.n[excluded] = row["n_excluded"]
            cells.sums.append(Sum(before, (remaining, excluded)))
        elif before is not None:
            cells.sums.append(Sum(before, (remaining,)))
        before = remaining
    if before is not None:
        cells.sums.append(Sum(before, (("n", _OVERALL),)))


def _masked(name: str, frame: pl.DataFrame, hidden: frozenset[Key], plan: Plan) -> pl.DataFrame:
    """Counts of one result, the hidden ones null."""
    rows = [_row(name, dict(row), hidden, plan) for row in frame.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=frame.schema) if rows else frame


def _row(name: str, row: dict[str, object], hidden: frozenset[Key], plan: Plan) -> dict[str, object]:
    group = (row.get("analysis"), row.get("level"))
    endpoint = row.get("endpoint")
    gone: set[str] = set()
    if name == "group_sizes":
        gone = {"n"} if ("size", group, row["variable"], row["value"]) in hidden else set()
    elif name == "endings":
        gone = {"n"} if ("ending", endpoint, row["ending"], row["reason"]) in hidden else set()
    elif name == "attrition":
        excluded = ("excluded", row["step"]) in hidden or is_small(row["n_all"], plan.disclosure.smallest_cell)  # type: ignore[arg-type]
        gone |= {"n_excluded", "n_all"} if ("excluded", row["step"]) in hidden else {"n_all"} if excluded else set()
        gone |= {"n_remaining"} if ("remaining", row["step"]) in hidden else set()
    elif name == "members":
        of_comparison = [("n", (c.id, one.id)) for c in plan.comparisons if c.id == row["analysis"] for one in c.levels]
        gone = {"n", "n_ungrouped"} if hidden.intersection(of_comparison) else set()
    elif name in ("estimates", "follow_up"):
        # The groups of follow_up are those of estimates; their not evaluable follow from n.
        if ("n", group) in hidden:
            gone |= {"n", "n_not_evaluable"}
        if ("events", group, endpoint) in hidden:
            gone |= {"events", "n_censored"} & row.keys()
    else:
        gone = _tested(name, row, hidden, plan)
    return {column: None if column in gone else value for column, value in row.items()}


def _tested(name: str, row: Mapping[str, object], hidden: frozenset[Key], plan: Plan) -> set[str]:
    total = (row["analysis"], _TOTAL)
    gone = {"arrangements", "smallest_p"} if name == "tests" else set()
    if row["from_day"]:
        # Those event-free after the window: with them, its few events follow from the counts on day 0.
        return gone | {"n", "events"} | ({"events_before", "censored_before"} if name == "tests" else set())
    of_comparison = [("n", (c.id, level.id)) for c in plan.comparisons if c.id == row["analysis"] for level in c.levels]
    gone |= {"n"} if hidden.intersection(of_comparison) else set()
    return gone | ({"events"} if ("events", total, row["endpoint"]) in hidden else set())


def _without_counts(frame: pl.DataFrame) -> pl.DataFrame:
    counts = [name for name, dtype in frame.schema.items() if dtype == pl.Int64 and name not in _NOT_COUNTS]
    return frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in counts)


def _with_nobody(sizes: pl.DataFrame, hidden: frozenset[Key], groups: Mapping[Group, Condition]) -> pl.DataFrame:
    """A count of nobody has no row; where it is withheld it gets one, else its absence would tell that it is 0."""
    made = [
        {"analysis": key[1][0], "level": key[1][1], "variable": key[2], "value": key[3], "n": None}
        for key in sorted(hidden, key=repr)
        if isinstance(key, tuple) and key[0] == "size" and key[1] in groups
    ]
    names = ["analysis", "level", "variable", "value"]
    absent = pl.DataFrame(made, schema=sizes.schema).join(sizes, on=names, how="anti", maintain_order="left")
    return pl.concat([sizes, absent])


def _without_few(frame: pl.DataFrame, true: pl.DataFrame, least: int) -> pl.DataFrame:
    """No statistic of fewer people or events than the smallest cell: a ratio, a P, a mean."""
    if frame.height != true.height or not {"hazard_ratio", "p_value", "mean_days", "chi_square"} & set(frame.columns):
        return frame
    few = pl.Series([False] * true.height, dtype=pl.Boolean)
    for name in ("n", "events", "n_doubtful"):
        if name in true.columns:
            few = few | (true[name] < least).fill_null(False)
    numbers = [name for name, dtype in frame.schema.items() if dtype == pl.Float64 and name not in _GIVEN]
    gone = [*numbers, *({"better"} & set(frame.columns))]
    said = (
        [pl.when(few).then(pl.lit("too_few")).otherwise("reason").alias("reason")] if "reason" in frame.columns else []
    )
    return frame.with_columns(*(pl.when(few).then(None).otherwise(name).alias(name) for name in gone), *said)


def _dependent(cleared: Results, results: Results, least: int) -> Results:
    """What follows from what was taken out, and what names few."""
    made = dict(cleared)
    sizes = made["group_sizes"]
    unnamed = sizes.filter(pl.col("analysis") == _OVERALL[0], pl.col("n").is_null())
    made["group_sizes"] = sizes.join(unnamed, on=["variable", "value"], how="anti", maintain_order="left")
    made["endings"] = made["endings"].filter(pl.col("n").is_not_null())
    key = ["analysis", "endpoint", "tau_months"]
    few = made["restricted_means"].filter(reason="too_few")
    apart = made["mean_differences"]
    kept = apart.join(few, on=key, how="anti", maintain_order="left")
    lost = apart.join(few, on=key, how="semi", maintain_order="left")
    nothing = ("difference_days", "lower_days", "upper_days", "p_value")
    lost = lost.with_columns(*(pl.lit(None, dtype=pl.Float64).alias(c) for c in nothing), reason=pl.lit("too_few"))
    made["mean_differences"] = pl.concat([kept, lost])
    others = made["further"]
    enough = (results["further"]["events"] >= 2 * least).fill_null(False)
    months = [name for name in others.columns if name.startswith("median") and name.endswith("_months")]
    days = [name for name in others.columns if name.startswith("median") and name.endswith("_days")]
    made["further"] = others.with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(name) for name in days),
        *(pl.when(enough).then(pl.col(name).round(1)).otherwise(float("nan")).alias(name) for name in months),
    )
    # Every number twice, unrounded: of no use outside.
    made["second_opinion"] = made["second_opinion"].clear()
    made["targets"] = made["targets"].with_columns(pl.col("pipeline_value").round(1))
    return made


def _curves(results: Results, hidden: frozenset[Key], plan: Plan) -> Results:
    """Curves, counts under them and landmarks, told in steps of enough events, none where a group is hidden."""
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in _DRAWN}
    keys = results["curves"].select("analysis", "endpoint", "level").unique(maintain_order=True)
    for key in keys.iter_rows(named=True):
        group = (key["analysis"], key["level"])
        if ("n", group) in hidden:
            continue
        one = {name: results[name].filter(**key) for name in _DRAWN}
        for name, frame in _coarse(one, plan):
            parts[name].append(frame)
    return {name: pl.concat(frames) if frames else results[name].clear() for name, frames in parts.items()}


def _coarse(one: Mapping[str, pl.DataFrame], plan: Plan) -> Iterator[tuple[str, pl.DataFrame]]:
    least = plan.disclosure.smallest_cell
    curve = one["curves"]
    seen = curve.filter(pl.col("n_risk") >= plan.disclosure.smallest_at_risk)
    times, n_event, n_censor = (seen[name].to_numpy() for name in ("time_days", "n_event", "n_censor"))
    last = [int(np.searchsorted(times, day, side="right")) - 1 for day in one["landmarks"]["time_days"]]
    told = np.array(blocks(n_event.tolist(), least, [at for at in last if at >= 0]), dtype=bool)
    dropped = np.array(blocks(n_censor.tolist(), least), dtype=bool)
    events, censored = np.cumsum(n_event), np.cumsum(n_censor)
    for tells, counted, column in ((told, events, "n_event"), (dropped, censored, "n_censor")):
        _leave_enough(tells, counted, int(curve[column].sum()), least)
    since = np.diff(np.concatenate([[0], events[told]]))
    nothing = [pl.lit(None).alias(name) for name in ("n_risk", "std_err", "cumulative_hazard", "hazard_std_err")]
    steps = seen.filter(pl.Series(told)).with_columns(
        *nothing,
        # A day is a person's: the step stands at the end of its week.
        time_days=(pl.col("time_days") / 7).ceil() * 7,
        n_event=pl.Series(since, dtype=pl.Int64),
        n_censor=pl.lit(0, dtype=pl.Int64),
    )
    yield "curves", steps.cast(curve.schema)
    # What the steps tell, at each time: where it is all there is, a landmark is a step.
    all_told = np.maximum.accumulate(np.where(told, events, 0))
    is_whole = [at < 0 or bool(events[at] == all_told[at]) for at in last]
    shown = pl.Series(is_whole) & (one["landmarks"]["n_risk"] >= plan.disclosure.smallest_at_risk)
    blank = one["landmarks"].with_columns(
        pl.lit(None, dtype=pl.Int64).alias("n_risk"),
        *(pl.when(shown).then(pl.col(c)).otherwise(None).alias(c) for c in ("survival", "lower", "upper")),
        pl.lit(None, dtype=pl.Float64).alias("std_err"),
    )
    yield "landmarks", blank
    rows = one["at_risk"]
    n = int(curve.select(pl.col("n_event").sum() + pl.col("n_censor").sum()).item())
    counts: dict[str, list[int | None]] = {"n_at_risk": [], "n_censored": [], "n_events": []}
    for day, at_risk in rows.select("time_days", "n_at_risk").iter_rows():
        before = times < day
        gone = [
            int(total[before & which][-1]) if (before & which).any() else 0
            for total, which in ((censored, dropped), (events, told))
        ]
        is_cut = at_risk < plan.disclosure.smallest_at_risk
        for name, value in zip(counts, (n - sum(gone), *gone), strict=True):
            counts[name].append(None if is_cut else value)
    yield "at_risk", rows.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in counts.items())


def _leave_enough(tells: np.ndarray, counted: np.ndarray, total: int, least: int) -> None:
    """Take back the last steps until what the group's total has beside them is nothing or enough."""
    for last in reversed(np.flatnonzero(tells)):
        if not is_small(total - int(counted[last]), least):
            break
        tells[last] = False


def _medians(frame: pl.DataFrame, results: Results, plan: Plan) -> pl.DataFrame:
    """Months to one decimal, days not at all; a median resting on few, or without a count, is withheld."""
    risk = {
        key: part.select("time_days", "n_risk")
        for key, part in results["curves"].group_by("analysis", "endpoint", "level", maintain_order=True)
    }
    months = [name for name in frame.columns if name.startswith("median") and name.endswith("_months")]
    days = [name for name in frame.columns if name.startswith("median") and name.endswith("_days")]
    kept = []
    for row in frame.iter_rows(named=True):
        left = risk.get((row["analysis"], row["endpoint"], row["level"]))
        at = row["median_days"]
        few = None
        if at is not None and left is not None:
            few = int(left.filter(pl.col("time_days") >= at)["n_risk"].max() or 0) < plan.disclosure.smallest_at_risk  # type: ignore[arg-type]
        elif at is not None:
            # Only a centre's follow-up has no curve: half of those whose follow-up ended must be enough.
            few = (row["n_censored"] or 0) < 2 * plan.disclosure.smallest_at_risk
        kept.append(row["n"] is not None and not few)
    keep = pl.Series(kept, dtype=pl.Boolean)
    return frame.with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(name) for name in days),
        *(pl.when(keep).then(pl.col(name).round(1)).otherwise(float("nan")).alias(name) for name in months),
    )


def _withheld(results: Results, cleared: Results) -> pl.DataFrame:
    rows = []
    for name, frame in results.items():
        after = cleared[name]
        if after.height < frame.height:
            rows.append({"result": name, "what": "rows", "n": frame.height - after.height})
            if name in ("curves", "endings", "group_sizes"):
                continue
            frame = frame.join(after, on=[c for c in _KEYS if c in frame.columns], how="semi")
        for column in frame.columns:
            known = after[column].fill_nan(None) if after[column].dtype.is_float() else after[column]
            if (gone := frame[column].count() - known.count()) > 0:
                rows.append({"result": name, "what": column, "n": gone})
    return pl.DataFrame(rows, schema={"result": pl.String, "what": pl.String, "n": pl.Int64})


_KEYS = ("analysis", "endpoint", "level")
