"""What the numbers rest on: how texts became codes, and what was found and left open while cleaning."""

from __future__ import annotations

import polars as pl

from analytics.paper.material import Material
from analytics.tables import Cell, Table, numbers, words


def code_lists(m: Material) -> Table:
    """Each code list: distinct texts by centre, how many were read, and how many ask a human."""
    terms = m.tables["reference.term_map"]
    counted = terms.group_by("list", "list_version").agg(
        texts=pl.len(),
        mapped=(pl.col("rule").str.ends_with("_map") & pl.col("code").is_not_null()).sum(),
        coded=(pl.col("code").is_not_null() & ~pl.col("rule").str.ends_with("_map")).sum(),
        asked=(pl.col("needs_query").fill_null(False) & pl.col("code").is_null()).sum(),
        codes=pl.col("code").n_unique() - pl.col("code").is_null().any().cast(pl.Int64),
    )
    heads = ("texts", "codes", "coded", "mapped", "asked", "ignored")
    columns = [words(m.text("codes.list")), words(m.text("codes.version"))]
    columns += [numbers(m.text(f"codes.{head}")) for head in heads]
    rows: list[list[Cell]] = [
        [
            m.w.words.label("list", row["list"]),
            row["list_version"],
            *(m.w.count(row[name]) for name in ("texts", "codes", "coded", "mapped", "asked")),
            m.w.count(row["texts"] - row["coded"] - row["mapped"] - row["asked"]),
        ]
        for row in counted.sort("list", "list_version").iter_rows(named=True)
    ]
    return Table("code-lists", m.text("codes.title"), columns, rows, [m.text("codes.note")])


def cleaning_log(m: Material) -> Table:
    """Every rule that found something: records judged and at fault, what happened to them, by centre."""
    said = {row["rule"]: row for row in m.tables["reference.rule"].iter_rows(named=True)}
    found = m.tables["quality.check_result"].group_by("rule").agg(pl.col("judged").sum(), pl.col("faults").sum())
    centres = sorted(m.tables["meta.centre"]["centre"])
    by_centre = {
        (rule, centre): n
        for rule, centre, n in m.tables["quality.check_result"]
        .group_by("rule", "centre")
        .agg(pl.col("faults").sum())
        .iter_rows()
    }
    columns = [words(m.text("cleaning.rule")), words(m.text("cleaning.severity")), words(m.text("cleaning.action"))]
    columns += [numbers(m.text(f"cleaning.{name}")) for name in ("judged", "faults")]
    columns += [numbers(centre) for centre in centres]
    rows: list[list[Cell]] = []
    for row in (
        found.filter(pl.col("faults") > 0).sort("faults", "rule", descending=[True, False]).iter_rows(named=True)
    ):
        rule = said[row["rule"]]
        rows.append(
            [
                rule[f"sentence_{m.lang}"],
                m.w.words.label("severity", rule["severity"]),
                m.w.words.label("action", rule["action"]),
                m.w.count(row["judged"]),
                m.w.count(row["faults"]),
                *(m.w.count(by_centre.get((row["rule"], centre), 0)) for centre in centres),
            ]
        )
    clean = found.filter(pl.col("faults") == 0, pl.col("judged") > 0).height
    silent = found.filter(pl.col("judged") == 0).height
    counts = {"clean": m.w.count(clean), "silent": m.w.count(silent), "rules": m.w.count(found.height)}
    return Table("cleaning-log", m.text("cleaning.title"), columns, rows, [m.text("cleaning.note", **counts)])


def second_opinion(m: Material) -> Table:
    """Every headline number programmed twice: how many, how many equal, and the pair that differs most."""
    apart = (pl.col("ours") - pl.col("lifelines")).abs() / pl.max_horizontal(pl.col("ours").abs(), 1e-9)
    counted = (
        m.results["second_opinion"]
        .with_columns(apart=apart)
        .group_by("estimate", maintain_order=True)
        .agg(n=pl.len(), equal=pl.col("is_equal").sum(), apart=pl.col("apart").max())
    )
    columns = [words(m.text("opinion.estimate"))]
    columns += [numbers(m.text(f"opinion.{name}")) for name in ("numbers", "equal", "apart")]
    rows: list[list[Cell]] = [
        [
            m.text(f"opinion.{row['estimate']}"),
            m.w.count(row["n"]),
            m.w.count(row["equal"]),
            f"{row['apart']:.0e}",
        ]
        for row in counted.iter_rows(named=True)
    ]
    return Table("second-opinion", m.text("opinion.title"), columns, rows, [m.text("opinion.note")])
