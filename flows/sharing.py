"""A safe share: records anonymised, compared with every release before, written, remembered and told to the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from analytics.anonymity import Anonymous
    from schemas.share import Share
    from warehouse.exports.datasets import Written
    from warehouse.releases import Memory

FORM = "share"


def share(
    root: Path,
    folder: Path,
    recipient: str,
    as_of: str | None = None,
    purposes: Iterable[str] = (),
    *,
    hold_back: bool = False,
) -> Written:
    """Write the share of a refresh for a recipient into a folder that is empty or not there yet.

    purposes: what it is for, else registry.yaml's; rows that may not serve them are left out. hold_back: leave
    out whom a comparison with earlier releases would single out, instead of refusing.
    Raises DifferencingError where there is one, DisclosureError where there are too few persons.
    """
    from flows.keeping import WAIT_SECONDS
    from flows.survival import aside_of, swap
    from schemas.registry import load_registry
    from schemas.share import load_share
    from warehouse import journal, permitted, releases
    from warehouse.exports.datasets import MANIFEST, empty_folder, with_facts
    from warehouse.home import Home, file_hash, one_writer, secret

    home, key, settings = Home(root), secret(load_registry(root)), load_share(root)
    empty_folder(folder)
    with one_writer(home, WAIT_SECONDS):
        memory = releases.recall(home, key)
        aside = aside_of(folder)
        with permitted.opened(home, as_of, purposes) as (connection, use):
            written, groups = _write(connection, settings, memory, recipient, aside, hold_back)
        # how many withdrew is a small count; which centres do not permit the use is not
        centres = use.left_out.filter(code=permitted.USE)["centre"].to_list()
        written = with_facts(written, aside, use={"purposes": list(use.purposes), "centres_left_out": centres})
        written = replace(written, use=use)
        name = releases.remember(home, memory, groups)
        # told before it is there: after a crash the journal may name a release too many, never one too few
        journal.append(
            home.events, releases.RELEASED, format=FORM, refresh=written.manifest["refresh_id"], recipient=recipient,
            purposes=list(use.purposes), release=name, k=settings.k, manifest=file_hash(aside / MANIFEST),
        )  # fmt: skip
        swap(aside, folder)
    return written


def _write(
    connection: Any, settings: Share, memory: Memory, recipient: str, folder: Path, fit: bool
) -> tuple[Written, pl.DataFrame]:
    from warehouse.exports import share as form
    from warehouse.exports.datasets import Dataset, describe
    from warehouse.keyed import keyed

    [refresh] = connection.execute("select refresh_id from meta.refresh").pl()["refresh_id"]
    told = f"{refresh}\x1f{recipient}\x1f{settings.model_dump_json()}"
    [name] = keyed(memory.secret, [told], "share")
    everybody = form.records(connection, settings, memory.secret, name)
    found, groups, held = _fitted(everybody, settings, memory, fit)
    columns = [form.PERSON, *found.columns, *form.meanings(settings)]
    rows = found.records.select(list(dict.fromkeys(columns))).sort(form.PERSON)
    rows.write_csv(folder / "records.csv")
    rows.write_parquet(folder / "records.parquet", compression="zstd")
    report = _report(everybody, found, settings, held)
    (folder / "anonymity.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    words = form.meanings(settings) | {
        column: f"Level {found.levels[column]} of share.yaml" for column in found.columns
    }
    pl.DataFrame([(c, words[c]) for c in rows.columns], schema=["column", "meaning"], orient="row").write_csv(
        folder / "columns.csv"
    )
    left_out = {"looks like too few others": found.left_out.height, "would stand out from an earlier release": held}
    # how few were held back is itself a small count
    enough = {reason: n for reason, n in left_out.items() if n >= settings.k}
    dataset = Dataset("records", rows, enough)
    return describe(connection, folder, FORM, [dataset], share=name, recipient=recipient), groups


def _fitted(everybody: pl.DataFrame, settings: Share, memory: Memory, fit: bool) -> tuple[Anonymous, pl.DataFrame, int]:
    """The records that may leave, their groups, and how many were held back because of earlier releases."""
    from analytics.anonymity import anonymise
    from warehouse import releases

    dropped: set[str] = set()
    while True:
        left = memory.without(everybody, dropped)
        found = anonymise(left, settings)
        groups = pl.concat(_groups(found))
        apart = releases.small(memory, groups, settings.k)
        if not apart:
            return found, groups, everybody.height - left.height
        if not fit:
            raise releases.refusal(apart, settings.k, "have those left out who would stand out (--hold-back)")
        dropped |= {member for one in apart for member in one.drop}


def _groups(found: Anonymous) -> Iterator[pl.DataFrame]:
    """Everybody, those who have one or two values in common, and the classes: columns kind, name, patient_id."""
    from warehouse.releases import ALL, CLASS, GROUP

    people = found.records
    yield people.select(kind=pl.lit(ALL), name=pl.lit(ALL), patient_id="patient_id")
    for chosen in [*combinations(sorted(found.columns), 1), *combinations(sorted(found.columns), 2)]:
        parts = [pl.format("{}={}", pl.lit(column), pl.col(column).fill_null("")) for column in chosen]
        yield people.select(kind=pl.lit(GROUP), name=pl.concat_str(parts, separator=";"), patient_id="patient_id")
    together = pl.concat_str(
        [pl.lit("records"), *(pl.col(column).fill_null("") for column in found.columns)], separator="|"
    )
    yield people.select(kind=pl.lit(CLASS), name=together, patient_id="patient_id")


def _report(everybody: pl.DataFrame, found: Anonymous, settings: Share, held: int) -> dict[str, Any]:
    """The k-anonymity report as it may leave: persons left out by centre only where they are enough."""
    from analytics.anonymity import diversity, singled_out

    ends = [end.lower() for end in settings.endpoints]
    return {
        "k_wanted": settings.k,
        "k_reached": found.k,
        "persons": found.records.height,
        "left_out": found.left_out.height,
        "held_back": f"fewer than {settings.k}" if 0 < held < settings.k else held,
        "left_out_by_centre": _by_centre(found, settings.k),
        "ladder": list(settings.ladder[: sum(found.levels.values())]),
        "levels": dict(found.levels),
        "withheld": list(found.withheld),
        "diversity": diversity(found, [f"{end}_event" for end in ends]).to_dicts(),
        "alone_by_durations": singled_out(found, [f"{end}_days" for end in ends]),
        "settings": settings.model_dump(mode="json"),
    }


def _by_centre(found: Anonymous, k: int) -> dict[str, int | None] | None:
    from analytics.disclosure import Sum, protect

    if "centre" not in found.left_out.columns:
        return None
    n = dict(found.left_out.group_by("centre").len().sort("centre").iter_rows())
    cells = {**n, "all": found.left_out.height}
    hidden = protect(cells, [Sum("all", tuple(n))], k, open_={"all"})
    return {centre: None if centre in hidden else many for centre, many in n.items()}
