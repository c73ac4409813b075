"""The covariates of a regression, checked: complete subjects only, numbers only, one row each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.survival.durations import Bools, Durations, EstimateError, Floats, Ints, labels

# Share of a covariate's information that the others, or the risk sets, leave to it.
_COLLINEAR = 1e-9


@dataclass(frozen=True)
class Design:
    """n complete subjects and p covariates. x: p x n, as given. offset: n. stratum, cluster: n, from 0.

    strata: the labels of the strata in order, empty where there is one. known: of all subjects, who is complete.
    """

    data: Durations
    columns: tuple[str, ...]
    x: Floats
    offset: Floats
    stratum: Ints
    strata: tuple[str, ...]
    cluster: Ints | None
    known: Bools

    @property
    def n_incomplete(self) -> int:
        """Subjects left out."""
        return int((~self.known).sum())

    @property
    def spread(self) -> Floats:
        """Standard deviation of each covariate (n below), exactly 0 where it is constant: p."""
        is_constant = self.x.max(axis=1) == self.x.min(axis=1)
        return np.where(is_constant, 0.0, self.x.std(axis=1))

    @property
    def counts(self) -> tuple[int, int, int]:
        """Subjects, subjects with the event, subjects left out."""
        return self.data.n, self.data.events, self.n_incomplete


def design(
    data: Durations,
    covariates: pl.DataFrame,
    *,
    strata: pl.Series | None = None,
    cluster: pl.Series | None = None,
    offset: pl.Series | None = None,
) -> Design:
    """Check and keep the subjects whose covariates, labels and offset are all known.

    Raises EstimateError for no covariate, one that is not numeric, or anything of another length.
    """
    others = [series for series in (strata, cluster, offset) if series is not None]
    for length in (covariates.height, *map(len, others)):
        if length != data.n:
            raise EstimateError(f"{data.n} subjects have covariates of {length}: give one row each.")
    if not covariates.columns or not all(t.is_numeric() or t == pl.Boolean for t in covariates.dtypes):
        raise EstimateError("Covariates must be numbers: make an indicator column of each level but the first.")
    x = np.stack([column.cast(pl.Float64).to_numpy() for column in covariates.iter_columns()])
    known = np.isfinite(x).all(axis=0)
    for series in others:
        known &= series.is_not_null().to_numpy()
    shift = np.zeros(data.n) if offset is None else offset.cast(pl.Float64).to_numpy()
    known &= np.isfinite(shift)
    everybody = bool(known.all())
    complete, kept = data if everybody else data.take(known), pl.Series(known)
    names, stratum = ((), np.zeros(complete.n, dtype=np.int64)) if strata is None else labels(strata.filter(kept))
    return Design(
        data=complete,
        columns=tuple(covariates.columns),
        x=x if everybody else x[:, known],
        offset=shift[known],
        stratum=stratum,
        strata=names,
        cluster=None if cluster is None else labels(cluster.filter(kept))[1],
        known=known,
    )


def degenerate(information: Floats, spread: Floats) -> str | None:
    """Why coefficients cannot be told: constant_covariate or collinear_covariates; else null.

    information: p x p, where all coefficients are 0. spread: p, standard deviations of the covariates.
    """
    own = np.diag(information)
    if np.any(spread == 0) or np.any(own <= _COLLINEAR * spread**2):
        return "constant_covariate"
    scale = np.sqrt(own)
    return "collinear_covariates" if np.linalg.eigvalsh(information / np.outer(scale, scale))[0] < _COLLINEAR else None


def empty_terms(columns: tuple[str, ...], n: int, events: int, names: tuple[str, ...]) -> pl.DataFrame:
    """term, n, events and the named estimates, all null."""
    nothing = {name: [None] * len(columns) for name in names}
    return pl.DataFrame(
        {"term": columns, "n": n, "events": events, **nothing}, schema_overrides=dict.fromkeys(names, pl.Float64)
    )
