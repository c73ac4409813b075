"""What every command shares: where the home is, how a mistake is told, how a frame is shown."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemas.errors import SarcregError

if TYPE_CHECKING:
    import polars as pl

FORMATS = click.Choice(["table", "csv", "json"])


def clear(command: Callable[..., int | None]) -> Callable[..., None]:
    """A user's mistake is one message and an exit code, never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except SarcregError as fault:
            click.echo(f"sarcreg: {fault}", err=True)
            code = fault.exit_code
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click tells its own; a reader that has seen enough (| head) is no fault
        except Exception as fault:
            if os.environ.get("SARCREG_DEBUG"):
                raise
            from flows.faults import named

            click.echo(f"sarcreg: {named(fault)}", err=True)
            code = 1
        sys.exit(code or 0)

    return run


def _take_home(context: click.Context, _: click.Parameter, given: str | None) -> None:
    """`--home` may stand before or behind the command."""
    if given:
        context.obj = given


home_option = click.option(
    "--home", metavar="DIR", callback=_take_home, expose_value=False,
    help="The registry's home; else SARCREG_HOME, else the current folder.",
)  # fmt: skip

purpose_option = click.option(
    "--purpose", "purposes", multiple=True, type=click.Choice(["research", "publication", "quality", "commercial"]),
    help="What it is for (repeatable); else the purposes in registry.yaml. Centres that do not permit it are left out.",
)  # fmt: skip

recipient_option = click.option(
    "--recipient", "recipient", metavar="NAME", help="Who gets a release or a share; the journal keeps it."
)
hold_back_option = click.option(
    "--hold-back", "hold_back", is_flag=True,
    help="Leave out of it whom a comparison with earlier releases would single out, instead of refusing.",
)  # fmt: skip


def not_empty(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Callback of an option that keeps a reason."""
    if given is not None and not given.strip():
        raise click.BadParameter("it is empty; say the reason.")
    return given


_FIRST_TO_HAVE_A_DAY = timedelta(hours=14)
"""How far the clocks of the east are ahead of UTC."""


def not_in_future(_: click.Context, __: click.Parameter, given: datetime | None) -> datetime | None:
    """Callback of an option that takes the day of something done."""
    if given is not None and given.date() > (datetime.now(UTC) + _FIRST_TO_HAVE_A_DAY).date():
        raise click.BadParameter(f"{given:%Y-%m-%d} lies in the future; write the day on which it was done.")
    return given


def home_of(context: click.Context) -> Path:
    """The registry's home that a command works on."""
    return Path(context.obj or os.environ.get("SARCREG_HOME") or ".").resolve()


def show(frame: pl.DataFrame, form: str) -> None:
    """A frame on stdout, as a table for people or as CSV or JSON for programs."""
    import polars as pl

    if form == "json":
        click.echo(json.dumps(frame.to_dicts(), ensure_ascii=False, default=str, indent=1))
        return
    if form == "csv":
        lists = [name for name, kind in frame.schema.items() if kind.is_nested()]
        flat = frame.with_columns(
            pl.col(name).map_elements(lambda value: json.dumps(list(value), ensure_ascii=False), pl.String)
            for name in lists
        )
        click.echo(flat.write_csv(), nl=False)
        return
    with pl.Config(
        tbl_rows=200, tbl_cols=-1, fmt_str_lengths=80, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        tbl_width_chars=shutil.get_terminal_size((10_000, 24)).columns, fmt_table_cell_list_len=6,
    ):  # fmt: skip
        click.echo(str(frame))
    click.echo(f"{frame.height} row(s)")
