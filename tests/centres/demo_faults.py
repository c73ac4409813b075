"""Faults several centres have in common, planted by their host's label or in any cohort patient's harmless cell."""

from __future__ import annotations

from datetime import date, timedelta

from demo_delivery import Cell, Row
from demo_planter import Condition, Planter
from demo_records import Contact, Line, Patient


def filled(planter: Planter, table: str, field: str) -> Condition:
    """The cell of the field holds something."""

    def fits(patient: Patient, row: Row) -> bool:
        return planter.get(row, table, field) not in (
            None,
            "",
            "未查",
            "ND",
            "UNK",
            "不详",
            "/",
            "—",
            "至今",
            "99991231",
        )

    return fits


def cohort_cell(
    planter: Planter, kind: str, rule: str, table: str, field: str, value: Cell, fits: Condition | None = None
) -> Row:
    """A wrong value in a cell of a cohort patient that decides nothing."""
    row = planter.cohort_row(table, fits or filled(planter, table, field))
    return planter.spoil(kind, rule, row, table, field, value)


def host_cell(
    planter: Planter, kind: str, rule: str, label: str, table: str, field: str, value: Cell, place: int = 0
) -> Row:
    """A wrong value in a cell of a patient outside the cohort."""
    return planter.spoil(kind, rule, planter.row(label, table, place), table, field, value)


def died_on(planter: Planter, label: str) -> date:
    """The true day of death of a host."""
    return next(c.death_on for c in planter.by_label[label].contacts if c.death_on)


def dead_row(planter: Planter, label: str) -> Row:
    """The row that tells of a host's death."""
    contacts = planter.by_label[label].contacts
    return planter.row(label, "follow_up", next(p for p, c in enumerate(contacts) if c.death_on))


def last_seen(planter: Planter, label: str) -> tuple[int, Contact]:
    """Place and contact at which a living host was last seen or spoken to."""
    found = [(p, c) for p, c in enumerate(planter.by_label[label].contacts) if c.status == "alive"]
    return max(found, key=lambda item: item[1].contact_on)


def palliative(planter: Planter, label: str) -> list[tuple[int, Line]]:
    """Places and lines of palliative treatment of a host, in order."""
    return [(p, line) for p, line in enumerate(planter.by_label[label].lines) if line.setting == "palliative"]


def contact_after_death(planter: Planter, label: str, days: int, kind: Cell, status: Cell) -> None:
    """A living contact some days after death."""
    row = planter.copied(
        dead_row(planter, label),
        contact_on=planter.day(died_on(planter, label) + timedelta(days=days)),
        contact_type=kind,
        status=status,
        death_on=None,
        death_cause=None,
    )
    planter.mark("a living contact after death", "contact_after_death", row, "follow_up", "contact_on")


def treatment_after_death(planter: Planter, label: str, agent: Cell) -> None:
    """A drug started after death; the last line is left open so that the drug lies inside it."""
    planter.put(planter.row(label, "treatment_line", -1), "treatment_line", "stopped_on", None)
    start = planter.day(died_on(planter, label) + timedelta(days=12))
    row = planter.copied(
        planter.row(label, "drug_exposure", -1),
        agent=agent,
        started_on=start,
        stopped_on=None,
        cycles=None,
        stop_reason=None,
    )
    planter.mark("a drug started after death", "treatment_after_death", row, "drug_exposure", "started_on")


def assessment_after_death(planter: Planter, label: str) -> None:
    """Imaging after death."""
    on = planter.day(died_on(planter, label) + timedelta(days=6))
    row = planter.copied(planter.row(label, "response_assessment", -1), assessed_on=on)
    planter.mark("imaging after death", "assessment_after_death", row, "response_assessment", "assessed_on")
    planter.follows("assessment_after_death", "progression_after_last_news", row, "response_assessment", "assessed_on")


def deaths_differ(planter: Planter, label: str) -> None:
    """A second row gives another day of death; both were heard of later."""
    first = dead_row(planter, label)
    heard = planter.day(died_on(planter, label) + timedelta(days=30))
    planter.put(first, "follow_up", "contact_on", heard)
    row = planter.copied(first, death_on=planter.day(died_on(planter, label) + timedelta(days=4)))
    planter.mark("two days of death", "deaths_differ", row, "follow_up", "death_on")


def alive_with_death_date(planter: Planter, label: str) -> None:
    """Called alive on the day given as the day of death."""
    place, contact = last_seen(planter, label)
    row = planter.row(label, "follow_up", place)
    planter.spoil(
        "alive, with a day of death",
        "alive_with_death_date",
        row,
        "follow_up",
        "death_on",
        planter.day(contact.contact_on),
    )


def diagnosed_late(planter: Planter, label: str, rule: str, on: date) -> None:
    """The day of diagnosis moved behind a day that must come after it."""
    field = {
        "death_before_diagnosis": ("follow_up", "death_on"),
        "metastatic_before_diagnosis": ("tumour", "metastatic_on"),
    }
    planter.put(planter.row(label, "tumour"), "tumour", "diagnosed_on", planter.day(on))
    row = dead_row(planter, label) if rule == "death_before_diagnosis" else planter.row(label, "tumour")
    planter.mark(f"the diagnosis moved: {rule.replace('_', ' ')}", rule, row, *field[rule])
    if rule == "metastatic_before_diagnosis":
        planter.follows(rule, "metachronous_at_diagnosis", row, "tumour", "is_synchronous")
        planter.earlier_follow(rule, "metastasis_before_diagnosis", label, "metastasis", "detected_on", on)


def line_number(planter: Planter, label: str, rule: str, value: Cell) -> None:
    """The number of a host's last line changed; a number that is another is not borne out by the drugs either."""
    place = palliative(planter, label)[-1][0]
    if rule in ("line_number_gap", "line_number_repeated") and planter.by_label[label].tumours[0].metastatic_on:
        row = planter.row(label, "treatment_line", place)
        planter.mark(
            "a line that its drugs do not bear out", "line_differs_from_drugs", row, "treatment_line", "line_stated"
        )
    host_cell(
        planter,
        f"the number of a line: {rule.replace('_', ' ')}",
        rule,
        label,
        "treatment_line",
        "line_stated",
        value,
        place,
    )


def drug_unmapped(planter: Planter, label: str, value: Cell) -> None:
    """An unknown drug; without it the drugs may give one line less."""
    host_cell(planter, "an unknown drug", "drug_unmapped", label, "drug_exposure", "agent", value)
    for place, _ in palliative(planter, label)[1:]:
        row = planter.row(label, "treatment_line", place)
        planter.follows("drug_unmapped", "line_differs_from_drugs", row, "treatment_line", "line_stated")


def line_dates_overlap(planter: Planter, label: str) -> None:
    """The first line ends after the second has begun."""
    (first, _), (second, line) = palliative(planter, label)[:2]
    planter.put(
        planter.row(label, "treatment_line", first),
        "treatment_line",
        "stopped_on",
        planter.day(line.started_on + timedelta(days=10)),
    )
    planter.mark(
        "two lines overlap",
        "line_dates_overlap",
        planter.row(label, "treatment_line", second),
        "treatment_line",
        "started_on",
    )


def line_stop_before_start(planter: Planter, label: str) -> None:
    """A line that ends ten days before it begins."""
    place, line = palliative(planter, label)[-1]
    host_cell(
        planter,
        "a line ends before it starts",
        "line_stop_before_start",
        label,
        "treatment_line",
        "stopped_on",
        planter.day(line.started_on - timedelta(days=10)),
        place,
    )


def stop_before_start(planter: Planter, label: str, place: int = 0) -> None:
    """A drug stopped before its first dose."""
    row = planter.row(label, "drug_exposure", place)
    started = planter.by_label[label].drugs[0].started_on
    planter.spoil(
        "a drug stops before it starts",
        "stop_before_start",
        row,
        "drug_exposure",
        "stopped_on",
        planter.day(started - timedelta(days=9)),
    )


def procedure_stop_before_start(planter: Planter) -> None:
    """A course of radiotherapy that ends before it begins."""
    row = planter.cohort_row("procedure", filled(planter, "procedure", "stopped_on"))
    start, stop = (planter.get(row, "procedure", field) for field in ("started_on", "stopped_on"))
    planter.put(row, "procedure", "started_on", stop)
    planter.spoil(
        "a procedure ends before it starts", "procedure_stop_before_start", row, "procedure", "stopped_on", start
    )


def adverse_event_before_treatment(planter: Planter) -> None:
    """An adverse event two months before the first drug."""
    row = planter.cohort_row("adverse_event", filled(planter, "adverse_event", "started_on"))
    patient = next(p for p in planter.by_label.values() if p.local_id == row.patient)
    first = min(item.started_on for item in patient.drugs)
    planter.spoil(
        "an adverse event before any drug",
        "adverse_event_before_treatment",
        row,
        "adverse_event",
        "started_on",
        planter.day(first - timedelta(days=60)),
    )
    planter.follows(
        "adverse_event_before_treatment", "immune_event_before_inhibitor", row, "adverse_event", "started_on"
    )


def duplicate(planter: Planter, table: str) -> None:
    """A row delivered twice."""
    copy = planter.copied(planter.cohort_row(table), fresh=False)
    planter.mark("a row delivered twice", "record_duplicate", copy, table)


def orphan(planter: Planter, table: str, number: str) -> None:
    """A row under a number that is in no patient table."""
    copy = planter.copied(planter.cohort_row(table))
    planter.owner(copy, number)
    planter.mark("a row of an unknown patient", "orphan_record", copy, table, column=_number_column(planter))


def _number_column(planter: Planter) -> str:
    """The column with the patient's number; the workbook's first sheet is a notice."""
    return planter.delivery.sheets[1 if planter.delivery.centre == "hn01" else 0].columns[0].name


def without_number(planter: Planter, table: str) -> None:
    """A row that does not say whose it is."""
    copy = planter.copied(planter.cohort_row(table))
    planter.owner(copy, None)
    planter.mark("a row without a patient number", "key_missing", copy, table, column=_number_column(planter))
