"""Our words by key, in English and Chinese: gettext catalogues read as they stand, with no compile step.

A key names a place (`validation.title`), never a sentence, so that both languages are translations. Every
`.po` file of a language's folder is one domain; a key lives in one domain only. `{name}` in a text is filled
in by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
"""Code of each language -> its own name."""

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language. A text with plural forms is a tuple, in the order that `plural` counts."""

    lang: str
    texts: Mapping[str, str | tuple[str, ...]]
    plural: Callable[[int], int]

    def text(self, key: str, **values: object) -> str:
        """The text of `key`, its `{placeholders}` filled from `values`; `amount` chooses the plural form.

        KeyError names a key that the catalogue lacks, or a placeholder without a value.
        """
        if key not in self.texts:
            raise KeyError(f"{key} is in no catalogue of analytics/locale/{self.lang}")
        found = self.texts[key]
        if isinstance(found, tuple):
            found = found[self.plural(int(str(values["amount"])))]
        return found.format(**values)

    def label(self, group: str, name: object) -> str:
        """The text of `group.name`, or the name itself: for codes and columns, of which new ones may come."""
        found = self.texts.get(f"{group}.{name}")
        return found if isinstance(found, str) else str(name)


def domains(lang: str) -> list[Path]:
    """The `.po` files of a language, by name."""
    return sorted((FOLDER / lang / "LC_MESSAGES").glob("*.po"))


@cache
def catalogue(lang: str) -> Catalogue:
    """All domains of a language as one catalogue. ValueError: unknown language, or a key in two domains."""
    from gettext import c2py

    from babel.messages.pofile import read_po

    if lang not in LANGUAGES:
        raise ValueError(f"no catalogue for language {lang!r}: there are {', '.join(LANGUAGES)}")
    texts: dict[str, str | tuple[str, ...]] = {}
    plural: Callable[[int], int] = int
    for path in domains(lang):
        with path.open("rb") as stream:
            read = read_po(stream, locale=lang, abort_invalid=True)
        plural = c2py(read.plural_expr)
        for message in read:
            key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            if not key:
                continue
            if key in texts:
                raise ValueError(f"{path.name}: {key} stands in another catalogue of {lang} already")
            forms = message.string
            texts[key] = tuple(map(str, forms)) if isinstance(forms, (list, tuple)) else str(forms)
    return Catalogue(lang=lang, texts=texts, plural=plural)
