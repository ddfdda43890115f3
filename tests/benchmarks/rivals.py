"""What crmxl is measured against, each a program of its own.

    python -m tests.benchmarks.rivals script FOLDER TARGET        what a user would write instead
    python -m tests.benchmarks.rivals floor FOLDER TARGET CELLS   what the formats cost, with nothing in between
    python -m tests.benchmarks.rivals bare                        Python itself

The script reads the tables with pandas and openpyxl, puts them one below the other and writes them: no safe opening, no
base, no conflict, no finding, no source. The floor reads every cell of the same files with python-calamine and writes
as many texts as the consolidated workbook holds with XlsxWriter.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

TABLES = ("Plan", "Matriz trata", "Matriz tráfico", "Trafficking matrix", "Smuggling matrix")
HEADER = 5
"""The row of a template's headings, from 0."""
ACROSS = 12
DOWN = 1_000_000


def script(folder: Path, target: Path) -> None:
    import pandas as pd

    found: dict[str, list[pd.DataFrame]] = {}
    for path in sorted(folder.iterdir()):
        sheets = pd.read_excel(path, sheet_name=None, header=HEADER, engine="openpyxl")
        for name in TABLES:
            if name in sheets:
                found.setdefault(name, []).append(sheets[name].assign(file=path.name))
    with pd.ExcelWriter(target) as writer:
        for name, frames in found.items():
            pd.concat(frames, ignore_index=True).to_excel(writer, sheet_name=name, index=False)


def floor(folder: Path, target: Path, cells: int) -> None:
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    def read() -> Iterator[str]:
        for path in sorted(folder.iterdir()):
            book = CalamineWorkbook.from_path(path)
            for name in book.sheet_names:
                for row in book.get_sheet_by_name(name).to_python():
                    yield from (str(value) for value in row if value != "")

    texts = list(read())
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, text in enumerate(islice(cycle(texts), cells)):
        down, across = divmod(number, ACROSS)
        if down and down % DOWN == 0 and not across:
            sheet = book.add_worksheet()
        sheet.write_string(down % DOWN, across, text)
    book.close()


def main() -> None:
    which, *given = sys.argv[1:]
    if which == "script":
        script(Path(given[0]), Path(given[1]))
    elif which == "floor":
        floor(Path(given[0]), Path(given[1]), int(given[2]))


if __name__ == "__main__":
    main()
