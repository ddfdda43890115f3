"""THE catalogue: every finding that crmxl can make, with its severity, its text and what to do about it.

A code is stable: F file, S sheets, columns and rows, C cells, A authority, E the block Envío, R rules across
rows, B the issued base, M merge. Texts name what was found in `{braces}`; advice is in the imperative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from crmxl.text import B

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Message:
    """How bad it is, what it says, what to do."""

    severity: Severity
    text: B
    advice: B


def _error(text_es: str, text_en: str, advice_es: str, advice_en: str) -> Message:
    return Message("error", B(text_es, text_en), B(advice_es, advice_en))


def _warning(text_es: str, text_en: str, advice_es: str, advice_en: str) -> Message:
    return Message("warning", B(text_es, text_en), B(advice_es, advice_en))


def _note(text_es: str, text_en: str, advice_es: str, advice_en: str) -> Message:
    return Message("note", B(text_es, text_en), B(advice_es, advice_en))


class Code(Enum):
    """The findings; the name is the code that users see."""

    F101 = _error(
        "No es un archivo que se pueda abrir.",
        "This is not a file that can be opened.",
        "Indique un archivo de Excel (.xlsx), no una carpeta ni un dispositivo.",
        "Give an Excel file (.xlsx), not a folder or a device.",
    )
    F102 = _error(
        "El archivo está vacío.",
        "The file is empty.",
        "Pida al país que lo envíe de nuevo.",
        "Ask the country to send it again.",
    )
    F103 = _error(
        "El archivo es demasiado grande (más de {size} MB).",
        "The file is too large (over {size} MB).",
        "Quite imágenes y hojas ajenas a la plantilla, y guárdelo de nuevo.",
        "Remove pictures and sheets that are not part of the template, and save it again.",
    )
    F104 = _error(
        "No es un libro de Excel: parece {format}.",
        "This is not an Excel workbook: it looks like {format}.",
        "Envíe la plantilla guardada como libro de Excel (.xlsx).",
        "Send the template saved as an Excel workbook (.xlsx).",
    )
    F105 = _error(
        "El libro está en el formato {format}, que esta versión no lee.",
        "The workbook is in the format {format}, which this version does not read.",
        "Ábralo y guárdelo como libro de Excel (.xlsx).",
        "Open it and save it as an Excel workbook (.xlsx).",
    )
    F106 = _error(
        "El archivo tiene contraseña.",
        "The file is protected with a password.",
        "Ábralo, guárdelo sin contraseña y envíelo de nuevo.",
        "Open it, save it without a password and send it again.",
    )
    F107 = _error(
        "El archivo está dañado o incompleto.",
        "The file is damaged or incomplete.",
        "Ábralo en Excel, guárdelo con otro nombre y envíelo de nuevo.",
        "Open it in Excel, save it under another name and send it again.",
    )
    F108 = _error(
        "La hoja no se pudo leer completa: tiene {counted} celdas con datos y se leyeron {read}.",
        "The sheet could not be read in full: it has {counted} cells with data and {read} were read.",
        "Ábralo en Excel, guárdelo con otro nombre y envíelo de nuevo.",
        "Open it in Excel, save it under another name and send it again.",
    )
    F109 = _error(
        "El archivo contiene algo que un libro normal no tiene ({cause}); no se abre por seguridad.",
        "The file holds something that a normal workbook does not ({cause}); it is not opened, for safety.",
        "Pida al país la plantilla original, llenada de nuevo.",
        "Ask the country for the original template, filled in again.",
    )
    F110 = _error(
        "No es una plantilla de este ciclo: ninguna de sus hojas ({sheets}) corresponde a {expected}.",
        "This is not a template of this cycle: none of its sheets ({sheets}) is {expected}.",
        "Envíe el libro que la Secretaría Técnica emitió para su país.",
        "Send the workbook that the Technical Secretariat issued for your country.",
    )
    F111 = _error(
        "Es un libro canónico o consolidado, no una plantilla llenada por un país: su hoja «{sheet}» no tiene las "
        "columnas que el país llena.",
        "This is a canonical or consolidated workbook, not a template that a country filled in: its sheet “{sheet}” "
        "lacks the columns that the country fills in.",
        "Quítelo de los envíos, o pida al país la plantilla que se le emitió.",
        "Take it out of the returns, or ask the country for the template that was issued to it.",
    )
    F112 = _error(
        "El archivo no se pudo leer: {cause} al abrirlo.",
        "The file could not be read: {cause} while it was opened.",
        "Ábralo en Excel, guárdelo como libro de Excel (.xlsx) con otro nombre y envíelo de nuevo.",
        "Open it in Excel, save it as an Excel workbook (.xlsx) under another name and send it again.",
    )
    S101 = _error(
        "Falta la hoja «{sheet}».",
        "The sheet “{sheet}” is missing.",
        "Copie la hoja de la plantilla emitida, o envíe de nuevo el libro completo.",
        "Copy the sheet from the issued template, or send the whole workbook again.",
    )
    S102 = _warning(
        "La hoja «{found}» se tomó como «{sheet}».",
        "The sheet “{found}” was taken as “{sheet}”.",
        "Devuelva a la hoja su nombre original.",
        "Give the sheet its original name back.",
    )
    S103 = _error(
        "No se encontró la fila de encabezados de la hoja «{sheet}».",
        "The header row of the sheet “{sheet}” was not found.",
        "Restablezca la fila de encabezados de la plantilla, con los títulos originales.",
        "Restore the header row of the template, with its original titles.",
    )
    S104 = _error(
        "Falta la columna «{column}» en la hoja «{sheet}».",
        "The column “{column}” is missing from the sheet “{sheet}”.",
        "Restablezca la columna con su título original.",
        "Restore the column with its original title.",
    )
    S105 = _warning(
        "La columna «{found}» se tomó como «{column}».",
        "The column “{found}” was taken as “{column}”.",
        "Devuelva a la columna su título original.",
        "Give the column its original title back.",
    )
    S106 = _warning(
        "La columna «{found}» no es de la plantilla; sus {count} celdas se apartaron.",
        "The column “{found}” is not part of the template; its {count} cells were set aside.",
        "Pase esos datos a las columnas de la plantilla, por ejemplo a Observaciones.",
        "Move these data to columns of the template, for example to Remarks.",
    )
    S107 = _error(
        "La columna «{column}» aparece dos veces; se tomó la primera y la otra se apartó.",
        "The column “{column}” appears twice; the first was taken and the other set aside.",
        "Deje una sola columna con ese título.",
        "Keep one column with this title.",
    )
    S108 = _error(
        "La fila no tiene un número de la plantilla; sus celdas se apartaron.",
        "The row has no number of the template; its cells were set aside.",
        "Si lo cambió, devuélvale el de la plantilla. Las actividades nuevas van en las filas N1, N2… al final.",
        "If the number was changed, give it back as it was. New activities go in the rows N1, N2… at the end.",
    )
    S109 = _error(
        "El número {key} está en dos filas; sólo cuenta la primera.",
        "The number {key} stands in two rows; only the first one counts.",
        "Deje una sola fila con ese número.",
        "Keep one row with this number.",
    )
    S110 = _warning(
        "La hoja «{sheet}» no es de la plantilla; sus {count} celdas se apartaron.",
        "The sheet “{sheet}” is not part of the template; its {count} cells were set aside.",
        "Pase esos datos a las hojas de la plantilla, o confirme que no hacen falta.",
        "Move these data to the sheets of the template, or confirm that they are not needed.",
    )
    S111 = _warning(
        "Faltan filas de la plantilla: {keys}.",
        "Rows of the template are missing: {keys}.",
        "No borre filas: lo que falta se conserva como estaba. Si pide eliminar una actividad, use Situación.",
        "Do not delete rows: what is missing is kept as it was. To ask for a removal, use Situation.",
    )
    S112 = _error(
        "El número {found} se escribió como número: puede ser {found} o {found}0. La fila se apartó.",
        "The number {found} was typed as a number: it may be {found} or {found}0. The row was set aside.",
        "Devuelva a la celda su número como texto, igual que en la plantilla emitida.",
        "Give the cell its number back as text, as in the issued template.",
    )
    S113 = _error(
        "La hoja «{sheet}» está en dos libros canónicos y no dicen lo mismo. Filas: {count}.",
        "The sheet “{sheet}” is in two canonical workbooks and they do not say the same. Rows: {count}.",
        "Use sólo el libro más reciente (el consolidado los contiene todos), o iguale las filas.",
        "Use the latest workbook only (the consolidated one holds them all), or make the rows equal.",
    )
    S114 = _warning(
        "La hoja «{sheet}» tiene respuestas sobre filas que ya no están en «{items}»: {keys}.",
        "The sheet “{sheet}” has answers on rows that are no longer in “{items}”: {keys}.",
        "Devuelva esas filas a la hoja, o borre las respuestas.",
        "Put those rows back, or delete the answers.",
    )
    S115 = _error(
        "La hoja «{sheet}» no tiene ninguna de las filas que se emitieron; se apartó entera (celdas: {count}).",
        "The sheet “{sheet}” has none of the rows that were issued; it was set aside whole (cells: {count}).",
        "Revise que sea la hoja de ese nombre y que sus números estén como en la plantilla.",
        "Check that it is the sheet of that name, with its numbers as in the template.",
    )
    S116 = _note(
        "La hoja {sheet} no tiene su fila de títulos; se leyó por sus claves ocultas.",
        "The sheet {sheet} lacks its row of headings; it was read by its hidden keys.",
        "No hace falta hacer nada. La próxima vez, no borre los títulos.",
        "Nothing needs to be done. Next time, do not delete the headings.",
    )
    S117 = _error(
        "Una columna se ordenó sin las demás ({columns}): las filas ya no corresponden, y no se tomó nada de la hoja.",
        "A column was sorted without the others ({columns}): the rows no longer match, and nothing was taken.",
        "Deshaga el orden, o copie sus respuestas en la plantilla original, y envíela de nuevo.",
        "Undo the sorting, or copy your answers into the original template, and send it again.",
    )
    S118 = _note(
        "El número de {count} filas cambió o falta; se tomaron como {keys}, por su clave oculta.",
        "The number of {count} rows was changed or is missing; they were taken as {keys}, by their hidden key.",
        "Revise que sean esas filas. Si no lo son, dígalo a la Secretaría Técnica.",
        "Check that they are these rows. If they are not, tell the Technical Secretariat.",
    )
    S119 = _warning(
        "{count} filas no tienen número; por su texto se tomaron como {keys}.",
        "{count} rows have no number; by their text they were taken as {keys}.",
        "Revise que sean esas filas y escriba su número.",
        "Check that they are these rows, and write their number.",
    )
    C101 = _error(
        "«{found}» no es una de las opciones de la columna {column}.",
        "“{found}” is not one of the choices of the column {column}.",
        "Elija una opción de la lista: {options}.",
        "Choose one of the list: {options}.",
    )
    C102 = _error(
        "No se entiende la fecha «{found}».",
        "The date “{found}” cannot be understood.",
        "Escriba una fecha que exista (15 de febrero de 2010) o un período (febrero de 2010).",
        "Write a date that exists (15 February 2010) or a period (February 2010).",
    )
    C103 = _error(
        "La fecha «{found}» puede leerse de dos modos: {first} o {second}.",
        "The date “{found}” can be read in two ways: {first} or {second}.",
        "Escriba el mes con letras.",
        "Write the month in letters.",
    )
    C104 = _error(
        "«{found}» no es un número.",
        "“{found}” is not a number.",
        "Escriba sólo el número, sin unidades.",
        "Write the number only, without units.",
    )
    C105 = _error(
        "«{found}» no es una dirección de Internet.",
        "“{found}” is not an Internet address.",
        "Escriba la dirección completa, que empieza con https://, o deje la celda en blanco.",
        "Write the whole address, beginning with https://, or leave the cell blank.",
    )
    C106 = _error(
        "El texto tiene {length} caracteres; el límite es {limit}.",
        "The text has {length} characters; the limit is {limit}.",
        "Resuma el texto y envíe el detalle en un anexo.",
        "Summarise the text and send the detail as an annex.",
    )
    C107 = _error(
        "La celda muestra un error de cálculo ({found}).",
        "The cell shows an error of calculation ({found}).",
        "Reemplace la fórmula por el texto o la fecha que corresponde.",
        "Replace the formula with the text or date that is meant.",
    )
    C108 = _error(
        "«{found}» no es un país miembro.",
        "“{found}” is not a member country.",
        "Elija el país de la lista.",
        "Choose the country from the list.",
    )
    C109 = _error(
        "La celda tiene una fórmula sin valor guardado ({found}).",
        "The cell has a formula without a saved value ({found}).",
        "Abra el libro en Excel, guárdelo y envíelo de nuevo, o escriba el valor.",
        "Open the workbook in Excel, save it and send it again, or write the value.",
    )
    C110 = _error(
        "«{found}» no parece una sola pena en años.",
        "“{found}” does not look like one penalty in years.",
        "Escriba en cada celda los años (8) o un texto (hasta 14, perpetua); un programa cambia 8-12 por una fecha.",
        "Write the number of years (8) or a text (up to 14, life) in each cell; a program turns 8-12 into a date.",
    )
    C111 = _warning(
        "El calendario «{found}» no se entiende.",
        "The schedule “{found}” is not understood.",
        "Escriba cuándo: un mes y año (mayo de 2010), un período, Continuo, Por definir o Pendiente.",
        "Write when: a month and year (May 2010), a period, Continuo (ongoing), Por definir or Pendiente.",
    )
    C112 = _warning(
        "El calendario «{found}» puede leerse de dos modos: {first} o {second}.",
        "The schedule “{found}” can be read in two ways: {first} or {second}.",
        "Escriba el mes con letras.",
        "Write the month in letters.",
    )
    C113 = _warning(
        "No se entiende quién es responsable: «{found}».",
        "It is not understood who is responsible: “{found}”.",
        "Nombre a los países miembros, a un país o a un organismo; si son varios, sepárelos con comas.",
        "Name the member countries, one country or an organisation; if there are several, separate them by commas.",
    )
    A101 = _error(
        "Se modificó una celda fija; el cambio se apartó y no se aplica. Decía: «{issued}».",
        "A fixed cell was changed; the change was set aside and is not applied. It read: “{issued}”.",
        "Escriba en las celdas abiertas; los cambios al plan se proponen en las columnas abiertas.",
        "Write in the open cells; changes to the plan are proposed in the open columns.",
    )
    A102 = _error(
        "En las filas para actividades nuevas esta columna no se llena; la celda se apartó.",
        "In the rows for new activities this column is not filled in; the cell was set aside.",
        "Proponga la actividad; su avance se informa cuando forme parte del plan.",
        "Propose the activity; its progress is reported once it is part of the plan.",
    )
    E101 = _error(
        "No se sabe de qué país es el archivo: {details}. Se apartó entero.",
        "It is not known which country the file is from: {details}. It was set aside whole.",
        "Confirme con el país y repita la orden con --country ARCHIVO=PAÍS.",
        "Confirm with the country and run the command again with --country FILE=COUNTRY.",
    )
    E102 = _warning(
        "Falta el tipo de envío; se trató como parcial.",
        "The type of sending is missing; it was treated as partial.",
        "Elija en Instrucciones: completo, parcial o sin novedades.",
        "Choose in Instructions: complete, partial or nothing to report.",
    )
    E103 = _warning(
        "El envío dice «sin novedades», pero trae cambios ({count}); se tomaron.",
        "The sending says “nothing to report” but brings changes ({count}); they were taken.",
        "Cambie el tipo de envío a parcial o completo.",
        "Change the type of sending to partial or complete.",
    )
    R101 = _error(
        "El envío es completo y falta {column} en {count} filas.",
        "The sending is complete and {column} is missing in {count} rows.",
        "Llene las celdas que faltan, o envíe como parcial.",
        "Fill in the missing cells, or send it as partial.",
    )
    R102 = _warning(
        "A la actividad nueva {key} le falta: {missing}.",
        "The new activity {key} lacks: {missing}.",
        "Complete la fila para que los demás países puedan considerarla.",
        "Complete the row so that the other countries can consider it.",
    )
    R103 = _note(
        "El archivo no trae cambios respecto de lo emitido.",
        "The file brings no changes from what was issued.",
        "Si no hay novedades, elija «sin novedades» en Instrucciones; si las hay, revise que sea el archivo llenado.",
        "If there is nothing new, choose “nothing to report” in Instructions; if there is, check the file.",
    )
    R104 = _error(
        "La pena mínima es mayor que la máxima. Filas: {count}.",
        "The minimum penalty is higher than the maximum. Rows: {count}.",
        "Revise las dos cifras.",
        "Check the two figures.",
    )
    R105 = _warning(
        "Responde Sí o Parcial sin decir en qué norma. Filas: {count}.",
        "It answers Yes or Partial without naming the law. Rows: {count}.",
        "Escriba la norma y el artículo: sin ellos nadie puede comprobar la respuesta.",
        "Write the law and its article: without them nobody can check the answer.",
    )
    R106 = _note(
        "Responde Sí y no indica la pena que se pregunta. Filas: {count}.",
        "It answers Yes and does not give the penalty that is asked for. Rows: {count}.",
        "Escriba la pena mínima y la máxima, o en Observaciones por qué no la hay.",
        "Write the minimum and the maximum penalty, or in Remarks why there is none.",
    )
    R201 = _note(
        "Se cita una reunión que la hoja Reuniones no registra: {meeting} (citas: {count}).",
        "A meeting is cited that the sheet Meetings does not list: {meeting} (citations: {count}).",
        "Agregue la reunión a Reuniones, o corrija la cita.",
        "Add the meeting to Meetings, or correct the citation.",
    )
    R202 = _note(
        "Se cita una reunión posterior a la fecha de la versión ({day}): {meeting} (citas: {count}).",
        "A meeting is cited that is later than the day of the version ({day}): {meeting} (citations: {count}).",
        "Actualice la fecha de la versión, o corrija la cita.",
        "Bring the day of the version up to date, or correct the citation.",
    )
    R203 = _warning(
        "Se remite al punto {item}, que no está en el plan.",
        "It refers to item {item}, which is not in the plan.",
        "Corrija el número, o quite la remisión.",
        "Correct the number, or take the reference out.",
    )
    R301 = _note(
        "El número impreso «{found}» no corresponde al ítem {item}: debería ser «{wanted}».",
        "The printed number “{found}” does not fit item {item}: it should be “{wanted}”.",
        "Corrija el número impreso, o confirme que el original dice otra cosa.",
        "Correct the printed number, or confirm that the original says otherwise.",
    )
    R302 = _note(
        "Los ítems {keys} son de un mismo objetivo y lo nombran de modo distinto.",
        "The items {keys} belong to one objective and name it differently.",
        "Iguale el texto del objetivo, o dé a los ítems el número del objetivo que les toca.",
        "Make the text of the objective equal, or give the items the number of the objective that is theirs.",
    )
    B101 = _warning(
        "No se encontró la copia emitida de este archivo; se comparó con el plan vigente.",
        "The issued copy of this file was not found; it was compared with the plan in force.",
        "Indique la carpeta de copias emitidas con --issued.",
        "Give the folder of issued copies with --issued.",
    )
    B103 = _warning(
        "El archivo es de otro ciclo ({found}); el ciclo en curso es {current}. Se comparó con el plan vigente.",
        "The file is of another cycle ({found}); the current one is {current}. It was compared with the plan in force.",
        "Confirme con el país si le falta enviar la plantilla del ciclo en curso.",
        "Confirm with the country whether it still has to send the template of the current cycle.",
    )
    B104 = _warning(
        "El libro perdió la hoja oculta «_crmxl», que dice a qué copia emitida responde.",
        "The workbook has lost the hidden sheet “_crmxl”, which tells which issued copy it answers.",
        "Revise los cambios con cuidado; pida al país que llene el libro tal como se le envió.",
        "Look at its changes with care; ask the country to fill in the workbook as it was sent.",
    )
    B102 = _note(
        "No se encontró la copia emitida de este archivo; no se revisó si cambió celdas fijas.",
        "The issued copy of this file was not found; whether fixed cells were changed was not checked.",
        "Indique la carpeta de copias emitidas con --issued.",
        "Give the folder of issued copies with --issued.",
    )
    M101 = _warning(
        "Dos envíos del país dicen cosas distintas y nada indica cuál es posterior; no se tomó ninguno.",
        "Two sendings of the country differ and nothing tells which is later; neither was taken.",
        "Pregunte al país y decida en la hoja Decisiones; el número de envío evita la duda.",
        "Ask the country and decide in the sheet Decisions; the number of the sending avoids the doubt.",
    )
    M102 = _note(
        "El mismo archivo llegó {count} veces; se contó una.",
        "The same file arrived {count} times; it was counted once.",
        "No hace falta hacer nada.",
        "Nothing needs to be done.",
    )
    M103 = _warning(
        "La decisión sobre {item}, {column}, no se aplicó: el valor cambió desde que se preguntó.",
        "The decision on {item}, {column}, was not applied: the value has changed since it was asked.",
        "Revise la pregunta en Decisiones y decida de nuevo.",
        "Look at the question in Decisions and decide again.",
    )
    M104 = _error(
        "La decisión sobre {item}, {column}, no se puede aplicar: {found} no propuso nada en esa fila.",
        "The decision on {item}, {column}, cannot be applied: {found} proposed nothing in that row.",
        "Elija un país que haya propuesto un valor, Mantener o Texto propio.",
        "Choose a country that proposed a value, Keep or Own text.",
    )

    M107 = _error(
        "La decisión sobre {item}, {column}, dice «Texto propio», pero ese texto falta o no se entiende.",
        "The decision on {item}, {column}, says “Own text”, but that text is missing or cannot be understood.",
        "Escriba el texto en la columna Texto propio.",
        "Write the text in the column Own text.",
    )
    M105 = _warning(
        "La actividad nueva {item} espera: falta decidir {column}.",
        "The new activity {item} waits: {column} is still to be decided.",
        "Decida también esa fila en la hoja Decisiones.",
        "Decide that row of the sheet Decisions too.",
    )
    M106 = _warning(
        "Hay un texto propio para {item}, {column}, pero ninguna decisión; no se aplicó.",
        "There is an own text for {item}, {column}, but no decision; it was not applied.",
        "Elija «Texto propio» en la columna Decisión, o borre el texto.",
        "Choose “Own text” in the column Decision, or erase the text.",
    )

    @property
    def severity(self) -> Severity:
        """error, warning or note."""
        return self.value.severity
