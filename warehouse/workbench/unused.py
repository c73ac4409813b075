"""What the maps say that no delivered text asks for, and where a centre's map and the registry's differ."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from schemas.codelist import CodeMap, lists
from warehouse.harmonise.coder import load_maps
from warehouse.harmonise.normalise import key
from warehouse.home import Home
from warehouse.query import read
from warehouse.workbench.decide import map_path

_SCHEMA = dict.fromkeys(("finding", "list", "file"), pl.String) | {
    "line": pl.Int64, "text": pl.String, "code": pl.String, "by": pl.String, "on": pl.String,
}  # fmt: skip


def unused(home: Home, centres: Sequence[str]) -> pl.DataFrame:
    """Lines of map files that want a look: finding, list, file, line, text, code, by, on.

    finding: `matches no delivered text`; `every centre that sends it has its own` (the registry's line decides
    nothing); `the registry's map says <code>` (a centre's line that says otherwise, and goes first).
    """
    terms = read(home, ["reference.term_map"])["reference.term_map"].select("list", "centre", "text")
    sent: dict[str, dict[str, set[str]]] = {}
    for code_list, centre, text in terms.iter_rows():
        sent.setdefault(code_list, {}).setdefault(key(text), set()).add(centre)
    rows = [
        row
        for code_list in lists()
        for row in _of_list(code_list, load_maps(home.root, code_list, centres), sent.get(code_list, {}))
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _of_list(
    code_list: str, maps: dict[str | None, CodeMap], sent: dict[str, set[str]]
) -> list[tuple[str, str, str, int, str, str, str, str]]:
    shared = maps[None].entries if None in maps else {}
    rows = []
    for owner, filed in maps.items():
        for folded, entry in filed.entries.items():
            senders = sent.get(folded, set())
            finding = None
            if owner is None:
                own = {centre for centre in senders if centre in maps and folded in maps[centre].entries}
                if not senders:
                    finding = "matches no delivered text"
                elif own == senders:
                    finding = "every centre that sends it has its own"
            elif owner not in senders:
                finding = "matches no delivered text"
            elif folded in shared and shared[folded].decision != entry.decision:
                finding = f"the registry's map says {shared[folded].decision}"
            if finding:
                place = map_path(code_list, owner)
                rows.append((finding, code_list, place, entry.line, entry.text, entry.decision, entry.by, entry.on))
    return rows
