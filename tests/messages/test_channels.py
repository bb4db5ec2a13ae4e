"""Each way out against a server that behaves, and against one that does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from portal.config import Settings
from portal.kernel.channels import Fault, Item, Message, Problem, Sent, mail, robots
from portal.kernel.channels.addresses import (
    BadAddress,
    Place,
    RobotKind,
    may_be_asked,
    place,
    resolved,
)
from portal.kernel.channels.mail import Mail
from portal.kernel.chat_robots import VENDORS
from tests.messages.doubles import Answer, Certificate, certificate, chat, post

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ONE = Message("abc123", "[示例公司] TS-1", (Item("有事项待签收", "https://portal.test/x", ("13800000000",)),))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificates"), "127.0.0.1")


def say(kind: str, address: str, message: Message = ONE, secret: str = "", **chosen: Any) -> Sent | Problem:
    settings = Settings(robots_loopback=True, **chosen)
    return robots.Robot(settings, VENDORS[RobotKind(kind)], secret).send(address, message, NOW)


# -- robots -----------------------------------------------------------------------------------------------------


def test_each_vendor_gets_the_text_its_mention_and_its_signature() -> None:
    with chat() as service:
        for kind in ("wecom", "dingtalk", "feishu"):
            assert say(kind, service.address(kind), secret="SEC") == Sent(), kind
    wecom, dingtalk, feishu = service.asked
    text = "[示例公司] TS-1\n有事项待签收\nhttps://portal.test/x"
    assert wecom["body"] == {
        "msgtype": "text",
        "text": {"content": text, "mentioned_mobile_list": ["13800000000"]},
    }
    assert dingtalk["body"]["at"]["atMobiles"] == ["13800000000"]
    assert dingtalk["body"]["text"]["content"] == f"{text}\n@13800000000"
    stamp = "1772413200000"
    sign = hmac.new(b"SEC", f"{stamp}\nSEC".encode(), hashlib.sha256).digest()
    assert dingtalk["query"] == {
        "access_token": "t1", "timestamp": stamp, "sign": base64.b64encode(sign).decode(),
    }  # fmt: skip
    sign = hmac.new(b"1772413200\nSEC", b"", hashlib.sha256).digest()
    assert feishu["body"] == {
        "timestamp": "1772413200",
        "sign": base64.b64encode(sign).decode(),
        "msg_type": "text",
        "content": {"text": text},
    }


def test_nothing_in_a_text_can_pretend_to_be_a_mention() -> None:
    message = Message("x", "[a]", (Item('<at user_id="all"></at>', "", ("ou_1",)),))
    with chat() as service:
        say("feishu", service.address("feishu"), message)
    said = service.asked[0]["body"]["content"]["text"]
    assert said.count("<at ") == 1
    assert said.endswith('<at user_id="ou_1"></at>')


def test_what_has_no_room_is_counted() -> None:
    items = tuple(Item(f"第{n}件事项等待办理", handles=(f"u{n}",)) for n in range(200))
    message = Message("x", "[示例公司] 200", items, "可能已发送过", lambda count: f"另有{count}条")
    with chat() as service:
        assert say("wecom", service.address("wecom"), message) == Sent()
    body = service.asked[0]["body"]["text"]
    lines = body["content"].split("\n")
    assert len(body["content"].encode()) <= 2048
    assert lines[1] == "可能已发送过"
    shown = len(lines) - 3
    assert lines[-1] == f"另有{200 - shown}条"
    assert body["mentioned_list"] == [f"u{n}" for n in range(shown)]


@pytest.mark.parametrize(
    ("answer", "fault", "retry", "after"),
    [
        (Answer(500), Fault.STATUS, True, timedelta()),
        (Answer(503, headers={"Retry-After": "120"}), Fault.STATUS, True, timedelta(minutes=2)),
        (Answer(429, headers={"Retry-After": "600"}), Fault.RATE, True, timedelta(minutes=10)),
        (Answer(429, headers={"Retry-After": "Mon, 02 Mar 2026 01:05:00 GMT"}), Fault.RATE, True, timedelta(minutes=5)),
        (Answer(429, headers={"Retry-After": "later"}), Fault.RATE, True, timedelta(minutes=1)),
        (Answer(302, headers={"Location": "http://127.0.0.1:9/"}), Fault.REDIRECT, False, None),
        (Answer(404, b"no such page"), Fault.STATUS, False, None),
        (Answer(200, b"<html>"), Fault.UNREADABLE, False, None),
        (Answer(200, {"errcode": 0, "padding": "x" * 100_000}), Fault.UNREADABLE, False, None),
        (Answer(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), Fault.RATE, True, timedelta(minutes=1)),
        (Answer(200, {"errcode": 93000, "errmsg": "invalid webhook url"}), Fault.REFUSED, False, None),
        (Answer(200, {"errcode": -1, "errmsg": "system busy"}), Fault.LATER, True, None),
        (Answer(200, {"something": "else"}), Fault.UNREADABLE, False, None),
    ],
)  # fmt: skip
def test_a_robot_that_does_not_take_it(
    answer: Answer, fault: Fault, retry: bool, after: timedelta | None
) -> None:
    with chat(answer) as service:
        said = say("wecom", service.address("wecom"))
    assert isinstance(said, Problem)
    assert (said.fault, said.retry, said.after) == (fault, retry, after)
    assert len(service.asked) == 1, "a redirect was followed"
    assert "k1" not in str(said), "the key stands in what is kept"


@pytest.mark.parametrize(
    ("kind", "answer", "fault"),
    [
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, Fault.RATE),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, Fault.REFUSED),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, Fault.REFUSED),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, Fault.RATE),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, None),
    ],
)
def test_what_the_vendors_codes_mean(kind: str, answer: dict[str, Any], fault: Fault | None) -> None:
    said = VENDORS[RobotKind(kind)].understand(answer)
    assert getattr(said, "fault", None) is fault


def test_a_robot_that_hangs_or_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "TIMEOUT", (0.2, 0.2))
    with chat(Answer(hang=True)) as service:
        silent = say("wecom", service.address("wecom"))
    gone = say("wecom", service.address("wecom"))
    assert isinstance(silent, Problem)
    assert isinstance(gone, Problem)
    assert (silent.fault, gone.fault, silent.retry, gone.retry) == (
        Fault.SILENT,
        Fault.UNREACHABLE,
        True,
        True,
    )


def test_the_certificate_must_be_that_of_the_name_although_a_number_is_asked(
    tmp_path: Path,
) -> None:
    ours = certificate(tmp_path, "localhost")
    with chat(tls=ours.server) as service:
        address = service.address("wecom", "https", "localhost")
        assert say("wecom", address, robots_ca_file=str(ours.authority)) == Sent()
        unknown = say("wecom", address)
    assert service.asked[0]["host"] == f"localhost:{service.port}"
    other = certificate(tmp_path, "elsewhere.test")
    with chat(tls=other.server) as service:
        address = service.address("wecom", "https", "localhost")
        wrong = say("wecom", address, robots_ca_file=str(other.authority))
    assert [getattr(said, "fault", None) for said in (unknown, wrong)] == [Fault.CERTIFICATE] * 2


def test_a_proxy_is_used_only_when_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with chat() as proxy, chat() as service:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        say("wecom", service.address("wecom"))
        assert (len(proxy.asked), len(service.asked)) == (0, 1)
        say("wecom", service.address("wecom"), robots_proxy=f"http://127.0.0.1:{proxy.port}")
        assert (len(proxy.asked), len(service.asked)) == (1, 1)


# -- which addresses may be asked ---------------------------------------------------------------------------------

GOOD = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (GOOD, ""),
        ("https://QYAPI.weixin.qq.com:443/cgi-bin/webhook/send?key=k", ""),
        ("https://relay.corp:8443/wecom", ""),
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "scheme"),
        ("file:///etc/passwd", "unreadable"),
        ("gopher://qyapi.weixin.qq.com/", "scheme"),
        ("https://qyapi.weixin.qq.com.evil.test/cgi-bin/webhook/send", "host"),
        ("https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send", "host"),
        ("https://qyapi.weixin.qq.com@evil.test/", "unreadable"),
        ("https://evil.test\\@qyapi.weixin.qq.com/", "unreadable"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send\\..\\x", "unreadable"),
        ("https://127.0.0.1/cgi-bin/webhook/send", "host"),
        ("http://localhost/", "scheme"),
        ("https://[::1/", "unreadable"),
        ("https://oapi.dingtalk.com/robot/send?access_token=1", "host"),
        ("https://qyapi.weixin.qq.com/", "path"),
        ("https://relay.corp/wecom", "host"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a b", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_which_addresses_an_administrator_may_enter(address: str, code: str) -> None:
    try:
        place(RobotKind.WECOM, address, hosts="relay.corp:8443, other.corp")
        found = ""
    except BadAddress as error:
        found = error.code
    assert found == code


@pytest.mark.parametrize(
    ("number", "vendor", "listed", "here"),
    [
        ("120.232.18.27", True, True, True),
        ("10.0.0.5", False, True, False),
        ("192.168.1.1", False, True, False),
        ("100.64.0.1", False, False, False),
        ("127.0.0.1", False, False, True),
        ("::1", False, False, True),
        ("::ffff:127.0.0.1", False, False, True),
        ("::ffff:10.0.0.5", False, True, False),
        ("2002:7f00:1::", False, False, True),
        ("169.254.169.254", False, False, False),
        ("fe80::1", False, False, False),
        ("fd00::1", False, True, False),
        ("224.0.0.1", False, False, False),
        ("0.0.0.0", False, False, False),  # noqa: S104  # an address that is refused
    ],
)
def test_to_which_machines_a_name_may_lead(number: str, vendor: bool, listed: bool, here: bool) -> None:
    def places(**chosen: bool) -> Place:
        return Place("https", "x", 443, "/", **({"private": False, "loopback": False} | chosen))

    assert may_be_asked(number, places()) is vendor
    assert may_be_asked(number, places(private=True)) is listed
    if here:
        assert may_be_asked(number, places(loopback=True))


def test_a_name_that_leads_inside_as_well_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*numbers: str) -> None:
        found = [(2, 1, 6, "", (number, 443)) for number in numbers]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)

    answers("120.232.18.27")
    assert resolved(place(RobotKind.WECOM, GOOD)) == "120.232.18.27"
    answers("120.232.18.27", "10.0.0.5")
    refused = say("wecom", GOOD)
    assert (getattr(refused, "fault", None), getattr(refused, "retry", None)) == (Fault.ADDRESS, False)


# -- mail -----------------------------------------------------------------------------------------------------------


def write(where: str, to: str = "lin@example.com", message: Message = ONE, **chosen: Any) -> Sent | Problem:
    settings = Settings(mail_server=where, mail_from="portal@office.test", **chosen)
    return Mail(settings).send(to, message, NOW)


def test_a_mail_says_who_wrote_it_and_is_the_same_when_it_is_sent_again() -> None:
    with post() as server:
        assert [write(server.where), write(server.where)] == [Sent(), Sent()]
    first, second = (message_from_bytes(each.content, policy=policy.default) for each in server.taken)
    assert first["Message-ID"] == second["Message-ID"] == "<abc123@office.test>"
    assert (first["Auto-Submitted"], first["Subject"]) == ("auto-generated", "[示例公司] TS-1")
    assert first.get_content().split() == ["有事项待签收", "https://portal.test/x"]
    assert first.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "to",
    [
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\nX: y",
        "",
        "no address",
        "a@b.c, d@e.f",
        "<a@b.c>",
    ],
)
def test_no_address_can_bring_headers_of_its_own(to: str) -> None:
    with post() as server:
        said = write(server.where, to)
    assert isinstance(said, Problem)
    assert (said.fault, said.retry, server.taken) == (Fault.RECIPIENT, False, [])


@pytest.mark.parametrize(
    ("rcpt", "data", "fault", "retry"),
    [
        ("550 no such user", "250 OK", Fault.RECIPIENT, False),
        ("450 greylisted, come again", "250 OK", Fault.LATER, True),
        ("530 5.7.0 authentication required", "250 OK", Fault.LATER, True),
        ("250 OK", "552 too large", Fault.REFUSED, False),
        ("250 OK", "451 disk full", Fault.LATER, True),
        ("250 OK", "hang up", Fault.UNREACHABLE, True),
    ],
)
def test_a_mail_server_that_does_not_take_it(rcpt: str, data: str, fault: Fault, retry: bool) -> None:
    with post() as server:
        server.rcpt, server.data = rcpt, data
        said = write(server.where)
    assert isinstance(said, Problem)
    assert (said.fault, said.retry) == (fault, retry)


def test_a_mail_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.2)
    with chat() as service:  # it waits for a request, the mail for a greeting
        said = write(f"127.0.0.1:{service.port}")
    assert isinstance(said, Problem)
    assert (said.fault, said.retry) == (Fault.SILENT, True)


@pytest.mark.filterwarnings("ignore:Requiring AUTH", "ignore:Session.login_data")
@pytest.mark.parametrize("how", ["tls", "starttls"])
def test_the_mail_servers_certificate_is_checked_before_the_password_is_told(
    how: str, ours: Certificate
) -> None:
    chosen: dict[str, Any] = {"mail_security": how, "mail_user": "portal", "mail_password": "secret"}
    with post(**{how: ours.server}, auth=True) as server:
        unknown = write(server.where, **chosen)
        trusting = chosen | {"mail_ca_file": str(ours.authority)}
        wrong = write(server.where, **trusting | {"mail_password": "guess"})
        assert write(server.where, **trusting) == Sent()
    faults = [(said.fault, said.retry) for said in (unknown, wrong) if isinstance(said, Problem)]
    assert faults == [(Fault.CERTIFICATE, True), (Fault.LOGIN, True)]
    assert len(server.taken) == 1


def test_a_server_without_encryption_gets_nothing_where_encryption_is_set(ours: Certificate) -> None:
    with post() as server:
        said = write(server.where, mail_security="starttls", mail_ca_file=str(ours.authority))
    assert isinstance(said, Problem)
    assert server.taken == []
