"""docs/centre.md has every key of centre.yaml with its default, every field of every table, and every missing reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from configuration_page import as_written
from pydantic import BaseModel

from schemas.canonical import CORE
from schemas.centre import (
    Centre,
    Codebook,
    ColumnReading,
    MissingReason,
    Pivot,
    Reading,
    Source,
    deliverable,
    load_centre,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "centre.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "## Keys of centre.yaml": Centre,
    "### source": Source,
    "### A reading: tables.&lt;table&gt;": Reading,
    "### A column: tables.&lt;table&gt;.columns.&lt;field&gt;": ColumnReading,
    "### pivot": Pivot,
    "### codebook": Codebook,
}


def section(heading: str) -> str:
    """The text from a heading to the next."""
    return re.split(r"^#+ ", PAGE.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_has_its_line_and_default(heading: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", section(heading), flags=re.MULTILINE)
    fields = SECTIONS[heading].model_fields.items()
    assert [(key, default) for key, default, _ in rows] == [
        (field.alias or name, as_written(field)) for name, field in fields
    ]
    assert all(len(meaning) > 10 for _, _, meaning in rows)


def test_every_field_a_centre_can_send_is_listed() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section("## Fields"), flags=re.MULTILINE)
    assert dict(rows) == {
        table: ", ".join(f"**{n}**" if c.importance == "mandatory" else n for n, c in deliverable(table).items())
        for table in CORE
    }


def test_the_example_of_the_readme_is_a_configuration(tmp_path: Path) -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(code: .*?)```", readme, flags=re.DOTALL)
    folder = tmp_path / "xx01"
    folder.mkdir()
    (folder / "centre.yaml").write_text(text, encoding="utf-8")
    assert {"patient", "tumour", "drug_exposure", "follow_up"} == set(load_centre(folder).tables)


def test_every_reason_for_a_missing_value_is_named() -> None:
    reasons = re.findall(r"`(\w+)`", section("## Missing words").split(".", 1)[0])
    assert tuple(reasons) == get_args(MissingReason)


def test_the_page_points_at_files_that_are_there() -> None:
    root = Path(__file__).resolve().parents[2]
    for name in re.findall(r"`((?:docs|tests|schemas|examples)/[\w./-]+)`", PAGE):
        assert (root / name).exists(), name
