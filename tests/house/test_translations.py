"""Both languages whole: every sentence has its Chinese, and the Chinese uses the words of the house."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask

from portal.blueprints.complaints.codes import Category, Kind, State
from portal.blueprints.complaints.labels import VERBS
from portal.blueprints.office.labels import figure
from portal.i18n import CATALOGUES, LABELS, label, speaking
from portal.kernel.figures import FIGURES

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / ".ci" / "translations.py"
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))
CATALOGUE = CATALOGUES / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"

HOLE = re.compile(r"%\((\w+)\)s")
CHINESE = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(
    rf"[{CHINESE}][,;:?!.]|[{CHINESE}] ?\(|\) ?[{CHINESE}]|[，。；：、？！] | [，。；：、？！]"
)

# How the regulations call what the pages name; the English is the name in code and on English pages.
STATES = {
    State.REGISTERED: "已登记",
    State.ROUTED: "已转办",
    State.ACCEPTED: "已签收",
    State.PROPOSED: "待审批",
    State.APPROVED: "已批准",
    State.RESOLVED: "已解决",
    State.REPORTED: "已答复",
    State.ARCHIVED: "已归档",
    State.RETURNED: "退回",
    State.REOPENED: "客户不满意",
    State.NOT_UPHELD: "不成立",
    State.WITHDRAWN: "已撤回",
}
KINDS = {Kind.INQUIRY: "咨询", Kind.SUGGESTION: "建议", Kind.COMPLAINT: "投诉"}
# CP-05 gives these two their names.
CATEGORIES = {Category.ATTITUDE: "实施人员态度", Category.SERVICE: "内部人员服务"}
WORDS = {
    "Case": "事项",
    "First responder": "首问责任人",
    "Complaint handling notice": "投诉处理告知单",
    "Solution proposal": "处理方案",
    "Promised answer": "承诺回复",
    "Follow-up": "回访",
    "Escalation": "升级",
    "Customer type": "客户类型",
    "Limits": "时限",
    "Clause": "条款",
    "Handbook": "制度手册",
    "Archive": "归档",
    "Route": "转办",
    "General office": "总经办",
}
# Where a limit is spoken of in the words of the limits page, which are the same in both languages.
SPOKEN_AS_WRITTEN = re.compile(r"\d+ % \w+|[+]?\d+(\.\d+)? (min|h|wh|wd|d)( \w+)?\b")
NAMES = {"PDF", "Word", "Excel", "PowerPoint", "MP4", "MB"}
NAMES |= {"xlsx", "xls", "csv"}  # endings of files
# What whoever looks after the machine has to type or to look up.
NAMES |= {
    "TLS",
    "Cookie",
    "PgBouncer",
    "max",
    "connections",
    "PORTAL",
    "BASE",
    "URL",
    "SECURE",
    "COOKIES",
    "ROBOTS",
    "HOSTS",
}
NAMES |= {"init", "db", "docs", "operate", "md", "Backups", "systemctl", "start", "portal", "worker"}
NAMES |= {"first", "run"}
NAMES |= {"JSON", "UTF", "ASCII", "Authorization", "Bearer", "true", "false"}  # what a program has to send


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Chinese catalogue as it lies in the tree."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def sentences(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the catalogue's head."""
    return (message for message in catalogue if message.id)


def english(message: Message) -> str:
    """The English sentence; of a plural the one for several."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def chinese(message: Message) -> str:
    """The Chinese sentence."""
    text = message.string or ""
    return text if isinstance(text, str) else text[0]


def test_every_sentence_of_the_code_has_its_chinese_and_no_other_is_kept() -> None:
    assert run(TOOL, "--check") == (0, []), "run .ci/translations.py and write the Chinese"


def test_nothing_is_guessed_or_left_behind() -> None:
    written = CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r"^#, .*fuzzy|^#~", written, re.MULTILINE)


def test_both_languages_have_the_same_holes(catalogue: Catalog) -> None:
    uneven = {
        english(message): chinese(message)
        for message in sentences(catalogue)
        if sorted(HOLE.findall(english(message))) != sorted(HOLE.findall(chinese(message)))
    }
    assert uneven == {}


def test_a_sentence_with_holes_has_no_other_percent_sign(catalogue: Catalog) -> None:
    """Filling the holes would stumble over it; a template fills them always."""
    stumbling = [
        text
        for message in sentences(catalogue)
        for text in (english(message), chinese(message))
        if "%" in HOLE.sub("", text)
        if HOLE.search(text) or any("/templates/" in name for name, _ in message.locations)
    ]
    assert stumbling == []


def test_no_english_is_left_over_in_the_chinese(catalogue: Catalog) -> None:
    left_over = {}
    for message in sentences(catalogue):
        text = SPOKEN_AS_WRITTEN.sub("", HOLE.sub("", chinese(message)))
        if found := [word for word in re.findall(r"[A-Za-z]{2,}\d*", text) if not may_stay(word, message)]:
            left_over[chinese(message)] = found
    assert left_over == {}


def may_stay(word: str, message: Message) -> bool:
    """True for names, clauses (CP-12) and examples that both languages write with the same letters."""
    told = re.search(rf"such as .*\b{word}\b|\b{word}-\d\d\b", english(message), re.IGNORECASE)
    return word in NAMES or bool(told)


def test_the_chinese_is_chinese_and_uses_its_own_punctuation(catalogue: Catalog) -> None:
    wrong = [
        text
        for text in map(chinese, sentences(catalogue))
        if not re.search(f"[{CHINESE}（]", text) or HALF_WIDTH.search(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_two_codes_of_one_kind_are_never_called_the_same(app: Flask, locale: str) -> None:
    with app.test_request_context(), speaking(locale):
        for codes, words in LABELS.items():
            assert set(words) == set(codes), f"{codes.__name__}: a code without words"
            said = [label(code) for code in codes]
            assert len(set(said)) == len(said), f"{codes.__name__}: {said}"
        buttons = [str(words) for words in VERBS.values()]
        assert len(set(buttons)) == len(buttons), buttons


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_figure_that_the_office_may_change_has_words(app: Flask, locale: str) -> None:
    with app.test_request_context(), speaking(locale):
        assert [key for key in FIGURES if figure(key) == key] == []


def test_codes_are_called_as_the_regulations_call_them(app: Flask) -> None:
    expected = STATES | KINDS | CATEGORIES
    with app.test_request_context(), speaking("zh_Hans_CN"):
        assert {code: label(code) for code in expected} == expected
    assert set(STATES) == set(State)


def test_things_are_called_as_the_regulations_call_them(catalogue: Catalog) -> None:
    found = {words: catalogue[words].string for words in WORDS if words in catalogue}
    assert found == WORDS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_speaks_past_the_catalogue(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\0", text, flags=re.DOTALL)
    attributes = re.findall(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    spoken = re.sub(r"<(kbd|code)\b[^>]*>.*?</\1>|<[^>]*>", "\0", text, flags=re.DOTALL)
    words = [word for part in (spoken, *attributes) for word in re.findall(r"\b[A-Za-z]{3,}\b(?!:)", part)]
    assert [word for word in words if word not in {"English"}] == [], "put it into _()"


def test_the_tool_keeps_what_is_translated_and_names_what_is_not(tmp_path: Path) -> None:
    code, page = tmp_path / "portal" / "said.py", tmp_path / "portal" / "templates" / "page.html"
    kept = tmp_path / "portal" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    copied = tmp_path / ".ci" / "translations.py"
    for path in (code, page, kept, copied):
        path.parent.mkdir(parents=True, exist_ok=True)
    copied.write_bytes(TOOL.read_bytes())
    code.write_text("told = f\"{name} {_('Inside.')}\"\n# Translators: a greeting\nhello = _l('Hello')\n")
    page.write_text('{{ ngettext("%(num)s case", "%(num)s cases", n) }}')
    entries = [
        'msgid "Hello"\nmsgstr "你好"\n',
        '#, fuzzy\nmsgid "Inside."\nmsgstr "外面。"\n',
        'msgid "Gone"\nmsgstr "走了"\n',
    ]
    kept.write_text("\n".join(entries), encoding="utf-8")

    assert run(copied, "--check") == (
        1,
        [
            "marked as a guess: 'Inside.' (portal/said.py)",
            "no Chinese: '%(num)s case' (portal/templates/page.html)",
            "no longer used: 'Gone'",
        ],
    )
    assert run(copied)[0] == 0
    once = kept.read_text(encoding="utf-8")
    assert '#. a greeting\n#: portal/said.py\nmsgid "Hello"\nmsgstr "你好"\n' in once
    assert 'msgid "Inside."\nmsgstr ""\n' in once
    assert not re.search("fuzzy|Gone", once)
    assert run(copied)[0] == 0
    assert kept.read_text(encoding="utf-8") == once
    whole = once.replace('"Inside."\nmsgstr ""', '"Inside."\nmsgstr "里面。"').replace(
        '[0] ""', '[0] "%(num)s 件"'
    )
    kept.write_text(whole, encoding="utf-8")
    assert run(copied, "--check") == (0, [])


def run(tool: Path, *arguments: str) -> tuple[int, list[str]]:
    """The tool's exit status and what it complained of."""
    done = subprocess.run([sys.executable, tool, *arguments], capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()
