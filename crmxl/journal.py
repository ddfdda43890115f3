"""The journal of a cycle's folder: what happened in it, a line each, never changed.

`recibidos/registro.jsonl` holds one JSON object a line: `at`, the moment in UTC; `event`; and what belongs to it.
Lines are only ever added, all of one step at once. A line that was cut off while it was being written is none: the
command that wrote it was not done. Programs that keep a folder alike on several machines may leave copies of the
journal (`registro (copia en conflicto).jsonl`): the lines of all of them count, each once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crmxl.files import UsageError
from crmxl.text import B

NAME = "registro.jsonl"
_COPIES = "registro*.jsonl"
_LOCK = ".registro.lock"
PATIENCE = 10.0
"""Seconds that a command waits for another one that is at work in the folder."""
EVENTS = ("issued", "received", "again", "checked", "reviewed", "merged", "reminded", "published", "corrected")


@dataclass(frozen=True)
class Line:
    """One line: when (ISO, UTC), what happened, and what belongs to it."""

    at: str
    event: str
    told: Mapping[str, Any]

    def written(self) -> str:
        """The line as it stands in the file."""
        return json.dumps({"at": self.at, "event": self.event, **self.told}, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Journal:
    """The lines of a folder's journal, in the order of their moments; `torn` counts lines that cannot be read."""

    folder: Path
    lines: tuple[Line, ...] = ()
    torn: int = 0

    def of(self, *events: str) -> Iterator[Line]:
        """The lines of some kinds of events."""
        return (line for line in self.lines if line.event in events)

    def having(self, events: Sequence[tuple[str, Mapping[str, Any]]], at: str) -> Journal:
        """Add what happened at a moment, all of it or nothing; the journal with it."""
        if not events:
            return self
        lines = [Line(at, event, told) for event, told in events]
        _append(self.folder / NAME, "".join(f"{line.written()}\n" for line in lines))
        return read_journal(self.folder)


def read_journal(folder: Path) -> Journal:
    """The journal of a folder; an empty one where there is none yet."""
    found: dict[str, Line] = {}
    torn = 0
    for path in sorted(folder.glob(_COPIES)):
        try:
            written = path.read_bytes().split(b"\n")
        except OSError as fault:
            text = B(
                "No se puede leer {path}: puede que falte permiso o que la carpeta se esté sincronizando.",
                "{path} cannot be read: a permission may be missing, or the folder may be being synchronised.",
            )
            raise UsageError(text.format(path=path)) from fault
        for raw in filter(bytes.strip, written):
            line = _line(raw)
            torn += line is None
            if line is not None:
                found.setdefault(line.written(), line)
    return Journal(folder, tuple(sorted(found.values(), key=lambda line: line.at)), torn)


def _line(raw: bytes) -> Line | None:
    """A line of the file; None if it was cut off."""
    try:
        told = json.loads(raw)
        at, event = str(told.pop("at")), str(told.pop("event"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return Line(at, event, told) if event in EVENTS else None


def _append(path: Path, text: str) -> None:
    """Add whole lines to a file in one step. After a line that was cut off they begin on a new one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(size - 1, 0))
            begun = size > 0 and stream.read(1) != b"\n"
            stream.write((b"\n" if begun else b"") + text.encode("utf-8"))
            os.fsync(stream.fileno())
    except OSError as fault:
        raise UsageError(NO_WRITING.format(path=path)) from fault


NO_WRITING = B(
    "No se puede escribir {path}: falta permiso en la carpeta, o el archivo está abierto en otro programa.",
    "{path} cannot be written: the folder lacks permission, or another program has the file open.",
)


@contextmanager
def alone(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only command at work in a folder; a command that ends in any way lets go of it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=patience)
    except Timeout as fault:
        text = B(
            "Otra persona está usando crmxl en esta carpeta ({folder}). Espere a que termine y dé la orden de nuevo.",
            "Somebody else is using crmxl in this folder ({folder}). Wait until that is done, and give the command "
            "again.",
        )
        raise UsageError(text.format(folder=folder.parent)) from fault
    except OSError as fault:
        raise UsageError(NO_WRITING.format(path=folder)) from fault
    try:
        yield
    finally:
        lock.release()


def is_own(name: str) -> bool:
    """Whether a file is the journal, a copy of it, or its lock."""
    return name == _LOCK or Path(name).match(_COPIES)
