"""Every check by example: what it finds, the sound neighbour it must leave alone, and what it cannot judge.

The tables are explained in tests/rule_cases.py. A case is named for its rule; `rule 2` is a second case of it.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

import cases_course
import cases_outcome
import cases_tumour
import cross_centre_cases
import last_delivery_cases
import polars as pl
import pytest
import rule_cases

from warehouse import build, check

CASES = {
    "adverse_event_before_treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-10
        paclitaxel    | 2021-04-01

        adverse_event
        term      | started_on | verdict
        diarrhoea | 2021-03-10 | sound
        diarrhoea | 2021-03-09 | FAULT
        diarrhoea | 2021-03    | sound
        diarrhoea | 2021-02    | FAULT
        diarrhoea |            |
        """,
    "adverse_event_before_treatment 2": """
        drug_exposure
        agent         | started_on
        pembrolizumab |

        adverse_event
        term      | started_on | verdict
        diarrhoea | 2021-03-10 |
        """,
    "adverse_event_doubtful": """
        adverse_event
        term      | verdict
        diarrhoea | sound
        irAE      | FAULT
        皮疹?     | FAULT
        qqq       | sound
                  |
        """,
    "adverse_event_unmapped": """
        adverse_event
        term      | verdict
        diarrhoea | sound
        irAE      | sound
        qqq       | FAULT
                  |
        """,
    "age_out_of_range": """
        patient
        patient | born_on    | verdict
        p1      | 1916-05-01 | sound
        p2      | 1914-05-01 | FAULT
        p3      | 1914       | sound
        p4      | 1913       | FAULT
        p5      |            |
        p6      | 1914-05-01 |

        tumour
        patient | diagnosed_on
        p1      | 2021-04-30
        p2      | 2020-05-01
        p3      | 2020-05-01
        p4      | 2020-05-01
        p5      | 2020-05-01
        p6      |
        """,
    "alive_with_death_date": """
        follow_up
        status | death_on   | verdict
        alive  |            | sound
        alive  | 2021-03-05 | FAULT
        alive  | 2021       | FAULT
        dead   | 2021-03-05 |
               | 2021-03-05 |
        """,
    "asps_graded": """
        tumour
        histology        | fnclcc_grade   | verdict
        ASPS             | not applicable | sound
        腺泡状软组织肉瘤 | 2              | FAULT
        ASPS             |                | sound
        leiomyosarcoma   | 2              |
        """,
    "assessment_after_death": """
        follow_up
        patient | status | death_on
        p1      | dead   | 2021-03-05
        p2      | dead   | 2021-03

        response_assessment
        patient | assessed_on | verdict
        p1      | 2021-03-05  | sound
        p1      | 2021-03-06  | FAULT
        p1      | 2021-03     | sound
        p1      | 2021-04     | FAULT
        p1      |             |
        p2      | 2021-04-06  |
        """,
    "born_after_diagnosis": """
        patient
        patient | born_on    | verdict
        p1      | 2020-05-01 | sound
        p2      | 2020-05-02 | FAULT
        p3      | 2020       | sound
        p4      | 2021       | FAULT
        p5      |            |

        tumour
        patient | diagnosed_on
        p1      | 2020-05-01
        p2      | 2020-05-01
        p3      | 2020-05-01
        p4      | 2020-05-01
        p5      | 2020-05-01
        """,
    "contact_after_death": """
        follow_up
        patient | contact_on | status | death_on   | verdict
        p1      |            | dead   | 2021-03-05 |
        p1      | 2021-03-05 | alive  |            | sound
        p1      | 2021-03-06 | alive  |            | FAULT
        p1      | 2021-03    | alive  |            | sound
        p1      | 2021-04-01 | dead   |            |
        p2      | 2021-04-01 | alive  |            |
        """,
    "dead_without_date": """
        follow_up
        status | death_on | verdict
        dead   | 2021-03  | sound
        dead   |          | FAULT
        alive  |          |
        """,
    "death_before_diagnosis": """
        tumour
        diagnosed_on
        2021-03-05
        2022-01-01

        follow_up
        status | death_on   | verdict
        dead   | 2021-03-05 | sound
        dead   | 2021-03-04 | FAULT
        dead   | 2020       |
        alive  |            |
        """,
    "death_date_partial": """
        follow_up
        status | death_on   | verdict
        dead   | 2021-03-05 | sound
        dead   | 2021-03    | FAULT
        dead   | 2021       | FAULT
        dead   |            |
        """,
    "deaths_differ": """
        follow_up
        patient | status | death_on   | verdict
        p1      | dead   | 2021-03-05 | sound
        p1      | dead   | 2021-03-05 | sound
        p2      | dead   | 2021-03-05 | sound
        p2      | dead   | 2021-03-06 | FAULT
        p2      | dead   | 2021-03    |
        p2      | alive  |            |
        """,
    "drug_class_only": """
        drug_exposure
        agent                    | verdict
        pembrolizumab            | sound
        PD-1                     | FAULT
        化疗                     | FAULT
        pembrolizumab + axitinib | sound
        XYZ-123                  |
                                 |
        """,
    "drug_doubtful": """
        drug_exposure
        agent         | verdict
        pembrolizumab | sound
        pembro?       | FAULT
        TC            | FAULT
        PD-1          | sound
        XYZ-123       | sound
                      |
        """,
    "drug_outside_lines": """
        treatment_line
        patient | started_on | stopped_on
        p1      | 2021-03-01 | 2021-06-01
        p2      | 2021-03-01 |
        p3      |            |

        drug_exposure
        patient | agent         | started_on | verdict
        p1      | pembrolizumab | 2021-02-15 | sound
        p1      | pembrolizumab | 2021-02-14 | FAULT
        p1      | pembrolizumab | 2021-06-15 | sound
        p1      | pembrolizumab | 2021-06-16 | FAULT
        p1      | dexamethasone | 2020-01-01 |
        p1      | pembrolizumab | 2021       |
        p2      | pembrolizumab | 2023-01-01 | sound
        p3      | pembrolizumab | 2021-03-01 |
        p4      | pembrolizumab | 2021-03-01 |
        """,
    "drug_start_missing": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-03-01 | sound
        pembrolizumab | 2021       | sound
        pembrolizumab |            | FAULT
        """,
    "drug_unmapped": """
        drug_exposure
        agent         | verdict
        pembrolizumab | sound
        pembro?       | sound
        XYZ-123       | FAULT
                      |
        """,
    "ecog_doubtful": """
        treatment_line
        ecog | verdict
        1    | sound
        0-1  | FAULT
        fit  | sound
             |
        """,
    "ecog_unmapped": """
        treatment_line
        ecog | verdict
        1    | sound
        0-1  | sound
        fit  | FAULT
             |
        """,
    "histology_doubtful": """
        tumour
        histology  | morphology | verdict
        ASPS       |            | sound
        MFH        |            | FAULT
        favour UPS |            | FAULT
        qqq        |            | sound
                   | 8802/3     | FAULT
                   |            |
        """,
    "histology_doubtful 2: a code beside words asks nothing": """
        tumour
        histology | morphology | verdict
        UPS       | 8802/3     | sound
        """,
    "histology_missing": """
        tumour
        histology | morphology | verdict
        ASPS      |            | sound
                  | 9581/3     | sound
        qqq       |            | sound
                  |            | FAULT
        """,
    "histology_readings_differ": """
        tumour
        patient | tumour_sequence | histology | review  | verdict
        p1      | 1               | UPS       | local   |
        p1      | 1               | myxofibrosarcoma | expert | sound
        p2      | 1               | UPS       | local   |
        p2      | 1               | LMS       | central | FAULT
        p3      | 1               | UPS       | local   |
        p3      | 2               | LMS       | central |
        p4      | 1               | UPS       | local   |
        p4      | 1               | MFH       | central |
        p5      |                 | UPS       |         |
        p5      |                 | LMS       | 会诊    | FAULT
        """,
    "histology_text_code_conflict": """
        tumour
        histology | morphology | verdict
        ASPS      | 9581/3     | sound
        UPS       | 8802/3     | sound
        ASPS      | 8890/3     | FAULT
        ASPS      |            |
        MFH       | 8802/3     |
                  | 8890/3     |
        """,
    "histology_unmapped": """
        tumour
        histology | morphology | verdict
        ASPS      |            | sound
        MFH       |            | sound
        qqq       |            | FAULT
        ASPS      | qqq        | sound
                  | qqq        | FAULT
        """,
    "line_add_on_unassessed": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F
        p4      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01
        p4      | 2021-01-01

        drug_exposure
        patient | agent         | started_on | stopped_on | verdict
        p1      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p1      | axitinib      | 2021-04-01 | 2021-09-01 | FAULT
        p2      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p2      | axitinib      | 2021-04-01 | 2021-09-01 | sound
        p3      | pembrolizumab | 2021-02-01 | 2021-09-01 |
        p3      | axitinib      | 2021-04-01 | 2021-09-01 | sound
        p4      | pembrolizumab | 2021-02-01 | 2021-03-01 |
        p4      | axitinib      | 2021-04-01 | 2021-09-01 |

        response_assessment
        patient | assessed_on | overall
        p2      | 2021-03-20  | SD
        p3      | 2021-03-20  | PD
        """,
    "line_differs_from_drugs": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      |

        treatment_line
        patient | line_stated | started_on | verdict
        p1      | 一线        | 2021-02-01 | sound
        p1      | 三线        | 2021-06-01 | FAULT
        p1      | 四线        | 2021-10-01 |
        p2      | 辅助        | 2020-02-01 |
        p2      | 1-2         | 2021-02-01 | sound
        p2      | >=2         | 2021-06-01 | sound
        p2      | 1-2         | 2021-10-01 | FAULT
        p3      | 二线        | 2021-02-01 |

        drug_exposure
        patient | agent         | started_on | stopped_on
        p1      | doxorubicin   | 2021-02-01 | 2021-05-01
        p1      | pazopanib     | 2021-06-01 | 2021-09-01
        p1      | pembrolizumab | 2021-10-01 | 2021-12-01
        p2      | epirubicin    | 2020-02-01 | 2020-04-01
        p2      | doxorubicin   | 2021-02-01 | 2021-05-01
        p2      | pazopanib     | 2021-06-01 | 2021-09-01
        p2      | pembrolizumab | 2021-10-01 | 2021-12-01
        p3      | pembrolizumab | 2021-02-01 | 2021-12-01
        """,
    "line_differs_from_drugs 2": """
        patient
        patient | sex
        p1      | F

        tumour
        metastatic_on
        2021-01-01

        treatment_line
        line_stated | started_on | verdict
        二线        | 2021-02-01 | FAULT
        二线        | 2021-06-01 | sound
        一线        | 2021-10-01 | FAULT
        维持        | 2022-01-01 |

        drug_exposure
        agent         | started_on | stopped_on
        doxorubicin   | 2021-02-01 | 2021-05-01
        pazopanib     | 2021-06-01 | 2021-09-01
        pembrolizumab | 2021-10-01 | 2022-12-01
        """,
    "line_pause_unexplained": """
        patient
        patient | sex
        p1      | F
        p2      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01

        drug_exposure
        patient | agent       | started_on | stopped_on | verdict
        p1      | trabectedin | 2021-02-01 | 2021-05-01 |
        p1      | trabectedin | 2021-08-29 | 2021-10-01 |
        p1      | trabectedin | 2022-02-01 | 2022-05-01 | FAULT
        p2      | trabectedin | 2021-02-01 | 2021-05-01 |
        p2      | trabectedin | 2021-08-30 | 2021-10-01 | sound

        response_assessment
        patient | assessed_on | overall
        p2      | 2021-06-01  | PD
        """,
    "line_swap_in_class": """
        patient
        patient | sex
        p1      | F
        p2      | F
        p3      | F

        tumour
        patient | metastatic_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01

        drug_exposure
        patient | agent         | started_on | stopped_on | verdict
        p1      | pembrolizumab | 2021-02-01 | 2021-05-01 |
        p1      | nivolumab     | 2021-06-30 | 2021-10-01 | FAULT
        p2      | pembrolizumab | 2021-02-01 | 2021-05-01 |
        p2      | nivolumab     | 2021-07-01 | 2021-10-01 |
        p3      | cisplatin     | 2021-02-01 | 2021-05-01 |
        p3      | carboplatin   | 2021-05-20 | 2021-10-01 | sound
        """,
    "line_dates_overlap": """
        treatment_line
        patient | started_on | stopped_on | verdict
        p1      | 2021-01-01 | 2021-03-01 |
        p1      | 2021-03-01 | 2021-06-01 | sound
        p1      | 2021-05-31 |            | FAULT
        p1      | 2021-09-01 |            |
        p1      | 2021-10    |            |
        p2      | 2021-02-01 | 2021-03-01 |
        """,
    "line_doubtful": """
        treatment_line
        line_stated | verdict
        二线        | sound
        2L?         | FAULT
        1           | FAULT
        qqq         | sound
                    |
        """,
    "line_number_gap": """
        treatment_line
        patient | line_stated | setting  | started_on | verdict
        p1      | 一线        |          | 2021-01-01 | sound
        p1      | 二线        |          | 2021-03-01 | sound
        p1      | 四线        |          | 2021-05-01 | FAULT
        p2      | 二线        |          | 2021-05-01 | FAULT
        p3      | 辅助        |          | 2020-05-01 |
        p3      | 一线        |          | 2021-05-01 | sound
        p3      | 三线        | adjuvant | 2021-06-01 |
        p4      | ≥3          |          | 2021-05-01 | FAULT
        p4      | 四线        |          | 2021-06-01 |
        p5      | qqq         |          | 2021-05-01 |
        """,
    "line_number_repeated": """
        treatment_line
        patient | line_stated | setting  | started_on | verdict
        p1      | 一线        |          | 2021-01-01 | sound
        p1      | 一线        |          | 2021-03-01 | FAULT
        p1      | 二线        |          | 2021-05-01 | sound
        p1      | 二线        | adjuvant | 2021-05-01 |
        p2      | 一线        |          | 2021-01-01 | sound
        p2      | ≥3          |          | 2021-05-01 |
        p2      | ≥3          |          | 2021-06-01 |
        """,
    "line_unmapped": """
        treatment_line
        line_stated | verdict
        二线        | sound
        2L?         | sound
        qqq         | FAULT
                    |
        """,
    "metastatic_before_diagnosis": """
        tumour
        diagnosed_on | metastatic_on | verdict
        2021-03-02   | 2021-03-01    | sound
        2021-03-02   | 2021-01-01    | sound
        2021-03-02   | 2020-12-31    | FAULT
        2021-03-02   | 2020-12       | FAULT
        2021         | 2020-12       | sound
        2021-03-02   |               |
                     | 2020-12-31    |
        """,
    "baseline_assessment_missing": """
        patient
        patient | sex | born_on    | legal_basis | verdict
        p1      | F   | 1970-06-01 | consent     | sound
        p2      | F   | 1970-06-01 | consent     | FAULT
        p3      | F   | 1970-06-01 | consent     |
        p4      | F   | 1970-06-01 | consent     | sound
        p5      | F   | 1970-06-01 | consent     |

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01
        p5      | GIST      | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        p5      | pembrolizumab | 2021-03-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-01-18  |
        p1      | 2021-05-01  | SD
        p2      | 2021-01-17  |
        p2      | 2021-05-01  | SD
        p3      | 2021-02-20  |
        p4      | 2021-02     |
        p4      | 2021-05-01  | SD
        p5      | 2021-05-01  | SD
        """,
    "discharged_to_die": """
        follow_up
        patient | contact_on | contact_type | status | death_on   | verdict
        p1      | 2021-06-09 | 自动出院     | alive  |            | FAULT
        p2      | 2021-06-09 | 自动出院     | alive  |            | sound
        p2      |            |              | dead   | 2021-06-20 |
        p3      | 2021-06-09 | 自动出院     | alive  |            | sound
        p3      | 2021-07-09 | visit        | alive  |            |
        p4      | 2021-06-09 | visit        | alive  |            |
        """,
    "no_follow_up": """
        patient
        patient | verdict
        p1      | sound
        p2      | FAULT
        p3      |
        p4      | FAULT
        p5      | sound
        p6      | sound

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        p5      | pembrolizumab | 2021-03-01
        p6      | pembrolizumab | 2021-03-01

        follow_up
        patient | contact_on | death_on
        p1      | 2021-03-01 |
        p4      | 2021-02-28 |
        p5      |            |
        p6      |            | 2021-04
        """,
    "no_tumour": """
        patient
        patient | verdict
        p1      | sound
        p2      | FAULT

        tumour
        patient | histology
        p1      |
        """,
    "patient_at_two_centres": """
        patient
        patient | link_token | verdict
        p1      | t1         | FAULT
        p2      | t1         | FAULT
        p3      | t2         | sound
        p4      |            |
        p5      |            |
        """,
    "response_doubtful": """
        response_assessment
        overall | verdict
        PD      | sound
        SD?     | FAULT
        PR/SD   | FAULT
        better  | sound
                |
        """,
    "response_unmapped": """
        response_assessment
        overall | verdict
        PD      | sound
        SD?     | sound
        better  | FAULT
                |
        """,
    "sex_doubtful": """
        patient
        patient | sex   | verdict
        p1      | 女    | sound
        p2      | male? | FAULT
        p3      | 男/女 | FAULT
        p4      | X     | sound
        p5      |       |
        """,
    "sex_missing": """
        patient
        patient | sex | verdict
        p1      | 女  | sound
        p2      | X   | sound
        p3      |     | FAULT
        """,
    "sex_site_conflict": """
        patient
        patient | sex | verdict
        p1      | M   | sound
        p2      | F   | FAULT
        p3      | M   | FAULT
        p4      | F   | sound
        p5      | M   | sound
        p6      |     |
        p7      | F   |

        tumour
        patient | topography
        p1      | prostate
        p2      | prostate
        p3      | thigh
        p3      | ovary
        p4      | uterus
        p5      | breast
        p6      | ovary
        p7      | qqq
        """,
    "sex_unmapped": """
        patient
        patient | sex   | verdict
        p1      | 女    | sound
        p2      | male? | sound
        p3      | X     | FAULT
        p4      |       |
        """,
    "site_doubtful": """
        tumour
        topography | verdict
        thigh      | sound
        左大腿?    | FAULT
        qqq        | sound
                   |
        """,
    "site_doubtful 2": """
        metastasis
        site | verdict
        lung | sound
        肺?  | FAULT
        """,
    "site_unmapped": """
        tumour
        topography | verdict
        thigh      | sound
        qqq        | FAULT
                   |
        """,
    "site_unmapped 2": """
        procedure
        site | verdict
        lung | sound
        qqq  | FAULT
        """,
    "small_list_unmapped": """
        adverse_event
        term      | outcome   | verdict
        diarrhoea | recovered | sound
        diarrhoea | qqq       | FAULT
        diarrhoea |           |
        """,
    "status_missing": """
        follow_up
        status | verdict
        lost   | sound
        qqq    | sound
               | FAULT
        """,
    "tumour_number_missing": """
        tumour
        patient | tumour_sequence | histology | review  | verdict
        p1      |                 | UPS       | local   | sound
        p1      |                 | UPS       | central | sound
        p2      |                 | UPS       | local   | FAULT
        p2      |                 | LMS       | local   | FAULT
        p2      |                 | UPS       | central | FAULT
        p3      |                 | UPS       | local   |
        p3      |                 | LMS       | local   |
        p4      | 1               | UPS       | local   |
        p4      | 1               | LMS       | central |
        """,
    "treatment_after_death": """
        follow_up
        patient | death_on
        p1      | 2021-03-05
        p2      | 2021-03

        drug_exposure
        patient | agent                    | started_on | verdict
        p1      | pembrolizumab            | 2021-03-05 | sound
        p1      | pembrolizumab + axitinib | 2021-03-06 | FAULT
        p1      | pembrolizumab            | 2021-03    | sound
        p1      | pembrolizumab            | 2021-04    | FAULT
        p1      | pembrolizumab            |            |
        p2      | pembrolizumab            | 2022-01-01 |
        """,
} | last_delivery_cases.CASES  # fmt: skip

CASES = {**CASES, **cases_course.CASES, **cases_outcome.CASES, **cases_tumour.CASES}


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
