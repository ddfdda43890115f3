"""The gate before any reader: what a file is, by its content, and whether it is safe to open.

The limits are many times what any legitimate template needs; what they stop (archive bombs, entity expansion,
encrypted containers, other formats under the name .xlsx) would crash, hang or deceive the readers behind.
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from crmxl.messages import Code
from crmxl.text import B

FILE_LIMIT = 50 * 2**20
PART_LIMIT = 300 * 2**20
PACKAGE_LIMIT = 400 * 2**20
MEMBER_LIMIT = 5_000
RATIO_LIMIT = 250
"""Largest ratio of a part's size to its compressed size, for parts over 10 MiB."""


class Refusal(Exception):  # noqa: N818 - it is the outcome for a file, not a fault of the program
    """The file is not read: the finding's code, what fills its text, and the sheet if one is the cause."""

    def __init__(self, code: Code, sheet: str | None = None, **arguments: object) -> None:
        super().__init__(code.name)
        self.code, self.sheet, self.arguments = code, sheet, arguments


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


_HEADS: tuple[tuple[bytes, B], ...] = (
    (b"%PDF", B("un PDF", "a PDF")),
    (b"{\\rtf", B("un documento de texto (RTF)", "a text document (RTF)")),
    (b"\x89PNG", B("una imagen", "a picture")),
    (b"\xff\xd8\xff", B("una imagen", "a picture")),
    (b"GIF8", B("una imagen", "a picture")),
)
_HTML = B("una página web (HTML)", "a web page (HTML)")
_OLD_EXCEL = B("Excel 97-2003 (.xls)", "Excel 97-2003 (.xls)")


def _sniff_other(data: bytes) -> Refusal:
    """What a file that is no Open XML package is."""
    head = data[:4096]
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return Refusal(Code.F106)
        if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
            return Refusal(Code.F105, format=_OLD_EXCEL)
        return Refusal(Code.F104, format=B("otro documento de Office", "another Office document"))
    for start, name in _HEADS:
        if head.startswith(start):
            return Refusal(Code.F104, format=name)
    lowered = head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table")) or b"<html" in lowered[:1024]:
        return Refusal(Code.F104, format=_HTML)
    if _is_csv(head):
        return Refusal(Code.F105, format=B("texto separado por comas (CSV)", "comma-separated text (CSV)"))
    if b"\x00" not in head:
        return Refusal(Code.F104, format=B("un archivo de texto", "a text file"))
    return Refusal(Code.F104, format=B("un archivo desconocido", "an unknown file"))


def _is_csv(head: bytes) -> bool:
    """Text whose whole lines all hold the same number of one separator."""
    lines = [line for line in head.split(b"\n")[:-1] if line.strip()]
    if b"\x00" in head or not lines:
        return False
    counts = [{line.count(mark) for line in lines} for mark in (b";", b",", b"\t", b"|")]
    return any(len(found) == 1 and found != {0} for found in counts)


class Package:
    """An Open XML workbook whose parts passed the gate."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {info.filename.replace("\\", "/"): info.filename for info in archive.infolist()}

    def has(self, part: str) -> bool:
        """Whether the package holds the part."""
        return part in self._names

    def parts(self) -> list[str]:
        """The names of all parts."""
        return list(self._names)

    def xml(self, part: str) -> Element:
        """A whole part, parsed with entities refused."""
        with _refusing():
            return fromstring(self._archive.read(self._names[part]), forbid_dtd=True)

    def elements(self, part: str) -> Iterator[Element]:
        """The elements of a part as they end, for parts that may be large."""
        with _refusing(), self._archive.open(self._names[part]) as stream:
            for _, element in iterparse(stream, events=("end",), forbid_dtd=True):
                yield element

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

    @property
    def program(self) -> str | None:
        """The program that says it wrote the file, with its version."""
        if not self.has("docProps/app.xml"):
            return None
        texts = {local(node): (node.text or "").strip() for node in self.xml("docProps/app.xml")}
        return " ".join(filter(None, (texts.get("Application"), texts.get("AppVersion"))))[:100] or None


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
def _refusing() -> Iterator[None]:
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
        raise Refusal(Code.F106) from None


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
    if package.has("mimetype") or package.has("content.xml"):
        raise Refusal(Code.F105, format=B("OpenDocument (.ods)", "OpenDocument (.ods)"))
    if package.has("xl/workbook.bin"):
        raise Refusal(Code.F105, format=B("Excel binario (.xlsb)", "binary Excel (.xlsb)"))
    if any(part.startswith("word/") for part in package.parts()):
        raise Refusal(Code.F104, format=B("un documento de Word", "a Word document"))
    if not package.has("[Content_Types].xml"):
        raise Refusal(Code.F104, format=B("un archivo comprimido (.zip)", "a compressed archive (.zip)"))


def open_package(data: bytes) -> Package:
    """The package of an Open XML workbook (.xlsx, .xlsm, .xltx); a Refusal for everything else."""
    if not data.startswith(b"PK"):
        raise _sniff_other(data)
    with _refusing():
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_sizes(archive.infolist())
        package = Package(archive)
        _check_contents(package)
    return package
