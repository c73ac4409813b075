"""The methods of a plan as sentences: every number is the plan's, so that text and analysis cannot part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analytics.survival.wording import Wording


def sentences(w: Wording) -> list[str]:
    """What was done, in the order of a methods section."""
    return [*population(w), *endpoints(w), *estimation(w), *comparison(w), *doubts(w), w.text("methods.unadjusted")]


def population(w: Wording) -> list[str]:
    """Who is analysed, from when, and how groups were fixed."""
    return [w.text("methods.time_zero"), w.text("methods.window", days=w.plan.grace_window_days)]


def endpoints(w: Wording) -> list[str]:
    """What ends each observation."""
    said = []
    for endpoint in w.plan.endpoints:
        said.append(w.text("methods.endpoint", endpoint=w.endpoint(endpoint.param), event=w.event(endpoint.param)))
        said += [w.own(endpoint.note)] if endpoint.note else []
    return said


def estimation(w: Wording) -> list[str]:
    """Curves, landmarks, restricted means and follow-up."""
    landmarks, horizons = (
        listed(w, (f"{m:g}" for m in months)) for months in (w.plan.landmarks_months, w.plan.rmst_months)
    )
    limits = {"confidence": f"{100 * w.plan.confidence:g}", "conf_type": w.plan.conf_type}
    said = [w.text("methods.estimate", landmarks=landmarks, **limits)]
    if w.plan.rmst_months:
        said.append(w.text("methods.rmst", horizons=horizons))
    return [*said, w.text("methods.follow_up", endpoint=w.short(w.plan.follow_up))]


def comparison(w: Wording) -> list[str]:
    """Tests, strata, covariates and multiplicity."""
    plan, small = w.plan, w.plan.small_groups
    values: dict[str, Any] = {
        "group": small.descriptive.group,
        "events": small.descriptive.events,
        "least_group": small.no_p.group,
        "least_events": small.no_p.events,
        "draws": w.count(small.permutation_draws),
        "seed": small.seed,
    }
    said = [w.text("methods.compare", **values)]
    if plan.strata:
        strata = listed(w, (w.words.label("variable", column) for column in plan.strata))
        said.append(w.text("methods.strata", strata=strata))
    if plan.covariates or plan.multivariable:
        named = [w.own(v.label) or w.words.label("variable", v.column) for v in plan.together()]
        said.append(w.text("methods.covariates", covariates=listed(w, named)))
    if plan.multiplicity.method == "holm":
        said.append(w.text(f"methods.holm_{plan.multiplicity.family}"))
    return said


def doubts(w: Wording) -> list[str]:
    """What is computed again under another choice."""
    chosen = [w.text(f"methods.sensitivity.{name}") for name in w.plan.sensitivity.chosen()]
    return (
        [w.text("methods.sensitivity", analyses=listed(w, chosen, "; " if w.lang == "en" else "；"))] if chosen else []
    )


def listed(w: Wording, parts: Iterable[str], between: str | None = None) -> str:
    """`a, b, c`."""
    return (between or (", " if w.lang == "en" else "、")).join(parts)
