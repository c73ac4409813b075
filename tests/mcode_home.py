"""The demo with what it lacks for mCODE, exported without a file of SNOMED CT identifiers and with one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from schemas.standards import licensed
from warehouse.exports import mcode
from warehouse.home import Home

SUSPECTS = """
    select count(*)
    from core.adverse_event as event
    where exists (
        from core.drug_exposure as drug
        where drug.patient_id = event.patient_id and drug.agent_code = event.attributed_agent_code
            and drug.started_on_earliest <= event.started_on_earliest and drug.is_administered is distinct from false
    )
"""
"""Events with a drug that may be blamed."""


def made_up() -> pl.DataFrame:
    """A number for every place that wants an identifier; it is none of SNOMED CT's."""
    places = licensed.places().with_row_index("n")
    value = (pl.col("n") + 555_550).cast(pl.String)
    return places.select("use", "code", pl.lit(licensed.SYSTEM).alias("system"), value.alias("value"))


def export_odd(demo: Path, exports: Mapping[Path, pl.DataFrame | None]) -> int:
    """Write the odd home into each folder with its identifiers. Markers, stages, unknown sexes, dates known in part or
    not at all are in it (exports/odd.sql). How many of its events have a drug to blame is given back."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{Home(demo).database}' as home (read_only)")
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = 'home'"
            " and table_schema in ('core', 'meta', 'reference') and table_type = 'BASE TABLE'"
        ).fetchall():
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{name} as from home.{schema}.{name}")
        odd = Path(__file__).parent / "exports" / "odd.sql"
        connection.execute(odd.read_text(encoding="utf-8"))
        # as in a large registry, where an asof join is no loop and pairs nulls
        connection.execute("set global asof_loop_join_threshold = 0")
        for folder, own in exports.items():
            folder.mkdir()
            mcode.export(connection.cursor(), folder, own)  # a cursor has temporary views of its own
        (suspects,) = connection.execute(SUSPECTS).fetchone() or (0,)
    return int(suspects)
