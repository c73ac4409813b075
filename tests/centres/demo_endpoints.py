"""The end points a correct pipeline must derive, found by walking through a patient's days one by one.

Written from the rules' words for the true patient alone; it shares no code and no method with the models. The settings
are those of the demonstration's registry.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from demo_design import CUT_OFF
from demo_records import Drug, Patient

TWO_MISSED = 2 * 56 + 2 * 7
LONGEST_GAP = 180
DEATH_WINDOW = 90
CONFIRMED_AFTER = 28
STABLE_FROM = 42
WINDOW = 28
SUPPORTIVE = "zoledronic acid"
INHIBITORS = {
    "<PD-1>", "sintilimab", "camrelizumab", "toripalimab", "tislelizumab", "penpulimab", "pembrolizumab", "nivolumab",
    "cadonilimab", "ipilimumab", "atezolizumab", "durvalumab",
}  # fmt: skip
IN_PERSON = ("visit", "inpatient", "discharged_against_advice")
Ending = tuple[int, int]
"""Days and CNSR."""


def end_points(patient: Patient) -> dict[str, Any]:
    """PARAMCD -> [days, CNSR] and the best responses of a patient of the cohort."""
    days = Days(patient)
    found: dict[str, Any] = {
        "PFSFDA": days.fda(),
        "PFSRWD": days.rwd(),
        "TTNT": days.next_treatment(),
        "TTD": days.discontinuation(),
    }
    response = days.first_response()
    if response is not None:
        found["DOR"] = days.response_lasts(response)
    return {
        **{name: list(ending) for name, ending in found.items()},
        "best": days.best(),
        "confirmed": days.confirmed(),
    }


class Days:
    """A patient's records as days from time zero, up to the cut-off."""

    def __init__(self, patient: Patient) -> None:
        zero = patient.truth.index_on
        assert zero is not None
        last = (CUT_OFF[patient.centre] - zero).days

        def day(on: date) -> int:
            return (on - zero).days

        def known(days: Iterable[int]) -> list[int]:
            return sorted(number for number in days if 0 < number <= last)

        given = [drug for drug in patient.drugs if drug.is_administered]
        self.assessments = sorted(
            (day(item.assessed_on), item.overall)
            for item in patient.assessments
            if item.overall is not None and 0 < day(item.assessed_on) <= last
        )
        self.progressions = [number for number, code in self.assessments if code == "PD"]
        deaths = known(day(contact.death_on) for contact in patient.contacts if contact.death_on)
        self.death = deaths[0] if deaths else None
        alive = [contact for contact in patient.contacts if contact.status == "alive"]
        doses = [on for drug in given for on in (drug.started_on, drug.stopped_on) if on]
        imaged = [item.assessed_on for item in patient.assessments]
        local = [procedure.started_on for procedure in patient.procedures]
        seen = [contact.contact_on for contact in alive if contact.kind in IN_PERSON]
        self.visits = known(map(day, [*doses, *imaged, *local, *seen]))
        spoken = [contact.contact_on for contact in alive if contact.kind != "relative_fetched_drugs"]
        self.last_alive = max(known(map(day, [*doses, *imaged, *local, *spoken])), default=0)

        def in_regimen(drug: Drug) -> bool:
            start, stop = day(drug.started_on), None if drug.stopped_on is None else day(drug.stopped_on)
            return (start <= 0 and (stop is None or stop >= 0)) or 1 <= start <= WINDOW

        regimen = {drug.agent for drug in given if in_regimen(drug) and drug.agent != SUPPORTIVE}
        self.inhibitors = [
            (drug.is_ongoing, None if drug.stopped_on is None else day(drug.stopped_on))
            for drug in given
            if drug.agent in regimen & INHIBITORS and day(drug.started_on) >= 0
        ]
        new = [drug for drug in given if drug.agent not in regimen and drug.agent != SUPPORTIVE]
        self.therapies = known(day(drug.started_on) for drug in new)
        self.operations = known(map(day, local))

    def fda(self) -> Ending:
        """Step by step: an assessment moves the last look, new therapy ends it, an event must not come too late."""
        looked = 0
        steps = [(number, 0, code) for number, code in self.assessments if code != "NE"]
        steps += [(number, 1, "therapy") for number in (*self.therapies, *self.operations)]
        steps += [(self.death, 2, "death")] if self.death is not None else []
        for number, _, what in sorted(steps):
            if what == "therapy":
                return looked, 2
            if what in ("PD", "death"):
                return (looked, 3) if number - looked > TWO_MISSED else (number, 0)
            looked = number
        return looked, 1

    def rwd(self) -> Ending:
        """From visit to visit, until one is too late."""
        last = 0
        for number in self.visits:
            if self.death is not None and number > self.death:
                break
            if number - last > LONGEST_GAP:
                return last, 4
            if number in self.progressions:
                return number, 0
            last = number
        if self.death is None:
            return last, 1
        never_assessed = all(code == "NE" for _, code in self.assessments)
        return (self.death, 0) if never_assessed or self.death - last <= DEATH_WINDOW else (last, 5)

    def next_treatment(self) -> Ending:
        """The first new treatment that is not added to an inhibitor that goes on; death is an event too."""

        def is_added(number: int) -> bool:
            given = any(ongoing or (stop is not None and stop >= number) for ongoing, stop in self.inhibitors)
            return given and not any(seen <= number for seen in self.progressions)

        starts = [number for number in self.therapies if not is_added(number)]
        if starts:
            return starts[0], 0
        return (self.death, 0) if self.death is not None else (self.last_alive, 1)

    def discontinuation(self) -> Ending:
        """The last dose of the inhibitors, or death under them."""
        if any(ongoing for ongoing, _ in self.inhibitors):
            return (self.death, 0) if self.death is not None else (self.last_alive, 1)
        stops = [stop for _, stop in self.inhibitors]
        return (0, 1) if None in stops else (max(stop for stop in stops if stop is not None), 0)

    def course(self) -> list[tuple[int, str]]:
        """Assessments up to the first progression and the day of new treatment."""
        found = []
        for number, code in self.assessments:
            if self.therapies and number > self.therapies[0]:
                break
            found.append((number, code))
            if code == "PD":
                break
        return found

    def first_response(self) -> int | None:
        """Day of the first CR or PR."""
        return next((number for number, code in self.course() if code in ("CR", "PR")), None)

    def response_lasts(self, start: int) -> Ending:
        """From the response to progression or death."""
        ends = [number for number in self.progressions if number > start]
        ends += [self.death] if self.death is not None else []
        if ends:
            return min(ends) - start, 0
        return max(number for number, code in self.assessments if code != "NE") - start, 1

    def best(self) -> str | None:
        """Best overall response, none confirmed."""
        return self._best(lambda number, code: code)

    def confirmed(self) -> str | None:
        """Best overall response where CR and PR must be confirmed."""

        def counted(number: int, code: str) -> str:
            return code if code not in ("CR", "PR") or self._is_confirmed(number, code) else "SD"

        return self._best(counted)

    def _is_confirmed(self, start: int, code: str) -> bool:
        skipped = 0
        for number, later in self.course():
            if number <= start:
                continue
            if later == "NE":
                skipped += 1
            elif later == "CR" or later == code:
                if number - start >= CONFIRMED_AFTER and skipped <= 1:
                    return True
            else:
                return False
        return False

    def _best(self, counted: Callable[[int, str], str]) -> str | None:
        codes = [(number, counted(number, code)) for number, code in self.course()]
        stable = ["SD" if number >= STABLE_FROM else "NE" for number, code in codes if code == "SD"]
        others = [code for _, code in codes if code != "SD"]
        return min([*stable, *others], key=("CR", "PR", "SD", "PD", "NE").index, default=None)
