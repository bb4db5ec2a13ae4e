"""How phrases are found by the one search: words, pinyin, initials; as the library itself finds them (PG-03)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from portal.blueprints.phrases.library import page, queries, searching
from portal.blueprints.phrases.library.searching import Asked
from portal.i18n import _l, is_chinese, label
from portal.kernel import finders
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _found(_viewer: Viewer, words: str) -> Iterator[Hit]:
    for entry in searching.found(queries.entries(), Asked(words)):
        said = page.title(entry.body)
        first, second = (said.zh, said.en) if is_chinese() else (said.en, said.zh)
        yield Hit(label(entry.moment), first, url_for("phrases.phrase", phrase_id=entry.id), second)


finders.KINDS.append(
    Held(
        "phrase",
        _l("Phrases"),
        "phrase",
        60,
        May.USE_PORTAL,
        every=lambda _viewer, words: url_for("phrases.index", words=words),
        find=_found,
    )
)
