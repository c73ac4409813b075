"""SNOMED CT: none is committed, and a home's own file is checked line by line."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from schemas.standards.licensed import COLUMNS, FILE, SYSTEM, licensed, places

ROOT = Path(__file__).resolve().parents[2]
HEADER = "use,code,system,value\n"
S = SYSTEM

# what stands in the file                                        | what is said
FAULTS = [
    ("use,code,system\nlaterality,L,x\n", 'line 1: the column "value" is missing'),
    ("", 'line 1: the column "use" is missing'),
    (f"{HEADER}side,L,{S},555501\n", 'line 2: no use "side". They are: evidence, grade, intent'),
    (f"{HEADER}\nlateralty,L,{S},555501\n", 'line 3: no use "lateralty". Did you mean "laterality"?'),
    (f"{HEADER}laterality,left,{S},555501\n", 'line 2: the use laterality has no code "left". Its codes are: B, L, M'),
    (f"{HEADER}laterality,L,{S},\n", 'line 2: "" is no SNOMED CT identifier'),
    (f"{HEADER}laterality,L,{S},55X501\n", 'line 2: "55X501" is no SNOMED CT identifier'),
    (f"{HEADER}laterality,L,SNOMED,555501\n", 'line 2: the system is "SNOMED"; only http'),
    (f"{HEADER}laterality,L,{S},555501\nlaterality,R,{S},555502\nlaterality,L,{S},555503\n", "line 4: laterality L stands in line 2"),
    (f'{HEADER}laterality,"L,{S},555501\n', "not readable as UTF-8 CSV"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as fault:
        licensed(tmp_path)
    assert str(fault.value).startswith(FILE) and said in str(fault.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(HEADER.encode() + b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="Save it as CSV UTF-8"):
        licensed(tmp_path)


def test_a_file_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(
        f"\ufeffcode,use,value,system,source\r\n L ,laterality, 555501 ,{SYSTEM},own\r\n,,,,\r\n".encode()
    )
    assert licensed(tmp_path).rows() == [("laterality", "L", SYSTEM, "555501")]


def test_no_file_is_no_row(tmp_path: Path) -> None:
    assert licensed(tmp_path).shape == (0, len(COLUMNS))


def test_the_docs_name_every_use_and_its_value_set() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    for use, code, _, value_set in places().iter_rows():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{use}`"))
        assert value_set in row and f"`{code}`" in row, use


def _verhoeff(digits: str) -> bool:
    """Whether the last digit is Verhoeff's check of those before it, as SNOMED CT makes its identifiers."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        moved = int(digit)
        for _ in range(place % 8):
            moved = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[moved]
        check = _turned(check, moved)
    return check == 0


def _turned(a: int, b: int) -> int:
    """The product in the group of a pentagon's five turns (0 to 4) and five flips (5 to 9)."""
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def _is_identifier(digits: str) -> bool:
    """A concept or description as SNOMED CT numbers it: the third and second last digits name the kind."""
    return (
        6 <= len(digits) <= 18 and digits[0] != "0" and digits[-3:-1] in ("00", "01", "10", "11") and _verhoeff(digits)
    )


def test_the_check_digit_is_verhoeff_s() -> None:
    """Published examples of Verhoeff's scheme; of all hundred-thousand numbers with one kind, a tenth passes."""
    assert _verhoeff("2363") and not _verhoeff("2364") and _verhoeff("123451") and _verhoeff("84736430954837284567892")
    passing = sum(
        _is_identifier(f"{a}{b}{c}00{d}") for a, b, c, d in product("123", "0123456789", "0123456789", "0123456789")
    )
    assert passing == 300


FOLDERS = {".ci", "analytics", "docs", "flows", "schemas", "tests", "warehouse"}
"""Whatever else lies beside them, as a home made to try something, is not the repository's."""

ELSEWHERE = ("tests/warehouse/",)
"""The identifier scan's cases: citizens' numbers, of which one in a thousand would pass; examples/ has dates that do."""


def _sources() -> list[Path]:
    """The files of the repository, found without git: what stands in its folders and beside them, caches left out."""
    tops = [path for path in ROOT.iterdir() if path.is_file() or path.name in FOLDERS]
    return [
        path
        for top in tops
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def test_no_snomed_identifier_is_committed() -> None:
    """No file of the repository has a number that could be one, and no table a row of SNOMED CT's system."""
    found, read = [], 0
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(ELSEWHERE):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        read += 1
        if path.suffix == ".csv" and "snomed.info" in text:
            found.append(f"{name}: the system of SNOMED CT")
        numbers = re.findall(r"(?<![\w.])[0-9]{6,18}(?![\w.])", text)
        found += [f"{name}: {number}" for number in numbers if _is_identifier(number)]
    assert found == [] and read > 500
