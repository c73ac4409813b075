"""The maps that stand in centre.yaml itself, under a column, in the shape of a map file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from schemas.centre import Centre, deliverable
from schemas.codelist import IGNORED, NEEDS_QUERY, CodeMap, MapEntry
from schemas.errors import ConfigurationError
from warehouse.harmonise.normalise import key


def column_map(centre: Centre, code_list: str) -> CodeMap | None:
    """What the centre's columns of a list map, or None. Two columns must not map one text to different codes."""
    entries: dict[str, MapEntry] = {}
    for table, readings in centre.tables.items():
        for reading in readings:
            for field, column in reading.columns.items():
                if deliverable(table)[field].code_list != code_list:
                    continue
                for text, code in column.map.items():
                    entry = _entry(text, code, f"{table}.{field}")
                    known = entries.setdefault(key(text), entry)
                    if known.code != entry.code:
                        raise ConfigurationError(
                            f"centres/{centre.code}/centre.yaml: {text!r} is mapped to {known.code} in {known.reason} "
                            f"and to {entry.code} in {entry.reason}; a list has one map per centre, so make them equal."
                        )
    if not entries:
        return None
    said = json.dumps({text: entry.code for text, entry in entries.items()}, sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(said.encode()).hexdigest()[:8]
    return CodeMap(code_list, Path("centres") / centre.code / "centre.yaml", version, entries)


def _entry(text: str, code: str, place: str) -> MapEntry:
    known = code if code not in (IGNORED, NEEDS_QUERY) else None
    return MapEntry(text, known, code == IGNORED, code == NEEDS_QUERY, place, 0)
