"""The plan carried out: every question asked of one refresh, the answers as frames by name."""

from __future__ import annotations

from analytics.plan import Plan
from analytics.survival.analyses import comparisons, follow_up, overall, population, targets
from analytics.survival.contracts import Results
from analytics.survival.outcome import Frames
from analytics.survival.summary import gather


def run_plan(frames: Frames, plan: Plan) -> Results:
    """Results by name, each to be written as `results/<name>.parquet`; equal input gives equal output.

    attrition, group_sizes, endings, estimates, landmarks, curves, at_risk, members, tests, hazard_ratios,
    follow_up, targets. Durations in days, months = days / 30.4375; n and events stand in every estimate.
    """
    questions = (overall, comparisons, follow_up, population)
    answers = gather(question.run(frames.cohort, frames.adtte, plan) for question in questions)
    answers["attrition"] = population.attrition(frames.cohort, frames.exclusion, frames.criterion, plan)
    return answers | targets.run(answers, plan)
