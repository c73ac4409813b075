"""Cases computed by R, read as R's author wrote them: data set, filter, formula -> arrays for our functions.

Only the small part of R's language that the reference file uses; anything else stops the test.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

TOLERANCE = 1e-6
ZERO = 1e-12


def reference_file(shared: Path) -> Path:
    """The file named by SARCREG_R_REFERENCE, else the one that lies in ../shared."""
    named = os.environ.get("SARCREG_R_REFERENCE")
    return Path(named) if named else shared / "data" / "r_survival" / "reference_dev.json"


def load_cases(path: Path) -> dict[str, dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["cases"]


@dataclass
class Comparison:
    """What of one case was compared, what failed, and what we do not estimate yet (with the reason)."""

    compared: int = 0
    failures: list[str] = field(default_factory=list)
    not_covered: dict[str, str] = field(default_factory=dict)

    def same(self, where: str, got: Any, want: Any) -> None:
        """Compare numbers, lists of numbers and missing values (R's NA is null)."""
        got_values, want_values = _flat(got), _flat(want)
        if len(got_values) != len(want_values):
            self.failures.append(f"{where}: {len(got_values)} values, R has {len(want_values)}")
            return
        for g, w in zip(got_values, want_values, strict=True):
            self.compared += 1
            if not _close(g, w):
                self.failures.append(f"{where}: {g!r}, R says {w!r}")

    def skip(self, where: str, reason: str) -> None:
        self.not_covered[where] = reason


def _flat(value: Any) -> list[Any]:
    if isinstance(value, pl.Series):
        value = value.to_list()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [v for item in value for v in _flat(item)]
    return [None if isinstance(value, float) and math.isnan(value) else value]


def _close(got: Any, want: Any) -> bool:
    if got is None or want is None or isinstance(want, str):
        return bool(got == want)
    if want == 0:
        return abs(got) < ZERO
    return math.isclose(got, want, rel_tol=TOLERANCE)


def read_data(folder: Path, spec: dict[str, Any]) -> pl.DataFrame:
    """The rows of a case: its CSV (filtered) or its inline values."""
    inline = spec.get("inline")
    if isinstance(inline, list):
        return pl.DataFrame(inline)
    if isinstance(inline, dict):
        columns = {k: v if isinstance(v, list) else [v] for k, v in inline.items() if v is not None}
        return pl.DataFrame(columns)
    frame = pl.read_csv(folder / spec["dataset"], null_values=["NA", ""], infer_schema_length=None)
    return frame.filter(expression(spec.get("filter", "TRUE")))


def expression(text: str) -> pl.Expr:
    """A filter or event of R as a polars expression: TRUE, x==1, x-1, !is.na(x), as.integer(…), & and |."""
    text = text.replace(" ", "")
    if text == "TRUE":
        return pl.lit(True)
    if branched := re.fullmatch(r"ifelse\(([^,]+),([^,]+),(.+)\)", text):
        condition, yes, no = (expression(part) for part in branched.groups())
        return pl.when(condition.is_null()).then(None).when(condition).then(yes).otherwise(no)
    for sign, join in (("|", pl.Expr.or_), ("&", pl.Expr.and_)):
        if sign in text:
            first, *rest = text.split(sign)
            found = expression(first)
            for part in rest:
                found = join(found, expression(part))
            return found
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return pl.lit(float(text))
    if wrapped := re.fullmatch(r"as\.integer\((.+)\)", text):
        return expression(wrapped[1]).cast(pl.Int64)
    if missing := re.fullmatch(r"(!?)is\.na\(([\w.]+)\)", text):
        column = pl.col(missing[2])
        return column.is_not_null() if missing[1] else column.is_null()
    if compared := re.fullmatch(r"([\w.]+)(==|!=|>=|<=|>|<)(['\"]?)([\w.+-]+)\3", text):
        value: Any = compared[4] if compared[3] else float(compared[4])
        column, operator = pl.col(compared[1]), compared[2]
        return {
            "==": column == value,
            "!=": column != value,
            ">=": column >= value,
            "<=": column <= value,
            ">": column > value,
            "<": column < value,
        }[operator]
    if shifted := re.fullmatch(r"([\w.]+)-(\d+)", text):
        return pl.col(shifted[1]) - int(shifted[2])
    if re.fullmatch(r"[\w.]+", text):
        return pl.col(text)
    raise ValueError(f"this part of R is not read by the test: {text}")


@dataclass(frozen=True)
class Formula:
    """Surv(time, event) ~ terms + strata(s) + cluster(c)."""

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
    parts = inside[1].split(",")
    terms, strata, cluster, offset = [], [], None, None
    for term in right.split("+"):
        if layered := re.fullmatch(r"strata\((.+)\)", term):
            strata += layered[1].split(",")
        elif clustered := re.fullmatch(r"cluster\((.+)\)", term):
            cluster = clustered[1]
        elif shifted := re.fullmatch(r"offset\((.+)\)", term):
            offset = shifted[1]
        else:
            terms.append(term)
    entry = parts[0] if len(parts) == 3 else None
    return Formula(entry, parts[-2], parts[-1], tuple(terms), tuple(strata), cluster, offset)


def variables(f: Formula) -> list[str]:
    """The columns that a formula names, for the complete cases."""
    names = [f.entry, f.time, re.split(r"[=<>!-]", f.event)[0], *f.terms, *f.strata, f.cluster, f.offset]
    return list(dict.fromkeys(re.sub(r"factor\((.+)\)", r"\1", n) for n in names if n and n != "1"))


def design(frame: pl.DataFrame, terms: tuple[str, ...]) -> pl.DataFrame:
    """Treatment contrasts: one indicator per level but the first (in order); numbers as they are."""
    columns: list[pl.Series] = []
    for term in terms:
        as_factor = re.fullmatch(r"factor\((.+)\)", term)
        series = frame[as_factor[1] if as_factor else term]
        if series.dtype == pl.String or as_factor:
            levels = series.drop_nulls().unique().sort().to_list()
            columns += [(series == level).cast(pl.Float64).alias(f"{term}{level}") for level in levels[1:]]
        else:
            columns.append(series)
    return pl.DataFrame(columns)


def listed(value: Any) -> list[Any]:
    """R's JSON writes a vector of one as a scalar."""
    return value if isinstance(value, list) else [value]


def rows(table: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for name, values in table.items():
        yield name, listed(values)
