"""What the commands `sarcreg queries export` and `import` do: open queries out to the centres, answers back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from analytics.quality.answers import Taken, take
from analytics.quality.pack import files_of, pack_of, write_pack
from flows.queries import answer
from flows.written import refuse_existing
from schemas.errors import ConfigurationError
from schemas.registry import load_centres, load_registry
from warehouse import ledger, ledger_acts
from warehouse.asked import asked
from warehouse.home import Home, secret


@dataclass(frozen=True)
class Sent:
    """A centre's pack as written. not_corrected: its queries whose promised correction has not come."""

    centre: str
    files: tuple[Path, ...]
    queries: int
    not_corrected: int


def export_packs(root: Path, directory: Path, chosen: Sequence[str]) -> list[Sent]:
    """Write a pack for each centre that has open queries, in the centre's language."""
    registry, centres, home = load_registry(root), load_centres(root), Home(root)
    unknown = [code for code in chosen if code not in centres]
    if unknown:
        raise ConfigurationError(f"no centre {unknown[0]!r}; configured are {', '.join(centres)}.")
    key = secret(registry)
    is_open = ledger.read(home).filter(state="open")
    placed = asked(home, is_open)
    asked_of = [code for code in chosen or sorted(is_open["centre"].unique()) if code in is_open["centre"]]
    refuse_existing(path for code in asked_of for path in files_of(directory, code))
    written = []
    for code in asked_of:
        own = is_open.filter(centre=code)
        pack = pack_of(own, placed, code, centres[code].language, registry.study_id, key)
        promised = own.filter((pl.col("times_reopened") > 0) & (pl.col("answer_code") == "corrected"))
        written.append(Sent(code, tuple(write_pack(pack, directory)), own.height, promised.height))
    return written


def import_answers(root: Path, files: Sequence[Path]) -> Taken:
    """Check filled-in packs and take their answers, all or none."""
    registry, centres, home = load_registry(root), load_centres(root), Home(root)
    why = pl.DataFrame(list(ledger_acts.last_reasons(home).items()), schema=["query_id", "reason"], orient="row")
    queries = ledger.read(home).join(why.cast(pl.String), on="query_id", how="left")
    taken = take(files, queries, list(centres), registry.study_id, secret(registry), datetime.now(UTC))
    if taken.answers.height:
        answer(root, taken.answers)
    return taken
