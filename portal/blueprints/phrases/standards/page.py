"""What the templates of service standards draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import timeline
from portal.blueprints.phrases.standards import queries, rules
from portal.blueprints.phrases.standards.codes import Verdict
from portal.blueprints.phrases.standards.forms import words_of
from portal.blueprints.phrases.standards.models import Answer, Run
from portal.blueprints.phrases.standards.workflow import RUN
from portal.drawing import department_name, name_of
from portal.i18n import _, label, listed
from portal.kernel import clock, documents, pictures, reference
from portal.kernel.documents import Body, Current
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

SPAN = timedelta(days=90)  # that figures look back, unless others are asked for
TONES = {Verdict.DONE: "ok", Verdict.NOT_DONE: "bad", Verdict.NOT_APPLICABLE: ""}


def said(body: Body, name: str) -> str:
    """A text of a chapter in the language of the page."""
    return words_of(body[name], body[f"{name}_en"])


def called(run: Run) -> str:
    """The chapter that a record is about, as it was called."""
    return words_of(run.title, run.title_en)


def text_of(answer: Answer) -> str:
    """A thing that was looked at, in the language of the page."""
    return words_of(answer.text, answer.text_en)


def chapters(viewer: Viewer) -> dict[str, Any]:
    """All that the list of chapters draws."""
    today = clock.today()
    found = documents.in_force(queries.KIND)
    looks, mine = queries.last_looks(), queries.departments_for(viewer)
    overdue = queries.overdue(found, looks, today)
    return {
        "chapters": found,
        "sums": queries.sums(viewer, today - SPAN, today),
        "days": SPAN.days,
        "overdue": {
            chapter.code: [code for code in mine if (chapter.code, code) in overdue] for chapter in found
        },
        "last": {
            chapter.code: max(
                (looks[chapter.code, code] for code in mine if (chapter.code, code) in looks), default=None
            )
            for chapter in found
        },
        "several": len(mine) > 1,
        "said": said,
        "department_name": department_name,
        "empty": queries.Sums(),
    }


def chapter(current: Current, viewer: Viewer) -> dict[str, Any]:
    """All that the page of a chapter draws."""
    now, today = clock.now(), clock.today()
    since = today - SPAN
    asked = queries.RunList(viewer, code=current.code)
    sums = queries.sums(viewer, since, today).get(current.code, queries.Sums())
    failing = queries.failing(viewer, current.code, since, today)
    overdue = queries.overdue([current], queries.last_looks(), today)
    mine = queries.departments_for(viewer)
    return {
        "current": current,
        "body": current.body,
        "said": said,
        "items": [(words_of(zh, en), failing.get(zh, 0)) for zh, en in queries.items(current.body, now)],
        "most": max(failing.values(), default=0),
        "sums": sums,
        "days": SPAN.days,
        "rows": asked.rows(10),
        "whose": listed(map(department_name, current.body["departments"].split())) or _("Every department"),
        "overdue": [code for code in mine if (current.code, code) in overdue],
        "may_run": bool(choices(current, viewer)),
        "name_of": name_of,
        "department_name": department_name,
    }


def choices(current: Current, viewer: Viewer) -> list[str]:
    """For which departments the viewer may record this chapter."""
    mine = queries.departments_for(viewer)
    return [
        code
        for code in rules.departments_of(current.body, list(reference.staff().departments))
        if code in mine
    ]


def runs(asked: queries.RunList) -> dict[str, Any]:
    """All that the list of records draws."""
    rows, newer, older = asked.page()
    viewer = asked.viewer
    mine = queries.departments_for(viewer)
    return {
        "asked": asked,
        "rows": rows,
        "corrected": queries.corrected(rows),
        "newer": newer,
        "older": older,
        "chapters": [(found.code, said(found.body, "title")) for found in documents.in_force(queries.KIND)],
        "departments": [(code, department_name(code)) for code in mine] if len(mine) > 1 else [],
        "may_export": viewer.may(May.EXPORT_CASES),
        "called": called,
        "name_of": name_of,
        "department_name": department_name,
    }


def run(found: Run, viewer: Viewer) -> dict[str, Any]:
    """What page, print and correction of a record have in common."""
    return {
        "found": found,
        "called": called(found),
        "answers": queries.answers(found),
        "others": queries.others(found),
        "text_of": text_of,
        "tones": TONES,
        "name_of": name_of,
        "department_name": department_name,
        "form_number": f"QR-{found.clause} · V{found.edition}",
    }


def shown(found: Run, viewer: Viewer) -> dict[str, Any]:
    """All that the page of a record draws."""
    told = run(found, viewer)
    own = viewer.id == found.person_id and viewer.id != found.signed_by_id
    return told | {
        "may_correct": "later" not in told["others"] and not own and bool(RUN.open_to(found, viewer)),
        "pictures": pictures.of_many(found.history_kind, [found.id]).get(found.id, []),
        "stands": documents.find(queries.KIND, found.code) is not None,
        "timeline": timeline.of(found),
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Standard"), _("Clause"), _("Day"), _("Department"), _("Post or place"), _("Colleague"),
        _("Thing looked at"), _("How it was found"), _("If not: why"), _("Remark"), _("Signed by"), _("Signed at"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_rows(rows: Any) -> list[list[Any]]:
    """The lines of the workbook: one for each thing that was looked at."""
    lines = queries.lines_of(rows)
    return [
        [
            row.number, called(row), row.clause, row.day, department_name(row.department), row.place,
            name_of(row.person_id) if row.person_id else "", text_of(answer), label(answer.verdict), answer.why,
            row.note, name_of(row.signed_by_id), row.signed_at,
        ]
        for row in rows
        for answer in lines[row.id]
    ]  # fmt: skip
