"""The journal: chained, append-only, and whole after a crash in the middle of a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.errors import SarcregError
from warehouse import journal


def test_events_follow_from_each_other(tmp_path: Path) -> None:
    for number in range(3):
        journal.append(tmp_path, "tag", refresh=f"r{number}")
    found = journal.events(tmp_path)
    assert [event["sequence"] for event in found] == [1, 2, 3]
    assert [event["previous"] for event in found] == ["", found[0]["hash"], found[1]["hash"]]
    assert (tmp_path / journal.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_event_is_noticed(tmp_path: Path, line: int) -> None:
    for number in range(3):
        journal.append(tmp_path, "tag", refresh=f"r{number}")
    path = tmp_path / journal.FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    event = json.loads(lines[line])
    event["refresh"] = "another"
    lines[line] = json.dumps(event)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SarcregError, match=f"line {line + 1} does not follow"):
        journal.events(tmp_path)


def test_a_removed_event_is_noticed(tmp_path: Path) -> None:
    for number in range(3):
        journal.append(tmp_path, "tag", refresh=f"r{number}")
    path = tmp_path / journal.FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[2]]) + "\n", encoding="utf-8")
    with pytest.raises(SarcregError, match="line 2"):
        journal.events(tmp_path)


def test_half_a_line_is_no_event_and_the_next_writer_removes_it(tmp_path: Path) -> None:
    journal.append(tmp_path, "tag", refresh="r0")
    with (tmp_path / journal.FILE).open("a", encoding="utf-8") as file:
        file.write('{"sequence": 2, "ref')
    assert len(journal.events(tmp_path)) == 1
    journal.append(tmp_path, "tag", refresh="r1")
    assert [event["refresh"] for event in journal.events(tmp_path)] == ["r0", "r1"]
