"""Which sheet is which table: by its hidden anchors, by its name, by its rows, by what its name resembles.

Sheets are renamed, translated, copied into other workbooks; two tables of one workbook are never taken for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crmxl.anchors import find_anchors
from crmxl.definition import Kind, Owner
from crmxl.issued import Base, Stamp
from crmxl.reading import OURS, Book
from crmxl.tables import Expected, find_sheets, read_table
from crmxl.text import fold
from crmxl.values import as_text


class Locator:
    """Finds the sheets of a returned book; `sure` tells whether its issued copy is known, `others` are the issued
    copies of other countries, whose sheets are none of this book's."""

    def __init__(
        self,
        book: Book,
        kinds: Sequence[Kind],
        base: Base | None,
        stamp: Stamp | None,
        *,
        sure: bool,
        others: Collection[str] = (),
    ) -> None:
        self.book, self.kinds, self.base, self.stamp, self.sure = book, kinds, base, stamp, sure
        self.names = [grid.name for grid in book.grids]
        self.anchors = {grid.name: found for grid in book.grids if (found := find_anchors(grid))}
        self.foreign = [name for name, found in self.anchors.items() if found.issue in others]

    def find(self, used: Collection[str], *, repair: bool) -> dict[str, str]:
        """The sheet of each kind, among those that are not used yet; without `repair` by its name alone."""
        free = [name for name in self.names if name not in used and name not in self.foreign]
        if not repair:
            exact = find_sheets(free, {kind.key: kind.sheet for kind in self.kinds}, near=False)
            return {key: name for key, name in exact.items() if name in self.kind_of(key).sheet.both()}
        found = self.anchored(free)
        for search in (self.called, self.named, self.alike):
            free = [name for name in free if name not in found.values()]
            found |= search(free, [kind for kind in self.kinds if kind.key not in found])
        free = [name for name in free if name not in found.values()]
        lost = {k.key: k.sheet for k in self.kinds if k.key not in found and self.expected(k) is not False}
        return found | find_sheets(free, lost)

    def kind_of(self, key: str) -> Kind:
        """The kind of that key."""
        return next(kind for kind in self.kinds if kind.key == key)

    def called(self, names: Sequence[str], kinds: Sequence[Kind]) -> dict[str, str]:
        """Sheets by their names, by kind; not those of which the hidden anchors or the numbers say another kind."""
        keys = {kind.key for kind in kinds}
        free = [name for name in names if name not in self.anchors or self.anchors[name].kind in keys]
        found = find_sheets(free, {kind.key: kind.sheet for kind in kinds}, near=False)
        return {key: name for key, name in found.items() if not self.numbered_otherwise(name, key)}

    def numbered_otherwise(self, name: str, key: str) -> bool:
        """Whether a sheet has no number of its kind, and most of those of another one."""
        grid = self.book.grid(name)
        texts = {as_text(raw) for raw in grid.cells.values()} if grid else set()
        share = {
            kind: len(texts & {row[0] for row in rows}) / len(rows) for kind, rows in (self.base or {}).items() if rows
        }
        return not share.get(key) and any(part > 1 / 2 for part in share.values())

    def named(self, names: Sequence[str], kinds: Sequence[Kind]) -> dict[str, str]:
        """Sheets to which the names of the workbook lead that crmxl gave it, by kind."""
        keys = {kind.key for kind in kinds}
        told = {name.lower().removeprefix(OURS): sheet for name, sheet in self.book.names.items()}
        found = {key: sheet for key, sheet in told.items() if key in keys and sheet in names}
        return {key: name for key, name in found.items() if not self.numbered_otherwise(name, key)}

    def anchored(self, names: Sequence[str]) -> dict[str, str]:
        """Sheets that their hidden anchors tell, by kind. Where there are several, the one that was filled in, then the
        one that has its own name, then the first."""
        found: dict[str, str] = {}
        for kind in self.kinds:
            copies = [name for name in names if name in self.anchors and self.anchors[name].kind == kind.key]
            own = {fold(title) for title in kind.sheet.both()}
            best = max(copies, key=lambda name: (self.answered(name, kind), fold(name) in own), default=None)
            if best is not None:
                found[kind.key] = best
        return found

    def answered(self, name: str, kind: Kind) -> bool:
        """Whether a sheet holds answers that were not issued in it."""
        grid, anchors = self.book.grid(name), self.anchors[name]
        own = {column.key for column in kind.owned_by(Owner.COUNTRY)}
        base = (self.base or {}).get(kind.key, {})
        places = {across: key for across, key in anchors.columns.items() if key in own}
        for (row, across), raw in grid.cells.items() if grid else ():
            record = base.get((as_text(anchors.rows.get(row)),))
            issued = record.written.get(places[across], "") if record and across in places else ""
            if row in anchors.rows and across in places and fold(as_text(raw)) != fold(issued):
                return True
        return False

    def alike(self, names: Sequence[str], kinds: Sequence[Kind]) -> dict[str, str]:
        """Sheets under other names of which most rows are rows that were issued, by kind."""
        found: dict[str, str] = {}
        for kind in kinds:
            base = (self.base or {}).get(kind.key, {})
            for name in names if base and kind.returns else ():
                grid = self.book.grid(name)
                if grid is None or name in found.values():
                    continue
                records = read_table(grid, kind.template_table, self.book.source, Expected(base)).records
                if records and 2 * sum(record.key in base for record in records) > len(records):
                    found[kind.key] = name
                    break
        return found

    def expected(self, kind: Kind) -> bool | None:
        """Whether the workbook was issued with this kind; None if nothing tells."""
        if self.stamp is not None and not self.sure:
            return kind.key in (name.split(":")[0] for name in self.stamp.kinds)
        return None if self.base is None else bool(self.base.get(kind.key))
