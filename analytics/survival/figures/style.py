"""What all figures share: colours, line styles, type, and the Picture that becomes SVG, PNG and CSV.

Nothing is told by colour alone: Okabe and Ito's colours, safe for colour-blind readers, go with a line style, a
hatch or a marker, so that a grey print can be read. Words are SVG text, shown by the page's own fonts whatever
script a label is in; the PNG uses the font that we ship.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics.fonts import FAMILY, matplotlib_font
from analytics.quality.export import write_csv

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
STYLES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.2, 1.2)), (0, (6, 2, 1.2, 2)), (0, (9, 3)), (0, (3, 1, 1, 1)))
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----")
INK, MUTED, RULE = "#1b1f24", "#4a525c", "#c9ced4"

FONT_SIZE = 8.5  # points
DPI = 300
_FAMILIES = [FAMILY, "DejaVu Sans"]
_PAGE_FONTS = (
    f"'{FAMILY}', system-ui, 'Liberation Sans', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


@dataclass(frozen=True)
class Picture:
    """A drawn figure. name: seeds the ids and names the files. drawn: the frame of what can be seen on it."""

    name: str
    figure: Figure
    drawn: pl.DataFrame

    def svg(self) -> str:
        """As SVG text, equal for equal input; its words are text."""
        with canvas(self.name):
            text = StringIO()
            self.figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        return _fonts_of_the_page(text.getvalue())

    def png(self) -> bytes:
        """As PNG of 300 dots an inch."""
        with canvas(self.name):
            image = BytesIO()
            self.figure.savefig(image, format="png", dpi=DPI, metadata={"Software": None})
        return image.getvalue()

    def write(self, folder: Path) -> list[Path]:
        """Write `<name>.svg`, `.png` and `.csv` (what is drawn) into the folder; returns the three paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{self.name}.{ending}" for ending in ("svg", "png", "csv")]
        paths[0].write_text(self.svg(), encoding="utf-8")
        paths[1].write_bytes(self.png())
        write_csv(self.drawn, paths[2])
        return paths


@contextmanager
def canvas(name: str) -> Iterator[None]:
    """Our settings of matplotlib while a figure is drawn or saved; no pyplot, which would ask for a display."""
    from matplotlib import rc_context

    _with_our_font()
    settings: dict[str, Any] = {
        "svg.hashsalt": name,
        "svg.fonttype": "none",
        "font.family": _FAMILIES,
        "font.size": FONT_SIZE,
        "hatch.linewidth": 0.6,
        "text.color": INK,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.8,
        "text.parse_math": False,
    }
    with rc_context(settings), warnings.catch_warnings():  # type: ignore[arg-type]
        # A label in a script that we ship no glyphs for is measured roughly and shown by the page's fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of so many inches, and bare axes over all of it in inches from the upper left corner."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    page = figure.add_axes((0, 0, 1, 1))
    page.set_xlim(0, width)
    page.set_ylim(height, 0)
    page.axis("off")
    page.set_zorder(-1)
    return figure, page


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes in a rectangle given in inches from the upper left corner of the figure, without upper and right spine."""
    whole_width, whole_height = figure.get_size_inches()
    box = (left / whole_width, 1 - (top + height) / whole_height, width / whole_width, height / whole_height)
    axes = figure.add_axes(box)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def width_of(text: str, size: float = FONT_SIZE) -> float:
    """Width of a line of text in inches, with a twelfth more for a reader whose fonts run wider."""
    return max((_width(line, size) for line in text.split("\n")), default=0.0) * 13 / 12


def wrapped(text: str, inches: float, size: float = FONT_SIZE) -> list[str]:
    """The text in lines of at most so many inches, broken at spaces and between Chinese characters."""
    lines = [""]
    for piece in re.findall(r"[⺀-鿿＀-￯]|[^⺀-鿿＀-￯\s]+|\s+", text):
        if lines[-1].strip() and width_of(lines[-1] + piece.rstrip(), size) > inches and piece not in "，。；：、）":
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


@cache
def _width(text: str, size: float) -> float:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    _with_our_font()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        points, _, _ = RendererAgg(1, 1, 72).get_text_width_height_descent(
            text, FontProperties(family=_FAMILIES, size=size), False
        )
    return points / 72


@cache
def _with_our_font() -> None:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(matplotlib_font()))


def _fonts_of_the_page(svg: str) -> str:
    """Fonts named once, at the root: matplotlib names in each text only those it has itself."""
    bare = re.sub(r" font-family: [^;\"]*;?", "", svg)
    return bare.replace("<svg ", f'<svg font-family="{_PAGE_FONTS}" ', 1)
