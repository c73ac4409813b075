"""What the commands `sarcreg queries …` do, each under the home's lock."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from flows.impact import kept_bands
from schemas.errors import ConfigurationError, SarcregError
from schemas.registry import load_centres, load_registry
from warehouse import journal, ledger, ledger_acts, ledger_batch, ledger_history
from warehouse import ledger_states as states
from warehouse.build import rule_book
from warehouse.home import Home, one_writer, secret
from warehouse.publish import current_refresh
from warehouse.query import sql


def listed(root: Path, centre: str | None, state: str | None, is_overdue: bool) -> pl.DataFrame:
    """quality.query as of now with its `priority` band; first the overdue, critical, most influential, oldest.

    priority: null where a query is settled, not on a patient of the cohort, or not known to the published refresh.
    """
    _check_centre(root, centre)
    home = Home(root)
    found = ledger.read(home)
    bands = kept_bands(home, str(current_refresh(home)))
    if centre:
        found = found.filter(pl.col("centre") == centre)
    if state:
        found = found.filter(pl.col("state") == state)
    if is_overdue:
        found = found.filter("is_overdue")
    if bands is None:
        bands = pl.DataFrame(schema={"query_id": pl.String, "band": pl.String, "position": pl.Int64})
    found = found.join(bands, on="query_id", how="left")
    waits = pl.col("state").is_in(states.UNSETTLED)
    found = found.with_columns(pl.when(waits).then("position"), priority=pl.when(waits).then("band"))
    order = {"is_overdue": True, "is_critical": True, "position": False, "age_days": True, "centre": False}
    ordered = found.sort(*order, "query_id", descending=[*order.values(), False], nulls_last=True)
    return ordered.drop("position", "band")


def issue(root: Path, centre: str | None, limit: int | None) -> pl.DataFrame:
    """Make each centre's next batch: centre, fate, queries (how many of its candidates had that fate)."""
    _check_centre(root, centre)
    home = Home(root)
    registry = load_registry(root)
    with one_writer(home):
        now = ledger.read(home)
        found = sql(home, "select distinct query_id from quality.finding where query_id is not null")["query_id"]
        on = ledger.clock(registry).date()
        chosen = ledger_batch.choose(now, ledger.rules(), found, registry.queries, on, limit)
        if centre:
            chosen = chosen.filter(pl.col("centre") == centre)
        sent = chosen.filter(pl.col("fate") == ledger_batch.SENT)["query_id"].to_list()
        if sent:
            batch = _batch_name(home, on.isoformat())
            ledger_acts.act(home, now, states.ISSUED, sent, {"batch": batch, "on": on.isoformat()})
    return chosen.group_by("centre", "fate").agg(queries=pl.len()).sort("centre", "fate")


def _batch_name(home: Home, day: str) -> str:
    """The day, numbered from the second batch on."""
    told = {event["batch"] for event in journal.events(home.events) if event["event"] == states.ISSUED}
    return next(name for name in (day, *(f"{day}-{n}" for n in range(2, len(told) + 3))) if name not in told)


def answer(root: Path, frame: pl.DataFrame) -> int:
    """Take the centres' answers: query_id, answer_code, answered_by, answered_at (UTC), reason. Returns how many.

    An answer to a query that was settled meanwhile is noted and changes no state; a candidate was never asked. All are
    taken or, with an unknown id or code, none. answered_at is a datetime or its ISO text.
    """
    registry = load_registry(root)
    home = Home(root)
    unknown = frame.filter(~pl.col("answer_code").is_in(states.ANSWERS))["answer_code"].unique().to_list()
    if unknown:
        raise ConfigurationError(
            f"{unknown[0]!r} is no answer; answers are {', '.join(states.ANSWERS)}. Nothing was written."
        )
    if frame["query_id"].n_unique() != frame.height:
        raise ConfigurationError("a query is answered twice; keep one answer for each. Nothing was written.")
    with one_writer(home):
        now = ledger.read(home)
        foreign = frame.filter(~pl.col("query_id").is_in(now["query_id"].implode())).height
        if foreign:
            raise ConfigurationError(
                f"{foreign} of {frame.height} answers are to queries that this registry never had. Nothing was written."
            )
        frame = frame.sort("query_id")
        days = frame["answered_at"].cast(pl.String).str.slice(0, 10).to_list()
        told = {
            "codes": frame["answer_code"].to_list(), "by": frame["answered_by"].to_list(), "days": days,
            "notes": ledger_acts.keep_reasons(home, secret(registry), frame["reason"].to_list()),
        }  # fmt: skip
        return ledger_acts.act(home, now, states.ANSWER, frame["query_id"].to_list(), told)


def accept(root: Path, words: Sequence[str], why: str) -> int:
    """Accept the values of queries as they are, until any of them changes."""
    return _decide(root, states.ACCEPT, words, why)


def cancel(root: Path, words: Sequence[str], why: str) -> int:
    """Take queries back that were raised in error."""
    return _decide(root, states.CANCEL, words, why)


def confirm(root: Path, words: Sequence[str]) -> int:
    """Confirm that queries which the data closed are rightly closed."""
    return _decide(root, states.CONFIRMED, words, None)


def history(root: Path, word: str) -> pl.DataFrame:
    """What happened to a query in order, with its values for the registry's own eyes.

    sequence, on, event, to, why (code or reason), by, refresh or batch, old, new (texts as sent), cells, value_hash,
    note. Values are of the kept refreshes: ledger_history.
    """
    _check_centre(root, None)
    home = Home(root)
    now = ledger.read(home)
    (query,) = ledger_acts.named(now, [word])
    texts = ledger_acts.reasons(home)
    asked = now.row(by_predicate=pl.col("query_id") == query, named=True)
    rule = rule_book().get(asked["rule"])
    events = ledger.told(home).events.filter(pl.col("query_id") == query).sort("sequence")
    return ledger_history.with_values(home, events, asked, rule.fields if rule else ()).select(
        "sequence", "on", "event", "to", why=pl.coalesce("code", "reason"), by="by",
        refresh=pl.coalesce("refresh", "batch"), old="old", new="new", cells="cells", value_hash="value_hash",
        note=pl.col("note").replace_strict(texts, default=None, return_dtype=pl.String),
    )  # fmt: skip


def _decide(root: Path, kind: str, words: Sequence[str], why: str | None) -> int:
    if why is not None and not why.strip():
        raise ConfigurationError("--why is empty; say the reason.")
    registry, home = load_registry(root), Home(root)
    with one_writer(home):
        now = ledger.read(home)
        chosen = ledger_acts.named(now, words)
        (note,) = ledger_acts.keep_reasons(home, secret(registry), [why])
        told: dict[str, Any] = {"on": ledger.clock(registry).date().isoformat(), "notes": [note] * len(chosen)}
        return ledger_acts.act(home, now, kind, chosen, told)


def _check_centre(root: Path, centre: str | None) -> None:
    load_registry(root)
    if not Home(root).database.exists():
        raise SarcregError(f"{root}: nothing is published yet; run `sarcreg refresh`.")
    if centre is not None and centre not in (known := load_centres(root)):
        raise ConfigurationError(f"no centre {centre!r}; configured are {', '.join(known)}.")
