"""What changed between two refreshes."""

from __future__ import annotations

import json

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, show

PARTS = ("versions", "rows", "codes", "values", "cohort", "endpoints")


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

    The versions it was made by; rows added, removed and changed per table and centre; codes that became others; who
    came into or left the cohort, and why; and how each change moved the end points, in the cohort and in the groups
    of each plan (docs/operations.md). With `--part values` every value that changed.
    """
    from flows.comparing import compare, sentences
    from schemas.registry import load_registry
    from warehouse.home import Home

    home = Home(home_of(context))
    load_registry(home.root)
    found, moves = compare(home, before, after)
    shown = {name: moves if name == "endpoints" else getattr(found, name) for name in PARTS}
    if part:
        show(shown[part], form)
        return
    values = shown.pop("values")
    if form == "json":
        body = {name: frame.to_dicts() for name, frame in shown.items()}
        click.echo(json.dumps(body, indent=1, ensure_ascii=False))
        return
    if form == "csv":
        raise click.UsageError("one CSV holds one part: name it with --part.")
    del shown["endpoints"]
    for name, frame in shown.items():
        click.echo(f"{name}:")
        show(frame, form)
    click.echo(f"values: {values.height} changed (--part values shows them)")
    click.echo("endpoints:")
    click.echo("\n".join(sentences(moves)))
