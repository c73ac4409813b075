"""What an attacker can work out of counts: which of those he is not shown are confined to few values.

He knows the sums that cells are parts of, every cell that is shown, and that no count is negative. Most of his
questions are settled without a linear programme: by each sum alone, or by counts found possible for an earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from schemas.errors import SarcregError

Key = Hashable
_TOLERANCE, _REMEMBERED, _MANY = 1e-6, 1024, 1e9


@dataclass(frozen=True)
class Sum:
    """What everybody knows of the cells: the parts, no person in two of them, add up to the total."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def members(self) -> tuple[Key, ...]:
        """Total and parts."""
        return (self.total, *self.parts)


@dataclass
class Learnt:
    """What an attacker has worked out, to spare him work on the same cells and sums when others are unknown.

    place: of each cell. points: possible counts, less the true ones; a row a point, a column a cell. confined: of
    unknown cells that hang together, all or the first in too narrow a range. latest: the cell that was so at last.
    """

    place: Mapping[Key, int]
    points: np.ndarray
    confined: dict[tuple[frozenset[Key], bool], list[Key]] = field(default_factory=dict)
    latest: Key = None

    @classmethod
    def nothing(cls, cells: Collection[Key]) -> Learnt:
        """At the beginning."""
        return cls({key: at for at, key in enumerate(cells)}, np.zeros((0, len(cells))))

    def add(self, keys: Sequence[Key], confined: list[Key], points: np.ndarray) -> None:
        """Keep what was found of cells that hang together."""
        self.latest = confined[0] if confined else self.latest
        wide = np.zeros((len(points), len(self.place)))
        wide[:, [self.place[key] for key in keys]] = np.where(np.abs(points) > _TOLERANCE, points, 0)
        self.points = np.concatenate([self.points, wide])[-_REMEMBERED:]

    def possible(self, unknown: Collection[Key]) -> np.ndarray:
        """The points in which no other cell than these differs from its true count."""
        known = np.ones(len(self.place), dtype=bool)
        known[[self.place[key] for key in unknown]] = False
        return self.points[~self.points[:, known].any(axis=1)]


def confined(
    cells: Mapping[Key, int],
    sums: Sequence[Sum],
    unknown: Collection[Key],
    wanted: Collection[Key],
    enough: int,
    *,
    first: bool = False,
    learnt: Learnt | None = None,
) -> list[Key]:
    """The wanted cells whose value is confined to a range narrower than `enough`.

    What an attacker can learn who knows the sums and every cell that is not unknown: no count is negative. first: one
    such cell is enough. learnt: from calls with the same cells, sums, wanted and enough; it is added to.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    learnt = learnt or Learnt.nothing(cells)
    order = sorted(unknown, key=learnt.place.__getitem__)
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
    possible = learnt.possible(order)
    found: list[Key] = []
    for label in np.unique(component[[place[key] for key in wanted]]) if wanted else []:
        inside = np.flatnonzero(component == label)
        keys = [order[i] for i in inside]
        together = frozenset(keys), first
        if together not in learnt.confined:
            block = matrix[:, inside]
            touched = np.flatnonzero(np.diff(block.indptr))
            attack = _Attack(
                block[touched],
                np.asarray(right, dtype=float)[touched],
                np.array([cells[key] for key in keys], dtype=float),
                possible[:, [learnt.place[key] for key in keys]],
                enough,
            )
            asked = sorted((j for j, key in enumerate(keys) if key in wanted), key=lambda j: keys[j] != learnt.latest)
            confined_here = attack.confined(asked)
            narrow = list(islice(confined_here, 1) if first else confined_here)
            learnt.confined[together] = [keys[j] for j in narrow]
            learnt.add(keys, learnt.confined[together], attack.found)
        found += learnt.confined[together]
        if first and found:
            break
    return found


class _Attack:
    """The search for counts that differ from the true ones, of cells that hang together, by linear programming.

    A point found for one cell serves as a witness for all others.
    """

    def __init__(self, matrix: Any, right: np.ndarray, truth: np.ndarray, possible: np.ndarray, enough: int) -> None:
        self._matrix, self._right, self._truth, self._enough = matrix, right, truth, enough
        self._low, self._high = (truth + pick(possible, axis=0, initial=0) for pick in (np.min, np.max))
        self._points: list[np.ndarray] = []

    @property
    def found(self) -> np.ndarray:
        """The points found, less the truth."""
        return np.array(self._points).reshape(-1, len(self._truth))

    def confined(self, asked: Sequence[int]) -> Iterator[int]:
        """Those of a range narrower than enough: first whom the sums one by one confine, then the others."""
        left = self._still(asked) if self._matrix.shape[0] else []  # in no sum: anything is possible
        if not left:
            return
        low, high = self._bounds()
        proven = [j for j in left if high[j] - low[j] < self._enough]
        yield from proven
        left = [j for j in left if j not in proven]
        suspect = asked[0]
        if left and left[0] == suspect and self._is_narrow(suspect):
            yield suspect
            left = left[1:]
        # All at once, as long as that shows of some that they are wide enough; what is left, one by one.
        for sign in (1, -1):
            before = len(left) + 1
            while left and len(left) < before:
                before = len(left)
                self._seek(left, sign)
                left = self._still(left)
        yield from filter(self._is_narrow, left)

    def _is_narrow(self, j: int) -> bool:
        for sign in (1, -1):
            if self._still([j]):
                self._seek([j], sign)
        return bool(np.floor(self._high[j] + _TOLERANCE) - np.ceil(self._low[j] - _TOLERANCE) < self._enough)

    def _still(self, some: Sequence[int]) -> list[int]:
        """Those whose range is not yet known to be wide enough."""
        return [j for j in some if self._high[j] - self._low[j] < self._enough]

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """What each sum says of its cells, as long as that says more than before."""
        low, high = np.zeros(len(self._truth)), np.full(len(self._truth), _MANY)
        cells = self._matrix.tocoo()
        row, column, is_part = cells.row, cells.col, cells.data > 0
        parts, totals = self._matrix.maximum(0), -self._matrix.minimum(0)
        for _ in range(len(self._truth)):
            least = (parts @ low - totals @ high - self._right)[row]
            most = (parts @ high - totals @ low - self._right)[row]
            before = low.copy(), high.copy()
            at_most = np.where(is_part, before[0][column] - least, before[0][column] + most)
            at_least = np.where(is_part, before[1][column] - most, before[1][column] + least)
            np.minimum.at(high, column, at_most)
            np.maximum.at(low, column, at_least)
            if (low == before[0]).all() and (high == before[1]).all():
                break
        return low, high

    def _seek(self, wanted: Sequence[int], sign: int) -> None:
        """A point at which the sum of some is as great as it can be (sign 1), or as small (-1)."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        objective, most = np.zeros(len(self._truth)), np.full(len(self._truth), np.inf)
        objective[wanted] = -sign
        # A bound of its own keeps an unbounded range finite: wider than enough is enough.
        most[wanted] = self._truth[wanted] + self._enough + 1
        sums = LinearConstraint(self._matrix, self._right, self._right)
        point = milp(objective, bounds=Bounds(0, most), constraints=sums).x
        if point is None:
            raise SarcregError(
                "What follows from the counts to be released could not be worked out, so nothing was released. Release "
                "fewer groups, or look into the plan for groups that are nearly the same."
            )
        np.minimum(self._low, point, out=self._low)
        np.maximum(self._high, point, out=self._high)
        self._points.append(point - self._truth)
