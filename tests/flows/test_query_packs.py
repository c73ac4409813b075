"""Query packs: open queries out to a centre, edited in a real spreadsheet program, and back as answers, or refused."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import needs
import pytest
import small_home
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from analytics.locale.catalogue import catalogue
from analytics.quality.pack import COLUMNS, FILLED, HIDDEN, folded
from flows.cli import main
from warehouse import journal, ledger
from warehouse.home import Home

FORMULA = '=HYPERLINK("http://x","y")'
LANG = {"aa01": "en", "bb02": "zh"}


def queries(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["queries", *map(str, words)])


def at(name: str) -> int:
    return COLUMNS.index(name) + 1


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = small_home.make_home(tmp_path_factory.mktemp("issued") / "home")
    for code in LANG:
        rows = [row.split(",") for row in small_home.cases()]
        rows[0][8], rows[1][2], rows[2][8] = "huge", "1962-02-31", '"=HYPERLINK(""http://x"",""y"")"'
        rows[3][4] = "2020-02-31"
        small_home.write_export(home / "incoming" / code, [",".join(row) for row in rows])
        path = home / "centres" / code / "centre.yaml"
        path.write_text(path.read_text("utf-8").replace("language: en", f"language: {LANG[code]}"), "utf-8")
    assert small_home.refresh(home)[0] is not None
    result = queries("issue", "--home", home)
    assert result.exit_code == 0, result.output
    result = queries("export", home.with_name("packs"), "--home", home)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def home(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "home"))


@pytest.fixture
def packs(issued: Path, tmp_path: Path) -> Path:
    """The packs of `home`, as they were exported."""
    return Path(shutil.copytree(issued.with_name("packs"), tmp_path / "out"))


def fill(path: Path, code: str, rows: int = 1, **cells: object) -> Path:
    """Write answers into the first rows of a workbook, as a person does: labels, a real day, blanks around."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    given = {"answer": label("corrected", LANG[code]), "by": " Dr Chen ", "reason": "typing error", "on": None, **cells}
    for line in range(2, 2 + rows):
        for name, value in given.items():
            sheet.cell(line, at(name)).value = value
    book.save(path)
    return path


def label(answer: str, lang: str) -> str:
    return catalogue(lang).text(f"answer.{answer}")


def through_libreoffice(path: Path, folder: Path) -> Path:
    """Save the workbook as ODS and again as XLSX, each time with LibreOffice itself."""
    program = needs.libreoffice_calc()
    for kind, source in (("ods", path), ("xlsx", folder / f"{path.stem}.ods")):
        profile = (folder / "profile").as_uri()
        subprocess.run(
            [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", folder, source],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder / f"{path.stem}.xlsx"


def state(home: Path) -> dict[str, str]:
    return dict(ledger.read(Home(home)).select("query_id", "state").iter_rows())


def test_a_pack_asks_in_the_centres_words_and_language(home: Path, packs: Path) -> None:
    assert {path.name for path in packs.iterdir()} == {f"queries_{c}.{k}" for c in LANG for k in ("xlsx", "csv")}
    assert {path.stat().st_mode & 0o777 for path in packs.iterdir()} == {0o600}
    open_now = ledger.read(Home(home)).filter(state="open")
    for code, lang in LANG.items():
        words = catalogue(lang)
        book = load_workbook(packs / f"queries_{code}.xlsx")
        assert book.sheetnames == [words.text("pack.sheet.queries"), words.text("pack.sheet.instructions")]
        sheet = book.worksheets[0]
        assert [cell.value for cell in sheet[1]] == [words.text(f"pack.column.{name}") for name in COLUMNS]
        assert (sheet.freeze_panes, sheet.protection.sheet) == ("B2", True)
        rows = list(sheet.iter_rows(min_row=2))
        assert len(rows) == open_now.filter(centre=code).height >= 3
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
        for row in rows:
            cells = dict(zip(COLUMNS, row, strict=True))
            assert {name for name, cell in cells.items() if not cell.protection.locked} == set(FILLED)
            assert str(cells["patient"].value).startswith("P00")
            assert isinstance(cells["issued"].value, datetime | date)
            assert isinstance(cells["due"].value, datetime | date)
            assert str(cells["file"].value).endswith(".csv")
            assert cells["wrong"].value
            assert cells["do"].value
        assert "huge" in {cells.value for row in rows for cells in row}
        lists = [found for found in sheet.data_validations.dataValidation if found.type == "list"]
        told, place = lists[0].formula1.replace("$", "").replace("'", "").split("!")
        assert [cell[0].value for cell in book[told][place]] == [
            label(answer, lang) for answer in ("as_in_source", "corrected", "not_done", "unobtainable",
            "lost_to_follow_up", "query_wrong")
        ]  # fmt: skip
        with (packs / f"queries_{code}.csv").open(encoding="utf-8-sig", newline="") as lines:
            told_rows = list(csv.reader(lines))
        assert len(told_rows) == len(rows) + 1
        assert not [cell for row in told_rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_pack_that_may_be_filled_in_is_not_written_over(home: Path, packs: Path) -> None:
    filled = fill(packs / "queries_bb02.xlsx", "bb02").read_bytes()
    (packs / "queries_aa01.xlsx").unlink()
    (packs / "queries_aa01.csv").unlink()
    again = queries("export", packs, "--home", home)
    assert again.exit_code == 2
    assert f"{packs / 'queries_bb02.xlsx'} and 1 more: exists already and may be filled in" in again.stderr
    assert (packs / "queries_bb02.xlsx").read_bytes() == filled
    assert not (packs / "queries_aa01.xlsx").exists()


def test_nothing_of_a_result_is_in_a_pack(packs: Path) -> None:
    for path in packs.glob("*.csv"):
        text = path.read_text("utf-8-sig").lower()
        assert not [
            word for word in ("hazard", "cohort", "impact", "rmst", "median", "histology_group") if word in text
        ]


@pytest.mark.parametrize("code", ["aa01", pytest.param("bb02", marks=pytest.mark.slow)])
def test_answers_come_back_through_libreoffice(home: Path, packs: Path, tmp_path: Path, code: str) -> None:
    path = fill(packs / f"queries_{code}.xlsx", code, rows=2, on=date(2024, 7, 20))
    back = through_libreoffice(path, tmp_path)
    result = queries("import", back, "--home", home)
    assert (result.exit_code, result.stdout) == (0, "2 answer(s) taken, 0 known already, 0 note(s)\n"), result.stderr
    answered = ledger.read(Home(home)).filter(state="answered")
    assert answered.select("centre", "answer_code", "answered_by", "answered_on").unique().rows() == [
        (code, "corrected", "Dr Chen", date(2024, 7, 20))
    ]
    again = queries("import", back, path, "--home", home)
    assert (again.exit_code, again.stdout) == (0, "0 answer(s) taken, 2 known already, 0 note(s)\n"), again.stderr
    assert "typing error" not in (home / "events" / journal.FILE).read_text("utf-8")


def test_another_reason_is_another_answer(home: Path, packs: Path) -> None:
    path = packs / "queries_aa01.xlsx"
    for reason, said in (
        ("typing error", "1 answer(s) taken, 0 known"),
        ("the chart was read again", "1 answer(s) taken, 0 known"),
        ("the chart was read again", "0 answer(s) taken, 1 known"),
    ):
        result = queries("import", fill(path, "aa01", reason=reason), "--home", home)
        assert said in result.stdout, result.stderr
    (query,) = ledger.read(Home(home)).filter(state="answered")["query_id"]
    told = queries("history", query, "--home", home, "--format", "json").stdout
    assert "typing error" in told and "the chart was read again" in told
    other = fill(Path(shutil.copy(path, packs / "other.xlsx")), "aa01", reason="a third reason")
    result = queries("import", path, other, "--home", home)
    assert result.exit_code == 2 and "answers the same query otherwise; keep one" in result.stderr


@pytest.mark.parametrize("answer", ["Query wrong", "query_wrong", " the query is WRONG", "质询有误"])
def test_an_answer_is_read_in_either_language(home: Path, packs: Path, answer: str) -> None:
    path = fill(packs / "queries_aa01.xlsx", "aa01", answer=answer)
    result = queries("import", path, "--home", home)
    if answer == "Query wrong":
        assert (result.exit_code, "is none of the answers" in result.stderr) == (2, True)
    else:
        assert result.exit_code == 0, result.stderr
        assert ledger.read(Home(home)).filter(state="answered")["answer_code"].to_list() == ["query_wrong"]


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "text": ({"text": "12"}, 'column "As you sent it": was changed, but is locked'),
    "patient": ({"patient": "P009"}, 'column "Patient (your number)": was changed'),
    "sentence": ({"wrong": "nothing"}, 'column "What does not fit": was changed'),
    "due": ({"due": date(2030, 1, 1)}, 'column "Answer by": was changed'),
    "seal": ({"seal": "0" * 16}, "is not as this registry wrote it"),
    "no person": ({"by": None}, 'column "Answered by": is empty; say who answers'),
    "no reason": ({"reason": " "}, 'column "Reason": is empty'),
    "no answer": ({"answer": None}, 'column "Your answer": is empty'),
    "future": ({"on": date(2999, 1, 1)}, "lies in the future"),
    "no day": ({"on": "soon"}, "is no day"),
    "formula": ({"reason": "=1+1"}, "holds a formula"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_whole_with_its_place(home: Path, packs: Path, case: str) -> None:
    cells, says = REFUSED[case]
    path = fill(packs / "queries_aa01.xlsx", "aa01")
    fill(path, "aa01", **cells)
    before, seen = state(home), (home / "events" / journal.FILE).read_bytes()
    result = queries("import", path, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert 'sheet "queries"' in result.stderr
    assert "huge" not in result.stderr
    assert (state(home), (home / "events" / journal.FILE).read_bytes()) == (before, seen)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def save(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return path


def test_the_csv_comes_back_too_as_excel_saves_it(home: Path, packs: Path) -> None:
    path = packs / "queries_bb02.csv"
    rows = rows_of(path)
    for row in rows[1:]:
        for name in ("issued", "due"):
            year, month, day = row[at(name) - 1].split("-")
            row[at(name) - 1] = f"{int(day)}/{int(month)}/{year}"
    rows[1][at("answer") - 1 : at("answer") + 3] = ["未做 ", "陈医生", "2024/7/20", "无记录"]
    result = queries("import", save(path, rows, ";"), "--home", home)
    assert (result.exit_code, result.stdout) == (0, "1 answer(s) taken, 0 known already, 0 note(s)\n"), result.stderr


FOREIGN: dict[str, tuple[Callable[[list[list[str]]], list[list[str]]], str]] = {
    "twice": (lambda rows: [*rows, rows[1]], "stands twice"),
    "no pack": (lambda rows: [row[:-3] for row in rows], "is no file of `sarcreg queries export`"),
    "another centre's pack": (
        lambda rows: [rows[0], *([*row[: at("pack") - 1], row[at("pack") - 1].replace("aa01", "bb02"), *row[at("pack"):]]
        for row in rows[1:])],
        "was not written by this registry",
    ),
    "no centre of ours": (
        lambda rows: [rows[0], *([*row[: at("pack") - 1], "zz99/x/1/0", *row[at("pack"):]] for row in rows[1:])],
        "is of no centre of this registry",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FOREIGN)
def test_a_foreign_file_is_refused(home: Path, packs: Path, case: str) -> None:
    change, says = FOREIGN[case]
    path = packs / "queries_aa01.csv"
    result = queries("import", save(path, change(rows_of(path))), "--home", home)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


def test_a_pack_of_another_registry_is_refused(home: Path, packs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fill(packs / "queries_aa01.xlsx", "aa01")
    monkeypatch.setenv("SARCREG_SECRET", "another")
    result = queries("import", path, "--home", home)
    assert (result.exit_code, "was not written by this registry" in result.stderr) == (2, True), result.stderr


def test_rows_that_are_gone_are_noted_and_stay_open(home: Path, packs: Path) -> None:
    path = packs / "queries_aa01.csv"
    rows = rows_of(path)
    rows[1][at("answer") - 1 : at("answer") + 3] = ["not_done", "Dr Chen", "", "none"]
    result = queries("import", save(path, rows[:2]), "--home", home)
    assert (result.exit_code, f"{len(rows) - 2} of its {len(rows) - 1} queries are not in the file" in result.stderr) == (
        0, True,
    )  # fmt: skip


def test_a_correction_that_was_promised_must_come(home: Path, packs: Path, tmp_path: Path) -> None:
    """The next delivery corrects one of two values: that query closes, the other is asked again and says why."""
    old = fill(packs / "queries_aa01.xlsx", "aa01", rows=len(rows_of(packs / "queries_aa01.csv")) - 1)
    assert queries("import", old, "--home", home).exit_code == 0
    rows = [row.split(",") for row in small_home.cases()]
    rows[0][8], rows[1][2], rows[2][8] = "huge", "1962-01-15", "pembrolizumab"
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text("utf-8").replace("2024-07-01T", "2024-08-01T"), "utf-8")
    small_home.write_export(home / "incoming" / "aa01", [",".join(row) for row in rows])
    assert small_home.refresh(home)[0] is not None
    found = ledger.read(Home(home)).filter(centre="aa01")
    late = found.filter(state="open", answer_code="corrected")
    assert found.filter(state="closed", field="born_on", answer_code="corrected").height == 1
    assert late.filter(field="agent").height == 1
    result = queries("export", tmp_path / "next", "--home", home, "--centre", "aa01")
    assert f"{late.height} promised as corrected and not delivered so" in result.stdout
    rows = rows_of(tmp_path / "next" / "queries_aa01.csv")[1:]
    (row,) = (row for row in rows if "huge" in row)
    assert "the export sent since is as before" in row[at("note") - 1]
    again = queries("import", old, "--home", home)
    assert again.exit_code == 0
    assert "was asked anew" in again.stderr
    assert again.stdout.startswith("0 answer(s) taken")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("00123", "123"),
        ("2024-07-01", "1/7/2024"),
        ("2024-07-01", "2024/7/1 00:00:00"),
        (" a\n b", "a b"),
        ("'=1", "=1"),
        ("'\t＝1", "＝1"),
        ("a\x07b", "a b"),
    ],
)
def test_what_a_spreadsheet_rewrites_is_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("1", "2"), ("2024-07-01", "2024-07-02"), ("huge", "large"), ("", "0")])
def test_what_a_person_changes_is_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_hidden_columns_are_hidden(packs: Path) -> None:
    sheet = load_workbook(packs / "queries_aa01.xlsx").worksheets[0]
    hidden = {name for name in COLUMNS if sheet.column_dimensions[sheet.cell(1, at(name)).column_letter].hidden}
    assert hidden == set(HIDDEN)
