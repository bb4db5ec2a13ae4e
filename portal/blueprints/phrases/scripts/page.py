"""What the pages of scripts draw: the list, and one step with its branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for

from portal.blueprints.phrases import asides, wording
from portal.blueprints.phrases.calls import page as calls_page
from portal.blueprints.phrases.calls import rules as calls_rules
from portal.blueprints.phrases.calls.forms import NoteForm
from portal.blueprints.phrases.calls.models import CallDraft
from portal.blueprints.phrases.scripts import queries
from portal.blueprints.phrases.scripts.codes import Channel, End
from portal.blueprints.phrases.scripts.labels import BECOMES
from portal.blueprints.phrases.technique import queries as technique
from portal.drawing import name_of
from portal.i18n import label
from portal.kernel import calls
from portal.kernel.calls import Call
from portal.kernel.documents import Current
from portal.kernel.people import Viewer

BETWEEN = "."  # the steps of a walk in an address


def listed() -> dict[str, Any]:
    """The scripts with what each is for, by where they are spoken, and the technique cards."""
    every = queries.scripts()
    return {
        "scripts": [
            (label(channel), [_line(each) for each in every if each.body["channel"] == channel])
            for channel in Channel
        ],
        "cards": [(card, asides.of_technique(card)) for card in technique.cards()],
    }


def _line(script: Current) -> dict[str, str]:
    return {
        "title": wording.said(script.body, "title"),
        "about": wording.said(script.body, "about"),
        "clause": script.body["clause"],
        "url": url_for("phrases.script", script_code=script.code),
    }


def step(
    viewer: Viewer,
    script: Current,
    path: Sequence[str],
    draft: CallDraft | None,
    tried: NoteForm | None = None,
) -> dict[str, Any]:
    """One step of a walk: what to say, what to note, where it can lead."""
    body = script.body
    node = next(node for node in body["nodes"] if node["code"] == path[-1])
    call = calls_page.call_of(draft) if draft else Call()
    known = {
        "company": current_app.config["SETTINGS"].company,
        "me": name_of(viewer.id),
        "customer": call.caller,
        "matter": calls_rules.without_stop(call.matter),
        "colleague": call.transfer,
    }
    form = tried or NoteForm.blank(
        **{name: getattr(draft, name) for name in calls_rules.FIELDS} if draft else {}
    )
    return {
        "code": script.code,
        "version_id": script.version_id,
        "title": wording.said(body, "title"),
        "say": wording.filled(wording.said(node, "say"), known),
        "note": wording.said(node, "note"),
        "fields": [form[name] for name in node.get("asks", ())],
        "form": form,
        "read_back": calls_page.read_back(call) if node.get("read_back") else None,
        "branches": [(branch["to"], wording.said(branch)) for branch in node.get("branches", ())],
        "path": BETWEEN.join(path),
        "steps": len(path),
        "end": label(End(node["end"])) if node.get("end") else "",
        "becomes": _ends(viewer, node.get("becomes", "")) if node.get("end") else [],
        "asides": [asides.of_technique(card) for card in technique.of_stage(node.get("stage", ""))],
        "noted": bool(draft) and not calls_rules.is_empty(draft),
    }


def _ends(viewer: Viewer, usual: str) -> list[tuple[str, str]]:
    """What the talk can become for this person, the usual first: words and address."""
    found = [end.code for end, _form in calls.ends(viewer)]
    found.sort(key=lambda code: code != usual)
    return [(str(BECOMES[code]), url_for("phrases.call", end=code)) for code in found if code in BECOMES]
