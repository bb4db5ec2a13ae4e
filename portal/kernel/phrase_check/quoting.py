"""Which parts of a text repeat the customer's own words, and are therefore not checked.

Two marks count: a line that begins with '>', and quotation marks (closed in the same line) directly after words that
say whose they are: 客户说:“…”, 您提到的“…”, the customer said "…". Quotation marks alone exempt nothing.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"^[ \t\u3000]*[>＞].*$", re.MULTILINE)
_QUOTE = (
    r"(?:“[^“”\n]{0,600}”|\"[^\"\n]{0,600}\"|「[^「」\n]{0,600}」|『[^『』\n]{0,600}』"
    r"|‘[^‘’\n]{0,600}’|«[^«»\n]{0,600}»)"
)
_INSIDE = rf"(?P<words>{_QUOTE}(?:(?:[、，,和与及 ]|and|or){{0,3}}{_QUOTE}){{0,9}})"
# 'I told you "…"' is not the customer speaking.
_WHO = (
    r"(?:客户|客人|顾客|用户|来电人|来访人|来访者|投诉人|反映人|对方|女士|先生|家属|家长|业主|(?<![跟对和向给])(?:您|你)|"
    r"(?<![跟对和向给])(?:他|她))们?"
)
_SAYS = (
    r"(?:原话|原文|说法|来电|来信|留言|反映|投诉|提到|提出|写道|写到|写的|写|描述|表示|认为|质问|追问|问|指出|抱怨|要求|"
    r"说起|说到|说道|说|讲到|讲|称|道|所述|所说|引用|听到|收到|遇到)"
)
_LINK = r"(?:的|了|过|是|为|道|到|中|里|我们|过的|到的|时)?[ \t]*[:：,，]?[ \t]*"
_ZH = re.compile(_WHO + r"[^。！？!?\n“”\"「」『』>]{0,12}?" + _SAYS + _LINK + _INSIDE)
# 您反映工作人员对您说“…”: somebody else's words, reported by the customer.
_REPORTED = re.compile(
    _WHO
    + r"[^。！？!?\n“”\"「」『』>]{0,8}?(?:反映|投诉|提到|提出|来电|来信|留言|指出|抱怨|描述)"
    + r"[^。！？!?\n“”\"「」『』>]{0,40}?(?:说|讲|称|回复|回答|答复|表示|道|原话)"
    + _LINK
    + _INSIDE
)
_EN = re.compile(
    r"\b(?:customer|caller|client|visitor|guest|complainant|you|he|she|they|mr\.? \w+|ms\.? \w+|mrs\.? \w+)"
    r"(?:['’]s)?(?: (?!that\b)\w+){0,3}? "
    r"(?:said|says|say|wrote|writes|told us|told|mentioned|mention|asked|complained|reported|stated|words|quote)"
    r"(?: that| about| the words| were| was)?[:,]? ?" + _INSIDE,
    re.IGNORECASE,
)
_MARKS = frozenset('“”"「」『』‘’«»')


def exempt(text: str) -> list[tuple[int, int]]:
    """The stretches of the text that are quoted."""
    found = [match.span() for match in _LINE.finditer(text)] if ">" in text or "＞" in text else []
    if not _MARKS.isdisjoint(text):
        for marked in (_ZH, _REPORTED, _EN):
            found += [match.span("words") for match in marked.finditer(text)]
    return found
