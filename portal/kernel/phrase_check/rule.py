"""A rule of the check: data that the office writes, in the form in which it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.kernel.clauses import Words
from portal.kernel.phrase_check.severity import Severity


@dataclass(frozen=True)
class Rule:
    """One kind of phrase: how it is found, how bad it is and why, what to say instead, and its own examples.

    `scope` names the kinds of text it is for; empty means every text. Each text of `bad` must be hit by the rule
    and none of `good`.
    """

    code: str
    family: str
    patterns: tuple[str, ...]
    severity: Severity
    reason: Words
    alternatives: tuple[str, ...] = ()
    scope: frozenset[str] = frozenset()
    clause: str = "PG-04"
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()

    @classmethod
    def from_body(cls, code: str, body: Mapping[str, Any]) -> Rule:
        """The rule that was kept as `body`. Raises ValueError, naming the field, when it is none."""
        reason = body.get("reason")
        if not isinstance(reason, Mapping) or not isinstance(body.get("severity"), str):
            raise ValueError(f"{code}: reason or severity is missing")
        try:
            severity = Severity(body["severity"])
        except ValueError:
            raise ValueError(f"{code}: no such severity: {body['severity']}") from None
        return cls(
            code=code,
            family=str(body.get("family", "")),
            patterns=_texts(code, body, "patterns"),
            severity=severity,
            reason=Words(zh=str(reason.get("zh", "")), en=str(reason.get("en", ""))),
            alternatives=_texts(code, body, "alternatives"),
            scope=frozenset(_texts(code, body, "scope")),
            clause=str(body.get("clause", "PG-04")),
            bad=_texts(code, body, "bad"),
            good=_texts(code, body, "good"),
        )

    def body(self) -> dict[str, Any]:
        """What `from_body` reads again, made of what JSON can hold."""
        return {
            "family": self.family,
            "patterns": list(self.patterns),
            "severity": self.severity.value,
            "reason": {"zh": self.reason.zh, "en": self.reason.en},
            "alternatives": list(self.alternatives),
            "scope": sorted(self.scope),
            "clause": self.clause,
            "bad": list(self.bad),
            "good": list(self.good),
        }


def _texts(code: str, body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = body.get(name) or ()
    if isinstance(given, str) or not all(isinstance(each, str) for each in given):
        raise ValueError(f"{code}: {name} is no list of texts")
    return tuple(given)
