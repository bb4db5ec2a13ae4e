"""What people read of the rules of the check and of what they caught."""

from __future__ import annotations

from typing import Any

from portal.forms import TextScope
from portal.i18n import _l
from portal.kernel.phrase_check import Severity
from portal.kernel.taboos import Outcome

LABELS: dict[Any, Any] = {
    Outcome: {Outcome.STOPPED: _l("stopped"), Outcome.SENT: _l("sent all the same")},
    Severity: {
        Severity.NONE: _l("nothing"),
        Severity.ADVICE: _l("advice"),
        Severity.WARN: _l("better not"),
        Severity.BLOCK: _l("cannot be sent"),
    },
    TextScope: {
        TextScope.ANSWER: _l("Answer to a customer"),
        TextScope.SOLUTION: _l("Solution that is offered"),
        TextScope.PROMISE: _l("Promise to a customer"),
        TextScope.REFUSAL: _l("Refusal"),
    },
}
# Family of rules (the names of the shipped files) -> what people call it.
FAMILIES: dict[str, Any] = {
    "contempt": _l("Contempt and insults"),
    "brush-off": _l("Brushing off"),
    "impatience": _l("Impatience"),
    "refusal": _l("Refusal of responsibility"),
    "challenge": _l("Challenge"),
    "dont-know": _l("“I don't know”"),
    "not-my-job": _l("“Not my job”"),
    "no-way": _l("“Nothing to be done”"),
    "not-concerned": _l("“Nothing to do with me”"),
    "colleagues": _l("Running down colleagues or the company"),
    "blame": _l("Blaming the customer"),
    "our-reasons": _l("The company's reasons first"),
    "vague": _l("Jargon and vague answers"),
    "authority": _l("Pressing with a name"),
    "promise": _l("Promises without a date"),
    "exaggeration": _l("Exaggeration, and what nobody can keep"),
    "apology": _l("Admission of fault"),
}
HISTORY: dict[str, Any] = {"customer_text:check": _l("Every text for a customer is checked when it is sent")}
CLAUSES = ("PG-04", "PG-09", "PG-11")
REASONS: dict[str, Any] = {
    "rule_fails": _l("The rule does not keep to its own examples or is not whole: %(faults)s."),
    "rule_catches_phrases": _l("The rule would catch recommended phrases: %(phrases)s."),
    "phrase_is_taboo": _l("The check would mark this in the phrase: %(words)s."),
    "one_apology_style": _l("Exactly one house style of apology holds."),
}
FIGURES: dict[str, Any] = {
    "phrases.apology_style": _l("House style of apology"),
    "retention.taboos_days": _l("Days for which it is kept whose text was stopped"),
}
# PG-09: what the office may settle on where the fault is not ours.
STYLES: dict[str, Any] = {
    "explain": _l("explain gently"),
    "no_admission": _l("word it so that nothing is admitted"),
}
# What is wrong with a rule (phrase_check.Fault.code) -> said beside the field; `given` is what it is about.
FAULTS: dict[str, Any] = {
    "unreadable": _l("This pattern cannot be read: %(given)s (%(why)s, at character %(at)s)."),
    "too-common": _l("This pattern has too little of its own to be looked for: %(given)s."),
    "no-pattern": _l("Give at least one pattern."),
    "no-severity": _l("Choose how severe it is."),
    "no-such-clause": _l("There is no clause %(given)s."),
    "no-reason": _l("Say why, in Chinese and in English."),
    "no-alternative": _l("Give at least one better line."),
    "too-few-bad": _l("Give at least three examples that must be caught."),
    "too-few-good": _l("Give at least three examples that must not be caught."),
    "bad-not-hit": _l("This example is not caught: %(given)s."),
    "good-hit": _l("This example is caught and should not be: %(given)s (because of “%(why)s”)."),
    "alternative-hit": _l("This better line is itself caught: %(given)s (because of “%(why)s”)."),
}


UNREADABLE: dict[str, Any] = {
    "empty": _l("it is empty"),
    "too-long": _l("it is too long"),
    "too-deep": _l("too many brackets in each other"),
    "too-many-gaps": _l("too many gaps"),
    "too-many-readings": _l("one text could be read in too many ways: leave out some choices"),
    "gap-at-the-edge": _l("a gap at its begin or end"),
    "gap-width": _l("a gap is from {1} to {8}"),
    "not-closed": _l("a bracket is not closed"),
    "empty-choice": _l("one of the choices is empty"),
    "no-such-list": _l("there is no such list of words"),
    "guard-without-choice": _l("! needs a choice in round brackets"),
    "sign-out-of-place": _l("a sign that means something stands where it cannot"),
}


def families() -> dict[str, str]:
    """Code and words of every family."""
    return {code: str(words) for code, words in FAMILIES.items()}


def scopes() -> list[tuple[str, str]]:
    """Code and words of what texts are for."""
    return [(scope.value, str(LABELS[TextScope][scope])) for scope in TextScope]
