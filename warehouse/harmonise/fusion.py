"""Gene fusions, amplifications and mutations beside a diagnosis: taken off, with the entities that have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schemas.codelist import wording
from warehouse.harmonise.normalise import normalise

_CHANGE = (
    r"(?:gene |基因)?(?:融合|fusion|fused|rearrange(?:d|ment)|translocat(?:ion|ed)|amplifi(?:cation|ed)|mutat(?:ion|ed)"
    r"|mutant|loss|deficien(?:t|cy)|negative|positiv(?:e|ity)|driven|altered|wild-?type|rearrangiert|amplifiziert|mutiert"
    r"|重排|易位|扩增|突变|缺失|断裂|阳性|\+)"
)
_JOINT = r" ?(?:::|-|/|:) ?"


@cache
def _fusions() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    rows = wording("histology_fusion").select("text", "entities").iter_rows()
    entities = {_form(normalise(text)): tuple(those.split("|")) for text, those in rows}
    names = sorted(entities, key=lambda name: (-len(name), name))
    pairs = "|".join(re.escape(name).replace("\\-", _JOINT) for name in names if "-" in name or name.startswith("t("))
    single = "|".join(re.escape(name) for name in names)
    before = r"(?<![a-z0-9])(?:with |mit |avec |con |伴|for |an? )*"
    return re.compile(
        rf"{before}(?P<pair>{pairs})(?:\([pq0-9.;]+\))?[ -]*(?:{_CHANGE}[ -]*)*(?![a-z0-9])"
        rf"|{before}(?P<single>{single})[ -]*(?:{_CHANGE}[ -]*)+(?![a-z0-9])"
    ), entities


def _form(name: str) -> str:
    return re.sub(_JOINT, "-", name) if not name.startswith("t(") else name


def without_fusions(normal: str) -> tuple[str, list[tuple[str, ...]]]:
    """The normal form without its fusions, each replaced by a comma, and for each the entities that have it."""
    pattern, entities = _fusions()
    found = [entities.get(_form(match["pair"] or match["single"]), ()) for match in pattern.finditer(normal)]
    if not found:
        return normal, []
    return normalise(pattern.sub(",", normal)), [those for those in found if those]
