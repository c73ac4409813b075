"""Effects on the cumulative incidence of one cause: Fine and Gray's model of the subdistribution hazard.

As R's cmprsk::crr, with its standard errors, which take the estimated censoring in (Fine and Gray 1999;
surpyval's do not). Subjects with a competing event stay in the risk sets, weighted by the chance of being
still under observation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.survival.competing_risks import CompetingRisks
from analytics.survival.cox import wald_terms
from analytics.survival.design import degenerate, design, empty_terms
from analytics.survival.durations import LARGEST_STANDARD_ERROR, Bools, Durations, EstimateError, Floats, Ints
from analytics.survival.estimates import kaplan_meier
from analytics.survival.newton import Point, inverse, maximise


@dataclass(frozen=True)
class FineGrayFit:
    """terms: term, n, events, coef, std_err, hazard_ratio (of the subdistribution), lower, upper, z, p_value.

    events, competing: subjects with the cause and with another. Null with a reason: no_events,
    constant_covariate, collinear_covariates, monotone_likelihood, not_converged.
    """

    cause: str
    terms: pl.DataFrame
    covariance: Floats | None
    n: int
    events: int
    competing: int
    n_incomplete: int
    log_likelihood_null: float | None
    log_likelihood: float | None
    reason: str | None


def fine_gray(risks: CompetingRisks, covariates: pl.DataFrame, cause: str, *, confidence: float = 0.95) -> FineGrayFit:
    """Fit the model for one cause to numeric covariates (one column per term).

    Raises EstimateError for an unknown cause, weights, late entry, or covariates as `cox` does.
    """
    if cause not in risks.names:
        raise EstimateError(f"cause '{cause}' is not among {', '.join(risks.names) or 'no causes'}.")
    if risks.data.weights is not None or risks.data.entry_days is not None:
        raise EstimateError("Fine and Gray's model takes neither weights nor late entry.")
    given = design(risks.data, covariates)
    code = risks.cause[given.known]
    wanted = risks.names.index(cause) + 1
    is_event, is_other = code == wanted, (code != wanted) & (code > 0)
    events, competing = int(is_event.sum()), int(is_other.sum())

    def without(reason: str) -> FineGrayFit:
        names = ("coef", "std_err", "hazard_ratio", "lower", "upper", "z", "p_value")
        terms = empty_terms(given.columns, given.data.n, events, names)
        counts = (given.data.n, events, competing, given.n_incomplete)
        return FineGrayFit(cause, terms, None, *counts, None, None, reason)

    if events == 0:
        return without("no_events")
    means, spread = given.x.mean(axis=1), given.spread
    sets = _Subdistribution.of(given.data, given.x - means[:, None], is_event, is_other)
    start = sets.point(np.zeros(len(means)))
    if reason := degenerate(start.information, spread):
        return without(reason)
    top = maximise(sets.point, np.zeros(len(means)), start)
    naive = inverse(top.at.information)
    with np.errstate(invalid="ignore"):
        if not np.all(np.sqrt(np.diag(naive)) * spread <= LARGEST_STANDARD_ERROR):
            return without("monotone_likelihood")
    if not top.is_converged:
        return without("not_converged")
    influence = sets.influence(top.coef)
    covariance = naive @ (influence.T @ influence) @ naive
    terms = wald_terms(given.columns, top.coef, covariance, confidence)
    counted = [pl.lit(given.data.n, pl.Int64).alias("n"), pl.lit(events, pl.Int64).alias("events")]
    terms = terms.select("term", *counted, pl.exclude("term"))
    counts = (given.data.n, events, competing, given.n_incomplete)
    return FineGrayFit(cause, terms, covariance, *counts, start.value, top.at.value, None)


@dataclass(frozen=True)
class _Subdistribution:
    """Subjects sorted by time; K event times of the cause. observed: n, share still observed just before its end.

    x: p x n. first: K, the first subject whose end is not before the event time. row: n, number of event
    times up to its end. observed_at: K, as observed, at the event times. died: K.
    """

    time: Floats
    x: Floats
    is_event: Bools
    is_other: Bools
    observed: Floats
    first: Ints
    row: Ints
    observed_at: Floats
    died: Floats

    @classmethod
    def of(
        cls,
        data: Durations,
        x: Floats,
        is_event: Bools,
        is_other: Bools,
    ) -> _Subdistribution:
        order = np.argsort(data.time_days, kind="stable")
        time, event, other = data.time_days[order], is_event[order], is_other[order]
        curve = kaplan_meier(Durations(time, ~(event | other), None, None))
        survival = np.concatenate([[1.0], curve["survival"].to_numpy()])
        ends, died = np.unique(time[event], return_counts=True)
        observed, at_events = (
            survival[np.searchsorted(curve["time_days"].to_numpy(), when, side="left")] for when in (time, ends)
        )
        first = np.searchsorted(time, ends, side="left")
        row = np.searchsorted(ends, time, side="right")
        return cls(time, x[:, order], event, other, observed, first, row, at_events, died.astype(float))

    def at_risk(self, values: Floats) -> Floats:
        """Weighted sum of a quantity of the subjects over the risk set of each event time: K."""
        later = np.cumsum(values[::-1])[::-1][self.first]
        gone = np.concatenate([[0.0], np.cumsum(np.where(self.is_other, values / self.observed, 0.0))])[self.first]
        return np.asarray(later + self.observed_at * gone)

    def means(self, risk: Floats) -> tuple[Floats, Floats]:
        """Total risk (K) and mean covariates (K x p) of the risk sets."""
        total = self.at_risk(risk)
        return total, np.stack([self.at_risk(risk * x) / total for x in self.x], axis=1)

    def point(self, coef: Floats) -> Point:
        """Log-likelihood (Breslow's ties), score and information."""
        predictor = coef @ self.x
        shift = float(predictor.max())
        risk = np.exp(predictor - shift)
        total, mean = self.means(risk)
        own = self.is_event
        value = float((predictor[own] - shift).sum() - self.died @ np.log(total))
        score = self.x[:, own].sum(axis=1) - self.died @ mean
        squares = np.stack(
            [np.stack([self.at_risk(risk * a * b) / total for b in self.x], axis=1) for a in self.x], axis=1
        )
        information = np.einsum("k,kab->ab", self.died, squares) - (mean.T * self.died) @ mean
        return Point(value, score, information)

    def influence(self, coef: Floats) -> Floats:
        """Each subject's part of the score, that of the estimated censoring included: n x p."""
        risk = np.exp(coef @ self.x - (coef @ self.x).max())
        total, mean = self.means(risk)
        hazard = self.died / total

        def running(values: Floats) -> Floats:
            return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])

        plain, plain_mean = running(hazard), running(hazard[:, None] * mean)
        late = running(hazard * self.observed_at)
        late_mean = running((hazard * self.observed_at)[:, None] * mean)
        z = self.x.T
        part = -risk[:, None] * (z * plain[self.row][:, None] - plain_mean[self.row])
        part[self.is_event] += z[self.is_event] - mean[self.row[self.is_event] - 1]
        kept = np.where(self.is_other, risk / self.observed, 0.0)[:, None]
        part -= kept * (z * (late[-1] - late[self.row])[:, None] - (late_mean[-1] - late_mean[self.row]))
        return part + self._by_censoring(kept, late, late_mean)

    def _by_censoring(self, kept: Floats, late: Floats, late_mean: Floats) -> Floats:
        """What the subject adds through the estimated weights of those with a competing event before."""
        times, at = np.unique(self.time, return_inverse=True)
        # As crr where times tie: weights begin after the competing event, and events on the day count as later.
        before = np.searchsorted(self.time, times, side="left")
        summed, summed_x = (
            np.concatenate([np.zeros((1, part.shape[1])), np.cumsum(part, axis=0)])[before]
            for part in (kept, kept * self.x.T)
        )
        row = np.searchsorted(np.unique(self.time[self.is_event]), times, side="left")
        moved = summed_x * (late[-1] - late[row])[:, None] - summed * (late_mean[-1] - late_mean[row])
        n_risk = len(self.time) - before
        censored = ~(self.is_event | self.is_other)
        dropped = np.bincount(at[censored], minlength=len(times))
        moved = moved / n_risk[:, None]
        total = np.cumsum(moved * (dropped / n_risk)[:, None], axis=0)
        return np.asarray(np.where(censored[:, None], moved[at], 0.0) - total[at])
