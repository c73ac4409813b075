"""Questions put to a Cox model: does a covariate matter, does an effect differ by subgroup, do groups differ
given covariates?

Significance in one subgroup and not in another is no evidence of a difference: the interaction is the test.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from analytics.survival.cox import CoxFit, Ties, cox
from analytics.survival.design import design
from analytics.survival.durations import Durations, EstimateError, labels


@dataclass(frozen=True)
class ModelTest:
    """A test with df degrees of freedom. p_value is null where reason says why (a reason of CoxFit, or one_group)."""

    n: int
    events: int
    statistic: float | None
    df: int
    p_value: float | None
    reason: str | None


def likelihood_ratio(
    data: Durations,
    covariates: pl.DataFrame,
    tested: list[str],
    *,
    strata: pl.Series | None = None,
    ties: Ties = "efron",
) -> ModelTest:
    """Likelihood-ratio test of leaving the tested columns out of a Cox model with all covariates."""
    if missing := [c for c in tested if c not in covariates.columns]:
        raise EstimateError(f"{len(missing)} tested columns are not among the covariates.")
    full = cox(data, covariates, strata=strata, ties=ties)
    if full.log_likelihood is None or full.log_likelihood_null is None:
        return ModelTest(full.n, full.events, None, len(tested), None, full.reason)
    kept = [c for c in covariates.columns if c not in tested]
    without = full.log_likelihood_null
    if kept:
        # The same subjects in both models.
        known = design(data, covariates, strata=strata).known
        part = None if strata is None else strata.filter(pl.Series(known))
        smaller = cox(data.take(known), covariates.select(kept).filter(pl.Series(known)), strata=part, ties=ties)
        if smaller.log_likelihood is None:
            return ModelTest(full.n, full.events, None, len(tested), None, smaller.reason)
        without = smaller.log_likelihood
    return _chi_square(full, 2 * (full.log_likelihood - without), len(tested))


def interaction(
    data: Durations,
    effect: pl.DataFrame,
    subgroup: pl.Series,
    *,
    adjust: pl.DataFrame | None = None,
    strata: pl.Series | None = None,
    ties: Ties = "efron",
) -> ModelTest:
    """Does the effect (one column or several, an indicator say) differ between the subgroups?

    Likelihood ratio of products of effect and subgroup indicators against the model with both. Subjects
    without a subgroup or covariate are left out. reason one_group: nobody to compare with.
    """
    known = subgroup.is_not_null()
    kept, part = data.take(known.to_numpy()), subgroup.filter(known)
    names, member = labels(part)
    if len(names) < 2:
        return ModelTest(kept.n, kept.events, None, 0, None, "one_group")
    effects = effect.filter(known).cast(pl.Float64)
    indicators = pl.DataFrame({f"__subgroup_{i}": (member == i).astype(float) for i in range(1, len(names))})
    products = pl.DataFrame(
        {f"__{a}_{b}": effects[a] * indicators[b] for a, b in product(effects.columns, indicators.columns)}
    )
    others = [] if adjust is None else [adjust.filter(known)]
    covariates = pl.concat([effects, indicators, *others, products], how="horizontal")
    layer = None if strata is None else strata.filter(known)
    return likelihood_ratio(kept, covariates, products.columns, strata=layer, ties=ties)


def adjusted_log_rank(
    data: Durations,
    group: pl.Series,
    covariates: pl.DataFrame | None = None,
    *,
    strata: pl.Series | None = None,
    ties: Ties = "efron",
) -> ModelTest:
    """Log-rank test given covariates: the score test of the groups in a Cox model with the covariates fitted.

    Without covariates and ties='exact' it is the log-rank test itself (with Breslow's or Efron's ties, nearly).
    Subjects without a group or covariate are left out. reason one_group: nobody to compare with.
    """
    from analytics.survival.partial_likelihood import information, moments

    known = group.is_not_null()
    kept = data.take(known.to_numpy())
    names, member = labels(group.filter(known))
    if len(names) < 2:
        return ModelTest(kept.n, kept.events, None, 0, None, "one_group")
    indicators = pl.DataFrame({f"__group_{i}": (member == i).astype(float) for i in range(1, len(names))})
    layer = None if strata is None else strata.filter(known)
    if covariates is None:
        plain = cox(kept, indicators, strata=layer, ties=ties)
        found = plain.tests.filter(pl.col("test") == "score")
        if found.is_empty():
            return ModelTest(plain.n, plain.events, None, len(names) - 1, None, plain.reason)
        return _chi_square(plain, float(found["statistic"][0]), len(names) - 1)
    if ties == "exact":
        raise EstimateError("With covariates the adjusted test needs ties='efron' or 'breslow'.")
    fit = cox(kept, covariates.filter(known), strata=layer, ties=ties)
    if fit.reason is not None or fit.model is None:
        return ModelTest(fit.n, fit.events, None, len(names) - 1, None, fit.reason)
    model = fit.model
    whole = np.vstack([model.x, indicators.to_numpy().T[:, model.given.known][:, model.sets.order]])
    at = moments(model.sets, whole, model.predictor)
    matrix = information(model.sets, whole, at)
    if np.linalg.matrix_rank(matrix) < len(matrix):
        return ModelTest(fit.n, fit.events, None, len(names) - 1, None, "collinear_covariates")
    return _chi_square(fit, float(at.score @ np.linalg.solve(matrix, at.score)), len(names) - 1)


def _chi_square(fit: CoxFit, statistic: float, df: int) -> ModelTest:
    from scipy.special import chdtrc

    statistic = max(statistic, 0.0)
    return ModelTest(fit.n, fit.events, statistic, df, float(chdtrc(df, statistic)), None)
