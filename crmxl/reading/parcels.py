"""Parcels: files that bring other files, an archive (.zip) or a mail (.eml) with its attachments.

A parcel in a parcel is opened too, once. What is in it is named behind its own name (`envio.zip/CRI.xlsx`). Nothing is
written; sizes are bounded before and while anything is inflated.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator

from crmxl.reading.gate import FILE_LIMIT, guarded

MEMBERS = 500
"""Files in an archive, or attachments of a mail, that are opened."""
PARCEL_LIMIT = 100 * 2**20
"""Bytes that the files of an archive may have together."""
DEPTH = 2
_PASSED_OVER = re.compile(r"(?:^|/)(?:\.(?!\.?/)|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
_HEADER = re.compile(rb"^(?:(?:[A-Za-z-]+: .*|[ \t].*)\r?\n)+", re.MULTILINE)
_OF_A_MAIL = (b"mime-version:", b"from:", b"received:", b"subject:", b"content-type:")

Parcel = list[tuple[str, bytes]]


def unpacked(name: str, data: bytes, depth: int = DEPTH) -> Parcel | None:
    """The files that a parcel brings, by name; None if it is no parcel."""
    inside = _archived(data) if data.startswith(b"PK") else _attached(data)
    if inside is None:
        return None
    found: Parcel = []
    for inner, content in inside:
        path = f"{name}/{inner}"
        more = unpacked(path, content, depth - 1) if depth > 1 else None
        found += [(path, content)] if more is None else more
    return found[:MEMBERS]


def _archived(data: bytes) -> list[tuple[str, bytes]] | None:
    """The files of an archive that is no document of an office program; None of one, or of what cannot be opened."""
    archive = guarded(lambda: zipfile.ZipFile(io.BytesIO(data)))
    if archive is None:
        return None
    names = {info.filename.replace("\\", "/") for info in archive.infolist()}
    if names & {"[Content_Types].xml", "mimetype", "content.xml"}:
        return None
    return guarded(lambda: list(_members(archive)))


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    total = 0
    for info in archive.infolist()[:MEMBERS]:
        name = info.filename.replace("\\", "/")
        if info.is_dir() or _PASSED_OVER.search(name):
            continue
        with archive.open(info) as stream:
            content = stream.read(FILE_LIMIT + 1)
        total += len(content)
        if total > PARCEL_LIMIT:
            return
        yield name.lstrip("/").replace("../", ""), content


def _attached(data: bytes) -> list[tuple[str, bytes]] | None:
    """The attachments of a mail; None of what is no mail."""
    head = data[:4096]
    if b"\x00" in head or not _HEADER.match(head) or sum(sign in head.lower() for sign in _OF_A_MAIL) < 2:
        return None
    return guarded(lambda: list(_attachments(data)))


def _attachments(data: bytes) -> Iterator[tuple[str, bytes]]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for number, part in enumerate(message.walk()):
        name = part.get_filename()
        if number > 10 * MEMBERS or part.is_multipart():
            continue
        if name or part.get_content_disposition() == "attachment":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield (name or f"adjunto {number}").replace("\\", "/").rsplit("/", 1)[-1], content
