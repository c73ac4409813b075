"""The null: clean demonstrations of ten seeds, in which no rule has anything to find but what is true of the people.

The bounds of the rules over centres (docs/rules.md, source 'own') are judgements; this is what they are held against.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import demo_generate
import pytest
import test_answer_key as key_tests

SEEDS = range(11, 21)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_demonstration_raises_no_alarm(seed: int, tmp_path: Path) -> None:
    root = tmp_path / "demo"
    shutil.copytree(key_tests.EXAMPLE, root)
    shutil.rmtree(root / "incoming")
    answer = demo_generate.generate(seed, root / "incoming", faults=False, fit=False)
    key = json.loads(answer.text())
    key_tests.decide_who_is_one_person(root, key)
    found = key_tests.found_findings(key_tests.refreshed(root, key))
    assert sorted((found - key_tests.listed(key, "natural")).elements()) == []
