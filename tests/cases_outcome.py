"""Cases of the checks on responses, adverse events and biomarkers; see rule_cases and warehouse/test_checks."""

CASES = {
    "stable_disease_despite_shrinkage": """
        treatment_line
        line_stated | started_on
        一线        | 2021-01-10

        response_assessment
        assessed_on | overall | target_sum_mm | has_new_lesion | verdict
        2021-01-05  |         | 100           |                |
        2021-03-10 | SD | 70 | | sound
        2021-04-10 | SD | 60 | | FAULT
        2021-05-10 | PR | 60 | |
        """,
    "complete_response_with_target": """
        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-03-10  | CR      | 9             | sound
        2021-03-11  | CR      | 20            | FAULT
        2021-03-12  | PR      | 20            |
        2021-03-13  | CR      |               |
        """,
    "new_lesion_without_progression": """
        response_assessment
        assessed_on | overall | has_new_lesion | verdict
        2021-03-10  | PD      | yes            | sound
        2021-03-11  | SD      | yes            | FAULT
        2021-03-12  | SD      | no             |
        """,
    "response_after_progression": """
        treatment_line
        line_stated | started_on
        一线        | 2021-01-10
        二线        | 2021-06-10

        response_assessment
        assessed_on | overall | criteria | verdict
        2021-03-10  | PD      |          | sound
        2021-04-10  | PR      |          | FAULT
        2021-04-11  | PR      | iRECIST  |
        2021-08-10  | PR      |          | sound
        """,
    "response_before_treatment": """
        drug_exposure
        agent         | started_on
        pembrolizumab | 2021-03-01

        response_assessment
        assessed_on | overall | verdict
        2021-03-01  | SD      | sound
        2021-02-28  | SD      | FAULT
        2021-02-28  | NE      |
        2021-02-28  |         |
        """,
    "response_criteria_conflict": """
        response_assessment
        assessed_on | overall | criteria   | verdict
        2021-03-10  | SD      | RECIST 1.1 | sound
        2021-03-11  | iUPD    | RECIST 1.1 | FAULT
        2021-03-12  | iUPD    | iRECIST    | sound
        2021-03-13  | SD      | iRECIST    |
        2021-03-14  | NE      | RECIST 1.1 |
        2021-03-15  | SD      |            |
        """,
    "target_sum_jumps_tenfold": """
        response_assessment
        assessed_on | target_sum_mm | verdict
        2021-01-10  | 90            |
        2021-03-10  | 70            | sound
        2021-05-10  | 7             | FAULT
        2021-07-10  | 0             |
        """,
    "assessments_of_one_day_differ": """
        response_assessment
        assessed_on | overall | assessor | verdict
        2021-01-10  | SD      |          | FAULT
        2021-01-10  | PD      |          | FAULT
        2021-03-10  | SD      | central  | sound
        2021-03-10  | PD      | investigator | sound
        2021-03-10  |         |          |
        """,
    "assessment_repeated": """
        response_assessment
        assessed_on | overall | target_sum_mm | verdict
        2021-01-10  | SD      | 80            | sound
        2021-01-10  | SD      | 80            | FAULT
        2021-01-10  | SD      | 81            | sound
                    | SD      | 80            |
        """,
    "confirmed_without_second_assessment": """
        response_assessment
        patient | assessed_on | overall | is_confirmed | verdict
        p1      | 2021-01-10  | PR      | yes          | sound
        p1      | 2021-02-07  | PR      |              |
        p2      | 2021-01-10  | PR      | yes          | FAULT
        p2      | 2021-02-06  | PR      |              |
        p3      | 2021-01-10  | SD      | yes          |
        """,
    "assessment_before_birth": """
        patient
        born_on
        1990-05-01

        response_assessment
        assessed_on | verdict
        1990-05-01  | sound
        1990-04-30  | FAULT
                    |
        """,
    "progression_after_last_news": """
        follow_up
        contact_on | status
        2021-05-01 | alive

        response_assessment
        assessed_on | overall | verdict
        2021-05-01  | PD      | sound
        2021-05-02  | PD      | FAULT
        2021-05-02  | SD      |
                    | PD      |
        """,
    "grade_five_without_death": """
        follow_up
        patient | status
        p1      | dead
        p2      | alive

        adverse_event
        patient | term      | grade | verdict
        p1      | diarrhoea | 5     | sound
        p2      | diarrhoea | 5     | FAULT
        p2      | diarrhoea | 4     |
        """,
    "fatal_outcome_below_grade_five": """
        adverse_event
        term      | grade | outcome   | verdict
        diarrhoea | 5     | fatal     | sound
        diarrhoea | 3     | fatal     | FAULT
        diarrhoea | 3     | recovered |
        diarrhoea |       | fatal     |
        """,
    "grade_five_not_fatal": """
        adverse_event
        term      | grade | outcome   | verdict
        diarrhoea | 5     | fatal     | sound
        diarrhoea | 5     | recovered | FAULT
        diarrhoea | 3     | recovered |
        diarrhoea | 5     |           |
        """,
    "severe_event_not_serious": """
        adverse_event
        term      | grade | is_serious | verdict
        diarrhoea | 4     | yes        | sound
        diarrhoea | 4     | no         | FAULT
        diarrhoea | 3     | no         |
        diarrhoea | 4     |            |
        """,
    "mild_event_serious": """
        adverse_event
        term      | grade | is_serious | verdict
        diarrhoea | 1     | no         | sound
        diarrhoea | 1     | yes        | FAULT
        diarrhoea | 2     | yes        |
        """,
    "immune_event_without_inhibitor": """
        drug_exposure
        patient | agent         | started_on
        p1      | pembrolizumab | 2021-03-01
        p2      | doxorubicin   | 2021-03-01

        adverse_event
        patient | term      | is_immune_related | verdict
        p1      | diarrhoea | yes               | sound
        p2      | diarrhoea | yes               | FAULT
        p2      | diarrhoea | no                |
        p3      | diarrhoea | yes               |
        """,
    "immune_event_before_inhibitor": """
        drug_exposure
        agent         | started_on
        doxorubicin   | 2021-01-01
        pembrolizumab | 2021-03-01

        adverse_event
        term      | is_immune_related | started_on | verdict
        diarrhoea | yes               | 2021-03-01 | sound
        diarrhoea | yes               | 2021-02-01 | FAULT
        diarrhoea | no                | 2021-02-01 |
        """,
    "adverse_event_stop_before_start": """
        adverse_event
        term      | started_on | stopped_on | verdict
        diarrhoea | 2021-03-01 | 2021-03-01 | sound
        diarrhoea | 2021-03-01 | 2021-02-28 | FAULT
        diarrhoea | 2021-03-01 |            |
        """,
    "adverse_event_after_death": """
        follow_up
        death_on
        2021-03-05

        adverse_event
        term      | started_on | verdict
        diarrhoea | 2021-03-05 | sound
        diarrhoea | 2021-03-06 | FAULT
        diarrhoea |            |
        """,
    "adverse_event_unresolved_with_end": """
        adverse_event
        term      | outcome       | stopped_on | verdict
        diarrhoea | recovered     | 2021-03-01 | sound
        diarrhoea | not recovered | 2021-03-01 | FAULT
        diarrhoea | not recovered |            |
        """,
    "adverse_event_repeated": """
        adverse_event
        term      | started_on | verdict
        diarrhoea | 2021-03-01 | sound
        diarrhoea | 2021-03-01 | FAULT
        diarrhoea | 2021-04-01 | sound
        diarrhoea |            |
        """,
    "severe_immune_event_without_steroid": """
        adverse_event
        term      | grade | is_immune_related | has_steroid | verdict
        diarrhoea | 3     | yes               | yes         | sound
        diarrhoea | 3     | yes               | no          | FAULT
        diarrhoea | 2     | yes               | no          |
        hypothyroidism | 3 | yes              | no          |
        """,
    "attributed_agent_never_given": """
        drug_exposure
        patient | agent
        p1      | pembrolizumab
        p2      | qqq

        adverse_event
        patient | term      | attributed_agent | verdict
        p1      | diarrhoea | pembrolizumab    | sound
        p1      | diarrhoea | doxorubicin      | FAULT
        p1      | diarrhoea | PD-1             |
        p2      | diarrhoea | doxorubicin      |
        """,
    "alopecia_above_grade_two": """
        adverse_event
        term     | grade | verdict
        alopecia | 2     | sound
        alopecia | 3     | FAULT
        alopecia |       |
        """,
    "pd_l1_out_of_range": """
        biomarker
        name  | value_number | verdict
        PD-L1 | 50           | sound
        PD-L1 | 101          | FAULT
        PD-L1 |              |
        """,
    "percentage_out_of_range": """
        biomarker
        name  | value_number | verdict
        Ki-67 | 30           | sound
        Ki-67 | 300          | FAULT
        Ki-67 |              |
        """,
    "laboratory_value_out_of_range": """
        biomarker
        name        | value_number | unit | verdict
        haemoglobin | 130          | g/L  | sound
        haemoglobin | 13           | g/L  | FAULT
        haemoglobin | 13           | g/dL | sound
        haemoglobin | 13           |      |
        """,
    "laboratory_value_without_unit": """
        biomarker
        name        | value_number | unit | verdict
        haemoglobin | 130          | g/L  | sound
        haemoglobin | 130          |      | FAULT
        haemoglobin |              |      |
        """,
    "biomarker_without_result": """
        biomarker
        name  | value_text | verdict
        PD-L1 | negative   | sound
        PD-L1 |            | FAULT
              | negative   |
        """,
    "biomarkers_of_one_day_differ": """
        biomarker
        name  | value_number | specimen_on | assay | verdict
        PD-L1 | 10           | 2021-01-01  |       | FAULT
        PD-L1 | 50           | 2021-01-01  |       | FAULT
        PD-L1 | 10           | 2021-01-01  | 22C3  | sound
        PD-L1 | 10           |             |       |
        """,
    "biomarker_histology_conflict": """
        tumour
        patient | histology
        p1      | ASPS
        p2      | UPS

        biomarker
        patient | name | value_text | verdict
        p1      | TFE3 | positive   | sound
        p1      | TFE3 | negative   | FAULT
        p1      | TFE3 |            |
        p2      | TFE3 | negative   |
        """,
}  # fmt: skip
