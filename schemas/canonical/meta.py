"""The warehouse about itself: which refresh, from which deliveries, and what every table and column means."""

from __future__ import annotations

from functools import partial

import polars as pl

from schemas.canonical.base import OF_CENTRE, Table, Texts, declared, derived, provenance, refers

_meta = partial(declared, "meta")


class Refresh(Table):
    """The refresh that made this file; the only place its id stands."""

    class Config:
        """pandera's settings."""

        metadata = _meta("refresh", "one row", ("refresh_id",))

    refresh_id: pl.String = provenance("Refresh", nullable=False)
    as_of: pl.Datetime = derived("The registry's clock for this refresh, UTC")
    title_en: pl.String = derived("Registry, in English")
    title_zh: pl.String = derived("Registry, in Chinese")
    study_id: pl.String = derived("STUDYID of mart.adtte")
    is_synthetic: pl.Boolean = derived("The data are synthetic")
    jurisdiction: pl.String = derived("Country whose law the registry is under; null: not said")
    purpose: Texts = derived("What the registry serves; a centre that does not permit all of it is not in the refresh")
    code_version: pl.String = derived("Version of sarcreg and hash of its source")
    manifest_hash: pl.String = derived("sha256 of the manifest's inputs")


class Centre(Table):
    """A centre in this refresh: what arrived, and whether it is fresh."""

    class Config:
        """pandera's settings."""

        metadata = _meta("centre", "one row per centre", ("centre",))

    centre: pl.String = provenance("Centre", nullable=False)
    title_en: pl.String = derived("Name in English")
    title_zh: pl.String = derived("Name in Chinese")
    language: pl.String = derived("Language of the centre's own report")
    jurisdiction: pl.String = derived("Country whose law applies")
    legal_basis: pl.String = derived("Basis the centre declares for the use of its data")
    permitted_use: Texts = derived("What it permits: research, publication, quality, commercial; null: not said")
    transfers: Texts = derived("Bases on which its rows may cross a border, as `to: basis, from day to day`")
    state: pl.String = derived("fresh, carried_forward (a refused export, the last good one stands) or absent")
    reason: pl.String = derived("Why it is not fresh")
    export_hash: pl.String = derived("sha256 over the files of the export in use")
    cut_off_on: pl.Date = derived("Day up to which the data are complete")
    assessment_interval_days: pl.Int64 = derived("Expected days between two assessments, from centre.yaml", unit="days")
    rows: pl.Int64 = derived("Rows of the files in use, each counted once", unit="rows")


class DeliveryFile(Table):
    """A file of an export in use."""

    class Config:
        """pandera's settings."""

        metadata = _meta("delivery_file", "one row per centre and file", ("centre", "file"), OF_CENTRE)

    centre: pl.String = provenance("Centre", nullable=False)
    file: pl.String = provenance("Name as delivered", nullable=False)
    file_hash: pl.String = derived("First 16 hex digits of the file's sha256, as in row_id")
    sha256: pl.String = derived("sha256 of the bytes")
    bytes: pl.Int64 = derived("Size", unit="bytes")
    encoding: pl.String = derived("Encoding it was read with; empty for workbooks")
    text_key: pl.String = derived("Which text rows of the landing it was read into; empty for a file that goes unread")


class ColumnMapping(Table):
    """Which delivered column a field was read from: with source_rows, the way back to the cell."""

    class Config:
        """pandera's settings."""

        metadata = _meta(
            "column_mapping",
            "one row per centre, field and source column",
            ("centre", "table_name", "field", "file_hash", "sheet", "source_column"),
            OF_CENTRE,
        )

    centre: pl.String = provenance("Centre", nullable=False)
    table_name: pl.String = provenance("Core table", nullable=False)
    field: pl.String = provenance("Field as centre.yaml names it", nullable=False)
    file_hash: pl.String = provenance("File", nullable=False)
    sheet: pl.String = provenance("Sheet", nullable=False)
    source_column: pl.String = derived("Column as the centre names it")
    position: pl.Int64 = provenance("Place of the column in the row, from 1", nullable=False)
    name_position: pl.Int64 = derived("In a long file: place of the cell that names the variable; else null")


class TableDictionary(Table):
    """Every table: its meaning, grain and key."""

    class Config:
        """pandera's settings."""

        metadata = _meta("table_dictionary", "one row per table", ("table_schema", "table_name"))

    table_schema: pl.String = provenance("Schema", nullable=False)
    table_name: pl.String = provenance("Table", nullable=False)
    description: pl.String = derived("What it is")
    grain: pl.String = derived("What one row is")
    key_columns: Texts = derived("Columns that name a row")
    is_view: pl.Boolean = derived("A view for reading (docs/views.md) rather than a table")


class ColumnDictionary(Table):
    """Every column: its meaning, type, unit and code list."""

    class Config:
        """pandera's settings."""

        metadata = _meta(
            "column_dictionary",
            "one row per column",
            ("table_schema", "table_name", "column_name"),
            refers("meta.table_dictionary", "table_schema", "table_name"),
        )

    table_schema: pl.String = provenance("Schema", nullable=False)
    table_name: pl.String = provenance("Table", nullable=False)
    column_name: pl.String = provenance("Column", nullable=False)
    position: pl.Int64 = derived("Place in the table, from 1")
    data_type: pl.String = derived("Type in DuckDB")
    role: pl.String = derived("delivered, coded, derived or provenance")
    description: pl.String = derived("What it means")
    unit: pl.String = derived("Unit")
    code_list: pl.String = derived("Code list, see reference.code")
    importance: pl.String = derived("mandatory, recommended, optional; for delivered fields")


class ForeignKeys(Table):
    """Which columns of a table name a row of another; all of them hold in every published file."""

    class Config:
        """pandera's settings."""

        metadata = _meta(
            "foreign_key",
            "one row per table and columns that refer to a table",
            ("table_schema", "table_name", "column_names", "target_schema", "target_table"),
            refers("meta.table_dictionary", "table_schema", "table_name"),
            refers("meta.table_dictionary", "target_schema", "target_table", to=("table_schema", "table_name")),
        )

    table_schema: pl.String = provenance("Schema", nullable=False)
    table_name: pl.String = provenance("Table", nullable=False)
    column_names: Texts = provenance("Columns that refer; the row refers to nothing where one is null", nullable=False)
    target_schema: pl.String = provenance("Schema of the table referred to", nullable=False)
    target_table: pl.String = provenance("Table referred to", nullable=False)
    target_columns: Texts = derived("Its columns, in the same order; together unique there")


class Crosswalk(Table):
    """Where a delivered or coded column of core stands in another standard, and where not and why."""

    class Config:
        """pandera's settings."""

        metadata = _meta(
            "crosswalk", "one row per column of core and standard", ("table_name", "column_name", "standard")
        )

    table_name: pl.String = provenance("Core table", nullable=False)
    column_name: pl.String = provenance("Column", nullable=False)
    standard: pl.String = provenance("IDEA4RC, mCODE (STU 3, FHIR R4) or OMOP (CDM 5.4)", nullable=False)
    element: pl.String = derived("Element of the standard; none: there is no place for it")
    note: pl.String = derived("In what form, or why there is none")


MODELS: tuple[type[Table], ...] = (
    Refresh,
    Centre,
    DeliveryFile,
    ColumnMapping,
    TableDictionary,
    ColumnDictionary,
    ForeignKeys,
    Crosswalk,
)
