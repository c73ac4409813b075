"""The file connector: what of a folder is the delivery."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from schemas.errors import ExportRefused
from warehouse.sources.file import left_out, pull

# (name in the folder, is it delivered?)
NAMES = [
    ("病例.xlsx", True),
    ("b.csv", True),
    ("a.csv", True),
    ("no_extension", True),
    (".hidden.csv", False),
    ("._a.csv", False),
    (".DS_Store", False),
    ("~$病例.xlsx", False),
    ("README.md", False),
    ("readme", False),
    ("Thumbs.db", False),
    ("big.csv.part", False),
    ("c.csv.crdownload", False),
]


def test_a_folder(tmp_path: Path) -> None:
    for name, _ in NAMES:
        (tmp_path / name).write_text("x")
    (tmp_path / "2023").mkdir()
    delivered = sorted(name for name, is_delivered in NAMES if is_delivered)
    rest = sorted([name for name, is_delivered in NAMES if not is_delivered] + ["2023"])
    assert [path.name for path in pull(tmp_path)] == delivered
    assert [path.name for path in left_out(tmp_path)] == rest


def test_one_file(tmp_path: Path) -> None:
    path = tmp_path / "README.csv"
    path.write_text("x")
    assert pull(path) == [path]
    assert left_out(path) == []


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"there is no such file or folder; .* source\.path in centre\.yaml"):
        pull(tmp_path / "absent")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="the folder holds no export; deliver the files into it"):
        pull(tmp_path)
    (tmp_path / "README.md").write_text("x")
    with pytest.raises(ExportRefused, match=r"no export, only 1 that are no exports \(such as README\.md\)"):
        pull(tmp_path)


def test_a_file_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.01):
            with path.open("a") as stream:
                stream.write("1,2\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(ExportRefused, match=r"a\.csv: is still being written"):
            pull(tmp_path, settle_seconds=0.3)
    finally:
        stop.set()
        writer.join()
    began = time.monotonic()
    assert pull(tmp_path, settle_seconds=0.05) == [path]
    assert time.monotonic() - began >= 0.05
