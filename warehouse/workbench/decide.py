"""From a filled-in file to maps: every decision checked first, then all written or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas.centre import Centre
from schemas.codelist import IGNORED, JOINED, MAP_COLUMNS, NEEDS_QUERY, CodeMap, lists, load, load_map
from schemas.errors import ConfigurationError
from schemas.spreadsheet import neutral
from warehouse import journal, private
from warehouse.harmonise.column_map import column_map
from warehouse.harmonise.normalise import key
from warehouse.home import Home
from warehouse.workbench.open_terms import term_id
from warehouse.workbench.sheet import SCOPES, FilledRow, code_of

EVENT = "map decided"
_SHOWN = 20


@dataclass(frozen=True)
class Decision:
    """What a human decided of a text. owner: the centre whose map takes it, None the registry's."""

    code_list: str
    owner: str | None
    text: str
    code: str
    by: str
    why: str
    term: str
    place: str

    @property
    def path(self) -> str:
        """The map's place in the home."""
        return map_path(self.code_list, self.owner)


@dataclass(frozen=True)
class Decided:
    """What an import came to: decisions written by map file, and how many the maps had already."""

    written: Mapping[str, int]
    known: int


def map_path(code_list: str, owner: str | None) -> str:
    """`maps/<list>.csv` of the registry or of a centre, in the home."""
    return f"centres/{owner}/maps/{code_list}.csv" if owner else f"maps/{code_list}.csv"


def decide(
    home: Home, rows: Iterable[FilledRow], centres: Mapping[str, Centre], secret: bytes, at: datetime
) -> Decided:
    """Check every row, then append to the maps and write an event each. Called by the one writer.

    at: UTC, the time of every decision. Raises ConfigurationError naming every fault, and then nothing is written.
    """
    faults: list[str] = []
    decisions: dict[tuple[str, str], Decision] = {}
    for row in rows:
        decision = _decision(row, centres, secret, faults)
        if decision is None:
            continue
        known = decisions.setdefault((decision.path, key(decision.text)), decision)
        if known.code != decision.code:
            faults.append(
                f"{decision.place}: says {decision.code}, and {known.place} says {known.code} of the same text."
            )
    maps = {path: _map(home, path, decision) for path, decision in {d.path: d for d in decisions.values()}.items()}
    fresh = [d for d in decisions.values() if not _is_known(d, maps[d.path], centres, faults)]
    if faults:
        more = [f"… and {len(faults) - _SHOWN} more."] if len(faults) > _SHOWN else []
        raise ConfigurationError("\n".join([*faults[:_SHOWN], *more, "Nothing was written."]))
    by_path: dict[str, list[Decision]] = {}
    for decision in fresh:
        by_path.setdefault(decision.path, []).append(decision)
    for path, group in by_path.items():
        _append(home, path, group, at)
    return Decided({path: len(group) for path, group in by_path.items()}, len(decisions) - len(fresh))


def _decision(row: FilledRow, centres: Mapping[str, Centre], secret: bytes, faults: list[str]) -> Decision | None:
    """The decision of a row, or None with its faults told."""
    cells, found = row.cells, []
    code_list, centre, text = cells["list"], cells["centre"], cells["text"]
    if code_list not in lists() or cells["id"] != term_id(secret, code_list, centre, text):
        faults.append(
            f"{row.place}: is not as it was exported (text, centre, list or id differ), or comes from another "
            "registry. Export again and copy the decision over."
        )
        return None
    if centre not in centres:
        found.append(f"names the centre {centre!r}, which this registry does not have.")
    code = code_of(cells["decision"])
    codes = load(code_list)
    if not code:
        found.append("has no decision; clear its other cells, or decide.")
    elif code not in (IGNORED, NEEDS_QUERY) and (unknown := codes.unknown(code)):
        near = codes.nearest(unknown[0])
        found.append(
            f"decides {unknown[0]!r}, which the list {code_list} lacks. "
            + (f'Did you mean "{near}"?' if near else f"`sarcreg code {code_list}` prints the list.")
        )
    scope = SCOPES.get(cells["scope"].lower() or "centre")
    if scope is None:
        found.append(f"has the scope {cells['scope']!r}; write centre or registry.")
    found += [
        f"lacks `{name}`: {what}." for name, what in (("by", "who decided"), ("why", "the reason")) if not cells[name]
    ]
    faults += [f"{row.place}: {fault}" for fault in found]
    if found:
        return None
    if code_list in JOINED and code not in (IGNORED, NEEDS_QUERY):
        code = "+".join(sorted(set(code.split("+"))))
    owner = centre if scope == "centre" else None
    return Decision(code_list, owner, text, code, cells["by"], cells["why"], cells["id"], row.place)


def _map(home: Home, path: str, decision: Decision) -> CodeMap | None:
    place = home.root / path
    return load_map(place, decision.code_list, key) if place.is_file() else None


def _is_known(decision: Decision, filed: CodeMap | None, centres: Mapping[str, Centre], faults: list[str]) -> bool:
    """Whether the map says so already; what it or centre.yaml says otherwise is a fault."""
    own = column_map(centres[decision.owner], decision.code_list) if decision.owner else None
    entry = own.entries.get(key(decision.text)) if own else None
    if entry is not None:
        faults.append(
            f"{decision.place}: centres/{decision.owner}/centre.yaml maps this text to {entry.decision} in "
            f"{entry.reason}; change it there."
        )
        return False
    entry = filed.entries.get(key(decision.text)) if filed else None
    if entry is not None and entry.decision != decision.code:
        faults.append(
            f"{decision.place}: decides {decision.code}, but line {entry.line} of {decision.path} already says "
            f"{entry.decision}{f' (by {entry.by})' if entry.by else ''}; change it there."
        )
    return entry is not None


def _append(home: Home, path: str, decisions: list[Decision], at: datetime) -> None:
    """Add lines to a map and an event for each to the journal; the map is replaced whole, and only if it reads well."""
    place = home.root / path
    lines = _lines(place) if place.is_file() else []
    header = [name.strip() for name in lines[0]] if lines else []
    header += [name for name in MAP_COLUMNS if name not in header]
    added = [
        {"text": d.text, "code": d.code, "by": d.by, "on": at.isoformat(timespec="seconds"), "why": d.why}
        for d in decisions
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([*cells, *[""] * (len(header) - len(cells))] for cells in lines[1:])
    writer.writerows([neutral(row.get(name, "")) for name in header] for row in added)
    with private.replacing(place, out.getvalue().encode()) as aside:
        load_map(aside, decisions[0].code_list, key)
        for d in decisions:
            journal.append(
                home.events, EVENT, at=at.isoformat(timespec="seconds"), list=d.code_list, centre=d.owner, term=d.term,
                code=d.code, by=d.by,
            )  # fmt: skip


def _lines(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
