"""A real SMTP server of loopback that takes or refuses what a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from kefu.outbound.mail import MailServer, Security
from tests.outbound.servers import CERTIFICATE
from tests.serving import free_ports


@dataclass
class MailBox:
    """What arrived. ``server`` is where to send."""

    server: MailServer
    refuses: Mapping[str, str]  # by command: the reply that refuses
    envelopes: list[Envelope] = field(default_factory=list)
    refused: list[Envelope] = field(default_factory=list)  # once their content was there

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(envelope) for envelope in self.envelopes]

    # What aiosmtpd calls, and with what.
    async def handle_MAIL(self, server, session, envelope, address, _) -> str:
        envelope.mail_from = address
        return self.refuses.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, _) -> str:
        envelope.rcpt_tos.append(address)
        return self.refuses.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope: Envelope) -> str:
        if refusal := self.refuses.get("DATA"):
            self.refused.append(envelope)
            return refusal
        self.envelopes.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:
        return self.refuses.get("QUIT", "221 Bye")


def parsed(envelope: Envelope) -> EmailMessage:
    """The letter in an envelope."""
    assert isinstance(envelope.original_content, bytes)
    message = message_from_bytes(envelope.original_content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def knows(server, session, envelope, mechanism, data) -> AuthResult:  # noqa: PLR0917
    """Whether a login is ours."""
    right = isinstance(data, LoginPassword) and data.login == b"kefu" and data.password == b"secret"
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def smtp_server(
    refuses: Mapping[str, str] | None = None,
    security: Security = Security.NONE,
    *,
    login: bool = False,
    starttls: bool = True,
) -> AsyncIterator[MailBox]:
    """A server for the block. ``starttls``: whether it offers what ``Security.STARTTLS`` needs."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    [port] = free_ports(1)
    where = MailServer(
        host="localhost",
        port=port,
        security=security,
        from_address="desk@hooks.test",
        from_name="Ann & 小王",
        timeout_s=5.0,
    )
    box = MailBox(where, refuses or {})
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        ssl_context=tls if security is Security.TLS else None,
        tls_context=tls if security is Security.STARTTLS and starttls else None,
        authenticator=knows if login else None,
        auth_require_tls=False,
        server_hostname="mail.test",
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@asynccontextmanager
async def greeting_server(greeting: bytes) -> AsyncIterator[int]:
    """A server that says this and no more; its port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()  # until the client goes
        writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]
