"""Our estimates beside R's, kind of case by kind of case; every field is compared, one that nobody reads is an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import r_cases as r
import r_curves
import r_groups
import r_models

HANDLERS: dict[str, Callable[[r.Comparison, dict[str, Any], dict[str, Any], Path], None]] = {
    "km": r_curves.km_case,
    "km_left_truncated": r_curves.late_entry_case,
    "edge_km": r_curves.edge_km_case,
    "edge_logrank": r_curves.edge_logrank_case,
    "stratified_logrank": r_curves.stratified_case,
    "rmst2": r_curves.rmst_case,
    "cox": r_models.cox_case,
    "edge_cox": r_models.cox_case,
    "cox_predict": r_models.predict_case,
    "cox_firth": r_models.firth_case,
    "model_test": r_models.model_test_case,
    "competing_risks": r_groups.competing_case,
    "balance": r_groups.balance_case,
    "proportions": r_groups.proportions_case,
    "pooling": r_groups.pooling_case,
}


def compare(case: dict[str, Any], folder: Path) -> r.Comparison:
    """Run one case; the comparison says what was equal and what not."""
    result = r.Comparison()
    HANDLERS[case["kind"]](result, case["spec"], case["result"], folder)
    return result
