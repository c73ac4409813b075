"""`sarcreg check` at the centre: what it finds alone is what the refresh finds, with nothing and nobody at hand."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import small_home
from click.testing import CliRunner

from flows.check import NEEDS_OTHERS, check_centre
from flows.cli import main
from warehouse.build import rule_book
from warehouse.home import Home
from warehouse.query import read

CENTRES = ("eu03", "hn01", "hn02")
PLACE = [
    "finding_id", "rule", "severity", "table_name", "patient_id", "record_key", "field", "row_id", "file", "sheet",
    "line", "source_column", "raw_text",
]  # fmt: skip


@pytest.fixture(scope="module")
def demo(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(example_home, tmp_path_factory.mktemp("check") / "demo"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the check asked for a network")

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("code", CENTRES)
def test_a_centre_finds_alone_what_the_refresh_finds(
    demo: Path, tmp_path: Path, code: str, no_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "centre"
    (own / "centres").mkdir(parents=True)
    shutil.copy(demo / "registry.yaml", own)
    shutil.copytree(demo / "centres" / code, own / "centres" / code)
    if (demo / "maps").is_dir():
        shutil.copytree(demo / "maps", own / "maps")
    seen: dict[str, pl.DataFrame] = {}

    import flows.check as module

    kept = module.read_file

    def keep(path: Path, tables: list[str]) -> dict[str, pl.DataFrame]:
        found = kept(path, tables)
        seen.update(found)
        return found

    monkeypatch.setattr(module, "read_file", keep)
    page = tmp_path / "page.html"
    report = check_centre(own, code, demo / "incoming" / code, page)
    book = rule_book()
    alone = [name for name, rule in book.items() if rule.scope not in NEEDS_OTHERS]
    published = read(Home(demo), ["quality.finding"])["quality.finding"]
    there = published.filter(pl.col("rule").is_in(alone), centre=code).select(PLACE).sort(PLACE)
    here = seen["quality.finding"].filter(pl.col("rule").is_in(alone)).select(PLACE).sort(PLACE)
    assert here.height > 10
    assert here.equals(there)
    assert sum(n for _, n in report.counts.values()) == here.height
    assert set(report.not_run) == set(book) - set(alone)
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href|action)=["'](?!#|data:)""", text) == []
    assert [other for other in CENTRES if other != code and other in text] == []
    assert not (own / "registry.duckdb").exists()
    assert not (own / "landing").exists()


def test_no_secret_is_needed_and_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    known = check_centre(home, "aa01", None, None)
    path = home / "registry.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("synthetic: true\n", "jurisdiction: DE\n"), "utf-8")
    monkeypatch.delenv("SARCREG_SECRET", raising=False)
    drawn = check_centre(home, "aa01", None, None)
    assert drawn.counts == known.counts
    assert drawn.places == known.places


def test_what_the_landing_would_refuse_is_told_by_column_and_count_alone(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    cases = home / "incoming" / "aa01" / "cases.csv"
    head, *rows = cases.read_text(encoding="utf-8").splitlines()
    named = [f"{head},Surname", *(f"{row},{name}" for row, name in zip(rows, ("Huber", "Meyer") * 3, strict=True))]
    cases.write_text("\n".join(named) + "\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "aa01", "--home", str(home)])
    assert result.exit_code == 3
    told = 'identifier: cases.csv, column "Surname": 6 cell(s)'
    assert told in result.output and "sarcreg pack" in result.output and "Huber" not in result.output
