"""Encodings: tried in order, byte order marks, a few bad bytes, none that fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigurationError, ExportRefused
from warehouse.read import TextSheet, read

CHINESE = "住院号,诊断\n001,腺泡状软组织肉瘤\n002,未分化多形性肉瘤\n"
FRENCH = "numéro,diagnostic\n001,sarcome épithélioïde\n002,tumeur desmoïde opérée à Besançon\n"


def sheet_of(folder: Path, data: bytes, *encodings: str) -> TextSheet:
    path = folder / "export.csv"
    path.write_bytes(data)
    (sheet,) = read(path, encodings=encodings or ("utf-8", "gb18030"))
    return sheet


# (bytes, encodings of the centre, encoding that reads them)
READ = [
    (CHINESE.encode(), ("utf-8", "gb18030"), "utf-8"),
    (CHINESE.encode("gb18030"), ("utf-8", "gb18030"), "gb18030"),
    (CHINESE.encode("utf-8-sig"), ("gb18030",), "utf-8"),
    (CHINESE.encode("utf-16"), ("utf-8",), "utf-16"),
    (CHINESE.encode("utf-16-le"), ("utf-8", "utf-16-le"), "utf-16-le"),
    (FRENCH.encode("cp1252"), ("utf-8", "cp1252"), "cp1252"),
]


@pytest.mark.parametrize(("data", "encodings", "used"), READ)
def test_the_first_that_fits(tmp_path: Path, data: bytes, encodings: tuple[str, ...], used: str) -> None:
    sheet = sheet_of(tmp_path, data, *encodings)
    assert sheet.encoding == used
    expected = (FRENCH if used == "cp1252" else CHINESE).split("\n")[1].split(",")
    assert sheet.frame["cells"].to_list()[1] == expected
    assert not sheet.frame["cells"].to_list()[0][0].startswith("\ufeff")


@pytest.mark.parametrize("later", ["gb18030", "cp1252", "latin-1"])
def test_a_few_bad_bytes_damage_their_cells_only(tmp_path: Path, later: str) -> None:
    lines = [f"{i:03d},腺泡状软组织肉瘤,M".encode() for i in range(200)]
    lines[49] = "049,腺泡状软组织".encode() + b"\xe8\x82,M"  # cut in the middle of a character
    sheet = sheet_of(tmp_path, b"\n".join(lines), "utf-8", later)
    assert sheet.encoding == "utf-8"
    assert sheet.notes.damaged == ((50, 2),)
    assert sheet.frame.row(49) == (50, ["049", "腺泡状软组织\ufffd\ufffd", "M"])
    assert sheet.frame.row(50) == (51, ["050", "腺泡状软组织肉瘤", "M"])


def test_the_best_encoding_keeps_a_bad_byte_where_no_other_is_listed(tmp_path: Path) -> None:
    data = CHINESE.encode("gb18030") + b"003,\xff\n"
    sheet = sheet_of(tmp_path, data, "gb18030")
    assert (sheet.encoding, sheet.notes.damaged) == ("gb18030", ((4, 2),))


# (bytes, encodings): one line of many with a byte of latin-1, in a file that has nothing else beyond ASCII
ONE_BYTE = [
    ("".join(f"{i:03d},sarcoma,M\n" for i in range(20)).encode().replace(b"007,s", b"007,\xe4"), ("utf-8",)),
    (b"\xef\xbb\xbf" + "".join(f"{i:03d},sarcoma,M\n" for i in range(20)).encode().replace(b"007,s", b"007,\xe4"),
     ("utf-8", "cp1252")),
]  # fmt: skip


@pytest.mark.parametrize(("data", "encodings"), ONE_BYTE, ids=["no other encoding listed", "marked as UTF-8"])
def test_one_bad_byte_damages_its_cell_only(tmp_path: Path, data: bytes, encodings: tuple[str, ...]) -> None:
    sheet = sheet_of(tmp_path, data, *encodings)
    assert (sheet.encoding, sheet.notes.damaged) == ("utf-8", ((8, 2),))
    assert sheet.frame.height == 20
    assert sheet.frame.row(0) == (1, ["000", "sarcoma", "M"])


def test_too_many_bad_lines_refuse_the_file(tmp_path: Path) -> None:
    lines = [f"{i:03d},腺泡状软组织肉瘤".encode() for i in range(200)]
    for i in (10, 60, 150):
        lines[i] = b"x,\xff"
    with pytest.raises(ExportRefused, match=r"3 line\(s\) fail, the first at line 11 \(byte offset \d+\)"):
        sheet_of(tmp_path, b"\n".join(lines), "utf-8")


# (bytes, encodings of the centre, what the message proposes)
REFUSED = [
    (CHINESE.encode("gb18030") * 3, ("utf-8",), "gb18030"),
    (FRENCH.encode("cp1252") * 3, ("utf-8",), "cp1252"),
    ((CHINESE * 3).encode(), ("ascii",), "utf-8"),
]


@pytest.mark.parametrize(("data", "encodings", "proposal"), REFUSED)
def test_none_that_fits(tmp_path: Path, data: bytes, encodings: tuple[str, ...], proposal: str) -> None:
    with pytest.raises(ExportRefused) as refused:
        sheet_of(tmp_path, data, *encodings)
    message = str(refused.value)
    assert message.startswith(f"export.csv: none of the encodings {', '.join(encodings)} reads the file")
    assert "line 1 (byte offset" in message
    assert f"write `encoding: [{proposal}]` into centre.yaml" in message
    assert "肉瘤" not in message


def test_utf16_without_mark_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"`encoding: \[utf-16-le\]`"):
        sheet_of(tmp_path, "id,sex\n1,M\n2,F\n".encode("utf-16-le"), "utf-8", "gb18030")


@pytest.mark.parametrize("name", ["utf8x", "hex"])
def test_a_name_that_is_no_encoding(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"encoding names '{name}'"):
        sheet_of(tmp_path, b"a,b\n", name)


def test_a_replacement_character_of_the_source_is_damage_too(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "a,b\n1,37\ufffd36\n".encode()).notes.damaged == ((2, 2),)
