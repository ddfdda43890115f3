"""Every finding of the catalogue, with a case in which it is right and the nearest one in which it would be wrong.

`cases/<CODE>/wrong.txt` and `right.txt` hold them: a sentence, the steps (see `scenario`), and what is found, each line
of it behind `> `. Findings of the code itself are told with their texts, others by their code and place. After a change
of wording, `CRMXL_CASES=write python -m pytest tests/test_codes.py` writes what is found into the files; read the
difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from crmxl.findings import Finding, brief
from crmxl.messages import Code
from crmxl.text import LANGS
from tests.bench import CANONICAL, Bench
from tests.scenario import Scenario, Templates

FOLDER = Path(__file__).parent / "cases"
WRITING = os.environ.get("CRMXL_CASES") == "write"
NOTHING = ["nothing"]
SIMILAR = 3
"""So many findings of one code, one after the other, are told one by one."""


@dataclass(frozen=True)
class Case:
    """One case of a file: its sentence, its steps, what is found."""

    path: Path
    sentence: str
    steps: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def code(self) -> Code:
        """The code of its folder."""
        return Code[self.path.parent.name]

    @property
    def wrong(self) -> bool:
        """Whether the code has to be found."""
        return self.path.stem == "wrong"

    def __str__(self) -> str:
        return "\n".join([f"# {self.sentence}", *self.steps, *(f"> {line}".rstrip() for line in self.told)])


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file; blank lines part them."""
    for block in filter(None, map(str.strip, path.read_text(encoding="utf-8").split("\n\n"))):
        sentence, *lines = block.splitlines()
        assert sentence.startswith("# "), (path, sentence)
        told = tuple(line[2:] for line in lines if line.startswith(">"))
        yield Case(path, sentence[2:], tuple(line for line in lines if not line.startswith(">")), told)


CASES = [case for path in sorted(FOLDER.glob("*/*.txt")) for case in read_cases(path)]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of the plan and of both matrices."""
    folder = tmp_path_factory.mktemp("emitidos")
    return Templates(Bench.make(CANONICAL, folder), folder)


def place(item: Finding, *, named: bool) -> str:
    """Where a finding is: sheet and cells, else the file; with several files, which of them."""
    spot = "!".join(filter(None, (item.place.sheet, item.place.cell and brief(item.place.cell))))
    file = item.place.source.name
    return " ".join(dict.fromkeys(filter(None, (file if named or not spot else "", spot))))


def texts(item: Finding) -> Iterator[str]:
    """What is said of it, in both languages; what the country is told, where that is otherwise."""
    for lang in LANGS:
        yield f"  {lang}  {item.message(lang)} {item.advice(lang)}"
    for lang in LANGS if item.advice_to_country("es") != item.advice("es") else ():
        yield f"  {lang}, to the country  {item.advice_to_country(lang)}"


def tell(findings: Sequence[Finding], code: Code, *, named: bool = False) -> Iterator[str]:
    """What is found, as the files of cases tell it."""
    for own, group in groupby(findings, key=lambda item: item.code):
        items = list(group)
        if own is code:
            for item in items:
                meant = f", suggested: {item.suggestion}" if item.suggestion else ""
                yield f"{code.name} {item.severity} {place(item, named=named)}{meant}".replace("\n", "⏎")
                yield from (line.replace("\n", "⏎") for line in texts(item))
        elif len(items) > SIMILAR:
            yield f"{own.name} {place(items[0], named=named)} and {len(items) - 1} more"
        else:
            yield from (f"{own.name} {place(item, named=named)}" for item in items)


def test_every_code_has_its_cases() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(Code.__members__)
    assert len({(case.path, case.sentence) for case in CASES}) == len(CASES)
    assert {(case.code, case.wrong) for case in CASES} == {(code, wrong) for code in Code for wrong in (True, False)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name} {case.path.stem}: {case.sentence}")
def test_it_is_found_where_it_is_and_only_there(case: Case, templates: Templates, tmp_path: Path) -> None:
    scenario = Scenario(templates, tmp_path)
    findings = scenario.play(case.steps)
    told = list(tell(findings, case.code, named=len(scenario.sent) > 1)) or NOTHING
    if WRITING:
        write(case, told)
    assert (case.code in [item.code for item in findings]) == case.wrong
    for item in findings:
        said = [text(lang) for text in (item.message, item.advice, item.advice_to_country) for lang in LANGS]
        assert all(text and "{" not in text for text in said)
    assert WRITING or "\n".join(told) == "\n".join(case.told)


def write(case: Case, told: Sequence[str]) -> None:
    """Put what is found into the file of a case."""
    cases = [
        Case(one.path, one.sentence, one.steps, tuple(told) if one.sentence == case.sentence else one.told)
        for one in read_cases(case.path)
    ]
    case.path.write_text("\n\n".join(map(str, cases)) + "\n", encoding="utf-8")
