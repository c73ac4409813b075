"""The registry's code lists: what codes exist, which texts mean them, and which texts must be asked about.

A list is CSV under schemas/codes: one file of codes and one or more of terms, named in list.csv. A term is in
exactly one of four states: mapped (code, no query), asked (code, and a query for what the text leaves open),
doubtful (no code, a query, the admissible codes as candidates) or ignored (code `ignored`). People add maps for a
centre or for the whole registry; they are held to the same contract.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from schemas.errors import ConfigurationError
from schemas.spreadsheet import plain

FOLDER = Path(__file__).with_name("codes")
IGNORED = "ignored"
NEEDS_QUERY = "needs_query"
JOINED = frozenset({"drug"})
"""Lists whose code may be several codes joined by '+', in alphabetical order: the agents of a regimen."""

MAP_COLUMNS = ("text", "code", "note", "by", "on", "why")
"""Of a map file. text and code are needed; by, on and why are written by `sarcreg terms import`."""

_TERM_COLUMNS = ("text", "language", "code", "candidates", "needs_query", "reason", "source")
_INTEGERS = ("line_min", "line_max", "age_min", "age_max")


@dataclass(frozen=True, eq=False)
class CodeList:
    """One list. `codes` has one row per code, its first column the code; `terms` one row per text.

    terms: text, language, code (null when doubtful), candidates (list), needs_query, reason, source, file, and what
    the list needs beside (kind, scope, laterality, edition). version: the stated version and a digest of the files.
    """

    name: str
    version: str
    title_en: str
    title_zh: str
    codes: pl.DataFrame
    terms: pl.DataFrame

    @property
    def key(self) -> str:
        """The name of the column that holds the code."""
        return self.codes.columns[0]

    @property
    def valid(self) -> frozenset[str]:
        """Every code of the list."""
        return frozenset(self.codes[self.key])

    def unknown(self, code: str) -> list[str]:
        """The parts of a code (several for the lists in JOINED) that the list does not have."""
        parts = code.split("+") if self.name in JOINED else [code]
        return [part for part in parts if part not in self.valid]

    def nearest(self, code: str) -> str | None:
        """The code that a person may have meant: by spelling, by case, or by a label."""
        names = {name.casefold(): name for name in self.codes[self.key]}
        for label in ("label_en", "label_zh"):
            names |= {text.casefold(): name for name, text in self.codes.select(self.key, label).rows() if text}
        found = difflib.get_close_matches(code.casefold(), names, n=1, cutoff=0.5)
        return names[found[0]] if found else None


@dataclass(frozen=True)
class MapEntry:
    """One line of a map: exactly one of a code, ignored or needs_query. `reason` is its note and its why.

    by, on: who decided and when (UTC), where the line says so.
    """

    text: str
    code: str | None
    is_ignored: bool
    needs_query: bool
    reason: str
    line: int
    by: str = ""
    on: str = ""

    @property
    def decision(self) -> str:
        """What the line says: its code, or the word for none."""
        return self.code or (IGNORED if self.is_ignored else NEEDS_QUERY)


@dataclass(frozen=True, eq=False)
class CodeMap:
    """A centre's or the registry's map of one list, by folded text; version is a digest of the file."""

    name: str
    path: Path
    version: str
    entries: Mapping[str, MapEntry]


def _digest(contents: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:8]


def _read(file: str) -> pl.DataFrame:
    frame = pl.read_csv(FOLDER / f"{file}.csv", infer_schema=False)
    flags = [name for name in frame.columns if name.startswith(("is_", "counts_as_", "needs_"))]
    numbers = [name for name in _INTEGERS if name in frame.columns]
    return frame.with_columns(
        *(pl.when(pl.col(name).is_not_null()).then(pl.col(name) == "true").alias(name) for name in flags),
        *(pl.col(name).cast(pl.Int32) for name in numbers),
    )


def _read_terms(file: str) -> pl.DataFrame:
    frame = _read(file)
    missing = [name for name in _TERM_COLUMNS if name not in frame.columns]
    if missing:
        raise ConfigurationError(f"schemas/codes/{file}.csv lacks the column {missing[0]}")
    return frame.with_columns(
        pl.col("candidates").fill_null("").str.split("|").list.eval(pl.element().filter(pl.element() != "")),
        pl.col("reason").fill_null(""),
        pl.lit(file).alias("file"),
    )


WORDING = ("modifier", "doubt_word", "histology_morphology_query", "histology_word", "histology_fusion")
"""Tables that help to read texts; they have a version of their own, as the lists have."""

CHANGES = FOLDER / "change.csv"


@cache
def _register() -> dict[str, dict[str, str]]:
    with (FOLDER / "list.csv").open(encoding="utf-8", newline="") as lines:
        return {row["list"]: row for row in csv.DictReader(lines)}


def versioned() -> list[str]:
    """Whatever has a version: the lists, and the tables that help to read."""
    return [*_register(), *WORDING]


def change_log() -> list[dict[str, str]]:
    """Every version of every list, the last one last: list, version, on, digest, what."""
    with CHANGES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def current_digest(name: str) -> str:
    """The digest of a list's files as they are now."""
    return _digest((FOLDER / f"{file}.csv").read_bytes() for file in _files(name))


def _files(name: str) -> list[str]:
    entry = _register().get(name)
    return [entry["codes"], *entry["terms"].split(";")] if entry else [name]


@cache
def _versions() -> dict[str, str]:
    return {row["list"]: row["version"] for row in change_log()}


def lists() -> list[str]:
    """The names of the lists, in the register's order."""
    return list(_register())


@cache
def load(name: str) -> CodeList:
    """The list `name`. Raises ConfigurationError for a list that does not exist, with the nearest that does."""
    register = _register()
    if name not in register:
        near = difflib.get_close_matches(name, register, n=1, cutoff=0.4)
        hint = f'did you mean "{near[0]}"?' if near else "the lists are: " + ", ".join(register)
        raise ConfigurationError(f'there is no code list "{name}"; {hint}')
    entry = register[name]
    files = _files(name)
    terms = pl.concat([_read_terms(file) for file in files[1:]], how="diagonal")
    return CodeList(
        name=name,
        version=f"{_versions().get(name, '0.0.0')}+{current_digest(name)}",
        title_en=entry["title_en"],
        title_zh=entry["title_zh"],
        codes=_read(files[0]),
        terms=terms.unique("text", keep="first", maintain_order=True),
    )


@cache
def wording(name: str) -> pl.DataFrame:
    """A table that helps to read texts, one of WORDING."""
    return _read(name)


def code_table() -> pl.DataFrame:
    """Every code of every list: list, code, label_en, label_zh, version. For labels in SQL and in reports."""
    return pl.concat(
        load(name).codes.select(
            pl.lit(name).alias("list"),
            pl.col(load(name).key).alias("code"),
            "label_en",
            "label_zh",
            pl.lit(load(name).version).alias("version"),
        )
        for name in lists()
    )


def load_map(path: Path, name: str, fold: Callable[[str], str] = str.strip) -> CodeMap:
    """The map in `path` (MAP_COLUMNS) for the list `name`; texts are compared after `fold`.

    code is a code of the list, `ignored` or `needs_query`. Raises ConfigurationError naming file, line and remedy.
    """
    content = path.read_bytes()
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise ConfigurationError(f"{path}: not readable as UTF-8 CSV ({fault}). Save it as CSV UTF-8.") from fault
    header = [cell.strip() for cell in rows[0]] if rows else []
    _check_header(path, header)
    codes = load(name)
    entries: dict[str, MapEntry] = {}
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, [plain(cell.strip()) for cell in cells], strict=False))
        entry = _map_entry(path, line, row, codes)
        folded = fold(entry.text)
        if folded in entries:
            raise ConfigurationError(
                f'{path}: line {line} maps "{entry.text}" again; line {entries[folded].line} already does. '
                "Keep one of the two."
            )
        entries[folded] = entry
    return CodeMap(name=name, path=path, version=_digest([content]), entries=entries)


def _check_header(path: Path, header: list[str]) -> None:
    missing = [name for name in MAP_COLUMNS[:2] if name not in header]
    if missing:
        raise ConfigurationError(
            f'{path}: the column "{missing[0]}" is missing. The first line must read: text,code,note'
        )
    for name in header:
        if name not in MAP_COLUMNS:
            near = difflib.get_close_matches(name, MAP_COLUMNS, n=1, cutoff=0.4)
            remedy = f'Did you mean "{near[0]}"?' if near else "A map has the columns text, code, note, by, on and why."
            raise ConfigurationError(f'{path}: the column "{name}" is not known. {remedy}')


def _map_entry(path: Path, line: int, row: Mapping[str, str], codes: CodeList) -> MapEntry:
    text, code = row.get("text", ""), row.get("code", "")
    where = f'{path}: line {line} ("{text}")'
    if not text:
        raise ConfigurationError(f"{path}: line {line} has no text. Remove the line, or say what is mapped.")
    if not code:
        raise ConfigurationError(
            f"{where} has no code. Name a code of the list {codes.name}, or write ignored or needs_query."
        )
    reason = "; ".join(part for part in (row.get("note"), row.get("why")) if part)
    who = {"by": row.get("by", ""), "on": row.get("on", "")}
    if code in (IGNORED, NEEDS_QUERY):
        return MapEntry(text, None, code == IGNORED, code == NEEDS_QUERY, reason, line, **who)
    unknown = codes.unknown(code)
    if unknown:
        raise ConfigurationError(
            f'{where} names the code "{unknown[0]}", which the list {codes.name} lacks. {_remedy(codes, unknown[0])}'
        )
    if codes.name in JOINED:
        code = "+".join(sorted(set(code.split("+"))))
    return MapEntry(text, code, False, False, reason, line, **who)


def _remedy(codes: CodeList, code: str) -> str:
    if "morphology_code" in codes.codes.columns:
        sharing = codes.codes.filter(pl.col("morphology_code") == code)["entity_code"].to_list()
        if sharing:
            return f"Name the entity: {', '.join(sharing)}."
    near = codes.nearest(code)
    return f'Did you mean "{near}"?' if near else f"`sarcreg code {codes.name}` prints the list."
