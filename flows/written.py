"""What people wrote: looked at as a whole before a refresh begins, and not written over."""

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


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise ConfigurationError where one of the files is there: somebody may have filled it in."""
    if there := [path for path in paths if path.exists()]:
        more = f" and {len(there) - 1} more" if there[1:] else ""
        raise ConfigurationError(
            f"{there[0]}{more}: exists already and may be filled in; import it and remove it, or name another folder."
        )
