from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crmxl.canonical import Canonical
from crmxl.consolidation import merge
from crmxl.definition import Column, Kind, Owner, Record
from crmxl.findings import position
from crmxl.issued import Stamp, issue_id, read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import read_book
from crmxl.submission import read_submission
from crmxl.tables import read_table
from crmxl.text import LANGS, B, Lang
from crmxl.values import Number, Text
from crmxl.writing import write_template
from tests.bench import ROOT, with_cells

COST = Column(
    "cost",
    B("Costo (USD)", "Cost (USD)"),
    Number(),
    Owner.COUNTRY,
    aliases=("Presupuesto", "Budget"),
    advice=B("Costo en dólares, sólo el número.", "Cost in US dollars, the number only."),
    width=12,
)


def test_a_column_is_added_by_one_declaration(tmp_path: Path) -> None:
    """CONTRIBUTING shows it: the column is in the template, is read, validated, merged and kept."""
    plan = BY_KEY["plan"]
    kind = Kind(
        key="plan",
        sheet=plan.sheet,
        answers=plan.answers,
        columns=(*plan.columns, COST),
        subject=plan.subject,
        number=plan.number,
        open_rows=2,
    )
    item = Record(("1.1",), {"id": "1.1", "activity": "Informar", "calendar": "Continuo"})
    path = tmp_path / "CRI.xlsx"
    identity = issue_id("2010-1", "2010-02-12", "CRI", {"plan": [item]})
    path.write_bytes(write_template([kind], {"plan": [item]}, Stamp(identity, "CRI", "2010-1", "2010-02-12")))
    issued_book = read_book(path)
    issued = read_issued([issued_book], [kind])
    layout = read_submission(issued_book, [kind], issued).layouts["plan"]
    spot = layout.address(("1.1",), "cost")
    assert spot is not None

    def send(written: object) -> object:
        return read_submission(with_cells(issued_book, "Plan", {position(spot): written}), [kind], issued)  # type: ignore[dict-item]

    wrong = send("mucho")
    assert [f.code.name for f in wrong.findings] == ["C104"]  # type: ignore[attr-defined]
    assert wrong.findings[0].place.cell == spot  # type: ignore[attr-defined]
    canonical = Canonical({"plan": (item,)}, {}, {})
    result = merge(canonical, [send(1200)], (kind, *KINDS[1:]))  # type: ignore[list-item]
    assert dict(result.tables["plan.answers"][0].values) == {"id": "1.1", "country": "CRI", "cost": 1200}


def test_contributing_shows_the_same_column() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for part in ('"cost"', 'B("Costo (USD)", "Cost (USD)")', "Number()", "Owner.COUNTRY"):
        assert part in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "no key"},
        {"title": B("x" * 33, "y")},
        {"advice": B("x" * 256, "y")},
        {"advice": None},
        {"computed": True},
    ],
)
def test_nonsense_is_refused_when_a_column_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(COST, **wrong)  # type: ignore[arg-type]


def test_nonsense_is_refused_when_a_kind_is_made() -> None:
    number = Column("id", B("Nº", "No."), Text())
    with pytest.raises(ValueError, match="go together"):
        Kind("x", B("X", "X"), (number, COST))
    with pytest.raises(ValueError, match="twice"):
        Kind("x", B("X", "X"), (number, number))
    with pytest.raises(ValueError, match="are called"):
        Kind("x", B("X", "X"), (number, replace(number, key="other")))
    with pytest.raises(ValueError, match="sheet name"):
        Kind("x", B("a/b", "X"), (number,))


def test_names_of_sheets_do_not_clash() -> None:
    for lang in LANGS:
        names = [table.sheet[lang] for kind in KINDS for table in kind.tables]
        assert len(set(names)) == len(names)


HIDDEN = {
    ("plan", "es"): {"activity_en"},
    ("plan", "en"): {"activity_en"},
    ("trafficking", "es"): {"question_en"},
    ("trafficking", "en"): {"question"},
    ("smuggling", "es"): {"question_en"},
    ("smuggling", "en"): {"question"},
}
"""Of two wordings of a text, the one that a blank template does not show."""


@pytest.mark.parametrize(("key", "lang"), HIDDEN)
def test_the_blank_templates_are_those_of_their_kind(key: str, lang: Lang) -> None:
    kind = BY_KEY[key]
    path = ROOT / "templates" / f"{key}-{lang}.xlsx"
    grid = read_book(path).grid(kind.sheet[lang])
    assert grid is not None
    reading = read_table(grid, kind.template_table, read_book(path).source)
    assert not reading.findings
    heads = [grid.cells[reading.header, spot] for spot in sorted(reading.columns.values())]
    shown = [c for c in kind.template_table.columns if c.key not in HIDDEN[key, lang]]
    assert heads == [column.title[lang] for column in shown]
    assert [r.key[0] for r in reading.records][: len(kind.seed)] == [row["id"] for row in kind.seed]
