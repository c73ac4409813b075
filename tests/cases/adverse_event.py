"""Cases of the checks on adverse events; see rule_cases and warehouse/test_checks."""

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
    "small_list_unmapped": """
        adverse_event
        term      | outcome   | verdict
        diarrhoea | recovered | sound
        diarrhoea | qqq       | FAULT
        diarrhoea |           |
        """,
    "adverse_event_term_missing": """
        adverse_event
        term      | grade | verdict
        diarrhoea | 1     | sound
                  | 1     | FAULT
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
}  # fmt: skip
