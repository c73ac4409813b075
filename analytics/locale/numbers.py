"""How a number is written on our pages: a count with its denominator, never a bare percentage."""

from __future__ import annotations

from analytics.locale.catalogue import catalogue


def count(n: int | None, lang: str) -> str:
    """`12,345`; a dash where there is no number."""
    from babel.numbers import format_decimal

    return "–" if n is None else format_decimal(n, locale=lang)


def decimal(value: float | None, digits: int, lang: str) -> str:
    """`value` with exactly `digits` decimals; a dash where there is no number."""
    from babel.numbers import format_decimal

    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=lang)


def percent(part: int, whole: int) -> str:
    """`part` of `whole` (above zero) in percent, one decimal; 0 and 100 mean none and all, nothing near."""
    if 0 < part * 1000 < whole / 2:
        return "<0.1%"
    if part < whole and part * 1000 > whole * 999.5:
        return ">99.9%"
    return f"{100 * part / whole:.1f}%"


def share(part: int | None, whole: int | None, lang: str) -> str:
    """`12/34 (35.3%)`; 'not evaluable' where the denominator is zero or unknown, which is never a pass."""
    if part is None or not whole:
        return catalogue(lang).text("number.not_evaluable")
    return f"{count(part, lang)}/{count(whole, lang)} ({percent(part, whole)})"
