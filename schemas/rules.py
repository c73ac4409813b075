"""A rule: one declaration from which the check, the documentation, the report and the test come.

A rule is written as a YAML block where it is implemented: the docstring of a pandera check, the leading comment of
a `checks/*.sql` file, or `text_rules.yaml` for the text door. It is named for the fault it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from schemas.errors import ConfigurationError

Severity = Literal["error", "warning", "info"]
Action = Literal["refuse_export", "quarantine_row", "null_cell", "query", "report_only"]
Channel = Literal["query", "report", "gate"]
Kahn = Literal["conformance", "completeness", "plausibility"]
Scope = Literal["file", "row", "table", "centre", "cross_centre", "last_delivery"]


class Rule(BaseModel):
    """One rule of the registry. Severity is how bad a fault is; action is what happens to the row or cell.

    channel: who hears of it. A fault that touches neither row nor cell is only asked about or only reported, and then
    action and channel say the same.

    explained_by: rules whose fault in the same patient is the root cause of this one, and is asked first.
    is_critical: an answer is confirmed by the data manager, and every patient is checked before a lock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    sentence: Mapping[Literal["en", "zh"], str]
    severity: Severity
    action: Action
    channel: Channel = "query"
    kahn: Kahn
    scope: Scope
    tables: tuple[str, ...]
    fields: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    is_critical: bool = False
    advice: Mapping[Literal["en", "zh"], str]
    source: str

    @model_validator(mode="after")
    def _agree(self) -> Rule:
        if (self.action == "query" and self.channel != "query") or (
            self.action == "report_only" and self.channel == "query"
        ):
            raise ValueError(f"action {self.action!r} and channel {self.channel!r} contradict each other.")
        return self

    def row(self) -> dict[str, Any]:
        """The rule as one row of reference.rule."""
        return {
            "rule": self.rule,
            "sentence_en": self.sentence["en"],
            "sentence_zh": self.sentence["zh"],
            "severity": self.severity,
            "action": self.action,
            "channel": self.channel,
            "kahn_category": self.kahn,
            "scope": self.scope,
            "tables": list(self.tables),
            "fields": list(self.fields),
            "explained_by": list(self.explained_by),
            "is_critical": self.is_critical,
            "advice_en": self.advice["en"],
            "advice_zh": self.advice["zh"],
            "source": self.source,
        }


def parse_yaml(text: str, *, is_ours: bool = False) -> Any:
    """YAML 1.2 text as plain Python values; a repeated key is an error.

    is_ours: not what a person wrote, so that the fast reader, where there is one, may word a fault as it likes.
    """
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=not is_ours).load(StringIO(text))


def parse_rule(name: str, text: str, **defaults: Any) -> Rule:
    """The rule `name` from its YAML block; `defaults` are what its place already says (scope, tables)."""
    try:
        return Rule(rule=name, **{**defaults, **parse_yaml(text, is_ours=True)})
    except (ValidationError, TypeError) as fault:
        raise ConfigurationError(f"rule {name}: its declaration is not complete: {fault}") from fault


@cache
def text_rules() -> dict[str, Rule]:
    """The rules of reading and of the text door, by name."""
    declared = parse_yaml(Path(__file__).with_name("text_rules.yaml").read_text(encoding="utf-8"))
    return {name: Rule(rule=name, **body) for name, body in declared.items()}
