"""Old .xls files, written here record by record: values, errors, partial dates, passwords, damage."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from schemas.errors import ExportRefused
from warehouse.read import TextSheet, read

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def xf(number_format: int) -> bytes:
    return record(0xE0, struct.pack("<HH", 0, number_format) + bytes(16))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def error(row: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def boolean(row: int, column: int, value: bool) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row, column, 0, value, 0))


def failed_formula(row: int, column: int, code: int) -> bytes:
    result = bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])
    return record(0x6, struct.pack("<HHH", row, column, 0) + result + bytes(6) + struct.pack("<H", 0))


def dimensions(rows: int, columns: int, first_row: int = 0) -> bytes:
    return record(0x200, struct.pack("<IIHHH", first_row, rows, 0, columns, 0))


def workbook_stream(sheets: dict[str, bytes], formats: dict[int, str], styles: list[int], extra: bytes = b"") -> bytes:
    """A BIFF8 stream: formats by number, one cell style per entry of `styles`."""
    head = begin(5) + extra
    for key, code in formats.items():
        head += record(0x41E, struct.pack("<HHB", key, len(code), 1) + code.encode("utf-16-le"))
    head += b"".join(xf(style) for style in styles)
    names = {name: name.encode("utf-16-le") for name in sheets}
    at = len(head) + sum(4 + 8 + len(name) for name in names.values()) + len(record(0xA))
    bodies = b""
    for name, cells in sheets.items():
        head += record(0x85, struct.pack("<IBBBB", at + len(bodies), 0, 0, len(name), 1) + names[name])
        bodies += begin(0x10) + cells + record(0xA)
    return head + record(0xA) + bodies


def entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIII", text, len(text), kind, 1, FREE, FREE, child, start, size, 0)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream, padded so that it needs no small sectors."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // SECTOR)
    stream = stream.ljust(count * SECTOR, b"\0")
    table = [TABLE, END, *range(3, count + 2), END]
    assert len(table) <= SECTOR // 4
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0,
    )  # fmt: skip
    header = header.ljust(SECTOR, b"\xff")
    directory = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, 2, len(stream)) + 2 * entry("", 0, 0, 0)
    allocation = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    return header + allocation + directory + stream


def delivered(folder: Path, content: bytes) -> Path:
    path = folder / "病例.xls"
    path.write_bytes(content)
    return path


def sheets_of(path: Path) -> list[TextSheet]:
    return read(path, encodings=["utf-8"])


CELLS = (
    dimensions(9, 6)
    + label(3, 2, "住院号")
    + number(3, 3, 12.0)
    + number(4, 2, 44256.0, 1)
    + number(4, 3, 44256.0, 2)
    + number(4, 4, 44260.0, 2)
    + number(4, 5, 44260.5, 1)
    + error(5, 2, 7)
    + failed_formula(5, 3, 42)
    + boolean(5, 4, True)
    + number(8, 1, 410123199001011000.0)
)


def stream(cells: bytes = CELLS, extra: bytes = b"") -> bytes:
    return workbook_stream({"患者": cells}, {170: "yyyy-mm-dd", 171: 'yyyy"年"m"月"'}, [0, 170, 171], extra)


def test_values_and_coordinates(tmp_path: Path) -> None:
    (sheet,) = sheets_of(delivered(tmp_path, compound("Workbook", stream())))
    assert (sheet.name, sheet.kind) == ("患者", "workbook")
    assert sheet.frame.rows() == [
        (4, [None, None, "住院号", "12", None, None]),
        (5, [None, None, "2021-03-01", "2021-03", "2021-03-05", "2021-03-05 12:00:00"]),
        (6, [None, None, "#DIV/0!", "#N/A", "TRUE", None]),
        (9, [None, "410123199001011000", None, None, None, None]),
    ]


LOCKED = r"病例\.xls: is protected by a password; take the password off in Excel"
DAMAGED = r"病例\.xls: is damaged or cut short; open it in Excel, save it again"

# (what, file, the sentence)
REFUSED = [
    ("an encrypted .xlsx", compound("EncryptedPackage", b"x"), LOCKED),
    ("an encrypted .xls", compound("Workbook", stream(extra=record(0x2F, bytes(6)))), LOCKED),
    ("a Word document", compound("WordDocument", b"x"), "is an old Office file without a workbook in it"),
    ("more rows than fit", compound("Workbook", stream(dimensions(70_000, 5))), DAMAGED),
    ("rows that end before they begin", compound("Workbook", stream(dimensions(1, 5, first_row=9))), DAMAGED),
    ("more columns than fit", compound("Workbook", stream(number(0, 60_000, 1))), DAMAGED),
    ("a record beyond the end", compound("Workbook", stream()[:-20] + struct.pack("<HH", 0x203, 9000)), DAMAGED),
    ("cut in the header", compound("Workbook", stream())[:300], DAMAGED),
    ("cut in the allocation table", compound("Workbook", stream())[:700], DAMAGED),
    ("cut in the directory", compound("Workbook", stream())[:1100], DAMAGED),
    ("cut in the stream", compound("Workbook", stream())[:1600], DAMAGED),
]


@pytest.mark.parametrize(("what", "content", "sentence"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_in_one_sentence(tmp_path: Path, what: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ExportRefused, match=sentence):
        sheets_of(delivered(tmp_path, content))


def test_a_chain_of_sectors_that_bites_its_tail_is_refused(tmp_path: Path) -> None:
    content = bytearray(compound("Workbook", stream()))
    struct.pack_into("<I", content, SECTOR + 4 * 4, 3)
    with pytest.raises(ExportRefused, match=DAMAGED):
        sheets_of(delivered(tmp_path, bytes(content)))


def test_date_formats_that_chinese_excel_names_by_number_alone(tmp_path: Path) -> None:
    cells = number(0, 0, 44256.0, 1) + number(0, 1, 44256.0, 2) + number(0, 2, 44256.0, 0)
    content = compound("Workbook", workbook_stream({"a": cells}, {}, [0, 31, 57]))
    assert sheets_of(delivered(tmp_path, content))[0].frame.rows() == [(1, ["2021-03-01", "2021-03", "44256"])]
