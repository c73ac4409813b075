"""`sarcreg diff` on the demonstration and a second delivery of one centre, of which the test knows what is new."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import small_home
from click.testing import CliRunner

from flows.cli import main
from warehouse.home import Home
from warehouse.publish import current_refresh

PROGRESSED = ("00185742,20240524", "00196880,20240426", "00188638,20240426")
"""The last assessment, without progression, of three patients of the cohort."""
RECODED = "00186787,1,1,101,"
"""A patient with alveolar soft part sarcoma, of whom the centre now says leiomyosarcoma."""


@pytest.fixture(scope="module")
def home(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home after the second delivery, and the refresh before it."""
    root = tmp_path_factory.mktemp("diff") / "home"
    shutil.copytree(demo, root)
    first = current_refresh(Home(root))
    folder = root / "incoming" / "hn02"
    lines = (folder / "response.csv").read_text(encoding="gb18030").splitlines()
    for place, line in enumerate(lines):
        if line.startswith(PROGRESSED):
            cells = line.split(",")
            lines[place] = ",".join([*cells[:7], "4", *cells[8:]])
    (folder / "response.csv").write_text("\n".join(lines) + "\n", encoding="gb18030")
    tumours = (folder / "tumour.csv").read_text(encoding="gb18030")
    (folder / "tumour.csv").write_text(tumours.replace(RECODED, RECODED.replace("101", "106")), encoding="gb18030")
    second, states = small_home.refresh(root)
    assert first and second and first != second and set(states.values()) == {"fresh"}
    return root, first


def diff(home: tuple[Path, str], *more: str) -> str:
    root, first = home
    ran = CliRunner().invoke(main, ["diff", first, *more, "--home", str(root)])
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_the_end_point_is_told_with_who_moved_it(home: tuple[Path, str]) -> None:
    lines = diff(home).splitlines()
    pfs = next(place for place, line in enumerate(lines) if line.startswith("median PFSEMA "))
    assert lines[pfs].endswith(" months: 3 progressed")
    assert "events" in lines[pfs + 1] and "progressed: +0 patients, +3 events" in lines[pfs + 2]
    groups = [line for line in lines if line.startswith("median PFSEMA (asps_against_rest: ")]
    assert [line.split(": ", 2)[2] for line in groups] == [
        "2 progressed, 1 recoded (histology_group)", "1 progressed, 1 recoded (histology_group)",
    ]  # fmt: skip
    assert not any(line.startswith("median OS ") and not line.startswith("median OS (") for line in lines)


def test_json_and_parts_say_the_same(home: tuple[Path, str]) -> None:
    told = json.loads(diff(home, "--format", "json"))
    assert told["cohort"] == [] and told["versions"] == []
    recoded = [row for row in told["codes"] if row["field"] == "entity_code"]
    assert [(row["before"], row["after"], row["records"]) for row in recoded] == [("ASPS", "LMS", 1)]
    pfs = [row for row in told["endpoints"] if (row["analysis"], row["endpoint"]) == ("overall", "PFSEMA")]
    assert [row["reason"] for row in pfs] == ["before", "event:Progression", "now"]
    assert pfs[0]["median_months"] + pfs[1]["median_months"] == pytest.approx(pfs[2]["median_months"])
    assert json.loads(diff(home, "--part", "endpoints", "--format", "json")) == told["endpoints"]
