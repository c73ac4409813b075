"""End points: the settings of registry.yaml and, made from them, one row of rules per PARAMCD for the models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ProcedureType = Literal["surgery", "radiotherapy", "ablation", "embolisation"]
ALL_LOCAL: tuple[ProcedureType, ...] = ("surgery", "radiotherapy", "ablation", "embolisation")
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class EndPoints(BaseModel):
    """`endpoints` of registry.yaml; what each setting does is told with examples in docs/endpoints.md."""

    model_config = _FROZEN

    missed_assessments: int = Field(
        default=2,
        ge=1,
        description="PFSFDA: an event after so many missed assessments in a row does not count.",
    )
    visit_window_days: int = Field(
        default=7,
        ge=0,
        description="PFSFDA: days an assessment may be early or late before it counts as missed.",
    )
    unassessed_death_days: int = Field(
        default=126, ge=0,
        description="PFSFDA: last day a death without any assessment is an event (2 x 8 weeks + 2 weeks).",
    )  # fmt: skip
    local_new_therapy: tuple[ProcedureType, ...] = Field(
        default=ALL_LOCAL, description="PFSFDA: local treatments that count as new anticancer therapy."
    )
    local_next_treatment: tuple[ProcedureType, ...] = Field(
        default=(), description="TTNT: local treatments that count as the next treatment."
    )
    visit_gap_days: int = Field(
        default=180, ge=1, description="PFSRWD: nothing counts after a gap between visits longer than this."
    )
    death_window_days: int = Field(
        default=90, ge=0, description="PFSRWD: a death counts within so many days of the last visit."
    )
    confirm_progression_min_days: int = Field(
        default=28, ge=0, description="IPFS: a progression is confirmed by an assessment from this many days later …"
    )
    confirm_progression_max_days: int = Field(default=56, ge=0, description="IPFS: … up to this many days later.")
    next_treatment_death: Literal["event", "censored"] = Field(
        default="event", description="TTNT: what a death before the next treatment is."
    )
    rechallenge_gap_days: int = Field(
        default=120, ge=0, description="TTD: the same drug given again after a longer pause is another treatment."
    )
    response_needs_confirmation: bool = Field(
        default=False, description="DOR: whether only a confirmed response makes a responder."
    )
    confirm_response_days: int = Field(
        default=28, ge=0, description="A response is confirmed by one as good from this many days later."
    )
    confirm_response_skips: int = Field(
        default=1, ge=0, description="So many assessments not evaluable may lie between the two."
    )
    stable_disease_days: int = Field(
        default=42, ge=0, description="Stable disease is a best response only from this day after time zero."
    )
    discharge_death_days: int = Field(
        default=30, ge=0, description="OSDISCH: a discharge to die counts as a death so many days later."
    )
    impute_death_month: bool = Field(
        default=False,
        description="A death known by its month is put on the 15th (flag ADTF = D); else it is not evaluable.",
    )


def rule_rows(settings: EndPoints) -> list[dict[str, object]]:
    """Rows of reference.end_point: each PARAMCD with its family and the parameters that make its rule set."""
    local = list(settings.local_new_therapy)
    death = "counts as the event" if settings.next_treatment_death == "event" else "is censored"
    rows: list[dict[str, object]] = [
        {"PARAMCD": "OS", "PARAM": "Overall survival", "family": "survival"},
        {
            "PARAMCD": "OSDISCH",
            "PARAM": "Overall survival, a discharge to die counted as death",
            "family": "survival",
            "discharge_death_days": settings.discharge_death_days,
        },
        {"PARAMCD": "PFSEMA", "PARAM": "Progression-free survival, EMA rule set", "family": "progression"},
        {
            "PARAMCD": "PFSFDA",
            "PARAM": "Progression-free survival, FDA rule set",
            "family": "progression",
            "censors_at_new_therapy": True,
            "local_types": local,
            "missed_assessments": settings.missed_assessments,
            "visit_window_days": settings.visit_window_days,
            "unassessed_death_days": settings.unassessed_death_days,
        },
        {
            "PARAMCD": "PFSRWD",
            "PARAM": "Progression-free survival, real-world rule set",
            "family": "progression",
            "visit_gap_days": settings.visit_gap_days,
            "death_window_days": settings.death_window_days,
        },
        {
            "PARAMCD": "IPFS",
            "PARAM": "Progression-free survival, iRECIST",
            "family": "progression",
            "reads_irecist": True,
        },
        {
            "PARAMCD": "DOR",
            "PARAM": "Duration of response",
            "family": "progression",
            "starts_at_response": True,
        },
        {
            "PARAMCD": "TTNT",
            "PARAM": f"Time to next treatment; death before it {death}",
            "family": "treatment",
            "local_types": list(settings.local_next_treatment),
            "is_death_event": settings.next_treatment_death == "event",
        },
        {"PARAMCD": "TTD", "PARAM": "Time to discontinuation of the index inhibitor", "family": "treatment"},
    ]
    plain = {
        "starts_at_response": False,
        "reads_irecist": False,
        "censors_at_new_therapy": False,
        "local_types": [],
    }
    return [{**plain, **row, "position": position} for position, row in enumerate(rows, 1)]
