"""Chinese or English: the choice, the catalogue, the words for codes and moments."""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, get_locale, gettext, lazy_gettext
from flask_babel import ngettext as plural
from flask_login import current_user
from markupsafe import Markup

from portal.kernel import clock, reference

__all__ = ["LABELS", "LANGUAGES", "_", "_l", "is_chinese", "label", "moment", "ngettext"]

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
CATALOGUES = Path(__file__).parent / "translations"

# What people read for each code: enum class -> member -> words. Areas add theirs as they are registered.
LABELS: dict[type[enum.Enum], Mapping[Any, Any]] = {}


def _(sentence: str, **given: Any) -> str:
    """A sentence in the language of the page, its named holes filled."""
    return str(gettext(sentence, **given))


def _l(sentence: str) -> Any:
    """A sentence put into the language of the page only when it is shown."""
    return lazy_gettext(sentence)


def ngettext(one: str, many: str, num: int, **given: Any) -> str:
    """A sentence about a number of things, `%(num)s` being the number."""
    return str(plural(one, many, num, **given))


def init_app(app: Flask) -> None:
    """Choose the language for each request; give templates the filters."""
    compile_catalogues()
    Babel(
        app,
        locale_selector=choose,
        default_translation_directories=str(CATALOGUES),
        timezone_selector=lambda: app.config["BABEL_DEFAULT_TIMEZONE"],
    )
    app.jinja_env.filters.update(label=label, moment=moment, day=day)

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"locale_tag": "zh-CN" if is_chinese() else "en", "is_chinese": is_chinese()}


def choose() -> str:
    """The person's choice, else what this browser was switched to, else what it asks for, else the default."""
    if not has_request_context():
        return str(current_app.config["SETTINGS"].default_locale)
    if current_user and current_user.is_authenticated and current_user.locale:
        return str(current_user.locale)
    if (kept := session.get("locale")) in LANGUAGES.values():
        return str(kept)
    asked = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans-CN", "en"])
    if asked:
        return LANGUAGES[asked[:2]]
    return str(current_app.config["SETTINGS"].default_locale)


def is_chinese() -> bool:
    """True when the page is read in Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def label(code: enum.Enum | str | None) -> str:
    """The words for a code, or the name of a department by its code; an empty one has none."""
    if not code:
        return "—"
    if isinstance(code, enum.Enum):
        return str(LABELS[type(code)][code])
    names = reference.staff().departments.get(code, (code, code))
    return names[0] if is_chinese() else names[1]


def moment(at: datetime | None) -> Markup | str:
    """A moment in company time, to the minute; the machine's form beside it."""
    if at is None:
        return "—"
    here = clock.local(at)
    pattern = "%m-%d %H:%M" if here.year == clock.local(clock.now()).year else "%Y-%m-%d %H:%M"
    return Markup('<time datetime="{}">{}</time>').format(
        here.isoformat(timespec="seconds"), here.strftime(pattern)
    )


def day(at: datetime | date | None) -> str:
    """A day in company time."""
    if at is None:
        return "—"
    return (clock.local(at) if isinstance(at, datetime) else at).strftime("%Y-%m-%d")


def compile_catalogues() -> None:
    """Compile every catalogue that is newer than its compiled form; only the text form is kept with the source."""
    for written in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        compiled = written.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= written.stat().st_mtime:
            continue
        with written.open("rb") as source:
            catalogue = read_po(source)
        fresh = compiled.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(compiled)
