"""What a centre sends: its export without direct identifiers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flows.commands.common import clear, home_of, home_option


@click.command()
@click.argument("centre")
@click.argument("export", type=click.Path(path_type=Path, exists=True))
@click.option("--out", "out", type=click.Path(path_type=Path), help="The package's folder; else EXPORT-packed.")
@click.option("--mask", "mask", is_flag=True, help="Put ███ in the place of what the scan finds in texts.")
@click.option("--json", "as_json", is_flag=True, help="What was done and found as JSON on stdout; no values.")
@home_option
@click.pass_context
@clear
def pack(context: click.Context, centre: str, export: Path, out: Path | None, mask: bool, as_json: bool) -> int:
    """Take the direct identifiers out of one centre's EXPORT before it is sent: no network, only centre.yaml.

    Identifier columns are emptied, link tokens made with SARCREG_LINKAGE_KEY, every other cell is scanned. Exit code
    0 the package is written, 3 identifiers were found in texts and nothing is written, 1 the export cannot be read.
    """
    from schemas.centre import load_centre
    from schemas.errors import ConfigurationError
    from warehouse.identifiers.delivery import sentences_of
    from warehouse.identifiers.pack import pack as make

    folder = home_of(context) / "centres" / centre
    if not (folder / "centre.yaml").is_file():
        raise ConfigurationError(f"no centre {centre!r}: there is no {folder / 'centre.yaml'}.")
    place = out or export.with_name(f"{export.stem if export.is_file() else export.name}-packed")
    done = make(load_centre(folder), export, place, mask=mask)
    if as_json:
        told = {"package": str(done.folder) if done.folder else None, "found": done.found.to_dicts()}
        click.echo(json.dumps(told | {"manifest": done.manifest}, indent=2, ensure_ascii=False))
        return 0 if done.folder else 3
    for line in sentences_of(done.found):
        click.echo(line)
    if done.folder is None:
        click.echo("Nothing was written. Mend the cells, pack with --mask, or say under scan.allow why they are none.")
        return 3
    emptied = sum(column["cells"] for sheet in done.manifest["sheets"] for column in sheet["emptied"])
    made = sum(sheet["tokens"] for sheet in done.manifest["sheets"])
    click.echo(f"{emptied} cell(s) emptied, {made} link token cell(s) made, {done.found['cells'].sum()} masked.")
    click.echo(f"The package is {done.folder}: deliver it whole.")
    return 0
