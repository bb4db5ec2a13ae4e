"""The general office's page of intake tokens: issued once shown once, revoked for good, all of it in the history."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.intake_tokens import IntakeToken
from portal.kernel.people import Status
from portal.kernel.sessions import digest
from tests import factories
from tests.client import INTAKE, CarefulClient, text_of
from tests.conftest import As


@pytest.fixture
def office(as_: As) -> CarefulClient:
    """Somebody of the general office, on English pages."""
    return as_("office1")


def key_in(page: str) -> str:
    found = re.search(r'id="intake-token"[^>]*>([^<]+)<', page)
    assert found, "no key is shown"
    return found[1]


def tokens(app: Flask) -> list[IntakeToken]:
    with app.app_context():
        return list(db.session.scalars(sa.select(IntakeToken).order_by(IntakeToken.id)))


def lines(app: Flask) -> list[tuple[str, int | None]]:
    """Event and doer of every line about tokens."""
    ours = sa.select(history.Line).where(history.Line.subject_kind == "intake_token")
    with app.app_context():
        return [(line.event, line.by_id) for line in db.session.scalars(ours.order_by(history.Line.id))]


@pytest.mark.clause("CP-01")
def test_a_token_is_shown_once_and_kept_as_a_digest(app: Flask, office: CarefulClient) -> None:
    page = office.send("/office/intake/add", name="微信公众号", person="desk1")
    key = key_in(page.text)
    (token,) = tokens(app)
    assert (token.key, token.person_id) == (digest(key), factories.id_of(app, "desk1"))
    assert key not in office.get("/office/intake/").text
    with app.app_context(), db.engine.connect() as connection:
        kept = [*connection.execute(sa.select(history.Line.__table__)).all()]
        kept += connection.execute(sa.select(history.Text.__table__)).all()
    assert key not in str(kept)
    headers = {"Authorization": f"Bearer {key}"}
    sent = INTAKE | {"channel": "email", "read_back": "copy_sent"}
    assert app.test_client().post("/complaints/intake", json=sent, headers=headers).status_code == 201
    desk1, office1 = factories.id_of(app, "desk1"), factories.id_of(app, "office1")
    assert lines(app) == [("intake_token:create", office1), ("intake_token:case", desk1)]


def test_what_is_missing_is_told_and_what_was_typed_stays(app: Flask, office: CarefulClient) -> None:
    for person in ("", "emp.tech", "lead.tech", "nobody"):
        answer = office.send("/office/intake/add", name="微信公众号", person=person)
        assert answer.status_code == 422
        assert "微信公众号" in answer.text
    assert office.send("/office/intake/add", name=" ", person="desk1").status_code == 422
    factories.change_person(app, "desk2", status=Status.DISABLED)
    assert office.send("/office/intake/add", name="热线", person="desk2").status_code == 422
    assert tokens(app) == []


def test_a_token_is_revoked_for_good(app: Flask, office: CarefulClient) -> None:
    key = key_in(office.send("/office/intake/add", name="热线", person="desk1").text)
    (token,) = tokens(app)
    for _ in range(2):
        assert office.send(f"/office/intake/{token.id}/revoke").status_code == 303
    assert "The token 热线 is revoked." in office.get("/office/intake/").text
    headers = {"Authorization": f"Bearer {key}"}
    assert app.test_client().post("/complaints/intake", json=INTAKE, headers=headers).status_code == 401
    assert [event for event, _ in lines(app)] == ["intake_token:create", "intake_token:revoke"]
    for nowhere in (token.id + 1, 2**31, 10**30):
        assert office.send(f"/office/intake/{nowhere}/revoke").status_code == 404


def test_the_page_says_when_nobody_answers_any_more(app: Flask, office: CarefulClient) -> None:
    assert "No program records cases yet" in office.get("/office/intake/").text
    office.send("/office/intake/add", name="热线", person="desk1")
    assert "In use" in text_of(office.get("/office/intake/"))
    factories.change_person(app, "desk1", status=Status.DISABLED)
    assert "Nobody answers for this token any more." in text_of(office.get("/office/intake/"))


def test_the_audit_tells_of_tokens_and_names_no_case(app: Flask, office: CarefulClient) -> None:
    key = key_in(office.send("/office/intake/add", name="热线", person="desk1").text)
    headers = {"Authorization": f"Bearer {key}"}
    sent = INTAKE | {"person_concerned": "office1", "content": "只此一处的话"}
    number = app.test_client().post("/complaints/intake", json=sent, headers=headers).get_json()["number"]
    audit = office.get("/office/audit/?kind=intake_token")
    told = text_of(audit)
    assert "Issued" in told
    assert "A case was recorded with it" in told
    assert number not in audit.text, "office1 is the person concerned"
    last = [line for line in factories.events(app) if line.event == "intake_token:case"][-1]
    assert json.loads(last.details) == {"case_id": factories.load(app, number).id}
