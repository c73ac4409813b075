"""Every mistake in what people write is one line that names file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_home

from schemas.configuration import load_yaml
from schemas.corrections import Corrections
from schemas.errors import ConfigurationError
from schemas.registry import load_centres, load_registry

MISTAKES = {
    "an unknown key": (
        "timezone: Europe/Berlin",
        "timezone: Europe/Berlin\nlangauge: en",
        ["langauge: no such key", 'Did you mean "language"?'],
    ),
    "a missing key": ("jurisdiction: DE\n", "", ["jurisdiction: this key is missing"]),
    "an unknown field": (
        "sex: Sex",
        "sexx: Sex",
        ["tables.patient.columns.sexx: no such field of core.patient", 'Did you mean "sex"?'],
    ),
    "an unknown table": (
        "  follow_up:",
        "  followup:",
        ["tables.followup: no such table", 'Did you mean "follow_up"?'],
    ),
    "an unknown unit": (
        "size_mm: Size",
        "size_mm: {from: Size, unit: feet}",
        ["unit 'feet' is not known; use one of mm"],
    ),
    "an unknown encoding": ("[utf-8, cp1252]", "[utf-8, latin-99]", ["'latin-99' is no encoding"]),
    "an unknown target code": (
        "sex: Sex",
        "sex: {from: Sex, map: {X: Q}}",
        ["tables.patient.columns.sex.map", "'Q' is not a code of the list sex"],
    ),
    "a map without a code list": ("born_on: Born", "born_on: {from: Born, map: {X: Q}}", ["born_on has no code list"]),
    "neither column nor value": ("sex: Sex", "sex: {unit: mm}", ["give either `from`"]),
    "an identifier that a field reads": (
        "encoding:",
        "identifiers: [Sex]\nencoding:",
        ['tables.patient.columns.sex reads the column "Sex"', "`identifiers` keeps out"],
    ),
    "no YAML": ("code: ", "code: [", ["not valid YAML", "line"]),
    "a key twice": (
        "timezone: Europe/Berlin",
        "timezone: Europe/Berlin\ntimezone: UTC",
        ["not valid YAML", "duplicate"],
    ),
    "another code than its folder": ("code: aa01", "code: cc03", ["code is 'cc03', its folder 'aa01'"]),
}


def test_a_key_that_stands_twice_is_named_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "corrections.yaml").write_text("corrections:\n- value: '1961-01'\n  value: '1962-02'\n", "utf-8")
    with pytest.raises(ConfigurationError) as fault:
        load_yaml(tmp_path / "corrections.yaml", Corrections, "corrections.yaml")
    assert str(fault.value).endswith('line 3, column 3: not valid YAML: found duplicate key "value".')


def test_a_real_registry_says_under_whose_law_it_is(tmp_path: Path) -> None:
    place = small_home.make_home(tmp_path / "home", ("aa01",)) / "registry.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("synthetic: true\n", ""), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^registry.yaml: `jurisdiction` is missing"):
        load_registry(place.parent)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_centre_yaml_is_named(tmp_path: Path, name: str) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    path = home / "centres" / "aa01" / "centre.yaml"
    right, wrong, said = MISTAKES[name]
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as fault:
        load_centres(home)
    assert "centres/aa01/centre.yaml" in str(fault.value)
    for part in said:
        assert part in str(fault.value)
    assert "\n  " not in str(fault.value)


def test_a_misspelt_key_is_one_fault(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    path = home / "centres" / "aa01" / "centre.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("timezone:", "time_zone:"), encoding="utf-8")
    with pytest.raises(ConfigurationError) as fault:
        load_centres(home)
    assert str(fault.value) == 'centres/aa01/centre.yaml: time_zone: no such key. Did you mean "timezone"?'


def test_codes_may_be_bare_numbers(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home", ("aa01",))
    path = home / "centres" / "aa01" / "centre.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "sex: Sex", "sex: {from: Sex, map: {1: M, 2: F}, missing: {9: unknown}}"
    )
    path.write_text(text, encoding="utf-8")
    (reading,) = load_centres(home)["aa01"].tables["patient"]
    assert reading.columns["sex"].map == {"1": "M", "2": "F"}
    assert reading.columns["sex"].missing == {"9": "unknown"}


def test_two_centres_with_one_code(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home")
    path = home / "centres" / "bb02" / "centre.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("code: bb02", "code: aa01"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="both have the code 'aa01'"):
        load_centres(home)


def test_a_home_that_is_not_a_home(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is not a registry's home: it has no registry.yaml.*sarcreg demo"):
        load_registry(tmp_path)


def test_an_unknown_entity_in_a_group(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home")
    path = home / "registry.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("[UPS]", "[UPSS]"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"'UPSS' is not an entity. Did you mean \"UPS\"\?"):
        load_registry(home)


def test_a_map_to_an_unknown_code(tmp_path: Path) -> None:
    home = small_home.make_home(tmp_path / "home")
    maps = home / "centres" / "aa01" / "maps"
    maps.mkdir()
    (maps / "histology.csv").write_text("text,code,note\nodd lump,ASPSS,\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 2") as fault:
        small_home.refresh(home)
    assert "ASPSS" in str(fault.value) and "histology.csv" in str(fault.value)


def test_a_delivery_of_changes_alone_is_refused(tmp_path: Path) -> None:
    import small_home

    from schemas.centre import load_centre

    home = small_home.make_home(tmp_path / "home", ("aa01",))
    file = home / "centres" / "aa01" / "centre.yaml"
    text = file.read_text(encoding="utf-8")
    for word in ("full", "{patient: full, follow_up: full}"):
        file.write_text(f"{text}delivery: {word}\n", encoding="utf-8")
        assert set(load_centre(file.parent).delivery.values()) == {"full"}
    for word in ("incremental", "{follow_up: incremental}"):
        file.write_text(f"{text}delivery: {word}\n", encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"delivery: .* only full deliveries are read"):
            load_centre(file.parent)
