"""Personal data in free text: what is told by its form, and what looks like it and is none."""

from __future__ import annotations

import pytest

from crmxl.personal import personal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Escribir a ana.perez@migracion.go.cr", "P101"),
        ("contacto: J.DOE+crm@state.gov.", "P101"),
        ("Tel.: (506) 2222-3333", "P102"),
        ("celular 8888 7777", "P102"),
        ("+502 5555-1234", "P102"),
        ("WhatsApp: 55 1234 5678", "P102"),
        ("víctima con cédula 1-1234-0567", "P103"),
        ("pasaporte N° A1234567", "P103"),
        ("CURP: PEMA800101MDFRRN09", "P103"),
        ("DUI 01234567-8", "P103"),
        ("nacida el 3 de mayo de 2005", "P104"),
        ("fecha de nacimiento: 03/05/2005", "P104"),
        ("born May 3, 2005", "P104"),
    ],
)
def test_personal_data(text: str, code: str) -> None:
    assert [found.name for found in personal(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Ley 9095, Decreto 824-2016, art. 188 bis",
        "S.C. 2001, c. 27; 18 U.S.C. 1589-1591",
        "Del 7 al 11 de febrero de 2005 se capacitó a 1 250 funcionarios",
        "Presupuesto: 250 000 dólares (2009-2010)",
        "Adoptado el 15/02/2010; vigente desde 2003-10-08",
        "Se celebró el 3 de mayo de 2010",
        "Gaceta Oficial 26 095 de 2008, págs. 12-14",
        "https://www.unodc.org/unodc/en/treaties/CTOC/12345678",
        "Recién nacidos: 12 de 30 casos en 2009",
        "Documento 12/2009 de la Red",
        "niños nacidos a partir del 1 de enero de 2008",
        "registro de nacimiento desde el 1 de mayo de 2009",
        "Se renovó el carné 2009-2010",
        "un aumento de +12 000 000 colones",
        "",
    ],
)
def test_what_looks_like_it_and_is_none(text: str) -> None:
    assert personal(text) == []
