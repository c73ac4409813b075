"""How the tables hang together, from the foreign keys of their models: meta.foreign_key and docs/er-diagram.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.canonical import MODELS, ForeignKey, Table, columns, foreign_keys, model_metadata, table_name

SCHEMAS = {
    "core": "What the centres told. A record belongs to a patient, a patient to a centre.",
    "mart": "The cohort, its lines of treatment and end points, and the records of core they were made from.",
    "quality": "What was found and asked. A query outlives the record it asks about, and a finding may stand in a row "
    "that no record came of, so their patient_id and record_key are no foreign keys; `table_name` says which table "
    "of core they mean.",
    "reference": "Code lists and rules. A coded column refers to `reference.code` by its list, which "
    "`meta.column_dictionary.code_list` names; the gate checks these, too.",
    "meta": "The refresh, the centres and their files, and the dictionary.",
}


def foreign_rows() -> list[dict[str, Any]]:
    """The rows of meta.foreign_key."""
    rows = []
    for model in MODELS:
        schema, table = table_name(model).split(".")
        for foreign in foreign_keys(model):
            target_schema, target = foreign.target.split(".")
            rows.append(
                {
                    "table_schema": schema,
                    "table_name": table,
                    "column_names": list(foreign.columns),
                    "target_schema": target_schema,
                    "target_table": target,
                    "target_columns": list(foreign.key),
                }
            )
    return rows


def code_columns(model: type[Table]) -> Iterator[tuple[str, str]]:
    """(column, code list) of every column that holds codes of a list, not the text that was sent."""
    for column in columns(model):
        if column.code_list and column.role != "delivered" and column.sql_type == "VARCHAR":
            yield column.name, column.code_list


def er_page() -> str:
    """docs/er-diagram.md, whole: one diagram a schema, each table with the columns of its keys alone."""
    parts = [
        "# How the tables hang together",
        "Generated from the foreign keys of the models in `schemas/canonical` by `make docs`; change them, not this "
        "page. Each box shows the columns of the table's own key (PK) and those that refer to another table (FK); all "
        "columns stand in [data-dictionary.md](data-dictionary.md), all foreign keys in `meta.foreign_key`. Tables of "
        "another schema are shown without columns. Nearly every table has `centre`, which refers to `meta.centre`, "
        "and those of a patient refer to `core.patient`; outside its own schema `meta.centre` is left out below.",
        "Every foreign key is checked by the gate before anything is published. The file itself declares no "
        "constraints: [decisions/foreign-keys.md](decisions/foreign-keys.md).",
    ]
    for schema, sentence in SCHEMAS.items():
        parts += [f"## {schema}", sentence, f"```mermaid\n{er_diagram(schema)}\n```"]
    return "\n\n".join(parts) + "\n"


def er_diagram(schema: str) -> str:
    """A Mermaid ER diagram of one schema."""
    lines = ["erDiagram", "    direction LR"]
    models = [model for model in MODELS if model_metadata(model)["schema"] == schema]
    for model in models:
        lines += _lines_to(model)
    for model in models:
        lines += _box(model)
    return "\n".join(lines)


def _lines_to(model: type[Table]) -> list[str]:
    shown = [one for one in foreign_keys(model) if one.target != "meta.centre" or table_name(model).startswith("meta.")]
    by_target: dict[str, list[ForeignKey]] = {}
    for foreign in shown:
        by_target.setdefault(foreign.target, []).append(foreign)
    return [f"    {_id(target)} {_ends(model, found)} {_id(table_name(model))} : {_label(found)}"
            for target, found in by_target.items()]  # fmt: skip


def _ends(model: type[Table], found: list[ForeignKey]) -> str:
    """At most one row where the reference is the table's whole key, else any number; null may refer to nothing."""
    nullable = {column.name for column in columns(model) if column.is_nullable}
    is_one = any(set(one.columns) == set(model_metadata(model)["key"]) for one in found)
    may_be_empty = all(nullable.intersection(one.columns) for one in found)
    return f"{'|o' if may_be_empty else '||'}--{'o|' if is_one else 'o{'}"


def _label(found: list[ForeignKey]) -> str:
    return '"' + ", ".join(" + ".join(one.columns) for one in found) + '"'


def _box(model: type[Table]) -> list[str]:
    key = model_metadata(model)["key"]
    referring = {column for one in foreign_keys(model) for column in one.columns}
    rows = []
    for column in columns(model):
        marks = [mark for mark, names in (("PK", key), ("FK", referring)) if column.name in names]
        if marks:
            kind = column.sql_type.replace("[]", "_list").split("(")[0].lower()
            rows.append(f"        {kind} {column.name} {', '.join(marks)}")
    return [f"    {_id(table_name(model))} {{", *rows, "    }"]


def _id(name: str) -> str:
    return name.replace(".", "_")
