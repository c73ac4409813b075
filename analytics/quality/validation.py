"""The validation report: one overview for the registry's data manager and one page for each centre.

The overview holds counts only. A centre's page holds that centre's own findings with their coordinates and
texts, and nothing of another centre; its folder can be sent to it as it is. Every page is in each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analytics.locale.catalogue import LANGUAGES, Catalogue, catalogue
from analytics.quality import lines, priorities, queries, scores, summaries, terms, trend
from analytics.quality.export import write_csv, write_json
from analytics.quality.inputs import Facts, checked, held, of_centre
from analytics.report import Shell, render, write_page
from analytics.survival.impact import BANDS
from schemas.canonical import CORE, columns

EXAMPLES = 20
"""Findings of one rule shown on a centre's page; the list beside it has all."""
EXAMPLES_ALONE = 200
"""Findings of one rule shown on a page that has no list beside it."""
EXAMPLES_ALL = 5_000
"""Findings of all rules shown on one page, so that it opens at once however much is wrong; at least five of each."""
PLACES = 5
"""Places of one rule's findings shown in the overview."""
FIELDS = 4
"""Fields whose expected form is named for a rule; one that strikes more of them says itself what is wrong."""
WAITING = 500
"""Open queries shown on a centre's page."""
TERMS = 200
"""Uncertain texts shown on a centre's page."""
RAW_LENGTH = 300
"""Characters of a delivered cell shown on a page."""

Frames = Mapping[str, pl.DataFrame]
Rows = list[dict[str, Any]]


def validation_report(
    frames: Frames,
    facts: Facts,
    lang: str,
    out_dir: Path,
    earlier: pl.DataFrame | None = None,
    thresholds: pl.DataFrame | None = None,
    bands: pl.DataFrame | None = None,
) -> list[Path]:
    """Write the report of one refresh and return its files, the overview in `lang` first.

    frames: table name -> frame, with at least the columns of `inputs.COLUMNS`. earlier: the measures of the refreshes
    before (`trend.read_measures`), oldest first. thresholds: what is tolerated today (schemas.thresholds). bands:
    query_id, band and position of open queries, for the overview alone (`priorities`). The files are
    `validation.<lang>.html`, its tables as `data/*.csv` and `validation.json`, and, per centre,
    `<centre>/validation.<lang>.html` (the centre's own language first), `<centre>/findings.csv`, `<centre>/terms.csv`
    and `<centre>/validation.json`. ValueError: a table or column is absent.
    """
    tables = checked(frames, thresholds)
    doubtful = terms.doubts(tables["reference.term_map"], tables)
    now = trend.measures(tables, facts)
    told = now if earlier is None else pl.concat([earlier.filter(pl.col("refresh") != facts.refresh_id), now])
    shown = {**_shown(tables), **priorities.shown(tables["quality.query"], bands)}
    overview = _overview(tables, shown, told)
    written = [_write(out_dir, "validation.html", one, facts, overview) for one in _first(lang)]
    for centre in tables["meta.centre"].sort("centre").iter_rows(named=True):
        code = centre["centre"]
        own = of_centre(tables, code)
        page = _centre_page(centre, own, doubtful.filter(pl.col("centre") == code))
        folder = out_dir / code
        written += [
            _write(folder, "validation_centre.html", one, facts, page, centre) for one in _first(centre["language"])
        ]
        written += _centre_files(folder, own, page["terms"], centre["language"], facts)
    files = {**shown, "trend": told}
    written += [write_csv(frame, out_dir / "data" / f"{name}.csv") for name, frame in files.items()]
    now.write_csv(out_dir / trend.FILE)
    return [*written, out_dir / trend.FILE, write_json(_facts_of(facts), files, out_dir / "validation.json")]


def centre_page(frames: Frames, facts: Facts, centre: str, lang: str, path: Path) -> Path:
    """Write one centre's page as a file that stands alone: no list beside it, more examples, one language.

    frames: as for `validation_report`. ValueError: a table or column is absent, or meta.centre has no such centre.
    """
    tables = of_centre(checked(frames), centre)
    if tables["meta.centre"].is_empty():
        raise ValueError(f"meta.centre has no centre {centre!r}")
    row = tables["meta.centre"].row(0, named=True)
    page = _centre_page(row, tables, terms.doubts(tables["reference.term_map"], tables), EXAMPLES_ALONE)
    shell = _shell(lang, facts, page, row, is_alone=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = render("validation_centre.html", lang, stem=path.stem, shell=shell, facts=facts, **page)
    path.write_text(text, encoding="utf-8")
    return path


def _first(lang: str | None) -> list[str]:
    return sorted(LANGUAGES, key=lambda code: code != lang)


def _write(
    folder: Path,
    template: str,
    lang: str,
    facts: Facts,
    page: Mapping[str, Any],
    centre: Mapping[str, Any] | None = None,
) -> Path:
    shell = _shell(lang, facts, page, centre)
    return write_page(folder, "validation", template, lang, shell=shell, facts=facts, **page)


def _shell(
    lang: str,
    facts: Facts,
    page: Mapping[str, Any],
    centre: Mapping[str, Any] | None,
    *,
    is_alone: bool = False,
) -> Shell:
    words = catalogue(lang)
    title = words.text("validation.title")
    if centre is not None:
        name = centre[f"title_{lang}"] or centre["centre"]
        title = words.text("validation.centre_title", title=name, centre=centre["centre"])
    return Shell(
        title=title,
        registry=facts.title[lang],
        facts=_shell_facts(facts, words),
        sections=[(section, words.text(key)) for section, key in page["sections"].items()],
        synthetic=facts.is_synthetic,
        is_alone=is_alone,
    )


def _shell_facts(facts: Facts, words: Catalogue) -> list[tuple[str, str]]:
    answer = "yes" if facts.is_published else "no"
    return [
        (words.text("validation.refresh"), facts.refresh_id),
        (words.text("validation.as_of"), f"{facts.as_of:%Y-%m-%d %H:%M} UTC"),
        (words.text("validation.published"), words.text(f"validation.{answer}")),
        (words.text("validation.code_version"), facts.code_version),
    ]


def _shown(tables: Frames) -> dict[str, pl.DataFrame]:
    """The tables of the overview by name, as its page and its files show them."""
    finding, result, rule = (tables[name] for name in ("quality.finding", "quality.check_result", "reference.rule"))
    query = tables["quality.query"]
    return {
        "centres": tables["meta.centre"].sort("centre"),
        "row_accounts": summaries.accounts(tables["quality.row_account"]),
        "patients": summaries.patients(
            *(tables[name] for name in ("meta.centre", "core.patient", "mart.cohort", "mart.exclusion"))
        ),
        "exclusions": summaries.exclusions(tables["mart.exclusion"], tables["reference.criterion"]),
        "expectations": tables["quality.expectation"].sort("subject", "expectation"),
        "rules": summaries.rules_at_fault(finding, result, rule),
        "rules_by_centre": summaries.standing(result, finding, held(tables)),
        "thresholds": held(tables),
        "places": summaries.places(finding, PLACES),
        "completeness": summaries.completeness(tables["quality.completeness"]),
        "unjudged": summaries.unjudged(result, rule),
        "scorecards": scores.scorecards(tables),
        "group_rates": scores.group_rates(tables),
        "queries": queries.by_state(query),
        "query_ages": queries.by_age(query),
        "query_yields": queries.yields(query),
        "terms": terms.by_list(tables["reference.term_map"], tables),
        "lines": lines.bases(tables["mart.cohort"]),
        "persons_linked": summaries.persons_linked(tables["quality.link"], tables["quality.link_conflict"]),
        "links_contrary": summaries.links_contrary(tables["quality.link_conflict"]),
    }


def _facts_of(facts: Facts) -> dict[str, Any]:
    return {**vars(facts), "title": dict(facts.title), "as_of": facts.as_of.isoformat()}


def _overview(tables: Frames, shown: Frames, told: pl.DataFrame) -> dict[str, Any]:
    """What the overview shows. Only counts leave this function: no text of a cell, no patient."""
    finding, account = tables["quality.finding"], shown["row_accounts"]
    words = tables["reference.rule"].select("rule", "sentence_en", "sentence_zh")
    totals = account.group_by("centre").agg(pl.col("in_scope", "loaded", "quarantined").sum())
    return {
        **_shared(tables),
        "sections": {
            "centres": "validation.centres.title",
            "scores": "validation.scores.title",
            "findings": "validation.findings.title",
            "rules": "validation.rules.title",
            "queries": "validation.queries.title",
            "groups": "validation.groups.title",
            "completeness": "validation.heat.title",
            "trend": "validation.trend.title",
            "accounts": "validation.accounts.title",
            "patients": "validation.patients.title",
            "gate": "validation.gate.title",
            "unjudged": "validation.unjudged.title",
            "terms": "validation.terms.title",
            "lines": "lines.title",
            "twice": "validation.twice.title",
        },
        "centres": _rows(shown["centres"]),
        "scores": _by_measure(shown["scorecards"]),
        "groups": _rows(shown["group_rates"]),
        "places": _grouped(shown["places"], "rule"),
        "yields": _rows(shown["query_yields"].join(words, on="rule", how="left")),
        **_queries(tables),
        "priorities": _rows(shown["priorities"]),
        "first_queries": _rows(shown["first_queries"].join(words, on="rule", how="left", maintain_order="left")),
        "query_bands": BANDS,
        "files_of_page": sorted([*shown, "trend"]),
        "panels": trend.panels(told),
        "told": _rows(told.sort("measure", "centre", maintain_order=True)),
        "totals": _by(totals, "centre"),
        "files": _tally(tables["meta.delivery_file"], "centre"),
        "asked": _tally(finding.filter(channel="query"), "centre"),
        "errors": _tally(finding.filter(severity="error"), "centre"),
        "rule_counts": _tally(finding, "rule", "centre"),
        "term_counts": _rows(shown["terms"]),
        "line_bases": _rows(shown["lines"]),
        "line_grid": lines.grid(tables["mart.line_sensitivity"]),
        "people": _tally(tables["core.patient"], "centre"),
        "pairs": _rows(shown["persons_linked"]),
        "contrary": _rows(shown["links_contrary"]),
        "strays": tables["quality.link"].filter(pl.any_horizontal(pl.col("centre", "other_centre").is_null())).height,
        "tokens": tables["core.patient"].get_column("link_token").is_not_null().sum(),
    }


def _centre_page(
    centre: Mapping[str, Any], own: Frames, doubtful: pl.DataFrame, most: int = EXAMPLES
) -> dict[str, Any]:
    """What one centre's page shows, from that centre's rows alone; at most so many examples of each rule."""
    finding = own["quality.finding"]
    per_rule = max(5, min(most, EXAMPLES_ALL // max(finding["rule"].n_unique(), 1)))
    waiting = queries.waiting(own["quality.query"]).join(
        own["reference.rule"].select("rule", "sentence_en", "sentence_zh"), on="rule", how="left", maintain_order="left"
    )
    return {
        **_shared(own),
        **_queries(own),
        "waiting": _rows(waiting.head(WAITING)),
        "scores": _by_measure(scores.scorecards(own)),
        "sections": {
            "arrived": "validation.centres.title",
            "scores": "validation.scores.title",
            "findings": "validation.own.findings_title",
            "queries": "validation.queries.title",
            "completeness": "validation.heat.title",
            "accounts": "validation.accounts.title",
            "patients": "validation.patients.title",
            "gate": "validation.gate.title",
            "unjudged": "validation.unjudged.title",
            "terms": "validation.terms.title",
        },
        "centre": centre,
        "files": _rows(own["meta.delivery_file"].sort("file")),
        "expected": _expected(finding),
        "examples": _examples(finding, per_rule),
        "findings": finding.height,
        "terms": doubtful,
        "shown_terms": _rows(doubtful.head(TERMS)),
    }


def _shared(tables: Frames) -> dict[str, Any]:
    """What both kinds of page show of the tables given."""
    finding, results, rule = (tables[name] for name in ("quality.finding", "quality.check_result", "reference.rule"))
    accounts = summaries.accounts(tables["quality.row_account"])
    patients = summaries.patients(
        *(tables[name] for name in ("meta.centre", "core.patient", "mart.cohort", "mart.exclusion"))
    )
    filled = summaries.completeness(tables["quality.completeness"])
    expectation = tables["quality.expectation"]
    return {
        "severities": summaries.SEVERITIES,
        "categories": summaries.KAHN,
        "outcomes": summaries.OUTCOMES,
        "bands": summaries.BANDS,
        "answers": summaries.ANSWERS,
        "expectations": _rows(expectation.sort("subject", "expectation")),
        "judged": expectation.get_column("success").is_not_null().sum(),
        "held": expectation.get_column("success").sum(),
        "accounts": _rows(accounts),
        "patients": _rows(patients),
        "exclusions": _nested(summaries.exclusions(tables["mart.exclusion"], tables["reference.criterion"])),
        "criteria": _by(tables["reference.criterion"], "code"),
        "category_counts": _tally(finding, "centre", "kahn_category", "severity"),
        "rules": _rows(summaries.rules_at_fault(finding, results, rule)),
        "standing": _standing(summaries.standing(results, finding, held(tables))),
        "thresholds": _rows(held(tables).sort("rule", "centre", "set_on", maintain_order=True)),
        "completeness": [(level, _fields(filled.filter(importance=level))) for level in summaries.IMPORTANCE],
        "unjudged_rules": _rows(summaries.unjudged(results, rule)),
    }


def _fields(filled: pl.DataFrame) -> Rows:
    """One entry per field: table_name, field, and `centres`, its figures by centre."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in filled.iter_rows(named=True):
        entry = found.setdefault(
            (row["table_name"], row["field"]),
            {"table_name": row["table_name"], "field": row["field"], "centres": {}},
        )
        entry["centres"][row["centre"]] = row
    return list(found.values())


def _standing(frame: pl.DataFrame) -> dict[tuple[str, str], str]:
    """(rule, centre) -> pass, tolerated, fault or not_evaluable."""
    return {(rule, centre): status for rule, centre, status in frame.select("rule", "centre", "status").iter_rows()}


def _nested(frame: pl.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Reason -> centre -> its counts, reasons in the frame's order."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["code"], {})[row["centre"]] = row
    return found


def _examples(finding: pl.DataFrame, most: int) -> dict[str, Rows]:
    """Rule -> its first findings in the order of files, sheets and lines, long cells cut."""
    ordered = finding.sort("rule", "file", "sheet", "line", "field", "finding_id", nulls_last=True)
    first = ordered.group_by("rule", maintain_order=True).head(most)
    cut = pl.when(pl.col("raw_text").str.len_chars() > RAW_LENGTH).then(pl.col("raw_text").str.head(RAW_LENGTH) + "…")
    shown = first.with_columns(raw_text=cut.otherwise(pl.col("raw_text")))
    return {str(rule[0]): _rows(part) for rule, part in shown.group_by("rule", maintain_order=True)}


def _expected(finding: pl.DataFrame) -> dict[str, list[tuple[str, str, str]]]:
    """Rule -> (kind, field, unit) of what its fields at fault should hold; free texts have no form to name."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    places = finding.select("rule", "table_name", "field").drop_nulls().unique().sort("rule", "table_name", "field")
    for rule, table, field in places.iter_rows():
        kind = _kinds().get((table, field))
        if kind and (kind[0], field, kind[1]) not in found.setdefault(rule, []):
            found[rule].append((kind[0], field, kind[1]))
    return {rule: kinds for rule, kinds in found.items() if 0 < len(kinds) <= FIELDS}


@cache
def _kinds() -> dict[tuple[str, str], tuple[str, str]]:
    """(table, field) -> kind and unit, from the canonical models."""
    found = {}
    for table, model in CORE.items():
        for column in columns(model):
            name = column.name.removesuffix("_source").removesuffix("_code")
            if column.code_list:
                found[table, name] = ("code", "")
            elif name.endswith("_on"):
                found[table, name] = ("date", "")
            elif column.dtype == pl.Boolean:
                found[table, name] = ("yes", "")
            elif column.unit:
                found[table, name] = ("number", column.unit)
    return found


def _centre_files(folder: Path, own: Frames, doubtful: pl.DataFrame, lang: str, facts: Facts) -> list[Path]:
    """A centre's lists: findings and terms as CSV, and all that its page shows as JSON."""
    words = own["reference.rule"].select("rule", what_is_wrong=f"sentence_{lang}", what_to_do=f"advice_{lang}")
    finding = own["quality.finding"].sort("rule", "file", "sheet", "line", "field", "finding_id", nulls_last=True)
    told = doubtful.drop("is_unknown")
    tables = {
        "files": own["meta.delivery_file"].sort("file"),
        "rules": summaries.rules_at_fault(finding, own["quality.check_result"], own["reference.rule"]),
        "findings": finding,
        "scorecards": scores.scorecards(own),
        "queries": own["quality.query"].sort("query_id"),
        "completeness": summaries.completeness(own["quality.completeness"]),
        "row_accounts": summaries.accounts(own["quality.row_account"]),
        "unjudged": summaries.unjudged(own["quality.check_result"], own["reference.rule"]),
        "terms": told,
    }
    return [
        write_csv(finding.join(words, on="rule", how="left", maintain_order="left"), folder / "findings.csv"),
        write_csv(told, folder / "terms.csv"),
        write_json(_facts_of(facts), tables, folder / "validation.json"),
    ]


def _queries(tables: Frames) -> dict[str, Any]:
    query = tables["quality.query"]
    return {
        "query_states": _rows(queries.by_state(query)),
        "query_ages": _rows(queries.by_age(query)),
        "states": queries.STATES,
        "ages": queries.AGES,
    }


def _by_measure(frame: pl.DataFrame) -> list[tuple[dict[str, Any], Rows]]:
    """A measure's first row, for its name and unit, with all its rows, one for each centre."""
    return [(rows[0], rows) for rows in _grouped(frame, "measure").values()]


def _grouped(frame: pl.DataFrame, key: str) -> dict[str, Rows]:
    return {str(name[0]): _rows(part) for name, part in frame.group_by(key, maintain_order=True)}


def _rows(frame: pl.DataFrame) -> Rows:
    return frame.to_dicts()


def _by(frame: pl.DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in frame.iter_rows(named=True)}


def _tally(frame: pl.DataFrame, *keys: str) -> dict[Any, int]:
    """Value of the key, or tuple of values of several, -> number of rows."""
    counted = frame.group_by(keys).agg(n=pl.len())
    return {tuple(key) if len(keys) > 1 else key[0]: n for *key, n in counted.iter_rows()}
