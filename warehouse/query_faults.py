"""Why a query cannot be answered and what to do: DuckDB's words without the query's literals or a patient's value."""

from __future__ import annotations

import re

import duckdb

WHERE = "`select * from meta.column_dictionary` lists every table and column."
_HINTS = ("Did you mean", "Candidate bindings", "Either add it")
_NAME = re.compile(r'"([^"]*)"')
_NEAR_LITERAL = re.compile(r"""(?<=near ")['"$].*""")


def told(fault: duckdb.Error, query: str) -> str:
    """The fault in a sentence or two. Names of the warehouse are shown; what may be a patient's value is not."""
    first, *rest = str(fault).splitlines()
    if isinstance(fault, duckdb.ParserException):
        return _sentence(_NEAR_LITERAL.sub('…"', first))
    if isinstance(fault, duckdb.CatalogException | duckdb.BinderException):
        quoted = {name for name in _NAME.findall(query) if f'"{name}" not found' in first}
        first = _NAME.sub(lambda name: '"…"' if name[1] in quoted else name[0], first)
        hints = [line for line in rest if line.startswith(_HINTS)]
        texts = ["Double quotes name a column; a text stands in 'single quotes'."] if quoted else []
        return " ".join([*(_sentence(line) for line in (first, *hints)), *texts, WHERE])
    if "read-only" in first:
        return "The published warehouse is read-only; a refresh makes the next. Write a result out with --format csv."
    if isinstance(fault, duckdb.PermissionException):
        return "A query sees no file but the warehouse, results and landing. Write a result out with --format csv."
    if "configuration has been locked" in first:
        return "A query changes no setting."
    if isinstance(fault, duckdb.ConversionException | duckdb.OutOfRangeException | duckdb.InvalidInputException):
        return (
            f"{type(fault).__name__}: a value does not fit what is asked of it, or a subquery has several rows. "
            "try_cast, try_strptime and try(…) give null in place of a value that does not fit."
        )
    return f"{type(fault).__name__}."


def _sentence(line: str) -> str:
    return line if line.endswith((".", "!", "?")) else f"{line}."
