"""The pages as a reader meets them: Chromium opens the files, on a screen, on a telephone and for print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
import quality_frames as made
from accessibility import violations

from analytics.fonts import FAMILY
from analytics.quality.validation import validation_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = [f"{folder}validation.{lang}.html" for folder in ("", "aa01/", "bb02/", "dd04/") for lang in ("en", "zh")]

CONTRAST = """() => {
  const number = text => text.match(/[\\d.]+/g).map(Number);
  const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(linear)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = number(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || ["SCRIPT", "STYLE"].includes(node.tagName)) continue;
    const [a, b] = [light(number(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) poor.push(walk.currentNode.textContent.trim());
  }
  return poor;
}"""

STRUCTURE = """() => {
  const all = selector => Array.from(document.querySelectorAll(selector)), faults = [];
  const need = (holds, fault) => holds || faults.push(fault);
  const levels = all("h1, h2, h3, h4").map(heading => Number(heading.tagName[1]));
  levels.forEach((level, i) => need(level <= (levels[i - 1] ?? 0) + 1, "heading level " + i));
  need(all("h1").length === 1, "h1");
  const ids = all("[id]").map(node => node.id);
  need(new Set(ids).size === ids.length, "ids not unique");
  for (const table of all("table")) {
    need(table.caption?.textContent.trim(), "caption of " + table.id);
    for (const th of table.querySelectorAll("th")) need(th.scope, "scope in " + table.id);
    for (const row of table.tBodies[0].rows) need(row.querySelector("th"), "row heading in " + table.id);
  }
  for (const node of all("[aria-labelledby]"))
    need(document.getElementById(node.getAttribute("aria-labelledby")), "label of " + node.id);
  for (const node of all("a, button, summary")) need(node.textContent.trim(), "nameless " + node.tagName);
  for (const node of all("input")) need(node.getAttribute("aria-label"), "input without a name");
  for (const node of all(".box")) need(node.tabIndex === 0 && node.getAttribute("role"), "scroll box");
  return faults;
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    validation_report(made.frames(60), made.facts(), "en", folder)
    return folder


Visit = Callable[..., tuple["Page", list[str]]]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a file; gives the page and everything about it that should not have happened."""
    contexts = []

    def opened(path: Path, width: int = 1280, **settings: Any) -> tuple[Page, list[str]]:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **settings))
        page = contexts[-1].new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith("data:") or wrong.append(request.url))
        page.goto(path.as_uri())
        assert wrong.pop(0) == path.as_uri()
        return page, wrong

    yield opened
    for context in contexts:
        context.close()


def column(page: Page, table: str, index: int) -> list[str]:
    cells = page.locator(f"#{table} > tbody > tr:visible > :nth-child({index})")
    return [text.strip() for text in cells.all_inner_texts()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1280, 400])
def test_no_error_no_request_no_overflow(visit: Visit, report: Path, name: str, width: int) -> None:
    page, wrong = visit(report / name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.wait_for_timeout(100)
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_structure_and_contrast(visit: Visit, report: Path, name: str) -> None:
    page, _ = visit(report / name)
    assert page.evaluate(STRUCTURE) == []
    assert page.evaluate(CONTRAST) == []


def test_every_link_resolves(visit: Visit, report: Path) -> None:
    waiting, seen = [report / "validation.en.html"], set()
    page, _ = visit(waiting[0])
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page.goto(path.as_uri())
        for address in page.eval_on_selector_all("a", "links => links.map(a => a.href)"):
            parts = urlsplit(address)
            assert parts.scheme == "file", address
            target = Path(unquote(parts.path))
            assert target.is_file(), address
            assert report in target.parents, address
            if parts.fragment:
                assert page.locator(f"[id='{parts.fragment}']").count() == 1, address
            if target.suffix == ".html":
                waiting.append(target)
    assert len(seen) == 10


def test_columns_sort_by_number_and_by_word(visit: Visit, report: Path) -> None:
    page, wrong = visit(report / "validation.en.html")
    head = page.locator("#patients-table thead th").nth(1)
    head.locator("button").click()
    assert column(page, "patients-table", 2) == ["0", "25", "30", "40"]
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert column(page, "patients-table", 2) == ["40", "30", "25", "0"]
    page.locator("#centres-table thead th").nth(1).locator("button").focus()
    page.keyboard.press("Enter")
    assert [state.split()[0] for state in column(page, "centres-table", 2)] == [
        "Absent",
        "Carried",
        "Fresh",
        "Fresh",
    ]
    assert wrong == []


def test_rows_filter_and_the_number_shown_is_said(visit: Visit, report: Path) -> None:
    page, _ = visit(report / "validation.zh.html")
    box = page.locator(".box:has(#accounts-table)").locator("xpath=preceding-sibling::p[1]//input")
    assert box.get_attribute("aria-label") == "筛选下表的行： 按中心和表统计的源文件行数"
    box.fill("cc03 肿瘤")
    assert column(page, "accounts-table", 1) == ["cc03"]
    assert box.locator("xpath=../following-sibling::output").inner_text() == "显示 15 行中的 1 行"
    box.fill("")
    assert len(column(page, "accounts-table", 1)) == 15


def test_the_page_is_whole_without_javascript(visit: Visit, report: Path) -> None:
    scripted, _ = visit(report / "aa01" / "validation.zh.html")
    plain, wrong = visit(report / "aa01" / "validation.zh.html", java_script_enabled=False)
    turned = scripted.locator("tbody tr.off").count()
    assert plain.locator("tbody tr:visible").count() == scripted.locator("tbody tr:visible").count() + turned > 50
    assert turned == 50
    scripted.emulate_media(media="print")
    assert scripted.locator("tbody tr:visible").count() == plain.locator("tbody tr:visible").count()
    assert plain.locator("button, input").count() == 0
    assert wrong == []


def test_a_script_that_was_sent_runs_neither_as_text_nor_past_the_policy(visit: Visit, report: Path) -> None:
    path = report / "bb02" / "validation.en.html"
    page, wrong = visit(path)
    assert page.locator("bdi.raw", has_text=made.SCRIPT).count() > 0
    assert wrong == []
    hostile = report / "hostile.html"
    text = path.read_text(encoding="utf-8")
    hostile.write_text(text.replace("</main>", "<script>window.ran = 1</script></main>"), encoding="utf-8")
    page, wrong = visit(hostile)
    hostile.unlink()
    assert page.evaluate("window.ran === undefined")
    assert len(wrong) == 1
    assert "Content Security Policy" in wrong[0]


def test_the_shipped_font_loads_and_has_the_glyphs(visit: Visit, report: Path) -> None:
    page, _ = visit(report / "validation.zh.html")
    assert page.evaluate(f"document.fonts.load('16px \"{FAMILY}\"', '数据质控').then(found => found.length)") == 1
    assert page.evaluate(f"document.fonts.check('16px \"{FAMILY}\"', '数据质控')")


def test_print_shows_everything_and_hides_the_tools(visit: Visit, report: Path) -> None:
    page, _ = visit(report / "validation.en.html")
    assert not page.locator("#heat-optional").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#heat-optional tbody td").first.evaluate("cell => cell.getBoundingClientRect().height") > 5
    for hidden in (".tools", ".languages", ".contents", ".skip"):
        assert not page.locator(hidden).first.is_visible()
    assert (
        page.locator("#accounts-table thead").evaluate("node => getComputedStyle(node).display") == "table-header-group"
    )
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 3 <= pdf.count(b"/Type /Page\n") <= 12


def test_a_long_table_is_turned_over_by_keyboard_and_filtered_as_a_whole(visit: Visit, report: Path) -> None:
    page, wrong = visit(report / "aa01" / "validation.en.html")
    table = page.locator("#examples-1")
    line = page.locator(".box:has(#examples-1) + .turn")
    shown = lambda: table.locator("tbody tr:visible").count()  # noqa: E731
    assert shown() == 10
    assert line.locator("output").inner_text() == "Rows 1 to 10 of 20"
    assert line.locator("button").first.is_disabled()
    line.locator("button").nth(1).focus()
    page.keyboard.press("Enter")
    assert line.locator("output").inner_text() == "Rows 11 to 20 of 20"
    assert shown() == 10
    first = table.locator("thead button").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    lines = [int(text) for text in column(page, "examples-1", 1)]
    assert lines == sorted(lines, reverse=True)
    assert line.locator("output").inner_text() == "Rows 1 to 10 of 20"
    field = page.locator(".box:has(#examples-1)").locator("xpath=preceding-sibling::p[@class='tools'][1]//input")
    field.fill("no such text")
    assert shown() == 0
    field.fill("")
    assert shown() == 10
    assert wrong == []


def test_rules_are_searched(visit: Visit, report: Path) -> None:
    page, _ = visit(report / "aa01" / "validation.en.html")
    assert page.locator("article:visible").count() == 6
    box = page.get_by_label("Search all rules").first
    box.fill("ASPS warning")
    assert page.locator("article:visible h3").all_inner_texts() == ["Warning grade_of_asps"]
    box.fill("")
    assert page.locator("article:visible").count() == 6


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["validation", "aa01/validation", "dd04/validation"])
def test_axe_finds_nothing_in_the_validation_report(visit: Visit, report: Path, name: str, lang: str) -> None:
    page, _ = visit(report / f"{name}.{lang}.html")
    assert violations(page) == []


def _stays_usable(visit: Visit, folder: Path, per_rule: int, write_seconds: float) -> dict[str, float]:
    """Write the report, open the fullest page, and sort it: seconds and bytes."""
    import time

    def seconds(action: Callable[[], object]) -> float:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    told: dict[str, float] = {}
    tables = made.frames(per_rule)
    told["findings"] = tables["quality.finding"].height
    told["write"] = seconds(lambda: validation_report(tables, made.facts(), "en", folder))
    path = folder / "aa01" / "validation.en.html"
    told |= {"page_bytes": path.stat().st_size, "csv_bytes": (path.parent / "findings.csv").stat().st_size}
    told["json_bytes"] = (path.parent / "validation.json").stat().st_size
    told["load"] = seconds(lambda: visit(path))
    page, _ = visit(path)
    told["sort"] = seconds(lambda: page.locator("#examples-1 thead button").first.click())
    assert told["write"] < write_seconds
    assert told["page_bytes"] < 1_000_000
    assert told["load"] < 10
    assert told["sort"] < 2
    return told


def test_five_thousand_findings_stay_usable(visit: Visit, tmp_path: Path) -> None:
    assert _stays_usable(visit, tmp_path, 1_000, 15)["findings"] == 5_001


@pytest.mark.slow
def test_a_hundred_thousand_findings_stay_usable(visit: Visit, tmp_path: Path) -> None:
    told = _stays_usable(visit, tmp_path, 20_000, 30)
    print(told)
    assert told["findings"] == 100_001
