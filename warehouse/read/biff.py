"""What calamine leaves out of an .xls (BIFF5 and BIFF8, [MS-XLS]): errors, partial dates, encryption."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.errors import ExportRefused
from warehouse.read.compound import DamagedContainerError, streams
from warehouse.read.formats import partial_formats
from warehouse.read.xlsx import Corrections

_EOF, _BOF, _FILEPASS, _BOUNDSHEET, _XF, _FORMAT, _SST = 0x0A, 0x809, 0x2F, 0x85, 0xE0, 0x41E, 0xFC
_DIMENSIONS, _FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK = 0x200, 0x06, 0x205, 0x203, 0x27E, 0xBD
_LABEL, _RICH_LABEL, _SHARED_LABEL = 0x204, 0xD6, 0xFD
_CELLS = frozenset((_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _LABEL, _RICH_LABEL, _SHARED_LABEL))
_ROWS, _COLUMNS = 65536, 256
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
Record = tuple[int, bytes]


def corrections(path: Path, name: str) -> list[Corrections]:
    """Corrections of each sheet in the workbook's order, charts and macros included. Raises ExportRefused."""
    try:
        found = streams(path.read_bytes())
        if "EncryptedPackage" in found:
            raise ExportRefused(_locked(name))
        stream = found.get("Workbook") or found.get("Book")
        if stream is None:
            raise ExportRefused(
                f"{name}: is an old Office file without a workbook in it; open it where it came "
                "from and save it as .xlsx."
            )
        return _workbook(stream, name)
    except (DamagedContainerError, struct.error, IndexError) as fault:
        raise ExportRefused(
            f"{name}: is damaged or cut short; open it in Excel, save it again and deliver that file."
        ) from fault


def _locked(name: str) -> str:
    return f"{name}: is protected by a password; take the password off in Excel and deliver it again."


def _workbook(stream: bytes, name: str) -> list[Corrections]:
    starts: list[int] = []
    styles: list[int] = []
    codes: dict[int, str] = {}
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise ExportRefused(_locked(name))
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _XF:
            styles.append(struct.unpack_from("<2xH", body)[0])
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _format_code(body)
        elif kind == _SST and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise DamagedContainerError("more strings than bytes")
    lengths = partial_formats(codes)
    shown = {style: lengths[number] for style, number in enumerate(styles) if number in lengths}
    return [_sheet(stream, start, shown) for start in starts]


def _format_code(body: bytes) -> str:
    # BIFF8: length in characters and a flag for two-byte ones; BIFF5: length in bytes
    if len(body) == 3 + body[2]:
        return body[3:].decode("latin-1")
    return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one substream, from its beginning to its end; embedded ones (charts) are passed over."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:
            raise DamagedContainerError("a record is cut short")
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, body
        if depth <= 0:
            return


def _sheet(stream: bytes, start: int, shown: Mapping[int, int]) -> Corrections:
    text: dict[tuple[int, int], str] = {}
    partial: dict[tuple[int, int], int] = {}
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_area(body)
        if kind not in _CELLS:
            continue
        row, column, style = struct.unpack_from("<HHH", body)
        if column >= _COLUMNS:
            raise DamagedContainerError("more columns than a sheet has")
        if kind == _BOOLERR and body[7]:
            text[row + 1, column + 1] = _ERRORS.get(body[6], "#ERROR!")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            text[row + 1, column + 1] = _ERRORS.get(body[8], "#ERROR!")
        elif kind == _MULRK and shown:
            for offset in range((len(body) - 6) // 6):
                (style,) = struct.unpack_from("<H", body, 4 + 6 * offset)
                if style in shown:
                    partial[row + 1, column + 1 + offset] = shown[style]
        elif style in shown and kind in (_FORMULA, _NUMBER, _RK):
            partial[row + 1, column + 1] = shown[style]
    return Corrections(text, partial)


def _check_area(body: bytes) -> None:
    # calamine reserves memory for the whole area that this record declares
    first_row, end_row, _, end_column = struct.unpack_from("<IIHH" if len(body) >= 14 else "<HHHH", body)
    if end_row > _ROWS or end_column > _COLUMNS or (first_row >= end_row > 0):
        raise DamagedContainerError("more cells than a sheet has")
