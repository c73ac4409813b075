"""Asking the published warehouse: SQL, and where the values of a patient come from."""

from __future__ import annotations

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show


@click.command()
@click.argument("query")
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh (id or tag) instead of the published one.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def sql(context: click.Context, query: str, as_of: str | None, form: str) -> None:
    """Ask the published warehouse anything, read-only.

    \b
    read      views made for reading, whose columns stay: patient, treatment_line, drug, response, adverse_event,
              survival, finding, open_query, centre (docs/views.md)
    core, mart, quality, reference, meta      the tables behind them
    result, landing.text_row                  the analyses; rows as delivered
    What there is:  sarcreg sql "from meta.table_dictionary"
    """
    from schemas.registry import load_registry
    from warehouse.home import Home
    from warehouse.query import sql as ask

    home = home_of(context)
    load_registry(home)
    show(ask(Home(home), query, as_of), form)


@click.command()
@click.argument("patient")
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh (id or tag) instead of the published one.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def trace(context: click.Context, patient: str, as_of: str | None, form: str) -> None:
    """Print every value of PATIENT (a patient_id or its beginning) with the cell it came from.

    File, sheet, line, column and text as sent; the rule and list version that coded it; the findings that ask about it.
    """
    from schemas.registry import load_registry
    from warehouse.home import Home
    from warehouse.trace import trace as trace_patient

    home = home_of(context)
    load_registry(home)
    show(trace_patient(Home(home), patient, as_of), form)
