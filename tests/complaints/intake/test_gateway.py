"""What a gateway hands over is a case like every other, or is refused in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.blueprints.complaints.codes import Channel, ReadBack, State
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, intake_tokens
from portal.kernel.db import db
from portal.kernel.intake_tokens import MOST_A_MINUTE, IntakeToken
from portal.kernel.people import Status
from portal.kernel.rights import Role
from tests import factories
from tests.client import INTAKE, number_in
from tests.conftest import As, At

SENT = {name: text for name, text in INTAKE.items() if name != "read_back"} | {"channel": "wechat"}


def a_token(app: Flask, person: str = "desk1", name: str = "微信公众号") -> str:
    """A token's key."""
    with app.app_context():
        answers, now = factories.id_of(app, person), clock.now()
        with db.write():
            return intake_tokens.issue(name, answers, by=None, now=now)[1]


class Gateway:
    """A program with a token."""

    def __init__(self, app: Flask, key: str) -> None:
        self.app, self.key = app, key

    def sends(self, body: Any = None, headers: dict[str, str] | None = None, **chosen: Any) -> TestResponse:
        """The usual case with changes, or a body of its own."""
        if body is None:
            body = json.dumps({n: v for n, v in (SENT | chosen).items() if v is not None})
        given = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"} | (headers or {})
        client = self.app.test_client(use_cookies=False)
        with closing(
            client.post("/complaints/intake", data=body, content_type="application/json", headers=given)
        ) as answer:
            answer.get_data()
            return answer


@pytest.fixture
def gateway(app: Flask) -> Gateway:
    """One that records on behalf of desk1."""
    return Gateway(app, a_token(app))


@pytest.fixture
def nothing_kept(app: Flask) -> Iterator[None]:
    """What a test sends leaves no case behind and breaks no chain."""
    yield
    assert count(app) == 0
    assert factories.history_faults(app) == []


def count(app: Flask) -> int:
    """How many cases there are."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Case)) or 0


# -- the same record -----------------------------------------------------------------------------------------


@pytest.mark.clause("CP-01")
@pytest.mark.parametrize("channel", list(Channel))
def test_a_case_handed_over_is_recorded_like_one_that_was_typed(
    app: Flask, as_: As, gateway: Gateway, channel: Channel
) -> None:
    confirmed = "yes" if channel in {Channel.PHONE, Channel.ONSITE} else "copy_sent"
    chosen: dict[str, Any] = {"channel": channel, "read_back": confirmed, "person_concerned": "emp.tech"}
    chosen |= {"occurred_at": "2026-03-01T10:00", "customer_address": "和平路 8 号", "urgency": "special"}
    answer = gateway.sends(major=True, **chosen)
    assert answer.status_code == 201, answer.text
    handed = answer.get_json()["number"]
    typed = number_in(as_("desk1").register(major="1", **chosen))
    assert alike(app, handed) == alike(app, typed)
    linked = ["case:visit_linked"] if channel is Channel.ONSITE else []  # RC-30
    assert [line.event for line in factories.events(app, handed)] == ["case:register", *linked]
    assert answer.headers["Location"] == answer.get_json()["address"] == f"/complaints/{handed}"
    assert as_("desk1").get(answer.get_json()["address"]).status_code == 200
    assert as_("emp.tech").get(answer.get_json()["address"]).status_code == 404, "the person concerned"
    assert handed in as_("desk2").get("/complaints/?words=chenguifang").text
    assert int(typed[-4:]) == int(handed[-4:]) + 1, "one row of numbers"


def alike(app: Flask, number: str) -> dict[str, Any]:
    """All that two records of the same words have in common: the row, its clocks, its history, whom it told."""
    case = factories.load(app, number)
    own = {"id", "number", "fields_digest", "idempotency_key"}
    row = {c.key: getattr(case, c.key) for c in sa.inspect(Case).column_attrs if c.key not in own}
    clocks = [(c.kind, c.clause, c.started_at, c.due_at) for c in factories.clocks(app, number)]
    lines = [
        (
            e.event,
            e.by_id,
            e.clause,
            {n: v for n, v in json.loads(e.details).items() if n not in {"number", "visit"}},
        )
        for e in factories.events(app, number)
    ]
    told = [n.person_id for n in factories.notices(app) if n.subject_id == case.id]
    return {"row": row, "clocks": clocks, "lines": lines, "told": sorted(told)}


@pytest.mark.clause("CP-03")
def test_the_person_behind_the_token_is_first_responder(app: Flask, gateway: Gateway) -> None:
    own = gateway.sends().get_json()["number"]
    assert factories.load(app, own).first_responder_id == factories.id_of(app, "desk1")
    about = gateway.sends(person_concerned="desk1").get_json()["number"]
    assert factories.load(app, about).first_responder_id == factories.id_of(app, "desk2")


@pytest.mark.clause("CP-01")
@pytest.mark.usefixtures("nothing_kept")
def test_a_program_must_say_how_the_customer_came(gateway: Gateway) -> None:
    for channel in (None, "", "fax"):
        answer = gateway.sends(channel=channel)
        assert answer.status_code == 422
        assert list(answer.get_json()["fields"]) == ["channel"]


@pytest.mark.clause("CP-04")
@pytest.mark.parametrize("channel", ["email", "wechat"])
def test_what_came_in_writing_is_routed_once_a_copy_was_sent_back(
    app: Flask, gateway: Gateway, channel: str
) -> None:
    bare = gateway.sends(channel=channel).get_json()["number"]
    assert factories.refused(app, "desk1", "route", bare) == ["CP-04 read_back_missing"]
    copied = gateway.sends(channel=channel, read_back="copy_sent").get_json()["number"]
    case = factories.load(app, copied)
    assert (case.read_back, case.read_back_by_id) == (ReadBack.COPY_SENT, factories.id_of(app, "desk1"))
    assert case.read_back_at is not None
    assert factories.do(app, "desk1", "route", copied) is State.ROUTED


@pytest.mark.clause("CP-04")
@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"channel": "phone", "read_back": "copy_sent"}, 422),
        ({"channel": "phone", "read_back": "original"}, 422),
        ({"channel": "wechat", "read_back": "not_possible", "read_back_reason": "无法联系"}, 422),
        ({"channel": "wechat", "read_back": "not_possible", "customer_name": ""}, 422),
        ({"read_back": "not_possible", "customer_name": "", "read_back_reason": "匿名留言"}, 201),
    ],
)
def test_the_way_of_confirming_fits_the_channel_here_too(
    app: Flask, gateway: Gateway, chosen: dict[str, Any], code: int
) -> None:
    answer = gateway.sends(**chosen)
    assert answer.status_code == code
    if code == 422:
        assert "(CP-04)" in answer.get_json()["fields"]["read_back"][0]
        assert count(app) == 0


# -- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic ZGVzazE6eA==", "Bearer \xff", "x" * 9_000]
)
@pytest.mark.usefixtures("nothing_kept")
def test_without_a_token_nothing_is_taken(app: Flask, header: str) -> None:
    answer = Gateway(app, "").sends(headers={"Authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.get_json()["error"] == "unauthorized"


@pytest.mark.usefixtures("nothing_kept")
def test_a_login_in_a_browser_is_no_token(app: Flask, as_: As) -> None:
    browser = as_("office1")
    for headers in ({}, {"X-CSRFToken": browser.csrf()}, {"HX-Request": "true"}):
        answer = browser.post("/complaints/intake", json=SENT, headers=headers)
        assert answer.status_code == 401
    form = browser.post("/complaints/intake", data=SENT | {"csrf_token": browser.csrf()})
    assert form.status_code == 401


def test_a_token_speaks_for_its_person_whoever_is_logged_in(app: Flask, as_: As, gateway: Gateway) -> None:
    headers = {"Authorization": f"Bearer {gateway.key}"}
    answer = as_("office1").post("/complaints/intake", json=SENT, headers=headers)
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers
    case = factories.load(app, answer.get_json()["number"])
    assert case.registered_by_id == factories.id_of(app, "desk1")


def test_a_token_opens_nothing_else(app: Flask, gateway: Gateway) -> None:
    number, client = factories.a_case(app), app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {gateway.key}"}
    for address in ("/complaints/", f"/complaints/{number}", "/office/intake/"):
        assert client.get(address, headers=headers).status_code == 302
    assert client.post("/complaints/new", data=SENT, headers=headers).status_code == 302
    assert client.get("/complaints/intake", headers=headers).status_code == 405


@pytest.mark.parametrize("change", [{"status": Status.DISABLED}, {"role": Role.EMPLOYEE}])
@pytest.mark.usefixtures("nothing_kept")
def test_a_token_whose_person_answers_no_longer_is_refused(
    app: Flask, gateway: Gateway, change: dict[str, Any]
) -> None:
    factories.change_person(app, "desk1", **change)
    assert gateway.sends().status_code == 403


@pytest.mark.usefixtures("nothing_kept")
def test_a_revoked_token_is_none(app: Flask, gateway: Gateway) -> None:
    with app.app_context(), db.write():
        token = db.session.scalars(sa.select(IntakeToken)).one()
        intake_tokens.revoke(token, by=factories.viewer("office1").id, now=clock.now())
    assert gateway.sends().status_code == 401


# -- sent twice ---------------------------------------------------------------------------------------------


def test_the_same_words_under_the_same_key_are_one_case(any_app: Flask) -> None:
    gateway = Gateway(any_app, a_token(any_app))
    key = {"Idempotency-Key": "<msg.1@example.com>"}
    first, again = gateway.sends(headers=key), gateway.sends(headers=key)
    in_field = gateway.sends(idempotency_key="<msg.1@example.com>")
    assert [first.status_code, again.status_code, in_field.status_code] == [201, 200, 200]
    assert first.get_json() == again.get_json() == in_field.get_json()
    other = gateway.sends(headers=key, content="别的事情")
    assert (other.status_code, other.get_json()["error"]) == (409, "key_used")
    assert count(any_app) == 1
    assert gateway.sends().get_json()["number"][-4:] == "0002", "no number was lost"
    assert factories.history_faults(any_app) == []


def test_identical_words_without_a_key_are_two_cases(app: Flask, gateway: Gateway) -> None:
    assert gateway.sends().get_json()["number"] != gateway.sends().get_json()["number"]


def test_two_gateways_may_count_their_messages_alike(app: Flask, gateway: Gateway) -> None:
    other = Gateway(app, a_token(app, name="热线"))
    assert gateway.sends(idempotency_key="1").status_code == 201
    assert other.sends(idempotency_key="1", content="别的事情").status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "有字", "a b", 7, ["a"], {"a": 1}, True])
@pytest.mark.usefixtures("nothing_kept")
def test_a_key_that_will_not_do_is_told(gateway: Gateway, key: Any) -> None:
    answer = gateway.sends(idempotency_key=key)
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["idempotency_key"])


@pytest.mark.usefixtures("nothing_kept")
def test_two_keys_are_told(gateway: Gateway) -> None:
    answer = gateway.sends(headers={"Idempotency-Key": "a"}, idempotency_key="b")
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["idempotency_key"])


# -- whatever arrives ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"x"', b"7", b"{", b"\xff\xfe", b"content=x", b"[" * 100_000, b'{"a":' * 100_000,
        b'{"content": NaN}', b'{"content": -Infinity}', b'{"kind": "complaint", "kind": "inquiry"}',
        b'{"content": {"a": 1, "a": 2}}', b'{"content": ' + b"9" * 10_000 + b"}", b'{"content": "a\x00b"}',
        '{"content": "\ud800"}'.encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_kept")
def test_what_is_no_object_is_refused(gateway: Gateway, body: bytes) -> None:
    answer = gateway.sends(body)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "unreadable")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", ["打印机"]), ("content", {"text": "打印机"}), ("content", 7), ("content", 1e308), ("content", True),
        ("content", "x" * 1_000_000), ("content", "字" * 300_000), ("content", "a\x00b"), ("content", "a\ud800b"),
        ("content", "   "), ("content", ""), ("content", None), ("customer_name", "\ufffe"),
        ("customer_name", "陈" * 121), ("customer_phone", 13900001234), ("customer_phone", "打电话"),
        ("category", "nonsense"), ("kind", ""), ("kind", []), ("urgency", "0"), ("occurred_at", "2026-02-30T10:00"),
        ("occurred_at", "2026-02-30"), ("occurred_at", "9999-12-31T23:59"), ("person_concerned", "nobody"),
        ("person_concerned", "x" * 9_000), ("major", "yes"), ("major", 1), ("major", []), ("confidential", "false"),
        ("files", "x"), ("customer_tel", "1"), ("csrf_token", "x"), ("", "x"), ("record", "x"), ("_fields", "x"),
        ("\ud800", "x"), ("x" * 9_000, "x"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_kept")
def test_a_value_that_will_not_do_is_told_by_its_field(gateway: Gateway, field: str, value: Any) -> None:
    answer = gateway.sends(json.dumps(SENT | {field: value}))
    assert answer.status_code == 422, answer.text
    told = answer.get_json()["fields"]
    assert list(told) == [field[:64]]
    assert told[field[:64]][0]
    assert len(answer.data) < 2_000


@pytest.mark.parametrize(
    "chosen",
    [
        {"content": "😀" * 400},
        {"content": "é\u202e<script>alert(1)</script>' OR 1=1 --{{7*7}}%(x)s"},
        {"content": "字" * 10_000, "demand": "\n" + "愿" * 1_998},
        {"kind": None, "urgency": None, "customer_type": None, "customer_name": None, "major": False},
        {"occurred_at": "2026-03-01T10:00:00+08:00"},
    ],
)
def test_what_a_form_takes_is_taken_as_it_is(app: Flask, gateway: Gateway, chosen: dict[str, Any]) -> None:
    answer = gateway.sends(**chosen)
    assert answer.status_code == 201, answer.text
    case = factories.load(app, answer.get_json()["number"])
    for name in ("content", "demand"):
        if name in chosen:
            assert getattr(case, name) == chosen[name].strip()


@pytest.mark.usefixtures("nothing_kept")
def test_all_that_is_wrong_is_told_at_once(gateway: Gateway) -> None:
    answer = gateway.sends(json.dumps({"category": "x", "major": 1, "occurred_at": "x", "tel": "1"}))
    assert set(answer.get_json()["fields"]) == {
        "category", "major", "occurred_at", "tel", "channel", "content",
    }  # fmt: skip
    many = gateway.sends(json.dumps({f"no{n}": n for n in range(100_000)}))
    assert many.status_code == 422
    assert len(many.data) < 4_000


@pytest.mark.usefixtures("nothing_kept")
def test_a_huge_body_is_not_read(gateway: Gateway) -> None:
    for body in (b" " * (50 * 1024 * 1024), b'{"content": "' + b"x" * 3_000_000 + b'"}'):
        answer = gateway.sends(body)
        assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")


@pytest.mark.parametrize(("asked", "said"), [("zh-CN", "必填"), ("en", "must be filled in"), ("xx", "必填")])
def test_messages_come_in_the_language_that_is_asked_for(gateway: Gateway, asked: str, said: str) -> None:
    answer = gateway.sends(headers={"Accept-Language": asked}, content="")
    assert said in answer.get_json()["fields"]["content"][0]


# -- how often ----------------------------------------------------------------------------------------------


def test_a_token_has_so_many_turns_a_minute(any_app: Flask, at: At) -> None:
    gateway = Gateway(any_app, a_token(any_app))
    other = Gateway(any_app, a_token(any_app, "desk2"))
    at("Mon 2026-03-02 09:00")
    for _ in range(MOST_A_MINUTE):
        assert gateway.sends(b"{").status_code == 400, "what is refused counts too"
    late = gateway.sends()
    assert (late.status_code, late.headers["Retry-After"]) == (429, "60")
    assert other.sends().status_code == 201
    at("Mon 2026-03-02 09:01")
    assert gateway.sends().status_code == 201
    with any_app.app_context():
        token = db.session.scalars(sa.select(IntakeToken).order_by(IntakeToken.id)).first()
        assert token is not None
        assert (token.used, token.used_at) == (1, clock.now()), "last used, to the minute"
