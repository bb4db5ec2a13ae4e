"""Until when certificates of other servers are good: asked of a real server, kept while it is away, told when over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.blueprints.office.system import certificates
from portal.kernel import clock, runs
from portal.kernel.db import db
from portal.kernel.runs import Run
from portal.signin import directory
from tests.messages import doubles


def looked(app: Flask) -> dict[str, datetime | None]:
    with app.app_context():
        list(certificates.look(clock.now()))
        return certificates.kept(db.session.get(Run, certificates.KEPT))


def test_the_end_of_a_servers_certificate_is_noted_and_kept(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = doubles.certificate(tmp_path, "localhost")
    monkeypatch.setattr(directory, "_asleep", {})
    usual = app.config["SETTINGS"]
    with doubles.post(starttls=made.server) as post:
        app.config["SETTINGS"] = replace(
            usual, mail_server=f"localhost:{post.port}", mail_security="starttls", messages="send",
            mail_ca_file=str(made.authority), ldap_url="ldaps://localhost:2", ldap_base="dc=x",
            oidc_issuer="https://localhost:1",
        )  # fmt: skip
        found = looked(app)
    (until,) = found.values()
    assert until is not None
    assert timedelta(hours=23) < until - datetime.now(UTC) < timedelta(hours=25)
    assert looked(app) == found, "a server that is away takes nothing back"
    app.config["SETTINGS"] = replace(usual, mail_server="")
    assert looked(app) == {}, "a server that is asked no more is not spoken of"
    assert runs.repeated(certificates.LOOKED_AT)


def test_a_certificate_that_is_over_is_told_from_a_server_that_is_away() -> None:
    def over() -> certificates.Peer:
        raise ConnectionError("certificate verify failed: certificate has expired (_ssl.c:1006)")

    def away() -> certificates.Peer:
        raise TimeoutError("timed out")

    assert certificates._ends(over, "2027-01-01T00:00:00+00:00") == ""
    assert certificates._ends(away, "2027-01-01T00:00:00+00:00") == "2027-01-01T00:00:00+00:00"
    assert certificates._ends(away, None) is None
