"""How a Chinese name is typed on a keyboard: its pinyin and its initials."""

from __future__ import annotations

import re
import unicodedata

_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_LATIN = re.compile(r"[^\W_]+")
_DOTS = re.compile(r"[·・•‧]")  # 买买提·艾力 is one name
MOST_SIGNS = 24  # longer ones are sentences, and a person's column holds 160 letters

# Read otherwise as a surname than elsewhere. Longer ones come first when a name is split.
SURNAMES = {
    "单于": "chan yu", "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "盖": "ge",
    "区": "ou", "朴": "piao", "洗": "xian", "种": "chong", "员": "yun", "缪": "miao", "繁": "po",
    "翟": "zhai", "覃": "qin", "秘": "bi", "折": "she", "黑": "he", "能": "nai", "乐": "yue", "召": "shao",
    "祭": "zhai", "句": "gou", "阚": "kan", "都": "du", "薄": "bo", "卜": "bu", "乜": "nie", "隗": "wei",
    "郇": "xun", "藏": "zang", "么": "yao", "适": "kuo", "不": "fou",
}  # fmt: skip


def readings(name: str) -> str:
    """What somebody may type to find `name`: pinyin without blanks and the initials, `chenguifang cgf`.

    Surnames are read as surnames, other words of the name in small letters; at most 160 letters, empty for an
    empty name. A wrong guess can be mended by hand where the reading is kept.
    """
    plain = _DOTS.sub("", unicodedata.normalize("NFKC", name)).lower()
    found: list[str] = []
    for signs in _HAN.findall(plain):
        syllables = _syllables(signs[:MOST_SIGNS])
        found += ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    found += _LATIN.findall(_HAN.sub(" ", plain))
    return " ".join(dict.fromkeys(found))[:160].rstrip()


def _syllables(signs: str) -> list[str]:
    # Loaded when first asked for: half a second that starting the portal need not wait for.
    from pypinyin import lazy_pinyin

    given = signs
    surname: list[str] = []
    if len(signs) <= 4:
        written = next((signs[:length] for length in (2, 1) if signs[:length] in SURNAMES), "")
        surname, given = SURNAMES.get(written, "").split(), signs[len(written) :]
    return [*surname, *(syllable for syllable in lazy_pinyin(given) if syllable)]
