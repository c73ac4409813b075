"""`sarcreg pack`: a centre's export without its direct identifiers, every other cell where it was.

Columns are emptied, not taken away, and lines stay: what the registry asks about a cell of the package, the centre
finds at the same file, sheet, line and column of its own export.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from schemas.centre import Centre
from schemas.errors import ConfigurationError, ExportRefused, SarcregError
from warehouse.home import file_hash
from warehouse.identifiers import scan
from warehouse.identifiers.delivery import Laid, identifier_cells, lay_out, per_column, search
from warehouse.identifiers.tokens import is_token_cell, linkage_key, tokens
from warehouse.identifiers.write import write_file
from warehouse.named_sheet import clean
from warehouse.read import READER_VERSION, TextSheet, read
from warehouse.rights import PRIVATE
from warehouse.sources.file import pull

MANIFEST = "README.pack.json"
"""Begins with README, so that no delivery takes it for an export."""
MASK = "███"


@dataclass(frozen=True)
class Packed:
    """What packing came to. folder: the package, None where something was found and not masked. found: per column."""

    folder: Path | None
    found: pl.DataFrame
    manifest: dict[str, Any]


def pack(centre: Centre, export: Path, out: Path, *, mask: bool = False) -> Packed:
    """Write the package of an export to `out`, which must not exist; nothing is written where something is found.

    Raises ExportRefused where a file cannot be read, ConfigurationError for `out` or the linkage key.
    """
    if out.exists():
        raise ConfigurationError(f"{out} exists already; name another folder with --out, or remove this one first.")
    key = linkage_key() if centre.linkage else b""
    files, left_out = _wanted(centre, pull(export))
    sheets = [laid for path in files for laid in _read(centre, path)]
    about: list[dict[str, Any]] = []
    known: list[pl.Series] = [pl.Series("text", dtype=pl.String)]
    done = []
    for laid in sheets:
        stripped, note, values = _stripped(centre, laid, key)
        done.append(stripped)
        about.append(note)
        known.append(values)
    found = search(centre, done, known=pl.concat(known).unique())
    summary = per_column(found)
    if mask and found.height:
        done = [_masked(laid, found) for laid in done]
    for note in about:
        here = summary.filter((pl.col("file") == note["file"]) & (pl.col("sheet") == note["sheet"]))
        note["masked"] = [
            {"column": name, "kind": kind, "cells": cells}
            for name, kind, cells in here.select("name", "kind", "cells").iter_rows()
        ]
    manifest: dict[str, Any] = {
        "centre": centre.code,
        "scan_version": scan.SCAN_VERSION,
        "reader_version": READER_VERSION,
        "link_tokens": [link.kind for link in centre.linkage],
        "allowed": [each.model_dump() for each in (centre.scan.allow if centre.scan else ())],
        "files_left_out": left_out,
        "sheets": about,
    }
    if found.height and not mask:
        return Packed(None, summary, manifest)
    _write(centre, out, files, done, manifest)
    return Packed(out, summary, manifest)


def _wanted(centre: Centre, paths: Sequence[Path]) -> tuple[list[Path], int]:
    """The files that a reading or the codebook names, and how many are not sent."""
    patterns = [reading.file for group in centre.tables.values() for reading in group]
    patterns += [centre.codebook.file] if centre.codebook else []
    files = [path for path in paths if any(fnmatch.fnmatchcase(path.name, pattern) for pattern in patterns)]
    if not files:
        raise ExportRefused(
            f"none of the {len(paths)} file(s) is one that centres/{centre.code}/centre.yaml names "
            f"({', '.join(dict.fromkeys(patterns))}); name the export's folder or file."
        )
    return files, len(paths) - len(files)


def _read(centre: Centre, path: Path) -> list[Laid]:
    """The file's sheets; those of a workbook that no reading needs are left out, the codebook's stay."""
    readings = [r for group in centre.tables.values() for r in group if fnmatch.fnmatchcase(path.name, r.file)]
    delimiter = next((reading.delimiter for reading in readings if reading.delimiter), None)
    laid = list(lay_out(centre, path.name, read(path, encodings=centre.encoding, delimiter=delimiter)))
    if not readings:
        return laid
    sheets = {reading.sheet for reading in readings}
    kept = [each for each in laid if None in sheets or each.sheet.name in sheets]
    for each in kept:
        if not each.readings or not each.names:
            raise ExportRefused(
                f'{path.name}: no column "{readings[0].patient}" was found where the header should be; correct '
                f"skip_rows, header_rows or names in centres/{centre.code}/centre.yaml (see `sarcreg check`)."
            )
    return kept


def _stripped(centre: Centre, laid: Laid, key: bytes) -> tuple[Laid, dict[str, Any], pl.Series]:
    """The sheet without identifiers and with tokens, what was done, and the values taken out."""
    taken = identifier_cells(laid, centre, laid.cells())
    emptied = taken.group_by("column").len().sort("column")
    note: dict[str, Any] = {
        "file": laid.file,
        "sheet": laid.sheet.name,
        "rows": laid.sheet.frame.height,
        "emptied": [{"column": laid.named(column), "cells": cells} for column, cells in emptied.iter_rows()],
        "tokens": 0,
    }
    changes = taken.select("line", "column", text=pl.lit(None, dtype=pl.String))
    if centre.linkage and centre.tables["patient"][0] in laid.readings:
        made = _tokens(centre, laid, key)
        note["tokens"] = made["text"].count()
        laid = laid if laid.token else _with_column(centre, laid)
        changes = pl.concat([changes, made.select("line", pl.lit(laid.token, dtype=pl.Int64).alias("column"), "text")])
    return _changed(laid, changes), note, taken["text"]


def _tokens(centre: Centre, laid: Laid, key: bytes) -> pl.DataFrame:
    """line, text: the token cell of each patient's row; one that an earlier packing made stands where none is made."""
    wanted = list(dict.fromkeys(name for link in centre.linkage for name in link.source))
    lacking = [name for name in wanted if name not in laid.names]
    if lacking:
        raise ExportRefused(
            f'{laid.file}: linkage names the column "{lacking[0]}", which the patients\' sheet lacks; correct '
            f"linkage in centres/{centre.code}/centre.yaml or export the column."
        )
    at = {name: laid.names.index(name) for name in [*wanted, centre.tables["patient"][0].patient]}
    body = laid.sheet.frame.filter(pl.col("line") >= laid.first_line).select(
        "line", *(clean(pl.col("cells").list.get(place, null_on_oob=True)).alias(name) for name, place in at.items())
    )
    body = body.filter(pl.col(centre.tables["patient"][0].patient).is_not_null())
    made = body.select("line", text=tokens(body, centre, key))
    if not laid.token:
        return made
    there = laid.cells().filter((pl.col("column") == laid.token) & is_token_cell(pl.col("text")))
    told = made.join(there.select("line", made_before="text"), on="line", how="left", maintain_order="left")
    return told.select("line", pl.coalesce("text", "made_before"))


def _with_column(centre: Centre, laid: Laid) -> Laid:
    """The sheet with one column more, for the tokens; a row that is not as long as the header stays as it is."""
    title = centre.tables["patient"][0].columns["link_token"].sources[0]
    words = title.split(" / ") if len(laid.header) > 1 else [title]
    words = [""] * (len(laid.header) - len(words)) + words
    width = len(laid.names)
    said = pl.col("line").replace_strict(
        dict(zip(laid.header, words, strict=False)), default="", return_dtype=pl.String
    )
    cells = pl.col("cells")
    if laid.sheet.kind == "delimited":
        longer = pl.when(cells.list.len() == width).then(pl.concat_list(cells, said)).otherwise(cells)
    else:
        blank = pl.lit(None, dtype=pl.String).repeat_by(pl.lit(width) - pl.min_horizontal(cells.list.len(), width))
        longer = pl.concat_list(cells.list.head(width), blank, said)
    in_table = pl.col("line") >= min(laid.header)
    frame = laid.sheet.frame.with_columns(cells=pl.when(in_table).then(longer).otherwise(cells))
    return replace(laid, sheet=replace(laid.sheet, frame=frame), names=(*laid.names, title), token=width + 1)


def _changed(laid: Laid, changes: pl.DataFrame) -> Laid:
    """The sheet with other texts in the cells named by (line, column)."""
    if changes.is_empty():
        return laid
    long = laid.sheet.frame.select("line", "cells", column=pl.int_ranges(1, pl.col("cells").list.len() + 1))
    long = long.explode("cells", "column", empty_as_null=False).with_columns(pl.col("column").cast(pl.Int64))
    new = changes.unique(["line", "column"], keep="last").with_columns(is_new=True)
    joined = long.join(new, on=["line", "column"], how="left", maintain_order="left")
    cell = pl.when(pl.col("is_new")).then("text").otherwise("cells").alias("cells")
    frame = joined.select("line", cell).group_by("line", maintain_order=True).agg("cells")
    return replace(laid, sheet=replace(laid.sheet, frame=frame))


def _masked(laid: Laid, found: pl.DataFrame) -> Laid:
    here = found.filter((pl.col("file") == laid.file) & (pl.col("sheet") == laid.sheet.name) & (pl.col("column") > 0))
    secrets = here.group_by("line", "column").agg(secrets=pl.col("secret").sort_by(pl.col("secret").str.len_chars()))
    cells = laid.cells().join(secrets, on=["line", "column"])
    if cells.is_empty():
        return laid
    return _changed(laid, scan.masked(cells, MASK).select("line", "column", "text"))


def _write(centre: Centre, out: Path, files: list[Path], sheets: list[Laid], manifest: dict[str, Any]) -> None:
    """The package, written aside, read back, scanned again, and only then given its name."""
    aside = out.with_name(f".{out.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=PRIVATE, parents=True)
    try:
        for path in files:
            mine = [laid.sheet for laid in sheets if laid.file == path.name]
            write_file(aside / path.name, mine)
            (aside / path.name).chmod(0o600)
            _verify(centre, aside / path.name, mine)
        manifest["files"] = [
            {"name": path.name, "sha256": file_hash(aside / path.name), "bytes": (aside / path.name).stat().st_size}
            for path in files
        ]
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (aside / MANIFEST).write_text(text + "\n", encoding="utf-8")
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _verify(centre: Centre, path: Path, meant: list[TextSheet]) -> None:
    """The file read back has the rows that were meant, and the scan finds nothing in it."""
    delimiter = meant[0].delimiter
    written = read(path, encodings=centre.encoding, delimiter=delimiter)
    for sheet, back in zip(meant, written, strict=True):
        if not _as_text(sheet).equals(_as_text(back)):
            raise SarcregError(f"{path.name}: the package does not read back as it was meant; nothing was written.")
    left = search(centre, list(lay_out(centre, path.name, written)))
    if left.height:
        raise SarcregError(
            f"{path.name}: {left.height} identifier(s) are left that masking does not reach "
            f"(kinds: {', '.join(left['kind'].unique().sort())}); nothing was written. Rename or mend."
        )


def _as_text(sheet: TextSheet) -> pl.DataFrame:
    cells = pl.col("cells").list.eval(pl.element().fill_null("")).list.join("\x1f").str.strip_chars_end("\x1f")
    return sheet.frame.select("line", text=cells).filter(pl.col("text").str.replace_all("\x1f", "") != "")
