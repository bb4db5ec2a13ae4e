"""Texts meant for a customer: checked by the rules in force, stopped or let pass, marked on the page (PG-04, PG-11).

Every form judges its customer texts once nothing else is wrong with it. What is stopped is answered 409 with the same
form, the words marked beneath the field; that is done here, for every form of the portal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Flask, Response, g, url_for
from flask_login import current_user
from wtforms.utils import unset_value

from portal.i18n import _, is_chinese, label, listed, with_clause
from portal.kernel import clock, taboos
from portal.kernel.db import db
from portal.kernel.phrase_check import Finding, Severity
from portal.kernel.phrase_check.dates import is_undated_promise, says_when
from portal.kernel.phrase_rules import checker_in_force
from portal.kernel.taboos import Caught, Outcome

TONES = {Severity.BLOCK: "bad", Severity.WARN: "warn", Severity.ADVICE: "info"}
MOST_SHOWN = 20  # a text full of hits is mended by fewer
MOST_MARKED = 400
MOST_BETTER = 3
AROUND = 40  # characters shown beside a hit when its sentence is long
ENDS = "。！？!?；;\n"
STOPS = "。."  # how a line that says what is so ends
MARKS = "，。；：、！？,.;:!?"
# What says nothing without the words after it, and would stammer before a whole sentence.
LEAD = re.compile(
    r"(?:^|(?<=[，。；：、！？,.;:!?\n“”]))\s*"
    r"((?:[这那](?:个|件|项|种|些)?(?:事情|事|问题|业务)?)?(?:[您你我咱]们?)?[也都就可真又]?\s*)$"
)


# -- what the rules say ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One finding as a page shows it: the words in their sentence, why, and what to say instead."""

    text: str
    finding: Finding
    before: str
    after: str
    tone: str
    severity: str
    reason: str
    better: tuple[str, ...]

    @classmethod
    def of(cls, text: str, finding: Finding) -> Shown:
        """The finding in the language of the page."""
        start = max(text.rfind(mark, 0, finding.start) for mark in ENDS) + 1
        ends = [at for mark in ENDS if (at := text.find(mark, finding.end)) >= 0]
        before, after = text[start : finding.start], text[finding.end : min(ends, default=len(text))]
        reason, lines = finding.rule.reason, finding.alternatives
        alike = tuple(line for line in lines if line.isascii() == finding.phrase.isascii())
        return cls(
            text,
            finding,
            f"…{before[-AROUND:]}" if len(before) > AROUND else before,
            f"{after[:AROUND]}…" if len(after) > AROUND else after,
            TONES[finding.severity],
            label(finding.severity),
            reason.zh if is_chinese() else reason.en,
            (alike or lines)[:MOST_BETTER],
        )

    def button(self, name: str, better: str) -> str:
        """What the button that puts a better line in says of itself: field, place, words, better words."""
        return json.dumps([name, *fitted(self.text, self.finding, better)], ensure_ascii=False)


def fitted(text: str, finding: Finding, better: str) -> tuple[int, str, str]:
    """Where a better line goes, for which words, and how it is written there: one mark after it, no stray 这事 before."""
    start, end, after = finding.start, finding.end, text[finding.end : finding.end + 1]
    if better[-1:] not in MARKS:
        return start, finding.phrase, better
    if lead := LEAD.search(text[:start]):
        start = lead.start(1)
    if after and after in MARKS:
        if better[-1] in STOPS and after not in "！？!?":
            better = better[:-1]
        else:
            end += 1
    return start, text[start:end], better


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
        return any(map(is_undated_promise, self.findings))

    def with_a_date(self) -> Judged:
        """The same where a date is promised in the text or beside it: a promise is fine then (PG-11, CP-15)."""
        return replace(self, findings=tuple(f for f in self.findings if not is_undated_promise(f)))

    @cached_property
    def shown(self) -> list[Shown]:
        """What a page shows of it, in the order of the text."""
        return [Shown.of(self.text, finding) for finding in self.findings[:MOST_SHOWN]]

    @property
    def hits(self) -> str:
        """What marks the words in their text area, in its order: place, words, how severe of each."""
        hits = [(f.start, f.phrase, f.severity.value) for f in self.findings[:MOST_MARKED]]
        return json.dumps(hits, ensure_ascii=False)

    @property
    def said(self) -> str:
        """The findings in one short sentence, for whoever hears the page; empty when there is none."""
        counted = [(len(self.of(severity)), label(severity)) for severity in TONES]
        told = [_("%(severity)s: %(count)s", severity=words, count=many) for many, words in counted if many]
        return _("Words to look at: %(list)s.", list=listed(told)) if told else ""

    @property
    def pieces(self) -> list[tuple[str, Finding | None]]:
        """The whole text cut into what is caught and what is not."""
        cut: list[tuple[str, Finding | None]] = []
        at = 0
        for finding in self.findings:
            cut += [(self.text[at : finding.start], None), (finding.phrase, finding)]
            at = finding.end
        return [piece for piece in [*cut, (self.text[at:], None)] if piece[0]]


def judge(text: str, scope: str = "") -> Judged:
    """What the rules in force say of a text; a promise in it is fine when it says by when (PG-11)."""
    judged = Judged(text, checker_in_force(clock.now()).check(text, scope).findings)
    return judged.with_a_date() if judged.promises and says_when(text) else judged


# -- a field whose text is for a customer ----------------------------------------------------------------------------


class Checked:
    """What a field is besides, whose texts are for a customer: judged when it is sent, and while somebody types.

    `anyway` is the reason for sending a warned text as it is; `promised` whether a promise with a date runs already,
    asked only where something is promised (CP-15). `when` names another field and the answer there with which alone the
    text is for a customer.
    """

    name: str
    scope: Any
    data: Any
    raw_data: Any
    errors: Any
    judged: Sequence[Judged] = ()
    anyway = ""
    was_mended = False
    promised: Callable[[], bool] | bool = False
    when: tuple[str, str] | None = None
    _better = ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Besides the text: the reason for sending it as it is, and the button that puts a better line in."""
        if formdata is not None:
            reason = "".join(char for char in _sent(formdata, f"{self.name}-anyway") if char.isprintable())
            self.anyway = reason.strip()[: taboos.REASON]
            self._better = _sent(formdata, "better")
        super().process(formdata, data, extra_filters)  # type: ignore[misc]  # of the field that this is mixed into

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The texts, with the better line that was asked for."""
        if valuelist and (button := _button(self._better, self.name)):
            self.was_mended = True
            valuelist = self.raw_data = _mended(list(map(str, valuelist)), *button)
        super().process_formdata(valuelist)  # type: ignore[misc]  # of the field that this is mixed into

    def judge(self, *, dated: bool) -> None:
        """Ask the rules in force; `dated` when the form itself says by when (CP-15)."""
        texts = self.data if isinstance(self.data, list) else [self.data or ""]
        self.judged = [judge(text.replace("\r\n", "\n"), self.scope) for text in texts]
        if not dated and any(judged.promises for judged in self.judged):
            dated = self.promised() if callable(self.promised) else self.promised
        if dated:
            self.judged = [judged.with_a_date() for judged in self.judged]

    def found(self, severity: Severity) -> list[Finding]:
        """Everything of one severity in its texts."""
        return [finding for judged in self.judged for finding in judged.of(severity)]

    @property
    def asks_why(self) -> bool:
        """True when it may be sent as it is, with a reason."""
        return bool(self.found(Severity.WARN)) and not self.found(Severity.BLOCK)

    def live(self, area: str, place: int = 0) -> dict[str, str]:
        """What a text area needs to be checked while somebody types: one request a pause, the one before given up.

        `area` is its id, `place` which of the field's texts it holds.
        """
        known = 1 if self.promised is True else None
        other, answer = self.when or (None, None)
        return {
            "hx-post": url_for(
                "phrases.live",
                field=self.name,
                area=area,
                place=place or None,
                scope=self.scope or None,
                promised=known,
                other=other,
                answer=answer,
            ),
            "hx-trigger": f"input changed delay:400ms{f', change from:[name={other}]' if other else ''}",
            "hx-target": f"#{area}-check",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
            "hx-params": f"{self.name},{other or 'due_at'},csrf_token",
            "hx-encoding": "application/x-www-form-urlencoded",
            "data-checked": "",
        }


def _sent(formdata: Any, name: str) -> str:
    found = formdata.getlist(name)
    return found[0] if found and isinstance(found[0], str) else ""


def _button(pressed: str, name: str) -> tuple[int, str, str] | None:
    """What the button that puts a better line into a field says: place, words, better words; None for another's."""
    try:
        said = json.loads(pressed) if pressed else None
    except ValueError:
        return None
    match said:
        case [str(field), int(start), str(words), str(better)] if field == name and words:
            return start, words, better
    return None


def _mended(texts: list[str], start: int, words: str, better: str) -> list[str]:
    """The texts with a better line in the place of those words, or of the same ones nearest to it."""
    texts = [text.replace("\r\n", "\n") for text in texts]
    places = [
        (abs(at - start), number, at)
        for number, text in enumerate(texts)
        for at in range(len(text))
        if text.startswith(words, at)
    ]
    if places:
        _far, number, at = min(places)
        texts[number] = texts[number][:at] + better + texts[number][at + len(words) :]
    return texts


# -- stopped, or let pass --------------------------------------------------------------------------------------------


def judge_all(fields: Sequence[Checked], *, fine: bool, dated: bool) -> bool:
    """PG-04, PG-11: a blocked text stops the form; a warned one does, unless it is told why it is sent all the same.

    `fine` when nothing else is wrong with the form: otherwise the words are marked, and it comes back for that alone.
    """
    for field in fields:
        field.judge(dated=dated)
    if not fine:
        return False
    stopped: list[Caught] = []
    going: list[Caught] = []
    for field in fields:
        blocked, warned = field.found(Severity.BLOCK), field.found(Severity.WARN)
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
    words = listed(f"“{phrase}”" for phrase in dict.fromkeys(f.phrase for f in against))
    if against[0].severity is Severity.BLOCK:
        sentence = _("This cannot be said to a customer: %(words)s.", words=words)
    else:
        sentence = _(
            "Better not said to a customer: %(words)s. Mend it, or say why it is sent as it is.", words=words
        )
    return with_clause(sentence, ", ".join(dict.fromkeys(f.rule.clause for f in against)))


def _caught(findings: Iterable[Finding], field: Checked, reason: str = "") -> list[Caught]:
    return [Caught(f.rule.code, f.severity.value, str(field.scope), f.phrase, reason) for f in findings]


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
