"""What a centre does before it sends."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flows.commands.common import clear, home_of, home_option


@click.command()
@click.argument("centre")
@click.argument("export", required=False, type=click.Path(path_type=Path))
@click.option("--html", "html", type=click.Path(path_type=Path), help="Where to write the page.")
@click.option("--json", "as_json", is_flag=True, help="The findings per rule as JSON on stdout.")
@home_option
@click.pass_context
@clear
def check(context: click.Context, centre: str, export: Path | None, html: Path | None, as_json: bool) -> int:
    """Check one centre's export before it is sent: no network, no warehouse, one page.

    EXPORT is a file or folder; without it the place named in centre.yaml is checked. Exit code 0 no errors, 3 errors
    found, 1 the export cannot be read.
    """
    from flows.check import check_centre

    report = check_centre(home_of(context), centre, export, html)
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    return report.code
