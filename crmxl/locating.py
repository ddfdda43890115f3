"""Which sheet is which table: by its name, by its hidden anchors, by its rows, by what its name resembles.

Sheets are renamed, translated, copied into other workbooks; two tables of one workbook are never taken for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from crmxl.anchors import find_anchors
from crmxl.definition import Kind
from crmxl.issued import Base, Stamp
from crmxl.reading import OURS, Book
from crmxl.tables import find_sheets, read_table


class Locator:
    """Finds the sheets of a returned book; `sure` tells whether its issued copy is known."""

    def __init__(
        self, book: Book, kinds: Sequence[Kind], base: Base | None, stamp: Stamp | None, *, sure: bool
    ) -> None:
        self.book, self.kinds, self.base, self.stamp, self.sure = book, kinds, base, stamp, sure
        self.names = [grid.name for grid in book.grids]

    def find(self, used: Collection[str], *, repair: bool) -> dict[str, str]:
        """The sheet of each kind, among those that are not used yet; without `repair` by its name alone."""
        free = [name for name in self.names if name not in used]
        found = find_sheets(free, {kind.key: kind.sheet for kind in self.kinds}, near=False)
        if not repair:
            return {key: name for key, name in found.items() if name in self.kind_of(key).sheet.both()}
        free = [name for name in free if name not in found.values()]
        for key, name in (self.named(free) | self.anchored(free)).items():
            found.setdefault(key, name)
        free = [name for name in free if name not in found.values()]
        found |= self.alike(free, [kind for kind in self.kinds if kind.key not in found])
        free = [name for name in free if name not in found.values()]
        lost = {k.key: k.sheet for k in self.kinds if k.key not in found and self.expected(k) is not False}
        return found | find_sheets(free, lost)

    def kind_of(self, key: str) -> Kind:
        """The kind of that key."""
        return next(kind for kind in self.kinds if kind.key == key)

    def named(self, names: Sequence[str]) -> dict[str, str]:
        """Sheets to which the names of the workbook lead that crmxl gave it, by kind."""
        keys = {kind.key for kind in self.kinds}
        told = {name.lower().removeprefix(OURS): sheet for name, sheet in self.book.names.items()}
        return {key: sheet for key, sheet in told.items() if key in keys and sheet in names}

    def anchored(self, names: Sequence[str]) -> dict[str, str]:
        """Sheets under other names that their hidden anchors tell, by kind; the first, where there are several."""
        found: dict[str, str] = {}
        for grid in self.book.grids:
            anchors = find_anchors(grid) if grid.name in names else None
            if anchors and anchors.kind in (kind.key for kind in self.kinds):
                found.setdefault(anchors.kind, grid.name)
        return found

    def alike(self, names: Sequence[str], kinds: Sequence[Kind]) -> dict[str, str]:
        """Sheets under other names of which most rows are rows that were issued, by kind."""
        found: dict[str, str] = {}
        for kind in kinds:
            base = (self.base or {}).get(kind.key, {})
            for name in names if base and kind.returns else ():
                grid = self.book.grid(name)
                if grid is None or name in found.values():
                    continue
                records = read_table(grid, kind.template_table, self.book.source, returned=True, issued=base).records
                if records and 2 * sum(record.key in base for record in records) > len(records):
                    found[kind.key] = name
                    break
        return found

    def expected(self, kind: Kind) -> bool | None:
        """Whether the workbook was issued with this kind; None if nothing tells."""
        if self.stamp is not None and not self.sure:
            return kind.key in (name.split(":")[0] for name in self.stamp.kinds)
        return None if self.base is None else bool(self.base.get(kind.key))
