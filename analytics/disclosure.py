"""Small counts that must not leave: which cells to hide so that none can be worked out from what is shown.

A count from 1 up to the threshold is hidden. What is shown may still give it away: by subtraction from a total, from
another table, from the difference between two groups one of which contains the other. So further cells are hidden
until, for each small one, everything shown allows a range of at least as many values as there are small counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from schemas.errors import SarcregError

Key = Hashable


class DisclosureError(SarcregError):
    """A small count cannot be hidden: all that would have to be hidden with it is published already."""


@dataclass(frozen=True)
class Sum:
    """What everybody knows of the cells: the parts, no person in two of them, add up to the total."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """Total and parts."""
        return (self.total, *self.parts)


def is_small(n: float | None, threshold: int) -> bool:
    """Whether a count tells of few people: from 1 and below the threshold."""
    return n is not None and 0 < n < threshold


def protect(
    cells: Mapping[Key, int],
    sums: Sequence[Sum],
    threshold: int,
    *,
    implied: Collection[Key] = (),
    dear: Mapping[Key, int] | None = None,
    open_: Collection[Key] = (),
) -> frozenset[Key]:
    """The cells to hide: the small ones, and others found by a greedy search, less those that then prove needless.

    cells: the true count of each. implied: cells that are shown nowhere but could be worked out. dear: cells to
    hide only where no cell of a lower number helps (0 for the rest). open_: cells that are shown whatever they hold.
    Raises DisclosureError where hiding every cell that may be hidden is not enough.
    """
    dear = dear or {}
    never = set(implied) | set(open_)
    small = {key for key, n in cells.items() if is_small(n, threshold) and key not in open_}
    hidden = small - set(implied)
    beside: dict[Key, list[Sum]] = {}
    for one in sums:
        for key in one.members:
            beside.setdefault(key, []).append(one)
    while True:
        unknown = hidden | set(implied)
        weak = _given_away(cells, sums, small, unknown, threshold)
        weak = weak or {k for k, low, high in ranges(cells, sums, unknown, small, threshold - 1)}
        if not weak:
            break
        added: set[Key] = set()
        for key in sorted(weak, key=repr):
            if any(k in added for one in beside.get(key, ()) for k in one.members):
                continue  # what was just hidden may be enough
            found = _nearest(key, beside, unknown, never | hidden)
            if not found:
                raise DisclosureError(
                    f"A count below {threshold} could be worked out from what is published with it: leave out the "
                    "table, or take wider groups."
                )
            order = {
                k: (dear.get(k, 0) > 1, far, dear.get(k, 0), cells[k] == 0, cells[k], repr(k))
                for k, far in found.items()
            }
            added.add(min(order, key=lambda k: order[k]))
        hidden |= added
    needless = sorted(hidden - small, key=lambda k: (-dear.get(k, 0), -cells[k], repr(k)))

    def is_safe(hidden: set[Key]) -> bool:
        unknown = hidden | set(implied)
        return not (
            _given_away(cells, sums, small, unknown, threshold)
            or ranges(cells, sums, unknown, small, threshold - 1, first=True)
        )

    return frozenset(_spared(hidden, needless, is_safe))


def _spared(hidden: set[Key], needless: Sequence[Key], is_safe: Callable[[set[Key]], bool]) -> set[Key]:
    """What has to stay hidden when as many as can be of those perhaps needless are shown, the first before the last."""
    if not needless:
        return hidden
    if is_safe(hidden - set(needless)):
        return hidden - set(needless)
    if len(needless) == 1:
        return hidden
    half = len(needless) // 2
    return _spared(_spared(hidden, needless[:half], is_safe), needless[half:], is_safe)


def _nearest(
    key: Key, beside: Mapping[Key, Sequence[Sum]], unknown: Collection[Key], never: Collection[Key]
) -> dict[Key, int]:
    """Cells that could be hidden to protect one: in how many sums' distance they stand, going over unknown cells."""
    found: dict[Key, int] = {}
    reached, edge, far = {key}, {key}, 0
    while edge:
        far += 1
        near = {k for one in edge for s in beside.get(one, ()) for k in s.members} - reached
        found |= {k: far for k in near if k not in never and k not in found}
        edge = {k for k in near if k in unknown}
        reached |= near
    return found


def _given_away(
    cells: Mapping[Key, int], sums: Sequence[Sum], small: Collection[Key], unknown: Collection[Key], threshold: int
) -> set[Key]:
    """Small cells that one sum alone gives away: all others of it shown, or the hidden ones together too few."""
    found: set[Key] = set()
    for one in sums:
        parts = [key for key in one.parts if key in unknown]
        if one.total in unknown:
            found |= {one.total} & set(small) if not parts else set()
        elif (parts and sum(cells[key] for key in parts) < threshold - 1) or len(parts) == 1:
            found |= set(parts) & set(small)
    return found


def ranges(
    cells: Mapping[Key, int],
    sums: Sequence[Sum],
    unknown: Collection[Key],
    wanted: Collection[Key],
    enough: int,
    *,
    first: bool = False,
) -> list[tuple[Key, int, int]]:
    """Of the wanted cells those whose value is confined to a range narrower than `enough`, with the range.

    What an attacker can learn who knows the sums and every cell that is not unknown, by linear programming: no count
    is negative. A feasible point found for one cell serves as a witness for all others. first: one such cell is enough.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    order = sorted(unknown, key=repr)
    place = {key: i for i, key in enumerate(order)}
    rows, columns, signs, right = [], [], [], []
    used = [one for one in sums if any(key in place for key in one.members)]
    for row, one in enumerate(used):
        known = 0
        for key, sign in [(one.total, -1), *((part, 1) for part in one.parts)]:
            if key in place:
                rows.append(row)
                columns.append(place[key])
                signs.append(sign)
            else:
                known += sign * cells[key]
        right.append(-known)
    matrix = csr_matrix((signs, (rows, columns)), shape=(len(used), len(order)), dtype=float)
    links = csr_matrix(abs(matrix.T) @ abs(matrix))
    _, component = connected_components(links, directed=False)
    found: list[tuple[Key, int, int]] = []
    for label in np.unique(component[[place[key] for key in wanted]]) if wanted else []:
        inside = np.flatnonzero(component == label)
        block = matrix[:, inside]
        touched = np.flatnonzero(np.diff(block.indptr))
        truth = np.array([cells[order[i]] for i in inside], dtype=float)
        asked = [j for j, i in enumerate(inside) if order[i] in wanted]
        spans = _spans(block[touched], np.asarray(right, dtype=float)[touched], truth, asked, enough, first=first)
        found += [(order[inside[j]], low, high) for j, (low, high) in spans.items()]
        if first and found:
            break
    return found


def _spans(
    matrix: Any, right: Any, truth: Any, asked: Sequence[int], enough: int, *, first: bool
) -> dict[int, tuple[int, int]]:
    """Least and greatest value of each asked variable whose range is narrower than enough."""
    from scipy.optimize import linprog

    low, high = truth.copy(), truth.copy()
    found: dict[int, tuple[int, int]] = {}
    for j in asked:
        if not matrix.shape[0]:
            break  # in no sum: anything is possible
        for sign in (1.0, -1.0):
            if high[j] - low[j] >= enough:
                break
            objective = np.zeros(len(truth))
            objective[j] = sign
            # A bound of its own keeps an unbounded range finite: wider than enough is enough.
            bounds = [(0, None)] * len(truth)
            bounds[j] = (0, truth[j] + enough + 1)
            answer = linprog(objective, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
            np.minimum(low, answer.x, out=low)
            np.maximum(high, answer.x, out=high)
        span = int(np.ceil(low[j] - 1e-6)), int(np.floor(high[j] + 1e-6))
        if span[1] - span[0] < enough:
            found[j] = span
            if first:
                break
    return found


def blocks(events: Sequence[int], threshold: int, ends: Collection[int] = ()) -> list[bool]:
    """Where a curve may step so that each step rests on no fewer events than the threshold.

    events: at each time, in order. ends: positions at which a step is wanted, given where the rule allows it. True
    at the positions at which all events since the last step are told together; what is left at the end is not told.
    """
    total = np.concatenate([[0], np.cumsum(events)])
    stops, last = [], 0
    for position in sorted(ends):
        if total[position + 1] - total[last] >= threshold:
            stops.append(position + 1)
            last = position + 1
    tells = np.zeros(len(events), dtype=bool)
    for start, stop in zip([0, *stops], [*stops, len(events)], strict=True):
        done = start
        for position in range(start, stop):
            is_last = position + 1 == stop and stop in stops and total[stop] > total[done]
            rest = total[stop] - total[position + 1]
            whole = total[position + 1] - total[done] >= threshold and (rest == 0 or rest >= threshold)
            if is_last or (whole and events[position]):
                tells[position] = True
                done = position + 1
    return [bool(told) for told in tells]


def masked(frame: pl.DataFrame, column: str, hide: pl.Expr) -> pl.DataFrame:
    """The frame with a column's value taken out where `hide` is true."""
    return frame.with_columns(pl.when(hide.fill_null(False)).then(None).otherwise(pl.col(column)).alias(column))
