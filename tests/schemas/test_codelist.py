"""The shipped lists keep their contract, and a person's map that breaks it is told how to mend it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from schemas import bump as bumping
from schemas import codelist
from schemas.bump import next_version, outdated
from schemas.codelist import (
    FOLDER,
    IGNORED,
    JOINED,
    WORDING,
    change_log,
    code_table,
    lists,
    load,
    load_map,
    versioned,
    wording,
)
from schemas.errors import ConfigurationError
from warehouse.harmonise.normalise import key

FOUNDING_GROUPS = {"ASPS", "UPS", "DDLPS", "MFS", "AS"}
CHECKPOINT_CLASSES = {
    "PD-1",
    "PD-L1",
    "PD-1/PD-L1",
    "CTLA-4",
    "LAG-3",
    "PD-1/CTLA-4",
    "PD-1/VEGF",
    "checkpoint_inhibitor",
}


@pytest.mark.parametrize("name", lists())
def test_codes_are_unique_and_labelled_in_both_languages(name: str) -> None:
    codes = load(name).codes
    assert codes[load(name).key].is_unique().all()
    unlabelled = codes.filter(pl.col("label_en").is_null() | pl.col("label_zh").is_null())
    # a drug without an established Chinese name has none
    allowed = {"drug"}
    assert unlabelled.is_empty() or name in allowed


@pytest.mark.parametrize("name", lists())
def test_every_term_is_in_exactly_one_state_and_its_targets_exist(name: str) -> None:
    codes = load(name)
    for text, code, candidates, asks, reason in codes.terms.select(
        "text", "code", "candidates", "needs_query", "reason"
    ).iter_rows():
        mapped = code is not None and code != IGNORED and not asks
        asked = code is not None and code != IGNORED and asks
        doubtful = code is None and asks
        ignored = code == IGNORED and not asks
        assert [mapped, asked, doubtful, ignored].count(True) == 1, text
        assert mapped or reason, f"{text}: a question or an ignored text says why"
        for target in [code] if code and code != IGNORED else []:
            assert codes.unknown(target) == [], text
        assert [one for one in candidates if codes.unknown(one)] == [], text
        assert doubtful or not candidates, f"{text}: only a doubtful text has candidates"


@pytest.mark.parametrize("name", lists())
def test_texts_differ_after_normalising(name: str) -> None:
    for file, terms in load(name).terms.group_by("file"):
        keys = terms["text"].map_elements(key, return_dtype=pl.String)
        assert keys.filter(keys.is_duplicated()).to_list() == [], file
        assert keys.filter(keys == "").to_list() == [], file


def test_no_text_means_one_thing_as_a_drug_and_another_as_a_regimen() -> None:
    terms = load("drug").terms.with_columns(pl.col("text").map_elements(key, return_dtype=pl.String).alias("key"))
    named = terms.filter(pl.col("file") == "drug_term").join(terms.filter(pl.col("file") == "regimen"), on="key")
    assert named.filter(pl.col("scope") == "any").is_empty()


def test_the_register_names_every_file_of_the_folder() -> None:
    register = pl.read_csv(FOLDER / "list.csv", infer_schema=False)
    named = set(register["codes"]) | {file for files in register["terms"] for file in files.split(";")}
    named |= {"list", "change", *WORDING}
    assert named == {path.stem for path in FOLDER.glob("*.csv")}


def test_a_version_states_a_number_and_a_digest_of_the_content() -> None:
    versions = {name: load(name).version for name in lists()}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", version) for version in versions.values())
    assert versions["histology"] != versions["drug"]


def test_what_was_changed_has_a_new_version() -> None:
    """A list whose files changed without a line in the change log would pass for the version it no longer is."""
    assert outdated() == [], 'run `python -m schemas.bump "what changed"`'


def test_the_change_log_says_what_changed_in_ascending_versions() -> None:
    log = change_log()
    assert {row["list"] for row in log} == set(versioned())
    assert all(row["what"] and re.fullmatch(r"\d{4}-\d\d-\d\d", row["on"]) for row in log)
    for name in versioned():
        versions = [tuple(map(int, row["version"].split("."))) for row in log if row["list"] == name]
        assert versions == sorted(set(versions)), f"{name}: take one of the two lines and bump again"
        assert name not in lists() or load(name).version.startswith(".".join(map(str, versions[-1])) + "+")


def test_a_bump_adds_a_line_for_every_list_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "codes"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(codelist, "FOLDER", folder)
    monkeypatch.setattr(codelist, "CHANGES", folder / "change.csv")
    monkeypatch.setattr(bumping, "CHANGES", folder / "change.csv")
    for name in ("topography", "modifier"):
        with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write("x")
    assert outdated() == ["topography", "site", "modifier"]
    before = change_log()
    fresh = bumping.bump(outdated(), "one line more", "patch")
    assert outdated() == []
    added = [row for row in change_log() if row not in before]
    assert [(row["list"], row["version"], row["what"]) for row in added] == [
        (name, version, "one line more") for name, version in fresh.items()
    ]


@pytest.mark.parametrize(
    ("version", "level", "next_one"),
    [(None, "minor", "1.0.0"), ("1.2.3", "major", "2.0.0"), ("1.2.3", "minor", "1.3.0"), ("1.9.9", "patch", "1.9.10")],
)
def test_versions_go_up(version: str | None, level: str, next_one: str) -> None:
    assert next_version(version, level) == next_one


def test_the_code_table_has_every_code_of_every_list() -> None:
    table = code_table()
    assert table.columns == ["list", "code", "label_en", "label_zh", "version"]
    assert table.height == sum(load(name).codes.height for name in lists())


def test_entities_carry_morphology_edition_and_behaviour() -> None:
    entities = load("histology").codes
    assert entities.height >= 300
    for code, morphology, edition, behaviour in entities.select(
        "entity_code", "morphology_code", "morphology_edition", "behaviour"
    ).iter_rows():
        assert (morphology is None) == (edition is None), code
        if morphology is not None:
            assert re.fullmatch(r"[89]\d{3}/[01239]", morphology), code
            assert behaviour == morphology[-1], code
            assert edition in ("ICD-O-3.2", "ICD-O-4 beta"), code
    assert set(entities["entity_code"]) >= FOUNDING_GROUPS
    newer = entities.filter(pl.col("morphology_code").is_in(["8859/3", "9366/3", "9367/3", "9368/3", "8976/1"]))
    assert set(newer["morphology_edition"]) == {"ICD-O-4 beta"}


def test_soft_tissue_sarcoma_leaves_out_bone_gist_kaposi_benign_and_borderline() -> None:
    entities = load("histology").codes
    flags = dict(entities.select("entity_code", "is_soft_tissue_sarcoma").iter_rows())
    borderline = dict(entities.select("entity_code", "is_soft_tissue_borderline").iter_rows())
    assert all(flags[code] for code in FOUNDING_GROUPS | {"LMS", "SS", "ESOS", "EES", "EMC"})
    assert not any(flags[code] for code in ("OST", "CHS", "UPS-B", "GIST", "KS", "LIP", "CARS", "MEL", "DTF", "DFSP"))
    assert all(borderline[code] for code in ("DTF", "DFSP", "SFT", "IMT", "ALT"))
    both = entities.filter(pl.col("is_soft_tissue_sarcoma") & pl.col("is_soft_tissue_borderline"))
    assert both.is_empty()
    assert not any(borderline[code] for code in ("GCTB", "CHBL", "HMBL"))


def test_parents_exist_and_end() -> None:
    parents = dict(load("histology").codes.select("entity_code", "parent_code").iter_rows())
    for code in parents:
        seen, parent = {code}, parents[code]
        while parent is not None:
            assert parent in parents
            assert parent not in seen, f"{code} is its own ancestor"
            seen.add(parent)
            parent = parents[parent]


def test_obsolete_and_ambiguous_names_are_never_mapped() -> None:
    terms = load("histology").terms
    asked = terms.filter(pl.col("kind") != "name").filter(pl.col("kind").is_in(["obsolete", "ambiguous", "unspecific"]))
    kept = asked.filter(pl.col("code").is_not_null())
    # names that are out of use and yet mean one entity today
    assert set(kept["code"]) <= {"MPNST", "MSFT", "GLOMS", "PPNET", "ASKIN", "MMMT", "EWS"}
    assert terms.filter(
        pl.col("text").str.contains("(?i)fibrous histiocytoma$") & pl.col("code").is_in(["UPS"])
    ).is_empty()


def test_no_wording_of_the_official_icd_o_table_is_shipped() -> None:
    clinical = load("histology").terms.filter(pl.col("source") == "clinical")
    assert clinical.filter(pl.col("text").str.contains(r", |\bNOS\b")).is_empty()
    assert load("histology").codes.filter(pl.col("label_en").str.contains(r"\bNOS\b")).is_empty()


def test_questioned_morphology_codes_name_entities() -> None:
    valid = load("histology").valid
    for code, candidates in wording("histology_morphology_query").select("morphology_code", "candidates").iter_rows():
        assert re.fullmatch(r"[89]\d{3}/[01369]", code)
        assert set(candidates.split("|")) <= valid, code


def test_only_checkpoint_inhibitors_qualify() -> None:
    drugs = load("drug").codes
    qualifying = drugs.filter(pl.col("is_checkpoint_inhibitor"))
    assert set(qualifying["class_code"]) == CHECKPOINT_CLASSES
    for code in ("interferon_alfa", "aldesleukin", "mifamurtide", "afamitresgene_autoleucel", "class:cell_therapy"):
        row = drugs.row(by_predicate=pl.col("code") == code, named=True)
        assert row["component_code"] == "immunotherapy"
        assert row["is_checkpoint_inhibitor"] is False
    both = drugs.row(by_predicate=pl.col("code") == "ivonescimab", named=True)
    assert (both["component_code"], both["also_component_code"]) == ("immunotherapy", "antiangiogenic")
    unknown = drugs.row(by_predicate=pl.col("code") == "class:immunotherapy", named=True)
    assert unknown["is_checkpoint_inhibitor"] is None


def test_drug_codes_can_be_joined_and_split() -> None:
    drugs = load("drug").codes
    assert drugs.filter(pl.col("code").str.contains(r"[+|,; ]")).is_empty()
    assert drugs.filter(pl.col("is_class") != pl.col("code").str.starts_with("class:")).is_empty()
    assert drugs.filter(pl.col("is_class") != pl.col("agent_code").is_null()).is_empty()
    assert set(drugs["component_code"].drop_nulls()) == load("component").valid
    joined = load("drug").terms.filter(pl.col("code").str.contains(r"\+", literal=False))["code"]
    assert all(code == "+".join(sorted(set(code.split("+")))) for code in joined)
    assert "drug" in JOINED


def test_line_codes_unpack_to_bounds_and_a_setting() -> None:
    lines = load("line").codes
    facts = {code: (low, high, setting) for code, low, high, setting, *_ in lines.iter_rows()}
    assert facts["2"] == (2, 2, "palliative")
    assert facts["1-2"] == (1, 2, "palliative")
    assert facts["3+"] == (3, None, "palliative")
    assert facts["adjuvant"] == (0, 0, "adjuvant")
    assert facts["maintenance"] == (None, None, "maintenance")
    assert {setting for _, _, setting in facts.values()} == load("setting").valid
    assert all(high is None or low <= high for low, high, _ in facts.values() if low is not None)


def test_every_topography_code_of_the_classification_is_there() -> None:
    codes = load("topography").codes["code"]
    assert len(codes) == 330
    assert all(re.fullmatch(r"C\d\d\.\d", code) for code in codes)


def test_an_unknown_list_names_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match='no code list "histolgy"; did you mean "histology"'):
        load("histolgy")


GOOD_MAP = "\ufefftext,code,note\nsarcoma alveolare,ASPS,\n 未分类肉瘤 ,ignored,not a diagnosis\nMFH,needs_query,\n\n"

BAD_MAPS = {
    "unknown code": ("text,code,note\nMFH,UPX,\n", ['line 2 ("MFH")', '"UPX"', "histology", 'Did you mean "UPS"']),
    "label": ("text,code\nAngio,angiosarcoma\n", ['Did you mean "AS"']),
    "shared morphology": ("text,code\nPleo,8802/3\n", ['"8802/3"', "Name the entity: UPS, PDS, GCS."]),
    "no code": ("text,code,note\nMFH,,\n", ["has no code", "ignored or needs_query"]),
    "no text": ("text,code,note\n,UPS,\n", ["line 2 has no text"]),
    "twice": ("text,code,note\nUPS,UPS,\nups ,PDS,\n", ["line 3", "again", "line 2"]),
    "column missing": ("term,code\nMFH,UPS\n", ['"text" is missing', "text,code,note"]),
    "column unknown": ("text,code,nots\nMFH,UPS,\n", ['"nots" is not known', 'Did you mean "note"']),
    "empty file": ("", ['"text" is missing']),
}


@pytest.mark.parametrize("case", BAD_MAPS)
def test_a_bad_map_names_file_line_and_remedy(case: str, tmp_path: Path) -> None:
    content, parts = BAD_MAPS[case]
    path = tmp_path / "histology.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load_map(path, "histology", key)
    for part in [str(path), *parts]:
        assert part in str(raised.value)


def test_a_good_map_reads_codes_ignored_and_needs_query(tmp_path: Path) -> None:
    path = tmp_path / "histology.csv"
    path.write_text(GOOD_MAP, encoding="utf-8")
    found = load_map(path, "histology", key)
    states = [(entry.code, entry.is_ignored, entry.needs_query) for entry in found.entries.values()]
    assert states == [("ASPS", False, False), (None, True, False), (None, False, True)]
    assert re.fullmatch("[0-9a-f]{8}", found.version)


def test_a_map_may_name_several_agents_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "drug.csv"
    path.write_text("text,code,note\n双药,sintilimab+anlotinib,\n", encoding="utf-8")
    assert [entry.code for entry in load_map(path, "drug", key).entries.values()] == ["anlotinib+sintilimab"]
    path.write_text("text,code,note\n双药,sintilimab+anlotinb,\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match='Did you mean "anlotinib"'):
        load_map(path, "drug", key)


def test_a_map_that_is_no_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sex.csv"
    path.write_bytes("text,code,note\n男,M,\n".encode("gb18030"))
    with pytest.raises(ConfigurationError, match="Save it as CSV UTF-8"):
        load_map(path, "sex", key)


def test_the_compiled_terms_agree_with_the_reference(shared: Path) -> None:
    """Every unquestioned term of the reference has the reference's morphology, unless it is asked about here."""
    reference = pl.read_csv(shared / "reference" / "histology_synonyms.csv", infer_schema=False)
    entities = dict(load("histology").codes.select("entity_code", "morphology_code").iter_rows())
    ours = {key(text): code for text, code in load("histology").terms.select("text", "code").iter_rows()}
    wrong = [
        synonym
        for synonym, morphology in reference.select("synonym", "icdo3_morphology").iter_rows()
        if (code := ours.get(key(synonym))) is not None and entities[code] != morphology
    ]
    assert wrong == []
