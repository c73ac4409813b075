"""Bands of open queries: against a registry that was really told another value, and told to nobody but the registry."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import impact_home
import polars as pl
import pytest
import small_home
from click.testing import CliRunner
from linked_home import decide
from polars.testing import assert_frame_equal

from analytics.survival import impact
from analytics.survival.analyses import adjusted, comparisons, overall, regression
from flows.cli import main
from flows.impact import FILE, weigh_queries
from flows.survival import write_validation
from flows.written import plans_of
from schemas.registry import load_registry
from warehouse.admissible import admissible
from warehouse.home import Home
from warehouse.publish import current_refresh
from warehouse.query import read_file
from warehouse.supposed import CHANGE, supposed

PLAN = impact_home.plan()
KEYS = ("mart.cohort", "mart.adtte")

MARKS = ("priorit", "first_queries", "influential", "could move", "优先", "影响最大", "移动")
"""What the registry's own pages say of bands in either language; none of it may stand in a centre's file."""

# (patient, cell of the export, what is sent instead) and the same as a supposition: table, visit, field, value.
TOLD_OTHERWISE = [
    ((7, "Died3"), "2023-12-24", ("follow_up", 3, "death_on", "2023-12-24")),
    ((9, "Response2"), "SD", ("response_assessment", 2, "overall", "SD")),
    ((10, "Response2"), "PD", ("response_assessment", 2, "overall", "PD")),
    ((13, "Diagnosis"), "ASPS", ("tumour", None, "histology", "ASPS")),
    ((14, "Line"), "三线", ("treatment_line", None, "line_stated", "3")),
    ((16, "Sex"), "F", ("patient", None, "sex", "F")),
    ((17, "Born"), "1990-01-01", ("patient", None, "born_on", "1990-01-01")),
    ((19, "Metastatic"), "2021-01-01", ("tumour", None, "metastatic_on", "2021-01-01")),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home with its planted faults, refreshed."""
    made = impact_home.made(tmp_path_factory.mktemp("impact") / "home", impact_home.PLANTED)
    small_home.refresh(made)
    return made


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home, but that those patients' values were really sent otherwise, refreshed from its export."""
    edits = {cell: text for cell, text, _ in TOLD_OTHERWISE}
    made = impact_home.made(tmp_path_factory.mktemp("otherwise") / "home", {**impact_home.PLANTED, **edits})
    small_home.refresh(made)
    return made


@pytest.fixture(scope="module")
def tables(home: Path) -> dict[str, pl.DataFrame]:
    return read_file(home / "registry.duckdb", [*KEYS, "core.patient", "core.follow_up", "quality.query"])


@pytest.fixture(scope="module")
def bands(home: Path) -> pl.DataFrame:
    return weighed(home)


def weighed(root: Path) -> pl.DataFrame:
    home = Home(root)
    return weigh_queries(home, str(current_refresh(home)), plans_of(home))


def sarcreg(home: Path, *words: str | Path) -> str:
    result = CliRunner().invoke(main, [*map(str, words), "--home", str(home)])
    assert result.exit_code in (0, 3), result.output
    return result.output


def patient(tables: dict[str, pl.DataFrame], number: int) -> str:
    """The pseudonym of the patient of that number, known by the day of birth."""
    born = pl.col("born_on") == date(1950 + number, 3, 15)
    return str(tables["core.patient"].filter(born, centre=impact_home.FAULTY)["patient_id"].item())


def suppositions(tables: dict[str, pl.DataFrame], database: Path) -> pl.DataFrame:
    """TOLD_OTHERWISE as changes, one supposition each."""
    rows = []
    for number, ((who, _), _, (table, visit, field, value)) in enumerate(TOLD_OTHERWISE):
        name = patient(tables, who)
        keys = read_file(database, [f"core.{table}"])[f"core.{table}"].filter(patient_id=name)["record_key"].sort()
        rows.append((number, f"q{number}", name, table, keys[(visit or 1) - 1], field, value))
    return pl.DataFrame(rows, schema=CHANGE, orient="row")


def estimates(cohort: pl.DataFrame, adtte: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Every number the bands look at, by the analyses that the report shows."""
    found = [question.run(cohort, adtte, PLAN) for question in (overall, comparisons, adjusted, regression)]
    named = {name: frame for results in found for name, frame in results.items()}
    key = ["analysis", "endpoint", "level"]
    ratio = [
        named["hazard_ratios"].filter(from_day=0).select(*key, value="coef"),
        named["regression"].filter(estimator="cox").select(analysis="variable", endpoint="endpoint", level=pl.format("{}{}", "model", pl.col("level").fill_null("")), value="coef"),
    ]  # fmt: skip
    return {
        "log_hazard_ratio": pl.concat(ratio),
        "restricted_mean_months": named["restricted_means"].select(
            *key[:2], level=pl.format("{} {}", "level", "tau_months"), value=pl.col("mean_days") / 30.4375
        ),
        "median_months": pl.concat(
            [results["estimates"].select(*key, value="median_months") for results in (found[0], found[1])]
        ),
    }


def largest_change(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> dict[str, float]:
    key = ["analysis", "endpoint", "level"]
    return {
        name: float(
            before[name].join(after[name], on=key, suffix="_after").select((pl.col("value_after") - pl.col("value")).abs().max()).item() or 0
        )
        for name in before
    }  # fmt: skip


def test_nothing_supposed_gives_the_published_tables(home: Path, tables: dict[str, pl.DataFrame]) -> None:
    cohort = tables["mart.cohort"]
    unchanged = cohort.select("patient_id").with_row_index("supposition")
    said = {"query_id": "none", "table_name": "patient", "record_key": "none", "field": "registered_on", "value": None}
    changes = unchanged.with_columns(pl.lit(value, pl.String).alias(name) for name, value in said.items())
    copies = supposed(home / "registry.duckdb", load_registry(home), (), changes)
    for copy, name in zip(copies, KEYS, strict=True):
        order = ["patient_id", "PARAMCD"] if name == "mart.adtte" else ["patient_id"]
        shown = tables[name].columns
        assert_frame_equal(copy.select(shown).sort(order), tables[name].select(shown).sort(order))


@pytest.mark.slow
def test_a_supposed_value_gives_what_a_refresh_makes_of_it(
    home: Path, otherwise: Path, tables: dict[str, pl.DataFrame]
) -> None:
    database = home / "registry.duckdb"
    changes = suppositions(tables, database)
    copies = supposed(database, load_registry(home), (), changes)
    real = read_file(otherwise / "registry.duckdb", KEYS)
    changed = changes["patient_id"].implode()
    for copy, name in zip(copies, KEYS, strict=True):
        order = ["patient_id", "PARAMCD"] if name == "mart.adtte" else ["patient_id"]
        shown = real[name].columns
        expected = real[name].filter(pl.col("patient_id").is_in(changed)).select(shown).sort(order)
        assert_frame_equal(copy.select(shown).sort(order), expected)
        # and the two registries differ nowhere else
        rest = [
            frame.filter(~pl.col("patient_id").is_in(changed)).select(shown) for frame in (tables[name], real[name])
        ]
        assert_frame_equal(rest[0].sort(order), rest[1].sort(order))


def test_changes_are_those_of_the_analyses_run_again(home: Path, tables: dict[str, pl.DataFrame]) -> None:
    changes = suppositions(tables, home / "registry.duckdb")
    cohort, adtte = supposed(home / "registry.duckdb", load_registry(home), (), changes)
    found = impact.changes(tables["mart.cohort"], tables["mart.adtte"], PLAN, cohort, adtte)
    before = estimates(tables["mart.cohort"], tables["mart.adtte"])
    for number, name in changes.select("supposition", "patient_id").iter_rows():
        both = []
        for own, copy in ((tables["mart.cohort"], cohort), (tables["mart.adtte"], adtte)):
            others = own.filter(pl.col("patient_id") != name)
            both.append(pl.concat([others, copy.filter(supposition=number).select(own.columns)]))
        assert both[0].height == tables["mart.cohort"].height
        expected = largest_change(before, estimates(*both))
        told = found.filter(supposition=number).row(0, named=True)
        for measure in impact.MEASURES:
            assert (told[measure] or 0) == pytest.approx(expected[measure], abs=1e-5), (number, measure)
    assert (found["log_hazard_ratio"] > 0).sum() >= 5 and (found["restricted_mean_months"] > 0).sum() >= 4


def test_bands_are_of_open_queries_on_the_cohort(bands: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> None:
    query = tables["quality.query"].join(bands, on="query_id", how="left")
    inside = pl.col("patient_id").is_in(tables["mart.cohort"]["patient_id"].implode())
    assert query.filter(inside)["band"].null_count() == 0
    outside = query.filter(~inside | pl.col("patient_id").is_null())
    assert outside.height and outside["band"].null_count() == outside.height
    assert bands.columns == list(impact.SHAPE) and set(bands["band"]) <= set(impact.BANDS)


def test_the_more_a_query_can_move_the_earlier_it_comes(bands: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> None:
    query = tables["quality.query"].join(bands, on="query_id")
    place = dict(query.select(pl.format("{} {}", "rule", "field"), "position").iter_rows())
    # a death without its day can be any day of two years; the missed look is between its neighbours
    assert place["dead_without_date death_on"] < place["date_impossible contact_on"]
    assert query.filter(rule="dead_without_date")["band"].item() == "high"
    ranked = bands.with_columns(rank=pl.col("band").replace_strict({b: i for i, b in enumerate(impact.BANDS)}))
    assert ranked["rank"].is_sorted() and ranked["position"].is_sorted()


def test_the_same_registry_gives_the_same_bands(home: Path, bands: pl.DataFrame) -> None:
    assert_frame_equal(weighed(home), bands)


def test_a_kept_refresh_is_weighed_by_what_it_was_made_with(
    home: Path, bands: pl.DataFrame, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    later = Path(shutil.copytree(home, tmp_path / "home"))
    decide(later, (patient(tables, 3), patient(tables, 7)), "same")
    (later / "registry.yaml").write_text("of today: and of no account\n", encoding="utf-8")
    assert_frame_equal(weighed(later), bands)


def test_a_queried_day_lies_between_its_neighbours(home: Path, tables: dict[str, pl.DataFrame]) -> None:
    cohort = tables["mart.cohort"].select("patient_id", "index_on", "cut_off_on")
    who = patient(tables, 3)
    contacts = tables["core.follow_up"].filter(patient_id=who).sort("record_key")
    asked = contacts[[1, 2]].select("patient_id", "record_key").with_columns(
        query_id=pl.Series(["contact", "death"]), table_name=pl.lit("follow_up"), field=pl.Series(["contact_on", "death_on"])
    )  # fmt: skip
    found = admissible(home / "registry.duckdb", asked.join(cohort, on="patient_id"))
    days = {name: part["value"].to_list() for (name,), part in found.group_by("query_id")}
    first, _, third = contacts["contact_on"].to_list()
    assert days["contact"][0] == str(first) and days["contact"][-1] == str(third)
    # the imaging of the third visit is a sign of life, the news of the death is none
    alive = third
    cut_off = cohort.filter(patient_id=who)["cut_off_on"].item()
    assert days["death"] == [str(alive), str(alive + (cut_off - alive) // 2), str(cut_off)]


def test_a_value_that_cannot_be_tried_is_not_evaluable() -> None:
    queries = pl.Series("query_id", ["a", "b", "c"])
    told = pl.DataFrame({"supposition": [0, 1], "query_id": ["a", "b"]})
    none = dict.fromkeys(impact.MEASURES)
    found = pl.DataFrame(
        [{"supposition": 0, **none}, {"supposition": 1, **dict.fromkeys(impact.MEASURES, 0.0)}],
        schema={"supposition": pl.Int64, **dict.fromkeys(impact.MEASURES, pl.Float64)},
    )
    made = dict(impact.bands(queries, told, [found]).select("query_id", "band").iter_rows())
    assert made == {"a": "not_evaluable", "b": "none", "c": "not_evaluable"}


@pytest.mark.parametrize(
    ("ratio", "mean", "median", "band"),
    [
        (0.10, 0.0, 0.0, "high"),
        (0.0, 0.5, None, "high"),
        (0.0999, 0.02, 0.0, "medium"),
        (0.001, None, None, "low"),
        (0.0, 0.0, 0.2, "low"),
        (0.0, None, None, "none"),
    ],
)
def test_cut_offs(ratio: float | None, mean: float | None, median: float | None, band: str) -> None:
    found = pl.DataFrame([(0, ratio, mean, median)], schema=["supposition", *impact.MEASURES], orient="row")
    told = pl.DataFrame({"supposition": [0], "query_id": ["q"]})
    assert (
        impact.bands(pl.Series("query_id", ["q"]), told, [found.cast({"supposition": pl.Int64})])["band"].item() == band
    )


@pytest.fixture(scope="module")
def told(home: Path, bands: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two copies of the registry: one with the bands as they are, one with every band and position turned round."""
    turned = bands.with_columns(pl.col("band").reverse(), position=bands.height + 1 - pl.col("position"))
    assert not turned.sort("query_id").equals(bands.sort("query_id"))
    made = []
    for name, frame in (("own", bands), ("turned", turned)):
        root = Path(shutil.copytree(home, tmp_path_factory.mktemp(name) / "home"))
        place = Home(root)
        results = place.refreshes / str(current_refresh(place)) / "results"
        results.mkdir()
        frame.write_parquet(results / FILE)
        write_validation(place, str(current_refresh(place)))
        sarcreg(root, "queries", "issue")
        sarcreg(root, "queries", "export", root.with_name("packs"))
        sarcreg(root, "check", impact_home.FAULTY, "--html", root.with_name("checked") / "check.html")
        made.append(root)
    return made[0], made[1]


def of_centres(root: Path) -> dict[str, bytes]:
    """Every file that goes to a centre, workbooks part by part."""
    home = Home(root)
    reports = home.refreshes / str(current_refresh(home)) / "reports" / "validation"
    places = [
        reports / impact_home.FAULTY,
        reports / impact_home.CLEAN,
        root.with_name("packs"),
        root.with_name("checked"),
    ]
    found = {
        f"{place.name}/{path.relative_to(place)}": path.read_bytes() for place in places for path in place.rglob("*.*")
    }
    for name in [name for name in found if name.endswith(".xlsx")]:
        with zipfile.ZipFile(BytesIO(found.pop(name))) as book:
            # docProps holds the time of writing
            found |= {f"{name}/{part}": book.read(part) for part in book.namelist() if not part.startswith("docProps")}
    return found


def test_the_registry_sees_them(told: tuple[Path, Path], bands: pl.DataFrame) -> None:
    home = Home(told[0])
    page = home.refreshes / str(current_refresh(home)) / "reports" / "validation" / "validation.en.html"
    text = page.read_text(encoding="utf-8")
    first = bands["query_id"][0]
    assert first in text and "Queries not settled, by how far an answer could move a result" in text
    listed = json.loads(sarcreg(told[0], "queries", "list", "--format", "json"))
    known = dict(bands.select("query_id", "band").iter_rows())
    assert {row["query_id"]: row["priority"] for row in listed} == {
        row["query_id"]: known.get(row["query_id"]) for row in listed
    }
    critical = [row for row in listed if row["is_critical"]]
    assert listed[: len(critical)] == critical
    place = dict(bands.select("query_id", "position").iter_rows())
    ranks = [place[row["query_id"]] for row in critical if row["query_id"] in place]
    assert len(ranks) > 1 and ranks == sorted(ranks)
    assert first in sarcreg(told[0], "sql", "select query_id, band from result.query_impact where position = 1")


def test_direction_group_and_end_point_are_told_nowhere(told: tuple[Path, Path]) -> None:
    home = Home(told[0])
    frame = pl.read_parquet(home.refreshes / str(current_refresh(home)) / "results" / FILE)
    assert frame.schema == {"query_id": pl.String, "band": pl.String, "position": pl.Int64}
    data = home.refreshes / str(current_refresh(home)) / "reports" / "validation" / "data"
    assert pl.read_csv(data / "priorities.csv").columns == [
        "centre", "high", "medium", "not_evaluable", "low", "none", "outside",
    ]  # fmt: skip
    assert pl.read_csv(data / "first_queries.csv").columns == [
        "position",
        "query_id",
        "centre",
        "rule",
        "state",
        "band",
    ]


def test_a_centres_files_do_not_know_them(told: tuple[Path, Path]) -> None:
    own, turned = (of_centres(root) for root in told)
    kinds = {Path(name).suffix for name in own}
    assert {".html", ".csv", ".json", ".xml"} <= kinds and own.keys() == turned.keys()
    assert [name for name in own if own[name] != turned[name]] == []


def marked(files: dict[str, bytes]) -> set[tuple[str, str]]:
    texts = {name: content.decode("utf-8", "ignore").lower() for name, content in files.items()}
    return {(name, mark) for name, text in texts.items() for mark in (*MARKS, "query_impact") if mark in text}


def test_a_centres_files_hold_no_word_of_them(told: tuple[Path, Path]) -> None:
    home = Home(told[0])
    overview = home.refreshes / str(current_refresh(home)) / "reports" / "validation"
    assert {mark for _, mark in marked({path.name: path.read_bytes() for path in overview.glob("*.*")})} == set(MARKS)
    assert marked(of_centres(told[0])) == set()


def test_who_is_asked_does_not_depend_on_them(told: tuple[Path, Path]) -> None:
    asked = [
        {row["query_id"] for row in json.loads(sarcreg(root, "queries", "list", "--state", "open", "--format", "json"))}
        for root in told
    ]
    assert asked[0] and asked[0] == asked[1]
