"""What the codes of one warehouse become in another: which texts, which patients, which groups of the cohort."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from schemas.errors import SarcregError
from schemas.registry import load_centres, load_registry
from schemas.sql_text import literal
from warehouse import publish
from warehouse import refresh as steps
from warehouse.home import Home, secret
from warehouse.version import code_version
from warehouse.workbench.open_terms import cells_sql

_HERE = Path(__file__).parent
_GROUPINGS = ("histology_group", "regimen_group", "line_group")


@dataclass(frozen=True)
class Comparison:
    """The codes of an earlier and a later warehouse, for texts that both have.

    texts: list, centre, text, code_before, code_after, rule_…, version_…, patients. patients: patient_id, centre, list,
    code_before, code_after. counts: grouping, value, before, after, joined, gone (patients).
    """

    texts: pl.DataFrame
    patients: pl.DataFrame
    counts: pl.DataFrame


def compare(before: Path, after: Path) -> Comparison:
    """Compare the codes of two warehouse files."""
    with duckdb.connect() as connection:
        for name, path in (("before", before), ("after", after)):
            connection.execute(f"attach {literal(path)} as {name} (read_only)")
        connection.execute("use after")
        recoded = (_HERE / "recoded.sql").read_text(encoding="utf-8")
        found = connection.execute(recoded.format(cells=cells_sql(), was=_said("was"), now=_said("now"))).pl()
        moved = (_HERE / "moved.sql").read_text(encoding="utf-8")
        counts = connection.execute(moved.format(members="\nunion all\n".join(_members()))).pl()
    texts = found.group_by(pl.exclude("patient_id"), maintain_order=True).agg(
        pl.col("patient_id").drop_nulls().n_unique().alias("patients")
    )
    people = found.select("patient_id", "centre", "list", "code_before", "code_after").drop_nulls("patient_id")
    return Comparison(
        texts.sort("patients", "list", "centre", "text", descending=[True, False, False, False]),
        people.unique().sort(pl.all()),
        counts,
    )


def _said(term: str) -> str:
    code = f"coalesce({term}.entity_code, {term}.code, case when not {term}.needs_query then 'ignored' end, '')"
    return f"{code} || case when {term}.needs_query then '?' else '' end"


def _members() -> Iterator[str]:
    for name in ("before", "after"):
        is_later = f"{name == 'after'} as is_later"
        yield f"select {is_later}, 'cohort' as grouping, 'in' as value, patient_id from {name}.mart.cohort"
        yield f"select {is_later}, 'cohort', 'out', patient_id from {name}.mart.exclusion"
        yield f"select {is_later}, 'first_reason_code', first_reason_code, patient_id from {name}.mart.exclusion"
        for grouping in _GROUPINGS:
            value = f"coalesce({grouping}, 'not known')"
            yield f"select {is_later}, '{grouping}', {value}, patient_id from {name}.mart.cohort"


@contextmanager
def built_now(home: Home, refresh: str) -> Iterator[Path]:
    """A warehouse of the exports of a refresh by the program, lists, maps and configuration as they are now.

    It is made aside and thrown away; nothing is published. Raises SarcregError where an export can no longer be read.
    """
    registry = load_registry(home.root)
    manifest = publish.manifest(home, refresh)
    as_of = datetime.fromisoformat(manifest["as_of"])
    job = steps.Job(home, registry, load_centres(home.root), secret(registry), manifest, as_of)
    parts = [steps.not_asked(job, code) for code in job.centres if code in manifest["centres"]]
    lost = [part for part in parts if part.contribution.folder is None and manifest["centres"][part.code]["typed"]]
    if lost:
        raise SarcregError(f"{lost[0].code}: {lost[0].contribution.reason}")
    with tempfile.TemporaryDirectory(dir=home.landing, prefix=".compare-") as place:
        folder = Path(place)
        (folder / publish.CONFIGURATION).symlink_to(home.root, target_is_directory=True)
        now = {"code_version": code_version(), "inputs_hash": "", "journal": 0}  # no event: nothing is asked
        yield steps.build_file(folder, job, parts, now, "now")
