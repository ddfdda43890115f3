"""Commands that take what came back: validate, merge, assemble."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from crmxl.cli.folder import NOTHING_ARRIVED, note_countries, or_folder, print_board, working
from crmxl.cli.program import command, print_findings, print_json, print_lines, today_or
from crmxl.options import (
    as_of_option,
    country_option,
    current_lang,
    format_option,
    from_desk,
    issued_option,
    option,
    output_option,
    repair_option,
)
from crmxl.text import B, Lang

if TYPE_CHECKING:
    from crmxl.cycle import MergeResult
    from crmxl.findings import Finding
    from crmxl.issued import Issued
    from crmxl.keeping import Keeping
    from crmxl.receiving import Reviewed
    from crmxl.responses import Response
    from crmxl.submission import Submission


@command(
    "validate",
    B(
        "Revisa archivos devueltos: qué está mal, dónde, y qué hacer.",
        "Checks returned files: what is wrong, where, and what to do.",
    ),
    "crmxl validate recibidos --issued emitidos",
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    callback=or_folder,
    type=click.Path(path_type=Path),
)
@issued_option
@country_option
@option(
    "--review",
    metavar="DIR",
    type=click.Path(path_type=Path),
    about=B(
        "Carpeta para las copias revisadas y las respuestas por correo, una por archivo.",
        "Folder for the checked copies and the replies by mail, one a file.",
    ),
)
@repair_option
@as_of_option
@format_option
@click.pass_context
def validate(
    ctx: click.Context,
    files: tuple[Path, ...],
    issued: Path | None,
    countries: tuple[str, ...],
    review: Path | None,
    repair: bool,
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl.reading import get_ready

    get_ready()
    from crmxl import receiving
    from crmxl.files import find_files

    lang = current_lang()
    said = receiving.parse_countries(countries)
    copies = receiving.open_issued(issued or receiving.default_issued())
    board: Sequence[Response] = ()
    earlier: frozenset[str] = frozenset()
    over: Sequence[Submission] = ()
    with working(given=bool(files)) as keeping:
        if keeping is None:
            paths = find_files(files)
            received = receiving.receive(paths, copies, said, repair=repair)
            written = receiving.write_reviews(received, review, paths) if review else []
        else:
            received, written, earlier = _taken_in(keeping, copies, said, review, repair=repair)
            over = receiving.replaced(received)
            board = keeping.board()
    if form == "json":
        replies = {id(r.submission): {"review": str(r.copy), "mail": str(r.mail)} for r in written}
        print_json([{**receiving.submission_dict(item, lang), **replies.get(id(item), {})} for item in received])
    else:
        _tell(received, written, earlier, over, lang)
        if board:
            print_board(board, lang)
        click.echo(B("A la fecha: {day}", "As of: {day}").format(day=today_or(as_of).isoformat())[lang])
    asked = [item for item in received if item not in over]
    failed = any(f.severity == "error" for item in asked for f in item.findings)
    ctx.exit(1 if failed or any(item.refused for item in asked) else 0)


def _tell(
    received: Sequence[Submission],
    written: Sequence[Reviewed],
    earlier: frozenset[str],
    over: Sequence[Submission],
    lang: Lang,
) -> None:
    """What was found in files, at length in those that are new, and the replies that were written; those that are
    `over` have been replaced by a later one."""
    from crmxl.reports import ARROW, IN_REPLY, REPLACED, totals, verdict

    fresh = [item for item in received if (item.parcel or item.source.sha256) not in earlier]
    if len(fresh) < len(received):
        click.echo(B("Revisados antes:", "Checked before:")[lang])
        print_lines(
            f"   {REPLACED.format(name=item.source.name)[lang] if item in over else verdict(item, lang)}"
            for item in received
            if item not in fresh
        )
        click.echo(B("Nuevos:" if fresh else "Nada nuevo.", "New:" if fresh else "Nothing new.")[lang])
    for item in fresh:
        click.echo(verdict(item, lang))
        print_findings(item.findings, lang)
    if any(item.findings for item in fresh):
        click.echo((ARROW if not written and not earlier and not over else IN_REPLY)[lang])
    for reply in written:
        what = B("Copia revisada", "Checked copy") if reply.whole else B("Lista de puntos", "List of points")
        click.echo(f"{what[lang]}: {reply.copy}")
        click.echo(B("Respuesta por correo: {path}", "Reply by mail: {path}").format(path=reply.mail)[lang])
    click.echo(totals(received, over)[lang])


def _taken_in(
    keeping: Keeping, copies: Mapping[str, Issued], said: dict[str, str], review: Path | None, *, repair: bool
) -> tuple[list[Submission], list[Reviewed], frozenset[str]]:
    """The files of a cycle's folder, checked and written down; the copies that go back of those that are new; which
    were known before."""
    from crmxl import receiving
    from crmxl.files import UsageError

    others = note_countries(keeping, said)
    before = {one.sha256: one.verdicts for one in keeping.known.arrivals}
    paths = list(keeping.originals)
    if not paths:
        raise UsageError(NOTHING_ARRIVED)
    countries = {**keeping.countries, **others}
    registered, withdrawn = keeping.registered, keeping.known.withdrawn
    received = receiving.receive(paths, copies, countries, repair=repair, registered=registered, withdrawn=withdrawn)
    keeping.checked(received)
    over = receiving.replaced(received)
    keeping.put_away(over)
    known = keeping.known.arrivals
    earlier = frozenset(one.sha256 for one in known if one.verdicts is not None and before[one.sha256] == one.verdicts)
    reviewed = {book: whose for one in known for book, whose in one.reviewed_for.items()}
    asked = [item for item in received if item not in over]
    new = [item for item in asked if reviewed.get(item.source.sha256) != (item.country or "")]
    folder = review or keeping.desk.folder("devueltos")
    written = receiving.write_reviews(new, folder, keep=True, deadlines=keeping.deadlines)
    keeping.reviewed((r.submission, r.copy) for r in written)
    return received, written, earlier


@command(
    "merge",
    B(
        "Consolida los envíos en un libro nuevo: nada se pierde y nada compartido se decide en silencio.",
        "Merges the returns into a new workbook: nothing is lost and nothing shared is decided in silence.",
    ),
    "crmxl merge plan-de-trabajo-2009.xlsx --submissions recibidos --issued emitidos -o consolidado.xlsx",
)
@click.argument(
    "canonical",
    metavar="CANONICAL...",
    nargs=-1,
    callback=from_desk(lambda desk: desk.base),
    type=click.Path(path_type=Path),
)
@option(
    "--submissions",
    multiple=True,
    callback=or_folder,
    type=click.Path(path_type=Path),
    about=B("Archivo o carpeta de envíos; puede repetirse.", "File or folder of returns; may be repeated."),
)
@option(
    "-o",
    "--output",
    callback=from_desk(lambda desk: desk.next_output),
    type=click.Path(path_type=Path),
    about=B("Libro que se escribe.", "Workbook to write."),
)
@issued_option
@country_option
@option(
    "--decisions",
    type=click.Path(path_type=Path),
    about=B("Libro con decisiones más nuevas.", "Workbook with newer decisions."),
)
@repair_option
@as_of_option
@format_option
@click.pass_context
def merge(
    ctx: click.Context,
    canonical: tuple[Path, ...],
    submissions: tuple[Path, ...],
    output: Path,
    issued: Path | None,
    countries: tuple[str, ...],
    decisions: Path | None,
    repair: bool,
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl.reading import get_ready

    get_ready()
    from crmxl import cycle, receiving
    from crmxl.reports import merge_lines

    lang = current_lang()
    said = receiving.parse_countries(countries)
    options: dict[str, Any] = {
        "issued": issued or receiving.default_issued(),
        "decisions": decisions,
        "lang": lang,
        "repair": repair,
    }
    over: Sequence[Submission] = ()
    with working(given=bool(submissions)) as keeping:
        if keeping is None:
            result = cycle.consolidate(canonical, submissions, output, today_or(as_of), countries=said, **options)
        else:
            typed = [ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ("canonical", "output")]
            canonical = canonical if typed[0] else keeping.desk.base  # as they are now that nobody else is at work
            output = output if typed[1] else keeping.desk.next_output
            again = as_of is not None or typed[1]
            result = _merged(keeping, canonical, output, today_or(as_of), said, again=again, **options)
            over = receiving.replaced([one.submission for one in result.consolidation.receptions])
    if form == "json":
        print_json(result.as_dict())
    elif not result.new:
        click.echo(_NOTHING_NEW.format(path=result.path)[lang])
        print_findings(_to_tell(result, decisions_only=True), lang, named=True)
    else:
        print_lines(merge_lines(result, lang))
        print_findings(_to_tell(result), lang, named=True)
        click.echo(B("Libro consolidado: {path}", "Consolidated workbook: {path}").format(path=result.path)[lang])
    asked = [one for one in result.consolidation.receptions if one.submission not in over]
    told = [*result.consolidation.findings, *(found for one in asked for found in one.findings)]
    bad = any(found.severity == "error" for found in told) or any(one.submission.refused for one in asked)
    ctx.exit(1 if bad else 0)


def _tell_language(keeping: Keeping, lang: Lang) -> None:
    """That the folder's workbooks were in the other language so far: `--lang` changes them for everybody."""
    from crmxl.logbook import language

    before = language(keeping.desk.root / "registro.xlsx")
    if before and before != lang:
        keeping.notices.append(
            B(
                "Los libros de esta carpeta estaban en otro idioma; el consolidado y registro.xlsx cambian para todos.",
                "The workbooks of this folder were in another language; the consolidated one and registro.xlsx change "
                "for everybody.",
            )
        )


_NOTHING_NEW = B(
    "No hay nada nuevo desde {path}: no se hizo otro libro. Las marcas de hoy: crmxl status",
    "There is nothing new since {path}: no other workbook was made. The marks of today: crmxl status",
)


def _to_tell(result: MergeResult, *, decisions_only: bool = False) -> list[Finding]:
    """What a merge says at length: what it found in the Secretariat's own workbook, and files that were given to a
    country of which they do not speak; where nothing is new, what becomes of decisions alone."""
    from crmxl.messages import Code

    found = [item for item in result.consolidation.findings if item.severity != "note"]
    if decisions_only:
        return [item for item in found if item.code.name.startswith("M")]
    told = (Code.E104, Code.M120)
    return found + [f for one in result.consolidation.receptions for f in one.findings if f.code in told]


def _merged(
    keeping: Keeping,
    canonical: tuple[Path, ...],
    output: Path,
    day: dt.date,
    said: dict[str, str],
    *,
    again: bool,
    **options: Any,
) -> MergeResult:
    """What the files of a cycle's folder make, written down; no other workbook where it would say nothing new."""
    from crmxl import cycle, receiving
    from crmxl.files import UsageError
    from crmxl.standing import check_decisions

    countries = {**note_countries(keeping, said), **keeping.countries}
    _tell_language(keeping, options["lang"])
    paths, by_word = list(keeping.originals), keeping.by_word
    if not paths and not by_word and not keeping.known.withdrawn:
        raise UsageError(NOTHING_ARRIVED)
    if options["decisions"] is None:
        check_decisions(keeping.desk, keeping.known)
    made = keeping.desk.merged
    last = made[-1] if made and canonical == (made[-1],) and not again else None
    result = cycle.consolidate(
        canonical,
        paths,
        output,
        day,
        countries=countries,
        registered=keeping.registered,
        by_word=by_word,
        withdrawn=keeping.known.withdrawn,
        last=last,
        **options,
    )
    received = [one.submission for one in result.consolidation.receptions]
    keeping.checked(received)
    keeping.put_away(receiving.replaced(received))
    if result.new:
        keeping.merged(result.path, day)
    return result


@command(
    "assemble",
    B(
        "Reúne lo que llenaron varias instituciones de un país en un solo envío.",
        "Puts together what several institutions of one country filled in, as its one return.",
    ),
    "crmxl assemble fiscalia.xlsx migracion.xlsx -o CRI.xlsx",
)
@click.argument("parts", metavar="PART...", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
@issued_option
@repair_option
@format_option
@click.pass_context
def assemble(
    ctx: click.Context, parts: tuple[Path, ...], output: Path, issued: Path | None, repair: bool, form: str
) -> None:
    from crmxl import receiving
    from crmxl.files import find_files
    from crmxl.reports import NOT_SURE, by_part, to_settle, verdict

    lang = current_lang()
    copies = receiving.open_issued(issued or receiving.default_issued())
    done = receiving.assemble_parts(find_files(parts), output, copies, repair=repair)
    found = done.assembly
    if form == "json":
        told = [receiving.submission_dict(part, lang) for part in found.parts]
        print_json({"file": str(done.path), "parts": told, "findings": [f.as_dict(lang) for f in found.findings]})
    else:
        filled, disputes = by_part(found)
        for part in filled:
            click.echo(verdict(part, lang))
            print_findings(part.findings, lang, to_country=True)
        print_findings(disputes, lang, to_country=True)
        if not done.sure:
            click.echo(NOT_SURE[lang])
        click.echo(to_settle(found)[lang])
        click.echo(B("Envío reunido: {path}", "Assembled return: {path}").format(path=done.path)[lang])
    failed = any(f.severity == "error" for f in found.findings) or any(part.refused for part in found.parts)
    ctx.exit(1 if failed else 0)
