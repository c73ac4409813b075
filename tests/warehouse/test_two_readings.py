"""A local diagnosis and its central review in two columns of one export: both kept, the review counts, a query asks."""

from __future__ import annotations

from pathlib import Path

import small_home

from warehouse.home import Home
from warehouse.query import sql

TWICE = """  tumour:
    - file: cases.csv
      patient: PatNo
      columns:
        {histology: Diagnosis, review: {value: local}, diagnosed_on: Diagnosed, metastatic_on: Metastatic, size_mm: Size}
    - {file: cases.csv, patient: PatNo, columns: {histology: Reviewed, review: {value: central}}}
"""


def test_both_diagnoses_are_kept_and_the_review_counts(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    path = home / "centres" / "aa01" / "centre.yaml"
    text = path.read_text(encoding="utf-8")
    before, after = text.index("  tumour:\n"), text.index("  treatment_line:\n")
    path.write_text(text[:before] + TWICE + text[after:], encoding="utf-8")
    reviewed = ["ASPS", "", "UPS", "favour ASPS", "", ""]
    rows = [f"{row},{word}" for row, word in zip(small_home.cases(), reviewed, strict=True)]
    export = home / "incoming" / "aa01" / "cases.csv"
    export.write_text("\n".join([f"{small_home.CASES},Reviewed", *rows]) + "\n", encoding="utf-8")
    refresh, states = small_home.refresh(home)
    assert (refresh is not None, states) == (True, {"aa01": "fresh"})

    found = sql(
        Home(home),
        "select local.histology_source as word, r.readings, r.review_code, r.entity_code, r.local_entity_code, "
        "r.is_group_changed, zero.entity_code as used, zero.is_metastatic "
        "from mart.histology_review as r join core.tumour as local using (patient_id) "
        "join mart.time_zero as zero using (patient_id) where local.review_code = 'local' "
        "order by local.size_mm",
    )
    assert found.rows() == [
        ("leiomyosarcoma", 2, "central", "ASPS", "LMS", True, "ASPS", True),
        ("ASPS", 1, "local", "ASPS", "ASPS", None, "ASPS", True),
        ("leiomyosarcoma", 2, "central", "UPS", "LMS", True, "UPS", True),
        ("ASPS", 2, "central", None, "ASPS", None, None, True),
        ("leiomyosarcoma", 1, "local", "LMS", "LMS", None, "LMS", True),
        ("ASPS", 1, "local", "ASPS", "ASPS", None, "ASPS", True),
    ]
    asked = sql(Home(home), "select count(*) from quality.finding where rule = 'histology_readings_differ'")
    assert asked.item() == 2
    kept = sql(Home(home), "select review_code, count(*) from core.tumour group by all order by all")
    assert kept.rows() == [("central", 3), ("local", 6)]
