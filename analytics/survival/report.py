"""The survival report: one self-contained page per language, summary first, from the results of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from analytics.plan import Comparison, EndPoint, Plan
from analytics.report import Shell, write_page
from analytics.survival import tables
from analytics.survival.contracts import Results
from analytics.survival.drawings import curves, name_of
from analytics.survival.methods import sentences
from analytics.survival.moved import tables as moved_tables
from analytics.survival.outcome import Frames
from analytics.survival.summary import ALL
from analytics.survival.wording import Wording
from analytics.tables import Table
from warehouse.lock import Cut

_AT = {"moved": ""}
"""Section -> where in the catalogue its words stand, if not under `survival`."""
_LIBRARIES = ("lifelines", "polars", "numpy", "scipy")


@dataclass(frozen=True)
class Drawing:
    """A figure of the page: SVG text (None where nobody is evaluable), its caption and the prefix of its ids."""

    svg: str | None
    caption: str
    prefix: str


@dataclass(frozen=True)
class Part:
    """One comparison as the page shows it."""

    id: str
    title: str
    notes: Sequence[str]
    drawings: Sequence[Drawing]
    tables: Sequence[Table]


def survival_report(
    results: Results,
    frames: Frames,
    plan: Plan,
    lang: str,
    out: Path,
    *,
    stem: str = "survival",
    moved: Results | None = None,
    since: str = "",
    cut: Cut | None = None,
) -> Path:
    """Write `<out>/<stem>.<lang>.html` and return its path; its language links need the other language beside it.

    results: from run_plan on the same frames and plan. moved: from change.run against the refresh `since`. cut:
    how the refresh's data cut stands. The page holds counts and curves, no patient's row.
    """
    w = Wording(lang, plan)
    refresh = frames.refresh.row(0, named=True)
    as_of = f"{refresh['as_of']:%Y-%m-%d %H:%M} UTC"
    sections = ["summary", "targets", "population", "overall", "comparisons", "follow_up", "methods"]
    if not results["targets"].height:
        sections.remove("targets")
    if moved is not None:
        sections.insert(1, "moved")
    shell = Shell(
        title=w.text("title"),
        registry=refresh[f"title_{lang}"] or refresh["title_en"],
        facts=[
            (w.text("refresh"), refresh["refresh_id"]),
            (w.text("as_of"), as_of),
            (w.text("cut"), w.cut(cut)),
            (w.text("plan"), w.own(plan.title)),
            (w.text("code_version"), refresh["code_version"]),
        ],
        sections=[(name, w.words.text(f"{_AT.get(name, 'survival.')}{name}.title")) for name in sections],
        synthetic=bool(refresh["is_synthetic"]),
    )
    everybody = [(ALL, w.text("population.patients"))]
    params = [endpoint.param for endpoint in plan.endpoints]
    return write_page(
        out,
        stem,
        "survival.html",
        lang,
        shell=shell,
        plan=plan,
        w=w,
        facts=_facts(results, frames, w),
        warnings=_not_evaluable(results, w),
        summary=tables.estimates(results, w, "overall", everybody, params),
        moved=[] if moved is None else moved_tables(moved, w),
        since=since,
        targets=tables.targets(results, w),
        attrition=tables.attrition(results, frames, w),
        sizes=tables.group_sizes(results, w, "overall", everybody),
        drawings=[_drawing(results, w, endpoint, None) for endpoint in plan.endpoints],
        endings=tables.endings(results, w),
        overview=tables.overview(results, w),
        parts=[_part(results, w, comparison) for comparison in plan.comparisons],
        follow_up=tables.follow_up(results, w),
        methods=sentences(w),
        disclosure=w.text("disclosure", text=w.own(plan.disclosure.note) or w.text("disclosure_note")),
        how_to_read=w.text("figure.read", confidence=f"{100 * plan.confidence:g}", conf_type=plan.conf_type),
        versions=w.text(
            "methods.versions",
            plan=plan.id,
            refresh=refresh["refresh_id"],
            as_of=as_of,
            code=refresh["code_version"],
            libraries=", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        ),
    )


def _facts(results: Results, frames: Frames, w: Wording) -> list[tuple[str, str, str]]:
    """What stands first: name, value, note."""
    rows = tables.select(results, "estimates", analysis="overall")
    n = rows[0]["n"] + rows[0]["n_not_evaluable"]
    counted = w.text("summary.patients", centres=frames.cohort["centre"].n_unique())
    found = [(w.text("summary.cohort"), w.count(n), counted)]
    for row in rows:
        found.append(
            (
                w.text("summary.median", endpoint=w.endpoint(row["endpoint"])),
                w.text("months", value=w.median(row)),
                w.text("summary.events", events=w.count(row["events"]), n=w.count(row["n"])),
            )
        )
    for row in tables.select(results, "follow_up", analysis="overall"):
        note = w.text("summary.reverse", n=w.count(row["n"]))
        found.append((w.text("summary.follow_up"), w.text("months", value=w.median(row)), note))
    return found


def _not_evaluable(results: Results, w: Wording) -> list[str]:
    return [
        w.text(
            "summary.not_evaluable",
            n=w.count(row["n_not_evaluable"]),
            all=w.count(row["n"] + row["n_not_evaluable"]),
            endpoint=w.endpoint(row["endpoint"]),
        )
        for row in tables.select(results, "estimates", analysis="overall")
        if row["n_not_evaluable"]
    ]


def _part(results: Results, w: Wording, comparison: Comparison) -> Part:
    groups = [(level.id, w.own(level.label)) for level in comparison.levels]
    params = list(comparison.endpoints)
    notes = [w.own(comparison.note)] if comparison.note else []
    ungrouped = tables.select(results, "members", analysis=comparison.id)[0]["n_ungrouped"]
    if ungrouped:
        notes.append(w.text("comparisons.ungrouped", n=w.count(ungrouped)))
    notes += [
        w.text(
            "comparisons.window",
            events=w.count(test["events_before"]),
            censored=w.count(test["censored_before"]),
            endpoint=w.endpoint(test["endpoint"]),
            day=test["from_day"],
        )
        for test in tables.select(results, "tests", analysis=comparison.id)
        if test["from_day"]
    ]
    return Part(
        id=f"comparison-{comparison.id}".replace("_", "-"),
        title=w.own(comparison.title),
        notes=notes,
        drawings=[_drawing(results, w, w.plan.endpoint(param), comparison) for param in params],
        tables=[
            tables.estimates(results, w, comparison.id, groups, params),
            tables.tests(results, w, comparison),
            tables.group_sizes(results, w, comparison.id, groups),
        ],
    )


def _drawing(results: Results, w: Wording, endpoint: EndPoint, comparison: Comparison | None) -> Drawing:
    """The figure of one end point: of the whole cohort, or of the groups of a comparison that have anybody in them."""
    analysis = comparison.id if comparison else "overall"
    prefix = name_of(analysis, endpoint.param)
    picture = curves(results, w, endpoint.param, comparison)
    if picture is None:
        return Drawing(None, w.text("figure.none", endpoint=w.endpoint(endpoint.param)), prefix)
    return Drawing(picture.svg(), _caption(results, w, endpoint, comparison), prefix)


def _caption(results: Results, w: Wording, endpoint: EndPoint, comparison: Comparison | None) -> str:
    """What the figure shows and, of a comparison, its hazard ratios and P."""
    title = w.own(comparison.title) if comparison else w.text("overall.title")
    said = [w.text("figure.caption", title=title, endpoint=w.endpoint(endpoint.param), event=w.event(endpoint.param))]
    if comparison:
        key = {"analysis": comparison.id, "endpoint": endpoint.param, "from_day": 0}
        ratios = tables.select(results, "hazard_ratios", **key)
        said += [w.text("figure.ratio", value=w.ratio_of(comparison, ratio)) for ratio in ratios]
        test = tables.select(results, "tests", **key)[0]
        text = "figure.no_p" if test["p_value"] is None else "figure.p"
        said.append(w.text(text, p=w.p_equals(test["p_value"]), how=w.how(test)))
    return " ".join(said) if w.lang == "en" else "".join(said)
