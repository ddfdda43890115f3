"""Parcels: files that bring other files, an archive (.zip) or a mail (.eml, Outlook's .msg) with its attachments.

A parcel in a parcel is opened too, once. What is in it is named behind its own name (`envio.zip/CRI.xlsx`). Nothing is
written; sizes are bounded before and while anything is inflated.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmxl.messages import Code
from crmxl.reading.gate import FILE_LIMIT, Refusal, guarded, refusing
from crmxl.text import storable, tidy

if TYPE_CHECKING:  # what opens mails is imported when there is one
    from email.message import MIMEPart

MEMBERS = 500
"""Files in an archive, or attachments of a mail, that are opened."""
PARCEL_LIMIT = 100 * 2**20
"""Bytes that the files of an archive may have together."""
DEPTH = 2
NAME_LIMIT = 120
"""Characters of an attachment's name; longer ones are cut before their ending."""
_PASSED_OVER = re.compile(r"(?:^|/)(?:\.(?!\.?/)|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
WORKBOOK = re.compile(r"\.(?:xls[xmb]?|xlt[xm]?|ods|ots)$", re.IGNORECASE)
"""How a file is called that is meant as a workbook."""
_HEADER = re.compile(rb"^(?:(?:[A-Za-z-]+: .*|[ \t].*)\r?\n)+", re.MULTILINE)
_MAILBOX_LINE = re.compile(rb"\A>?From \S+.*\r?\n")
"""What programs that keep mails in one file put in front of each."""
_OF_OUTLOOK = (b"\xd0\xcf\x11\xe0", "__properties_version1.0".encode("utf-16-le"))
"""How a mail begins that Outlook saved, and the name of what every one holds."""
_OF_A_MAIL = (b"mime-version:", b"from:", b"received:", b"subject:", b"content-type:")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of a parcel: its name behind that of the parcel, its bytes or why they could not be had, and when the
    mail was sent that brought it (ISO, UTC; blank where that is not known)."""

    name: str
    content: bytes | Refusal
    sent: str = ""


Parcel = list[Brought]


def unpacked(name: str, data: bytes, depth: int = DEPTH, sent: str = "") -> Parcel | None:
    """The files that a parcel brings; None if it is no parcel. Where not all of them are opened, the last is the parcel
    itself with the reason."""
    inside = _archived(data) if data.startswith(b"PK") else _attached(data)
    inside = _outlook(data) if inside is None else inside
    if inside is None:
        return None
    found: Parcel = []
    for inner in inside:
        one = Brought(f"{name}/{inner.name}" if inner.name else name, inner.content, inner.sent or sent)
        content = one.content
        more = unpacked(one.name, content, depth - 1, one.sent) if depth > 1 and isinstance(content, bytes) else None
        found += [one] if more is None else more
    notices = [one for one in found if isinstance(one.content, Refusal) and one.content.code is Code.F114]
    files = [one for one in found if one not in notices]
    if len(files) > MEMBERS:
        notices.append(Brought(name, _left_out(one.name for one in files[MEMBERS:]), sent))
    return [*files[:MEMBERS], *notices]


def _left_out(names: Iterable[str]) -> Refusal:
    """That some files of a parcel were not opened, and the first of them."""
    told = [name.rsplit("/", 1)[-1] for name in names]
    return Refusal(Code.F114, count=len(told), names=", ".join(told[:5]) + ("…" if len(told) > 5 else ""))


def plain_name(name: str) -> str:
    """The name of a file as it can be shown and written: one line, no path upward, not too long."""
    shown = tidy(storable(name.replace("\\", "/"))).lstrip("/").replace("../", "") or "archivo"
    folder, slash, last = shown.rpartition("/")
    stem, dot, ending = last.rpartition(".")
    if len(last) > NAME_LIMIT:
        last = f"{(stem or ending)[: NAME_LIMIT - 12]}…{dot}{ending[:10]}" if dot else f"{last[:NAME_LIMIT]}…"
    return f"{folder[-NAME_LIMIT:]}{slash}{last}"


def _archived(data: bytes) -> Parcel | None:
    """The files of an archive that is no document of an office program; None of one, or of what cannot be opened."""
    archive = guarded(lambda: zipfile.ZipFile(io.BytesIO(data)))
    if archive is None:
        return None
    names = {info.filename.replace("\\", "/") for info in archive.infolist()}
    if names & {"[Content_Types].xml", "mimetype", "content.xml"}:
        return None
    return list(_members(archive))


def _members(archive: zipfile.ZipFile) -> Iterator[Brought]:
    """The files of an archive, those first that are called workbooks; a member that is damaged costs itself alone."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    files = [info for info in files if not _PASSED_OVER.search(info.filename.replace("\\", "/"))]
    files.sort(key=lambda info: WORKBOOK.search(info.filename) is None)
    room = PARCEL_LIMIT
    left = [info.filename for info in files[MEMBERS:]]
    for info in files[:MEMBERS]:
        content = _content(archive, info, min(room, FILE_LIMIT))
        size = len(content) if isinstance(content, bytes) else 0
        if size > room:
            left.append(info.filename)
        else:
            room -= size
            yield Brought(plain_name(info.filename), content)
    if left:
        yield Brought("", _left_out(left))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | Refusal:
    """The bytes of one file of an archive; one more than the limit if it is longer."""
    try:
        with refusing(), archive.open(info) as stream:
            return stream.read(limit + 1)
    except Refusal as refusal:
        return refusal


def _attached(data: bytes) -> Parcel | None:
    """The attachments of a mail; None of what is no mail."""
    data = _MAILBOX_LINE.sub(b"", data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t"), count=1)
    head = data[:4096]
    if b"\x00" in head or not _HEADER.match(head) or sum(sign in head.lower() for sign in _OF_A_MAIL) < 2:
        return None
    import email.policy

    return guarded(lambda: list(_attachments(email.message_from_bytes(data, policy=email.policy.default), "")))


def _outlook(data: bytes) -> Parcel | None:
    """The attachments of a mail that Outlook saved (.msg); None of what is none. A mail that it encloses is not opened,
    and named."""
    start, stream = _OF_OUTLOOK
    return guarded(lambda: _of_outlook(data)) if data.startswith(start) and stream in data else None


def _of_outlook(data: bytes) -> Parcel | None:
    from olefile import OleFileIO
    from oxmsg import Message

    with OleFileIO(io.BytesIO(data)) as package:
        if sum(package.get_size(path) for path in package.listdir()) > PARCEL_LIMIT:
            return None
    message = Message.load(data)
    sent = message.sent_date
    day = sent.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "minutes") if sent and sent.tzinfo else ""
    files = [
        (part.file_name or f"adjunto {number}", part.file_bytes) for number, part in enumerate(message.attachments)
    ]
    found = [Brought(plain_name(name), content, day) for name, content in files if content is not None]
    closed = [name for name, content in files if content is None]
    return [*found, Brought("", _left_out(closed), day)] if closed else found


def _attachments(message: MIMEPart, sent: str) -> Iterator[Brought]:
    """The files of a mail, and of the mails that it forwards; each with the date of the mail that it was sent with."""
    sent = _sent(message) or sent
    for number, part in enumerate(message.walk() if not message.is_multipart() else message.iter_parts()):
        if number > 10 * MEMBERS:
            return
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts():
                yield from _attachments(inner, sent)
        elif part.is_multipart():
            yield from _attachments(part, sent)
        elif name := part.get_filename() or _unnamed(part, number):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield Brought(plain_name(name.replace("\\", "/").rsplit("/", 1)[-1]), content, sent)


def _unnamed(part: MIMEPart, number: int) -> str:
    """A name for a file that came without one; none for the text of the mail itself."""
    file = part.get_content_disposition() == "attachment" or part.get_content_maintype() == "application"
    return f"adjunto {number}" if file else ""


def _sent(message: MIMEPart) -> str:
    """When a mail says that it was sent, in UTC; blank where it does not say, or leaves out the zone."""
    from email.utils import parsedate_to_datetime

    told = guarded(lambda: parsedate_to_datetime(str(message.get("Date", ""))).astimezone(dt.UTC))
    naive = guarded(lambda: parsedate_to_datetime(str(message.get("Date", ""))).tzinfo is None)
    return "" if told is None or naive else told.replace(tzinfo=None).isoformat(" ", "minutes")
