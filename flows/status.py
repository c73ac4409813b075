"""What `sarcreg status` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemas.registry import load_registry
from warehouse.home import Home
from warehouse.publish import current_refresh, kept, locked
from warehouse.query import sql


def status_of(root: Path) -> dict[str, Any]:
    """Title, published refresh, centres with their state, and who is writing."""
    registry = load_registry(root)
    home = Home(root)
    refresh = current_refresh(home)
    facts: dict[str, Any] = {"title": registry.title["en"], "refresh": refresh, "centres": []}
    holder = root / ".lock.holder"
    facts["running"] = holder.read_text(encoding="utf-8") if holder.exists() else None
    if refresh:
        facts["as_of"] = str(sql(home, "select as_of from meta.refresh", refresh)["as_of"][0])
        facts["cohort"] = sql(home, "select count(*) as n from mart.cohort", refresh)["n"][0]
        asking = "select count(*) as n from quality.finding where channel = 'query'"
        facts["open_findings"] = sql(home, asking, refresh)["n"][0]
        facts["kept"] = len(kept(home))
        facts["locked"] = ", ".join(locked(home)) or None
        facts["centres"] = sql(
            home,
            "select centre, state, reason, cut_off_on, rows, export_hash from meta.centre order by centre",
            refresh,
        ).to_dicts()
    return facts
