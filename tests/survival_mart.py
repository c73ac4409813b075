"""A small mart drawn from a seed, with the columns of its contracts: no patient stands behind a row."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from analytics.survival.outcome import Frames

CRITERIA = (
    ("not_soft_tissue_sarcoma", "Not a soft tissue sarcoma", "非软组织肉瘤"),
    ("histology_unresolved", "Histology not resolved", "组织学未明确"),
    ("not_metastatic", "Not metastatic at time zero", "时间零点时无转移"),
    ("no_qualifying_dose", "No qualifying dose", "无合格用药"),
    ("withdrawn", "Withdrew", "已撤回同意"),
)


def frames(n: int = 79, *, seed: int = 7, synthetic: bool = True) -> Frames:
    """A cohort of n whose outcome depends on histology, line and combination, as the founding study's does."""
    draw = np.random.default_rng(seed)
    ids = [f"hx{i % 3 + 1:02d}-{i:04d}" for i in range(n)]
    histology = draw.choice(["ASPS", "potentially sensitive", "other"], n, p=[0.4, 0.3, 0.3])
    early = draw.random(n) < 0.6
    combination = draw.random(n) < 0.7
    index_on = [date(2019, 1, 1) + timedelta(days=int(d)) for d in draw.integers(0, 1500, n)]
    cohort = pl.DataFrame(
        {
            "patient_id": ids,
            "centre": [i[:4] for i in ids],
            "index_on": index_on,
            "line": np.where(early, 2, 3),
            "line_group": [None if i == 5 else "<=2" if e else ">2" for i, e in enumerate(early)],
            "histology_group": histology,
            "regimen_group": np.where(combination, "io_antiangiogenic", "io_alone"),
            "is_combination": combination,
            "index_class_code": "PD-1",
            "line_start_to_io_days": [i % 12 for i in range(n)],
            "sex_code": draw.choice(["F", "M"], n),
            "age_years": draw.integers(16, 80, n),
            "ecog": draw.integers(0, 3, n),
        }
    )
    hazard = (
        np.where(histology == "ASPS", 0.45, np.where(histology == "other", 1.6, 1.0))
        * np.where(early, 0.7, 1.6)
        * np.where(combination, 0.8, 1.3)
    )
    progression = draw.exponential(260 / hazard)
    death = progression + draw.exponential(330 / hazard)
    followed = draw.uniform(150, 900, n)
    adtte = pl.concat([_endpoint("OS", cohort, death, followed), _endpoint("PFSEMA", cohort, progression, followed)])
    excluded = pl.DataFrame(
        {
            "patient_id": [f"hx01-x{i}" for i in range(21)],
            "centre": ["hx01"] * 21,
            "first_reason_code": [CRITERIA[i % 4][0] for i in range(21)],
            "all_reason_codes": [[CRITERIA[i % 4][0], *(["withdrawn"] if i % 5 == 0 else [])] for i in range(21)],
        }
    )
    criterion = pl.DataFrame(
        {
            "code": [c[0] for c in CRITERIA],
            "position": list(range(len(CRITERIA))),
            "sentence_en": [c[1] for c in CRITERIA],
            "sentence_zh": [c[2] for c in CRITERIA],
        }
    )
    refresh = pl.DataFrame(
        {
            "refresh_id": ["20241231-0001"],
            "as_of": [datetime(2024, 12, 31, 12, 0)],
            "title_en": ["A synthetic registry"],
            "title_zh": ["合成数据登记库"],
            "study_id": ["SYNTH"],
            "is_synthetic": [synthetic],
            "code_version": ["0.1.0 abcdef123456"],
        }
    )
    return Frames(cohort=cohort, adtte=adtte, exclusion=excluded, criterion=criterion, refresh=refresh)


def _endpoint(param: str, cohort: pl.DataFrame, event: np.ndarray, followed: np.ndarray) -> pl.DataFrame:
    days = np.ceil(np.minimum(event, followed)).astype(int)
    is_event = event <= followed
    reason = {"OS": "Death", "PFSEMA": "Progression"}[param]
    missing = np.arange(cohort.height) == 11
    return pl.DataFrame(
        {
            "STUDYID": "SYNTH",
            "USUBJID": cohort["patient_id"],
            "PARAMCD": param,
            "PARAM": param,
            "AVAL": pl.Series(days).set(pl.Series(missing), None),
            "AVALU": "DAYS",
            "CNSR": pl.Series(np.where(is_event, 0, 1)).set(pl.Series(missing), None),
            "EVNTDESC": [reason if e else "Alive" for e in is_event],
            "CNSDTDSC": [None if e else "Last known alive" for e in is_event],
            "STARTDT": cohort["index_on"],
            "NEREASON": ["date_impossible: follow_up.death_on" if m else None for m in missing],
            "patient_id": cohort["patient_id"],
            "centre": cohort["centre"],
        }
    )
