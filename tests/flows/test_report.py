"""`sarcreg report` writes the pages of a kept refresh again, from its warehouse, with what earlier reports left."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import small_home
from click.testing import CliRunner

from flows.cli import main


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
