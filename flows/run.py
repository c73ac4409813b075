"""Running the refresh flow on this machine: Prefect embedded, or the server that PREFECT_API_URL names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flows.embedded import drain, embedded_prefect
from flows.progress import say


def _import_flow() -> None:
    import flows.refresh  # noqa: F401  (while Prefect's server starts)


def run_refresh(home: Path, centres: list[str] | None) -> dict[str, Any]:
    """The outcome of the flow `refresh`. Raises what the flow raised."""
    if "PREFECT_API_URL" not in os.environ:
        say("start", "Prefect, embedded")
    with embedded_prefect(home / ".prefect", meanwhile=_import_flow):
        from flows.refresh import NothingPublished, refresh

        say("refresh", str(home))
        state = refresh(str(home), centres, return_state=True)
        missing = drain()
        if missing:
            say("prefect", f"{missing} task run(s) were not recorded")
        try:
            outcome: dict[str, Any] = state.result()
        except NothingPublished as refused:
            return refused.outcome
    return outcome
