"""What a text becomes."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.common import FORMATS, clear, show
from schemas.errors import ConfigurationError


@click.command()
@click.argument("code_list", metavar="LIST")
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="A CSV with a column `text`.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@clear
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
        show(codes.codes.select(codes.key, "label_en", "label_zh"), form)
        return
    show(code_texts(code_list, words), form)


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
