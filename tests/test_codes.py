"""Every finding of the catalogue occurs: one failing case each, through the door by which users meet it, and none of
them in a clean return."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.anchors import find_anchors
from crmxl.assembling import assemble
from crmxl.canonical import read_canonical
from crmxl.citations import check_citations
from crmxl.consolidation import merge
from crmxl.definition import Record
from crmxl.findings import Finding, position
from crmxl.issued import Base
from crmxl.kinds import KINDS
from crmxl.messages import Code
from crmxl.numbering import check_numbers
from crmxl.reading import Book, Grid, read_book, read_books
from crmxl.reading.book import read_bytes
from crmxl.reading.parcels import MEMBERS
from crmxl.reading.process import ReadingProcess
from crmxl.review import review
from crmxl.submission import read_submission
from crmxl.writing import VIEWS, write_review
from tests.bench import CANONICAL, FILLABLE, PLAN, Bench, Cells, decide, reopened, with_cells, without_anchors, written
from tests.test_parcels import zipped
from tests.test_reading import REFUSED
from tests.test_reading_process import worker

Case = Callable[[Bench, Path], list[Finding]]


@lru_cache(maxsize=1)
def matrices() -> Bench:
    """The issued templates of the matrices, made once."""
    return Bench.make(CANONICAL[1:], Path(tempfile.mkdtemp()))


def base(bench: Bench) -> Base:
    return {"plan": {record.key: record for record in bench.canonical.of("plan")}}


def law(written: Cells) -> Case:
    """A return of Costa Rica with some cells of the trafficking matrix filled in."""
    return lambda *_: found(matrices(), matrices().fill("CRI", written, type="parcial"))


def meetings_otherwise(_: Bench, folder: Path) -> list[Finding]:
    """Two canonical workbooks that do not say the same of a meeting."""
    path = folder / "plan.xlsx"
    book = openpyxl.load_workbook(PLAN)
    sheet: Any = book["Reuniones"]
    next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Puebla").value = "México"
    book.save(path)
    return list(read_canonical([read_book(path), read_book(CANONICAL[1])], KINDS, VIEWS).findings)


def citing(text: str) -> Case:
    """The plan of November 2009 with one activity otherwise."""

    def case(bench: Bench, _: Path) -> list[Finding]:
        plan = {record.key: record for record in bench.canonical.of("plan")}
        plan["1.1",] = replace(plan["1.1",], values={**plan["1.1",].values, "activity": text})
        rows = tuple(plan.values())
        whole = replace(bench.canonical, records={**bench.canonical.records, "plan": rows})
        return list(check_citations(KINDS, whole))

    return case


def otherwise(column: str, text: str, check: Callable[[Sequence[Record]], Iterator[Finding]]) -> Case:
    """A rule on the plan with one cell otherwise."""

    def case(bench: Bench, _: Path) -> list[Finding]:
        plan = {record.key: record for record in bench.canonical.of("plan")}
        plan["1.1",] = replace(plan["1.1",], values={**plan["1.1",].values, column: text})
        return list(check(list(plan.values())))

    return case


def orphans(*_: object) -> list[Finding]:
    """The Secretariat has deleted a question that has answers."""
    whole = matrices().canonical
    kept = tuple(r for r in whole.of("trafficking") if r.key != ("TIP-5.1.a",))
    return list(merge(replace(whole, records={**whole.records, "trafficking": kept}), [], KINDS).findings)


def strangers(bench: Bench, _: Path) -> list[Finding]:
    """A sheet under the name of ours, with its headings and rows of another plan."""
    cells = {(r, c): raw for (r, c), raw in sheet_of(bench).cells.items() if r == 5}
    rows = {(6 + n, c): text for n in range(3) for c, text in ((0, f"77.{n}"), (4, "Otra cosa"), (9, "Hecho"))}
    book = bench.fill("CRI", {}, type="parcial")
    other = tuple(replace(g, cells={**cells, **rows}) if g.name == "Plan" else g for g in book.grids)
    return found(bench, replace(book, grids=other))


def file(name: str) -> Case:
    def case(_: Bench, folder: Path) -> list[Finding]:
        path = folder / "x.xlsx"
        path.write_bytes(REFUSED[name][0])
        return list(read_book(path).findings)

    return case


def cells(written: Cells, **envelope: Any) -> Case:
    """A return of Costa Rica with some cells filled in."""
    return lambda bench, _: found(bench, bench.fill("CRI", written, **({"type": "parcial"} | envelope)))


def found(bench: Bench, book: Book) -> list[Finding]:
    return list(bench.read(book)[0].findings)


def plan(bench: Bench, **changes: Any) -> list[Finding]:
    book = bench.fill("CRI", {("1.1", "state"): "Cumplida"}, type="parcial")
    return found(
        bench, replace(book, grids=tuple(replace(g, **changes) if g.name == "Plan" else g for g in book.grids))
    )


def bare(written: Cells) -> Case:
    """A return of Costa Rica whose hidden row and column were deleted."""
    return lambda b, _: found(b, without_anchors(b.fill("CRI", written, type="parcial")))


def headless(bench: Bench) -> dict[tuple[int, int], Any]:
    """The plan of Costa Rica without its row of headings."""
    grid = bench.fill("CRI", {("1.1", "state"): "Cumplida"}, type="parcial").grid("Plan")
    assert grid is not None
    anchors = find_anchors(grid)
    assert anchors is not None
    return {(r, c): raw for (r, c), raw in grid.cells.items() if r != min(anchors.rows) - 1}


def scrambled(bench: Bench, _: Path) -> list[Finding]:
    """The activities sorted without the other columns."""
    grid = bench.books["CRI"].grid("Plan")
    assert grid is not None
    down = {(r, c): raw for (r, c), raw in grid.cells.items() if c == 4 and 6 <= r <= 45}
    cells = {**grid.cells, **{(51 - r, c): raw for (r, c), raw in down.items()}}
    return found(bench, with_cells(bench.fill("CRI", {}, type="parcial"), "Plan", cells))


def half_sorted(bench: Bench, _: Path) -> list[Finding]:
    """The activities sorted with their numbers, but without the answers beside them."""
    grid = sheet_of(bench)
    down = {(51 - r if 6 <= r <= 45 and c < 8 else r, c): raw for (r, c), raw in grid.cells.items()}
    return found(bench, with_cells(bench.fill("CRI", {}, type="parcial"), "Plan", {**down, (6, 9): "Cumplida"}))


def twin(bench: Bench, _: Path) -> list[Finding]:
    """A row copied over the one below it, in a template that has lost its hidden row and column."""
    grid = sheet_of(bench)
    copied = {(7, c): grid.cells.get((6, c)) for c in range(14)}
    return found(bench, without_anchors(with_cells(bench.fill("CRI", {}, type="parcial"), "Plan", copied)))


def exchanged(bench: Bench, _: Path) -> list[Finding]:
    """The headings of two columns exchanged."""
    state, remarks = ((5, position(f"{letter}1")[1]) for letter in "IN")
    cells = sheet_of(bench).cells
    return found(bench, with_cells(bench.books["CRI"], "Plan", {state: cells[remarks], remarks: cells[state]}))


def lent(bench: Bench, _: Path) -> list[Finding]:
    """A workbook with the sheet of another country."""
    other = bench.books["SLV"].grid("Plan")
    assert other is not None
    return found(bench, replace(bench.books["CRI"], grids=(*bench.books["CRI"].grids, replace(other, name="SLV"))))


def unstamped(bench: Bench, _: Path) -> list[Finding]:
    """A template that has lost its hidden sheet, row and column."""
    book = without_anchors(bench.books["CRI"])
    return found(bench, replace(book, grids=tuple(g for g in book.grids if g.name != "_crmxl")))


def sheet_of(bench: Bench) -> Grid:
    """The sheet Plan of Costa Rica's template."""
    grid = bench.books["CRI"].grid("Plan")
    assert grid is not None
    return grid


def untouched(bench: Bench, folder: Path) -> list[Finding]:
    """A review copy as it was written."""
    (submission,) = bench.read(bench.fill("CRI", {("1.1", "state"): "Hecho"}, type="parcial"))
    path = folder / "copia.xlsx"
    path.write_bytes(write_review(FILLABLE, review(submission, FILLABLE)))
    return found(bench, read_book(path))


def heading(column: str, text: str, *, bare: bool = False) -> Case:
    def case(bench: Bench, _: Path) -> list[Finding]:
        book = bench.fill("CRI", {("1.1", "state"): "Cumplida"}, type="parcial")
        layout = read_submission(book, FILLABLE, bench.issued).layouts["plan"]
        spot = (min(layout.rows.values()) - 1, layout.columns[column])
        return found(bench, with_cells(without_anchors(book) if bare else book, "Plan", {spot: text}))

    return case


def at_state(bench: Bench) -> tuple[int, int]:
    layout = read_submission(bench.books["CRI"], FILLABLE, bench.issued).layouts["plan"]
    return position(str(layout.address(("1.1",), "state")))


def taken_out(bench: Bench, _: Path) -> list[Finding]:
    """The Secretariat has deleted an activity that was issued."""
    rows = tuple(r for r in bench.canonical.of("plan") if r.key != ("2.2",))
    shorter = replace(bench.canonical, records={**bench.canonical.records, "plan": rows})
    book = bench.fill("CRI", {("2.2", "state"): "Cumplida"}, type="parcial")
    return [f for r in bench.merge_on(shorter, book).receptions for f in r.findings]


def again(bench: Bench, folder: Path, order: Callable[[int], int]) -> list[Finding]:
    """The next cycle, in which the answers of the first one stand in another order."""
    numbers = [r.key[0] for r in bench.canonical.of("plan")]
    told: Cells = {(number, "progress"): f"Avance de la actividad {n}" for n, number in enumerate(numbers, start=1)}
    (folder / "1.xlsx").write_bytes(written(bench.merge(bench.fill("CRI", told, type="parcial"))))
    second = Bench.make(folder / "1.xlsx", folder / "e", "2010-2", dt.date(2010, 8, 13))
    now: Cells = {
        (number, "progress"): f"Avance de la actividad {order(n)}" for n, number in enumerate(numbers, start=1)
    }
    return found(second, second.fill("CRI", now, type="parcial"))


def rewritten(bench: Bench, _: Path) -> list[Finding]:
    """The Secretariat has written another activity under the same number."""
    rows = tuple(
        replace(r, values={**r.values, "activity": "Otra cosa"}) if r.key == ("2.2",) else r
        for r in bench.canonical.of("plan")
    )
    other = replace(bench.canonical, records={**bench.canonical.records, "plan": rows})
    book = bench.fill("CRI", {("2.2", "state"): "Cumplida"}, type="parcial")
    return [f for r in bench.merge_on(other, book).receptions for f in r.findings]


def left_behind(bench: Bench, folder: Path) -> list[Finding]:
    """An activity has another number in a consolidated workbook, but its answers do not."""
    book = bench.fill("CRI", {("2.2", "state"): "Cumplida"}, type="parcial")
    whole = reopened(bench.merge(book), folder)
    rows = tuple(
        replace(r, key=("2.9",), values={**r.values, "id": "2.9"}) if r.key == ("2.2",) else r for r in whole.of("plan")
    )
    return list(bench.merge_on(replace(whole, records={**whole.records, "plan": rows}), book).findings)


def numbered_anew(bench: Bench, _: Path) -> list[Finding]:
    """The Secretariat has given an activity another number."""
    rows = tuple(
        replace(r, key=("2.9",), values={**r.values, "id": "2.9"}) if r.key == ("2.2",) else r
        for r in bench.canonical.of("plan")
    )
    other = replace(bench.canonical, records={**bench.canonical.records, "plan": rows})
    book = bench.fill("CRI", {("2.2", "state"): "Cumplida"}, type="parcial")
    return [f for r in bench.merge_on(other, book).receptions for f in r.findings]


def proposed_twice(bench: Bench, _: Path) -> list[Finding]:
    texts = {"CRI": "Reunión anual de puntos focales", "MEX": "Reunión anual de los puntos focales"}
    return list(
        bench.merge(*(bench.fill(c, {("N1", "activity"): t}, type="parcial") for c, t in texts.items())).findings
    )


def disagreement(bench: Bench, _: Path) -> list[Finding]:
    """Two ministries answer the same cell, each its own."""
    parts = bench.read(
        *(bench.fill("CRI", {("1.1", "state"): s}, s, type="parcial") for s in ("Cumplida", "No aplica"))
    )
    stamp = parts[0].stamp
    assert stamp is not None
    return list(assemble(parts, stamp, parts[0].base, [kind for kind in FILLABLE if kind.returns]).findings)


def decided_and_gone(bench: Bench, folder: Path) -> list[Finding]:
    book = bench.fill("CRI", {("9.3", "calendar"): "Mayo de 2010"}, type="parcial")
    asked = decide(reopened(bench.merge(book), folder), {("9.3", "CALENDARIO"): {"decision": "CRI"}})
    rows = tuple(r for r in asked.of("plan") if r.key != ("9.3",))
    return list(bench.merge_on(replace(asked, records={**asked.records, "plan": rows})).findings)


def decision(choice: dict[str, Any], *, changed: bool = False) -> Case:
    def case(bench: Bench, folder: Path) -> list[Finding]:
        book = bench.fill("CRI", {("9.3", "calendar"): "Mayo de 2010"}, type="parcial")
        asked = decide(reopened(bench.merge(book), folder), {("9.3", "CALENDARIO"): choice})
        if changed:
            rows = [
                replace(r, values={**r.values, "calendar": "x"}) if r.key == ("9.3",) else r for r in asked.of("plan")
            ]
            asked = replace(asked, records={**asked.records, "plan": tuple(rows)})
        return list(bench.merge_on(asked).findings)

    return case


def waiting(bench: Bench, folder: Path) -> list[Finding]:
    book = bench.fill("CRI", {("N1", "activity"): "Foro", ("N1", "calendar"): "2011"}, type="parcial")
    choice = {("CRI/2010-1/N1", "ACTIVIDADES"): {"decision": "CRI"}}
    return list(bench.merge_on(decide(reopened(bench.merge(book), folder), choice)).findings)


def doubt(bench: Bench, _: Path) -> list[Finding]:
    books = [bench.fill("CRI", {("1.1", "progress"): text}, text, type="parcial") for text in "ab"]
    return [f for r in bench.merge(*books).receptions for f in r.findings]


def twice(bench: Bench, _: Path) -> list[Finding]:
    book = bench.fill("CRI", {}, type="sin novedades")
    return [f for r in bench.merge(book, book).receptions for f in r.findings]


def large(_: Bench, folder: Path) -> list[Finding]:
    path = folder / "x.xlsx"
    path.write_bytes(b"x" * (50 * 2**20 + 1))
    return list(read_book(path).findings)


def empty_mail(_: Bench, folder: Path) -> list[Finding]:
    """A mail without attachments."""
    path = folder / "correo.eml"
    path.write_bytes(b"From: a@b.org\r\nSubject: plan\r\nMIME-Version: 1.0\r\n\r\nAdjunto el plan.\r\n")
    return [f for book in read_books(path) for f in book.findings]


def brought(folder: Path, archive: bytes) -> list[Finding]:
    """What there is to say of the files of an archive."""
    path = folder / "envio.zip"
    path.write_bytes(archive)
    return [f for book in read_books(path) for f in book.findings]


def crowded(_: Bench, folder: Path) -> list[Finding]:
    """An archive of more files than are opened."""
    return brought(folder, zipped(**{f"{n}.txt": b"x" for n in range(MEMBERS + 3)}))


def short(_: Bench, __: Path) -> list[Finding]:
    """Readers that deliver fewer cells than there are: the file is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crmxl.reading.cells.Calamine.cells", lambda *_: {})
        patch.setattr("crmxl.reading.openxml._openpyxl", lambda *_: {})
        return list(read_bytes(PLAN.name, PLAN.read_bytes()).findings)


def broken(_: Bench, __: Path) -> list[Finding]:
    """A reader that ends its process."""
    return list(ReadingProcess(worker("os._exit(1)")).read("x.xlsx", b"PK").findings)


TEXTS = ("id", "printed", "section", "objective", "activity", "responsible")
CASES: dict[Code, Case] = {
    Code.F113: empty_mail,
    Code.F114: crowded,
    Code.F115: lambda _, folder: brought(folder, zipped(**{"a.xlsx": PLAN.read_bytes(), "carta.pdf": b"%PDF-1.4 x"})),
    Code.F101: lambda _, folder: list(read_book(folder).findings),
    Code.F102: file("empty"),
    Code.F103: large,
    Code.F104: file("pdf"),
    Code.F105: file("csv"),
    Code.F106: file("password"),
    Code.F107: file("cut"),
    Code.F108: short,
    Code.F109: file("entities"),
    Code.F110: lambda b, _: found(b, replace(b.books["CRI"], grids=(replace(b.books["CRI"].grids[0], name="Hoja1"),))),
    Code.F111: lambda b, _: found(b, read_book(PLAN)),
    Code.F112: broken,
    Code.S101: lambda b, _: plan(b, name="Presupuesto", cells={(0, 0): "x"}),
    Code.S102: lambda b, _: plan(b, name="Plan."),
    Code.S103: lambda b, _: plan(b, cells={(0, 0): "Plan de trabajo", (5, 0): "1.1"}),
    Code.S104: heading("state", "Zzz", bare=True),
    Code.S105: heading("state", "Estados"),
    Code.S106: heading("state", "Zzz", bare=True),
    Code.S107: heading("remarks", "Estado", bare=True),
    Code.S108: bare({("1.1", "id"): "99.9", ("1.1", "activity"): "x", ("1.1", "objective"): "y"}),
    Code.S109: twin,
    Code.S110: lambda b, _: found(
        b, replace(b.books["CRI"], grids=(*b.books["CRI"].grids, replace(b.books["CRI"].grids[0], name="Notas")))
    ),
    Code.S111: bare({("1.2", "id"): "99", ("1.2", "activity"): "x", ("1.2", "objective"): "y"}),
    Code.S112: bare(
        {(n, c): 6.1 if c == "id" else None for n in ("6.1", "6.10") for c in TEXTS} | {("6.1", "id"): None}
    ),
    Code.S116: lambda b, _: plan(b, cells=headless(b)),
    Code.S117: scrambled,
    Code.S118: cells({("1.1", "id"): "99.9"}),
    Code.S119: bare({("1.1", "id"): None}),
    Code.S113: meetings_otherwise,
    Code.S114: orphans,
    Code.S115: strangers,
    Code.S120: lambda b, _: plan(b, hidden_rows=frozenset({6, 8})),
    Code.S121: lambda b, _: plan(b, struck=frozenset({at_state(b)})),
    Code.S122: lambda b, _: plan(b, merged=(((6, 9), (8, 9)),)),
    Code.S124: half_sorted,
    Code.S128: lambda b, folder: again(b, folder, lambda n: 41 - n),
    Code.S129: lambda b, folder: again(b, folder, lambda n: {1: 2, 2: 1}.get(n, n)),
    Code.S125: exchanged,
    Code.S126: lent,
    Code.S127: lambda b, _: found(b, with_cells(b.fill("CRI", {}, type="parcial"), "Plan", {(1, 4): "BORRADOR"})),
    Code.S123: lambda b, _: found(
        b, replace(b.books["CRI"], grids=(*b.books["CRI"].grids, replace(sheet_of(b), name="Plan (2)")))
    ),
    Code.B106: untouched,
    Code.B105: lambda b, _: list(
        read_submission(b.books["CRI"], tuple(replace(k, version="9") for k in FILLABLE), b.issued).findings
    ),
    Code.C101: cells({("1.1", "state"): "Hecho"}),
    Code.C102: cells({("1.1", "date"): "31 de febrero de 2010"}),
    Code.C103: cells({("1.1", "date"): "03/04/2010"}),
    Code.C104: cells({}, number="dos"),
    Code.C105: cells({("1.1", "evidence"): "ver anexo"}),
    Code.C106: cells({("1.1", "progress"): "x" * 4001}),
    Code.C107: lambda b, _: plan(b, errors=frozenset({at_state(b)})),
    Code.C108: lambda b, _: found(b, b.send(b.books["CRI"], country="Colombia")),
    Code.C109: lambda b, _: plan(b, unsaved={(9, 9): "=A1"}),
    Code.C110: law({("TIP-5.1.a", "min_penalty"): dt.date(2010, 12, 8)}),
    Code.C111: cells({("1.1", "calendar"): "febraro 2010"}),
    Code.C112: cells({("1.1", "calendar"): "03/04/2012"}),
    Code.C113: cells({("1.1", "responsible"): "México o Guatemala"}),
    Code.C114: cells({("1.1", "state"): "cumplidas", ("1.2", "state"): "CUMPLIDA"}),
    Code.C115: cells({("1.1", "state"): "N/A"}),
    Code.P101: cells({("1.1", "progress"): "Escribir a ana.perez@migracion.go.cr"}),
    Code.P102: cells({("1.1", "progress"): "Enlace: tel. 2222-3333"}),
    Code.P103: cells({("1.1", "progress"): "Víctima con cédula 1-1234-0567"}),
    Code.P104: cells({("1.1", "progress"): "Menor nacida el 3 de mayo de 2005"}),
    Code.A101: cells({("1.1", "section"): "Otra"}),
    Code.A103: cells({(number, "section"): "Otra" for number in ("1.1", "1.2", "2.1", "2.2")}),
    Code.A102: cells({("N1", "activity"): "Foro", ("N1", "progress"): "x"}),
    Code.E101: lambda b, _: found(b, b.send(b.books["CRI"], country="México")),
    Code.E102: lambda b, _: found(b, b.books["CRI"]),
    Code.E103: cells({("1.1", "state"): "Cumplida"}, type="sin novedades"),
    Code.R101: cells({("1.1", "state"): "Cumplida"}, type="completo"),
    Code.R102: cells({("N1", "activity"): "Foro"}),
    Code.R103: cells({}),
    Code.R104: law({("TIP-5.1.a", "min_penalty"): 10, ("TIP-5.1.a", "max_penalty"): "8"}),
    Code.R105: law({("TIP-6.5", "answer"): "Parcial"}),
    Code.R106: law({("TIP-5.1.a", "answer"): "Sí", ("TIP-5.1.a", "norm"): "Ley 1"}),
    Code.R107: law({("TIP-5.1.a", "consulted"): "mayo de 2002", ("TIP-5.1.a", "in_force"): "8 de octubre de 2003"}),
    Code.R201: citing("Informar. (Ref.: p. 1, GRCM, marzo, 2009)"),
    Code.R202: citing("Informar. (Ref.: p. 1, GRCM, diciembre, 2009)"),
    Code.R203: citing("Informar. Referirse al punto 99.9 de este Plan."),
    Code.R301: lambda b, _: list(check_numbers(b.canonical.of("plan"))),
    Code.R302: otherwise("objective", "Otro objetivo", check_numbers),
    Code.B101: lambda b, _: list(read_submission(b.books["CRI"], FILLABLE, {}, fallback=base(b)).findings),
    Code.B103: lambda b, _: list(
        read_submission(
            b.books["CRI"],
            FILLABLE,
            {"x": replace(next(iter(b.issued.values())), cycle="2010-2", deadline="2010-06-01")},
        ).findings
    ),
    Code.B104: unstamped,
    Code.B102: lambda b, _: list(read_submission(b.books["CRI"], FILLABLE, {}).findings),
    Code.M101: doubt,
    Code.M102: twice,
    Code.M103: decision({"decision": "CRI"}, changed=True),
    Code.M104: decision({"decision": "PAN"}),
    Code.M107: decision({"decision": "own"}),
    Code.M105: waiting,
    Code.M108: taken_out,
    Code.M113: rewritten,
    Code.M114: left_behind,
    Code.M112: disagreement,
    Code.M109: numbered_anew,
    Code.M110: proposed_twice,
    Code.M111: decided_and_gone,
    Code.M106: decision({"own": "Mayo"}),
}


def test_every_code_has_its_case() -> None:
    assert set(CASES) == set(Code)


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_it_occurs_and_reads_well(code: Code, bench: Bench, tmp_path: Path) -> None:
    findings = [item for item in CASES[code](bench, tmp_path) if item.code is code]
    assert findings
    for item in findings:
        for lang in ("es", "en"):
            said = item.as_dict(lang)  # type: ignore[arg-type]
            assert "{" not in said["message"] + said["advice"]
            assert said["severity"] == code.severity


def test_a_clean_return_has_none_of_them(bench: Bench) -> None:
    written = {(record.key[0], "state"): "En proceso" for record in bench.canonical.of("plan")}
    written |= {("1.1", "date"): "febrero de 2010", ("1.1", "evidence"): "https://example.org"}
    written |= {("N1", "activity"): "Foro", ("N1", "responsible"): "OIM", ("N1", "calendar"): "2011"}
    assert bench.codes(bench.fill("CRI", written, type="completo", number=1)) == []
