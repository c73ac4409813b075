"""Landing: bytes kept once under their hash, text rows read once per reader and encoding."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import warehouse.landing
from schemas.errors import ExportRefused, SarcregError
from warehouse import redaction
from warehouse.landing import LandedFile, land, landed_path, text_files, text_key, text_rows

CSV = "id,名\n1,\ufffd\n2,x\n"


def export(folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    (folder / "b.csv").write_text(CSV, encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "患者"
    book.active["B2"] = "x"
    book.active.merge_cells("B2:B4")
    book.create_sheet("empty")
    book.save(folder / "a.xlsx")
    return [folder / "b.csv", folder / "a.xlsx"]


def kept_files(landing: Path) -> dict[str, bytes]:
    return {str(path.relative_to(landing)): path.read_bytes() for path in landing.rglob("*") if path.is_file()}


def kept_text(landing: Path) -> list[Path]:
    return sorted((landing / "text").glob("*.parquet"))


def test_bytes_lie_under_their_hash_for_their_owner_alone(tmp_path: Path) -> None:
    files = export(tmp_path / "in")
    delivery = land(files, tmp_path / "landing")
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert delivery.files == tuple(
        LandedFile(name, hashes[name], (tmp_path / "in" / name).stat().st_size) for name in ("a.xlsx", "b.csv")
    )
    assert kept_files(tmp_path / "landing") == {
        f"{hashes[path.name][:2]}/{hashes[path.name]}": path.read_bytes() for path in files
    }
    for path in (tmp_path / "landing").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_export_hash_hangs_on_names_and_bytes_alone(tmp_path: Path) -> None:
    files = export(tmp_path / "in")
    delivery = land(files, tmp_path / "landing")
    assert land(reversed(files), tmp_path / "other").export_hash == delivery.export_hash
    (tmp_path / "in" / "b.csv").rename(tmp_path / "in" / "c.csv")
    renamed = land([tmp_path / "in" / "c.csv", tmp_path / "in" / "a.xlsx"], tmp_path / "landing")
    assert renamed.export_hash != delivery.export_hash
    assert {file.sha256 for file in renamed.files} == {file.sha256 for file in delivery.files}


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    files = export(tmp_path / "in")
    (file, _) = land(files, tmp_path / "landing").files
    path = landed_path(tmp_path / "landing", file.sha256)
    before = path.stat()
    land(files, tmp_path / "landing")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(kept_files(tmp_path / "landing")) == 2


def test_landed_bytes_that_changed_are_told(tmp_path: Path) -> None:
    files = export(tmp_path / "in")
    (file, _) = land(files, tmp_path / "landing").files
    landed_path(tmp_path / "landing", file.sha256).write_bytes(b"other")
    with pytest.raises(SarcregError, match="no longer has the bytes it is named for"):
        land(files, tmp_path / "landing")
    with pytest.raises(SarcregError, match="no longer has the bytes it is named for"):
        text_rows(tmp_path / "landing", file, encodings=["utf-8"])
    landed_path(tmp_path / "landing", file.sha256).unlink()
    with pytest.raises(SarcregError, match="the landed bytes are missing"):
        text_rows(tmp_path / "landing", file, encodings=["utf-8"])


def test_a_name_delivered_twice_and_a_file_that_is_gone(tmp_path: Path) -> None:
    (file, _) = export(tmp_path / "in")
    (other, _) = export(tmp_path / "again")
    with pytest.raises(ExportRefused, match=r"b\.csv: is delivered twice"):
        land([file, other], tmp_path / "landing")
    with pytest.raises(ExportRefused, match="cannot be read"):
        land([tmp_path / "gone.csv"], tmp_path / "landing")
    with pytest.raises(ExportRefused, match="cannot be read"):
        land([tmp_path], tmp_path / "landing")
    assert not [name for name in kept_files(tmp_path / "landing") if "incoming" in name]


def test_text_rows_are_the_same_from_the_file_and_from_the_cache(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    delivery = land(export(tmp_path / "in"), landing)
    workbook, csv = delivery.files
    for file in delivery.files:
        first = text_rows(landing, file, encodings=["utf-8"])
        before = kept_files(landing)
        second = text_rows(landing, file, encodings=["utf-8"])
        assert kept_files(landing) == before
        for one, two in zip(first, second, strict=True):
            assert_frame_equal(one.frame, two.frame)
            assert [
                getattr(one, name) for name in ("name", "kind", "merged", "encoding", "delimiter", "notes", "file")
            ] == [getattr(two, name) for name in ("name", "kind", "merged", "encoding", "delimiter", "notes", "file")]
    (sheet, empty) = text_rows(landing, workbook, encodings=["utf-8"])
    assert sheet.frame.rows() == [(2, [None, "x"], f"{workbook.sha256[:16]}:患者:2")]
    assert (sheet.merged, sheet.file) == (((2, 2, 4, 2),), "a.xlsx")
    assert (empty.name, empty.frame.height, empty.frame.schema) == ("empty", 0, sheet.frame.schema)
    (text,) = text_rows(landing, csv, encodings=["utf-8"])
    assert text.notes.damaged == ((2, 2),)
    rows = pl.read_parquet(kept_text(landing))
    assert rows.columns == ["sheet", "line", "cells", "row_id"]
    assert rows["row_id"].is_unique().all()
    assert rows.height == 4


def test_the_cache_is_really_read(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    (file,) = land([export(tmp_path / "in")[0]], landing).files
    text_rows(landing, file, encodings=["utf-8"])
    landed_path(landing, file.sha256).unlink()
    assert text_rows(landing, file, encodings=["utf-8"])[0].frame.height == 3


def test_another_reader_or_encoding_reads_again_and_leaves_what_was_read_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = tmp_path / "landing"
    (file,) = land([export(tmp_path / "in")[0]], landing).files

    def key(*encodings: str) -> str:
        text_rows(landing, file, encodings=encodings)
        return text_key(landing, file.sha256, encodings=encodings)

    keys = [key("utf-8"), key("utf-8", "gb18030")]
    monkeypatch.setattr(warehouse.landing, "READER_VERSION", "next")
    keys.append(key("utf-8", "gb18030"))
    found = [text_files(landing, [(file.sha256, one)]) for one in keys]
    assert sorted(path for paths in found for path in paths) == kept_text(landing) and len(set(keys)) == 3
    assert text_files(landing, [(file.sha256, one) for one in keys]) in found  # one of them: row ids are unique
    redaction.redact(landing, file.sha256, {"": [2]})
    for (path,) in found:
        cells = pl.read_parquet(path).filter(line=2)["cells"].to_list()
        assert cells == [[]], path.name
    assert key("utf-16") in keys  # the bytes are gone


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, suffix: str) -> None:
    landing = tmp_path / "landing"
    delivery = land([export(tmp_path / "in")[0]], landing)
    (file,) = delivery.files
    whole = text_rows(landing, file, encodings=["utf-8"])
    (parquet,) = kept_text(landing)
    parquet.with_suffix(suffix).write_bytes(b"{")
    assert_frame_equal(text_rows(landing, file, encodings=["utf-8"])[0].frame, whole[0].frame)


def test_a_refused_file_leaves_no_text(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    (file,) = land([tmp_path / "x.pdf"], tmp_path / "landing").files
    with pytest.raises(ExportRefused, match=r"^x\.pdf: is a PDF"):
        text_rows(tmp_path / "landing", file, encodings=["utf-8"])
    assert not (tmp_path / "landing" / "text").exists()
