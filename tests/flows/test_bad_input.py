"""Bad input as people send it: one clear message, the agreed exit code, no traceback, and what is published untouched.

Most cases go through `sarcreg check`, which reads as a refresh does and needs no Prefect; what only a refresh can say
(a centre carried forward, nothing published, a second writer) goes through `sarcreg refresh` as a program of its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import small_home
from click.testing import CliRunner, Result

from flows.cli import main
from warehouse.home import Home, one_writer
from warehouse.publish import current_refresh
from warehouse.query import sql

State = tuple[int, int, str]


def state_of(database: Path) -> State:
    """Inode, time of change and sha256 of the published file."""
    found = database.stat()
    return found.st_ino, found.st_mtime_ns, hashlib.sha256(database.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published home of two centres, and beside it what people wrote and delivered, to start each case from."""
    root = tmp_path_factory.mktemp("bad") / "home"
    small_home.make_home(root)
    shutil.copytree(root, root.with_name("written"))
    small_home.refresh(root)
    return root


@pytest.fixture
def home(pristine: Path) -> Iterator[Path]:
    """The published home with good input; afterwards its published file must be the same one, byte for byte."""
    for place in ("centres", "incoming"):
        shutil.rmtree(pristine / place)
        shutil.copytree(pristine.with_name("written") / place, pristine / place)
    before = state_of(pristine / "registry.duckdb")
    yield pristine
    assert state_of(pristine / "registry.duckdb") == before


def check(home: Path, centre: str = "aa01", *more: str) -> Result:
    """`sarcreg check`; whatever it raises beyond its exit code is shown here."""
    result = CliRunner().invoke(main, ["check", centre, "--home", str(home), *more])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    sys.stdout.write(f"[{result.exit_code}] {result.stderr or result.stdout}\n")
    return result


def replace(path: Path, right: str, wrong: str) -> None:
    """Change one place of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")


def configured(right: str, wrong: str) -> Callable[[Path], None]:
    return lambda home: replace(home / "centres/aa01/centre.yaml", right, wrong)


def exported(right: str, wrong: str) -> Callable[[Path], None]:
    return lambda home: replace(home / "incoming/aa01/cases.csv", right, wrong)


def workbook(home: Path, sheet: str = "Cases") -> Path:
    """cases.csv as a workbook, and a configuration that reads it."""
    folder = home / "incoming/aa01"
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in (folder / "cases.csv").read_text(encoding="utf-8").splitlines():
        book.active.append(line.split(","))
    book.create_sheet("Notes")
    book.save(folder / "cases.xlsx")
    (folder / "cases.csv").unlink()
    yaml = home / "centres/aa01/centre.yaml"
    text = yaml.read_text(encoding="utf-8").replace("file: cases.csv", "file: cases.xlsx\n    sheet: Cases")
    yaml.write_text(text, encoding="utf-8")
    return folder / "cases.xlsx"


def remove_the_file(home: Path) -> None:
    (home / "incoming/aa01/visits.csv").unlink()


def remove_the_folder(home: Path) -> None:
    shutil.rmtree(home / "incoming/aa01")


def empty_the_folder(home: Path) -> None:
    for path in (home / "incoming/aa01").iterdir():
        path.unlink()


def empty_the_file(home: Path) -> None:
    (home / "incoming/aa01/cases.csv").write_bytes(b"")


def name_a_sheet_otherwise(home: Path) -> None:
    workbook(home, sheet="Cases 2024")


def cut_the_workbook(home: Path) -> None:
    path = workbook(home)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def send_gb18030(home: Path) -> None:
    configured("[utf-8, cp1252]", "[utf-8]")(home)
    path = home / "incoming/aa01/cases.csv"
    path.write_bytes(
        path.read_text(encoding="utf-8")
        .replace("leiomyosarcoma", "平滑肌肉瘤")
        .replace("ASPS", "腺泡状软组织肉瘤")
        .replace(",F,", ",女,")
        .encode("gb18030")
    )


def two_with_one_code(home: Path) -> None:
    replace(home / "centres/bb02/centre.yaml", "code: bb02", "code: aa01")


def map_to_an_unknown_code(home: Path) -> None:
    (home / "centres/aa01/maps").mkdir()
    (home / "centres/aa01/maps/histology.csv").write_text("text,code,note\nodd lump,ASPSS,\n", encoding="utf-8")


REFUSED: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a missing file": (remove_the_file, ['tables.response_assessment.file names "visits.csv"', "which the delivery lacks", "it has cases.csv"]),
    "a missing folder": (remove_the_folder, ["incoming/aa01", "there is no such file or folder", "deliver the export there"]),
    "an empty folder": (empty_the_folder, ["incoming/aa01", "the folder holds no export", "deliver the files into it"]),
    "an empty file": (empty_the_file, ["cases.csv", "is empty (0 bytes)", "export it again"]),
    "a wrong sheet": (name_a_sheet_otherwise, ['sheet names "Cases", which cases.xlsx lacks', "it has Cases 2024, Notes", 'Did you mean "Cases 2024"?']),
    "no patient number": (exported("PatNo,", "Case,"), ['tables.patient.patient names the source column "PatNo"', "cases.csv lacks", "Correct the name; or skip_rows"]),
    "a missing key column": (lambda home: replace(home / "incoming/aa01/visits.csv", "Visit,", "Number,"), ['tables.response_assessment.key names the source column "Visit"', "visits.csv lacks", "Correct the name"]),
    "a renamed column": (exported("Diagnosed,", "Diagnosed on,"), ['tables.tumour.columns.diagnosed_on names the source column "Diagnosed"', 'Did you mean "Diagnosed on"?']),
    "bytes of another encoding": (send_gb18030, ["cases.csv", "none of the encodings utf-8 reads the file", "the first at line 2 (byte offset ", "write `encoding: [gb18030]` into centre.yaml"]),
    "a cut workbook": (cut_the_workbook, ["cases.xlsx", "is damaged or cut short", "send the file again"]),
}  # fmt: skip

MISCONFIGURED: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "an encoding that is none": (configured("[utf-8, cp1252]", "[utf-8, latin-99]"), ["centres/aa01/centre.yaml", "encoding", "'latin-99' is no encoding", "use utf-8"]),
    "an unknown key": (configured("timezone:", "time_zone:"), ["centres/aa01/centre.yaml", "time_zone: no such key", 'Did you mean "timezone"?']),
    "an unknown target code": (configured("sex: Sex", "sex: {from: Sex, map: {W: Female}}"), ["centres/aa01/centre.yaml", "tables.patient.columns.sex.map", "'Female' is not a code of the list sex", 'Did you mean "F"?']),
    "a map file to an unknown code": (map_to_an_unknown_code, ["histology.csv", "line 2", '"ASPSS"', 'Did you mean "ASPS"?']),
    "two centres with one code": (two_with_one_code, ["centres/bb02/centre.yaml", "centres/aa01/centre.yaml", "both have the code 'aa01'", "give each centre its own"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_export_that_cannot_be_used_is_refused(home: Path, name: str) -> None:
    spoil, said = REFUSED[name]
    spoil(home)
    result = check(home)
    assert result.exit_code == 1
    assert result.stdout == ""
    message = result.stderr.strip().splitlines()
    assert len(message) == 1, message
    for part in said:
        assert part in message[0]


@pytest.mark.parametrize("name", MISCONFIGURED)
def test_a_configuration_that_cannot_be_used_is_refused(home: Path, name: str) -> None:
    spoil, said = MISCONFIGURED[name]
    spoil(home)
    result = check(home)
    assert result.exit_code == 2
    assert result.stdout == ""
    message = result.stderr.strip().splitlines()
    assert len(message) == 1, message
    for part in said:
        assert part in message[0]


def test_a_fault_in_a_cell_is_a_finding_with_its_place_and_not_its_value(home: Path) -> None:
    exported(",21,3,pembrolizumab,2021-02-20", ",large,3,pembrolizumab,2021-02-30")(home)
    result = check(home)
    assert result.exit_code == 3
    said = " ".join(result.stdout.split())
    assert "number_unreadable: The text cannot be read as a number. Give one number" in said
    assert 'cases.csv, line 2, column "Size"' in said
    assert "date_impossible: The calendar has no such day. Check the day and the month." in said
    assert 'cases.csv, line 2, column "Started"' in said
    assert "large" not in result.output and "2021-02-30" not in result.output


def test_a_home_that_is_not_a_home(home: Path, tmp_path: Path) -> None:
    for command in (["check", "aa01"], ["refresh"], ["status"], ["sql", "select 1"]):
        result = CliRunner().invoke(main, [*command, "--home", str(tmp_path)])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"sarcreg: {tmp_path} is not a registry's home: it has no registry.yaml.")
        assert "Name one with --home or SARCREG_HOME" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_centre_that_is_not_there(home: Path) -> None:
    result = check(home, "cc03")
    assert result.exit_code == 2
    assert "no centre 'cc03'; configured are aa01, bb02." in result.stderr


@dataclass(frozen=True)
class Run:
    """What `sarcreg refresh` said, and the published file before and after."""

    code: int
    out: str
    err: str
    before: State
    after: State


def refresh(home: Path) -> Run:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SARCREG_"))}
    program = [sys.executable, "-m", "flows.cli", "refresh", "--home", str(home)]
    before = state_of(home / "registry.duckdb")
    done = subprocess.run(
        program, capture_output=True, text=True, timeout=300, check=False, env=environment,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    sys.stdout.write(f"[{done.returncode}] {done.stdout}\n{done.stderr}\n")
    assert "Traceback" not in done.stdout + done.stderr
    return Run(done.returncode, done.stdout, done.stderr, before, state_of(home / "registry.duckdb"))


def a_copy(pristine: Path, name: str) -> Path:
    """A published home of its own, with good input; what is published is linked as a refresh links it."""
    root = pristine.with_name(name)
    shutil.copytree(pristine, root)
    for place in ("centres", "incoming"):
        shutil.rmtree(root / place)
        shutil.copytree(pristine.with_name("written") / place, root / place)
    (database,) = root.glob("refreshes/*/registry.duckdb")
    (root / "registry.duckdb").unlink()
    (root / "registry.duckdb").hardlink_to(database)
    return root


@pytest.fixture(scope="module")
def refreshes(pristine: Path) -> dict[str, Run]:
    """The few refreshes, two at a time: each needs its own start of Prefect, and one waits ten seconds for a lock."""
    homes = {name: a_copy(pristine, name) for name in ("held", "gate", "carried")}
    for root in homes.values():
        replace(root / "incoming/bb02/cases.csv", "P001,F,1961-01-15", "P001,F,1961-02-15")
    replace(homes["gate"] / "registry.yaml", "min_cohort: 1", "min_cohort: 1000")
    replace(homes["carried"] / "incoming/aa01/cases.csv", "Diagnosed,", "Diagnosed on,")
    (homes["carried"] / "centres/cc03").mkdir()
    new = small_home.CENTRE.format(code="cc03")
    (homes["carried"] / "centres/cc03/centre.yaml").write_text(new, encoding="utf-8")
    with one_writer(Home(homes["held"]), 1), ThreadPoolExecutor(2) as pool:
        return dict(zip(homes, pool.map(refresh, homes.values()), strict=True))


def test_a_refresh_with_a_wrong_configuration_does_not_start(home: Path) -> None:
    configured("timezone:", "time_zone:")(home)
    result = CliRunner().invoke(main, ["refresh", "--home", str(home)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'sarcreg: centres/aa01/centre.yaml: time_zone: no such key. Did you mean "timezone"?\n'


TOLERATED = "thresholds:\n- {rule: site_unmaped, set_on: 2024-01-01, set_by: A, why: B}\n"
LINKED = "pairs:\n- {pair: [a, a], decision: same, agreed_by: A, agreed_on: 2024-01-01, reason: B}\n"
BEFORE_A_REFRESH = {
    "links.yaml": (LINKED, "links.yaml: pairs.1.pair: names one record twice; name the record of each centre."),
    "thresholds.yaml": (TOLERATED, "thresholds.yaml: thresholds.1.rule: no rule 'site_unmaped'. Did you mean \"site_unmapped\"?"),
    "plans/one.yaml": ("titel: {en: A}\n", "plans/one.yaml: titel: no such key. Did you mean \"title\"?"),
    "maps/sights.csv": ("text,code\n", "maps/sights.csv: there is no code list \"sights\"."),
}  # fmt: skip


@pytest.mark.parametrize("file", BEFORE_A_REFRESH)
def test_a_fault_of_a_file_that_is_read_late_is_told_before_anything_starts(home: Path, file: str) -> None:
    text, said = BEFORE_A_REFRESH[file]
    (home / file).parent.mkdir(exist_ok=True)
    (home / file).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["refresh", "--home", str(home)])
    (home / file).unlink()
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert not (home / ".prefect").exists()


def test_two_plans_of_one_id_are_refused_before_either_overwrites_the_other(home: Path) -> None:
    plan = (Path(__file__).parents[2] / "examples/three-centres/plans/founding_study.yaml").read_text(encoding="utf-8")
    (home / "plans").mkdir(exist_ok=True)
    for name in ("one.yaml", "two.yaml"):
        (home / "plans" / name).write_text(plan, encoding="utf-8")
    result = CliRunner().invoke(main, ["refresh", "--home", str(home)])
    shutil.rmtree(home / "plans")
    assert result.exit_code == 2
    assert "plans/two.yaml: its id 'founding_study' is that of plans/one.yaml; give each plan its own." in result.stderr


def test_a_refresh_of_a_centre_that_is_not_there_does_not_start(home: Path) -> None:
    result = CliRunner().invoke(main, ["refresh", "--home", str(home), "--centre", "cc03"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "sarcreg: no centre 'cc03'; configured are aa01, bb02.\n"
    assert not (home / ".prefect").exists()


def test_a_second_refresh_while_one_runs(refreshes: dict[str, Run], pristine: Path) -> None:
    run = refreshes["held"]
    assert (run.code, run.out) == (1, "")
    assert f"another refresh holds {pristine.with_name('held')} (process {os.getpid()}, since 20" in run.err
    assert "nothing was changed. Wait for it to end, or look at it with `sarcreg status`." in run.err
    assert "Prefect" not in run.err
    assert run.after == run.before


def test_what_does_not_look_like_a_cohort_is_not_published(refreshes: dict[str, Run], pristine: Path) -> None:
    run = refreshes["gate"]
    assert run.code == 1
    assert "Nothing was published; the last published warehouse stands." in run.out
    assert "cohort" in run.err
    assert run.after == run.before
    assert not list((pristine.with_name("gate") / "refreshes").glob(".tmp-*"))


def test_a_centre_that_is_refused_keeps_its_last_good_export(refreshes: dict[str, Run], pristine: Path) -> None:
    run, root = refreshes["carried"], pristine.with_name("carried")
    assert run.code == 3
    assert (
        "aa01  carried_forward: centres/aa01/centre.yaml: tables.tumour.columns.diagnosed_on names the source"
        in run.out
    )
    assert "bb02  fresh" in run.out
    assert run.after != run.before
    assert current_refresh(Home(root)) is not None
    people = "select centre, count(*) as n, count(*) filter (born_on = '1961-02-15') as moved from core.patient group by all order by all"
    assert sql(Home(root), people).rows() == [("aa01", 6, 0), ("bb02", 6, 1)]
    told = sql(Home(root), "select centre, state from meta.centre order by all").rows()
    assert told == [("aa01", "carried_forward"), ("bb02", "fresh"), ("cc03", "absent")]


def test_the_status_says_why_a_centre_is_not_fresh(refreshes: dict[str, Run], pristine: Path) -> None:
    result = CliRunner().invoke(main, ["status", "--home", str(pristine.with_name("carried"))])
    assert result.exit_code == 0
    assert "aa01       carried_forward, data up to 2024-06-30, 20 rows: centres/aa01/centre.yaml: " in result.stdout
    assert "bb02       fresh, data up to 2024-06-30, 20 rows\n" in result.stdout
    assert "cc03       absent, no rows: " in result.stdout
    assert "there is no such file or folder; deliver the export there" in result.stdout


def test_nothing_to_publish_at_all(tmp_path: Path) -> None:
    from schemas.errors import SarcregError

    root = small_home.make_home(tmp_path / "home", ("aa01",))
    empty_the_file(root)
    with pytest.raises(SarcregError, match="no centre has an export that can be read") as fault:
        small_home.refresh(root)
    assert fault.value.exit_code == 1
    assert not (root / "registry.duckdb").exists()
