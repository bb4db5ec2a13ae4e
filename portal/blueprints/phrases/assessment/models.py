"""What is stored: periods, a sheet for each person, the ratings, figures and results, objections.

Ratings, figures and results are written once; the database refuses every change of them (GO-01).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.phrases.assessment import rules
from portal.blueprints.phrases.assessment.codes import Grade, Outcome, Rater, State
from portal.kernel import lists
from portal.kernel.aspects import Aspect
from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.hundredths import Hundredths


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


class Period(Model):
    """A time for which people are assessed."""

    __tablename__ = "assessment_periods"
    history_kind = "assessment_period"
    kind = ""  # a table of states asks for it; there is one kind only

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    begins: Mapped[date] = mapped_column(sa.Date)
    ends: Mapped[date] = mapped_column(sa.Date)
    departments: Mapped[str] = mapped_column(sa.String(400), default="")  # codes; none: every one
    roles: Mapped[str] = mapped_column(sa.String(80), default="")
    weights: Mapped[str] = mapped_column(sa.Text)  # JSON: criterion or rater -> per cent
    state: Mapped[State] = mapped_column(short(State), default=State.DRAFT)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # of what the state waits for
    created_by_id: Mapped[int] = mapped_column(_person())
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def weight(self) -> dict[str, int]:
        """Criterion or rater -> per cent."""
        found: dict[str, int] = json.loads(self.weights)
        return found

    @property
    def is_over_at(self) -> datetime:
        """The end of its last day."""
        return lists.begins(self.ends, days_later=1)

    def score(self, marks: rules.Marks) -> rules.Score | None:
        """The weighted score of these marks, with the period's own weights."""
        weight = self.weight
        return rules.score(marks, {a: weight[a] for a in Aspect}, {r: weight[r] for r in Rater})


class Sheet(Model):
    """One person in one period; its state is the period's."""

    __tablename__ = "assessment_sheets"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "person_id"),
        sa.Index("ix_assessment_sheets_person", "person_id"),
    )
    history_kind = "assessment_sheet"
    kind = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_periods.id"))
    person_id: Mapped[int] = mapped_column(_person())
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    rated_by: Mapped[str] = mapped_column(sa.String(40))  # the audience of `todos` that is the superior
    self_rated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The result in force, copied here for the list.
    result: Mapped[int] = mapped_column(default=0)  # its version
    score: Mapped[Decimal | None] = mapped_column(Hundredths)
    grade: Mapped[Grade | None] = mapped_column(short(Grade))
    object_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    objected: Mapped[int] = mapped_column(default=0)  # the version that the last objection is about
    objecting: Mapped[bool] = mapped_column(default=False)  # it waits for its answer
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    figures: Mapped[list[SheetFigure]] = relationship(order_by="SheetFigure.place", viewonly=True)

    @property
    def state(self) -> State:
        """The period's."""
        return self.period.state

    @property
    def counted(self) -> list[rules.Counted]:
        """The figures as the rules take them."""
        return [
            rules.Counted(row.kind, row.aspect, row.value, row.whole, row.minus, row.by_customers)
            for row in self.figures
        ]

    @property
    def proposed(self) -> dict[Aspect, int | None]:
        """What the records propose to the superior, by criterion."""
        counted = self.counted
        return {aspect: rules.proposed(counted, aspect) for aspect in Aspect}


class SheetFigure(Model):
    """What the records said of a person when the superiors' turn came."""

    __tablename__ = "assessment_figures"

    sheet_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessment_sheets.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    place: Mapped[int] = mapped_column()
    aspect: Mapped[Aspect] = mapped_column(short(Aspect))
    value: Mapped[int] = mapped_column()
    whole: Mapped[int] = mapped_column()
    minus: Mapped[int | None] = mapped_column()  # what each time costs; None: a share
    by_customers: Mapped[bool] = mapped_column()


class Rating(Model):
    """The marks that somebody gave; given again they are another row, and the last one stands."""

    __tablename__ = "assessment_ratings"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "rater", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_sheets.id"))
    rater: Mapped[Rater] = mapped_column(short(Rater))
    round: Mapped[int] = mapped_column()
    marks: Mapped[str] = mapped_column(sa.Text)  # JSON: criterion -> 0 to 100
    reasons: Mapped[str] = mapped_column(sa.Text, default="{}")  # JSON: criterion -> why not as proposed
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[int] = mapped_column(_person())
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def given(self) -> dict[Aspect, int]:
        """Criterion -> mark."""
        return {Aspect(name): mark for name, mark in json.loads(self.marks).items()}

    @property
    def why(self) -> dict[Aspect, str]:
        """Criterion -> the reason for departing from what was proposed."""
        return {Aspect(name): words for name, words in json.loads(self.reasons).items()}


class Result(Model):
    """A published score with its workings; a correction is the next version (GO-01)."""

    __tablename__ = "assessment_results"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("assessment_sheets.id"))
    version: Mapped[int] = mapped_column()
    score: Mapped[Decimal] = mapped_column(Hundredths)
    grade: Mapped[Grade] = mapped_column(short(Grade))
    workings: Mapped[str] = mapped_column(sa.Text)  # JSON: the marks and their shares, what was lacking
    reason: Mapped[str] = mapped_column(sa.String(400), default="")  # of a correction
    by_id: Mapped[int] = mapped_column(_person())
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def worked(self) -> dict[str, Any]:
        """`cells` and `lacking` as they were reckoned."""
        found: dict[str, Any] = json.loads(self.workings)
        return found


class Objection(Model):
    """What a person has against a version of the result, and what the office says to it."""

    __tablename__ = "assessment_objections"

    sheet_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessment_sheets.id"), primary_key=True, autoincrement=False
    )
    about: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # version of the result
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(short(Outcome))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(_person())
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
