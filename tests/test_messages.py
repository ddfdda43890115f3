from __future__ import annotations

import re
from string import Formatter

import pytest

from crmxl.messages import Code


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_both_languages_say_the_same(code: Code) -> None:
    for text in (code.value.text, code.value.advice):
        assert fields(text.es) == fields(text.en)
        assert text.es.endswith((".", "}."))
        assert text.en.endswith((".", "}."))
    assert re.fullmatch(r"[FSCAERBM]\d{3}", code.name)


def test_no_two_codes_are_one() -> None:
    assert len(Code.__members__) == len(list(Code))


def test_advice_is_no_longer_than_a_note_may_be() -> None:
    for code in Code:
        assert all(len(text) < 200 for text in code.value.advice.both())
