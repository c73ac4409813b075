"""Held-out strings of drugs, lines and sites, from other sources than the lists' own terms, and what must hold on them."""

from __future__ import annotations

import hashlib
from functools import cache

import polars as pl
import pytest
from scoring import SPLITS, coder_answers, heldout, judge, score

from schemas.codelist import IGNORED, load
from warehouse.harmonise.coder import code_texts

LISTS = {"drug": 200, "line": 120, "topography": 150, "site": 100}
BARS = {  # right alone, among five, sent: what both halves reach, less a margin
    "drug": (0.90, 0.88, 0.97),
    "line": (0.93, 0.93, 0.97),
    "topography": (0.93, 0.85, 0.97),
    "site": (0.93, 0.95, 0.97),
}


@cache
def judged(name: str) -> pl.DataFrame:
    rows = heldout(name)
    return judge(rows, coder_answers(name, rows["text"].to_list()))


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_sound(name: str) -> None:
    rows = heldout(name)
    assert rows.height >= LISTS[name]
    assert rows["text"].n_unique() == rows.height
    assert {"en", "zh", "fr", "de", "es", "it"} <= set(rows["language"])
    codes = {code for code in rows["admissible"].explode().drop_nulls() if code != IGNORED}
    assert [code for code in codes if load(name).unknown(code)] == []
    for text, split in rows.select("text", "split").iter_rows():
        assert split == SPLITS[int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2], text


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_silently_wrong(name: str) -> None:
    assert judged(name).filter("silently_wrong").select("text", "target", "admissible").rows() == []


@pytest.mark.parametrize("name", LISTS)
def test_no_code_is_wrong_even_where_more_is_asked(name: str) -> None:
    rows = judged(name).filter(pl.col("target").is_not_null())
    wrong = rows.filter(~pl.col("admissible").list.contains(pl.col("target")))
    assert wrong.select("text", "target", "admissible").rows() == []


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", LISTS)
def test_the_bars_hold_on_both_halves(name: str, split: str) -> None:
    row = score(judged(name).filter(pl.col("split") == split)).filter(pl.col("language") == "all").row(0, named=True)
    alone, five, sent = BARS[name]
    assert row["right_alone"] >= alone
    assert row["among_five"] >= five
    assert row["sent"] >= sent


@pytest.mark.parametrize("name", ["topography", "site"])
def test_sides_are_read_from_site_texts(name: str) -> None:
    rows = heldout(name).filter(pl.col("laterality").is_not_null())
    coded = code_texts("laterality", rows["text"].to_list()).select("code", "needs_query")
    seen = pl.concat([rows.select("text", "laterality"), coded], how="horizontal")
    assert seen.filter(pl.col("code") != pl.col("laterality")).rows() == []
    assert seen["code"].is_not_null().mean() >= 0.85
