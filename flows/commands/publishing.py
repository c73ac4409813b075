"""Refreshes after they are published: naming, publishing again, and the proof that nothing was changed."""

from __future__ import annotations

import click

from flows.commands.common import FORMATS, clear, home_of, home_option, not_empty, show


@click.command()
@click.argument("refresh")
@click.argument("name")
@home_option
@click.pass_context
@clear
def tag(context: click.Context, refresh: str, name: str) -> None:
    """Give a kept REFRESH a NAME ('paper 2025'): it is kept for good, and --as-of takes the name. A tag never moves."""
    from flows.keeping import tag as give

    click.echo(give(home_of(context), refresh, name))


@click.command()
@click.argument("refresh")
@click.option("--why", required=True, callback=not_empty, help="The reason, for the journal; no patient's values.")
@home_option
@click.pass_context
@clear
def rollback(context: click.Context, refresh: str, why: str) -> None:
    """Publish a kept REFRESH (id or tag) again. Answers, decisions and tags given since stay as they are.

    The inputs rolled back from are not published again by the next refresh, until something in them changes.
    """
    from flows.keeping import roll_back

    click.echo(roll_back(home_of(context), refresh, why))


@click.group()
@home_option
def audit() -> None:
    """The journal, which is the registry's audit log."""


@audit.command("list")
@click.option("--event", "word", metavar="WORD", help="Only events whose kind has this word: lock, query, refresh, …")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def list_(context: click.Context, word: str | None, form: str) -> None:
    """Show the journal's events in order, each with what it is about."""
    from flows.keeping import told

    show(told(home_of(context), word), form)


@audit.command()
@home_option
@click.pass_context
@clear
def verify(context: click.Context) -> int:
    """Verify the journal's chain, every kept warehouse against its manifest, and every lock against what it bound."""
    from flows.keeping import verify as verify_home

    lines, is_sound = verify_home(home_of(context))
    for line in lines:
        click.echo(line)
    return 0 if is_sound else 1
