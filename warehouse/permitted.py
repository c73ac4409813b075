"""Whose rows may serve a use: what every export and every analysis reads through.

Asked anew at each use and whatever the refresh: what the centres' centre.yaml permits today, and who has withdrawn by
today. The rows of the others are not there for the reader, and tables that count over all centres at once are empty
then; mart.exclusion alone keeps the reason for which a person who withdrew is not in the cohort. What is derived of a
patient from several records of one person (links.yaml) is not there either where one of these records may not serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import polars as pl

from schemas.canonical import CORE
from schemas.centre import Centre, deliverable
from schemas.errors import SarcregError
from schemas.privacy import purpose_fault, transfer_fault
from schemas.registry import Registry, load_centres, load_registry
from warehouse import journal, ledger, publish, witness
from warehouse.home import Home
from warehouse.query import opened as opened_whole
from warehouse.withdrawal import since, withdrawals

LEFT_OUT = {"centre": pl.String, "code": pl.String, "patients": pl.Int64, "reason": pl.String}
USE, WITHDRAWN, LINKED = "use", "withdrawn", "linked"
"""Codes of LEFT_OUT: the centre's declarations do not cover the use; the person withdrew from any further use; a record
of the same person that was heard may not serve for one of these reasons, so that only what is derived is left out."""

_DERIVED = ("mart", "read")

_WITHDREW_SAID = "consent withdrawn"
_LINKED_SAID = "only from what is derived; a record of the same person may not serve"

_SAID_BY_SOMEBODY = """(
    centre not in (select centre from permitted.main.person)
    or (list, centre, text) in (select (list, centre, text) from permitted.main.said)
)"""
"""Of a centre from which somebody is left out, what nobody else of it said is not told."""

_WITHDREW = "'no_further_use', 'erase'"


@dataclass(frozen=True)
class Use:
    """What a refresh's rows are used for, and who is left out of it (LEFT_OUT: a row per centre and code).

    withdrew: the patients whose withdrawal from any further use the journal told when the rows were read.
    """

    purposes: tuple[str, ...] = ()
    left_out: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEFT_OUT))
    withdrew: frozenset[str] = field(default=frozenset(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """For a manifest."""
        return {"purposes": list(self.purposes), "left_out": self.left_out.to_dicts()}

    def sentences(self) -> list[str]:
        """Whom the use leaves out and why, for a terminal."""
        return [
            f"left out for {', '.join(self.purposes)}: {patients} patient(s) of {centre}: {reason}"
            for centre, _, patients, reason in self.left_out.iter_rows()
        ]


def use_fault(registry: Registry, centre: Centre, purposes: Iterable[str], on: date) -> str | None:
    """Why what a centre declares does not cover the use of its rows for `purposes` on a day; None where it does."""
    faults = (
        transfer_fault(centre.jurisdiction, registry.jurisdiction, centre.transfer, on),
        purpose_fault(centre.permitted_use, purposes, synthetic=registry.synthetic),
    )
    return " And ".join(fault for fault in faults if fault) or None


@contextmanager
def opened(
    home: Home, refresh: str | None = None, purposes: Iterable[str] = ()
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Use]]:
    """A connection that sees of a refresh only the rows that may serve the purposes (else registry.yaml's).

    Raises SarcregError where nobody's may.
    """
    registry = load_registry(home.root)
    asked = tuple(dict.fromkeys(purposes)) or registry.purpose
    found: list[Use] = []

    def hide(connection: duckdb.DuckDBPyConnection) -> None:
        gone = _withdrew(home)
        found.append(Use(asked, _hide(connection, home, registry, asked, gone), gone))

    with opened_whole(home, refresh, hide) as connection:
        yield connection, found[0]


def read(
    home: Home, tables: Iterable[str], refresh: str | None = None, purposes: Iterable[str] = ()
) -> tuple[dict[str, pl.DataFrame], Use]:
    """Whole tables by `schema.table` of one refresh, without the rows that may not serve the purposes."""
    with opened(home, refresh, purposes) as (connection, use):
        return {table: connection.execute(f"select * from {table}").pl() for table in tables}, use


def refuse_withdrawn_since(home: Home, use: Use) -> None:
    """Raises SarcregError where somebody has withdrawn since the rows of a use were read.

    Asked by the one writer before what was made of them is told and handed over.
    """
    if _withdrew(home) - use.withdrew:
        raise SarcregError("A withdrawal was recorded meanwhile: nothing was handed over; run it again.")


def not_to_be_published(home: Home, refresh: str) -> list[str]:
    """What a kept refresh has that may not be published any more, a sentence each: what, where, how many.

    Such are patients who withdrew since it was made, in any scope, and centres whose declarations do not cover the
    registry's purposes today.
    """
    registry = load_registry(home.root)
    gone = since(withdrawals(journal.events(home.events)), publish.manifest(home, refresh))
    with opened_whole(home, refresh) as connection:
        back = connection.execute(
            "select centre, count(*) from core.patient where patient_id in (select unnest($1::varchar[])) "
            "group by all order by all",
            [sorted({patient for patients in gone.values() for patient in patients})],
        ).fetchall()
        faults = _faults(connection, home, registry, registry.purpose)
        pooled = {code for (code,) in connection.execute("select distinct centre from core.patient").fetchall()}
    said = [f"{count} patient(s) of {centre} withdrew since it was made" for centre, count in back]
    said += [
        f"{code}: its rows are not pooled: {fault.rstrip('.')}" for code, fault in faults.items() if code in pooled
    ]
    return said


def refuse_return(home: Home, refresh: str) -> None:
    """Raises SarcregError where publishing a kept refresh again would bring back what may not be published any more."""
    if said := not_to_be_published(home, refresh):
        raise SarcregError(
            f"{refresh} is not published again: {'; '.join(said)}. To take a delivery back, put the one before it "
            "where the centre delivers and run `sarcreg refresh`, which acts on withdrawals and declarations."
        )


def _withdrew(home: Home) -> frozenset[str]:
    told = withdrawals(journal.events(home.events))
    return frozenset(item.patient_id for items in told.values() for item in items if item.is_whole)


def _hide(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    registry: Registry,
    purposes: tuple[str, ...],
    withdrew: Iterable[str],
) -> pl.DataFrame:
    """Put views without those who are left out in the place of the tables; returns LEFT_OUT."""
    faults = _faults(connection, home, registry, purposes)
    connection.execute("attach ':memory:' as permitted")
    connection.execute(
        f"""
        create table permitted.main.person as
        select
            centre, patient_id,
            if(centre in (select unnest($centres::varchar[])), '{USE}', '{WITHDRAWN}') as code,
            patient_id not in (select unnest($patients::varchar[])) as is_told_by_centre
        from registry.core.patient
        where
            centre in (select unnest($centres::varchar[])) or patient_id in (select unnest($patients::varchar[]))
            or withdrawal_scope_code in ({_WITHDREW})
        """,
        {"centres": list(faults), "patients": sorted(withdrew)},
    )
    witness.show(connection)
    connection.execute(
        f"""
        create table permitted.main.linked as
        select distinct patient_id, centre, '{LINKED}' as code
        from witness
        where
            evidence_id in (select patient_id from permitted.main.person)
            and patient_id not in (select patient_id from permitted.main.person)
        """
    )
    connection.execute("drop view witness")
    counts = connection.execute(
        "select centre, code, count(*) as patients from "
        "(from permitted.main.person union all by name from permitted.main.linked) group by all order by all"
    ).pl()
    if counts.is_empty() and not faults:
        return pl.DataFrame(schema=LEFT_OUT)
    told_for = pl.col("code").replace_strict({WITHDRAWN: _WITHDREW_SAID, LINKED: _LINKED_SAID}, default=None)
    reason = pl.when(pl.col("code") == USE).then(pl.col("centre").replace_strict(faults, default=None))
    left_out = counts.with_columns(reason=reason.otherwise(told_for)).cast(LEFT_OUT)  # type: ignore[arg-type]
    (everybody,) = connection.execute("select count(*) from registry.core.patient").fetchone() or (0,)
    if left_out.filter(pl.col("code") != LINKED)["patients"].sum() == everybody:
        told = left_out.select("centre", "reason").iter_rows()
        said = "; ".join(f"{centre}: {why.rstrip('.')}" for centre, why in told)
        raise SarcregError(
            f"nobody's data may serve {', '.join(purposes)}. {said}. Name another --purpose, or ask the centres."
        )
    connection.execute("create table permitted.main.centre as select unnest($1::varchar[]) as centre", [list(faults)])
    _said(connection)
    _cover(connection)
    return left_out


def _faults(
    connection: duckdb.DuckDBPyConnection, home: Home, registry: Registry, purposes: tuple[str, ...]
) -> dict[str, str]:
    """Centre of the refresh -> why its rows may not serve."""
    centres, today = load_centres(home.root), ledger.clock(registry).date()
    codes = [code for (code,) in connection.execute("select centre from registry.meta.centre").fetchall()]
    said = {
        code: use_fault(registry, centres[code], purposes, today)
        if code in centres
        else "it is configured no longer, so that nothing says what it permits."
        for code in codes
    }
    return {code: fault for code, fault in said.items() if fault}


def _said(connection: duckdb.DuckDBPyConnection) -> None:
    """The texts of those who are not left out, by code list and centre."""
    texts = [
        f"""
        select '{column.code_list}' as list, centre, "{column.name}" as text
        from registry.core.{table}
        where patient_id not in (select patient_id from permitted.main.person)
        """
        for table in CORE
        for column in deliverable(table).values()
        if column.code_list
    ]
    connection.execute(f"create table permitted.main.said as {' union '.join(texts)}")


def _cover(connection: duckdb.DuckDBPyConnection) -> None:
    """A view for each table and view of the registry, and those in use from now on."""
    tables = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = 'registry' and not internal group by all order by all"
    ).fetchall()
    for schema, table, columns in tables:
        conditions = [
            f"""not coalesce("{name}" in (select centre from permitted.main.centre), false)"""
            for name in columns
            if name in ("centre", "other_centre")
        ]
        persons = "permitted.main.person" + (" where not is_told_by_centre" if table == "exclusion" else "")
        conditions += [
            f"""not coalesce("{name}" in (select patient_id from {persons}), false)"""
            for name in columns
            if name.endswith("patient_id")
        ]
        if schema in _DERIVED and "patient_id" in columns:
            conditions.append("patient_id not in (select patient_id from permitted.main.linked)")
        if not conditions and schema in (*_DERIVED, "quality"):
            conditions = ["false"]
        if table == "term_map":
            conditions.append(_SAID_BY_SOMEBODY)
        where = f" where {' and '.join(conditions)}" if conditions else ""
        connection.execute(f'create schema if not exists permitted."{schema}"')
        connection.execute(
            f'create view permitted."{schema}"."{table}" as select * from registry."{schema}"."{table}"{where}'
        )
    connection.execute("use permitted")
