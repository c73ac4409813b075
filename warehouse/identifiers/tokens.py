"""Link tokens: keyed hashes of identifiers, made where the identifiers are. Equal tokens are one person.

A cell holds up to three, strongest first, one blank between them: `id:<32 hex> nb:<32 hex> ph:<32 hex>`. Each is the
first half of HMAC-SHA256 over `<kind>\\x1f<normalised>` with the linkage key, which every centre of a linkage has and
the registry has not. What is normalised, and how: docs/governance.md.
"""

from __future__ import annotations

import hmac
import os

import polars as pl

from schemas.centre import Centre
from schemas.errors import ConfigurationError
from schemas.privacy import TOKEN_PREFIX, Link
from warehouse.identifiers import checksums
from warehouse.identifiers.scan import fold
from warehouse.parse import read_date

SHORTEST_KEY = 32


def linkage_key() -> bytes:
    """SARCREG_LINKAGE_KEY; raises ConfigurationError where it is not set or too short to be a secret."""
    given = os.environ.get("SARCREG_LINKAGE_KEY", "")
    if len(given) < SHORTEST_KEY:
        raise ConfigurationError(
            "SARCREG_LINKAGE_KEY is not set, or shorter than 32 characters: link tokens need the key that the centres "
            "of the linkage share. Set it from your secret store; the registry itself must not have it."
        )
    return given.encode()


def is_token_cell(text: pl.Expr) -> pl.Expr:
    """Whether a cell holds typed link tokens and nothing else."""
    kinds = "|".join(TOKEN_PREFIX.values())
    return text.str.contains(rf"^(?:(?:{kinds}):[0-9a-f]{{32}}(?: |$))+$")


def tokens(rows: pl.DataFrame, centre: Centre, key: bytes) -> pl.Series:
    """The token cell of each row of `rows`, which has the columns that `linkage` names; null where none can be made."""
    if rows.is_empty():
        return pl.Series(dtype=pl.String)
    ordered = sorted(centre.linkage, key=lambda link: list(TOKEN_PREFIX).index(link.kind))
    each = [_token(rows, link, centre, key) for link in ordered]
    joined = pl.DataFrame(each).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    return joined.replace("", None)


def _token(rows: pl.DataFrame, link: Link, centre: Centre, key: bytes) -> pl.Series:
    name = TOKEN_PREFIX[link.kind]
    normal = rows.select(_normal(link, centre).alias(link.kind)).to_series()
    hashed = {
        text: f"{name}:" + hmac.digest(key, f"{name}\x1f{text}".encode(), "sha256").hex()[:32]
        for text in normal.drop_nulls().unique()
    }
    return normal.replace_strict(hashed, default=None, return_dtype=pl.String)


def _normal(link: Link, centre: Centre) -> pl.Expr:
    if link.kind == "identity":
        return _identity(pl.col(link.source[0]))
    if link.kind == "telephone":
        return _telephone(pl.col(link.source[0]))
    *names, born = link.source
    return _name_birth(names, born, _born_patterns(centre, born))


def _born_patterns(centre: Centre, column: str) -> tuple[str, ...]:
    """The date patterns of the patient's field that reads the column."""
    fields = centre.tables["patient"][0].columns.values()
    return next((field.dates for field in fields if field.sources == (column,)), ())


def _identity(text: pl.Expr) -> pl.Expr:
    """Letters and digits, large; an old Chinese number as the new one; none from one that is rounded or mistyped."""
    number = checksums.bare(fold(text))
    long = pl.concat_str(number.str.slice(0, 6), pl.lit("19"), number.str.slice(6, 9))
    old = number.str.contains(r"^\d{15}$") & checksums.is_cn_identity_15(number)
    new = number.str.contains(r"^\d{17}[\dX]$")
    chinese = pl.when(checksums.is_cn_identity(number)).then(number)
    other = pl.when((number.str.len_chars() >= 6) & number.str.contains(r"\d") & ~text.str.contains(r"[Ee]\+")).then(
        number
    )
    return (
        pl.when(old)
        .then(pl.concat_str(long, checksums.cn_check_digit(long)))
        .otherwise(pl.when(new).then(chinese).otherwise(other))
    )


def _telephone(text: pl.Expr) -> pl.Expr:
    """Digits; without 86 before a Chinese mobile number, 00 as +."""
    digits = fold(text).str.replace_all(r"[^0-9+]", "").str.replace(r"^00", "+")
    number = digits.str.replace(r"^\+?86(1[3-9]\d{9})$", "$1")
    return pl.when(number.str.len_chars() >= 7).then(number)


def _name_birth(names: list[str], born: str, patterns: tuple[str, ...]) -> pl.Expr:
    """The name's words without marks, small, in the order of the alphabet, and the birth date as a whole day."""
    said = pl.concat_str([pl.col(name) for name in names], separator=" ", ignore_nulls=True)
    plain = (
        said.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        .str.replace_many(["ß", "æ", "ø", "đ", "ł"], ["ss", "ae", "o", "d", "l"])
        .str.replace_all(r"(\p{Han})[ ·]+(\p{Han})", "$1$2").str.replace_all(r"[^\p{L} \-,.]", "")
        .str.replace_all(r"[ \-,.]+", " ").str.strip_chars()
    )  # fmt: skip
    words = plain.str.split(" ").list.sort().list.join(" ")
    day = pl.col(born).map_batches(lambda texts: _days(texts, patterns), return_dtype=pl.String)
    return pl.when(words.str.len_chars() >= 2).then(pl.concat_str(words, day, separator="|"))


def _days(texts: pl.Series, patterns: tuple[str, ...]) -> pl.Series:
    """Each text's day as ISO; null where it is no whole day. Every distinct text is read once."""
    read = {text: _day(text, patterns) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(read, default=None, return_dtype=pl.String)


def _day(text: str, patterns: tuple[str, ...]) -> str | None:
    day = read_date(text.strip(), patterns)
    return day.earliest.isoformat() if day.precision == "day" and day.earliest else None
