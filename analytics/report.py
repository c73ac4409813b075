"""One page of a report: templates filled in one language into a self-contained HTML file.

Style, script, figures and the Chinese fallback font stand inside the page. It asks for nothing from anywhere,
works without JavaScript, and its own content policy forbids every script but ours, whatever text a centre may
have sent.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from analytics import tables
from analytics.fonts import FAMILY, web_font
from analytics.locale import numbers
from analytics.locale.catalogue import LANGUAGES, catalogue

_FONT = "data:font/woff,"
"""Stands in the style sheet until the page is there, whose characters the font is cut to."""

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Shell:
    """What the frame around every page shows.

    title: the page's heading. registry: whose page it is. facts: (label, value) pairs under the heading, the
    first also on top of each printed page, such as the refresh. sections: (id, label) of each `<section>`,
    for the list of contents. synthetic: says in a banner that no real patient is meant. up: (address, label)
    of the page above, or None. is_alone: the page goes out by itself, without the files beside it, so that it links
    to none.
    """

    title: str
    registry: str
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[tuple[str, str]] = ()
    synthetic: bool = False
    up: tuple[str, str] | None = None
    is_alone: bool = False


@cache
def environment(lang: str) -> Environment:
    """The templates' surroundings in one language: escaping on, a name that is not given raises.

    In a template: `_(key, **values)` and `label(group, name)` are words, `count(n)`, `share(part, whole)` and
    `decimal(value, digits)` numbers, `svg(text, title, prefix)` an inline figure.
    """
    words = catalogue(lang)
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _part("page.js")
    made.globals |= {
        "_": words.text,
        "label": words.label,
        "count": partial(numbers.count, lang=lang),
        "share": partial(numbers.share, lang=lang),
        "decimal": partial(numbers.decimal, lang=lang),
        "svg": inline_svg,
        "lang": lang,
        "languages": LANGUAGES,
        "style": Markup(_part("page.css")),  # noqa: S704 (our own file)
        "script": Markup(script),  # noqa: S704 (our own file)
        "script_hash": b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        "font_family": FAMILY,
        "font": _FONT if lang == "zh" else None,
    }
    made.filters |= {"css_string": css_string, "cell": tables.html}
    return made


def render(template: str, lang: str, **context: object) -> str:
    """The page as text. `context` holds `shell` (a Shell), `stem` and what the template itself asks for."""
    text = environment(lang).get_template(template).render(**context)
    return text.replace(_FONT, web_font(text), 1) if lang == "zh" else text


def write_page(folder: Path, stem: str, template: str, lang: str, **context: object) -> Path:
    """Write `<folder>/<stem>.<lang>.html` and return its path; it links to `<stem>.<other language>.html`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.{lang}.html"
    path.write_text(render(template, lang, stem=stem, **context), encoding="utf-8")
    return path


def inline_svg(text: str, title: str, prefix: str) -> Markup:
    """An SVG file (of ours, as matplotlib writes it) as an inline figure, named for those who cannot see it.

    prefix: makes the ids of this figure its own, since one page holds many figures.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', body)
    body = re.sub(r'(href="#|url\(#)([^")]+)', rf"\1{prefix}-\2", body)
    name = escape(title)
    # Figures are made by us, and matplotlib escapes what it draws.
    return Markup(body.replace("<svg", f'<svg role="img" aria-label="{name}"', 1))  # noqa: S704


def css_string(text: str) -> Markup:
    """Any text as the inside of a CSS string: everything but letters and digits is written by its number."""
    # Nothing but letters, digits, backslashes and spaces is left.
    return Markup("".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text))  # noqa: S704


def _part(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
