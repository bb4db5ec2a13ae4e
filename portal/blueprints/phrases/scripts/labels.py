"""What people read of scripts."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.scripts.codes import Channel, End
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Channel: {Channel.PHONE: _l("On the phone"), Channel.ONSITE: _l("At the desk")},
    End: {End.FAREWELL: _l("Farewell"), End.HAND_OVER: _l("Handed over")},
}
# What a talk becomes, as the last step offers it.
BECOMES: dict[str, Any] = {
    "case": _l("Make a case of it"),
    "question": _l("Make a question of it"),
    "log": _l("Only write it into the log"),
}
FIELDS: dict[str, Any] = {
    "title": _l("Title in Chinese"),
    "title_en": _l("Title in English"),
    "about": _l("What for, in Chinese"),
    "about_en": _l("What for, in English"),
    "channel": _l("Where it is spoken"),
    "clause": _l("Clause"),
}
REASONS: dict[str, Any] = {
    "script_empty": _l("The script has no step."),
    "script_channel": _l("A script says whether it is spoken on the phone or at the desk."),
    "script_start": _l("The script starts at a step that is not there: %(step)s."),
    "script_step_code": _l(
        "Each step needs a code of its own, of small letters, digits and hyphens: %(step)s."
    ),
    "script_one_language": _l("Step %(step)s: a text stands in one language only."),
    "script_empty_step": _l("Step %(step)s neither says nor notes anything."),
    "script_unknown": _l("Step %(step)s: %(name)s is no field, stage or record."),
    "script_branch": _l("Step %(step)s has a branch that leads nowhere: %(to)s."),
    "script_branch_words": _l("Step %(step)s has a branch without words."),
    "script_steps": _l("A script has at most %(most)s steps."),
    "script_branches": _l("Step %(step)s has more than %(most)s branches."),
    "script_end": _l("Step %(step)s must either lead on, or end with words of farewell or of handing over."),
    "script_unreached": _l("No branch leads to step %(step)s."),
    "script_no_end": _l("From step %(step)s no walk comes to an end."),
    "script_silent_loop": _l("From step %(step)s one can go round without a word being said."),
}
