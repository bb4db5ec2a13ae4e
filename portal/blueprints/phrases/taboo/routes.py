"""/phrases/taboo/: the rules in force by family, one of them with its examples run, and what they have caught (PG-04)."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.parts import PARTS
from portal.blueprints.phrases.taboo import queries, standing
from portal.blueprints.phrases.taboo.labels import FAMILIES, families, scopes
from portal.customer_texts import TONES
from portal.drawing import name_of
from portal.guards import me, needs
from portal.i18n import _l
from portal.kernel import clock, documents, lists, policies
from portal.kernel.documents import reading
from portal.kernel.phrase_check import Severity
from portal.kernel.phrase_rules import APOLOGY
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(Part(_l("Taboo phrases"), "phrases.taboos", May.USE_PORTAL, 40))


@bp.get("/taboo/")
@needs(May.USE_PORTAL)
def taboos() -> str:
    """What is not said to a customer, why, and what is said instead; by family (PG-04)."""
    words = lists.words(request.args.get("words"))
    family = lists.code(request.args.get("family"), FAMILIES)
    return render_template(
        "phrases/taboo/index.html",
        groups=standing.groups(words, family),
        words=words,
        family=family,
        families=families(),
        tones=TONES,
        style=policies.value(APOLOGY, clock.now()),
    )


@bp.get("/taboo/figures")
@needs(May.USE_PORTAL)
def taboo_figures() -> str:
    """Which taboos are caught: totals for the office, one's own lines, and for a lead the department's (PG-04)."""
    asked, now = queries.CaughtList.asked_for(me(), request.args), clock.now()
    rows, newer, older = asked.page(now)
    return render_template(
        "phrases/taboo/figures.html",
        asked=asked,
        days=queries.DAYS,
        totals=asked.totals(now),
        people=asked.people(now),
        rows=rows,
        newer=newer,
        older=older,
        title=standing.title,
        holds=standing.holds,
        name_of=name_of,
        tones=TONES,
        severity=Severity,
        keeps=policies.number("retention.taboos_days", now),
        leads=bool(me().leads),
    )


@bp.get("/taboo/<rule_code>")
@needs(May.USE_PORTAL)
def taboo(rule_code: str) -> str:
    """One rule: what it catches, its own examples run now, its versions (PG-04)."""
    found = documents.find("phrase_rule", rule_code)
    if found is None:
        abort(404)
    return render_template("phrases/taboo/show.html", **_drawn(found))


def _drawn(found: documents.Current) -> dict[str, Any]:
    rule = standing.rule(found)
    return {
        "found": found,
        "rule": rule,
        "examples": standing.examples(rule),
        "ruled_out": standing.ruled_out(rule),
        "versions": reading.versions(found.document_id, me()),
        "families": families(),
        "scopes": scopes(),
        "tones": TONES,
    }
