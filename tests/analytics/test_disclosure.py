"""An attacker with everything that is shown cannot work out a small count: by subtraction, by totals, by any sum."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.attacker import Learnt, Sum, confined
from analytics.disclosure import DisclosureError, blocks, is_small, protect

Table = tuple[dict[object, int], list[Sum]]


def crossed(counts: list[list[int]]) -> Table:
    """A table with its row, column and grand totals."""
    cells: dict[object, int] = {(r, c): n for r, row in enumerate(counts) for c, n in enumerate(row)}
    rows, columns = range(len(counts)), range(len(counts[0]))
    cells |= {("row", r): sum(counts[r]) for r in rows}
    cells |= {("column", c): sum(row[c] for row in counts) for c in columns}
    cells["all"] = sum(map(sum, counts))
    sums = [Sum(("row", r), tuple((r, c) for c in columns)) for r in rows]
    sums += [Sum(("column", c), tuple((r, c) for r in rows)) for c in columns]
    sums += [Sum("all", tuple(("row", r) for r in rows)), Sum("all", tuple(("column", c) for c in columns))]
    return cells, sums


def subtracted(cells: dict[object, int], sums: list[Sum], hidden: frozenset[object]) -> dict[object, int]:
    """What repeated subtraction finds: a sum with one hidden member gives that member."""
    known = {key: n for key, n in cells.items() if key not in hidden}
    while True:
        found = {}
        for one in sums:
            missing = [key for key in one.members if key not in known]
            if len(missing) == 1:
                [key] = missing
                parts = sum(known[part] for part in one.parts if part in known)
                found[key] = parts if key == one.total else known[one.total] - parts
        if not found:
            return {key: known[key] for key in hidden if key in known}
        known |= found


def solved(cells: dict[object, int], sums: list[Sum], hidden: frozenset[object]) -> set[object]:
    """What linear algebra finds: cells on which every solution of the sums agrees."""
    order = list(hidden)
    matrix = np.array([[(k in s.parts) * 1.0 - (k == s.total) for k in order] for s in sums])
    rank = np.linalg.matrix_rank(matrix)
    free = {k for i, k in enumerate(order) if np.linalg.matrix_rank(np.delete(matrix, i, axis=1)) == rank}
    return hidden - free


def enumerated(cells: dict[object, int], sums: list[Sum], hidden: frozenset[object], most: int) -> dict[object, set]:
    """Every value each hidden inner cell can have, by trying all combinations up to `most`."""
    totals = {one.total for one in sums}
    order = [key for key in hidden if key not in totals]
    tried = np.indices([most + 1] * len(order)).reshape(len(order), (most + 1) ** len(order))
    values = {key: tried[order.index(key)] if key in order else n for key, n in cells.items() if key not in totals}
    fits = np.ones(tried.shape[1], dtype=bool)
    waiting = list(sums)
    while waiting:
        for one in [s for s in waiting if all(part in values for part in s.parts)]:
            value = sum(values[part] for part in one.parts)
            values.setdefault(one.total, value)
            fits &= value == (values[one.total] if one.total in hidden else cells[one.total])
            waiting.remove(one)
    return {key: set(tried[i][fits]) for i, key in enumerate(order)}


INNER = [(r, c) for r in range(2) for c in range(3)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2),
    st.lists(st.sets(st.sampled_from(INNER), min_size=1), min_size=1, max_size=4),
)
def test_whom_sums_confine_is_whom_trying_all_counts_confines(
    counts: list[list[int]], unknown: list[set[tuple[int, int]]]
) -> None:
    """Also by what was learnt while others were unknown."""
    cells, sums = crossed(counts)
    learnt = Learnt.nothing(cells)
    for hidden in unknown:
        values = enumerated(cells, sums, frozenset(hidden), 6)
        narrow = {key for key, seen in values.items() if max(seen) - min(seen) < 3}
        assert set(confined(cells, sums, hidden, hidden, 3)) == narrow
        assert set(confined(cells, sums, hidden, hidden, 3, learnt=learnt)) == narrow
        found = confined(cells, sums, hidden, hidden, 3, first=True, learnt=learnt)
        assert set(found) <= narrow and bool(found) == bool(narrow)


def test_a_small_cell_takes_a_second_one_with_it() -> None:
    cells = {"all": 30, "a": 3, "b": 12, "c": 15}
    sums = [Sum("all", ("a", "b", "c"))]
    assert subtracted(cells, sums, frozenset({"a"})) == {"a": 3}  # the attack works where nothing is done
    assert protect(cells, sums, 5, open_={"all"}) == {"a", "b"}


def test_two_small_cells_that_are_too_few_together_take_a_third() -> None:
    cells = {"all": 30, "a": 1, "b": 1, "c": 13, "d": 15}
    assert protect(cells, [Sum("all", ("a", "b", "c", "d"))], 5, open_={"all"}) == {"a", "b", "c"}


def test_nothing_is_hidden_without_need() -> None:
    cells = {"all": 30, "a": 0, "b": 5, "c": 25}
    assert protect(cells, [Sum("all", ("a", "b", "c"))], 5) == frozenset()


def test_a_difference_between_two_tables_is_guarded() -> None:
    # 20 of hospital A in all, 18 of them in the group: the two outside the group are nowhere shown.
    cells = {"everybody": 20, "group": 18, "difference": 2}
    sums = [Sum("everybody", ("group", "difference"))]
    assert protect(cells, sums, 5, implied={"difference"}) & {"everybody", "group"}


def test_what_cannot_be_hidden_is_an_error_and_not_published() -> None:
    cells = {"all": 30, "a": 3, "b": 27}
    with pytest.raises(DisclosureError, match="A count below 5 could be worked out"):
        protect(cells, [Sum("all", ("a", "b"))], 5, open_={"all", "b"})


COUNTS = st.integers(0, 12)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(COUNTS, min_size=k, max_size=k), min_size=2, max_size=4)))
def test_no_small_cell_of_a_crossed_table_is_recovered(counts: list[list[int]]) -> None:
    cells, sums = crossed(counts)
    try:
        hidden = protect(cells, sums, 5)
    except DisclosureError:
        assert cells["all"] < 5  # too few people for any table
        return
    small = {key for key, n in cells.items() if is_small(n, 5)}
    assert small <= hidden
    assert not small & subtracted(cells, sums, hidden).keys()
    assert not small & solved(cells, sums, hidden)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2))
def test_every_small_cell_keeps_a_range_of_possible_values(counts: list[list[int]]) -> None:
    cells, sums = crossed(counts)
    try:
        hidden = protect(cells, sums, 3, open_={"all"})
    except DisclosureError:
        return
    possible = enumerated(cells, sums, hidden, 6)
    narrow = {k: v for k, v in possible.items() if is_small(cells[k], 3) and max(v) - min(v) < 2}
    assert narrow == {}


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 6), st.lists(st.integers(0, 39), max_size=4))
def test_each_step_of_a_curve_rests_on_enough_events(events: list[int], threshold: int, wanted: list[int]) -> None:
    ends = {position for position in wanted if position < len(events)}
    told = blocks(events, threshold, ends)
    total = np.concatenate([[0], np.cumsum(events)])
    stops = [0, *(i + 1 for i, is_told in enumerate(told) if is_told)]
    steps = [total[b] - total[a] for a, b in pairwise(stops)]
    assert all(step >= threshold for step in steps)
    if total[-1] >= threshold and not ends:
        assert sum(steps) == total[-1]  # nothing is left over: the rest joins the last step
