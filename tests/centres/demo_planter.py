"""Planting faults in written cells, and the answer key that says where each one lies and which rule must find it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from demo_delivery import Cell, Delivery, Row, Sheet
from demo_draw import Draw
from demo_records import Patient


@dataclass(frozen=True)
class Finding:
    """Something a correct system raises. `origin`: planted (the fault), implied (follows from one), natural.

    because: the rule of the fault an implied one follows from.
    """

    origin: str
    kind: str
    rule: str
    row: Row
    sheet: Sheet
    table: str
    field: str
    column: str
    patient: str
    because: str = ""

    def entry(self, centre: str, number: int | None) -> dict[str, str | int | None]:
        """The finding as the answer key has it, with the line counted now."""
        found: dict[str, str | int | None] = {} if number is None else {"fault": f"{centre}-{number:02d}"}
        return found | {
            "kind": self.kind,
            "rule": self.rule,
            "origin": self.origin,
            "centre": centre,
            "file": self.sheet.file,
            "sheet": self.sheet.name,
            "line": self.sheet.line_of(self.row),
            "column": self.column,
            "table": self.table,
            "field": self.field,
            "local_patient": self.patient,
            **({"because": self.because} if self.because else {}),
        }


@dataclass(frozen=True)
class Quirk:
    """A cell written oddly that must be read right without a finding; `expected` is the typed value as text."""

    kind: str
    row: Row
    sheet: Sheet
    table: str
    field: str
    column: str
    patient: str
    raw: str
    expected: str | None

    def entry(self, centre: str) -> dict[str, str | int | None]:
        """The quirk as the answer key has it."""
        return {
            "kind": self.kind,
            "centre": centre,
            "file": self.sheet.file,
            "sheet": self.sheet.name,
            "line": self.sheet.line_of(self.row),
            "column": self.column,
            "table": self.table,
            "field": self.field,
            "local_patient": self.patient,
            "raw": self.raw,
            "expected": self.expected,
        }


Condition = Callable[[Patient, Row], bool]


def _any(patient: Patient, row: Row) -> bool:
    return True


class Planter:
    """Finds hosts in one centre's delivery, changes their cells, and remembers what was done.

    A row that has been touched is never chosen again; faults are spread over as many cohort patients as there are.
    """

    def __init__(self, delivery: Delivery, patients: Sequence[Patient], seed: int) -> None:
        self.delivery = delivery
        self.by_label = {patient.label: patient for patient in patients}
        self.cohort = Draw(seed, "hosts", delivery.centre).shuffled([p for p in patients if p.truth.in_cohort])
        self.findings: list[Finding] = []
        self.quirks: list[Quirk] = []
        self._touched: set[int] = set()
        self._hosts: set[str] = set()
        self._fresh = 0

    def day(self, on: date) -> Cell:
        """A day in this centre's usual form."""
        if self.delivery.centre == "hn01":
            return on
        return on.strftime("%Y%m%d") if self.delivery.centre == "hn02" else on.isoformat()

    def told(self, row: Row, table: str, field: str) -> date | None:
        """The day a cell tells, year first in any form; None where it holds no whole day."""
        cell = self.get(row, table, field)
        if isinstance(cell, date):
            return cell
        digits = re.fullmatch(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?", str(cell))
        try:
            return date(*map(int, digits.groups())) if digits else None
        except ValueError:
            return None

    def row(self, label: str, table: str, place: int = 0) -> Row:
        """A row of a patient outside the cohort, by the patient's label."""
        row = self.delivery.rows(table, self.by_label[label].local_id)[place]
        self._touched.add(id(row))
        return row

    def cohort_row(self, table: str, fits: Condition = _any, share_host: bool = False) -> Row:
        """An untouched row of a cohort patient, first of one who hosts no fault yet."""
        free = [patient for patient in self.cohort if patient.label not in self._hosts]
        taken = [patient for patient in self.cohort if patient.label in self._hosts]
        for patient in self.cohort if share_host else [*free, *taken]:
            for row in self.delivery.rows(table, patient.local_id):
                if id(row) not in self._touched and fits(patient, row):
                    self._touched.add(id(row))
                    if not share_host:
                        self._hosts.add(patient.label)
                    return row
        raise LookupError(f"{self.delivery.centre}: no cohort patient can host a fault in {table}")

    def get(self, row: Row, table: str, field: str) -> Cell:
        """A cell by the field it fills."""
        return self.delivery.get(row, table, field)

    def put(self, row: Row, table: str, field: str, value: Cell) -> None:
        """Change a cell without recording anything."""
        place = self.delivery.sheet_of(row).position_of(table, field)
        assert place is not None, (table, field)
        row.cells[place] = value

    def mark(
        self, kind: str, rule: str, row: Row, table: str, field: str = "", origin: str = "planted", column: str = "",
        because: str = "",
    ) -> None:  # fmt: skip
        """Record a finding at a row as it is. because: for an implied one, the rule of the fault it follows from."""
        sheet = self.delivery.sheet_of(row)
        place = sheet.position_of(table, field) if field else None
        name = column or (sheet.columns[place].name if place is not None else "")
        self.findings.append(Finding(origin, kind, rule, row, sheet, table, field, name, row.patient, because))

    def follows(self, because: str, rule: str, row: Row, table: str, field: str) -> None:
        """Record that this very record may be found by `rule` too, for the fault of the rule `because`."""
        self.mark(f"follows from {because}", rule, row, table, field, "implied", because=because)

    def earlier_follow(self, because: str, rule: str, label: str, table: str, field: str, day: date) -> None:
        """The same of each of a person's records whose day is before `day`, as it is written."""
        for row in self.delivery.rows(table, self.by_label[label].local_id):
            told = self.told(row, table, field)
            if told is not None and told < day:
                self.follows(because, rule, row, table, field)

    def spoil(self, kind: str, rule: str, row: Row, table: str, field: str, value: Cell) -> Row:
        """Change a cell and record the fault."""
        self.put(row, table, field, value)
        self.mark(kind, rule, row, table, field)
        return row

    def odd(
        self, kind: str, row: Row, table: str, field: str, raw: Cell, expected: str | None, column: str = ""
    ) -> None:
        """Write a cell oddly; it must still be read as `expected`."""
        sheet = self.delivery.sheet_of(row)
        place = sheet.position(column) if column else sheet.position_of(table, field)
        assert place is not None, (table, field)
        row.cells[place] = raw
        self.quirks.append(
            Quirk(kind, row, sheet, table, field, sheet.columns[place].name, row.patient, str(raw), expected)
        )

    def copied(self, row: Row, fresh: bool = True, **values: Cell) -> Row:
        """A copy of a row right behind it, with other values by field; `fresh` gives it a record number of its own."""
        sheet = self.delivery.sheet_of(row)
        copy = Row(row.tables, row.patient, list(row.cells))
        sheet.rows.insert(next(p for p, other in enumerate(sheet.rows) if other is row) + 1, copy)
        self._touched |= {id(row), id(copy)}
        for field, value in values.items():
            self.put(copy, row.tables[0], field, value)
        if fresh:
            self._renumber(sheet, copy)
        return copy

    def _renumber(self, sheet: Sheet, row: Row) -> None:
        names = [column.name for column in sheet.columns]
        self._fresh += 1
        for name, value in (("ORDER_NO", f"D9{self._fresh:05d}"), ("AE_ID", f"A9{self._fresh:05d}")):
            if name in names:
                row.cells[names.index(name)] = value
        if "redcap_repeat_instance" in names:
            row.cells[names.index("redcap_repeat_instance")] = str(90 + self._fresh)

    def owner(self, row: Row, value: Cell) -> None:
        """Change the patient number a row is written under; the row then belongs to nobody known."""
        row.cells[0] = value
        row.patient = "" if value is None else str(value)

    def remove(self, rows: Sequence[Row]) -> None:
        """Take rows out of the file."""
        for row in rows:
            sheet = self.delivery.sheet_of(row)
            sheet.rows = [other for other in sheet.rows if other is not row]

    def without(self, rule: str, label: str) -> None:
        """Forget natural findings of a rule for a patient: the fault has taken their cause away."""
        local = self.by_label[label].local_id
        self.findings = [
            f for f in self.findings if not (f.rule == rule and f.patient == local and f.origin == "natural")
        ]


def natural(planter: Planter) -> None:
    """Findings that belong to the true patients: they are there in the clean variant too."""
    for patient in planter.by_label.values():
        if "histology_unresolved" in patient.truth.reasons:
            row = planter.delivery.rows("tumour", patient.local_id)[0]
            planter.mark(
                "diagnosis that leaves the entity open", "histology_doubtful", row, "tumour", "histology", "natural"
            )
        for row in planter.delivery.rows("drug_exposure", patient.local_id):
            if "PD-1单抗" in str(planter.get(row, "drug_exposure", "agent")):
                planter.mark(
                    "only the class of the drug is known", "drug_class_only", row, "drug_exposure", "agent", "natural"
                )
        if not patient.contacts:
            row = planter.delivery.rows("patient", patient.local_id)[0]
            planter.mark("no follow-up delivered", "no_follow_up", row, "patient", origin="natural")


def at_two_centres(planters: Sequence[Planter]) -> None:
    """The person with equal link tokens at two centres: one finding at each."""
    seen: dict[str, list[tuple[Planter, Patient]]] = {}
    for planter in planters:
        for patient in planter.by_label.values():
            seen.setdefault(patient.link_token, []).append((planter, patient))
    for found in seen.values():
        if len(found) > 1:
            for planter, patient in found:
                row = planter.delivery.rows("patient", patient.local_id)[0]
                planter.mark(
                    "the same person at two centres", "patient_at_two_centres", row, "patient", "link_token", "natural"
                )
