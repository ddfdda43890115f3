"""What was done to the cells of a template that are not the country's: they stay as they were issued, and it is said,
one finding a column. In the rows for new activities the columns of progress are not the country's yet either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from crmxl.definition import Column, Key, Kind, Owner, Record
from crmxl.findings import Finding, Place, at, finding, ranges
from crmxl.messages import Code
from crmxl.reasons import Reason
from crmxl.tables import Stray, shown
from crmxl.text import LANGS, Bilingual, together, unique
from crmxl.values import Value

Where = Callable[[Key, str], Place | None]
"""Where the cell of a row and column stands in the returned file; None where its row or column is gone."""


class FixedCells:
    """The fixed cells of one table as they came back, against what was issued."""

    def __init__(self, kind: Kind, issued: Mapping[Key, Record], where: Where) -> None:
        self.issued, self.where = issued, where
        theirs = (column for column in kind.template_table.columns if column.owner is Owner.ST)
        self.columns = [column for column in theirs if column.key not in kind.items_table.key]
        self.changed: dict[Column, list[Finding]] = {}
        self.early: list[tuple[Bilingual, Place]] = []

    def hold(self, column: Column, record: Record, *, new: bool) -> Stray | None:
        """Hold a cell that is not the country's against what was issued; set aside if it says something else."""
        issued = self.issued.get(record.key)
        wanted = issued.values.get(column.key) if issued else None
        if wanted is not None and column.type.same(record.values[column.key], wanted):
            return None
        text, place = record.written[column.key], record.places[column.key]
        if new:
            self.early.append((column.title, place))
        else:
            self._change(column, place, text, wanted)
        return Stray(place, text, column.title, Reason.FIXED)

    def emptied(self, records: Iterable[Record]) -> None:
        """The cells of these rows that were issued with something in them, and are blank."""
        for record in records:
            issued = self.issued.get(record.key)
            for column in self.columns if issued else ():
                if issued is None or column.key in record.values or column.key not in issued.values:
                    continue
                place = self.where(record.key, column.key)
                if place:
                    self._change(column, place, "", issued.values[column.key])

    def _change(self, column: Column, place: Place, text: str, wanted: Value) -> None:
        was = Bilingual(*(shown(wanted, column, lang) or "—" for lang in LANGS))
        told = finding(Code.A101, place, label=column.title, found=text, issued=was)
        self.changed.setdefault(column, []).append(told)

    def told(self) -> Iterator[Finding]:
        """A finding a column that was changed, and one for the rows of new activities."""
        for column, found in self.changed.items():
            spot = at(found[0].place, ranges(str(item.place.cell) for item in found))
            many = finding(Code.A103, spot, label=column.title, column=column.title, count=len(found))
            yield many if len(found) > 1 else found[0]
        if self.early:
            spot = at(self.early[0][1], ranges(str(place.cell) for _, place in self.early))
            titles = together(", ", *unique(title for title, _ in self.early))
            yield finding(Code.A102, spot, columns=titles, count=len(self.early))

    def only(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings without those on the value of a fixed cell: that it was changed is all there is to say."""
        findings = list(findings)
        if not any(item.code.name.startswith("C") for item in findings):
            return findings
        spots = {place for key in self.issued for column in self.columns if (place := self.where(key, column.key))}
        return [item for item in findings if not (item.code.name.startswith("C") and item.place in spots)]
