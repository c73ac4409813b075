"""A rule's declaration: what it says about a fault may not contradict itself."""

from __future__ import annotations

import pytest

from schemas.errors import ConfigurationError
from schemas.rules import parse_rule

WORDS = {"en": "x", "zh": "x"}
DECLARED = {"sentence": WORDS, "advice": WORDS, "severity": "error", "kahn": "plausibility", "source": "own"}
PLACED = {**DECLARED, "scope": "row", "tables": ["patient"]}


@pytest.mark.parametrize(
    ("action", "channel", "is_agreed"),
    [
        ("query", "query", True),
        ("null_cell", "query", True),
        ("null_cell", "report", True),
        ("report_only", "report", True),
        ("report_only", "gate", True),
        ("query", "report", False),
        ("query", "gate", False),
        ("report_only", "query", False),
    ],
)
def test_action_and_channel_agree(action: str, channel: str, is_agreed: bool) -> None:
    block = f"action: {action}\nchannel: {channel}"
    if is_agreed:
        assert parse_rule("a_rule", block, **PLACED).channel == channel
    else:
        with pytest.raises(ConfigurationError, match=rf"a_rule.*(\n.*)*{action}.*{channel}.*contradict"):
            parse_rule("a_rule", block, **PLACED)
