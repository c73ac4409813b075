"""The tables explain themselves: every table, column and rule has its sentence; the generated pages are fresh."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.document import PAGES
from schemas import dictionary
from schemas.canonical import CORE, MODELS, columns, model_metadata, table_name
from schemas.canonical.base import delivered
from schemas.centre import deliverable
from schemas.codelist import lists
from warehouse.build import rule_book

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("model", MODELS, ids=table_name)
def test_every_table_and_column_has_its_sentence(model: type) -> None:
    meta = model_metadata(model)
    assert dictionary.description(model).endswith(".")
    assert meta["grain"].startswith("one row")
    names = [column.name for column in columns(model)]
    assert set(meta["key"]) <= set(names)
    assert len(names) == len(set(names))
    assert all(column.text for column in columns(model))


@pytest.mark.parametrize("model", CORE.values(), ids=table_name)
def test_every_coded_field_keeps_its_source_and_names_a_list(model: type) -> None:
    names = {column.name for column in columns(model)}
    for column in columns(model):
        if column.name.endswith("_source") and column.role == "delivered":
            assert column.code_list in lists(), column.name
        if column.name.endswith("_on") and column.role == "delivered":
            assert {f"{column.name}_{part}" for part in ("source", "earliest", "latest", "precision")} <= names


def test_the_ddl_comments_on_everything() -> None:
    with duckdb.connect() as connection:
        for statement in dictionary.ddl():
            connection.execute(statement)
        bare = connection.execute(
            """
            select table_schema, table_name, '' as column_name from information_schema.tables
            where coalesce(table_comment, '') = ''
            union all
            select schema_name, table_name, column_name from duckdb_columns()
            where not internal and coalesce(comment, '') = ''
            """
        ).fetchall()
    assert bare == []


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("name", sorted(rule_book()))
def test_every_rule_says_what_and_what_to_do(name: str) -> None:
    rule = rule_book()[name]
    for text in (*rule.sentence.values(), *rule.advice.values()):
        assert text.strip()
    assert rule.sentence["en"].endswith(".") and rule.advice["en"].endswith(".")
    assert rule.source
    assert set(rule.tables) <= set(CORE)


@pytest.mark.parametrize("table", CORE)
def test_the_importance_of_every_field_is_decided(table: str) -> None:
    """None is given by default; a record without any field that must be there would say nothing."""
    decided = {name: column.importance for name, column in deliverable(table).items()}
    assert set(decided.values()) <= {"mandatory", "recommended", "optional"}
    assert "mandatory" in decided.values()


def test_a_field_without_importance_is_refused() -> None:
    with pytest.raises(TypeError, match="importance"):
        delivered("Colour of the form")  # type: ignore[call-arg]
