"""What must hold on every code list, whatever is written: properties of coding, a sample here and a long run as a proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.codelist import IGNORED, lists, load, wording
from warehouse.harmonise.coder import code_texts
from warehouse.harmonise.lookup import terms

FAMILIES = (
    {"drug", "component", "regimen_group"},
    {"topography", "site", "laterality"},
    {"line", "setting", "line_basis"},
)
"""Lists that speak of one thing: a word of one may answer a question of the other."""

QUICK = settings(max_examples=8, deadline=None)
LONG = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def coded(name: str, text: str) -> tuple[str | None, bool]:
    """The code of a text (the entity, in histology) and whether it asks."""
    row = code_texts(name, [text]).row(0, named=True)
    return row["entity_code" if name == "histology" else "code"], row["needs_query"]


@cache
def labels(name: str) -> list[tuple[str, str]]:
    """Every code with each of its labels and with itself."""
    codes = load(name)
    found = codes.codes.select(codes.key, "label_en", "label_zh").rows()
    return [(code, text) for code, *named in found for text in named if text]


@cache
def asked(name: str) -> list[str]:
    """The terms that make a question, with a code or without."""
    return [term.text for term in terms(name).values() if term.needs_query]


@cache
def strange_words(name: str) -> list[str]:
    """Words that stand beside terms, words of doubt, and the terms of every list of another kind."""
    kin = next((family for family in FAMILIES if name in family), {name})
    others = [term.text for other in lists() if other not in kin for term in terms(other).values()]
    return sorted({*wording("modifier")["text"], *wording("doubt_word")["text"], *others})


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _label_gives_its_code(name: str, data: st.DataObject) -> None:
    code, label = data.draw(st.sampled_from(labels(name)))
    found, asks = coded(name, label)
    assert asks or found in (code, None), (label, found)
    assert found is None or found == code, (label, found)


def _style_changes_nothing(name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([term.text for term in terms(name).values()]))
    around = data.draw(st.sampled_from(["{}", " {}", "{}\t", "\u3000{} ", "{}\u200b", "\u00a0{}\r\n"]))
    variant = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase, str.title, wide]))(text)
    assert coded(name, around.format(variant)) == coded(name, text), variant


def _words_never_answer_a_question(name: str, data: st.DataObject) -> None:
    if not asked(name):
        return
    text = data.draw(st.sampled_from(asked(name)))
    word = data.draw(st.sampled_from(strange_words(name)))
    form = data.draw(st.sampled_from(["{0} {1}", "{1} {0}", "{0}，{1}", "{1}: {0}", "{0}（{1}）", "{0}{1}", "{1}{0}"]))
    own_code, own_asks = coded(name, word)
    assume(own_asks or own_code is None)  # a word that is an answer may answer
    found, asks = coded(name, form.format(text, word))
    assert asks or found is None, (form.format(text, word), found)


PROPERTIES: tuple[Callable[[str, Any], None], ...] = (
    _label_gives_its_code,
    _style_changes_nothing,
    _words_never_answer_a_question,
)


@pytest.mark.parametrize("name", lists())
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__.strip("_"))
@given(data=st.data())
@QUICK
def test_a_sample_keeps_the_properties(holds: Callable[[str, Any], None], name: str, data: st.DataObject) -> None:
    holds(name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", lists())
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__.strip("_"))
@given(data=st.data())
@LONG
def test_a_long_run_keeps_the_properties(holds: Callable[[str, Any], None], name: str, data: st.DataObject) -> None:
    holds(name, data)


@pytest.mark.parametrize("name", [name for name in lists() if name != "histology"])
def test_every_label_gives_its_code_or_asks(name: str) -> None:
    texts = [label for _, label in labels(name)]
    rows = code_texts(name, texts).select("entity_code" if name == "histology" else "code").to_series()
    wrong = [
        (label, found) for (code, label), found in zip(labels(name), rows, strict=True) if found not in (None, code)
    ]
    assert wrong == []


EDITS = ("drop", "double", "swap", "change")


def _edit(word: str, how: str, at: int) -> str:
    at %= len(word) - 1
    if how == "drop":
        return word[:at] + word[at + 1 :]
    if how == "double":
        return word[: at + 1] + word[at:]
    if how == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + "aeio"[at % 4] + word[at + 1 :]


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_typing_error_is_never_another_agent(data: st.DataObject) -> None:
    code = data.draw(st.sampled_from([code for code in load("drug").codes["code"] if code.isalpha()]))
    word = code
    for _ in range(data.draw(st.integers(1, 2))):
        word = _edit(word, data.draw(st.sampled_from(EDITS)), data.draw(st.integers(0, 20)))
    assert coded("drug", word)[0] in (code, None), word


@pytest.mark.parametrize(
    "text", ["re-induction", "双磷酸盐", "滑膜肉瘤(双相型)", "L-PAM", "immunotherapy with both", "R0"]
)
def test_a_side_is_read_beside_a_site_only(text: str) -> None:
    assert coded("laterality", text)[0] is None


def test_no_ignored_term_is_asked() -> None:
    for name in lists():
        assert [term.text for term in terms(name).values() if term.code == IGNORED and term.needs_query] == []
