"""Every file's rights after every command, and what another account can read of a home."""

from __future__ import annotations

import csv
import fnmatch
import grp
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import needs
import polars as pl
import pytest
import small_home
from click.testing import CliRunner

from analytics.locale.catalogue import catalogue
from analytics.quality.pack import COLUMNS
from analytics.survival.impact import SHAPE
from flows.cli import main
from schemas.registry import load_registry
from warehouse import publish, rights
from warehouse.home import Home
from warehouse.query import sql

STRANGER = 61234
READABLE = ("registry.duckdb", "refreshes/*/registry.duckdb", "refreshes/*/results/*", "refreshes/*/reports/*")
"""What the group may read, and nobody else."""


@pytest.fixture
def umask() -> Iterator[None]:
    """The caller's, given back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts can reach, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="sarcreg-rights-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def sarcreg(home: Path, *words: str | Path) -> str:
    result = CliRunner().invoke(main, ["--home", str(home), *map(str, words)])
    assert result.exit_code in (0, 3), (words, result.output)
    return result.output


def modes(home: Path) -> dict[str, int]:
    """Path in the home -> rights, of all that the program made."""
    people = ("registry.yaml", "centres", "plans", "incoming", "maps", "links.yaml")
    found = {path.relative_to(home).as_posix(): path for path in home.rglob("*")}
    return {name: stat.S_IMODE(path.stat().st_mode) for name, path in found.items() if name.split("/")[0] not in people}


def check(home: Path) -> None:
    """The one table holds, and in words of its own: nothing for others, the group reads what is published."""
    assert rights.faults(home) == []
    for name, mode in modes(home).items():
        assert mode & 0o007 == 0, name
        is_folder = (home / name).is_dir()
        parts = name.split("/")
        is_published = name == "registry.duckdb" or (
            parts[0] == "refreshes"
            and len(parts) > 2
            and parts[2] in ("registry.duckdb", "results", "reports")
            and name.rpartition("/")[2] != "query_impact.parquet"
        )
        if is_folder:
            leads_there = parts[0] == "refreshes" and (len(parts) < 3 or parts[2] in ("results", "reports"))
            assert mode & 0o777 == (0o750 if leads_there else 0o700), name
        elif name.endswith("registry.duckdb"):
            assert mode == 0o440, name
        else:
            assert mode == (0o640 if is_published else 0o600), name


def answer_all(path: Path) -> None:
    """Fill in a pack as the centre does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(file)]
    given = {"answer": catalogue("en").text("answer.as_in_source"), "by": "Dr Chen", "reason": "as in the record"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([rows[0].values(), *((row | given).values() for row in rows[1:])])


@pytest.mark.usefixtures("umask")
def test_rights_hold_after_every_command_whatever_the_umask(tmp_path: Path) -> None:
    os.umask(0o000)
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    small_home.write_export(home / "incoming" / "aa01", small_home.cases(8), small_home.visits(8))
    first, _ = small_home.refresh(home)
    check(home)
    small_home.write_export(home / "incoming" / "aa01", small_home.cases(9), small_home.visits(9))
    second, _ = small_home.refresh(home)
    check(home)
    who = sql(Home(home), "select patient_id from core.patient where born_on = '1968-01-15'").item()
    query = sql(Home(home), f"select query_id from quality.query where patient_id != '{who}'")["query_id"][0]
    for number, words in enumerate(
        (
            ("report",),
            ("tag", second, "paper"),
            ("queries", "cancel", query, "--why", "raised in error"),
            ("queries", "issue"),
            ("queries", "export", tmp_path / "queries"),
            ("queries", "import", tmp_path / "queries" / "queries_aa01.csv"),
            ("rollback", first, "--why", "wrong export"),
            ("rollback", second, "--why", "it was right"),
            ("refresh", "--rebuild", first),
            ("terms", "export", tmp_path / "terms"),
            ("export", "parquet", tmp_path / "parquet"),
            ("retract", who, "--scope", "erase", "--why", "letter", "--on", "2024-06-01", "--yes"),
            ("report",),
            ("audit", "verify"),
        )
    ):
        os.umask((0o000, 0o077, 0o022)[number % 3])
        if words[:2] == ("queries", "import"):
            answer_all(words[2])
        sarcreg(home, *words)
        check(home)
    for made in (tmp_path / "queries", tmp_path / "terms", tmp_path / "parquet"):
        for path in (made, *made.rglob("*")) if made.exists() else ():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.slow
@pytest.mark.usefixtures("umask")
def test_rights_hold_after_a_refresh_by_prefect_and_its_analyses(tmp_path: Path) -> None:
    os.umask(0o000)
    home = Path(shutil.copytree(Path(__file__).parents[2] / "examples" / "three-centres", tmp_path / "home"))
    for words in (("refresh",), ("analyse", "--no-figures")):
        sarcreg(home, *words)
        check(home)


def may_read(path: Path, *groups: int) -> bool:
    """Whether an account that is nobody here, in these groups, can read a file or list a folder."""
    done = subprocess.run(
        ["ls" if path.is_dir() else "cat", str(path)], user=STRANGER, group=STRANGER, extra_groups=groups,
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def made_by_the_program(home: Path) -> set[str]:
    return {name.split("/")[0] for name in modes(home)}


def test_a_member_of_the_group_reads_what_is_published_and_a_stranger_nothing(place: Path) -> None:
    needs.root()
    group = grp.getgrgid(65534)
    home = small_home.make_home(place / "home")
    registry = home / "registry.yaml"
    registry.write_text(registry.read_text(encoding="utf-8") + f"group: {group.gr_name}\n", encoding="utf-8")
    shutil.chown(home, group=group.gr_gid)
    home.chmod(0o750)
    refresh, _ = small_home.refresh(home)
    assert refresh and load_registry(home).group == group.gr_name
    query = sql(Home(home), "select query_id from quality.query")["query_id"][0]
    (home / "refreshes" / refresh / "results").mkdir()
    for name in ("plan_estimates.parquet", "query_impact.parquet"):
        pl.DataFrame(schema=SHAPE).write_parquet(home / "refreshes" / refresh / "results" / name)
    for words in (("report",), ("queries", "cancel", query, "--why", "raised in error")):
        sarcreg(home, *words)
    everything = [path for path in home.rglob("*") if path.relative_to(home).parts[0] in made_by_the_program(home)]
    names = {path: path.relative_to(home).as_posix() for path in everything if path.is_file()}
    members = {name for path, name in names.items() if may_read(path, group.gr_gid)}
    expected = {name for name in names.values() if any(fnmatch.fnmatchcase(name, one) for one in READABLE)}
    assert members == expected - {f"refreshes/{refresh}/results/query_impact.parquet"} and len(expected) > 5
    assert not any(may_read(path) for path in everything)
    for private in (Home(home).landing, Home(home).events, Home(home).answers):
        assert not may_read(private, group.gr_gid)


def test_the_audit_names_rights_that_are_not_the_tables_and_the_next_command_sets_them(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    refresh, _ = small_home.refresh(home)
    (home / "events" / "journal.jsonl").chmod(0o644)
    result = CliRunner().invoke(main, ["--home", str(home), "audit", "verify"])
    assert result.exit_code != 0 and "events/journal.jsonl with 0644 in the place of 0600" in result.output
    sarcreg(home, "tag", str(refresh), "paper")
    assert rights.faults(home) == [] and publish.tags(Home(home)) == {"paper": refresh}


def test_a_packs_own_manifest_is_published_and_a_refreshs_is_not(tmp_path: Path) -> None:
    for name in ("manifest.json", "reports/paper/plan/manifest.json", "results/query_impact.parquet"):
        path = tmp_path / "refreshes" / "R" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    rights.settle(tmp_path)
    found = {name: mode for name, mode in modes(tmp_path).items() if (tmp_path / name).is_file()}
    assert found == {
        "refreshes/R/manifest.json": 0o600,
        "refreshes/R/reports/paper/plan/manifest.json": 0o640,
        "refreshes/R/results/query_impact.parquet": 0o600,
    }


def test_dot_folders_of_people_keep_their_rights(tmp_path: Path) -> None:
    theirs = [tmp_path / name for name in (".venv/bin/sarcreg", ".git/hooks/pre-commit", ".envrc")]
    ours = [tmp_path / name for name in (".prefect/prefect.db", ".lock", ".registry.duckdb.new")]
    for path in (*theirs, *ours):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        path.chmod(0o755)
    rights.settle(tmp_path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (*theirs, *ours)] == [0o755] * 3 + [0o600] * 3
