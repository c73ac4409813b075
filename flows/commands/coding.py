"""What a text becomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.common import FORMATS, clear, show
from schemas.errors import ConfigurationError

if TYPE_CHECKING:
    import polars as pl


@click.command()
@click.argument("code_list", metavar="LIST")
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--file", "file", type=click.Path(path_type=Path), help="A CSV with a column `text`.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@clear
def code(code_list: str, texts: tuple[str, ...], file: Path | None, form: str) -> None:
    """Show what texts become by a shipped code list: code, rule, and whether a human is asked.

    One row per text, in the order given: text, code, entity, edition, rule, needs_query, reason, candidates. A code
    that is there is safe to use; candidates ('8802/3 UPS|8804/3 EPS') are for a human. Without a text the codes of the
    list are printed, for a centre's map.

    \b
    sarcreg code sex
    sarcreg code histology "腺泡状软组织肉瘤" "MFH" 9581/3
    sarcreg code drug "信迪利单抗+安罗替尼"
    sarcreg code histology --file terms.csv --format csv
    """
    from warehouse.harmonise.coder import code_texts

    if texts or file:
        show(_told(code_texts(code_list, [*texts, *(_texts_of(file) if file else [])])), form)
        return
    from schemas.codelist import load

    codes = load(code_list)
    show(codes.codes.select(codes.key, "label_en", "label_zh"), form)


def _told(coded: pl.DataFrame) -> pl.DataFrame:
    """The columns a reader of the command may count on."""
    import polars as pl

    return coded.select(
        "text", "code", pl.col("entity_code").alias("entity"), "edition", "rule", "needs_query", "reason",
        pl.col("candidates").list.join("|"),
    )  # fmt: skip


def _texts_of(file: Path) -> list[str]:
    """The column `text` of a CSV, every row of it: in a file of one column a blank line is an empty text."""
    import csv

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = [*csv.reader(lines, strict=True)] or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else fault
        raise ConfigurationError(f"{file}: cannot be read as CSV in UTF-8 ({reason}).") from None
    names = [name.strip() for name in header]
    if "text" not in names:
        raise ConfigurationError(
            f"{file}: its first line must name a column `text`; it names {', '.join(names) or '-'}."
        )
    at = names.index("text")
    return [row[at] if at < len(row) else "" for row in rows if row or len(names) == 1]
