"""Our estimates equal R's to 1e-6 relative: the reference file of ../shared, and a small committed twin of ours.

The file comes from SARCREG_R_REFERENCE if that is set; its CSVs lie beside it. A case or a field that no comparison
reads is an error, never passed over in silence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import needs
import pytest
import r_cases
import r_compare

TWIN = Path(__file__).with_name("reference") / "reference.json"
PACKAGES = TWIN.with_name("reference_packages.json")
EDGES = TWIN.with_name("reference_edges.json")


def _cases() -> list[Any]:
    found = [(twin, name) for twin in (TWIN, EDGES, PACKAGES) for name in r_cases.load_cases(twin)]
    shared = r_cases.reference_file(needs.SHARED)
    if shared.is_file():
        found += [(shared, name) for name in r_cases.load_cases(shared)]
    return [pytest.param(path, name, id=f"{path.stem}-{name}") for path, name in found]


@pytest.mark.parametrize(("path", "name"), _cases())
def test_equals_r(path: Path, name: str) -> None:
    comparison = r_compare.compare(r_cases.load_cases(path)[name], path.parent)
    assert comparison.failures == []
    assert comparison.compared > 0


def test_the_shared_reference_was_found(shared: Path) -> None:
    path = r_cases.reference_file(shared)
    assert path.is_file(), f"{path} is not a file: set SARCREG_R_REFERENCE to one"
    assert len(r_cases.load_cases(path)) > 0


def test_a_wrong_number_is_seen() -> None:
    comparison = r_cases.Comparison()
    comparison.same("right", [1.0, None], [1.0000001, None])
    comparison.same("wrong", [1.0, 2.0], [1.00001, None])
    assert comparison.compared == 4
    assert comparison.failures == ["wrong: 1.0, R says 1.00001", "wrong: 2.0, R says None"]


def _made_by(script: str, rscript: Path, folder: Path) -> Path:
    import shutil
    import subprocess

    for part in ("json.R", script):
        shutil.copy(TWIN.with_name(part), folder)
    done = subprocess.run([str(rscript), script], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_twin_is_what_r_says_today(rscript: Path, tmp_path: Path) -> None:
    made = _made_by("make_reference.R", rscript, tmp_path)
    assert (made / "synthetic.csv").read_text() == TWIN.with_name("synthetic.csv").read_text()
    assert r_cases.load_cases(made / "reference.json") == r_cases.load_cases(TWIN)


@pytest.mark.slow
def test_the_edges_are_what_r_says_today(rscript: Path, tmp_path: Path) -> None:
    made = _made_by("make_reference_edges.R", rscript, tmp_path)
    assert r_cases.load_cases(made / EDGES.name) == r_cases.load_cases(EDGES)


@pytest.mark.slow
def test_what_cmprsk_and_metafor_say_today(tmp_path: Path) -> None:
    rscript = needs.rscript("cmprsk", "metafor")
    (tmp_path / "synthetic.csv").write_text(TWIN.with_name("synthetic.csv").read_text())
    made = _made_by("make_reference_packages.R", rscript, tmp_path)
    assert r_cases.load_cases(made / PACKAGES.name) == r_cases.load_cases(PACKAGES)


@pytest.mark.slow
def test_time_ratios_are_what_survreg_says_today(rscript: Path, tmp_path: Path) -> None:
    (tmp_path / "synthetic.csv").write_text(TWIN.with_name("synthetic.csv").read_text())
    made = _made_by("make_reference_aft.R", rscript, tmp_path)
    assert (made / "reference_aft.json").read_text() == TWIN.with_name("reference_aft.json").read_text()
