"""Which records of two centres may be one person: splink's Fellegi-Sunter model over link tokens and coarse fields.

The parameters are fixed (`PARAMETERS`), nothing is trained or drawn: equal rows give equal pairs. It runs on a
connection of its own in memory. A pair is a suspicion; only `links.yaml` joins records (docs/linkage.md).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.links import FILE, Decision
from schemas.privacy import TOKEN_PREFIX

_log = logging.getLogger(__name__)
SQL = Path(__file__).with_name("linkage_sql")
UNTYPED = "untyped"
TOKENS = (*TOKEN_PREFIX, UNTYPED)
PRIOR = 1e-5
"""Chance that two records of two centres, taken at random, are one person: ten in a thousand shared, of a thousand."""

# level: condition, m (chance among pairs of one person), u (among pairs of two persons). Where the numbers come from,
# and what they do to made-up persons with known truth: docs/linkage.md.
_EQUAL = "{0}_l = {0}_r"
PARAMETERS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "identity": ((_EQUAL, 0.97, 1e-8), ("else", 0.03, 1 - 1e-8)),
    "name_birth": ((_EQUAL, 0.90, 1e-7), ("else", 0.10, 1 - 1e-7)),
    "telephone": ((_EQUAL, 0.60, 1e-5), ("else", 0.40, 1 - 1e-5)),
    UNTYPED: ((_EQUAL, 0.90, 1e-7), ("else", 0.10, 1 - 1e-7)),
    "sex": ((_EQUAL, 0.99, 0.5), ("else", 0.01, 0.5)),
    "born_on": (
        (_EQUAL, 0.93, 5e-5),
        # day and month changed places, or one of day, month and year differs
        (
            "(year({0}_l) = year({0}_r))::int + (month({0}_l) = month({0}_r))::int + (day({0}_l) = day({0}_r))::int = 2"
            " or (year({0}_l) = year({0}_r) and month({0}_l) = day({0}_r) and day({0}_l) = month({0}_r))",
            0.05,
            0.006,
        ),
        ("else", 0.02, 0.99395),
    ),
    "diagnosed_on": (
        (_EQUAL, 0.60, 3e-4),
        ("abs({0}_l - {0}_r) <= 31", 0.30, 0.016),
        ("else", 0.10, 0.9837),
    ),
    "entity": ((_EQUAL, 0.85, 0.10), ("else", 0.15, 0.90)),
    "site": ((_EQUAL, 0.80, 0.15), ("else", 0.20, 0.85)),
    "metastatic_on": (
        (_EQUAL, 0.55, 4e-4),
        ("abs({0}_l - {0}_r) <= 31", 0.30, 0.02),
        ("else", 0.15, 0.9796),
    ),
    "death_on": ((_EQUAL, 0.85, 5e-4), ("else", 0.15, 0.9995)),
}

BLOCKS = (
    *(("{0}", token) for token in TOKENS),
    ("born_on diagnosed_month", ""),
    ("born_on entity sex", ""),
    ("born_on death_on", ""),
    ("born_year sex diagnosed_on site", ""),
)

BANDS = (("strong", 0.99, "identity"), ("probable", 0.9, "any token"), ("possible", 0.5, "anything"))


def fill(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Fill quality.link and quality.link_conflict of the warehouse that is being built, its models run."""
    persons = connection.execute((SQL / "person.sql").read_text(encoding="utf-8")).pl()
    connection.register("_scored", scored(with_tokens(persons)).to_arrow())
    connection.register("_decided", _decided(decisions).to_arrow())
    for table, file in (("link", "link.sql"), ("link_conflict", "conflict.sql")):
        connection.execute(f"insert into quality.{table} by name {(SQL / file).read_text(encoding='utf-8')}")
    for name in ("_scored", "_decided"):
        connection.unregister(name)
    if persons["centre"].n_unique() > 1:  # a centre's own check sees one half of every pair
        _tell_of_strays(connection)


def with_tokens(persons: pl.DataFrame) -> pl.DataFrame:
    """`link_token`, a cell as the centres make it, as a column for each of TOKENS; null where it has none of a kind."""
    cell = pl.col("link_token")
    typed = {kind: cell.str.extract(rf"(?:^|\s)({prefix}:\S+)") for kind, prefix in TOKEN_PREFIX.items()}
    return persons.with_columns(**typed, **{UNTYPED: cell.str.extract(r"(?:^|\s)([^\s:]+)(?:\s|$)")}).drop("link_token")


def _tell_of_strays(connection: duckdb.DuckDBPyConnection) -> None:
    strays = "select count(*) from quality.link where centre is null or other_centre is null"
    if number := connection.execute(strays).fetchall()[0][0]:
        _log.warning(
            "%s: %s of its decisions name a record that is not in this refresh and have no effect; see "
            "`select * from quality.link where centre is null or other_centre is null`, then mend or remove them.",
            FILE,
            number,
        )


def _decided(decisions: Sequence[Decision]) -> pl.DataFrame:
    rows = [{"patient_id": one.pair[0], "other_patient_id": one.pair[1], "decision": one.decision} for one in decisions]
    return pl.DataFrame(rows, schema=dict.fromkeys(("patient_id", "other_patient_id", "decision"), pl.String))


def scored(persons: pl.DataFrame) -> pl.DataFrame:
    """Pairs of two centres that may be one person: patient_id < other_patient_id, weight (bits), band, evidence.

    persons: unique_id, centre, the columns of PARAMETERS, born_year, diagnosed_month (person.sql). Lists agreed,
    nearly and disagreed name the columns; what one side lacks is in none. Order does not matter.
    """
    lists = ("agreed", "nearly", "disagreed")
    empty: dict[str, Any] = {"patient_id": pl.String, "other_patient_id": pl.String, "weight": pl.Float64}
    empty |= dict.fromkeys(lists, pl.List(pl.String)) | {"band": pl.String}
    if persons["centre"].n_unique() < 2:
        return pl.DataFrame(schema=empty)
    raw = _predict(persons)
    levels = {name: len(levels) - 1 for name, levels in PARAMETERS.items()}
    evidence = {
        "agreed": [(name, pl.col(f"gamma_{name}") == top) for name, top in levels.items()],
        "nearly": [(name, pl.col(f"gamma_{name}") == 1) for name, top in levels.items() if top == 2],
        "disagreed": [(name, pl.col(f"gamma_{name}") == 0) for name in levels],
    }
    has_token = pl.any_horizontal(pl.col(f"gamma_{token}") == 1 for token in TOKENS)
    at_least = {"identity": pl.col("gamma_identity") == 1, "any token": has_token, "anything": pl.lit(True)}
    band = pl.coalesce(
        pl.when((pl.col("match_probability") >= limit) & at_least[needs]).then(pl.lit(name))
        for name, limit, needs in BANDS
    )
    return raw.select(
        patient_id="unique_id_l",
        other_patient_id="unique_id_r",
        weight=pl.col("match_weight").round(1),
        band=band,
        **{
            kind: pl.concat_list(pl.when(told).then(pl.lit(name)) for name, told in each).list.drop_nulls()
            for kind, each in evidence.items()
        },
    ).filter(pl.col("band").is_not_null())


def _predict(persons: pl.DataFrame) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule
    from splink.comparison_level_library import CustomLevel, ElseLevel, NullLevel
    from splink.comparison_library import CustomComparison

    def level(name: str, condition: str, m: float, u: float) -> Any:
        made = ElseLevel() if condition == "else" else CustomLevel(condition.format(name))
        return made.configure(m_probability=m, u_probability=u)

    def block(names: str) -> Any:
        same = [f"l.{name} = r.{name}" for name in names.split()]
        return CustomRule(" and ".join([*same, "l.centre <> r.centre"]), sql_dialect="duckdb")

    settings = SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=PRIOR,
        comparisons=[
            CustomComparison([NullLevel(name), *(level(name, *one) for one in levels)], output_column_name=name)
            for name, levels in PARAMETERS.items()
        ],
        blocking_rules_to_generate_predictions=[block(names.format(token)) for names, token in BLOCKS],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        linker_uid="linkage",
    )
    for name in ("splink", "splink.internals"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with duckdb.connect() as connection:
        database = DuckDBAPI(connection)
        table = database.register(persons.sort("unique_id").to_arrow(), table_name="person")
        linker = Linker(
            table, settings, log_level=logging.ERROR, validate_settings=False
        )  # they are fixed, not a user's
        found = linker.inference.predict(threshold_match_probability=BANDS[-1][1], warning_mode="never")
        gammas = ", ".join(f"gamma_{name}" for name in PARAMETERS)
        return connection.execute(
            f"select unique_id_l, unique_id_r, match_weight, match_probability, {gammas} "
            f"from {found.physical_name} order by 1, 2"
        ).pl()
