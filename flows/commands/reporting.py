"""The pages of a refresh, rendered again."""

from __future__ import annotations

import os

import click

from flows.commands.common import clear, home_of, home_option


@click.command()
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh (id or tag) instead of the published one.")
@home_option
@click.pass_context
@clear
def report(context: click.Context, as_of: str | None) -> None:
    """Write the validation report again from what is published, by the thresholds of today; nothing is run again."""
    from flows.survival import write_validation
    from schemas.registry import load_registry
    from warehouse.home import Home, one_writer
    from warehouse.query import refresh_of

    home = Home(home_of(context))
    load_registry(home.root)
    with one_writer(home):
        refresh = refresh_of(home, as_of)
        write_validation(home, refresh)
    page = home.refreshes / refresh / "reports" / "validation" / "validation.en.html"
    near = os.path.relpath(page)
    click.echo(str(page) if near.startswith("..") else near)
