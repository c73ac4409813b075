"""What people do to queries: issue, answer, accept, cancel, confirm. Each is an event.

What is allowed in which state stands in ledger_states.ACTS.

Reasons are free text and may name a patient: they are kept in `answers/` of the home, private, and the journal has
their keyed hash.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from schemas.errors import ConfigurationError
from warehouse import journal, private
from warehouse import ledger_states as states
from warehouse.home import Home
from warehouse.keyed import keyed

REASONS = "reasons.jsonl"
_SHOWN = 5


def act(
    home: Home, ledger: pl.DataFrame, kind: str, chosen: Sequence[str], told: Mapping[str, Any], strict: bool = True
) -> int:
    """Write the events of one act on the chosen queries, each named once; returns how many there were.

    ledger: quality.query as of now. told: the body; a list in it goes with the queries. strict: refuse a query whose
    state does not allow it, and then nothing is written. Called by the one writer.
    """
    states_now = dict(ledger.select("query_id", "state").iter_rows())
    values = dict(ledger.select("query_id", "value_hash").iter_rows())
    allowed = states.ACTS[kind]
    wrong = [query for query in chosen if states_now[query] not in allowed]
    if strict and wrong:
        listed = ", ".join(f"{query} ({states_now[query]})" for query in wrong[:_SHOWN])
        raise ConfigurationError(
            f"{len(wrong)} of {len(chosen)} queries cannot be {kind.removeprefix('query ')}: {listed}; "
            f"possible for: {', '.join(sorted(allowed))}. Nothing was written."
        )
    by_target: dict[str | None, list[int]] = {}
    for place, query in enumerate(chosen):
        if states_now[query] in allowed:
            by_target.setdefault(allowed[states_now[query]], []).append(place)
    events = []
    for to, places in by_target.items():
        body = {name: [part[i] for i in places] if isinstance(part, list) else part for name, part in told.items()}
        queries = [chosen[i] for i in places]
        events.append((kind, {**body, "to": to, "queries": queries, "values": [values[query] for query in queries]}))
    if events:
        journal.append_all(home.events, events)
    return sum(len(places) for places in by_target.values())


def named(ledger: pl.DataFrame, words: Iterable[str]) -> list[str]:
    """The queries that people mean by ids or the beginnings of ids, each once."""
    found, faults = [], []
    for word in dict.fromkeys(words):
        fits = ledger.filter(pl.col("query_id").str.starts_with(word.lower()))["query_id"]
        if len(fits) == 1:
            found.append(str(fits[0]))
        else:
            faults.append(f"{word}: " + ("several queries begin so" if len(fits) else "no such query"))
    if faults:
        raise ConfigurationError("\n".join([*faults[:_SHOWN], "`sarcreg queries list` shows the ids."]))
    return list(dict.fromkeys(found))


def keep_reasons(home: Home, secret: bytes, reasons: Sequence[str | None]) -> list[str | None]:
    """Keep texts in answers/, forced to disk; returns the keyed hash of each, null for none."""
    texts = [text for text in dict.fromkeys(reasons) if text]
    hashes = dict(zip(texts, keyed(secret, pl.Series(texts, dtype=pl.String)), strict=True))
    if texts:
        home.answers.mkdir(mode=0o700, exist_ok=True)
        lines = "".join(json.dumps({"hash": hashes[text], "text": text}, ensure_ascii=False) + "\n" for text in texts)
        journal.add_to_file(home.answers / REASONS, lines.encode())
    return [hashes.get(text) if text else None for text in reasons]


def reasons(home: Home) -> dict[str, str]:
    """Keyed hash -> the text of every reason that is kept."""
    path = home.answers / REASONS
    if not path.exists():
        return {}
    whole = path.read_text(encoding="utf-8").split("\n")[:-1]
    return {line["hash"]: line["text"] for line in map(json.loads, whole)}


def last_reasons(home: Home) -> dict[str, str]:
    """Query -> the text that its last answer gave, of those whose text is kept."""
    notes = {
        query: note
        for event in journal.events(home.events)
        if event["event"] == states.ANSWER
        for query, note in zip(event["queries"], event["notes"], strict=True)
    }
    texts = reasons(home)
    return {query: texts[note] for query, note in notes.items() if note in texts}


def forget_reasons(home: Home, queries: Collection[str]) -> int:
    """Remove the texts that were given for these queries and for no other; returns how many."""
    mine: set[str] = set()
    others: set[str] = set()
    for event in journal.events(home.events):
        for query, note in zip(event.get("queries", ()), event.get("notes") or (), strict=False):
            (mine if query in queries else others).add(note or "")
    kept = reasons(home)
    gone = [digest for digest in kept if digest in mine - others]
    if gone:
        lines = [json.dumps({"hash": key, "text": text}, ensure_ascii=False) for key, text in kept.items()]
        left = [line for key, line in zip(kept, lines, strict=True) if key not in gone]
        private.write(home.answers / REASONS, "".join(line + "\n" for line in left).encode())
    return len(gone)
