"""Who was counted in what left, so that two releases cannot be subtracted from each other.

A release is remembered under the home's `releases/` as groups of persons: everybody in it, the groups it tells of, and
of records the classes in which persons look the same. Names of groups and of persons are keyed hashes. A new release is
compared with all before, to whomever they went: recipients talk, and what is published is everybody's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from schemas.errors import SarcregError
from warehouse import private
from warehouse.combined import Told, told_by_both
from warehouse.home import Home
from warehouse.keyed import DIGITS, keyed

RELEASED = "release"
"""The journal's event: form, refresh, recipient, purposes, the name it is remembered by, and k."""

ALL, GROUP, CLASS = "all", "group", "class"
"""Kinds of group: everybody, one that is told of, and a class of records that look the same."""
_GROUP_USE, _MEMBER_USE = "release group", "release member"
SCHEMA = {"kind": pl.String, "name": pl.String, "patient_id": pl.String}


class DifferencingError(SarcregError):
    """A release that, subtracted from an earlier one, would tell of fewer than k persons."""


@dataclass(frozen=True)
class Small:
    """Persons apart: 1 to k - 1 who are in the one and not in the other. drop: hashes of whom to leave out instead."""

    name: str
    earlier: str
    n: int
    drop: frozenset[str]


@dataclass(frozen=True)
class Memory:
    """Every release before: name -> kind, name, member (hashes)."""

    secret: bytes
    releases: dict[str, pl.DataFrame]

    def hashed(self, groups: pl.DataFrame) -> pl.DataFrame:
        """Groups of persons (columns of SCHEMA) as they are remembered: columns kind, name, member, label."""
        told = groups.select(
            "kind",
            label="name",
            name=_each(groups["name"], lambda texts: keyed(self.secret, texts, _GROUP_USE)),
            member=_each(groups["patient_id"], lambda texts: keyed(self.secret, texts, _MEMBER_USE)),
        )
        return told.unique().sort("kind", "name", "member")


def without(people: pl.DataFrame, secret: bytes, dropped: Iterable[str]) -> pl.DataFrame:
    """A frame with patient_id without the persons of these hashes."""
    members = _each(people["patient_id"], lambda texts: keyed(secret, texts, _MEMBER_USE))
    return people.filter(~members.is_in(list(dropped)))


def _each(texts: pl.Series, make: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """A function of distinct texts, for all."""
    distinct = texts.unique().sort()
    return texts.replace_strict(distinct, make(distinct), return_dtype=pl.String) if len(texts) else texts


def recall(home: Home, secret: bytes) -> Memory:
    """What was released from the home."""
    return Memory(secret, {path.stem: pl.read_parquet(path) for path in sorted(home.releases.glob("*.parquet"))})


def remember(home: Home, memory: Memory, groups: pl.DataFrame) -> str:
    """Keep the groups of a release; its name, which is the same for the same groups. Called by the one writer."""
    return private.keep(home.releases, memory.hashed(groups).drop("label"))


def nobody() -> str:
    """A random name for a place in releases that belongs to no person, for no key gives it again."""
    return secrets.token_hex(DIGITS // 2)


def forget(home: Home, secret: bytes, patient_id: str, nobody: str) -> dict[str, int]:
    """Cut the tie of a person to the releases that he was in: release -> rows. Called by the one writer.

    The place stays taken by `nobody`, in every release the same: without it a later release could be subtracted from
    an earlier one, and what is left would be the person who was erased.
    """
    [mine] = keyed(secret, [patient_id], _MEMBER_USE)
    found = {}
    for path in sorted(home.releases.glob("*.parquet")):
        groups = pl.read_parquet(path)
        if n := groups.filter(member=mine).height:
            private.write(path, private.parquet(groups.with_columns(pl.col("member").replace({mine: nobody}))))
            found[path.stem] = n
    return found


def holders(home: Home, secret: bytes, patient_id: str) -> set[str]:
    """Names of the releases that the person is in."""
    [mine] = keyed(secret, [patient_id], _MEMBER_USE)
    return {name for name, groups in recall(home, secret).releases.items() if mine in groups["member"]}


def small(memory: Memory, groups: pl.DataFrame, k: int) -> list[Small]:
    """Every group of 1 to k - 1 persons that the new groups (columns of SCHEMA) and the releases before tell apart."""
    new = memory.hashed(groups)
    found = [*_pairs(memory, new, k), *_patterns(memory, new, k)]
    if not set(_groups(new).values()) <= _known(memory):
        done = {one.earlier for one in found}
        for earlier in sorted(memory.releases.keys() - done):
            found += _sums(memory, earlier, new, k)
    return found


def _known(memory: Memory) -> set[frozenset[str]]:
    """Groups that were told before: to tell them again tells nothing new."""
    return {members for old in memory.releases.values() for members in _groups(old).values()}


def _pairs(memory: Memory, new: pl.DataFrame, k: int) -> Iterator[Small]:
    """Groups told of before and now. One of the same name may lose and win nobody or k; any other two may not differ by
    1 to k - 1; a group that was told of before just so tells nothing new."""
    mine = _groups(new)
    known = _known(memory)
    labels = dict(new.select("name", "label").iter_rows())
    for earlier, old in memory.releases.items():
        for other, theirs in _groups(old).items():
            for name, members in mine.items():
                if members in known:
                    continue
                won, lost = members - theirs, theirs - members
                apart = [part for part in (won, lost) if 0 < len(part) < k]
                if apart and (name == other or len(won) + len(lost) < k):
                    yield Small(labels[name], earlier, min(map(len, apart)), _to_drop(won, lost, members & theirs, k))


def _groups(groups: pl.DataFrame) -> dict[str, frozenset[str]]:
    told = groups.filter(pl.col("kind") != CLASS).group_by("name", maintain_order=True).agg("member")
    return {name: frozenset(members) for name, members in told.iter_rows()}


def _sums(memory: Memory, earlier: str, new: pl.DataFrame, k: int) -> Iterator[Small]:
    """What follows from the groups of an earlier release and of the new one by adding and taking away.

    Within everybody, and beyond where groups reach further: those excluded. Of two releases of records nothing follows
    that their classes, compared anyway, do not tell.
    """
    old = memory.releases[earlier]
    if not old.filter(kind=CLASS).is_empty() and not new.filter(kind=CLASS).is_empty():
        return
    then, now = (frame.filter(pl.col("kind") != CLASS) for frame in (old, new.with_columns(name="label")))
    inside = [frame.join(frame.filter(kind=ALL), on="member", how="semi") for frame in (then, now)]
    wider = then.height > inside[0].height or now.height > inside[1].height
    for one, other in [inside, [then, now]][: 1 + wider]:
        for told in told_by_both(one.select("name", "member"), other.select("name", "member"), k):
            came, left = (part if len(part) < k else frozenset() for part in (told.came, told.left))
            few = min(len(part) for part in (came, left) if part)
            yield Small(_sum_name(told), earlier, few, _to_drop(came, left, told.stayed, k))


def _sum_name(told: Told) -> str:
    """How a reader would get at the set: `a + b less c`; what is left of everybody is `not a, b`."""
    if told.added == (ALL,) and told.taken:
        return f"not {', '.join(told.taken)}"
    return " less ".join(filter(None, [" + ".join(told.added), ", ".join(told.taken)]))


def _patterns(memory: Memory, new: pl.DataFrame, k: int) -> Iterator[Small]:
    """Who was in which releases: over everybody, and over the classes of records, which durations can link."""
    for kind in (ALL, CLASS):
        now = new.filter(kind=kind).select("member", now="name")
        if now.is_empty():
            continue
        seen = pl.DataFrame(schema={"member": pl.String, "before": pl.String})
        for old in memory.releases.values():
            theirs = old.filter(kind=kind).select("member", then="name")
            if theirs.height:
                joined = seen.join(theirs, on="member", how="full", coalesce=True)
                pattern = pl.concat_str(pl.col("before", "then").fill_null("")).rank("dense").cast(pl.String)
                seen = joined.select("member", before=pattern)
        cells = seen.join(now, on="member", how="full", coalesce=True)
        sizes = cells.group_by("before", "now", maintain_order=True).agg("member").sort("before", "now")
        of_before: dict[str | None, list[tuple[str | None, list[str]]]] = {}
        for before, inside, members in sizes.iter_rows():
            of_before.setdefault(before, []).append((inside, members))
        for before, parts in of_before.items():
            if before is not None and len(parts) == 1:
                continue  # nothing told apart that was together
            for inside, members in parts:
                if len(members) < k:
                    others = {one for name, rest in parts if name is not None and name != inside for one in rest}
                    won, lost = (members, []) if inside is not None else ([], members)
                    yield Small("records" if kind == CLASS else ALL, "", len(members), _to_drop(won, lost, others, k))


def _to_drop(won: Iterable[str], lost: Iterable[str], both: Iterable[str], k: int) -> frozenset[str]:
    """Whom to leave out: newcomers that are too few; beside those who left, as many as make k, by their hashes."""
    won, lost = set(won), set(lost)
    drop = won if 0 < len(won) < k else set()
    if 0 < len(lost) < k:
        drop = drop | set(sorted(both)[: k - len(lost)])
    return frozenset(drop)


def refusal(found: list[Small], k: int) -> DifferencingError:
    """How many could be told apart and what to do; never who."""
    by_name: dict[str, list[int]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one.n)
    lines = [f"  {name}: {', '.join(map(str, sorted(set(numbers))))} person(s)" for name, numbers in by_name.items()]
    return DifferencingError(
        f"Subtracted from what was released before, this would tell of fewer than {k} persons:\n"
        + "\n".join(lines)
        + f"\nNothing was written. Release the refresh of then again (--as-of), wait until nobody or at least {k} "
        "have come and gone in each of these groups, or have those left out who would stand out (--hold-back)."
    )


def held_back(memory: Memory, groups: pl.DataFrame, k: int) -> frozenset[str]:
    """Hashes of whom to leave out so that nothing can be told apart; everybody where nothing less will do."""
    dropped: set[str] = set()
    while True:
        left = without(groups, memory.secret, dropped)
        more = {member for one in small(memory, left, k) for member in one.drop} - dropped
        if not more:
            return frozenset(dropped)
        dropped |= more
