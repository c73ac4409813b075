"""Fixtures that every test may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import needs
import pytest
import small_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Before anything imports openpyxl: where lxml is there it writes other bytes than those of the committed workbook.
os.environ["OPENPYXL_LXML"] = "False"


EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "three-centres"


def _of_all_workers(tmp_path_factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder of the session that every worker sees."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> small_home.Homes:
    """Small homes that were refreshed before, each by the worker that asks first."""
    return small_home.Homes(_of_all_workers(tmp_path_factory, "homes"))


@pytest.fixture(scope="session")
def example_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's home, refreshed once for all workers: to be read and copied, never written."""

    def make(root: Path) -> None:
        shutil.copytree(EXAMPLE, root)
        assert small_home.refresh(root)[0]

    return small_home.made_once(_of_all_workers(tmp_path_factory, "example") / "home", make)


@pytest.fixture(scope="session")
def demo(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's home, refreshed: a copy of this worker's own."""
    return Path(shutil.copytree(example_home, tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """../shared, or a skip with its reason (a failure in CI)."""
    return needs.shared()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of Chromium, or a skip with its reason (a failure in CI)."""
    return needs.chromium()


@pytest.fixture(scope="session")
def rscript() -> Path:
    """The path of Rscript, or a skip with its reason (a failure in CI)."""
    return needs.rscript()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Chromium as a reader has it. Closed with each file: Playwright's loop would stand in the way of Prefect's."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium))
        yield opened
        opened.close()
