"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import needs
import pytest


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
