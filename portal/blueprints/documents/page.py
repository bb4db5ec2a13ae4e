"""What the templates of documents draw."""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup

from portal import timeline
from portal.blueprints.documents import queries
from portal.blueprints.documents.differences import marked
from portal.blueprints.documents.forms import FORMS
from portal.blueprints.documents.labels import BUTTONS, kind_name
from portal.document_kinds import DRAWN, DocumentForm, Drawn
from portal.drawing import name_of
from portal.forms import VerbForm
from portal.i18n import is_chinese
from portal.kernel import clock, documents
from portal.kernel.documents import reading
from portal.kernel.documents.actions import EPOCH
from portal.kernel.documents.codes import State
from portal.kernel.documents.models import Version
from portal.kernel.documents.workflow import APPROVE, DISCARD, DOCUMENT, EDIT, GIVE_BACK
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

TONES = {
    State.DRAFT: "", State.SUBMITTED: "warn", State.APPROVED: "ok", State.REPLACED: "", State.DISCARDED: "",
}  # fmt: skip
QUIET = frozenset({GIVE_BACK, DISCARD, EDIT})


class Line(NamedTuple):
    """A caption with the text before and now; the same text twice where nothing changed."""

    caption: str
    old: Markup
    new: Markup
    changed: bool


def compared(drawn: Drawn, old: Version | None, new: Version) -> list[Line]:
    """GO-01: two versions side by side, what went marked on the left, what came on the right."""
    before = {str(caption): text for caption, text in drawn.parts(old.body)} if old else {}
    after = {str(caption): text for caption, text in drawn.parts(new.body)}
    if new.withdraws:
        after = {}
    lines = []
    for caption in dict.fromkeys((*before, *after)):
        was, now = before.get(caption, ""), after.get(caption, "")
        lines.append(Line(caption, *marked(was, now), was != now))
    return lines


def titled(version: Version) -> str:
    """The title in the language of the page."""
    return version.title if is_chinese() or not version.title_en else version.title_en


def since(version: Version) -> str:
    """The first day of an approved version; of what came with the portal there is none to tell."""
    day = version.in_force_from
    return "" if day is None or day == EPOCH else day.isoformat()


def form_of(version: Version, verb: str) -> type[VerbForm]:
    """The form of a verb; what is edited depends on the kind."""
    return DRAWN[version.kind].form if verb == EDIT else FORMS[verb]


def _blank(version: Version, verb: str) -> VerbForm:
    if verb == EDIT:
        form = DRAWN[version.kind].form
        return form.blank(version=version.version, reason=version.reason, **form.of_body(version.body))
    given = {"in_force_from": clock.today()} if verb == APPROVE else {}
    return FORMS[verb].blank(version=version.version, **given)


def shown(version: Version, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that the page of a version draws. `tried` is a form that came back."""
    drawn = DRAWN[version.kind]
    verbs = [step.verb for step in DOCUMENT.open_to(version, viewer)]
    read = reading.who_has_read(version.id) if version.to_confirm else {}
    if viewer.id in read and "confirm" in verbs:
        verbs.remove("confirm")
    mine = version.state is State.SUBMITTED and viewer.id in reading.writers(version)
    if mine and APPROVE in verbs:
        verbs.remove(APPROVE)  # nobody approves what they wrote: the page does not offer it (GO-01)
    first = next((verb for verb in verbs if verb not in QUIET), "")
    old = reading.before(version)
    return {
        "version": version,
        "drawn": drawn,
        "kind": kind_name(version.kind),
        "tone": TONES[version.state],
        "forms": {verb: tried if verb == do and tried else _blank(version, verb) for verb in verbs},
        "first": first,
        "opened": do if do in verbs else first,
        "words": BUTTONS,
        "quiet": QUIET,
        "waits_for_another": mine,
        "may_bring_back": version.withdraws
        and version.state is State.APPROVED
        and viewer.may(documents.KINDS[version.kind].proposer),
        "old": old,
        "lines": compared(drawn, old, version),
        "others": reading.versions(version.document_id, viewer),
        "confirmed": sorted(read.items(), key=lambda mark: mark[1]),
        "outstanding": _unread(version, read) if viewer.role is Role.OFFICE else None,
        "address": drawn.address(version.document.code) if _has_page(version) else "",
        "may_propose": viewer.may(documents.KINDS[version.kind].proposer),
        "timeline": timeline.of(version),
        "name_of": name_of,
        "titled": titled,
        "since": since,
    }


def _has_page(version: Version) -> bool:
    """Whether its own page has something to show: a text that never was in force has none; a clause always has."""
    return DRAWN[version.kind].only_known or reading.find(version.kind, version.document.code) is not None


def _unread(version: Version, read: dict[int, Any]) -> list[int]:
    return [who for who in reading.readers() if who not in read] if version.to_confirm else []


def proposed(kind: str, code: str, form: DocumentForm) -> dict[str, Any]:
    """All that the form of a proposal draws."""
    drawn = DRAWN[kind]
    return {
        "kind": kind,
        "code": code,
        "form": form,
        "drawn": drawn,
        "name": kind_name(kind),
    }


def listed(asked: queries.VersionList) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    viewer = asked.viewer
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "tones": TONES,
        "kind_name": kind_name,
        "kinds": [(kind, kind_name(kind)) for kind in DRAWN],
        "mine_to_propose": [
            (kind, drawn.name)
            for kind, drawn in DRAWN.items()
            if not drawn.only_known and viewer.may(documents.KINDS[kind].proposer)
        ],
        "states": list(State),
        "name_of": name_of,
        "titled": titled,
    }
