"""Make our font file: the glyphs of our own texts, cut out of Debian's Noto Sans CJK (fonts-noto-cjk).

Run it after adding Chinese words: `python -m analytics.fonts.subset [NotoSansCJK-Regular.ttc]`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from analytics.fonts import FAMILY, cut, matplotlib_font
from analytics.locale.catalogue import LANGUAGES, catalogue

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE = "Noto Sans CJK SC"
ROOT = Path(__file__).resolve().parents[2]
TEXTS = (
    "analytics/**/*.html",
    "analytics/**/*.yaml",
    "schemas/**/*.py",
    "schemas/*.yaml",
    "warehouse/**/*.py",
    "warehouse/**/*.sql",
    "examples/*/*.yaml",
    "examples/*/plans/*.yaml",
    "examples/*/centres/*/centre.yaml",
)
"""Where, beside the catalogues, our own sentences stand: templates, rules, expectations, plans, titles."""

LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)]))
MARKS = "–—‘’“”…≤≥≠±×÷·•→←↑↓↕▲✓αβγδκλμσχ²³、。「」《》（），：；？！％～"


def characters() -> set[str]:
    """Every character that one of our labels may hold: catalogues, rules, plans, codes, and the usual marks."""
    found = set(LATIN + MARKS) | set("".join(LANGUAGES.values()))
    for lang in LANGUAGES:
        for text in catalogue(lang).texts.values():
            found |= set("".join(text))
    for pattern in TEXTS:
        for path in ROOT.glob(pattern):
            found |= {c for c in path.read_text(encoding="utf-8") if "一" <= c <= "鿿"}
    for path in ROOT.glob("schemas/codes/*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {c for name, text in row.items() if name and name.endswith("_zh") for c in text or ""}
    return {c for c in found if c.isprintable()}


def make(source: Path = SOURCE) -> Path:
    """Write the subset and return its path. ValueError: no simplified Chinese in `source`."""
    from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]

    faces = [face for face in TTCollection(source).fonts if face["name"].getDebugName(4) == FACE]
    if not faces:
        raise ValueError(f"{source} holds no face {FACE!r}: install fonts-noto-cjk, or name its file")
    font = faces[0]
    cut(font, "".join(characters()))
    for name_id, text in {1: FAMILY, 3: f"{FAMILY} subset", 4: FAMILY, 6: FAMILY.replace(" ", "")}.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["name"].names = [name for name in font["name"].names if name.langID == 0x409]
    font["head"].modified = font["head"].created
    font.save(matplotlib_font())
    return matplotlib_font()


if __name__ == "__main__":
    made = make(*map(Path, sys.argv[1:2]))
    sys.stdout.write(f"{made}: {made.stat().st_size:,} bytes\n")
