"""Small counts that must not leave: which cells to hide so that none can be worked out from what is shown.

A count from 1 up to the threshold is hidden. What is shown may still give it away: by subtraction from a total, from
another table, from the difference between two groups one of which contains the other. So further cells are hidden
until, for each small one, everything shown allows a range of at least as many values as there are small counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import polars as pl

from analytics.attacker import Key, Learnt, Sum, confined
from schemas.errors import SarcregError


class DisclosureError(SarcregError):
    """A small count cannot be hidden: all that would have to be hidden with it is published already."""


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
    learnt = Learnt.nothing(cells)
    while True:
        unknown = hidden | set(implied)
        weak = _given_away(cells, sums, small, unknown, threshold)
        weak = weak or set(confined(cells, sums, unknown, small, threshold - 1, learnt=learnt))
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
            or confined(cells, sums, unknown, small, threshold - 1, first=True, learnt=learnt)
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
