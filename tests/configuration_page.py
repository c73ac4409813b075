"""How a page of docs/ writes the default of a key of a configuration file."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def as_written(field: FieldInfo) -> str:
    """A key's default as the page writes it."""
    if field.is_required():
        return "required"
    default = field.default
    if default is None:
        return "none"
    if isinstance(default, BaseModel):
        return "defaults"
    if isinstance(default, tuple):
        return f"`[{', '.join(default)}]`"
    return f'`"{default}"`' if default in ("", ".") else f"`{default}`"
