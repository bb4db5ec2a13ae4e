"""What is done about people's data: a request is looked into, told, decided on and carried out; terms are ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal import worker
from portal.blueprints.office.privacy import attached, queries, watch
from portal.blueprints.office.privacy.codes import Decision, State
from portal.blueprints.office.privacy.models import PersonRequest
from portal.blueprints.office.privacy.workflow import AGAIN, ASK, CLOSE, CONFIRM, DECIDE, PERSON_REQUEST
from portal.kernel import (
    clock,
    forgetting,
    history,
    jobs,
    mentions,
    numbers,
    personal_data,
    pinyin,
    policies,
    recents,
    sent_forms,
    timers,
    transitions,
)
from portal.kernel.db import db
from portal.kernel.forgetting import Claimed, Mention
from portal.kernel.people import Card, Viewer
from portal.kernel.personal_data import Held, Sought, Subject, Trace
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Reason, Refused

SEARCH, ERASE, END = "person-search", "person-erase", "end-terms"  # jobs
MOST = 500  # entries that a page lists; all of them count
AT_ONCE = 25  # rows of one write


def open_request(
    *, by: Viewer, now: datetime, reason: str, name: str = "", phone: str = "", person: str = "",
    loose: bool = False, sent: Sent | None = None,
) -> PersonRequest:  # fmt: skip
    """RC-20: somebody's data are asked for; they are looked for by the worker. Inside a write."""
    number = numbers.take("GR", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    card = queries.card(person) if person else None
    made = PersonRequest(
        number=number, name=card.name if card else name, phone=phone or _number_of(card),
        person_id=card.id if card else None, loose=loose, reason=reason,
        state=State.SEARCHING, state_since=now, asked_at=now, asked_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    history.record(made, "person_request:open", by=by.id, now=now, clause="RC-20")
    _have_done(SEARCH, made, by.id, now)
    return made


def _number_of(card: Card | None) -> str:
    """The phone number that somebody had here; an extension fits too many."""
    return card.phone if card and len(mentions.digits(card.phone)) >= mentions.SHORTEST else ""


def _have_done(work: str, request: PersonRequest, by: int | None, now: datetime) -> None:
    jobs.ask(work, request.number, by=by, now=now, again=True, request=request.id)
    db.afterwards(worker.wake)


def sought(request: PersonRequest) -> Sought:
    """Whom a request is about."""
    return Sought(request.name, request.phone, request.person_id, request.loose)


# -- looked for -----------------------------------------------------------------------------------------------------


def _entry(kept: str, number: str, address: str, words: str, sure: bool, held: Any) -> dict[str, Any]:
    return {
        "kept": kept,
        "number": number,
        "address": address,
        "words": words,
        "sure": sure,
        "held": "" if held is None else f"{held.reason.code} {json.dumps(dict(held.reason.given))}",
        "clause": "" if held is None else held.reason.clause,
        "until": held.until.isoformat() if held is not None and held.until else "",
        "waits": held is not None and held is not forgetting.BY_HAND,
    }


def everything(whom: Sought, now: datetime, decided: dict[int, bool]) -> list[dict[str, Any]]:
    """All that is kept of a person: what is about them as a whole, every mention, files; what is both, once."""
    own = _own(whom, now)
    claimed = _claimed(own)
    found = list(forgetting.look(whom, now, claimed))
    near = attached.subjects_of((trace.subject for trace in own), found)
    return _listed(own, _besides(found, claimed)) + _files(attached.found(whom, near, now, decided, claimed))


def _own(whom: Sought, now: datetime) -> list[Trace]:
    return [trace for area in personal_data.OWN for trace in area.find(whom, now)]


def _claimed(own: Iterable[Trace]) -> dict[Subject, Held | None]:
    """The things that are surely about the person as a whole, with what holds each."""
    return {trace.subject: trace.held for trace in own if trace.subject and trace.sure}


def _besides(every: Iterable[Mention], claimed: Claimed) -> list[Mention]:
    """What stands elsewhere than in such a thing and its history, which go with it; files are told by themselves.

    Searches of colleagues go in any case and are nobody's record.
    """
    return [
        each
        for each in every
        if each.place.table != attached.TABLE and not each.place.spare and each.subject not in claimed
    ]


def _files(found: Iterable[attached.Found]) -> list[dict[str, Any]]:
    return [
        _entry("files", each.name, each.address, each.words, bool(each.sure), each.held)
        | ({} if each.own else {"file": each.id, "look": each.sure is None})
        for each in found
    ]


def _decided(request: PersonRequest) -> dict[int, bool]:
    """What the office said of files, by their ids."""
    return {entry["file"]: entry["decided"] for entry in request.entries if "decided" in entry}


def _marked(entries: list[dict[str, Any]], decided: dict[int, bool]) -> list[dict[str, Any]]:
    """The entries with what was said of files, so that it is known when they are looked at again."""
    return [
        entry | ({"decided": decided[entry["file"]]} if entry.get("file") in decided else {})
        for entry in entries
    ]


def _listed(own: Iterable[Trace], elsewhere: Iterable[Mention]) -> list[dict[str, Any]]:
    own = list(own)
    entries = [_entry(t.kept, t.number, t.address, t.words, t.sure, t.held) for t in own]
    told = {(trace.kept, trace.number) for trace in own}
    return entries + [
        _entry(found.kept.key, *_where(found), found.words, found.sure, found.held)
        for found in elsewhere
        if found.kept.key != "requests" and (found.kept.key, found.number) not in told
    ]


def _where(found: Mention) -> tuple[str, str]:
    """What the mention's thing is called and where it is seen; a line that is about another thing by that thing."""
    number, address = forgetting.whereabouts(found.subject)
    return number or found.number, address


def search(given: dict[str, Any]) -> str:
    """Look for the person and keep what was found with the request; a job's work, twice without harm."""
    now = clock.now()
    request = db.session.get_one(PersonRequest, given["request"])
    decided = _decided(request)
    entries = _marked(everything(sought(request), now, decided), decided)
    with db.write():
        request = queries.load(given["request"])
        if request.state is State.SEARCHING:
            request.found = json.dumps(entries[:MOST], ensure_ascii=False)
            request.state, request.state_since = State.FOUND, now
            history.record(request, "person_request:found", by=None, now=now, count=len(entries))
    return str(len(entries))


# -- told -------------------------------------------------------------------------------------------------------------


def take_out(
    request: PersonRequest, *, by: Viewer, now: datetime
) -> tuple[dict[str, Any], list[tuple[str, Path]]]:
    """RC-20: what is handed over to the person: their things as a whole with their files, and words that name them.

    With each file the name that it has in the archive, and where it lies.
    """
    whom = sought(request)
    claimed = _claimed(_own(whom, now))
    told: dict[str, Any] = {
        "request": request.number,
        "taken_out_at": f"{clock.local(now):%Y-%m-%d %H:%M}",
    }
    with db.write():
        history.record(queries.load(request.id), "person_request:export", by=by.id, now=now, clause="RC-20")
    for area in personal_data.OWN:
        for name, value in area.tell(whom, by.id, now).items():  # two areas know of earlier words
            told[name] = told[name] + value if isinstance(told.get(name), list) else value
    told["mentions"] = [
        {"class": str(found.kept.caption), "number": _where(found)[0], "words": found.words}
        for found in _besides(forgetting.look(whom, now, claimed), claimed)
        if found.sure and found.kept.key != "requests" and found.words
    ]
    theirs = attached.theirs(claimed)
    told["files"] = [entry for entry, _path in theirs]
    return {name: value for name, value in told.items() if value}, [
        (entry["file"], path) for entry, path in theirs
    ]


def looks(request: PersonRequest, now: datetime) -> list[Any]:
    """Who looked at what is masked of the person's own things: moment, person, event; newest first."""
    own = [trace for area in personal_data.OWN for trace in area.find(sought(request), now) if trace.sure]
    return queries.looks_at([trace.subject for trace in own if trace.subject])


# -- decided ----------------------------------------------------------------------------------------------------------


def search_again(request: PersonRequest, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """What was found may have changed."""
    request.wanted_by_id = None
    _have_done(SEARCH, request, by.id, now)
    return Effect()


def ask(request: PersonRequest, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """RC-20: one person of the office wants the person forgotten; another confirms."""
    request.wanted_by_id = by.id
    watch.tell_others(request, now, but=by.id)
    return Effect({"count": request.goes})


def confirm(
    request: PersonRequest, *, by: Viewer, now: datetime, decision: Decision, note: str = "", **_: Any
) -> Effect:
    """RC-20: the second person confirms, or says no."""
    request.decided_by_id, request.decided_at, request.decision_note = by.id, now, note
    if decision is Decision.NO:
        request.state, request.state_since, request.wanted_by_id = State.FOUND, now, None
        return Effect({"decision": decision}, {"note": note}, stay=True)
    _have_done(ERASE, request, by.id, now)
    return Effect({"decision": decision}, {"note": note})


def decide_file(
    request: PersonRequest, *, by: Viewer, now: datetime, file: int, decision: Decision, **_: Any
) -> Effect:
    """RC-20: whoever opened a file that the portal cannot read says whether it goes with the person."""
    entries = request.entries
    mine = [entry for entry in entries if entry.get("file") == file]
    if not mine:
        raise Refused([Reason("RC-20", "no_such_file")])
    for entry in mine:
        entry["sure"] = entry["decided"] = decision is Decision.YES
        entry["look"] = False
    request.found = json.dumps(entries, ensure_ascii=False)
    return Effect({"decision": decision, "file": file})


def close(request: PersonRequest, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """Answered without forgetting anybody; the request names nobody any more."""
    _name_nobody(request)
    return Effect({}, {})


def _name_nobody(request: PersonRequest) -> None:
    request.name = request.phone = request.reason = request.decision_note = ""
    request.found, request.look_again_at = "[]", None
    sent_forms.forget(request)


ACTIONS: dict[str, Action] = {
    AGAIN: search_again,
    ASK: ask,
    CONFIRM: confirm,
    CLOSE: close,
    DECIDE: decide_file,
}


def _perform(request: PersonRequest, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    transitions.perform(PERSON_REQUEST, request, verb, ACTIONS[verb], by=by, now=now, **given)
    if verb == CLOSE:
        history.erase(request)


act = transitions.one_write(queries.find, _perform)


# -- carried out ------------------------------------------------------------------------------------------------------


def erase(given: dict[str, Any]) -> str:
    """Forget the person wherever nothing holds them; what is held is looked at again when its term is over.

    A job's work: in many writes, and begun again after a stop it goes on where it was.
    """
    now = clock.now()
    request = db.session.get_one(PersonRequest, given["request"])
    if request.state not in {State.ERASING, State.WAITING}:
        return ""
    whom, by, decided = sought(request), request.decided_by_id or 0, _decided(request)
    own = _own(whom, now)  # before they lose their names
    claimed = _claimed(own)
    filed = len(attached.theirs(claimed))
    db.session.rollback()
    for area in personal_data.OWN:
        area.forget(whom, by, now)
    stays = {(trace.kept, trace.number) for trace in _own(whom, now)}
    own_gone = sum(trace.sure and (trace.kept, trace.number) not in stays for trace in own)
    own_gone += filed - len(attached.theirs(claimed))
    with db.write():
        recents.forget_about(
            (whom.name, pinyin.readings(whom.name), whom.phone)
        )  # typed by their reading, too
        leave_out(whom, queries.others(request.id))
    gone, held = forgetting.strike(whom, now, claimed)
    gone += own_gone
    theirs = [each for each in attached.found(whom, (), now, decided, claimed) if each.sure]
    with db.write():
        gone += attached.drop([each.id for each in theirs if each.held is None])
    waiting = _listed(_own(whom, now), _besides(held, claimed)) + _files(each for each in theirs if each.held)
    left = [entry for entry in _marked(waiting, decided) if entry["sure"] and entry["held"]]
    waits = [entry for entry in left if entry["waits"]]
    with db.write():
        request = queries.load(given["request"])
        request.state_since = now
        if waits:
            request.state = State.WAITING
            request.found = json.dumps(left[:MOST], ensure_ascii=False)
            request.look_again_at = _next_look([entry["until"] for entry in waits], now)
        else:
            request.state = State.DONE
            _name_nobody(request)
            history.erase(request)
        history.record(
            request,
            "person_request:erased",
            by=by or None,
            now=now,
            clause="RC-20",
            count=gone,
            held=len(waits),
        )
        watch.WATCH.clocks_moved(request, now)
    forgetting.wipe()
    return f"{gone}"


def leave_out(whom: Sought, others: Iterable[PersonRequest]) -> None:
    """What other requests list may name the person beside whom it was found for. Inside a write."""
    for other in others:
        entries = other.entries
        for entry in entries:
            for name in ("number", "words"):
                entry[name] = mentions.struck(entry[name], whom.name, whom.phone)
        other.found = json.dumps(entries, ensure_ascii=False)


def _next_look(untils: list[str], now: datetime) -> datetime:
    """When the first term is over; of what has none, within a week."""
    known = [datetime.fromisoformat(until) for until in untils if until]
    return min([*known, now + timedelta(days=7)]) if len(known) < len(untils) else min(known)


def look_again(now: datetime) -> Iterator[str]:
    """RC-20: what was asked and confirmed is done when the rule that held it up holds no longer."""
    for request_id in queries.due_again(now):
        with db.write():
            request = queries.load(request_id)
            if request.look_again_at is None or request.look_again_at > now:
                continue
            request.look_again_at = None
            number = request.number
            _have_done(ERASE, request, None, now)
        yield f"{number}\tprivacy\ta term is over, looked at again (RC-20)"


timers.BY_CALENDAR.append(look_again)


# -- terms ------------------------------------------------------------------------------------------------------------


def end_terms(key: str, *, by: Viewer, now: datetime) -> None:
    """RC-20: the words of a class that are past their term go. Inside a write; the worker does it."""
    jobs.ask(END, key, by=by.id, now=now, again=True, kept=key, ended_by=by.id)
    db.afterwards(worker.wake)


def _end(given: dict[str, Any]) -> str:
    now, kept = clock.now(), personal_data.REGISTER[given["kept"]]
    until = queries.before(kept, now)
    count = 0
    for place in kept.places if until else ():
        while True:
            with db.write():
                some = forgetting.empty(kept, place, until, now, AT_ONCE)  # type: ignore[arg-type]  # asked above
            count += some
            if not some:
                break
    with db.write():
        figure = policies.in_force(kept.figure, now)
        history.record(
            figure,
            "policy:ended",
            by=given["ended_by"],
            now=now,
            clause="RC-20",
            kept=kept.key,
            count=count,
            until=until,
        )
    forgetting.wipe()
    return str(count)


jobs.WORK |= {SEARCH: search, ERASE: erase, END: _end}
