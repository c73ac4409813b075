"""The demo's true patients: who is there, what follows from their records, and that they break no rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from demo_design import ACCRUAL, COHORT, CUT_OFF
from demo_generate import SEED, deliveries
from demo_records import Patient

EXCLUSIONS = (
    "not_soft_tissue_sarcoma",
    "histology_unresolved",
    "not_metastatic",
    "unresectable_only",
    "no_qualifying_dose",
    "io_perioperative_only",
    "other_active_malignancy",
    "outside_accrual",
    "age_outside",
    "no_legal_basis",
    "withdrawn",
    "same_person_counted",
)
CHECKPOINT_INHIBITORS = {
    "<PD-1>", "sintilimab", "camrelizumab", "toripalimab", "tislelizumab", "penpulimab", "pembrolizumab",
    "nivolumab", "cadonilimab", "ipilimumab", "atezolizumab", "durvalumab",
}  # fmt: skip
CYTOTOXIC = {
    "gemcitabine", "dacarbazine", "nab-paclitaxel", "temozolomide", "eribulin", "doxorubicin", "epirubicin",
    "ifosfamide", "docetaxel", "trabectedin",
}  # fmt: skip
SEEDS = (SEED, 11, 12, 13)


@pytest.fixture(scope="session", params=SEEDS)
def everyone(request: pytest.FixtureRequest) -> list[Patient]:
    """All true patients of a seed."""
    return deliveries(request.param, faults=False, fit=request.param == SEED)[2]


# --- who is there -------------------------------------------------------------------------------------------------


def test_cohort_and_exclusions(everyone: list[Patient]) -> None:
    assert Counter(p.centre for p in everyone if p.truth.in_cohort) == COHORT
    first = Counter(p.truth.reasons[0] for p in everyone if not p.truth.in_cohort)
    assert set(first) == set(EXCLUSIONS)
    assert len({(p.centre, p.local_id) for p in everyone}) == len(everyone)


def test_one_person_is_at_two_centres(everyone: list[Patient]) -> None:
    tokens = Counter(p.link_token for p in everyone)
    pair = [p for p in everyone if tokens[p.link_token] > 1]
    counted, copy = sorted(pair, key=lambda p: not p.truth.in_cohort)
    assert (counted.truth.in_cohort, copy.truth.reasons) == (True, ("same_person_counted",))
    assert counted.centre != copy.centre
    assert (counted.sex, counted.born, counted.tumours[0].metastatic_on) == (
        copy.sex,
        copy.born,
        copy.tumours[0].metastatic_on,
    )
    assert _qualifying(counted) < _qualifying(copy)
    assert {c.death_on for c in counted.contacts} >= {c.death_on for c in copy.contacts if c.death_on}
    assert set(copy.assessments) <= set(counted.assessments)
    assert set(copy.contacts) <= set(counted.contacts)


# --- the truth can be derived from what is delivered ----------------------------------------------------------------


def _qualifying(patient: Patient) -> date:
    """First dose of a checkpoint inhibitor given from 14 days before the metastatic date on."""
    metastatic_on = patient.tumours[0].metastatic_on
    assert metastatic_on is not None
    return min(
        drug.started_on
        for drug in patient.drugs
        if drug.agent in CHECKPOINT_INHIBITORS
        and drug.is_administered
        and drug.started_on >= metastatic_on - timedelta(days=14)
    )


def test_time_zero_and_end_points_follow_from_the_records(everyone: list[Patient]) -> None:
    for patient in everyone:
        truth = patient.truth
        if not truth.in_cohort:
            continue
        index_on = _qualifying(patient)
        deaths = [c.death_on for c in patient.contacts if c.death_on]
        seen = [c.contact_on for c in patient.contacts if c.status == "alive" and c.kind != "relative_fetched_drugs"]
        doses = [d.started_on for d in patient.drugs if d.is_administered]
        images = [a.assessed_on for a in patient.assessments]
        known_alive = max([*seen, *doses, *images])
        os_on = min(deaths) if deaths else known_alive
        after = [a for a in patient.assessments if a.assessed_on > index_on and a.overall]
        progressions = [a.assessed_on for a in after if a.overall == "PD"]
        adequate = [a.assessed_on for a in after if a.overall in ("CR", "PR", "SD")]
        pfs_on = min([*progressions, *deaths], default=max([index_on, *adequate]))
        derived = (
            index_on,
            (os_on - index_on).days,
            bool(deaths),
            (pfs_on - index_on).days,
            bool(deaths or progressions),
        )
        told = (truth.index_on, truth.os_days, truth.os_event, truth.pfs_days, truth.pfs_event)
        assert derived == told, patient.label
        if deaths:
            assert known_alive <= os_on, patient.label


def test_line_and_regimen_follow_from_the_records(everyone: list[Patient]) -> None:
    for patient in everyone:
        truth = patient.truth
        if not truth.in_cohort:
            continue
        index_on = _qualifying(patient)
        earlier = {
            line.started_on
            for line in patient.lines
            if line.setting == "palliative" and line.started_on <= index_on and line.stated != "adjuvant"
        }
        partners = {
            drug.agent
            for drug in patient.drugs
            if drug.agent not in CHECKPOINT_INHIBITORS
            and drug.agent != "zoledronic acid"
            and drug.started_on <= index_on + timedelta(days=28)
            and (drug.stopped_on is None or drug.stopped_on >= index_on)
        }
        cytotoxic, antiangiogenic = bool(partners & CYTOTOXIC), bool(partners - CYTOTOXIC)
        group = ("io_alone", "io_antiangiogenic", "io_cytotoxic", "io_both")[2 * cytotoxic + antiangiogenic]
        assert (len(earlier), group) == (truth.line, truth.regimen_group), patient.label


def test_accrual_age_and_cut_off(everyone: list[Patient]) -> None:
    for patient in everyone:
        truth = patient.truth
        if truth.in_cohort:
            assert truth.index_on is not None
            assert ACCRUAL[0] <= truth.index_on <= ACCRUAL[1]
            assert (truth.index_on - patient.born.day).days >= 14 * 365.25
        days = [c.contact_on for c in patient.contacts] + [a.assessed_on for a in patient.assessments]
        days += [d.stopped_on for d in patient.drugs if d.stopped_on] + [d.started_on for d in patient.drugs]
        days += [e.stopped_on or e.started_on for e in patient.adverse_events]
        assert max(days) <= CUT_OFF[patient.centre], patient.label


def test_hosts_of_faults_leave_room_before_the_cut_off(everyone: list[Patient]) -> None:
    """Faults after death are planted up to a month later and must not become dates in the future."""
    for patient in everyone:
        if not patient.truth.in_cohort and patient.label not in ("too-late", "second-copy"):
            deaths = [c.death_on for c in patient.contacts if c.death_on]
            assert all((CUT_OFF[patient.centre] - death).days > 60 for death in deaths), patient.label


# --- the true patients break no rule --------------------------------------------------------------------------------


def _order(patient: Patient) -> list[str]:
    """Names of the rules on order in time that a true patient breaks."""
    broken = []
    tumour = patient.tumours[0]
    death = next((c.death_on for c in patient.contacts if c.death_on), date.max)
    lines = sorted((line for line in patient.lines), key=lambda line: line.started_on)
    numbers = [int(line.stated) for line in lines if line.setting == "palliative"]
    checks: list[tuple[str, bool]] = [
        ("born_after_diagnosis", patient.born.day >= tumour.diagnosed.day),
        ("metastatic_before_diagnosis", bool(tumour.metastatic_on and tumour.metastatic_on < tumour.diagnosed.day)),
        ("death_before_diagnosis", death < tumour.diagnosed.day),
        ("contact_after_death", any(c.contact_on > death for c in patient.contacts if c.status == "alive")),
        ("treatment_after_death", any((d.stopped_on or d.started_on) > death for d in patient.drugs)),
        ("assessment_after_death", any(a.assessed_on > death for a in patient.assessments)),
        ("stop_before_start", any(d.stopped_on and d.stopped_on < d.started_on for d in patient.drugs)),
        ("line_stop_before_start", any(ln.stopped_on and ln.stopped_on < ln.started_on for ln in lines)),
        ("line_numbers", numbers != list(range(1, len(numbers) + 1))),
        (
            "line_dates_overlap",
            any(a.stopped_on is None or a.stopped_on >= b.started_on for a, b in pairwise(lines)),
        ),
        (
            "drug_outside_lines",
            any(
                not any(ln.started_on <= d.started_on <= (ln.stopped_on or date.max) for ln in lines)
                for d in patient.drugs
            ),
        ),
        (
            "adverse_event_before_treatment",
            any(e.started_on < min(d.started_on for d in patient.drugs) for e in patient.adverse_events),
        ),
        ("sex_site_conflict", patient.sex == "M" and tumour.site == "uterus"),
        ("asps_graded", patient.truth.entity == "ASPS" and tumour.grade in ("1", "2", "3")),
    ]
    broken += [name for name, is_broken in checks if is_broken]
    return broken


def test_true_patients_break_no_rule(everyone: list[Patient]) -> None:
    assert {p.label: _order(p) for p in everyone if _order(p)} == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda p: replace(p, sex="M", tumours=(replace(p.tumours[0], site="uterus"),)), "sex_site_conflict"),
        (lambda p: replace(p, lines=p.lines[:-1] if len(p.lines) > 1 else ()), "drug_outside_lines"),
    ],
)
def test_the_order_checks_can_fail(change: Callable[[Patient], Patient], rule: str) -> None:
    patient = next(p for p in deliveries(SEED, False, False)[2] if p.truth.in_cohort and p.truth.line == 2)
    assert rule in _order(change(patient))
