"""`sarcreg retract`: a patient's withdrawal, written into the journal; an erasure is carried out at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.errors import ConfigurationError
from schemas.registry import load_registry
from warehouse import erase, erasing, journal
from warehouse.home import Home, one_writer
from warehouse.publish import locked
from warehouse.withdrawal import ERASE, ERASED, RETRACTED, Withdrawal, refuse_unfinished, unfinished, withdrawals


@dataclass(frozen=True)
class Retracted:
    """lines: what was done, for a terminal. is_clean: no value of the patient was found afterwards."""

    lines: tuple[str, ...]
    is_clean: bool = True


UNKNOWN = "in no kept refresh; every delivery is looked through"
"""What is said of a whole id that nothing kept knows: it may be right."""


def patient_of(root: Path, word: str, centre: str | None = None) -> erase.Meant:
    """The one patient named by an id or its beginning, or by the number at a centre; ConfigurationError for none or
    more."""
    load_registry(root)
    return erase.find(Home(root), word, centre)


def retract(root: Path, word: str, scope: str, on: date, why: str) -> Retracted:
    """Withdraw the patient named by an id or its beginning; an erasure that was cut short is completed."""
    load_registry(root)
    home = Home(root)
    with one_writer(home):
        centre, patient, is_known = erase.find(home, word)
        events = journal.events(home.events)
        before = {one.patient_id: one.scope for one in withdrawals(events).get(centre, ())}
        if scope == ERASE:
            refuse_unfinished(events, but=patient)
        elif before.get(patient) == ERASE:
            raise ConfigurationError(f"{patient} is withdrawn with the scope erase already; nothing is left to narrow.")
        if patient not in unfinished(events) and not erasing.begun(home, patient):
            journal.append(
                home.events, RETRACTED, centre=centre, patient=patient, scope=scope, on=on.isoformat(), why=why
            )
        item = next(one for one in withdrawals(journal.events(home.events))[centre] if one.patient_id == patient)
        if item.scope != ERASE:
            told = f"{patient}: {item.scope} from {item.on}; the next `sarcreg refresh` acts on it."
            return Retracted((told, *(() if is_known else (f"The patient is {UNKNOWN}.",))))
        return _erased(home, centre, item)


def _erased(home: Home, centre: str, item: Withdrawal) -> Retracted:
    from flows.survival import write_validation

    proof = erase.erase(home, centre, item, lambda refresh: write_validation(home, refresh))
    journal.append(home.events, ERASED, centre=centre, patient=item.patient_id, **erase.told(proof))
    erasing.end(home)
    lines = [f"{item.patient_id} is erased; the journal keeps this keyed hash, so that a re-delivery is refused."]
    lines += [f"  {count:>6}  {what}: {where}" for what, where, count in proof.places]
    lines.append(f"looked for {proof.values} value(s) that only this patient had in {proof.files} file(s): ")
    lines[-1] += "none found" if not proof.found else f"found in {len(proof.found)} file(s), look at them:"
    lines += [f"  {hits:>6}  {place}" for place, hits in proof.found]
    lines += [f"The locked data cut {one} is amended by it, and says so from now on." for one in locked(home)]
    if proof.is_nowhere:
        lines.append(
            "no delivery, refresh, query or release had this patient: the id may be wrong, or only a refused delivery "
            f"had it. Ask the centre for the number, then `sarcreg retract NUMBER --centre {centre} --scope erase`."
        )
    if proof.mentions:
        lines.append("rows of other patients that a person has to look at, and the centre to mend and deliver anew:")
        lines += [f"  - {one}" for one in proof.mentions]
    if proof.unread:
        lines.append("delivered files that cannot be read; look whether the patient is in them:")
        lines += [f"  - {one}" for one in proof.unread]
    if proof.elsewhere:
        lines += ["records of other centres, which were not touched:", *(f"  - {one}" for one in proof.elsewhere)]
    if proof.sent_out:
        lines += ["what only people can do, for it may have left this home:", *(f"  - {one}" for one in proof.sent_out)]
    lines.append("Run `sarcreg refresh` now: it analyses and reports anew.")
    return Retracted(tuple(lines), proof.is_clean)
