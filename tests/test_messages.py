from __future__ import annotations

import re
import runpy
from string import Formatter

import pytest

from crmxl.messages import _MESSAGES, Code
from tests.bench import ROOT


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_both_languages_say_the_same(code: Code) -> None:
    for text in (code.message.text, code.message.advice, code.message.country):
        assert fields(text.es) == fields(text.en)
        assert text.es.endswith((".", "}."))
        assert text.en.endswith((".", "}."))
    assert re.fullmatch(r"[FSCPAERBM]\d{3}", code.name)


def test_no_two_codes_are_one_and_no_text_is_left_over() -> None:
    assert len(Code.__members__) == len(list(Code))
    assert list(_MESSAGES) == [code.name for code in Code]


def test_the_page_of_the_documentation_is_that_of_the_catalogue() -> None:
    """Made by `python docs/hallazgos.py`."""
    made = runpy.run_path(str(ROOT / "docs" / "hallazgos.py"))["page"]()
    assert (ROOT / "docs" / "hallazgos.md").read_text(encoding="utf-8") == made


def test_advice_is_no_longer_than_a_note_may_be() -> None:
    for code in Code:
        assert all(len(text) < 200 for text in (*code.message.advice.both(), *code.message.country.both()))
