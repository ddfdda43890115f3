"""The eighteen states in which a cell can meet a merge, and what two known table mergers get wrong.

A state is what was issued (nothing, or A), what the canonical workbook says now (nothing, the same, or X), and what a
country sends (nothing, the same, X too, or B). A cell of the country's own and a shared one end otherwise, for a shared
one changes by decisions only. The table is the specification: each line says what the cell says afterwards, in which
outcome the country's word ends, and what is asked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from crmxl.canonical import Canonical
from crmxl.consolidation import Consolidation
from crmxl.definition import Record
from crmxl.values import Value
from tests.bench import PLAN, Bench, Cells, values, written

ITEM = "1.2"
STATES = """
issued  now   sent  | own: after  outcome    | shared: after  outcome    question
-       -     -     | -           -          | -              -          -
-       -     B     | B           merged     | -              proposed   proposal
-       X     -     | X           -          | X              -          -
-       X     X     | X           unchanged  | X              unchanged  -
-       X     B     | B           merged     | X              proposed   proposal
-       -     (del) | -           unchanged  | -              unchanged  -
A       -     -     | -           -          | -              -          -
A       -     A     | -           unchanged  | -              unchanged  -
A       -     B     | B           merged     | -              proposed   proposal
A       A     -     | A           -          | A              -          -
A       A     A     | A           unchanged  | A              unchanged  -
A       A     B     | B           merged     | A              proposed   proposal
A       A     (del) | -           merged     | A              proposed   proposal
A       X     -     | X           -          | X              -          -
A       X     A     | X           unchanged  | X              unchanged  -
A       X     X     | X           unchanged  | X              unchanged  -
A       X     B     | B           merged     | X              proposed   proposal
A       X     (del) | -           merged     | X              proposed   proposal
"""
LINES = [line.replace("|", " ").split() for line in STATES.strip().splitlines()[1:]]


def put(canonical: Canonical, table: str, column: str, text: str | None) -> Canonical:
    """The canonical data with one cell otherwise: of the activity, or of what Costa Rica says of it."""
    rows = {record.key: record for record in canonical.of(table)}
    key = (ITEM,) if table == "plan" else (ITEM, "CRI")
    known: dict[str, Value] = {"id": ITEM, **({} if table == "plan" else {"country": "CRI"})}
    row = {**known, **(rows[key].values if key in rows else {}), column: text}
    rows[key] = Record(key, {name: value for name, value in row.items() if value is not None})
    return replace(canonical, records={**canonical.records, table: tuple(rows.values())})


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Bench]:
    """The templates issued on a plan in which the cell is blank, and on one in which it says A."""
    found = {}
    empty = Bench.make(PLAN, tmp_path_factory.mktemp("vacío"))
    for column, table in (("progress", "plan.answers"), ("calendar", "plan")):
        for issued in ("-", "A"):
            folder = tmp_path_factory.mktemp(f"{column}{issued}")
            data = put(empty.canonical, table, column, None if issued == "-" else issued)
            (folder / "plan.xlsx").write_bytes(written(empty.merge_on(data)))
            found[column, issued] = Bench.make(folder / "plan.xlsx", folder / "e", "2010-2", dt.date(2010, 9, 1))
    return found


def merged(bench: Bench, table: str, column: str, now: str, sent: str) -> Consolidation:
    book = bench.fill("CRI", {}, type="parcial", number=1)
    if sent != "-":
        book = bench.fill("CRI", {(ITEM, column): "(borrar)" if sent == "(del)" else sent}, type="parcial", number=1)
    else:
        book = bench.fill("CRI", {(ITEM, column): None}, type="parcial", number=1)
    return bench.merge_on(put(bench.canonical, table, column, None if now == "-" else now), book)


def outcome(result: Consolidation, before: Consolidation) -> str:
    """In which outcome the one cell ended, against the same merge without it."""
    differing = {name for name, count in result.counts.items() if count != before.counts[name]} - {"read"}
    return ", ".join(sorted(differing)) or "-"


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:3]))
def test_each_state_of_a_cell_ends_as_the_table_says(benches: dict[tuple[str, str], Bench], line: list[str]) -> None:
    issued, now, sent, own_after, own_outcome, shared_after, shared_outcome, question = line
    for column, table, key, after, ends in (
        ("progress", "plan.answers", (ITEM, "CRI"), own_after, own_outcome),
        ("calendar", "plan", (ITEM,), shared_after, shared_outcome),
    ):
        bench = benches[column, issued]
        result = merged(bench, table, column, now, sent)
        there = values(result, table).get(key, {}).get(column, "-")
        assert there == after, column
        assert outcome(result, merged(bench, table, column, now, "-")) == ends, column
        asked = {d.question.type for d in result.decisions if d.stage == "open"}
        assert asked == ({question} - {"-"} if table == "plan" else set()), column


def test_what_a_table_merger_lost(bench: Bench) -> None:
    """Three rows; one country changes two of them and adds one, the other changes the first otherwise, deletes the
    second and adds another. A merger of tables deleted the second row, put its value into the new one, and said
    nothing of either. Here both words on the first row are asked, the second row stays with what was proposed for it,
    and both new rows are there, each with its own."""
    here: Cells = {("1.2", "calendar"): "Marzo de 2010", ("2.1", "calendar"): "Permanente"}
    there: Cells = {("1.2", "calendar"): "Abril de 2010"}
    new = {"CRI": ("Nuevo A", "Pendiente"), "MEX": ("Nuevo B", "Continuo")}
    one, other = (
        bench.fill(c, {**cells, ("N1", "activity"): new[c][0], ("N1", "calendar"): new[c][1]}, type="parcial")
        for c, cells in (("CRI", here), ("MEX", there))
    )
    grid = other.grid("Plan")
    assert grid is not None
    row = next(r for (r, c), raw in grid.cells.items() if c == 0 and raw == "2.1")
    cut = {(r - (r > row), c): raw for (r, c), raw in grid.cells.items() if r != row}
    other = replace(other, grids=tuple(replace(g, cells=cut) if g is grid else g for g in other.grids))
    result = bench.merge(one, other)
    asked = {(d.question.target.item, d.question.target.column): d.question for d in result.decisions}
    assert dict(asked["1.2", "calendar"].proposals) == {"CRI": "Marzo de 2010", "MEX": "Abril de 2010"}
    assert dict(asked["2.1", "calendar"].proposals) == {"CRI": "Permanente"}
    assert ("2.1",) in values(result, "plan")
    assert {asked[item, "calendar"].proposals[0][1] for item, _ in asked if "/N1" in item} == {"Pendiente", "Continuo"}
    assert {asked[item, "activity"].proposals[0][1] for item, _ in asked if "/N1" in item} == {"Nuevo A", "Nuevo B"}
    assert "S111" in {f.code.name for r in result.receptions for f in r.findings}
