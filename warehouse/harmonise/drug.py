"""Read what was given: an agent, a class, or a regimen, under any of their names.

A regimen is cut at its joints ('+', 联合, '/', 'and'), each part is freed of dose, schedule and dosage form and must
then be a whole term. Single letters and other short names count inside a regimen only. One part that is not
understood leaves the whole text to a human: half a regimen is a wrong regimen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schemas.codelist import IGNORED, load
from warehouse.harmonise.lookup import Term, terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import Reading, doubtful
from warehouse.harmonise.wording import DOUBT, find_doubt

_STRONG = re.compile(r"\+|联合|联用|、|,|;|&| plus | combined with | in combination with | with |序贯|加用|加")
_WEAK = re.compile(r"/| and | und | et | y | e |和|及|与|并| ")
_LAST = re.compile(r"-| ")
_UNIT = r"(?:mg|g|ug|mcg|iu|miu|mu|u|ml|万u|万单位|毫克|微克|单位|克|支|片|粒|瓶)"
_PER = r"(?:/(?:kg|m2|d|day|w|日|天|次))"
_DOSE = re.compile(
    rf"(?<![a-z0-9])(?:auc ?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)? ?{_UNIT}{_PER}?{_PER}?"
    r"|q\d+[dwh]|qd|bid|tid|qod|biw|qw|prn|po|iv|ivgtt|sc|im|d(?:ay ?)?\d+(?:-\d+)?(?:,\d+)*"
    r"|x ?\d+ ?(?:cycles?|c|周期)?|\d+ ?(?:cycles?|courses?)|weekly|every \d weeks|(?:once )?daily|maintenance"
    r"|monotherapy|single agent|alone|therapy|treatment|regimen|chemo)(?![a-z0-9])"
    r"|(?:共|第)?\d+个?(?:周期|程|次|疗程)|每\d?[日天周月](?:一次|\d次)?|口服|静脉滴注|静脉注射|静滴|静注|皮下注射"
    r"|维持治疗|维持|单药|方案|治疗|自购药?|赠药|国产|进口|\(自购\)|\(赠药\)"
)
_FORM = re.compile(
    r"注射用|注射液|注射剂|胶囊|片剂|片$|针剂|针$|口服液|粉针|冻干|单克隆抗体$|^盐酸|^甲磺酸|^苹果酸|^重组|^硫酸|^酒石酸"
    r"|(?<![a-z])(?:hydrochloride|hcl|mesylate|malate|tosylate|sulfate|tartrate|(?:for )?injection|capsules?|tablets?)"
    r"(?![a-z])"
)
_CLASS_WORDS = {
    "化疗": ("cytotoxic", "supportive"),
    "chemotherapy": ("cytotoxic", "supportive"),
    "免疫": ("immunotherapy",),
    "靶向": ("antiangiogenic", "other"),
}
_CLASS_TAIL = re.compile("(化疗|免疫|靶向|chemotherapy)$")
_BRACKETED = re.compile(r"(?P<outer>.+)\((?P<inner>[^()]+)\)")
_MOST_PARTS = 8

NOT_STATED = "class known, agent not stated"


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
    return normalise(_FORM.sub(" ", normalise(_DOSE.sub(" ", part)))).strip(" -.,;:/()")


def _part(part: str, *, inside: bool) -> Term | None:
    """The term of one part of a regimen; a class word behind an agent ('AI化疗') must fit the agent."""
    for text in (part, _bare(part)):
        if term := _named(text, inside=inside):
            return term
    tail = _CLASS_TAIL.search(bare := _bare(part))
    term = _named(_bare(bare[: tail.start()]), inside=inside) if tail else None
    if tail is None or term is None or not term.code:
        return None
    fits = all(_components().get(code) in _CLASS_WORDS[tail[0]] for code in term.code.split("+"))
    return term if fits else None


def _bracketed(part: str) -> Term | None:
    """'PD-1单抗(信迪利单抗)': a name in brackets behind its class, or the reverse, or two names of one agent."""
    found = _BRACKETED.fullmatch(part)
    if not found:
        return None
    outer, inner = _part(found["outer"], inside=False), _part(found["inner"], inside=False)
    if outer is None or inner is None or not outer.code or not inner.code:
        return None
    if outer.code == inner.code:
        return inner
    for whole, name in ((outer, inner), (inner, outer)):
        if whole.code and name.code and all(_is_of_class(agent, whole.code) for agent in name.code.split("+")):
            return name
    return None


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
    if term := _part(text, inside=inside) or _bracketed(text):
        return [term]
    for joint in (_STRONG, _WEAK, _LAST):
        parts = [part for part in (part.strip(" ()") for part in joint.split(text)) if part and _bare(part)]
        if not 2 <= len(parts) <= _MOST_PARTS:
            continue
        found = [_split(part, inside=True) for part in parts]
        if all(found):
            return [term for terms_of in found if terms_of for term in terms_of]
        if joint is _STRONG:
            return None
    return None


def read_drug(text: str) -> Reading | None:
    """A drug or regimen text as a reading; None when no part of it is known."""
    normal = normalise(text)
    doubt = find_doubt(normal)
    rest = doubt[1] if doubt else normal
    found = _split(rest, inside=False)
    if found is None:
        known = [
            term.code for part in _STRONG.split(rest) if (term := _part(part.strip(" ()"), inside=False)) and term.code
        ]
        known = [code for code in known if code != IGNORED]
        return doubtful("regimen", "part of the regimen is not understood", known) if known else None
    open_terms = [term for term in found if term.code is None]
    ignored = [term for term in found if term.code == IGNORED]
    codes = sorted({code for term in found if term.code and term.code != IGNORED for code in term.code.split("+")})
    joined = "+".join(codes)
    if doubt or open_terms or (ignored and codes):
        reason = DOUBT.format(doubt[0]) if doubt else (open_terms + ignored)[0].reason
        return doubtful(
            "regimen", reason, [joined, *(c for term in open_terms for c in term.candidates)] if joined else ()
        )
    if not codes:
        return Reading(None, "regimen", False, f"ignored: {ignored[0].reason}")
    asked = any(code.startswith("class:") for code in codes) and any(term.needs_query for term in found)
    return Reading(joined, "regimen", asked, NOT_STATED if asked else "")
