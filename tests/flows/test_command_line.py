"""The command line among other programs: a reader that stops early, a table that goes into a pipe."""

from __future__ import annotations

import os
import subprocess
import sys

import polars as pl
import pytest

from flows.commands.common import show

MANY = [
    "code",
    "histology",
    *(f"a text in no list {n}" for n in range(9)),
]


def test_a_reader_that_has_seen_enough_is_no_fault_of_the_program() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "from flows.cli import main; main()", *MANY]
    ran = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert ran.stderr == ""


def test_a_table_in_a_pipe_has_one_line_a_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    show(pl.DataFrame({f"column_{n}": ["x" * 40] for n in range(12)}), "table")
    assert "x" * 40 in capsys.readouterr().out
