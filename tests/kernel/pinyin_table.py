"""python -m tests.kernel.pinyin_table: write portal/kernel/pinyin.txt anew from the library pypinyin."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict

from portal.kernel import pinyin


def table() -> str:
    """The file as it should be: a line a syllable, the signs that are read so in the order of their code points."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin
    from pypinyin.pinyin_dict import pinyin_dict

    signs: dict[str, str] = defaultdict(str)
    for sign in map(chr, sorted(pinyin_dict)):
        # A name is looked at in its normal form only.
        if pinyin.HAN.fullmatch(sign) and unicodedata.normalize("NFKC", sign) == sign:
            (syllable,) = lazy_pinyin(sign)
            signs[syllable] += sign
    return "".join(f"{syllable} {signs[syllable]}\n" for syllable in sorted(signs))


if __name__ == "__main__":
    pinyin.TABLE.write_text(table(), encoding="utf-8", newline="\n")
