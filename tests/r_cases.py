"""Cases computed by R: where they lie, their data, and what equal means."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from r_language import expression

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
    """How many numbers of one case were compared, and which failed."""

    compared: int = 0
    failures: list[str] = field(default_factory=list)

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


def _flat(value: Any) -> list[Any]:
    if isinstance(value, pl.Series):
        value = value.to_list()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [v for item in value for v in _flat(item)]
    # R's JSON has null for all that is no finite number.
    return [None if isinstance(value, float) and not math.isfinite(value) else value]


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


def listed(value: Any) -> list[Any]:
    """R's JSON writes a vector of one as a scalar."""
    return value if isinstance(value, list) else [value]


def rows(table: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    for name, values in table.items():
        yield name, listed(values)
