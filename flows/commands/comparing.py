"""What changed between two refreshes."""

from __future__ import annotations

import json

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show

PARTS = ("rows", "values", "cohort")


@click.command()
@click.argument("before")
@click.argument("after", required=False)
@click.option("--part", type=click.Choice(PARTS), help="Only this part; `values` shows patients' values.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def diff(context: click.Context, before: str, after: str | None, part: str | None, form: str) -> None:
    """What changed from refresh BEFORE to AFTER (ids, tags; AFTER is the published one unless named).

    Rows added, removed and changed per table and centre; who came into or left the cohort, and why; with
    `--part values` every value that changed, with its code.
    """
    from schemas.registry import load_registry
    from warehouse.diff import difference
    from warehouse.home import Home
    from warehouse.query import database_of

    home = Home(home_of(context))
    load_registry(home.root)
    found = difference(database_of(home, before), database_of(home, after))
    if part:
        show(getattr(found, part), form)
        return
    shown = {"rows": found.rows, "cohort": found.cohort}
    if form == "json":
        click.echo(json.dumps({name: frame.to_dicts() for name, frame in shown.items()}, indent=1, ensure_ascii=False))
        return
    for name, frame in shown.items():
        click.echo(f"{name}:")
        show(frame, form)
    codes = found.values.filter("is_code").height
    click.echo(f"values: {found.values.height} changed, {codes} of them codes (--part values shows them)")
