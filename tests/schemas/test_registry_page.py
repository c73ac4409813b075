"""docs/registry.md has every key of registry.yaml with its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from configuration_page import as_written
from pydantic import BaseModel

from schemas.registry import Gate, Queries, Registry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("heading", "model"), [("Keys", Registry), ("gate", Gate), ("queries", Queries)])
def test_every_key_has_its_line_and_default(heading: str, model: type[BaseModel]) -> None:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", section, flags=re.MULTILINE)
    assert rows == [(key, as_written(field)) for key, field in model.model_fields.items()]
