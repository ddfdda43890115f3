"""The gate before any reader: what a file is, by its content, and whether it is safe to open.

The limits are many times what any legitimate template needs; what they stop (archive bombs, entity expansion,
encrypted containers, other formats under the name .xlsx) would crash, hang or deceive the readers behind.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from crmxl.messages import Code
from crmxl.text import B

T = TypeVar("T")

FILE_LIMIT = 50 * 2**20
PART_LIMIT = 300 * 2**20
PACKAGE_LIMIT = 400 * 2**20
MEMBER_LIMIT = 5_000
RATIO_LIMIT = 250
"""Largest ratio of a part's size to its compressed size, for parts over 10 MiB."""


class Refusal(Exception):  # noqa: N818 - it is the outcome for a file, not a fault of the program
    """The file is not read: the finding's code, what fills its text, the sheet if one is the cause, and what the file
    is (one of FORMS) where that is the cause."""

    def __init__(self, code: Code, sheet: str | None = None, *, form: str = "", **arguments: object) -> None:
        super().__init__(code.name)
        self.code, self.sheet, self.form = code, sheet, form
        self.arguments = {**arguments, **({"format": FORMS[form]} if form in FORMS else {})}


def guarded(read: Callable[[], T]) -> T | None:
    """What a reader gives, or None if it fails in any way: readers of strangers' files raise what they like."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic in calamine is no Exception
        return None


def spared(read: Callable[[], T], default: T) -> T:
    """What a part gives that only adorns the values, or a default where it is damaged: a defect of style must never
    cost an answer. What is hostile is refused all the same."""
    try:
        return read()
    except Refusal as refusal:
        if refusal.code is Code.F109:
            raise
        return default
    except (ValueError, KeyError, IndexError, struct.error):
        return default


def check_file(path: Path) -> bytes:
    """The bytes of a regular file, or the first of them if it is too large; a Refusal for anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refusal(Code.F101)
        with path.open("rb") as stream:
            return stream.read(FILE_LIMIT + 1)
    except OSError:
        raise Refusal(Code.F101) from None


def check_size(data: bytes) -> None:
    """Refuse an empty file, and one that is longer than any template can be."""
    if not data:
        raise Refusal(Code.F102)
    if len(data) > FILE_LIMIT:
        raise Refusal(Code.F103, size=FILE_LIMIT // 2**20)


FORMS: dict[str, B] = {
    "pdf": B("un PDF", "a PDF"),
    "rtf": B("un documento de texto (RTF)", "a text document (RTF)"),
    "picture": B("una imagen", "a picture"),
    "html": B("una página web (HTML)", "a web page (HTML)"),
    "xml": B("un texto XML", "an XML text"),
    "zip": B("un archivo comprimido (.zip)", "a compressed archive (.zip)"),
    "mail": B("un correo (.eml)", "a mail (.eml)"),
    "csv": B("texto separado por comas (CSV)", "comma-separated text (CSV)"),
    "text": B("un archivo de texto", "a text file"),
    "xls4": B("Excel 4.0 o anterior", "Excel 4.0 or older"),
    "word": B("un documento de Word", "a Word document"),
    "office": B("otro documento de Office", "another Office document"),
    "opendocument": B("otro documento de OpenDocument", "another OpenDocument file"),
    "unknown": B("un archivo desconocido", "an unknown file"),
}
"""What a file can be that is no workbook of ours, by the word that `doctor` gives."""
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXCEL_4 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a compound document lists a stream of that name: directory entries begin at multiples of 128."""
    wanted = name.encode("utf-16-le") + b"\x00\x00"
    length = len(wanted).to_bytes(2, "little")
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0 and data[at + 64 : at + 66] == length:
            return True
        at = data.find(wanted, at + 1)
    return False


def _check_compound(data: bytes) -> None:
    """Refuse a compound document that is no workbook of Excel 97-2003."""
    if _has_stream(data, "EncryptedPackage"):
        raise Refusal(Code.F106, form="encrypted")
    if not any(_has_stream(data, name) for name in ("Workbook", "Book")):
        raise Refusal(Code.F104, form="office")


def _sniff_other(data: bytes) -> Refusal:
    """What a file is that no reader of ours reads."""
    head = data[:4096]
    if head.startswith(_EXCEL_4):
        return Refusal(Code.F105, form="xls4")
    for start, name in _HEADS:
        if head.startswith(start):
            return Refusal(Code.F104, form=name)
    lowered = head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table")) or b"<html" in lowered[:1024]:
        return Refusal(Code.F104, form="html")
    if _is_csv(head):
        return Refusal(Code.F105, form="csv")
    if b"\x00" not in head:
        return Refusal(Code.F104, form="text")
    return Refusal(Code.F104, form="unknown")


def _is_csv(head: bytes) -> bool:
    """Text whose whole lines all hold the same number of one separator."""
    lines = [line for line in head.split(b"\n")[:-1] if line.strip()]
    if b"\x00" in head or not lines:
        return False
    counts = [{line.count(mark) for line in lines} for mark in (b";", b",", b"\t", b"|")]
    return any(len(found) == 1 and found != {0} for found in counts)


class Package:
    """An Open XML or OpenDocument workbook whose parts passed the gate."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {info.filename.replace("\\", "/"): info.filename for info in archive.infolist()}
        self.opendocument = self.has("mimetype") or self.has("content.xml")

    @property
    def format(self) -> str:
        """What it is by its content: xlsx, xlsm (it holds macros), xltx (it is a template), ods, ots."""
        if self.opendocument:
            return "ots" if self.has("mimetype") and self.text("mimetype").endswith("-template") else "ods"
        if self.has("xl/workbook.bin"):
            return "xlsb"
        types = self.data("[Content_Types].xml")
        if b"macroEnabled" in types:
            return "xltm" if b"template.macroEnabled" in types else "xlsm"
        return "xltx" if b"spreadsheetml.template.main" in types else "xlsx"

    def has(self, part: str) -> bool:
        """Whether the package holds the part."""
        return part in self._names

    def parts(self) -> list[str]:
        """The names of all parts."""
        return list(self._names)

    def text(self, part: str) -> str:
        """A short part as plain text."""
        with refusing(), self._archive.open(self._names[part]) as stream:
            return stream.read(256).decode("ascii", "replace").strip()

    def xml(self, part: str) -> Element:
        """A whole part, parsed with entities refused."""
        with refusing():
            return fromstring(self._archive.read(self._names[part]), forbid_dtd=True)

    def data(self, part: str) -> bytes:
        """A whole part as its bytes, their sum checked."""
        with refusing():
            return self._archive.read(self._names[part])

    def elements(self, part: str) -> Iterator[Element]:
        """The elements of a part as they end, for parts that may be large."""
        return (element for _, element in self.events(part, "end"))

    def events(self, part: str, *kinds: str) -> Iterator[tuple[str, Element]]:
        """The elements of a part with what happens to them, `start` or `end`, for parts that may be large."""
        with refusing(), self._archive.open(self._names[part]) as stream:
            yield from iterparse(stream, events=kinds, forbid_dtd=True)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The internal relations of a part: id -> (type's last word, name of the part it leads to)."""
        path = PurePosixPath(part)
        rels = f"{path.parent}/_rels/{path.name}.rels".removeprefix("./")
        if not self.has(rels):
            return {}
        found = {}
        for node in self.xml(rels):
            if node.get("TargetMode") == "External":
                continue
            target = node.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else _joined(path.parent, target)
            found[node.get("Id", "")] = (node.get("Type", "").rsplit("/", 1)[-1], whole)
        return found


def local(node: Element) -> str:
    """An element's name without its namespace."""
    return node.tag.rsplit("}", 1)[-1]


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = [] if str(folder) == "." else list(folder.parts)
    for step in PurePosixPath(target).parts:
        if step == "..":
            parts = parts[:-1]
        else:
            parts.append(step)
    return "/".join(parts)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the faults of a damaged or hostile package into refusals."""
    try:
        yield
    except DefusedXmlException:
        raise Refusal(Code.F109, cause="DTD") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ParseError,
        NotImplementedError,
        LookupError,
        ValueError,
        OSError,
        lzma.LZMAError,
    ):
        raise Refusal(Code.F107) from None
    except RuntimeError:  # zipfile: an encrypted member
        raise Refusal(Code.F106, form="encrypted") from None


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    swollen = any(m.file_size > 10 * 2**20 and m.file_size > RATIO_LIMIT * max(m.compress_size, 1) for m in members)
    if (
        len(members) > MEMBER_LIMIT
        or total > PACKAGE_LIMIT
        or swollen
        or any(m.file_size > PART_LIMIT for m in members)
    ):
        raise Refusal(Code.F109, cause=B("tamaño desmedido al abrirse", "it swells when opened"))
    names = [m.filename.replace("\\", "/").casefold() for m in members]
    if len(set(names)) != len(names):
        raise Refusal(Code.F109, cause=B("partes repetidas", "repeated parts"))


def _check_contents(package: Package) -> None:
    if package.opendocument:
        _check_opendocument(package)
        return
    if any(part.startswith("word/") for part in package.parts()):
        raise Refusal(Code.F104, form="word")
    if not package.has("[Content_Types].xml"):
        raise Refusal(Code.F104, form="zip")


def _check_opendocument(package: Package) -> None:
    """Refuse documents that are no spreadsheet, and encrypted ones."""
    manifest = package.xml("META-INF/manifest.xml") if package.has("META-INF/manifest.xml") else None
    nodes = [] if manifest is None else list(manifest.iter())
    kind = package.text("mimetype") if package.has("mimetype") else ""
    for node in nodes:
        named = {key.rsplit("}", 1)[-1]: value for key, value in node.attrib.items()}
        if named.get("full-path") == "/":
            kind = kind or named.get("media-type", "")
    if not kind.startswith("application/vnd.oasis."):
        raise Refusal(Code.F104, form="zip")
    if not kind.startswith(_ODS):
        raise Refusal(Code.F104, form="opendocument")
    if any(local(node) == "encryption-data" for node in nodes):
        raise Refusal(Code.F106, form="encrypted")


def open_package(data: bytes) -> Package | None:
    """The package of an Open XML (.xlsx, .xlsm, .xltx), binary (.xlsb) or OpenDocument workbook (.ods, .ots); None for
    a workbook of Excel 97-2003 (.xls), which is no package; a Refusal for everything else."""
    if data.startswith(_COMPOUND):
        _check_compound(data)
        return None
    if not data.startswith(b"PK"):
        raise _sniff_other(data)
    with refusing():
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_sizes(archive.infolist())
        package = Package(archive)
        _check_contents(package)
    return package
