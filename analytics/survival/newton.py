"""Newton's method for a concave log-likelihood of a few coefficients."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analytics.survival.durations import Floats

_MOST_STEPS = 60
_MOST_HALVINGS = 30
# Of score' information^-1 score, on the scale of a chi-square: after one more step the coefficients stand to
# about 1e-12 of their standard errors.
_CONVERGED = 1e-12


class Point(NamedTuple):
    """The function, its gradient (p) and minus its second derivative (p x p) at one point."""

    value: float
    score: Floats
    information: Floats


class Maximum(NamedTuple):
    """Where Newton's method ended. is_converged is False if it ran out of steps."""

    coef: Floats
    at: Point
    is_converged: bool


def maximise(
    evaluate: Callable[[Floats], Point], start: Floats, at: Point | None = None, *, converged: float = _CONVERGED
) -> Maximum:
    """Climb from start; a step that leads down is halved. at: the point at start, where it is known already.

    converged: of score' information^-1 score, below which one more step is the last.
    A likelihood that rises to infinity ends as converged where it has become flat: the caller judges by the
    standard errors.
    """
    coef, at = start, evaluate(start) if at is None else at
    for _ in range(_MOST_STEPS):
        step = _solve(at.information, at.score)
        gain = float(at.score @ step)
        found = evaluate(coef + step)
        for _ in range(_MOST_HALVINGS):
            # Near the top the value moves less than its rounding.
            if np.isfinite(found.value) and found.value >= at.value - 1e-9 * (1 + abs(at.value)):
                break
            step = step / 2
            found = evaluate(coef + step)
        else:
            return Maximum(coef, at, False)
        coef, at = coef + step, found
        if gain < converged:
            return Maximum(coef, at, True)
    return Maximum(coef, at, False)


def inverse(matrix: Floats) -> Floats:
    """Of a symmetric matrix, whatever the units of its rows; not a number throughout where there is none."""
    scale = np.sqrt(np.diag(matrix))
    try:
        return np.asarray(np.linalg.inv(matrix / np.outer(scale, scale)) / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)


def _solve(matrix: Floats, vector: Floats) -> Floats:
    """matrix^-1 vector; a direction in which the function is flat gets no step."""
    scale = np.sqrt(np.maximum(np.diag(matrix), np.finfo(float).tiny))
    scaled = np.nan_to_num(matrix / np.outer(scale, scale))
    return np.asarray(np.linalg.pinv(scaled, rcond=1e-13, hermitian=True) @ (vector / scale) / scale)
