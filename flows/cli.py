"""The command line `sarcreg`. Slow libraries are imported where a command needs them, so that help is at once there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemas.errors import ConfigurationError, SarcregError

if TYPE_CHECKING:
    import polars as pl

FORMATS = click.Choice(["table", "csv", "json"])


def _clear(command: Callable[..., int | None]) -> Callable[..., None]:
    """A user's mistake is one message and an exit code, never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except SarcregError as fault:
            click.echo(f"sarcreg: {fault}", err=True)
            code = fault.exit_code
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
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


_home_option = click.option(
    "--home", metavar="DIR", callback=_take_home, expose_value=False,
    help="The registry's home; else SARCREG_HOME, else the current folder.",
)  # fmt: skip


def _home(context: click.Context) -> Path:
    return Path(context.obj or os.environ.get("SARCREG_HOME") or ".").resolve()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option("0.1.0", prog_name="sarcreg")
@_home_option
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


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
@_clear
def demo(directory: Path) -> None:
    """Make a registry's home with three centres of synthetic data in DIRECTORY, which must not exist."""
    import shutil

    if directory.exists():
        raise ConfigurationError(f"{directory} exists already; name another folder, or remove this one first.")
    example = Path(__file__).resolve().parents[1] / "examples" / "three-centres"
    shutil.copytree(example, directory)
    click.echo(f"{directory} holds a registry with three centres of synthetic data.")
    click.echo(f"Next: sarcreg refresh --home {directory}")


@main.command()
@click.option("--centre", "centres", multiple=True, metavar="CODE", help="Only this centre; can be repeated.")
@click.option("--json", "as_json", is_flag=True, help="The outcome as JSON on stdout.")
@_home_option
@click.pass_context
@_clear
def refresh(context: click.Context, centres: tuple[str, ...], as_json: bool) -> int:
    """Read every centre's export, check, harmonise, build, judge, publish, analyse and report.

    A centre whose export cannot be used is named and keeps its last good one; the others go on. Nothing new since
    the last refresh: nothing is done. The steps run as a Prefect flow, with no server to start.
    """
    from flows.run import run_refresh

    home = _home(context)
    _require_home(home)
    outcome = run_refresh(home, list(centres) or None)
    if as_json:
        click.echo(json.dumps(outcome, indent=2, ensure_ascii=False))
    else:
        _tell(outcome)
    return int(outcome["code"])


def _require_home(home: Path) -> None:
    from schemas.registry import load_centres, load_registry

    load_registry(home)
    load_centres(home)


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


@main.command()
@click.argument("query")
@click.option("--as-of", "as_of", metavar="REFRESH", help="A kept refresh instead of the published one.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@_home_option
@click.pass_context
@_clear
def sql(context: click.Context, query: str, as_of: str | None, form: str) -> None:
    """Ask the published warehouse anything, read-only.

    \b
    Schemas: core, mart, quality, reference, meta; result (the analyses); landing.text_row (rows as delivered).
    What there is:  sarcreg sql "select * from meta.table_dictionary"
    """
    from schemas.registry import load_registry
    from warehouse.home import Home
    from warehouse.query import sql as ask

    home = _home(context)
    load_registry(home)
    _show(ask(Home(home), query, as_of), form)


def _show(frame: pl.DataFrame, form: str) -> None:
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
        tbl_width_chars=int(os.environ.get("COLUMNS", "200")), fmt_table_cell_list_len=6,
    ):  # fmt: skip
        click.echo(str(frame))
    click.echo(f"{frame.height} row(s)")


@main.command()
@click.argument("code_list", metavar="LIST")
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="A CSV with a column `text`.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@_clear
def code(code_list: str, texts: tuple[str, ...], file: Path | None, form: str) -> None:
    """Show what texts become by a shipped code list: code, rule, and whether a human is asked.

    Without a text the codes of the list are printed, for a centre's map.

    \b
    sarcreg code sex
    sarcreg code histology "腺泡状软组织肉瘤" "MFH" 9581/3
    sarcreg code drug "信迪利单抗+安罗替尼"
    sarcreg code histology --file terms.csv --format csv
    """
    from warehouse.harmonise.coder import code_texts

    words = [*texts, *(_texts_of(file) if file else [])]
    if not words:
        from schemas.codelist import load

        codes = load(code_list)
        _show(codes.codes.select(codes.key, "label_en", "label_zh"), form)
        return
    _show(code_texts(code_list, words), form)


def _texts_of(file: Path) -> list[str]:
    import csv

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"{file}: cannot be read as UTF-8 CSV ({fault}).") from None
    if rows and "text" not in rows[0]:
        raise ConfigurationError(f"{file}: lacks a column `text`; it has {', '.join(rows[0])}.")
    return [row["text"] for row in rows if row["text"]]


@main.command()
@click.argument("centre")
@click.argument("export", required=False, type=click.Path(path_type=Path))
@click.option("--html", "html", type=click.Path(path_type=Path), help="Where to write the page.")
@click.option("--json", "as_json", is_flag=True, help="The findings per rule as JSON on stdout.")
@_home_option
@click.pass_context
@_clear
def check(context: click.Context, centre: str, export: Path | None, html: Path | None, as_json: bool) -> int:
    """Check one centre's export before it is sent: no network, no warehouse, one page.

    EXPORT is a file or folder; without it the place named in centre.yaml is checked. Exit code 0 no errors, 3 errors
    found, 1 the export cannot be read.
    """
    from flows.check import check_centre

    report = check_centre(_home(context), centre, export, html)
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        for line in report.lines():
            click.echo(line)
    return report.code


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON on stdout.")
@_home_option
@click.pass_context
@_clear
def status(context: click.Context, as_json: bool) -> None:
    """What is published, how fresh each centre is, and whether a refresh is running."""
    from flows.status import status_of

    facts = status_of(_home(context))
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
        return
    click.echo(f"{facts['title']}\npublished  {facts['refresh'] or 'nothing yet'}")
    for name in ("as_of", "cohort", "open_findings", "kept", "running"):
        if facts.get(name) is not None:
            click.echo(f"{name:<10} {facts[name]}")
    for row in facts["centres"]:
        reason = f": {row['reason']}" if row["reason"] else ""
        told = f"data up to {row['cut_off_on']}, {row['rows']:,} rows" if row["rows"] is not None else "no rows"
        click.echo(f"{row['centre']:<10} {row['state']}, {told}{reason}")


if __name__ == "__main__":
    main()
