"""The workbench: what waits for a human, and what humans have decided."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show


@click.group()
@home_option
def terms() -> None:
    """Texts that no code is certain for: out to a human, back as maps.

    \b
    sarcreg terms export work/              one XLSX and CSV per list, those of most patients first
    sarcreg terms import work/drug.xlsx     what was filled in becomes the centres' maps or the registry's
    sarcreg refresh                         the next refresh uses them
    sarcreg terms unused                    map entries that match nothing, or disagree
    """


@terms.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--list", "code_list", metavar="LIST", help="Only this list.")
@click.option("--centre", metavar="CODE", help="Only this centre's texts.")
@home_option
@click.pass_context
@clear
def export(context: click.Context, directory: Path, code_list: str | None, centre: str | None) -> None:
    """Write the published refresh's open terms to DIR, an XLSX and a CSV per list, to be filled in by a human.

    The files hold texts of patients' records: keep DIR where the home is kept.
    """
    from flows.workbench import export_terms

    home = home_of(context)
    written = export_terms(home, directory, code_list, centre)
    for name, count in written.items():
        click.echo(f"{directory / name}.xlsx and .csv: {count} term(s)")
    if not written:
        click.echo("No term waits for a human.")


@terms.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@home_option
@click.pass_context
@clear
def import_(context: click.Context, files: tuple[Path, ...]) -> None:
    """Take filled-in files back: all decisions are checked first, then all become maps, or none."""
    from flows.workbench import import_terms

    decided = import_terms(home_of(context), files)
    for path, count in decided.written.items():
        click.echo(f"{path}: {count} decision(s) added")
    if decided.known:
        click.echo(f"{decided.known} decision(s) stood in the maps already")
    click.echo("The next refresh uses them." if decided.written else "Nothing new was decided.")


@terms.command("unused")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def unused_(context: click.Context, form: str) -> None:
    """Show map entries that match no delivered text, decide nothing, or differ between a centre and the registry."""
    from flows.workbench import unused_terms

    show(unused_terms(home_of(context)), form)
