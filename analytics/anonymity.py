"""k-anonymity of records: columns made coarser step by step, then whole records left out.

Of every record that stays at least k - 1 others look the same in all quasi-identifiers; an unknown value is a value.
The records left out are nobody or at least k persons: who knows how many there were learns of no smaller group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from analytics.disclosure import DisclosureError
from schemas.share import Generalisation, Share


@dataclass(frozen=True)
class Anonymous:
    """records: those that stay, generalised. left_out: the others, as they came. levels: column -> steps taken.

    k: persons in the smallest class; withheld: columns that became one value for everybody.
    """

    records: pl.DataFrame
    left_out: pl.DataFrame
    levels: Mapping[str, int]
    k: int
    withheld: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """The quasi-identifiers that are told."""
        return [column for column in self.levels if column not in self.withheld]


def anonymise(records: pl.DataFrame, share: Share, steps: int | None = None) -> Anonymous:
    """The records at the first step of the ladder at which no more than `max_suppressed` of them have to be left out.

    records: one row a person, with the columns that the share names; others are carried along. steps: so many steps
    of the ladder, however many records have to be left out.
    Raises DisclosureError where there are fewer than k persons.
    """
    if records.height >= share.k:
        for taken in range(len(share.ladder) + 1) if steps is None else [steps]:
            found = _at(records, share, Counter(share.ladder[:taken]))
            few_go = found.left_out.height <= share.max_suppressed * records.height or steps is not None
            if few_go and found.records.height:
                return found
    raise DisclosureError(f"{records.height} person(s) can be shared and at least {share.k} have to look the same.")


def _at(records: pl.DataFrame, share: Share, taken: Mapping[str, int]) -> Anonymous:
    levels: dict[str, int] = {column: taken[column] for column in share.columns}
    made = records.with_columns(generalised(column, rule, levels[column]) for column, rule in share.columns.items())
    stays = _stays(made, list(levels), share.k)
    kept = made.filter(stays)
    withheld = tuple(column for column, rule in share.columns.items() if levels[column] == rule.levels)
    smallest = min(kept.group_by(list(levels)).len()["len"], default=0)
    return Anonymous(kept.drop(withheld), records.filter(~stays), levels, smallest, withheld)


def generalised(column: str, generalisation: Generalisation, level: int) -> pl.Expr:
    """A column at a level: bands as text (`<20`, `20-29`, `80+`), groups by name, null for everybody at the last."""
    value = pl.col(column)
    if level == generalisation.levels:
        return pl.lit(None, dtype=pl.String).alias(column)
    if generalisation.bands:
        bounds = sorted(generalisation.bands[level])
        names = [*(f"{low}-{high - 1}" for low, high in pairwise(bounds)), f"{bounds[-1]}+"]
        above = [pl.when(value >= low).then(pl.lit(name)) for low, name in zip(bounds, names, strict=True)]
        return pl.coalesce(*reversed(above), pl.when(value < bounds[0]).then(pl.lit(f"<{bounds[0]}"))).alias(column)
    if level == 0:
        return value.cast(pl.String)
    names_of = {code: name for name, codes in generalisation.groups[level - 1].items() for code in codes}
    return value.cast(pl.String).replace_strict(names_of, default=None, return_dtype=pl.String)


def _stays(made: pl.DataFrame, columns: list[str], k: int) -> pl.Series:
    """Which records stay: those in classes of k and more, less the smallest such classes where 1 to k - 1 would go."""
    by_size = made.group_by(columns).len("size").sort("size", *columns, nulls_last=True)
    gone = int(by_size.filter(pl.col("size") < k)["size"].sum())
    before = pl.col("size").cum_sum() - pl.col("size")
    goes = (pl.col("size") < k) | (pl.lit(gone > 0) & (before < k))
    return made.join(
        by_size.select(*columns, stays=~goes), on=columns, how="left", nulls_equal=True, maintain_order="left"
    )["stays"]


def diversity(found: Anonymous, sensitive: Iterable[str]) -> pl.DataFrame:
    """Of each sensitive column: l (fewest distinct values in a class), classes, and persons in classes with one value.

    Columns attribute, l, classes, classes_of_one, persons_of_one; an unknown value is a value.
    """
    rows = []
    for column in sensitive:
        of = found.records.group_by(found.columns or [pl.lit(1).alias("everybody")])
        classes = of.agg(l=pl.col(column).n_unique(), n=pl.len())
        one = classes.filter(pl.col("l") == 1)
        rows.append((column, int(classes["l"].min()), classes.height, one.height, int(one["n"].sum())))  # type: ignore[arg-type]
    names = ["attribute", "l", "classes", "classes_of_one", "persons_of_one"]
    return pl.DataFrame(rows, schema=names, orient="row")


def singled_out(found: Anonymous, columns: Iterable[str]) -> int:
    """Persons whom the quasi-identifiers and these columns together tell from everybody else."""
    sizes = found.records.group_by([*found.columns, *columns]).len()
    return sizes.filter(pl.col("len") == 1).height
