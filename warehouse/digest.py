"""A fingerprint of every table, for telling whether two warehouse files say the same.

Rows are hashed by themselves and the hashes added up as integers, so the order in which they are stored does not count
and nothing has to be sorted or held. Two files with equal fingerprints are equal as sorted Parquet (a test holds it).
"""

from __future__ import annotations

from pathlib import Path

import duckdb


def digests(database: Path) -> dict[str, str]:
    """`schema.table` -> `<rows>:<sums of the halves of the rows' hashes>` for every table of the file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        return {table: _digest(connection, table) for (table,) in tables}


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    row = connection.execute(
        f"""
        select count(*), coalesce(sum(md5_number_lower(row::varchar)::hugeint), 0),
            coalesce(sum(md5_number_upper(row::varchar)::hugeint), 0)
        from {table} as row
        """
    ).fetchone()
    rows, lower, upper = row or (0, 0, 0)
    return f"{rows}:{lower:x}:{upper:x}"
