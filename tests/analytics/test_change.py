"""What moved between two refreshes: every account adds up, whatever happened to whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import survival_mart

from analytics.plan import Plan, load_plan
from analytics.survival import change
from analytics.survival.contracts import Results
from analytics.survival.outcome import Frames
from analytics.survival.run import run_plan

ROOT = Path(__file__).parents[2]
FULL = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
ASKED = [item for item in FULL.model_dump()["comparisons"] if item["id"] in ("asps_against_rest", "line", "asps_line")]
PLAN = Plan.model_validate(FULL.model_dump() | {"sensitivity": {}, "subgroups": [], "comparisons": ASKED})
BEFORE = survival_mart.frames()


@pytest.fixture(scope="module")
def results() -> Results:
    return run_plan(BEFORE, PLAN)


def changed(now: Frames, results: Results, before: Frames = BEFORE) -> Results:
    return change.run(before, now, results, run_plan(now, PLAN), PLAN)


def steps(accounts: pl.DataFrame, **where: object) -> dict[str, int]:
    return dict(accounts.filter(**where).select("reason", "n").iter_rows())


def closes(accounts: pl.DataFrame) -> bool:
    """Within each account the steps lead from before to now."""
    chosen = accounts.filter(pl.col("of") != "beside")
    sums = chosen.group_by("analysis", "endpoint", "level", "of").agg(
        moved=pl.col("n").filter(pl.col("reason") != "now").sum(),
        now=pl.col("n").filter(pl.col("reason") == "now").sum(),
    )
    return sums.height > 0 and sums.filter(pl.col("moved") != pl.col("now")).is_empty()


def edited(frames: Frames, patient: str, column: str, value: object) -> Frames:
    chosen = pl.when(pl.col("patient_id") == patient).then(pl.lit(value)).otherwise(pl.col(column))
    return replace(frames, cohort=frames.cohort.with_columns(chosen.alias(column)))


def test_nothing_changed_says_so(results: Results) -> None:
    found = changed(BEFORE, results)
    assert closes(found["accounts"])
    assert set(found["accounts"]["reason"]) == {"before", "now"}
    moved = found["changes"].filter(pl.col("before").ne_missing(pl.col("now")))
    assert moved.is_empty() and not found["changes"]["is_switch"].any()


def test_one_patient_comes_and_one_goes(results: Results) -> None:
    one = BEFORE.cohort.head(1)
    kept = replace(
        BEFORE,
        cohort=BEFORE.cohort.tail(-1),
        exclusion=pl.concat(
            [
                BEFORE.exclusion,
                one.select(
                    "patient_id",
                    "centre",
                    first_reason_code=pl.lit("withdrawn"),
                    all_reason_codes=pl.lit(["withdrawn"]),
                ),
            ]
        ),
    )
    there = changed(kept, results)
    assert closes(there["accounts"])
    assert steps(there["accounts"], analysis="overall", of="patients") == {
        "before": 79,
        "excluded:withdrawn": -1,
        "now": 78,
    }
    back = changed(BEFORE, run_plan(kept, PLAN), before=kept)
    assert steps(back["accounts"], analysis="overall", of="patients") == {
        "before": 78,
        "readmitted:withdrawn": 1,
        "now": 79,
    }
    without = replace(kept, exclusion=BEFORE.exclusion)
    assert "no_longer_delivered" in steps(changed(without, results)["accounts"], analysis="overall", of="patients")
    assert "new" in steps(
        changed(BEFORE, run_plan(without, PLAN), before=without)["accounts"], analysis="overall", of="patients"
    )


def test_a_recoded_histology_moves_a_patient_between_groups(results: Results) -> None:
    patient = BEFORE.cohort.filter(histology_group="ASPS")["patient_id"][0]
    found = changed(edited(BEFORE, patient, "histology_group", "other"), results)["accounts"]
    assert closes(found)
    assert steps(found, analysis="overall", of="patients") == {"before": 79, "now": 79}
    asps, rest = (steps(found, analysis="asps_against_rest", level=level, of="patients") for level in ("asps", "rest"))
    assert asps["recoded:histology_group"] == -1 and rest["recoded:histology_group"] == 1
    assert steps(found, analysis="asps_line", of="patients").get("recoded:histology_group") == -1


def test_a_death_and_a_longer_follow_up(results: Results) -> None:
    alive = BEFORE.adtte.filter((pl.col("PARAMCD") == "OS") & (pl.col("CNSR") == 1))["patient_id"]
    dies, lives = alive[0], alive[1]
    os = pl.col("PARAMCD") == "OS"
    adtte = BEFORE.adtte.with_columns(
        CNSR=pl.when(os & (pl.col("patient_id") == dies)).then(0).otherwise("CNSR"),
        AVAL=pl.when(os & pl.col("patient_id").is_in([dies, lives])).then(pl.col("AVAL") + 100).otherwise("AVAL"),
    )
    found = changed(replace(BEFORE, adtte=adtte), results)
    assert closes(found["accounts"])
    overall = found["accounts"].filter(analysis="overall", endpoint="OS")
    assert steps(overall, of="events")["gained"] == 1
    assert steps(overall, of="beside") == {"longer": 2}
    events = found["changes"].row(
        by_predicate=(pl.col("quantity") == "events")
        & (pl.col("analysis") == "overall")
        & (pl.col("endpoint") == "OS"),
        named=True,
    )
    assert events["now"] - events["before"] == 1


def test_a_switch_of_the_estimator_is_a_change_of_its_own(results: Results) -> None:
    asps = BEFORE.cohort.filter((pl.col("histology_group") == "ASPS") & (pl.col("line_group") == ">2"))["patient_id"]
    few = replace(BEFORE, cohort=BEFORE.cohort.filter(~pl.col("patient_id").is_in(asps[6:].to_list())))
    found = changed(few, results)["changes"].filter(quantity="p_value", analysis="asps_line")
    methods = set(found.filter("is_switch").select("method_before", "method_now").iter_rows())
    assert methods and all(was != is_ for was, is_ in methods)


def test_any_change_is_accounted_for() -> None:
    draw = np.random.default_rng(11)
    was, now = survival_mart.frames(120, seed=3), survival_mart.frames(120, seed=4)
    kept = [replace(f, cohort=f.cohort.filter(pl.Series(draw.random(120) < 0.8))) for f in (was, now)]
    found = changed(kept[1], run_plan(kept[0], PLAN), before=kept[0])
    assert closes(found["accounts"])
    totals = {
        row["level"]: row["n"]
        for row in found["accounts"].filter(analysis="line", of="patients", reason="now").iter_rows(named=True)
    }
    assert totals["early"] == kept[1].cohort.filter(line_group="<=2").height
