"""The demo's home, refreshed once for every export."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import small_home

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "three-centres"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exports") / "home"
    shutil.copytree(EXAMPLE, root)
    name, _ = small_home.refresh(root)
    assert name
    return root
