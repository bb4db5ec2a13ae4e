"""A matter reaches the office: recorded once, read back, owned by whoever took it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints import queries, rules
from portal.blueprints.complaints.codes import Category, Channel, Kind, ReadBack, State, Urgency
from portal.kernel import files
from portal.kernel.people import Status
from portal.kernel.workflow import Forbidden
from tests import factories
from tests.client import number_in, text_of
from tests.conftest import As, At, client_of
from tests.kernel.moments import at as moment


@pytest.mark.clause("CP-01")
@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_recorded_the_same_way(app: Flask, as_: As, channel: Channel) -> None:
    number = number_in(as_("desk1").register(channel=channel, read_back=""))
    case = factories.load(app, number)
    assert (case.channel, case.state, case.customer_name) == (channel, State.REGISTERED, "陈桂芳")
    visit = ["case:visit_linked"] if channel is Channel.ONSITE else []  # RC-30
    assert [line.event for line in factories.events(app, number)] == ["case:register", *visit]


@pytest.mark.clause("CP-02")
@pytest.mark.clause("CP-13")
@pytest.mark.clause("CP-14")
@pytest.mark.parametrize(
    ("kind", "clocks"),
    [
        (Kind.INQUIRY, ["answer"]),
        (Kind.SUGGESTION, ["answer", "whole_case"]),
        (Kind.COMPLAINT, ["answer", "solution", "whole_case"]),
    ],
)
def test_each_kind_has_limits_of_its_own(app: Flask, kind: Kind, clocks: list[str]) -> None:
    number = factories.a_case(app, kind=kind)
    assert [clock.kind for clock in factories.clocks(app, number)] == clocks


@pytest.mark.parametrize(
    ("clause", "field"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (("CP-02", "kind"), ("CP-04", "channel"), ("CP-04", "content"), ("CP-05", "category"))
    ],
)
def test_a_record_without_what_its_clause_asks_for_is_not_taken(
    app: Flask, as_: As, clause: str, field: str
) -> None:
    answer = as_("desk1").register(**{field: "  ", "demand": "请尽快派人来修"})
    assert answer.status_code == 422, clause
    assert "请尽快派人来修" in answer.text
    assert factories.events(app) == [] or factories.events(app)[-1].event != "case:register"


@pytest.mark.clause("CP-02")
@pytest.mark.clause("CP-18")
def test_a_suggestion_is_answered_and_not_called_about(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED, kind=Kind.SUGGESTION)
    assert factories.clocks(app, number, "follow_up") == []
    assert (number, "follow-up") not in factories.waiting(app, "desk1")


@pytest.mark.clause("CP-02")
def test_an_inquiry_is_answered_at_once_and_needs_no_proposal(app: Flask) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY)
    assert factories.do(app, "desk1", "report", number, answer="周一至周五上班") is State.REPORTED
    assert factories.load(app, number).confirmed_at is not None, "the first responder gave the answer"
    assert factories.do(app, "desk1", "archive", number, evaluation="已答复") is State.ARCHIVED


@pytest.mark.clause("CP-02")
def test_an_inquiry_that_another_department_must_answer(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, kind=Kind.INQUIRY)
    assert factories.refused(
        app, "emp.tech", "propose", number, findings="x", finding="mistake", solution=["x"]
    ) == ["CP-11 wrong_kind"]
    assert factories.do(app, "emp.tech", "report", number, answer="已说明") is State.REPORTED
    assert factories.refused(app, "desk1", "archive", number, evaluation="好") == ["CP-03 not_confirmed"]
    factories.do(app, "desk1", "confirm", number)
    assert factories.do(app, "desk1", "archive", number, evaluation="好") is State.ARCHIVED


@pytest.mark.clause("CP-02")
def test_a_change_of_kind_leaves_a_trace(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    browser = as_("desk1")
    form: dict[str, Any] = {
        "kind": "inquiry",
        "category": "product",
        "content": "打印机漏墨",
        "customer_name": "陈桂芳",
    }
    assert browser.send(f"/complaints/{number}/edit", **form).status_code == 303
    assert factories.load(app, number).kind is Kind.INQUIRY
    line = factories.events(app, number)[-1]
    assert line.event == "case:edit"
    assert "kind" in line.details
    assert "complaint" in text_of(browser.get(f"/complaints/{number}")).lower()


@pytest.mark.clause("CP-03")
@pytest.mark.parametrize("username", ["desk1", "emp.tech", "emp.admin", "lead.impl", "gm", "office2"])
def test_whoever_is_reached_first_owns_the_matter_to_its_end(app: Flask, as_: As, username: str) -> None:
    number = number_in(as_(username).register())
    assert factories.load(app, number).first_responder_id == factories.id_of(app, username)
    for verb, who, given in [
        ("route", "desk2", {}),
        ("accept", "lead.tech", {"handler": "sup.tech"}),
    ]:
        factories.do(app, who, verb, number, **given)
    case = factories.load(app, number)
    assert case.first_responder_id == factories.id_of(app, username), (
        "routing takes nothing from the first responder"
    )
    assert as_(username).get(f"/complaints/{number}").status_code == 200
    assert number in as_(username).get("/complaints/?mine=1").text


@pytest.mark.clause("CP-03")
def test_the_first_responder_confirms_the_closing_answer(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    assert as_("desk2").act(number, "confirm").status_code == 403
    assert as_("lead.tech").act(number, "confirm").status_code == 403
    assert "CP-03 not_confirmed" in factories.refused(app, "desk1", "archive", number, evaluation="好")
    assert (number, "confirm") in factories.waiting(app, "desk1")
    factories.do(app, "desk1", "confirm", number)
    assert "CP-03 not_confirmed" not in factories.refused(app, "desk1", "archive", number, evaluation="好")


@pytest.mark.clause("CP-03")
def test_the_answer_to_a_complaint_is_confirmed_apart_from_giving_it(app: Flask) -> None:
    number = factories.registered(app, by="emp.tech")
    factories.bring(app, number, State.REPORTED)
    assert factories.load(app, number).reported_by_id == factories.load(app, number).first_responder_id
    assert factories.load(app, number).confirmed_at is None


@pytest.mark.clause("CP-03")
def test_an_answer_to_an_inquiry_that_another_gave_is_still_to_be_confirmed(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, kind=Kind.INQUIRY)
    factories.do(app, "emp.tech", "report", number, answer="已说明")
    assert factories.load(app, number).confirmed_at is None
    factories.do(app, "desk1", "confirm", number)
    assert factories.load(app, number).confirmed_at is not None


@pytest.mark.clause("CP-03")
@pytest.mark.parametrize("instead", ["lead.impl", "office1"])
def test_the_lead_of_an_absent_first_responder_may_confirm(app: Flask, instead: str) -> None:
    number = factories.registered(app, by="emp.impl")
    factories.bring(app, number, State.REPORTED)
    assert factories.do(app, "desk2", "note", number, note="x") is State.REPORTED
    assert factories.waiting(app, "lead.impl") == []
    factories.change_person(app, "emp.impl", status=Status.DEPARTED)
    with pytest.raises(Forbidden):
        factories.do(app, "lead.tech", "confirm", number)
    factories.do(app, "desk2", "note", number, note="首问责任人已离职")
    assert (number, "confirm") in factories.waiting(app, "lead.impl")
    factories.do(app, instead, "confirm", number)
    case = factories.load(app, number)
    assert case.confirmed_at is not None
    assert f'"instead_of":{case.first_responder_id}' in factories.events(app, number)[-1].details


LETTER = "尊敬的客服：打印机漏墨，请派人来修。陈桂芳".encode()


def a_letter(name: str = "来信.txt") -> tuple[BytesIO, str]:
    """A file as a browser sends it; each is read once."""
    return BytesIO(LETTER), name


def a_letter_attached(app: Flask, number: str) -> None:
    assert client_of(app, "desk1").act(number, "attach", files=a_letter()).status_code == 303


@pytest.mark.clause("CP-04")
@pytest.mark.parametrize("sent", [(BytesIO(), ""), None])
def test_an_original_counts_at_the_intake_only_with_its_file(
    as_: As, sent: tuple[BytesIO, str] | None
) -> None:
    fields = {"channel": "letter", "read_back": "original"}
    answer = as_("desk1").register(**fields, files=sent)
    assert answer.status_code == 422
    assert re.search(r'id="read_back-error".*?attach the original.*?>CP-04</a>', answer.text, re.DOTALL)
    assert "打印机漏墨" in answer.text, "what was typed is kept"
    assert as_("desk1").register(**fields, files=a_letter()).status_code == 303


@pytest.mark.clause("CP-04")
def test_an_original_counts_later_with_a_file_that_lies_there_or_comes_with_it(app: Flask, as_: As) -> None:
    bare, with_it, before = (factories.a_case(app, channel=Channel.LETTER, read_back=None) for _ in range(3))
    given = {"read_back": "original", "reason": "信已收进档案柜"}
    for htmx in (False, True):
        answer = as_("desk1").act(bare, "read-back", htmx=htmx, **given)
        assert answer.status_code == 422
        assert "CP-04" in answer.text
        assert "信已收进档案柜" in answer.text, "what was typed is kept"
    assert factories.load(app, bare).read_back is None
    against = factories.refused(app, "desk1", "read-back", bare, read_back=ReadBack.ORIGINAL)
    assert against == ["CP-04 read_back_no_original"]
    assert as_("desk1").act(with_it, "read-back", **given, files=a_letter()).status_code == 303
    assert "来信.txt" in as_("desk1").get(f"/complaints/{with_it}").text
    a_letter_attached(app, before)
    assert as_("desk1").act(before, "read-back", **given).status_code == 303
    for number in (with_it, before):
        assert factories.load(app, number).read_back is ReadBack.ORIGINAL


@pytest.mark.clause("CP-04")
@pytest.mark.parametrize(
    ("channel", "how", "customer", "reason", "against"),
    [
        ("phone", "yes", "陈桂芳", "", None),
        ("phone", "signed", "陈桂芳", "", None),
        ("phone", "original", "陈桂芳", "", "read_back_spoken"),
        ("phone", "copy_sent", "陈桂芳", "", "read_back_spoken"),
        ("onsite", "signed", "陈桂芳", "", None),
        ("onsite", "original", "陈桂芳", "", "read_back_spoken"),
        ("letter", "original", "陈桂芳", "", None),
        ("email", "copy_sent", "陈桂芳", "", None),
        ("wechat", "original", "陈桂芳", "", None),
        ("phone", "not_possible", "陈桂芳", "他挂断了", "read_back_only_anonymous"),
        ("phone", "not_possible", "", "", "read_back_needs_reason"),
        ("phone", "not_possible", "", "匿名来电", None),
    ],
)
def test_which_confirmation_counts_for_which_channel(
    app: Flask, channel: str, how: str, customer: str, reason: str, against: str | None
) -> None:
    fits = rules.read_back_fits(Channel(channel), ReadBack(how), not customer, reason, attached=True)
    assert fits == against
    number = factories.a_case(app, channel=Channel(channel), customer_name=customer, read_back=None)
    a_letter_attached(app, number)
    given = {"read_back": ReadBack(how), "reason": reason}
    if against:
        assert factories.refused(app, "desk1", "read-back", number, **given) == [f"CP-04 {against}"]
    else:
        factories.do(app, "desk1", "read-back", number, **given)
        case = factories.load(app, number)
        assert (case.read_back_at, case.read_back_reason) == (moment("Mon 2026-03-02 09:00"), reason)


@pytest.mark.clause("CP-04")
def test_a_record_read_back_during_the_call_is_confirmed_with_its_time(app: Flask, as_: As) -> None:
    case = factories.load(app, number_in(as_("desk1").register(read_back="yes")))
    assert (case.read_back_at, case.read_back_by_id) == (case.registered_at, factories.id_of(app, "desk1"))


@pytest.mark.clause("CP-02")
@pytest.mark.clause("CP-04")
def test_what_a_mended_record_said_before_stays_in_its_history(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    form: dict[str, Any] = {"kind": "suggestion", "category": "product", "content": "另一件事"}
    assert as_("desk1").send(f"/complaints/{number}/edit", **form).status_code == 303
    with app.app_context():
        line = queries.events(factories.load(app, number))[0]
    assert {"content", "kind"} <= set(line.details["fields"])
    assert line.words["was content"] == factories.USUAL["content"]
    assert line.words["was kind"] == "complaint"


@pytest.mark.clause("CP-04")
def test_an_unconfirmed_record_is_not_routed(app: Flask, as_: As) -> None:
    number = number_in(as_("desk1").register(read_back=""))
    answer = as_("desk1").act(number, "route")
    assert answer.status_code == 409
    assert "CP-04" in answer.text
    assert "The record has not been confirmed by the customer." in answer.text
    factories.do(app, "desk1", "read-back", number, read_back=ReadBack.YES)
    assert factories.do(app, "desk1", "route", number) is State.ROUTED


@pytest.mark.clause("CP-04")
def test_an_urgent_case_goes_first_and_its_confirmation_becomes_a_task(app: Flask) -> None:
    number = factories.a_case(app, urgency=Urgency.URGENT, read_back=None)
    assert factories.do(app, "desk1", "route", number) is State.ROUTED
    assert (number, "read-back") in factories.waiting(app, "desk1")
    factories.do(app, "desk1", "read-back", number, read_back=ReadBack.YES)
    assert (number, "read-back") not in factories.waiting(app, "desk1")


@pytest.mark.clause("CP-04")
def test_the_intake_form_tells_a_confirmation_that_does_not_fit(as_: As) -> None:
    answer = as_("desk1").register(channel="phone", read_back="original")
    assert answer.status_code == 422
    assert "CP-04" in answer.text
    assert "打印机漏墨" in answer.text, "what was typed is kept"


@pytest.mark.clause("CP-04")
def test_a_confidential_tip_off_is_seen_by_the_general_office_only(app: Flask, as_: As) -> None:
    number = factories.a_case(app, confidential=True, major=True)
    assert factories.load(app, number).first_responder_id == factories.id_of(app, "office1")
    for username in ("office1", "office2"):
        assert as_(username).get(f"/complaints/{number}").status_code == 200
        assert (number, "route") in factories.waiting(app, username)
    factories.do(app, "office1", "route", number)
    factories.do(app, "office1", "assist", number, department="impl", note="请核对")
    letter = (BytesIO("有人虚报工时".encode()), "letter.txt")
    assert as_("office1").act(number, "attach", files=letter).status_code == 303
    with app.app_context():
        (kept,) = files.of(factories.load(app, number))
    assert as_("office2").get(f"/complaints/{number}/files/{kept.id}").status_code == 200
    for username in ("desk1", "desk2", "lead.tech", "emp.tech", "lead.impl", "gm"):
        assert as_(username).get(f"/complaints/{number}").status_code == 404, username
        assert as_(username).get(f"/complaints/{number}/files/{kept.id}").status_code == 404, username
        assert number not in as_(username).get("/complaints/").text
        assert factories.waiting(app, username) == [], f"{username} reads its content in my day"
        assert factories.notices(app, username) == [], f"{username} was told of it"
    assert (number, "accept") in factories.waiting(app, "office2")


@pytest.mark.clause("CP-04")
def test_whoever_takes_a_confidential_tip_off_is_led_away_from_it(as_: As) -> None:
    for username, led_to in (("desk1", "/complaints/"), ("office1", "/complaints/TS-20260302-0002")):
        answer = as_(username).register(confidential="y")
        assert (answer.status_code, answer.headers["Location"]) == (303, led_to)
        assert as_(username).get(led_to).status_code == 200


def test_a_resent_form_makes_one_case(app: Flask, as_: As) -> None:
    first = number_in(as_("desk1").register(idempotency_key="k1"))
    assert number_in(as_("desk1").register(idempotency_key="k1")) == first
    assert number_in(as_("desk2").register(idempotency_key="k1")) != first, (
        "another person's key is another key"
    )


def test_a_form_sent_again_with_other_words_is_asked_about(app: Flask, as_: As) -> None:
    number_in(as_("desk1").register(idempotency_key="k1"))
    answer = as_("desk1").register(idempotency_key="k1", content="另一件事")
    assert answer.status_code == 409
    assert "另一件事" in answer.text
    assert 'value="k1"' not in answer.text, "the form carries a new key"
    assert [line.event for line in factories.events(app)].count("case:register") == 1


def test_identical_content_without_a_key_is_two_cases(as_: As) -> None:
    assert number_in(as_("desk1").register()) != number_in(as_("desk1").register())


def test_a_number_is_of_the_companys_day(at: At, as_: As) -> None:
    at("Mon 2026-03-02 23:59")
    assert number_in(as_("desk1").register()) == "TS-20260302-0001"
    at("Tue 2026-03-03 00:01")
    assert number_in(as_("desk1").register()) == "TS-20260303-0001"
    assert number_in(as_("desk1").register()) == "TS-20260303-0002"


def test_a_stale_edit_shows_both_versions(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    page = as_("desk1").get(f"/complaints/{number}/edit")
    assert page.status_code == 200
    seen = str(factories.load(app, number).version)
    form: dict[str, Any] = {
        "kind": "complaint",
        "category": "product",
        "customer_name": "陈桂芳",
        "version": seen,
    }
    assert as_("desk2").send(f"/complaints/{number}/edit", content="对方改成这样", **form).status_code == 303
    answer = as_("desk1").send(f"/complaints/{number}/edit", content="我想改成那样", **form)
    assert answer.status_code == 409
    assert "对方改成这样" in answer.text
    assert "我想改成那样" in answer.text
    assert factories.load(app, number).content == "对方改成这样"


def test_a_remark_never_spoils_an_approval(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.PROPOSED)
    case = factories.load(app, number)
    factories.do(app, "desk1", "note", number, note="客户又来电话")
    assert as_("lead.tech").act(number, "approve", proposal=str(case.proposal_id)).status_code == 303
    assert factories.load(app, number).state is State.APPROVED


def test_an_absent_person_is_nobody(app: Flask, as_: As) -> None:
    factories.change_person(app, "emp.tech", status=Status.DISABLED)
    answer = as_("desk1").register(person_concerned="emp.tech", category=Category.ATTITUDE)
    assert answer.status_code == 422
    assert "Nobody who works here has this user name." in answer.text
