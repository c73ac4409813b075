"""Find the phrases of a word list in a text, as whole words or as runs of Chinese characters, without a long regex."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")


@dataclass(frozen=True)
class Phrases:
    """Phrases in normal form by their first word, or by their first character where it is no Latin letter."""

    by_start: Mapping[str, tuple[str, ...]]

    def every(self, normal: str) -> Iterator[tuple[int, str]]:
        """Where a phrase begins, and the phrase: all there are, from left to right, the longer first."""
        for token in _TOKEN.finditer(normal):
            if (phrases := self.by_start.get(token[0])) is None:  # most words begin none
                continue
            start = token.start()
            for phrase in phrases:
                if normal.startswith(phrase, start) and is_bound(normal, start + len(phrase)):
                    yield start, phrase

    def find(self, normal: str) -> Iterator[tuple[int, str]]:
        """The leftmost phrases, then the longest, none overlapping another."""
        return apart(self.every(normal))


def apart(matches: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Of phrases from left to right, the longer first, those that overlap none before."""
    free = 0
    for start, phrase in matches:
        if start >= free:
            yield start, phrase
            free = start + len(phrase)


def is_bound(normal: str, place: int) -> bool:
    """Whether a phrase may begin or end before this character: not within a Latin word."""
    return not 0 < place < len(normal) or not (_latin(normal[place - 1]) and _latin(normal[place]))


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def index(phrases: Iterable[str]) -> Phrases:
    """The phrases, ready to be found."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)):
        if token := _TOKEN.match(phrase):
            found.setdefault(token[0], []).append(phrase)
    return Phrases({start: tuple(those) for start, those in found.items()})


def without(normal: str, matches: Iterable[tuple[int, str]], instead: str = " ") -> str:
    """The text with each phrase found in it replaced by a space, or by what is given."""
    kept, free = [], 0
    for start, phrase in matches:
        kept.append(normal[free:start])
        free = start + len(phrase)
    return instead.join([*kept, normal[free:]]) if kept else normal
