"""The validation report: one overview for the registry's data manager and one page for each centre.

The overview holds counts only. A centre's page holds that centre's own findings with their coordinates and
texts, and nothing of another centre; its folder can be sent to it as it is. Every page is in each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from analytics.locale.catalogue import LANGUAGES, Catalogue, catalogue
from analytics.quality import lines, summaries, terms
from analytics.quality.export import write_csv
from analytics.quality.inputs import Facts, checked, of_centre
from analytics.report import Shell, render, write_page

EXAMPLES = 20
"""Findings of one rule shown on a centre's page; the list beside it has all."""
EXAMPLES_ALONE = 200
"""Findings of one rule shown on a page that has no list beside it."""
TERMS = 200
"""Uncertain texts shown on a centre's page."""
RAW_LENGTH = 300
"""Characters of a delivered cell shown on a page."""

Frames = Mapping[str, pl.DataFrame]
Rows = list[dict[str, Any]]


def validation_report(frames: Frames, facts: Facts, lang: str, out_dir: Path) -> list[Path]:
    """Write the report of one refresh and return its files, the overview in `lang` first.

    frames: table name -> frame, with at least the columns of `inputs.COLUMNS`. The files are
    `validation.<lang>.html` and, per centre, `<centre>/validation.<lang>.html` (the centre's own language
    first), `<centre>/findings.csv` and `<centre>/terms.csv`. ValueError: a table or column is absent.
    """
    tables = checked(frames)
    doubtful = terms.doubts(tables["reference.term_map"], tables)
    overview = _overview(tables)
    written = [_write(out_dir, "validation.html", one, facts, overview) for one in _first(lang)]
    for centre in tables["meta.centre"].sort("centre").iter_rows(named=True):
        code = centre["centre"]
        own = of_centre(tables, code)
        page = _centre_page(centre, own, doubtful.filter(pl.col("centre") == code))
        folder = out_dir / code
        written += [
            _write(folder, "validation_centre.html", one, facts, page, centre) for one in _first(centre["language"])
        ]
        written += [
            _findings_csv(folder, own, centre["language"]),
            write_csv(page["terms"].drop("is_unknown"), folder / "terms.csv"),
        ]
    return written


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


def _overview(tables: Frames) -> dict[str, Any]:
    """What the overview shows. Only counts leave this function: no text of a cell, no patient."""
    finding, account = tables["quality.finding"], summaries.accounts(tables["quality.row_account"])
    totals = account.group_by("centre").agg(pl.col("in_scope", "loaded", "quarantined").sum())
    return {
        **_shared(tables),
        "sections": {
            "centres": "validation.centres.title",
            "gate": "validation.gate.title",
            "accounts": "validation.accounts.title",
            "patients": "validation.patients.title",
            "findings": "validation.findings.title",
            "rules": "validation.rules.title",
            "completeness": "validation.heat.title",
            "unjudged": "validation.unjudged.title",
            "terms": "validation.terms.title",
            "lines": "lines.title",
            "twice": "validation.twice.title",
        },
        "centres": _rows(tables["meta.centre"].sort("centre")),
        "totals": _by(totals, "centre"),
        "files": _tally(tables["meta.delivery_file"], "centre"),
        "asked": _tally(finding.filter(channel="query"), "centre"),
        "errors": _tally(finding.filter(severity="error"), "centre"),
        "rule_counts": _tally(finding, "rule", "centre"),
        "term_counts": _rows(terms.by_list(tables["reference.term_map"], tables)),
        "line_bases": _rows(lines.bases(tables["mart.cohort"])),
        "line_grid": lines.grid(tables["mart.line_sensitivity"]),
        "people": _tally(tables["core.patient"], "centre"),
        "pairs": _rows(summaries.persons_twice(tables["core.patient"])),
        "tokens": tables["core.patient"].get_column("link_token").is_not_null().sum(),
    }


def _centre_page(
    centre: Mapping[str, Any], own: Frames, doubtful: pl.DataFrame, most: int = EXAMPLES
) -> dict[str, Any]:
    """What one centre's page shows, from that centre's rows alone; at most so many examples of each rule."""
    finding = own["quality.finding"]
    return {
        **_shared(own),
        "sections": {
            "arrived": "validation.centres.title",
            "gate": "validation.gate.title",
            "accounts": "validation.accounts.title",
            "patients": "validation.patients.title",
            "findings": "validation.own.findings_title",
            "completeness": "validation.heat.title",
            "unjudged": "validation.unjudged.title",
            "terms": "validation.terms.title",
        },
        "centre": centre,
        "files": _rows(own["meta.delivery_file"].sort("file")),
        "examples": _examples(finding, most),
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


def _findings_csv(folder: Path, own: Frames, lang: str) -> Path:
    words = own["reference.rule"].select("rule", what_is_wrong=f"sentence_{lang}", what_to_do=f"advice_{lang}")
    full = own["quality.finding"].join(words, on="rule", how="left")
    full = full.sort("rule", "file", "sheet", "line", "field", "finding_id", nulls_last=True)
    return write_csv(full, folder / "findings.csv")


def _rows(frame: pl.DataFrame) -> Rows:
    return frame.to_dicts()


def _by(frame: pl.DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in frame.iter_rows(named=True)}


def _tally(frame: pl.DataFrame, *keys: str) -> dict[Any, int]:
    """Value of the key, or tuple of values of several, -> number of rows."""
    counted = frame.group_by(keys).agg(n=pl.len())
    return {tuple(key) if len(keys) > 1 else key[0]: n for *key, n in counted.iter_rows()}
