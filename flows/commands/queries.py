"""The questions to the centres: what is asked, what was answered, what the data manager decides."""

from __future__ import annotations

import click

from flows.commands import packs
from flows.commands.common import FORMATS, clear, home_of, home_option, show

STATES = ("candidate", "open", "answered", "closed", "accepted_as_is", "cancelled", "superseded")
_SHOWN = (
    *("query_id", "centre", "state", "rule", "table_name", "field", "patient_id", "is_critical", "priority"),
    *("issued_on", "age_days", "is_overdue", "answer_code", "times_reopened"),
)


@click.group()
@home_option
def queries() -> None:
    """Questions to the centres, each with a life of its own (docs/queries.md).

    \b
    sarcreg queries issue                      make each centre's next batch
    sarcreg queries export out/                an XLSX and a CSV per centre, to be answered and sent back
    sarcreg queries import out/queries_….xlsx
    sarcreg queries list --state open --overdue
    sarcreg queries accept 3f2a… --why "…"     the values stand, until any of them changes
    """


@queries.command("list")
@click.option("--centre", metavar="CODE", help="Only this centre's.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--overdue", "is_overdue", is_flag=True, help="Only those open after their due day.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def list_(context: click.Context, centre: str | None, state: str | None, is_overdue: bool, form: str) -> None:
    """Show the queries as of now, the overdue first; CSV and JSON have every column of quality.query.

    priority: how far an answer could move the results (docs/impact.md); for the registry, not for a centre.
    """
    from flows.queries import listed

    found = listed(home_of(context), centre, state, is_overdue)
    show(found.select(_SHOWN) if form == "table" else found, form)


@queries.command("issue")
@click.option("--centre", metavar="CODE", help="Only this centre's batch.")
@click.option("--limit", type=click.IntRange(1), help="So many at a centre, at any time, instead of the settings.")
@home_option
@click.pass_context
@clear
def issue_(context: click.Context, centre: str | None, limit: int | None) -> None:
    """Send candidates: root causes before what they explain, one query per record, critical ones first.

    A batch is due every `batch_days` and holds at most `per_centre` queries (registry.yaml: queries).
    """
    from flows.queries import issue

    told = {
        "issued": "issued",
        "root_cause": "wait for the query that explains them",
        "record": "wait for another query of the same record",
        "cap": "are held back by the cap",
        "too_early": "wait for the next batch's day",
        "not_found_now": "are not found by the published refresh",
    }
    fates = issue(home_of(context), centre, limit)
    for code, fate, count in fates.iter_rows():
        click.echo(f"{code}  {count:>6}  {told[fate]}")
    if fates.is_empty():
        click.echo("No query waits to be issued.")


@queries.command("accept")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason; kept in answers/, not in the journal.")
@home_option
@click.pass_context
@clear
def accept_(context: click.Context, ids: tuple[str, ...], why: str) -> None:
    """Accept the values as they are; it lapses as soon as any of them changes."""
    from flows.queries import accept

    click.echo(f"{accept(home_of(context), ids, why)} query(ies) accepted as is")


@queries.command("cancel")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason; kept in answers/, not in the journal.")
@home_option
@click.pass_context
@clear
def cancel_(context: click.Context, ids: tuple[str, ...], why: str) -> None:
    """Take back queries that were raised in error."""
    from flows.queries import cancel

    click.echo(f"{cancel(home_of(context), ids, why)} query(ies) cancelled")


@queries.command("confirm")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@home_option
@click.pass_context
@clear
def confirm_(context: click.Context, ids: tuple[str, ...]) -> None:
    """Confirm that queries which the data closed are rightly closed."""
    from flows.queries import confirm

    click.echo(f"{confirm(home_of(context), ids)} closing(s) confirmed")


@queries.command("history")
@click.argument("query", metavar="ID")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@home_option
@click.pass_context
@clear
def history_(context: click.Context, query: str, form: str) -> None:
    """Show everything that happened to a query: when, by whom, and its values in each refresh that is kept.

    The texts are the patient's, as sent: they stay in the registry. JSON and CSV have sheets, hashes and reasons too.
    """
    from flows.queries import history

    found = history(home_of(context), query)
    show(found.drop("value_hash") if form == "table" else found, form)


queries.add_command(packs.export)
queries.add_command(packs.import_)
