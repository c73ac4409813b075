"""The crosswalk says for every column of core where it stands in each standard."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.canonical import CORE, columns
from schemas.standards import table

STANDARDS = ("IDEA4RC", "mCODE", "OMOP")


def test_every_told_column_has_a_line_per_standard() -> None:
    wanted = {
        (name, column.name, standard)
        for name, model in CORE.items()
        for column in columns(model)
        if column.role in ("delivered", "coded")
        for standard in STANDARDS
    }
    lines = list(table("crosswalk").select("table", "column", "standard").iter_rows())
    assert set(lines) == wanted and len(lines) == len(wanted)


def test_none_has_a_reason() -> None:
    lines = table("crosswalk")
    assert lines["element"].null_count() == 0
    none = lines.filter(pl.col("element") == "none")
    assert none["note"].null_count() == 0 and 0 < len(none) < len(lines)


@pytest.mark.parametrize(
    ("standard", "names"),
    [
        ("IDEA4RC", set(table("idea4rc")["variable"])),
        ("mCODE", set(table("mcode").select(pl.format("{}.{}", "profile", "element")).to_series())),
        ("OMOP", set(table("omop54").select(pl.format("{}.{}", "table", "column")).to_series())),
    ],
)
def test_elements_exist_in_the_standard(standard: str, names: set[str]) -> None:
    lines = table("crosswalk").filter(pl.col("standard") == standard, pl.col("element") != "none")
    assert len(lines) > 30 and set(lines["element"]) <= names
