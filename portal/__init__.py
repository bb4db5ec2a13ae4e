"""The Front Office Portal: create_app names every part once; read it first."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from portal import (
    blueprints,
    clause_links,
    cli,
    customer_texts,
    drawing,
    errors,
    guards,
    hx,
    i18n,
    menu,
    observed,
    pages,
    security,
)
from portal.bilingual import Bilingual
from portal.config import Settings
from portal.kernel import db, history, reference


class RowId(IntegerConverter):
    """A row's id in an address; what no column of an id can hold is no address."""

    regex = r"\d{1,9}"


class Text(UnicodeConverter):
    """A text in an address; what no column of a text can hold, the sign NUL, is no address."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


class Addresses(Map):
    """Addresses in which `int` is a row's id and a text is one that the database can be asked for."""

    default_converters = ImmutableDict(
        {**Map.default_converters, "int": RowId, "default": Text, "string": Text}
    )


class Portal(Flask):
    """Flask with templates in two languages."""

    jinja_environment = Bilingual
    url_map_class = Addresses


def create_app(settings: Settings | None = None) -> Flask:
    """Build the portal from typed settings; without them, from PORTAL_* variables. Touches no database."""
    settings = settings or Settings.from_env(os.environ)
    app = Portal(__name__, instance_path=str(settings.instance.absolute()))
    app.config.from_mapping(settings.for_flask())
    for part in (
        observed,
        db,
        reference,
        history,
        i18n,
        drawing,
        clause_links,
        guards,
        customer_texts,
        hx,
        menu,
        errors,
        security,
        pages,
        cli,
    ):
        part.init_app(app)
    blueprints.register(app)
    if hops := settings.trusted_proxies:
        # Without it the throttle would count all the world as one address: the proxy's. Flask's documents wrap the
        # method in this very way; the checker takes every method for fixed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # see above
    return app
