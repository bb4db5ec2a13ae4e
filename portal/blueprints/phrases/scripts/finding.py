"""How scripts are found by the one search: by title, purpose and the lines that are spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from portal.blueprints.phrases.scripts import queries
from portal.blueprints.phrases.scripts.codes import Channel
from portal.i18n import _l, is_chinese, label
from portal.kernel import cutting, finders, pinyin
from portal.kernel.documents import Body, Current
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _found(_viewer: Viewer, words: str) -> Iterator[Hit]:
    chinese = is_chinese()
    for script in finders.answering(words, finders.held("scripts", _scripts)):
        body = script.body
        title, about = (body[name] for name in (("title", "about") if chinese else ("title_en", "about_en")))
        lines = [node.get("say" if chinese else "say_en", "") for node in body["nodes"]]
        said = next((line for line in lines if cutting.answers(words, line)), about)
        page = url_for("phrases.script", script_code=script.code)
        yield Hit(label(Channel(body["channel"])), title, page, said)


def _scripts() -> Iterator[tuple[Current, Iterable[str]]]:
    return ((script, _texts(script.body)) for script in queries.scripts())


def _texts(body: Body) -> Iterator[str]:
    yield from (body["title"], body["title_en"], body["about"], body["about_en"])
    yield pinyin.readings(body["title"])
    for node in body["nodes"]:
        yield f"{node.get('say', '')}\n{node.get('say_en', '')}"


finders.KINDS.append(
    Held(
        "script",
        _l("Scripts"),
        "phone",
        62,
        May.USE_PORTAL,
        every=lambda _viewer, words: url_for("home.search", q=words, kind="script"),
        find=_found,
    )
)
