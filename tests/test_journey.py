"""From nothing to two reports as a stranger goes: the demo's home, a refresh, questions, pages and the way back.

One home serves all tests. What a page should say is asked of the published file in SQL, as a reader would who does
not believe the page.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from flows.cli import main
from warehouse.home import Home
from warehouse.query import sql

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("journey")

REPOSITORY = Path(__file__).resolve().parents[1]
STAGES = ("start", "refresh", "pull", "read", "build", "gate", "publish", "weigh", "report", "analyse")
DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def sarcreg(*words: str | Path) -> Ran:
    """Run the command line here."""
    result = CliRunner().invoke(main, [*map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def program(*words: str | Path) -> Ran:
    """Run the command line as a program of its own."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("SARCREG_", "PREFECT_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env=surroundings | {"PYTHONUTF8": "1"},
        timeout=300,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True)
class Journey:
    """The demo's home, what `demo` and the first `refresh` said, and what the home held before and after the second."""

    home: Path
    demo: Ran
    first: Ran
    second: Ran
    before_second: tuple[str, ...]
    after_second: tuple[str, ...]

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query, as `sarcreg sql --format json` gives them, without a program for each."""
        return json.loads(json.dumps(sql(Home(self.home), query).to_dicts(), default=str))

    @property
    def refresh(self) -> str:
        """The refresh that the first run published."""
        return re.search(r"^Published (\S+)$", self.first.out, re.MULTILINE)[1]

    def page(self, name: str) -> Path:
        """A page of the published refresh."""
        return self.home / "refreshes" / self.refresh / "reports" / name


def kept(home: Path) -> tuple[str, ...]:
    """Refreshes, delivered files and typed rows, with when each was written."""
    found = [*(home / "refreshes").glob("*"), *(home / "landing").rglob("*"), home / "events" / "journal.jsonl"]
    return tuple(sorted(f"{path} {path.stat().st_mtime_ns}" for path in found))


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    home = tmp_path_factory.mktemp("journey") / "demo"
    demo = program("demo", home)
    assert demo.code == 0, demo.err
    first = program("refresh", "--home", home)
    assert first.code == 0, first.err
    before = kept(home)
    second = program("refresh", "--home", home)
    return Journey(home, demo, first, second, before, kept(home))


def test_the_demo_says_what_comes_next_and_refuses_a_folder_that_is_there(journey: Journey) -> None:
    assert f"Next: sarcreg refresh --home {journey.home}" in journey.demo.out
    before = sorted(journey.home.rglob("*"))
    again = sarcreg("demo", journey.home)
    assert (again.code, again.out) == (2, "")
    assert again.err == (f"sarcreg: {journey.home} exists already; name another folder, or remove this one first.\n")
    assert sorted(journey.home.rglob("*")) == before


def test_a_refresh_tells_its_stages_and_the_pages_it_wrote(journey: Journey) -> None:
    told = [line.split()[2] for line in journey.first.err.splitlines() if re.match(r" +\d+\.\d s ", line)]
    assert set(told) == set(STAGES)
    for centre in ("hn01", "hn02", "eu03"):
        assert re.search(rf"read +{centre}: [\d,]+ rows", journey.first.err)
        assert re.search(rf"^{centre} +fresh$", journey.first.out, re.MULTILINE)
    pages = re.findall(r"/\S+\.html", journey.first.out)
    assert {Path(page).parent.name for page in pages} == {"survival", "validation"}
    assert all(Path(page).is_file() for page in pages)


def test_a_second_refresh_finds_nothing_new_and_reads_nothing_again(journey: Journey) -> None:
    assert journey.ask("select refresh_id from meta.refresh") == [{"refresh_id": journey.refresh}]
    assert journey.second.code == 0
    assert f"Nothing new; published stays {journey.refresh}" in journey.second.out
    told = [line.split()[2] for line in journey.second.err.splitlines() if re.match(r" +\d+\.\d s ", line)]
    assert "pull" in told
    assert {"build", "gate", "publish", "report", "analyse"} & set(told) == set()
    assert not re.search(r"read +\w+: [\d,]+ rows", journey.second.err)
    assert journey.after_second == journey.before_second


def test_the_cohort_as_csv(journey: Journey) -> None:
    ran = sarcreg("sql", "select * from mart.cohort", "--format", "csv", "--home", journey.home)
    rows = list(csv.DictReader(StringIO(ran.out)))
    assert ran.code == 0
    assert len(rows) == len({row["patient_id"] for row in rows}) == 79
    assert {row["centre"] for row in rows} == {"hn01", "hn02", "eu03"}


def test_accounts_close(journey: Journey) -> None:
    (open_rows,) = journey.ask(
        "select count(*) as n from quality.row_account where delivered <> "
        "loaded + quarantined + duplicate + superseded + out_of_scope + retracted"
    )
    (people,) = journey.ask(
        "select (select count(*) from core.patient) as core, (select count(*) from mart.cohort) as cohort, "
        "(select count(*) from mart.exclusion) as excluded"
    )
    assert open_rows == {"n": 0}
    assert people["core"] == people["cohort"] + people["excluded"]


def test_status(journey: Journey) -> None:
    (asked,) = journey.ask("select count(*) as n from quality.finding where channel = 'query'")
    said, facts = program("status", "--home", journey.home), sarcreg("status", "--json", "--home", journey.home)
    assert (said.code, facts.code) == (0, 0)
    assert f"published  {journey.refresh}" in said.out
    assert re.search(r"^hn01 +fresh, data up to 2024-06-30, [\d,]+ rows$", said.out, re.MULTILINE)
    read = json.loads(facts.out)
    assert (read["refresh"], read["cohort"], read["kept"]) == (journey.refresh, 79, 1)
    assert read["open_findings"] == asked["n"]
    assert {centre["centre"]: centre["state"] for centre in read["centres"]} == dict.fromkeys(
        ("hn01", "hn02", "eu03"), "fresh"
    )


def test_code_answers_and_says_when_a_human_is_asked() -> None:
    ran = sarcreg("code", "histology", "腺泡状软组织肉瘤", "MFH", "--format", "json")
    asps, mfh = json.loads(ran.out)
    assert ran.code == 0
    assert (asps["text"], asps["entity"], asps["needs_query"]) == ("腺泡状软组织肉瘤", "ASPS", False)
    assert (mfh["text"], mfh["entity"], mfh["needs_query"]) == ("MFH", None, True)


def test_check_writes_one_page_and_exits_3_where_errors_are(journey: Journey, tmp_path: Path) -> None:
    page = tmp_path / "check.html"
    ran = sarcreg("check", "eu03", "--html", page, "--json", "--home", journey.home)
    found = json.loads(ran.out)["findings"]
    assert any(told["severity"] == "error" for told in found.values())
    assert ran.code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["check.html"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ((), ["sarcreg demo demo", "sarcreg refresh --home demo", "Exit codes: 0", "SARCREG_HOME", "check", "status"]),
        (("demo",), ["DIRECTORY", "must not exist", "synthetic"]),
        (("refresh",), ["--centre", "--json", "--home", "keeps its last good one", "Nothing new"]),
        (("sql",), ["read-only", "--as-of", "[table|csv|json]", "landing.text_row", "meta.table_dictionary"]),
        (("code",), ["LIST", "--file", "腺泡状软组织肉瘤"]),
        (("check",), ["CENTRE", "--html", "Exit code 0", "no network"]),
        (("status",), ["--json", "--home"]),
    ],
)
def test_help_teaches(command: tuple[str, ...], words: list[str]) -> None:
    ran = sarcreg(*command, "--help")
    said = re.sub(r"\s+", " ", ran.out)
    assert ran.code == 0
    assert [word for word in words if word not in said] == []


# ------------------------------------------------------------------------------------------- the way back to a cell


def test_a_value_is_traced_to_file_sheet_line_and_text(journey: Journey) -> None:
    """The query of docs/tracing.md against the workbook itself, opened by another reader than ours."""
    from openpyxl import load_workbook

    text = (REPOSITORY / "docs" / "tracing.md").read_text(encoding="utf-8")
    (query,) = (part for part in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) if "core.tumour" in part)
    ran = sarcreg("sql", query, "--format", "json", "--home", journey.home)
    traced = json.loads(ran.out)
    assert traced == journey.ask(query)
    assert len(traced) == 5
    for row in traced:
        book = load_workbook(journey.home / "incoming" / "hn01" / row["file"], read_only=False)
        sheet = book[row["sheet"]]
        assert sheet.cell(4, row["position"]).value == row["source_column"].split(" / ")[-1]
        delivered = sheet.cell(row["line"], row["position"]).value
        shown = f"{delivered:%Y-%m-%d}" if isinstance(delivered, datetime) else delivered
        assert row["raw_text"] == shown
        year, month, day = map(int, re.findall(r"\d+", row["raw_text"]))
        assert row["metastatic_on"] == f"{year}-{month:02}-{day:02}"
        assert f"| {row['metastatic_on']} | {row['file']} | {row['sheet']} | {row['line']} |" in text


# ------------------------------------------------------------------------------------------------------- the pages

PAGES = [
    f"{folder}.{lang}.html"
    for folder in ("survival/founding_study", "validation/validation", *(
        f"validation/{centre}/validation" for centre in ("hn01", "hn02", "eu03")
    ))
    for lang in ("en", "zh")
]  # fmt: skip

Visit = Callable[..., "Page"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a file; at the end nothing may have been said on the console or asked of anybody."""
    contexts, wrong = [], []

    def opened(path: Path, width: int = 1280) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        address = path.as_uri()
        page.on("request", lambda asked: asked.url.startswith(("data:", address)) or wrong.append(asked.url))
        page.goto(address)
        page.wait_for_timeout(100)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def cells(page: Page, table: str) -> list[list[str]]:
    """The rows of a table's body as texts, unbreakable spaces as plain ones."""
    rows = page.eval_on_selector_all(
        f"#{table} > tbody > tr", "rows => rows.map(row => Array.from(row.cells).map(cell => cell.innerText))"
    )
    return [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in rows]


def said(page: Page) -> str:
    return re.sub(r"\s+", " ", page.inner_text("body"))


def median_months(rows: list[dict[str, Any]]) -> float:
    """The Kaplan-Meier median by hand: the first time at which less than half is left."""
    left = 1.0
    for time in sorted({row["AVAL"] for row in rows if row["CNSR"] == 0}):
        at_risk = sum(row["AVAL"] >= time for row in rows)
        left *= 1 - sum(row["AVAL"] == time and row["CNSR"] == 0 for row in rows) / at_risk
        if left < 0.5:
            return time / DAYS_PER_MONTH
    raise AssertionError("not reached")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_alone_and_fits_a_telephone(journey: Journey, visit: Visit, name: str) -> None:
    for width in (1280, 400):
        page = visit(journey.page(name), width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # What a centre sent may hold any sign; what we say may not.
    page.eval_on_selector_all("bdi.raw", "nodes => nodes.forEach(node => node.remove())")
    text = said(page)
    assert not [sign for sign in ("\ufffd", "NaN", "None", "nan", "undefined") if re.search(rf"\b{sign}\b", text)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_survival_page_says_what_the_database_says(journey: Journey, visit: Visit, lang: str) -> None:
    page = visit(journey.page(f"survival/founding_study.{lang}.html"))
    times = journey.ask('select "PARAMCD", "AVAL", "CNSR" from mart.adtte')
    by_hand = {param: median_months([r for r in times if r["PARAMCD"] == param]) for param in ("OS", "PFSEMA")}
    followed = [{**r, "CNSR": 1 - min(r["CNSR"], 1)} for r in times if r["PARAMCD"] == "OS"]
    summary = re.sub(r"\s+", " ", page.inner_text("#summary"))
    for number in (79, f"{by_hand['OS']:.1f}", f"{by_hand['PFSEMA']:.1f}", f"{median_months(followed):.1f}"):
        assert f"{number} " in summary, number
    for param, name in (("OS", {"en": "Overall survival", "zh": "总生存期"}[lang]),
                        ("PFSEMA", {"en": "Progression-free survival", "zh": "无进展生存期"}[lang])):  # fmt: skip
        (row,) = (row for row in cells(page, "overall-estimates") if row[0] == name)
        events = sum(r["PARAMCD"] == param and r["CNSR"] == 0 for r in times)
        assert row[1:4] == ["79", str(events), "0"]
        assert row[4].startswith(f"{by_hand[param]:.1f} (")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_attrition_and_groups_are_those_of_the_mart(journey: Journey, visit: Visit, lang: str) -> None:
    page = visit(journey.page(f"survival/founding_study.{lang}.html"))
    reasons = journey.ask(
        f"select sentence_{lang} as sentence, count(patient_id) as n "
        "from reference.criterion left join mart.exclusion on first_reason_code = code "
        "group by position, sentence order by position"
    )
    assert min(row["n"] for row in reasons) > 0, "the demo has every exclusion"
    table = cells(page, "attrition")
    assert [(row[0], row[1]) for row in table[1:-1]] == [(row["sentence"], str(row["n"])) for row in reasons]
    assert [table[0][2], table[-1][2]] == [str(79 + sum(row["n"] for row in reasons)), "79"]
    groups = journey.ask("select histology_group as name, count(*) as n from mart.cohort group by all")
    expected = {"ASPS": "ASPS", "potentially sensitive": "Potentially sensitive", "other": "Other"}
    if lang == "zh":
        expected = {"ASPS": "腺泡状软组织肉瘤", "potentially sensitive": "潜在敏感类型", "other": "其他"}
    counted = {re.split(r"[:：] ?", row[0])[1]: row[1] for row in cells(page, "overall-sizes")[:3]}
    assert counted == {expected[row["name"]]: str(row["n"]) for row in groups}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_target_stands_beside_pipeline_and_is_called_what_it_is(journey: Journey, visit: Visit, lang: str) -> None:
    page = visit(journey.page(f"survival/founding_study.{lang}.html"))
    heads = {"en": ["target", "pipeline"], "zh": ["目标", "流程"]}[lang]
    sentence = {
        "en": "fitted to the published summary; agreement shows that the pipeline reads back what was put in; "
        "no evidence about any treatment",
        "zh": "按已发表的汇总结果拟合；一致仅说明流程能读回所输入的内容；不构成任何治疗的证据",
    }[lang]
    assert sentence in said(page)
    for table in ("targets-numbers", "targets-comparisons"):
        shown = page.locator(f"#{table} thead th").all_inner_texts()
        assert shown[-3:-1] == heads
    targets = journey.ask("select * from result.founding_study_targets")
    numbers = [row for row in targets if row["quantity"] != "comparison"]
    pairs = [row for row in targets if row["quantity"] == "comparison"]
    assert (len(numbers), len(pairs)) == (4, 10)
    yes = {"en": "yes", "zh": "是"}[lang]
    for row, told in zip(numbers, cells(page, "targets-numbers"), strict=True):
        digits = 0 if row["quantity"] == "n" else 2
        assert told[2:] == [f"{row['pipeline_value']:.{digits}f}", yes]
    for row, told in zip(pairs, cells(page, "targets-comparisons"), strict=True):
        p = "P < 0.001" if row["pipeline_p"] < 0.001 else f"P = {row['pipeline_p']:.3f}"
        assert row["target_p"] in told[2]
        assert (p in told[3], told[4]) == (True, yes)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_validation_page_says_what_the_database_says(journey: Journey, visit: Visit, lang: str) -> None:
    page = visit(journey.page(f"validation/validation.{lang}.html"))
    outcomes = ["loaded", "quarantined", "duplicate", "superseded", "out_of_scope", "retracted"]
    accounts = journey.ask("select * from quality.row_account order by centre, table_name")
    shown = [[row[0], *row[2:9]] for row in cells(page, "accounts-table")]
    assert shown == [[r["centre"], *(f"{r[name]:,}" for name in ("delivered", *outcomes))] for r in accounts]
    findings = journey.ask("select centre, count(*) as n from quality.finding group by all order by centre")
    assert [(row[0], row[-1]) for row in cells(page, "findings-table")] == [
        (r["centre"], str(r["n"])) for r in findings
    ]
    people = journey.ask(
        "select centre, count(*) as core, count(cohort.patient_id) as cohort "
        "from core.patient left join mart.cohort as cohort using (centre, patient_id) group by all order by centre"
    )
    assert [row[:2] for row in cells(page, "patients-table")] == [[r["centre"], str(r["core"])] for r in people]
    assert [row[2].split("/")[0] for row in cells(page, "patients-table")] == [str(r["cohort"]) for r in people]
    assert "79/110 (71.8%)" in said(page)
    rules = journey.ask("select count(distinct rule) as n from quality.finding")
    assert len(cells(page, "rules-table")) == rules[0]["n"]
    reasons = journey.ask(
        f"select sentence_{lang} as sentence, count(*) as n from mart.exclusion join reference.criterion "
        "on first_reason_code = code group by position, sentence order by position"
    )
    table = cells(page, "reasons-table")
    assert [(row[0], row[4].split("/")[0]) for row in table] == [(r["sentence"], str(r["n"])) for r in reasons]
    gate = journey.ask(
        f"select sentence_{lang} as sentence, success from quality.expectation order by subject, expectation"
    )
    assert [row[1] for row in cells(page, "gate-table")] == [row["sentence"] for row in gate]
    assert [row["success"] for row in gate if row["success"] is not None] == [True] * 26


def test_a_chinese_page_shows_no_code_that_has_a_name(journey: Journey, visit: Visit) -> None:
    """Names of lists and tables are words; what is left in Latin letters is meant to be."""
    page = visit(journey.page("validation/validation.zh.html"))
    lists = {row[0] for row in cells(page, "terms-table")}
    tables = {row[1] for row in cells(page, "accounts-table")} | {row[1] for row in cells(page, "unjudged-table")}
    assert [name for name in sorted(lists | tables) if re.search(r"[a-z]", name)] == []


# ------------------------------------------------------------------------------------------------------- privacy


def sensitive(incoming: Path) -> dict[str, set[str]]:
    """Patient numbers, names, link tokens and birth dates of the three exports, as their own readers see them."""
    from openpyxl import load_workbook

    found: dict[str, set[str]] = {"number": set(), "token": set(), "birth": set()}

    def keep(kind: str, value: object) -> None:
        text = f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value or "").strip()
        if len(text) >= 6 and re.search(r"\d", text):
            found[kind].add(text)

    (book,) = (incoming / "hn01").glob("*.xlsx")
    people = load_workbook(book, data_only=True)["患者信息"]
    names = {people.cell(4, column).value: column for column in range(1, people.max_column + 1)}
    for row in people.iter_rows(min_row=5, values_only=True):
        for kind, column in (("number", 1), ("token", names["关联码"]),
                             ("birth", names["出生日期"])):  # fmt: skip
            keep(kind, row[column - 1])
    text = (incoming / "hn02" / "patient.csv").read_bytes().decode("gb18030", errors="replace")
    for row in csv.DictReader(StringIO(text.split("\n", 1)[1])):
        for kind, column in (("number", "PAT_ID"), ("token", "LINK_TOKEN"), ("birth", "BIRTH_DT")):
            keep(kind, row[column])
    (export,) = (incoming / "eu03").glob("*_DATA_*.csv")
    with export.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            for kind, column in (("number", "record_id"), ("token", "link_token"), ("birth", "dob")):
                keep(kind, row[column])
    return found


def test_analyse_writes_the_pack_and_names_the_plans_there_are(journey: Journey, tmp_path: Path) -> None:
    ran = sarcreg(
        "analyse", "--home", journey.home, "--plan", "founding_study", "--out", tmp_path / "pack", "--no-figures"
    )
    withdrawn = "left out for research, publication: 1 patient(s) of {}: consent withdrawn\n"
    assert (ran.code, ran.err) == (0, withdrawn.format("eu03") + withdrawn.format("hn01"))
    said = json.loads((tmp_path / "pack" / "manifest.json").read_text(encoding="utf-8"))
    assert {"tables/tables.en.docx", "text/methods.zh.md", "data/tests.csv"} <= said["files"].keys()
    again = sarcreg("analyse", "--home", journey.home, "--out", tmp_path / "pack")
    assert again.code == 2 and "exists already" in again.err
    unknown = sarcreg("analyse", "--home", journey.home, "--plan", "foundling")
    assert unknown.code == 2 and "there are founding_study" in unknown.err
    secrets = sensitive(journey.home / "incoming")
    ends = (".csv", ".md", ".html", ".svg", ".json")
    held = b"".join(path.read_bytes() for path in (tmp_path / "pack").rglob("*") if path.suffix in ends)
    assert [kind for kind, texts in secrets.items() if any(text.encode() in held for text in texts)] == []


def test_nothing_of_a_patient_reaches_logs_journal_folders_or_the_report(journey: Journey) -> None:
    secrets = sensitive(journey.home / "incoming")
    counts = {kind: len(texts) for kind, texts in secrets.items()}
    assert counts["number"] >= 110
    assert counts["token"] >= 105
    assert counts["birth"] >= 90
    made = [journey.home / ".prefect", journey.home / "events"]
    files = [path for folder in made for path in folder.rglob("*") if path.is_file()]
    files += (journey.home / "refreshes").glob("*/manifest.json")
    files += (journey.home / "refreshes").glob("*/reports/survival/*.html")
    files += (journey.home / "refreshes").glob("*/reports/validation/*.html")
    assert {"prefect.db", "journal.jsonl", "manifest.json", "founding_study.zh.html"} <= {path.name for path in files}
    places = {str(path.relative_to(journey.home)): path.read_bytes() for path in files}
    places["terminal"] = "".join(
        (journey.first.out, journey.first.err, journey.second.out, journey.second.err)
    ).encode()
    places["names"] = "\n".join(str(path.relative_to(journey.home)) for path in journey.home.rglob("*")).encode()
    found = {
        (place, kind)
        for place, held in places.items()
        for kind, texts in secrets.items()
        if any(text.encode() in held for text in texts)
    }
    assert found == set()


def test_the_search_for_patients_can_find_one(journey: Journey) -> None:
    """The same search where the texts are: in the exports, and on the centre's own page of what it sent."""
    secrets = sensitive(journey.home / "incoming")
    held = b"".join(path.read_bytes() for path in (journey.home / "incoming").rglob("*.csv"))
    assert all(any(text.encode() in held for text in secrets[kind]) for kind in ("number", "token", "birth"))
    own = journey.page("validation/hn01/validation.zh.html").read_text(encoding="utf-8")
    assert any(text in own for text in secrets["birth"])


def test_the_documented_figures_are_those_of_the_demo(journey: Journey) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "founding-study.md").read_text(encoding="utf-8")
    told = [line.rsplit("|", 2)[1].strip() for line in page.splitlines() if re.match(r"\| .* \|$", line)][1:]
    targets = sql(Home(journey.home), "select pipeline_value, pipeline_p, is_met from result.founding_study_targets")
    assert targets["is_met"].all()
    found = [
        f"better, P = {p:.4f}" if p is not None else f"{value:.0f}" if value == int(value) else f"{value:.2f}"
        for value, p in targets.select("pipeline_value", "pipeline_p").rows()
    ]
    assert told == found
