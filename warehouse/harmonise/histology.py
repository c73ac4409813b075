"""Read a diagnosis as a pathologist's clerk would: one entity, or a question.

A text is cut into segments (brackets, commas, slashes, 'and', 伴). Each is a code, a term of the list after the words
around it are taken off, or nothing but such words. The text is coded only if every segment is understood and all name
one entity, or one entity and what holds it. Doubt, negation, several diagnoses, a grade or a site that fits another
entity, and text against code are questions with the entities as candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from schemas.codelist import load
from warehouse.harmonise.fusion import without_fusions
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.peel import Peeled, peel, without_spread
from warehouse.harmonise.reading import GRADE, MALIGNANT, PART, SITE, SPREAD, STAIN, Reading, doubtful
from warehouse.harmonise.standard_code import is_within, morphology_entities, morphology_in
from warehouse.harmonise.stem import Bag, bag, corrected
from warehouse.harmonise.wording import DOUBT, find_doubt, has_han

_CODE = re.compile(r"(?<![\d.])m?-?[89]\d{3}/[0-369][1-9]?(?!\d)")
_OUTER = re.compile(r"[,;:()\n]| - ")
_INNER = re.compile(r"\+|(?<!\d)/|/(?!\d)| (?:and|plus|&|et|und|y|e|ed) |合并|[及和与]")
_BEFORE = (
    (re.compile(r"^\W*\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+(?=[^\W\d])"), ""),  # the number in a pick list: '3.2.11. '
    (re.compile(r"(?<![^\W_])([dl])['’ʼ`´](?=\w)", re.IGNORECASE), r"\1 "),  # d'Ewing
    (re.compile(r"(?<![^\W_])(de|un)-(?=dif)", re.IGNORECASE), r"\1"),
    (re.compile(r"(?<![^\W_])w/ ?", re.IGNORECASE), "with "),
    (re.compile(r"(?<=\d),\s+(?=\d)"), "; "),  # 'grade 2, 8 cm' is no size of 2,8 cm
)
_ASIDE = re.compile(
    r"(?<![a-z0-9.])(?:[cpyr]{0,3}t[0-4x][a-d]?(?: ?n[0-3x][a-c]?)?(?: ?m[01x][ab]?)?|[cpy]?n[0-3]|c?m0"  # TNM
    r"|\d+(?:[.,]\d+)?(?: ?[x*] ?\d+(?:[.,]\d+)?){0,2} ?[cm]m|\d+ ?mitoses/10 ?hpf|(?:19|20)\d\d"  # size, year
    r"|stage (?:i{1,3}|[1-3])[abc]?|(?:irs )?group (?:i{1,3}|[1-3])"
    r"|(?:kit|pdgfra|ctnnb1)(?: exon ?\d+| [a-z]\d{2,3}[a-z])"  # mutation
    r"|i{1,3}[abc]?期|术后 ?\d+余?(?:年|个?月)余?|resection ?x ?\d)(?![a-z0-9/-])"
)
_TOPOGRAPHY = re.compile(r"(?<![a-z0-9.])c\d\d(?:\.?(?:\d|-))?(?![\d/])")
_MARKER = re.compile(
    r"(?<![a-z0-9])(?P<marker>tfe3|s-?100|cd\d{1,3}[a-z]?|erg|mdm2|cdk4|p16|desmin|des|sma|myogenin|myod1|h-?caldesmon|ck|ae1/ae3|ema|ini-?1"
    r"|smarcb1|brg1|sox10|hmb-?45|melan-?a|stat6|nkx2\.2|fli-?1|tle1|vimentin|vim|ki-?67|mib-?1|alk|satb2|muc4)"
    r" ?(?:\(positive\)|\(negative\)|positive|negative|\+{1,3}|-(?![a-z0-9])|阳性|阴性"
    r"|(?:lost|loss|缺失)(?![a-z])|\d{1,3}%\+?|约\d{1,3}%)"
)
_ABSENT = re.compile(r"(?:negative\)?|-|阴性|lost|loss|缺失)$")
_AGAINST = {
    ("tfe3", "absent"): ("ASPS",),
    ("mdm2", "absent"): ("DDLPS", "WDLPS", "ALT"),
    ("stat6", "absent"): ("SFT", "SFT-B", "MSFT"),
    ("cd99", "absent"): ("EWS", "PPNET"),
    ("muc4", "absent"): ("LGFMS", "SEF"),
    ("myogenin", "absent"): ("RMS",),
    ("ini1", "present"): ("EPIS", "MRT", "PDCHOR"),
    ("smarcb1", "present"): ("EPIS", "MRT", "PDCHOR"),
}
"""Stains without which, or with which, a diagnosis does not hold: the entities (and their subtypes) that ask then."""
_HAN_MANNER = re.compile("(?<=[\u3400-\u9fff])[性型状](?=[\u3400-\u9fff])|(?<=黏液)样")
_NO_NAME = re.compile(r"[/+<>?]")
_GRADE_DIGITS = {"grade_low": "1", "grade_high": "23", "grade_1": "1", "grade_2": "2", "grade_3": "3"}
_SPREAD = "metastatic"


K = TypeVar("K", str, Bag)


@dataclass(frozen=True)
class Entity:
    """What is needed of an entity to judge the words around it."""

    behaviour: str
    grades: str
    sites: tuple[str, ...]
    is_site_required: bool

    def asks_site(self, topography: str) -> bool:
        """Whether the site speaks for another entity: a listed one, or any but the listed ones."""
        listed = any(topography.startswith(prefix) for prefix in self.sites)
        return bool(self.sites) and listed != self.is_site_required


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment understood: the entity, or the doubtful term, and the words taken off."""

    peeled: Peeled
    entity: str | None = None
    term: Term | None = None
    is_understood: bool = True


@cache
def entities() -> Mapping[str, Entity]:
    """Every entity by its code."""
    columns = load("histology").codes.select("entity_code", "behaviour", "grades", "site_query").iter_rows()
    found: dict[str, Entity] = {}
    for code, behaviour, grades, sites in columns:
        prefixes = tuple((sites or "").removeprefix("!").split())
        found[code] = Entity(behaviour or "", grades or "", prefixes, (sites or "").startswith("!"))
    return found


@cache
def _bags() -> Mapping[Bag, Term]:
    """Terms in Latin letters by their bag of stems; a bag that two meanings share is left out."""
    return _unshared(
        (bag(normalise(term.text)), term) for term in terms("histology").values() if not has_han(term.text)
    )


@cache
def _manners() -> Mapping[str, Term]:
    """Chinese terms without 性, 型 and 状, which writers exchange (胚胎性, 胚胎型); none that two meanings share."""
    return _unshared(
        (_HAN_MANNER.sub("", key(term.text)), term) for term in terms("histology").values() if has_han(term.text)
    )


def _unshared(found: Iterable[tuple[K, Term]]) -> Mapping[K, Term]:
    kept: dict[K, Term] = {}
    shared: set[K] = set()
    for form, term in found:
        known = kept.setdefault(form, term)
        if (known.code, frozenset(known.candidates)) != (term.code, frozenset(term.candidates)):
            shared.add(form)
    return {form: term for form, term in kept.items() if form and form not in shared}


@cache
def _stems() -> frozenset[str]:
    return frozenset(stem for form in _bags() for stem in form)


@lru_cache(maxsize=200_000)
def _named(text: str) -> Term | None:
    """The term that a normal form is as a whole: as written, or in its concepts whatever their order and language."""
    if not text:
        return None
    if (term := terms("histology").get(key(text))) is not None or _NO_NAME.search(text):
        return term
    return _manners().get(_HAN_MANNER.sub("", key(text))) if has_han(text) else _bags().get(bag(text))


def _misspelt(text: str) -> Term | None:
    """The term that a normal form is once one long word is put right."""
    if not text or has_han(text) or _NO_NAME.search(text):
        return None
    meant = corrected(bag(text), _stems())
    return None if meant is None else _bags().get(meant)


@lru_cache(maxsize=200_000)
def _segment(text: str) -> Segment:
    if code := morphology_in(text):
        found = morphology_entities(code)
        coded = Term(text, "", None, found, True, "no such code in the list", kind="code")
        return Segment(Peeled(""), found[0] if len(found) == 1 else None, coded, bool(found))
    if _TOPOGRAPHY.fullmatch(text):
        return Segment(Peeled("", frozenset({"site"}), (text.upper().rstrip(".-"),)))
    for name in (_named,) if has_han(text) else (_named, _misspelt):
        peeled = peel(text, name)
        if (term := name(peeled.rest)) is not None:
            return Segment(peeled, term.code, term)
        if not peeled.rest:
            return Segment(peeled)
    return Segment(peeled, is_understood=False)


def read_histology(text: str) -> Reading | None:
    """A diagnosis in free text as a reading; None when nothing in it is a known term."""
    for pattern, written in _BEFORE:
        text = pattern.sub(written, text)
    normal = normalise(_MARKER.sub(",", normalise(text)))
    doubt = find_doubt(normal)
    rest, is_spread = without_spread(doubt[1] if doubt else normal)
    found, reason = _read_with_fusions(rest, is_spread)
    if doubt is None:
        target = found.target if found else None
        return _ask(STAIN, (target,))[0] if target and _is_stained_otherwise(target, normalise(text)) else found
    candidates = _named_by(found)
    if not candidates and reason is None:
        return None
    return doubtful("structured", DOUBT.format(doubt[0]), candidates)


def _is_stained_otherwise(target: str, normal: str) -> bool:
    """Whether the text has a stain that the entity cannot have."""
    for stain in _MARKER.finditer(normal):
        sign = "absent" if _ABSENT.search(stain[0]) else "present"
        marker = stain["marker"].replace("-", "")
        if any(is_within(target, other) for other in _AGAINST.get((marker, sign), ())):
            return True
    return False


def _read_with_fusions(normal: str, is_spread: bool) -> tuple[Reading | None, str | None]:
    """The reading of a text; a fusion that is no part of a name must be one that the entity named has."""
    found, reason = _read(normal, is_spread)
    if found is not None and found.target is not None:
        return found, reason
    rest, allowed = without_fusions(normal)
    if not allowed:
        return found, reason
    named, why = _read(rest, is_spread)
    if named is None or named.target is None:
        return (found, reason) if found is not None else (named, why)
    against = [others for others in allowed if not any(is_within(named.target, other) for other in others)]
    if against:
        return _ask("the fusion speaks for another entity: ask", (named.target, *against[0]))
    return named, why


def _named_by(reading: Reading | None) -> tuple[str, ...]:
    if reading is None:
        return ()
    return (reading.target,) if reading.target else reading.candidates


def _segments(normal: str) -> Iterator[Segment]:
    """The segments of a text; one is cut at 'and' and slashes only if it is not understood as a whole."""
    rest = _CODE.sub(",", normal)
    for part in _parts(_OUTER, _TOPOGRAPHY.sub(",", _ASIDE.sub(",", rest))):
        whole = _segment(part)
        inner = [] if whole.is_understood else _parts(_INNER, part)
        yield from map(_segment, inner) if len(inner) > 1 else [whole]
    yield from map(_segment, _CODE.findall(normal) + _TOPOGRAPHY.findall(rest))


def _parts(cut: re.Pattern[str], text: str) -> list[str]:
    return [part for piece in cut.split(text) if (part := piece.strip(" -."))]


def _read(normal: str, is_spread: bool) -> tuple[Reading | None, str | None]:
    """The reading of a text without doubt, and the reason when it is a question."""
    whole = _segment(normal)
    parts = list(_segments(normal))
    if whole.term is not None:
        split = [part.entity for part in parts if part.entity is not None]
        if whole.entity is not None and not all(is_within(whole.entity, one) for one in split):
            return _ask("several diagnoses: ask which one", (whole.entity, *split))
        parts = [whole]
    strange = [part.peeled.rest for part in parts if not part.is_understood]
    if strange:
        parts, strange = _joined(parts)
    named = [part for part in parts if part.term is not None]
    if not named:
        return None, None
    reading = _agree(named)
    if strange:
        return _ask(PART, _named_by(reading))
    if reading.target is None:
        return reading, reading.reason
    peeled = [part.peeled for part in parts]
    kinds = frozenset(kind for one in peeled for kind in one.kinds) | ({_SPREAD} if is_spread else frozenset())
    sites = tuple(site for one in peeled for site in one.sites)
    against = _contradiction(reading.target, kinds, sites)
    return _ask(against, (reading.target,)) if against else (reading, None)


def _ask(reason: str, candidates: Iterable[str]) -> tuple[Reading, str]:
    return doubtful("structured", reason, candidates), reason


def _joined(parts: list[Segment]) -> tuple[list[Segment], list[str]]:
    """The segments, with those that are one inverted name ('liposarcoma, dedifferentiated') made into one.

    Only a name that the other segments make more specific is joined; else the strange words stay.
    """
    strange = [part for part in parts if not part.is_understood]
    named = [part for part in parts if part.term is not None and part.term.kind != "code"]
    rest = [part.peeled.rest for part in strange]
    if len(named) == 1 and named[0].term is not None:
        head = named[0].peeled.rest
        for text in (" ".join([*rest, head]), " ".join([head, *rest]), "".join([*rest, head])):
            term = _named(text)
            if term is not None and _specifies(term, named[0].term):
                joined = [named[0], *strange]
                kinds = frozenset(kind for part in joined for kind in part.peeled.kinds)
                one = Segment(
                    Peeled(text, kinds, tuple(site for part in joined for site in part.peeled.sites)), term.code, term
                )
                return [one if part is named[0] else part for part in parts if part not in strange], []
    return parts, rest


def _specifies(term: Term, head: Term) -> bool:
    """Whether all that a term may mean is one of those that a name may mean, or a subtype of it."""
    meanings = (head.code,) if head.code else head.candidates
    return all(
        any(is_within(one, other) for other in meanings) for one in ((term.code,) if term.code else term.candidates)
    )


def _agree(named: list[Segment]) -> Reading:
    """The one entity that all named segments allow, or a question with all they name."""
    sure = list(dict.fromkeys(part.entity for part in named if part.entity is not None))
    open_terms = [part.term for part in named if part.entity is None and part.term is not None]
    every = [*sure, *(candidate for term in open_terms for candidate in term.candidates)]
    if not sure:
        obsolete = next((term for term in open_terms if term.kind != "code"), open_terms[0])
        return doubtful("structured", obsolete.reason, every)
    inner = [one for one in sure if all(is_within(one, other) for other in sure)]
    if not inner:
        return doubtful("structured", "several diagnoses: ask which one", every)
    for term in open_terms:
        if term.kind == "obsolete":
            return doubtful("structured", term.reason, every)
        if not any(is_within(inner[0], other) for other in term.candidates):
            what = "text and code disagree" if term.kind == "code" else "several diagnoses: ask which one"
            return doubtful("structured", what, every)
    code_against = any(part.term is not None and part.term.kind == "code" and part.entity != inner[0] for part in named)
    if code_against and not all(is_within(inner[0], one) for one in sure):
        return doubtful("structured", "text and code disagree", every)
    return Reading(inner[0], "structured")


def _contradiction(code: str, kinds: frozenset[str], sites: tuple[str, ...]) -> str | None:
    """Why the words around a name speak against its entity, or None."""
    entity = entities()[code]
    for kind in kinds & _GRADE_DIGITS.keys():
        if not set(_GRADE_DIGITS[kind]) & set(entity.grades):
            return GRADE
    if "malignant" in kinds and entity.behaviour != "3":
        return MALIGNANT
    if _SPREAD in kinds and entity.behaviour in ("0", "1"):
        return SPREAD
    if any(entity.asks_site(site) for site in sites):
        return SITE
    return None
