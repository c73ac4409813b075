"""What is true of a synthetic patient, before any hospital writes it down. Dates are days; codes are our own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class When:
    """A date as well as the hospital knows it: precision is day, month or year."""

    day: date
    precision: str = "day"


@dataclass(frozen=True)
class Tumour:
    """A tumour. `text` and `icdo` are the diagnosis as the centre words it; `site` is a key of demo_words.SITES."""

    text: str
    icdo: str
    diagnosed: When
    site: str
    metastatic_on: date | None
    is_index: bool = True
    sequence: int = 1
    review: str = "local"
    depth: str | None = "deep"
    size_mm: int | None = None
    grade: str | None = None
    is_synchronous: bool = False
    is_locally_advanced_only: bool = False
    is_other_malignancy_active: bool = False


@dataclass(frozen=True)
class Line:
    """A line of treatment; `stated` is '1' … '5', '>=3', 'adjuvant' or 'neoadjuvant'."""

    stated: str
    setting: str
    started_on: date
    stopped_on: date | None
    stop_reason: str | None
    ecog: int
    ecog_on: date
    is_trial: bool = False


@dataclass(frozen=True)
class Drug:
    """A drug given from its first to its last dose; `agent` is a generic name, or a class in angle brackets."""

    agent: str
    started_on: date
    stopped_on: date | None
    is_ongoing: bool = False
    dose: float | None = None
    unit: str = "mg"
    cycles: int | None = None
    stop_reason: str | None = None
    is_administered: bool = True


@dataclass(frozen=True)
class Assessment:
    """An assessment on the day of its imaging; `overall` is None at baseline."""

    assessed_on: date
    reported_on: date
    overall: str | None
    target_sum_mm: int | None
    has_new_lesion: bool | None
    modality: str = "CT"


@dataclass(frozen=True)
class AdverseEvent:
    """An adverse event; `term` is a CTCAE v5 term."""

    term: str
    grade: int
    started_on: date
    stopped_on: date | None
    is_immune_related: bool
    agent: str | None
    outcome: str
    is_serious: bool = False
    has_steroid: bool = False


@dataclass(frozen=True)
class Contact:
    """A contact or news; kinds: visit, inpatient, phone, relative_fetched_drugs, discharged_against_advice."""

    contact_on: date
    kind: str
    status: str | None
    death_on: date | None = None
    cause: str | None = None


@dataclass(frozen=True)
class Procedure:
    """A local treatment."""

    kind: str
    intent: str
    site: str
    started_on: date
    stopped_on: date | None = None
    margin: str | None = None
    dose_gy: int | None = None
    fractions: int | None = None


@dataclass(frozen=True)
class Metastasis:
    """A site of distant disease, a key of demo_words.METASTASES."""

    site: str
    detected_on: date


@dataclass(frozen=True)
class Truth:
    """What a correct pipeline must derive; end points and groups are None for patients outside the cohort."""

    in_cohort: bool
    reasons: tuple[str, ...] = ()
    index_on: date | None = None
    os_days: int | None = None
    os_event: bool | None = None
    pfs_days: int | None = None
    pfs_event: bool | None = None
    entity: str | None = None
    histology_group: str | None = None
    line: int | None = None
    regimen_group: str | None = None


@dataclass(frozen=True)
class Patient:
    """A person as one centre knows her. `label` is the name under which faults find their host."""

    label: str
    centre: str
    local_id: str
    sex: str
    born: When
    registered_on: date
    link_token: str
    truth: Truth
    tumours: tuple[Tumour, ...]
    lines: tuple[Line, ...]
    drugs: tuple[Drug, ...]
    assessments: tuple[Assessment, ...]
    adverse_events: tuple[AdverseEvent, ...]
    contacts: tuple[Contact, ...]
    procedures: tuple[Procedure, ...]
    metastases: tuple[Metastasis, ...]
    legal_basis: str = "study_consent"
    withdrawal_on: date | None = None
    withdrawal_scope: str | None = None
