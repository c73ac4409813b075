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


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's home, refreshed once for all who only read it."""
    root = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(EXAMPLE, root)
    name, _ = small_home.refresh(root)
    assert name
    return root


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
