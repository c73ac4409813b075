"""Four centres of which one is unlike the others in everything a rule of scope cross_centre looks at."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import rule_cases

from warehouse import check

RULES = {
    "adverse_events_under_reported", "assessment_interval_outlier", "code_share_outlier", "completeness_outlier",
    "death_ascertainment_low", "file_at_two_centres", "follow_up_unequal", "linked_records_differ",
}  # fmt: skip


def centre(
    size: int, drug: str, weeks: str, dead: int, recent: int, events: int, site: str, born: str, start: int = 0
) -> str:
    """A centre of `size` patients. weeks: days of the first two assessments; dead, recent, events: of how many."""
    patients, tumours, drugs, assessments, contacts, adverse = [], [], [], [], [], []
    for n in range(size):
        day = f"{born}-{1 + (start + n) // 28:02d}-{1 + (start + n) % 28:02d}"
        patients.append(f"p{n} | M | {day}")
        tumours.append(f"p{n} | UPS | 2020-01-10 | 2020-06-10 | {site}")
        drugs.append(f"p{n} | {drug} | 2021-01-10")
        assessments += [f"p{n} | {on} | SD" for on in weeks.split()]
        status, contact = (
            ("dead", "2022-01-10") if n < dead else ("alive", "2024-05-01" if n < dead + recent else "2022-01-10")
        )
        contacts.append(f"p{n} | {status} | {contact} | {contact if n < dead else ''}")
        adverse += [f"p{n} | diarrhoea | 2021-02-10"] * (n < events)
    parts = {
        "patient\npatient | sex | born_on": patients,
        "tumour\npatient | histology | diagnosed_on | metastatic_on | topography": tumours,
        "drug_exposure\npatient | agent | started_on": drugs,
        "response_assessment\npatient | assessed_on | overall": assessments,
        "follow_up\npatient | status | contact_on | death_on": contacts,
        "adverse_event\npatient | term | started_on": adverse,
    }
    return "\n\n".join(head + "\n" + "\n".join(rows) for head, rows in parts.items() if rows)


USUAL = {"size": 40, "drug": "pembrolizumab", "weeks": "2021-03-10 2021-05-05", "dead": 20, "recent": 15, "events": 20, "site": "thigh"}  # fmt: skip
CENTRES = {
    "north": centre(**USUAL, born="1960"),
    "south": centre(**USUAL, born="1970"),
    "east": centre(**USUAL, born="1980"),
    "odd": centre(40, "axitinib", "2021-03-10 2021-07-10", 1, 2, 1, "", "1960", start=39),
}
ODD = {
    ("adverse_events_under_reported", "adverse_event", None),
    ("assessment_interval_outlier", "response_assessment", "assessed_on"),
    ("code_share_outlier", "drug_exposure", "agent"),
    ("completeness_outlier", "tumour", "topography"),
    ("death_ascertainment_low", "follow_up", "death_on"),
    ("follow_up_unequal", "follow_up", "contact_on"),
}
"""Rule, table and field of what is odd about the odd one; north shares a person and a file with it, south one with east."""
SHARED = {"file_at_two_centres", "linked_records_differ"}
SHARED_BY = {"north", "odd"}


def judge(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What these rules say of the four centres: results and faults."""
    with rule_cases.warehouse_of(CENTRES, folder) as connection:
        connection.execute(
            "insert into meta.column_mapping by name "
            "select distinct centre, table_name, field, 'x' as file_hash, '' as sheet, field as source_column "
            "from quality.completeness"
        )
        for name, sha in (("north", "same"), ("south", "own"), ("odd", "same")):
            connection.execute(
                "insert into meta.delivery_file by name select ? as centre, 'a.csv' as file, ? as sha256, 5 as bytes, ? as file_hash",
                [name, sha, sha],
            )
        connection.execute(
            "insert into quality.link by name "
            "select * from (values ('north:p0', 'odd:p0', 'north', 'odd', 'strong', 'undecided'), "
            "('east:p1', 'south:p1', 'east', 'south', 'strong', 'undecided')) "
            "as pair(patient_id, other_patient_id, centre, other_centre, band, decision)"
        )
        connection.execute(
            "insert into quality.link_conflict by name select 'north:p0' as patient_id, 'odd:p0' as other_patient_id, "
            "'death_dates_differ' as conflict_code, 'follow_up' as table_name, 'death_on' as field, 'either' as side"
        )
        wanted = {name: rule for name, rule in check.rules().items() if name in RULES}
        return check.run(connection, wanted, CENTRES)
