"""/phrases/scripts/: the scripts, and one walked step by step; what is noted along the way is kept (PG-06, PG-08)."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.calls import actions
from portal.blueprints.phrases.calls import queries as calls
from portal.blueprints.phrases.calls.forms import NoteForm
from portal.blueprints.phrases.parts import PARTS
from portal.blueprints.phrases.scripts import page, queries, rules
from portal.blueprints.phrases.scripts.codes import Channel
from portal.guards import me, needs
from portal.hx import invalid, wants_fragment
from portal.i18n import _l
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

WALK, STEP = "phrases/scripts/walk.html", "phrases/scripts/_step.html"
BACK = "back"
PARTS.append(Part(_l("Scripts"), "phrases.scripts", May.USE_PORTAL, 30))


@bp.get("/scripts/")
@needs(May.USE_PORTAL)
def scripts() -> str:
    """The scripts by where they are spoken, and the technique cards (PG-06, PG-08)."""
    return render_template("phrases/scripts/index.html", **page.listed())


def _path(asked: str) -> list[str]:
    return asked[: 60 * rules.MOST_STEPS].split(page.BETWEEN)


@bp.get("/scripts/<script_code>")
@needs(May.USE_PORTAL)
def script(script_code: str) -> str:
    """One step of a script; the steps before it are in the address (PG-06)."""
    found = queries.script(script_code)
    path = rules.walked(found.body, _path(request.args.get("path", "")))
    return render_template(WALK, **page.step(me(), found, path, calls.mine(me())))


@bp.post("/scripts/<script_code>")
@needs(May.USE_PORTAL)
def walk_script(script_code: str) -> Response:
    """Keep what was noted at this step, and go where the branch leads, or a step back (PG-06)."""
    found, form = queries.script(script_code), NoteForm.of_request()
    body = found.body
    path = rules.walked(body, _path(request.form.get("path", "")))
    if not form.validate():
        return invalid(STEP, page=WALK, **page.step(me(), found, path, calls.mine(me()), form))
    noted, draft = form.noted(), calls.mine(me())
    if any(value != getattr(draft, name, None) and (value or draft) for name, value in noted.items()):
        with db.write():
            on_site = body["channel"] == Channel.ONSITE
            draft = actions.keep(noted, by=me(), now=clock.now(), on_site=on_site)
    going = request.form.get("go", "")
    path = path[:-1] or path if going == BACK else rules.walked(body, [*path, going])
    path = list(rules.shortened(path))
    address = url_for(".script", script_code=script_code, path=page.BETWEEN.join(path))
    if not wants_fragment():
        return redirect(address, 303)
    answer = make_response(render_template(STEP, **page.step(me(), found, path, draft)))
    answer.headers["HX-Push-Url"] = address
    return answer
