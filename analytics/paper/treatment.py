"""What the treatment did, as the centres recorded it: best response, rates with intervals, adverse events by grade."""

from __future__ import annotations

import polars as pl

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.survival.proportions import Method, proportion
from analytics.tables import INDENT, Cell, Table, numbers, words

_BEST = ("CR", "PR", "SD", "PD", "NE")
_RESPONSE, _CONTROL, _EVALUABLE = ("CR", "PR"), ("CR", "PR", "SD"), ("CR", "PR", "SD", "PD")


def best_response(m: Material) -> Table | None:
    """Best overall response, unconfirmed and confirmed, with response and disease control rates; by criteria.

    Treated: everybody. Evaluable: those with a best response other than NE. Criteria by which nobody has one are left
    out; None where all are.
    """
    found = m.of_cohort("mart.best_response").filter(pl.col("best_code").is_not_null().any().over("criteria_code"))
    if not found.height:
        return None
    criteria = sorted(found["criteria_code"].unique())
    columns = [words(m.text("response.criteria")), words(m.text("response.quantity"))]
    for kind in ("best", "confirmed"):
        columns += [numbers(m.text(f"response.{kind}")), numbers(m.text(f"response.{kind}_interval"), "%")]
    rows: list[list[Cell]] = []
    for code in criteria:
        of_code = found.filter(pl.col("criteria_code") == code)
        name = m.code("criteria", code)
        best = {"best": of_code["best_code"], "confirmed": of_code["confirmed_code"]}
        for value in _BEST:
            counts = [c for codes in best.values() for c in (_count(m, codes, (value,), m.cohort.height), "")]
            rows.append([name, INDENT + m.code("response", value), *counts])
        none = [c for codes in best.values() for c in (m.w.count(m.cohort.height - codes.drop_nulls().len()), "")]
        rows.append([name, INDENT + m.text("response.none"), *none])
        for key, wanted in (("orr", _RESPONSE), ("dcr", _CONTROL)):
            for whom in ("treated", "evaluable"):
                cells: list[Cell] = []
                for codes in best.values():
                    n = m.cohort.height if whom == "treated" else int(codes.is_in(_EVALUABLE).sum())
                    cells += [_count(m, codes, wanted, n), _intervals(m, int(codes.is_in(wanted).sum()), n)]
                rows.append([name, m.text(f"response.{key}_{whom}"), *cells])
    notes = [m.text("response.note", confidence=f"{100 * m.plan.confidence:g}"), m.text("response.denominators")]
    return Table("response", m.text("response.title"), columns, rows, notes)


def _count(m: Material, codes: pl.Series, wanted: tuple[str, ...], n: int) -> str:
    k = int(codes.is_in(wanted).sum())
    return f"{m.w.count(k)}/{m.w.count(n)} ({decimal(100 * k / n, 1, m.lang)}%)" if n else "–"


def _intervals(m: Material, events: int, n: int) -> Cell:
    """Clopper and Pearson's interval, and Wilson's below it."""
    said = []
    methods: tuple[Method, ...] = ("clopper_pearson", "wilson")
    for method in methods:
        found = proportion(events, n, method=method, confidence=m.plan.confidence)
        if found.lower is None or found.upper is None:
            return "–"
        limits = [decimal(100 * limit, 1, m.lang) for limit in (found.lower, found.upper)]
        said.append(m.text(f"response.{method}", lower=limits[0], upper=limits[1]))
    return tuple(said)


def adverse_events(m: Material) -> Table:
    """Patients by the worst grade of each term, after time zero; the immune-related ones beside."""
    every = m.of_cohort("mart.adverse_event")
    after = every.filter(pl.col("is_after_time_zero"))
    columns = [words(m.text("safety.term"))]
    columns += [numbers(m.text("safety.grade", grade=label)) for label in ("1", "2", "3", "4", "5")]
    columns += [numbers(m.text("safety.no_grade")), numbers(m.text("safety.any")), numbers(m.text("safety.severe"))]
    columns.append(numbers(m.text("safety.immune")))
    rows = [_graded(m, m.text("safety.any_event"), after)]
    rows.append(_graded(m, m.text("safety.any_immune"), after.filter(pl.col("is_immune_related"))))
    by_term = after.group_by("term_code").agg(pl.col("patient_id").n_unique().alias("n"))
    for term in by_term.sort("n", "term_code", descending=[True, False])["term_code"]:
        chosen = after.filter(pl.col("term_code").eq_missing(pl.lit(term)))
        label = m.text("safety.uncoded") if term is None else m.code("adverse_event", term)
        rows.append(_graded(m, INDENT + label, chosen))
    versions = sorted(after["ctcae_version"].drop_nulls().unique())
    unknown_version = after["ctcae_version"].null_count()
    notes = [
        m.text("safety.note", n=m.w.count(m.cohort.height)),
        m.text(
            "safety.version",
            versions=m.text("comma").join(versions) or m.text("safety.no_version"),
            unknown=m.w.count(unknown_version),
            all=m.w.count(after.height),
        ),
        m.text(
            "safety.left_out",
            before=m.w.count(every.filter(~pl.col("is_after_time_zero")).height),
            unknown=m.w.count(every.filter(pl.col("is_after_time_zero").is_null()).height),
        ),
    ]
    return Table("adverse-events", m.text("safety.title"), columns, rows, notes)


def _graded(m: Material, label: str, events: pl.DataFrame) -> list[Cell]:
    worst = events.group_by("patient_id").agg(pl.col("grade").max(), pl.col("is_immune_related").fill_null(False).any())
    grades = [worst.filter(pl.col("grade") == grade).height for grade in range(1, 6)]
    counts = [*grades, worst["grade"].null_count()]
    n = m.cohort.height
    severe = sum(grades[2:])
    shares = [f"{m.w.count(k)} ({decimal(100 * k / n, 1, m.lang)}%)" if n else "–" for k in (worst.height, severe)]
    return [label, *map(m.w.count, counts), *shares, m.w.count(int(worst["is_immune_related"].sum()))]
