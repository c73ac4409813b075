"""The font we ship for machines without Chinese: a subset of Noto Sans SC (OFL) for our own labels.

Figures take the file as it is; a page carries the glyphs of its own text. What a centre sent is covered as far
as it happens to use the same characters, and is drawn in the reader's own fonts otherwise.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

FAMILY = "Sarcreg Sans SC"
"""The subset's own family name, so that it never hides the full font on a machine that has it."""

FOLDER = Path(__file__).parent


def matplotlib_font() -> Path:
    """The OpenType file for figures; give it to matplotlib's `fontManager.addfont`, then name FAMILY."""
    return FOLDER / "sarcreg-sans-sc.otf"


def web_font(text: str) -> str:
    """The glyphs of `text`, as far as we ship them, as a WOFF `data:` address for a page's own style sheet."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(matplotlib_font()) as font:
        cut(font, text)
        font.flavor = "woff"
        stream = BytesIO()
        font.save(stream)
    return f"data:font/woff;base64,{b64encode(stream.getvalue()).decode('ascii')}"


def cut(font: Any, text: str) -> None:
    """Leave in a fontTools font the glyphs of `text` and nothing for typesetting; equal texts give equal bytes."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]

    names = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options = Options(layout_features=[], hinting=False, desubroutinize=True, name_IDs=names)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF"]
    cutter = Subsetter(options)
    cutter.populate(text="".join(sorted(set(text))))
    cutter.subset(font)
    font.recalcTimestamp = False
