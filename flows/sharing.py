"""A safe share: records anonymised, compared with every release before, written, remembered and told to the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from analytics.anonymity import Anonymous
    from flows.releasing import Made, Without
    from schemas.share import Share
    from warehouse.exports.datasets import Written

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
    from flows.releasing import release
    from schemas.registry import load_registry
    from schemas.share import load_share
    from warehouse import permitted
    from warehouse.exports import share as form
    from warehouse.exports.datasets import empty_folder
    from warehouse.home import Home, secret
    from warehouse.keyed import keyed

    home, key, settings = Home(root), secret(load_registry(root)), load_share(root)
    empty_folder(folder)
    with permitted.opened(home, as_of, purposes) as (connection, use):
        [refresh] = connection.execute("select refresh_id from meta.refresh").pl()["refresh_id"]
        told = f"{refresh}\x1f{recipient}\x1f{settings.model_dump_json()}"
        [name] = keyed(key, [told], "share")
        everybody = form.records(connection, settings, key, name)

        facts = {"share": name, "recipient": recipient}
        # how many withdrew is a small count; which centres do not permit the use is not
        centres = use.left_out.filter(code=permitted.USE)["centre"].to_list()
        facts |= {"use": {"purposes": list(use.purposes), "centres_left_out": centres}}

        def write(found: Anonymous, held: int, aside: Path) -> Written:
            return _write(connection, found, settings, held, aside, facts)

        written = release(
            root, use, ways(everybody, settings, hold_back=hold_back), settings.k, folder, write, hold_back=hold_back,
            enough=enough(everybody, settings), format=FORM, refresh=refresh, recipient=recipient,
        )  # fmt: skip
    return replace(written, use=use)


def _write(
    connection: Any, found: Anonymous, settings: Share, held: int, folder: Path, facts: Mapping[str, object]
) -> Written:
    from warehouse.exports import share as form
    from warehouse.exports.datasets import Dataset, describe

    words = form.meanings(settings)
    words |= {column: f"Level {found.levels[column]} of share.yaml" for column in found.columns}
    columns = [form.PERSON, *found.columns, *form.meanings(settings)]
    rows = found.records.select(list(dict.fromkeys(columns))).sort(form.PERSON)
    rows.write_csv(folder / "records.csv")
    rows.write_parquet(folder / "records.parquet", compression="zstd")
    (folder / "anonymity.json").write_text(
        json.dumps(_report(found, settings, held), indent=1) + "\n", encoding="utf-8"
    )
    told = pl.DataFrame({"column": rows.columns, "meaning": [words[column] for column in rows.columns]})
    told.write_csv(folder / "columns.csv")
    left_out = {"looks like too few others": found.left_out.height, "would stand out from an earlier release": held}
    # how few were held back is itself a small count
    enough = {reason: n for reason, n in left_out.items() if n >= settings.k}
    return describe(connection, folder, FORM, [Dataset("records", rows, enough)], **facts)


def ways(everybody: pl.DataFrame, settings: Share, *, hold_back: bool) -> list[Callable[[Without], Made[Anonymous]]]:
    """How a share can be made: as the settings say, or, where people are held back, at each step of the ladder."""
    from analytics.anonymity import anonymise
    from flows.releasing import Made

    def make(without: Without, steps: int | None = None) -> Made[Anonymous]:
        found = anonymise(without(everybody), settings, steps)
        return Made(found, groups_told(found))

    return [partial(make, steps=steps) for steps in range(len(settings.ladder) + 1)] if hold_back else [make]


def enough(everybody: pl.DataFrame, settings: Share) -> int:
    """How many persons are kept where no more than `max_suppressed` are left out."""
    return everybody.height - int(settings.max_suppressed * everybody.height)


def groups_told(found: Anonymous) -> pl.DataFrame:
    """The groups of persons that the records tell of: columns kind, name, patient_id (see warehouse.releases)."""
    return pl.concat(_groups(found))


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


def _report(found: Anonymous, settings: Share, held: int) -> dict[str, Any]:
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
    from analytics.attacker import Sum
    from analytics.disclosure import protect

    if "centre" not in found.left_out.columns:
        return None
    n = dict(found.left_out.group_by("centre").len().sort("centre").iter_rows())
    cells = {**n, "all": found.left_out.height}
    hidden = protect(cells, [Sum("all", tuple(n))], k, open_={"all"})
    return {centre: None if centre in hidden else many for centre, many in n.items()}
