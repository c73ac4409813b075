"""The results of a plan, table by table: what `results/<name>.parquet` holds, also where nobody was evaluable.

Every row of an estimate is keyed by analysis ('overall', 'centre' or a comparison's id), endpoint (PARAMCD)
and level ('all' or a level's id). Days are ADT - STARTDT, months = days / 30.4375; null means not reached or
not evaluable, and then a reason stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

Results = dict[str, pl.DataFrame]

_TEXT, _COUNT, _NUMBER, _YES = pl.String, pl.Int64, pl.Float64, pl.Boolean

_KEY = {"analysis": _TEXT, "endpoint": _TEXT, "level": _TEXT}
_COUNTS = {"n": _COUNT, "events": _COUNT}
_MEDIAN = {f"median{limit}_{unit}": _NUMBER for unit in ("days", "months") for limit in ("", "_lower", "_upper")}
_SURVIVAL = {"survival": _NUMBER, "std_err": _NUMBER, "lower": _NUMBER, "upper": _NUMBER}
_RATIO = {
    **dict.fromkeys(("hazard_ratio", "lower", "upper", "coef", "std_err", "z", "p_value"), _NUMBER),
    "reason": _TEXT,
}

RESULTS: Mapping[str, Mapping[str, type[pl.DataType] | pl.DataType]] = {
    "attrition": {"step": _COUNT, "code": _TEXT, "n_excluded": _COUNT, "n_remaining": _COUNT, "n_all": _COUNT},
    "group_sizes": {"analysis": _TEXT, "level": _TEXT, "variable": _TEXT, "value": _TEXT, "n": _COUNT},
    "endings": {"endpoint": _TEXT, "ending": _TEXT, "reason": _TEXT, "n": _COUNT},
    "members": {"analysis": _TEXT, "n": _COUNT, "n_ungrouped": _COUNT},
    "estimates": {**_KEY, **_COUNTS, "n_not_evaluable": _COUNT, **_MEDIAN},
    "further": {**_KEY, **_COUNTS, "n_not_evaluable": _COUNT, **_MEDIAN},
    "landmarks": {
        **_KEY,
        "landmark_months": _NUMBER,
        "time_days": _NUMBER,
        "n_risk": _COUNT,
        **_SURVIVAL,
        "is_beyond_follow_up": _YES,
    },
    "curves": {
        **_KEY,
        "time_days": _NUMBER,
        "n_risk": _COUNT,
        "n_event": _COUNT,
        "n_censor": _COUNT,
        **_SURVIVAL,
        "cumulative_hazard": _NUMBER,
        "hazard_std_err": _NUMBER,
    },
    "at_risk": {
        **_KEY,
        "time_months": _COUNT,
        "time_days": _NUMBER,
        "n_at_risk": _COUNT,
        "n_censored": _COUNT,
        "n_events": _COUNT,
    },
    "follow_up": {**_KEY, **_COUNTS, "n_not_evaluable": _COUNT, "n_censored": _COUNT, **_MEDIAN},
    "tests": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "from_day": _COUNT,
        **_COUNTS,
        "events_before": _COUNT,
        "censored_before": _COUNT,
        "rule": _TEXT,
        "better": _TEXT,
        "chi_square": _NUMBER,
        "df": _COUNT,
        "log_rank_p": _NUMBER,
        "permutation_p": _NUMBER,
        "smallest_p": _NUMBER,
        "arrangements": _COUNT,
        "is_exact": _YES,
        "seed": _COUNT,
        "is_approximate": _YES,
        "p_method": _TEXT,
        "p_value": _NUMBER,
        "holm_p": _NUMBER,
        "reason": _TEXT,
    },
    "hazard_ratios": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "from_day": _COUNT,
        "level": _TEXT,
        "reference": _TEXT,
        **_COUNTS,
        **_RATIO,
    },
    "adjusted": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "model": _TEXT,
        "beside": pl.List(_TEXT),
        "level": _TEXT,
        "reference": _TEXT,
        **_COUNTS,
        "n_incomplete": _COUNT,
        "chi_square": _NUMBER,
        "df": _COUNT,
        "log_rank_p": _NUMBER,
        **_RATIO,
    },
    "restricted_means": {
        **_KEY,
        "tau_months": _NUMBER,
        **_COUNTS,
        "mean_days": _NUMBER,
        "std_err_days": _NUMBER,
        "lower_days": _NUMBER,
        "upper_days": _NUMBER,
        "reason": _TEXT,
    },
    "mean_differences": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "tau_months": _NUMBER,
        "level": _TEXT,
        "reference": _TEXT,
        "difference_days": _NUMBER,
        "lower_days": _NUMBER,
        "upper_days": _NUMBER,
        "p_value": _NUMBER,
        "reason": _TEXT,
    },
    "regression": {
        "endpoint": _TEXT,
        "model": _TEXT,
        "variable": _TEXT,
        "level": _TEXT,
        "reference": _TEXT,
        "per": _NUMBER,
        **_COUNTS,
        "n_incomplete": _COUNT,
        "estimator": _TEXT,
        **_RATIO,
    },
    "proportional_hazards": {
        "endpoint": _TEXT,
        "model": _TEXT,
        "term": _TEXT,
        **_COUNTS,
        "chi_square": _NUMBER,
        "df": _COUNT,
        "p_value": _NUMBER,
        "reason": _TEXT,
    },
    "time_ratios": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "level": _TEXT,
        "reference": _TEXT,
        "distribution": _TEXT,
        **_COUNTS,
        "n_left_out": _COUNT,
        "coef": _NUMBER,
        "std_err": _NUMBER,
        "time_ratio": _NUMBER,
        "lower": _NUMBER,
        "upper": _NUMBER,
        "z": _NUMBER,
        "p_value": _NUMBER,
        "reason": _TEXT,
    },
    "second_opinion": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "estimate": _TEXT,
        "term": _TEXT,
        **_COUNTS,
        "ours": _NUMBER,
        "lifelines": _NUMBER,
        "is_equal": _YES,
    },
    "subgroups": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "variable": _TEXT,
        "subgroup": _TEXT,
        **_COUNTS,
        "hazard_ratio": _NUMBER,
        "lower": _NUMBER,
        "upper": _NUMBER,
        "interaction_chi_square": _NUMBER,
        "interaction_df": _COUNT,
        "interaction_p": _NUMBER,
        "reason": _TEXT,
    },
    "centres": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "view": _TEXT,
        "centre": _TEXT,
        **_COUNTS,
        "hazard_ratio": _NUMBER,
        "lower": _NUMBER,
        "upper": _NUMBER,
        "p_value": _NUMBER,
        "share": _NUMBER,
        "prediction_lower": _NUMBER,
        "prediction_upper": _NUMBER,
        "tau2": _NUMBER,
        "i2": _NUMBER,
        "q": _NUMBER,
        "q_df": _COUNT,
        "q_p": _NUMBER,
        "reason": _TEXT,
    },
    "unequal_follow_up": {
        "analysis": _TEXT,
        "n": _COUNT,
        "n_censored": _COUNT,
        "chi_square": _NUMBER,
        "df": _COUNT,
        "p_value": _NUMBER,
        "reason": _TEXT,
    },
    "sensitivity": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "variant": _TEXT,
        "setting": _TEXT,
        "level": _TEXT,
        "reference": _TEXT,
        **_COUNTS,
        "hazard_ratio": _NUMBER,
        "lower": _NUMBER,
        "upper": _NUMBER,
        "rule": _TEXT,
        "p_method": _TEXT,
        "p_value": _NUMBER,
        "log_rank_p": _NUMBER,
        "reason": _TEXT,
    },
    "doubt": {
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "level": _TEXT,
        "reference": _TEXT,
        "n_doubtful": _COUNT,
        "codings": _COUNT,
        "possible": _NUMBER,
        "is_all": _YES,
        "seed": _COUNT,
        "n_min": _COUNT,
        "n_max": _COUNT,
        "hazard_ratio": _NUMBER,
        "hazard_ratio_min": _NUMBER,
        "hazard_ratio_max": _NUMBER,
        "p_value": _NUMBER,
        "p_min": _NUMBER,
        "p_max": _NUMBER,
        "n_not_evaluable": _COUNT,
        "reason": _TEXT,
    },
    "targets": {
        "quantity": _TEXT,
        "analysis": _TEXT,
        "endpoint": _TEXT,
        "target_value": _NUMBER,
        "tolerance": _NUMBER,
        "pipeline_value": _NUMBER,
        "target_better": _TEXT,
        "pipeline_better": _TEXT,
        "target_p": _TEXT,
        "target_p_min": _NUMBER,
        "target_p_max": _NUMBER,
        "pipeline_p": _NUMBER,
        "is_met": _YES,
    },
}
"""Name of a result -> its columns with their types."""

CHANGES: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "changes": {
        "quantity": _TEXT,
        **_KEY,
        "before": _NUMBER,
        "now": _NUMBER,
        "method_before": _TEXT,
        "method_now": _TEXT,
        "is_switch": _YES,
    },
    "accounts": {**_KEY, "of": _TEXT, "reason": _TEXT, "n": _COUNT},
}
"""The same of what two refreshes make together (see change.py); where there is no earlier one they are not there."""


def shaped(name: str, frame: pl.DataFrame | None = None) -> pl.DataFrame:
    """The frame (or an empty one) with exactly the columns of its contract, in their order; absent ones null.

    Raises ValueError for a column that the contract lacks: it would be lost in silence.
    """
    types = CHANGES[name] if name in CHANGES else RESULTS[name]
    given = pl.DataFrame() if frame is None else frame
    if extra := set(given.columns) - set(types):
        raise ValueError(f"result {name} has columns without a contract: {', '.join(sorted(extra))}")
    if not given.width:
        return pl.DataFrame(schema=dict(types))
    return given.select(
        (pl.col(column) if column in given.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in types.items()
    )
