"""What the pages of training have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.blueprints.phrases.training.models import Attempt
from portal.blueprints.phrases.training.quizzes import actions
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import reference


def pass_of(
    attempt: Attempt | None, in_force: Mapping[tuple[str, str], int]
) -> tuple[Attempt | None, str, str]:
    """A paper with where it leaves its taker with the quiz, in words, and the tone of these."""
    if attempt is None:
        return None, _("Not taken"), ""
    if not attempt.passed:
        return attempt, _("Not passed"), "bad"
    if actions.is_stale(attempt, in_force):
        return attempt, _("To be taken again"), "warn"
    return attempt, _("Passed"), "ok"


def trainer(written: str) -> str:
    """Who trains: a colleague by name, anybody else as written."""
    card = reference.staff().by_username(written)
    return name_of(card.id) if card else written


def colleagues() -> list[Any]:
    """Everybody who may be named in a field for a person."""
    return [card for card in reference.staff().cards.values() if card.active]
