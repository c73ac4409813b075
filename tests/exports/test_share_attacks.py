"""An attacker with a share, what is published beside it, the cut-off, and all he knows of people.

Each attack is made on what a naive share would be, where it works, and on ours. `print` shows the figures of docs/share.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from analytics.anonymity import Anonymous, anonymise, generalised, singled_out
from flows.releasing import best
from flows.sharing import enough, groups_told, ways
from schemas.share import Share
from warehouse import releases
from warehouse.exports.share import records
from warehouse.home import Home
from warehouse.query import read

KEY, CUT_OFF = b"a key of the test", date(2024, 6, 30)
SHARE = Share()
NAIVE = Share(round_days=1, cut_off_days=0)
SEEDS = range(8)


def cohort(n: int, seed: int) -> pl.DataFrame:
    """People with what a share tells of them, and their end points; most are followed up to the cut-off."""
    draw = np.random.default_rng(seed)
    begun = draw.integers(30, 1800, n)
    died = draw.exponential(700, n).astype(int) + 1
    seen = np.where(draw.random(n) < 0.7, begun, (begun * draw.random(n)).astype(int))
    progressed = np.minimum(draw.exponential(250, n).astype(int) + 1, died)
    return pl.DataFrame(
        {
            "patient_id": [f"hx-{seed}-{i}" for i in range(n)],
            "index_on": [CUT_OFF - timedelta(days=int(d)) for d in begun],
            "cut_off_on": [CUT_OFF] * n,
            "age_years": draw.integers(5, 85, n),
            "sex_code": draw.choice(["F", "M"], n),
            "centre": draw.choice(["aa01", "bb02", "cc03"], n, p=[0.5, 0.3, 0.2]),
            "histology_group": draw.choice(["ASPS", "potentially sensitive", "other"], n, p=[0.4, 0.3, 0.3]),
            "line_group": draw.choice(["<=2", ">2"], n, p=[0.6, 0.4]),
            "regimen_group": draw.choice(["io_alone", "io_cytotoxic", "io_antiangiogenic", "io_both"], n),
            "ecog": draw.integers(0, 3, n),
            "OS": np.minimum(died, seen),
            "OS_event": died <= seen,
            "PFSEMA": np.minimum(progressed, seen),
            "PFSEMA_event": progressed <= seen,
        }
    )


def shared(people: pl.DataFrame, settings: Share = SHARE, name: str = "to A") -> pl.DataFrame:
    """The records of a share of these people, with their patient_id for the referee."""
    ends = pl.concat(
        people.select(
            "patient_id",
            PARAMCD=pl.lit(end),
            AVAL=pl.col(end).cast(pl.Int64),
            CNSR=pl.when(f"{end}_event").then(0).otherwise(1),
        )
        for end in ("OS", "PFSEMA")
    )
    with duckdb.connect() as connection:
        connection.execute("create schema mart")
        connection.register("people", people)
        connection.register("ends", ends)
        connection.execute("create table mart.cohort as from people")
        connection.execute("create table mart.adtte as from ends")
        return records(connection, settings, KEY, name)


def known(people: pl.DataFrame, found: Anonymous) -> pl.DataFrame:
    """What somebody who knows people makes of it by the levels that the report tells."""
    told = [generalised(column, SHARE.columns[column], found.levels[column]) for column in found.columns]  # type: ignore[index]
    return people.select("patient_id", *told)


@pytest.fixture(params=["demo", *SEEDS])
def people(request: pytest.FixtureRequest) -> Iterator[pl.DataFrame]:
    if request.param != "demo":
        yield cohort(60 + 30 * request.param, request.param)
        return
    home: Path = request.getfixturevalue("demo")
    tables = read(Home(home), ["mart.cohort", "mart.adtte"])
    frame = tables["mart.cohort"]
    for end in ("OS", "PFSEMA"):
        rows = tables["mart.adtte"].filter(PARAMCD=end)
        rows = rows.select("patient_id", pl.col("AVAL").alias(end), (pl.col("CNSR") == 0).alias(f"{end}_event"))
        frame = frame.join(rows, on="patient_id")
    yield frame


def test_linking_on_quasi_identifiers_finds_k_or_nobody(people: pl.DataFrame) -> None:
    columns = list(SHARE.columns)
    raw = people.group_by(columns).len()
    assert raw["len"].min() == 1  # the attack works on the records as they are
    found = anonymise(shared(people), SHARE)
    fits = known(people, found).join(
        found.records.group_by(found.columns).len("fit"), on=found.columns, how="left", nulls_equal=True
    )
    fit = fits["fit"].drop_nulls()
    assert fit.min() >= SHARE.k  # type: ignore[operator]
    alone = raw.filter(pl.col("len") == 1).height
    by_durations = [singled_out(found, ends) for ends in (["os_days"], ["os_days", "pfsema_days"])]
    print(
        f"linking: {people.height} people, {alone} alone by what is known, {found.left_out.height} left out, "
        f"least that fit {fit.min()}, told apart by OS {by_durations[0]}, by OS and PFS {by_durations[1]}"
    )


def test_totals_less_the_share_leave_k_or_nobody(people: pl.DataFrame) -> None:
    """Somebody has published the whole cohort's sizes, group by group; then comes a share that leaves people out."""
    published = [
        people.select(kind=pl.lit(releases.ALL), name=pl.lit(releases.ALL), patient_id="patient_id"),
        *(
            people.select(
                kind=pl.lit(releases.GROUP),
                name=pl.format("{}={}", pl.lit(column), pl.col(column).fill_null("")),
                patient_id="patient_id",
            )
            for column in ("histology_group", "line_group", "regimen_group", "sex_code", "centre")
        ),
    ]
    totals = pl.concat(published)
    memory = releases.Memory(KEY, {})
    memory = releases.Memory(KEY, {"pack": memory.hashed(totals).drop("label")})
    everybody = shared(people)
    refused = bool(releases.small(memory, groups_told(anonymise(everybody, SHARE)), SHARE.k))
    made, _ = best(ways(everybody, SHARE, hold_back=True), memory, SHARE.k, enough(everybody, SHARE))
    groups = made.groups
    size = totals.group_by("name").len("all").join(groups.group_by("name").len("told"), on="name")
    rest = (size["all"] - size["told"]).to_list()
    assert all(n == 0 or n >= SHARE.k for n in rest)
    print(f"totals: {people.height} people, {made.what.records.height} shared, refused at first: {refused}")


def newcomers(first: Anonymous, second: Anonymous) -> list[int]:
    """Records of the second share that no record of the first can be, by class: how many in each."""
    ends = ["os_days", "os_event", "pfsema_days", "pfsema_event"]
    on = [column for column in second.columns if column in first.columns]
    fresh = second.records.join(first.records, on=[*on, *ends], how="anti", nulls_equal=True)
    return fresh.group_by(second.columns or [pl.lit(1).alias("all")]).len()["len"].to_list()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_shares_subtracted_tell_nobody_apart(seed: int) -> None:
    draw = np.random.default_rng(seed)
    before = cohort(150, seed)
    came = int(draw.integers(1, 13))
    later = pl.concat([before.slice(int(draw.integers(0, 3))), cohort(came, seed + 100)])
    first = anonymise(shared(before), SHARE)
    naive = anonymise(shared(later, name="to B"), SHARE)
    assert any(0 < n < SHARE.k for n in newcomers(first, naive))

    memory = releases.Memory(KEY, {})
    memory = releases.Memory(KEY, {"first": memory.hashed(groups_told(first)).drop("label")})
    assert releases.small(memory, groups_told(naive), SHARE.k)  # refused
    everybody = shared(later, name="to B")
    made, _ = best(ways(everybody, SHARE, hold_back=True), memory, SHARE.k, enough(everybody, SHARE))
    second = made.what
    assert all(n >= SHARE.k for n in newcomers(first, second))
    gone = set(first.records["patient_id"]) - set(second.records["patient_id"])
    assert not 0 < len(gone) < SHARE.k
    print(f"two shares: {came} came; {second.records.height} of {later.height} shared with --hold-back")


Told = dict[str, list[str]]
"""Groups that tables tell of: name -> values of a column."""

BY_HISTOLOGY: Told = {"ASPS": ["ASPS"]}
BY_REGIMEN: Told = {code: [code] for code in ("io_alone", "io_cytotoxic", "io_antiangiogenic", "io_both")}
BY_TWO_REGIMENS: Told = {"plain": ["io_alone", "io_cytotoxic"], "antiangiogenic": ["io_antiangiogenic", "io_both"]}


def tables(people: pl.DataFrame, column: str, told: Told) -> pl.DataFrame:
    """Whom tables count that tell the size of everybody and of these groups."""
    groups = [people.select(kind=pl.lit(releases.ALL), name=pl.lit(releases.ALL), patient_id="patient_id")]
    for name, values in told.items():
        inside = people.filter(pl.col(column).is_in(values))
        groups.append(inside.select(kind=pl.lit(releases.GROUP), name=pl.lit(name), patient_id="patient_id"))
    return pl.concat(groups)


def rest_of_the_newcomers(first: dict[str, int], second: dict[str, int]) -> int:
    """Newcomers who are not in the one group that is told."""
    came = {name: n - first[name] for name, n in second.items()}
    return came["all"] - came["ASPS"]


def newcomers_of_a_merged_level(first: dict[str, int], second: dict[str, int]) -> int:
    """Newcomers of two levels that were told apart, and are told together now."""
    return second["antiangiogenic"] - first["io_antiangiogenic"] - first["io_both"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("attack", "column", "then", "now", "few"),
    [
        (rest_of_the_newcomers, "histology_group", BY_HISTOLOGY, BY_HISTOLOGY, ["potentially sensitive", "other"]),
        (newcomers_of_a_merged_level, "regimen_group", BY_REGIMEN, BY_TWO_REGIMENS, ["io_antiangiogenic", "io_both"]),
    ],
)
def test_tables_added_and_subtracted_tell_nobody_apart(
    attack: Callable[[dict[str, int], dict[str, int]], int],
    column: str,
    then: Told,
    now: Told,
    few: list[str],
    seed: int,
) -> None:
    """Of the newcomers enough are of what is told, and 1 to 4 of the rest, or of a level that is merged now."""
    before, fresh = cohort(60 + 30 * seed, seed), cohort(200, seed + 100)
    is_few = pl.col(column).is_in(few)
    came = pl.concat([fresh.filter(is_few).head(1 + seed % 4), fresh.filter(~is_few).head(6 + seed)])
    first, later = tables(before, column, then), tables(pl.concat([before, came]), column, now)

    def found(groups: pl.DataFrame) -> int:
        return attack(*(dict(told.group_by("name").len().iter_rows()) for told in (first, groups)))

    assert found(later) == 1 + seed % 4
    memory = releases.Memory(KEY, {})
    memory = releases.Memory(KEY, {"first": memory.hashed(first).drop("label")})
    assert releases.small(memory, later, SHARE.k)  # refused
    held = releases.held_back(memory, later, SHARE.k)
    assert found(releases.without(later, KEY, held)) == 0
    assert len(held) < came.height / 2  # most of the newcomers are told of all the same
    print(f"{attack.__name__}: {came.height} came, {found(later)} told apart; {len(held)} held back")


def hits(people: pl.DataFrame, told: pl.DataFrame, guess: pl.Expr) -> tuple[float, int]:
    """Of those followed up to the cut-off the share whose time zero is guessed to within a week, and how many they are."""
    followed = pl.col("index_on") + pl.duration(days=pl.col("OS")) >= pl.col("cut_off_on")
    both = told.join(people, on="patient_id").filter(followed & ~pl.col("os_event"))
    off = both.select(off=(guess - pl.col("index_on")).dt.total_days().abs())["off"]
    return float((off <= 7).sum()) / both.height, both.height


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_the_calendar_is_not_recovered(seed: int) -> None:
    people = cohort(600, seed)
    cut_off = pl.lit(CUT_OFF)
    middle = pl.duration(days=SHARE.cut_off_days // 2)
    naive, n = hits(people, shared(people, NAIVE), cut_off - pl.duration(days=pl.col("os_days")))
    assert naive == 1.0 and n > 50
    ours, _ = hits(people, shared(people), cut_off - middle - pl.duration(days=pl.col("os_days")))
    chance = 15 / (SHARE.cut_off_days + 1)
    assert ours < chance + 4 * (chance * (1 - chance) / n) ** 0.5
    # Several shares of the same people do not narrow it down: the earliest end of each person is the same in all.
    several = pl.concat([shared(people, name=name).select("patient_id", "os_days") for name in "ABCDE"])
    assert several.n_unique() == people.height
    # The shifted dates know nothing of the true ones, neither of their order nor of their season.
    told = shared(people).join(people, on="patient_id")
    days = told.select(a=pl.col("time_zero_on").to_physical(), b=pl.col("index_on").to_physical())
    order = days.select(pl.corr("a", "b", method="spearman")).item()
    assert abs(order) < 4 / people.height**0.5
    print(f"calendar: of {n} followed to the cut-off {naive:.0%} naive, {ours:.0%} ours ({chance:.0%} by chance)")
