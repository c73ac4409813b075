"""Both languages say the same things, the font can draw them, and numbers have their denominators."""

from __future__ import annotations

import re
import string
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest

from analytics.fonts import FAMILY, FOLDER, matplotlib_font, web_font
from analytics.fonts.subset import characters
from analytics.locale import numbers
from analytics.locale.catalogue import LANGUAGES, catalogue, domains
from analytics.quality.inputs import CODED
from analytics.quality.summaries import ANSWERS, IMPORTANCE, OUTCOMES
from schemas.canonical import CORE, columns
from schemas.rules import Action, Channel, Kahn, Severity

ANALYTICS = Path(numbers.__file__).resolve().parents[1]
TEMPLATES = [path.read_text(encoding="utf-8") for path in sorted(ANALYTICS.glob("templates/*.html"))]
KEY = re.compile(r"""\b_\(\s*['"]([a-z0-9_.]+)['"]\s*[,)]""")
BEGUN = re.compile(r"""\b_\(\s*'([a-z0-9_.]+\.)' ~""")
LITERAL = re.compile(r"""['"]([a-z0-9_]+(?:\.[a-z0-9_]+)+)['"]""")


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    forms = (text,) if isinstance(text, str) else text
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    english, chinese = catalogue("en").texts, catalogue("zh").texts
    assert english.keys() == chinese.keys()
    assert len(english) > 100
    differing = [key for key in english if placeholders(english[key]) != placeholders(chinese[key])]
    assert differing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty(lang: str) -> None:
    assert [key for key, text in catalogue(lang).texts.items() if not "".join(text).strip()] == []


def test_no_sentence_was_left_in_english() -> None:
    same = {key: text for key, text in catalogue("zh").texts.items() if text == catalogue("en").texts[key]}
    assert {key: text for key, text in same.items() if len(re.findall(r"[a-z]+", str(text))) > 2} == {}


def test_every_key_in_templates_is_in_the_catalogues() -> None:
    used = {key for text in TEMPLATES for key in KEY.findall(text)}
    assert len(used) > 60
    assert sorted(used - catalogue("en").texts.keys()) == []


def test_every_key_of_the_shell_and_the_validation_report_is_used() -> None:
    texts = TEMPLATES + [path.read_text(encoding="utf-8") for path in sorted(ANALYTICS.rglob("*.py"))]
    literal = {key for text in texts for key in LITERAL.findall(text)}
    begun = tuple(start for text in TEMPLATES for start in BEGUN.findall(text))  # a code follows
    own = {key for key in catalogue("en").texts if key.startswith(("shell.", "number.", "validation."))}
    own -= {key for key in own if key.startswith(begun)}
    assert sorted(own - literal - {"validation.yes", "validation.no"}) == []


def test_every_code_and_column_that_pages_show_has_a_label() -> None:
    fields = {
        re.sub(r"(_source|_code)$", "", column.name)
        for model in CORE.values()
        for column in columns(model)
        if column.role == "delivered"
    }
    wanted = {f"field.{name}" for name in fields} | {f"table.{table}" for table in CORE}
    closed = {
        "severity": get_args(Severity),
        "action": get_args(Action),
        "channel": get_args(Channel),
        "kahn": get_args(Kahn),
        "account": ("delivered", *OUTCOMES),
        "missing": ANSWERS,
        "importance": IMPORTANCE,
        "state": ("fresh", "stale", "refused", "carried_forward", "absent"),
    }
    wanted |= {f"{group}.{name}" for group, names in closed.items() for name in names}
    wanted |= {f"list.{name}" for name in CODED}
    assert sorted(wanted - catalogue("en").texts.keys()) == []


def test_a_missing_key_or_value_is_an_error_and_an_unknown_code_shows_as_it_is() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key is in no catalogue"):
        catalogue("en").text("no.such.key")
    with pytest.raises(KeyError, match="shown"):
        catalogue("en").text("shell.shown")
    with pytest.raises(ValueError, match="no catalogue for language 'fr'"):
        catalogue("fr")
    assert catalogue("zh").label("table", "new_table") == "new_table"


def test_one_key_stands_in_one_domain_only() -> None:
    for lang in LANGUAGES:
        ids = [line for path in domains(lang) for line in path.read_text(encoding="utf-8").splitlines()]
        keys = [line for line in ids if line.startswith("msgid ") and line != 'msgid ""']
        assert len(keys) == len(set(keys))


def test_plural_forms() -> None:
    english, chinese = catalogue("en"), catalogue("zh")
    assert english.text("validation.own.found", amount=1, n="1") == "1 finding"
    assert english.text("validation.own.found", amount=1200, n="1,200") == "1,200 findings"
    assert chinese.text("validation.own.found", amount=1, n="1") == "1条发现"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (12, 34, "12/34 (35.3%)"),
        (0, 34, "0/34 (0.0%)"),
        (34, 34, "34/34 (100.0%)"),
        (1, 12345, "1/12,345 (<0.1%)"),
        (12344, 12345, "12,344/12,345 (>99.9%)"),
        (1, 2000, "1/2,000 (0.1%)"),
        (0, 0, "not evaluable"),
        (3, None, "not evaluable"),
        (None, 3, "not evaluable"),
    ],
)
def test_a_share_has_its_denominator(part: int | None, whole: int | None, text: str) -> None:
    assert numbers.share(part, whole, "en") == text


def test_counts_and_decimals() -> None:
    assert numbers.count(1234567, "zh") == "1,234,567"
    assert numbers.count(None, "en") == "–"
    assert numbers.decimal(1234.5, 2, "en") == "1,234.50"
    assert numbers.decimal(7.46, 0, "zh") == "7"
    assert numbers.decimal(None, 1, "en") == "–"
    assert numbers.share(0, 0, "zh") == "无法评估"


def test_the_font_draws_every_label() -> None:
    from fontTools.ttLib import TTFont

    path = matplotlib_font()
    with TTFont(path) as font:
        drawn = set(map(chr, font.getBestCmap()))
        assert font["name"].getDebugName(1) == FAMILY
        assert "Open Font License" in font["name"].getDebugName(13)
    lacking = "".join(sorted(characters() - drawn))
    assert lacking == "", "run `python -m analytics.fonts.subset`"
    assert path.stat().st_size < 1024 * 1024
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_a_page_carries_the_glyphs_of_its_own_text() -> None:
    from fontTools.ttLib import TTFont

    address = web_font("随访 5 of \U00020000")
    assert address == web_font("of 5 \U00020000 访随")
    with TTFont(BytesIO(b64decode(address.partition(",")[2]))) as font:
        assert set(map(chr, font.getBestCmap())) == set("随访 5of")


def test_matplotlib_draws_chinese_with_it(tmp_path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    font_manager.fontManager.addfont(matplotlib_font())
    figure = Figure(figsize=(3, 2))
    # A glyph that the font lacks is a warning, and warnings are errors here.
    figure.text(0.1, 0.5, catalogue("zh").text("validation.title") + " ≤2 (95% CI)", family=FAMILY)
    for ending in ("svg", "png", "pdf"):
        figure.savefig(tmp_path / f"title.{ending}")
        assert (tmp_path / f"title.{ending}").stat().st_size > 1000
