"""The workbench: open terms out to a human and back as maps, or refused in clear words with nothing written."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import small_home
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from flows.cli import main
from schemas.codelist import load_map
from warehouse import journal
from warehouse.home import Home
from warehouse.query import sql

FORMULA = '=HYPERLINK("http://x","ASPS")'
WORDS = {
    "aa01": ["MFH", "MFH", "mfh ", FORMULA, "qqq", "ASPS"],
    "bb02": ["MFH", "-qqq", "ASPS", "ASPS", "ASPS", "ASPS"],
}
HISTOLOGY = "histology.csv"
Row = dict[str, str]


def terms(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["terms", *map(str, words)])


def export(home: Path, folder: Path, *words: str) -> Path:
    result = terms("export", folder, "--home", home, *words)
    assert result.exit_code == 0, result.output
    return folder


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [{name.split(" ")[0]: cell for name, cell in row.items()} for row in rows]


def save(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def decided(row: Row, code: str, **more: str) -> Row:
    return {**row, "decision": code, "by": "Dr Chen", "why": "report re-read", **more}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = small_home.make_home(tmp_path_factory.mktemp("published") / "home")
    for code, words in WORDS.items():
        rows = []
        for row, word in zip(small_home.cases(), words, strict=True):
            cells = row.split(",")
            quoted = '"' + word.replace('"', '""') + '"'
            rows.append(",".join([*cells[:3], quoted, *cells[4:]]))
        small_home.write_export(home / "incoming" / code, rows)
    registry = (home / "registry.yaml").read_text(encoding="utf-8")
    tolerant = "min_cohort: 1, max_unresolved_histology_share: 1}"
    (home / "registry.yaml").write_text(registry.replace("min_cohort: 1}", tolerant), encoding="utf-8")
    assert small_home.refresh(home)[0] is not None
    return home


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "home"))


def test_terms_that_wait_go_out_those_of_most_patients_first(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work")
    rows = rows_of(folder / HISTOLOGY)
    shown = [
        (row["text"], row["centre"], row["patients"], row["records"], row["centres"], row["state"]) for row in rows
    ]
    assert shown == [
        ("MFH", "aa01", "3", "3", "2", "doubtful"),
        ("MFH", "bb02", "1", "1", "2", "doubtful"),
        ("qqq", "aa01", "1", "1", "2", "unmapped"),
        ("'-qqq", "bb02", "1", "1", "2", "unmapped"),
        (f"'{FORMULA}", "aa01", "1", "1", "1", "doubtful"),
    ]
    assert rows[0]["candidates"].splitlines()[0] == (
        "UPS · 8802/3 · Undifferentiated pleomorphic sarcoma · 未分化多形性肉瘤"
    )
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_that_may_be_filled_in_is_not_written_over(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work")
    filled = save(folder / HISTOLOGY, [decided(row, "UPS") for row in rows_of(folder / HISTOLOGY)]).read_bytes()
    again = terms("export", folder, "--home", home)
    assert again.exit_code == 2
    assert "exists already and may be filled in; import it and remove it, or name another folder." in again.stderr
    assert (folder / HISTOLOGY).read_bytes() == filled


def test_one_list_and_one_centre_can_be_asked_for(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work", "--list", "histology", "--centre", "bb02")
    assert sorted(path.name for path in folder.iterdir()) == [HISTOLOGY, "histology.xlsx"]
    assert {row["centre"] for row in rows_of(folder / HISTOLOGY)} == {"bb02"}
    assert terms("export", tmp_path / "w", "--home", home, "--centre", "cc03").exit_code == 2
    assert 'did you mean "histology"?' in terms("export", tmp_path / "w", "--home", home, "--list", "histolgy").stderr


def test_the_workbook_guides_the_hand_and_holds_no_formula(home: Path, tmp_path: Path) -> None:
    book = load_workbook(export(home, tmp_path / "work") / "histology.xlsx")
    sheet = book["terms"]
    assert sheet.freeze_panes == "B2"
    assert sheet.protection.sheet
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "inlineStr"}
    named = {cell.value.split(" ")[0]: cell.column_letter for cell in sheet[1] if cell.value}
    lists = {str(found.sqref).split(":")[0]: found.formula1 for found in sheet.data_validations.dataValidation}
    assert lists[f"{named['scope']}2"] == '"centre,registry"'
    offered = lists[f"{named['decision']}2"].replace("$", "")
    assert [cell.value for cell in sheet[offered][0]] == ["UPS", "DDLPS", "MFS", "LMS", "MFH", "ignored", "needs_query"]
    assert not sheet[f"{named['why']}2"].protection.locked
    assert sheet[f"{named['text']}2"].protection.locked
    said = [cell.value for row in book["instructions 说明"].iter_rows() for cell in row]
    assert all(any(word in text for text in said) for word in ("needs_query", "请勿修改其他内容"))
    assert book["codes"].max_row > 300


def fill(folder: Path, kind: str, change: Callable[[Row], Row]) -> Path:
    """Fill in the rows of the histology file as a person does in that kind of file."""
    if kind == "csv":
        return save(folder / HISTOLOGY, [change(row) for row in rows_of(folder / HISTOLOGY)])
    path = folder / "histology.xlsx"
    book = load_workbook(path)
    sheet = book["terms"]
    names = [str(cell.value or "").split(" ")[0] for cell in sheet[1]]
    for line, row in enumerate(rows_of(folder / HISTOLOGY), 2):
        for name in ("decision", "scope", "by", "why"):
            sheet.cell(line, names.index(name) + 1).value = change(row)[name] or None
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_human_decides_becomes_maps_that_the_next_refresh_uses(home: Path, tmp_path: Path, kind: str) -> None:
    choice = {
        ("MFH", "aa01"): {"code": "UPS · 8802/3 · Undifferentiated pleomorphic sarcoma", "scope": "全登记"},
        (f"'{FORMULA}", "aa01"): {"code": "ASPS", "why": '=2+2, or "so"', "scope": "centre"},
        ("qqq", "aa01"): {"code": "Ignored", "scope": ""},
    }
    folder = export(home, tmp_path / "work")
    path = fill(
        folder, kind, lambda row: decided(row, **choice[at]) if (at := (row["text"], row["centre"])) in choice else row
    )
    if kind == "xlsx":
        book = load_workbook(path)
        assert [cell.data_type for row in book["terms"].iter_rows() for cell in row].count("f") == 1
        refused = terms("import", path, "--home", home)
        assert (refused.exit_code, "holds a formula" in refused.stderr) == (2, True)
        choice[f"'{FORMULA}", "aa01"]["why"] = 'not =2+2, or "so"'
        folder = export(home, tmp_path / "again")
        path = fill(
            folder,
            kind,
            lambda row: decided(row, **choice[at]) if (at := (row["text"], row["centre"])) in choice else row,
        )
    result = terms("import", path, "--home", home)
    assert result.exit_code == 0, result.output
    assert "maps/histology.csv: 1 decision(s) added" in result.stdout
    assert "centres/aa01/maps/histology.csv: 2 decision(s) added" in result.stdout

    own = home / "centres" / "aa01" / "maps" / HISTOLOGY
    entries = {entry.text: entry for entry in load_map(own, "histology").entries.values()}
    assert entries[FORMULA].decision == "ASPS"
    assert entries["qqq"].decision == "ignored"
    assert entries[FORMULA].reason == choice[f"'{FORMULA}", "aa01"]["why"]
    assert entries[FORMULA].by == "Dr Chen"
    assert entries[FORMULA].on.endswith("+00:00")
    assert not any(line.startswith(("=", "+", "-", "@")) for line in own.read_text(encoding="utf-8").splitlines())

    told = [event for event in journal.events(home / "events") if event["event"] == "map decided"]
    assert [(event["centre"], event["code"], event["by"]) for event in told] == [
        (None, "UPS", "Dr Chen"), ("aa01", "ignored", "Dr Chen"), ("aa01", "ASPS", "Dr Chen"),
    ]  # fmt: skip
    assert {event["at"] for event in told} == {entries["qqq"].on}
    assert not any(word in json.dumps(told) for word in ("MFH", "qqq", "HYPERLINK"))

    before = sql(Home(home), "select count(*) from mart.cohort").item()
    assert small_home.refresh(home)[0] is not None
    coded = sql(
        Home(home),
        "select centre, text, rule, entity_code, needs_query, reason from reference.term_map where list = 'histology' order by all",
    )
    found = {(row[0], row[1]): row[2:] for row in coded.rows()}
    assert found["aa01", FORMULA][:3] == ("centre_map", "ASPS", False)
    assert found["bb02", "MFH"] == ("registry_map", "UPS", False, "report re-read")
    assert found["aa01", "qqq"] == ("centre_map", None, False, "ignored: report re-read")
    assert sql(Home(home), "select count(*) from mart.cohort").item() == before + 5
    assert {row["text"] for row in rows_of(export(home, tmp_path / "later") / HISTOLOGY)} == {"'-qqq"}


def test_the_same_decision_twice_is_one(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work")
    path = fill(folder, "csv", lambda row: decided(row, "UPS", scope="registry") if row["text"] == "MFH" else row)
    assert "maps/histology.csv: 1 decision(s) added" in terms("import", path, path, "--home", home).stdout
    before = (home / "maps" / HISTOLOGY).read_bytes()
    again = terms("import", path, "--home", home)
    assert (again.exit_code, again.stdout) == (0, "1 decision(s) stood in the maps already\nNothing new was decided.\n")
    assert (home / "maps" / HISTOLOGY).read_bytes() == before


def test_a_map_written_by_hand_keeps_its_lines(home: Path, tmp_path: Path) -> None:
    own = home / "centres" / "aa01" / "maps" / HISTOLOGY
    own.parent.mkdir()
    own.write_text('text,code,note\n"a, b",UPS,by hand\n', encoding="utf-8")
    path = fill(
        export(home, tmp_path / "work"), "csv", lambda row: decided(row, "LMS") if row["text"] == "qqq" else row
    )
    assert terms("import", path, "--home", home).exit_code == 0
    first, second, third = own.read_text(encoding="utf-8").splitlines()
    assert (first, second) == ("text,code,note,by,on,why", '"a, b",UPS,by hand,,,')
    assert third.startswith("qqq,LMS,,Dr Chen,20")


REFUSED: dict[str, tuple[Callable[[Row], Row], str]] = {
    "unknown code": (
        lambda row: decided(row, "UPSX"),
        "decides 'UPSX', which the list histology lacks. Did you mean \"UPS\"?",
    ),
    "no person": (lambda row: decided(row, "UPS", by=""), "lacks `by`: who decided"),
    "no reason": (lambda row: decided(row, "UPS", why=" "), "lacks `why`: the reason"),
    "no decision": (lambda row: decided(row, ""), "has no decision"),
    "scope": (lambda row: decided(row, "UPS", scope="all"), "has the scope 'all'; write centre or registry"),
    "text changed": (lambda row: decided(row, "UPS", text="MFH of thigh"), "is not as it was exported"),
    "centre changed": (lambda row: decided(row, "UPS", centre="bb02"), "is not as it was exported"),
    "list changed": (lambda row: decided(row, "UPS", list="drug"), "is not as it was exported"),
    "id of another registry": (lambda row: decided(row, "UPS", id="0" * 16), "comes from another registry"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_written(home: Path, tmp_path: Path, case: str) -> None:
    change, says = REFUSED[case]
    folder = export(home, tmp_path / "work")
    rows = rows_of(folder / HISTOLOGY)
    first = next(at for at, row in enumerate(rows) if (row["text"], row["centre"]) == ("MFH", "aa01"))
    good = [decided(row, "LMS") if row["text"] == "qqq" else row for row in rows]
    path = save(folder / HISTOLOGY, [change(row) if at == first else row for at, row in enumerate(good)])
    seen = (home / "events" / "journal.jsonl").read_bytes()
    result = terms("import", path, "--home", home)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert ": line " in result.stderr
    assert result.stderr.endswith("Nothing was written.\n")
    assert not (home / "centres" / "aa01" / "maps").exists()
    assert (home / "events" / "journal.jsonl").read_bytes() == seen


def test_decisions_that_contradict_are_refused(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work")
    codes = {"aa01": "UPS", "bb02": "LMS"}
    path = fill(
        folder, "csv", lambda row: decided(row, codes[row["centre"]], scope="registry") if row["text"] == "MFH" else row
    )
    result = terms("import", path, "--home", home)
    assert (result.exit_code, "of the same text" in result.stderr) == (2, True)
    assert not (home / "maps").exists()


def test_what_a_map_or_centre_yaml_says_already_is_not_overruled(home: Path, tmp_path: Path) -> None:
    folder = export(home, tmp_path / "work")
    path = fill(folder, "csv", lambda row: decided(row, "LMS") if row["text"] in ("MFH", "qqq") else row)
    own = home / "centres" / "aa01" / "maps" / HISTOLOGY
    own.parent.mkdir()
    own.write_text("text,code,note,by,on,why\nqqq,UPS,,Dr Li,,\n", encoding="utf-8")
    yaml = home / "centres" / "bb02" / "centre.yaml"
    text = yaml.read_text(encoding="utf-8").replace(
        "histology: Diagnosis", "histology: {from: Diagnosis, map: {MFH: UPS}}"
    )
    yaml.write_text(text, encoding="utf-8")
    result = terms("import", path, "--home", home)
    assert result.exit_code == 2
    assert "decides LMS, but line 2 of centres/aa01/maps/histology.csv already says UPS (by Dr Li)" in result.stderr
    assert "centres/bb02/centre.yaml maps this text to UPS in tumour.histology; change it there" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"a,b\n1,2\n", "is no file of `sarcreg terms export`"),
        ("x.csv", b"", "is no file of `sarcreg terms export`"),
        ("x.csv", "写法".encode("gb18030"), "cannot be read as CSV in UTF-8"),
        ("x.xlsx", b"PK\x03\x04 no workbook", "cannot be read as an XLSX workbook"),
        ("none.csv", None, "No such file or directory"),
    ],
)
def test_a_foreign_file_is_refused(home: Path, tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = terms("import", tmp_path / name, "--home", home)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


def test_map_entries_that_match_nothing_or_disagree_are_shown(home: Path) -> None:
    own, shared = home / "centres" / "aa01" / "maps" / HISTOLOGY, home / "maps" / HISTOLOGY
    for path, lines in (
        (own, ["MFH,UPS,", "never sent,UPS,", "qqq,ignored,"]),
        (shared, ["mfh,LMS,", "-qqq,LMS,", "nobody,UPS,"]),
    ):
        path.parent.mkdir()
        path.write_text("\n".join(["text,code,note", *lines, ""]), encoding="utf-8")
    result = terms("unused", "--home", home, "--format", "json")
    found = {(row["file"], row["text"]): row["finding"] for row in json.loads(result.stdout)}
    assert found["centres/aa01/maps/histology.csv", "MFH"] == "the registry's map says LMS"
    assert found["centres/aa01/maps/histology.csv", "never sent"] == "matches no delivered text"
    assert found["maps/histology.csv", "nobody"] == "matches no delivered text"
    assert ("maps/histology.csv", "mfh") not in found


def compared(home: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    result = terms("compare", *words, "--home", home, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return found


def test_what_the_maps_of_now_would_change_is_shown_before_and_after_it_is_published(home: Path) -> None:
    first = sql(Home(home), "select refresh_id from meta.refresh").item()
    assert compared(home)["texts"] == []
    own, shared = home / "centres" / "aa01" / "maps" / HISTOLOGY, home / "maps" / HISTOLOGY
    for path, line in ((own, "qqq,LMS"), (shared, "MFH,UPS")):
        path.parent.mkdir()
        path.write_text(f"text,code\n{line}\n", encoding="utf-8")
    before = sorted(path for path in home.rglob("*") if "landing" not in path.parts), (home / "registry.duckdb").stat()
    told = compared(home)
    assert (
        sorted(path for path in home.rglob("*") if "landing" not in path.parts),
        (home / "registry.duckdb").stat(),
    ) == before
    assert not list((home / "landing").glob(".compare-*"))
    assert [
        (row["centre"], row["text"], row["code_before"], row["code_after"], row["patients"]) for row in told["texts"]
    ] == [
        ("aa01", "MFH", "?", "UPS", 2),
        ("aa01", "mfh", "?", "UPS", 1),
        ("aa01", "qqq", "?", "LMS", 1),
        ("bb02", "MFH", "?", "UPS", 1),
    ]
    assert {row["rule_after"] for row in told["texts"]} == {"centre_map", "registry_map"}
    ids = sql(
        Home(home), "select patient_id, centre, 'histology', '?' from core.tumour where key in ('mfh', 'qqq')".replace(
            "key", "lower(trim(histology_source))"
        ) + " and (centre = 'aa01' or histology_source = 'MFH') order by 1"
    )  # fmt: skip
    people = [(row["patient_id"], row["centre"], row["list"], row["code_before"]) for row in told["patients"]]
    assert sorted(people) == ids.rows()
    counts = {(row["grouping"], row["value"]): tuple(row.values())[2:] for row in told["counts"]}
    assert counts["cohort", "in"] == (5, 10, 5, 0)
    assert counts["cohort", "out"] == (7, 2, 0, 5)
    assert counts["histology_group", "potentially sensitive"] == (0, 4, 4, 0)

    second = small_home.refresh(home)[0]
    assert second != first
    assert compared(home, first, str(second)) == told
    assert compared(home)["texts"] == []
    csv_form = terms("compare", first, str(second), "--home", home, "--format", "csv", "--part", "counts").stdout
    assert csv_form.startswith("grouping,value,before,after,joined,gone\ncohort,in,5,10,5,0\n")
    unknown = terms("compare", "nothing", "--home", home)
    assert (unknown.exit_code, "no refresh or tag 'nothing'" in unknown.stderr) == (2, True)
