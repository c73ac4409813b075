"""The Kaplan-Meier figure: its counts are the results', its groups differ also in grey, equal input gives equal SVG."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from analytics.survival.durations import DAYS_PER_MONTH, durations
from analytics.survival.estimates import at_risk, kaplan_meier
from analytics.survival.figures.kaplan_meier import Group, Words, kaplan_meier_figure
from analytics.survival.figures.style import COLOURS, STYLES

WORDS = Words("Overall survival", "", "Months", "Alive (%)", "At risk", "Censored", "Events")
TICKS = [0, 6, 12, 18]


def group(label: str, seed: int, n: int = 30) -> Group:
    draw = np.random.default_rng(seed)
    data = durations(draw.integers(1, 600, n), draw.integers(0, 2, n))
    counted = at_risk(data, [m * DAYS_PER_MONTH for m in TICKS])
    return Group(label, kaplan_meier(data), counted.with_columns(time_months=pl.Series(TICKS)))


def texts(svg: str) -> list[str]:
    return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def drawn(*groups: Group, words: Words = WORDS) -> str:
    return kaplan_meier_figure(groups, words, longest_days=600, name="test").svg()


def test_counts_under_the_plot_are_those_of_the_results() -> None:
    first, second = group("one", 1), group("two", 2)
    found = texts(drawn(first, second))
    for one, start in ((first, 0), (second, 1)):
        at = [i for i, text in enumerate(found) if text == "At risk"][start]
        block = found[at : at + 15]
        for row, column in enumerate(("n_at_risk", "n_censored", "n_events")):
            numbers = [f"{count:.0f}" for count in one.at_risk[column]]
            assert block[row * 5 + 1 : row * 5 + 5] == numbers


def test_words_stay_text_in_any_script_and_are_escaped() -> None:
    found = texts(drawn(group("肉瘤 <b> & 한국어", 1)))
    assert "肉瘤 &lt;b&gt; &amp; 한국어" in found
    assert {"Overall survival", "Months", "Alive (%)", "At risk", "Censored", "Events"} <= set(found)


def test_equal_input_gives_equal_svg_without_a_date() -> None:
    one = drawn(group("one", 1), group("two", 2))
    assert one == drawn(group("one", 1), group("two", 2))
    assert "dc:date" not in one
    assert not re.search(r'(?:href|src)="(?!#)', one)


def test_groups_differ_by_colour_and_by_line_style() -> None:
    svg = drawn(*(group(f"group {i}", i) for i in range(6)))
    curves = re.findall(r'<path d="[^"]*" clip-path="[^"]*" style="fill: none; ([^"]*stroke-width: 1\.6[^"]*)"', svg)
    assert len(curves) == len(set(curves)) == 6
    colours = [re.search(r"stroke: (#\w+)", style)[1].upper() for style in curves]  # type: ignore[index]
    assert colours == list(COLOURS)
    dashes = [re.search(r"stroke-dasharray: ([\d., ]+)", style) for style in curves]
    assert len({dash[1] if dash else "solid" for dash in dashes}) == len(STYLES)


def grey(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_every_curve_is_dark_enough_on_white() -> None:
    assert max(grey(colour) for colour in COLOURS[:2]) < 130
    assert max(grey(colour) for colour in COLOURS) < 190


@pytest.mark.parametrize("event", [0, 1])
def test_one_patient_can_be_drawn(event: int) -> None:
    data = durations([40], [event])
    counted = at_risk(data, [0, DAYS_PER_MONTH]).with_columns(time_months=pl.Series([0, 1]))
    one = [Group("one", kaplan_meier(data), counted)]
    svg = kaplan_meier_figure(one, WORDS, longest_days=40, name="one").svg()
    assert "At risk" in texts(svg)


def test_a_qualifier_stands_under_the_title() -> None:
    words = Words("PFS", "EMA rule set, an assumption", "Months", "%", "At risk", "Censored", "Events")
    found = texts(drawn(group("one", 1), words=words))
    assert found.index("EMA rule set, an assumption") == found.index("PFS") + 1
