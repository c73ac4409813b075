"""`sarcreg code`: what a program that calls it may count on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main

COLUMNS = ["text", "code", "entity", "edition", "rule", "needs_query", "reason", "candidates"]


def code(*words: str) -> Result:
    return CliRunner().invoke(main, ["code", *words])


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_coded_row_by_row_in_its_order_with_its_duplicates_and_its_empty_texts(
    tmp_path: Path, encoding: str
) -> None:
    texts = ["MFH", 'say "ASPS", or\nnot', "", "MFH", "腺泡状软组织肉瘤", "9581/3"]
    file = tmp_path / "terms.csv"
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([["id", "text"], *([i, text] for i, text in enumerate(texts))])
    found = rows(code("histology", "--file", str(file), "--format", "csv"))
    assert list(found[0]) == COLUMNS
    assert [row["text"] for row in found] == texts
    assert [row["code"] for row in found] == ["", "", "", "", "9581/3", "9581/3"]
    assert [row["entity"] for row in found][4:] == ["ASPS", "ASPS"]
    assert [row["needs_query"] for row in found] == ["true"] * 4 + ["false"] * 2
    assert found[2]["reason"] == "no text"
    assert found[0]["candidates"].split("|")[0] == "8802/3 UPS"
    assert found[0] == found[3]


def test_candidates_of_other_lists_are_codes_alone() -> None:
    (row,) = rows(code("drug", "GT", "--format", "csv"))
    assert row["candidates"] == "docetaxel+gemcitabine|gemcitabine+paclitaxel"


def test_a_blank_line_is_an_empty_text_where_text_is_the_only_column(tmp_path: Path) -> None:
    alone, beside = tmp_path / "alone.csv", tmp_path / "beside.csv"
    alone.write_text("text\nM\n\nF\n", encoding="utf-8")
    beside.write_text("text,n\nM,1\n\nF,2\n\n", encoding="utf-8")
    assert [row["text"] for row in rows(code("sex", "--file", str(alone), "--format", "csv"))] == ["M", "", "F"]
    assert [row["text"] for row in rows(code("sex", "--file", str(beside), "--format", "csv"))] == ["M", "F"]


def test_a_file_without_rows_gives_the_header_alone(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("text\n", encoding="utf-8")
    assert code("sex", "--file", str(file), "--format", "csv").stdout == ",".join(COLUMNS) + "\n"


def test_table_and_json_show_the_same_columns() -> None:
    (row,) = json.loads(code("histology", "MFH", "--format", "json").stdout)
    assert list(row) == COLUMNS
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["code", "histology", "MFH"]).stdout
    assert [name.strip(" │") for name in shown.splitlines()[1].split("┆")] == COLUMNS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"term\nASPS\n", "must name a column `text`; it names term"),
        (b"", "must name a column `text`"),
        (b"text\nM\xfcller\n", "cannot be read as CSV in UTF-8"),
        (b'text\n"ASPS" or so\n', "cannot be read as CSV in UTF-8"),
        ("text\nASPS\n".encode("utf-16"), "cannot be read as CSV in UTF-8"),
        (None, "cannot be read as CSV in UTF-8 (No such file or directory)"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_message(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "terms.csv"
    if content is not None:
        file.write_bytes(content)
    result = code("histology", "--file", str(file), "--format", "csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
