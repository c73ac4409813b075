"""Every check by example: what it finds, the sound neighbour it must leave alone, and what it cannot judge.

The tables are explained in tests/rule_cases.py. A case is named for its rule; `rule 2` is a second case of it.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

import cross_centre_cases
import polars as pl
import pytest
import rule_cases
from cases import (
    adverse_event,
    biomarker,
    centre_dates,
    centre_values,
    drug,
    follow_up,
    last_delivery,
    line,
    person,
    procedure,
    response,
    spread,
    tumour,
)

from warehouse import build, check

SUBJECTS = (
    adverse_event,
    biomarker,
    centre_dates,
    centre_values,
    drug,
    follow_up,
    last_delivery,
    line,
    person,
    procedure,
    response,
    spread,
    tumour,
)
CASES = {case: text for subject in SUBJECTS for case, text in subject.CASES.items()}


def rule_of(case: str) -> str:
    """The rule a case is about."""
    return case.split(" ")[0]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the checks say of every case: results and faults."""
    with rule_cases.warehouse_of(CASES, tmp_path_factory.mktemp("checks")) as connection:
        return check.run(connection, check.rules(), CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_check_finds_the_faults_and_judges_no_more_than_it_can(
    case: str, judged: tuple[pl.DataFrame, pl.DataFrame]
) -> None:
    assert rule_cases.said(*judged, rule_of(case), case) == rule_cases.expected(case, CASES[case])


def test_every_check_has_a_case_with_a_fault_and_a_sound_neighbour() -> None:
    verdicts = {rule: rule_cases.Verdicts() for rule in check.rules().keys() - cross_centre_cases.RULES}
    for case, text in CASES.items():
        asked, known = rule_cases.expected(case, text), verdicts[rule_of(case)]
        verdicts[rule_of(case)] = rule_cases.Verdicts(known.faults | asked.faults, known.judged + asked.judged)
    lacking = [rule for rule, verdict in verdicts.items() if not 0 < len(verdict.faults) < verdict.judged]
    assert lacking == []


def test_nothing_to_judge_is_no_pass(judged: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    status = judged[0].filter(pl.col("judged") == 0)["status"].unique().to_list()
    assert status == ["not_evaluable"]


def test_at_most_thirty_rules_send_queries_and_all_of_them_are_critical() -> None:
    asking = {name: rule for name, rule in build.rule_book().items() if rule.channel == "query"}
    assert 0 < len(asking) <= 30
    assert [name for name, rule in asking.items() if not rule.is_critical] == []


def test_a_root_cause_is_a_rule() -> None:
    book = build.rule_book()
    assert {cause for rule in book.values() for cause in rule.explained_by} <= book.keys()


def test_no_rule_is_its_own_root_cause() -> None:
    """TopologicalSorter refuses a cycle, and names it."""
    book = build.rule_book()
    order = list(TopologicalSorter({name: rule.explained_by for name, rule in book.items()}).static_order())
    assert len(order) == len(book)
