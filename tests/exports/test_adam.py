"""ADaM's transport files, read back by pyreadstat, and the Parquet copy."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import needs
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from flows.exporting import export
from schemas.canonical import MODELS, table_name
from schemas.codelist import load
from schemas.errors import ConfigurationError
from schemas.standards import table
from warehouse import permitted
from warehouse.exports import adam
from warehouse.home import Home, file_hash
from warehouse.query import read


@pytest.fixture(scope="module")
def written(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adam") / "out"
    export(demo, "adam", folder)
    return folder


def _plain(value: Any) -> Any:
    """XPT has no empty text beside a missing one, and one kind of number."""
    if value is None or value == "" or value != value:
        return None
    return float(value) if isinstance(value, int | float) else value


def _rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(map(_plain, row)) for row in frame]


def test_each_value_comes_back(demo: Path, written: Path) -> None:
    with permitted.opened(Home(demo)) as (connection, _):
        adam.prepare(connection)
        connection.register("ctcae", load("adverse_event").codes)
        for name in adam.LABELS:
            wanted = adam.select(connection, Path(adam.__file__).parent / "adam" / f"{name}.sql").rows
            if name == "adsl":
                connection.register("adsl", wanted)
            got, meta = pyreadstat.read_xport(written / f"{name}.xpt")
            variables = table("adam").filter(pl.col("dataset") == name.upper())
            assert meta.column_names == variables["variable"].to_list() == wanted.columns
            assert meta.column_labels == variables["label"].to_list()
            assert meta.table_name == name.upper()
            assert _rows(got.itertuples(index=False)) == _rows(wanted.iter_rows()) and len(got) > 50


def test_names_labels_and_texts_fit_version_5(written: Path) -> None:
    words = pl.read_csv(written / "variables.csv")
    assert words["variable"].str.contains("^[A-Z][A-Z0-9]{0,7}$").all()
    assert words["label"].str.len_bytes().max() <= 40  # type: ignore[operator]
    assert words["length"].max() <= adam.LONGEST_TEXT  # type: ignore[operator]
    for name in adam.LABELS:
        assert (written / f"{name}.xpt").read_bytes().startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")


def test_a_long_text_is_cut_at_a_whole_character() -> None:
    texts = pl.Series(["短" * 80, "a" * 200, None])
    cut = adam._shortened(texts)
    assert cut.to_list() == ["短" * 66, "a" * 200, None]


def test_rows_account_for_the_core_tables(demo: Path, written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text())
    rows = {item["file"]: item["rows"] for item in manifest["files"]}
    out: dict[str, int] = {}
    for item in manifest["left_out"]:
        out[item["dataset"]] = out.get(item["dataset"], 0) + item["rows"]
    names = ("core.patient", "core.adverse_event", "core.response_assessment", "mart.best_response")
    tables, use = permitted.read(Home(demo), names)
    n = {name: frame.height for name, frame in tables.items()}
    assert rows["adsl.xpt"] == n["core.patient"] and manifest["use"] == use.as_dict()
    assert rows["adae.xpt"] + out["adae"] == n["core.adverse_event"]
    assert rows["adrs.xpt"] + out["adrs"] == n["core.response_assessment"] + 2 * n["mart.best_response"]
    (whole,) = read(Home(demo), ["core.patient"]).values()
    withdrawn = whole.filter(pl.col("withdrawal_scope_code") == "no_further_use").height
    assert whole.height - n["core.patient"] == use.left_out["patients"].sum() == withdrawn > 0
    assert {f["file"]: f["sha256"] for f in manifest["files"]} == {
        path.name: file_hash(path) for path in written.iterdir() if path.name != "manifest.json"
    }


def test_every_subject_is_in_adsl_and_flags_are_the_cohort(demo: Path, written: Path) -> None:
    frames = {name: pyreadstat.read_xport(written / f"{name}.xpt")[0] for name in adam.LABELS}
    subjects = frames["adsl"]["USUBJID"]
    assert subjects.is_unique
    for name in ("adtte", "adrs", "adae"):
        assert set(frames[name]["USUBJID"]) <= set(subjects)
    cohort = read(Home(demo), ["mart.cohort"])["mart.cohort"]["patient_id"].to_list()
    assert set(subjects[frames["adsl"]["FASFL"] == "Y"]) == set(cohort)
    days = frames["adtte"].dropna(subset=["AVAL"])
    assert all((b - a).days == n for a, b, n in zip(days["STARTDT"], days["ADT"], days["AVAL"], strict=True))
    assert isinstance(days["ADT"].iloc[0], date)


@pytest.fixture(scope="module")
def frames(written: Path) -> dict[str, pl.DataFrame]:
    return {
        name: pl.from_pandas(pyreadstat.read_xport(written / f"{name}.xpt")[0]).with_columns(
            pl.col(pl.String).replace("", None)
        )
        for name in adam.LABELS
    }


def test_cdisc_rules_of_variables_hold(written: Path, frames: dict[str, pl.DataFrame]) -> None:
    """CDISC's open rules (cdisc-org/cdisc-open-rules, ADaMIG), by their numbers."""
    required = {"STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "ARM", "TRT01P", "TRTSDT"}
    assert required <= set(frames["adsl"].columns)  # AD0047 to AD0052, AD0055, AD0061
    assert frames["adsl"]["USUBJID"].is_unique().all()  # AD0054
    for name, rows in frames.items():
        formats = pyreadstat.read_xport(written / f"{name}.xpt", metadataonly=True)[1].original_variable_types
        for column in rows.columns:
            values = rows[column].drop_nulls()
            if column.endswith("FL"):
                assert set(values) <= {"Y", "N"}, column  # AD0005
            if column in ("FASFL", "SAFFL", "RSPEVFL"):
                assert len(values) == len(rows)  # AD0020, AD0023
            if column.endswith("DT"):
                assert formats[column].startswith("DATE"), column  # AD0041
            if column.endswith("DTF"):
                assert set(values) <= {"Y", "M", "D"}, column  # AD0039
            if column.endswith("DY"):
                assert 0 not in set(values) and len(values) > 0, column  # AD0046
            if column.endswith("N") and column[:-1] in rows.columns:
                pairs = rows.select(column, column[:-1]).drop_nulls().unique()
                assert pairs[column].is_unique().all() and pairs[column[:-1]].is_unique().all(), column
                assert rows[column].null_count() == rows[column[:-1]].null_count(), column


def test_rules_of_the_basic_data_structure_hold(frames: dict[str, pl.DataFrame]) -> None:
    """ADaMIG: PARAM and PARAMCD one to one, AVAL and AVALC one to one within one, sequence, CNSR, one name one value."""
    for name in ("adtte", "adrs"):
        rows = frames[name]
        pairs = rows.select("PARAM", "PARAMCD").unique()
        assert pairs["PARAM"].is_unique().all() and pairs["PARAMCD"].is_unique().all()
        assert pairs["PARAMCD"].str.contains("^[A-Z][A-Z0-9_]{0,7}$").all()
        assert rows.select("USUBJID", "ASEQ").is_unique().all()
    values = frames["adrs"].select("PARAMCD", "AVAL", "AVALC").unique()
    told = values.drop_nulls()
    assert told.height == values.filter(pl.col("AVALC").is_not_null()).height >= 10
    assert told.select("PARAMCD", "AVAL").is_unique().all() and told.select("PARAMCD", "AVALC").is_unique().all()
    times = frames["adtte"]
    assert set(times["CNSR"].drop_nulls()) == {0.0, 1.0, 2.0}  # 0 is the event, a whole number each reason to censor
    assert (times["CNSR"].is_null() == times["AVAL"].is_null()).all()
    assert times.filter(pl.col("AVAL").is_null())["NEREASON"].null_count() == 0
    assert times.filter(pl.col("CNSR") == 0)["CNSDTDSC"].null_count() == times.filter(pl.col("CNSR") == 0).height
    assert times.filter(pl.col("CNSR") > 0)["CNSDTDSC"].null_count() == 0 == times["EVNTDESC"].null_count()
    reasons = times.filter(pl.col("CNSR") > 0).select("PARAMCD", "CNSR", "EVNTDESC", "CNSDTDSC").unique()
    assert reasons.height >= 9
    subjects = frames["adsl"]
    for name in ("adtte", "adrs", "adae"):
        same = [c for c in frames[name].columns if c in subjects.columns and c != "USUBJID"]
        both = frames[name].join(subjects, on="USUBJID", suffix="_adsl")
        assert len(both) == len(frames[name]) and {"STUDYID", "SITEID"} <= set(same)
        assert all(both[c].eq_missing(both[f"{c}_adsl"]).all() for c in same), name


def test_a_variable_has_one_label_and_type() -> None:
    assert table("adam").select("variable", "label", "type").unique()["variable"].is_unique().all()


def test_a_second_reader_reads_the_same(written: Path, frames: dict[str, pl.DataFrame]) -> None:
    """Of pandas, which shares no code with the writer; dates are days since 1960 to it, and nought is 5e-79."""
    for name, rows in frames.items():
        theirs = pd.read_sas(written / f"{name}.xpt", format="xport", encoding="utf-8")
        assert list(theirs.columns) == rows.columns and len(theirs) == len(rows)
        for column in rows.columns:
            got = [None if pd.isna(value) or value == "" else value for value in theirs[column]]
            got = [round(value, 9) if isinstance(value, float) else value for value in got]
            mine = [(value - date(1960, 1, 1)).days if isinstance(value, date) else value for value in rows[column]]
            mine = [round(value, 9) if isinstance(value, float) else value for value in mine]
            assert got == mine, column


@pytest.mark.parametrize(("dataset", "file"), [("ADSL", "adsl"), ("ADTTE", "adtte_onco"), ("ADRS", "adrs_onco")])
def test_variables_of_one_name_are_of_one_kind_in_pharmaverse(dataset: str, file: str) -> None:
    theirs = pl.read_csv(needs.shared() / f"data/pharmaverse/adam_{file}.csv", null_values="", infer_schema_length=None)
    ours = table("adam").filter(pl.col("dataset") == dataset)
    kinds = dict(ours.select("variable", "type").iter_rows())
    both = [name for name in theirs.columns if name in kinds and theirs[name].null_count() < theirs.height]
    assert {"STUDYID", "USUBJID"} < set(both) and len(both) >= 10
    for name in both:
        is_number = theirs[name].dtype.is_numeric()
        assert not (is_number and kinds[name] == "date"), name
        assert is_number == (kinds[name] in ("integer", "float")) or name in ("SITEID", "SUBJID"), name


def test_parquet_holds_every_table_as_it_is(demo: Path, tmp_path: Path) -> None:
    export(demo, "parquet", tmp_path / "out")
    tables, _ = permitted.read(Home(demo), map(table_name, MODELS))
    for name, frame in tables.items():
        got = pl.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert_frame_equal(got, frame, check_row_order=False)
    words = pl.read_csv(tmp_path / "out" / "dictionary.csv")
    assert words.height == sum(len(frame.columns) for frame in tables.values())
    comment = pl.read_parquet_metadata(tmp_path / "out" / "core.patient.parquet")
    assert comment["born_on"] == "Day of birth" and "Grain:" in comment["core.patient"]


def test_a_folder_that_holds_something_is_refused(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="not empty"):
        export(demo, "adam", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
