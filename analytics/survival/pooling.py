"""One answer out of several centres: pooled log hazard ratios, and how much the centres differ.

Random effects, the variance between centres by DerSimonian and Laird (1986) or restricted likelihood, the
interval of Hartung and Knapp (2001), a prediction interval for a further centre (Higgins 2009), Cochran's Q,
I2 and H2 (Higgins and Thompson 2002). As R's metafor::rma, whose iteration ours carries to convergence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from analytics.survival.durations import EstimateError, Floats

Between = Literal["dersimonian_laird", "reml", "fixed"]


@dataclass(frozen=True)
class Pooled:
    """Several estimates as one, on their own (log) scale. centres: centre, estimate, std_err, share (of weight).

    estimate, std_err, lower, upper, p_value: pooled. prediction_lower, prediction_upper: where the effect in a
    further centre is expected. tau2: variance between centres; i2: percentage of all variance that it is; h2.
    q, q_df, q_p: test that there is none. Null with a reason: no_centres, one_centre (then the centre's own
    numbers are in centres), not_converged.
    """

    centres: pl.DataFrame
    k: int
    estimate: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    prediction_lower: float | None
    prediction_upper: float | None
    tau2: float | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int
    q_p: float | None
    between: Between
    is_hartung_knapp: bool
    reason: str | None


def pool(
    centre: pl.Series,
    estimate: pl.Series,
    std_err: pl.Series,
    *,
    between: Between = "reml",
    hartung_knapp: bool = True,
    confidence: float = 0.95,
) -> Pooled:
    """Pool one estimate per centre (a log hazard ratio, say) with its standard error.

    Centres whose estimate is null (not evaluable there) are left out; they stay in `centres` with no share.
    hartung_knapp: t interval from the spread between centres, which holds its level with few of them; else
    normal. Raises EstimateError for unequal lengths or a standard error that is not positive.
    """
    from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

    if not len(centre) == len(estimate) == len(std_err):
        raise EstimateError(f"{len(centre)} centres have {len(estimate)} estimates: give one each.")
    if between not in get_args(Between):
        raise EstimateError(f"between '{between}' is not known: use one of {', '.join(get_args(Between))}.")
    table = pl.DataFrame({"centre": centre.cast(pl.String), "estimate": estimate, "std_err": std_err})
    table = table.cast({"estimate": pl.Float64, "std_err": pl.Float64})
    known = table.drop_nulls(["estimate", "std_err"])
    y, v = known["estimate"].to_numpy(), known["std_err"].to_numpy() ** 2
    if not np.all(np.isfinite(y) & np.isfinite(v) & (v > 0)):
        raise EstimateError("A standard error is not a positive number: leave such centres out as null.")
    k = len(y)
    tau2 = 0.0 if between == "fixed" else _moments(y, v) if between == "dersimonian_laird" else _reml(y, v)
    if k < 2 or tau2 is None:
        shown = table.with_columns(share=pl.lit(None, pl.Float64))
        reason = "not_converged" if k > 1 else ("no_centres", "one_centre")[k]
        return Pooled(shown, k, *(None,) * 11, max(k - 1, 0), None, between, hartung_knapp, reason)
    fixed = 1 / v
    q = float(fixed @ (y - fixed @ y / fixed.sum()) ** 2)
    typical = float((k - 1) * fixed.sum() / (fixed.sum() ** 2 - fixed @ fixed))
    h2 = q / (k - 1) if between == "fixed" else tau2 / typical + 1
    weight = 1 / (v + tau2)
    pooled = float(weight @ y / weight.sum())
    spread = float((weight @ (y - pooled) ** 2) / (k - 1)) if hartung_knapp else 1.0
    error = float(np.sqrt(spread / weight.sum()))
    tail = 0.5 + confidence / 2
    z = float(stdtrit(k - 1, tail) if hartung_knapp else ndtri(tail))
    ratio = abs(pooled) / error if error > 0 else np.inf
    p_value = float(2 * (stdtr(k - 1, -ratio) if hartung_knapp else ndtr(-ratio)))
    reach = z * float(np.sqrt(error**2 + tau2))
    share = known.select("centre", share=pl.Series(weight / weight.sum()))
    return Pooled(
        centres=table.join(share, on="centre", how="left", maintain_order="left"),
        k=k,
        estimate=pooled,
        std_err=error,
        lower=pooled - z * error,
        upper=pooled + z * error,
        p_value=p_value,
        prediction_lower=None if between == "fixed" else pooled - reach,
        prediction_upper=None if between == "fixed" else pooled + reach,
        tau2=tau2,
        i2=100 * (1 - 1 / h2) if h2 > 1 else 0.0,
        h2=h2,
        q=q,
        q_df=k - 1,
        q_p=float(chdtrc(k - 1, q)),
        between=between,
        is_hartung_knapp=hartung_knapp,
        reason=None,
    )


def _moments(y: Floats, v: Floats) -> float:
    """DerSimonian and Laird: what of Q exceeds its expectation without any difference."""
    if len(y) < 2:
        return 0.0
    w = 1 / v
    q = w @ (y - w @ y / w.sum()) ** 2
    return float(max(0.0, (q - (len(y) - 1)) / (w.sum() - w @ w / w.sum())))


def _reml(y: Floats, v: Floats) -> float | None:
    """Restricted maximum likelihood: the root of its score above 0, and 0 where there is none."""
    from scipy.optimize import brentq

    if len(y) < 2:
        return 0.0

    def score(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        return float(w**2 @ (y - mean) ** 2 - w.sum() + (w @ w) / w.sum())

    def likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        return float(np.log(w).sum() - np.log(w.sum()) - w @ (y - mean) ** 2) / 2

    # The likelihood may have several tops: the grid finds the hill, the root its top.
    top = float(np.var(y) * len(y) + v.max())
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * top, 10 * top, 200)])
    best = int(np.argmax([likelihood(float(t)) for t in grid]))
    if best == len(grid) - 1:
        return None
    low, high = float(grid[max(best - 1, 0)]), float(grid[best + 1])
    if score(low) <= 0:
        return 0.0
    return float(brentq(score, low, high, xtol=1e-300, rtol=1e-14))
