"""The query ledger: every question ever put to a centre, as the journal and the findings tell it.

quality.query is a fold over the journal, never an updated table: events of a refresh count if it was published, those
of people at once. docs/queries.md is its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from schemas.registry import Registry, load_registry
from warehouse import journal, publish
from warehouse import ledger_states as states
from warehouse.build import rule_book
from warehouse.home import Home
from warehouse.ledger_fold import DELIVERY, EVENT, RULE, Told, as_of
from warehouse.ledger_moves import ASKED, asked

_LISTS = {"values": "value_hash", "codes": "code", "by": "by", "notes": "note", "days": "on"}


def read(home: Home) -> pl.DataFrame:
    """quality.query as of now: what the published refreshes saw, and what people did since."""
    registry = load_registry(home.root)
    return as_of(told(home), rules(), registry.queries, clock(registry))


def clock(registry: Registry) -> datetime:
    """The registry's clock: as registry.yaml fixes it, else now; UTC."""
    return (registry.as_of or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)


def rules() -> pl.DataFrame:
    """What the ledger needs of the rule book (RULE)."""
    rows = [{name: rule.row()[name] for name in RULE} for rule in rule_book().values()]
    return pl.DataFrame(rows, schema=RULE)


def told(home: Home, head: int | None = None) -> Told:
    """What the journal tells of the queries, up to the event numbered `head` if one is given."""
    events = journal.events(home.events)[:head]
    published = {
        event["sequence"]: event for event in publish.publications(home) if event["event"] == publish.PUBLISHED
    }
    counted = list(_counted(events, published))
    frames = [_rows(event) for event in counted]
    digests = [event["asked"] for event in counted if event["event"] == states.OPENED]
    deliveries = [row for event in events if event["sequence"] in published for row in _deliveries(home, event)]
    return Told(
        pl.concat([pl.DataFrame(schema=EVENT), *frames]),
        asked(home.landing, digests) if digests else pl.DataFrame(schema=ASKED),
        pl.DataFrame(deliveries, schema=DELIVERY, orient="row"),
    )


def head_of_people(home: Home) -> str | None:
    """The hash of the last event of people that quality.query depends on: where it differs, something was done."""
    done = [event["hash"] for event in journal.events(home.events) if event["event"] in states.DONE]
    return done[-1] if done else None


def _counted(events: list[dict[str, Any]], published: Mapping[int, Any]) -> Iterator[dict[str, Any]]:
    """The ledger's events that count. A refresh's stand right before its publication, which says how many they are."""
    seen = {
        number
        for event in events
        if event["sequence"] in published
        for number in range(event["sequence"] - event.get("moves", 0), event["sequence"])
    }
    for event in events:
        if event["event"] in states.DONE or (event["event"] in states.SEEN and event["sequence"] in seen):
            yield event


def _rows(event: Mapping[str, Any]) -> pl.DataFrame:
    """An event as rows of EVENT, one per query."""
    n = len(event["queries"])
    lists = {column: event[name] for name, column in _LISTS.items() if isinstance(event.get(name), list)}
    single = {name: [event.get(name)] * n for name in EVENT if name not in lists and name != "query_id"}
    given = {**single, "query_id": event["queries"], **lists}
    return pl.DataFrame(
        {
            name: pl.Series(given[name], dtype=pl.String).str.to_date() if kind == pl.Date
            else pl.Series(given[name], dtype=kind)
            for name, kind in EVENT.items()
        }
    )  # fmt: skip


def _deliveries(home: Home, event: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    manifest = publish.manifest(home, event["refresh"])
    at = datetime.fromisoformat(manifest["as_of"]).astimezone(UTC).replace(tzinfo=None)
    for centre, entry in manifest["centres"].items():
        yield event["sequence"], at, centre, entry["state"], entry["export_hash"]
