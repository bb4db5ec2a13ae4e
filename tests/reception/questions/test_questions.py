"""The question log: answered or asked inside, passed on, searched, summed up, forgotten (RC-22)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import NotFound

from portal import verification
from portal.blueprints.reception import privacy
from portal.blueprints.reception.questions import actions, forms, labels, queries
from portal.blueprints.reception.questions.codes import Outcome
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.questions.workflow import ASK, PHRASE, QUESTION, REPLY, TELL
from portal.kernel import clock, transitions
from portal.kernel.db import db
from portal.kernel.todos import Todo
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements
from tests.reception.makers import a_question, a_visit, answered, card, cells

URL = "/reception/questions/"
ENTRY: dict[str, Any] = {"question": "扫码枪的接口可以开放吗？", "outcome": "ask", "department": "tech"}


def act(app: Flask, by: str, verb: str, number: str, **given: Any) -> Question:
    """One verb by its action; `source` and `person` by user name. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        viewer = factories.viewer(by)
        people = {name: card(given[name]) for name in ("source", "person") if given.get(name)}
        with db.write():
            question = queries.find(viewer, number, lock=True)
            transitions.perform(
                QUESTION,
                question,
                verb,
                actions.ACTIONS[verb],
                by=viewer,
                now=clock.now(),
                **(given | people),
            )
        return question


def every(app: Flask) -> list[Question]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Question).order_by(Question.id)))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [f"{reason.clause} {reason.code}" for reason in refused.value.reasons]


def faults(app: Flask) -> list[str]:
    with app.app_context():
        return list(verification.faults())


# -- what happens ------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-22")
def test_a_known_question_is_kept_with_its_answer_and_waits_for_nobody(any_app: Flask) -> None:
    question = answered(any_app, "访客停车怎么收费", "前两小时免费")
    assert (question.state, question.number) == ("answered", "ZX-20260302-0001")
    assert factories.notices(any_app, kind="question:asked") == []
    assert factories.waiting(any_app, "desk1") == []
    with pytest.raises(Refused):
        act(any_app, "desk1", REPLY, question.number, answer="x", source="emp.tech")
    assert faults(any_app) == []


@pytest.mark.clause("RC-22")
def test_an_unknown_one_is_asked_inside_answered_and_passed_on(any_app: Flask) -> None:
    question = a_question(any_app)
    assert (question.state, question.answer) == ("pending", "")
    assert factories.told(any_app, "question:asked") == ["lead.tech"]
    assert factories.waiting(any_app, "lead.tech") == [(question.number, "reply-question")]
    with pytest.raises(Refused):
        act(any_app, "desk1", TELL, question.number)
    replied = act(any_app, "lead.tech", REPLY, question.number, answer="可以，签协议后开放")
    assert (replied.state, replied.replied_by_id) == ("replied", factories.id_of(any_app, "lead.tech"))
    assert factories.waiting(any_app, "lead.tech") == []
    assert factories.waiting(any_app, "desk2") == [(question.number, "tell-asker")]
    assert factories.told(any_app, "question:replied") == ["desk1"]
    with pytest.raises(Forbidden):
        act(any_app, "lead.tech", TELL, question.number)
    told = act(any_app, "desk2", TELL, question.number, note="电话告知")
    assert (told.state, told.told_by_id) == ("told", factories.id_of(any_app, "desk2"))
    assert factories.waiting(any_app, "desk2") == []
    assert faults(any_app) == []


@pytest.mark.clause("RC-22")
def test_the_desk_writes_down_an_answer_only_with_who_gave_it(app: Flask) -> None:
    question = a_question(app)
    for source in ("", "desk1"):
        with pytest.raises(Refused) as refused:
            act(app, "desk1", REPLY, question.number, answer="应该可以", source=source or None)
        assert codes(refused) == ["RC-22 source_missing"]
    assert every(app)[0].state == "pending"
    replied = act(app, "desk1", REPLY, question.number, answer="可以", source="emp.tech")
    assert replied.replied_by_id == factories.id_of(app, "emp.tech")


@pytest.mark.clause("RC-22")
def test_it_is_passed_on_when_the_wrong_one_was_asked_or_the_answer_is_none(app: Flask, at: At) -> None:
    question = a_question(app, person="emp.tech")
    assert (question.department, factories.waiting(app, "lead.tech")) == ("tech", [])
    first = factories.due(app, "emp.tech", question.number, "reply-question")
    at("Tue 2026-03-03 10:00")
    with pytest.raises(Refused) as refused:
        act(app, "emp.tech", ASK, question.number, person="emp.tech")
    assert codes(refused) == ["RC-22 asked_oneself"]
    with pytest.raises(Refused) as refused:
        act(app, "desk1", ASK, question.number)
    assert codes(refused) == ["RC-22 nobody_asked"]
    act(app, "emp.tech", ASK, question.number, department="impl", note="归实施部")
    assert factories.waiting(app, "emp.tech") == []
    later = factories.due(app, "lead.impl", question.number, "reply-question")
    assert first
    assert later
    assert later > first, "the limit begins anew"
    act(app, "lead.impl", REPLY, question.number, answer="不知所云")
    again = act(app, "desk1", ASK, question.number, person="sup.tech")
    assert (again.state, again.answer, again.replied_by_id) == ("pending", "", None)
    with pytest.raises(NotFound):
        act(app, "emp.tech", REPLY, question.number, answer="x")


@pytest.mark.clause("RC-22")
def test_who_does_not_answer_is_reminded(app: Flask, at: At) -> None:
    question = a_question(app, person="emp.tech")
    assert factories.sweep(app) == []
    at("Wed 2026-03-04 09:00")
    factories.sweep(app)
    assert factories.told(app, "clock:overdue") == ["emp.tech", "desk1"]
    at("Thu 2026-03-05 09:00")
    factories.sweep(app)
    assert factories.told(app, "clock:overdue")[2:] == ["lead.tech"]
    at("Fri 2026-03-06 09:00")
    factories.sweep(app)
    assert factories.told(app, "clock:overdue")[3:] == ["office1", "office2"]
    act(app, "emp.tech", REPLY, question.number, answer="可以")
    at("Mon 2026-03-09 09:00")
    assert factories.sweep(app) == []
    assert factories.history_faults(app) == []


def test_a_department_without_a_lead_passes_it_to_the_office(app: Flask) -> None:
    factories.change_person(app, "lead.impl", status="disabled")
    question = a_question(app, department="impl")
    assert factories.waiting(app, "office1") == [(question.number, "reply-question")]
    assert factories.told(app, "question:asked") == ["office1", "office2"]


@pytest.mark.clause("RC-22")
def test_an_answer_is_proposed_as_a_phrase_once(app: Flask) -> None:
    question = answered(app, "访客停车怎么收费", "前两小时免费")
    act(app, "desk1", PHRASE, question.number)
    assert factories.told(app, "question:phrase") == ["office1", "office2"]
    with pytest.raises(Refused) as refused:
        act(app, "desk2", PHRASE, question.number)
    assert codes(refused) == ["RC-22 question_proposed"]


# -- who sees what -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "status"),
    [("desk2", 200), ("office1", 200), ("gm", 200), ("lead.admin", 200), ("lead.tech", 200), ("emp.tech", 200),
     ("lead.impl", 404), ("emp.impl", 404), ("emp.admin", 404)],
)  # fmt: skip
def test_who_may_see_a_question(app: Flask, as_: As, username: str, status: int) -> None:
    number = a_question(app, person="emp.tech").number
    assert as_(username).get(URL + number).status_code == status
    assert (number in as_(username).get(URL).text) is (status == 200)
    assert as_(username).send(f"{URL}{number}/tell").status_code in {403, 404, 409}


def test_only_the_desk_writes_down(app: Flask, as_: As) -> None:
    for username in ("emp.tech", "lead.tech"):
        assert as_(username).send(f"{URL}record", **ENTRY).status_code == 403
        assert 'action="/reception/questions/record' not in as_(username).get(URL).text
    assert every(app) == []


def test_phones_are_masked_but_for_who_calls(app: Flask, as_: As) -> None:
    number = a_question(app, person="emp.tech").number
    assert "13900001234" not in as_("desk1").get(URL).text
    assert "139****1234" in as_("desk1").get(URL).text
    assert "13900001234" not in as_("desk1").get(URL + number).text, "not even the desk, unasked"
    assert 'href="tel:13900001234"' in as_("desk1").send(f"{URL}{number}/reveal").text
    audit = as_("office1").get("/office/audit/?event=question:reveal").text
    assert "The whole phone number was looked at" in audit
    assert as_("emp.tech").send(f"{URL}{number}/reveal").status_code == 403
    assert "13900001234" not in as_("emp.tech").get(URL + number).text
    act(app, "emp.tech", REPLY, number, answer="可以")
    act(app, "desk1", TELL, number)
    assert "13900001234" not in as_("desk1").get(URL + number).text
    assert as_("desk1").send(f"{URL}{number}/reveal").status_code == 403, "nothing is left to be told"
    book = as_("desk1").get(f"{URL}export").data
    shown = [str(cell) for row in cells(book) for cell in row]
    assert "139****1234" in shown
    assert not any("13900001234" in cell for cell in shown)


# -- the pages -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-22")
def test_a_question_is_written_down_on_the_page(app: Flask, as_: As) -> None:
    visit = a_visit(app)
    fields = ENTRY | {"visit": visit.number, "asker_name": "陈桂芳", "phone": "13900001234"}
    answer = as_("desk1").send(f"{URL}record", **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    (question,) = every(app)
    assert (question.visit_id, question.phone_tail, question.department) == (visit.id, "1234", "tech")
    assert question.number in as_("desk1").get(f"{URL}?visit={visit.number}").text
    assert visit.number in as_("desk1").get(URL + question.number).text


@pytest.mark.clause("RC-22")
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"question": ""}, "This must be filled in."),
        ({"outcome": "answer"}, "Write down the answer, or ask inside. (RC-22)"),
        ({"answer": "大概可以吧"}, "What is asked inside is not answered yet"),
        ({"department": ""}, "Name the department or the person that is asked. (RC-22)"),
        ({"outcome": None}, "This must be filled in."),
        ({"outcome": "guess"}, "Please choose one from the list."),
        ({"person": "nobody.here"}, "Nobody who works here has this user name."),
        ({"phone": "打给他"}, "This is not a phone number."),
        ({"visit": "LF-20260302-0099"}, "There is no visit of this number."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_typed(
    app: Flask, as_: As, chosen: dict[str, Any], said: str
) -> None:
    fields = ENTRY | {"asker_name": "王老先生"} | chosen
    answer = as_("desk1").send(f"{URL}record", **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    for name in ("question", "answer", "asker_name", "phone", "visit", "person"):
        assert (fields.get(name) or "") in answer.text
    assert every(app) == []


def test_a_form_sent_twice_is_one_question(app: Flask, as_: As) -> None:
    for _ in range(2):
        assert as_("desk1").send(f"{URL}record", **ENTRY, idempotency_key="once").status_code == 303
    changed = ENTRY | {"question": "另一个问题", "idempotency_key": "once"}
    answer = as_("desk1").send(f"{URL}record", **changed)
    assert (answer.status_code, len(every(app))) == (409, 1)
    assert "另一个问题" in answer.text
    assert 'value="once"' not in answer.text
    assert faults(app) == [], "no number is lost"


def test_a_verb_on_the_page(app: Flask, as_: As) -> None:
    number = a_question(app, person="emp.tech").number
    here = URL + number
    assert as_("desk1").send(f"{here}/tell").status_code == 409
    assert as_("emp.tech").send(f"{here}/tell").status_code == 403
    empty = as_("emp.tech").send(f"{here}/reply", answer="")
    assert (empty.status_code, "This must be filled in." in empty.text) == (422, True)
    guess = as_("desk1").send(f"{here}/reply", answer="我猜可以")
    assert guess.status_code == 409
    assert "RC-22" in guess.text
    assert "我猜可以" in guess.text, "what was typed is kept"
    stale = as_("emp.tech").send(f"{here}/reply", answer="可以", version="99")
    assert stale.status_code == 409
    done = as_("emp.tech").send(f"{here}/reply", answer="可以", version=str(every(app)[0].version))
    assert (done.status_code, done.headers["Location"]) == (303, here)
    assert as_("desk1").get(f"{here}?do=reply-question").status_code == 200


def test_who_passes_it_on_is_led_back_to_the_list(app: Flask, as_: As) -> None:
    here = URL + a_question(app, person="emp.tech").number
    answer = as_("emp.tech").send(f"{here}/ask-inside", department="impl")
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert as_("emp.tech").get(here).status_code == 404


@pytest.mark.parametrize("do", ["reply", "tell", "ask-inside", "phrase"])
def test_a_question_that_is_not_there_is_not_found(as_: As, do: str) -> None:
    assert as_("desk1").send(f"{URL}ZX-20260302-0001/{do}").status_code == 404
    assert as_("desk1").get(f"{URL}ZX-1").status_code == 404


# -- searching -----------------------------------------------------------------------------------------------------


@pytest.fixture
def some(any_app: Flask) -> dict[str, str]:
    """Three questions by a short name."""
    car = "请问访客的车停在哪里，怎么收费？"
    return {
        "parking": answered(any_app, car, "东侧，前两小时免费", asker_name="马建华").number,
        "invoice": answered(
            any_app, "发票什么时候能寄到？", "五个工作日", department="market", asker_name="", phone="13700009876"
        ).number,
        "open": a_question(any_app).number,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=停在哪里", "parking"),
        ("words=两小时", "parking"),
        ("words=majianhua", "parking"),
        ("words=mjh", "parking"),
        ("words=9876", "invoice"),
        ("words=0003", "open"),
        ("words=停在发票", ""),
        ("state=open", "open"),
        ("state=pending", "open"),
        ("state=answered&department=market", "invoice"),
        ("department=impl", ""),
        ("since=2026-03-03", ""),
        ("until=2026-03-01", ""),
        ("since=2026-03-02&until=2026-03-02", "parking invoice open"),
        ("mine=1", "parking invoice open"),
        ("visit=LF-20260302-0001", ""),
        ("state=nonsense&since=x&before=x", "parking invoice open"),
    ],
)
def test_questions_are_found(as_: As, some: dict[str, str], query: str, found: str) -> None:
    page = as_("desk1").get(f"{URL}?{query}")
    assert page.status_code == 200
    assert {name for name, number in some.items() if number in page.text} == set(found.split())


@pytest.mark.clause("RC-22")
def test_what_was_asked_before_is_shown_while_typing(any_app: Flask, as_: As, some: dict[str, str]) -> None:
    def alike(text: str) -> str:
        found = as_("desk1").get(f"{URL}similar?question={text}", headers={"HX-Request": "true"})
        return found.text

    assert "两小时免费" in alike("访客停车")
    assert "两小时免费" in alike("您好，车怎么收费")
    assert "五个工作日" in alike("发票寄到了吗")
    for nothing in ("", "请问", "食堂几点开门", "扫码枪的接口可以开放吗"):
        assert alike(nothing).strip() == "", nothing
    plain = as_("desk1").get(f"{URL}similar?question=发票")
    assert (plain.status_code, plain.headers["Location"].startswith(f"{URL}?words=")) == (302, True)
    # Whoever was asked sees nothing of questions that are not theirs.
    hidden = as_("emp.tech").get(f"{URL}similar?question=访客停车", headers={"HX-Request": "true"})
    assert hidden.text.strip() == ""


def test_the_page_of_an_open_question_shows_what_is_alike(app: Flask, as_: As) -> None:
    answered(app, "扫码枪接口开放吗", "签协议后开放")
    assert "签协议后开放" in as_("desk1").get(URL + a_question(app).number).text


def test_pages_of_the_log_cost_few_statements(app: Flask, as_: As) -> None:
    number = a_question(app).number
    pages = (URL, f"{URL}?words=扫码", URL + number, f"{URL}summary")
    one = [statements(as_("desk1"), page) for page in pages]
    for n in range(50):
        answered(app, f"扫码枪接口第{n}种", phone="13900001234")
    for page, before in zip(pages, one, strict=True):
        many = statements(as_("desk1"), page)
        assert len(many) <= MOST, (page, many)
        assert len(many) == len(before), page
    older = as_("desk1").get(URL)
    assert number not in older.text
    assert 'rel="next"' in older.text


# -- the quarter ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-22")
def test_a_quarter_is_summed_up(any_app: Flask, as_: As, at: At) -> None:
    for text in ("访客停车怎么收费", "请问访客停车怎么收费？", "访客的停车怎么收费"):
        answered(any_app, text, "前两小时免费")
    answered(any_app, "地铁站怎么走", department="")
    question = a_question(any_app)
    at("Mon 2026-03-02 11:00")
    act(any_app, "lead.tech", REPLY, question.number, answer="可以")
    a_question(any_app, question="培训能改到周末吗", department="tech")
    page = text_of(as_("desk1").get(f"{URL}summary?quarter=2026Q1"))
    assert "Questions 6" in page
    assert "2 h 0 min" in page
    assert "no department 1" in page
    assert "3 访客的停车怎么收费 前两小时免费" in page
    assert "地铁站" not in page
    assert "No question in this quarter" in text_of(as_("desk1").get(f"{URL}summary?quarter=2025Q4"))
    book = as_("desk1").get(f"{URL}summary/export?quarter=2026Q1").data
    rows = cells(book)
    assert [3, 3, 0, 0, None] in [row[1:6] for row in rows], "administration"
    assert [2, 0, 2, 2, "2 h 0 min"] in [row[1:6] for row in rows], "technology"
    assert any(row[6] == 3 and row[8] == "前两小时免费" for row in rows[1:] if row[6])


def test_a_lead_sums_up_what_the_department_was_asked(app: Flask, as_: As) -> None:
    a_question(app)
    answered(app, "访客停车怎么收费", department="tech")
    assert "Questions 1" in text_of(as_("lead.tech").get(f"{URL}summary"))
    assert as_("emp.impl").get(f"{URL}export").status_code == 403


# -- forgetting -------------------------------------------------------------------------------------------------------


def everywhere(app: Flask, marker: str) -> list[str]:
    """Every table and column in which a text stands."""
    found = []
    with app.app_context():
        for name in sa.inspect(db.engine).get_table_names():
            if name.startswith("search_"):
                continue
            for row in db.session.execute(sa.text(f'SELECT * FROM "{name}"')).mappings():  # its own names
                found += [f"{name}.{column}" for column, value in row.items() if marker in str(value)]
    return found


@pytest.mark.clause("RC-20")
def test_what_a_visitor_asked_goes_with_the_visit(any_app: Flask) -> None:
    visit = a_visit(any_app)
    marker = "独角兽"
    question = a_question(
        any_app, question=f"{marker}的问题", asker_name=marker, phone="13912345678", visit_id=visit.id
    )
    act(any_app, "desk1", ASK, question.number, department="impl", note=f"{marker}改问")
    act(any_app, "lead.impl", REPLY, question.number, answer=f"给{marker}的答复")
    other = answered(any_app, "另一位的问题")
    assert {"questions.question", "questions.asker_name", "todos.title", "history_texts.words"} <= set(
        everywhere(any_app, marker)
    )
    with any_app.app_context(), db.write():
        assert actions.erase in privacy.ERASERS
        actions.erase(visit.id)
    assert everywhere(any_app, marker) == everywhere(any_app, "13912345678") == []
    assert [q.question for q in every(any_app)] == ["", other.question]
    assert every(any_app)[0].asked_at is not None, "that somebody asked stays, for the figures"
    assert faults(any_app) == []


@pytest.mark.clause("RC-20")
def test_names_of_those_who_asked_long_ago_are_forgotten(any_app: Flask, at: At) -> None:
    """Preview, then the office's word: who asked without a visit goes, question and answer stay."""
    answered(any_app, "访客停车怎么收费", "免费", asker_name="马建华", phone="13900001234")
    answered(any_app, "马建华的卡好了吗", "好了", asker_name="马建华", phone="13900001234")
    told = a_question(any_app, question="能上门吗", asker_name="马建华", phone="13900001234").number
    act(any_app, "lead.tech", REPLY, told, answer="可以")
    act(any_app, "desk1", TELL, told, note="马建华说周五来")
    a_question(any_app, question="接口开放吗", asker_name="秦岭", phone="")
    at("Mon 2026-03-09 09:00")
    answered(any_app, "发票", "五天", asker_name="苏婷", phone="")
    at("Tue 2027-03-02 09:00")
    office = client_of(any_app, "office1")
    page = text_of(office.get("/reception/privacy/"))
    assert "Past their term without a visit" in page
    assert "Question asked 3" in page
    assert office.send("/reception/privacy/forget", confirm="1").status_code == 422
    assert office.send("/reception/privacy/forget", confirm="3").status_code == 303
    assert [(q.question, q.answer, q.asker_name) for q in every(any_app)] == [
        ("访客停车怎么收费", "免费", ""),
        ("", "", ""),  # it names who asked
        ("能上门吗", "可以", ""),
        ("接口开放吗", "", "秦岭"),  # still to be answered
        ("发票", "五天", "苏婷"),
    ]
    assert everywhere(any_app, "马建华") == everywhere(any_app, "13900001234") == []
    assert faults(any_app) == []


def test_history_is_told_in_words(app: Flask, as_: As) -> None:
    number = a_question(app, person="emp.tech").number
    act(app, "desk1", REPLY, number, answer="可以", source="emp.tech")
    page = text_of(as_("desk1").get(URL + number))
    assert "Answered inside" in page
    assert "Said by: 李工" in page
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Todo)) == 1


def test_every_verb_is_whole() -> None:
    verbs = set(QUESTION.verbs)
    assert verbs == set(actions.ACTIONS) == set(forms.FORMS) == set(labels.BUTTONS) == set(labels.SAID)
    assert {f"question:{verb}" for verb in verbs} <= set(labels.HISTORY)
    assert set(Outcome) == set(labels.LABELS[Outcome])
