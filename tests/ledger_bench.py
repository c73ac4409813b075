"""A ledger without centres: findings are put in by hand, everything from the sight of them to the journal is real."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas import dictionary
from schemas.registry import Queries
from warehouse import journal, ledger, ledger_acts, ledger_moves, ledger_sight
from warehouse import ledger_states as states
from warehouse.home import Home
from warehouse.ledger_fold import Told, as_of

RULES = {"r1": [], "r2": ["r1"]}
SETTINGS = Queries()


class Bench:
    """One centre. A query is its id; its record is named like it, its patient is p<number>."""

    def __init__(self, folder: Path) -> None:
        self.home, self.folder, self.day = Home(folder), folder, date(2024, 1, 1)
        self.home.make()
        self._deliveries: list[tuple[Any, ...]] = []
        self._connection = duckdb.connect()
        self._connection.execute("attach ':memory:' as staging")
        wanted = ("quality.finding", "quality.query", "reference.rule", "meta.centre")
        for statement in dictionary.ddl():
            if statement.lower().startswith("create schema") or any(
                f"table {name} " in statement.lower() for name in wanted
            ):
                self._connection.execute(statement)
        rows = [{"rule": name, "channel": "query", "severity": "error", "is_critical": name == "r1", "explained_by": by}
                for name, by in RULES.items()]  # fmt: skip
        self._insert("reference.rule", pl.DataFrame(rows, schema_overrides={"explained_by": pl.List(pl.String)}))
        self.rules = ledger_rules(rows)

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        self._connection.register("_f", frame.to_arrow())
        self._connection.execute(f"insert into {table} by name select * from _f")
        self._connection.unregister("_f")

    def told(self) -> Told:
        events = [e for e in journal.events(self.home.events) if e["event"] in (*states.SEEN, *states.DONE)]
        digests = [e["asked"] for e in events if e["event"] == states.OPENED]
        rows = pl.concat([Told.nothing().events, *map(ledger._rows, events)])
        deliveries = pl.DataFrame(self._deliveries, schema=Told.nothing().deliveries.schema, orient="row")
        return Told(rows, ledger_moves.asked(self.home.landing, digests), deliveries)

    def read(self) -> pl.DataFrame:
        return as_of(self.told(), self.rules, SETTINGS, self._now())

    def _now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)

    def state(self, query: str) -> str:
        found = self.read().filter(pl.col("query_id") == query)["state"].to_list()
        assert len(found) <= 1
        return found[0] if found else "unknown"

    def see(
        self, failing: Mapping[str, str], gone: tuple[str, ...] = (), stale: bool = False, export: str = "e"
    ) -> None:
        """A refresh: query -> the hash of the values that fail, records that are gone."""
        for table in ("quality.finding", "quality.query", "meta.centre"):
            self._connection.execute(f"delete from {table}")
        known = self.told().asked["query_id"].to_list()
        there = sorted({*known, *failing} - set(gone))
        records = pl.DataFrame({"record_key": there}, schema={"record_key": pl.String}).select(
            pl.lit("xx").alias("centre"), pl.lit("tumour").alias("table_name"), "record_key"
        )
        self._connection.register("_r", records.to_arrow())
        self._connection.execute("create or replace table staging.record as select * from _r")
        self._connection.unregister("_r")
        state = "carried_forward" if stale else "fresh"
        self._insert("meta.centre", pl.DataFrame({"centre": ["xx"], "state": [state], "export_hash": [export]}))
        if failing:
            found = pl.DataFrame({"query_id": list(failing), "value_hash": list(failing.values())}).with_columns(
                finding_id="query_id", record_key="query_id", rule=pl.concat_str(pl.lit("r"), pl.col("query_id").str.slice(-1)),
                patient_id=pl.col("query_id").str.head(-1), centre=pl.lit("xx"), table_name=pl.lit("tumour"), field=pl.lit("f"),
            )  # fmt: skip
            self._insert("quality.finding", found)
        name = f"R{len(self._deliveries) + 1}"
        moves = ledger_sight.look(self._connection, self.told(), SETTINGS, name, self._now())
        ledger_moves.write(self.folder, moves)
        seen = ledger_moves.take(self.folder, self.home.landing, name, self.day.isoformat())
        done = journal.append_all(
            self.home.events, [*seen, ("refresh published", {"refresh": name, "moves": len(seen)})]
        )
        self._deliveries.append((done[-1]["sequence"], self._now().replace(tzinfo=None), "xx", state, export))
        published = self._connection.execute("select * from quality.query order by query_id").pl()
        assert published.equals(self.read()), "the file and the journal say the same"

    def act(self, kind: str, query: str, code: str = "as_in_source") -> int:
        told = {"on": self.day.isoformat(), "codes": [code]} if kind == states.ANSWER else {"on": self.day.isoformat()}
        return ledger_acts.act(self.home, self.read(), kind, [query], told)


def ledger_rules(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"explained_by": pl.List(pl.String)}).drop("channel")
