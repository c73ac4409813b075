"""The rules that compare a centre with the others find the odd one, and the others not."""

from __future__ import annotations

import cross_centre_cases as cases
import polars as pl
import pytest

from schemas.canonical import CORE


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame]:
    return cases.judge(tmp_path_factory.mktemp("centres"))


def test_the_odd_centre_is_found_and_no_other(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    found = judged[1].filter(~pl.col("rule").is_in(cases.SHARED) & (pl.col("field").ne_missing("histology")))
    assert set(found["centre"]) == {"odd"}
    assert set(found.select("rule", "table_name", "field").rows()) >= cases.ODD


def test_what_two_centres_share_is_found_at_both(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    found = judged[1].filter(pl.col("rule").is_in(cases.SHARED))
    assert set(found.filter(rule="file_at_two_centres")["centre"]) == cases.SHARED_BY


def test_every_rule_here_could_judge_the_others_too(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    assert set(judged[0].filter(pl.col("status") == "pass")["rule"]) == cases.RULES
    assert set(judged[0].filter(pl.col("judged") > 0)["table_name"]) <= set(CORE)
