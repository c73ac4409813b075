"""The query packs: files that go to the centres and come back with their answers."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.common import clear, home_of, home_option


@click.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--centre", "centres", metavar="CODE", multiple=True, help="Only this centre's; may be repeated.")
@home_option
@click.pass_context
@clear
def export(context: click.Context, directory: Path, centres: tuple[str, ...]) -> None:
    """Write each centre's open queries to DIR, an XLSX and a CSV in its language, to be answered and sent back.

    The files hold texts of patients' records and the centre's own patient numbers: send each to its centre alone.
    """
    from flows.packs import export_packs

    sent = export_packs(home_of(context), directory, centres)
    for pack in sent:
        late = f", {pack.not_corrected} promised as corrected and not delivered so" if pack.not_corrected else ""
        click.echo(f"{pack.files[0]} and .csv: {pack.queries} query(ies){late}")
    if not sent:
        click.echo("No query is open; `sarcreg queries issue` makes the next batch.")


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@home_option
@click.pass_context
@clear
def import_(context: click.Context, files: tuple[Path, ...]) -> None:
    """Take answered files back: every row is checked first, then all answers are taken, or none."""
    from flows.packs import import_answers

    taken = import_answers(home_of(context), files)
    for note in taken.notes:
        click.echo(note, err=True)
    click.echo(f"{taken.answers.height} answer(s) taken, {taken.known} known already, {len(taken.notes)} note(s)")
