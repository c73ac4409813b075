"""Made-up persons at three centres with known truth, for measuring the linkage. No patient exists.

Of the persons a share is registered at two centres. Records of one person differ as hospitals' records do: tokens are
missing or broken by a slip of the pen, dates slip, histologies are re-read, deaths are known at one place alone. Twins
share the day of birth, the family's phone and often the sex; they are two persons.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.linkage import TOKENS

CENTRES = ("aa01", "bb02", "cc03")
_EPOCH = np.datetime64("1935-01-01")


def people(persons: int, seed: int, *, shared: float = 0.05, twins: float = 0.005, tokens: bool = True) -> pl.DataFrame:
    """Records as linkage.scored takes them, with the column person: the truth."""
    draw = np.random.default_rng(seed)
    person = np.arange(persons)
    born = draw.integers(0, 26_000, persons)
    twin_of = np.flatnonzero(draw.random(persons - 1) < twins)
    born[twin_of + 1] = born[twin_of]
    family = person.copy()
    family[twin_of + 1] = family[twin_of]
    diagnosed = draw.integers(26_500, 32_500, persons)
    truth = {
        "person": person, "family": family, "home": draw.integers(0, 3, persons), "born": born,
        "sex": draw.integers(0, 2, persons), "diagnosed": diagnosed, "metastatic": diagnosed + draw.integers(0, 900, persons),
        "death": np.where(draw.random(persons) < 0.5, diagnosed + draw.integers(900, 2000, persons), -1),
        "entity": draw.choice(12, persons, p=np.array([4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 0.5, 0.5]) / 20),
        "site": draw.choice(8, persons, p=np.array([8, 4, 2, 2, 1, 1, 1, 1]) / 20),
    }  # fmt: skip
    again = np.flatnonzero(draw.random(persons) < shared)
    rows = {name: np.concatenate([values, values[again]]) for name, values in truth.items()}
    n, first = len(rows["person"]), np.arange(len(rows["person"])) < persons
    rows["home"] = np.where(first, rows["home"], (rows["home"] + 1 + draw.integers(0, 2, n)) % 3)

    def slips(share: float) -> np.ndarray:
        return ~first & (draw.random(n) < share)

    for name, share, days in (("born", 0.02, 9), ("diagnosed", 0.35, 28), ("metastatic", 0.4, 60)):
        rows[name] = rows[name] + np.where(slips(share), draw.integers(1, days, n), 0)
    rows["sex"] = np.where(slips(0.005), 1 - rows["sex"], rows["sex"])
    for name, kinds, share in (("entity", 12, 0.12), ("site", 8, 0.12)):
        rows[name] = np.where(slips(share), draw.integers(0, kinds, n), rows[name])
    rows["death"] = np.where(slips(0.3), -1, rows["death"])

    def token(kind: str, of: np.ndarray, absent: float, broken: float) -> list[str | None]:
        lost, slip = draw.random(n) < absent, slips(broken)
        return [
            None if gone or not tokens else f"{kind}:{one}{'x' if bad else ''}"
            for one, gone, bad in zip(of, lost, slip, strict=True)
        ]

    def day(name: str, absent: float = 0.0) -> pl.Series:
        days = (_EPOCH + rows[name].astype("timedelta64[D]")).astype("datetime64[D]")
        lost = (rows[name] < 0) | (draw.random(n) < absent)
        return pl.Series(name, days).cast(pl.Date).scatter(np.flatnonzero(lost).tolist(), None)

    frame = pl.DataFrame(
        {
            "unique_id": [f"{CENTRES[home]}-{number:07d}" for number, home in enumerate(rows["home"])],
            "centre": [CENTRES[home] for home in rows["home"]],
            "person": rows["person"],
            "identity": token("i", rows["person"], 0.2, 0.02),
            "name_birth": token("n", rows["person"], 0.1, 0.08),
            "telephone": token("p", rows["family"], 0.4, 0.3),
            "untyped": [None] * n,
            "sex": np.where(rows["sex"] == 1, "M", "F"),
            "born_on": day("born"),
            "diagnosed_on": day("diagnosed", 0.02),
            "entity": [f"E{code}" for code in rows["entity"]],
            "site": [f"C4{code}" for code in rows["site"]],
            "metastatic_on": day("metastatic", 0.3),
            "death_on": day("death"),
        },
        schema_overrides=dict.fromkeys(TOKENS, pl.String),
    )
    return frame.with_columns(
        born_year=pl.col("born_on").dt.year(), diagnosed_month=pl.col("diagnosed_on").dt.truncate("1mo")
    )


def power(records: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Per band, from the strongest down: pairs, true ones, precision of the band, recall of it and those above."""
    who = records.select("unique_id", "person")
    truly = int(records.height - records["person"].n_unique())
    marked = pairs.join(who, left_on="patient_id", right_on="unique_id").join(
        who, left_on="other_patient_id", right_on="unique_id", suffix="_other"
    )
    found = marked.group_by("band").agg(
        pairs=pl.len(), true=(pl.col("person") == pl.col("person_other")).sum().cast(pl.Int64)
    )
    order = pl.DataFrame({"band": ["strong", "probable", "possible"]})
    return (
        order.join(found, on="band", how="left", maintain_order="left")
        .with_columns(pl.col("pairs", "true").fill_null(0))
        .with_columns(
            precision=(pl.col("true") / pl.col("pairs")).round(4), recall=(pl.col("true").cum_sum() / truly).round(4)
        )
    )
