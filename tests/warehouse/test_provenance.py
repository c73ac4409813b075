"""Every coded value of core leads back to the row of reference.term_map that says why it is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schemas.canonical import CORE, columns
from warehouse.home import Home
from warehouse.models import code_column, coded_sources

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "three-centres"

BY_MODEL = {
    ("tumour", "entity_code"): ("histology_source", "morphology_source"),
    ("tumour", "morphology_code"): ("histology_source", "morphology_source"),
    ("tumour", "morphology_edition"): ("histology_source", "morphology_source"),
    ("tumour", "behaviour"): ("histology_source", "morphology_source"),
    ("treatment_line", "line_min"): ("line_stated_source",),
    ("treatment_line", "line_max"): ("line_stated_source",),
    ("treatment_line", "setting_code"): ("setting_source", "line_stated_source"),
    ("drug_exposure", "agent_code"): ("agent_source",),
    ("drug_exposure", "class_code"): ("agent_source",),
    ("drug_exposure", "component_code"): ("agent_source",),
    ("drug_exposure", "is_checkpoint_inhibitor"): ("agent_source",),
}
"""Coded columns that a model makes, and the texts it makes them from, the deciding one first."""

CODED = [(table, column.name) for table, model in CORE.items() for column in columns(model) if column.role == "coded"]


@pytest.fixture(scope="module")
def demo(example_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(Home(example_home).database), read_only=True) as connection:
        yield connection


def sources(table: str, column: str) -> dict[str, str]:
    """The texts a coded column is made from, with their lists."""
    lists = dict(coded_sources(table))
    plain = {source: code_list for source, code_list in lists.items() if code_column(table, source) == column}
    return {source: lists[source] for source in BY_MODEL.get((table, column), ())} or plain


@pytest.mark.parametrize(("table", "column"), CODED)
def test_a_coded_value_has_its_row_in_the_term_map(demo: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    named = sources(table, column)
    assert named, f"core.{table}.{column} is coded from no text: name its source in BY_MODEL"
    reached = " or ".join(
        f"exists (from reference.term_map as term where term.list = '{code_list}' and term.centre = row.centre "
        f"and term.text = row.{source} and (term.code is not null or term.entity_code is not null))"
        for source, code_list in named.items()
    )
    query = f"select count(*) from core.{table} as row where row.{column} is not null and not ({reached})"
    assert demo.execute(query).fetchone() == (0,)


@pytest.mark.parametrize(
    ("table", "source", "code_list"),
    [(table, source, code_list) for table in CORE for source, code_list in coded_sources(table)],
)
def test_every_text_has_one_row_and_a_plain_code_is_the_one_it_says(
    demo: duckdb.DuckDBPyConnection, table: str, source: str, code_list: str
) -> None:
    target = code_column(table, source)
    differs = "false"
    if target and (table, target) not in BY_MODEL:
        differs = f"term.code is distinct from row.{target}::varchar"
    query = (
        f"select count(*) filter (rows <> 1), count(*) filter (differs) from (select count(term.text) as rows, "
        f"bool_or({differs}) as differs from core.{table} as row left join reference.term_map as term "
        f"on term.list = '{code_list}' and term.centre = row.centre and term.text = row.{source} "
        f"where row.{source} is not null group by row.record_key)"
    )
    assert demo.execute(query).fetchone() == (0, 0)


def test_a_row_of_the_term_map_says_all_it_should(demo: duckdb.DuckDBPyConnection) -> None:
    lacking = demo.execute(
        "select list, text from reference.term_map where rule is null or confidence is null or needs_query is null "
        "or reason is null or candidates is null or list_version is null or (needs_query and reason = '') "
        "or len(candidates) > 5 or (code is not null and rule = 'none')"
    ).fetchall()
    assert lacking == []
    shown = dict(demo.execute("select rule, count(*) from reference.term_map group by rule").fetchall())
    assert shown.keys() >= {"centre_map", "code", "exact_term", "none"}
    maps = demo.execute("select distinct list_version from reference.term_map where rule = 'centre_map'").fetchall()
    assert all(" map:" in version for (version,) in maps)


def test_every_map_of_the_demo_is_in_use(demo: duckdb.DuckDBPyConnection) -> None:
    """Column maps of centre.yaml and map files alike leave `centre_map` behind."""
    used = {
        row[0]
        for row in demo.execute("select distinct list from reference.term_map where rule = 'centre_map'").fetchall()
    }
    assert used >= {path.stem for path in EXAMPLE.glob("centres/*/maps/*.csv")}
