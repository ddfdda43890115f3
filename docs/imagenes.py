"""Make the pictures of README and docs: the workbooks of the demo, as LibreOffice prints them.

python docs/imagenes.py

It needs LibreOffice (`soffice`) and poppler (`pdftoppm`, `pdftotext`). Each picture is the first page of a sheet,
or the part of it that shows what it is about.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crmxl.cycle import issue
from crmxl.demo import demonstrate

HERE = Path(__file__).parent / "imagenes"
DOTS = 88
"""Dots an inch."""


@dataclass(frozen=True)
class Picture:
    """A picture: its name, the workbook, the sheet, and how much of the page from above, as a share."""

    name: str
    book: str
    sheet: str
    share: float


PICTURES = (
    Picture("plantilla", "CRI", "Instrucciones", 0.42),
    Picture("plantilla-matriz", "CRI", "Matriz trata", 0.62),
    Picture("resumen", "consolidado", "Resumen", 0.8),
    Picture("por-atender", "consolidado", "Por atender", 0.6),
    Picture("plan", "consolidado", "Plan", 0.9),
    Picture("cuadro-trata", "consolidado", "Cuadro trata", 0.75),
    Picture("decisiones", "consolidado", "Decisiones", 0.45),
)


def printed(book: Path, folder: Path) -> Path:
    """A workbook as LibreOffice prints it."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{book.stem}.pdf"


def first_pages(pdf: Path) -> dict[str, int]:
    """The page on which each sheet begins, by the name at the foot of its pages."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    found: dict[str, int] = {}
    for number, page in enumerate(text.split("\f"), start=1):
        foot = re.findall(r"^\s*(\S.*?)(?: — .*?)?\s{2,}\d+ / \d+\s*$", page, re.MULTILINE)
        if foot:
            found.setdefault(foot[-1], number)
    return found


def draw(picture: Picture, pdf: Path, page: int) -> Path:
    """One picture."""
    asked = ["pdfinfo", "-f", str(page), "-l", str(page), pdf]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    size = re.search(r"size:\s+([\d.]+) x ([\d.]+)", told)
    if size is None:
        raise ValueError(f"pdfinfo told no size of page {page}")
    width, height = (round(float(points) / 72 * DOTS) for points in size.groups())
    target = HERE / picture.name
    cut = ["-x", "0", "-y", "0", "-W", str(width), "-H", str(round(height * picture.share))]
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", str(DOTS), "-png", *pages, *cut, pdf, target], check=True)
    return target.with_suffix(".png")


def main() -> None:
    """All pictures, from a demo of now."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        merged = demonstrate(folder / "demo", "es").merged.path
        contact = "Secretaría Técnica de la CRM, st@example.org"
        (template,) = issue([merged], "2010-2", dt.date(2010, 8, 12), folder / "emitidos", ["CRI"], contact)
        pdfs = {"CRI": printed(template, folder), "consolidado": printed(merged, folder)}
        for picture in PICTURES:
            pages = first_pages(pdfs[picture.book])
            print(draw(picture, pdfs[picture.book], pages[picture.sheet]))


if __name__ == "__main__":
    main()
