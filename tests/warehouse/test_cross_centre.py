"""The rules that compare a centre with the others find the odd one, and the others not."""

from __future__ import annotations

import cross_centre_cases as cases
import polars as pl
import pytest
import rule_cases

from schemas.canonical import CORE
from warehouse import check

SHARED = {"file_at_two_centres"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame]:
    with rule_cases.warehouse_of(cases.CENTRES, tmp_path_factory.mktemp("centres")) as connection:
        connection.execute(
            "insert into meta.column_mapping by name "
            "select distinct centre, table_name, field, 'x' as file_hash, '' as sheet, field as source_column "
            "from quality.completeness"
        )
        for name, sha in (("north", "same"), ("south", "own"), ("odd", "same")):
            connection.execute(
                "insert into meta.delivery_file by name select ? as centre, 'a.csv' as file, ? as sha256, 5 as bytes, ? as file_hash",
                [name, sha, sha],
            )
        wanted = {name: rule for name, rule in check.rules().items() if name in cases.RULES}
        return check.run(connection, wanted, cases.CENTRES)


def test_the_odd_centre_is_found_and_no_other(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    found = judged[1].filter(~pl.col("rule").is_in(SHARED) & (pl.col("field").ne_missing("histology")))
    assert set(found["centre"]) == {"odd"}
    assert set(found.select("rule", "table_name", "field").rows()) >= cases.ODD


def test_what_two_centres_share_is_found_at_both(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    found = judged[1].filter(pl.col("rule").is_in(SHARED))
    assert set(found.filter(rule="file_at_two_centres")["centre"]) == {"north", "odd"}


def test_every_rule_here_could_judge_the_others_too(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    assert set(judged[0].filter(pl.col("status") == "pass")["rule"]) == cases.RULES
    assert set(judged[0].filter(pl.col("judged") > 0)["table_name"]) <= set(CORE)
