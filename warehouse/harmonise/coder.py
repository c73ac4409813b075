"""From text to code, on distinct texts, in stated steps; the result is reference.term_map.

Steps: centre_map, registry_map, code, exact_term, missing_word, then structured or regimen; what none of them reads
has rule `none` and candidates. A code that is not null is safe to use, with or without a query; a text in doubt has
no code, and its guesses stand in candidates alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from schemas.codelist import CodeMap, lists, load, load_map
from schemas.configuration import nearest as closest
from schemas.errors import ConfigurationError
from warehouse.harmonise.candidates import nearest
from warehouse.harmonise.drug import read_drug
from warehouse.harmonise.histology import read_histology
from warehouse.harmonise.line import read_line
from warehouse.harmonise.lookup import missing_word, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.plain import read_ecog, read_laterality, read_plain, site_reader
from warehouse.harmonise.reading import OPEN, Reading, doubtful
from warehouse.harmonise.standard_code import read_drug_code, read_histology_code, read_topography_code

Maps = Mapping[str | None, CodeMap]
"""The maps of one list: by centre, and under None the registry's own."""

Reader = Callable[[str], Reading | None]

TERM_MAP_SCHEMA: dict[str, pl.DataType] = {
    "list": pl.String(),
    "centre": pl.String(),
    "text": pl.String(),
    "code": pl.String(),
    "entity_code": pl.String(),
    "edition": pl.String(),
    "rule": pl.String(),
    "confidence": pl.Float64(),
    "needs_query": pl.Boolean(),
    "reason": pl.String(),
    "candidates": pl.List(pl.String()),
    "list_version": pl.String(),
}

UNKNOWN = "no rule reads this text"
_BLANK = "no text"
_SHORT_NAME = "counts inside a regimen only: write the name out"
_NO_MORPHOLOGY = "the entity has no ICD-O code: the entity is coded alone"

_CODES: Mapping[str, Reader] = {
    "histology": read_histology_code,
    "topography": read_topography_code,
    "site": read_topography_code,
    "drug": read_drug_code,
}
_STRUCTURED: Mapping[str, Reader] = {
    "histology": read_histology,
    "topography": site_reader("topography"),
    "site": site_reader("site"),
    "laterality": read_laterality,
    "drug": read_drug,
    "line": read_line,
    "ecog": read_ecog,
}


def load_maps(home: Path, name: str, centres: Sequence[str]) -> dict[str | None, CodeMap]:
    """The maps of the list `name` in a registry's home: maps/<name>.csv and centres/<centre>/maps/<name>.csv."""
    places: dict[str | None, Path] = {None: home / "maps" / f"{name}.csv"}
    places |= {centre: home / "centres" / centre / "maps" / f"{name}.csv" for centre in centres}
    return {whose: load_map(path, name, key) for whose, path in places.items() if path.is_file()}


def refuse_stray_maps(home: Path, centres: Sequence[str]) -> None:
    """Raise ConfigurationError for a map whose name is no code list: nobody would read it."""
    for folder in (home / "maps", *(home / "centres" / centre / "maps" for centre in centres)):
        for path in sorted(folder.glob("*.csv")):
            if path.stem not in lists():
                place = path.relative_to(home).as_posix()
                raise ConfigurationError(
                    f'{place}: there is no code list "{path.stem}".{closest(path.stem, lists())} '
                    "A map is named after its list: rename the file, or remove it."
                )


def code_terms(name: str, texts: pl.DataFrame, maps: Maps | None = None) -> pl.DataFrame:
    """Code the distinct texts of a frame (centre, text) by the list `name` and its maps.

    Returns reference.term_map's columns, one row per centre and text, sorted; null texts are left out. Raises
    ConfigurationError for an unknown list.
    """
    pairs = texts.select("centre", "text").drop_nulls("text").unique().sort("centre", "text", nulls_last=False)
    shipped = _read_all(name, pairs["text"].unique(maintain_order=True).to_list())
    readings: list[Reading] = []
    versions: list[str] = []
    version = load(name).version
    for centre, text in pairs.iter_rows():
        mapped = _mapped(text, centre, maps or {})
        readings.append(mapped[0] if mapped else shipped[text])
        versions.append(f"{version} map:{mapped[1]}" if mapped else version)
    return _frame(name, pairs, readings, versions)


def code_texts(name: str, texts: Sequence[str]) -> pl.DataFrame:
    """The same columns for texts given by hand, in their order, by the shipped list alone; centre is null."""
    shipped = _read_all(name, list(dict.fromkeys(texts)))
    pairs = pl.DataFrame({"centre": [None] * len(texts), "text": list(texts)}, schema_overrides={"centre": pl.String})
    return _frame(name, pairs, [shipped[text] for text in texts], [load(name).version] * len(texts))


def _mapped(text: str, centre: str | None, maps: Maps) -> tuple[Reading, str] | None:
    """What the centre's map says of a text, else the registry's, and that map's version."""
    places = [(centre, "centre_map")] if centre is not None else []
    for whose, rule in [*places, (None, "registry_map")]:
        found = maps[whose].entries.get(key(text)) if whose in maps else None
        if found is None:
            continue
        if found.needs_query:
            return doubtful(rule, found.reason or "the map asks"), maps[whose].version
        reason = f"ignored: {found.reason}" if found.is_ignored else found.reason
        return Reading(found.code, rule, False, reason), maps[whose].version
    return None


def _read_all(name: str, texts: Sequence[str]) -> dict[str, Reading]:
    load(name)
    structured = _STRUCTURED.get(name, partial(read_plain, name))
    found = {text: _read(name, text, structured) for text in texts}
    open_texts = [text for text, reading in found.items() if _is_open(name, reading) and normalise(text)]
    for text, codes in zip(open_texts, nearest(name, open_texts), strict=True):
        known = found[text]
        found[text] = doubtful(known.rule, known.reason, [*known.candidates, *codes])
    return found


def _is_open(name: str, reading: Reading) -> bool:
    """Whether what merely looks like the text is shown too: a part is not understood, or a word speaks against it."""
    return reading.rule == "none" or (name == "histology" and reading.reason in OPEN)


def _read(name: str, text: str, structured: Reader) -> Reading:
    if not normalise(text):
        return doubtful("none", _BLANK)
    by_code = _CODES[name](text) if name in _CODES else None
    return by_code or _exact(name, text) or missing_word(text) or structured(text) or doubtful("none", UNKNOWN)


def _exact(name: str, text: str) -> Reading | None:
    term = terms(name).get(key(text))
    if term is None:
        return None
    if term.scope == "regimen_only":
        return doubtful("exact_term", _SHORT_NAME, [term.code] if term.code else term.candidates)
    return term.reading()


def _frame(name: str, pairs: pl.DataFrame, readings: Sequence[Reading], versions: Sequence[str]) -> pl.DataFrame:
    coded = pairs.select(
        pl.lit(name).alias("list"),
        "centre",
        "text",
        pl.Series("target", [reading.target for reading in readings], dtype=pl.String),
        pl.Series("named_edition", [reading.edition for reading in readings], dtype=pl.String),
        pl.Series("rule", [reading.rule for reading in readings], dtype=pl.String),
        pl.Series("confidence", [reading.confidence for reading in readings], dtype=pl.Float64),
        pl.Series("needs_query", [reading.needs_query for reading in readings], dtype=pl.Boolean),
        pl.Series("reason", [reading.reason for reading in readings], dtype=pl.String),
        pl.Series("candidates", [list(reading.candidates) for reading in readings], dtype=pl.List(pl.String)),
        pl.Series("list_version", versions, dtype=pl.String),
    )
    if name == "histology":
        coded = _with_entities(coded)
    else:
        coded = coded.with_columns(pl.col("target").alias("code"), pl.lit(None, dtype=pl.String).alias("entity_code"))
        coded = _with_edition(name, coded)
    return coded.select([pl.col(column).cast(dtype) for column, dtype in TERM_MAP_SCHEMA.items()])


def _with_edition(name: str, coded: pl.DataFrame) -> pl.DataFrame:
    codes = load(name)
    if "edition" not in codes.codes.columns:
        return coded.with_columns(pl.col("named_edition").alias("edition"))
    editions = codes.codes.select(pl.col(codes.key).alias("target"), "edition")
    joined = coded.join(editions, on="target", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("named_edition", "edition").alias("edition"))


def _with_entities(coded: pl.DataFrame) -> pl.DataFrame:
    """Entities become morphology code, entity and edition; a candidate reads '8802/3 UPS'."""
    entities = load("histology").codes.select(
        pl.col("entity_code").alias("target"),
        pl.col("morphology_code").alias("code"),
        pl.col("morphology_edition").alias("edition"),
    )
    labels = dict(
        entities.select("target", pl.concat_str("code", "target", separator=" ", ignore_nulls=True)).iter_rows()
    )
    joined = coded.join(entities, on="target", how="left", maintain_order="left")
    lacks = pl.col("target").is_not_null() & pl.col("code").is_null()
    return joined.with_columns(
        pl.col("target").alias("entity_code"),
        pl.col("candidates").list.eval(pl.element().replace(labels)),
        (pl.col("needs_query") | lacks).alias("needs_query"),
        pl.when(lacks).then(pl.lit(_NO_MORPHOLOGY)).otherwise("reason").alias("reason"),
    )
