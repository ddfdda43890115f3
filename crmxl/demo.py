"""The demonstration: one whole cycle on the network's 2009 plan and the two matrices, with example returns of 2010."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crmxl.cycle import MergeResult, consolidate, issue
from crmxl.files import UsageError, data_folder, find_files, write_whole
from crmxl.receiving import open_issued, receive
from crmxl.submission import Submission
from crmxl.text import B, Lang

CANONICAL = ("plan-de-trabajo-2009.xlsx", "matriz-trata-2009.xlsx", "matriz-trafico-2009.xlsx")
"""The plan, and the matrices with what was in force when it was written."""
REGISTERS = "registros-de-ejemplo.xlsx"
"""Indicators, statistics and the directory, which go round in workbooks of their own."""
EXAMPLES = "ejemplo-2010"
REGISTER_EXAMPLES = "ejemplo-2010-registros"
CYCLE = "2010-1"
DEADLINE = dt.date(2010, 2, 12)
AS_OF = dt.date(2010, 3, 1)
FORESEEN_MISSING = ("BLZ", "NIC")
"""The members that send nothing in the example."""


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration did, step by step."""

    canonical: tuple[Path, ...]
    issued: tuple[Path, ...]
    received: tuple[Submission, ...]
    merged: MergeResult

    @property
    def as_foreseen(self) -> bool:
        """Whether every example file but the foreseen ones was understood and every cell is accounted for."""
        result = self.merged.consolidation
        counts = dict(result.counts)
        return result.missing == FORESEEN_MISSING and counts.pop("read") == sum(counts.values())


def demonstrate(folder: Path, lang: Lang) -> Demonstration:
    """Run the cycle under a folder: canonical workbooks, issued templates, example returns, consolidated workbook."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(B("{path} no es una carpeta.", "{path} is not a folder.").format(path=folder))
    workbooks = data_folder("workbooks")
    examples = find_files([workbooks / EXAMPLES, workbooks / REGISTER_EXAMPLES])
    copies = {folder / "recibidos" / path.name: path.read_bytes() for path in examples}
    foreign = [path.name for path in (folder / "recibidos").glob("*") if path not in copies]
    if foreign:
        text = B(
            "{path} tiene otros envíos ({name}); dé una carpeta nueva: crmxl demo OTRA.",
            "{path} holds other returns ({name}); give a new folder: crmxl demo OTHER.",
        )
        raise UsageError(text.format(path=folder / "recibidos", name=foreign[0]))
    canonical = tuple(folder / name for name in (*CANONICAL, REGISTERS))
    write_whole({path: (workbooks / path.name).read_bytes() for path in canonical} | copies)
    issued = issue(canonical[:-1], CYCLE, DEADLINE, folder / "emitidos")
    issued += issue(canonical[-1:], CYCLE, DEADLINE, folder / "emitidos" / "registros")
    received = receive(sorted(copies), open_issued(folder / "emitidos"), {})
    name = B(f"consolidado-{CYCLE}.xlsx", f"consolidated-{CYCLE}.xlsx")[lang]
    target = folder / "consolidados" / name
    merged = consolidate(canonical, [folder / "recibidos"], target, AS_OF, issued=folder / "emitidos", lang=lang)
    return Demonstration(canonical, tuple(issued), tuple(received), merged)
