"""What a program may send: one JSON object, turned into the intake form, so that rules and messages are the same."""

from __future__ import annotations

import json
import re
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from portal.blueprints.complaints.record_form import Intake
from portal.i18n import _

MOST_BYTES = 2 * 1024 * 1024  # the longest texts that fit, every sign of them escaped, are a tenth of it
MOST_COMPLAINTS = 30  # about names that are no fields
KEY = re.compile(r"[!-~]{1,200}", re.ASCII)  # message ids of mail and WeChat fit


class Unreadable(Exception):
    """A body that is no JSON object."""


class Handed(Intake):
    """The intake form as a program fills it in: files come later, the idempotency key is no part of it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.files, self.idempotency_key


def read(body: bytes) -> dict[str, Any]:
    """The object of a body; Unreadable when it is none, says a name twice, or holds what JSON does not know."""
    try:
        found = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_not_in_json
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict):
        raise Unreadable
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is said twice")
    return found


def _not_in_json(written: str) -> Any:
    raise ValueError(f"{written} is not JSON")


def filled(sent: dict[str, Any]) -> tuple[Handed, dict[str, list[str]]]:
    """The form with what was sent, and what is wrong by field; nothing in it means that the form may be kept."""
    # The form proposes the phone to a person, who sees it; a program has to say how the customer came (CP-01).
    typed, wrong = MultiDict({"channel": ""}), {}
    form = Handed.blank()
    for name, value in sent.items():
        try:
            typed[name] = _typed(form, name, value, typed.get(name, ""))
        except ValueError as error:
            wrong[name[:64]] = [str(error)]
        if len(wrong) == MOST_COMPLAINTS:
            break
    form.process(typed)
    form.validate()
    said = {name: [str(message) for message in messages] for name, messages in form.errors.items()}
    return form, said | wrong


def _typed(form: Handed, name: str, value: Any, absent: str) -> str:
    """A value as a browser would send it; ValueError with the message when it is of the wrong type."""
    if name not in form:
        raise ValueError(_("There is no such field."))
    if value is None:
        return absent
    if isinstance(form[name], BooleanField):
        if not isinstance(value, bool):
            raise ValueError(_("This must be true or false."))
        return "1" if value else ""
    if not isinstance(value, str):
        raise ValueError(_("This must be a text in quotation marks."))
    return value


def key_of(sent: dict[str, Any], header: str | None) -> str | None:
    """The idempotency key, taken out of what was sent; ValueError with the message when it will not do."""
    keys = [key for key in (sent.pop("idempotency_key", None), header) if key not in (None, "")]
    if not keys:
        return None
    if any(not isinstance(key, str) or not KEY.fullmatch(key) for key in keys):
        raise ValueError(_("A key has 1 to 200 visible ASCII characters."))
    if keys[0] != keys[-1]:
        raise ValueError(_("The header and the field give different keys."))
    return str(keys[0])
