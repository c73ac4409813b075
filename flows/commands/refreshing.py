"""Making a home, refreshing it, and saying how it stands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from flows.commands.common import clear, home_of, home_option
from schemas.errors import ConfigurationError


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@clear
def demo(directory: Path) -> None:
    """Make a registry's home with three centres of synthetic data in DIRECTORY, which must not exist."""
    import shutil

    if directory.exists():
        raise ConfigurationError(f"{directory} exists already; name another folder, or remove this one first.")
    example = Path(__file__).resolve().parents[2] / "examples" / "three-centres"
    shutil.copytree(example, directory)
    click.echo(f"{directory} holds a registry with three centres of synthetic data.")
    click.echo(f"Next: sarcreg refresh --home {directory}")


@click.command()
@click.option("--centre", "centres", multiple=True, metavar="CODE", help="Only this centre; can be repeated.")
@click.option("--rebuild", "again", metavar="REFRESH", help="Make a published refresh (id or tag) again, and compare.")
@click.option("--json", "as_json", is_flag=True, help="The outcome as JSON on stdout.")
@home_option
@click.pass_context
@clear
def refresh(context: click.Context, centres: tuple[str, ...], again: str | None, as_json: bool) -> int:
    """Read every centre's export, check, harmonise, build, judge, publish, analyse and report.

    A centre whose export cannot be used is named and keeps its last good one; the others go on. Nothing new since
    the last refresh: nothing is done. The steps run as a Prefect flow, with no server to start.
    """
    home = home_of(context)
    if again:
        from flows.keeping import rebuild

        click.echo(rebuild(home, again))
        return 0
    from flows.run import run_refresh
    from flows.written import refuse_faults
    from warehouse.home import Home, one_writer

    refuse_faults(home, centres)  # before Prefect starts, whose folder an erasure that holds the home takes away
    with one_writer(Home(home)):
        pass
    outcome = run_refresh(home, list(centres) or None)
    if as_json:
        click.echo(json.dumps(outcome, indent=2, ensure_ascii=False))
    else:
        _tell(outcome)
    return int(outcome["code"])


def _tell(outcome: dict[str, Any]) -> None:
    for code, facts in outcome["centres"].items():
        reason = f": {facts['reason']}" if facts["reason"] else ""
        click.echo(f"{code}  {facts['state']}{reason}")
    if outcome["refresh"] is None:
        click.echo("Nothing was published; the last published warehouse stands.")
        return
    click.echo(f"{'Published' if outcome['is_new'] else 'Nothing new; published stays'} {outcome['refresh']}")
    for report, path in outcome["pages"].items():
        near = os.path.relpath(path)
        click.echo(f"  {report}: {path if near.startswith('..') else near}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON on stdout.")
@home_option
@click.pass_context
@clear
def status(context: click.Context, as_json: bool) -> None:
    """What is published, how fresh each centre is, and whether a refresh is running."""
    from flows.status import status_of

    facts = status_of(home_of(context))
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
        return
    click.echo(f"{facts['title']}\npublished  {facts['refresh'] or 'nothing yet'}")
    for name in ("as_of", "cohort", "open_findings", "kept", "locked", "running"):
        if facts.get(name) is not None:
            click.echo(f"{name:<10} {facts[name]}")
    for row in facts["centres"]:
        reason = f": {row['reason']}" if row["reason"] else ""
        told = f"data up to {row['cut_off_on']}, {row['rows']:,} rows" if row["rows"] is not None else "no rows"
        click.echo(f"{row['centre']:<10} {row['state']}, {told}{reason}")
