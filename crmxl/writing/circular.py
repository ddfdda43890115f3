"""The first page of the copy that circulates."""

from __future__ import annotations

from crmxl.comparison import Comparison
from crmxl.marks import Mark
from crmxl.status import count
from crmxl.text import B, Bilingual
from crmxl.writing.summary import FOR_THE_NETWORK, NUMBER, Summary


class PublicSummary(Summary):
    """The first page of the copy that circulates: nothing of the Secretariat's own work. Of a country that has sent
    something for the Secretariat only, what it has done is not counted against it."""

    audience = FOR_THE_NETWORK
    pages = 1
    quiet: frozenset[str] = frozenset()
    """The countries that had nothing to report."""

    @property
    def register(self) -> str:
        """The sheet of the answers: the register of returns does not circulate."""
        return self.places.progress or self.places.attend

    def last_figure(self) -> tuple[str | int, Bilingual, str, Mark | None]:
        """What is done."""
        return count(self.items)["done"], B("cumplidas", "done"), self.places.plan or self.places.attend, "done"

    def behind(self) -> None:
        """How the marks moved, and the answers to the matrices."""
        self.history()
        if self.legal:
            self.answers()

    def coverage(self, comparison: Comparison, code: str, across: int, name: str) -> None:
        """The share of the questions with an answer; nothing of a country of which a part is reserved."""
        if code in self.reserved:
            self.sheet.text(self.row, across, "—", NUMBER)
            return
        super().coverage(comparison, code, across, name)

    def state(self, code: str, *, here: bool) -> Bilingual:
        """Whether a country has sent; whether a part of it is reserved is said, not what."""
        if code in self.reserved:
            return B("Recibido, en parte reservado", "Received, in part reserved")
        if code in self.quiet:
            return B("Sin novedades", "Nothing to report")
        return B("Recibido", "Received") if here else B("No recibido", "Not received")
