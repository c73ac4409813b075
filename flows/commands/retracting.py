"""Withdrawals: a patient who does not take part any more."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from flows.commands.common import clear, home_of, home_option, not_empty, not_in_future


@click.command()
@click.argument("patient")
@click.option("--scope", required=True, type=click.Choice(["no_new_data", "no_further_use", "erase"]))
@click.option("--why", required=True, callback=not_empty, help="The reason, for the journal; no patient's values.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), callback=not_in_future, help="Day of the withdrawal; today unless given."
)
@click.option("--centre", help="PATIENT is the number in this centre's exports, not an id; it is kept nowhere.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@home_option
@click.pass_context
@clear
def retract(
    context: click.Context, patient: str, scope: str, why: str, on: datetime | None, centre: str | None, yes: bool
) -> int:
    """Withdraw PATIENT (an id or its beginning; with --centre the number there).

    no_new_data: what happened after the day is set aside. no_further_use: the patient is in no later refresh; earlier
    snapshots stand. erase: the patient is taken out of the landing, every snapshot, results and reports, at once.
    """
    from flows.retracting import UNKNOWN, patient_of
    from flows.retracting import retract as withdraw

    home = home_of(context)
    code, who, is_known = patient_of(home, patient, centre)
    if scope == "erase" and not yes:
        where = "" if is_known else f" ({UNKNOWN})"
        click.confirm(f"Erase {who} of {code}{where} from everything under {home}? This cannot be undone.", abort=True)
    done = withdraw(home, who, scope, (on or datetime.now(UTC)).date(), why)
    for line in done.lines:
        click.echo(line)
    return 0 if done.is_clean else 3
