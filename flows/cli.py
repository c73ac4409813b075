"""The command line `sarcreg`: the group, and every command by the module it lives in."""

from __future__ import annotations

import os

import click

from flows.commands import (
    analysing,
    asking,
    checking,
    coding,
    comparing,
    exporting,
    locking,
    packing,
    publishing,
    queries,
    refreshing,
    reporting,
    retracting,
    terms,
)
from flows.commands.common import home_option


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option("0.4.0", prog_name="sarcreg")
@home_option
def main() -> None:
    """Sarcoma Registry: many hospitals' exports become one cohort that can be trusted, queried and published.

    \b
    A first look, with synthetic data:
      sarcreg demo demo                    make a registry's home with three centres
      sarcreg refresh --home demo          read, check, harmonise, publish, analyse, report
      sarcreg sql --home demo "select histology_group, count(*) from mart.cohort group by all"
      sarcreg status --home demo

    Exit codes: 0 published or nothing new; 3 published with a stale centre; 1 nothing published; 2 usage.
    """
    os.umask(0o077)  # pages, packs and exports hold patients' values: whoever runs the command lets others in


for command in (
    refreshing.demo,
    refreshing.refresh,
    refreshing.status,
    reporting.report,
    asking.sql,
    asking.trace,
    analysing.analyse,
    comparing.diff,
    coding.code,
    terms.terms,
    checking.check,
    queries.queries,
    packing.pack,
    exporting.export,
    publishing.tag,
    publishing.rollback,
    publishing.audit,
    locking.listing,
    locking.endorse,
    locking.lock,
    locking.unlock,
    retracting.retract,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
