"""Two Chinese characters find a text, a number is found by its tail, and no query can break the index."""

import random
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import cutting, pinyin, search, search_care
from portal.kernel.db import db
from portal.kernel.pinyin import readings
from tests import throwaway_postgres
from tests.kernel import pinyin_table
from tests.throwaway_postgres import Server

TEXTS = {
    1: "TS-20261121-0001\n陈桂芳\nchenguifang cgf\n13812345678\n空调漏水，会议室打印机坏了",
    2: "TS-20261121-0002\n单雄信\nshanxiongxin sxx\n13900001234\n会议改期，议室不开；VIP客户",
    3: "TS-20261122-0001\n王Sir\nwang w sir\n021-5566\n3楼A座漏风，空气不好",
    4: "TS-20261122-0003\n李敏\nlimin lm\n19900001005\n１２３号房 ＡＢＣＤ ℃ 😀",
}

things = sa.table("things", sa.column("id", sa.BigInteger), sa.column("words", sa.Text))


def pieces(text: str) -> set[str]:
    return set(cutting.terms(text).split())


# -- cutting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("空调", ["空调"]),
        ("空", ["空"]),
        ("空调漏水", ["空调", "调漏", "漏水"]),
        ("空调，漏水", ["空调", "漏水"]),
        ("3楼", ["3楼"]),
        ("VP", ["vp"]),
        ("0001", ["0001"]),
        ("20261", ["2026", "0261"]),
        ("a2026b", ["a20", "2026", "26b"]),
        ("ＡＢＣ", ["abc"]),
        ('"空调" OR *', ["空调", "or"]),
        ("NEAR(a b) -c ^d", ["nea", "ear", "a", "b", "c", "d"]),
        (" ，。!\x00\ud800 ", []),
    ],
)
def test_a_query_needs_these_pieces(words: str, needed: list[str]) -> None:
    assert cutting.asked(words) == needed


def test_pairs_do_not_reach_over_punctuation_or_lines() -> None:
    assert pieces("漏水，空调\n打印") >= {"漏水", "空调", "打印"}
    assert not pieces("漏水，空调\n打印") & {"水空", "调打"}


def test_every_two_characters_of_a_text_find_it() -> None:
    text = "3楼A座的空调坏了2次，打印机HP1020卡纸、报E05；电话13812345678"
    for run in cutting._runs(cutting.plain(text)):
        for at in range(len(run) - 1):
            assert set(cutting.asked(run[at : at + 2])) <= pieces(text), run[at : at + 2]


@given(st.text(max_size=80), st.data())
@settings(max_examples=150, deadline=None)
def test_any_part_of_a_run_finds_its_text(text: str, data: st.DataObject) -> None:
    for run in cutting._runs(cutting.plain(text)):
        at = data.draw(st.integers(0, len(run) - 1))
        end = data.draw(st.integers(at + 1, len(run)))
        if end - at == 1 and len(run) > 1 and not cutting._is_sign(run[at]):
            continue  # a single letter is looked for by itself, not inside words
        assert set(cutting.asked(run[at:end])) <= pieces(text)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_pieces_are_short_and_plain(text: str) -> None:
    for piece in pieces(text):
        assert 1 <= len(piece) <= (4 if piece.isdecimal() else 3)
        assert not set(piece) & set(string.punctuation + string.whitespace + "\x00")


def test_long_texts_and_queries_are_bounded() -> None:
    rng = random.Random(1)
    long = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(1_000_000))
    assert len(cutting.terms(long)) < 150_000
    assert len(cutting.asked(long)) == cutting.MOST_PIECES
    assert cutting.rest(long) == [long[: cutting.MOST_WORDS]]


def test_only_words_longer_than_a_piece_are_looked_for_again() -> None:
    assert cutting.rest("空调 3楼 VIP 1") == []
    assert cutting.rest("空调漏水 0001 打印 13801") == ["空调漏水", "13801"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("陈桂芳", "chenguifang cgf"),
        ("单雄信", "shanxiongxin sxx"),
        ("仇英", "qiuying qy"),
        ("曾国藩", "zengguofan zgf"),
        ("解晓东", "xiexiaodong xxd"),
        ("查良镛", "zhaliangyong zly"),
        ("盖聂", "genie gn"),
        ("尉迟恭", "yuchigong ycg"),
        ("单于明", "chanyuming cym"),
        ("欧阳婷", "ouyangting oyt"),
        ("买买提·艾力", "maimaitiaili mmtal"),
        ("John Smith", "john smith"),
        ("王Sir", "wang w sir"),
        ("", ""),
        ("👀", ""),
    ],
)
def test_how_a_name_is_typed(name: str, typed: str) -> None:
    assert readings(name) == typed
    assert len(readings(name * 500)) <= 160


def test_signs_are_read_as_in_the_library() -> None:
    assert pinyin_table.table() == pinyin.TABLE.read_text(encoding="utf-8")


# -- the index, on both databases ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    yield from throwaway_postgres.for_tests()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application with nothing but a table `things`, its index, and TEXTS in both."""
    url = f"sqlite:///{tmp_path / 'search.db'}"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        url = server.create_database(f"search_{tmp_path.name}".lower().replace("-", "_")[:60])
    app = Flask("bare", instance_path=str(tmp_path))
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SETTINGS=type("Settings", (), {"instance": tmp_path}))
    db.init_app(app)
    with app.app_context():
        with db.write():
            db.session.execute(sa.text("CREATE TABLE things (id bigint PRIMARY KEY, words text)"))
            search.create(db.session.connection(), "thing")
            for number, text in TEXTS.items():
                save(number, text)
        yield app
        db.session.remove()
        db.engine.dispose()


def save(number: int, text: str) -> None:
    db.session.execute(sa.insert(things).values(id=number, words=text))
    search.put("thing", number, None, text)


def find(words: str) -> list[int]:
    rows, key = search.join(sa.select(things.c.id), "thing", words, things.c.id)
    rows = rows.where(search.recheck(words, things.c.words))
    return list(db.session.scalars(rows.order_by(key.desc()).limit(51)))


def stored() -> list[tuple[int, str]]:
    return [(number, text) for number, text in db.session.execute(sa.select(things).order_by(things.c.id))]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("空调", [1]),
        ("漏", [3, 1]),
        ("会议室", [1]),
        ("议室", [2, 1]),
        ("陈桂芳", [1]),
        ("cgf", [1]),
        ("chenguifang", [1]),
        ("guifang", [1]),
        ("TS-20261121-0001", [1]),
        ("20261121", [2, 1]),
        ("0001", [4, 3, 2, 1]),
        ("1121-0001", [1]),
        ("5678", [1]),
        ("1381", [1]),
        ("13812345678", [1]),
        ("vip", [2]),
        ("a座", [3]),
        ("3楼", [3]),
        ("123号", [4]),
        ("abcd", [4]),
        ("ＡＢＣＤ", [4]),
        ("😀", [4]),
        ("漏水 打印", [1]),
        ("漏水 VIP", []),
        ("空调会议", []),
        ("'; DROP TABLE things --", []),
        ('"', []),
        ("terms:空调", []),
        ("", []),
    ],
)
def test_what_a_query_finds(bare: Flask, words: str, numbers: list[int]) -> None:
    assert find(words) == numbers
    assert sorted(find(words)) == sorted(
        n for n, t in TEXTS.items() if cutting.asked(words) and _has(words, t)
    )


def _has(words: str, text: str) -> bool:
    return set(cutting.asked(words)) <= pieces(text) and cutting.answers(words, text)


def test_pieces_apart_are_not_the_word(bare: Flask) -> None:
    with db.write():
        save(5, "甲乙丙，乙丙丁；77889 88990")
    assert list(db.session.scalars(search.matching("thing", "甲乙丙丁"))) == [5]
    assert find("甲乙丙丁") == []
    assert find("7788990") == []
    assert find("乙丙丁") == [5]


def test_readings_are_found_though_no_column_holds_them(bare: Flask) -> None:
    rows, key = search.join(sa.select(things.c.id), "thing", "chenguifang 空调漏水", things.c.id)
    narrowed = rows.where(search.recheck("chenguifang 空调漏水", sa.literal("空调漏水"), readings=True))
    assert list(db.session.scalars(narrowed.order_by(key))) == [1]


def test_a_change_is_followed_and_a_refused_one_is_not(bare: Flask) -> None:
    with db.write():
        search.put("thing", 1, TEXTS[1], "打印机修好")
        search.put("thing", 2, TEXTS[2], None)
    assert find("空调") == []
    assert list(db.session.scalars(search.matching("thing", "修好"))) == [1]
    assert find("会议") == []
    with pytest.raises(sa.exc.IntegrityError), db.write():
        spoil()
    assert find("3楼") == [3]


def spoil() -> None:
    search.put("thing", 3, TEXTS[3], "别的")
    save(4, "第二次")  # the number is taken


def test_newest_first_and_page_by_page(bare: Flask) -> None:
    with db.write():
        for number in range(10, 130):
            save(number, f"同一句话 {number}")
    rows, key = search.join(sa.select(things.c.id), "thing", "同一", things.c.id)
    first = list(db.session.scalars(rows.order_by(key.desc()).limit(50)))
    assert first == list(range(129, 79, -1))
    second = list(db.session.scalars(rows.where(key < first[-1]).order_by(key.desc()).limit(50)))
    assert second == list(range(79, 29, -1))
    assert find("同一句话")[:3] == [129, 128, 127]


def test_faults_tell_what_is_missing_and_what_is_stale(bare: Flask) -> None:
    assert list(search_care.faults("thing", stored)) == []
    with db.write():
        search.put("thing", 1, TEXTS[1], None)
        search.put("thing", 9, None, "从未有过")
        db.session.execute(sa.update(things).where(things.c.id == 2).values(words="会议改期"))
    told = list(search_care.faults("thing", stored))
    assert any("search_thing: 1 cannot be found" in line for line in told)
    assert any("search_thing: 2 is found by" in line for line in told)
    assert any("search_thing: 9 is found" in line for line in told)
    assert not any("search_thing: 3 " in line for line in told)
    with db.write():
        assert search_care.rebuild("thing", stored()) == 4
    assert list(search_care.faults("thing", stored)) == []
    assert find("空调") == [1]


def test_two_rows_swapped_are_noticed(bare: Flask) -> None:
    with db.write():
        for number, text in ((1, TEXTS[3]), (3, TEXTS[1])):
            search.put("thing", number, TEXTS[number], text)
    assert len(list(search_care.faults("thing", stored))) >= 2


def test_optimizing_and_dropping(bare: Flask) -> None:
    with db.write():
        search_care.optimize("thing")
    assert find("空调") == [1]
    with db.write():
        search.drop(db.session.connection(), "thing")
    with pytest.raises(sa.exc.DBAPIError):
        find("空调")


def test_a_kind_is_a_plain_word(bare: Flask) -> None:
    with pytest.raises(ValueError, match="not a kind"):
        search.drop(db.session.connection(), "thing; DROP TABLE things")
