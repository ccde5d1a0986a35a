"""A mail arrives as it was meant, adds nothing to its head, and a failure says what to do."""

from __future__ import annotations

import ssl
from typing import Any

import msgspec
import pytest

from kefu.core.errors import BadInput
from kefu.outbound.letters import Letter
from kefu.outbound.mail import (
    MAX_SUBJECT_CHARS,
    BadAddress,
    Mail,
    MailFailed,
    MailServer,
    Security,
    check_address,
    compose,
    send,
)
from tests.outbound.servers import CERTIFICATE
from tests.outbound.smtp import greeting_server, smtp_server
from tests.serving import free_ports

SERVER = MailServer(host="localhost", from_address="desk@hooks.test", from_name="Desk")
MAIL = Mail(
    message_id="<evt_7.answer@hooks.test>",
    sent_ms=1_769_860_800_000,
    to_address="visitor@example.com",
    to_name="访客",
    letter=Letter(subject="回复了您", text=".\n你好\n" + "x" * 2_000, html="<p>你好</p>"),
)
TLS = ssl.create_default_context(cafile=CERTIFICATE)


def change(**fields: Any) -> Mail:
    return msgspec.structs.replace(MAIL, **fields)


async def failure(server: MailServer) -> MailFailed:
    with pytest.raises(MailFailed) as raised:
        await send(server, MAIL, tls=TLS)
    return raised.value


async def test_a_mail_arrives_with_both_forms_and_its_head():
    async with smtp_server() as box:
        await send(box.server, MAIL)
    [message], [envelope] = box.messages, box.envelopes
    assert envelope.mail_from == "desk@hooks.test"
    assert envelope.rcpt_tos == ["visitor@example.com"]
    assert {name: value for name, value in message.items() if name != "Content-Type"} == {
        "From": "Ann & 小王 <desk@hooks.test>",
        "To": "访客 <visitor@example.com>",
        "Subject": "回复了您",
        "Date": "Sat, 31 Jan 2026 12:00:00 +0000",
        "Message-ID": "<evt_7.answer@hooks.test>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == MAIL.letter.text + "\n"
    assert html.get_content().strip() == "<p>你好</p>"


async def test_what_is_sent_is_plain_ascii_in_short_lines():
    async with smtp_server() as box:
        await send(box.server, MAIL)
    content = box.envelopes[0].original_content
    assert content is not None
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_the_head_can_name_a_thread_an_answer_address_and_a_way_out():
    message = compose(
        SERVER,
        change(
            reply_to="in+7@hooks.test",
            thread_id="<c7@hooks.test>",
            unsubscribe_url="https://chat.example/u?x=1",
        ),
    )
    assert message["Reply-To"] == "in+7@hooks.test"
    assert message["In-Reply-To"] == message["References"] == "<c7@hooks.test>"
    assert message["List-Unsubscribe"] == "<https://chat.example/u?x=1>"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_mail_goes_over_tls_and_a_login(security: Security):
    async with smtp_server(security=security, login=True) as box:
        server = msgspec.structs.replace(box.server, user="kefu", password="secret")
        await send(server, MAIL, tls=TLS)
    assert len(box.envelopes) == 1


INJECTIONS = [
    pytest.param("x\r\nBcc: evil@example.com", id="CRLF"),
    pytest.param("x\nBcc: evil@example.com", id="LF"),
    pytest.param("x\rBcc: evil@example.com", id="CR"),
    pytest.param("x\r\n\r\n<script>", id="empty line"),
    pytest.param("x\u2028Bcc: evil@example.com", id="line separator"),
    pytest.param("x\x85Bcc: evil@example.com", id="next line"),
    pytest.param("x\0", id="NUL"),
    pytest.param('"x" <evil@example.com>, y', id="another address"),
    pytest.param("evil@example.com,", id="list"),
    pytest.param("x (comment", id="comment"),
    pytest.param("=?utf-8?q?x=0D=0ABcc:_evil@example.com?=", id="encoded word"),
    pytest.param("==??utf-8?q?x=0D=0ABcc:_evil@example.com?=", id="encoded word in another"),
    pytest.param("=\n?utf-8?q?x=0D=0ABcc:_evil@example.com?=", id="encoded word over two lines"),
    pytest.param("=\0?utf-8?q?x=0D=0ABcc:_evil@example.com?=", id="encoded word around NUL"),
    pytest.param("=,?utf-8?q?x=0D=0ABcc:_evil@example.com?=", id="encoded word around a comma"),
    pytest.param("=?utf-8?b?IiA8ZXZpbEBleGFtcGxlLmNvbT4s?=", id="encoded address"),
    pytest.param("客" * 60 + ",evil@example.com" + "服" * 200, id="long and Chinese"),
    pytest.param("x" * 5_000, id="long"),
    pytest.param("\u202etset", id="turned around"),
    pytest.param("\r\n", id="nothing else"),
]


@pytest.mark.parametrize("text", INJECTIONS)
async def test_a_name_or_subject_adds_nothing_to_the_head(text: str):
    async with smtp_server() as box:
        server = msgspec.structs.replace(box.server, from_name=text)
        letter = msgspec.structs.replace(MAIL.letter, subject=text)
        await send(server, change(to_name=text, letter=letter))
    [message], [envelope] = box.messages, box.envelopes
    assert envelope.rcpt_tos == ["visitor@example.com"]
    assert {"Bcc", "Cc"}.isdisjoint(message)
    assert len(message.keys()) == 9
    for field, address in {"From": "desk@hooks.test", "To": "visitor@example.com"}.items():
        [only] = message[field].addresses
        assert only.addr_spec == address
        assert "@" not in only.display_name
    assert len(message["Subject"]) <= MAX_SUBJECT_CHARS
    assert not {"\r", "\n", "\0", "\u202e", "\u2028"} & set(message["Subject"])
    assert message["Message-ID"] == MAIL.message_id


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("", id="empty"),
        pytest.param("visitor", id="no domain"),
        pytest.param("@example.com", id="no mailbox"),
        pytest.param("a@b@example.com", id="two signs"),
        pytest.param("a@example.com\r\nRCPT TO:<evil@example.com>", id="CRLF"),
        pytest.param("a@example.com\n", id="LF at the end"),
        pytest.param("a@example.com>", id="bracket"),
        pytest.param("a@example.com, b@example.com", id="list"),
        pytest.param("Ann <a@example.com>", id="with a name"),
        pytest.param('"a b"@example.com', id="quotes"),
        pytest.param("a(x)@example.com", id="comment"),
        pytest.param("a b@example.com", id="blank"),
        pytest.param("a..b@example.com", id="two dots"),
        pytest.param(".a@example.com", id="leading dot"),
        pytest.param("a@-example.com", id="leading hyphen"),
        pytest.param("a@example..com", id="empty label"),
        pytest.param("a@[127.0.0.1]", id="address literal"),
        pytest.param("客@example.com", id="mailbox outside ASCII"),
        pytest.param("a\0@example.com", id="NUL"),
        pytest.param("a@" + "客" * 60 + ".com", id="label beyond IDNA"),
        pytest.param("a" * 65 + "@example.com", id="long mailbox"),
        pytest.param("a@" + "b." * 130 + "com", id="long domain"),
    ],
)
async def test_an_address_of_another_form_is_refused(address: str):
    with pytest.raises(BadAddress):
        check_address(address)
    with pytest.raises(BadAddress):
        await send(SERVER, change(to_address=address))
    with pytest.raises(BadAddress):
        await send(msgspec.structs.replace(SERVER, from_address=address), MAIL)


@pytest.mark.parametrize(
    ("address", "checked"),
    [
        ("Ann.Lee+x@Example.COM", "Ann.Lee+x@example.com"),
        ("a@客服.example", "a@xn--ubtq9x.example"),
        ("a@faß.example", "a@xn--fa-hia.example"),
        ("a@localhost", "a@localhost"),
    ],
)
def test_an_address_is_made_ready_for_the_wire(address: str, checked: str):
    assert check_address(address) == checked


@pytest.mark.parametrize(
    "fields",
    [
        {"message_id": "x@y"},
        {"message_id": "<x@y>\r\nBcc: z@y"},
        {"message_id": "<>"},
        {"thread_id": "<x y@z>"},
        {"unsubscribe_url": "javascript:x"},
        {"unsubscribe_url": "https://x>\r\nBcc: z@y"},
        {"unsubscribe_url": "https://x> <mailto:evil@example.com"},
        {"reply_to": "x\r\nBcc: z@y"},
    ],
    ids=str,
)
def test_ids_and_links_of_another_form_are_refused(fields: dict[str, str]):
    with pytest.raises(BadInput):
        compose(SERVER, change(**fields))


@pytest.mark.parametrize(
    ("refuses", "expected", "permanent"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, "recipient_refused (550)", True),
        ({"RCPT": "450 4.2.0 greylisted"}, "recipient_refused (450)", False),
        ({"RCPT": "421 4.2.0 going down"}, "recipient_refused (421)", False),
        ({"DATA": "554 5.7.1 spam"}, "content_refused (554)", True),
        ({"DATA": "452 4.3.1 disk full"}, "content_refused (452)", False),
        ({"MAIL": "550 5.7.1 not your address"}, "sender_refused (550)", False),
    ],
    ids=["no such user", "greylisted", "going down", "spam", "disk full", "wrong sender"],
)
async def test_only_a_refusal_of_this_mail_is_permanent(
    refuses: dict[str, str], expected: str, permanent: bool
):
    async with smtp_server(refuses) as box:
        failed = await failure(box.server)
    assert str(failed) == expected
    assert failed.permanent is permanent
    assert not box.envelopes


async def test_a_mail_that_was_taken_is_sent_however_the_connection_ends():
    async with smtp_server({"QUIT": "500 what?"}) as box:
        await send(box.server, MAIL)
    assert len(box.envelopes) == 1


@pytest.mark.parametrize("user", ["kefu", "客服"], ids=["wrong password", "outside ASCII"])
async def test_a_refused_login_is_temporary(user: str):
    async with smtp_server(login=True) as box:
        failed = await failure(msgspec.structs.replace(box.server, user=user, password="no"))
    assert failed.fault is MailFailed.Fault.LOGIN_REFUSED
    assert not failed.permanent


async def test_a_login_that_is_not_offered_is_temporary():
    async with smtp_server() as box:
        failed = await failure(msgspec.structs.replace(box.server, user="kefu", password="secret"))
    assert failed.fault is MailFailed.Fault.LOGIN_REFUSED


async def test_without_the_tls_that_was_asked_for_nothing_is_sent():
    async with smtp_server(security=Security.STARTTLS, starttls=False) as box:
        failed = await failure(box.server)
    assert failed.fault is MailFailed.Fault.TLS_FAILED
    assert not box.envelopes


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_certificate_for_another_name_is_refused(security: Security):
    async with smtp_server(security=security) as box:
        failed = await failure(msgspec.structs.replace(box.server, host="127.0.0.1"))
    assert failed.fault is MailFailed.Fault.TLS_FAILED
    assert not failed.permanent


async def test_a_server_that_is_not_there_is_temporary():
    failed = await failure(msgspec.structs.replace(SERVER, port=free_ports(1)[0]))
    assert str(failed) == "cannot_connect"
    assert not failed.permanent


@pytest.mark.parametrize(
    ("greeting", "expected"),
    [
        (b"554 go away\r\n", "server_trouble (554)"),
        (b"", "timed_out"),
        (b"220 hi\r\n", "timed_out"),
    ],
    ids=["refuses", "silent", "silent after a greeting"],
)
async def test_a_server_in_trouble_is_temporary(greeting: bytes, expected: str):
    async with greeting_server(greeting) as port:
        server = msgspec.structs.replace(
            SERVER, host="127.0.0.1", port=port, security=Security.NONE, timeout_s=0.2
        )
        failed = await failure(server)
    assert str(failed) == expected
    assert not failed.permanent


def test_a_password_is_not_shown():
    server = msgspec.structs.replace(SERVER, user="kefu", password="secret")
    assert "secret" not in repr(server) + str(server)
