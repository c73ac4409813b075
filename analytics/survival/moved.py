"""Tables of what moved since the refresh before: each number that did, and the patients behind it."""

from __future__ import annotations

from typing import Any

from analytics.locale.numbers import decimal
from analytics.survival.change import BEFORE, NOW
from analytics.survival.contracts import Results
from analytics.survival.summary import ALL
from analytics.survival.wording import NOT_REACHED, Wording
from analytics.tables import Cell, Table, numbers, words

_DIGITS = {"n": 0, "events": 0, "median_months": 1, "hazard_ratio": 2, "p_value": 3}


def tables(moved: Results, w: Wording) -> list[Table]:
    """Two tables: the numbers that moved, and why; a sentence in the first says how many stayed."""
    return [_numbers(moved, w), _accounts(moved, w)]


def _numbers(moved: Results, w: Wording) -> Table:
    rows = []
    for row in moved["changes"].iter_rows(named=True):
        before, now = _written(row, "before", w), _written(row, "now", w)
        if before != now or row["is_switch"]:
            quantity = w.words.text(f"moved.quantity.{row['quantity']}")
            note = ""
            if row["is_switch"]:
                methods = {side: w.words.text(f"moved.method.{row[f'method_{side}']}") for side in (BEFORE, NOW)}
                note = w.words.text("moved.switch", **methods)
            rows.append([_set(row, w), w.short(row["endpoint"]), quantity, before, now, note])
    columns = [words(w.words.text(f"moved.{name}")) for name in ("set", "endpoint", "quantity")]
    columns += [numbers(w.words.text(f"moved.{name}")) for name in ("before", "now")]
    columns.append(words(w.words.text("moved.remark")))
    stayed = w.words.text("moved.stayed", n=moved["changes"].height - len(rows), all=moved["changes"].height)
    return Table("moved-numbers", w.words.text("moved.numbers"), columns, rows, [stayed, w.text("under")])


def _accounts(moved: Results, w: Wording) -> Table:
    groups: dict[tuple[str, str, str | None], dict[str, list[dict[str, Any]]]] = {}
    for row in moved["accounts"].iter_rows(named=True):
        of = "events" if row["of"] == "beside" else row["of"]
        groups.setdefault((row["analysis"], row["level"], row["endpoint"]), {}).setdefault(of, []).append(row)
    rows: list[list[Cell]] = []
    for parts in groups.values():
        for of, steps in parts.items():
            reasons = [step for step in steps if step["reason"] not in (BEFORE, NOW)]
            if reasons:
                ends = {step["reason"]: step["n"] for step in steps if step["of"] != "beside"}
                endpoint = steps[0]["endpoint"]
                what = w.words.text(f"moved.counted.{of}", endpoint=w.short(endpoint) if endpoint else "")
                why = tuple(_why(step, w) for step in reasons)
                rows.append([_set(steps[0], w), what, w.count(ends.get(BEFORE)), why, w.count(ends.get(NOW))])
    columns = [words(w.words.text("moved.set")), words(w.words.text("moved.of")), numbers(w.words.text("moved.before"))]
    columns += [words(w.words.text("moved.why")), numbers(w.words.text("moved.now"))]
    return Table("moved-accounts", w.words.text("moved.accounts"), columns, rows, [w.words.text("moved.adds_up")])


def _why(step: dict[str, Any], w: Wording) -> str:
    reason, _, what = step["reason"].partition(":")
    group = "variable" if reason == "recoded" else "exclusion"
    text = w.words.text(f"moved.reason.{reason}", what=w.words.label(group, what) if what else "")
    sign = "" if step["of"] == "beside" else "+" if step["n"] > 0 else "−"
    return f"{sign}{w.count(abs(step['n']))} {text}"


def _set(row: dict[str, Any], w: Wording) -> str:
    if row["analysis"] == "overall":
        return w.text("follow_up.all")
    comparison = next(one for one in w.plan.comparisons if one.id == row["analysis"])
    title = w.own(comparison.title)
    return title if row["level"] == ALL else f"{title}: {w.level(comparison, row['level'])}"


def _written(row: dict[str, Any], side: str, w: Wording) -> str:
    value = row[side]
    if row["quantity"] == "p_value":
        return w.p_value(value)
    if value is None:
        return NOT_REACHED if row["quantity"] == "median_months" else "–"
    return decimal(value, _DIGITS[row["quantity"]], w.lang)
