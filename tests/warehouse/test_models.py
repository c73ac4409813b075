"""Time zero, the groups fixed on it, who is excluded, and the end points: by example.

A case is what one or more persons are known by, `---`, and what the mart must say. Tables that a case does not show
are those of mart_cases.STANDARD: a person with metastatic UPS whose first dose of pembrolizumab is on 2021-03-01. The
data end on 2024-06-30.
"""

from __future__ import annotations

import re

import duckdb
import mart_cases
import pytest

from warehouse import models

TIME_ZERO = {
    "the first dose on or after the metastatic date": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2020-06-01
        nivolumab     | 2021-03-02
        pembrolizumab | 2021-05-01
        ---
        time_zero
        index_on   | index_agent_code | any_inhibitor_on
        2021-03-02 | nivolumab        | 2020-06-01
        """,
    "14 days before metastases were shown still count": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2020-12-17
        pembrolizumab | 2020-12-18
        ---
        time_zero
        index_on
        2020-12-18
        """,
    "metastases known by their month count from its first day": """
        tumour
        histology | metastatic_on
        UPS       | 2021-03

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-02-14
        pembrolizumab | 2021-02-15
        ---
        time_zero
        index_on   | metastatic_on
        2021-02-15 | 2021-03-01
        """,
    "the first site of distant disease where the tumour has no date": """
        tumour
        histology | metastatic_on
        UPS       |

        metastasis
        site  | detected_on
        liver | 2021-04-01
        lung  | 2021-02-01
        ---
        time_zero
        index_on   | metastatic_on
        2021-03-01 | 2021-02-01
        """,
    "a dose that was ordered and not given is none": """
        drug_exposure
        agent         | started_on | is_administered
        pembrolizumab | 2021-02-01 | no
        pembrolizumab | 2021-03-01 | yes
        ---
        time_zero
        index_on
        2021-03-01
        """,
    "a drug known as a PD-1 inhibitor alone qualifies": """
        drug_exposure
        agent | started_on
        PD-1  | 2021-03-01
        ---
        cohort
        index_on   | index_agent_code | index_class_code | regimen_group
        2021-03-01 |                  | PD-1             | io_alone
        """,
    "interleukin and interferon do not qualify": """
        drug_exposure
        agent      | started_on
        IL-2       | 2021-03-01
        interferon | 2021-03-01
        ---
        exclusion
        first_reason_code
        no_qualifying_dose
        """,
    "the line that contains the dose gives the number, its start only the distance": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2020-06-01 | 2021-01-15
        二线        | 2021-02-01 |
        三线        | 2021-09-01 |

        drug_exposure
        agent         | started_on
        paclitaxel    | 2021-02-01
        pembrolizumab | 2021-03-01
        ---
        cohort
        line | line_basis_code | line_start_to_io_days | index_on
        2    | stated          | 28                    | 2021-03-01
        """,
    "a line known by its month contains the doses of that month": """
        treatment_line
        line_stated | started_on
        一线        | 2020-06-01
        三线        | 2021-03

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-20
        ---
        cohort
        line | line_group | line_start_to_io_days
        3    | >2         |
        """,
    "a line that ended long before does not contain the dose": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2020-03-01 | 2020-06-01
        ---
        cohort
        line | line_group
             |
        """,
    "a line that ended 14 days before still does": """
        treatment_line
        line_stated | started_on | stopped_on
        一线        | 2021-02-01 | 2021-02-15
        ---
        cohort
        line | line_group
        1    | <=2
        """,
    "completed years at time zero": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-03-01 | consent
        p2      | M   | 1970-03-02 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        ---
        cohort
        patient | age_years | sex_code
        p1      | 51        | F
        p2      | 50        | M
        """,
}  # fmt: skip

LINE_GROUP = """
    一线        | <=2
    二线        | <=2
    三线        | >2
    >=3         | >2
    ≥3          | >2
    1-2         | <=2
    2-3         |
    末线        |
    维持        |
    qqq         |
                |
    """

PARTNER = """
    # a partner counts on day 0, whenever it was started, and when it is started on days 1 to 28
    pembrolizumab 2021-03-01                                          | io_alone
    pembrolizumab 2021-03-01 ; axitinib 2021-03-01                    | io_antiangiogenic
    pembrolizumab 2021-03-01 ; axitinib 2021-03-29                    | io_antiangiogenic
    pembrolizumab 2021-03-01 ; axitinib 2021-03-30                    | io_alone
    pembrolizumab 2021-03-01 ; axitinib 2020-09-01                    | io_antiangiogenic
    pembrolizumab 2021-03-01 ; axitinib 2020-09-01 2021-03-01         | io_antiangiogenic
    pembrolizumab 2021-03-01 ; axitinib 2020-09-01 2021-02-28         | io_alone
    pembrolizumab 2021-03-01 ; axitinib 2020-09-01 2021-03            | io_antiangiogenic
    pembrolizumab 2021-03-01 ; axitinib 2020-09                       | io_antiangiogenic
    # what is known by its month counts where all of the month does
    pembrolizumab 2021-03-31 ; axitinib 2021-04                       | io_alone
    pembrolizumab 2021-04-02 ; axitinib 2021-04                       | io_antiangiogenic
    pembrolizumab 2021-03-01 ; doxorubicin 2021-03-01                 | io_cytotoxic
    pembrolizumab 2021-03-01 ; 化疗 2021-03-01                        | io_cytotoxic
    pembrolizumab 2021-03-01 ; doxorubicin 2021-03-02 ; anlotinib 2021-03-02 | io_both
    # a class is enough where it says the component; a TKI or a drug nobody can name leaves the group open
    PD-1单抗 2021-03-01                                               | io_alone
    PD-1单抗 + 安罗替尼 2021-03-01                                    | io_antiangiogenic
    PD-1单抗 2021-03-01 ; 抗血管生成治疗 2021-03-01                   | io_antiangiogenic
    pembrolizumab 2021-03-01 ; TKI 2021-03-01                         |
    pembrolizumab 2021-03-01 ; 靶向 2021-03-01                        |
    pembrolizumab 2021-03-01 ; study drug 2021-03-01                  |
    pembrolizumab 2021-03-01 ; XR-1902 2021-03-01                     |
    pembrolizumab 2021-03-01 ; doxorubicin 2021-03-01 ; 靶向 2021-03-01 |
    pembrolizumab 2021-03-01 ; doxorubicin 2021-03-01 ; axitinib 2021-03-01 ; 靶向 2021-03-01 | io_both
    # two checkpoint inhibitors, other immunotherapy and supportive drugs are no combination
    ipilimumab 2021-03-01 ; nivolumab 2021-03-01                      | io_alone
    pembrolizumab 2021-03-01 ; IL-2 2021-03-01                        | io_alone
    pembrolizumab 2021-03-01 ; dexamethasone 2021-03-01               | io_alone
    # a bispecific that blocks VEGF too is one by itself; one that blocks CTLA-4 is not
    ivonescimab 2021-03-01                                            | io_antiangiogenic
    cadonilimab 2021-03-01                                            | io_alone
    # one cell, two agents
    pembrolizumab + axitinib 2021-03-01                               | io_antiangiogenic
    """

HISTOLOGY = """
    ASPS             | ASPS
    腺泡状软组织肉瘤 | ASPS
    UPS              | potentially sensitive
    DDLPS            | potentially sensitive
    leiomyosarcoma   | other
    """

# what differs from STANDARD, and every reason in the registry's order
EXCLUSION = {
    "GIST is no soft tissue sarcoma": """
        tumour
        histology | metastatic_on
        GIST      | 2021-01-01
        ---
        exclusion
        all_reason_codes
        not_soft_tissue_sarcoma
        """,
    "a diagnosis in doubt is not decided": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent
        p4      | F   | 1970-06-01 | consent

        tumour
        patient | histology  | morphology | metastatic_on
        p1      | MFH        |            | 2021-01-01
        p2      | favour UPS |            | 2021-01-01
        p3      |            | 8802/3     | 2021-01-01
        p4      | ASPS       | 8890/3     | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        p4      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | histology_unresolved
        p2      | histology_unresolved
        p3      | histology_unresolved
        p4      | histology_unresolved
        """,
    "no metastases": """
        tumour
        histology | metastatic_on | is_locally_advanced_only
        UPS       |               |
        ---
        exclusion
        all_reason_codes
        not_metastatic
        """,
    "unresectable without metastases has a reason of its own": """
        tumour
        histology | metastatic_on | is_locally_advanced_only
        UPS       |               | yes
        ---
        exclusion
        all_reason_codes
        unresectable_only
        """,
    "no checkpoint inhibitor": """
        drug_exposure
        agent       | started_on
        doxorubicin | 2021-03-01
        ---
        exclusion
        all_reason_codes
        no_qualifying_dose
        """,
    "around surgery only": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01

        treatment_line
        patient | line_stated | setting       | started_on
        p1      | 一线        | adjuvant      | 2021-03-01
        p2      |             | neoadjuvant   | 2021-03-01
        p3      |             | perioperative | 2021-03-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | io_perioperative_only
        p2      | io_perioperative_only
        p3      | io_perioperative_only
        """,
    "around surgery and later for metastases: the later dose is time zero": """
        treatment_line
        line_stated | setting  | started_on | stopped_on
                    | adjuvant | 2019-02-01 | 2019-06-01
        一线        |          | 2021-02-20 |

        drug_exposure
        agent         | started_on
        pembrolizumab | 2019-02-01
        pembrolizumab | 2021-03-01
        ---
        cohort
        index_on   | line
        2021-03-01 | 1
        """,
    "another active cancer": """
        tumour
        histology | metastatic_on | is_other_malignancy_active
        UPS       | 2021-01-01    | yes
        ---
        exclusion
        all_reason_codes
        other_active_malignancy
        """,
    "before accrual": """
        tumour
        histology | metastatic_on
        UPS       | 2016-01-01

        drug_exposure
        agent         | started_on
        pembrolizumab | 2016-12-31
        ---
        exclusion
        all_reason_codes
        outside_accrual
        """,
    "the first day of accrual": """
        tumour
        histology | metastatic_on
        UPS       | 2016-01-01

        drug_exposure
        agent         | started_on
        pembrolizumab | 2017-01-01
        ---
        cohort
        index_on
        2017-01-01
        """,
    "too young by a day, of no known age": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 2007-03-02 | consent
        p2      | F   | 2007-03-01 | consent
        p3      | F   |            | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p3      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | age_outside

        cohort
        patient | age_years
        p2      | 14
        p3      |
        """,
    "no basis for the use of the data": """
        patient
        sex | born_on    | legal_basis
        F   | 1970-06-01 |
        ---
        exclusion
        all_reason_codes
        no_legal_basis
        """,
    "withdrawn from further use": """
        patient
        patient | sex | born_on    | legal_basis | withdrawal_on | withdrawal_scope
        p1      | F   | 1970-06-01 | consent     | 2022-01-01    | no_further_use
        p2      | F   | 1970-06-01 | consent     | 2022-01-01    | stop collection

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        ---
        exclusion
        patient | all_reason_codes
        p1      | withdrawn

        cohort
        patient | index_on
        p2      | 2021-03-01
        """,
    "one person at two centres counts where the first qualifying dose was given": """
        patient
        patient | sex | born_on    | legal_basis | link_token
        p1      | F   | 1970-06-01 | consent     | t
        p2      | F   | 1970-06-01 | consent     | t

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-06-01
        p2      | nivolumab     | 2021-03-01
        ---
        cohort
        patient | index_on
        p2      | 2021-03-01

        exclusion
        patient | all_reason_codes
        p1      | same_person_counted
        """,
    "first and all reasons, in the registry's order": """
        patient
        sex | born_on    | legal_basis
        F   | 2010-06-01 |

        tumour
        histology | metastatic_on | is_other_malignancy_active
        MFH       |               | yes

        drug_exposure
        agent       | started_on
        doxorubicin | 2021-03-01
        ---
        exclusion
        first_reason_code    | all_reason_codes
        histology_unresolved | histology_unresolved + not_metastatic + no_qualifying_dose + other_active_malignancy + no_legal_basis
        """,
    "nobody is excluded for what is known only after time zero": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-03-02
        ---
        cohort
        index_on
        2021-03-01
        """,
}  # fmt: skip

END_POINTS = {
    "death is an event of both": """
        follow_up
        contact_on | status | death_on
        2021-04-01 | alive  |
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | ADT        | SRCDOM    | SRCVAR   | NEREASON
        OS      | 100  | 0    | Death    | 2021-06-09 | follow_up | death_on |
        PFSEMA  | 100  | 0    | Death    | 2021-06-09 | follow_up | death_on |
        """,
    "no news at all: censored at time zero, and counted": """
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                 | ADT
        OS      | 0    | 1    | Time zero, no follow-up  | 2021-03-01
        PFSEMA  | 0    | 1    | Time zero, no assessment | 2021-03-01
        """,
    "alive: the last sign of life; no progression: the last adequate assessment": """
        follow_up
        contact_on | status
        2022-03-01 | alive
        2021-12-01 | alive

        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-08-01  | PR
        2021-11-01  | NE
        ---
        adtte
        PARAMCD | AVAL | CNSR | CNSDTDSC                 | ADT        | SRCDOM
        OS      | 365  | 1    | Last known alive         | 2022-03-01 | follow_up
        PFSEMA  | 153  | 1    | Last adequate assessment | 2021-08-01 | response_assessment
        """,
    "the first progression is the event, later ones and new therapy change nothing": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | PD
        2021-11-01  | PD

        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01
        doxorubicin   | 2021-06-01
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC    | ADT
        PFSEMA  | 200  | 0    | Progression | 2021-09-17
        """,
    "missed visits change nothing": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2023-05-01  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 791  | 0    | Progression
        """,
    "the day of time zero is the baseline": """
        response_assessment
        assessed_on | overall
        2021-03-01  | PD
        2021-05-01  | SD
        ---
        adtte
        PARAMCD | AVAL | CNSR
        PFSEMA  | 61   | 1
        """,
    "an event on the day of the cut-off counts": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2024-06-30
        ---
        adtte
        PARAMCD | CNSR | ADT
        OS      | 0    | 2024-06-30
        """,
    "what lies after the cut-off is not known yet": """
        follow_up
        contact_on | status | death_on
        2024-06-01 | alive  |
        2024-07-15 | alive  |
                   | dead   | 2024-08-01

        response_assessment
        assessed_on | overall
        2024-05-01  | SD
        2024-07-01  | PD
        ---
        adtte
        PARAMCD | CNSR | ADT        | CNSDTDSC
        OS      | 1    | 2024-06-01 | Last known alive
        PFSEMA  | 1    | 2024-05-01 | Last adequate assessment
        """,
    "a progression dated after death is no event, the death is": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        response_assessment
        assessed_on | overall
        2021-06-10  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC | SRCDOM
        PFSEMA  | 100  | 0    | Death    | follow_up
        """,
    "a progression on the day of death is one": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        response_assessment
        assessed_on | overall
        2021-06-09  | PD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC    | SRCDOM
        PFSEMA  | 100  | 0    | Progression | response_assessment
        """,
    "iUPD alone is no progression, but an adequate assessment": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | iUPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 200  | 1    | No progression
        """,
    "iCPD is a progression on its own day; the day of the first iUPD is for another rule set": """
        response_assessment
        assessed_on | overall
        2021-09-17  | iUPD
        2021-10-29  | iCPD
        ---
        adtte
        PARAMCD | AVAL | CNSR | EVNTDESC
        PFSEMA  | 242  | 0    | Progression
        """,
    "evidence of life: drugs fetched by relatives, signed reports and planned visits are none": """
        follow_up
        contact_on | contact_type   | status
        2021-06-09 | visit          | alive
        2021-07-01 | 家属代取药     | alive
        2021-07-02 | report signed  | alive
        2021-07-03 | planned visit  | alive
        2021-07-04 | visit          | lost
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 1    |
        """,
    "discharge against advice: alive on that day": """
        follow_up
        contact_on | contact_type | status
        2021-05-01 | visit        | alive
        2021-06-09 | 自动出院     | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | SRCDOM
        OS      | 100  | 1    | follow_up
        """,
    "evidence of life: dosed, imaged, operated": """
        drug_exposure
        agent         | started_on | stopped_on | is_administered
        pembrolizumab | 2021-03-01 | 2021-06-09 | yes
        anlotinib     | 2021-07-01 |            | no
        ---
        adtte
        PARAMCD | AVAL | SRCDOM        | SRCVAR
        OS      | 100  | drug_exposure | stopped_on
        """,
    "evidence of life: imaged": """
        response_assessment
        assessed_on | overall
        2021-06-09  | NE
        ---
        adtte
        PARAMCD | AVAL | SRCDOM
        OS      | 100  | response_assessment
        """,
    "evidence of life: operated": """
        procedure
        type    | started_on
        surgery | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | SRCDOM
        OS      | 100  | procedure
        """,
    "two days of death: the earlier, and a query": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-12
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR
        OS      | 100  | 0
        """,
    "the outcome is the evidence of both centres that know the person": """
        patient
        patient | sex | born_on    | legal_basis | link_token
        p1      | F   | 1970-06-01 | consent     | t
        p2      | F   | 1970-06-01 | consent     | t
        p3      | F   | 1970-06-01 | consent     |

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01

        follow_up
        patient | contact_on | status | death_on
        p1      | 2021-04-01 | alive  |
        p2      |            | dead   | 2021-06-09
        p3      |            | dead   | 2021-05-01

        response_assessment
        patient | assessed_on | overall
        p1      | 2021-04-01  | SD
        p2      | 2021-05-01  | PD
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR | EVNTDESC
        p1      | OS      | 100  | 0    | Death
        p1      | PFSEMA  | 61   | 0    | Progression
        """,
    "but not of the centre from whose use the person withdrew": """
        patient
        patient | sex | born_on    | legal_basis | withdrawal_scope | link_token
        p1      | F   | 1970-06-01 | consent     |                  | t
        p2      | F   | 1970-06-01 | consent     | erase            | t

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01

        follow_up
        patient | contact_on | status | death_on
        p1      | 2021-06-09 | alive  |
        p2      |            | dead   | 2021-07-01
        ---
        adtte
        patient | PARAMCD | AVAL | CNSR
        p1      | OS      | 100  | 1
        """,
}  # fmt: skip

NOT_EVALUABLE = {
    "a rejected day of death": """
        follow_up
        contact_on | status | death_on
        2021-04-01 | alive  |

        finding
        rule            | table_name | field
        date_impossible | follow_up  | death_on
        ---
        adtte
        PARAMCD | AVAL | CNSR | ADT | NEREASON
        OS      |      |      |     | date_impossible: follow_up.death_on
        PFSEMA  |      |      |     | date_impossible: follow_up.death_on
        """,
    "a rejected day of death cannot change a progression before it": """
        response_assessment
        assessed_on | overall
        2021-06-09  | PD

        finding
        rule            | table_name | field
        date_impossible | follow_up  | death_on
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      |      |      | date_impossible: follow_up.death_on
        PFSEMA  | 100  | 0    |
        """,
    "a day of death known by its month": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | partial date: follow_up.death_on
        PFSEMA  |      | partial date: follow_up.death_on
        """,
    "another record gives the day": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 0    |
        """,
    "the month of death ends before the day another record gives": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-05
                   | dead   | 2021-06-09
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | partial date: follow_up.death_on
        """,
    "dead without a date": """
        follow_up
        contact_on | status | death_on
        2021-06-09 | dead   |
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | dead without a date: follow_up.death_on
        PFSEMA  |      | dead without a date: follow_up.death_on
        """,
    "a status that cannot be read may say dead": """
        follow_up
        contact_on | status
        2021-06-09 | qqq
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | uncoded: follow_up.status
        """,
    "unless the person was alive later": """
        follow_up
        contact_on | status
        2021-05-09 | qqq
        2021-06-09 | alive
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      | 100  | 1    |
        """,
    "a kind of contact that cannot be read decides where it is the last": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01

        follow_up
        patient | contact_on | contact_type | status
        p1      | 2021-05-09 | qqq          | alive
        p1      | 2021-06-09 | visit        | alive
        p2      | 2021-06-09 | qqq          | alive
        ---
        adtte
        patient | PARAMCD | AVAL | NEREASON
        p1      | OS      | 100  |
        p2      | OS      |      | uncoded: follow_up.contact_type
        """,
    "a rejected day of contact may be a later sign of life": """
        follow_up
        contact_on | status
        2021-06-09 | alive

        finding
        rule            | table_name | field
        date_unreadable | follow_up  | contact_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | date_unreadable: follow_up.contact_on
        PFSEMA  | 0    |
        """,
    "it changes no death": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-06-09

        finding
        rule            | table_name | field
        date_unreadable | follow_up  | contact_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      | 100  |
        """,
    "a response that cannot be read, before the event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD?
        2021-09-17  | PD
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | uncoded: response_assessment.overall
        """,
    "a response that cannot be read, at baseline or after the event": """
        response_assessment
        assessed_on | overall
        2021-02-20  | SD?
        2021-03-01  | SD?
        2021-06-09  | PD
        2021-09-17  | SD?
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  | 100  |
        """,
    "a response that cannot be read, and no event": """
        response_assessment
        assessed_on | overall
        2021-05-01  | SD
        2021-09-17  | SD?
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | uncoded: response_assessment.overall
        """,
    "a progression known by its month": """
        response_assessment
        assessed_on | overall
        2021-05     | PD
        2021-09-17  | PD
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        PFSEMA  |      | partial date: response_assessment.assessed_on
        """,
    "a rejected first dose": """
        finding
        rule            | table_name    | field
        date_unreadable | drug_exposure | started_on
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | date_unreadable: drug_exposure.started_on
        PFSEMA  |      | date_unreadable: drug_exposure.started_on
        """,
    "a drug record that was set aside": """
        finding
        rule                | table_name    | field
        record_key_conflict | drug_exposure |
        ---
        adtte
        PARAMCD | AVAL | NEREASON
        OS      |      | record_key_conflict: drug_exposure
        """,
    "an earlier dose known by its month, a drug that cannot be read": """
        patient
        patient | sex | born_on    | legal_basis
        p1      | F   | 1970-06-01 | consent
        p2      | F   | 1970-06-01 | consent
        p3      | F   | 1970-06-01 | consent
        p4      | F   | 1970-06-01 | consent

        tumour
        patient | histology | metastatic_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01

        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-02
        p1      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03-01
        p2      | pembrolizumab | 2021-03
        p3      | XYZ-123       | 2021-02-01
        p3      | pembrolizumab | 2021-03-01
        p4      | XYZ-123       | 2019-02-01
        p4      | pembrolizumab | 2021-03-01
        p4      | XYZ-123       | 2021-04-01
        ---
        adtte
        patient | PARAMCD | AVAL | NEREASON
        p1      | OS      |      | partial date: drug_exposure.started_on
        p2      | OS      | 0    |
        p3      | OS      |      | uncoded: drug_exposure.agent
        p4      | OS      | 31   |
        """,
    "a death before time zero is no time": """
        follow_up
        contact_on | status | death_on
                   | dead   | 2021-02-28
        ---
        adtte
        PARAMCD | AVAL | CNSR | NEREASON
        OS      |      |      | before time zero: follow_up.death_on
        PFSEMA  |      |      | before time zero: follow_up.death_on
        """,
}  # fmt: skip


def _rows(text: str) -> list[list[str]]:
    lines = [line.strip() for line in text.strip().splitlines()]
    return [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]


def _line_cases() -> dict[str, str]:
    return {
        f"line {stated!r}": f"treatment_line\nline_stated | started_on\n{stated} | 2021-03-01\n---\n"
        f"cohort\nindex_on | line_group\n2021-03-01 | {group}"
        for stated, group in _rows(LINE_GROUP)
    }


def _partner_cases() -> dict[str, str]:
    cases = {}
    for drugs, group in _rows(PARTNER):
        given = [re.split(r" (?=20\d\d)", drug) for drug in drugs.split(" ; ")]
        table = "\n".join(" | ".join([*cells, ""][:3]) for cells in given)
        combined = "no" if group == "io_alone" else "yes" if group or "doxorubicin" in drugs else ""
        cases[f"given {drugs}"] = (
            f"drug_exposure\nagent | started_on | stopped_on\n{table}\n---\n"
            f"cohort\nregimen_group | is_combination\n{group} | {combined}"
        )
    return cases


def _histology_cases() -> dict[str, str]:
    return {
        f"diagnosis {words}": f"tumour\nhistology | metastatic_on\n{words} | 2021-01-01\n---\n"
        f"cohort\nhistology_group\n{group}"
        for words, group in _rows(HISTOLOGY)
    }


READINGS = {
    "central review counts before the expert's re-read, that before the local diagnosis; all are kept": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | tumour_sequence | histology | review  | diagnosed_on | metastatic_on | topography
        p1      | 1               | LMS       | local   | 2020-01-01   | 2021-01-01    | C49.2
        p1      | 1               | UPS       | central | 2020-06-01   |               |
        p1      | 1               | myxofibrosarcoma | expert  | 2020-03-01   |               |
        p2      | 1               | UPS       |         | 2020-01-01   | 2021-01-01    |
        p2      | 1               | LMS       | expert  |              |               |
        ---
        time_zero
        patient | entity_code | diagnosed_on | metastatic_on | topography_code
        p1      | UPS         | 2020-01-01   | 2021-01-01    | C49.2
        p2      | LMS         | 2020-01-01   | 2021-01-01    |

        histology_review
        patient | readings | review_code | entity_code | local_entity_code | expert_entity_code | central_entity_code | is_entity_changed | is_group_changed
        p1      | 3        | central     | UPS         | LMS               | MFS                | UPS                 | yes              | yes
        p2      | 2        | expert      | LMS         | UPS               | LMS                |                     | yes              | yes
        """,
    "a doubtful review leaves the tumour unresolved, an empty one gives way": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | tumour_sequence | histology | review  | metastatic_on
        p1      | 1               | UPS       | local   | 2021-01-01
        p1      | 1               | MFH       | central |
        p2      | 1               | UPS       | local   | 2021-01-01
        p2      | 1               |           | central |
        ---
        time_zero
        patient | entity_code | is_histology_resolved
        p1      |             | no
        p2      | UPS         | yes

        histology_review
        patient | readings | review_code | entity_code | is_group_changed
        p1      | 2        | central     |             |
        p2      | 1        | local       | UPS         |
        """,
    "rows without a number are one tumour where no two readings are alike, else each its own": """
        patient
        patient | sex
        p1      | F
        p2      | M

        tumour
        patient | histology | review  | metastatic_on
        p1      | LMS       | local   | 2021-01-01
        p1      | UPS       | central | 2021-01-01
        p2      | LMS       | local   | 2021-01-01
        p2      | synovial sarcoma | local   | 2021-01-01
        p2      | UPS       | central | 2021-01-01
        ---
        histology_review
        patient | tumour_number | entity_code
        p1      | 1             | UPS
        p2      | 1             | LMS
        p2      | 2             | SS
        p2      | 3             | UPS
        """,
    "the index tumour is chosen by the reading that counts": """
        tumour
        tumour_sequence | histology | review  | metastatic_on
        1               | UPS       | local   | 2021-01-01
        1               | carcinoma | central | 2021-01-01
        2               | LMS       | local   | 2021-01-01
        ---
        time_zero
        entity_code
        LMS
        """,
}  # fmt: skip


CASES = {
    **READINGS, **TIME_ZERO, **_line_cases(), **_partner_cases(), **_histology_cases(), **EXCLUSION, **END_POINTS, **NOT_EVALUABLE
}  # fmt: skip


@pytest.fixture(scope="module")
def mart(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Every case in one warehouse, its models run."""
    return mart_cases.warehouse_of(CASES, tmp_path_factory.mktemp("mart"))


@pytest.mark.parametrize("case", CASES)
def test_the_mart_says(case: str, mart: duckdb.DuckDBPyConnection) -> None:
    mart_cases.holds(mart, case, CASES[case])


def test_everyone_is_in_the_cohort_or_has_a_reason(mart: duckdb.DuckDBPyConnection) -> None:
    """And every member has every end point once, none negative, none with a value and a reason against it."""
    row = mart.execute(
        """
        select
            (select count(*) from core.patient),
            (select count(*) from mart.cohort) + (select count(*) from mart.exclusion),
            (select count(*) from mart.cohort) * (select count(*) from reference.end_point where PARAMCD <> 'DOR'),
            (select count(distinct (patient_id, PARAMCD)) from mart.adtte where PARAMCD <> 'DOR'),
            (select count(*) from mart.adtte where PARAMCD <> 'DOR'),
            (select count(*) from mart.adtte where AVAL < 0 or AVAL <> ADT - STARTDT
                or (AVAL is null) <> (NEREASON is not null) or (CNSR is null) <> (NEREASON is not null))
        """
    ).fetchone()
    assert row is not None
    patients, judged, due, distinct, made, odd = row
    assert (judged, distinct, made, odd) == (patients, due, due, 0)


FLOATS = re.compile(r"\b(sum|avg|mean|fsum|kahan_sum|favg|product|stddev\w*|var_\w+)\s*\(", re.IGNORECASE)
CLOCKS = re.compile(
    r"\b(now|today|current_date|current_timestamp|random|setseed|uuid|gen_random_uuid|hash|get_current_timestamp)\b\s*\(?",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", models.written_models())
def test_a_model_reads_no_clock_and_sums_no_floats(name: str) -> None:
    sql = re.sub(r"--[^\n]*", "", models.written_models()[name])
    assert FLOATS.findall(sql) == []
    assert CLOCKS.findall(sql) == []


@pytest.mark.parametrize("name", models.written_models())
def test_a_model_states_its_grain_first(name: str) -> None:
    assert models.written_models()[name].startswith("-- grain: one row per ")
