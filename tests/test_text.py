from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmxl.text import B, fold, listed, storable, tidy


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("POR DEFINIR", "Por definir"),
        ("Por\u00a0definir", "por definir"),
        ("  Por   definir\n", "por definir"),
        ("señor", "sen\u0303or"),
        ("Panamá", "PANAMA"),
        ("pen\u200bdiente", "pendiente"),
        ("2019–2025", "2019-2025"),
        ("“PUNTOS FOCALES”", '"puntos focales"'),
    ],
)
def test_fold_ignores_what_no_reader_sees(written: str, same: str) -> None:
    assert fold(written) == fold(same)


def test_tidy_keeps_case_and_accents() -> None:
    assert tidy(" Tráfico  Ilícito\u200b ") == "Tráfico Ilícito"


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_storable_text_is_what_xml_can_hold(text: str) -> None:
    kept = storable(text)
    assert storable(kept) == kept
    assert "\r" not in kept
    assert "\x00" not in kept


def test_a_label_without_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="both languages"):
        B("Plan", " ")


def test_each_language_gets_its_own_arguments() -> None:
    label = B("Falta {sheet}", "{sheet} is missing").format(sheet=B("Avance", "Progress"))
    assert label.both() == ("Falta Avance", "Progress is missing")


def test_lists_read_as_sentences() -> None:
    assert listed(["a", "b", "c"], "es") == "a, b y c"
    assert listed(["a", "b"], "en") == "a and b"
    assert listed(["a"], "es") == "a"
