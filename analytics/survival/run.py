"""The plan carried out: every question asked of one refresh, the answers as frames by name."""

from __future__ import annotations

from analytics.plan import Plan
from analytics.survival.analyses import (
    adjusted,
    centres,
    comparisons,
    doubt,
    follow_up,
    otherwise,
    overall,
    population,
    regression,
    sensitivity,
    subgroups,
    targets,
)
from analytics.survival.contracts import Results, shaped
from analytics.survival.outcome import Frames
from analytics.survival.summary import gather


def run_plan(frames: Frames, plan: Plan) -> Results:
    """Results by name, each to be written as `results/<name>.parquet`; equal input gives equal output.

    Their names and columns stand in contracts.py. Durations in days, months = days / 30.4375; n and events stand in
    every estimate.
    """
    questions = (overall, comparisons, follow_up, population, adjusted, regression, otherwise)
    answers = gather(question.run(frames.cohort, frames.adtte, plan) for question in questions)
    answers["attrition"] = population.attrition(frames.cohort, frames.exclusion, frames.criterion, plan)
    answers |= subgroups.run(frames.cohort, frames.adtte, plan) | centres.run(frames.cohort, frames.adtte, plan)
    answers |= sensitivity.run(frames.cohort, frames.adtte, plan, frames.exposure)
    answers["doubt"] = shaped("doubt")
    if plan.sensitivity.harmonisation_doubt and frames.doubtful is not None and frames.adtte_doubtful is not None:
        answers |= doubt.run(frames.cohort, frames.adtte, plan, frames.doubtful, frames.adtte_doubtful)
    return answers | targets.run(answers, plan)
