"""Why a cell was set aside, or kept apart as a comment."""

from __future__ import annotations

from enum import Enum

from crmxl.text import B


class Reason(Enum):
    """The reasons that the register Apartados gives."""

    COLUMN = B("Columna desconocida", "Unknown column")
    SHEET = B("Hoja desconocida", "Unknown sheet")
    ROW = B("Fila sin número de la plantilla", "Row without a number of the template")
    TWICE = B("Fila o columna repetida", "Repeated row or column")
    SORTED = B("Columna ordenada aparte de las demás", "Column sorted apart from the others")
    UNREADABLE = B("Valor que no se pudo leer", "Value that could not be read")
    FIXED = B("Celda fija modificada", "Fixed cell changed")
    GONE = B("El ítem ya no está en el libro canónico", "The item is no longer in the canonical workbook")
    DISPUTED = B("Las instituciones no dicen lo mismo", "The institutions do not say the same")
    FILE = B("Archivo apartado", "File set aside")
    EXPLANATION = B("Aclaración del país", "Country's explanation")
    MARGIN = B("Nota fuera de los cuadros", "Note outside the tables")
    COMMENT = B("Comentario", "Comment")
    CANONICAL = B("Del libro canónico, fuera de sus columnas", "Of the canonical workbook, outside its columns")
