"""A plan that cannot be used says file, key and remedy; the founding study's plan can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.plan import TIME_ZERO_COLUMNS, WINDOW_COLUMNS, Bounds, load_plan
from schemas.canonical.base import columns
from schemas.canonical.mart import Cohort
from schemas.errors import ConfigurationError

FOUNDING = Path(__file__).parents[2] / "examples" / "three-centres" / "plans" / "founding_study.yaml"


@pytest.mark.parametrize(
    ("instead_of", "written", "said"),
    [
        ("group: is_combination", "group: best_response", "'best_response' is not fixed at time zero"),
        ("group: is_combination", "group: best_response", "takes a landmark analysis"),
        ("group: is_combination", "group: is_combinaton", 'Did you mean "is_combination"?'),
        ("within: {histology_group: ASPS}", "within: {has_irae: true}", "within: 'has_irae' is not fixed"),
        ("follow_up: OS", "follow_up: PFS", "follow_up: 'PFS' is not among endpoints; use OS, PFSEMA."),
        ("follow_up: OS", "folow_up: OS", 'folow_up: no such key. Did you mean "follow_up"?'),
        ("follow_up: OS", "", "follow_up: this key is missing; write it."),
        ("better: asps,", "better: aspss,", "endpoints.PFSEMA.better names no level; use asps, rest."),
        ("p_max: 0.01}", "p_max: 2}", "p_max: Input should be less than or equal to 1"),
        ("[6, 12, 24]", "[12, 6]", "landmarks_months: must rise, each once."),
        ("[6, 12, 24]", "[0, 12]", "landmarks_months.1: Input should be greater than 0"),
        ("values: ['<=2']", "values: ['>2']", "an id or a value stands in two levels"),
        ("id: sensitive_line", "id: line", "two comparisons, or two endpoints, have one name"),
        ("zh: 总生存期", "", "endpoints.1.label.zh: this key is missing"),
        ("id: founding_study", "id: 'Founding study'", "id: String should match pattern"),
        ("param: PFSEMA", "param: PFSEMMA", "no end point 'PFSEMMA'. Did you mean \"PFSEMA\"?"),
        ("index: first_qualifying_dose", "index: first_dose", "index: time zero is the registry's"),
        ("column: sex_code", "column: best_response", "variables.sex.column: 'best_response' is not fixed"),
        (
            "strata: [centre]",
            "strata: [center]",
            "strata: 'center' is not fixed at time zero, so its groups would look into the future. Did you mean \"centre\"?",
        ),
        (
            "covariates: [age",
            "covariates: [aged",
            "covariates: 'aged' is not among variables. Did you mean \"age\"? Use age, sex",
        ),
        ("subgroups: [sex", "subgroups: [age", "variables.age: a subgroup takes levels"),
        ("id: sex\n", "id: age\n", "variables: two have one id"),
        ("values: [F]", "values: [M]", "sex: an id or a value stands in two levels"),
        ("per: 10", "per: 0", "per: Input should be greater than 0"),
        ("method: holm", "method: bonferroni", "multiplicity.method: Input should be 'holm' or 'none'"),
        (
            "[PFSFDA, PFSRWD]",
            "[PFSFD, PFSRWD]",
            "sensitivity.rule_sets: no end point 'PFSFD'. Did you mean \"PFSFDA\"?",
        ),
        ("bispecific_alone: true", "bispecifics_alone: true", 'no such key. Did you mean "bispecific_alone"?'),
        ("[earliest, latest]", "[first, last]", "sensitivity.partial_dates.1: Input should be 'earliest' or 'latest'"),
        ("smallest_cell: 5", "smallest_cell: 0", "smallest_cell: Input should be greater than or equal to 1"),
        ("endpoints:\n  - param: OS", "endpoints: [\n  - param: OS", "not valid YAML"),
    ],
)
def test_a_plan_that_cannot_be_used(tmp_path: Path, instead_of: str, written: str, said: str) -> None:
    text = FOUNDING.read_text(encoding="utf-8")
    assert instead_of in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(instead_of, written, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_plan(path)
    assert said in str(refused.value)
    assert str(refused.value).startswith("plans/mine.yaml:")


def test_the_founding_plan_has_every_published_comparison() -> None:
    plan = load_plan(FOUNDING)
    published = {(c.id, param, d.published_p) for c in plan.comparisons for param, d in c.endpoints.items() if d}
    assert published == {
        ("asps_against_rest", "PFSEMA", "P < 0.01"),
        ("asps_against_rest", "OS", "P < 0.01"),
        ("line", "PFSEMA", "P < 0.01"),
        ("line", "OS", "P < 0.01"),
        ("asps_combination", "PFSEMA", "P < 0.01"),
        ("asps_line", "PFSEMA", "P = 0.03"),
        ("asps_line", "OS", "P < 0.01"),
        ("sensitive_against_other", "PFSEMA", "P = 0.02"),
        ("sensitive_against_other", "OS", "P = 0.03"),
        ("sensitive_line", "OS", "P = 0.03"),
    }
    assert all(set(c.endpoints) == {"OS", "PFSEMA"} for c in plan.comparisons)


def test_every_column_a_plan_may_group_by_is_in_the_cohort() -> None:
    assert set(TIME_ZERO_COLUMNS) <= {column.name for column in columns(Cohort)}
    assert set(TIME_ZERO_COLUMNS) >= WINDOW_COLUMNS


def test_an_end_point_of_responders_is_never_compared(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = FOUNDING.read_text(encoding="utf-8").replace("endpoints:\n", "endpoints:\n  - DOR\n", 1)
    path.write_text(text, encoding="utf-8")
    assert load_plan(path).endpoint("DOR").label is None
    path.write_text(text.replace("      OS: null", "      DOR: null", 1), encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"asps_combination.endpoints.DOR: only patients with a response.*landmark"
    ):
        load_plan(path)


SHORT = """
id: short
title: {en: Short, zh: 短}
endpoints: [OS]
follow_up: OS
comparisons: []
"""


def test_a_short_plan_stays_short(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    plan = load_plan(path)
    assert plan.sensitivity.chosen() == {}
    assert (plan.covariates, plan.strata, plan.multiplicity.method) == ([], ["centre"], "holm")
    assert plan.disclosure.smallest_cell == 5


def test_the_founding_plan_asks_for_every_sensitivity() -> None:
    sensitivity = load_plan(FOUNDING).sensitivity
    assert list(sensitivity.chosen()) == list(type(sensitivity).model_fields)


def test_a_plan_may_narrow_by_a_range(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = FOUNDING.read_text(encoding="utf-8")
    path.write_text(text + "\nwithin: {line_start_to_io_days: {max: 7}}\n", encoding="utf-8")
    assert load_plan(path).within == {"line_start_to_io_days": Bounds(max=7)}
