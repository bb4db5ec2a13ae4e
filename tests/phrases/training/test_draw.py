"""A paper is drawn: the same from the same seed, every question with one right answer."""

from __future__ import annotations

import json
from random import Random

import pytest

from portal.blueprints.phrases.training.codes import QuestionKind
from portal.blueprints.phrases.training.rules import marks
from portal.blueprints.phrases.training.rules.draw import (
    OPTIONS,
    Phrase,
    Pool,
    Ref,
    Script,
    Text,
    capacity,
    draw,
    kept,
    read,
)
from portal.blueprints.phrases.training.rules.wrong import wrong_values
from tests.phrases.training.making import FIGURES, MOMENTS, PHRASES, POOL, SCRIPTS, TABOOS, filled_in, text

EVERY = list(QuestionKind)


def test_a_seed_makes_the_paper_and_another_seed_another() -> None:
    papers = [draw(POOL, 12, seed, EVERY) for seed in range(40)]
    assert papers == [draw(POOL, 12, seed, EVERY) for seed in range(40)]
    assert len({json.dumps(kept(paper)) for paper in papers}) > 30
    assert all(read(json.loads(json.dumps(kept(paper)))) == paper for paper in papers)


@pytest.mark.parametrize("seed", range(25))
def test_each_question_has_one_right_answer(seed: int) -> None:
    taboos = {taboo.bad for taboo in TABOOS}
    of_moment = {moment: {p.text for p in PHRASES if moment in p.moments} for moment in MOMENTS}
    for question in draw(POOL, 20, seed, EVERY):
        options = question.options
        assert len({option.zh for option in options}) == len(options)
        chosen = options[question.right[0]] if question.kind is not QuestionKind.ORDER else None
        match question.kind:
            case QuestionKind.LINE:
                (moment,) = (code for code, words in MOMENTS.items() if words == question.about)
                assert [option for option in options if option in of_moment[moment]] == [chosen]
            case QuestionKind.TABOO:
                assert [option for option in options if option in taboos] == [chosen]
                assert "改说" in question.reason.zh
            case QuestionKind.FIGURE:
                (figure,) = (figure for figure in FIGURES if figure.title == question.about)
                assert (chosen, len(options)) == (Text(figure.value), OPTIONS)
            case QuestionKind.ORDER:
                (script,) = (script for script in SCRIPTS if script.title == question.about)
                assert options != script.steps
                placed = sorted(zip(question.right, options, strict=True))
                assert tuple(step for _, step in placed) == script.steps


def test_a_line_of_two_moments_is_no_wrong_one_at_either() -> None:
    both = Phrase(Ref("phrase", "both", 1), text("您好，请稍候"), ("greeting", "wait"))
    same = Phrase(Ref("phrase", "same", 1), text("问候用语0"), ("wait",))
    pool = Pool([*PHRASES, both, same], TABOOS, moments=MOMENTS)
    for seed in range(60):
        for question in draw(pool, 20, seed, [QuestionKind.LINE]):
            (moment,) = (code for code, words in MOMENTS.items() if words == question.about)
            fitting = {p.text for p in pool.phrases if moment in p.moments}
            assert sum(option in fitting for option in question.options) == 1


def test_what_there_is_too_little_of_is_not_asked() -> None:
    poor = Pool(PHRASES[:2], TABOOS, [Script(Ref("script", "two", 1), text("两步"), (text("一"), text("二")), "PG-06")],
                FIGURES, MOMENTS)  # fmt: skip
    counted = capacity(poor, 9)
    assert (counted[QuestionKind.TABOO], counted[QuestionKind.ORDER], counted[QuestionKind.FIGURE]) == (
        0,
        0,
        2,
    )
    paper = draw(poor, 10, 1, EVERY)
    assert {question.kind for question in paper} <= {QuestionKind.FIGURE, QuestionKind.LINE}
    assert draw(Pool(), 10, 1, EVERY) == []
    assert len(draw(POOL, 10, 1, [QuestionKind.ORDER])) == len(SCRIPTS)


def test_a_line_for_a_moment_much_like_another_is_not_wrong_there() -> None:
    near = Pool(PHRASES, TABOOS, moments=MOMENTS, near=[frozenset({"greeting", "wait"})])
    for question in draw(near, 12, 5, [QuestionKind.LINE]):
        said = {p.moments[0] for p in PHRASES if p.text in question.options}
        assert said in ({"greeting", "farewell"}, {"wait", "farewell"}, {"farewell", "greeting", "wait"})
        assert question.about == MOMENTS["farewell"] or {"greeting", "wait"} & said != {"greeting", "wait"}


@pytest.mark.parametrize(
    ("kind", "value", "like"),
    [("limit", "24 h", 3), ("limit", "0.5 wh", 3), ("limit", "30 min", 3), ("limit", "0 wd", 3), ("number", "2", 3),
     ("number", "100", 3), ("ladder", "100 % lead", 0), ("text", "08:30", 0)],
)  # fmt: skip
def test_wrong_values_are_of_the_same_unit_and_wrong(kind: str, value: str, like: int) -> None:
    for seed in range(20):
        found = wrong_values(kind, value, Random(seed))
        assert (len(found), len(set(found)), value in found) == (like, like, False)
        assert {each.partition(" ")[2] for each in found} <= {value.partition(" ")[2]}


@pytest.mark.clause("GO-02")
def test_a_paper_is_marked_whole_answers_only_and_never_rounded_up() -> None:
    paper = draw(POOL, 10, 3, EVERY)
    order = next(i for i, question in enumerate(paper, start=1) if question.kind is QuestionKind.ORDER)
    given = {str(i): list(question.right) for i, question in enumerate(paper, start=1)}
    assert marks.right_of(paper, given) == 10
    swapped = given[str(order)][:]
    swapped[0], swapped[1] = swapped[1], swapped[0]
    assert marks.right_of(paper, given | {str(order): swapped}) == 9
    assert marks.right_of(paper, {}) == 0
    table = [(8, 10, 80, True), (7, 10, 80, False), (2, 3, 67, False), (2, 3, 66, True), (0, 0, 1, False)]
    for right, asked, mark, passes in table:
        assert marks.has_passed(right, asked, mark) is passes, (right, asked, mark)
    assert len(filled_in(paper)) > 10


@pytest.mark.clause("GO-02")
def test_a_pass_holds_as_long_as_its_documents_do() -> None:
    refs = marks.documents(draw(POOL, 10, 3, EVERY))
    now = {(ref.kind, ref.code): ref.version for ref in refs}
    some = next(iter(now))
    assert not marks.is_stale(refs, now | {("phrase", "new"): 1})
    assert marks.is_stale(refs, now | {some: 2})
    assert marks.is_stale(refs, {key: version for key, version in now.items() if key != some})
