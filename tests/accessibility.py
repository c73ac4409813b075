"""What axe-core finds in a page: WCAG 2 and its best practice, as rule and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import needs

if TYPE_CHECKING:
    from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Every violation as `rule: place`; none is what a page of ours should have."""
    found = needs.axe()().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
