"""Withdrawals: which patients are out, wholly or from a day on, told by the journal's retractions.

Scopes: `no_new_data` keeps what happened up to the day and sets later records aside; `no_further_use` keeps every row
of the patient out of this and later refreshes; `erase` does so too, and nothing of the patient stays in the home.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from schemas.errors import SarcregError
from warehouse.text_door import TextDoorResult

RETRACTED, ERASED = "patient retracted", "patient erased"
NO_NEW_DATA, NO_FURTHER_USE, ERASE = SCOPES = ("no_new_data", "no_further_use", "erase")


@dataclass(frozen=True, order=True)
class Withdrawal:
    """One patient's withdrawal; of several the widest scope counts, then the earliest day."""

    patient_id: str
    scope: str
    on: date

    @property
    def is_whole(self) -> bool:
        """No row of the patient is used any more."""
        return self.scope != NO_NEW_DATA


def withdrawals(events: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Withdrawal, ...]]:
    """Centre -> its withdrawals, ordered by patient."""
    found: dict[tuple[str, str], Withdrawal] = {}
    for event in events:
        if event["event"] != RETRACTED:
            continue
        place = (event["centre"], event["patient"])
        told = Withdrawal(event["patient"], event["scope"], date.fromisoformat(event["on"]))
        before = found.get(place, told)
        scope = max(before.scope, told.scope, key=SCOPES.index)
        found[place] = Withdrawal(told.patient_id, scope, min(before.on, told.on))
    centres = sorted({centre for centre, _ in found})
    return {code: tuple(sorted(item for place, item in found.items() if place[0] == code)) for code in centres}


def since(told: Mapping[str, Iterable[Withdrawal]], manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """Centre -> its patients whose withdrawal is another than the refresh of a manifest knew; no centre without."""
    known = {code: {*from_text(entry.get("withdrawn", ()))} for code, entry in manifest["centres"].items()}
    new = {code: {item.patient_id for item in {*told.get(code, ())} - known[code]} for code in known}
    return {code: patients for code, patients in new.items() if patients}


def unfinished(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """Patients whose erasure was begun and not completed since."""
    waiting: dict[str, None] = {}
    for event in events:
        if event["event"] == RETRACTED and event["scope"] == ERASE:
            waiting[event["patient"]] = None
        elif event["event"] == ERASED:
            waiting.pop(event["patient"], None)
    return list(waiting)


def refuse_unfinished(events: Iterable[Mapping[str, Any]], but: str | None = None) -> None:
    """Raises SarcregError while an erasure (but that of one patient) waits to be completed: nothing may be built from
    what is half gone."""
    if waiting := [patient for patient in unfinished(events) if patient != but]:
        raise SarcregError(
            f"the erasure of {waiting[0]} was not completed; run `sarcreg retract {waiting[0]} --scope erase --why …` "
            "again, which completes it."
        )


def as_text(items: Iterable[Withdrawal]) -> list[dict[str, str]]:
    """For the manifest."""
    return [asdict(item) | {"on": item.on.isoformat()} for item in items]


def from_text(items: Iterable[Mapping[str, str]]) -> tuple[Withdrawal, ...]:
    """From the manifest."""
    return tuple(Withdrawal(item["patient_id"], item["scope"], date.fromisoformat(item["on"])) for item in items)


def set_aside(table: str, result: TextDoorResult, items: Iterable[Withdrawal]) -> TextDoorResult:
    """A reading without the rows that are withdrawn; each counts as retracted, and nothing is found in it."""
    told = pl.DataFrame(
        [(item.patient_id, item.is_whole, item.on) for item in items],
        schema={"patient_id": pl.String, "_is_whole": pl.Boolean, "_on": pl.Date}, orient="row",
    )  # fmt: skip
    if not told.height:
        return result
    days = [name for name in result.rows.columns if name.endswith("_on_earliest") and name != "withdrawal_on_earliest"]
    is_later = pl.any_horizontal(pl.lit(False), *(pl.col(day) > pl.col("_on") for day in days)).fill_null(False)
    kept_person = pl.lit(table == "patient")
    is_gone = pl.col("_is_whole") | (is_later & ~kept_person)
    rows = result.rows.join(told, on="patient_id", how="left", maintain_order="left").with_columns(
        _gone=is_gone.fill_null(False)
    )
    if table == "patient":
        rows = _told_by_the_registry(rows)
    gone = rows.filter("_gone").select("source_rows").explode("source_rows").drop_nulls()
    whole = told.filter("_is_whole")["patient_id"]
    about_them = pl.col("patient_id").is_in(whole.implode()) | pl.col("row_id").is_in(gone["source_rows"].implode())
    return TextDoorResult(
        rows.filter(~pl.col("_gone")).select(result.rows.columns),
        result.findings.filter(~about_them.fill_null(False)),
        pl.concat([result.fates, gone.select(row_id="source_rows", fate=pl.lit("retracted"))]),
        result.mapping,
    )


def _told_by_the_registry(rows: pl.DataFrame) -> pl.DataFrame:
    """A person who withdrew here carries the day and the scope, as if the centre had sent them."""
    here = pl.col("_on").is_not_null() & ~pl.col("_is_whole")
    return rows.with_columns(
        pl.when(here).then(pl.col("_on")).otherwise(pl.col("withdrawal_on")).alias("withdrawal_on"),
        *(
            pl.when(here).then(pl.col("_on")).otherwise(pl.col(name)).alias(name)
            for name in ("withdrawal_on_earliest", "withdrawal_on_latest")
        ),
        pl.when(here).then(pl.lit("day")).otherwise(pl.col("withdrawal_on_precision")).alias("withdrawal_on_precision"),
        pl.when(here).then(pl.lit(NO_NEW_DATA)).otherwise(pl.col("withdrawal_scope_source"))
        .alias("withdrawal_scope_source"),
    )  # fmt: skip
