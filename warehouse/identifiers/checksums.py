# ruff: noqa: E501
"""Check digits of numbers that name a person, over whole columns. Each takes a text column and gives a truth.

Sources: GB 11643-1999 with ISO 7064 MOD 11-2; §290 SGB V, annex 1; NHS Data Dictionary, 'NHS number'; ISO 13616;
Social Security Administration, 'SSN randomization'.
"""

from __future__ import annotations

import polars as pl

_PROVINCES = [str(code) for low, high in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
              for code in range(low, high + 1)]  # fmt: skip
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_LETTERS = {chr(ord("A") + place): str(10 + place) for place in range(26)}


def bare(text: pl.Expr) -> pl.Expr:
    """Digits and letters alone, letters large."""
    return text.str.replace_all(r"[^0-9A-Za-z]", "").str.to_uppercase()


def _digit(text: pl.Expr, place: int) -> pl.Expr:
    return text.str.slice(place, 1).cast(pl.Int64, strict=False)


def _day(text: pl.Expr) -> pl.Expr:
    day = text.str.to_date("%Y%m%d", strict=False)
    return day.is_not_null() & day.dt.year().is_between(1900, 2039)


def is_cn_person(text: pl.Expr) -> pl.Expr:
    """18 characters that begin with a province and hold a birth date: an identity number, its check digit unread."""
    number = bare(text)
    return number.str.slice(0, 2).is_in(_PROVINCES) & _day(number.str.slice(6, 8))


def cn_check_digit(first_17: pl.Expr) -> pl.Expr:
    """The 18th character of an identity number."""
    total = pl.sum_horizontal(_digit(first_17, place) * weight for place, weight in enumerate(_IDENTITY_WEIGHTS))
    return pl.lit("10X98765432").str.slice(total % 11, 1)


def is_cn_identity(text: pl.Expr) -> pl.Expr:
    """A Chinese identity number of 18 characters whose check digit is right."""
    number = bare(text)
    return is_cn_person(text) & (number.str.slice(17, 1) == cn_check_digit(number))


def is_cn_identity_15(text: pl.Expr) -> pl.Expr:
    """A Chinese identity number of the old form: province, birth date with a year of two digits, no check digit."""
    number = bare(text)
    return number.str.slice(0, 2).is_in(_PROVINCES) & _day(pl.lit("19") + number.str.slice(6, 6))


def is_rounded_cn_identity(text: pl.Expr) -> pl.Expr:
    """One that a spreadsheet kept to 15 digits: province and birth date still stand in it."""
    number = text.str.replace(r"[Ee]\+?17$", "").str.replace_all(r"[^0-9]", "").str.pad_end(18, "0")
    return number.str.ends_with("000") & is_cn_person(number)


def is_kvnr(text: pl.Expr) -> pl.Expr:
    """A German health insurance number: a letter, eight digits, a check digit."""
    number = bare(text)
    digits = pl.concat_str(number.str.slice(0, 1).replace_strict(
        {letter: f"{place:02d}" for place, letter in enumerate(_LETTERS, 1)}, default=None, return_dtype=pl.String
    ), number.str.slice(1, 8))  # fmt: skip
    products = (_digit(digits, place) * (1 + place % 2) for place in range(10))
    total = pl.sum_horizontal(product // 10 + product % 10 for product in products)
    return total % 10 == _digit(number, 9)


def is_nhs_number(text: pl.Expr) -> pl.Expr:
    """An NHS number: ten digits, the last a check digit modulo 11."""
    number = bare(text)
    total = pl.sum_horizontal(_digit(number, place) * (10 - place) for place in range(9))
    return (11 - total % 11) % 11 == _digit(number, 9)


def is_us_ssn(text: pl.Expr) -> pl.Expr:
    """A number that the Social Security Administration may have given; it has no check digit."""
    number = bare(text)
    area = number.str.slice(0, 3)
    return (
        ~area.is_in(["000", "666"]) & ~area.str.starts_with("9")
        & (number.str.slice(3, 2) != "00") & (number.str.slice(5, 4) != "0000")
    )  # fmt: skip


def is_iban(text: pl.Expr) -> pl.Expr:
    """An IBAN of its country's length whose remainder modulo 97 is 1."""
    number = bare(text)
    length = number.str.slice(0, 2).replace_strict(_IBAN_LENGTHS, default=0, return_dtype=pl.Int64)
    turned = pl.concat_str(number.str.slice(4), number.str.slice(0, 4))
    digits = turned.str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    rest = pl.lit(0, dtype=pl.Int64)
    for start in range(0, 68, 7):  # at most 34 letters of two digits each
        part = digits.str.slice(start, 7)
        number_so_far = pl.concat_str(rest.cast(pl.String), part).cast(pl.Int64, strict=False)
        rest = pl.when(part == "").then(rest).otherwise(number_so_far % 97)
    return (number.str.len_chars() == length) & (rest == 1)
