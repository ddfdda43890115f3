"""Mails as Outlook saves them (.msg), made from nothing: a compound file with the properties of a message."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence

Tree = Mapping[str, "bytes | Tree"]
SECTOR, MINI, SMALL = 512, 64, 4096
END, FREE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
TEXT, BINARY, NUMBER, TIME = 0x001F, 0x0102, 0x0003, 0x0040
PROPERTIES = "__properties_version1.0"


def message(attachments: Sequence[tuple[str, bytes]], sent: dt.datetime | None = None) -> bytes:
    """A mail with attachments, sent at a moment (UTC)."""
    times = [_fixed(0x0039, TIME, _filetime(sent))] if sent else []
    root: dict[str, bytes | Tree] = {PROPERTIES: struct.pack("<8x4I8x", 0, len(attachments), 0, 0) + b"".join(times)}
    for number, (name, data) in enumerate(attachments):
        title = name.encode("utf-16-le")
        told = (_fixed(0x3705, NUMBER, 1), _sized(0x3707, TEXT, len(title) + 2), _sized(0x3701, BINARY, len(data)))
        root[f"__attach_version1.0_#{number:08X}"] = {
            PROPERTIES: bytes(8) + b"".join(told),
            "__substg1.0_3707001F": title,
            "__substg1.0_37010102": data,
        }
    return _compound(root)


def _fixed(pid: int, kind: int, value: int) -> bytes:
    return struct.pack("<HHIQ", kind, pid, 6, value)


def _sized(pid: int, kind: int, size: int) -> bytes:
    return struct.pack("<HHIII", kind, pid, 6, size, 0)


def _filetime(moment: dt.datetime) -> int:
    return int((moment - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)).total_seconds()) * 10_000_000


def _compound(root: Tree) -> bytes:
    """A compound file ([MS-CFB], version 3): streams one after the other, siblings as one chain."""
    entries: list[tuple[str, int, list[int], bytes]] = [("Root Entry", 5, [NONE, NONE, NONE], b"")]
    _enter(entries, 0, root)
    sectors: list[bytes] = []
    chain: dict[int, int] = {}

    def put(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        for place, piece in enumerate(pieces):
            chain[first + place] = first + place + 1 if place + 1 < len(pieces) else END
            sectors.append(piece)
        return first if pieces else END

    mini, minis = b"", []
    places: dict[int, int] = {}
    for number, (_, kind, _, data) in enumerate(entries):
        if kind == 2 and 0 < len(data) < SMALL:
            places[number] = len(minis)
            count = -(-len(data) // MINI)
            minis += [len(minis) + place + 1 for place in range(count - 1)] + [END]
            mini += data.ljust(count * MINI, b"\0")
        elif kind == 2:
            places[number] = put(data)
    places[0] = put(mini)
    table = put(struct.pack(f"<{len(minis)}I", *minis).ljust(-(-len(minis) * 4 // SECTOR) * SECTOR, b"\xff"))
    listed = b""
    for number, (name, kind, links, data) in enumerate(entries):
        title = name.encode("utf-16-le") + b"\0\0"
        size = len(mini) if number == 0 else len(data)
        listed += title.ljust(64, b"\0") + struct.pack("<HBB3I", len(title), kind, 1, *links)
        listed += bytes(36) + struct.pack("<IQ", places.get(number, END), size)
    directory = put(listed)
    first_fat = len(sectors)
    fats = -(-first_fat // (SECTOR // 4 - 1))
    fat = [chain.get(number, FREE) for number in range(first_fat)] + [0xFFFFFFFD] * fats
    sectors.append(struct.pack(f"<{len(fat)}I", *fat).ljust(fats * SECTOR, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    smalls = -(-len(minis) * 4 // SECTOR)
    first = (0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<HHHHH6xIIIIIIIII", *first, 0, fats, directory, 0, SMALL, table, smalls, END, 0)
    listed_fats = [first_fat + place for place in range(fats)]
    header += struct.pack("<109I", *listed_fats, *[FREE] * (109 - fats))
    return header + b"".join(sectors)


def _enter(entries: list[tuple[str, int, list[int], bytes]], parent: int, tree: Tree) -> None:
    """The entries of a storage: a chain of siblings, each to the right of the one before."""
    before = None
    for name in sorted(tree, key=lambda text: (len(text), text.upper())):
        what = tree[name]
        number = len(entries)
        data = what if isinstance(what, bytes) else None
        entries.append((name, 1 if data is None else 2, [NONE, NONE, NONE], data or b""))
        if before is None:
            entries[parent][2][2] = number
        else:
            entries[before][2][1] = number
        before = number
        if not isinstance(what, bytes):
            _enter(entries, number, what)
