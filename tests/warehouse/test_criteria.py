"""registry.yaml's cohort: a condition that cannot be asked is named with its place, before anything is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from schemas.registry import CriterionOfExclusion, load_registry
from warehouse.criteria import refuse_faults

EXAMPLE = Path(__file__).parents[2] / "examples" / "three-centres"
FAULTS = {
    "entity_cod = 'ASPS'": 'Referenced column "entity_cod" not found in FROM clause! Candidate bindings: "entity_code"',
    'entity_code = "ASPS"': "a text stands in 'single quotes'",
    "line_derived in (1, 2": "Parser Error: syntax error",
    "sum(line_derived) > 2": "must appear in the GROUP BY clause",
    "patient_id in (select patient_id from core.patient)": 'schema "core" does not exist',
}


def criterion(code: str, when: str) -> CriterionOfExclusion:
    return CriterionOfExclusion(code=code, sentence={"en": "No.", "zh": "否。"}, exclude_when=when)


def test_the_demonstrations_criteria_can_be_asked() -> None:
    refuse_faults(load_registry(EXAMPLE).cohort)


@pytest.mark.parametrize("when", FAULTS)
def test_a_condition_that_cannot_be_asked_is_refused(when: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        refuse_faults([criterion("no_dose", "index_on is null"), criterion("other", when)])
    said = str(fault.value)
    assert said.startswith("registry.yaml: cohort.2.exclude_when (other): ")
    assert FAULTS[when] in said
    assert said.endswith("over the columns of mart.time_zero, see docs/data-dictionary.md.")


def test_two_criteria_of_one_code_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"cohort\.2\.code: 'no_dose' stands twice"):
        refuse_faults([criterion("no_dose", "true"), criterion("no_dose", "false")])
