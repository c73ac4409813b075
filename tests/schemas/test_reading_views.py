"""The views for reading are a promise: what a reader's query may rely on is listed, and changes only under a version."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from schemas import dictionary
from schemas.canonical import VIEWS, columns, model_metadata, table_name
from warehouse import views

ROOT = Path(__file__).resolve().parents[2]
PROMISED = Path(__file__).with_name("reading_columns.csv")
VERSIONS = {1: "2586fc6664d5", 2: "66565188aedc"}
"""Version of the promise -> the first digits of the list's sha256. A list that is changed takes a new version."""


def promised() -> list[tuple[str, str, str]]:
    with PROMISED.open(encoding="utf-8", newline="") as lines:
        return [(row["view"], row["column"], row["type"]) for row in csv.DictReader(lines)]


def test_every_promised_column_is_there_with_its_type_and_in_its_place() -> None:
    told = [(table_name(model), column.name, column.sql_type) for model in VIEWS for column in columns(model)]
    kept = promised()
    assert [one for one in told if one in set(kept)] == kept, "a reader's query would break: see docs/views.md"
    assert told == kept, "list the new columns in tests/schemas/reading_columns.csv, at the end of their view"


def test_the_list_changes_only_under_a_new_version_with_its_line_in_the_changelog() -> None:
    version, digest = max(VERSIONS.items())
    found = hashlib.sha256(PROMISED.read_bytes()).hexdigest()[:12]
    assert found == digest, f"the promise has changed: give version {version + 1} the digest {found}"
    told = f"Reading views, version {version}"
    assert told in " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())
    assert f"This is version {version}." in (ROOT / "docs" / "views.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", VIEWS, ids=table_name)
def test_every_view_and_column_has_its_sentence(model: type) -> None:
    assert dictionary.description(model).endswith(".")
    assert all(column.text for column in columns(model))
    assert views.sql_of(model).startswith(f"-- grain: {model_metadata(model)['grain']}")
