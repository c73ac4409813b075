"""Every figure: its words can be read, its marks are its frame's, equal input gives equal bytes, none tells by colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import figure_frames as made
import polars as pl
import pytest
from figure_layout import OVERLAPS, layout_faults

from analytics.survival.figures.attrition import attrition
from analytics.survival.figures.design import design
from analytics.survival.figures.forest import forest
from analytics.survival.figures.style import COLOURS, FONT_SIZE, HATCHES, STYLES, Picture, width_of, wrapped
from analytics.survival.figures.swimmer import swimmer
from analytics.survival.figures.waterfall import waterfall

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Draw = Callable[..., Picture]


def drawn_forest(lang: str) -> Picture:
    words = made.WORDS[lang]
    return forest(
        made.forest_rows(lang), words["title"], lang, name="forest", p_header="P", sides=words["sides"], foot=["a note"]
    )


def of(function: Any, rows: Callable[[str], pl.DataFrame]) -> Draw:
    return lambda lang: function(rows(lang), made.WORDS[lang]["title"], lang, name=function.__name__)


FIGURES: dict[str, Draw] = {
    "forest": drawn_forest,
    "swimmer": of(swimmer, made.swimmer_rows),
    "waterfall": of(waterfall, made.waterfall_rows),
    "attrition": of(attrition, made.attrition_rows),
    "design": of(design, made.design_rows),
}


def texts(picture: Picture) -> list[str]:
    return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg())]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_word_can_be_read(name: str, lang: str) -> None:
    assert layout_faults(FIGURES[name](lang)) == []


def test_the_layout_test_sees_a_fault() -> None:
    picture = FIGURES["design"]("en")
    picture.figure.axes[0].text(0.1, 0.17, "on the title")
    picture.figure.axes[0].text(-1, 1.0, "half outside")
    picture.figure.axes[0].text(3, 3, "small", fontsize=5)
    found = layout_faults(picture)
    assert any("on the title" in fault for fault in found)
    assert "'half outside' leaves the sheet" in found
    assert "'small' is small" in found


@pytest.mark.parametrize("name", FIGURES)
def test_equal_input_gives_equal_files(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        FIGURES[name]("en").write(tmp_path / folder)
    names = [f"{name}.{ending}" for ending in ("csv", "png", "svg")]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for file in names:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    png = (tmp_path / "one" / f"{name}.png").read_bytes()
    assert b"pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23" in png  # 11,811 dots a metre are 300 an inch


@pytest.mark.parametrize("name", FIGURES)
def test_words_are_text_and_nothing_is_fetched(name: str) -> None:
    svg = FIGURES[name]("zh").svg()
    assert made.WORDS["zh"]["title"] in svg
    assert not re.search(r'(?:href|src)="(?!#)', svg)


def test_a_browser_shows_them_without_overlap(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 1400})
    for draw in FIGURES.values():
        for lang in ("en", "zh"):
            page.set_content(f"<figure>{draw(lang).svg().partition('<!DOCTYPE')[2].partition('>')[2]}</figure>")
            assert page.evaluate(OVERLAPS) == []
    page.close()


def test_the_forest_writes_its_numbers_and_its_reasons() -> None:
    found = texts(drawn_forest("en"))
    assert {"0.48 (0.27, 0.85)", "51/79", "0.011", "not evaluable: too few", "0.50 [0.40, 0.90]"} <= set(found)


def test_an_interval_that_is_cut_ends_in_an_arrow() -> None:
    def arrows(lower: float, upper: float) -> int:
        row = {"kind": "estimate", "label": "a", "n": 9, "events": 9, "hazard_ratio": 1.0, "p_value": None}
        picture = forest(pl.DataFrame([row | {"lower": lower, "upper": upper, "reason": None}]), "t", "en", name="f")
        return sum(line.get_marker() in {"<", ">"} for line in picture.figure.axes[1].lines)

    assert [arrows(0.5, 2.0), arrows(0.001, 2.0), arrows(0.001, 900.0)] == [0, 1, 2]


def test_the_waterfall_falls_and_counts_who_was_not_measured() -> None:
    rows = made.waterfall_rows("en")
    picture = waterfall(rows, "t", "en", name="w")
    change = picture.drawn["change_percent"]
    assert change.is_sorted(descending=True)
    assert change.len() == rows["change_percent"].count() < rows.height
    assert f"{change.len()} patients with a measurement after baseline; 3 without one are not drawn." in texts(picture)
    heights = [bar.get_height() for box in picture.figure.axes[1].containers for bar in box]
    assert max(heights) == 100
    values = ", ".join(f"{value:.0f}" for value in change if value > 100)
    assert f"Bars with an arrow are cut at 100%; their values from the left: {values}." in texts(picture)


def test_every_lane_of_the_swimmer_is_drawn_and_no_patient_is_named() -> None:
    rows = made.swimmer_rows("en", 40)
    picture = swimmer(rows, "t", "en", name="s")
    bars = picture.figure.axes[1].containers[0]
    assert len(bars) == 40
    assert set(picture.drawn.columns) == {"lane", "group", "kind", "start_day", "stop_day"}


def test_nobody_and_one_patient_can_be_drawn() -> None:
    nobody = made.waterfall_rows("en").with_columns(change_percent=pl.lit(None, dtype=pl.Float64))
    for picture in (
        waterfall(nobody, "t", "en", name="w"),
        swimmer(made.swimmer_rows("en", 1), "t", "en", name="s"),
        forest(made.forest_rows("en").filter(pl.col("reason").is_not_null()), "t", "en", name="f"),
    ):
        assert layout_faults(picture) == []
        assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "text", ["a b " * 40, "转移性软组织肉瘤的免疫治疗为基础的治疗" * 5, "mixed 混合 text 文本 " * 9]
)
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrapped(text, 2.0)
    assert max(map(width_of, lines)) <= 2.0 + width_of("，")
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_groups_differ_without_colour_too() -> None:
    assert len(COLOURS) == len(set(map(str, STYLES))) == len(set(HATCHES)) == 6
    assert FONT_SIZE >= 8
