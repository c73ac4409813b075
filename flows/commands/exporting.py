"""A refresh in the form of another standard."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.common import clear, hold_back_option, home_of, home_option, purpose_option, recipient_option
from flows.exporting import FORMS


@click.command()
@click.argument("form", metavar="FORM", type=click.Choice((*FORMS, "share")))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh (id or tag) instead of the published one.")
@purpose_option
@recipient_option
@hold_back_option
@home_option
@click.pass_context
@clear
def export(
    context: click.Context,
    form: str,
    folder: Path,
    as_of: str | None,
    purposes: tuple[str, ...],
    recipient: str | None,
    hold_back: bool,
) -> None:
    """Write a refresh as FORM into DIR, a folder that is empty or not there yet.

    \b
    parquet   every published table as it is, with the dictionary
    adam      ADSL, ADTTE, ADRS, ADAE as SAS transport files with labels
    omop      OMOP CDM 5.4 with oncology episodes, a CSV file a table
    idea4rc   IDEA4RC's long format: one line a value, in one CSV file
    mcode     mCODE STU 4: a FHIR R4 bundle a patient, and bulk data, as NDJSON
    share     records that may leave: anonymised, dates shifted, compared with every release before
    DIR/manifest.json has the refresh, the hash and rows of every file, and the rows left out with the reason.
    Who withdrew, and the patients of a centre that does not permit the purpose, are left out of every form.
    """
    from flows.exporting import export as write
    from flows.sharing import FORM, share

    if form == FORM:
        if not recipient or not recipient.strip():
            raise click.UsageError("a share needs --recipient: who gets it.")
        written = share(home_of(context), folder, recipient.strip(), as_of, purposes, hold_back=hold_back)
    else:
        written = write(home_of(context), form, folder, as_of, purposes)
    for sentence in (*written.use.sentences(), *written.notes):
        click.echo(sentence, err=True)
    for name, rows in written.files.select("file", "rows").iter_rows():
        click.echo(name if rows is None else f"{name}  {rows:,} rows")
    for dataset, reason, rows in written.left_out.iter_rows():
        click.echo(f"left out of {dataset}: {rows:,} ({reason})")
