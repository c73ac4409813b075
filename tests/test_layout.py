"""The house: what resolves where, what imports what, and what no package may name."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("flows", "schemas", "warehouse", "analytics")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_ours(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).parent == ROOT / package


def test_no_other_distribution_brings_our_names() -> None:
    brought = importlib.metadata.packages_distributions()
    assert {name: brought[name] for name in PACKAGES if name in brought} in (
        {},
        {name: ["sarcreg"] for name in PACKAGES},
    )


def test_no_module_is_named_like_a_package() -> None:
    third_party = {
        "prefect",
        "pandera",
        "duckdb",
        "pandas",
        "polars",
        "lifelines",
        "great_expectations",
        "pytest",
    }
    names = {path.stem for path in SOURCES} | {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert not names & third_party
    below = {path.stem for path in SOURCES if path.parent.parent != ROOT.parent and path.name != "__init__.py"}
    assert not below & set(PACKAGES) - {"survival"}


@pytest.mark.parametrize("folder", ["tests"])
def test_no_package_marker_below_tests(folder: str) -> None:
    assert not list((ROOT / folder).rglob("__init__.py"))


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )


def test_import_rules_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas/errors.py", "import warehouse.home"),
        ("warehouse/home.py", "import prefect"),
        ("flows/progress.py", "import lifelines"),
        ("analytics/plan.py", "import duckdb"),
    ],
)
def test_a_planted_breach_fails(tmp_path: Path, module: str, line: str) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    breach = tmp_path / module
    breach.write_text(breach.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout


def test_nothing_names_a_centre_or_file_of_the_demo() -> None:
    example = ROOT / "examples" / "three-centres"
    centres = {path.parent.name for path in example.glob("centres/*/centre.yaml")}
    files = {path.name for path in example.rglob("incoming/*/*") if path.is_file() and path.name != "README.md"}
    assert len(centres) == 3
    words = re.compile("|".join(re.escape(word) for word in centres | files))
    texts = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".sql", ".yaml", ".html")
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts
        if (match := words.search(path.read_text(encoding="utf-8")))
    ]
    # patient.csv, drug.csv … are everyday names of files; only a name that could mean the demo counts
    everyday = {
        "codebook.csv",
        "patient.csv",
        "tumour.csv",
        "drug.csv",
        "line.csv",
        "response.csv",
        "procedure.csv",
        "metastasis.csv",
        "adverse_event.csv",
        "followup.csv",
    }
    assert [place for place in found if place.split(": ")[1] not in everyday] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "module without a docstring"


@pytest.mark.parametrize("path", sorted((ROOT / "warehouse" / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_models_state_their_grain_and_keep_to_the_inputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- grain: ")
    assert not re.search(r"\b(now|random|hash|current_date|current_timestamp|today|uuid)\s*\(", text)
    assert not re.search(r"\b(current_date|current_timestamp)\b", text)


def test_one_version_is_told_everywhere() -> None:
    from warehouse.version import VERSION

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{VERSION}"\n' in project
    assert f"## {VERSION}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    ran = subprocess.run([sys.executable, "-m", "flows.cli", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"sarcreg, version {VERSION}\n"
