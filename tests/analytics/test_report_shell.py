"""The frame of a page: self-contained, escaped, in two languages."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from analytics.report import Shell, css_string, environment, inline_svg, write_page

PAGE = """{% extends "base.html" %}{% import "macros.html" as m with context %}
{% block body %}{% call m.section("one", title) %}
{{ m.table("t", "A table", [("Name", false), ("Time", true)], [["<b>x</b>", ("1,000", 1000)], ["y", 2]])
}}
{{ m.figure(drawing, "A figure (n = 2)", "figure.csv") }}{{ m.notice("error", "no") }}{{ m.badge("ok", "yes") }}
{% endcall %}{% endblock %}"""
SVG = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink"><metadata><x about="http://example.invalid"/></metadata>
<defs><path id="p1" d="M0 0"/><clipPath id="c"/></defs><use xlink:href="#p1" clip-path="url(#c)"/></svg>"""


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def page(lang: str = "en", title: str = "A title") -> str:
    shell = Shell(title=title, registry="R & D", facts=[("Refresh", 'x"};')], sections=[("one", title)])
    drawing = inline_svg(SVG, "A figure", "f1")
    return environment(lang).from_string(PAGE).render(shell=shell, stem="page", title=title, drawing=drawing)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_asks_for_nothing_from_outside(lang: str) -> None:
    text = page(lang)
    for tag, attrs in Tags(text).tags:
        for name in ("src", "href", "action", "data", "poster", "srcset", "background"):
            value = attrs.get(name)
            assert value is None or not re.match(r"(?i)[a-z]+:|//", value), f"<{tag} {name}={value}>"
        assert not [name for name in attrs if name.startswith("on")], f"<{tag}> has a handler"
    style = text[text.index("<style>") : text.index("</style>")]
    assert re.findall(r"url\((?!data:)", style) == []
    assert "@import" not in style


def test_the_policy_lets_our_script_run_and_no_other() -> None:
    text = page()
    (policy,) = [a["content"] for a in Tags(text).named("meta") if a.get("http-equiv")]
    assert policy is not None
    (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    (allowed,) = re.findall(r"script-src 'sha256-([^']+)'", policy)
    assert b64decode(allowed) == hashlib.sha256(script.encode()).digest()
    assert policy.startswith("default-src 'none'")


def test_only_the_chinese_page_carries_the_font() -> None:
    assert "@font-face" in page("zh")
    assert "@font-face" not in page("en")
    assert len(page("en")) < 30_000


def test_landmarks_language_and_skip_link() -> None:
    found = Tags(page("zh"))
    assert found.named("html") == [{"lang": "zh-CN"}]
    assert [len(found.named(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    assert found.named("a")[0] == {"class": "skip", "href": "#main"}
    others = [a for a in found.named("a") if a.get("hreflang")]
    assert others == [{"href": "page.en.html", "lang": "en", "hreflang": "en"}]


def test_text_is_escaped_everywhere() -> None:
    text = page(title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text
    assert text.count("&lt;script&gt;alert(1)") == 4
    assert "<b>x</b>" not in text
    assert "R &amp; D" in text


def test_css_strings_cannot_be_left() -> None:
    assert css_string('a"}</style>中') == r"a\22 \7d \3c \2f style\3e \4e2d "
    assert "</style>" not in page(title="</style>").split("</style>")[0]


def test_tables_have_captions_and_scopes() -> None:
    text = page()
    assert '<caption id="t-caption">A table</caption>' in text
    assert '<th scope="col" class="number">Time</th>' in text
    assert '<td class="number" data-sort="1000">1,000</td>' in text
    assert '<th scope="row">y</th>' in text


def test_figures_keep_their_ids_apart_and_say_what_they_are() -> None:
    drawing = str(inline_svg(SVG, 'of "x"', "f2"))
    assert drawing.startswith('<svg role="img" aria-label="of &#34;x&#34;"')
    assert 'id="f2-p1"' in drawing
    assert 'xlink:href="#f2-p1"' in drawing
    assert "url(#f2-c)" in drawing
    assert "example.invalid" not in drawing
    assert "DOCTYPE" not in drawing


def test_a_name_that_is_not_given_raises() -> None:
    with pytest.raises(UndefinedError, match="stem"):
        environment("en").from_string('{% extends "base.html" %}').render(shell=Shell("t", "r"))


def test_write_page_names_the_file_by_its_language(tmp_path: Path) -> None:
    path = write_page(tmp_path / "new", "page", "base.html", "zh", shell=Shell("标题", "登记库"))
    assert path == tmp_path / "new" / "page.zh.html"
    assert "<title>标题 · 登记库</title>" in path.read_text(encoding="utf-8")
