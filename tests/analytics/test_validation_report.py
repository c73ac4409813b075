"""The validation report says what the tables say, to the right reader, and whatever was sent is harmless."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import polars as pl
import pytest
import quality_frames as made

from analytics.quality import summaries, terms
from analytics.quality.export import harmless
from analytics.quality.inputs import COLUMNS, checked, facts_of, of_centre
from analytics.quality.validation import EXAMPLES, centre_page, validation_report
from schemas.canonical import CORE, MODELS, columns, table_name

PER_RULE = 90
TABLE_SPLIT = re.compile(r"\s*\|\s*")


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return made.frames(PER_RULE)


@pytest.fixture(scope="module")
def report(tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("validation")
    validation_report(tables, made.facts(), "zh", folder)
    return folder


def table(text: str) -> list[dict[str, str]]:
    """An ASCII table as rows; the first line names the columns."""
    lines = [TABLE_SPLIT.split(line.strip()) for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def text_of(path: Path) -> str:
    """What a reader sees: no markup, no style, no legend."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|ul class=\"legend\").*?</(style|script|ul)>", "", text, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def plain(path: Path) -> str:
    return re.sub(r"\s+", " ", text_of(path))


def test_the_report_reads_only_what_the_published_tables_have() -> None:
    published = {table_name(model): {column.name for column in columns(model)} for model in MODELS}
    lacking = {
        name: sorted(set(wanted) - published.get(name, set()))
        for name, wanted in COLUMNS.items()
        if not set(wanted) <= published.get(name, set())
    }
    assert lacking == {}


def test_a_page_for_the_manager_and_for_each_centre_in_its_own_language_first(tmp_path: Path) -> None:
    written = validation_report(made.frames(), made.facts(), "zh", tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in written]
    assert names[:2] == ["validation.zh.html", "validation.en.html"]
    pages = ["aa01/validation.zh.html", "aa01/validation.en.html", "aa01/findings.csv", "aa01/terms.csv"]
    assert names[2:6] == pages
    assert names[12:14] == ["cc03/validation.en.html", "cc03/validation.zh.html"]
    assert all(path.is_file() for path in written)


def test_equal_tables_give_equal_bytes(report: Path, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in tables.items()}
    for path in validation_report(shuffled, made.facts(), "zh", tmp_path):
        assert path.read_bytes() == (report / path.relative_to(tmp_path)).read_bytes(), path.name


def test_no_percentage_stands_alone(report: Path) -> None:
    for path in report.rglob("*.html"):
        text = plain(path)
        shares = re.findall(r"\d/[\d,]+ \([<>]?[\d.]+%\)", text)
        assert len(re.findall(r"\d%", text)) == len(shares), path.name
        assert shares or "dd04" in path.parts


def test_the_overview_holds_no_text_and_no_patient(report: Path, tables: dict[str, pl.DataFrame]) -> None:
    finding = tables["quality.finding"]
    secrets = {text for text in finding["raw_text"].to_list() if text}
    secrets |= set(finding["patient_id"]) | set(tables["reference.term_map"]["text"]) - {made.SCRIPT}
    secrets -= {"腺泡状软组织肉瘤"}  # what the registry itself calls a group of the comparison
    for lang in ("en", "zh"):
        page = text_of(report / f"validation.{lang}.html")
        assert [secret for secret in secrets if secret in page] == []


@pytest.mark.parametrize("centre", made.CENTRES)
def test_a_centre_sees_nothing_of_another(report: Path, centre: str) -> None:
    others = [other for other in made.CENTRES if other != centre]
    for path in (report / centre).iterdir():
        text = path.read_text(encoding="utf-8-sig")
        assert [other for other in others if other in text] == [], path.name


def test_texts_that_were_sent_are_escaped_in_every_page(report: Path) -> None:
    pages = list(report.rglob("*.html"))
    assert len(pages) == 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert made.SCRIPT not in text
        assert text.count("<script>") == 1
    assert html.escape(made.SCRIPT) in (report / "aa01" / "validation.zh.html").read_text(encoding="utf-8")


def test_no_cell_of_a_list_can_become_a_formula(report: Path, tables: dict[str, pl.DataFrame]) -> None:
    finding = tables["quality.finding"]
    for centre in made.CENTRES[:3]:
        data = (report / centre / "findings.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
        own = finding.filter(pl.col("centre") == centre)
        assert len(rows) == own.height
        cells = [cell for row in rows for cell in row.values()]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
        sent = {text for text in own["raw_text"].to_list() if text}
        listed = {row["raw_text"].removeprefix("'") for row in rows if row["raw_text"]}
        assert listed == sent


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("2021-03", "2021-03"),
        ("", ""),
    ],
)
def test_harmless(text: str, safe: str) -> None:
    assert harmless(pl.DataFrame({"cell": [text], "n": [1]})).row(0) == (safe, 1)


def test_a_rule_shows_some_examples_and_says_how_many_there_are(report: Path) -> None:
    page = report / "aa01" / "validation.en.html"
    article = page.read_text(encoding="utf-8").split("<article")[1].split("</article>")[0]
    assert article.count("<tr>") == EXAMPLES + 1
    text = plain(page)
    assert f"{EXAMPLES} of {PER_RULE // 3} shown; the rest stands in the full list." in text
    assert "30 findings · 30/400 (7.5%) of judged" in text
    for part in (
        "What to do Look it up in the source.",
        "病例登记表2098.xlsx",
        "患者信息",
        "诊断日期",
        "(empty)",
    ):
        assert part in text


def test_a_centres_page_can_stand_alone(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    path = centre_page(tables, made.facts(), "aa01", "en", tmp_path / "new" / "mine.html")
    text = path.read_text(encoding="utf-8")
    assert {link for link in re.findall(r'href="([^"]*)"', text) if not link.startswith("#")} == set()
    assert text.split("<article")[1].split("</article>")[0].count("<tr>") == PER_RULE // 3 + 1
    assert "30 findings" in plain(path)
    with pytest.raises(ValueError, match="no centre 'zz99'"):
        centre_page(tables, made.facts(), "zz99", "en", tmp_path / "none.html")


def test_a_rule_that_is_not_in_the_book_is_shown_by_its_name(report: Path) -> None:
    assert "▲" not in plain(report / "aa01" / "validation.en.html")  # marks are drawn by the style sheet
    assert "Warning grade_of_asps" in plain(report / "aa01" / "validation.en.html")


def test_accounts_close_or_the_page_says_by_how_much_they_do_not(
    report: Path, tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    assert "The account closes for every centre and table: 15/15 (100.0%)." in plain(report / "validation.en.html")
    account = tables["quality.row_account"]
    lost = account.with_columns(loaded=pl.col("loaded") - pl.int_range(account.height).eq(0).cast(pl.Int64) * 3)
    validation_report({**tables, "quality.row_account": lost}, made.facts(), "en", tmp_path)
    text = plain(tmp_path / "validation.en.html")
    assert "does not close for 1/15 (6.7%) of centres and tables" in text
    assert "off by 3" in text
    assert "closes for every" in plain(tmp_path / "cc03" / "validation.en.html")


def test_patients_are_in_the_cohort_or_excluded(report: Path, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    assert "Patients = cohort + excluded holds for every centre: 4/4 (100.0%)." in plain(report / "validation.en.html")
    assert "77/95 (81.1%)" in plain(report / "validation.en.html")
    fewer = tables["mart.cohort"].head(-1)
    validation_report({**tables, "mart.cohort": fewer}, made.facts(), "en", tmp_path)
    assert "fails for 1/4 (25.0%) of centres" in plain(tmp_path / "validation.en.html")


def test_each_state_is_said_with_its_reason(report: Path) -> None:
    text = plain(report / "validation.en.html")
    assert "Centres that are not fresh: bb02, dd04." in text
    assert re.search(r"dd04 Fourth Hospital Absent incoming/dd04 holds no file", text)
    own = plain(report / "bb02" / "validation.en.html")
    assert 'This export is not fresh: 病例.xlsx: no column "住院号" <script>alert(1)</script>' in own
    assert "The figures below are those of the last good export." in own


def test_nothing_to_judge_is_no_pass(report: Path) -> None:
    text = plain(report / "dd04" / "validation.en.html")
    assert text.count("not evaluable") >= 8
    assert "%" not in text.replace("1/1 (100.0%)", "").replace("of 95 %.", "")  # patients 0 = 0 + 0, and what fails
    overview = plain(report / "validation.en.html")
    assert "margin_without_surgery Procedure aa01, bb02, cc03, dd04" in overview
    assert "Expectations that fail: 1/5 (20.0%)." in overview


def test_a_refresh_that_was_not_published_says_so(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    from dataclasses import replace

    validation_report(tables, replace(made.facts(), is_published=False), "en", tmp_path)
    assert "This refresh was not published" in plain(tmp_path / "validation.en.html")
    assert "Published no" in plain(tmp_path / "validation.en.html")


def test_an_empty_registry_has_a_page(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    none = {name: frame.clear() for name, frame in tables.items()}
    written = validation_report(none, made.facts(), "en", tmp_path)
    assert [path.name for path in written[:2]] == ["validation.en.html", "validation.zh.html"]
    assert {path.parent.name for path in written[2:-1]} == {"data"}
    assert "Fresh centres not evaluable" in plain(written[0])


def test_what_is_missing_in_the_input_is_named(tables: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(ValueError, match=r"also needs mart\.cohort"):
        checked({name: frame for name, frame in tables.items() if name != "mart.cohort"})
    with pytest.raises(ValueError, match=r"quality\.finding lacks line, raw_text"):
        checked({**tables, "quality.finding": tables["quality.finding"].drop("line", "raw_text")})


def test_facts_come_from_meta_refresh() -> None:
    sent = made.facts()
    row = {"refresh_id": sent.refresh_id, "as_of": sent.as_of, "title_en": "Invented Registry"}
    row |= {"title_zh": "虚构登记库", "is_synthetic": True, "code_version": sent.code_version}
    assert facts_of(pl.DataFrame([row])) == sent


def test_bands_of_completeness() -> None:
    cases = table(
        """
        judged | present | not_applicable | applicable | band
        100    | 100     | 0              | 100        | 0
        100    | 99      | 0              | 100        | 1
        100    | 95      | 0              | 100        | 1
        100    | 94      | 0              | 100        | 2
        100    | 80      | 0              | 100        | 2
        100    | 79      | 0              | 100        | 3
        100    | 50      | 0              | 100        | 3
        100    | 49      | 0              | 100        | 4
        100    | 0       | 0              | 100        | 4
        100    | 60      | 40             | 60         | 0
        100    | 0       | 100            | 0          | -
        0      | 0       | 0              | 0          | -
        """
    )
    frame = pl.DataFrame(
        [
            {
                **{
                    "centre": f"c{n:02}",
                    "table_name": "tumour",
                    "field": "size_mm",
                    "importance": "optional",
                },
                **{name: int(case[name]) for name in ("judged", "present", "not_applicable")},
            }
            for n, case in enumerate(cases)
        ]
    )
    got = summaries.completeness(frame).sort("centre")
    assert got["applicable"].to_list() == [int(case["applicable"]) for case in cases]
    assert got["band"].to_list() == [None if case["band"] == "-" else int(case["band"]) for case in cases]


def test_exclusions_count_first_and_any_reason_in_the_registrys_order() -> None:
    told = table(
        """
        centre | patient | reasons
        aa     | p1      | late early
        aa     | p2      | late
        bb     | p3      | early late
        bb     | p4      | new
        """
    )
    listed = [row["reasons"].split() for row in told]
    exclusion = pl.DataFrame(
        {
            "centre": [row["centre"] for row in told],
            "patient_id": [row["patient"] for row in told],
            "first_reason_code": [reasons[0] for reasons in listed],
            "all_reason_codes": listed,
        }
    )
    criterion = pl.DataFrame({"code": ["early", "late"], "position": [1, 2]})
    expected = table(
        """
        code  | centre | first | any
        early | aa     | 0     | 1
        early | bb     | 1     | 1
        late  | aa     | 2     | 2
        late  | bb     | 0     | 1
        new   | bb     | 1     | 1
        """
    )
    got = summaries.exclusions(exclusion, criterion).select("code", "centre", "first", "any")
    assert got.rows() == [(r["code"], r["centre"], int(r["first"]), int(r["any"])) for r in expected]


def test_terms_that_wait_for_an_answer(tables: dict[str, pl.DataFrame]) -> None:
    words = [
        {
            "list": "histology",
            "centre": "aa01",
            "text": text,
            "code": code,
            "rule": "any",
            "needs_query": asked,
        }
        | {"reason": reason, "candidates": []}
        for text, code, asked, reason in (
            ("腺泡状软组织肉瘤", "ASPS", False, None),
            ("恶性肿瘤待查", None, True, "several meanings"),
            (made.SCRIPT, None, False, "unknown"),
            (made.FORMULA, None, False, "ignored"),
        )
    ]
    term_map = pl.DataFrame(words, schema_overrides={"candidates": pl.List(pl.String)})
    got = terms.doubts(term_map, tables).select("text", "is_unknown", "patients").rows()
    assert sorted(got) == sorted([("恶性肿瘤待查", False, 10), (made.SCRIPT, True, 10)])
    counted = terms.by_list(term_map, tables).row(0, named=True)
    assert counted == {"list": "histology", "centre": "aa01"} | {
        "unknown": 1,
        "doubtful": 1,
        "texts": 4,
        "patients": 20,
    }


def test_a_code_beside_words_waits_for_no_answer(tables: dict[str, pl.DataFrame]) -> None:
    """As the checks on histology: the words decide, and a code is asked about where it stands alone."""
    cells = {
        "p1": ("favour leiomyosarcoma", "8802/3"),
        "p2": (None, "8804/3"),
        "p3": ("ASPS", "8804/3"),
        "p4": ("gibberish", None),
    }
    blank = tables["core.tumour"].head(len(cells)).with_columns(pl.lit("aa01").alias("centre"))
    told = blank.with_columns(
        patient_id=pl.Series(list(cells)),
        histology_source=pl.Series([words for words, _ in cells.values()]),
        morphology_source=pl.Series([code for _, code in cells.values()]),
    )
    asked = [("8802/3", "code"), ("8804/3", "code"), ("favour leiomyosarcoma", "structured"), ("gibberish", "none")]
    term_map = pl.DataFrame(
        [("histology", "aa01", text, None, rule, True, "why", []) for text, rule in asked],
        schema=list(COLUMNS["reference.term_map"]),
        orient="row",
    )
    got = terms.doubts(term_map, {**tables, "core.tumour": told}).select("text", "is_unknown", "patients")
    assert got.rows() == [("8804/3", False, 1), ("favour leiomyosarcoma", False, 1), ("gibberish", True, 1)]


def test_a_table_without_a_record_is_one_line_of_what_could_not_be_judged() -> None:
    told = table(
        """
        rule | centre | table_name | judged | faults | status
        r1   | aa01   | biomarker  | 0      | 0      | not_evaluable
        r2   | aa01   | biomarker  | 0      | 0      | not_evaluable
        r1   | bb02   | biomarker  | 0      | 0      | not_evaluable
        r2   | bb02   | biomarker  | 4      | 1      | fault
        r1   | aa01   | tumour     | 3      | 0      | pass
        r2   | aa01   | tumour     | 0      | 0      | not_evaluable
        """
    )
    words = pl.DataFrame({"rule": ["r1", "r2"], "sentence_en": ["One.", "Two."], "sentence_zh": ["一。", "二。"]})
    result = pl.DataFrame(told).with_columns(pl.col("judged").cast(pl.Int64))
    rows = summaries.unjudged(result, words)
    assert rows.select("table_name", "rule", "centres", "rules").rows() == [
        ("biomarker", None, ["aa01"], 2),
        ("biomarker", "r1", ["bb02"], 1),
        ("tumour", "r2", ["aa01"], 1),
    ]


def test_every_coded_column_is_asked_for_its_texts() -> None:
    coded = {
        (name, column.name)
        for name, model in CORE.items()
        for column in columns(model)
        if column.role == "delivered" and column.code_list
    }
    assert coded == {
        (name, column) for name in CORE for column in COLUMNS.get(f"core.{name}", ()) if "_source" in column
    }


def test_persons_at_two_centres(report: Path, tables: dict[str, pl.DataFrame]) -> None:
    pairs = summaries.persons_linked(tables["quality.link"], tables["quality.link_conflict"])
    assert pairs.rows() == [
        ("aa01", "cc03", "probable", "undecided", 1, 1, 1),
        ("bb02", "cc03", "none", "same", 1, 0, 0),
    ]
    assert summaries.links_contrary(tables["quality.link_conflict"])["pairs"].to_list() == [1, 1]
    text = plain(report / "validation.en.html")
    assert "aa01 cc03 probable undecided 1 1/1 (100.0%) 1/1 (100.0%)" in text
    assert "Dead at one centre, alive at the other later" in text
    assert "name a record which is not in this refresh: 1." in text


def test_a_centre_sees_nothing_of_pairs(report: Path, tables: dict[str, pl.DataFrame]) -> None:
    own = of_centre(tables, "cc03")
    assert own["quality.link"].is_empty() and own["quality.link_conflict"].is_empty()
    assert "Persons at more than one centre" not in plain(report / "cc03" / "validation.en.html")


def test_of_centre_keeps_what_belongs_to_none(tables: dict[str, pl.DataFrame]) -> None:
    own = of_centre(tables, "cc03")
    assert own["quality.expectation"]["subject"].unique().to_list() == ["cc03"]
    assert own["reference.rule"].height == tables["reference.rule"].height
    assert set(own["quality.finding"]["centre"]) == {"cc03"}


def test_lines_stated_and_derived_are_counted_and_the_grid_is_shown(
    report: Path, tables: dict[str, pl.DataFrame]
) -> None:
    text = plain(report / "validation.en.html")
    cohort = tables["mart.cohort"].filter(pl.col("centre") == "aa01")
    differs = cohort.filter(pl.col("line_derived") != pl.col("line_stated_min")).height
    crosses = cohort.filter(pl.col("line_group_derived") != pl.col("line_group_stated")).height
    derived = cohort.filter(line_basis_code="derived").height
    assert differs > crosses > 0
    said = re.search(r"aa01 32 (\d+)/32 \([\d.]+%\) (\d+)/32 \([\d.]+%\) (\d+)/32 ", text)
    assert said and said.groups() == (str(derived), str(differs), str(crosses))
    assert re.search(r"90 days 6/77 \(7.8%\) 0/77 \(0.0%\) 6/77", text)
    assert re.search(r"120 days 2/77 \(2.6%\) in use 2/77", text)
    assert "Lines of therapy" not in plain(report / "aa01" / "validation.en.html")


def test_a_registry_without_a_cohort_has_no_lines(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    empty = {name: tables[name].clear() for name in ("mart.cohort", "mart.line_sensitivity")}
    validation_report({**tables, **empty}, made.facts(), "en", tmp_path)
    assert "Lines of therapy" in plain(tmp_path / "validation.en.html")
