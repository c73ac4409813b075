"""Reading a query pack back: every row checked first, then all answers taken, or none and a word for each fault."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from analytics.locale.catalogue import LANGUAGES, catalogue
from analytics.quality.pack import ANSWERS, COLUMNS, FILLED, changed, pack_name, state_of
from schemas.errors import ConfigurationError
from schemas.spreadsheet import plain
from warehouse.workbench.lines import Lines, read_lines

SETTLED = ("closed", "accepted_as_is", "cancelled", "superseded")
_SHOWN = 20
FRAME: Mapping[str, Any] = {
    "query_id": pl.String, "answer_code": pl.String, "answered_by": pl.String, "answered_at": pl.Datetime("us", "UTC"),
    "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """answers: query_id, answer_code, answered_by, answered_at (UTC), reason; notes: what was left aside, and why."""

    answers: pl.DataFrame
    notes: tuple[str, ...]
    known: int


@dataclass(frozen=True)
class _Row:
    place: Lines
    line: int
    cells: Mapping[str, str]
    heads: Mapping[str, str]

    def says(self, column: str, what: str) -> str:
        return f"{self.place.place(self.line, self.heads.get(column, column) if column else '')}: {what}"


def take(
    files: Sequence[Path], queries: pl.DataFrame, centres: Sequence[str], study: str, secret: bytes, now: datetime
) -> Taken:
    """The new answers of filled-in packs, against the ledger as it is.

    queries: quality.query with `reason`, the text of each last answer.

    Raises ConfigurationError that names every fault; then nothing is to be written. An answer that the ledger has is
    known; one to a query that is settled, or whose values changed since the pack was written, is noted and left.
    """
    life = {row["query_id"]: row for row in queries.iter_rows(named=True)}
    faults: list[str] = []
    notes: list[str] = []
    answers: dict[str, tuple[tuple[str, ...], _Row]] = {}
    known = 0
    for path in files:
        rows = _read(path)
        faults += _whole(rows, centres, study, secret, notes, path)
        for row in rows:
            if faults_here := _faults(row, secret, life, now.date()):
                faults += faults_here
                continue
            answer = _answer(row, now)
            if answer is None:
                continue
            earlier = answers.setdefault(answer[0], (answer, row))
            if _said(earlier[0]) != _said(answer):
                faults.append(row.says("answer", "another file or line answers the same query otherwise; keep one."))
    new = []
    for query_id, (answer, row) in answers.items():
        query = life[query_id]
        if (query["answer_code"], query["answered_by"], query["reason"]) == _said(answer) and query["state"] != "open":
            known += 1
        elif query["state"] in SETTLED:
            notes.append(row.says("query", f"is {query['state']} by now; its answer was not needed."))
        elif state_of(query) != row.cells["state"]:
            notes.append(
                row.says(
                    "query",
                    "was asked anew, or its values changed, since this file was written; answer it in the next file.",
                )
            )
        else:
            new.append(answer)
    if faults:
        more = [f"… and {len(faults) - _SHOWN} more."] if len(faults) > _SHOWN else []
        raise ConfigurationError("\n".join([*faults[:_SHOWN], *more, "Nothing was taken."]))
    frame = pl.DataFrame(
        [(*answer[:3], datetime.fromisoformat(answer[3]), answer[4]) for answer in new], schema=FRAME, orient="row"
    )
    return Taken(frame, tuple(notes), known)


def _said(answer: tuple[str, ...]) -> tuple[str, str, str]:
    """Code, by whom and why: who writes another of these answers anew."""
    return answer[1], answer[2], answer[4]


def _read(path: Path) -> list[_Row]:
    named = _columns_by_head()
    lines = read_lines(path, lambda _, first: any(named.get(_key(cell)) == "seal" for cell in first))
    heads = lines.lines[0][1] if lines.lines else ()
    names = [named.get(_key(cell), "") for cell in heads]
    lacking = [name for name in COLUMNS if name not in names]
    if lacking:
        wanted = catalogue("en").text(f"pack.column.{lacking[0]}")
        raise ConfigurationError(
            f'{path}: is no file of `sarcreg queries export`: its first line lacks the column "{wanted}". '
            "Send back the file as it was received, with the yellow cells filled in."
        )
    shown = dict(zip(names, heads, strict=True))
    rows = []
    for line, values in lines.lines[1:]:
        cells = {name: value.strip() for name, value in zip(names, values, strict=False) if name}
        if any(cells.values()):
            rows.append(_Row(lines, line, {name: cells.get(name, "") for name in COLUMNS}, shown))
    return rows


def _columns_by_head() -> dict[str, str]:
    return {_key(catalogue(lang).text(f"pack.column.{name}")): name for lang in LANGUAGES for name in COLUMNS}


def _codes_by_label() -> dict[str, str]:
    labels = {_key(catalogue(lang).text(f"answer.{code}")): code for lang in LANGUAGES for code in ANSWERS}
    return {**labels, **{_key(code): code for code in ANSWERS}}


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _whole(
    rows: Sequence[_Row], centres: Sequence[str], study: str, secret: bytes, notes: list[str], path: Path
) -> list[str]:
    """Whether a file is one pack of this registry and one of its centres; rows that are gone are noted."""
    packs = {row.cells["pack"] for row in rows}
    if len(packs) != 1:
        return [f"{path}: holds rows of {len(packs)} packs; send each file back as it was received."]
    name = packs.pop()
    parts = name.split("/")
    if len(parts) != 4 or parts[0] not in centres:
        return [f"{path}: is of no centre of this registry; send it to the registry that wrote it."]
    ids = [row.cells["query"].removeprefix("Q-") for row in rows]
    twice = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        row = next(row for row in reversed(rows) if row.cells["query"] == f"Q-{twice[0]}")
        return [row.says("query", "stands twice in the file; delete the copy.")]
    if name != pack_name(secret, study, parts[0], parts[1], ids):
        if str(len(ids)) == parts[2] or any(changed(secret, row.cells) == ["seal"] for row in rows):
            whole = all(changed(secret, row.cells) for row in rows)
            return [f"{path}: was not written by this registry, or its hidden columns were changed."] if whole else []
        notes.append(f"{path}: {int(parts[2]) - len(ids)} of its {parts[2]} queries are not in the file and stay open.")
    return []


def _faults(row: _Row, secret: bytes, life: Mapping[str, Mapping[str, Any]], today: date) -> list[str]:
    cells = row.cells
    locked = changed(secret, cells)
    if locked == ["seal"]:
        return [row.says("query", "is not as this registry wrote it, or belongs to another registry; export again.")]
    if locked:
        remedy = "was changed, but is locked; put back what the file said, and write into the yellow cells only."
        return [row.says(name, remedy) for name in locked]
    if not any(cells[name] for name in FILLED):
        return []
    query = life.get(cells["query"].removeprefix("Q-"))
    centre, batch = cells["pack"].split("/")[:2]
    if query is None or query["centre"] != centre:
        return [row.says("query", "is not in this registry's ledger; export again.")]
    if (query["batch"] or "") > batch:
        return [row.says("query", f"was sent again in batch {query['batch']}; answer it in that file.")]
    found = [
        row.says(name, f"is empty; {what}, or clear the other yellow cells.")
        for name, what in (("answer", "choose an answer"), ("by", "say who answers"), ("reason", "give the reason"))
        if not cells[name]
    ]
    if cells["answer"] and _key(plain(cells["answer"])) not in _codes_by_label():
        found.append(row.says("answer", "is none of the answers; choose one of the drop-down."))
    if cells["on"]:
        day = _day(cells["on"])
        if day is None:
            found.append(row.says("on", "is no day; write it as YYYY-MM-DD."))
        elif day > today:
            found.append(row.says("on", "lies in the future; write the day of the answer."))
    return found


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(plain(text), form).date()
        except ValueError:
            continue
    return None


def _answer(row: _Row, now: datetime) -> tuple[str, ...] | None:
    """query_id, code, by, when, reason; None for a row that nobody has touched."""
    cells = row.cells
    if not cells["answer"]:
        return None
    day = _day(cells["on"]) if cells["on"] else None
    at = datetime.combine(day, time(), UTC) if day else now
    code = _codes_by_label()[_key(plain(cells["answer"]))]
    return cells["query"].removeprefix("Q-"), code, plain(cells["by"]), at.isoformat(), plain(cells["reason"])
