"""The life of a query as two tables: what people do to it, and what a refresh sees of it.

Both say to which state an act or a sight leads from each state; what is not listed is not allowed (acts) or changes
nothing (sights). docs/queries.md draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CANDIDATE, OPEN, ANSWERED, CLOSED = "candidate", "open", "answered", "closed"
ACCEPTED, CANCELLED, SUPERSEDED = "accepted_as_is", "cancelled", "superseded"
STATES = (CANDIDATE, OPEN, ANSWERED, CLOSED, ACCEPTED, CANCELLED, SUPERSEDED)
UNSETTLED = (CANDIDATE, OPEN, ANSWERED)
WITH_CENTRE = (OPEN, ANSWERED)
UNKNOWN = "unknown"
"""The state of a query before the first one."""

ANSWERS = ("as_in_source", "corrected", "not_done", "unobtainable", "lost_to_follow_up", "query_wrong")
CORRECTED = "corrected"

OPENED, ISSUED, ANSWER, ACCEPT = "query opened", "query issued", "query answered", "query accepted"
CONFIRMED, CLOSE, REOPENED = "query confirmed", "query closed", "query reopened"
CANCEL, CHANGED = "query cancelled", "query changed"
SEEN = (OPENED, CLOSE, REOPENED, CHANGED)
"""Events of a refresh: they count if the refresh was published."""
DONE = (ISSUED, ANSWER, ACCEPT, CONFIRMED, CANCEL)
"""Events of people: they count at once."""

ACTS: Mapping[str, Mapping[str, str | None]] = {
    ISSUED: {CANDIDATE: OPEN},
    ANSWER: {
        OPEN: ANSWERED, ANSWERED: ANSWERED, CANDIDATE: None, CLOSED: None, ACCEPTED: None, CANCELLED: None,
        SUPERSEDED: None,
    },
    ACCEPT: {CANDIDATE: ACCEPTED, OPEN: ACCEPTED, ANSWERED: ACCEPTED},
    CANCEL: {CANDIDATE: CANCELLED, OPEN: CANCELLED, ANSWERED: CANCELLED},
    CONFIRMED: {CLOSED: None},
}  # fmt: skip
"""Event -> state -> the state it leads to; None where it is noted and the state stays."""


@dataclass(frozen=True)
class Move:
    """What a sight does: the event it makes, the state that leads to (None: it stays), and why."""

    event: str
    to: str | None
    reason: str | None = None


FAILS, VALUE_CHANGED, UNCORRECTED, HOLDS, GONE, UNSEEN = "fails", "changed", "uncorrected", "holds", "gone", "unseen"

SIGHTS: Mapping[str, Mapping[str, Move]] = {
    FAILS: {
        UNKNOWN: Move(OPENED, CANDIDATE),
        CLOSED: Move(REOPENED, CANDIDATE, "fails_again"),
        SUPERSEDED: Move(REOPENED, CANDIDATE, "fails_again"),
    },
    VALUE_CHANGED: {
        CANDIDATE: Move(CHANGED, None),
        OPEN: Move(CHANGED, None),
        ANSWERED: Move(REOPENED, OPEN, "value_changed"),
        CLOSED: Move(REOPENED, CANDIDATE, "fails_again"),
        SUPERSEDED: Move(REOPENED, CANDIDATE, "fails_again"),
        ACCEPTED: Move(REOPENED, CANDIDATE, "value_changed"),
        CANCELLED: Move(REOPENED, CANDIDATE, "value_changed"),
    },
    UNCORRECTED: {ANSWERED: Move(REOPENED, OPEN, "not_corrected")},
    HOLDS: {state: Move(CLOSE, CLOSED, "data") for state in (CANDIDATE, OPEN, ANSWERED, ACCEPTED)},
    GONE: {state: Move(CLOSE, SUPERSEDED, "superseded") for state in (CANDIDATE, OPEN, ANSWERED, ACCEPTED)},
    UNSEEN: {},
}
"""What a refresh sees -> state -> what follows.

fails: the rule finds it, with the values known. changed: with other values. uncorrected: with the same values, though
the centre has said that it corrected them and has delivered since. holds: the rule no longer finds it. gone: its
record, its rule or its centre is no longer there. unseen: the centre's export is stale, so that nothing can be said.
"""
