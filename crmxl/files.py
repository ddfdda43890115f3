"""The Secretariat's files: found in folders, and written whole or not at all.

A command that cannot be done as it was given raises `UsageError`, whose message says why in the language of the user.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeAlias

from crmxl.text import B, Bilingual


class UsageError(Exception):
    """The command cannot be done as it was given; the message says why, in the language of the user."""

    def __init__(self, text: Bilingual) -> None:
        super().__init__(text.es)
        self.text = text


Watch: TypeAlias = Callable[[Sequence[Any]], Iterable[Any]]
WATCH: ContextVar[Watch] = ContextVar("watch", default=iter)
"""What looks on while files are read one by one: it gives them on as they are; a terminal shows how far it is."""
WRITTEN: ContextVar[Watch] = ContextVar("written", default=iter)
"""The same, while the rows of a sheet are written."""
MISSING = B(
    "No existe: {path}. Revise el nombre y desde qué carpeta da la orden.",
    "It does not exist: {path}. Check the name, and the folder in which you give the command.",
)
_NOT_OURS = ("~$", ".", "Thumbs.db", "desktop.ini")
"""How the names of other programs' own files begin: locks, hidden files, what Windows leaves in folders."""


def is_not_ours(name: str) -> bool:
    """Whether a file is another program's own: a lock, a hidden file, what Windows leaves in folders."""
    return name.startswith(_NOT_OURS)


def data_folder(name: str) -> Path:
    """A folder of workbooks that come with crmxl: inside the installed package, or in a checkout beside it."""
    installed = Path(__file__).parent / "_data" / name
    return installed if installed.is_dir() else Path(__file__).parent.parent / name


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files whole or not at all: all are staged beside their places, then moved there at once."""
    staged: list[tuple[Path, Path]] = []
    try:
        for path in files:
            if path.exists():
                path.open("r+b").close()  # a folder, or a file that another program holds, is found out before anything
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".crmxl-", suffix=path.suffix, dir=path.parent)
            staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for temporary, path in staged:
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as fault:
        held = Path(fault.filename2 or fault.filename or "")
        where = held.parent if held.name.startswith(".crmxl-") else held.name
        raise UsageError(
            B(
                "No se pudo escribir {where}: ciérrelo si está abierto en otro programa, o elija otro nombre con -o.",
                "Could not write {where}: close it if another program has it open, or choose another name with -o.",
            ).format(where=where)
        ) from fault
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink()


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths mean, each once: a file itself, and of a folder every file at any depth but hidden ones."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not is_not_ours(p.name))
            found.update({p.resolve(): p for p in inside})
        elif path.exists():
            found[path.resolve()] = path
        else:
            raise UsageError(MISSING.format(path=path))
    if not found:
        raise UsageError(B("No se encontró ningún archivo.", "No file was found."))
    return list(found.values())


def check_is_output(path: Path, inputs: Iterable[Path]) -> None:
    """An output is an Excel workbook, and none of the files that it is made from."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(B("{path} debe terminar en .xlsx.", "{path} must end in .xlsx.").format(path=path))
    if path.resolve() in {given.resolve() for given in inputs}:
        text = B(
            "{path} es uno de los archivos de entrada; elija otro nombre.", "{path} is an input; choose another name."
        )
        raise UsageError(text.format(path=path))
