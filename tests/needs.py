"""Optional tools of the tests, declared in one place: absent on a stranger's machine a test skips, in CI it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _absent(what: str, remedy: str) -> None:
    reason = f"needs {what}: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (in CI a skip fails)", pytrace=False)
    pytest.skip(reason)


def _program(names: tuple[str, ...], what: str, remedy: str) -> Path:
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    _absent(what, remedy)
    raise AssertionError("unreachable")


def chromium() -> Path:
    """Debian's Chromium, which opens the reports as a reader would."""
    return _program(("chromium", "chromium-browser"), "Chromium", "apt-get install chromium")


def axe() -> type[Any]:
    """axe-core, the accessibility checker that runs inside the page; a dev dependency that ships its script."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        _absent("axe-core", "pip install axe-playwright-python")
    found: type[Any] = Axe
    return found


def libreoffice_writer() -> Path:
    """LibreOffice's Writer, which opens the pack's Word files as a reader would."""
    return _program(("lowriter",), "LibreOffice Writer", "apt-get install libreoffice-writer")


def libreoffice_calc() -> Path:
    """LibreOffice's Calc, which opens and saves the workbooks as a centre would."""
    _program(("localc",), "LibreOffice Calc", "apt-get install libreoffice-calc")
    return _program(("soffice",), "LibreOffice Calc", "apt-get install libreoffice-calc")


def rscript(*packages: str) -> Path:
    """R with the survival package, the reference for every estimate, and with the packages named."""
    found = _program(("Rscript",), "R with survival", "apt-get install r-base-core r-cran-survival")
    for package in ("survival", *packages):
        asked = [str(found), "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode:
            _absent(f"R's package {package}", f"apt-get install r-cran-{package}")
    return found


def without_root() -> list[str]:
    """What goes before a command so that files' rights bind it: nothing, or for root util-linux's setpriv."""
    if os.geteuid() != 0:
        return []
    setpriv = _program(("setpriv",), "setpriv", "apt-get install util-linux, or run the tests as a person")
    taken = "-dac_override,-dac_read_search"
    return [str(setpriv), f"--bounding-set={taken}", f"--inh-caps={taken}"]


def root() -> None:
    """Root, which alone can try a file as another account."""
    if os.geteuid() != 0:
        _absent("root", "run the tests as root in a container")


def shared() -> Path:
    """The read-only material beside the checkout; what reads it has a committed twin."""
    if not SHARED.is_dir():
        _absent("../shared", "lay the shared folder beside the checkout")
    return SHARED


def mcode_profiles() -> tuple[Path, Path]:
    """Node, and the folder of a FHIR library and mCODE's package, whose versions exports/fetch_profiles has."""
    node = _program(("node",), "Node.js", "apt-get install nodejs npm")
    folder = Path(__file__).resolve().parents[1] / ".venv" / "mcode"
    if not (folder / "package").is_dir():
        _absent("mCODE's profiles", "tests/exports/fetch_profiles .venv/mcode")
    return node, folder
