"""Cases of the checks on the values of a whole centre; see rule_cases and warehouse/test_checks."""

CASES = {
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
