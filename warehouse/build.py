"""From typed rows to a whole, documented warehouse file: reference tables, coding, models, checks, accounts.

Nothing here reads a clock, draws a number or sums floats: the file is a function of its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from schemas import dictionary, relations, standards
from schemas.canonical import CORE, MODELS, columns, model_metadata, table_name
from schemas.canonical.base import ROW_RULES
from schemas.centre import Centre
from schemas.codelist import code_table
from schemas.endpoints import rule_rows
from schemas.errors import ConfigurationError
from schemas.links import load_links
from schemas.registry import Registry
from schemas.rules import Rule, text_rules
from schemas.sql_text import parquet
from warehouse import before, check, ledger_moves, ledger_sight, ledger_values, linkage, models, views
from warehouse.harmonise.coder import Maps, code_terms, load_maps
from warehouse.harmonise.column_map import column_map
from warehouse.keyed import keyed
from warehouse.ledger_fold import Told
from warehouse.reference import codes_of


@dataclass(frozen=True)
class Contribution:
    """One centre's part of a refresh. folder: its typed rows; None where no export of it was ever good."""

    centre: Centre
    folder: Path | None
    state: str
    reason: str | None = None
    before: before.Before | None = None


@dataclass(frozen=True)
class BuildInputs:
    """All a build depends on. text_files: the landing's text rows of the deliveries in use.

    ledger: what the journal tells of the queries; without it none is asked.
    """

    home: Path
    registry: Registry
    contributions: tuple[Contribution, ...]
    text_files: tuple[Path, ...]
    refresh_id: str
    as_of: datetime
    code_version: str
    manifest_hash: str
    secret: bytes
    ledger: Told | None = None

    @property
    def folders(self) -> list[Path]:
        """The folders of typed rows that are there."""
        return [part.folder for part in self.contributions if part.folder]


def rule_book() -> dict[str, Rule]:
    """Every rule of every door and check, by name."""
    rows = {name: rule for rules in ROW_RULES.values() for name, rule in rules.items()}
    return {**text_rules(), **rows, **check.rules()}


def build(target: Path, inputs: BuildInputs) -> None:
    """Write the warehouse of one refresh to `target`, a path where nothing is."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("attach ':memory:' as staging")
        _make_tables(connection)
        for name in ("combination_window_days", "metastatic_tolerance_days"):
            connection.execute(f"set variable {name} = {getattr(inputs.registry, name)}")
        _fill_meta(connection, inputs)
        _fill_reference(connection, inputs)
        _fill_terms(connection, inputs)
        _fill_door_findings(connection, inputs)
        _run_models(connection, inputs)
        linkage.fill(connection, load_links(inputs.home))
        _offer_before(connection, inputs)
        _fill_completeness(connection)
        _run_checks(connection, inputs)
        _ask(connection, inputs, target.parent)
        connection.execute("detach staging")
        connection.execute("checkpoint")


def _make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table and view of the registry, empty and documented."""
    connection.execute("begin")
    connection.execute(";\n".join(dictionary.ddl()))
    views.create(connection)
    connection.execute("commit")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    if frame.height:
        connection.register("_frame", frame.to_arrow())
        connection.execute(f"insert into {table} by name select * from _frame")
        connection.unregister("_frame")


def _fill_meta(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    registry = inputs.registry
    _insert(
        connection,
        "meta.refresh",
        pl.DataFrame(
            [
                {
                    "refresh_id": inputs.refresh_id,
                    "as_of": inputs.as_of.replace(tzinfo=None),
                    "title_en": registry.title["en"],
                    "title_zh": registry.title["zh"],
                    "study_id": registry.study_id,
                    "is_synthetic": registry.synthetic,
                    "jurisdiction": registry.jurisdiction,
                    "purpose": list(registry.purpose),
                    "code_version": inputs.code_version,
                    "manifest_hash": inputs.manifest_hash,
                }
            ]
        ),
    )
    _insert(connection, "meta.table_dictionary", pl.DataFrame(dictionary.table_rows()))
    _insert(connection, "meta.foreign_key", pl.DataFrame(relations.foreign_rows()))
    _insert(connection, "meta.column_dictionary", pl.DataFrame(dictionary.column_rows(), infer_schema_length=None))
    _insert(
        connection,
        "meta.crosswalk",
        standards.table("crosswalk").rename({"table": "table_name", "column": "column_name"}),
    )
    _insert(
        connection,
        "meta.centre",
        pl.DataFrame(
            [
                {
                    "centre": part.centre.code,
                    "title_en": part.centre.title["en"],
                    "title_zh": part.centre.title["zh"],
                    "language": part.centre.language,
                    "jurisdiction": part.centre.jurisdiction,
                    "legal_basis": part.centre.legal_basis,
                    "permitted_use": None if (use := part.centre.permitted_use) is None else list(use),
                    "transfers": [each.sentence for each in part.centre.transfer],
                    "state": part.state,
                    "reason": part.reason,
                    "cut_off_on": part.centre.cut_off_on,
                    "assessment_interval_days": part.centre.assessment_interval_days,
                }
                for part in inputs.contributions
            ],
            schema_overrides={
                "reason": pl.String,
                "assessment_interval_days": pl.Int64,
                "permitted_use": pl.List(pl.String),
                "transfers": pl.List(pl.String),
            },
        ),
    )
    if inputs.folders:
        for table in ("delivery_file", "column_mapping"):
            source = parquet(folder / f"{table}.parquet" for folder in inputs.folders)
            connection.execute(f"insert into meta.{table} by name select * from {source}")
        exports = parquet(folder / "export.parquet" for folder in inputs.folders)
        connection.execute(
            f"update meta.centre set export_hash = export.export_hash, rows = export.rows "
            f"from {exports} as export where export.centre = meta.centre.centre"
        )


def _fill_reference(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    _insert(connection, "reference.rule", pl.DataFrame([rule.row() for rule in rule_book().values()]))
    groups = {entity: group for group, entities in inputs.registry.histology_groups.items() for entity in entities}
    _insert(
        connection,
        "reference.histology",
        codes_of("histology").with_columns(
            pl.col("entity_code").replace_strict(groups, default=None, return_dtype=pl.String).alias("histology_group")
        ),
    )
    for table in ("drug", "line", "contact_type", "response"):
        _insert(connection, f"reference.{table}", codes_of(table))
    _insert(connection, "reference.code", code_table().drop("version"))
    _insert(
        connection,
        "reference.end_point",
        pl.DataFrame(rule_rows(inputs.registry.endpoints), infer_schema_length=None),
    )
    _insert(
        connection,
        "reference.criterion",
        pl.DataFrame(
            [
                {
                    "code": item.code,
                    "position": position,
                    "sentence_en": item.sentence["en"],
                    "sentence_zh": item.sentence["zh"],
                    "exclude_when": item.exclude_when,
                }
                for position, item in enumerate(inputs.registry.cohort, 1)
            ]
        ),
    )


def _typed_files(inputs: BuildInputs, table: str) -> list[Path]:
    return [folder / f"{table}.parquet" for folder in inputs.folders]


def _fill_terms(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    _code_texts(connection, inputs, inputs.folders, "reference.term_map")


def _offer_before(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    """Each centre's delivery before this one, as the checks read it; its texts are coded as today's are."""
    earlier = {part.centre.code: part.before for part in inputs.contributions if part.folder and part.before}
    connection.execute("create table staging.before_term as from reference.term_map")
    _code_texts(connection, inputs, [item.folder for item in earlier.values()], "staging.before_term")
    before.offer(connection, earlier)


def _code_texts(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, folders: list[Path], target: str) -> None:
    """Code every distinct text of every list that `target` does not have, once."""
    if not folders:
        return
    by_list: dict[str, list[str]] = {}
    for table in CORE:
        for source, code_list in models.coded_sources(table):
            by_list.setdefault(code_list, []).append(
                f"select centre, {source} as text from {parquet(folder / f'{table}.parquet' for folder in folders)} "
                f"where {source} is not null"
            )
    centres = {part.centre.code: part.centre for part in inputs.contributions}
    for code_list, parts in by_list.items():
        texts = connection.execute(
            f"select distinct centre, text from ({' union all '.join(parts)}) as typed anti join "
            f"(from {target} where list = ?) as known using (centre, text) order by all",
            [code_list],
        ).pl()
        if texts.height:
            _insert(
                connection,
                target,
                code_terms(code_list, texts, _maps(inputs.home, code_list, centres)),
            )


def _maps(home: Path, code_list: str, centres: Mapping[str, Centre]) -> Maps:
    """The maps of a list: the registry's, each centre's, and what a centre's columns map by themselves."""
    maps = load_maps(home, code_list, list(centres))
    for code, centre in centres.items():
        own = column_map(centre, code_list)
        if own is None:
            continue
        filed = maps.get(code)
        both = sorted(own.entries.keys() & filed.entries.keys()) if filed else []
        if both:
            raise ConfigurationError(
                f"centres/{code}/centre.yaml maps {own.entries[both[0]].text!r} in a column, and "
                f"maps/{code_list}.csv maps it too; keep one of the two."
            )
        entries = {**(filed.entries if filed else {}), **own.entries}
        maps[code] = replace(own, entries=entries, version=f"{own.version}{filed.version if filed else ''}")
    return maps


def _fill_door_findings(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    found = connection.execute(
        f"select * from {parquet(folder / 'finding.parquet' for folder in inputs.folders)} order by all"
    ).pl()
    _insert_findings(connection, check.located(connection, found, inputs.text_files), inputs.secret)
    for table in ("row_account", "check_result", "correction"):
        source = parquet(folder / f"{table}.parquet" for folder in inputs.folders)
        connection.execute(f"insert into quality.{table} by name select * from {source}")


def _insert_findings(connection: duckdb.DuckDBPyConnection, found: pl.DataFrame, secret: bytes) -> None:
    """Findings with what their rule says of them, and an id that is the same in every refresh."""
    if not found.height:
        return
    book = rule_book()
    names = found["rule"].unique()
    facts = pl.DataFrame(
        [
            {"rule": name, "severity": book[name].severity, "action": book[name].action,
             "channel": book[name].channel, "kahn_category": book[name].kahn}
            for name in names
        ]
    )  # fmt: skip
    place = pl.coalesce("record_key", "row_id", pl.lit(""))
    identity = pl.concat_str(["centre", "rule", "table_name", place, pl.col("field").fill_null("")], separator="\x1f")
    texts = found.select(identity.alias("identity"))["identity"]
    rows = found.with_columns(finding_id=keyed(secret, texts)).join(facts, on="rule", how="left")
    _insert(connection, "quality.finding", rows.unique("finding_id", keep="first", maintain_order=True))


def _run_models(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    all_models: Mapping[str, str] = {
        **{f"staging.{table}": models.staging_model(table, _typed_files(inputs, table)) for table in CORE},
        **models.written_models(),
        "staging.end_point_setting": models.setting_model(inputs.registry.endpoints),
        "staging.judgement": models.judgement_model(inputs.registry.cohort),
        "staging.line_setting": models.line_setting_model(inputs.registry),
        "staging.line_swap": models.line_swap_model(inputs.registry),
        "staging.coded_cell": models.coded_cell_model(),
        "staging.record": models.record_model(),
        "staging.same_person": models.same_person_model(load_links(inputs.home)),
    }
    by_name = {table_name(model): model for model in MODELS}
    for name in models.in_order(connection, all_models):
        if name.startswith("staging."):
            connection.execute(f"create table {name} as {all_models[name]}")
            continue
        model = by_name[name]
        given = _columns_of(connection, name, all_models[name])
        taken = [column.name for column in columns(model) if column.name in given]
        order = ", ".join(model_metadata(model)["key"])
        names = ", ".join(f'"{column}"' for column in taken)
        connection.execute(f"insert into {name} by name select {names} from ({all_models[name]}) order by {order}")


def _columns_of(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> set[str]:
    """The columns a model returns. One returned twice would fill its column with the first in silence."""
    given = [row[0] for row in connection.execute(f"describe {sql}").fetchall()]
    twice = sorted({column for column in given if given.count(column) > 1})
    if twice:
        raise ValueError(f"the model {name} returns {', '.join(twice)} twice")
    return set(given)


def _fill_completeness(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"insert into quality.completeness by name {models.completeness_model()}")


def _run_checks(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    centres = [part.centre.code for part in inputs.contributions if part.folder]
    results, found = check.run(connection, check.rules(), centres)
    _insert(connection, "quality.check_result", results)
    found = check.with_rows(connection, found)
    _insert_findings(connection, check.located(connection, found, inputs.text_files), inputs.secret)


def _ask(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, folder: Path) -> None:
    """Queries from findings; the moves they make lie in `folder` until the refresh is published."""
    ledger_values.fill(connection, inputs.secret, inputs.text_files)
    if inputs.ledger is not None:
        moves = ledger_sight.look(connection, inputs.ledger, inputs.registry.queries, inputs.refresh_id, inputs.as_of)
        ledger_moves.write(folder, moves)
