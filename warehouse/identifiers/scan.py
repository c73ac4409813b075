# ruff: noqa: E501
"""The scan: which cells hold an identifier, of which kind. One pass per kind over the distinct texts: linear time."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from schemas.errors import ConfigurationError
from warehouse.identifiers.kinds import KINDS, Kind

SCAN_VERSION = "1"
HIT = {"column": pl.Int64, "line": pl.Int64, "kind": pl.String, "secret": pl.String}
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "\u3000": " ", "\u00a0": " ", "\t": " ", "\r": " ", "\n": " ", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "_": " ",
}  # fmt: skip
_TOKEN = r"[0-9A-Za-z]+(?:[\-/][0-9A-Za-z]+)*"  # noqa: S105 (a word of a text, no pass word)
_DAY = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$"
_SHORTEST = 5
_FEW = 5
"""Of fewer numbers of a shape chance cannot be judged: each that passes its test counts."""


def fold(text: pl.Expr) -> pl.Expr:
    """The text with full-width signs, odd blanks and dashes as plain ones; no sign is added or lost."""
    return text.str.replace_many(list(_WIDE), list(_WIDE.values()))


def found(cells: pl.DataFrame, own_patterns: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Every identifier in cells (column, line, text): HIT, one row per cell, kind and secret (as folded text has it).

    own_patterns: name -> regular expression of the centre's own hospital numbers.
    """
    kinds = [*KINDS, *(_own(name, pattern) for name, pattern in (own_patterns or {}).items())]
    texts = cells.select("text").unique().drop_nulls().with_columns(folded=fold(pl.col("text")).str.strip_chars())
    texts = texts.filter(pl.col("folded").str.len_bytes() >= 4)
    numbers = texts.filter(pl.col("folded").str.contains(r"\d(?:\D?\d){5}|\d.?E\+?17"))
    hits = [
        hit
        for kind in kinds
        for hit in _of_kind(texts if _needs_no_number(kind) else numbers, kind)
        if not hit.is_empty()
    ]
    if not hits:
        return pl.DataFrame(schema=HIT)
    # one secret is of one kind, the first that takes it
    first = pl.concat(hits).unique(["text", "secret"], keep="first", maintain_order=True)
    placed = cells.select("column", "line", "text").join(first, on="text", how="inner")
    placed = _without_chance(cells, placed)
    return placed.select(pl.col(name).cast(kind) for name, kind in HIT.items())


def _needs_no_number(kind: Kind) -> bool:
    return kind.code in ("person_name", "email", "address", "iban", "hospital_number_pattern", "hospital_number")


def _own(name: str, pattern: str) -> Kind:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        raise ConfigurationError(
            f"centre.yaml: scan.patterns.{name}: {pattern!r} is no regular expression that can be read (there is no "
            "look-around); write for example 'ZY[0-9]{8}'."
        ) from None
    return Kind("hospital_number_pattern", "", (f"({pattern})",))


def _of_kind(texts: pl.DataFrame, kind: Kind) -> list[pl.DataFrame]:
    hits = []
    for pattern in kind.patterns:
        some = texts.filter(pl.col("folded").str.contains(pattern))
        if some.is_empty():
            continue
        matches = (
            some.with_columns(match=pl.col("folded").str.extract_all(pattern))
            .explode("match")
            .with_columns(secret=pl.col("match").str.extract(pattern, 1).str.strip_chars())
        )
        if kind.is_true is not None:
            matches = matches.filter(kind.is_true(pl.col("secret")))
        hits.append(matches.select("text", "folded", kind=pl.lit(kind.code), secret=pl.col("secret")))
    return hits


def _without_chance(cells: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Without bare numbers of a column of like numbers in which no more pass the test than chance lets."""
    for kind in KINDS:
        if kind.shape is None or not hits["kind"].eq(kind.code).any():
            continue
        of_kind, bare = pl.col("kind") == kind.code, pl.col("secret") == pl.col("folded")
        columns = hits.filter(of_kind & bare)["column"].unique()
        if columns.is_empty():
            continue
        shaped = cells.filter(pl.col("column").is_in(columns.implode())).filter(
            fold(pl.col("text")).str.strip_chars().str.contains(kind.shape)
        )
        asked = shaped.group_by("column").agg(asked=pl.len())
        passed = hits.filter(of_kind & bare).group_by("column").agg(passed=pl.len())
        spread = math.sqrt(kind.chance * (1 - kind.chance))
        by_chance = (
            asked.join(passed, on="column")
            .filter(pl.col("asked") >= _FEW)
            .filter(pl.col("passed") <= kind.chance * pl.col("asked") + 4 * spread * pl.col("asked").sqrt())
        )["column"]
        hits = hits.filter(~(of_kind & bare & pl.col("column").is_in(by_chance.implode())))
    return hits


def values_inside(
    cells: pl.DataFrame, values: pl.Series, *, kind: str, names: bool = False, shortest: int = _SHORTEST
) -> pl.DataFrame:
    """Cells that hold one of the export's own values inside a longer text: HIT.

    Numbers are found as whole words, those of 6 and more digits without their leading zeros too; a day written as
    eight digits is no number. names: Chinese names and whole Latin ones (either order) as well.
    """
    texts = cells.select("text").unique().drop_nulls().with_columns(folded=fold(pl.col("text")).str.strip_chars())
    known = pl.DataFrame({"value": values.drop_nulls().unique()}).with_columns(
        value=fold(pl.col("value")).str.strip_chars()
    )
    hits = [_words(texts, known, shortest)]
    if names:
        hits.append(_names(texts, known))
    some = pl.concat(hits).unique(["text", "secret"])
    placed = cells.select("column", "line", "text").join(some, on="text", how="inner")
    return placed.with_columns(kind=pl.lit(kind)).select(pl.col(name).cast(dtype) for name, dtype in HIT.items())


def _words(texts: pl.DataFrame, known: pl.DataFrame, shortest: int) -> pl.DataFrame:
    value = pl.col("value").str.to_uppercase()
    numbers = known.select(word=value).filter(
        pl.col("word").str.contains(r"\d")
        & (pl.col("word").str.len_chars() >= shortest)
        & ~pl.col("word").str.contains(_DAY)
        & pl.col("word").str.contains(f"^{_TOKEN}$")
    )
    bare = numbers.select(word=pl.col("word").str.strip_chars_start("0")).filter(
        pl.col("word").str.len_chars() >= shortest + 1
    )
    wanted = pl.concat([numbers, bare]).unique()
    if wanted.is_empty():
        return pl.DataFrame(schema={"text": pl.String, "secret": pl.String})
    long = texts.filter(pl.col("folded").str.contains(r"\d(?:\D?\d){2}"))
    parts = [
        long.select("text", "folded", secret=pl.col("folded").str.extract_all(pattern)).explode("secret")
        for pattern in (_TOKEN, r"[0-9A-Za-z]+")
    ]
    said = pl.concat(parts).filter(pl.col("secret").str.len_chars() < pl.col("folded").str.len_chars())
    said = said.with_columns(word=pl.col("secret").str.to_uppercase())
    return said.join(wanted, on="word", how="semi").select("text", "secret")


def _names(texts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value")
    chinese = known.filter(value.str.contains(r"^\p{Han}[ \p{Han}·]+$")).select(name=value.str.replace_all(" ", ""))
    latin = known.filter(
        value.str.contains(r"^\p{L}[\p{L}'’.\-]+,? (?:[\p{L}'’.\-]+ ?)+$") & ~value.str.contains(r"\p{Han}")
    )
    first, rest = value.str.extract(r"^(\S+?),? "), value.str.extract(r"^\S+ (.+)$")
    orders = [
        pl.concat_str(first, pl.lit(", "), rest),
        pl.concat_str(first, pl.lit(" "), rest),
        pl.concat_str(rest, pl.lit(" "), first),
    ]
    wanted = pl.concat([chinese, *(latin.select(name=order) for order in orders)]).drop_nulls().unique()
    wanted = wanted.filter(pl.col("name").str.len_chars() >= 2)
    if wanted.is_empty():
        return pl.DataFrame(schema={"text": pl.String, "secret": pl.String})
    return (
        texts.with_columns(
            secret=pl.col("folded").str.extract_many(
                wanted["name"].implode(), ascii_case_insensitive=True, leftmost=True
            )
        )
        .explode("secret")
        .drop_nulls("secret")
        .select("text", "secret")
    )


def masked(texts: pl.DataFrame, mask: str) -> pl.DataFrame:
    """texts (any keys, text, secrets: list) with each secret replaced by `mask` in `text`, which comes back folded."""
    rows = texts.with_columns(fold(pl.col("text")), pl.col("secrets").list.unique().list.sort(descending=True))
    longest: int = rows.select(pl.col("secrets").list.len().max().fill_null(0)).item()
    for place in range(longest):  # rounds, not rows: as many as one cell has secrets
        secret = pl.col("secrets").list.get(place, null_on_oob=True)
        replaced = pl.col("text").str.split(secret).list.join(mask)
        rows = rows.with_columns(text=pl.when(secret.is_not_null()).then(replaced).otherwise("text"))
    return rows.drop("secrets")
