"""What the numbers rest on: how texts became codes, and what was found and left open while cleaning."""

from __future__ import annotations

import polars as pl

from analytics.paper.material import Material
from analytics.tables import Cell, Table, numbers, words


def code_lists(m: Material) -> Table:
    """Each code list: distinct texts by centre, how many were read, and how many ask a human."""
    heads = ("texts", "codes", "coded", "mapped", "asked", "ignored")
    columns = [words(m.text("codes.list")), words(m.text("codes.version"))]
    columns += [numbers(m.text(f"codes.{head}")) for head in heads]
    rows: list[list[Cell]] = []
    for (name, version), part in m.profile.texts.group_by("list", "list_version", maintain_order=True):
        n = dict(part.select("measure", "n").iter_rows())
        rows.append([m.w.words.label("list", str(name)), str(version), *(m.count(n[head]) for head in heads)])
    return Table("code-lists", m.text("codes.title"), columns, rows, [m.text("codes.note")])


def cleaning_log(m: Material) -> Table:
    """Every rule that found something: records judged and at fault, what happened to them, by centre."""
    said = {row["rule"]: row for row in m.tables["reference.rule"].iter_rows(named=True)}
    centres = sorted(m.tables["meta.centre"]["centre"])
    measures = ["judged", "faults", *centres]
    columns = [words(m.text("cleaning.rule")), words(m.text("cleaning.severity")), words(m.text("cleaning.action"))]
    columns += [numbers(m.text(f"cleaning.{name}")) for name in measures[:2]]
    columns += [numbers(centre) for centre in centres]
    rows: list[list[Cell]] = []
    for (name,), part in m.profile.faults.group_by("rule", maintain_order=True):
        rule = said[str(name)]
        n = dict(part.select("measure", "n").iter_rows())
        kind = [m.w.words.label(key, rule[key]) for key in ("severity", "action")]
        rows.append([rule[f"sentence_{m.lang}"], *kind, *(m.count(n[measure]) for measure in measures)])
    clean, silent, every = map(m.w.count, m.profile.quiet)
    note = m.text("cleaning.note", clean=clean, silent=silent, rules=every)
    return Table("cleaning-log", m.text("cleaning.title"), columns, rows, [note])


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
