"""How a Chinese name is typed on a keyboard: its pinyin and its initials.

Which sign is read how stands in pinyin.txt, a line a syllable, taken from the library pypinyin (MIT), whose own table
takes 13 MB of each process; `python -m tests.kernel.pinyin_table` writes it anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("pinyin.txt")
HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_LATIN = re.compile(r"[^\W_]+")
_DOTS = re.compile(r"[·・•‧]")  # 买买提·艾力 is one name
MOST_SIGNS = 24  # longer ones are sentences, and a person's column holds 160 letters

# Read otherwise as a surname than elsewhere. Longer ones come first when a name is split.
SURNAMES = {
    "单于": "chan yu", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai",
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "盖": "ge",
    "区": "ou", "朴": "piao", "洗": "xian", "种": "chong", "员": "yun", "缪": "miao", "繁": "po",
    "翟": "zhai", "覃": "qin", "秘": "bi", "折": "she", "黑": "he", "能": "nai", "乐": "yue", "召": "shao",
    "祭": "zhai", "句": "gou", "阚": "kan", "都": "du", "薄": "bo", "卜": "bu", "乜": "nie", "隗": "wei",
    "郇": "xun", "藏": "zang", "么": "yao", "适": "kuo", "不": "fou",
}  # fmt: skip

# Signs read otherwise in these words than alone: places, given names, what is found in the names of companies.
# A table of all phrases would take 45 MB of each process; a wrong guess can still be mended by hand.
WORDS = {
    "重庆": "chong qing", "成都": "cheng du", "长沙": "chang sha", "长春": "chang chun", "长江": "chang jiang",
    "长城": "chang cheng", "长安": "chang an", "长宁": "chang ning", "长乐": "chang le", "长兴": "chang xing",
    "长寿": "chang shou", "长治": "chang zhi", "长丰": "chang feng", "长虹": "chang hong",
    "厦门": "xia men", "西藏": "xi zang", "六安": "lu an", "蚌埠": "beng bu", "番禺": "pan yu", "乐清": "yue qing",
    "铅山": "yan shan", "尉犁": "yu li", "大都": "da du", "首都": "shou du", "新都": "xin du", "都江堰": "du jiang yan",
    "都匀": "du yun", "都市": "du shi", "银行": "yin hang", "支行": "zhi hang", "分行": "fen hang", "总行": "zong hang",
    "商行": "shang hang", "车行": "che hang", "行业": "hang ye", "同行": "tong hang", "五金行": "wu jin hang",
    "音乐": "yin yue", "会计": "kuai ji", "调味": "tiao wei", "调料": "tiao liao", "空调": "kong tiao",
    "人参": "ren shen", "参茸": "shen rong", "校对": "jiao dui", "弹簧": "tan huang", "模具": "mu ju",
    "朝晖": "zhao hui", "朝霞": "zhao xia", "长征": "chang zheng", "长河": "chang he", "长生": "chang sheng",
    "长发": "chang fa", "长庚": "chang geng", "长青": "chang qing", "都督": "du du",
    "佛山": "fo shan", "柏林": "bo lin", "重阳": "chong yang", "重光": "chong guang", "长期": "chang qi",
}  # fmt: skip
WORD_LENGTHS = sorted({len(word) for word in WORDS}, reverse=True)


def readings(name: str) -> str:
    """What somebody may type to find `name`: pinyin without blanks and the initials, `chenguifang cgf`.

    Surnames are read as surnames, other words of the name in small letters; at most 160 letters, empty for an
    empty name. A wrong guess can be mended by hand where the reading is kept.
    """
    plain = _DOTS.sub("", unicodedata.normalize("NFKC", name)).lower()
    found: list[str] = []
    for signs in HAN.findall(plain):
        syllables = _syllables(signs[:MOST_SIGNS])
        found += ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    found += _LATIN.findall(HAN.sub(" ", plain))
    return " ".join(dict.fromkeys(found))[:160].rstrip()


def spoken(text: str) -> list[str]:
    """A text as it is said, syllable by syllable, without blanks between its words and without surnames."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [syllable for signs in HAN.findall(plain) for syllable in _read(signs)]


def _syllables(signs: str) -> list[str]:
    given = signs
    surname: list[str] = []
    if len(signs) <= 4:
        written = next((signs[:length] for length in (2, 1) if signs[:length] in SURNAMES), "")
        surname, given = SURNAMES.get(written, "").split(), signs[len(written) :]
    return [*surname, *_read(given)]


def _read(signs: str) -> Iterator[str]:
    """Syllable by syllable, the longest word at each place first; a sign without a reading stands for itself."""
    place = 0
    while place < len(signs):
        words = (signs[place : place + length] for length in WORD_LENGTHS)
        if word := next((word for word in words if word in WORDS), ""):
            yield from WORDS[word].split()
        else:
            yield _alone(signs[place])
        place += len(word) or 1


@lru_cache(maxsize=4096)  # a library of phrases says the same few hundred signs again and again
def _alone(sign: str) -> str:
    return next((syllable for syllable, signs in _table() if sign in signs), sign)


@cache
def _table() -> list[tuple[str, str]]:
    """Each syllable with the signs that are read so, of several readings the most frequent."""
    lines = (line.partition(" ") for line in TABLE.read_text(encoding="utf-8").splitlines())
    return [(syllable, signs) for syllable, _, signs in lines]
