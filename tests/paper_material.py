"""The paper pack's material from a synthetic mart: no patient stands behind a row."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import survival_mart

from analytics.locale.catalogue import LANGUAGES
from analytics.paper.material import Material
from analytics.plan import Plan, load_plan
from analytics.survival.contracts import Results
from analytics.survival.outcome import TABLES, Frames
from analytics.survival.run import run_plan

PLAN = load_plan(Path(__file__).parents[1] / "examples" / "three-centres" / "plans" / "founding_study.yaml")


@cache
def tables(n: int = 79) -> dict[str, pl.DataFrame]:
    """Every table the pack reads."""
    frames = survival_mart.frames(n)
    draw = np.random.default_rng(3)
    cohort = frames.cohort.with_columns(
        line_min="line",
        line_max="line",
        index_agent_code=pl.Series(draw.choice(["sintilimab", "toripalimab"], n)),
    )
    ids = cohort["patient_id"].to_list()
    exposure = pl.DataFrame(
        {
            "patient_id": [*ids, *ids[::2]],
            "agent_code": ["sintilimab"] * n + ["anlotinib"] * len(ids[::2]),
            "class_code": ["PD-1"] * n + ["TKI"] * len(ids[::2]),
            "component_code": ["immunotherapy"] * n + ["antiangiogenic"] * len(ids[::2]),
            "is_checkpoint_inhibitor": [True] * n + [False] * len(ids[::2]),
            "is_at_time_zero": True,
            "start_day": 0,
            "stop_day": 90,
        }
    )
    events = pl.DataFrame(
        {
            "patient_id": [ids[0], ids[0], ids[0], ids[1], ids[1], ids[2], ids[3], ids[4]],
            "term_code": ["Fever", "Fever", "Pruritus", "Fever", None, "Fever", "Fever", "Fever"],
            "grade": [1, 3, 2, 2, 1, None, 5, 4],
            "ctcae_version": ["5.0", None, None, None, None, None, None, None],
            "is_after_time_zero": [True, True, True, True, True, True, False, None],
            "is_immune_related": [False, True, True, None, False, False, True, True],
        }
    )
    best = pl.DataFrame(
        {
            "patient_id": ids * 2,
            "criteria_code": ["RECIST 1.1"] * n + ["iRECIST"] * n,
            "best_code": [["CR", "PR", "SD", "PD", "NE", None][i % 6] for i in range(n)] + [None] * n,
            "confirmed_code": [["PR", "SD", "SD", "PD", "NE", None][i % 6] for i in range(n)] + [None] * n,
        },
        schema_overrides={"best_code": pl.String, "confirmed_code": pl.String},
    )
    frames = Frames(**{f.name: getattr(frames, f.name) for f in fields(frames)} | {"cohort": cohort})
    named = {table: getattr(frames, field) for field, table in TABLES.items() if getattr(frames, field) is not None}
    return named | {
        "mart.exposure": exposure,
        "mart.adverse_event": events,
        "mart.best_response": best,
        "meta.centre": pl.DataFrame({"centre": ["hx01", "hx02", "hx03"], "cut_off_on": ["2024-06-30"] * 3}),
        "quality.finding": pl.DataFrame({"rule": ["sex_missing"]}),
        "quality.check_result": pl.DataFrame(
            {
                "rule": ["sex_missing", "sex_missing", "clean", "silent"],
                "centre": ["hx01", "hx02", "hx01", "hx01"],
                "judged": [10, 20, 30, 0],
                "faults": [1, 2, 0, 0],
            }
        ),
        "reference.rule": pl.DataFrame(
            {
                "rule": ["sex_missing"],
                "sentence_en": ["=The sex is missing."],
                "sentence_zh": ["性别缺失。"],
                "severity": ["error"],
                "action": ["query"],
            }
        ),
        "reference.code": pl.DataFrame(
            {
                "list": ["adverse_event", "drug"],
                "code": ["Fever", "anlotinib"],
                "label_en": ["Fever", "anlotinib"],
                "label_zh": ["发热", "安罗替尼"],
            }
        ),
        "reference.term_map": pl.DataFrame(
            {
                "list": ["sex"] * 4,
                "list_version": ["1.0.0"] * 4,
                "code": ["F", "M", None, None],
                "rule": ["exact_term", "centre_map", "exact_term", "ignored"],
                "needs_query": [False, False, True, False],
            }
        ),
    }


@cache
def _results(shuffled: bool, written: str) -> tuple[dict[str, pl.DataFrame], Results]:
    """Tables, and the results of a plan, which is given as JSON."""
    given = tables()
    if shuffled:
        given = {name: frame.sample(fraction=1, shuffle=True, seed=5) for name, frame in given.items()}
    return given, run_plan(Frames.of(given), Plan.model_validate_json(written))


def material(lang: str = "en", *, plan: Plan = PLAN, shuffled: bool = False) -> Material:
    """Material of a language; shuffled: the same rows in another order. Another plan has its own results."""
    given, results = _results(shuffled, plan.model_dump_json(by_alias=True))
    return Material(given, plan, results, {"lock": "x", "centres": {}}, lang)


def both(**given: object) -> dict[str, Material]:
    """Material of every language."""
    return {lang: material(lang, **given) for lang in LANGUAGES}  # type: ignore[arg-type]
