"""The safe share: no fewer than k look the same, no day of the calendar, no name that another share has."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.anonymity import anonymise, diversity, generalised, singled_out
from analytics.disclosure import DisclosureError
from flows.cli import main
from flows.sharing import share
from schemas.errors import ConfigurationError
from schemas.share import Generalisation, Share, load_share
from warehouse import journal, releases
from warehouse.exports.share import ZERO_DAYS, ZERO_FROM
from warehouse.home import SYNTHETIC_SECRET, Home
from warehouse.query import read


@pytest.fixture(scope="module")
def home(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shares") / "home"
    shutil.copytree(demo, root)
    return root


@pytest.fixture(scope="module")
def shared(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {name: tmp_path_factory.mktemp("shared") / name for name in ("Lab A", "Lab B", "Lab A again")}
    for name, folder in folders.items():
        share(home, folder, name.removesuffix(" again"))
    return folders


def records(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "records.parquet")


def test_no_fewer_than_k_look_the_same(shared: dict[str, Path]) -> None:
    rows, report = records(shared["Lab A"]), json.loads((shared["Lab A"] / "anonymity.json").read_text())
    told = [column for column in report["levels"] if column in rows.columns]
    assert told and set(report["withheld"]) == set(report["levels"]) - set(told)
    smallest = rows.group_by(told).len()["len"].min()
    assert smallest == report["k_reached"] >= report["k_wanted"] == 5
    assert rows.height + report["left_out"] == 79
    assert report["left_out"] == 0 or report["left_out"] >= 5
    assert report["ladder"] == list(Share().ladder[: sum(report["levels"].values())])


def test_the_same_share_again_is_the_same_and_another_has_other_names(shared: dict[str, Path]) -> None:
    first, other, again = (records(folder) for folder in shared.values())
    assert (shared["Lab A"] / "records.csv").read_bytes() == (shared["Lab A again"] / "records.csv").read_bytes()
    assert first.equals(again)
    assert not set(first["person"]) & set(other["person"])
    assert (
        first.drop("person", pl.selectors.date())
        .sort(pl.all())
        .equals(other.drop("person", pl.selectors.date()).sort(pl.all()))
    )


def test_no_file_has_an_id_or_a_day_of_the_registry(home: Path, shared: dict[str, Path]) -> None:
    cohort = read(Home(home), ["mart.cohort"])["mart.cohort"]
    days = {str(day) for day in cohort["index_on"]} | {str(day) for day in cohort["cut_off_on"]}
    for path in shared["Lab A"].iterdir():
        text = path.read_bytes().decode("utf-8", "ignore")
        assert not [one for one in [*cohort["patient_id"], *days] if one in text], path.name
    years = records(shared["Lab A"])["time_zero_on"].dt.year()
    assert years.min() >= ZERO_FROM.year and years.max() <= ZERO_FROM.year + ZERO_DAYS // 365  # type: ignore[operator]


def test_intervals_are_kept_up_to_the_own_cut_off(home: Path) -> None:
    """Without rounding and with no earlier cut-off every duration is the registry's."""
    from warehouse.exports.share import records as made
    from warehouse.query import opened

    true = read(Home(home), ["mart.adtte"])["mart.adtte"].filter(PARAMCD="OS").select("patient_id", "AVAL", "CNSR")

    def drawn(settings: Share, name: str) -> pl.DataFrame:
        with opened(Home(home)) as connection:
            return made(connection, settings, SYNTHETIC_SECRET, name)

    plain = drawn(Share(round_days=1, cut_off_days=0), "x")
    coarse, other = drawn(Share(), "x"), drawn(Share(), "y")
    both = plain.join(true, on="patient_id")
    assert both.height == 79
    assert both.filter(pl.col("os_days").ne_missing(pl.col("AVAL"))).is_empty()
    assert both.filter(pl.col("os_event").ne_missing(pl.col("CNSR") == 0)).is_empty()
    kept = (pl.col("os_on") - pl.col("time_zero_on")).dt.total_days()
    assert both.filter(kept.ne_missing(pl.col("os_days"))).is_empty()

    both = coarse.join(true, on="patient_id").drop_nulls("os_days")
    later = both.filter(pl.col("os_days") > (pl.col("AVAL") / 7).ceil() * 7)
    assert later.is_empty() and both.filter(pl.col("os_days") % 7 != 0).is_empty()
    ended = both.filter(pl.col("os_days") < (pl.col("AVAL") / 7).ceil() * 7)
    assert ended.height and not ended["os_event"].any()
    assert (ended["AVAL"] - ended["os_days"]).max() <= 90  # type: ignore[operator]
    assert both.filter(pl.col("os_event") & (pl.col("CNSR") != 0)).is_empty()
    assert both.filter(pl.col("pfsema_days") > pl.col("os_days")).is_empty()
    # The own cut-off is the person's and not the share's: several shares cannot be averaged.
    assert (
        coarse.select("patient_id", "os_days")
        .sort("patient_id")
        .equals(other.select("patient_id", "os_days").sort("patient_id"))
    )
    assert not coarse.sort("patient_id")["time_zero_on"].equals(other.sort("patient_id")["time_zero_on"])


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "age_years": st.none() | st.integers(0, 99),
            "sex_code": st.sampled_from(["F", "M", None]),
            "centre": st.sampled_from("abc"),
            "histology_group": st.sampled_from(["ASPS", "potentially sensitive", "other"]),
            "line_group": st.sampled_from(["<=2", ">2", None]),
            "regimen_group": st.sampled_from(["io_alone", "io_cytotoxic", "io_both", None]),
        }
    ),
    min_size=5,
    max_size=60,
)


@given(PEOPLE, st.integers(2, 5), st.sampled_from([0.0, 0.1, 0.5]))
@settings(max_examples=60, deadline=None)
def test_anonymise_holds_for_any_people(people: list[dict[str, object]], k: int, share_out: float) -> None:
    asked = Share(k=k, max_suppressed=share_out)
    frame = pl.DataFrame(
        people, schema={column: pl.Int64 if column == "age_years" else pl.String for column in asked.columns}
    ).with_row_index("at")
    found = anonymise(frame, asked)
    sizes = found.records.group_by(found.columns or [pl.lit(0).alias("all")]).len()["len"]
    assert sizes.min() == found.k >= k
    gone = found.left_out.height
    assert gone + found.records.height == len(people) and (gone == 0 or gone >= k)
    assert gone <= share_out * len(people)
    # The order in which people stand decides nothing.
    turned = anonymise(frame.reverse(), asked)
    assert turned.levels == found.levels
    assert set(turned.records["at"]) == set(found.records["at"])


def test_a_few_left_out_take_the_smallest_class_along() -> None:
    plain = dict.fromkeys(("age_years", "centre", "histology_group", "line_group", "regimen_group"))
    sexes = ["F"] * 30 + ["M"] * 9 + ["X"] * 2
    frame = pl.DataFrame([plain | {"sex_code": sex} for sex in sexes], schema_overrides={"age_years": pl.Int64})
    frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))
    found = anonymise(frame, Share(max_suppressed=0.3))
    assert found.records["sex_code"].to_list() == ["F"] * 30
    assert found.left_out.height == 11
    assert diversity(found, ["sex_code"]).row(0, named=True)["persons_of_one"] == 30
    assert singled_out(found, []) == 0


def test_bands_and_groups_are_named() -> None:
    ages = pl.DataFrame({"age_years": [None, 19, 20, 79, 80, 99]})
    share_ = Share()
    assert ages.select(generalised("age_years", share_.columns["age_years"], 0))["age_years"].to_list() == [
        None, "<20", "20-29", "70-79", "80+", "80+",
    ]  # fmt: skip
    codes = pl.DataFrame({"regimen_group": ["io_alone", "io_both", None, "new"]})
    assert codes.select(generalised("regimen_group", share_.columns["regimen_group"], 1))["regimen_group"].to_list() == [
        "io_alone", "io_combination", None, None,
    ]  # fmt: skip


def test_too_few_people_are_refused() -> None:
    with pytest.raises(DisclosureError, match="at least 5"):
        anonymise(pl.DataFrame({"sex_code": ["F"] * 4}), Share())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("k: 1", "k"),
        ("ladder: [centre]", "age_years has 0 step"),
        ("columns: {age_years: {bands: [[40], [45]]}}", "begin where the finer ones do not"),
        ("columns: {born_on: {}}", "born_on"),
    ],
)
def test_settings_that_cannot_be_are_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "share.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_share(tmp_path)


def test_levels_are_counted() -> None:
    assert Generalisation(bands=((20, 40), (40,))).levels == 2
    assert Generalisation(groups=({"a": ("b",)},)).levels == 2
    assert Generalisation().levels == 1


def test_a_share_names_its_recipient_in_the_journal(home: Path, shared: dict[str, Path], tmp_path: Path) -> None:
    told = [event for event in journal.events(Home(home).events) if event["event"] == releases.RELEASED]
    assert [event["recipient"] for event in told] == ["Lab A", "Lab B", "Lab A"]
    assert (home / "releases").stat().st_mode & 0o777 == 0o700
    [kept] = (home / "releases").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600 and {event["release"] for event in told} == {kept.stem}
    run = CliRunner().invoke(main, ["export", "share", str(tmp_path / "x"), "--home", str(home)])
    assert run.exit_code == 2 and "--recipient" in run.output
    assert not (tmp_path / "x").exists()


def test_a_share_that_an_earlier_release_would_break_is_refused(home: Path, tmp_path: Path) -> None:
    """Two who are gone, and one who came, since a release to somebody else."""
    root = tmp_path / "home"
    shutil.copytree(home, root)
    place, key = Home(root), SYNTHETIC_SECRET
    for path in place.releases.glob("*"):
        path.unlink()
    ids = read(place, ["mart.cohort"])["mart.cohort"]["patient_id"].sort().to_list()
    then = pl.DataFrame({"patient_id": [*ids[1:], "gone-1", "gone-2"]})
    then = then.select(kind=pl.lit(releases.ALL), name=pl.lit(releases.ALL), patient_id="patient_id")
    releases.remember(place, releases.recall(place, key), then)
    before = len(journal.events(place.events))

    asked = ["export", "share", str(tmp_path / "out"), "--home", str(root), "--recipient", "Lab C"]
    refused = CliRunner().invoke(main, asked)
    assert refused.exit_code == 1 and "all: 1, 2 person(s)" in refused.output
    assert not (tmp_path / "out").exists() and len(journal.events(place.events)) == before
    assert not [one for one in ids if one in refused.output]

    fitted = CliRunner().invoke(main, [*asked, "--hold-back"])
    assert fitted.exit_code == 0, fitted.output
    rows, report = records(tmp_path / "out"), json.loads((tmp_path / "out" / "anonymity.json").read_text())
    # The newcomer is out, and three or more beside the two who are gone: counts that are themselves small are not told.
    assert 68 <= rows.height <= 75 and report["persons"] == rows.height
    assert report["held_back"] == "fewer than 5" and (report["left_out"] == 0 or report["left_out"] >= 5)
    assert len(journal.events(place.events)) == before + 1
    kept = pl.concat(pl.read_parquet(path) for path in place.releases.iterdir())
    [newcomer] = releases.Memory(key, {}).hashed(then.head(1).with_columns(patient_id=pl.lit(ids[0])))["member"]
    assert kept.filter(member=newcomer).is_empty()
