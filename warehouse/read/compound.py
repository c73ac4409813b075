"""The container of old Office files (Compound File Binary, [MS-CFB]) -> its streams, every chain checked.

calamine aborts the whole process on some damaged .xls, so the container is checked here first.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_SECTOR = 0xFFFFFFFA
_END = 0xFFFFFFFE
_ENTRY = 128


class DamagedContainerError(ValueError):
    """The container is cut short or its chains do not hold together."""


def streams(data: bytes) -> dict[str, bytes]:
    """Stream name -> bytes of a compound file. Raises DamagedContainerError."""
    try:
        return _streams(data)
    except (struct.error, IndexError, ValueError) as fault:
        raise DamagedContainerError(str(fault)) from fault


def _streams(data: bytes) -> dict[str, bytes]:
    (sector_bits, mini_bits) = struct.unpack_from("<HH", data, 30)
    (first_directory, mini_limit, first_mini) = struct.unpack_from("<I4xII", data, 48)
    if sector_bits not in (9, 12) or mini_bits != 6:
        raise DamagedContainerError("sector size")
    size = 1 << sector_bits
    count = -(-(len(data) - size) // size)
    table = _table(data, size)

    def chain(start: int) -> bytes:
        found = _chain(start, table, count)
        return b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in found)

    directory = chain(first_directory)
    mini_table = _numbers(chain(first_mini)) if first_mini < _LAST_SECTOR else []
    if len(directory) % _ENTRY:
        raise DamagedContainerError("directory is cut short")
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    root = next((entry for entry in entries if entry[66] == 5), None)
    if root is None:
        raise DamagedContainerError("root entry")
    mini = chain(struct.unpack_from("<I", root, 116)[0]) if mini_table else b""
    found = {}
    for entry in entries:
        if entry[66] != 2:
            continue
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= mini_limit:
            stream = chain(start)
        else:
            minis = _chain(start, mini_table, len(mini_table)) if length else []
            stream = b"".join(mini[64 * sector : 64 * sector + 64] for sector in minis)
        if len(stream) < length:
            raise DamagedContainerError(f"stream {name} is cut short")
        found[name] = stream[:length]
    return found


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _table(data: bytes, size: int) -> list[int]:
    """The sector allocation table, by way of the sectors that the header and its continuation list."""
    listed = [number for number in _numbers(data[76:512]) if number < _LAST_SECTOR]
    (following, extra) = struct.unpack_from("<II", data, 68)
    for _ in range(extra):
        if following >= _LAST_SECTOR:
            break
        *numbers, following = _numbers(data[(following + 1) * size : (following + 2) * size])
        listed += [number for number in numbers if number < _LAST_SECTOR]
    if following < _LAST_SECTOR:
        raise DamagedContainerError("list of the allocation table goes on without end")
    table: list[int] = []
    for sector in listed:
        block = data[(sector + 1) * size : (sector + 2) * size]
        if len(block) < size:
            raise DamagedContainerError("allocation table is cut short")
        table += _numbers(block)
    return table


def _chain(start: int, table: Sequence[int], count: int) -> list[int]:
    found: list[int] = []
    sector = start
    while sector != _END:
        if sector >= min(len(table), count) or len(found) > count:
            raise DamagedContainerError("a chain of sectors is broken")
        found.append(sector)
        sector = table[sector]
    return found
