"""Bytes -> text: the centre's encodings strictly in order, and what to say or keep when none of them fits."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.errors import ConfigurationError, ExportRefused
from warehouse.read.sheet import UNREADABLE

BAD_LINES = 0.01
"""Share of a file's lines that may hold undecodable bytes before the file is refused."""
MANY_LINES = 10
"""Lines beside which a single undecodable one says nothing of the file's encoding."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_LIKELY = ("utf-8", "gb18030", "big5", "cp932", "cp949", "cp1252", "cp1250", "cp1251", "koi8_r")


@dataclass(frozen=True)
class _Attempt:
    """How one encoding fails: text with U+FFFD in place of each bad byte (None: cannot even be patched)."""

    encoding: str
    offset: int
    line: int
    text: str | None
    bad_lines: int
    mostly_clean: bool
    few: bool
    is_one_of_many: bool

    @property
    def tolerable(self) -> bool:
        return self.few and self.mostly_clean


def decode(data: bytes, encodings: Sequence[str], name: str) -> tuple[str, str]:
    """The text of `data` and the encoding that read it; the text has no byte order mark.

    A byte order mark decides first. Then each encoding is tried strictly in order. UTF-8 that fails on few
    lines is kept all the same, its bad bytes as U+FFFD, before any later encoding is tried: a later one
    would read the whole file as mojibake without complaint, while UTF-8's multi-byte pattern does not arise
    by chance; so too where a mark says UTF-8. If none reads the file strictly, the best of them is used when it
    fails on one line of more than ten, or on at most 1% of the lines and most lines beyond ASCII are clean.

    Raises ExportRefused naming line and byte offset of the first bad byte, ConfigurationError for a name
    that is no encoding.
    """
    marked = tuple(encoding for mark, encoding in _BOMS if data.startswith(mark))[:1]
    listed = dict.fromkeys((*marked, *(_known(encoding) for encoding in encodings)))
    tried = _candidates(data, list(listed), name)
    failed: dict[str, int] = {}
    for encoding in tried:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError as fault:
            failed[encoding] = fault.start
        is_said = encoding == "utf-8" and encoding in marked
        if is_said or (_canonical(encoding) == "utf-8" and _is_worth_a_look(data, encoding, failed[encoding])):
            attempt = _attempt(data, encoding, failed[encoding])
            if attempt.tolerable or (is_said and attempt.few):
                return _kept(attempt)
    attempts = [_attempt(data, encoding, offset) for encoding, offset in failed.items()]
    best = min(attempts, key=lambda attempt: attempt.bad_lines)
    if best.tolerable or best.is_one_of_many:
        return _kept(best)
    raise ExportRefused(_refusal(data, tried, best, name))


def _kept(attempt: _Attempt) -> tuple[str, str]:
    return (attempt.text or "").removeprefix("\ufeff"), attempt.encoding


def _known(encoding: str) -> str:
    try:
        codecs.lookup(encoding)
        b"ab".decode(encoding, "replace")  # tells codecs such as hex, that are no text encodings
    except LookupError:
        raise ConfigurationError(
            f"centre.yaml: encoding names {encoding!r}, which is no text encoding that Python knows; "
            "write for example [utf-8, gb18030]."
        ) from None
    return encoding


def _is_worth_a_look(data: bytes, encoding: str, offset: int) -> bool:
    """False if the megabyte after the first bad byte is bad throughout: tells another encoding cheaply."""
    return _attempt(data[offset : offset + 2**20], encoding, 0).mostly_clean


def _attempt(data: bytes, encoding: str, offset: int) -> _Attempt:
    line = len(_LINE_END.findall(data[:offset].decode(encoding, "replace"))) + 1
    try:
        patched = data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:
        bad = data.count(b"\n") + 1
        return _Attempt(encoding, offset, line, None, bad, mostly_clean=False, few=False, is_one_of_many=False)
    lines = _LINE_END.split(patched)
    beyond_ascii = [text for text in lines if not text.isascii()]
    bad = sum(1 for text in beyond_ascii if _ESCAPED.search(text))
    clean = 2 * bad <= len(beyond_ascii)
    few = bad <= max(1, BAD_LINES * len(lines))
    alone = bad == 1 and len(lines) > MANY_LINES
    text = _ESCAPED.sub(UNREADABLE, patched)
    return _Attempt(encoding, offset, line, text, bad, mostly_clean=clean, few=few, is_one_of_many=alone)


def _candidates(data: bytes, tried: Sequence[str], name: str) -> Sequence[str]:
    # UTF-16 without its mark passes as UTF-8 with a NUL beside every Latin letter and digit
    head = data[:65536]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) / 8 or min(even, odd) > max(even, odd) / 10:
        return tried
    wide = [encoding for encoding in tried if _canonical(encoding).startswith(("utf-16", "utf-32"))]
    if wide:
        return wide
    guess = "utf-16-le" if odd > even else "utf-16-be"
    raise ExportRefused(
        f"{name}: every second byte is empty, so the file looks like UTF-16 without a byte order mark; "
        f"write `encoding: [{guess}]` into centre.yaml or export again as UTF-8."
    )


def _refusal(data: bytes, tried: Sequence[str], best: _Attempt, name: str) -> str:
    guess = _guess(data, tried)
    remedy = (
        f"it can be read as {guess}: if that is what the centre exports, write `encoding: [{guess}]`"
        if guess
        else "ask the centre for its export's encoding and write it as `encoding: [...]`"
    )
    return (
        f"{name}: none of the encodings {', '.join(tried)} reads the file; under {best.encoding}, the best, "
        f"{best.bad_lines} line(s) fail, the first at line {best.line} (byte offset {best.offset}); "
        f"{remedy} into centre.yaml."
    )


def _guess(data: bytes, tried: Sequence[str]) -> str | None:
    from charset_normalizer import from_bytes

    known = {_canonical(encoding) for encoding in tried}
    fitting = [encoding for encoding in _LIKELY if _canonical(encoding) not in known and _fits(data, encoding)]
    if not fitting or fitting[0] == "utf-8":
        return fitting[0] if fitting else None
    matches = from_bytes(data[:262_144], cp_isolation=fitting, preemptive_behaviour=False)
    if (best := matches.best()) is None:
        return fitting[0]
    # among equals the commoner one: cp1250 and cp1252 differ in letters that a short file may lack
    equal = {
        _canonical(match.encoding)
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
    }
    return next(encoding for encoding in fitting if _canonical(encoding) in equal)


def _canonical(encoding: str) -> str:
    return codecs.lookup(encoding).name


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
