"""The plan carried out on a synthetic mart: who is counted, which rule holds, and what does not change a result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import survival_mart
from polars.testing import assert_frame_equal

from analytics.plan import Bounds, Level, Plan, SmallGroups, load_plan
from analytics.survival.contracts import RESULTS, Results, shaped
from analytics.survival.outcome import TABLES, Frames, MartError, grouped, narrow, outcome
from analytics.survival.run import run_plan
from analytics.survival.small_groups import rule
from analytics.survival.summary import tick_months
from schemas.errors import ConfigurationError

FOUNDING = Path(__file__).parents[2] / "examples" / "three-centres" / "plans" / "founding_study.yaml"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(FOUNDING)


@pytest.fixture(scope="module")
def frames() -> Frames:
    return survival_mart.frames()


@pytest.fixture(scope="module")
def bare(plan: Plan) -> Plan:
    """The plan with neither comparisons nor targets."""
    return Plan.model_validate(plan.model_dump() | {"comparisons": [], "targets": {}})


@pytest.fixture(scope="module")
def results(frames: Frames, plan: Plan) -> Results:
    return run_plan(frames, plan)


SMALL = """
    sizes   | events | rule
    20, 30  | 40     | full
    10, 10  | 10     | full
    9, 40   | 40     | descriptive
    40, 9   | 40     | descriptive
    20, 20  | 9      | descriptive
    5, 40   | 5      | descriptive
    4, 40   | 40     | counts_only
    40, 40  | 4      | counts_only
    0, 40   | 20     | counts_only
"""


@pytest.mark.parametrize("line", SMALL.strip().splitlines()[1:])
def test_small_groups(line: str) -> None:
    sizes, events, expected = (cell.strip() for cell in line.split("|"))
    assert rule([int(n) for n in sizes.split(",")], int(events), SmallGroups()) == expected


def test_every_estimate_has_its_counts_and_nobody_is_lost(results: Results, frames: Frames) -> None:
    overall = results["estimates"].filter(pl.col("analysis") == "overall")
    assert overall["endpoint"].to_list() == ["OS", "PFSEMA"]
    assert (overall["n"] + overall["n_not_evaluable"]).to_list() == [frames.cohort.height] * 2
    assert overall["n_not_evaluable"].to_list() == [1, 1]
    members = results["members"].filter(pl.col("analysis") == "line").row(0, named=True)
    assert (members["n"], members["n_ungrouped"]) == (78, 1)
    endings = results["endings"].group_by("endpoint").agg(pl.col("n").sum())
    assert endings["n"].to_list() == [frames.cohort.height] * 2


def test_attrition_closes(results: Results, frames: Frames) -> None:
    table = results["attrition"]
    assert table["code"].to_list() == ["delivered", *frames.criterion["code"], "cohort"]
    assert table["n_remaining"][0] == frames.cohort.height + frames.exclusion.height
    steps = table.filter(pl.col("n_excluded").is_not_null())
    assert steps["n_remaining"][-1] == table["n_remaining"][-1] == frames.cohort.height
    assert steps["n_excluded"].sum() == frames.exclusion.height
    assert table.row(by_predicate=pl.col("code") == "withdrawn", named=True)["n_excluded"] == 0
    assert table.row(by_predicate=pl.col("code") == "withdrawn", named=True)["n_all"] == 5


def test_a_registry_of_nobody_excluded_has_its_steps(frames: Frames, bare: Plan) -> None:
    table = run_plan(replace(frames, exclusion=frames.exclusion.clear()), bare)["attrition"]
    assert table["n_remaining"].to_list() == [frames.cohort.height] * 7


def test_the_order_of_rows_changes_nothing(results: Results, frames: Frames, plan: Plan) -> None:
    shuffled = replace(
        frames,
        cohort=frames.cohort.sample(fraction=1, shuffle=True, seed=1),
        adtte=frames.adtte.sample(fraction=1, shuffle=True, seed=2),
    )
    again = run_plan(shuffled, plan)
    for name, frame in results.items():
        # A permutation draws arrangements of positions: its P is an estimate and may move in the third digit.
        drawn = [
            c for c in ("permutation_p", "p_value", "holm_p") if name in ("tests", "sensitivity") and c in frame.columns
        ]
        assert_frame_equal(frame.drop(drawn), again[name].drop(drawn), rel_tol=1e-9)


def test_two_runs_are_equal(results: Results, frames: Frames, plan: Plan) -> None:
    again = run_plan(frames, plan)
    assert all(frame.equals(again[name]) for name, frame in results.items())


def test_a_small_group_is_described_by_permutation_and_a_tiny_one_by_counts(
    results: Results, frames: Frames, plan: Plan
) -> None:
    tests = results["tests"].filter(pl.col("from_day") == 0)
    within = tests.filter(pl.col("analysis") == "asps_combination")
    small = within.row(by_predicate=pl.col("endpoint") == "OS", named=True)
    assert (small["rule"], small["p_method"]) == ("descriptive", "permutation")
    assert small["p_value"] == small["permutation_p"] >= small["smallest_p"]
    assert small["log_rank_p"] is not None
    few = replace(frames, cohort=frames.cohort.filter(pl.col("histology_group") == "ASPS").head(6))
    results_of_few = run_plan(few, plan)
    tiny = results_of_few["tests"].filter(pl.col("analysis") == "asps_combination")
    assert tiny["rule"].unique().to_list() == ["counts_only"]
    numbers = ("p_value", "log_rank_p", "permutation_p", "chi_square")
    assert tiny.select(numbers).null_count().row(0) == (tiny.height,) * 4
    ratios = results_of_few["hazard_ratios"].filter(pl.col("analysis") == "asps_combination")
    assert ratios["hazard_ratio"].null_count() == ratios.height
    assert ratios["reason"].unique().to_list() == ["too_few"]
    assert results_of_few["estimates"].filter(pl.col("analysis") == "asps_combination")["n"].sum() > 0


def test_a_group_read_in_the_window_has_the_landmark_beside_it(results: Results, plan: Plan) -> None:
    tests = results["tests"].filter(pl.col("analysis") == "asps_combination")
    assert sorted(tests["from_day"].unique()) == [0, plan.grace_window_days]
    after = tests.filter(pl.col("from_day") > 0)
    before = tests.filter(pl.col("from_day") == 0)
    assert (after["n"] + after["events_before"] + after["censored_before"]).to_list() == before["n"].to_list()
    others = results["tests"].filter(pl.col("analysis") != "asps_combination")
    assert others["from_day"].unique().to_list() == [0]


def test_holm_covers_the_published_comparisons_and_no_other(results: Results, plan: Plan) -> None:
    published = {(c.id, p) for c in plan.comparisons for p, target in c.endpoints.items() if target}
    adjusted = results["tests"].filter(pl.col("holm_p").is_not_null())
    assert set(adjusted.select("analysis", "endpoint").rows()) == published
    assert (adjusted["holm_p"] >= adjusted["p_value"]).all()


def test_targets_are_judged_by_direction_and_range(results: Results, frames: Frames, plan: Plan) -> None:
    targets = {(r["quantity"], r["analysis"], r["endpoint"]): r for r in results["targets"].iter_rows(named=True)}
    assert targets["n", "overall", None]["is_met"] is True
    right = targets["comparison", "asps_against_rest", "OS"]
    assert (right["pipeline_better"], right["is_met"]) == ("asps", True)
    turned = frames.cohort.with_columns(pl.col("histology_group").replace({"ASPS": "other", "other": "ASPS"}))
    other_way = run_plan(replace(frames, cohort=turned), plan)["targets"]
    wrong = other_way.row(
        by_predicate=(pl.col("analysis") == "asps_against_rest") & (pl.col("endpoint") == "PFSEMA"), named=True
    )
    assert (wrong["pipeline_better"], wrong["is_met"]) == ("rest", False)
    nobody = run_plan(replace(frames, cohort=frames.cohort.head(3)), plan)["targets"]
    assert nobody.filter(pl.col("quantity") == "comparison")["is_met"].null_count() == 10


def test_follow_up_is_given_overall_per_centre_and_per_group(results: Results, plan: Plan) -> None:
    table = results["follow_up"]
    assert table.filter(pl.col("analysis") == "centre")["level"].to_list() == ["hx01", "hx02", "hx03"]
    assert set(table["analysis"]) == {"overall", "centre", *(c.id for c in plan.comparisons)}
    assert (table["n_censored"] + table["events"]).to_list() == table["n"].to_list()


def test_a_narrower_plan_takes_fewer_and_says_so(frames: Frames, bare: Plan) -> None:
    narrower = bare.model_copy(update={"within": {"age_years": Bounds(min=18, max=60), "sex_code": "F"}})
    results = run_plan(frames, narrower)
    kept = frames.cohort.filter(pl.col("age_years").is_between(18, 60) & (pl.col("sex_code") == "F")).height
    assert results["attrition"]["code"][-1] == "plan"
    assert results["attrition"]["n_remaining"][-1] == kept < frames.cohort.height


def test_unknown_belongs_to_no_group_and_no_narrowing(frames: Frames) -> None:
    levels = [Level.model_validate({"id": "early", "label": {"en": "e", "zh": "早"}, "values": ["<=2"]})]
    found, left = grouped(frames.cohort, "line_group", levels)
    assert found.height + left == frames.cohort.height
    assert narrow(frames.cohort, {"line_group": ["<=2", ">2"]}).height == frames.cohort.height - 1


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ({"line_group": 2}, r"looks for 2 in line_group, which holds text \(in quotes"),
        ({"is_combination": "true"}, "looks for 'true' in is_combination, which holds true or false"),
        ({"line": True}, "looks for True in line, which holds whole numbers"),
    ],
)
def test_a_value_of_another_kind_is_a_mistake_in_the_plan(frames: Frames, within: dict, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        narrow(frames.cohort, within)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a.filter(pl.col("patient_id") != "hx01-0000"), "1 patients of mart.cohort have no OS"),
        (lambda a: pl.concat([a, a.head(1)]), "1 rows of mart.adtte repeat a patient's OS"),
        (lambda a: a.with_columns(AVAL=-pl.col("AVAL") - 1), "78 rows of mart.adtte .OS. have AVAL without"),
        (lambda a: a.with_columns(CNSR=pl.lit(None, dtype=pl.Int64)), "78 rows of mart.adtte"),
    ],
)
def test_a_mart_that_breaks_its_contract_stops(frames: Frames, change, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MartError, match=said):
        outcome(frames.cohort, change(frames.adtte), "OS")


def test_nobody_evaluable_gives_counts_and_no_curve(frames: Frames, plan: Plan) -> None:
    nothing = frames.adtte.with_columns(
        AVAL=pl.lit(None, dtype=pl.Int64),
        CNSR=pl.lit(None, dtype=pl.Int64),
        NEREASON=pl.lit("rule: follow_up.death_on"),
    )
    results = run_plan(replace(frames, adtte=nothing), plan)
    assert results["estimates"]["n"].sum() == 0
    assert results["estimates"].filter(pl.col("analysis") == "overall")["n_not_evaluable"].to_list() == [79, 79]
    assert results["curves"].height == results["at_risk"].height == 0
    assert results["follow_up"]["median_days"].null_count() == results["follow_up"].height > 0
    assert results["tests"]["p_value"].null_count() == results["tests"].height


def test_frames_come_from_published_tables(frames: Frames) -> None:
    published = {table: getattr(frames, field) for field, table in TABLES.items()}
    assert Frames.of(published) == frames


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        (0, [0]),
        (100, [0, 1, 2, 3]),
        (365, [0, 2, 4, 6, 8, 10]),
        (900, [0, 6, 12, 18, 24]),
        (1826, list(range(0, 60, 12))),
    ],
)
def test_ticks_are_whole_months_and_few(days: float, ticks: list[int]) -> None:
    assert tick_months(days) == ticks


def test_results_have_the_columns_of_their_contracts(results: Results) -> None:
    assert results.keys() == RESULTS.keys()
    assert {name: dict(frame.schema) for name, frame in results.items()} == {
        name: dict(columns) for name, columns in RESULTS.items()
    }
    with pytest.raises(ValueError, match="result members has columns without a contract: guess"):
        shaped("members", pl.DataFrame({"guess": [1]}))


def test_a_plan_without_comparisons_or_targets_has_every_table(frames: Frames, bare: Plan) -> None:
    results = run_plan(frames, bare)
    assert results.keys() == RESULTS.keys()
    assert {name for name, frame in results.items() if frame.is_empty()} == {
        "further",
        "members",
        "tests",
        "hazard_ratios",
        "adjusted",
        "mean_differences",
        "time_ratios",
        "subgroups",
        "centres",
        "sensitivity",
        "doubt",
        "targets",
    }
