"""The published file from the tools people have, each opened the careless way first, while refreshes go on.

DuckDB opens a file for writing unless told otherwise, and a writer shuts everybody out. The published file is read-only,
so the careless are refused and nobody else notices. Root passes over a file's rights, so here it gives that right up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import needs
import pytest
import small_home

QUESTION = "select count(*) as n from core.patient"
BIN = Path(sys.executable).parent
PYTHON = """
import duckdb, sys
with duckdb.connect(sys.argv[1]{how}) as connection:
    print(connection.execute("{question}").fetchone()[0])
"""
SQLALCHEMY = """
import sys
from sqlalchemy import create_engine, text
engine = create_engine("duckdb:///" + sys.argv[1]{how})
with engine.connect() as connection:
    print(connection.execute(text("{question}")).scalar())
"""


def as_a_person(words: list[str]) -> subprocess.CompletedProcess[str]:
    """The command as somebody whom the file's rights bind."""
    bound = [*needs.without_root(), *words]
    return subprocess.run(bound, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


def script(text: str, how: str, file: Path) -> list[str]:
    return [sys.executable, "-c", text.format(how=how, question=QUESTION), str(file)]


def command_line(*how: str, file: Path) -> list[str]:
    return [str(BIN / "duckdb"), "-csv", "-noheader", *how, str(file), QUESTION]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home.make_home(tmp_path_factory.mktemp("clients") / "home", ("aa01",))
    small_home.refresh(root)
    return root


@pytest.mark.parametrize(
    ("careless", "careful"),
    [
        pytest.param(
            lambda file: script(PYTHON, "", file), lambda file: script(PYTHON, ", read_only=True", file), id="Python"
        ),
        pytest.param(
            lambda file: command_line(file=file), lambda file: command_line("-readonly", file=file), id="DuckDB CLI"
        ),
        pytest.param(
            lambda file: script(SQLALCHEMY, "", file),
            lambda file: script(SQLALCHEMY, ', connect_args={"read_only": True}', file),
            id="SQLAlchemy",
        ),
    ],
)
def test_the_careless_are_refused_and_the_careful_answered(home: Path, careless, careful) -> None:  # type: ignore[no-untyped-def]
    file = home / "registry.duckdb"
    before = file.read_bytes()
    refused = as_a_person(careless(file))
    assert refused.returncode != 0 and "ermission denied" in refused.stderr
    answered = as_a_person(careful(file))
    assert (answered.returncode, answered.stdout.strip()) == (0, "6"), answered.stderr
    assert file.read_bytes() == before


def readers_and_refreshes(home: Path, readers: int, refreshes: int) -> list[dict[str, object]]:
    """Readers in a loop of queries while refreshes publish; what each reader saw."""
    stop = home.parent / "stop"
    client = [
        sys.executable,
        str(Path(__file__).with_name("reader_client.py")),
        str(home / "registry.duckdb"),
        str(stop),
    ]
    running = [subprocess.Popen(client, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    published = []
    try:
        for number in range(refreshes):
            n = 7 + number  # fewer patients than before would fail the gate
            small_home.write_export(home / "incoming" / "aa01", small_home.cases(n), small_home.visits(n))
            published.append(small_home.refresh(home)[0])
    finally:
        stop.write_text("", encoding="utf-8")
        told = [json.loads(process.communicate(timeout=60)[0]) for process in running]
        stop.unlink()
    assert len(set(published)) == refreshes
    return told


def hold(told: list[dict[str, object]]) -> int:
    for reader in told:
        assert reader["failures"] == [] and reader["torn"] == 0
        assert reader["queries"] and len(reader["seen"]) > 1  # type: ignore[arg-type]
    return sum(int(str(reader["queries"])) for reader in told)


def test_readers_never_notice_a_refresh(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    small_home.refresh(home)
    assert hold(readers_and_refreshes(home, 2, 3)) > 10


@pytest.mark.slow
def test_eight_readers_and_twenty_refreshes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    small_home.refresh(home)
    queries = hold(readers_and_refreshes(home, 8, 20))
    with capsys.disabled():
        print(f"\neight readers, twenty refreshes: {queries} queries, 0 failed, none saw two refreshes at once")
