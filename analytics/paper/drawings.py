"""Who draws the pack's figures: each gets the material of one language and gives pictures."""

from __future__ import annotations

from analytics.paper.pack import Figures

DRAWN: tuple[Figures, ...] = ()
"""In the order of a paper."""
