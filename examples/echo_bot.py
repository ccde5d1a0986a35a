"""A bot for Kefu: it says what visitors say, and gives them to a person who ask for one.

It needs Python 3.11 and nothing else. Kefu tells it of messages by a webhook; it answers over REST
with its own API token. An event may come twice, so its id is the answer's client_id: Kefu stores a
repeat once. What cannot be done now is answered with 500, and Kefu sends the event again.

    KEFU_URL=http://127.0.0.1:3000 KEFU_TOKEN=kt_… KEFU_SECRET=whsec_… python echo_bot.py 8099
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

URL = os.environ["KEFU_URL"] + "/api/v1"
TOKEN = os.environ["KEFU_TOKEN"]
KEY = base64.b64decode(os.environ["KEFU_SECRET"].removeprefix("whsec_"))
LONGEST_BODY = 1_000_000
OLDEST_S = 300


def ask(method: str, path: str, content: object = None) -> Any:
    """Send a command to Kefu and return its answer."""
    request = urllib.request.Request(
        URL + path,
        method=method,
        data=None if content is None else json.dumps(content).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def is_genuine(headers: Any, body: bytes) -> bool:
    """Whether Kefu signed this, lately."""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > OLDEST_S:
        return False
    signed = f"{headers.get('webhook-id')}.{sent}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, each) for each in given)


def react(event: dict[str, Any], me: int) -> None:
    """Answer what a visitor says in a conversation that this bot has."""
    if event["type"] != "message.added":
        return
    message, state = event["data"]["message"], event["data"]["state"]
    is_mine = state.get("status") == "pending" and state.get("assignee", {}).get("id") == me
    if message["sender"]["role"] != "visitor" or not is_mine:
        return
    path, text = f"/conversations/{state['id']}", message["text"]
    if "human" in text.lower() or "人工" in text:
        ask("POST", f"{path}/hand-off", {"note": "Asks for a person."})
    else:
        said = {"client_id": event["id"], "text": f"You said: {text}"}
        ask("POST", f"{path}/messages", said)


class Webhook(BaseHTTPRequestHandler):
    """What Kefu posts its events to."""

    me = 0  # this bot's id among the agents

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        body = self.rfile.read(min(size, LONGEST_BODY))
        self.send_response(self.status_for(body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def status_for(self, body: bytes) -> int:
        if not is_genuine(self.headers, body):
            return 401
        try:
            react(json.loads(body), self.me)
        except urllib.error.HTTPError as refusal:
            # 409: somebody has taken the conversation meanwhile, so there is nothing left to do.
            return 204 if refusal.code == 409 else 500
        except OSError:
            return 500
        return 204


if __name__ == "__main__":
    Webhook.me = ask("GET", "/me")["agent"]["id"]
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Webhook)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()
