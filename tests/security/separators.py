"""What parts the pieces of all that the server reads, and how it answers what is full of it.

Rules: each case is asked by somebody whose request is read (strangers have less room than those who
signed in), and says the answer that only the reader gives. Where the reader has a lower bound than
the head, body or frame around it, another case is as long as what it reads.
Not here: what it may cost (``costs``), the tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kefu.core.limits import Limits
from tests.security.office import SITE

Told = str | tuple[str, ...]

LIMITS = Limits()
SIZE = 60_000  # of what a head, a body or a frame may have: 64 kB
TARGET = LIMITS.target_bytes - 200
STRANGERS = 16_000  # of a body before it is known who sends it: 16,384
HELLO = 2_000  # of the first frame: 2,048
FORM = 4  # the number of a message with a form
TEXT = LIMITS.message_chars
VALUES = 19_000  # of JSON: 20,000, by what divides them
DIVIDERS = (b",", b"[", b"{")


# Headers.

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n{KEY}\r\n"
V1 = f"{UPGRADE}Sec-WebSocket-Protocol: kefu.v1\r\n"
# A request by name: who sends it, its line, more of its head, its body.
REQUESTS: dict[str, tuple[str, str, str, str]] = {
    "public": ("stranger", "GET /api/v1/widgets/{widget}", "", ""),
    "login": ("stranger", "POST /api/v1/session", "", "{ }"),
    "page": ("stranger", "GET /", "", ""),
    "docs": ("stranger", "GET /api/v1/docs", "", ""),
    "missing": ("stranger", "GET /no/such", "Accept: text/html\r\n", ""),
    "file": ("stranger", "GET {file}", "", ""),
    "getroom": ("stranger", "GET /getroom?userName=x", "", ""),
    "polling": ("stranger", "GET /socket.io/?EIO=4&transport=polling", "", ""),
    "rooms": ("stranger", "GET /?type=yonghu&name=separators", UPGRADE, ""),
    "socketio": ("stranger", "GET /socket.io/?EIO=4&transport=websocket", UPGRADE, ""),
    "realtime": ("stranger", "GET /api/v1/realtime", V1, ""),
    "preflight": ("stranger", "OPTIONS /api/v1/conversations", f"Origin: {SITE}\r\n", ""),
    "agent": ("agent", "GET /api/v1/me", "", ""),
    "visitor": ("visitor", "GET /api/v1/me", "", ""),
    "list": ("admin", "GET /api/v1/canned", "", ""),
    "cookie": ("stranger", "GET /api/v1/me", "Cookie: kefu_session={session}\r\n", ""),
    "note": ("agent", "POST {chat}/notes", "", '{"client_id":"note","text":"x"}'),
    "write": ("visitor", "POST {chat}/messages", "", '{"client_id":"said","text":"x"}'),
    "upload": ("agent", "POST /api/v1/files?name=a.txt&conversation={conversation}", "", "x"),
    "stream": ("agent", "GET /api/v1/events", "Accept: text/event-stream\r\n", ""),
    "visitors stream": ("visitor", "GET /api/v1/events", "Accept: text/event-stream\r\n", ""),
}
HTTP = {"public": "200", "login": "422 bad_input: email", "page": "200", "agent": "200"}
SOCKETS = {"realtime": "101", "rooms": "101", "socketio": "101"}
OTHERS = {"getroom": "200", "polling": "200"}
ALL = HTTP | SOCKETS | OTHERS | {"visitor": "200", "stream": "200", "visitors stream": "200"}


# What the answers are to a page that may not connect.
NO_SITE = "403 not_allowed: This site is not one of the inbox's."
FOREIGN = ALL | {
    "rooms": "403 This page may not connect: see rooms.origins.",
    "socketio": '403 b\'{"code":4,',
    "getroom": "403 not_allowed",
    "polling": '403 b\'{"code":4,',
    "visitor": NO_SITE,
    "visitors stream": NO_SITE,
}
NO_JSON = "415 bad_input: The body has to be application/json."
NO_FORM = "415 bad_input: The body has to be the file itself, not a form."


class Header(NamedTuple):
    """What parts its pieces, and how each request that reads it is answered."""

    separators: tuple[str, ...]
    told: Mapping[str, Told]
    value: str = "x{}x"
    size: int = SIZE  # or less: the most that its reader looks at


HEADERS: dict[str, Header] = {
    "Content-Type": Header(
        (" ", ";", "; ", "=", '"', "/", "a=b;", "charset="),
        dict.fromkeys(("login", "note", "write"), NO_JSON) | {"upload": "201"},
    ),
    "Content-Type of a form": Header(
        (" ", ";", "=", '"', "--", "boundary="),
        {"upload": NO_FORM},
        "multipart/form-data; boundary={}x",
    ),
    "Content-Disposition": Header((";", "=", '"', "\\", "%", "filename*="), {"upload": "201"}),
    "Accept": Header(
        (",", ";", "/", "*/*,", "text/html;q=0.1,"),
        {"page": "200", "missing": "404", "agent": "200", "stream": "200"},
    ),
    "Accept-Encoding": Header(
        (",", ";", "=", "gzip;q=0,", "br, "), {"page": "200", "docs": "200", "list": "200"}
    ),
    "Accept-Language": Header(
        (",", ";", "-", "zh;q=0.1,", "q="), {"docs": "200", "missing": "404", "page": "200"}
    ),
    "Authorization": Header(
        (" ", ".", "=", "Bearer "), {"agent": "401 unauthenticated"}, "Bearer x{}x"
    ),
    "Authorization before": Header((" ", "\t"), {"agent": "200"}, "Bearer {}{agent}"),
    "Authorization of no kind": Header(
        (",", '"', "=", "Basic,"), {"agent": "401 unauthenticated: Only"}
    ),
    "Cookie": Header(
        ("=", '"', "\\", '"\\', ",", " "),
        {"cookie": "200", "realtime": "101", "page": "200"},
        "a={}; kefu_session={session}",
    ),
    "Cookie of more than 200": Header(
        (";", "; ", "a=b; ", "kefu_sessio=;"),
        {"cookie": "401 unauthenticated: Sign in", "realtime": "101", "page": "200"},
        "a={}; kefu_session={session}",
    ),
    "Cookie of fewer": Header((";",), {"cookie": "200"}, "a={}; kefu_session={session}", 190),
    "Range": Header((",", "-", "=", "0-0,", "0-,"), {"file": "200", "page": "200"}, "bytes={}0-0"),
    "If-Range": Header(('"', "/", "W/"), {"page": "200", "file": "200"}),
    "If-None-Match": Header((",", '"', '"a",', 'W/"a",', "*,"), {"page": "200", "docs": "200"}),
    "If-Modified-Since": Header((",", " ", ":", "0 "), {"page": "200", "docs": "200"}),
    "Origin": Header(("/", ":", ".", "@", "[", "%", ",", "xn--"), FOREIGN, "https://x{}x"),
    "Host": Header((".", ":", "@", "[", "%", "xn--", "%2e"), ALL),
    "X-Forwarded-For": Header(
        (",", " ", ":", ".", "[", "%", "1.2.3.4,", "::1, "), ALL, "x{}, 198.51.100.1"
    ),
    "X-Forwarded-Proto": Header((",", "https,"), ALL),
    "Forwarded": Header((",", ";", "=", '"', "for=1.2.3.4;"), {"agent": "200", "realtime": "101"}),
    "Connection": Header(
        (",", "upgrade,", "close, "),
        {"agent": "200", "realtime": ("426 bad_input: This is", "400 Not a WebSocket handshake.")},
    ),
    "Upgrade": Header(
        (",", "/", "websocket,"),
        {"agent": "200", "realtime": "426 bad_input: This is a WebSocket, and"},
    ),
    "Sec-WebSocket-Protocol": Header((",", " ", "kefu.v1,"), SOCKETS | {"realtime": "400 "}),
    "Sec-WebSocket-Protocol that is read": Header(
        (",", " ,"), {"realtime": "101"}, "{},kefu.v1", 1_900
    ),
    "Sec-WebSocket-Extensions": Header(
        (",", ";", "=", '"', "a;b=c,", "permessage-deflate,"), SOCKETS
    ),
    "Sec-WebSocket-Key": Header(
        ("=", "/", "+"), dict.fromkeys(SOCKETS, "400 Sec-WebSocket-Key is not valid.")
    ),
    "Sec-WebSocket-Version": Header(
        (",", "13,"), dict.fromkeys(SOCKETS, "426 WebSocket version 13 only.")
    ),
    "Sec-Fetch-Site": Header(("-", " "), {"agent": "200", "cookie": "403 not_allowed: The cookie"}),
    "Idempotency-Key": Header(
        (" ", ",", "-", "!"),
        dict.fromkeys(("note", "write"), "422 bad_input: Idempotency-Key: 1 to 100"),
    ),
    "Last-Event-ID": Header(
        ("-", ".", "0-0,", "0"), dict.fromkeys(("stream", "visitors stream"), "422 bad_input")
    ),
    "User-Agent": Header((" ", "/", "(", ";"), ALL),
    "X-Kefu-Widget": Header(
        ("_", ",", "wk_"), {"visitor": "401 unauthenticated: The token does not hold"}
    ),
    "Access-Control-Request-Headers": Header(
        (",", " ", "a,", "authorization, "), {"preflight": "204"}
    ),
    "Access-Control-Request-Method": Header((",", " ", "POST,"), {"preflight": "204"}),
    "X-Anything": Header((",", ";", " "), ALL),
}


# Targets: what a target may have, 8 kB.

GET, EVENTS = "GET /api/v1", "Accept: text/event-stream\r\n"
NOTHING_THERE = "404 not_found: There is nothing under this path."
BAD = "422 bad_input: "
NO_QUERY = f"{BAD}The query string is not one."  # over 100 fields, or no UTF-8
# Who asks, the line, more of the head, and the answer to whatever is in the place of ``{}``.
TARGETS: dict[str, tuple[str, str, str, Told]] = {
    "path": ("stranger", f"{GET}/{{}}", "", NOTHING_THERE),
    "an id": (
        "agent",
        f"{GET}/conversations/x{{}}",
        "",
        (NOTHING_THERE, f"{BAD}conversation: must be an integer"),
    ),
    "query": ("agent", f"{GET}/conversations?x{{}}", "", (NO_QUERY, f"{BAD}x")),
    "visitor's query": ("visitor", f"{GET}/conversations?x{{}}", "", (NO_QUERY, f"{BAD}x")),
    "value": ("agent", f"{GET}/search/messages?text=x{{}}", "", (NO_QUERY, f"{BAD}text: must")),
    "query of 95 fields": (
        "agent",
        f"{GET}/conversations?x{{}}",
        "",
        (f"{BAD}x", f"{BAD}: given more than once."),
    ),
    "contacts": ("agent", f"{GET}/search/contacts?text=x{{}}", "", (NO_QUERY, f"{BAD}text: must")),
    "cursor": ("agent", f"{GET}/events?cursor=x{{}}", "", (NO_QUERY, f"{BAD}cursor: must")),
    "stream cursor": (
        "visitor",
        f"{GET}/events?cursor=x{{}}",
        EVENTS,
        (NO_QUERY, f"{BAD}cursor: not one"),
    ),
    "stream query": ("agent", f"{GET}/events?x{{}}", EVENTS, ("200", NO_QUERY)),
    "realtime query": ("stranger", f"{GET}/realtime?x{{}}", "V1", ("101", "400 Bad request.")),
    "rooms query": (
        "stranger",
        "GET /?type=yonghu&name=x{}",
        "UPGRADE",
        ("101", "400 Bad request."),
    ),
    "getroom query": ("stranger", "GET /getroom?userName=x{}", "", "400 bad_name"),
    "polling query": (
        "stranger",
        "GET /socket.io/?EIO=4&transport=polling&x{}",
        "",
        ("200", '400 b\'{"code":0'),
    ),
    "page path": ("stranger", "GET /x{}", "", "404"),
    "widget": ("stranger", f"{GET}/widgets/x{{}}", "", (NOTHING_THERE, f"{BAD}widget_key: must")),
    "file name": ("stranger", "GET {file}&x{}", "", ("200", NO_QUERY)),
    "file token": (
        "stranger",
        f"{GET}/files/1/a.txt?token=x{{}}",
        "",
        ("404 not_found: There is no such", NO_QUERY),
    ),
    "upload name": ("agent", "POST /api/v1/files?name=x{}", "", (NO_QUERY, f"{BAD}Expected `str`")),
}
TARGET_SEPARATORS = ("/", ".", "%", "%2F", "%E4", "&", "=", "=&", "+", ";", ",", "-", "0-0,", "../")


# Bodies.

JSON_SEPARATORS = (" ", ",", ":", '"', "\\", "[", "{", "[],", '{"a":', "\\u0000")
UNICODE = ("\u200d", "\u0301", "\ufe0f", "\u3000", "。", "👨\u200d", "\u202e", "é")
MARKDOWN = ("*", "_", "`", "[", "](", "[a](", "> ", "- ", "1. ", "\n", "\\", "~~", "http://", "(")
TEXTS = (" ", ",", ".", "@", "/", "%", '"', "\\", "{", *UNICODE)


class Body(NamedTuple):
    """A request whose body is ``made`` of a text; ``size``: of the body."""

    who: str
    line: str
    made: Callable[[str], object]
    told: Told
    separators: tuple[str, ...] = TEXTS
    size: int = SIZE


NO_OBJECT = (f"{BAD}Not JSON", f"{BAD}Too many levels of values")
BODIES = {
    "a stranger's login that is no JSON": Body(
        "stranger", "POST /api/v1/session", str.encode, NO_OBJECT, JSON_SEPARATORS, STRANGERS
    ),
    "a stranger's address": Body(
        "stranger",
        "POST /api/v1/session",
        lambda text: {"email": f"{text}@{text}", "password": "x"},
        f"{BAD}email: must have at most",
        size=STRANGERS,
    ),
    "a stranger's password": Body(
        "stranger",
        "POST /api/v1/session",
        lambda text: {"email": "nobody@example.com", "password": text},
        f"{BAD}password: must have at most",
        size=STRANGERS,
    ),
    "a stranger's field": Body(
        "stranger",
        "POST /api/v1/session",
        lambda text: {f"field{text}": text},
        f"{BAD}field",
        size=STRANGERS,
    ),
    "an invitation's link": Body(
        "stranger",
        "POST /api/v1/session/link",
        lambda text: {"link": text, "password": "x" * 20},
        f"{BAD}link: must have at most",
        size=STRANGERS,
    ),
    "a note that is no JSON": Body(
        "agent", "POST {chat}/notes", str.encode, NO_OBJECT, JSON_SEPARATORS
    ),
    "a message that is no JSON": Body(
        "visitor", "POST {chat}/messages", str.encode, NO_OBJECT, JSON_SEPARATORS
    ),
    "a note over the bound": Body(
        "agent",
        "POST {chat}/notes",
        lambda text: {"client_id": "1", "text": text + "x" * TEXT},
        f"{BAD}text: over",
    ),
    "a message over the bound": Body(
        "visitor",
        "POST {chat}/messages",
        lambda text: {"client_id": "1", "text": text + "x" * TEXT},
        f"{BAD}text: over",
    ),
    "a message's own id": Body(
        "visitor",
        "POST {chat}/messages",
        lambda text: {"client_id": text, "text": "x"},
        f"{BAD}client_id: must",
    ),
    "a field": Body(
        "visitor", "POST {chat}/messages", lambda text: {f"field{text}": text}, f"{BAD}field"
    ),
    "a conversation's address": Body(
        "visitor",
        "POST /api/v1/conversations",
        lambda text: {"client_id": "2", "text": "x", "email": f"{text}@{text}"},
        f"{BAD}email: must have at most",
    ),
    "a letter's link": Body(
        "visitor",
        "POST /api/v1/chat-link",
        lambda text: {"link": text},
        f"{BAD}link: must have at most",
    ),
    "a proof of identity": Body(
        "visitor",
        "POST /api/v1/identity",
        lambda text: {"jwt": f"{text}.{text}.{text}"},
        "401 unauthenticated: The proof",
        (".", "=", "-", "_", "e30.", '"'),
    ),
    "answers to a form": Body(
        "visitor",
        "POST {chat}/messages",
        lambda text: {"client_id": "3", "quote": FORM, "answers": {"q": f"x{text}x"}},
        f"{BAD}answers",
    ),
    "a form": Body(
        "agent",
        "POST {chat}/messages",
        lambda text: {
            "client_id": "4",
            "blocks": [{"type": "form", "fields": [{"name": text, "label": "x"}]}],
        },
        f"{BAD}blocks[0].fields[0].name: must",
    ),
    "a card": Body(
        "agent",
        "POST {chat}/messages",
        lambda text: {
            "client_id": "5",
            "blocks": [{"type": "card", "title": "x", "image_url": f"https://{text}"}],
        },
        f"{BAD}blocks[0].image_url: must",
    ),
    "tags": Body("agent", "PUT {chat}/tags", lambda text: {"tags": [text]}, f"{BAD}tags[0]: must"),
    "attributes": Body(
        "agent",
        "PUT {chat}/attributes",
        lambda text: {"attributes": {text: text}},
        f"{BAD}attributes: a key",
    ),
    "an inbox's origin": Body(
        "admin",
        "POST /api/v1/inboxes",
        lambda text: {"name": "x", "settings": {"origins": [f"https://{text}"]}},
        f"{BAD}settings.origins[0]: must",
    ),
    "a webhook's address": Body(
        "admin",
        "POST /api/v1/webhooks",
        lambda text: {"url": f"http://127.0.0.1/{text}", "events": ["message.added"]},
        f"{BAD}url: must have at most",
    ),
    "a canned response": Body(
        "admin",
        "POST /api/v1/canned",
        lambda text: {"shortcut": text, "text": text},
        f"{BAD}shortcut: must",
    ),
    "a file": Body(
        "agent",
        "POST /api/v1/files?name=a&conversation={conversation}",
        str.encode,
        "201",
        ("<", "<!--", "<svg ", "%PDF-", "\n", " ", "\ufeff", "--x\r\n"),
    ),
}


# Frames: what is said over a WebSocket.

FRAME_SEPARATORS = (" ", ",", '"', "\\", "[", "{", ".", "/", "%", "\u200d", "。")


class Frame(NamedTuple):
    """A frame that is ``made`` of a text, and how it is answered; ``hows``: who may say it."""

    made: Callable[[str], str]
    told: Told
    hows: tuple[str, ...] = ("agent", "visitor")
    size: int = SIZE


THEIRS = 4_242_424  # stands for the conversation of whoever asks


def command(do: str, **fields: Any) -> Callable[[str], str]:
    """A frame with a command; a field that is None is the text."""

    def made(text: str) -> str:
        given = {name: text if value is None else value for name, value in fields.items()}
        return json.dumps({"id": 9, "do": do or text, **given}, ensure_ascii=False)

    return made


def event(name: str, value: Callable[[str], Any]) -> Callable[[str], str]:
    """A packet with an event of Socket.IO."""
    return lambda text: "42" + json.dumps([name or text, value(text)], ensure_ascii=False)


NO_LINE = ("消息不是有效的 JSON", "消息格式不对")
ENDED = ("ConnectionClosed", "Refused")
DIRECT = ("websocket", "polling")
FRAMES = {
    "a first frame": Frame(str, "4000", ("stranger",), HELLO),
    "a token": Frame(
        command("hello", token=None), "bad_input: Expected `str` of length", ("stranger",), HELLO
    ),
    "a token that is read": Frame(
        command("hello", token=None), "unauthenticated", ("stranger",), 200
    ),
    "a widget": Frame(
        command("hello", token="kd_x", widget=None),
        "bad_input: Expected `str` of length",
        ("stranger",),
        HELLO,
    ),
    "no frame": Frame(str, "4000"),
    "no number": Frame(lambda text: json.dumps({"id": text}), "4000"),
    "no command": Frame(command(""), "bad_input: do: there is no such command."),
    "a key": Frame(command("ping", key=None), "bad_input: key: 1 to 100"),
    "a field": Frame(
        lambda text: json.dumps({"id": 9, "do": "ping", f"x{text}": text}),
        "bad_input: Object contains unknown field `x",
    ),
    "a text": Frame(
        lambda text: command("message.send", conversation=THEIRS, client_id="9", text=None)(
            text + "x" * TEXT
        ),
        "bad_input: text: over 10000",
    ),
    "what is typed": Frame(
        command("conversation.typing", conversation=THEIRS, text=None), "bad_input: text: must have"
    ),
    "a cursor": Frame(command("feed.open", cursor=None), "bad_input: Expected `str` of length"),
    "a search": Frame(command("message.search", text=None), "bad_input: text: must", ("agent",)),
    "no line": Frame(str, NO_LINE, ("rooms",)),
    "a line": Frame(
        lambda text: json.dumps({"neiRong": text}, ensure_ascii=False), "heard", ("rooms",)
    ),
    "another field": Frame(lambda text: json.dumps({text: text}), "消息格式不对", ("rooms",)),
    "no packet": Frame(lambda text: f"42{text}", ENDED, ("connected", *DIRECT)),
    "a namespace": Frame(lambda text: f"40/{text},", ENDED, ("connected",)),
    "attachments": Frame(lambda text: f"451-{text}", ENDED, ("connected",)),
    "a name": Frame(event("login", str), "login_error 名字过长", ("connected", *DIRECT)),
    "to whom": Frame(
        event("private_message", lambda text: {"to": text, "message": "x"}),
        "error 用户未找到",
        DIRECT,
    ),
    "what is said": Frame(
        event("private_message", lambda text: {"to": "{me}", "message": f"x{text}"}),
        "message ",
        DIRECT,
    ),
}
POLLING_SEPARATORS = (" ", ",", '"', "\\", "[", "\x1e", "4\x1e", "2\x1e", "b=", "bAAAA\x1e")

# Texts that are kept: who writes them, where, and what they are full of.
STORED = {
    "note": ("agent", "POST {chat}/notes", ("\u200d", "\u0301", "😀")),
    "message": ("agent", "POST {chat}/messages", ("[a](", "\n> ")),
    "visitor's": ("visitor", "POST {chat}/messages", ("http://", '"')),
}
SEARCHED = (*TEXTS, "zz ", "订", "'", "-", "*", "zz*")
