"""The lock of a data cut, and what goes before it: the centres' endorsements."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from flows.commands.common import clear, home_of, home_option, not_in_future

AS_OF = click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh (id or tag), not the published one.")


@click.command()
@click.argument("centre")
@AS_OF
@click.option("--out", type=click.Path(path_type=Path), help="The file; else listing_<centre>_<fingerprint>.csv here.")
@home_option
@click.pass_context
@clear
def listing(context: click.Context, centre: str, as_of: str | None, out: Path | None) -> None:
    """Write the patient listing of CENTRE, which its lead endorses before a data cut is locked.

    It names patients by the centre's own numbers: it is for that centre alone.
    """
    from flows.locking import write_listing

    path, digest, patients = write_listing(home_of(context), centre, as_of, out)
    near = os.path.relpath(path)
    click.echo(f"{path if near.startswith('..') else near}: {patients} patients, fingerprint {digest}")


@click.command()
@click.argument("centre")
@click.argument("fingerprint")
@click.option("--by", required=True, help="Who endorses: name or role.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), callback=not_in_future, help="The day; else today.")
@AS_OF
@home_option
@click.pass_context
@clear
def endorse(
    context: click.Context, centre: str, fingerprint: str, by: str, on: datetime | None, as_of: str | None
) -> None:
    """Record that the lead of CENTRE endorsed the listing with this FINGERPRINT (of `sarcreg listing`)."""
    from flows.locking import endorse as record

    click.echo(record(home_of(context), centre, fingerprint, by, (on or datetime.now(UTC)).date(), as_of))


@click.command()
@click.argument("refresh")
@click.option("--why", help="The reason; kept in answers/, not in the journal.")
@click.option("--check", "is_check", is_flag=True, help="Only say what is missing; exit code 1 if anything is.")
@home_option
@click.pass_context
@clear
def lock(context: click.Context, refresh: str, why: str | None, is_check: bool) -> int:
    """Lock the data cut of REFRESH (id or tag): it is kept for good, and what is made of it says so (docs/lock.md).

    Refused until every critical question about its patients is settled and every centre has endorsed its listing.
    """
    from flows.locking import check, lock_cut

    if is_check:
        lines, is_ready = check(home_of(context), refresh)
        for line in [*lines, "It can be locked." if is_ready else "It cannot be locked yet."]:
            click.echo(line)
        return 0 if is_ready else 1
    if why is None:
        raise click.UsageError("Missing option '--why': a lock is logged with its reason.")
    for line in lock_cut(home_of(context), refresh, why):
        click.echo(line)
    return 0


@click.command()
@click.argument("refresh")
@click.option("--why", required=True, help="The reason; kept in answers/, not in the journal.")
@home_option
@click.pass_context
@clear
def unlock(context: click.Context, refresh: str, why: str) -> None:
    """Take the lock of REFRESH back; lock, unlock and both reasons stay on record."""
    from flows.locking import unlock as take_back

    click.echo(take_back(home_of(context), refresh, why))
