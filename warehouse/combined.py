"""What a reader of two releases can compute by adding and subtracting the groups whose sizes both tell.

A release tells the size of everybody in it and of groups, and so whatever follows from them: the rest that no level
names, a level less what is told within it, two levels together. Its persons fall into cells, those who are in the same
of its groups. It tells a set of whole cells whose indicator is a sum of its groups, each added or taken away at most
once. Two releases tell the same set where those who are in both are in it then as now: so a level that is merged later
is seen, whatever its name. Whether 1 to k - 1 persons came to such a set, or left it, is a small integer programme;
its answer of fewest groups names the set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from schemas.errors import SarcregError

CAME, LEFT = "came", "left"
SECONDS = 60
"""A comparison that takes longer is no comparison: what cannot be compared is refused."""


@dataclass(frozen=True)
class Told:
    """A set that both releases tell: the later one's groups that make it up, and its persons by where they are."""

    added: tuple[str, ...]
    taken: tuple[str, ...]
    came: frozenset[str]
    left: frozenset[str]
    stayed: frozenset[str]


def told_by_both(then: pl.DataFrame, now: pl.DataFrame, k: int) -> Iterator[Told]:
    """A set to which 1 to k - 1 persons came, and one that as many left while others stayed, where there are such.

    then, now: columns name, member. A set that nobody stays in is not told any more.
    """
    if not then["name"].n_unique() + now["name"].n_unique() > 2 or then.is_empty() or now.is_empty():
        return  # nothing to add
    cells = _cells(then, now)
    for moved in (CAME, LEFT):
        if found := _told(cells, moved, k):
            yield found


@dataclass(frozen=True)
class _Cells:
    """members: of each cell. before, after: cells x groups of either release, 0 or 1. names: of the later one's."""

    members: list[frozenset[str]]
    before: np.ndarray
    after: np.ndarray
    names: list[str]

    @property
    def was(self) -> np.ndarray:
        """Which cells are in the earlier release."""
        return np.asarray(self.before.any(axis=1))

    @property
    def now(self) -> np.ndarray:
        """Which cells are in the later release."""
        return np.asarray(self.after.any(axis=1))

    def of(self, chosen: np.ndarray) -> frozenset[str]:
        """The persons of some cells."""
        return frozenset().union(*(self.members[at] for at in np.flatnonzero(chosen)))


def _cells(then: pl.DataFrame, now: pl.DataFrame) -> _Cells:
    sides = [_wide(frame, side) for side, frame in (("then", then), ("now", now))]
    both = sides[0].join(sides[1], on="member", how="full", coalesce=True).fill_null(0)
    groups = [column for column in both.columns if column != "member"]
    cells = both.group_by(groups).agg(pl.col("member")).sort(groups)
    before, after = (cells.select(pl.selectors.starts_with(f"{side} ")) for side in ("then", "now"))
    names = [column.removeprefix("now ") for column in after.columns]
    return _Cells([frozenset(members) for members in cells["member"]], before.to_numpy(), after.to_numpy(), names)


def _wide(groups: pl.DataFrame, side: str) -> pl.DataFrame:
    """A row a person, a column of 0 and 1 a group, the largest first; groups of the same persons are one."""
    sizes = groups.group_by("name").agg(pl.len(), pl.col("member").sort()).sort("len", "name", descending=[True, False])
    names = sizes.unique("member", keep="first", maintain_order=True)["name"].to_list()
    told = groups.filter(pl.col("name").is_in(names)).with_columns(is_in=pl.lit(1, dtype=pl.Int8))
    wide = told.pivot("name", index="member", values="is_in").fill_null(0)
    return wide.select("member", *(pl.col(name).alias(f"{side} {name}") for name in names))


def _told(cells: _Cells, moved: str, k: int) -> Told | None:
    """The set of fewest groups that few came to, or left."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import block_array, csr_array, eye_array

    was, now = cells.was, cells.now
    size = np.array([len(members) for members in cells.members])
    few = size * (now & ~was if moved == CAME else was & ~now)
    if not few.any():
        return None
    # Of each cell whether it is in the set; of each group, then and now, whether it is added, and whether taken away.
    inside = eye_array(len(size), format="csr")
    before, after = csr_array(cells.before[was].astype(float)), csr_array(cells.after[now].astype(float))
    is_sum: Any = block_array(
        [[inside[was], -before, before, None, None], [inside[now], None, None, -after, after]], format="csr"
    )
    at = np.cumsum([len(size), 2 * before.shape[1], after.shape[1], after.shape[1]])
    counts = np.zeros((2, at[-1]))
    counts[0, : at[0]], counts[1, : at[0]] = few, was & now
    constraints = [
        LinearConstraint(is_sum, 0, 0),
        LinearConstraint(csr_array(counts), [1, int(moved == LEFT)], [k - 1, np.inf]),
    ]
    # That there is none is found sooner without an objective.
    if _solved(np.zeros(at[-1]), constraints) is None:
        return None
    chosen = _solved((np.arange(at[-1]) >= at[1]).astype(float), constraints)
    assert chosen is not None  # noqa: S101 (there is one)
    _, _, added, taken = np.split(chosen, at[:-1])
    told = chosen[: at[0]]
    names = np.array(cells.names, dtype=object)
    return Told(
        tuple(names[added]), tuple(names[taken]), cells.of(told & now & ~was), cells.of(told & was & ~now),
        cells.of(told & was & now),
    )  # fmt: skip


def _solved(objective: np.ndarray, constraints: Any) -> np.ndarray | None:
    """Unknowns of 0 or 1 that keep to the constraints at the least objective; None where nothing does.

    Raises SarcregError where that was not found out.
    """
    from scipy.optimize import Bounds, milp

    for presolve in (True, False):  # HiGHS sometimes fails on what its presolve left
        answer = milp(
            objective,
            integrality=np.ones(len(objective)),
            bounds=Bounds(0, 1),
            constraints=constraints,
            options={"presolve": presolve, "time_limit": SECONDS},
        )
        if answer.status == 0:
            return np.asarray(answer.x > 0.5)
        if answer.status == 2:
            return None
    raise SarcregError(
        f"This release could not be compared with an earlier one within {SECONDS} seconds, so nothing was released. "
        "Release fewer groups at once, or the refresh of then again (--as-of)."
    )
