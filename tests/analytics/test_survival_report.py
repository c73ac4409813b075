"""The survival report as its reader meets it: what it says, in both languages, and how it looks in a browser."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
import survival_mart
from accessibility import violations
from figure_layout import OVERLAPS

from analytics.fonts.subset import characters
from analytics.locale.catalogue import catalogue
from analytics.plan import Plan, load_plan
from analytics.survival.analyses import comparisons, follow_up, overall, population, targets
from analytics.survival.contracts import Results
from analytics.survival.report import survival_report
from analytics.survival.run import run_plan
from analytics.survival.wording import Wording
from warehouse.lock import Cut, State

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "examples" / "three-centres" / "plans" / "founding_study.yaml")
FITTED = {
    "en": "fitted to the published summary; agreement shows that the pipeline reads back what was put in; "
    "no evidence about any treatment",
    "zh": "按已发表的汇总结果拟合；一致仅说明流程能读回所输入的内容；不构成任何治疗的证据",
}

LOCKED = Cut("20241231-0001", "locked", "2026-11-27T08:00:00+00:00", "f" * 64, accepted=2, cancelled=1)


@cache
def results_of(n: int) -> Results:
    """The plan carried out on n patients, which are the same whether they are called synthetic or not."""
    return run_plan(survival_mart.frames(n), PLAN)


def written(folder: Path, *, synthetic: bool = True, plan: Plan = PLAN, n: int = 79) -> dict[str, Path]:
    frames = survival_mart.frames(n, synthetic=synthetic)
    results = results_of(n) if plan is PLAN else run_plan(frames, plan)
    return {lang: survival_report(results, frames, plan, lang, folder, cut=LOCKED) for lang in ("en", "zh")}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.mktemp("report"))


def words(path: Path) -> str:
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Data cut locked on 2026-11-27. Of its critical questions 3 were settled with the values as they are."),
        ("zh", "数据截点 已于2026-11-27锁定。 其关键疑问中有3个按原值了结。"),
    ],
)
def test_a_page_says_whether_it_stands_on_a_locked_cut(pages: dict[str, Path], lang: str, said: str) -> None:
    assert said in words(pages[lang])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("locked", "locked on 2026-11-27."),
        ("amended", "locked on 2026-11-27, and amended since"),
        ("changed", "this is not what was locked"),
        ("unlocked", "not locked: the lock was taken back on 2026-11-27"),
        ("open", "not locked"),
    ],
)
def test_every_state_of_a_cut_has_words(state: State, said: str) -> None:
    cut = replace(LOCKED, state=state, on=None if state == "open" else LOCKED.on)
    assert said in Wording("en", PLAN).cut(cut)
    assert (
        Wording("zh", PLAN).cut(cut) != Wording("zh", PLAN).cut(replace(cut, state="open", on=None)) or state == "open"
    )
    assert Wording("en", PLAN).cut(None) == Wording("en", PLAN).cut(Cut("r")) == "not locked"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_part_is_there(pages: dict[str, Path], lang: str) -> None:
    text, page = pages[lang].read_text(encoding="utf-8"), words(pages[lang])
    assert pages[lang].name == f"survival.{lang}.html"
    for section in ("summary", "targets", "population", "overall", "comparisons", "follow_up", "methods"):
        assert f'<section id="{section}"' in text
    for comparison in PLAN.comparisons:
        assert (comparison.title.zh if lang == "zh" else comparison.title.en) in page
    assert text.count("<svg role=") == 2 * (1 + len(PLAN.comparisons))
    assert "30.4375" in page
    assert page.count("30.4375") == text.count("<table") - len(
        re.findall(r'<table id="(?:attrition|endings|targets-comparisons|[\w-]+-(?:sizes|tests))"', text)
    )
    assert FITTED[lang] in page
    assert "20241231-0001" in page
    assert "lifelines " in page and "sarcreg trace" in page


def test_progression_is_labelled_an_assumption(pages: dict[str, Path]) -> None:
    text = pages["en"].read_text(encoding="utf-8")
    assert "Progression-free survival (EMA rule set, an assumption)" in words(pages["en"])
    for table in re.findall(r"<table id=.*?</table>.*?(?=<table|</section>)", text, flags=re.S):
        if "Progression-free survival" in table:
            assert "EMA rule set, an assumption" in table
    figures = re.findall(r"<svg.*?</svg>", text, flags=re.S)
    progression = [figure for figure in figures if ">Progression-free survival<" in figure]
    assert len(progression) == 1 + len(PLAN.comparisons)
    assert all("EMA rule set, an assumption" in figure for figure in progression)


def test_numbers_are_those_of_the_results(pages: dict[str, Path]) -> None:
    results = results_of(79)
    row = results["estimates"].row(0, named=True)
    assert f"{row['median_months']:.1f} ({row['median_lower_months']:.1f}, NR) months" in words(pages["en"])
    assert row["median_upper_months"] is None
    test = results["tests"].row(by_predicate=(pl.col("analysis") == "line") & (pl.col("endpoint") == "OS"), named=True)
    assert f"P = {test['p_value']:.3f} (log-rank)" in words(pages["en"])


def test_a_real_registry_is_not_called_fitted_or_synthetic(tmp_path: Path) -> None:
    for path in written(tmp_path, synthetic=False).values():
        assert not re.search("fitted to|按已发表|Synthetic data|合成数据。", words(path))


def test_a_plan_without_targets_has_no_section_of_them(tmp_path: Path) -> None:
    bare = [c.model_copy(update={"endpoints": dict.fromkeys(c.endpoints)}) for c in PLAN.comparisons[:1]]
    plan = Plan.model_validate(PLAN.model_dump() | {"comparisons": [c.model_dump() for c in bare], "targets": {}})
    assert 'id="targets"' not in written(tmp_path, plan=plan)["en"].read_text(encoding="utf-8")


def test_a_handful_of_patients_and_nobody_evaluable_make_a_page(tmp_path: Path) -> None:
    page = words(written(tmp_path, n=6)["en"])
    assert "no P: a group below 5 patients or fewer than 5 events" in page
    frames = survival_mart.frames(12)
    nobody = replace(frames, adtte=frames.adtte.with_columns(pl.lit(None, dtype=pl.Int64).alias("AVAL")))
    page = words(survival_report(run_plan(nobody, PLAN), nobody, PLAN, "en", tmp_path))
    assert "Nobody is evaluable for Overall survival: there is no curve." in page
    assert "Not evaluable for Overall survival: 12 of 12 patients" in page


CAUSAL = re.compile(
    r"\b(caus(?:es|ed|al|ing)|effective|efficacy|benefit\w*|improv\w*|superior\w*|due to|leads? to|better|worse)\b"
    r"|导致|疗效|获益|改善|优于|更好",
    re.I,
)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_causal_wording(pages: dict[str, Path], lang: str) -> None:
    page = words(pages[lang]).replace(catalogue(lang).text("survival.methods.unadjusted"), "")
    assert CAUSAL.findall(page) == []


def test_no_patient_and_no_row_of_one_is_on_the_page(pages: dict[str, Path]) -> None:
    ids = survival_mart.frames().cohort["patient_id"].to_list()
    text = pages["en"].read_text(encoding="utf-8")
    assert [one for one in ids if one in text] == []


def test_questions_are_the_same_in_the_code_and_on_the_page() -> None:
    for module in (comparisons, follow_up, overall, population, targets):
        name = module.__name__.rsplit(".", 1)[-1]
        assert catalogue("en").text(f"survival.question.{name}") == module.QUESTION


def test_every_key_of_the_survival_report_is_used() -> None:
    files = [*ROOT.glob("analytics/survival/**/*.py"), ROOT / "analytics" / "templates" / "survival.html"]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    keys = [key.removeprefix("survival.") for key in catalogue("en").texts if key.startswith("survival.")]
    built = re.compile(
        r"(cut|question|reason|population|comparisons|targets|figure|methods\.sensitivity)\.\w+|\w+\.title|comparisons\.how\.\w+"
        r"|methods\.holm_\w+"
    )
    literal = set(re.findall(r"""["'](?:survival\.)?([a-z_.]+)["']""", source))
    assert [key for key in keys if key not in literal and not built.fullmatch(key)] == []


def test_the_font_has_the_glyphs_of_the_figures(pages: dict[str, Path]) -> None:
    figures = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", pages["zh"].read_text(encoding="utf-8")))
    assert {c for c in figures if not c.isspace()} <= characters()


SMALLEST = """() => Math.min(...Array.from(document.querySelectorAll('figure svg text')).map(text => {
  const svg = text.ownerSVGElement;
  return parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
}))"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 400])
def test_in_a_browser(browser: Browser, pages: dict[str, Path], lang: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: request.url.startswith("data:") or asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(pages[lang].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(SMALLEST) >= 9.5
    assert (asked, said) == ([pages[lang].as_uri()], [])
    page.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], lang: str) -> None:
    page = browser.new_page()
    page.goto(pages[lang].as_uri())
    assert violations(page) == []
    page.close()


def test_in_print_nothing_is_cut_off(browser: Browser, pages: dict[str, Path]) -> None:
    for path in pages.values():
        page = browser.new_page(viewport={"width": 688, "height": 900})  # A4 within its margins
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 688
        assert page.evaluate(OVERLAPS) == []
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        page.close()
