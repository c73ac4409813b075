"""A record without key columns keeps its name through additions, edits, vanishing and return."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import small_home
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.home import Home
from warehouse.query import sql
from warehouse.record_names import SCHEMA, SEPARATOR, keep, known, ordinals


def name(deliveries: list[list[str]]) -> list[dict[str, int]]:
    """Deliver one after the other; each record is `patient cell cell …`. The ordinal of each record, per delivery."""
    names = pl.DataFrame(schema=SCHEMA)
    found = []
    for records in deliveries:
        rows = [record.split(" ", 1) for record in records]
        frame = pl.DataFrame(
            {"patient_id": [row[0] for row in rows], "content": [row[1].replace(" ", SEPARATOR) for row in rows]},
            schema={"patient_id": pl.String, "content": pl.String},
        )
        given_, names = ordinals("drug_exposure", frame, names)
        found.append(dict(zip(records, given_, strict=True)))
        assert names.select("patient_id", "ordinal").is_unique().all()
    return found


CASES = """
what happens                            | before              | after                      | ordinals
a record is added before the others     | A b 1, A c 2        | A a 0, A b 1, A c 2        | 3 1 2
the first column is corrected           | A b 1 x, A c 2 y    | A z 1 x, A c 2 y           | 1 2
most of it is rewritten: another record | A b 1 x y, A c 2    | A q 9 x z, A c 2           | 3 2
a record vanishes, its number does not  | A b 1, A c 2        | A c 2, A d 3               | 2 3
the most alike is the one edited        | A b 1 x y, A b 1 z w | A b 1 z v, A b 1 x y      | 2 1
another patient's record is no match    | A b 1               | B b 1                      | 1
half in common is enough                | A lung 2020         | A lung 2021                | 1
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_names_are_carried_forward(case: str) -> None:
    _, before, after, expected = (part.strip() for part in case.split("|"))
    split = [part.strip() for part in before.split(",")], [part.strip() for part in after.split(",")]
    _, second = name(list(split))
    assert [str(second[record]) for record in split[1]] == expected.split()


def test_what_comes_back_has_its_name_again() -> None:
    first, second, third = name([["A b 1 x", "A c 2 y"], ["A c 2 y"], ["A b 1 x", "A c 2 y", "A d 3 z"]])
    assert first["A b 1 x"] == third["A b 1 x"] == 1
    assert second["A c 2 y"] == third["A c 2 y"] == 2 and third["A d 3 z"] == 3


RECORDS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("bcd"), st.sampled_from("123"), st.sampled_from("xyz")),
    unique=True, max_size=8,
)  # fmt: skip


@given(RECORDS, RECORDS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_does_not_matter_and_the_same_delivery_changes_nothing(before, after, random) -> None:  # type: ignore[no-untyped-def]
    first, second = ([" ".join(record) for record in records] for records in (before, after))
    shuffled = random.sample(second, len(second))
    named = name([first, second, second])
    assert name([first, shuffled])[1] == named[1] == named[2]
    assert all(named[1][record] == named[0][record] for record in set(first) & set(second))


def test_names_are_kept_under_their_hash(tmp_path: Path) -> None:
    frame = pl.DataFrame({"table_name": ["a"], "patient_id": ["p"], "content": ["c"], "ordinal": [1]}, schema=SCHEMA)
    digest = keep(tmp_path, frame)
    assert keep(tmp_path, frame) == digest and known(tmp_path, digest).equals(frame)
    assert (tmp_path / "names" / f"{digest}.parquet").stat().st_mode & 0o777 == 0o600
    assert known(tmp_path, None).is_empty()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One centre whose visits have no key columns."""
    root = small_home.make_home(tmp_path / "home", ("aa01",))
    path = root / "centres" / "aa01" / "centre.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("    key: [PatNo, Visit]\n", ""), encoding="utf-8")
    return root


def test_a_registry_carries_names_forward_also_over_a_roll_back_and_a_rebuild(home: Path) -> None:
    from warehouse import publish
    from warehouse.rebuild import rebuild

    def named() -> dict[str, str]:
        return dict(sql(Home(home), "select contact_on_source || patient_id, record_key from core.follow_up").rows())

    first, _ = small_home.refresh(home)
    before = named()
    visits = small_home.visits()
    early = visits[0].replace("2022", "2021").replace(",1,", ",0,")
    small_home.write_export(home / "incoming" / "aa01", None, [early, *visits])
    second, _ = small_home.refresh(home)
    after = named()
    assert {key: after[key] for key in before} == before
    (added,) = after.keys() - before.keys()
    assert after[added].endswith("/follow_up/3")

    publish.roll_back(Home(home), str(first), "a look")
    small_home.write_export(home / "incoming" / "aa01", None, [early, *visits, early.replace("2021", "2020")])
    third, _ = small_home.refresh(home)
    assert {key: named()[key] for key in after} == after
    for refresh in (first, second, third):
        assert rebuild(Home(home), str(refresh)).differing == ()
    assert small_home.refresh(home)[0] == third
