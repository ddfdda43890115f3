"""Blank templates, and the workbooks that registers begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from crmxl.definition import Kind, Record
from crmxl.files import UsageError, write_whole
from crmxl.issued import Stamp
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import read_book
from crmxl.submission import read_submission
from crmxl.tables import template_rows
from crmxl.text import B, Lang, fold
from crmxl.writing import write_canonical, write_template

BLANK_ROWS = 60
"""Open rows of a blank template."""


def template(keys: Sequence[str], path: Path, lang: Lang) -> None:
    """Write a blank template of the kinds named."""
    kinds = [BY_KEY[key] for key in keys]
    if path.is_file() and any(read_submission(read_book(path), KINDS, {}).records.values()):
        text = B(
            "{path} ya tiene datos; elija otro nombre con -o.", "{path} holds data already; choose another with -o."
        )
        raise UsageError(text.format(path=path))
    stamp = Stamp(lang=lang, kinds=tuple(f"{kind.key}:{kind.version}" for kind in kinds))
    known = {kind.items_table.name: [Record((str(row[kind.id]),), row) for row in kind.seed] for kind in kinds}
    rows = {kind.key: template_rows(kind, known, "", lang) for kind in kinds}
    write_whole({path: write_template(kinds, rows, stamp, BLANK_ROWS)})


def begin(keys: Sequence[str], path: Path, day: dt.date, lang: Lang) -> None:
    """Write a canonical workbook of the kinds named, as they begin: with the items that they know themselves."""
    if path.exists():
        raise UsageError(B("{path} ya existe; elija otro con -o.", "{path} exists; choose another.").format(path=path))
    kinds = [BY_KEY[key] for key in keys]
    tables = {kind.items_table.name: [Record((str(row[kind.id]),), row) for row in kind.seed] for kind in kinds}
    lines = {kind.key: [(kind.title or kind.sheet)[lang], *(note[lang] for note in kind.notes)] for kind in kinds}
    write_whole({path: write_canonical(KINDS, tables, lines, (), day, lang)})


def fillable() -> list[Kind]:
    """The kinds that have a blank template: those in which countries or groups say something."""
    return [kind for kind in KINDS if kind.fillable and kind.returns]


def kind_key(name: str) -> str | None:
    """The key of the kind with a blank template that a name means: its key, or its sheet in either language."""
    wanted = fold(name).replace("-", " ")
    names = {text: kind.key for kind in fillable() for text in (kind.key, *map(fold, kind.sheet.both()))}
    return names.get(wanted)
