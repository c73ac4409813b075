"""A plan carried out on a kept refresh, written as a pack for a paper."""

from __future__ import annotations

import os
from pathlib import Path

import click

from flows.commands.common import clear, hold_back_option, home_of, home_option, purpose_option, recipient_option


@click.command()
@click.option("--plan", "plan", metavar="PLAN", help="A plan's file, or its name under plans/; else every plan.")
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh instead of the published one.")
@click.option("--out", "out", type=click.Path(path_type=Path), help="Where to write; else into the refresh's reports.")
@click.option("--figures/--no-figures", "figures", default=True, help="Draw the figures too (most of the time).")
@click.option("--release", "release", is_flag=True, help="Write what may leave: small counts and single patients out.")
@recipient_option
@hold_back_option
@purpose_option
@home_option
@click.pass_context
@clear
def analyse(
    context: click.Context,
    plan: str | None,
    as_of: str | None,
    out: Path | None,
    figures: bool,
    release: bool,
    purposes: tuple[str, ...],
    recipient: str | None,
    hold_back: bool,
) -> None:
    """Write the paper pack of a plan: tables, figures, text, checklists, unrounded data, manifest.

    \b
    sarcreg analyse                                  every plan, on the published refresh
    sarcreg analyse --plan founding_study --out pack one plan, into a folder that must not exist
    sarcreg analyse --release                        packs that may leave, each in <plan>-released
    """
    from flows.paper import write_packs

    home = home_of(context)
    folders, use = write_packs(
        home, plan, as_of, out, figures=figures, release=release, purposes=purposes, recipient=recipient,
        hold_back=hold_back,
    )  # fmt: skip
    for sentence in use.sentences():
        click.echo(sentence, err=True)
    for folder in folders:
        near = os.path.relpath(folder)
        click.echo(str(folder) if near.startswith("..") else near)
