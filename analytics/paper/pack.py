"""The pack written: one folder with every table, figure, the text, checklists, unrounded data, and a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analytics.locale.catalogue import LANGUAGES
from analytics.paper import checklists, estimates, evidence, methods, population, robustness, treatment
from analytics.paper.material import Material
from analytics.paper.release import ReleasedMaterial, released, report
from analytics.paper.word import write_docx
from analytics.plan import OF_RESPONDERS
from analytics.quality.export import write_csv
from analytics.report import Shell, write_page
from analytics.survival.figures.style import Picture
from analytics.tables import Table, to_csv

_LIBRARIES = ("lifelines", "polars", "numpy", "scipy", "matplotlib", "python-docx")

Figures = Callable[[Material], Iterable[Picture]]
"""Draws figures of a pack in its language; each is written as SVG, PNG (300 dpi) and CSV."""


def tables_of(m: Material) -> Iterator[Table]:
    """Every table in the order of a paper; one whose data the refresh has not is left out."""
    yield population.attrition(m)
    yield population.baseline_by_centre(m)
    for comparison in m.plan.comparisons if not m.released else ():
        yield population.baseline_by_group(m, comparison)
    yield population.regimens_by_line(m)
    yield estimates.endings(m)
    yield estimates.follow_up(m)
    yield estimates.comparisons(m)
    yield estimates.survival(m, None)
    for comparison in m.plan.comparisons:
        yield estimates.survival(m, comparison)
    yield estimates.restricted_means(m)
    yield estimates.tests(m)
    for endpoint in m.plan.endpoints:
        if m.plan.covariates and endpoint.param not in OF_RESPONDERS:
            yield estimates.regression(m, endpoint.param)
    yield from filter(None, [robustness.time_ratios(m)])
    for comparison in m.plan.comparisons:
        yield from filter(None, [robustness.subgroups(m, comparison)])
    yield robustness.centres(m)
    yield from filter(None, [robustness.sensitivity(m), robustness.doubt(m)])
    yield from filter(None, [estimates.others(m), treatment.best_response(m)])
    yield treatment.adverse_events(m)
    for comparison in m.plan.comparisons:
        yield population.overlap(m, comparison)
    yield population.missing(m)
    if not m.released:
        yield evidence.second_opinion(m)
    yield evidence.code_lists(m)
    yield evidence.cleaning_log(m)


def write_released(materials: Mapping[str, Material], folder: Path, *, figures: Sequence[Figures] = ()) -> Path:
    """Write the pack that may leave: as write_pack, from cleared material alone, with what was withheld and why.

    Raises DisclosureError where the counts cannot be protected; nothing is written then.
    """
    return write_cleared(released(materials), folder, figures=figures)


def write_cleared(cleared: ReleasedMaterial, folder: Path, *, figures: Sequence[Figures] = ()) -> Path:
    """Write the pack of material that is cleared already."""
    for lang, m in cleared.materials.items():
        _text(folder / "text" / f"disclosure.{lang}.md", report(m, cleared.withheld))
    return write_pack(cleared.materials, folder, figures=figures)


def write_pack(materials: Mapping[str, Material], folder: Path, *, figures: Sequence[Figures] = ()) -> Path:
    """Write the pack of one plan into the (empty) folder, in every language, and return its manifest's path.

    materials: language -> the same plan's material. figures: who draws (see Figures).
    """
    numbered: dict[str, list[tuple[str, Table]]] = {}
    for lang, m in materials.items():
        found = list(tables_of(m))
        numbered[lang] = [(m.text("table", number=i + 1), table) for i, table in enumerate(found)]
        for i, table in enumerate(found):
            to_csv(table, folder / "tables" / lang / f"{i + 1:02d}-{table.id}.csv")
        refresh = m.frames.refresh.row(0, named=True)
        facts = _facts(m)
        title = m.w.own(m.plan.title)
        said = [f"{name}: {value}" for name, value in facts]
        write_docx(folder / "tables" / f"tables.{lang}.docx", title, said, numbered[lang], lang, refresh["as_of"])
        shell = Shell(
            title=m.text("title"),
            registry=refresh[f"title_{lang}"] or refresh["title_en"],
            facts=facts,
            sections=[(table.id, f"{name} {table.title}") for name, table in numbered[lang]],
            synthetic=bool(refresh["is_synthetic"]),
        )
        page = {"shell": shell, "numbered": numbered[lang], "lead": title, "notice": _disclosure(m)}
        write_page(folder / "tables", "tables", "paper.html", lang, **page)
        _text(folder / "text" / f"methods.{lang}.md", methods.markdown(m))
        _text(folder / "text" / f"checklists.{lang}.md", checklists.markdown(m, numbered[lang]))
    first = next(iter(materials.values()))
    for name, frame in sorted(first.results.items()):
        write_csv(frame, folder / "data" / f"{name}.csv")
    for lang, m in materials.items():
        for draw in figures:
            for picture in draw(m):
                picture.write(folder / "figures" / lang)
    return _manifest(first, folder)


def _facts(m: Material) -> list[tuple[str, str]]:
    refresh = m.frames.refresh.row(0, named=True)
    return [
        (m.w.text("refresh"), refresh["refresh_id"]),
        (m.w.text("as_of"), f"{refresh['as_of']:%Y-%m-%d %H:%M} UTC"),
        (m.w.text("cut"), m.w.cut(m.cut)),
        (m.w.text("plan"), m.plan.id),
        (m.w.text("code_version"), refresh["code_version"]),
        *([(m.text("use"), "; ".join(of_use))] if (of_use := _not_permitted(m)) else []),
    ]


def _not_permitted(m: Material) -> list[str]:
    """Each centre whose patients may not serve the pack's purposes; how many they are only where counts may be told."""
    left = [one for one in m.manifest.get("use", {}).get("left_out", ()) if one["code"] == "use"]
    return [one["centre"] if m.released else m.text("use.patients", **one) for one in left]


def _use(m: Material) -> dict[str, Any]:
    """For the manifest: purposes, and whom they leave out; of a pack that may leave the centres alone."""
    use = m.manifest.get("use", {})
    return {**use, "left_out": _not_permitted(m)} if m.released else use


def _disclosure(m: Material) -> str:
    if m.released:
        return m.text("release.notice", most=m.plan.disclosure.smallest_cell - 1)
    return m.w.text("disclosure", text=m.w.own(m.plan.disclosure.note) or m.w.text("disclosure_note"))


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _manifest(m: Material, folder: Path) -> Path:
    """What the pack was made from and the hash of each of its files: enough to make and to recognise it again."""
    refresh = m.frames.refresh.row(0, named=True)
    plan = m.plan.model_dump_json().encode()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    said = {
        "refresh": refresh["refresh_id"],
        "as_of": f"{refresh['as_of']:%Y-%m-%dT%H:%M:%SZ}",
        "code_version": refresh["code_version"],
        "inputs": {key: m.manifest[key] for key in ("centres", "configuration", "lock") if key in m.manifest},
        "inputs_hash": refresh.get("manifest_hash"),
        "use": _use(m),
        "cut": m.cut.row() if m.cut else None,
        "plan": {"id": m.plan.id, "sha256": hashlib.sha256(plan).hexdigest()},
        "seeds": {"permutation": m.plan.small_groups.seed, "permutation_draws": m.plan.small_groups.permutation_draws},
        "libraries": {name: version(name) for name in _LIBRARIES},
        "released": m.released is not None,
        "disclosure": m.plan.disclosure.model_dump(include={"smallest_cell", "smallest_at_risk"}),
        "languages": list(LANGUAGES),
        "files": {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
