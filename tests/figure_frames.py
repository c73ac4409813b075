"""Frames to draw: seeded, with what makes a figure hard (long labels, wide intervals, nobody measured, capped bars)."""

from __future__ import annotations

import numpy as np
import polars as pl

WORDS = {
    "en": {
        "groups": ["ASPS", "Potentially sensitive entities", "Other entities"],
        "title": "Within the potentially sensitive: first or second line against later",
        "heads": ["Index line", "Regimen", "Centre"],
        "levels": [["First or second", "Third or later"], ["Immunotherapy alone", "With an antiangiogenic"], ["hn01"]],
        "reason": "not evaluable: too few",
        "sides": ("longer with ASPS", "shorter"),
        "steps": ["Delivered patients", "Not a soft tissue sarcoma entity (bone, GIST, Kaposi, benign, borderline)"],
        "reasons": ["Histology not resolved", "Not metastatic at time zero; unresectable only is a reason of its own"],
        "cohort": "Cohort",
        "windows": [
            "Metastatic disease on or before the first dose (14 days of tolerance)",
            "ECOG and laboratory values",
            "First administered dose of a qualifying checkpoint inhibitor",
            "Partners given in this window make a combination",
            "Follow-up until the event, last evidence of life, or the cut-off",
        ],
        "pooled": "Random effects, I² = 12%",
    },
    "zh": {
        "groups": ["腺泡状软组织肉瘤", "潜在敏感类型", "其他类型"],
        "title": "潜在敏感类型内：一、二线与后线",
        "heads": ["指标线数", "方案", "中心"],
        "levels": [["一、二线", "三线及以后"], ["单纯免疫治疗", "联合抗血管生成"], ["hn01"]],
        "reason": "无法评估：例数过少",
        "sides": ("腺泡状软组织肉瘤更长", "更短"),
        "steps": ["送达患者", "非软组织肉瘤"],
        "reasons": ["组织学未明确", "时间零点时无转移"],
        "cohort": "队列",
        "windows": ["首次给药前已转移", "体能状态", "首次给药", "此窗口内的联合用药", "随访至事件或截止日"],
        "pooled": "随机效应，I² = 12%",
    },
}


def forest_rows(lang: str) -> pl.DataFrame:
    w = WORDS[lang]
    draw = np.random.default_rng(3)
    rows: list[dict[str, object]] = [
        {"kind": "estimate", "label": w["groups"][1], "n": 79, "events": 51}
        | {"hazard_ratio": 0.48, "lower": 0.27, "upper": 0.85, "p_value": 0.011}
    ]
    for head, levels in zip(w["heads"], w["levels"], strict=True):
        rows.append({"kind": "heading", "label": head, "p_value": float(draw.uniform(0.0001, 0.9))})
        for level in levels:
            ratio = float(np.exp(draw.normal(-0.3, 0.6)))
            spread = float(np.exp(draw.uniform(0.3, 3.4)))
            rows.append(
                {"kind": "estimate", "label": level, "n": int(draw.integers(8, 40)), "events": 6}
                | {"hazard_ratio": ratio, "lower": ratio / spread, "upper": ratio * spread}
            )
    rows.append({"kind": "estimate", "label": "eu03", "n": 4, "events": 2, "reason": w["reason"]})
    rows.append({"kind": "range", "label": "[]", "hazard_ratio": 0.5, "lower": 0.4, "upper": 0.9})
    rows.append({"kind": "pooled", "label": w["pooled"], "hazard_ratio": 0.55, "lower": 0.35, "upper": 0.86})
    return pl.DataFrame(rows, infer_schema_length=None)


def swimmer_rows(lang: str, n: int = 79) -> pl.DataFrame:
    draw = np.random.default_rng(5)
    groups = np.sort(draw.integers(0, 3, n))
    length = draw.exponential(400, n) + 20
    order = np.lexsort((-length, groups))
    rows: list[dict[str, object]] = []
    for lane, i in enumerate(order):
        own = {"lane": lane, "group": WORDS[lang]["groups"][groups[i]]}
        end, dead = float(length[i]), draw.random() < 0.6
        rows.append(own | {"kind": "followed", "start_day": 0.0, "stop_day": end})
        rows.append(own | {"kind": "immunotherapy", "start_day": 0.0, "stop_day": end * draw.uniform(0.1, 0.9)})
        if draw.random() < 0.5:
            rows.append(own | {"kind": "antiangiogenic", "start_day": 0.0, "stop_day": end * draw.uniform(0.1, 0.8)})
        if draw.random() < 0.3:
            rows.append(own | {"kind": "cytotoxic", "start_day": end * 0.3, "stop_day": end * 0.5})
        if draw.random() < 0.1:
            rows.append(own | {"kind": "other", "start_day": end * 0.6, "stop_day": end * 0.7})
        if draw.random() < 0.3:
            rows.append(own | {"kind": "response", "start_day": end * 0.25})
        if draw.random() < 0.6:
            rows.append(own | {"kind": "progression", "start_day": end * 0.6})
        rows.append(own | {"kind": "death" if dead else "ongoing", "start_day": end})
    return pl.DataFrame(rows, infer_schema_length=None)


def waterfall_rows(lang: str, n: int = 60) -> pl.DataFrame:
    draw = np.random.default_rng(9)
    change = np.round(draw.normal(0, 45, n), 1).clip(-100, 240)
    change[:2] = 160, 131
    return pl.DataFrame(
        {
            "group": [WORDS[lang]["groups"][i] for i in np.sort(draw.integers(0, 3, n))],
            "change_percent": pl.Series(change).set(pl.Series(np.arange(n) % 20 == 7), None),
            "has_new_lesion": (draw.random(n) < 0.15) | (np.arange(n) == 1),
        }
    )


def attrition_rows(lang: str) -> pl.DataFrame:
    w = WORDS[lang]
    rows = [("reached", w["steps"][0], 126), ("excluded", w["steps"][1], 9)]
    rows += [("excluded", reason, n) for reason, n in zip(w["reasons"], (20, 17), strict=True)]
    rows += [("reached", w["cohort"], 79), *(("group", g, n) for g, n in zip(w["groups"], (30, 27, 22), strict=True))]
    return pl.DataFrame(rows, schema=["kind", "label", "n"], orient="row")


def design_rows(lang: str) -> pl.DataFrame:
    kinds = ("before", "before", "index", "grace", "follow")
    days = ((None, 14), (-28, 0), (0, 0), (0, 28), (0, None))
    return pl.DataFrame(
        {
            "kind": kinds,
            "label": WORDS[lang]["windows"],
            "start_day": [start for start, _ in days],
            "stop_day": [stop for _, stop in days],
        }
    )
