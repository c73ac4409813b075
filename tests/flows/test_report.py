"""`sarcreg report` writes the pages of a kept refresh again, from its warehouse, with what earlier reports left."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import small_home
from click.testing import CliRunner

from flows import survival
from flows.cli import main
from schemas.errors import ConfigurationError, SarcregError
from warehouse.home import Home, one_writer


def report(root: Path, *words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["report", "--home", str(root), *words])
    return ran.exit_code, ran.output


def test_the_report_of_a_kept_refresh_is_written_again_and_the_next_one_has_its_figures(tmp_path: Path) -> None:
    root = small_home.make_home(tmp_path / "home")
    first, _ = small_home.refresh(root)
    small_home.write_export(root / "incoming" / "aa01", small_home.cases(7), small_home.visits(7))
    second, _ = small_home.refresh(root)
    assert first is not None and second is not None and first != second
    assert report(root, "--as-of", first)[0] == report(root)[0] == 0
    told = pl.read_csv(root / "refreshes" / second / "reports" / "validation" / "data" / "trend.csv")
    assert told["refresh"].unique(maintain_order=True).sort().to_list() == sorted([first, second])
    before = (root / "refreshes" / second / "reports" / "validation" / "validation.en.html").read_bytes()
    assert report(root)[0] == 0
    assert (root / "refreshes" / second / "reports" / "validation" / "validation.en.html").read_bytes() == before
    code, said = report(root, "--as-of", "none")
    assert code == 2
    assert "no refresh or tag" in said

    page = root / "refreshes" / second / "reports" / "validation"
    at_fault = standing(page).filter(status="fault").row(0, named=True)
    events = (root / "events" / "journal.jsonl").read_bytes()
    tolerate(root, at_fault["rule"], at_fault["centre"])
    assert report(root)[0] == 0
    (now,) = standing(page).filter(rule=at_fault["rule"], centre=at_fault["centre"])["status"]
    assert now == "tolerated", "another threshold, and no refresh"
    assert (root / "events" / "journal.jsonl").read_bytes() == events
    assert small_home.refresh(root)[0] == second, "a threshold is no input of a refresh"
    text = page.joinpath("validation.en.html").read_text(encoding="utf-8")
    assert "the centre is asked by letter" in text and "in force" in text
    assert "tolerated</" in page.joinpath(at_fault["centre"], "validation.en.html").read_text(encoding="utf-8")

    tolerate(root, "no_such_rule", at_fault["centre"])
    code, said = report(root)
    assert code == 2 and "thresholds.yaml: thresholds.1.rule: no rule 'no_such_rule'." in said
    with pytest.raises(ConfigurationError, match="no rule 'no_such_rule'"):
        small_home.refresh(root)


def test_a_report_is_written_under_the_writers_lock(
    homes: small_home.Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, held = tmp_path / "home", []
    (refresh,) = homes.copy(root, 6)
    write = survival.write_validation

    def under_lock(home: Home, of: str) -> int:
        with pytest.raises(SarcregError, match="another refresh holds"), one_writer(home, wait_seconds=0.2):
            pass
        held.append(of)
        return write(home, of)

    monkeypatch.setattr(survival, "write_validation", under_lock)
    assert report(root)[0] == 0 and held == [refresh]
    assert not (root / ".lock.holder").exists()


def standing(page: Path) -> pl.DataFrame:
    return pl.read_csv(page / "data" / "rules_by_centre.csv")


def tolerate(root: Path, rule: str, centre: str) -> None:
    (root / "thresholds.yaml").write_text(
        f"thresholds:\n  - {{rule: {rule}, centre: {centre}, tolerated_share: 1, set_on: 2024-07-01, "
        "set_by: data manager, why: the centre is asked by letter}\n",
        encoding="utf-8",
    )
