"""/complaints/penalties/: the list, the proposal, a penalty with one address a verb, and the sheet of a month."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.complaints import disposal, parts
from portal.blueprints.complaints.codes import Finding
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.page import colleagues
from portal.blueprints.complaints.penalties import actions, forms, page, planning, queries
from portal.blueprints.complaints.penalties.codes import Ground
from portal.blueprints.complaints.penalties.labels import SAID
from portal.blueprints.complaints.penalties.workflow import PENALTY
from portal.blueprints.complaints.routes import bp
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.kernel import clock, numbers, sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden
from portal.parts import Part
from portal.verbs import Verbs

CARD, PAGE = "complaints/penalties/_card.html", "complaints/penalties/show.html"


in_addresses(bp, "penalty", numbers.shape("CF"))
in_addresses(bp, "month", r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


def has_tab(viewer: Viewer) -> bool:
    """True for those who have to do with other people's penalties."""
    return queries.sees_sheets(viewer) or queries.may_propose(viewer)


parts.PARTS.append(
    Part(
        _l("Penalties"),
        "complaints.penalties",
        May.SEE_CASES,
        of=lambda number: url_for("complaints.penalties", case=number),
        shown=has_tab,
    )
)


def _after_breach(case: Case, viewer: Viewer) -> tuple[Any, str] | None:
    """CP-34: a breach or neglect may be penalised (CP-24), by who leads a department or the general office."""
    may = queries.may_propose(viewer) and case.responsible_id != viewer.id
    offers = case.finding is Finding.BREACH and may
    return (_("Propose a penalty"), url_for(".new_penalty", **page.offer(case))) if offers else None


parts.OFFERS.append(_after_breach)
disposal.BARS.append(actions.bars_disposal)
disposal.ERASERS.append(actions.forget)


# -- the list -----------------------------------------------------------------------------------------------------


@bp.get("/penalties/")
@needs(May.SEE_CASES)
def penalties() -> str:
    """The penalties that the viewer may know of; the filters are in the address."""
    asked = queries.PenaltyList.asked_for(me(), request.args)
    rows, older = asked.page()
    case = queries.find_case(me(), asked.case) if asked.case and queries.may_propose(me()) else None
    offer: dict[str, Any] = page.offer(case) if case else {}
    return render_template(
        "complaints/penalties/index.html",
        asked=asked,
        rows=rows,
        older=older,
        page=page,
        may_propose=queries.may_propose(me()),
        propose_url=url_for(".new_penalty", **offer),
        is_breach="ground" in offer,
        this_month=planning.month_of(clock.now()) if queries.sees_sheets(me()) else "",
    )


@bp.get("/penalties/export")
@needs(May.SEE_CASES)
def export_penalties() -> Response:
    """What the list shows as a workbook."""
    asked = queries.PenaltyList.asked_for(me(), request.args)
    found = db.session.execute(asked.statement(queries.MOST)).all()
    title = _("Penalties")
    return sheets.send(title, sheets.workbook(title, page.columns(), page.rows(found)))


# -- the proposal -------------------------------------------------------------------------------------------------


@bp.route("/penalties/new", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def new_penalty() -> Response | str:
    """Propose a penalty (CP-24, CP-32, CP-34); case, person and ground may stand in the address."""
    viewer, now = me(), clock.now()
    if not queries.may_propose(viewer):
        raise Forbidden("propose", "CP-24")
    if request.method == "GET":
        ground = request.args.get("ground", "")
        form = forms.Proposal.blank(
            case=request.args.get("case", "")[:24],
            person=request.args.get("person", "")[:64],
            ground=ground if ground in set(Ground) else None,
        )
        return render_template("complaints/penalties/new.html", form=form, people=colleagues())
    form = forms.Proposal.of_request()
    form.by = viewer
    if not form.validate():
        return invalid(
            "complaints/penalties/_new.html",
            page="complaints/penalties/new.html",
            form=form,
            people=colleagues(),
        )
    with db.write():
        penalty = actions.propose(
            form.found,
            by=viewer,
            now=now,
            person=form.person.card,
            department=form.department.data,
            ground=form.ground.data,
            facts=form.facts.data,
            idempotency_key=form.idempotency_key.data,
        )
    said = _("Penalty %(number)s proposed.", number=penalty.number)
    return gone_to(url_for(".penalty", penalty=penalty.number), said=said)


# -- one penalty --------------------------------------------------------------------------------------------------


@bp.get("/penalties/<penalty:penalty>")
@needs(May.SEE_CASES)
def penalty(penalty: str) -> str:
    """A penalty: what is held against whom, what was decided, how it is taken, what comes next."""
    found = queries.find(me(), penalty)
    drawn = page.show(found, me(), do=request.args.get("do", ""))
    return render_template(CARD if request.args.get("part") == "card" and wants_fragment() else PAGE, **drawn)


VERBS_OF_ONE = Verbs(
    flow=PENALTY,
    find=queries.find,
    form=lambda found, verb: forms.form_of(verb, found, clock.now(), sent=True),
    act=actions.act,
    draw=page.show,
    said=SAID,
    back=lambda found, _verb: url_for(".penalty", penalty=found.number),
    page=PAGE,
    part=CARD,
)
VERBS_OF_ONE.add_to(bp, "/penalties/<penalty:penalty>", "penalty_{}", May.SEE_CASES)


# -- the sheet of a month -----------------------------------------------------------------------------------------


def _personnel() -> None:
    """The sheets are personnel's and the general office's."""
    if not queries.sees_sheets(me()):
        abort(403)


@bp.get("/penalties/months/<month:month>")
@needs(May.SEE_CASES)
def penalty_month(month: str) -> str:
    """Who loses what in a month, and everybody's bonus to enter."""
    _personnel()
    drawn = page.month(month, clock.now())
    return render_template("complaints/penalties/month.html", opinions=queries.opinions(month, me()), **drawn)


@bp.post("/penalties/months/<month:month>/bonuses")
@needs(May.SEE_CASES)
def penalty_bonuses(month: str) -> Response:
    """Enter the bonuses of a month; the plans that they bear are made anew."""
    _personnel()
    people = queries.usernames()
    amounts, wrong = forms.bonus_fields(people, typed := request.form.to_dict())
    if wrong:
        drawn = page.month(month, clock.now(), typed=typed, wrong=wrong)
        return make_response(render_template("complaints/penalties/month.html", **drawn), 422)
    with db.write():
        changed = planning.enter(month, amounts, by=me().id, now=clock.now())
    said = ngettext("%(num)s bonus entered.", "%(num)s bonuses entered.", changed)
    return gone_to(url_for(".penalty_month", month=month), said=said)


@bp.post("/penalties/months/<month:month>/take")
@needs(May.SEE_CASES)
def take_penalties(month: str) -> Response:
    """The sheet goes to the pay office; what stands on it is taken."""
    _personnel()
    with db.write():
        taken = planning.take(month, by=me().id, now=clock.now())
    said = ngettext("%(num)s instalment is taken.", "%(num)s instalments are taken.", taken)
    return gone_to(url_for(".penalty_month", month=month), said=said)


@bp.get("/penalties/months/<month:month>/export")
@needs(May.SEE_CASES)
def export_penalty_month(month: str) -> Response:
    """The sheet of a month as a workbook."""
    _personnel()
    title = _("Penalties %(month)s", month=month)
    content = sheets.workbook(title, page.sheet_columns(), page.sheet_rows(month, queries.sheet(month)))
    return sheets.send(title, content)


@bp.get("/penalties/months/<month:month>/print")
@needs(May.SEE_CASES)
def print_penalty_month(month: str) -> str:
    """The sheet of a month as an A4 form."""
    _personnel()
    return render_template("complaints/penalties/sheet.html", **page.month(month, clock.now()))
