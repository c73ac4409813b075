"""docs/rule-power.md is what a fresh measurement says, and no rule is without a planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest
import rule_power

from warehouse.build import rule_book

AGAIN = "docs/rule-power.md is not of this rule book: run `python tests/rule_power.py`"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> rule_power.Tallies:
    return rule_power.of_cases(tmp_path_factory.mktemp("power"))


def test_every_rule_has_a_planted_case(cases: rule_power.Tallies) -> None:
    none = rule_power.lacking(cases)
    assert not none, f"no case plants a fault for {', '.join(none)}: write one (tests/rule_cases.py)"


def test_a_rule_without_a_case_is_named(cases: rule_power.Tallies) -> None:
    assert rule_power.lacking({rule: tally for rule, tally in cases.items() if rule != "no_tumour"}) == ["no_tumour"]


def test_the_page_has_every_rule_and_the_cases_of_today(cases: rule_power.Tallies) -> None:
    rows = rule_power.rows_of(rule_power.PAGE.read_text(encoding="utf-8"))
    assert sorted(rows) == sorted(rule_book()), AGAIN
    told = {rule: (row[1], row[7]) for rule, row in rows.items()}
    assert told == {rule: (rule_power.case_cells(cases[rule]), str(cases[rule].sound)) for rule in rule_book()}, AGAIN


def test_each_seed_is_of_a_rule_and_of_a_table() -> None:
    assert {seed.rule for seed in rule_power.SEEDS} <= set(rule_book())


@pytest.mark.slow
def test_the_page_is_a_fresh_measurement(tmp_path: Path) -> None:
    assert rule_power.PAGE.read_text(encoding="utf-8") == rule_power.measured(tmp_path), AGAIN
