"""What people wrote in a home, looked at as a whole before a refresh begins: nothing is read or published first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from schemas.errors import ConfigurationError
from warehouse import refresh as steps
from warehouse.home import Home


def plans_of(home: Home) -> list[Path]:
    """The analysis plans of a home."""
    return sorted((home.root / "plans").glob("*.yaml"))


def refuse_faults(root: Path, asked: Iterable[str] | None) -> None:
    """Raise ConfigurationError for a fault in any file that people wrote, or a centre asked for that is none."""
    from analytics.plan import load_plan

    _, centres = steps.configuration(root)
    steps.choose(centres, asked)
    file_of: dict[str, str] = {}
    for path in plans_of(Home(root)):
        plan = load_plan(path)
        if plan.id in file_of:
            raise ConfigurationError(
                f"plans/{path.name}: its id {plan.id!r} is that of plans/{file_of[plan.id]}; give each plan its own."
            )
        file_of[plan.id] = path.name
