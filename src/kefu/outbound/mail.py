"""One mail through the operator's SMTP server.

Rules: nothing that people gave can add a header or a recipient: addresses are of a narrow form,
names and subjects lose what could steer a header. A failure is permanent only if the server
refused this very mail; wrong settings and a server in trouble are temporary, so mail waits for
them to be put right. Once the server took the mail, it is sent, however the connection ends. The
caller's Message-ID stays the same over tries, so a mail that arrives twice is recognised.
Not here: what letters say (``outbound.letters``), when to try again (``core.webhooks``).
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

import msgspec

from kefu.core.addresses import ascii_host
from kefu.core.errors import BadInput
from kefu.core.text import visible
from kefu.outbound.letters import Letter

MAX_NAME_CHARS = 100
MAX_SUBJECT_CHARS = 200
_ADDRESS = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@(?P<domain>[^@]+)",
    re.IGNORECASE | re.ASCII,
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE | re.ASCII)
_MESSAGE_ID = re.compile(r"<[a-z0-9._+-]{1,120}@[a-z0-9.-]{1,120}>", re.IGNORECASE | re.ASCII)
_LINK = re.compile(r"https?://[!-;=?-~]{1,2000}", re.ASCII)
# In a name they would end it, or make it look like an address of somebody else.
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_POLICY = SMTP.clone(cte_type="7bit")  # what every server takes


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"  # for a relay on the same machine
    STARTTLS = "starttls"  # required: without it nothing is sent
    TLS = "tls"


class MailServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where mail goes out, and in whose name."""

    host: str = ""  # "" = no mail is sent
    port: int = 587
    user: str = ""  # "" = no login
    password: str = ""
    security: Security = Security.STARTTLS
    from_address: str = ""
    from_name: str = ""
    reply_to: str = ""  # where answers are read; "" = nowhere, and letters say so
    timeout_s: float = 20.0  # for each answer of the server

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"  # never the password


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A letter on its way."""

    message_id: str  # "<…@…>", the same for all tries
    sent_ms: int  # Unix: the date in its head
    to_address: str
    to_name: str = ""
    reply_to: str = ""  # an address; "" = the sender
    thread_id: str = ""  # Message-ID of the first mail of its conversation
    unsubscribe_url: str = ""
    letter: Letter


class BadAddress(BadInput):
    """This is no mail address that can be written to."""


class MailFailed(Exception):
    """The mail was not taken; ``fault`` says why, ``permanent`` whether it never will be."""

    class Fault(StrEnum):
        """Why."""

        CANNOT_CONNECT = "cannot_connect"
        TLS_FAILED = "tls_failed"
        LOGIN_REFUSED = "login_refused"
        SENDER_REFUSED = "sender_refused"
        RECIPIENT_REFUSED = "recipient_refused"
        CONTENT_REFUSED = "content_refused"
        TIMED_OUT = "timed_out"
        SERVER_TROUBLE = "server_trouble"

    def __init__(self, fault: Fault, status: int = 0) -> None:
        super().__init__(f"{fault.value} ({status})" if status else fault.value)
        self.fault = fault
        self.status = status  # the server's reply code; 0 = there was none

    @property
    def permanent(self) -> bool:
        """Whether another try is useless."""
        about_this_mail = {self.Fault.RECIPIENT_REFUSED, self.Fault.CONTENT_REFUSED}
        return self.fault in about_this_mail and self.status >= 500


def check_address(text: str) -> str:
    """``text`` as a mail address in ASCII, its domain in lower case.

    Raises BadAddress: no address, or a form that mail servers disagree on (quotes, comments, a
    mailbox outside ASCII, an IP address for a domain).
    """
    parts = _ADDRESS.fullmatch(text) if len(text) <= 254 else None
    if parts is None or len(parts["local"]) > 64:
        raise BadAddress
    try:
        domain = ascii_host(parts["domain"])
    except UnicodeError:
        raise BadAddress from None
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        raise BadAddress
    return f"{parts['local']}@{domain}"


async def send(server: MailServer, mail: Mail, *, tls: ssl.SSLContext | None = None) -> None:
    """Hand ``mail`` to ``server``, in a thread.

    Args:
        tls: which authorities are believed; the system's by default.
    Raises:
        BadInput: an address, id or link is not of the form; no try will help.
        MailFailed: it was not taken.
    """
    content = compose(server, mail).as_bytes()
    sender, recipient = check_address(server.from_address), check_address(mail.to_address)
    authorities = tls or ssl.create_default_context()

    def deliver() -> None:
        with _connected(server, sender.partition("@")[2], authorities) as smtp:
            smtp.sendmail(sender, [recipient], content)

    try:
        await asyncio.to_thread(deliver)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise _failure(error) from None


def compose(server: MailServer, mail: Mail) -> EmailMessage:
    """The mail as it goes out, with a text and an HTML form. Raises BadInput."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _named(server.from_name, server.from_address)
    message["To"] = _named(mail.to_name, mail.to_address)
    message["Subject"] = one_line(mail.letter.subject, MAX_SUBJECT_CHARS)
    message["Date"] = format_datetime(datetime.fromtimestamp(mail.sent_ms / 1000, UTC))
    message["Message-ID"] = _checked(_MESSAGE_ID, mail.message_id)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice in answer
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=check_address(mail.reply_to))
    if mail.thread_id and mail.thread_id != mail.message_id:
        message["In-Reply-To"] = message["References"] = _checked(_MESSAGE_ID, mail.thread_id)
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{_checked(_LINK, mail.unsubscribe_url)}>"
    message.set_content(mail.letter.text)
    message.add_alternative(mail.letter.html, subtype="html")
    return message


def one_line(text: str, most_chars: int) -> str:
    """``text`` for a header: one line without what steers it, cut to ``most_chars``."""
    plain = "".join(" " if char in "\n\t" else char for char in visible(text))
    # The email package decodes what looks like an encoded word, line breaks and all.
    plain = plain.replace("\ufffd", " ").replace("=?", "= ?")
    return " ".join(plain.split())[:most_chars].strip()


def _named(name: str, address: str) -> Address:
    plain = one_line(_SPECIALS.sub(" ", name), MAX_NAME_CHARS)
    return Address(display_name=plain, addr_spec=check_address(address))


def _checked(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise BadInput("not of the form that a mail's head needs")
    return text


@contextmanager
def _connected(server: MailServer, name: str, tls: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    """``name``: what we call ourselves. The machine's own would be looked up, and told to all."""
    where = (server.host, server.port, name)
    if server.security is Security.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=server.timeout_s, context=tls)
    else:
        smtp = smtplib.SMTP(*where, timeout=server.timeout_s)
    try:
        if server.security is Security.STARTTLS:
            _start_tls(smtp, tls)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with suppress(smtplib.SMTPException, OSError):  # the mail is taken, whatever comes now
            smtp.quit()
    finally:
        smtp.close()


def _start_tls(smtp: smtplib.SMTP, tls: ssl.SSLContext) -> None:
    try:
        smtp.starttls(context=tls)
    except smtplib.SMTPNotSupportedError as error:
        raise ssl.SSLError(str(error)) from error


def _failure(error: Exception) -> MailFailed:
    fault = MailFailed.Fault
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailFailed(fault.TIMED_OUT)
    match error:
        case smtplib.SMTPRecipientsRefused():
            return MailFailed(fault.RECIPIENT_REFUSED, next(iter(error.recipients.values()))[0])
        case smtplib.SMTPSenderRefused(smtp_code=code):
            return MailFailed(fault.SENDER_REFUSED, code)
        case smtplib.SMTPDataError(smtp_code=code):
            return MailFailed(fault.CONTENT_REFUSED, code)
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return MailFailed(fault.LOGIN_REFUSED, code)
        case smtplib.SMTPNotSupportedError() | UnicodeError():  # smtplib logs in with ASCII alone
            return MailFailed(fault.LOGIN_REFUSED)
        case smtplib.SMTPResponseException(smtp_code=code):
            return MailFailed(fault.SERVER_TROUBLE, code)
        case smtplib.SMTPException():
            return MailFailed(fault.SERVER_TROUBLE)
        case ssl.SSLError():
            return MailFailed(fault.TLS_FAILED)
    return MailFailed(fault.CANNOT_CONNECT)
