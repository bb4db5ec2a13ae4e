"""What may be typed of a rule; a dry run tells beside the fields what does not hold (PG-04)."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.taboo import kind
from portal.blueprints.phrases.taboo.labels import CLAUSES, FAMILIES, FAULTS, UNREADABLE, families, scopes
from portal.document_kinds import DocumentForm
from portal.forms import Choice, Line, OneOf, Paragraph
from portal.i18n import _, _l, label
from portal.kernel.clauses import Words
from portal.kernel.documents import Body
from portal.kernel.phrase_check import Fault, Rule, Severity

MOST_LINES = 60


class Lines(Paragraph):
    """Texts one a line; empty lines are left out."""

    def unread(self, text: str) -> Any:
        return _lines(text)

    def read(self, text: str) -> Any:
        super().read(text)
        lines = _lines(text)
        if len(lines) > MOST_LINES:
            raise ValueError(_("At most %(most)s can be given here.", most=MOST_LINES))
        return lines

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def _value(self) -> str:
        typed = self.typed()
        return "\n".join(self.data or []) if typed is None else typed


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class RuleForm(DocumentForm):
    """One rule of the check."""

    family = OneOf(_l("Family"), codes=lambda: families().items(), required=True, empty=_l("Please choose"))
    severity = Choice(_l("How severe"), of=Severity, words=label, required=True)
    clause = OneOf(_l("Clause"), codes=lambda: [(clause, clause) for clause in CLAUSES], required=True)
    scope = OneOf(_l("Only in texts of this kind"), codes=scopes, empty=_l("in every text"))
    patterns = Lines(_l("Patterns, one a line"), most=4000, required=True)
    reason_zh = Line(_l("Why, in Chinese"), most=200, required=True)
    reason_en = Line(_l("Why, in English"), most=200, required=True)
    alternatives = Lines(_l("Better lines, one a line"), most=2000, required=True)
    bad = Lines(_l("Examples that must be caught, one a line"), most=4000, required=True)
    good = Lines(_l("Examples that must not be caught, one a line"), most=4000, required=True)

    def body(self) -> dict[str, Any]:
        """What is stored."""
        return self._rule().body()

    def _rule(self) -> Rule:
        return Rule(
            code="", family=self.family.data, patterns=tuple(self.patterns.data or ()),
            severity=self.severity.data or Severity.NONE,
            reason=Words(zh=self.reason_zh.data, en=self.reason_en.data),
            alternatives=tuple(self.alternatives.data or ()),
            scope=frozenset([self.scope.data] if self.scope.data else ()), clause=self.clause.data,
            bad=tuple(self.bad.data or ()), good=tuple(self.good.data or ()),
        )  # fmt: skip

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The fields of a stored rule."""
        reason = body.get("reason", {})
        scope = body.get("scope") or [""]
        kept = {name: value for name, value in body.items() if name != "reason"}
        return kept | {"reason_zh": reason.get("zh"), "reason_en": reason.get("en"), "scope": scope[0]}

    def validate(self, extra_validators: Any = None) -> bool:
        """The dry run: what does not hold is said beside its field, every line of it."""
        if not super().validate(extra_validators):
            return False
        wrong = kind.with_faults(self._rule())
        for name, found in wrong.items():
            self[name].errors = [" ".join(map(_said, found))]
        return not wrong


def _said(fault: Fault) -> str:
    why = str(UNREADABLE[fault.why]) if fault.why in UNREADABLE else fault.why
    at = "" if fault.at is None else fault.at + 1
    return str(FAULTS[fault.code]) % {"given": fault.given, "why": why, "at": at}


def parts(body: Body) -> list[tuple[Any, str]]:
    """A rule as captions and texts, in the order of the page."""
    reason = body["reason"]
    return [
        (_("Family"), str(FAMILIES.get(body["family"], body["family"]))),
        (_("How severe"), label(Severity(body["severity"]))),
        (_("Clause"), body["clause"]),
        (
            _("Only in texts of this kind"),
            ", ".join(dict(scopes()).get(code, code) for code in body["scope"]),
        ),
        (_("Patterns, one a line"), "\n".join(body["patterns"])),
        (_("Why, in Chinese"), reason["zh"]),
        (_("Why, in English"), reason["en"]),
        (_("Better lines, one a line"), "\n".join(body["alternatives"])),
        (_("Examples that must be caught, one a line"), "\n".join(body["bad"])),
        (_("Examples that must not be caught, one a line"), "\n".join(body["good"])),
    ]
