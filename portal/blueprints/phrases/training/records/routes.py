"""/phrases/training/records/: the training of each person: the own, a lead's department, for the office all (GO-02)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.training import reach
from portal.blueprints.phrases.training.needs.routes import TONES as NEED_TONES
from portal.blueprints.phrases.training.records import queries
from portal.blueprints.phrases.training.sessions.routes import MARKS
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.i18n import _, called, label
from portal.kernel import clock, reference, sheets
from portal.kernel.rights import May
from portal.kernel.sheets import Column

INDEX, SHOW = (f"phrases/training/records/{name}.html" for name in ("index", "show"))
MOST = 100  # of each on the page of a person
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


@bp.get("/training/records/")
@needs(May.USE_PORTAL)
def training_records() -> str:
    """Everybody whose records the viewer may read, in figures."""
    cards = reference.staff().cards
    people = [person for person in reach.people(me()) if cards[person].active]
    found = queries.summaries(people)
    rows = [(cards[person], found[person]) for person in people]
    rows.sort(key=lambda row: (row[0].department, row[0].id))
    return render_template(INDEX, rows=rows, name_of=name_of)


@bp.get("/training/records/<int:person_id>")
@needs(May.USE_PORTAL)
def training_record(person_id: int) -> str:
    """One person: sessions, papers, needs."""
    if not reach.may_read(me(), person_id):
        raise NotFound
    return render_template(
        SHOW,
        card=reference.staff().cards[person_id],
        attendance=queries.attendance([person_id], MOST),
        papers=queries.papers([person_id], MOST),
        needs_=queries.needs([person_id], MOST),
        marks=MARKS,
        need_tones=NEED_TONES,
        name_of=name_of,
        called=called,
    )


@bp.get("/training/records/export")
@needs(May.EXPORT_CASES)
def export_training_records() -> Response:
    """The records of everybody whom the viewer may read about, a sheet for each kind."""
    import xlsxwriter

    made = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, plain) as book:
        for title, captions, rows in _sheets(reach.people(me())):
            sheets.add_to(book, title, [Column(caption) for caption in captions], rows)
    return sheets.send(f"{_('Training records')} {clock.local(clock.now()):%Y-%m-%d}", made.getvalue())


def _sheets(people: list[int]) -> Iterator[Sheet]:
    cards = reference.staff().cards

    def who(person: int) -> list[Any]:
        return [name_of(person), department_name(cards[person].department)]

    named = [_("Name"), _("Department")]
    yield (
        _("People"),
        [*named, _("Attended"), _("Came late"), _("Absent"), _("Reflections"), _("Quizzes passed"), _("Papers"),
         _("Open needs")],
        ([*who(person), *figures] for person, figures in queries.summaries(people).items()),
    )  # fmt: skip
    yield (
        _("Presence"),
        [*named, _("Number"), _("What is taught"), _("Subject area"), _("Begins"), _("Presence"), _("Reason"),
         _("Reflection")],
        (
            [*who(r.person_id), r.number, r.title, label(r.topic), r.starts_at, label(r.presence), r.reason, r.reflection]
            for r in queries.attendance(people, sheets.MOST_ROWS)
        ),
    )  # fmt: skip
    yield (
        _("Quizzes"),
        [*named, _("Number"), _("Quiz"), _("Handed in"), _("Right"), _("Number of questions"), _("Pass mark"),
         _("Quiz result")],
        (
            [*who(r.person_id), r.number, called(r), r.handed_in_at, r.right, r.asked, r.pass_mark,
             _("Passed") if r.passed else _("Not passed")]
            for r in queries.papers(people, sheets.MOST_ROWS)
        ),
    )  # fmt: skip
    yield (
        _("Needs"),
        [*named, _("Number"), _("Subject area"), _("What is to be learnt"), _("State"), _("To be done by"), _("Done at")],
        (
            [*who(r.person_id), r.number, label(r.topic), r.what, label(r.state), r.due_at, r.done_at]
            for r in queries.needs(people, sheets.MOST_ROWS)
        ),
    )  # fmt: skip
