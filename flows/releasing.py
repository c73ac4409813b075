"""Releases: what is about to leave compared with all that left before, remembered, told to the journal, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import polars as pl

if TYPE_CHECKING:
    from analytics.paper.release import ReleasedMaterial
    from analytics.plan import Plan
    from warehouse.permitted import Use
    from warehouse.releases import Memory

EVERYONE = "everyone"
"""The recipient of what is published."""
T = TypeVar("T")
W = TypeVar("W")
Without = Callable[[pl.DataFrame], pl.DataFrame]
"""Takes those held back out of a frame with patient_id."""


@dataclass(frozen=True)
class Made(Generic[T]):
    """What would leave, and the persons it tells of: columns kind, name, patient_id."""

    what: T
    groups: pl.DataFrame


def release(
    root: Path,
    use: Use,
    ways: Sequence[Callable[[Without], Made[T]]],
    k: int,
    folder: Path,
    write: Callable[[T, int, Path], W],
    *,
    hold_back: bool = False,
    enough: int = 1,
    **facts: Any,
) -> W:
    """Make what nobody can be told apart by, write it aside, remember it, tell the journal, and hand it over.

    use: of the rows it is made of. ways: to make it, the first of which counts. write: what was made and how many
    persons were held back for that into an empty folder. hold_back: leave out who would stand out, by the first way
    that keeps `enough` persons. facts: of the journal's event. The last comparison, the journal and the folder's
    place are one act of the one writer: an erasure comes before it, and nothing is handed over, or after it, and lists
    it. It is told before it is there: after a crash the journal may name one too many, never one too few. Raises
    DifferencingError where it may not be made, SarcregError where somebody withdrew since the rows were read.
    """
    from flows.survival import aside_of, swap
    from schemas.registry import load_registry
    from warehouse import journal, permitted, releases
    from warehouse.home import Home, one_writer, secret

    home, key = Home(root), secret(load_registry(root))

    def compare(memory: Memory) -> None:
        if apart := releases.small(memory, made.groups, k):
            raise releases.refusal(apart, k)

    memory = releases.recall(home, key)
    made, held = (ways[0](_everybody), 0) if not hold_back else best(ways, memory, k, enough)
    compare(memory)  # before it is written, which takes long
    with aside_of(folder) as aside:
        written = write(made.what, held, aside)
        with one_writer(home):
            permitted.refuse_withdrawn_since(home, use)
            if (latest := releases.recall(home, key)).releases.keys() != memory.releases.keys():
                compare(latest)
            name = releases.remember(home, latest, made.groups)
            journal.append(home.events, releases.RELEASED, **facts, purposes=list(use.purposes), release=name, k=k)
            swap(aside, folder)
    return written


def _everybody(people: pl.DataFrame) -> pl.DataFrame:
    return people


def best(ways: Sequence[Callable[[Without], Made[T]]], memory: Memory, k: int, enough: int = 1) -> tuple[Made[T], int]:
    """What tells nobody apart: the first way that keeps `enough` persons, else the one that keeps most.

    The second part is how many persons it holds back. Raises DisclosureError where no way keeps anybody.
    """
    from analytics.disclosure import DisclosureError

    found: list[tuple[int, Made[T], int]] = []
    for make in ways:
        try:
            found.append(_fitted(make, memory, k))
        except DisclosureError:
            continue  # nobody is left by this way
        if found[-1][0] >= enough:
            return found[-1][1:]
    if not found:
        raise DisclosureError("nobody is left who could be told of beside what was released before.")
    return max(found, key=lambda one: one[0])[1:]


def _fitted(make: Callable[[Without], Made[T]], memory: Memory, k: int) -> tuple[int, Made[T], int]:
    """How many persons are kept, what is made of them, and how many are held back."""
    from warehouse import releases

    dropped: frozenset[str] = frozenset()
    made = make(_everybody)
    while more := releases.held_back(memory, made.groups, k):
        dropped |= more
        made = make(partial(releases.without, secret=memory.secret, dropped=dropped))
    return made.groups.filter(kind=releases.ALL).height, made, len(dropped)


def cleared_pack(
    tables: Mapping[str, pl.DataFrame], plan: Plan, manifest: Mapping[str, Any], cut: Any
) -> Callable[[Without], Made[ReleasedMaterial]]:
    """How to make the cleared material of a plan without those held back."""

    def make(without: Without) -> Made[ReleasedMaterial]:
        from analytics.locale.catalogue import LANGUAGES
        from analytics.paper.material import Material
        from analytics.paper.release import released
        from analytics.survival.membership import EVERYBODY, members
        from analytics.survival.outcome import Frames
        from analytics.survival.run import run_plan
        from warehouse.releases import ALL, GROUP

        left = {name: without(frame) if "patient_id" in frame.columns else frame for name, frame in tables.items()}
        frames = Frames.of(left)
        results = run_plan(frames, plan)
        cleared = released({lang: Material(left, plan, results, manifest, lang, cut=cut) for lang in LANGUAGES})
        told = members(frames, next(iter(cleared.materials.values())).results, plan)
        kind = pl.when(name=EVERYBODY).then(pl.lit(ALL)).otherwise(pl.lit(GROUP))
        return Made(cleared, told.select(kind.alias("kind"), "name", "patient_id"))

    return make
