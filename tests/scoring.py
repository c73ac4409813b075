"""The four numbers of a coder on a held-out list, by language.

A list is a CSV with text, language, admissible (codes joined by '|', the likeliest first), needs_human, source and
split. An answer is a code or none, whether it asks, and candidates. What counts:

- silently_wrong: a code that does not ask, on a row that needs a human or whose code is another;
- right_alone: the right code without a question, of the rows that need no human;
- among_five: the likeliest code stands among the candidates (or is the code asked with), of what was not coded alone;
- sent: asked, of the rows that need a human.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from schemas.codelist import IGNORED
from warehouse.harmonise.coder import code_texts
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key

HELDOUT = Path(__file__).parent / "warehouse" / "heldout"
SPLITS = ("development", "held-out")


def heldout(name: str) -> pl.DataFrame:
    """The held-out list `name`, admissible as a list of codes; no code is admissible for a text out of scope."""
    rows = pl.read_csv(HELDOUT / f"{name}.csv", infer_schema=False)
    return rows.with_columns(
        pl.col("admissible").fill_null("").str.split("|").list.eval(pl.element().filter(pl.element() != "")),
        pl.col("needs_human") == "true",
    )


def coder_answers(name: str, texts: list[str]) -> pl.DataFrame:
    """What the coder says of each text: target (the entity, in histology; `ignored`), needs_query, candidates."""
    code = pl.col("entity_code" if name == "histology" else "code")
    target = pl.when(code.is_null() & ~pl.col("needs_query")).then(pl.lit(IGNORED)).otherwise(code)
    candidates = pl.col("candidates").list.eval(pl.element().str.split(" ").list.last())
    return code_texts(name, texts).select(
        target.alias("target"),
        "needs_query",
        candidates if name == "histology" else pl.col("candidates"),
    )


def exact_answers(name: str, texts: list[str]) -> pl.DataFrame:
    """For scale: exact look-up of the normalised text, and no more."""
    found = [terms(name).get(key(text)) for text in texts]
    return _answers(
        [
            (term.code if term else None, term is None or term.needs_query, term.candidates if term else ())
            for term in found
        ]
    )


def longest_answers(name: str, texts: list[str]) -> pl.DataFrame:
    """For scale: the longest synonym that the text contains, with that synonym's own question."""
    keys = sorted(terms(name), key=len, reverse=True)
    answers = []
    for text in texts:
        folded = key(text)
        term = next((terms(name)[known] for known in keys if len(known) > 1 and known in folded), None)
        answers.append((term.code if term else None, term is None or term.needs_query, term.candidates if term else ()))
    return _answers(answers)


def _answers(rows: list[tuple[str | None, bool, tuple[str, ...]]]) -> pl.DataFrame:
    schema = {"target": pl.String, "needs_query": pl.Boolean, "candidates": pl.List(pl.String)}
    return pl.DataFrame([(code, asks, list(others)) for code, asks, others in rows], schema=schema, orient="row")


def judge(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Each row with its answer and what it counts for; null where a measure does not apply to the row."""
    alone = pl.col("target").is_not_null() & ~pl.col("needs_query")
    right = pl.col("admissible").list.contains(pl.col("target")).fill_null(value=False)
    likeliest = pl.col("admissible").list.first()
    shown = pl.concat_list("target", "candidates").list.contains(likeliest).fill_null(value=False)
    return pl.concat([rows, answers], how="horizontal").with_columns(
        silently_wrong=alone & (pl.col("needs_human") | ~right),
        right_alone=pl.when(~pl.col("needs_human")).then(alone & right),
        among_five=pl.when(~alone & likeliest.is_not_null()).then(shown),
        sent=pl.when(pl.col("needs_human")).then(pl.col("needs_query")),
    )


def score(judged: pl.DataFrame) -> pl.DataFrame:
    """The four numbers by language and for all: silently_wrong as a count, the others as shares."""
    measures = (
        pl.len().alias("n"),
        pl.col("needs_human").sum().alias("n_needs_human"),
        pl.col("silently_wrong").sum(),
        *(pl.col(name).mean().round(3) for name in ("right_alone", "among_five", "sent")),
    )
    every = judged.select(pl.lit("all").alias("language"), *measures)
    return pl.concat([judged.group_by("language").agg(*measures).sort("language"), every])
