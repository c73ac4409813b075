"""Cases of the checks on the dates of a whole centre; see rule_cases and warehouse/test_checks."""

_ENTRY = """
        patient
        patient | born_on    | legal_basis | registered_on | times
        a       | 1960-05-01 | consent     | 2021-05-01    | {late}
        b       | 1960-05-01 | consent     | 2021-04-01    | {early}

        tumour
        patient | histology | diagnosed_on | metastatic_on | times
        a       | UPS       | 2020-01-10   | 2020-06-10    | {late}
        b       | UPS       | 2020-01-10   | 2020-06-10    | {early}

        drug_exposure
        patient | agent         | started_on | times
        a       | pembrolizumab | 2021-01-10 | {late}
        b       | pembrolizumab | 2021-01-10 | {early}

        follow_up
        patient | status | contact_on | times
        a       | alive  | 2024-05-01 | {late}
        b       | alive  | 2024-05-01 | {early}

        judged
        table   | field         | verdict
        patient | registered_on | {verdict}
        """
_TWO_GROUPS = """
        patient
        patient | born_on    | legal_basis | times
        a       | 1960-05-01 | consent     | 10
        b       | 1960-05-01 | consent     | 10

        tumour
        patient | histology      | diagnosed_on | metastatic_on | times
        a       | UPS            | 2020-01-10   | 2020-06-10    | 10
        b       | leiomyosarcoma | 2020-01-10   | 2020-06-10    | 10

        drug_exposure
        patient | agent         | started_on | times
        a       | pembrolizumab | 2021-01-10 | 10
        b       | pembrolizumab | 2021-01-10 | 10

        follow_up
        patient | status | contact_on | times
        a       | alive  | {last}     | 10
        b       | alive  | 2024-05-01 | 10

        judged
        table     | field      | verdict
        follow_up | contact_on | {verdict}
        """

CASES = {
    "censoring_unequal": _TWO_GROUPS.format(last="2022-01-10", verdict="FAULT"),
    "censoring_unequal 2": _TWO_GROUPS.format(last="2024-01-10", verdict="sound"),
    "delayed_entry": _ENTRY.format(late=5, early=5, verdict="FAULT"),
    "delayed_entry 2": _ENTRY.format(late=4, early=6, verdict="sound"),
    "column_constant": """
        tumour
        histology     | diagnosed_on | times | topography
        leiomyosarcoma | 2020-01-10  | 29    | thigh
        UPS           | 2020-01-10   | 1     | arm

        judged
        table | field | verdict
        tumour | histology | sound
        tumour | topography | sound
        tumour | diagnosed_on | FAULT
        """,
    "column_constant 2": """
        tumour
        histology      | diagnosed_on | times
        leiomyosarcoma | 2020-01-10   | 29
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
}  # fmt: skip
