"""thresholds.yaml: what counts of its history, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from schemas.thresholds import FILE, THRESHOLD, load_thresholds

RULES, CENTRES = {"site_unmapped", "dose_out_of_range"}, ["aa01", "bb02"]
ENTRY = "{{rule: {rule}, {more}set_on: {on}, set_by: data manager, why: agreed}}"


def entry(rule: str = "site_unmapped", on: str = "2026-01-01", more: str = "") -> str:
    return "  - " + ENTRY.format(rule=rule, on=on, more=more)


def write(home: Path, *entries: str) -> Path:
    (home / FILE).write_text("\n".join(["thresholds:", *entries]) + "\n", encoding="utf-8")
    return home


def test_without_a_file_nothing_is_tolerated(tmp_path: Path) -> None:
    assert load_thresholds(tmp_path, RULES, CENTRES).schema == THRESHOLD
    assert load_thresholds(tmp_path, RULES, CENTRES).is_empty()


def test_of_a_rule_and_centre_the_last_counts_and_the_others_are_its_history(tmp_path: Path) -> None:
    write(
        tmp_path,
        entry(on="2026-03-01", more="tolerated_share: 0.10, "),
        entry(on="2026-01-01", more="tolerated_share: 0.05, "),
        entry(on="2026-01-01", more="centre: aa01, tolerated_share: 0.2, "),
        entry(on="2026-01-01", more="centre: aa01, tolerated_range: [1, 2.5], "),
        entry("dose_out_of_range"),
    )
    got = load_thresholds(tmp_path, RULES, CENTRES)
    assert got["is_in_force"].to_list() == [True, False, False, True, True]
    assert got["tolerated_share"].to_list() == [0.10, 0.05, 0.2, 0, 0]
    assert got.select("tolerated_from", "tolerated_to").row(3) == (1, 2.5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (entry("site_unmaped"), "thresholds.1.rule: no rule 'site_unmaped'. Did you mean \"site_unmapped\"?"),
        (entry(more="centre: aa02, "), "thresholds.1.centre: no centre 'aa02'."),
        (entry(more="tolerated_share: 1.5, "), "thresholds.1.tolerated_share"),
        (entry(more="tolerated_range: [3, 1], "), "tolerated_range ends before it begins"),
        (entry(on="2026-01-01").replace("agreed", "' '"), "thresholds.1.why: is empty"),
        (entry(more="tolerate: 1, "), "tolerate: no such key."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_thresholds(write(tmp_path, wrong), RULES, CENTRES)
    assert said in str(refused.value) and str(refused.value).startswith(FILE)
