"""What every export shares: its SQL, the rows that stay behind and why, the folder and its manifest.

An export's SQL gives every row it could write with a column `left_out_because`; the rows for which it is null are
written, the others are counted by reason. So one query gives the file and the account of what is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import polars as pl

from schemas.errors import ConfigurationError
from warehouse.home import file_hash
from warehouse.permitted import Use

MANIFEST = "manifest.json"
FOLDER = Path(__file__).parent
_REASON = "left_out_because"


@dataclass(frozen=True)
class Dataset:
    """rows: what is written. left_out: reason -> rows that are not."""

    name: str
    rows: pl.DataFrame
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """An export as it lies in its folder. files: name -> sha256 and rows. left_out: dataset, reason, rows.

    use: what it is for, and whose rows it could not read. notes: what else a person must hear, a sentence each.
    """

    manifest: Mapping[str, object]
    files: pl.DataFrame
    left_out: pl.DataFrame
    use: Use = field(default_factory=Use)
    notes: tuple[str, ...] = ()


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection the views and macros that every export's SQL may use (see shared.sql)."""
    connection.execute((FOLDER / "shared.sql").read_text(encoding="utf-8"))


def select(connection: duckdb.DuckDBPyConnection, path: Path) -> Dataset:
    """The dataset a file's SQL gives, called by the file's name."""
    whole = connection.execute(path.read_text(encoding="utf-8")).pl()
    stays = whole.filter(pl.col(_REASON).is_not_null())
    counts = stays.group_by(_REASON).len().sort(_REASON)
    return Dataset(path.stem, whole.filter(pl.col(_REASON).is_null()).drop(_REASON), dict(counts.iter_rows()))


def empty_folder(folder: Path) -> None:
    """Refuse a folder that holds anything: an export is whole and of one refresh."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ConfigurationError(f"{folder} is not empty; name another folder, or empty this one first.")


def describe(
    connection: duckdb.DuckDBPyConnection, folder: Path, form: str, datasets: Iterable[Dataset], **facts: object
) -> Written:
    """Write the manifest: refresh, sha256 and rows of every file in the folder, rows left out by dataset and reason."""
    refresh = connection.execute(
        "select refresh_id, study_id, strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') as as_of, is_synthetic, code_version "
        "from meta.refresh"
    ).pl()
    datasets = list(datasets)
    rows = {dataset.name: dataset.rows.height for dataset in datasets}
    files = pl.DataFrame(
        [
            {
                "file": path.relative_to(folder).as_posix(),
                "rows": rows.get(path.stem),
                "bytes": path.stat().st_size,
                "sha256": file_hash(path),
            }
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ],
        schema={"file": pl.String, "rows": pl.Int64, "bytes": pl.Int64, "sha256": pl.String},
    )
    left_out = pl.DataFrame(
        [(dataset.name, reason, n) for dataset in datasets for reason, n in dataset.left_out.items()],
        schema={"dataset": pl.String, "reason": pl.String, "rows": pl.Int64},
        orient="row",
    )
    manifest = {
        "format": form,
        **refresh.row(0, named=True),
        **facts,
        "files": files.to_dicts(),
        "left_out": left_out.to_dicts(),
    }
    return with_facts(Written(manifest, files, left_out), folder)


def with_facts(written: Written, folder: Path, **facts: object) -> Written:
    """Write the manifest, with more facts ahead of what it has."""
    manifest = facts | dict(written.manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return replace(written, manifest=manifest)
