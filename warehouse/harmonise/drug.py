"""Read what was given: an agent, a class, or a regimen, under any of their names.

A regimen is freed of doses and cut at its joints ('+', 联合, '/', 'and'); each part is freed of schedule and dosage
form and must then be a whole term, or a spelling that can be no other agent (`spelling.py`). Single letters and other
short names count inside a regimen only. One part that is not understood leaves the whole text to a human: half a
regimen is a wrong regimen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from schemas.codelist import IGNORED, load
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.spelling import respelt
from warehouse.harmonise.wording import DOUBT, find_doubt, phrases

_STRONG = re.compile(
    r"\+|联合|联用|、|,|;|&| plus | combined with | in combination with | associe a | in kombination mit | with "
    r"|序贯|加用|加"
)
_WEAK = re.compile(r"/| and | und | et | y | e |和|及|与|并| ")
_LAST = re.compile(r"-| ")
_EITHER = re.compile(r" or | oder | ou | o | then | puis | dann |或|改为|改用|换用|后改|更换为")
_NUMBER = r"\d+(?:[.,]\d+)?"
_UNIT = r"(?:mg|g|ug|mcg|iu|miu|mu|u|ml|万u|万单位|毫克|微克|单位|克|支|片|粒|瓶)"
_PER = r"(?:/(?:kg|m2|mq|d|day|w|日|天|次))"
_DOSE = re.compile(
    rf"(?<![a-z0-9])(?:auc ?{_NUMBER}|{_NUMBER}(?:-{_NUMBER})? ?{_UNIT}{_PER}?{_PER}?"
    r"|q\d+[dwh]|qd|od|bid|tid|qod|biw|qw|prn|po|civ|ivgtt|iv|sc|im|\d+h|d(?:ay ?)?\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*"
    r"|\d+ (?:bid|tid|qd|od)|[x*] ?\d+ ?(?:cycles?|cures?|cicli|ciclos?|zyklen|zyklus|cykler|c|周期)?"
    r"|\d+ ?(?:cycles?|courses?|cures?|cicli|ciclos?|zyklen|zyklus))(?![a-z0-9])"
    r"|(?:共|第)?\d+个?(?:周期|程|次|疗程)|每\d?[日天周月](?:一次|\d次)?|\d周停\d周|\*\d+$"
)
_SAID = re.compile(
    r"(?<![a-z0-9])(?:weekly|every \d weeks|(?:once )?daily|maintenance|monotherapy|mono|single[ -]agent|alone"
    r"|therapy|therapie|treatment|regimen|protocol|biosimilar|generic|hebdomadaire|metronomi(?:que|c|ca|sch)"
    r"|en monotherapie|in monoterapia|en monoterapia|al dia|al giorno|par jour|tgl|woechentlich|settimanale|semanal"
    r"|schema|alternating)(?![a-z0-9])"
    r"|口服|静脉滴注|静脉注射|静滴|静注|皮下注射|维持治疗|维持|单药|方案|治疗|周疗|自购药?|赠药|国产|进口|\(自购\)|\(赠药\)"
)
_FORM = re.compile(
    r"注射用|注射液|注射剂|胶囊|片剂|片$|针剂|针$|口服液|粉针|冻干|单克隆抗体$|^盐酸|^甲磺酸|^苹果酸|^重组|^硫酸|^酒石酸"
    r"|(?<![a-z])(?:hydrochloride|hcl|mesylate|malate|tosylate|sulfate|tartrate|phosphate|citrate|acetate"
    r"|(?:for )?injection|capsules?|tablets?)(?![a-z])"
)
_UNSTATED = re.compile(
    r"\(?(?:具体)?(?:药物|药名|名称|品种|方案)?(?:具体)?不详\)?|(?<![a-z])\(?(?:unknown|unspecified|not specified|nos"
    r"|name unknown|agent unknown|nicht bekannt|inconnue?|desconocid[oa]|non specificat[oa])\)?(?![a-z])"
)
_CLASS_WORDS = {
    "化疗": ("cytotoxic", "supportive"),
    "chemotherapy": ("cytotoxic", "supportive"),
    "chemo": ("cytotoxic", "supportive"),
    "免疫": ("immunotherapy",),
    "靶向": ("antiangiogenic", "other"),
}
_CLASS_TAIL = re.compile("(化疗|免疫|靶向|chemotherapy|chemo)$")
_CLASS_HEAD = re.compile(r"(?P<outer>.+?)(?: par | mit | con | by | using |:|用|予)(?P<inner>.+)")
_BRACKETED = re.compile(r"(?P<outer>.+)\((?P<inner>[^()]+)\)")
_ONE_OF = frozenset({"PD-1", "PD-L1", "CTLA-4", "anthracycline", "platinum", "taxane", "vinca"})
"""Classes of which one regimen holds one agent."""
_MOST_PARTS = 8
_LEAST_NAMED = 4

NOT_STATED = "class known, agent not stated"
_EITHER_ASKS = "one or the other, or one after the other: ask"
_TWICE = "two of one class in one regimen: one thing twice, or one after the other? ask"


@cache
def _components() -> Mapping[str, str]:
    return {
        code: component or "" for code, component in load("drug").codes.select("code", "component_code").iter_rows()
    }


@cache
def _classes() -> Mapping[str, str]:
    return dict(load("drug").codes.select("code", "class_code").iter_rows())


def _named(part: str, *, inside: bool) -> Term | None:
    term = terms("drug").get(key(part)) if part else None
    return None if term is not None and term.scope == "regimen_only" and not inside else term


def _bare(part: str) -> str:
    """A part without dose, schedule and dosage form."""
    return normalise(_FORM.sub(" ", normalise(_SAID.sub(" ", normalise(_DOSE.sub(" ", part)))))).strip(" -.,;:/()*")


def _trim(part: str) -> str:
    """A part without the space and the half brackets that a cut leaves at its ends."""
    part = part.strip()
    while part.startswith((")", "(")) and part.count("(") != part.count(")"):
        part = part[1:].strip()
    while part.endswith((")", "(")) and part.count("(") != part.count(")"):
        part = part[:-1].strip()
    return part


def _part(part: str, *, inside: bool) -> Term | None:
    """The term of one part of a regimen; a class word behind an agent ('AI化疗') must fit the agent."""
    bare = _bare(part)
    for text in (part, bare):
        if term := _named(text, inside=inside):
            return term
    if term := respelt(bare):
        return term
    stated = _bare(_UNSTATED.sub(" ", part))
    if stated != bare and (term := _named(stated, inside=inside)) and term.code and term.needs_query:
        return term  # the class alone: its agent is asked in any case
    tail = _CLASS_TAIL.search(bare)
    term = _named(_bare(bare[: tail.start()]), inside=inside) if tail else None
    if tail is None or term is None or not term.code:
        return None
    fits = all(_components().get(code) in _CLASS_WORDS[tail[0]] for code in term.code.split("+"))
    return term if fits else None


def _bracketed(part: str) -> list[Term] | None:
    """'PD-1单抗(信迪利单抗)', 'A, B (AB)': two names of one thing, or a class and its agent."""
    found = _BRACKETED.fullmatch(part) or _CLASS_HEAD.fullmatch(part)
    if not found:
        return None
    whole = found.re is _CLASS_HEAD
    outer = [term] if (term := _part(found["outer"], inside=False)) else None if whole else _cut(found["outer"])
    inner = [term] if (term := _part(found["inner"], inside=False)) else _cut(found["inner"])
    if outer is None or inner is None:
        return None
    around, within = _joined(outer), _joined(inner)
    if around and around == within and not whole:
        return inner
    for general, named, said in ((outer, inner, within), (inner, outer, around)):
        if not said or len(general) != 1:
            continue
        if said in general[0].candidates and not whole:
            return named
        code = general[0].code
        if code and all(_is_of_class(agent, code) for agent in said.split("+")):
            return named
    return None


def _joined(found: Iterable[Term]) -> str:
    """The code of a whole regimen; empty when one of its parts has none."""
    parts = list(found)
    if any(term.code is None or term.code == IGNORED for term in parts):
        return ""
    return "+".join(sorted({code for term in parts if term.code for code in term.code.split("+")}))


def _is_of_class(agent: str, whole: str) -> bool:
    """Whether an agent is one of those that a class-level code may stand for."""
    if not whole.startswith("class:") or agent.startswith("class:") or agent not in _classes():
        return False
    named, held = whole.removeprefix("class:"), _classes()[agent]
    if named in ("immunotherapy", "checkpoint_inhibitor", "PD-1/PD-L1"):
        return held in ("PD-1", "PD-L1")
    if named in ("chemotherapy", "antiangiogenic"):
        return _components()[agent] == _components()[whole]
    if named == "targeted":
        return _components()[agent] in _CLASS_WORDS["靶向"]
    return held.endswith("_tki") if named == "tki" else held == named


def _split(text: str, *, inside: bool) -> list[Term] | None:
    """The terms of a text cut at the strongest joint that makes every part a term; None when none does."""
    if term := _part(text, inside=inside):
        return [term]
    return _bracketed(text) or _cut(text)


def _cut(text: str) -> list[Term] | None:
    for joint in (_STRONG, _WEAK, _LAST):
        pieces = [_trim(piece) for piece in joint.split(text)]
        parts = [piece for piece in pieces if piece and (_bare(piece) or _named(piece, inside=True))]
        if not 2 <= len(parts) <= _MOST_PARTS:
            continue
        found = [_split(part, inside=True) for part in parts]
        if all(found):
            return [term for terms_of in found if terms_of for term in terms_of]
        if joint is _STRONG:
            return None
    return None


@cache
def _names() -> re.Pattern[str]:
    """Every name that is long enough to be looked for inside a text."""
    known = (normalise(term.text) for term in terms("drug").values() if term.code and term.code != IGNORED)
    return phrases(name for name in known if len(name) >= _LEAST_NAMED or name.endswith("疗"))


def _mentioned(text: str) -> list[str]:
    """The codes of the names that a text holds, all together first: guesses for a human, never taken."""
    found = [term.code for name in _names().findall(text) if (term := terms("drug").get(key(name))) and term.code]
    found += _known_parts(text)
    every = sorted({code for joined in found for code in joined.split("+")})
    return list(dict.fromkeys(["+".join(every), *found])) if every else []


def _known_parts(text: str) -> list[str]:
    parts = [term for piece in _STRONG.split(text) if (term := _part(_trim(piece), inside=False))]
    return [term.code for term in parts if term.code and term.code != IGNORED]


def read_drug(text: str) -> Reading | None:
    """A drug or regimen text as a reading; None when no part of it is known."""
    normal = normalise(text)
    doubt = find_doubt(normal)
    rest = doubt[1] if doubt else normal
    if _EITHER.search(f" {rest} "):
        return _either(rest)
    found = _split(rest, inside=False) or _split(normalise(_SAID.sub(" ", _DOSE.sub(" ", rest))), inside=False)
    if found is None:
        rule = "regimen" if _known_parts(rest) else "none"
        known = _mentioned(rest)
        return doubtful(rule, "part of the text is not understood", known) if known else None
    open_terms = [term for term in found if term.code is None]
    ignored = [term for term in found if term.code == IGNORED]
    codes = sorted({code for term in found if term.code and term.code != IGNORED for code in term.code.split("+")})
    joined = "+".join(codes)
    if doubt or open_terms or (ignored and codes):
        reason = DOUBT.format(doubt[0]) if doubt else (open_terms + ignored)[0].reason
        guesses = [joined, *codes] if joined else []
        return doubtful("regimen", reason, [*guesses, *(c for term in open_terms for c in term.candidates)])
    if not codes:
        return Reading(None, "regimen", False, f"ignored: {ignored[0].reason}")
    classes = [held for code in codes if (held := _classes().get(code)) in _ONE_OF]
    if len(classes) != len(set(classes)):
        return doubtful("regimen", _TWICE, [joined, *codes])
    asked = any(code.startswith("class:") for code in codes) and any(term.needs_query for term in found)
    spelt = "; ".join(dict.fromkeys(term.reason for term in found if term.kind == "respelt"))
    return Reading(joined, "regimen", asked, NOT_STATED if asked else spelt)


def _either(text: str) -> Reading | None:
    """One drug or another, or one after another: two codes are no regimen."""
    known = _mentioned(text)
    return doubtful("regimen", _EITHER_ASKS, known[1:] + known[:1]) if known else None
