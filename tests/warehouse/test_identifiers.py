"""The scan on planted identifiers of every kind, what it misses, and where it must be silent; packing; the landing."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_home import make_home, refresh, write_export

from schemas.centre import load_centre
from schemas.privacy import Transfer, purpose_fault, transfer_fault
from warehouse.identifiers import scan
from warehouse.identifiers.checksums import cn_check_digit, is_cn_identity, is_iban, is_kvnr, is_nhs_number
from warehouse.identifiers.pack import MANIFEST, pack

# Made-up numbers with right check digits, the public examples of their issuers, and invented names.
PLANTED = {
    "cn_identity": (
        "身份证110101199003074514", "１１０１０１１９９００３０７４５１４", "110101 19900307 4514",
        "1101 0119 9003 0745 14", "id 11010519491231002X.", "11010519491231002x",
    ),
    "cn_identity_mistyped": ("110101199003074515", "身份证：110101199003074516"),
    "cn_identity_rounded": ("110101199003074000", "1.10101199003074E+17"),
    "cn_identity_15": ("110101900307451", "旧证 130503670401001"),
    "mobile": ("手机13812345678", "+86 138-1234-5678", "１３８１２３４５６７８"),
    "phone": ("ring +49 170 1234567", "030/1234567", "(405) 321-1111", "0371-65567890", "Tel.: 0 62 21 56 43 21"),
    "email": ("reach x.y@example.org", "张三@例 zhang@example.cn"),
    "person_name": (
        "患者王建国，男，56岁", "姓名：李雷", "李女士来院", "Frau Müller kam", "Mr. John Smith was seen", "Name: Hans Huber",
        "患者赵德海因咳嗽", "Patient name: Anna Schmidt",
    ),
    "address": ("家住河南省郑州市金水区花园路28号", "Hauptstraße 12, Heidelberg", "of 12 Baker Street", "某县张庄乡李家村"),
    "iban": ("DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"),
    "kvnr": ("A123456780", "KV A 123 456 780"),
    "us_ssn": ("078-05-1120", "SSN 078051120"),
    "nhs_number": ("943 476 5919", "NHS no 9434765919"),
    "hospital_number": ("住院号：00181583", "MRN: 123456", "Fallnr. 8123456"),
    "insurance_number": ("医保卡号 A1234567", "护照E12345678", "Passport no. C01X00T47"),
}  # fmt: skip
MISSED = (
    "王建国昨日来电", "Patient Karl Meyer kam", "4.1E+17", "Smith J was seen", "9434765919 is hers", "MRS SMITH",
    "d 110101l99003074514", "440524188001010014",
)  # fmt: skip
HARMLESS = (
    "2021-03-05", "20210315", "2021-03-05 2021-04-06 2021-05-07", "患者高热因感染入院", "患者于2020年确诊", "PD-1单抗200mg q3w",
    "pT2bN0M0, G3, 5×4×3cm", "1.2.840.113619.2.55.3.604688119.971", "MR Abdomen", "mRS 2", "LDH 245 U/L; PLT 181 10^9/L",
    "ICD-O 9581/3, C49.2", "帕博利珠单抗 2021年3月上旬", "202403150001234", "20240315000123", "胆道3号支架", "高分化脂肪肉瘤",
    "Charge 4711, Lot B12", "RECIST 1.1: -30%", "NCT04165330", "10.1056/NEJMoa1234567", "白细胞 3.2", "5000 0000 0000",
    "Herr", "姓名不详", "9483dc18d6d8c19e9ce0acaf0f03fd5e", "外院(北京市海淀区)会诊", "EU-001", "00181583",
)  # fmt: skip


def kinds_in(*texts: str) -> list[set[str]]:
    frame = pl.DataFrame({"column": [1] * len(texts), "line": range(len(texts)), "text": texts})
    found = scan.found(frame)
    return [set(found.filter(pl.col("line") == line)["kind"]) for line in range(len(texts))]


def test_every_kind_is_found_and_harmless_texts_are_not_and_the_page_says_the_numbers() -> None:
    page = (Path(__file__).parents[2] / "docs" / "governance.md").read_text(encoding="utf-8")
    for kind, texts in PLANTED.items():
        found = sum(kind in kinds for kinds in kinds_in(*texts))
        assert f"| `{kind}` | {len(texts)} | {found} |" in page, (
            kind,
            [t for t in texts if kind not in kinds_in(t)[0]],
        )
    alarms = [text for text, kinds in zip(HARMLESS, kinds_in(*HARMLESS), strict=True) if kinds]
    assert not alarms
    assert f"{len(HARMLESS)} harmless texts: {len(alarms)} false alarms" in page
    known_misses = [text for text, kinds in zip(MISSED, kinds_in(*MISSED), strict=True) if not kinds]
    assert known_misses == list(MISSED), "found after all: say so in docs/governance.md"


@given(st.integers(0, 999), st.dates())
def test_an_identity_number_is_known_by_its_check_digit(serial: int, born: object) -> None:
    if not 1900 <= born.year <= 2039:  # type: ignore[attr-defined]
        return
    first = f"410105{born:%Y%m%d}{serial:03d}"
    whole = pl.select(n=pl.lit(first) + cn_check_digit(pl.lit(first))).item()
    wrong = [whole[:17] + digit for digit in "0123456789X" if digit != whole[17]]
    frame = pl.DataFrame({"n": [whole, *wrong]})
    assert frame.select(is_cn_identity(pl.col("n"))).to_series().to_list() == [True] + [False] * 10


@pytest.mark.parametrize(
    ("check", "number"),
    [(is_kvnr, "A123456780"), (is_nhs_number, "9434765919"), (is_iban, "DE89370400440532013000")],
)
def test_no_other_last_digit_passes(check, number: str) -> None:  # type: ignore[no-untyped-def]
    frame = pl.DataFrame({"n": [number[:-1] + digit for digit in "0123456789"]})
    assert frame.filter(check(pl.col("n")))["n"].to_list() == [number]


def test_a_column_of_numbers_that_pass_by_chance_alone_is_no_column_of_identifiers() -> None:
    lots = [f"H{i * 7919 % 10**9:09d}" for i in range(1000)]
    true = pl.DataFrame({"n": [f"K{i:08d}{digit}" for i in range(200) for digit in range(10)]})
    right = true.filter(is_kvnr(pl.col("n")))["n"].to_list()
    for texts, expected in ((lots, 0), (right, 200)):
        frame = pl.DataFrame({"column": [1] * len(texts), "line": range(len(texts)), "text": texts})
        assert scan.found(frame).height == expected


# --------------------------------------------------------------------------------------------------- pack and landing

MORE = """identifiers: [Name, Identity]
linkage:
  - {kind: identity, from: Identity}
  - {kind: name_birth, from: [Name, Born]}
"""


def home_with_names(root: Path) -> Path:
    home = make_home(root)
    place = home / "centres" / "aa01" / "centre.yaml"
    text = place.read_text(encoding="utf-8").replace(
        "{sex: Sex, born_on: Born}", "{sex: Sex, born_on: Born, link_token: Token}"
    )
    place.write_text(text.replace("encoding:", MORE + "encoding:"), encoding="utf-8")
    write_export(home / "raw")
    lines = (home / "raw" / "cases.csv").read_text(encoding="utf-8").splitlines()
    named = [lines[0] + ",Name,Identity,Note"] + [
        f'{line},"Huber, Hans {"ABCDEF"[i]}",11010119900307451{i},{"spoke to Hans A Huber" if i == 3 else ""}'
        for i, line in enumerate(lines[1:])
    ]
    (home / "raw" / "cases.csv").write_text("\n".join(named) + "\n", encoding="utf-8")
    return home


def test_packing_empties_makes_tokens_masks_and_the_landing_takes_only_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with_names(tmp_path / "home")
    monkeypatch.setenv("SARCREG_LINKAGE_KEY", "k" * 32)
    centre = load_centre(home / "centres" / "aa01")
    refused = pack(centre, home / "raw", tmp_path / "one")
    assert refused.folder is None and not (tmp_path / "one").exists()
    assert refused.found.select("name", "kind", "lines").rows() == [("Note", "identifier_in_text", [5])]
    made = [pack(centre, home / "raw", tmp_path / name, mask=True).folder for name in ("one", "two")]
    files = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in made if folder]
    assert files[0] == files[1], "the same export gives the same package"
    packed = files[0]["cases.csv"].decode("utf-8-sig")
    assert "Hans" not in packed and "11010119900307" not in packed and "spoke to ███" in packed
    tokens = [line.rsplit(",", 1)[1] for line in packed.splitlines()[1:]]
    assert len(set(tokens)) == 6 and all(token.split(" ")[-1].startswith("nb:") for token in tokens)
    assert sum(token.startswith("id:") for token in tokens) == 1, "only a number with its check digit is one"
    told = json.loads(files[0][MANIFEST])
    assert told["sheets"][0]["emptied"] == [{"column": "Name", "cells": 6}, {"column": "Identity", "cells": 6}]

    # the raw export is refused, named by column and count, and is not kept; the package is taken
    for name, place in (("raw", home / "raw"), ("packed", made[0])):
        for path in (home / "incoming" / "aa01").iterdir():
            path.unlink()
        for path in place.iterdir():  # type: ignore[union-attr]
            (home / "incoming" / "aa01" / path.name).write_bytes(path.read_bytes())
        if name == "raw":
            published, states = refresh(home)
            assert states == {"aa01": "absent", "bb02": "fresh"} and published
            kept = b"".join(path.read_bytes() for path in (home / "landing").rglob("*") if path.is_file())
            assert b"Hans" not in kept and b"11010119900307" not in kept
    _, states = refresh(home)
    assert states == {"aa01": "fresh", "bb02": "fresh"}


def test_rows_cross_a_border_only_on_a_basis_that_holds(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    place = home / "registry.yaml"
    place.write_text(place.read_text(encoding="utf-8") + "jurisdiction: CN\n", encoding="utf-8")
    for code, more in (
        ("aa01", "{to: CN, basis: consent, agreed_on: 2024-01-01}"),
        ("bb02", "{to: CN, basis: consent, agreed_on: 2020-01-01, until: 2024-06-30}"),
    ):
        file = home / "centres" / code / "centre.yaml"
        file.write_text(file.read_text(encoding="utf-8") + f"transfer: {more}\n", encoding="utf-8")
    assert refresh(home)[1] == {"aa01": "fresh", "bb02": "absent"}


def test_what_is_lawful_by_declaration() -> None:
    from datetime import date

    day = date(2024, 7, 1)
    assert transfer_fault("DE", "FR", (), day) is None and transfer_fault("CN", None, (), day) is None
    assert "declares no basis" in (transfer_fault("CN", "DE", (), day) or "")
    later = Transfer(to="DE", basis="standard_contract", agreed_on=date(2025, 1, 1))
    assert "begins on 2025-01-01" in (transfer_fault("CN", "DE", (later,), day) or "")
    assert (
        purpose_fault(("research",), ("research", "publication"), synthetic=True)
        == "it permits research, and not publication."
    )
    assert purpose_fault(None, ("research",), synthetic=True) is None
    assert purpose_fault(None, ("research",), synthetic=False)
