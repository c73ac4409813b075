"""The small part of R's language in which the reference cases are written: expressions, formulas, design matrices.

R's text is turned into Python's, parsed by Python and read as polars; anything not known here stops the test.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import polars as pl

_DOT = "_dot_"
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}
_FUNCTIONS: dict[str, Callable[..., pl.Expr]] = {
    "as.integer": lambda x: x.cast(pl.Int64),
    "as.numeric": lambda x: x.cast(pl.Float64),
    "as.character": lambda x: x.cast(pl.String),
    "is.na": lambda x: x.is_null(),
    "log": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "exp": lambda x: x.exp(),
    "abs": lambda x: x.abs(),
    "I": lambda x: x,
    "pmin": lambda *x: (
        pl.when(reduce(operator.or_, (v.is_null() for v in x))).then(None).otherwise(pl.min_horizontal(x))
    ),
    "pmax": lambda *x: (
        pl.when(reduce(operator.or_, (v.is_null() for v in x))).then(None).otherwise(pl.max_horizontal(x))
    ),
    "ifelse": lambda c, yes, no: pl.when(c.is_null()).then(None).when(c).then(yes).otherwise(no),
}


def expression(text: str) -> pl.Expr:
    """An R expression as a polars one: names, numbers, strings, arithmetic, comparisons, & | !, %in%, functions."""
    source = re.sub(r"%in%", " in ", text)
    source = re.sub(r"&&?", " and ", source)
    source = re.sub(r"\|\|?", " or ", source)
    source = re.sub(r"!(?!=)", " not ", source).replace("^", "**")
    source = re.sub(r"\bTRUE\b", "True", source)
    source = re.sub(r"\bFALSE\b", "False", source)
    source = re.sub(r"(?<=[A-Za-z_])\.(?=\w)", _DOT, source)
    return _read(ast.parse(source.strip(), mode="eval").body)


def _read(node: ast.expr) -> pl.Expr:
    if isinstance(node, ast.Name):
        return pl.col(node.id.replace(_DOT, "."))
    if isinstance(node, ast.Constant):
        # R's numbers are doubles, and a logical where a comparison is meant.
        return pl.lit(float(node.value) if type(node.value) is int else node.value)
    if isinstance(node, ast.BoolOp):
        return reduce(operator.and_ if isinstance(node.op, ast.And) else operator.or_, map(_read, node.values))
    if isinstance(node, ast.UnaryOp):
        inner = _read(node.operand)
        return ~inner if isinstance(node.op, ast.Not) else -inner
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_read(node.left), _read(node.right))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.In):
            values = right.args if isinstance(right, ast.Call) else [right]
            return _read(left).is_in([v.value for v in values if isinstance(v, ast.Constant)])
        return _OPERATORS[type(node.ops[0])](_read(left), _read(right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id.replace(_DOT, ".")](*map(_read, node.args))
    raise ValueError(f"this part of R is not read by the test: {ast.dump(node)}")


@dataclass(frozen=True)
class Formula:
    """Surv(entry, time, event) ~ terms + strata(s) + cluster(c) + offset(o)."""

    entry: str | None
    time: str
    event: str
    terms: tuple[str, ...]
    strata: tuple[str, ...]
    cluster: str | None
    offset: str | None


def formula(text: str) -> Formula:
    left, right = text.replace(" ", "").split("~")
    inside = re.fullmatch(r"Surv\((.+)\)", left)
    if inside is None:
        raise ValueError(f"no Surv(): {text}")
    parts = _split(inside[1], ",")
    terms, strata, cluster, offset = [], [], None, None
    for term in _split(right, "+"):
        if layered := re.fullmatch(r"strata\((.+)\)", term):
            strata += _split(layered[1], ",")
        elif clustered := re.fullmatch(r"cluster\((.+)\)", term):
            cluster = clustered[1]
        elif shifted := re.fullmatch(r"offset\((.+)\)", term):
            offset = shifted[1]
        else:
            terms += _expanded(term)
    # R puts the main effects before their products.
    terms = sorted(dict.fromkeys(terms), key=lambda t: len(_split(t, ":")))
    entry = parts[0] if len(parts) == 3 else None
    return Formula(entry, parts[-2], parts[-1], tuple(terms), tuple(strata), cluster, offset)


def _expanded(term: str) -> list[str]:
    """a*b is a, b and a:b."""
    factors = _split(term, "*")
    return [*factors, ":".join(factors)] if len(factors) == 2 else [term]


def _split(text: str, sign: str) -> list[str]:
    """Parts between the signs that stand in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def variables(f: Formula) -> list[str]:
    """The columns that a formula names, for the complete cases."""
    texts = [f.entry, f.time, f.event, *f.terms, *f.strata, f.cluster, f.offset]
    names = [n for text in texts if text for part in _split(text, ":") for n in _names(part)]
    return list(dict.fromkeys(names))


def _names(text: str) -> list[str]:
    factor = re.fullmatch(r"(?:as\.)?factor\((.+)\)", text)
    return expression(factor[1] if factor else text).meta.root_names()


def design(frame: pl.DataFrame, terms: tuple[str, ...]) -> pl.DataFrame:
    """Treatment contrasts: one indicator per level but the first (in order); numbers as they are; a:b multiplied."""
    columns: list[pl.Series] = []
    for term in terms:
        parts = [_columns(frame, part) for part in _split(term, ":")]
        for combined in product(*parts):
            name = ":".join(c.name for c in combined)
            columns.append(reduce(operator.mul, combined).alias(name))
    return pl.DataFrame(columns)


def _columns(frame: pl.DataFrame, term: str) -> list[pl.Series]:
    as_factor = re.fullmatch(r"(?:as\.)?factor\((.+)\)", term)
    inside = as_factor[1] if as_factor else term
    if inside not in frame.columns and re.fullmatch(r"[\w.]+", inside):
        return [_indicator(frame, inside)]
    series = frame.select(expression(inside).alias(term))[term]
    if series.dtype == pl.String or as_factor:
        levels = series.drop_nulls().unique().sort().to_list()
        return [(series == level).cast(pl.Float64).alias(f"{term}{level}") for level in levels[1:]]
    return [series.cast(pl.Float64)]


def _indicator(frame: pl.DataFrame, term: str) -> pl.Series:
    """A column of R's model matrix by its name: 'rxLev' is rx == 'Lev'."""
    for column in sorted(frame.columns, key=len, reverse=True):
        if term.startswith(column):
            return (frame[column].cast(pl.String) == term.removeprefix(column)).cast(pl.Float64).alias(term)
    raise ValueError(f"no column is named by {term}")


def combined(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """One label per combination of the columns' values, in R's order: numbers as numbers, the first column slowest."""
    if len(columns) == 1:
        return frame.select(expression(columns[0]))[:, 0]
    return frame.select(pl.struct(expression(c).alias(c) for c in columns).rank("dense").alias("label"))["label"]
