"""The page says what moved since the refresh before, in both languages, and nothing where there is no earlier one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import survival_mart

from analytics.plan import Plan, load_plan
from analytics.survival import change
from analytics.survival.moved import tables
from analytics.survival.report import survival_report
from analytics.survival.run import run_plan
from analytics.survival.wording import Wording

ROOT = Path(__file__).parents[2]
FULL = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
PLAN = Plan.model_validate(FULL.model_dump() | {"sensitivity": {}, "subgroups": []})


def test_the_page_tells_what_moved_and_why(tmp_path: Path) -> None:
    before = survival_mart.frames()
    out = before.cohort.head(1).select(
        "patient_id", "centre", first_reason_code=pl.lit("withdrawn"), all_reason_codes=pl.lit(["withdrawn"])
    )
    os = (pl.col("PARAMCD") == "OS") & (pl.col("CNSR") == 1)
    now = replace(
        before,
        cohort=before.cohort.tail(-1),
        exclusion=pl.concat([before.exclusion, out]),
        adtte=before.adtte.with_columns(AVAL=pl.when(os).then(pl.col("AVAL") + 30).otherwise("AVAL")),
    )
    was, is_ = run_plan(before, PLAN), run_plan(now, PLAN)
    moved = change.run(before, now, was, is_, PLAN)
    for lang, said in (
        ("en", ["−1 now excluded: ", "followed longer", "20240101-0001"]),
        ("zh", ["−1 现被排除：", "随访延长"]),
    ):
        page = survival_report(is_, now, PLAN, lang, tmp_path, moved=moved, since="20240101-0001").read_text("utf-8")
        assert 'id="moved-numbers"' in page and 'href="#moved"' in page
        assert all(text in page for text in said)
        alone = survival_report(is_, now, PLAN, lang, tmp_path).read_text("utf-8")
        assert 'id="moved' not in alone
    rows = tables(moved, Wording("en", PLAN))[1].rows
    everybody = next(row for row in rows if row[1] == "Patients")
    assert (everybody[2], everybody[4]) == ("79", "78")
