"""How far could the answer to an open query move a plan's results? A band per query that orders work, and no more.

Beside each supposed value (warehouse.supposed) stands the result as it is; the patient is kept in. Direction, group and
end point are known inside this module alone. What the bands are and are not: docs/impact.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analytics.plan import Comparison, Plan, Threshold, Variable
from analytics.survival.covariates import design_of, terms_of
from analytics.survival.durations import DAYS_PER_MONTH, Bools, Floats
from analytics.survival.many import Sets, log_hazard_ratios, medians, restricted_means
from analytics.survival.outcome import grouped, narrow, outcome

BANDS = ("high", "medium", "not_evaluable", "low", "none")
"""In the order of work: what is not known is no pass. none: no value that was tried moves a result; not_evaluable: no
value could be tried."""

HIGH: Mapping[str, float] = {"log_hazard_ratio": 0.10, "restricted_mean_months": 0.5}
"""From this change on a query is high, from a fifth of it medium; any other change is low."""
_MEDIUM = 0.2

MEASURES = (*HIGH, "median_months")
SHAPE = {"query_id": pl.String, "band": pl.String, "position": pl.Int64}
"""What is told: position 1 is asked first, equal influence shares one."""

# Less than this is the rounding of sums in another order.
_DIGITS = 7


@dataclass(frozen=True)
class _Part:
    """Subjects of one model or of some curves. now, supposed: patient_id (of supposed the supposition), time_days,
    is_event and `names`. terms: columns that make log hazard ratios; levels: columns of 0 and 1 that each make a curve.
    """

    now: pl.DataFrame
    supposed: pl.DataFrame
    names: tuple[str, ...]
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    no_p: Threshold


def changes(
    cohort: pl.DataFrame, adtte: pl.DataFrame, plan: Plan, supposed_cohort: pl.DataFrame, supposed_adtte: pl.DataFrame
) -> pl.DataFrame:
    """supposition and the largest absolute change of each of MEASURES; null where none could be evaluated.

    supposed_*: mart.cohort and mart.adtte with a `supposition`, one patient of the cohort to each.
    """
    tried = supposed_cohort.select("supposition", "patient_id")
    each = pl.col("supposition").cast(pl.String).alias("patient_id")
    both = ((cohort, adtte), (supposed_cohort.with_columns(each), supposed_adtte.with_columns(each)))
    found = [_moved(part, tried, plan) for part in _parts(both, plan)]
    largest = pl.concat(found).group_by("supposition").agg(pl.col(MEASURES).max(), pl.col("is_moved").any())
    # A value that moves nobody's time, event or group changes nothing.
    still = pl.when(pl.col("is_moved").fill_null(False)).then(pl.col(MEASURES)).otherwise(0.0)
    every = tried.join(largest, on="supposition", how="left")
    return every.select("supposition", still.round(_DIGITS)).sort("supposition")


def bands(queries: pl.Series, suppositions: pl.DataFrame, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """SHAPE, a row per query, the most influential first.

    queries: ids of the open queries on patients of the cohort. suppositions: supposition, query_id. found: of each
    plan, `changes`.
    """
    none = pl.DataFrame(schema={"supposition": pl.Int64, **dict.fromkeys(MEASURES, pl.Float64)})
    largest = (
        pl.concat([none, *found])
        .join(suppositions.select("supposition", "query_id").unique(), on="supposition")
        .group_by("query_id")
        .agg(pl.col(MEASURES).max())
    )
    size = pl.max_horizontal(pl.col(name) / high for name, high in HIGH.items())
    any_change = pl.max_horizontal(size, "median_months")
    told = queries.unique().to_frame("query_id").join(largest, on="query_id", how="left").with_columns(size=size)
    band = (
        pl.when(pl.col("size") >= 1).then(pl.lit("high"))
        .when(pl.col("size") >= _MEDIUM).then(pl.lit("medium"))
        .when(any_change > 0).then(pl.lit("low"))
        .when(any_change.is_not_null()).then(pl.lit("none"))
        .otherwise(pl.lit("not_evaluable"))
    )  # fmt: skip
    order = pl.struct(
        pl.col("band").replace_strict({name: i for i, name in enumerate(BANDS)}, return_dtype=pl.Int64),
        -pl.col("size", "median_months").fill_null(0.0),
    )
    ranked = told.with_columns(band=band).with_columns(position=order.rank("min").cast(pl.Int64))
    return ranked.sort("position", "query_id").select(*SHAPE)


def _parts(frames: Sequence[tuple[pl.DataFrame, pl.DataFrame]], plan: Plan) -> Iterator[_Part]:
    """Every curve and model of the plan: the whole, the comparisons, each covariate alone, and all together.

    frames: cohort and adtte as they are, and as supposed.
    """
    both = [(narrow(cohort, plan.within), rows) for cohort, rows in frames]
    models: list[list[Variable]] = [[plan.variable(name)] for name in plan.covariates]
    models += [plan.together()] if plan.together() else []
    for endpoint in plan.endpoints:
        ends = [outcome(patients, rows, endpoint.param).data for patients, rows in both]
        whole = [frame.with_columns(all=pl.lit(1.0)) for frame in ends]
        yield _part(whole, ("all",), (), ("all",), plan)
        for variables in models:
            terms = tuple(term.name for term in terms_of(variables))
            yield _part([frame.hstack(design_of(frame, variables)) for frame in ends], terms, terms, (), plan)
    for comparison in plan.comparisons:
        groups = [(_grouped(patients, comparison), rows) for patients, rows in both]
        levels = tuple(level.id for level in comparison.levels)
        for param in comparison.endpoints:
            ends = [outcome(patients, rows, param).data for patients, rows in groups]
            coded = [
                frame.with_columns((pl.col("level") == level).cast(pl.Float64).alias(level) for level in levels)
                for frame in ends
            ]
            yield _part(coded, levels, levels[:-1], levels, plan)


def _grouped(patients: pl.DataFrame, comparison: Comparison) -> pl.DataFrame:
    return grouped(narrow(patients, comparison.within), comparison.group, comparison.levels)[0]


def _part(
    frames: Sequence[pl.DataFrame], names: tuple[str, ...], terms: tuple[str, ...], levels: tuple[str, ...], plan: Plan
) -> _Part:
    """Whoever lacks a term is left out, as in the models themselves."""
    now, supposed = (frame.select("patient_id", "time_days", "is_event", *names).drop_nulls() for frame in frames)
    return _Part(now.sort("patient_id"), supposed, names, terms, levels, plan.small_groups.no_p)


_MOVED = {"supposition": pl.Int64, **dict.fromkeys(MEASURES, pl.Float64), "is_moved": pl.Boolean}


def _moved(part: _Part, tried: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """supposition, MEASURES, is_moved, of the suppositions that change a row of the part; equal rows count once."""
    values = ["time_days", "is_event", *part.names]
    supposed = part.supposed.with_columns(pl.col("patient_id").cast(pl.Int64).alias("supposition")).drop("patient_id")
    now = part.now.with_row_index("place").rename({name: f"{name}_now" for name in values})
    rows = tried.join(supposed, on="supposition", how="left").join(now, on="patient_id", how="left")
    moved = rows.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in values))
    key = ["patient_id", *values]
    distinct = moved.select("place", *key).unique(maintain_order=True)
    if distinct.is_empty():
        return pl.DataFrame(schema=_MOVED)
    measured = distinct.select(key).hstack(_measure(part, distinct, plan)).with_columns(is_moved=pl.lit(True))
    return moved.join(measured, on=key, how="left", nulls_equal=True).select("supposition", *MEASURES, "is_moved")


def _measure(part: _Part, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """MEASURES of each changed row: the part with it in place of the patient's own, against the part as it is."""
    sets = _sets(part, rows)
    columns = {name: i for i, name in enumerate(part.names)}
    of_levels = [sets.within(sets.x[:, :, columns[level]] > 0) for level in part.levels]
    changed: dict[str, list[Floats]] = {name: [np.full((len(rows), 1), np.nan)] for name in MEASURES}
    if part.terms:
        ratios = log_hazard_ratios(replace(sets, x=sets.x[:, :, [columns[term] for term in part.terms]]))
        ratios[_is_few(sets, of_levels, part.no_p)] = np.nan
        changed["log_hazard_ratio"].append(_from_first(ratios))
    for level in of_levels:
        means = restricted_means(level, [months * DAYS_PER_MONTH for months in plan.rmst_months])
        changed["restricted_mean_months"].append(_from_first(means) / DAYS_PER_MONTH)
        changed["median_months"].append(_from_first(medians(level)[:, None]) / DAYS_PER_MONTH)
    largest = {name: np.fmax.reduce(np.concatenate(values, axis=1), axis=1) for name, values in changed.items()}
    return pl.DataFrame(largest, schema=dict.fromkeys(MEASURES, pl.Float64)).fill_nan(None)


def _sets(part: _Part, rows: pl.DataFrame) -> Sets:
    """The part as it is, then once for each changed row; a last place is for whoever was not in it."""
    n, count = part.now.height, rows.height
    place = np.concatenate([[n], rows["place"].fill_null(n).to_numpy()]).astype(np.int64)
    here = np.arange(count + 1)
    is_in = np.broadcast_to(np.append(np.ones(n, dtype=bool), False), (count + 1, n + 1)).copy()
    is_in[here, place] = np.append(False, rows["time_days"].is_not_null().to_numpy())

    def spread(name: str) -> Floats:
        own = np.append(part.now[name].cast(pl.Float64).to_numpy(), 0.0)
        every = np.broadcast_to(own, (count + 1, n + 1)).copy()
        every[here, place] = np.append(0.0, rows[name].cast(pl.Float64).fill_null(0.0).to_numpy())
        return every

    x = np.stack([spread(name) for name in part.names], axis=2)
    return Sets(spread("time_days"), spread("is_event") > 0, is_in, x)


def _is_few(sets: Sets, of_levels: Sequence[Sets], no_p: Threshold) -> Bools:
    """Sets too small for a hazard ratio by the plan's own rule."""
    few = (sets.is_event & sets.is_in).sum(axis=1) < no_p.events
    for level in of_levels:
        few |= level.is_in.sum(axis=1) < no_p.group
    return few


def _from_first(values: Floats) -> Floats:
    return np.abs(values[1:] - values[:1])
