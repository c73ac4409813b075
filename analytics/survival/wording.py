"""How a result of the survival analyses is written in one language: months, intervals, shares, P values, labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from analytics.locale.catalogue import Catalogue, catalogue
from analytics.locale.numbers import count, decimal
from analytics.plan import Both, Comparison, Plan
from analytics.survival.summary import ALL
from warehouse.lock import Cut

NOT_REACHED = "NR"


def unbroken(text: str) -> str:
    """The text with spaces at which no line breaks."""
    return text.replace(" ", "\u00a0")


@dataclass(frozen=True)
class Wording:
    """The words of one page: a language and the plan whose labels it uses."""

    lang: str
    plan: Plan

    @property
    def words(self) -> Catalogue:
        """The catalogue of the language."""
        return catalogue(self.lang)

    def text(self, key: str, **values: object) -> str:
        """The text `survival.<key>`."""
        return self.words.text(f"survival.{key}", **values)

    def own(self, both: Both | None) -> str:
        """This language's part of a text of the plan; nothing for none."""
        return "" if both is None else both.zh if self.lang == "zh" else both.en

    def cut(self, cut: Cut | None) -> str:
        """Whether the analysis stands on a locked data cut; not known is not locked."""
        if cut is None or cut.on is None:
            return self.text("cut.open")
        said = self.text(f"cut.{cut.state}", on=cut.on[:10])
        settled = cut.accepted + cut.cancelled
        return f"{said} {self.text('cut.settled', n=self.count(settled))}" if settled and cut.is_locked else said

    def endpoint(self, param: str) -> str:
        """Name of an end point with its qualifier in brackets."""
        qualifier = self.own(self.plan.endpoint(param).qualifier)
        if not qualifier:
            return self.short(param)
        left, right = ("（", "）") if self.lang == "zh" else (" (", ")")
        return f"{self.short(param)}{left}{qualifier}{right}"

    def short(self, param: str) -> str:
        """Name of an end point; the table's foot says what qualifies it (see `qualified`)."""
        return self.own(self.plan.endpoint(param).label) or self.words.label("endpoint", param)

    def event(self, param: str) -> str:
        """What counts as the event of an end point."""
        return self.own(self.plan.endpoint(param).event) or self.words.label("endpoint_event", param)

    def qualified(self, params: Iterable[str]) -> list[str]:
        """One sentence for each of the end points that has a qualifier."""
        endpoints = [self.plan.endpoint(param) for param in params]
        return [
            self.text("qualified", endpoint=self.short(one.param), qualifier=self.own(one.qualifier))
            for one in endpoints
            if one.qualifier
        ]

    def level(self, comparison: Comparison, level: str) -> str:
        """Label of a level of a comparison."""
        return self.own(next(one.label for one in comparison.levels if one.id == level))

    def count(self, n: float | None) -> str:
        """A count."""
        return count(None if n is None else round(n), self.lang)

    def median(self, row: Mapping[str, Any]) -> str:
        """`19.5 (14.2, NR)` months, from a row of estimates or follow_up; a dash where nobody was evaluable."""
        if not row["n"]:
            return "–"
        if row["median_months"] is not None and isnan(row["median_months"]):
            return self.text("withheld")
        return self._interval(*(row[f"median{part}_months"] for part in ("", "_lower", "_upper")), digits=1)

    def share(self, row: Mapping[str, Any]) -> str:
        """`57.3 (41.0, 70.1)` percent, from a row of landmarks; says where follow-up ends before."""
        if row["is_beyond_follow_up"]:
            return "–"
        values = [None if row[c] is None else 100 * row[c] for c in ("survival", "lower", "upper")]
        if values[1] is None:
            return decimal(values[0], 1, self.lang)
        return self._interval(*values, digits=1)

    def hazard_ratio(self, row: Mapping[str, Any]) -> str:
        """`0.29 (0.11, 0.72)`, or why there is none."""
        if row["hazard_ratio"] is None:
            return self.text(f"reason.{row['reason']}")
        return self._interval(row["hazard_ratio"], row["lower"], row["upper"], digits=2)

    def ratio_of(self, comparison: Comparison, row: Mapping[str, Any]) -> str:
        """`A against B: 0.29 (0.11, 0.72)`."""
        return self.text(
            "comparisons.hr_of",
            level=self.level(comparison, row["level"]),
            reference=self.level(comparison, row["reference"]),
            value=self.hazard_ratio(row),
        )

    def p_value(self, p: float | None) -> str:
        """Three decimals; below 0.001 only that."""
        if p is None:
            return "–"
        return "<0.001" if p < 0.001 else decimal(p, 3, self.lang)

    def p_equals(self, p: float | None) -> str:
        """`P = 0.012`, `P < 0.001`, never broken over two lines."""
        written = self.p_value(p)
        return unbroken(f"P < {written[1:]}" if written.startswith("<") else f"P = {written}")

    def how(self, test: Mapping[str, Any]) -> str:
        """By which method a P was found, or why there is none."""
        if test["rule"] == "counts_only":
            least = self.plan.small_groups.no_p
            return self.text("comparisons.how.none", group=least.group, events=least.events)
        if test["p_value"] is None:
            return self.text(f"reason.{test['reason'] or 'no_information'}")
        if test["p_method"] == "log_rank":
            size = "_small" if test["rule"] == "descriptive" else ""
            return self.text(f"comparisons.how.log_rank{size}")
        said = self.text(
            "comparisons.how.exact" if test["is_exact"] else "comparisons.how.permutation",
            arrangements=self.count(test["arrangements"]),
            seed=test["seed"],
            smallest=f"{test['smallest_p']:.2g}",
        )
        return f"{said}; {self.text('comparisons.how.approximate')}" if test["is_approximate"] else said

    def value(self, variable: str, value: str) -> str:
        """`variable: value`; what a centre is called, or a number, stands as it is."""
        name = self.words.label("group_value", value) if value else self.text("population.unknown")
        return self.text("population.pair", variable=self.words.label("variable", variable), value=name)

    def of_set(self, analysis: str, level: str) -> str:
        """Whom a row of follow_up is about."""
        if level == ALL:
            return self.text("follow_up.all")
        if analysis == "centre":
            return f"{self.text('follow_up.centre')} {level}"
        comparison = next(c for c in self.plan.comparisons if c.id == analysis)
        return f"{self.own(comparison.title)} · {self.level(comparison, level)}"

    def _interval(self, value: float | None, lower: float | None, upper: float | None, *, digits: int) -> str:
        written = [NOT_REACHED if v is None else decimal(v, digits, self.lang) for v in (value, lower, upper)]
        return f"{written[0]} ({written[1]},\u00a0{written[2]})"
