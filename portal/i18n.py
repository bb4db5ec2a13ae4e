"""Chinese or English: the choice, the catalogue, the words for codes and moments."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import current_user
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.kernel import clock, reference

__all__ = ["LABELS", "LANGUAGES", "_", "_l", "is_chinese", "label", "listed", "moment", "ngettext"]

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
CATALOGUES = Path(__file__).parent / "translations"

# What people read for each code: enum class -> member -> words. Areas add theirs as they are registered.
LABELS: dict[type[enum.Enum], Mapping[Any, Later]] = {}


def _(sentence: str, /, **given: Any) -> str:
    """A sentence in the language of the page, its named holes filled."""
    words = in_language(sentence, chinese=is_chinese())
    return words % given if given else words


@cache
def in_language(sentence: str, *, chinese: bool) -> str:
    """A sentence in Chinese or English, its holes still open; the sentences in the code are the English ones.

    Kept, for a page says hundreds: there are as many as the code has.
    """
    return str(_catalogue().get(sentence) or sentence) if chinese else sentence


class Later:
    """A sentence that is put into the language of the page only when it is shown."""

    __slots__ = ("sentence",)

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __str__(self) -> str:
        return _(self.sentence)

    def __mod__(self, given: Mapping[str, Any]) -> str:
        return str(self) % given


def _l(sentence: str) -> Any:
    """A sentence for later; for tables, labels and fields, which are made before anybody asks for a page."""
    return Later(sentence)


def ngettext(one: str, many: str, num: float, **given: Any) -> str:
    """A sentence about a number of things, `%(num)s` being the number. Chinese has one form for every number."""
    words = (_catalogue().get((one, 0)) if is_chinese() else None) or (one if num == 1 else many)
    return str(words) % {"num": num, **given}


def _catalogue() -> Mapping[Any, Any]:
    """The Chinese sentences, read once a process."""
    return _read_catalogue(LANGUAGES["zh"])


@cache
def _read_catalogue(locale: str) -> Mapping[Any, Any]:
    written = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    if not written.exists():
        return {}
    with written.open("rb") as source:
        return {
            (message.id[0], 0) if isinstance(message.id, tuple) else message.id: (
                message.string[0] if isinstance(message.string, tuple) else message.string
            )
            for message in read_po(source)
            if message.id
        }


def init_app(app: Flask) -> None:
    """Choose the language for each request; give templates the words and the filters."""
    app.jinja_env.globals.update(_=_, gettext=_, ngettext=ngettext, comma=comma, colon=colon)
    app.jinja_env.globals.update(with_clause=with_clause)
    filters = {
        "label": label,
        "listed": listed,
        "moment": moment,
        "written": written,
        "day": day,
        "hour": hour,
    }
    app.jinja_env.filters.update(filters)

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"locale_tag": "zh-CN" if is_chinese() else "en", "is_chinese": is_chinese()}


def choose() -> str:
    """The person's choice, else what this browser was switched to, else what it asks for, else the default."""
    if not has_request_context():
        return str(current_app.config["SETTINGS"].default_locale)
    person = current_user._get_current_object()  # once: each look through the proxy takes a while
    if person and person.is_authenticated and person.locale:
        return str(person.locale)
    if (kept := session.get("locale")) in LANGUAGES.values():
        return str(kept)
    return _understood(request.headers.get("Accept-Language", "")) or str(
        current_app.config["SETTINGS"].default_locale
    )


@lru_cache(maxsize=64)
def _understood(asked: str) -> str:
    """The language that a browser's header asks for; none when we speak none of them. An office has few browsers."""
    best = parse_accept_header(asked, LanguageAccept).best_match(["zh", "zh-CN", "zh-Hans-CN", "en"])
    return LANGUAGES[best[:2]] if best else ""


def is_chinese() -> bool:
    """True when the page is read in Chinese."""
    # A page asks a hundred times, and each look through the proxy takes a while.
    here = g._get_current_object()
    chosen: str | None = here.get("locale")
    if chosen is None:
        chosen = here.locale = choose()
    return chosen == LANGUAGES["zh"]


def called(thing: Any) -> str:
    """What the office named in Chinese, and perhaps in English, in the language of the page."""
    return str(thing.name if is_chinese() or not thing.name_en else thing.name_en)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Words in a person's own language, where no page decides it."""
    before, g.locale = g.get("locale"), locale
    try:
        yield
    finally:
        g.locale = before


def label(code: enum.Enum | str | None) -> str:
    """The words for a code, or the name of a department by its code; an empty one has none."""
    if not code:
        return "—"
    if isinstance(code, enum.Enum):
        return _called(type(code), code, is_chinese())
    names = reference.staff().departments.get(code, (code, code))
    return names[0] if is_chinese() else names[1]


def comma() -> str:
    """What stands between the words of a list in the language of the page."""
    return "、" if is_chinese() else ", "


def colon() -> str:
    """What stands between a caption and what it introduces in the language of the page."""
    return "：" if is_chinese() else ": "


def with_clause(words: Any, clause: str) -> str:
    """A sentence and the clause behind it, in the brackets of the page's language."""
    return f"{words}（{clause}）" if is_chinese() else f"{words} ({clause})"


def listed(words: Iterable[Any]) -> str:
    """Words, or the words for codes, one after another as people write a list."""
    return comma().join(label(word) if isinstance(word, enum.Enum) else str(word) for word in words)


@cache
def _called(codes: type[enum.Enum], code: enum.Enum, chinese: bool) -> str:
    """Kept with its enum, for two of them may have an equal text among their codes."""
    return in_language(LABELS[codes][code].sentence, chinese=chinese)


def moment(at: datetime | None) -> Markup | str:
    """A moment in company time, to the minute; the machine's form beside it."""
    if at is None:
        return "—"
    zone = clock.zone()
    here = at.astimezone(zone)
    exact = here.isoformat(timespec="seconds")  # strftime takes three times as long
    this_year = here.year == clock.now().astimezone(zone).year
    words = f"{exact[5:10] if this_year else exact[:10]} {exact[11:16]}"
    # Nothing typed by anybody is in it, so nothing has to be escaped.
    return Markup(f'<time datetime="{exact}">{words}</time>')  # noqa: S704  # figures only


def written(at: datetime | None) -> str:
    """A moment as a form names it, which is read in other years, too: always with its year."""
    return "—" if at is None else f"{day(at)} {hour(at)}"


def hour(at: datetime | None) -> str:
    """The time of a day in company time, to the minute."""
    return "—" if at is None else clock.local(at).strftime("%H:%M")


def day(at: datetime | date | None) -> str:
    """A day in company time."""
    if at is None:
        return "—"
    return (clock.local(at) if isinstance(at, datetime) else at).strftime("%Y-%m-%d")
