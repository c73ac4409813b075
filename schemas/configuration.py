"""Reading what people wrote: YAML into a pydantic model, every fault as file, key and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import ConfigurationError
from schemas.rules import parse_yaml

Model = TypeVar("Model", bound=BaseModel)


def nearest(word: str, words: Iterable[str]) -> str:
    """' Did you mean "x"?' for the nearest of the words, else nothing."""
    folded = {candidate.casefold(): candidate for candidate in words}
    close = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f' Did you mean "{folded[close[0]]}"?' if close else ""


def _sentence(error: dict[str, object], model: type[BaseModel]) -> str:
    """Place and fault; the items of a list are counted from 1, as a person counts."""
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])  # type: ignore[attr-defined]
    kind, message = error["type"], str(error["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        key = place.rsplit(".", 1)[-1]
        return f"{place}: no such key.{nearest(key, _known_keys(model))}"
    if kind == "missing":
        return f"{place}: this key is missing; write it."
    return f"{place}: {message}" if place else message


def _is_misspelt(missing: dict[str, Any], errors: list[dict[str, Any]]) -> bool:
    """Whether a missing key stands there under a name so near that the unknown key's own message says it."""
    if missing["type"] != "missing":
        return False
    *place, key = missing["loc"]
    return any(
        nearest(str(error["loc"][-1]), (str(key),))
        for error in errors
        if error["type"] == "extra_forbidden" and [*error["loc"][:-1]] == place
    )


def _known_keys(model: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    todo, seen = [model], set()
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for name, field in current.model_fields.items():
            keys.add(field.alias or name)
            todo.extend(_models_in(field.annotation))
    return keys


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _models_in(part)]


def load_yaml(path: Path, model: type[Model], shown_as: str) -> Model:
    """The file as `model`; raises ConfigurationError with one line per fault, each naming `shown_as` and the key."""
    from ruamel.yaml.error import YAMLError

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(f"{shown_as}: no such file; write one.") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"{shown_as}: cannot be read as UTF-8 text ({fault}).") from None
    try:
        body = parse_yaml(text)
    except YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}:" if mark else ""
        problem = str(getattr(fault, "problem", fault)).partition(" with value ")[0]  # it may be a patient's
        raise ConfigurationError(f"{shown_as}:{place} not valid YAML: {problem}.") from None
    except ValueError:  # what looks like a date is read as one
        raise ConfigurationError(
            f"{shown_as}: holds a day that is not in the calendar; write it in quotes if that is what was sent."
        ) from None
    if not isinstance(body, dict):
        raise ConfigurationError(
            f"{shown_as}: holds no keys; write at least {', '.join(list(model.model_fields)[:3])}."
        )
    try:
        return model.model_validate(body)
    except ValidationError as fault:
        errors = [dict(error) for error in fault.errors()]
        lines = [f"{shown_as}: {_sentence(error, model)}" for error in errors if not _is_misspelt(error, errors)]
        raise ConfigurationError("\n".join(dict.fromkeys(lines))) from None
