"""From the models: DDL, comments, the dictionary tables and docs/data-dictionary.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.canonical import MODELS, VIEWS, Table, columns, model_metadata, table_name
from schemas.sql_text import literal


def description(model: type[Table]) -> str:
    """The model's docstring on one line."""
    return " ".join((model.__doc__ or "").split())


def create_table(model: type[Table]) -> str:
    """The CREATE TABLE statement of a model."""
    lines = ",\n".join(f'    "{column.name}" {column.sql_type}' for column in columns(model))
    return f"create table {table_name(model)} (\n{lines}\n)"


def comment_texts(model: type[Table]) -> dict[str, str]:
    """What is said of the table (key: its name, with its grain) and of each column (with unit and code list)."""
    grain = model_metadata(model)["grain"]
    told = {table_name(model): f"{description(model)} Grain: {grain}."}
    for column in columns(model):
        notes = [column.text]
        if column.unit:
            notes.append(f"[{column.unit}]")
        if column.code_list:
            notes.append(f"(code list {column.code_list})")
        told[column.name] = " ".join(notes)
    return told


def comments(model: type[Table]) -> Iterator[str]:
    """COMMENT ON statements of the table or view and of each column."""
    name = table_name(model)
    kind = "view" if model_metadata(model)["is_view"] else "table"
    for what, text in comment_texts(model).items():
        target = f"{kind} {name}" if what == name else f'column {name}."{what}"'
        yield f"comment on {target} is {literal(text)}"


def ddl() -> list[str]:
    """Every statement that makes the empty, documented warehouse."""
    schemas = sorted({model_metadata(model)["schema"] for model in MODELS})
    statements = [f"create schema {schema}" for schema in schemas]
    for model in MODELS:
        statements.append(create_table(model))
        statements.extend(comments(model))
    return statements


def table_rows() -> list[dict[str, Any]]:
    """The rows of meta.table_dictionary."""
    return [
        {
            "table_schema": model_metadata(model)["schema"],
            "table_name": model_metadata(model)["table"],
            "description": description(model),
            "grain": model_metadata(model)["grain"],
            "key_columns": list(model_metadata(model)["key"]),
            "is_view": model_metadata(model)["is_view"],
        }
        for model in (*MODELS, *VIEWS)
    ]


def column_rows() -> list[dict[str, Any]]:
    """The rows of meta.column_dictionary."""
    return [
        {
            "table_schema": model_metadata(model)["schema"],
            "table_name": model_metadata(model)["table"],
            "column_name": column.name,
            "position": position,
            "data_type": column.sql_type,
            "role": column.role,
            "description": column.text,
            "unit": column.unit,
            "code_list": column.code_list,
            "importance": column.importance,
        }
        for model in (*MODELS, *VIEWS)
        for position, column in enumerate(columns(model), 1)
    ]


def markdown() -> str:
    """docs/data-dictionary.md, whole."""
    parts = [
        "# Data dictionary",
        "Generated from the models in `schemas/canonical` by `make docs`; change them, not this page.",
        "A date `x_on` has `x_on_source` (as sent), `x_on_earliest`, `x_on_latest` and `x_on_precision`; "
        "these companions are left out below.",
        "The views of schema `read` come first: build on these ([views.md](views.md)).",
        "How the tables hang together: [er-diagram.md](er-diagram.md).",
    ]
    for model in (*VIEWS, *MODELS):
        meta = model_metadata(model)
        parts.append(
            f"## {table_name(model)}\n{description(model)}\n\nGrain: {meta['grain']}. Key: {', '.join(meta['key'])}."
        )
        rows = ["| column | type | role | meaning | unit | code list |", "|---|---|---|---|---|---|"]
        dates = {column.name for column in columns(model) if column.name.endswith("_on")}
        for column in columns(model):
            if any(column.name.startswith(date + "_") for date in dates):
                continue
            rows.append(
                f"| {column.name} | {column.sql_type} | {column.role} | {column.text} | {column.unit or ''} "
                f"| {column.code_list or ''} |"
            )
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"
