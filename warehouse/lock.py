"""The lock of a data cut: what it asks for, what it binds, and what became of it.

A lock is an event bound to the fingerprint of a refresh's tables. It is given when every critical question about a
patient who counts, or may count, is settled for the values of that refresh, and every centre has endorsed its listing.
An erasure may still change the refresh; the lock then says so. docs/lock.md is its page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from warehouse import journal, ledger, publish, witness
from warehouse import ledger_states as states
from warehouse.home import Home
from warehouse.ledger_fold import Told
from warehouse.listing import fingerprint as listing_fingerprint
from warehouse.listing import listing
from warehouse.publish import LOCKED, UNLOCKED
from warehouse.query import opened

ENDORSED = "listing endorsed"
_SQL = Path(__file__).with_suffix(".sql")
_COUNTING = ("cohort", "doubtful", "unnamed")
"""Whose critical questions must be settled: patients of the cohort, those whom only the histology keeps out of it, the
records of the same persons elsewhere that are heard, and questions about rows of which no patient can be told."""

State = Literal["locked", "amended", "changed", "unlocked", "open"]


@dataclass(frozen=True)
class Cut:
    """How the data cut of a refresh stands.

    state: locked; amended (locked, then changed by an erasure); changed (locked, and no longer what was locked);
    unlocked (the lock was taken back); open (never locked). on: UTC time of the event that made it so. accepted,
    cancelled: critical queries settled without a change of data. amended_by: journal's numbers of the erasures.
    """

    refresh: str
    state: State = "open"
    on: str | None = None
    fingerprint: str | None = None
    accepted: int = 0
    cancelled: int = 0
    amended_by: tuple[int, ...] = ()

    @property
    def is_locked(self) -> bool:
        """Whether it stands on what was locked, an erasure apart."""
        return self.state in ("locked", "amended")

    def row(self) -> dict[str, Any]:
        """The cut as one row, for results and manifests."""
        return {**asdict(self), "is_locked": self.is_locked, "amended_by": list(self.amended_by)}

    def frame(self) -> pl.DataFrame:
        """`row` as a frame of one row."""
        kinds: dict[str, Any] = {"on": pl.String, "fingerprint": pl.String, "amended_by": pl.List(pl.Int64)}
        return pl.DataFrame([self.row()], schema_overrides=kinds)


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """sha256 over the fingerprints of all tables of a refresh."""
    return hashlib.sha256(json.dumps(manifest["tables"], sort_keys=True).encode()).hexdigest()


def cut(home: Home, refresh: str) -> Cut:
    """How the data cut of a refresh stands now."""
    event = publish.locks(home).get(refresh)
    if event is None:
        return Cut(refresh)
    if event["event"] == UNLOCKED:
        return Cut(refresh, "unlocked", event["at"])
    manifest = publish.manifest(home, refresh)
    amended = tuple(one["event"] for one in manifest.get("amended_by", []) if one["event"] > event["sequence"])
    state: State = "locked"
    if fingerprint(manifest) != event["fingerprint"]:
        state = "amended" if amended else "changed"
    counts = {name: len(event[name]) for name in ("accepted", "cancelled")}
    return Cut(refresh, state, event["at"], event["fingerprint"], **counts, amended_by=amended)


@dataclass(frozen=True)
class Critical:
    """The critical questions of a refresh: frames of query_id, centre, rule, place.

    waiting: about patients who count, and not settled for the values of the refresh. unconfirmed: closed by the data,
    and no data manager has confirmed it. accepted, cancelled: settled, and the values stand. outside: not settled, of
    patients who do not count. mute: rule, centre where a critical rule had nothing to judge.
    """

    waiting: pl.DataFrame
    unconfirmed: pl.DataFrame
    accepted: pl.DataFrame
    cancelled: pl.DataFrame
    outside: pl.DataFrame
    mute: pl.DataFrame


def critical(home: Home, refresh: str) -> Critical:
    """What became of every critical question of a refresh."""
    with opened(home, refresh) as connection:
        witness.show(connection)
        asked = connection.execute(_SQL.read_text(encoding="utf-8")).pl()
        mute = connection.execute(
            "select rule, centre from quality.check_result join reference.rule using (rule) "
            "where is_critical group by all having sum(judged) = 0 order by all"
        ).pl()
    told = ledger.told(home)
    asked = asked.join(_settled(told), on=["query_id", "value_hash"], how="left")
    counts, found = pl.col("place").is_in(_COUNTING), pl.col("is_found")
    chain = publish.by_first_publication(home)
    confirmed = _confirmed(told, chain[: chain.index(refresh) + 1])
    closed = asked.filter(counts & ~found & (pl.col("state") == states.CLOSED))
    still = asked.filter(found)
    return Critical(
        waiting=still.filter(counts & pl.col("settled").is_null()),
        unconfirmed=closed.join(confirmed, on="query_id", how="anti"),
        accepted=still.filter(counts & (pl.col("settled") == states.ACCEPTED)),
        cancelled=still.filter(counts & (pl.col("settled") == states.CANCELLED)),
        outside=still.filter(~counts & pl.col("settled").is_null()),
        mute=mute,
    )


def _settled(told: Told) -> pl.DataFrame:
    """query_id, value_hash, settled: the values of a query that people let stand, and nothing has reopened since."""
    moves = told.events.filter(pl.col("to").is_not_null() | (pl.col("event") == states.CHANGED))
    last = moves.sort("sequence").drop_nulls("value_hash").group_by("query_id", "value_hash").agg(pl.col("to").last())
    return last.filter(pl.col("to").is_in([states.ACCEPTED, states.CANCELLED])).rename({"to": "settled"})


def _confirmed(told: Told, chain: list[str]) -> pl.DataFrame:
    """query_id of those whose last closing in these refreshes was confirmed after it."""
    closings = told.events.filter((pl.col("event") == states.CLOSE) & pl.col("refresh").is_in(chain))
    closed = closings.group_by("query_id").agg(closed=pl.col("sequence").max())
    confirmed = told.events.filter(event=states.CONFIRMED).group_by("query_id").agg(confirmed=pl.col("sequence").max())
    return closed.join(confirmed, on="query_id").filter(pl.col("confirmed") > pl.col("closed")).select("query_id")


@dataclass(frozen=True)
class Listed:
    """A centre with patients in the cohort. endorsement: the journal's number of it, None where there is none."""

    centre: str
    patients: int
    fingerprint: str
    endorsement: int | None


def listings(home: Home, refresh: str, secret: bytes) -> list[Listed]:
    """The listing of every centre that has patients in the cohort of a refresh, by centre."""
    with opened(home, refresh) as connection:
        centres = connection.execute("select distinct centre from mart.cohort order by centre").fetchall()
    given = {
        (event["centre"], event["listing"]): event["sequence"]
        for event in journal.events(home.events)
        if event["event"] == ENDORSED
    }
    found = []
    for (centre,) in centres:
        listed = listing(home, centre, refresh)
        digest = listing_fingerprint(listed, secret)
        found.append(Listed(centre, listed.height, digest, given.get((centre, digest))))
    return found


def shortfalls(refresh: str, asked: Critical, listed: list[Listed]) -> list[str]:
    """What is missing for a lock, a sentence each: what, where, how many, what to do. Empty: it can be locked."""
    said = []
    for frame, what, to_do in (
        (
            asked.waiting,
            "critical question(s) about patients who count or may count are not settled",
            "have them answered and corrected, or `sarcreg queries accept ID --why …`",
        ),
        (asked.unconfirmed, "critical closing(s) are not confirmed", "look at them and `sarcreg queries confirm ID…`"),
    ):
        for (centre,), part in frame.sort("centre", "rule", "query_id").group_by("centre", maintain_order=True):
            rules = part.group_by("rule").len().sort("len", "rule", descending=[True, False])
            named = ", ".join(f"{rule} {n}" for rule, n in rules.iter_rows())
            ids = " ".join(part["query_id"].head(5))
            more = f" and {part.height - 5} more" if part.height > 5 else ""
            said.append(f"{centre}: {part.height} {what} ({named}); {to_do}: {ids}{more}")
    for one in listed:
        if one.endorsement is None:
            said.append(
                f"{one.centre}: its listing of {one.patients} patients is not endorsed; write it with "
                f"`sarcreg listing {one.centre} --as-of {refresh}`, have it signed, then "
                f"`sarcreg endorse {one.centre} {one.fingerprint} --as-of {refresh} --by …`"
            )
    return said


def body(home: Home, refresh: str, asked: Critical, listed: list[Listed], note: str | None) -> dict[str, Any]:
    """What the journal keeps of a lock; ids, codes, hashes and counts alone."""
    return {
        "refresh": refresh,
        "fingerprint": fingerprint(publish.manifest(home, refresh)),
        "endorsed": {one.centre: one.endorsement for one in listed},
        "accepted": asked.accepted["query_id"].to_list(),
        "cancelled": asked.cancelled["query_id"].to_list(),
        "outside": asked.outside.height,
        "mute": {rule: part["centre"].to_list() for (rule,), part in asked.mute.group_by("rule", maintain_order=True)},
        "note": note,
    }


def lock(home: Home, told: Mapping[str, Any]) -> None:
    """Write the lock. Called by the one writer."""
    journal.append(home.events, LOCKED, **told)


def audited(home: Home) -> Iterator[tuple[str, bool]]:
    """A line for each lock that holds and whose manifest is there, and whether it stands on what was locked."""
    for refresh in publish.locked(home):
        if not (home.refreshes / refresh / publish.MANIFEST).exists():
            continue  # publish.lost tells it
        state = cut(home, refresh)
        said = {
            "locked": "locked, and as it was locked",
            "amended": f"locked, and amended by an erasure since (journal {', '.join(map(str, state.amended_by))})",
        }
        yield f"{refresh}: {said.get(state.state, 'CHANGED since it was locked')}", state.is_locked
