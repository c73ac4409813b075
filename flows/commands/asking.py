"""SQL over the published warehouse."""

from __future__ import annotations

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show


@click.command()
@click.argument("query")
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh instead of the published one.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def sql(context: click.Context, query: str, as_of: str | None, form: str) -> None:
    """Ask the published warehouse anything, read-only.

    \b
    Schemas: core, mart, quality, reference, meta; result (the analyses); landing.text_row (rows as delivered).
    What there is:  sarcreg sql "select * from meta.table_dictionary"
    """
    from schemas.registry import load_registry
    from warehouse.home import Home
    from warehouse.query import sql as ask

    home = home_of(context)
    load_registry(home)
    show(ask(Home(home), query, as_of), form)
