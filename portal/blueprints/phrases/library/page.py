"""What the templates of the library draw."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from markupsafe import Markup, escape

from portal.blueprints.phrases.library import queries, rules, searching
from portal.blueprints.phrases.library.codes import (
    FITS,
    SIDES,
    Category,
    Channel,
    CustomerType,
    Moment,
    Show,
    Stage,
)
from portal.blueprints.phrases.library.labels import BLANKS
from portal.blueprints.phrases.library.queries import PhraseList
from portal.blueprints.phrases.library.searching import Entry
from portal.drawing import department_name, name_of
from portal.i18n import _l, in_language, is_chinese, label
from portal.kernel import clock, documents, policies, reference
from portal.kernel.clauses import Words
from portal.kernel.documents import Body, Current
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.wording import About

CAPTIONS = (_l("Channels"), _l("Categories"), _l("Stages of a case or a visit"), _l("Customer types"))
OFFERED = 12  # in a panel beside a reply: more is not read while somebody waits
_NUMBER = re.compile(r"\b(?:TS|LF|ZX)-\d{8}-\d{4,9}\b")


class Row(NamedTuple):
    """A phrase as a list draws it: what is copied, the same with its blanks marked, the other language."""

    id: int
    moment: Moment
    say: str
    shown: Markup
    other: Markup
    where: list[str]
    favourite: bool
    times: int
    last: datetime | None


def until(at: datetime, chinese: bool) -> str:
    """A moment as it is said to a customer."""
    here = clock.local(at)
    return f"{here.month}月{here.day}日{here:%H:%M}" if chinese else f"{here.day} {here:%B, %H:%M}"


def values(about: About | None, chinese: bool) -> dict[str, str]:
    """What is known for the blanks of a phrase."""
    known = {"company": current_app.config["SETTINGS"].company}
    if about is None:
        return known
    ends = until(about.until, chinese) if about.until and about.until > clock.now() else ""
    return known | {"customer": about.customer, "number": about.number, "until": ends}


def marked(text: str) -> Markup:
    """The phrase with a word in each blank that is still open."""
    pieces = re.split(r"\{([^{}]*)\}", text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(str(BLANKS[piece]))
        if place % 2 and piece in BLANKS
        else escape(piece)
        for place, piece in enumerate(pieces)
    )


def title(body: Body) -> Words:
    """The phrase as a title in both languages: each blank says what it is for."""
    said = {
        lang: {name: in_language(words.sentence, chinese=lang == "zh") for name, words in BLANKS.items()}
        for lang in ("zh", "en")
    }
    return Words(*(rules.filled(body[lang], said[lang]) for lang in said))


def in_chinese(lang: str) -> bool:
    """True when the phrases are wanted in Chinese: as chosen, else as the page is."""
    return lang == "zh" if lang else is_chinese()


def rows(entries: Iterable[Entry], mine: queries.Mine, about: About | None, lang: str) -> list[Row]:
    """Phrases as the lists draw them, in the language that is wanted."""
    chinese = in_chinese(lang)
    known = values(about, chinese)
    first, second = ("zh", "en") if chinese else ("en", "zh")
    made = []
    for entry in entries:
        say = rules.filled(entry.body[first], known)
        where = [label(FITS[name](code)) for name in ("channels", "types") for code in entry.body[name]]
        made.append(
            Row(
                entry.id, entry.moment, say, marked(say), marked(rules.filled(entry.body[second], known)), where,
                entry.id in mine.favourites, mine.times.get(entry.id, 0), mine.last.get(entry.id),
            )
        )  # fmt: skip
    return made


def listed(asked: PhraseList, about: About | None) -> dict[str, Any]:
    """What the library draws."""
    found = asked.rows()
    shown = found[asked.start : asked.start + queries.PAGE]
    return _common(asked, about) | {
        "rows": rows(shown, asked.mine, about, asked.lang),
        "count": len(found),
        "earlier": asked.start and max(0, asked.start - queries.PAGE),
        "later": asked.start + queries.PAGE if len(found) > asked.start + queries.PAGE else None,
        "shows": list(Show),
        "moments": list(Moment),
        "sides": _sides(),
    }


def _sides() -> list[tuple[str, Any, list[Any]]]:
    """The filters beside the moment: name, what it is without a choice, choices."""
    return [
        ("channel", _l("Any channel"), list(Channel)),
        ("category", _l("Any category"), list(Category)),
        ("stage", _l("Any stage"), list(Stage)),
        ("customer_type", _l("Any customer type"), list(CustomerType)),
    ]


def _common(asked: PhraseList, about: About | None) -> dict[str, Any]:
    chinese = in_chinese(asked.lang)
    return {
        "asked": asked,
        "about": about,
        "blanks": BLANKS,
        "chinese": chinese,
        "lang": "zh-CN" if chinese else "en",
        "other_lang": "en" if chinese else "zh-CN",
    }


def offered(asked: PhraseList, about: About | None) -> dict[str, Any]:
    """What the panel beside a reply draws: what fits comes first, nothing is out of reach."""
    sides = {side: asked.asked.sides[side] or getattr(about, side, "") for side in SIDES}
    found = searching.suggested(
        queries.entries(), asked.asked.words, sides, asked.scope, asked.mine.favourites
    )
    return _common(asked, about) | {"rows": rows(found[:OFFERED], asked.mine, about, asked.lang)}


def pick_address(scope: str) -> str:
    """Where the phrases for a field of this page are; the page's own number says what they are about."""
    number = _NUMBER.search(request.path)
    return url_for("phrases.pick", scope=scope, about=number[0] if number else None)


def one(
    current: Current, viewer: Viewer, asked: PhraseList, about: About | None, given: dict[str, str]
) -> dict[str, Any]:
    """What the page of one phrase draws; `given` fills the blanks that are left."""
    chinese = in_chinese(asked.lang)
    text = rules.filled(current.body["zh" if chinese else "en"], values(about, chinese))
    entry = next(entry for entry in queries.entries() if entry.id == current.document_id)
    mine = queries.Mine.of(viewer.id)
    return _common(asked, about) | {
        "current": current,
        "row": rows([entry], mine, about, asked.lang)[0],
        "open": rules.blanks(text),
        "given": given,
        "text": rules.filled(text, given),
        "parts": [
            (str(caption), [label(FITS[name](code)) for code in current.body[name]])
            for caption, name in zip(CAPTIONS, FITS, strict=True)
        ],
        "times": queries.totals().get(current.document_id, 0),
        "to_read": current.to_confirm and current in documents.unread_by(viewer, queries.KIND),
    }


def figures(viewer: Viewer, days: int, person_id: int | None) -> dict[str, Any]:
    """What the page of figures draws: totals for everybody, persons for whom they concern."""
    now = clock.now()
    since = clock.today() - timedelta(days=days)
    limit = policies.number("phrases.dead_days", now)
    entries, kept = queries.entries(), queries.Counted.read()
    counted = queries.totals(since, None if person_id is None else [person_id])
    by_moment = dict.fromkeys(Moment, 0)
    for entry in entries:
        by_moment[entry.moment] += counted.get(entry.id, 0)
    used = sorted((entry for entry in entries if entry.id in counted), key=lambda entry: -counted[entry.id])
    text = "zh" if is_chinese() else "en"
    dead = queries.dead(kept, limit)
    return {
        "days": days,
        "periods": queries.DAYS,
        "person_id": person_id,
        "by_moment": by_moment,
        "most": max(by_moment.values()),
        "total": sum(by_moment.values()),
        "used": [(entry, marked(entry.body[text]), counted[entry.id]) for entry in used[:20]],
        "phrases": len(used),
        "in_force": len(entries),
        "people": queries.by_person(viewer, since),
        "all_seen": viewer.role is Role.OFFICE or bool(viewer.leads),
        "cards": reference.staff().cards,
        "dead": [(found, marked(found.body[text]), kept.last.get(found.document_id)) for found in dead[:100]],
        "dead_count": len(dead),
        "leaving": queries.leaving(),
        "limit": limit,
        "name_of": name_of,
        "department_name": department_name,
    }
