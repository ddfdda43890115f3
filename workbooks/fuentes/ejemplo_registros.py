"""Make `workbooks/ejemplo-2010-registros/`: returns of five members to the registers of cycle 2010-1.

They are EXAMPLES, and each says so: no figure and no name in them is of any country. They hold what such returns hold:
whole answers and partial ones, 0 and n.d., a total that its parts do not add up to, a number that can be read in two
ways, small counts, a liaison whose date has passed.

    python workbooks/fuentes/ejemplo_registros.py
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from ejemplo_2010 import MARK, envelope, fill_envelope, find, write
from registros import PERIODS

from crmxl.cycle import issue
from crmxl.demo import CYCLE, DEADLINE, REGISTER_EXAMPLES, REGISTERS
from crmxl.kinds import BY_KEY, figures

HERE = Path(__file__).parent
TARGET = HERE.parent / REGISTER_EXAMPLES
SIZES = {"CRI": 3, "GTM": 9, "MEX": 40, "HND": 6, "CAN": 12}
"""About how large the made-up counts of each country are."""
KIND_OF_RETURN = {"CRI": "completo", "GTM": "parcial", "MEX": "completo", "HND": "parcial", "CAN": "complete"}
NAMED = ("ENL-1", "ENL-2", "ENL-3")


def counted(country: str, thing: str, period: str) -> int:
    """A made-up count; the same each time."""
    seed = sum(map(ord, country + thing + period))
    return SIZES[country] * (seed % 7) + seed % 3


def parts(total: int, count: int) -> Iterator[int]:
    """A count divided into so many parts, unevenly."""
    left = total
    for place in range(count - 1):
        part = left * (2 + place) // 5 if left > 3 else left // 2
        yield part
        left -= part
    yield left


def statistics(country: str) -> dict[str, dict[str, Any]]:
    """Made-up statistics whose parts add up, but for one total."""
    found: dict[str, dict[str, Any]] = {}
    rows = [item for item in items("statistics") if country != "HND" or str(item["id"]).startswith("EST-V")]
    wholes = [row for row in rows if "part_of" not in row]
    for whole in wholes:
        thing, period = str(whole["id"]).split(".")
        total = counted(country, thing, period)
        found[str(whole["id"])] = {"value": total, "source": f"{MARK}: registro ficticio"}
        mine = [row for row in rows if row.get("part_of") == whole["id"]]
        for dimension in dict.fromkeys(str(row["dimension"]) for row in mine):
            some = [row for row in mine if row["dimension"] == dimension]
            for row, part in zip(some, parts(total, len(some)), strict=True):
                found[str(row["id"])] = {"value": part}
    if country == "GTM":
        found["EST-V.2009"]["value"] += 2
        found["EST-M.2009"]["value"] = "1.204"
    return found


def indicators(country: str) -> dict[str, dict[str, Any]]:
    """Made-up answers to the indicators; those that statistics ask for too are the same there."""
    same = {"IND-21": "EST-V", "IND-23": "EST-M", "IND-35": "EST-P"}
    found: dict[str, dict[str, Any]] = {}
    for place, item in enumerate(items("indicators")):
        number = str(item["id"])
        thing, _, period = number.partition(".")
        if country in ("GTM", "HND") and place % 3:
            continue
        value: Any = counted(country, same.get(thing, thing), period)
        if item["asks"] == "yes_no":
            value = ("Sí", "No", "Sí", "n.d.")[place % 4]
        elif item["asks"] == "date":
            value = "10 de mayo de 2004"
        elif place % 9 == 4:
            value = "n.d."
        elif item.get("unit") in ("percent", "years"):
            value = 12.5
        found[number] = {"value": value, "detail": f"{MARK}: dato ficticio"}
    return found


def directory(country: str) -> dict[str, dict[str, Any]]:
    """Made-up liaisons; one whose date has passed, and roles that nobody has."""
    found: dict[str, dict[str, Any]] = {
        number: {"state": "Por nombrar"} for number in ("ENL-4", "ENL-5", "ENL-6", "ENL-7")
    }
    for place, number in enumerate(NAMED):
        found[number] = {
            "state": "Nombrado",
            "name": f"{MARK}: persona ficticia",
            "post": f"{MARK}: cargo ficticio",
            "institution": f"{MARK}: institución ficticia",
            "mail": f"enlace{place}.{country.lower()}@example.org",
            "agreed": "15 de enero de 2010",
            "until": "31 de diciembre de 2009" if place == 1 and country == "GTM" else "31 de diciembre de 2010",
        }
    return found


def items(key: str) -> list[Mapping[str, Any]]:
    """The rows of a kind as the example's templates ask of them."""
    periods = PERIODS[Path(REGISTERS).stem][1]
    return list(figures.statistics(periods) if key == "statistics" else figures.indicators(periods))


def make() -> Iterator[Path]:
    """Write all returns anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        for path in issue([HERE.parent / REGISTERS], CYCLE, DEADLINE, Path(folder), list(SIZES)):
            country = path.stem
            book = openpyxl.load_workbook(path)
            told = {
                "indicators": indicators(country),
                "statistics": statistics(country),
                "directory": directory(country),
            }
            for key, rows in told.items():
                write(find(book, BY_KEY[key]), rows)
            fill_envelope(book.worksheets[0], envelope(KIND_OF_RETURN[country]))
            target = TARGET / f"registros {country}.xlsx"
            book.save(target)
            yield target


if __name__ == "__main__":
    for made in make():
        print(made.name)
