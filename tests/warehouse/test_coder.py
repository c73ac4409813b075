"""The coder: what each list makes of real spellings, and what it must never make of any."""

from __future__ import annotations

import string
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.codelist import IGNORED, lists, load
from schemas.errors import ConfigurationError
from warehouse.harmonise.coder import TERM_MAP_SCHEMA, code_terms, code_texts, load_maps, refuse_stray_maps
from warehouse.harmonise.lookup import terms
from warehouse.harmonise.normalise import key, normalise
from warehouse.harmonise.reading import CONFIDENCE, OPEN, PART


def table(text: str) -> list[tuple[str, str]]:
    """The rows of an ASCII table: the text in bars, then what is expected."""
    rows = [line.strip().strip("|").split("|") for line in text.strip().splitlines()]
    return [(cells[0].strip(" "), cells[1].strip()) for cells in rows]


def said(name: str, text: str) -> str:
    """A reading in short: its code, 'code ?' when more is asked, '? a, b' when in doubt, 'ignored'."""
    row = code_texts(name, [text]).row(0, named=True)
    code = row["entity_code"] if name == "histology" else row["code"]
    if code is not None:
        return f"{code} ?" if row["needs_query"] else code
    if not row["needs_query"]:
        return "ignored"
    guesses = [guess.split(" ")[-1] if name == "histology" else guess for guess in row["candidates"]]
    if row["reason"] in OPEN - {PART}:  # what merely looks like the text follows what it names
        guesses = guesses[:1]
    return "?" if row["rule"] == "none" else f"? {', '.join(guesses)}".strip()


HISTOLOGY = """
| ASPS                                              | ASPS                        |
| 9581/3                                            | ASPS                        |
| 95813                                             | ASPS                        |
| M9581/3                                           | ASPS                        |
| M-9581/3                                          | ASPS                        |
| 9581.3                                            | ASPS                        |
| ICD-O-3: 9581/33                                  | ASPS                        |
| C3750                                             | ASPS                        |
| 腺泡狀軟組織肉瘤                                  | ASPS                        |
| 粘液纤维肉瘤                                      | MFS                         |
| Haemangiosarcoma                                  | AS                          |
| hemangiosarcoma                                   | AS                          |
| 8890/3                                            | LMS                         |
| 9120/3                                            | AS                          |
| 8802/3                                            | ? UPS, PDS, GCS             |
| 8840/3                                            | ? LGFMS, SEF, MYXS          |
| 9180/3                                            | ? ESOS, OST, OST-OB         |
| 8832/3                                            | ? FS-DFSP, DFSP             |
| 8936/1                                            | ? GIST                      |
| 9581                                              | ? ASPS                      |
| 9581/6                                            | ? ASPS                      |
| 9040-03-01                                        | ? SS, PDSS                  |
| UPS 8802/3                                        | UPS                         |
| 腺泡状软组织肉瘤（9581/3）                        | ASPS                        |
| ASPS (8890/3)                                     | ? ASPS, LMS, ILMS           |
| MFH                                               | ? UPS, DDLPS, MFS, LMS, MFH |
| 未分化多形性肉瘤/恶性纤维组织细胞瘤               | ? UPS, DDLPS, MFS, LMS, MFH |
| undifferentiated pleomorphic sarcoma (MFH)        | ? UPS, DDLPS, MFS, LMS, MFH |
| ES                                                | ? EWS, EPIS                 |
| CS                                                | ? CHS, CARS                 |
| OS                                                | ? OST, ESOS                 |
| MFS                                               | ? MFS                       |
| myxofibrosarcoma (MFS)                            | MFS                         |
| ALT                                               | ? ALT                       |
| AS                                                | ? AS                        |
| SS                                                | ? SS                        |
| GCT                                               | ? GCTB, GCT-ST, GRCT, TGCT-L, TGCT-D |
| ASPLT                                             | ? ASPLT                     |
| haemangiopericytoma                               | ? SFT, MSFT, SFT-B          |
| spindle cell sarcoma                              | ? USCS, MPNST, LMS, SS, DDLPS |
| 未分化肉瘤                                        | ? US, UPS, USCS, URCS, UES  |
| undifferentiated sarcoma NOS                      | ? US, UPS, USCS, URCS, UES  |
| 恶性纤维组织细胞瘤                                | ? UPS, DDLPS, MFS, LMS, MFH |
| Epithelioid schwannoma                            | ? SCHW, EMPNST              |
| Rhabdomyosarcoma (embryonal, alveolar, pleomorphic or combined) | ? ERMS, ARMS, SSRMS, PRMS, RMS |
| favour leiomyosarcoma                             | ? LMS                       |
| consistent with ASPS                              | ? ASPS                      |
| cannot exclude synovial sarcoma                   | ? SS                        |
| ASPS?                                             | ? ASPS                      |
| no evidence of angiosarcoma                       | ? AS                        |
| history of leiomyosarcoma                         | ? LMS                       |
| 考虑腺泡状软组织肉瘤                              | ? ASPS                      |
| 倾向平滑肌肉瘤                                    | ? LMS                       |
| 滑膜肉瘤待排                                      | ? SS                        |
| 未见血管肉瘤                                      | ? AS                        |
| V.a. Leiomyosarkom                                | ? LMS                       |
| compatible avec un léiomyosarcome                 | ? LMS                       |
| sospecha de sarcoma sinovial                      | ? SS                        |
| non angiosarcoma                                  | ? AS                        |
| （左大腿）腺泡状软组织肉瘤                        | ASPS                        |
| 左大腿腺泡状软组织肉瘤术后肺转移                  | ASPS                        |
| 腺泡状软组织肉瘤，TFE3（+）                       | ASPS                        |
| 软组织肉瘤（平滑肌肉瘤）                          | LMS                         |
| 高级别平滑肌肉瘤                                  | LMS                         |
| leiomyosarcoma of left thigh, high grade          | LMS                         |
| metastatic leiomyosarcoma of uterus with lung metastases | LMS                  |
| liposarcoma, dedifferentiated, retroperitoneal    | DDLPS                       |
| synovial sarcoma, monophasic                      | MSS                         |
| myxoid liposarcoma, pleomorphic                   | ? MPLPS, MLPS               |
| DDLPS and WDLPS                                   | ? DDLPS, WDLPS              |
| low grade UPS                                     | ? UPS                       |
| chondrosarcoma, grade I                           | ? CHS                       |
| osteosarcoma of thigh                             | ? OST                       |
| UPS of the femur                                  | ? UPS                       |
| cutaneous UPS                                     | ? UPS                       |
| 软组织软骨肉瘤                                    | ? CHS                       |
| 软组织骨肉瘤                                      | ESOS                        |
| 转移性脂肪瘤                                      | ? LIP                       |
| malignant lipoma                                  | ? LIP                       |
| MPNST with divergent stuff                        | ?                           |
| 未分化多形性肉瘤                                  | UPS                         |
| NTRK-rearranged spindle cell neoplasm             | NTRK-SCN ?                  |
| Adenocarcinoma of the lung                        | ?                           |
| 不详                                              | ?                           |
"""

DRUG = """
| 信迪利单抗                     | sintilimab                                |
| 信迪                           | sintilimab                                |
| 卡瑞                           | camrelizumab                              |
| 特瑞                           | toripalimab                               |
| 安罗                           | anlotinib                                 |
| Keytruda                       | pembrolizumab                             |
| K药                            | pembrolizumab                             |
| IBI308                         | sintilimab                                |
| L01FF02                        | pembrolizumab                             |
| L01CD01                        | ? paclitaxel, nab-paclitaxel, liposomal_paclitaxel |
| 信迪利单抗+安罗替尼            | anlotinib+sintilimab                      |
| 信迪利单抗200mg q3w+安罗替尼12mg qd | anlotinib+sintilimab                 |
| 卡瑞联合阿帕                   | apatinib+camrelizumab                     |
| PD-1 + anlotinib               | anlotinib+class:PD-1 ?                    |
| PD-1单抗                       | class:PD-1 ?                              |
| PD-(L)1                        | class:PD-1/PD-L1 ?                        |
| PD-L1                          | class:PD-L1 ?                             |
| 免疫治疗                       | class:immunotherapy ?                     |
| 靶向                           | class:targeted ?                          |
| TKI                            | class:tki ?                               |
| chemotherapy                   | class:chemotherapy ?                      |
| PD-1单抗（信迪利单抗）         | sintilimab                                |
| 化疗（AI）                     | doxorubicin+ifosfamide                    |
| AI                             | doxorubicin+ifosfamide                    |
| A+I                            | doxorubicin+ifosfamide                    |
| A                              | ? doxorubicin                             |
| GemTax                         | docetaxel+gemcitabine                     |
| MAID                           | dacarbazine+doxorubicin+ifosfamide+mesna  |
| GT                             | ? docetaxel+gemcitabine, gemcitabine+paclitaxel |
| doxorubicin 75 mg/m² d1 + ifosfamide 2 g/m² d1-5 | doxorubicin+ifosfamide  |
| 注射用卡瑞利珠单抗             | camrelizumab                              |
| 安罗替尼靶向治疗               | anlotinib                                 |
| 卡瑞利珠单抗化疗               | ?                                         |
| pembrolizumab + chemo + anlotinib | anlotinib+class:chemotherapy+pembrolizumab ? |
| Epi-adriamycine                | epirubicin                                |
| epirubicin + doxorubicin       | ? doxorubicin+epirubicin, doxorubicin, epirubicin |
| sintilimab or camrelizumab     | ? camrelizumab+sintilimab, camrelizumab, sintilimab |
| AI化疗（具体不详）             | ?                                       |
| 化疗（具体不详）               | class:chemotherapy ?                      |
| 信迪利单抗+不明药物            | ? sintilimab                              |
| 考虑信迪利单抗                 | ? sintilimab                              |
| pembrolizumb                   | pembrolizumab                             |
| sorafinib                      | sorafenib                                 |
| regorafinib                    | regorafenib                               |
| vincrastine                    | ?                                         |
| afatinib                       | ?                                         |
| apatiniv                       | ?                                         |
| cisplatino + adriamicina       | cisplatin+doxorubicin                     |
| Trabectedin 1,5 mg/m²          | trabectedin                               |
| 无                             | ignored                                   |
| 放疗                           | ignored                                   |
"""

LINE = """
| 一线        | 1              |
| 第二线治疗  | 2              |
| 2nd line    | 2              |
| L3          | 3              |
| 7L          | 7              |
| 第十二线    | 12             |
| ≥3          | 3+             |
| ＞2线       | 3+             |
| 三线及以上  | 3+             |
| 4线以上     | 4+ ?           |
| 后线        | 2+ ?           |
| ≤2          | 1-2 ?          |
| 1-2         | 1-2 ?          |
| 2-4线       | 2-4 ?          |
| 既往2线     | 3              |
| 既往一线治疗 | ? 2, 1        |
| at most 2 lines | 1-2 ?      |
| 不超过2线   | 1-2 ?          |
| 至少三线    | 3+             |
| 小于等于一线 | 1 ?           |
| 两线        | ? 2, 3         |
| zweite Linie | 2             |
| ab 3. Linie | 3+             |
| deuxième ligne ou plus | 2+  |
| Line II     | 2              |
| (neo)adjuvant | ? perioperative, neoadjuvant, adjuvant |
| 一线（免疫+靶向） | 1        |
| 1 prior line(s) | 2          |
| adjuvant    | adjuvant       |
| 术后辅助    | adjuvant       |
| 新辅助      | neoadjuvant    |
| 维持        | maintenance ?  |
| BSC         | none           |
| 2           | ? 2            |
| 1.0         | ? 1            |
| Ⅱ           | ? 2            |
| 一线失败后  | ? 2            |
| 1L→2L       | ? 1-2          |
| 2021-02-01  | ? 1-2          |
| 2023-03-02  | ?              |
| 可能二线    | ? 2            |
| 3 lines     | ?              |
| xl          | ?              |
| 无          | ? none         |
"""

SITES = """
| left thigh                    | C49.2                 |
| soft tissue of the left thigh | C49.2                 |
| 左大腿深部软组织              | C49.2                 |
| C49.2                         | C49.2                 |
| C492                          | C49.2                 |
| C49.2 left thigh              | C49.2                 |
| C49.2 liver                   | ? C22.0, C49.2        |
| C49                           | ? C49.9, C49.0, C49.1, C49.2, C49.3 |
| 101                           | ? C10.1               |
| 肺                            | ? C34.9               |
| 肺转移                        | ? C34.9               |
| 股骨软组织                    | ? C40.2               |
| possible thigh                | ? C49.2               |
| 大腿、胸壁                    | ? C49.2, C49.3        |
| soft tissue                   | C49.9 ?               |
| soft tissue of pelvis         | C49.5                 |
| uterus                        | C55.9                 |
| Superficial Trunk - Back      | C49.6                 |
| Superficial Trunk - thigh     | ? C49.2               |
| Rt. thigh                     | C49.2                 |
| neck, right side              | C49.0                 |
| left anterior thigh           | C49.2                 |
"""

OTHERS = """
| site           | 肺                       | C34.9                         |
| site           | L3 vertebra              | C41.2                         |
| site           | lung, liver              | ? C34.9, C22.0                |
| site           | 骨转移                   | C41.9 ?                       |
| laterality     | 左大腿                   | L                             |
| laterality     | 大腿                     | ignored                       |
| laterality     | 右心房                   | ignored                       |
| laterality     | Oberschenkel re.         | R                             |
| laterality     | left and right           | ? L, R                        |
| response       | C.R.                     | CR                            |
| response       | 疗效评价：PR             | PR                            |
| response       | PR（部分缓解）           | PR                            |
| response       | 有效                     | ? PR, CR                      |
| response       | PR→PD                    | ?                             |
| response       | pCR                      | ? CR                          |
| response       | uPD                      | iUPD                          |
| response       | 考虑PD                   | ? PD                          |
| response       | 2                        | ?                             |
| ecog           | ECOG PS: 1               | 1                             |
| ecog           | 0-1                      | ? 0, 1                        |
| ecog           | KPS 80                   | 1                             |
| ecog           | KPS 90                   | ? 0, 1                        |
| ecog           | 5                        | ? 5                           |
| sex            | 男                       | M                             |
| sex            | Ｆ                       | F                             |
| sex            | 1                        | ?                             |
| sex            | M (女)                   | ?                             |
| boolean        | 无                       | no                            |
| boolean        | 1                        | yes                           |
| boolean        | x                        | ? yes, no                     |
| adverse_event  | ALT                      | ? Alanine aminotransferase increased |
| adverse_event  | ALT升高                  | Alanine aminotransferase increased |
| adverse_event  | 3级中性粒细胞减少        | Neutrophil count decreased    |
| adverse_event  | 免疫性肺炎 3级           | Pneumonitis                   |
| adverse_event  | Fatigue (CTCAE v5 grade 3) | Fatigue                     |
| adverse_event  | CTCAE v4.03 3级 贫血     | Anemia                        |
| adverse_event  | Diarrhée grade 2         | Diarrhea                      |
| ecog           | 卡氏80                   | 1                             |
| ecog           | Lansky 80                | ?                             |
| response       | 疾病进展(SD)             | ? PD, SD                      |
| response       | Teilremission            | PR                            |
| response       | stable disease (RECIST v1.1) | SD                        |
| response       | irPR                     | ? iPR                         |
| adverse_event  | 肺炎                     | ? Lung infection, Pneumonitis |
| adverse_event  | 无                       | ignored                       |
| adverse_event  | 皮疹、瘙痒               | ? Rash maculo-papular, Rash acneiform, Pruritus |
| status         | 自动出院                 | ?                             |
| status         | DOD                      | dead                          |
| contact_type   | 家属代取药               | drugs_fetched                 |
| contact_type   | 电话                     | ? phone_patient, phone_relative |
| margin         | R0                       | R0                            |
| margin         | 切缘(-)                  | R0                            |
| margin         | 切缘                     | ?                             |
| margin         | 阳性                     | ? R1, R2                      |
| ae_grade       | III级                    | 3                             |
| ae_grade       | I-II级                   | ? 1, 2                        |
| stage          | Ⅳ期                      | IV                            |
| stage          | 4                        | ? IV                          |
| fnclcc_grade   | 高级别                   | ? 3, 2                        |
| missing_reason | 未查                     | not_done                      |
| missing_reason | /                        | not_applicable                |
| missing_reason | —                        | unknown                       |
"""


@pytest.mark.parametrize(("text", "expected"), table(HISTOLOGY))
def test_histology(text: str, expected: str) -> None:
    assert said("histology", text) == expected


@pytest.mark.parametrize(("text", "expected"), table(DRUG))
def test_drugs_and_regimens(text: str, expected: str) -> None:
    assert said("drug", text) == expected


@pytest.mark.parametrize(("text", "expected"), table(LINE))
def test_lines(text: str, expected: str) -> None:
    assert said("line", text) == expected


@pytest.mark.parametrize(("text", "expected"), table(SITES))
def test_primary_sites(text: str, expected: str) -> None:
    assert said("topography", text) == expected


@pytest.mark.parametrize("row", [line.strip().strip("|").split("|") for line in OTHERS.strip().splitlines()])
def test_the_other_lists(row: list[str]) -> None:
    name, text, expected = (cell.strip(" ") for cell in row)
    assert said(name, text) == expected


@pytest.mark.parametrize("name", lists())
def test_every_shipped_term_codes_to_itself(name: str) -> None:
    listed = load(name).terms.unique("text", keep="first", maintain_order=True)
    coded = code_texts(name, listed["text"].to_list())
    target = "entity_code" if name == "histology" else "code"
    for text, code, asks, scope, got, rule in zip(
        listed["text"],
        listed["code"],
        listed["needs_query"],
        listed["scope"] if "scope" in listed.columns else [None] * listed.height,
        coded[target],
        coded["rule"],
        strict=True,
    ):
        if rule == "code" or terms(name)[key(text)].text != text:
            continue  # a standard code is read as a code; a text of a later file yields to the first
        expected = None if code == IGNORED or (asks and code is None) or scope == "regimen_only" else code
        assert (got, rule) == (expected, "exact_term"), text


def test_the_result_has_the_agreed_columns_and_one_row_per_centre_and_text() -> None:
    sent = pl.DataFrame(
        {"centre": ["b", "a", "a", "a"], "text": ["ASPS", "MFH", "ASPS", None]},
        schema={"centre": pl.String, "text": pl.String},
    )
    coded = code_terms("histology", pl.concat([sent, sent]))
    assert dict(coded.schema) == TERM_MAP_SCHEMA
    assert coded.select("centre", "text").rows() == [("a", "ASPS"), ("a", "MFH"), ("b", "ASPS")]
    first = coded.row(0, named=True)
    assert (first["code"], first["entity_code"], first["edition"]) == ("9581/3", "ASPS", "ICD-O-3.2")
    assert first["list_version"] == load("histology").version
    assert coded["candidates"].to_list()[1][0] == "8802/3 UPS"


def test_an_empty_frame_and_blank_texts_are_no_error() -> None:
    empty = pl.DataFrame(schema={"centre": pl.String, "text": pl.String})
    assert dict(code_terms("drug", empty).schema) == TERM_MAP_SCHEMA
    blank = code_texts("drug", ["", " \t", "  "])
    assert blank["code"].null_count() == 3
    assert blank["needs_query"].all()


def test_editions_are_named() -> None:
    cases = [
        ("histology", "CIC-rearranged sarcoma", "ICD-O-4 beta"),
        ("topography", "thigh", "ICD-O-3"),
        ("response", "Choi PR", "Choi"),
        ("response", "iUPD", "iRECIST"),
        ("adverse_event", "anaemia", "CTCAE 5.0"),
    ]
    assert [code_texts(name, [text])["edition"][0] for name, text, _ in cases] == [edition for *_, edition in cases]


def test_an_unknown_list_is_an_error_for_the_user() -> None:
    with pytest.raises(ConfigurationError, match="no code list"):
        code_texts("histologie", ["ASPS"])


MAPS = {
    "centres/xx01/maps/histology.csv": (
        "text,code,note\nMFH,UPS,re-read in 2022\nX1,needs_query,asked\nX2,ignored,test row\n"
    ),
    "maps/histology.csv": "text,code,note\nmfh ,DDLPS,\nLPS,LPS,accepted\n",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for place, content in MAPS.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_centres_map_goes_before_the_registrys_and_that_before_the_shipped_list(home: Path) -> None:
    maps = load_maps(home, "histology", ["xx01", "xx02"])
    texts = ["MFH", "LPS", "X1", "X2", "ASPS"]
    sent = pl.DataFrame({"centre": ["xx01"] * 5 + ["xx02"] * 5, "text": texts * 2})
    coded = {(row["centre"], row["text"]): row for row in code_terms("histology", sent, maps).iter_rows(named=True)}
    seen = {pair: (row["entity_code"], row["rule"], row["needs_query"]) for pair, row in coded.items()}
    assert seen[("xx01", "MFH")] == ("UPS", "centre_map", False)
    assert seen[("xx02", "MFH")] == ("DDLPS", "registry_map", False)
    assert seen[("xx01", "LPS")] == ("LPS", "registry_map", False)
    assert seen[("xx01", "X1")] == (None, "centre_map", True)
    assert seen[("xx01", "X2")] == (None, "centre_map", False)
    assert seen[("xx01", "ASPS")] == ("ASPS", "exact_term", False)
    assert coded[("xx01", "X2")]["reason"] == "ignored: test row"
    assert " map:" in coded[("xx01", "MFH")]["list_version"]


def _sample(name: str, *, coded: bool) -> list[str]:
    return [
        term.text for term in terms(name).values() if (term.code not in (None, IGNORED)) == coded and not term.scope
    ]


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_normalising_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert key(normalise(text)) == key(text)


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize("name", lists())
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_case_width_and_surrounding_space_change_nothing(name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([term.text for term in terms(name).values()]))
    around = data.draw(st.sampled_from(["{}", " {}", "{}\t", "\u3000{} ", "{}\u200b"]))
    variant = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase, _wide]))(text)
    assert code_texts(name, [around.format(variant)]).drop("text").equals(code_texts(name, [text]).drop("text"))


DOUBTS = (
    "{}?|favour {}|no evidence of {}|cannot exclude {}|{} or not|suspected {}|考虑{}|{}待排|未见{}|{}（？）|倾向{}"
    "|V.a. {}|kein {}|suspicion de {}|pas de {}|sospecha de {}|sospetto {}"
)


@given(text=st.sampled_from(_sample("histology", coded=True)), doubt=st.sampled_from(DOUBTS.split("|")))
@settings(max_examples=200, deadline=None)
def test_doubt_and_negation_never_leave_a_diagnosis_coded(text: str, doubt: str) -> None:
    row = code_texts("histology", [doubt.format(text)]).row(0, named=True)
    assert (row["code"], row["entity_code"], row["needs_query"]) == (None, None, True)


@pytest.mark.parametrize("name", ["histology", "drug", "line", "topography", "response"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_word_that_is_not_known_never_makes_a_code_of_a_question(name: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(_sample(name, coded=False)))
    word = data.draw(st.text(alphabet="qzxjw", min_size=4, max_size=9))
    for joined in (f"{text} {word}", f"{word} {text}", f"{text}, {word}", f"{text}({word})"):
        assert code_texts(name, [joined])["code"][0] is None


@pytest.mark.parametrize("name", lists())
@given(text=st.text(alphabet=string.ascii_letters + string.digits + " /+-?,.()肉瘤线级左右未不无", max_size=25))
@settings(max_examples=20, deadline=None)
def test_every_reading_keeps_the_rules(name: str, text: str) -> None:
    assume(text)
    row = code_texts(name, [text]).row(0, named=True)
    target = row["entity_code"] if name == "histology" else row["code"]
    assert row["rule"] in CONFIDENCE
    assert (row["confidence"] > 0) == (target is not None)
    assert len(row["candidates"]) <= 5
    assert not row["candidates"] or target is None
    assert target is None or load(name).unknown(target) == []
    assert row["reason"] or (target is not None and not row["needs_query"])
    if row["rule"] == "none":
        assert (target, row["needs_query"]) == (None, True)


@pytest.mark.parametrize("place", ["maps/Histology.csv", "centres/xx01/maps/histolgy.csv"])
def test_a_map_of_no_list_is_refused(home: Path, place: str) -> None:
    refuse_stray_maps(home, ["xx01", "xx02"])
    (home / place).write_text("text,code,note\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf'^{place}: there is no code list .* Did you mean "histology"'):
        refuse_stray_maps(home, ["xx01", "xx02"])
