"""What each change did to an end point, told by tables: a patient's end point as it was, as it is, and what changed.

`100 +` is an event after 100 days, `100 o` censored, `ne` not evaluable, `-` not delivered, `out:x` excluded by x;
records: what of the patient's records is other than before.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.plan import Plan
from analytics.survival import movement
from analytics.survival.outcome import Frames

START = date(2020, 1, 1)
STEADY = """
    b | 200 + | 200 + |
    c | 300 + | 300 + |
    d | 400 + | 400 + |
    """
CASES = {
    "one progressed": (STEADY + "a | 150 o | 100 + | delivered", "event:Death: 1 patients, +0, +1, -50"),
    "one followed longer": (STEADY + "a | 150 o | 500 o | delivered", "longer: 1 patients, +0, +0, +50"),
    "one recoded alone": (STEADY + "a | 250 o | 250 + | recoded", "recoded: 1 patients, +0, +1, -25"),
    "a correction counts before what it changed": (
        STEADY + "a | 100 + | 250 + | delivered corrected", "corrected: 1 patients, +0, +0, +25"),
    "nothing of the records changed": (STEADY + "a | 100 + | 100 o |", "method: 1 patients, +0, -1, +50"),
    "one is new": (STEADY + "a | - | 100 + | delivered", "new: 1 patients, +1, +1, -50"),
    "one is gone": (STEADY + "a | 100 + | - | delivered", "no_longer_delivered: 1 patients, -1, -1, +50"),
    "one left the cohort": (STEADY + "a | 100 + | out:benign | recoded", "excluded:benign: 1 patients, -1, -1, +50"),
    "one came back": (STEADY + "a | out:benign | 100 + | recoded", "readmitted:benign: 1 patients, +1, +1, -50"),
    "an event taken back": (STEADY + "a | 100 + | 100 o | delivered", "event_gone: 1 patients, +0, -1, +50"),
    "evaluable no more": (STEADY + "a | 100 + | ne | delivered", "not_evaluable: 1 patients, -1, -1, +50"),
    "evaluable now": (STEADY + "a | ne | 100 + | delivered", "evaluable: 1 patients, +1, +1, -50"),
    "two causes and their interplay": (
        """
        a | 100 + | 500 + | delivered
        b | 200 + | 600 + | corrected
        c | 300 + | 300 + |
        """,
        "corrected: 1 patients, +0, +0, +100; longer: 1 patients, +0, +0, +100; remainder: 0 patients, +0, +0, +100"),
    "a median that is not reached has no difference": (
        "a | 100 + | 100 o | delivered", "event_gone: 1 patients, +0, -1, not reached"),
}  # fmt: skip


def frames(states: dict[str, str]) -> Frames:
    inside = {patient: state for patient, state in states.items() if state != "-" and not state.startswith("out:")}
    outside = {patient: state[4:] for patient, state in states.items() if state.startswith("out:")}
    rows = []
    for patient, state in inside.items():
        days, sign = (None, None) if state == "ne" else state.split()
        rows.append(
            {"patient_id": patient, "PARAMCD": "OS", "STARTDT": START, "EVNTDESC": "Death" if sign == "+" else "Alive",
             "AVAL": days and int(days), "CNSR": None if sign is None else int(sign == "o")}
        )  # fmt: skip
    schema = {"patient_id": pl.String, "PARAMCD": pl.String, "STARTDT": pl.Date, "EVNTDESC": pl.String,
              "AVAL": pl.Int64, "CNSR": pl.Int64}  # fmt: skip
    cohort = pl.DataFrame(
        {"patient_id": list(inside), "cut_off_on": [START + timedelta(days=2000)] * len(inside)},
        schema={"patient_id": pl.String, "cut_off_on": pl.Date},
    )
    excluded = pl.DataFrame(
        {"patient_id": list(outside), "first_reason_code": list(outside.values())},
        schema={"patient_id": pl.String, "first_reason_code": pl.String},
    )
    return Frames(cohort, pl.DataFrame(rows, schema=schema), excluded, pl.DataFrame(), pl.DataFrame())


def moves_of(text: str, plan: Plan | None = None) -> pl.DataFrame:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    touched = pl.DataFrame(
        [{"patient_id": patient, **{f"is_{how}": how in records for how in ("corrected", "delivered", "recoded")}}
         for patient, _, _, records in rows if records],
        schema=movement.TOUCHED,
    )  # fmt: skip
    before, now = (frames({row[0]: row[side] for row in rows}) for side in (1, 2))
    return movement.run(before, now, touched, plan)


def told(row: dict[str, object]) -> str:
    months = row["median_months"]
    effect = "not reached" if months is None else f"{months * 30.4375:+.0f}"
    return f"{row['reason']}: {row['n_patients']} patients, {row['patients']:+d}, {row['events']:+d}, {effect}"


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_each_cause_is_named_with_what_it_did_alone(text: str, expected: str) -> None:
    between = moves_of(text).filter(~pl.col("reason").is_in(["before", "now"]))
    assert "; ".join(told(row) for row in between.iter_rows(named=True)) == expected


def test_what_stayed_has_no_cause() -> None:
    assert moves_of(STEADY)["reason"].to_list() == ["before", "now"]


STATE = st.one_of(
    st.just("-"), st.just("ne"), st.just("out:benign"),
    st.builds("{} {}".format, st.integers(1, 400), st.sampled_from("+o")),
)  # fmt: skip
RECORDS = st.sampled_from(["", "delivered", "recoded", "corrected"])


@given(st.lists(st.tuples(STATE, STATE, RECORDS), min_size=1, max_size=12))
def test_the_causes_always_add_up(patients: list[tuple[str, str, str]]) -> None:
    text = "\n".join(f"p{i} | {was} | {is_} | {records}" for i, (was, is_, records) in enumerate(patients))
    moves = moves_of(text)
    if moves.is_empty():
        return
    first, between, last = moves.row(0, named=True), moves.slice(1, moves.height - 2), moves.row(-1, named=True)
    assert first["patients"] + between["patients"].sum() == last["patients"]
    assert first["events"] + between["events"].sum() == last["events"]
    if moves["median_months"].null_count() == 0:
        total = first["median_months"] + between["median_months"].sum()
        assert total == pytest.approx(last["median_months"])
