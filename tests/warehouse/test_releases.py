"""Releases cannot be subtracted from each other: no group of 1 to k - 1 persons is told apart by several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import SarcregError
from warehouse import combined, releases
from warehouse.home import Home

K, KEY = 5, b"a key of the test"


def groups_of(everybody: Iterable[int], classes: int | None = None, **groups: Iterable[int]) -> pl.DataFrame:
    """A release that tells of persons 0, 1, … and of groups; classes: parts them by remainder, as records."""
    people = list(everybody)
    rows = [(releases.ALL, releases.ALL, one) for one in people]
    rows += [(releases.GROUP, name, one) for name, members in groups.items() for one in members]
    if classes:
        rows += [(releases.CLASS, f"class {one % classes}", one) for one in people]
    return pl.DataFrame(rows, schema=["kind", "name", "patient_id"], orient="row").with_columns(
        patient_id=pl.format("patient-{}", "patient_id")
    )


def remembered(home: Home, *earlier: pl.DataFrame) -> releases.Memory:
    for groups in earlier:
        releases.remember(home, releases.recall(home, KEY), groups)
    return releases.recall(home, KEY)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def sizes(memory: releases.Memory, groups: pl.DataFrame) -> set[tuple[str, int]]:
    return {(one.name, one.n) for one in releases.small(memory, groups, K)}


FIRST = groups_of(range(30), asps=range(12), early=range(8, 20))


@pytest.mark.parametrize(
    ("then", "told_apart"),
    [
        (FIRST, set()),
        (groups_of(range(31), asps=range(12)), {("all", 1)}),
        (groups_of(range(34), asps=range(12)), {("all", 4)}),
        (groups_of(range(35), asps=range(12)), set()),
        (groups_of(range(29)), {("all", 1)}),
        (groups_of(range(25)), set()),
        # ten came and two went
        (groups_of(range(2, 40)), {("all", 2)}),
        # enough came, but three of them into one group
        (groups_of(range(36), asps=[*range(12), 33, 34, 35]), {("asps", 3)}),
        (groups_of(range(40), asps=[*range(12), *range(31, 36)]), set()),
        # another name for nearly the same persons
        (groups_of(range(30), child=range(11)), {("child", 1)}),
        (groups_of(range(30), child=range(12)), set()),
        (groups_of(range(30), child=range(7)), set()),
    ],
)
def test_what_may_follow_a_release(home: Home, then: pl.DataFrame, told_apart: set[tuple[str, int]]) -> None:
    assert sizes(remembered(home, FIRST), then) == told_apart


def of_levels(n: int, came: Iterable[str] = (), gone: int = 0, merged: Sequence[str] = "abcd") -> pl.DataFrame:
    """n persons by turns of the levels a, b, c, d and then newcomers of these; the first few gone; levels merged."""
    levels = [*("abcd"[one % 4] for one in range(n)), *came]
    people = [*enumerate(levels)][gone:]
    told = {name: [one for one, level in people if level in name] for name in merged}
    return groups_of([one for one, _ in people], **told)


@pytest.mark.parametrize(
    ("first", "then", "told_apart"),
    [
        # six came, five of them into the one group that is told
        (of_levels(80, merged="a"), of_levels(80, "aaaaab", merged="a"), {("not a", 1)}),
        (of_levels(80, merged="a"), of_levels(80, "aaaaabbcdd", merged="a"), set()),
        # what no level names
        (of_levels(80, merged="abc"), of_levels(80, "aaaaabbbbbcccccd", merged="abc"), {("not a, b, c", 1)}),
        # levels merged since, or parted since
        (of_levels(80), of_levels(80, "acccccdd", merged=["ab", "cd"]), {("ab", 1)}),
        (of_levels(80, merged=["ab", "cd"]), of_levels(80, "acccccdd"), {("a + b", 1)}),
        (of_levels(80), of_levels(80, "aabbbcccdd", merged=["ab", "cd"]), set()),
        # merged otherwise: what both tell is everybody
        (of_levels(80, merged=["ab", "cd"]), of_levels(80, "aaaaab", merged=["ac", "bd"]), set()),
        # a group within another: the rest of it
        (of_levels(80, merged=["abc", "a"]), of_levels(80, "aaaaabddddd", merged=["abc", "a"]), {("abc less a", 1)}),
        # eight left, two of them in no told group
        (of_levels(80, merged=["abc"]), of_levels(80, gone=8, merged=["abc"]), {("not abc", 2)}),
    ],
)
def test_what_follows_by_adding_and_subtracting(
    home: Home, first: pl.DataFrame, then: pl.DataFrame, told_apart: set[tuple[str, int]]
) -> None:
    assert sizes(remembered(home, first), then) == told_apart


def test_what_cannot_be_compared_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combined, "SECONDS", 1e-9)
    with pytest.raises(SarcregError, match=r"could not be compared with an earlier one within .* nothing was released"):
        sizes(remembered(home, of_levels(80)), of_levels(80, "acccccdd", merged=["ab", "cd"]))


def test_the_same_release_again_tells_nothing_new(home: Home) -> None:
    """Though two persons whom no group of it names are not in the release between."""
    first, between = (
        pl.concat([of_levels(80, merged=["abc", "d"]), groups_of(range(*more))]) for more in ((100, 102), (102, 107))
    )
    memory = remembered(home, first, between)
    assert sizes(memory, first) == set()


def test_what_follows_of_those_who_are_not_in_it(home: Home) -> None:
    """Six more were delivered and excluded, five for the reason that is told."""
    first = groups_of(range(40), delivered=range(60), young=range(40, 50))
    then = groups_of(range(40), delivered=range(66), young=[*range(40, 50), *range(60, 65)])
    assert sizes(remembered(home, first), then) == {("delivered less young", 1)}


def test_two_that_differ_enough_do_not_make_three(tmp_path: Path) -> None:
    """Without 0 to 7, then without 5 to 12: those between, in the first alone, are three."""
    whole, second, third = groups_of(range(40)), groups_of(range(8, 40)), groups_of([*range(5), *range(13, 40)])
    assert sizes(remembered(Home(tmp_path / "a"), whole), second) == set()
    assert sizes(remembered(Home(tmp_path / "b"), whole), third) == set()
    assert sizes(remembered(Home(tmp_path / "c"), second), third) == set()
    assert sizes(remembered(Home(tmp_path / "d"), whole, second), third) == {("all", 3)}


def test_records_that_can_be_linked_are_parted_no_further(home: Home) -> None:
    """Two shares of the same persons by other columns: together they would tell classes of three."""
    memory = remembered(home, groups_of(range(36), classes=3))
    assert sizes(memory, groups_of(range(36), classes=3)) == set()
    assert sizes(memory, groups_of(range(36), classes=6)) == set()
    assert sizes(memory, groups_of(range(36), classes=4)) == {("records", 3)}


def test_the_refusal_says_how_many_and_never_who(home: Home) -> None:
    found = releases.small(remembered(home, FIRST), groups_of(range(31)), K)
    said = str(releases.refusal(found, K))
    assert "all: 1 person(s)" in said and "--hold-back" in said and "--as-of" in said
    assert "patient-30" not in said and not any(member in said for one in found for member in one.drop)


def test_what_is_kept_is_private_and_names_nobody(home: Home) -> None:
    remembered(home, FIRST)
    [path] = home.releases.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600 and home.releases.stat().st_mode & 0o777 == 0o700
    kept = pl.read_parquet(path)
    assert kept["member"].str.contains(r"^[0-9a-f]{16}$").all() and kept["name"].str.contains(r"^[0-9a-f]{16}$").all()
    other = releases.Memory(b"another key", {}).hashed(FIRST)
    assert not set(other["member"]) & set(kept["member"]) and not set(other["name"]) & set(kept["name"])


def test_the_erased_is_forgotten_and_the_gap_still_guarded(home: Home) -> None:
    memory = remembered(home, FIRST)
    [mine] = memory.hashed(groups_of([9]))["member"]
    assert len(releases.holders(home, KEY, "patient-9")) == 1
    [rows] = releases.forget(home, KEY, "patient-9", releases.nobody()).values()
    assert rows == 3
    assert (
        releases.forget(home, KEY, "patient-9", releases.nobody()) == {}
        and releases.holders(home, KEY, "patient-9") == set()
    )
    assert not any(mine.encode() in path.read_bytes() for path in home.releases.iterdir())
    without = groups_of([one for one in range(30) if one != 9])
    assert sizes(releases.recall(home, KEY), without) == {("all", 1)}


SETS = st.lists(st.integers(0, 23), min_size=6, max_size=24, unique=True)


def atoms(accepted: Sequence[frozenset[int]]) -> list[int]:
    """How many persons each pattern of being in and out has, nobody's own reckoning but the definition."""
    everybody = frozenset().union(*accepted)
    patterns: dict[tuple[bool, ...], int] = {}
    for one in everybody:
        key = tuple(one in release for release in accepted)
        patterns[key] = patterns.get(key, 0) + 1
    return list(patterns.values())


@given(st.lists(SETS, min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_accepted_releases_tell_fewer_than_k_apart(asked: list[list[int]]) -> None:
    memory, accepted = releases.Memory(KEY, {}), []
    for number, people in enumerate(asked):
        groups = groups_of(people)
        held = releases.held_back(memory, groups, K)
        left = releases.without(groups, KEY, held)
        assert not releases.small(memory, left, K)
        if releases.small(memory, groups, K):
            assert held
        if left.is_empty():
            continue
        memory = releases.Memory(KEY, {**memory.releases, str(number): memory.hashed(left).drop("label")})
        accepted.append(frozenset(int(one.removeprefix("patient-")) for one in left["patient_id"]))
        assert min(atoms(accepted)) >= K


PARTITIONS = (("a", "b", "c", "d"), ("ab", "c", "d"), ("ab", "cd"), ("ad", "bc"), ("abc", "d"), ("abcd",))


def told_sets(told: Sequence[str]) -> list[frozenset[str]]:
    """Levels that are told together: every union of what is told and of the rest."""
    blocks = [frozenset(name) for name in told]
    blocks.append(frozenset("abcd").difference(*blocks))
    return [frozenset().union(*some) for n in range(len(blocks) + 1) for some in combinations(blocks, n)]


@given(st.lists(st.tuples(SETS, st.sampled_from(PARTITIONS)), min_size=2, max_size=3))
@settings(max_examples=30, deadline=None)
def test_no_union_of_levels_gains_or_loses_fewer_than_k(asked: list[tuple[list[int], tuple[str, ...]]]) -> None:
    """Levels are merged and parted as one likes, groups of fewer than k are not told."""
    memory, accepted = releases.Memory(KEY, {}), []
    for number, (people, partition) in enumerate(asked):
        of = {name: [one for one in people if "abcd"[one % 4] in name] for name in partition}
        groups = groups_of(people, **{name: members for name, members in of.items() if len(members) >= K})
        left = releases.without(groups, KEY, releases.held_back(memory, groups, K))
        assert not releases.small(memory, left, K)
        if left.is_empty():
            continue
        memory = releases.Memory(KEY, {**memory.releases, str(number): memory.hashed(left).drop("label")})
        everybody = {int(one.removeprefix("patient-")) for one in left.filter(kind=releases.ALL)["patient_id"]}
        accepted.append((everybody, left.filter(kind=releases.GROUP)["name"].unique().to_list()))
    for (then, told_then), (now, told_now) in combinations(accepted, 2):
        for levels in set(told_sets(told_then)) & set(told_sets(told_now)):
            was, is_now = ({one for one in people if "abcd"[one % 4] in levels} for people in (then, now))
            assert not 0 < len(is_now - was) < K
            assert not 0 < len(was - is_now) < K or not was & is_now
