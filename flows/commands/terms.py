"""The workbench: what waits for a human, and what humans have decided."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show

PARTS = ("texts", "patients", "counts")


@click.group()
@home_option
def terms() -> None:
    """Texts that no code is certain for: out to a human, back as maps.

    \b
    sarcreg terms export work/              one XLSX and CSV per list, those of most patients first
    sarcreg terms import work/drug.xlsx     what was filled in becomes the centres' maps or the registry's
    sarcreg refresh                         the next refresh uses them
    sarcreg terms unused                    map entries that match nothing, or disagree
    sarcreg terms compare                   what the lists and maps as they are now would change
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


@terms.command("compare")
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option("--part", type=click.Choice(PARTS), help="Only this part.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def compare_(context: click.Context, before: str | None, after: str | None, part: str | None, form: str) -> None:
    """Show which texts and patients change code between two refreshes, and which counts of the cohort move.

    BEFORE is the published refresh unless named, by id or tag. Without AFTER it is compared with what the installed
    program, lists and maps would make of the same exports now; nothing is published. A code with ? is asked about.
    CSV has one part (texts unless named).
    """
    from flows.workbench import compare_terms

    found = compare_terms(home_of(context), before, after)
    frames = {name: getattr(found, name) for name in PARTS if name == part or part is None}
    if form == "csv":
        show(next(iter(frames.values())), form)
    elif form == "json":
        click.echo(json.dumps({name: frame.to_dicts() for name, frame in frames.items()}, ensure_ascii=False, indent=1))
    else:
        for name, frame in frames.items():
            click.echo(f"{name}:")
            show(frame, form)
