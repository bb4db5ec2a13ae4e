"""Texts meant for a customer: checked by the rules in force, stopped or let pass, marked on the page (PG-04, PG-11).

A form asks `judge` for each of its customer texts and `let_pass` once nothing else is wrong with it. What is stopped is
answered 409 with the same form, the words marked beneath the field; that is done here for every form of the portal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from flask import Flask, Response, g
from flask_login import current_user

from portal.i18n import _, is_chinese, listed, with_clause
from portal.kernel import clock, taboos
from portal.kernel.db import db
from portal.kernel.phrase_check import Finding, Severity
from portal.kernel.phrase_check.in_force import checker_in_force
from portal.kernel.taboos import Caught, Outcome

TONES = {Severity.BLOCK: "bad", Severity.WARN: "warn", Severity.ADVICE: "info"}
MOST_SHOWN = 20  # a text full of hits is mended by fewer
AROUND = 40  # characters shown beside a hit when its sentence is long
ENDS = "。！？!?；;\n"


class Text(Protocol):
    """A field with a text for a customer, as `let_pass` looks at it."""

    name: str
    scope: str
    anyway: str
    judged: Judged | None
    errors: Any


@dataclass(frozen=True)
class Judged:
    """What the rules in force say of a text."""

    text: str
    findings: tuple[Finding, ...]

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity is severity]

    @property
    def promises(self) -> bool:
        """True when something is promised without a date (PG-11)."""
        return any(promises.undated(finding) for finding in self.findings)

    def with_a_date(self) -> Judged:
        """The same where a date is promised beside the text: a promise is fine then (PG-11, CP-15)."""
        return replace(self, findings=tuple(f for f in self.findings if not promises.undated(f)))

    @cached_property
    def shown(self) -> list[Shown]:
        """What a page shows of it, in the order of the text."""
        return [Shown.of(self.text, finding) for finding in self.findings[:MOST_SHOWN]]

    @property
    def said(self) -> str:
        """The findings in one short sentence, for whoever hears the page; empty when there is none."""
        counted = [(self.of(severity), severity_words(severity)) for severity in TONES]
        told = [f"{words} {len(found)}" for found, words in counted if found]
        return _("Words to look at: %(list)s.", list=listed(told)) if told else ""

    @property
    def pieces(self) -> list[tuple[str, Finding | None]]:
        """The whole text cut into what is caught and what is not; of two that overlap, the first."""
        cut: list[tuple[str, Finding | None]] = []
        at = 0
        for finding in self.findings:
            if finding.start >= at:
                cut += [(self.text[at : finding.start], None), (self.text[finding.start : finding.end], finding)]
                at = finding.end
        return [piece for piece in [*cut, (self.text[at:], None)] if piece[0]]


@dataclass(frozen=True)
class Shown:
    """One finding as a page shows it: the words in their sentence, why, and what to say instead."""

    finding: Finding
    before: str
    words: str
    after: str
    tone: str
    severity: str
    reason: str

    @classmethod
    def of(cls, text: str, finding: Finding) -> Shown:
        """The finding in the language of the page."""
        start = max((text.rfind(mark, 0, finding.start) for mark in ENDS), default=-1) + 1
        ends = [at for mark in ENDS if (at := text.find(mark, finding.end)) >= 0]
        end = min(ends, default=len(text))
        before, after = text[start : finding.start], text[finding.end : end]
        return cls(
            finding,
            f"…{before[-AROUND:]}" if len(before) > AROUND else before,
            text[finding.start : finding.end],
            f"{after[:AROUND]}…" if len(after) > AROUND else after,
            TONES[finding.severity],
            severity_words(finding.severity),
            finding.reason.zh if is_chinese() else finding.reason.en,
        )

    def button(self, name: str, better: str) -> list[Any]:
        """What the button that puts a better line in says of itself: field, place, words, better words."""
        return [name, self.finding.start, self.words, better]


def severity_words(severity: Severity) -> str:
    """A severity in the language of the page."""
    match severity:
        case Severity.BLOCK:
            return _("cannot be sent")
        case Severity.WARN:
            return _("better not")
        case _other:
            return _("advice")


def judge(text: str, scope: str) -> Judged:
    """What the rules in force say of a text."""
    return Judged(text, tuple(checker_in_force(clock.now()).check(text, scope).findings))


def better(button: str, name: str) -> tuple[int, str, str] | None:
    """What the button that puts a better line into a field says: place, words, better words; None for another's."""
    try:
        match json.loads(button):
            case [str(field), int(start), str(words), str(line)] if field == name:
                return start, words, line
    except ValueError:
        pass
    return None


def mended(text: str, start: int, words: str, better: str) -> str:
    """The text with a better line in the place of those words, or of the same ones nearest to it."""
    if not words:
        return text
    places = [at for at in range(len(text)) if text.startswith(words, at)]
    if not places:
        return text
    at = min(places, key=lambda place: abs(place - start))
    return text[:at] + better + text[at + len(words) :]


def let_pass(texts: Iterable[Text]) -> bool:
    """PG-04, PG-11: a blocked text stops; a warned one does, unless it is told why it is sent all the same."""
    stopped: list[Caught] = []
    going: list[Caught] = []
    for field in texts:
        judged = field.judged
        if judged is None:
            continue
        blocked, warned = judged.of(Severity.BLOCK), judged.of(Severity.WARN)
        if against := blocked or ([] if field.anyway else warned):
            field.errors = [*field.errors, why(against)]
            stopped += _caught(against, field)
        else:
            going += _caught(warned, field, field.anyway)
    if stopped:
        g.words_stopped = stopped
        return False
    if going:
        taboos.goes_along(going, by=current_user, now=clock.now())
    return True


def why(against: Sequence[Finding]) -> str:
    """Why a text is not sent, with the clauses."""
    words = listed([_("“%(words)s”", words=phrase) for phrase in dict.fromkeys(f.phrase for f in against)])
    if against[0].severity is Severity.BLOCK:
        sentence = _("This cannot be said to a customer: %(words)s", words=words)
    else:
        sentence = _("Better not said to a customer: %(words)s. Mend it, or say why it is sent as it is.", words=words)
    first, *others = dict.fromkeys(f.clause for f in against)
    return with_clause(sentence, ", ".join([first, *others]))


def _caught(findings: Iterable[Finding], field: Text, reason: str = "") -> list[Caught]:
    return [Caught(f.rule, f.severity.value, field.scope, f.phrase, reason) for f in findings]


def init_app(app: Flask) -> None:
    """A form whose only fault are its words was not wrong but refused: 409, and the stop is written down."""

    @app.after_request
    def refuse(response: Response) -> Response:
        stopped: list[Caught] = g.pop("words_stopped", [])
        taboos.went_nowhere()
        if stopped and response.status_code == 422:
            response.status_code = 409
            if current_user.is_authenticated:
                db.session.rollback()
                with db.write():
                    taboos.note(stopped, Outcome.STOPPED, by=current_user, now=clock.now())
        return response
