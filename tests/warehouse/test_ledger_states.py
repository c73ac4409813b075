"""Every transition of a query as a table; then whatever order things happen in, the table is kept."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from ledger_bench import Bench

from schemas.errors import ConfigurationError
from warehouse import ledger_states as states

TABLE = """
    from           | fails          | changed        | holds     | gone       | stale          | issue   | answer         | accept         | cancel    | confirm
    unknown        | candidate      | candidate      | unknown   | unknown    | candidate      |         |                |                |           |
    candidate      | candidate      | candidate      | closed    | superseded | candidate      | open    | candidate      | accepted_as_is | cancelled | refused
    open           | open           | open           | closed    | superseded | open           | refused | answered       | accepted_as_is | cancelled | refused
    answered       | answered       | open           | closed    | superseded | answered       | refused | answered       | accepted_as_is | cancelled | refused
    closed         | candidate      | candidate      | closed    | closed     | closed         | refused | closed         | refused        | refused   | closed
    accepted_as_is | accepted_as_is | candidate      | closed    | superseded | accepted_as_is | refused | accepted_as_is | refused        | refused   | refused
    cancelled      | cancelled      | candidate      | cancelled | cancelled  | cancelled      | refused | cancelled      | refused        | refused   | refused
    superseded     | candidate      | candidate      | superseded | superseded | superseded    | refused | superseded     | refused        | refused   | refused
"""
_LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
EXPECTED = {(row[0], what): to for row in _LINES[1:] for what, to in zip(_LINES[0][1:], row[1:], strict=True) if to}
ACT = {
    "issue": states.ISSUED,
    "answer": states.ANSWER,
    "accept": states.ACCEPT,
    "cancel": states.CANCEL,
    "confirm": states.CONFIRMED,
}
SIGHTS = ("fails", "changed", "holds", "gone", "stale")
WAY = {"unknown": (), "candidate": ("fails",), "open": ("fails", "issue"), "answered": ("fails", "issue", "answer"),
       "closed": ("fails", "holds"), "accepted_as_is": ("fails", "accept"), "cancelled": ("fails", "cancel"),
       "superseded": ("fails", "gone")}  # fmt: skip
Q = "p01"


def happen(bench: Bench, what: str, value: str = "v") -> None:
    if what in ACT:
        bench.act(ACT[what], Q)
    elif what == "gone":
        bench.see({}, gone=(Q,))
    else:
        bench.see(
            {Q: "w" if what == "changed" else value} if what in ("fails", "changed", "stale") else {},
            stale=what == "stale",
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(("state", "what"), EXPECTED)
def test_transition(bench: Bench, state: str, what: str) -> None:
    for step in WAY[state]:
        happen(bench, step)
    assert bench.state(Q) == state
    if EXPECTED[state, what] == "refused":
        with pytest.raises(ConfigurationError, match="Nothing was written"):
            happen(bench, what)
    else:
        happen(bench, what)
    wanted = EXPECTED[state, what]
    assert bench.state(Q) == (state if wanted == "refused" else wanted)


def test_a_stale_centre_neither_closes_nor_ages(bench: Bench) -> None:
    for step in WAY["open"]:
        happen(bench, step)
    bench.day += timedelta(days=10)
    bench.see({}, stale=True)
    bench.day += timedelta(days=40)
    bench.see({Q: "v"})
    bench.day += timedelta(days=5)
    row = bench.read().row(0, named=True)
    assert (row["state"], row["age_days"], row["is_overdue"]) == ("open", 15, False)
    bench.day += timedelta(days=16)
    row = bench.read().row(0, named=True)
    assert (row["age_days"], row["is_overdue"]) == (31, True)


def test_the_root_cause_is_named(bench: Bench) -> None:
    bench.see({"p01": "a", "p02": "b", "q02": "c"})
    roots = dict(bench.read().select("query_id", "root_query_id").iter_rows())
    assert roots == {"p01": None, "p02": "p01", "q02": None}
    bench.see({"p02": "b", "q02": "c"})
    assert bench.read().filter(query_id="p02")["root_query_id"].to_list() == [None]


class Lives(RuleBasedStateMachine):
    """Three queries under refreshes and acts in any order, against the table above."""

    queries = ("p01", "p02", "q01")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self.folder.name))
        self.state = dict.fromkeys(self.queries, "unknown")
        self.value: dict[str, str] = {}

    @rule(seen=st.lists(st.sampled_from(["v", "w", "holds", "gone"]), min_size=3, max_size=3), stale=st.booleans())
    def refresh(self, seen: list[str], stale: bool) -> None:
        told = dict(zip(self.queries, seen, strict=True))
        failing = {query: value for query, value in told.items() if value in ("v", "w")}
        self.bench.day += timedelta(days=7)
        self.bench.see(failing, gone=tuple(q for q, v in told.items() if v == "gone"), stale=stale)
        for query, value in told.items():
            is_new = self.state[query] == "unknown"
            what = (
                value if value in ("holds", "gone") else "fails" if self.value.get(query, value) == value else "changed"
            )
            if stale and not (is_new and query in failing):
                continue
            self.state[query] = EXPECTED[self.state[query], what]
            if query in failing:
                self.value[query] = value

    @precondition(lambda self: any(state != "unknown" for state in self.state.values()))
    @rule(act=st.sampled_from(sorted(ACT)), data=st.data())
    def act(self, act: str, data: st.DataObject) -> None:
        query = data.draw(st.sampled_from([q for q, state in self.state.items() if state != "unknown"]))
        wanted = EXPECTED[self.state[query], act]
        if wanted == "refused":
            with pytest.raises(ConfigurationError):
                self.bench.act(ACT[act], query)
        else:
            self.bench.act(ACT[act], query)
            self.state[query] = wanted

    @invariant()
    def as_expected(self) -> None:
        known = {query: state for query, state in self.state.items() if state != "unknown"}
        found = self.bench.read()
        assert dict(found.select("query_id", "state").iter_rows()) == known and found.height == len(known)

    def teardown(self) -> None:
        self.folder.cleanup()


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=4, stateful_step_count=8, deadline=None)


@pytest.mark.slow
def test_many_lives() -> None:
    run_state_machine_as_test(Lives, settings=settings(max_examples=40, stateful_step_count=12, deadline=None))
