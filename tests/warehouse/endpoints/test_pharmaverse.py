"""Our end points beside those of pharmaverse's example data, row by row; every difference bears the name of its rule.

Its SDTM assessments and ADSL dates are read as a hospital's export (pharmaverse/centre.yaml); its ADTTE and ADRS say
what must come out. The real files lie in ../shared; the twin has their shape and is synthetic.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import small_home

from warehouse.home import SYNTHETIC_SECRET, Home
from warehouse.query import read
from warehouse.text_door import pseudonym

HERE = Path(__file__).with_name("pharmaverse")
OURS = {"OS": "OS", "PFS": "PFSEMA", "RSD": "DOR"}
"""Their PARAMCD -> ours."""


@dataclass(frozen=True)
class Compared:
    """One row per subject and parameter of either side: ours and theirs as texts."""

    times: pl.DataFrame
    responses: pl.DataFrame


def refreshed(root: Path, data: Path) -> dict[str, pl.DataFrame]:
    (root / "centres" / "phv").mkdir(parents=True)
    (root / "incoming" / "phv").mkdir(parents=True)
    shutil.copy(HERE / "registry.yaml", root)
    shutil.copy(HERE / "centre.yaml", root / "centres" / "phv")
    for name in ("adam_adsl.csv", "sdtm_rs_onco_recist.csv"):
        shutil.copy(data / name, root / "incoming" / "phv")
    published, states = small_home.refresh(root)
    assert (published is not None, states) == (True, {"phv": "fresh"})
    return read(Home(root), ["mart.adtte", "mart.best_response", "core.response_assessment"])


def table(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False).with_columns(
        pl.all().replace("", None),
        patient_id=pl.col("USUBJID").map_elements(
            lambda subject: pseudonym(SYNTHETIC_SECRET, "phv", subject), return_dtype=pl.String
        ),
    )


def times(ours: dict[str, pl.DataFrame], data: Path) -> pl.DataFrame:
    theirs = table(data / "adam_adtte_onco.csv").with_columns(PARAMCD=pl.col("PARAMCD").replace(OURS))
    mine = ours["mart.adtte"].filter(pl.col("PARAMCD").is_in(list(OURS.values())))
    imaged = (
        ours["core.response_assessment"]
        .group_by("patient_id")
        .agg(imaged_on=pl.col("assessed_on").max().cast(pl.String))
    )
    columns = [pl.col(name).cast(pl.String) for name in ("STARTDT", "ADT", "CNSR")]
    return (
        theirs.select("patient_id", "PARAMCD", "STARTDT", "ADT", "CNSR", pl.col("AVAL").cast(pl.Int64))
        .join(
            mine.select("patient_id", "PARAMCD", *columns, "AVAL", "NEREASON"),
            on=["patient_id", "PARAMCD"],
            how="full",
            coalesce=True,
            suffix="_ours",
        )
        .join(imaged, on="patient_id", how="left")
    )


def responses(ours: dict[str, pl.DataFrame], data: Path) -> pl.DataFrame:
    """Their BOR, CBOR, RSP and CRSP beside what mart.best_response says of the same."""
    best = ours["mart.best_response"].filter(pl.col("criteria_code") == "RECIST 1.1")
    said = [
        best.select("patient_id", "not_evaluable_reason", PARAMCD=pl.lit(name), AVALC_ours=value, ADT_ours=day)
        for name, value, day in (
            ("BOR", pl.col("best_code"), pl.lit(None, pl.String)),
            ("CBOR", pl.col("confirmed_code"), pl.lit(None, pl.String)),
            ("RSP", _yes("response_on"), pl.col("response_on").cast(pl.String)),
            ("CRSP", _yes("confirmed_response_on"), pl.col("confirmed_response_on").cast(pl.String)),
        )
    ]
    theirs = table(data / "adam_adrs_onco.csv").filter(pl.col("PARAMCD").is_in(["BOR", "CBOR", "RSP", "CRSP"]))
    theirs = theirs.select(
        "patient_id", "PARAMCD", "AVALC", ADT=pl.when(pl.col("PARAMCD").str.ends_with("RSP")).then("ADT")
    )
    return theirs.join(pl.concat(said), on=["patient_id", "PARAMCD"], how="full", coalesce=True)


def _yes(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_not_null()).then(pl.lit("Y")).otherwise(pl.lit("N"))


TIME_RULES = {
    "the same, and one day added": (
        (pl.col("STARTDT") == pl.col("STARTDT_ours"))
        & (pl.col("ADT") == pl.col("ADT_ours"))
        & (pl.col("CNSR") == pl.col("CNSR_ours"))
        & (pl.col("AVAL") == pl.col("AVAL_ours") + 1)
    ),
    "an imaging after LSTALVDT is evidence of life": (
        (pl.col("PARAMCD") == "OS")
        & (pl.col("CNSR") == "1")
        & (pl.col("CNSR_ours") == "1")
        & (pl.col("ADT_ours") == pl.col("imaged_on"))
        & (pl.col("ADT_ours") > pl.col("ADT"))
    ),
}
RESPONSE_RULES = {
    "the same": pl.col("AVALC").eq_missing(pl.col("AVALC_ours")) & pl.col("ADT").eq_missing(pl.col("ADT_ours")),
    "MISSING is no assessment, which we give as a reason": (
        (pl.col("AVALC") == "MISSING") & (pl.col("not_evaluable_reason") == "no assessment after time zero")
    ),
    "never randomised: a row of theirs, not in our cohort": (
        pl.col("AVALC").is_in(["MISSING", "N"]) & ~pl.col("is_in_cohort")
    ),
}


def explained(rows: pl.DataFrame, rules: dict[str, pl.Expr]) -> tuple[Counter[str], list[tuple[object, ...]]]:
    """How often each rule explains a row (the first that does), and the rows none does."""
    expression = pl.lit(None, pl.String)
    for name, holds in reversed(rules.items()):
        expression = pl.when(holds).then(pl.lit(name)).otherwise(expression)
    judged = rows.with_columns(rule=expression)
    return Counter(judged["rule"].drop_nulls()), judged.filter(pl.col("rule").is_null()).rows()


def compare(root: Path, data: Path) -> tuple[Counter[str], Counter[str]]:
    ours = refreshed(root, data)
    by_time, odd = explained(times(ours, data), TIME_RULES)
    assert odd == []
    cohort = pl.col("patient_id").is_in(ours["mart.adtte"]["patient_id"].implode())
    by_response, odd = explained(responses(ours, data).with_columns(is_in_cohort=cohort), RESPONSE_RULES)
    assert odd == []
    return by_time, by_response


def test_the_real_data(shared: Path, tmp_path: Path) -> None:
    by_time, by_response = compare(tmp_path / "home", shared / "data" / "pharmaverse")
    assert by_time == {
        "the same, and one day added": 511,
        "an imaging after LSTALVDT is evidence of life": 1,
    }
    assert by_response == {
        "the same": 524,
        "MISSING is no assessment, which we give as a reason": 492,
        "never randomised: a row of theirs, not in our cohort": 208,
    }


def test_the_twin(tmp_path: Path) -> None:
    by_time, by_response = compare(tmp_path / "home", HERE / "twin")
    assert by_time == {
        "the same, and one day added": 10,
        "an imaging after LSTALVDT is evidence of life": 1,
    }
    assert by_response == {
        "the same": 18,
        "MISSING is no assessment, which we give as a reason": 2,
        "never randomised: a row of theirs, not in our cohort": 4,
    }


def test_a_difference_without_a_rule_fails(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(HERE / "twin", data)
    wrong = (data / "adam_adtte_onco.csv").read_text(encoding="utf-8").replace("2014-05-01,121,0", "2014-05-01,121,1")
    (data / "adam_adtte_onco.csv").write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError):
        compare(tmp_path / "home", data)
