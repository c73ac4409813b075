"""Cases of the mart: the groups fixed at time zero; see mart_cases and warehouse/test_models."""

from __future__ import annotations

import re

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


CASES = {**_line_cases(), **_partner_cases(), **_histology_cases()}
