"""Every ending the models can write has words in both languages."""

from __future__ import annotations

import re

import pytest

from analytics.locale.catalogue import catalogue
from warehouse import models

FAMILIES = ("survival", "progression", "treatment")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_ending_has_words(lang: str) -> None:
    texts = [re.sub(r"--[^\n]*", "", models.written_models()[f"staging.end_point_{family}"]) for family in FAMILIES]
    endings = {word for text in texts for word in re.findall(r"'([A-Z][a-z][^']*)'", text)}
    assert len(endings) >= 20
    assert [word for word in sorted(endings) if f"ending_reason.{word}" not in catalogue(lang).texts] == []
