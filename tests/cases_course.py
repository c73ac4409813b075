"""Cases of the checks on persons, lines, drugs, follow-up and whole centres; see rule_cases and warehouse/test_checks."""

CASES = {
    "drug_before_birth": """
        patient
        born_on
        1990-05-01

        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 1990-05-01 | sound
        pembrolizumab | 1990-04-30 | FAULT
        pembrolizumab |            |
        """,
    "birth_date_missing": """
        patient
        patient | born_on    | verdict
        p1      | 1990       | sound
        p2      |            | FAULT
        """,
    "diagnosis_date_missing": """
        tumour
        histology | diagnosed_on | verdict
        UPS       | 2021         | sound
        UPS       |              | FAULT
        """,
    "primary_site_missing": """
        tumour
        histology | topography | verdict
        UPS       | thigh      | sound
        UPS       |            | FAULT
        """,
    "assessment_date_missing": """
        response_assessment
        assessed_on | overall | verdict
        2021-03     | SD      | sound
                    | SD      | FAULT
        """,
    "drug_name_missing": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-01-01 | sound
                      | 2021-01-01 | FAULT
        """,
    "line_number_missing": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 | sound
                    | 2021-01-01 | FAULT
        """,
    "line_start_missing": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021       | sound
        一线        |            | FAULT
        """,
    "adverse_event_term_missing": """
        adverse_event
        term      | grade | verdict
        diarrhoea | 1     | sound
                  | 1     | FAULT
        """,
    "procedure_type_missing": """
        procedure
        type    | started_on | verdict
        surgery | 2021-01-01 | sound
                | 2021-01-01 | FAULT
        """,
    "legal_basis_missing": """
        patient
        patient | legal_basis | verdict
        p1      | consent     | sound
        p2      |             | FAULT
        """,
    "withdrawal_scope_missing": """
        patient
        patient | withdrawal_on | withdrawal_scope | verdict
        p1      | 2021-01-01    | erase            | sound
        p2      | 2021-01-01    |                  | FAULT
        p3      |               |                  |
        """,
    "withdrawal_date_missing": """
        patient
        patient | withdrawal_on | withdrawal_scope | verdict
        p1      | 2021-01-01    | erase            | sound
        p2      |               | erase            | FAULT
        p3      |               |                  |
        """,
    "withdrawal_before_registration": """
        patient
        patient | withdrawal_on | registered_on | verdict
        p1      | 2021-01-01    | 2021-01-01    | sound
        p2      | 2021-01-01    | 2021-01-02    | FAULT
        p3      |               | 2021-01-02    |
        """,
    "registered_before_birth": """
        patient
        patient | born_on    | registered_on | verdict
        p1      | 1990-01-01 | 2021-01-01    | sound
        p2      | 2021-01-02 | 2021-01-01    | FAULT
        p3      |            | 2021-01-01    |
        """,
    "born_on_diagnosis_day": """
        patient
        patient | born_on    | verdict
        p1      | 1990-01-01 | sound
        p2      | 2021-01-01 | FAULT
        p3      |            |

        tumour
        patient | diagnosed_on
        p1      | 2021-01-01
        p2      | 2021-01-01
        p3      | 2021-01-01
        """,
    "person_registered_twice": """
        patient
        patient | sex | born_on    | verdict
        p1      | F   | 1970-06-01 | FAULT
        p2      | F   | 1970-06-01 | FAULT
        p3      | F   | 1970-06-02 | sound
        p4      |     | 1970-06-01 |

        tumour
        patient | histology | diagnosed_on
        p1      | UPS       | 2021-01-01
        p2      | UPS       | 2021-01-01
        p3      | UPS       | 2021-01-01
        p4      | UPS       | 2021-01-01
        """,
    "contact_repeated": """
        follow_up
        contact_on | status | verdict
        2021-01-01 | alive  | sound
        2021-01-01 | alive  | FAULT
        2021-01-02 | alive  | sound
                   | alive  |
        """,
    "drug_repeated": """
        drug_exposure
        agent         | started_on | verdict
        pembrolizumab | 2021-01-01 | sound
        pembrolizumab | 2021-01-01 | FAULT
        pembrolizumab | 2021-06-01 | sound
        pembrolizumab |            |
        """,
    "line_repeated": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 | sound
        一线        | 2021-01-01 | FAULT
        二线        | 2021-06-01 | sound
        二线        |            |
        """,
    "drug_overlaps_itself": """
        drug_exposure
        agent         | started_on | stopped_on | verdict
        pembrolizumab | 2021-01-01 | 2021-03-01 |
        pembrolizumab | 2021-03-01 | 2021-06-01 | sound
        pembrolizumab | 2021-05-01 |            | FAULT
        nivolumab     | 2021-05-01 |            |
        """,
    "drug_given_too_long": """
        drug_exposure
        agent         | started_on | stopped_on | verdict
        pembrolizumab | 2015-01-01 | 2020-01-01 | sound
        pembrolizumab | 2015-01-01 | 2020-01-02 | FAULT
        pembrolizumab | 2015-01-01 |            |
        """,
    "drug_ongoing_with_stop": """
        drug_exposure
        agent         | stopped_on | is_ongoing | verdict
        pembrolizumab | 2020-01-01 | no         | sound
        pembrolizumab | 2020-01-01 | yes        | FAULT
        pembrolizumab |            | yes        |
        """,
    "drug_ongoing_with_reason": """
        drug_exposure
        agent         | stop_reason | is_ongoing | verdict
        pembrolizumab | toxicity    | no         | sound
        pembrolizumab | toxicity    | yes        | FAULT
        pembrolizumab |             | yes        |
        """,
    "drug_not_given_with_cycles": """
        drug_exposure
        agent         | cycles | is_administered | verdict
        pembrolizumab | 4      | yes             | sound
        pembrolizumab | 4      | no              | FAULT
        pembrolizumab |        | no              |
        """,
    "dose_without_unit": """
        drug_exposure
        agent         | dose | dose_unit | verdict
        pembrolizumab | 200  | mg        | sound
        pembrolizumab | 200  |           | FAULT
        pembrolizumab |      |           |
        """,
    "dose_out_of_range": """
        drug_exposure
        agent         | dose | dose_unit | verdict
        pembrolizumab | 2    | mg/kg     | sound
        pembrolizumab | 200  | mg/kg     | FAULT
        pembrolizumab | 200  |           |
        """,
    "cycles_exceed_days": """
        drug_exposure
        agent         | cycles | started_on | stopped_on | verdict
        pembrolizumab | 4      | 2021-01-01 | 2021-03-05 | sound
        pembrolizumab | 40     | 2021-01-01 | 2021-03-05 | FAULT
        pembrolizumab | 4      | 2021-01-01 |            |
        """,
    "line_order_conflict": """
        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-01-01 |
        三线        | 2021-03-01 | sound
        二线        | 2021-06-01 | FAULT
        qqq         | 2021-06-01 |
        """,
    "line_number_high": """
        treatment_line
        line_stated | verdict
        十线        | sound
        十二线      | FAULT
                    |
        """,
    "line_after_death": """
        follow_up
        death_on
        2021-03-05

        treatment_line
        line_stated | started_on | verdict
        一线        | 2021-03-05 | sound
        二线        | 2021-03-06 | FAULT
        三线        |            |
        """,
    "double_checkpoint_inhibitor": """
        drug_exposure
        patient | agent         | started_on | verdict
        p1      | pembrolizumab | 2021-01-01 | FAULT
        p1      | atezolizumab  | 2021-01-01 | FAULT
        p2      | pembrolizumab | 2021-01-01 | sound
        p2      | axitinib      | 2021-01-01 |
        """,
    "bedridden_patient_treated": """
        treatment_line
        ecog | verdict
        3    | sound
        4    | FAULT
             |
        """,
    "performance_status_of_another_time": """
        treatment_line
        started_on | ecog_on    | verdict
        2021-01-01 | 2021-03-02 | sound
        2021-01-01 | 2021-03-03 | FAULT
        2021-01-01 |            |
        """,
    "contact_before_birth": """
        patient
        born_on
        1990-05-01

        follow_up
        contact_on | status | verdict
        1990-05-01 | alive  | sound
        1990-04-30 | alive  | FAULT
                   | alive  |
        """,
    "death_before_birth": """
        patient
        born_on
        1990-05-01

        follow_up
        death_on   | status | verdict
        1990-05-01 | dead   | sound
        1990-04-30 | dead   | FAULT
        1990-04    | dead   | FAULT
        1990-05    | dead   | sound
                   | alive  |
        """,
    "death_before_treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01

        follow_up
        status | death_on   | verdict
        dead   | 2021-03-01 | sound
        dead   | 2021-02-28 | FAULT
        dead   |            |
        """,
    "lost_with_death_date": """
        follow_up
        status | death_on   | verdict
        lost   |            | sound
        lost   | 2021-03-05 | FAULT
        dead   | 2021-03-05 |
        """,
    "death_cause_without_death": """
        follow_up
        status | death_cause | verdict
        dead   | tumour      | sound
        alive  | tumour      | FAULT
        alive  |             |
        """,
    "death_cause_missing": """
        follow_up
        status | death_on   | death_cause | verdict
        dead   | 2021-03-05 | tumour      | sound
        dead   | 2021-03-05 |             | FAULT
        alive  |            |             |
        """,
    "births_heaped_on_new_year": """
        patient
        patient | born_on
        p1 | 1951-01-01
        p2 | 1952-01-01
        p3 | 1953-01-01
        p4 | 1954-01-01
        p5 | 1955-01-01
        p6 | 1956-01-01
        p7 | 1957-01-01
        p8 | 1958-01-01
        p9 | 1959-01-01
        p10 | 1960-01-01
        p11 | 1961-01-01
        p12 | 1962-01-01
        p13 | 1963-01-01
        p14 | 1964-01-01
        p15 | 1965-01-01
        p16 | 1966-01-01
        p17 | 1967-01-01
        p18 | 1968-01-01
        p19 | 1969-01-01
        p20 | 1970-01-01
        p21 | 1971-01-01
        p22 | 1972-01-01
        p23 | 1973-01-01
        p24 | 1974-01-01

        judged
        table | field | verdict
        patient | born_on | FAULT
        """,
    "births_heaped_on_new_year 2": """
        patient
        patient | born_on
        p1 | 1951-02-03
        p2 | 1952-03-04
        p3 | 1953-04-05
        p4 | 1954-05-06
        p5 | 1955-06-07
        p6 | 1956-07-08
        p7 | 1957-08-09
        p8 | 1958-09-10
        p9 | 1959-10-11
        p10 | 1960-11-12
        p11 | 1961-12-02
        p12 | 1962-01-03
        p13 | 1963-02-04
        p14 | 1964-03-05
        p15 | 1965-04-06
        p16 | 1966-05-07
        p17 | 1967-06-08
        p18 | 1968-07-09
        p19 | 1969-08-10
        p20 | 1970-09-11
        p21 | 1971-10-12
        p22 | 1972-11-02
        p23 | 1973-12-03
        p24 | 1974-01-04

        judged
        table | field | verdict
        patient | born_on | sound
        """,
    "doses_heaped_on_first_or_fifteenth": """
        drug_exposure
        agent | started_on
        pembrolizumab | 2011-02-15
        pembrolizumab | 2012-03-15
        pembrolizumab | 2013-04-15
        pembrolizumab | 2014-05-15
        pembrolizumab | 2015-06-15
        pembrolizumab | 2016-07-15
        pembrolizumab | 2017-08-15
        pembrolizumab | 2018-09-15
        pembrolizumab | 2019-10-15
        pembrolizumab | 2010-11-15
        pembrolizumab | 2011-12-15
        pembrolizumab | 2012-01-15
        pembrolizumab | 2013-02-15
        pembrolizumab | 2014-03-15
        pembrolizumab | 2015-04-15
        pembrolizumab | 2016-05-15
        pembrolizumab | 2017-06-15
        pembrolizumab | 2018-07-15
        pembrolizumab | 2019-08-15
        pembrolizumab | 2010-09-15
        pembrolizumab | 2011-10-15
        pembrolizumab | 2012-11-15
        pembrolizumab | 2013-12-15
        pembrolizumab | 2014-01-15
        pembrolizumab | 2015-02-15
        pembrolizumab | 2016-03-15
        pembrolizumab | 2017-04-15
        pembrolizumab | 2018-05-15
        pembrolizumab | 2019-06-15
        pembrolizumab | 2010-07-15
        pembrolizumab | 2011-08-15
        pembrolizumab | 2012-09-15
        pembrolizumab | 2013-10-15

        judged
        table | field | verdict
        drug_exposure | started_on | FAULT
        """,
    "doses_heaped_on_first_or_fifteenth 2": """
        drug_exposure
        agent | started_on
        pembrolizumab | 2011-02-03
        pembrolizumab | 2012-03-04
        pembrolizumab | 2013-04-05
        pembrolizumab | 2014-05-06
        pembrolizumab | 2015-06-07
        pembrolizumab | 2016-07-08
        pembrolizumab | 2017-08-09
        pembrolizumab | 2018-09-10
        pembrolizumab | 2019-10-11
        pembrolizumab | 2010-11-12
        pembrolizumab | 2011-12-02
        pembrolizumab | 2012-01-03
        pembrolizumab | 2013-02-04
        pembrolizumab | 2014-03-05
        pembrolizumab | 2015-04-06
        pembrolizumab | 2016-05-07
        pembrolizumab | 2017-06-08
        pembrolizumab | 2018-07-09
        pembrolizumab | 2019-08-10
        pembrolizumab | 2010-09-11
        pembrolizumab | 2011-10-12
        pembrolizumab | 2012-11-02
        pembrolizumab | 2013-12-03
        pembrolizumab | 2014-01-04
        pembrolizumab | 2015-02-05
        pembrolizumab | 2016-03-06
        pembrolizumab | 2017-04-07
        pembrolizumab | 2018-05-08
        pembrolizumab | 2019-06-09
        pembrolizumab | 2010-07-10
        pembrolizumab | 2011-08-11
        pembrolizumab | 2012-09-12
        pembrolizumab | 2013-10-02

        judged
        table | field | verdict
        drug_exposure | started_on | sound
        """,
    "sizes_perhaps_all_in_cm": """
        tumour
        size_mm
        4
        5
        6
        7
        8
        9
        10
        11
        3
        4
        5
        6
        7
        8
        9
        10
        11
        3
        4
        5
        6
        7
        8

        judged
        table | field | verdict
        tumour | size_mm | FAULT
        """,
    "sizes_perhaps_all_in_cm 2": """
        tumour
        size_mm
        31
        32
        33
        34
        35
        36
        37
        38
        39
        40
        41
        42
        43
        44
        45
        46
        47
        48
        49
        50
        51
        52
        53

        judged
        table | field | verdict
        tumour | size_mm | sound
        """,
    "last_contacts_on_one_day": """
        follow_up
        patient | contact_on | status
        p1 | 2024-06-30 | alive
        p2 | 2024-06-30 | alive
        p3 | 2024-06-30 | alive
        p4 | 2024-06-30 | alive
        p5 | 2024-06-30 | alive
        p6 | 2024-06-30 | alive
        p7 | 2024-06-30 | alive
        p8 | 2024-06-30 | alive
        p9 | 2024-06-30 | alive
        p10 | 2024-06-30 | alive
        p11 | 2024-06-30 | alive
        p12 | 2024-06-30 | alive
        p13 | 2024-06-30 | alive
        p14 | 2024-06-30 | alive
        p15 | 2024-06-30 | alive
        p16 | 2024-06-30 | alive
        p17 | 2024-06-30 | alive
        p18 | 2024-06-30 | alive
        p19 | 2024-06-30 | alive
        p20 | 2024-06-30 | alive
        p21 | 2024-06-30 | alive
        p22 | 2024-06-30 | alive
        p23 | 2024-06-30 | alive

        judged
        table | field | verdict
        follow_up | contact_on | FAULT
        """,
    "last_contacts_on_one_day 2": """
        follow_up
        patient | contact_on | status
        p1 | 2024-02-02 | alive
        p2 | 2024-03-03 | alive
        p3 | 2024-04-04 | alive
        p4 | 2024-05-05 | alive
        p5 | 2024-06-06 | alive
        p6 | 2024-01-07 | alive
        p7 | 2024-02-08 | alive
        p8 | 2024-03-09 | alive
        p9 | 2024-04-10 | alive
        p10 | 2024-05-11 | alive
        p11 | 2024-06-12 | alive
        p12 | 2024-01-13 | alive
        p13 | 2024-02-14 | alive
        p14 | 2024-03-15 | alive
        p15 | 2024-04-16 | alive
        p16 | 2024-05-17 | alive
        p17 | 2024-06-18 | alive
        p18 | 2024-01-19 | alive
        p19 | 2024-02-20 | alive
        p20 | 2024-03-21 | alive
        p21 | 2024-04-22 | alive
        p22 | 2024-05-23 | alive
        p23 | 2024-06-24 | alive

        judged
        table | field | verdict
        follow_up | contact_on | sound
        """,
    "imaging_on_weekends": """
        response_assessment
        assessed_on | overall
        2021-01-02 | SD
        2021-02-06 | SD
        2021-03-06 | SD
        2021-04-03 | SD
        2021-05-01 | SD
        2021-06-05 | SD
        2021-07-03 | SD
        2021-08-07 | SD
        2021-09-04 | SD
        2021-10-02 | SD
        2021-11-06 | SD
        2021-12-04 | SD
        2021-01-09 | SD
        2021-02-13 | SD
        2021-03-13 | SD
        2021-04-10 | SD
        2021-05-08 | SD
        2021-06-12 | SD
        2021-07-10 | SD
        2021-08-14 | SD
        2021-09-11 | SD
        2021-10-09 | SD
        2021-11-13 | SD
        2021-12-11 | SD
        2021-01-16 | SD
        2021-02-20 | SD
        2021-03-20 | SD
        2021-04-17 | SD
        2021-05-15 | SD
        2021-06-19 | SD
        2021-07-17 | SD
        2021-08-21 | SD
        2021-09-18 | SD
        2021-10-16 | SD
        2021-11-20 | SD
        2021-12-18 | SD

        judged
        table | field | verdict
        response_assessment | assessed_on | FAULT
        """,
    "imaging_on_weekends 2": """
        response_assessment
        assessed_on | overall
        2021-01-05 | SD
        2021-02-02 | SD
        2021-03-02 | SD
        2021-04-06 | SD
        2021-05-04 | SD
        2021-06-01 | SD
        2021-07-06 | SD
        2021-08-03 | SD
        2021-09-07 | SD
        2021-10-05 | SD
        2021-11-02 | SD
        2021-12-07 | SD
        2021-01-12 | SD
        2021-02-09 | SD
        2021-03-09 | SD
        2021-04-13 | SD
        2021-05-11 | SD
        2021-06-08 | SD
        2021-07-13 | SD
        2021-08-10 | SD
        2021-09-14 | SD
        2021-10-12 | SD
        2021-11-09 | SD
        2021-12-14 | SD
        2021-01-19 | SD
        2021-02-16 | SD
        2021-03-16 | SD
        2021-04-20 | SD
        2021-05-18 | SD
        2021-06-15 | SD
        2021-07-20 | SD
        2021-08-17 | SD
        2021-09-21 | SD
        2021-10-19 | SD
        2021-11-16 | SD
        2021-12-21 | SD

        judged
        table | field | verdict
        response_assessment | assessed_on | sound
        """,
    "sex_constant": """
        patient
        patient | sex
        p1 | F
        p2 | F
        p3 | F
        p4 | F
        p5 | F
        p6 | F
        p7 | F
        p8 | F
        p9 | F
        p10 | F
        p11 | F
        p12 | F
        p13 | F
        p14 | F
        p15 | F
        p16 | F
        p17 | F
        p18 | F
        p19 | F
        p20 | F
        p21 | F
        p22 | F
        p23 | F

        judged
        table | field | verdict
        patient | sex | FAULT
        """,
    "sex_constant 2": """
        patient
        patient | sex
        p1 | M
        p2 | F
        p3 | M
        p4 | F
        p5 | M
        p6 | F
        p7 | M
        p8 | F
        p9 | M
        p10 | F
        p11 | M
        p12 | F
        p13 | M
        p14 | F
        p15 | M
        p16 | F
        p17 | M
        p18 | F
        p19 | M
        p20 | F
        p21 | M
        p22 | F
        p23 | M

        judged
        table | field | verdict
        patient | sex | sound
        """,
    "response_constant": """
        response_assessment
        assessed_on | overall
        2021-01-02 | SD
        2021-01-03 | SD
        2021-01-04 | SD
        2021-01-05 | SD
        2021-01-06 | SD
        2021-01-07 | SD
        2021-01-08 | SD
        2021-01-09 | SD
        2021-01-10 | SD
        2021-01-11 | SD
        2021-01-12 | SD
        2021-01-13 | SD
        2021-01-14 | SD
        2021-01-15 | SD
        2021-01-16 | SD
        2021-01-17 | SD
        2021-01-18 | SD
        2021-01-19 | SD
        2021-01-20 | SD
        2021-01-21 | SD
        2021-01-22 | SD
        2021-01-23 | SD
        2021-01-24 | SD
        2021-01-25 | SD
        2021-01-26 | SD
        2021-01-27 | SD
        2021-01-28 | SD
        2021-01-01 | SD
        2021-01-02 | SD
        2021-01-03 | SD
        2021-01-04 | SD
        2021-01-05 | SD
        2021-01-06 | SD

        judged
        table | field | verdict
        response_assessment | overall | FAULT
        """,
    "response_constant 2": """
        response_assessment
        assessed_on | overall
        2021-01-02 | PD
        2021-01-03 | SD
        2021-01-04 | PD
        2021-01-05 | SD
        2021-01-06 | PD
        2021-01-07 | SD
        2021-01-08 | PD
        2021-01-09 | SD
        2021-01-10 | PD
        2021-01-11 | SD
        2021-01-12 | PD
        2021-01-13 | SD
        2021-01-14 | PD
        2021-01-15 | SD
        2021-01-16 | PD
        2021-01-17 | SD
        2021-01-18 | PD
        2021-01-19 | SD
        2021-01-20 | PD
        2021-01-21 | SD
        2021-01-22 | PD
        2021-01-23 | SD
        2021-01-24 | PD
        2021-01-25 | SD
        2021-01-26 | PD
        2021-01-27 | SD
        2021-01-28 | PD
        2021-01-01 | SD
        2021-01-02 | PD
        2021-01-03 | SD
        2021-01-04 | PD
        2021-01-05 | SD
        2021-01-06 | PD

        judged
        table | field | verdict
        response_assessment | overall | sound
        """,
    "no_death_at_centre": """
        follow_up
        patient | contact_on | status | death_on
        p1 | 2021-01-01 | alive |
        p2 | 2021-01-02 | alive |
        p3 | 2021-01-03 | alive |
        p4 | 2021-01-04 | alive |
        p5 | 2021-01-05 | alive |
        p6 | 2021-01-06 | alive |
        p7 | 2021-01-07 | alive |
        p8 | 2021-01-08 | alive |
        p9 | 2021-01-09 | alive |
        p10 | 2021-01-10 | alive |
        p11 | 2021-01-11 | alive |
        p12 | 2021-01-12 | alive |
        p13 | 2021-01-13 | alive |
        p14 | 2021-01-14 | alive |
        p15 | 2021-01-15 | alive |
        p16 | 2021-01-16 | alive |
        p17 | 2021-01-17 | alive |
        p18 | 2021-01-18 | alive |
        p19 | 2021-01-19 | alive |
        p20 | 2021-01-20 | alive |
        p21 | 2021-01-21 | alive |
        p22 | 2021-01-22 | alive |
        p23 | 2021-01-23 | alive |

        judged
        table | field | verdict
        follow_up | status | FAULT
        """,
    "no_death_at_centre 2": """
        follow_up
        patient | contact_on | status | death_on
        p1 | 2021-01-01 | dead | 2021-02-01
        p2 | 2021-01-02 | dead | 2021-02-01
        p3 | 2021-01-03 | alive |
        p4 | 2021-01-04 | alive |
        p5 | 2021-01-05 | alive |
        p6 | 2021-01-06 | alive |
        p7 | 2021-01-07 | alive |
        p8 | 2021-01-08 | alive |
        p9 | 2021-01-09 | alive |
        p10 | 2021-01-10 | alive |
        p11 | 2021-01-11 | alive |
        p12 | 2021-01-12 | alive |
        p13 | 2021-01-13 | alive |
        p14 | 2021-01-14 | alive |
        p15 | 2021-01-15 | alive |
        p16 | 2021-01-16 | alive |
        p17 | 2021-01-17 | alive |
        p18 | 2021-01-18 | alive |
        p19 | 2021-01-19 | alive |
        p20 | 2021-01-20 | alive |
        p21 | 2021-01-21 | alive |
        p22 | 2021-01-22 | alive |
        p23 | 2021-01-23 | alive |

        judged
        table | field | verdict
        follow_up | status | sound
        """,
}  # fmt: skip
