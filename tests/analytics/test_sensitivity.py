"""Every other choice: what it changes, what it leaves alone, and what it says where it cannot be done."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import survival_mart

from analytics.plan import Plan, load_plan
from analytics.survival.analyses import comparisons, doubt, sensitivity
from analytics.survival.durations import durations
from analytics.survival.rank_tests import log_rank

ROOT = Path(__file__).parents[2]
FULL = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")


def plan(**chosen: Any) -> Plan:
    """The founding plan with these sensitivity analyses, its permutations few."""
    given = FULL.model_dump() | {"sensitivity": chosen}
    given["small_groups"]["permutation_draws"] = 999
    return Plan.model_validate(given)


FRAMES = survival_mart.frames()
COHORT = FRAMES.cohort.with_columns(index_class_code=pl.lit("PD-1"), line_start_to_io_days=pl.lit(0))


def rows(chosen: Plan, cohort: pl.DataFrame = COHORT, adtte: pl.DataFrame = FRAMES.adtte, **more: Any) -> pl.DataFrame:
    return sensitivity.run(cohort, adtte, chosen, **more)["sensitivity"]


def test_the_first_row_is_the_plan_itself() -> None:
    main = rows(plan())
    assert set(main["variant"]) == {"main"}
    ratios = comparisons.run(COHORT, FRAMES.adtte, plan())["hazard_ratios"].filter(pl.col("from_day") == 0)
    for name in ("n", "events", "hazard_ratio", "lower", "upper"):
        assert main[name].equals(ratios[name])


def test_what_the_registry_does_not_hold_is_said() -> None:
    chosen = plan(rule_sets={"PFSEMA": ["PFSFDA"]}, partial_dates=["earliest"], line_definition=["stated"])
    other = rows(chosen).filter(pl.col("variant") != "main")
    assert set(other["reason"]) == {"not_in_registry"}
    assert other["hazard_ratio"].null_count() == other.height
    assert set(rows(plan(combination_window_days=7)).filter(pl.col("setting") == "7")["reason"]) == {"not_in_registry"}


def test_another_rule_set_stands_in_for_its_end_point_alone() -> None:
    as_fda = FRAMES.adtte.filter(pl.col("PARAMCD") == "OS").with_columns(PARAMCD=pl.lit("PFSFDA"))
    found = rows(plan(rule_sets={"PFSEMA": ["PFSFDA"]}), adtte=pl.concat([FRAMES.adtte, as_fda]))
    other, main = (found.filter(pl.col("variant") == name) for name in ("rule_set", "main"))
    assert set(other["endpoint"]) == {"PFSEMA"}
    os = main.filter((pl.col("endpoint") == "OS") & (pl.col("analysis") == "line"))
    assert other.filter(pl.col("analysis") == "line")["hazard_ratio"].equals(os["hazard_ratio"])


def test_leaving_out_each_centre_leaves_every_patient_out_once() -> None:
    found = rows(plan(leave_one_centre_out=True)).filter((pl.col("analysis") == "line") & (pl.col("endpoint") == "OS"))
    main, others = (found.filter((pl.col("variant") == "main") == is_main) for is_main in (True, False))
    assert others["setting"].to_list() == ["hx01", "hx02", "hx03"]
    assert others["n"].sum() == 2 * main["n"][0]


@pytest.mark.parametrize(
    ("end", "columns"), [("earliest", ("ADTEARLY", "CNSREARLY")), ("latest", ("ADTLATE", "CNSRLATE"))]
)
def test_partial_dates_at_either_end(end: str, columns: tuple[str, str]) -> None:
    chosen = plan(partial_dates=[end])
    adtte = FRAMES.adtte.with_columns(ADT=pl.col("STARTDT") + pl.duration(days=pl.col("AVAL")))
    same = adtte.with_columns(pl.col("ADT").alias(columns[0]), pl.col("CNSR").alias(columns[1]))
    found = rows(chosen, adtte=same)
    main, other = (found.filter(pl.col("variant") == name) for name in ("main", "partial_dates"))
    assert main["hazard_ratio"].equals(other["hazard_ratio"])
    without = adtte.with_columns(pl.lit(None, dtype=pl.Date).alias(columns[0]), pl.col("CNSR").alias(columns[1]))
    assert rows(chosen, adtte=without).filter(pl.col("variant") != "main")["n"].equals(main["n"])
    # Nobody had an event, if every date were at that end: no number.
    none = same.with_columns(pl.when(pl.col("CNSR").is_not_null()).then(1).alias(columns[1]))
    assert set(rows(chosen, adtte=none).filter(pl.col("variant") != "main")["reason"]) == {"too_few"}


def test_bounds_beyond_a_month_move_the_times() -> None:
    adtte = FRAMES.adtte.with_columns(ADT=pl.col("STARTDT") + pl.duration(days=pl.col("AVAL")))
    early = adtte.with_columns(ADTEARLY=pl.col("ADT") - timedelta(days=30), CNSREARLY=pl.col("CNSR"))
    moved = sensitivity._bound("ADTEARLY", "CNSREARLY")(early)
    assert moved["AVAL"].drop_nulls().to_list() == [max(days - 30, 0) for days in adtte["AVAL"].drop_nulls()]


def test_line_definition_concerns_only_what_uses_the_line() -> None:
    cohort = COHORT.with_columns(line_group_stated=pl.col("line_group"))
    other = rows(plan(line_definition=["stated"]), cohort).filter(pl.col("variant") == "line_definition")
    assert set(other["analysis"]) == {"line", "asps_line", "sensitive_line"}


def test_restrictions_and_landmark() -> None:
    cohort = COHORT.with_columns(line_start_to_io_days=pl.int_range(pl.len()) % 10)
    found = rows(plan(index_line_days=7, landmark_day=28), cohort)
    of = {
        name: found.filter((pl.col("variant") == name) & (pl.col("analysis") == "asps_against_rest"))
        for name in ("main", "index_line", "landmark")
    }
    evaluable = FRAMES.adtte.drop_nulls("AVAL").join(cohort, on="patient_id").filter(pl.col("PARAMCD") == "OS")
    wanted = evaluable.filter(pl.col("line_start_to_io_days") <= 7).height, evaluable.filter(pl.col("AVAL") > 28).height
    assert tuple(of[name].filter(pl.col("endpoint") == "OS")["n"][0] for name in ("index_line", "landmark")) == wanted


def exposed(cohort: pl.DataFrame, day: int) -> pl.DataFrame:
    return cohort.filter("is_combination").select(
        "patient_id",
        component_code=pl.lit("antiangiogenic"),
        is_checkpoint_inhibitor=False,
        is_at_time_zero=True,
        start_day=pl.lit(day),
    )


@pytest.mark.parametrize(("day", "combined"), [(0, True), (7, True), (8, False), (28, False)])
def test_a_shorter_window_takes_late_partners_out_of_the_combination(day: int, combined: bool) -> None:
    found = rows(plan(combination_window_days=7), exposure=exposed(COHORT, day))
    other = found.filter(pl.col("variant") == "combination_window")
    main = found.filter((pl.col("variant") == "main") & pl.col("analysis").is_in(other["analysis"].to_list()))
    assert set(other["analysis"]) == {"asps_combination"}
    assert other["n"].equals(main["n"])
    assert other["hazard_ratio"].equals(main["hazard_ratio"]) == combined
    assert (set(other["reason"]) == {"too_few"}) != combined


def test_a_bispecific_alone_is_no_combination_under_that_choice() -> None:
    cohort = COHORT.with_columns(
        index_class_code=pl.when("is_combination").then(pl.lit("PD-1/VEGF")).otherwise("index_class_code")
    )
    nobody = exposed(cohort, 0).clear()
    for chosen, expected in (({"bispecific_alone": True}, {"too_few"}), ({"combination_window_days": 28}, {None})):
        other = rows(plan(**chosen), cohort, exposure=nobody).filter(pl.col("variant") != "main")
        assert set(other["reason"]) == expected


def doubtful(groups: list[list[str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Doubtful patients who look like the first of the cohort."""
    ids = [f"hx01-d{i}" for i in range(len(groups))]
    like = COHORT.head(len(groups)).with_columns(
        patient_id=pl.Series(ids), histology_group=pl.lit(None, dtype=pl.String), admissible_groups=pl.Series(groups)
    )
    ends = FRAMES.adtte.join(COHORT.head(len(groups)).select("patient_id", new=pl.Series(ids)), on="patient_id")
    return like, ends.with_columns(patient_id=pl.col("new")).drop("new")


def test_every_coding_is_tried_and_the_range_is_that_of_all() -> None:
    groups = [["ASPS", "other"], ["outside", "potentially sensitive"], ["ASPS", "other"]]
    like, ends = doubtful(groups)
    found = doubt.run(COHORT, FRAMES.adtte, plan(), like, ends)["doubt"]
    row = found.row(by_predicate=(pl.col("analysis") == "asps_against_rest") & (pl.col("endpoint") == "OS"), named=True)
    assert (row["n_doubtful"], row["codings"], row["is_all"], row["possible"]) == (3, 8, True, 8.0)
    p_values = []
    for coding in product(*groups):
        coded = like.with_columns(histology_group=pl.Series(coding)).filter(pl.col("histology_group") != "outside")
        everybody = pl.concat([COHORT, coded.select(COHORT.columns)])
        data = everybody.join(pl.concat([FRAMES.adtte, ends]).filter(PARAMCD="OS").drop_nulls("AVAL"), on="patient_id")
        p_values.append(log_rank(durations(data["AVAL"], data["CNSR"] == 0), data["histology_group"] == "ASPS").p_value)
    assert (row["p_min"], row["p_max"]) == pytest.approx((min(p_values), max(p_values)))
    assert row["n_max"] - row["n_min"] == 1
    assert row["hazard_ratio_min"] <= row["hazard_ratio_max"]


def test_nobody_in_doubt_moves_nothing() -> None:
    like, ends = doubtful([["ASPS"]])
    found = doubt.run(COHORT, FRAMES.adtte, plan(), like.clear(), ends.clear())["doubt"]
    assert set(found["codings"]) == {1}
    for name in ("hazard_ratio", "p"):
        main = "p_value" if name == "p" else name
        assert found[f"{name}_min"].equals(found[main]) and found[f"{name}_max"].equals(found[main])


def test_many_codings_are_bounded_and_drawn_from_the_seed() -> None:
    options = [["ASPS", "other", "outside"]] * 9
    codings = doubt.codings_of(options, 7)
    assert codings == doubt.codings_of(options, 7) != doubt.codings_of(options, 8)
    assert {("ASPS",) * 9, ("other",) * 9, ("outside",) * 9} <= set(codings)
    assert 200 <= len(codings) == len(set(codings)) <= 206
