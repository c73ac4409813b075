"""Held-out diagnosis strings from other sources than the list's own terms, and what must hold on them."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from scoring import SPLITS, coder_answers, heldout, judge, score

from schemas.codelist import load

LIST = "histology"


@pytest.fixture(scope="module")
def judged() -> pl.DataFrame:
    rows = heldout(LIST)
    return judge(rows, coder_answers(LIST, rows["text"].to_list()))


def test_the_list_is_sound() -> None:
    rows = heldout(LIST)
    assert rows.height >= 300
    assert rows["text"].n_unique() == rows.height
    assert set(rows["language"]) == {"en", "zh", "fr", "de", "es", "it"}
    assert set(rows["admissible"].explode().drop_nulls()) <= load(LIST).valid
    for text, split in rows.select("text", "split").iter_rows():
        assert split == SPLITS[int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2], text


def test_nothing_is_silently_wrong(judged: pl.DataFrame) -> None:
    wrong = judged.filter("silently_wrong").select("text", "target", "admissible")
    assert wrong.rows() == []


@pytest.mark.parametrize("split", SPLITS)
def test_the_bars_hold_on_both_halves(judged: pl.DataFrame, split: str) -> None:
    row = score(judged.filter(pl.col("split") == split)).filter(pl.col("language") == "all").row(0, named=True)
    assert row["right_alone"] >= 0.95
    assert row["among_five"] >= 0.95
    assert row["sent"] >= 0.99
