# ruff: noqa: E501 (patterns)
"""The kinds of identifier a text can hold: the shape of each, the test it must pass, and what chance alone passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from warehouse.identifiers import checksums as check
from warehouse.identifiers.names import NAME_PATTERNS


@dataclass(frozen=True)
class Kind:
    """One kind. patterns: over folded text (`scan.fold`); what group 1 holds, else the whole match, is the identifier.

    is_true: the test a match must pass. shape, chance: a cell that is nothing but `shape` passes the test by chance
    with this probability; a column of such numbers is taken for identifiers only where more pass than chance lets.
    """

    code: str
    said: str
    patterns: tuple[str, ...]
    is_true: Callable[[pl.Expr], pl.Expr] | None = None
    shape: str | None = None
    chance: float = 0.0


_START, _END = r"(?:^|[^0-9A-Za-z.])", r"(?-u:\b)"
_APART = r"[ \-]"


def _number(*layouts: str) -> tuple[str, ...]:
    return tuple(f"{_START}({layout}){_END}" for layout in layouts)


_IDENTITY = _number(
    r"\d{17}[\dXx]",
    rf"\d{{6}}{_APART}{{1,2}}\d{{8}}{_APART}{{1,2}}\d{{3}}[\dXx]",
    rf"\d{{6}}{_APART}\d{{4}}{_APART}\d{{4}}{_APART}\d{{3}}[\dXx]",
    rf"\d{{4}}(?:{_APART}\d{{4}}){{3}}{_APART}\d[\dXx]",
    rf"\d{{3}}(?:{_APART}\d{{3}}){{4}}{_APART}\d\d[\dXx]",
    r"\d(?: \d){16} [\dXx]",
)


def _is_mistyped(text: pl.Expr) -> pl.Expr:
    return check.is_cn_person(text) & ~check.is_cn_identity(text) & ~check.bare(text).str.ends_with("000")


_ADMINISTRATIVE = r"(?:省|自治区|市|区|县|旗|镇|乡)"

KINDS = (
    Kind("cn_identity", "a Chinese identity number", _IDENTITY, check.is_cn_identity),
    Kind("cn_identity_mistyped", "a Chinese identity number with a wrong check digit", _IDENTITY[:3], _is_mistyped),
    Kind(
        "cn_identity_rounded", "a Chinese identity number rounded by a spreadsheet",
        (*_number(r"\d{15}000"), rf"{_START}(\d\.\d{{13,16}}[Ee]\+?17){_END}"), check.is_rounded_cn_identity,
    ),
    Kind(
        "cn_identity_15", "a Chinese identity number of the old form",
        _number(r"\d{15}", rf"\d{{6}}{_APART}\d{{6}}{_APART}\d{{3}}"), check.is_cn_identity_15, r"^\d{15}$", 0.013,
    ),
    Kind(
        "mobile", "a Chinese mobile number",
        _number(rf"(?:\+?86{_APART}?|0086{_APART}?)?1[3-9]\d{_APART}?\d{{4}}{_APART}?\d{{4}}"),
        shape=r"^\d{11}$", chance=0.07,
    ),
    Kind(
        "phone", "a telephone number",
        (
            *_number(
                r"(?:\+|00)[1-9]\d{0,2}[ ()/.\-]{0,3}\d(?:[ ()/.\-]{0,2}\d){6,12}",
                r"0[1-9]\d{1,4} ?[/\-] ?\d(?: ?\d){5,8}",
                r"(?:\(\d{3}\) ?|\d{3}[\-.])\d{3}[\-.]\d{4}",
            ),
            r"(?i:电话|手机|联系方式|telefon|phone|tel\.|tel:|mobil(?:e|nummer)?:|handy|fax)(?:号码?|nummer|number|no\.?)?"
            r"[ .::为是]{0,3}(\+?\d[\d ()/\-]{5,}\d)",
        ),
    ),
    Kind("email", "an e-mail address", (r"([A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})",)),
    Kind("person_name", "a person's name", NAME_PATTERNS),
    Kind(
        "address", "an address",
        (
            rf"({_ADMINISTRATIVE}[\p{{Han}}0-9]{{0,16}}(?:路|街|大道|巷|胡同|弄|村|小区|花园)[\p{{Han}}0-9\-]{{0,8}}\d+(?:号|弄|栋|幢|室|组|单元))",
            r"(?:县|区|市)(\p{Han}{1,6}(?:镇|乡)\p{Han}{1,6}村)",
            r"(?:住址|地址|家住|现住|户籍地?|住在)[: ]{0,2}(\p{Han}[\p{Han}0-9\-]{4,})",
            r"((?:\p{Lu}[\p{L}\-]*(?:straße|strasse|str\.|gasse|allee)|\p{Lu}[\p{L}\-]+[ \-](?:Straße|Strasse|Str\.|Allee|Platz)) ?\d{1,4} ?[a-z]?)(?-u:\b)",
            r"(\p{Lu}[\p{L}\-]*(?:weg|ring|damm|ufer|platz|hof) \d{1,4} ?[a-z]?,? ?\d{5} \p{Lu}\p{L}+)",
            r"(?-u:\b)(\d{1,5} (?:\p{Lu}[\p{L}']+ ){1,3}(?:Street|St\.|Avenue|Ave\.?|Road|Rd\.?|Lane|Ln\.|Drive|Boulevard|Blvd\.?|Crescent|Terrace))",
            r"(?i:\baddress|\badresse|\banschrift|wohnhaft)(?: in)?[: ]{1,2}(\p{Lu}[^;]{6,60})",
        ),
    ),
    Kind("iban", "an IBAN", (r"(?-u:\b)([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?-u:\b)",), check.is_iban),
    Kind(
        "kvnr", "a German health insurance number",
        (r"(?-u:\b)([A-Z] ?\d{3} ?\d{3} ?\d{3})(?-u:\b)",), check.is_kvnr, r"^[A-Z]\d{9}$", 0.1,
    ),
    Kind("us_ssn", "a US social security number", (
        *_number(r"\d{3}-\d{2}-\d{4}"), r"(?i:ssn|social security(?: number| no\.?)?)[ :#]{0,3}(\d{3} ?\d{2} ?\d{4})(?-u:\b)",
    ), check.is_us_ssn),
    Kind(
        "nhs_number", "an NHS number",
        (*_number(rf"\d{{3}}{_APART}\d{{3}}{_APART}\d{{4}}"), r"(?i:nhs)[A-Za-z .:#]{0,12}(\d{10})(?-u:\b)", r"^(\d{10})$"),
        check.is_nhs_number, r"^\d{10}$", 1 / 11,
    ),
    Kind("hospital_number", "a hospital number", (
        r"(?:住院号|病案号|门诊号|就诊号|病历号|登记号|病理号|影像号)[: 为是]{0,3}([A-Za-z]{0,4}-?\d[\dA-Za-z\-]{3,})",
        r"(?i:\bmrn|\bhospital (?:no\.?|number)|\bfall(?:nummer|-?nr\.?)|\bpat(?:ienten)?\.?-?(?:nummer|nr\.?|id)|\bpatient (?:no\.?|number|id))"
        r"[ :.#]{1,3}([A-Za-z]{0,4}-?\d[\dA-Za-z\-]{3,})",
    )),
    Kind("insurance_number", "an insurance or passport number", (
        r"(?:医保卡|社保卡|医保|护照)(?:号码?)?[: 为是]{0,3}([A-Za-z]{0,3}\d[\dA-Za-z]{5,})",
        r"(?i:\bversicherten(?:nummer|-?nr\.?)|\binsurance (?:no\.?|number)|\bpolicy (?:no\.?|number)|\bpassport(?: no\.?| number)?|\breisepass(?:nummer|-?nr\.?)?)"
        r"[ :.#]{1,3}([A-Za-z]{0,3}\d[\dA-Za-z]{5,})",
    )),
)  # fmt: skip
"""In this order a text is looked at; the first kind that takes a match keeps it."""

OF_THE_CENTRE = {
    "hospital_number_pattern": "a number of the centre's own pattern (scan.patterns)",
    "key_in_text": "a patient number of this export inside a text",
    "identifier_in_text": "a value of an identifier column inside another cell",
    "identifier_column": "a value in a column that `identifiers` names",
    "column_named_for_it": "a value in a column that is named for an identifier",
}
SAID = {kind.code: kind.said for kind in KINDS} | OF_THE_CENTRE
