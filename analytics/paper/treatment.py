"""What the treatment did, as the centres recorded it: best response, rates with intervals, adverse events by grade."""

from __future__ import annotations

from analytics.locale.numbers import decimal
from analytics.paper.material import Material
from analytics.paper.profile import ANY_EVENT, ANY_IMMUNE, GRADES, OVERALL, RESPONSES, UNCODED
from analytics.survival.proportions import Method, proportion
from analytics.tables import INDENT, Cell, Table, numbers, words

_KINDS = ("best", "confirmed")


def best_response(m: Material) -> Table | None:
    """Best overall response, unconfirmed and confirmed, with response and disease control rates; by criteria.

    Treated: everybody. Evaluable: those with a best response other than NE. Criteria by which nobody has one are left
    out; None where all are.
    """
    criteria = m.profile.response["criteria"].unique(maintain_order=True).to_list()
    if not criteria:
        return None
    columns = [words(m.text("response.criteria")), words(m.text("response.quantity"))]
    for kind in ("best", "confirmed"):
        columns += [numbers(m.text(f"response.{kind}")), numbers(m.text(f"response.{kind}_interval"), "%")]
    rows: list[list[Cell]] = []
    size = m.profile.size(OVERALL)
    for code in criteria:
        name = m.code("criteria", code)
        n = {
            kind: {v: m.profile.response_of(code, kind, v) for v in (*RESPONSES, "orr", "dcr", "evaluable")}
            for kind in _KINDS
        }
        for value in RESPONSES[:-1]:
            counts = [c for kind in _KINDS for c in (_of(m, n[kind][value], size), "")]
            rows.append([name, INDENT + m.code("response", value), *counts])
        none = [c for kind in _KINDS for c in (m.count(n[kind]["none"]), "")]
        rows.append([name, INDENT + m.text("response.none"), *none])
        for key in ("orr", "dcr"):
            for whom in ("treated", "evaluable"):
                cells: list[Cell] = []
                for kind in _KINDS:
                    whole = size if whom == "treated" else n[kind]["evaluable"]
                    cells += [_of(m, n[kind][key], whole), _intervals(m, n[kind][key], whole)]
                rows.append([name, m.text(f"response.{key}_{whom}"), *cells])
    notes = [m.text("response.note", confidence=f"{100 * m.plan.confidence:g}"), m.text("response.denominators")]
    return Table("response", m.text("response.title"), columns, rows, notes)


def _of(m: Material, k: int | None, n: int | None) -> str:
    if n == 0:
        return "–"
    if k is None or n is None:
        return m.count(None)
    return f"{m.w.count(k)}/{m.w.count(n)} ({decimal(100 * k / n, 1, m.lang)}%)"


def _intervals(m: Material, events: int | None, n: int | None) -> Cell:
    """Clopper and Pearson's interval, and Wilson's below it."""
    if events is None or n is None:
        return "–"
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
    columns = [words(m.text("safety.term"))]
    columns += [numbers(m.text("safety.grade", grade=label)) for label in ("1", "2", "3", "4", "5")]
    columns += [numbers(m.text("safety.no_grade")), numbers(m.text("safety.any")), numbers(m.text("safety.severe"))]
    columns.append(numbers(m.text("safety.immune")))
    named = {ANY_EVENT: m.text("safety.any_event"), ANY_IMMUNE: m.text("safety.any_immune")}
    rows: list[list[Cell]] = []
    for term in m.profile.events["term"].unique(maintain_order=True):
        label = m.text("safety.uncoded") if term == UNCODED else m.code("adverse_event", term)
        rows.append(_graded(m, named.get(term, INDENT + label), term))
    recorded = {what: m.count(n) for what, n in m.profile.recorded.iter_rows()}
    versions = m.text("comma").join(m.profile.versions) or m.text("safety.no_version")
    notes = [
        m.text("safety.note", n=m.count(m.profile.size(OVERALL))),
        m.text("safety.version", versions=versions, unknown=recorded["no_version"], all=recorded["after"]),
        m.text("safety.left_out", before=recorded["before"], unknown=recorded["undated"]),
    ]
    return Table("adverse-events", m.text("safety.title"), columns, rows, notes)


def _graded(m: Material, label: str, term: str) -> list[Cell]:
    counts = [m.count(m.profile.event(term, measure)) for measure in GRADES]
    whole = m.profile.size(OVERALL)
    shares = [m.profile.event(term, measure) for measure in ("any", "severe")]
    said = [
        m.count(k) if k is None or not whole else f"{m.w.count(k)} ({decimal(100 * k / whole, 1, m.lang)}%)"
        for k in shares
    ]
    return [label, *counts, *said, m.count(m.profile.event(term, "immune"))]
