"""S27 on the desk: names that imitate, hide or pile up. A name is shown, and proves nothing."""

from __future__ import annotations

import hmac
import re
import unicodedata
from typing import Any

import pytest

from tests.security.asking import OK, Answer, Asker
from tests.security.office import Office, draw
from tests.security.witness import undisturbed

AGENT = "Alice Support"
KID, SECRET = "names", "a secret for names, of 32 or more"
NAMES = {
    "right to left": "Alice\u202etroppuS",
    "an isolate": "\u2066Alice\u2069 x",
    "a mark of direction": "\u200eAlice\u200f\u061c",
    "zero width": "Al\u200bice\u2060 Su\ufeffpport",
    "a joiner between letters": "Al\u200dice",
    "a filler": "\u3164\u115fAlice",
    "blank letters": "\u2800\u2800Alice",
    "a variation": "A\ufe0elice\U000e0100",
    "tags": "Alice\U000e0041\U000e007f",
    "a line break": "Alice\nSupport\r\n\u2028x\u2029",
    "a tab and an escape": "Al\tice\x1b[31m",
    "a thousand marks": "e" + "\u0301" * 190,
    "marks on nothing": "\u0301\u0489" * 90,
    "for private use": "Alice\ue000\U000f0000",
    "unassigned": "Alice\u0378",
    "over-long": "长" * 200,
}
IMITATIONS = {
    "the same": AGENT,
    "in another case": AGENT.upper(),
    "with blanks": "  Alice   Support ",
    "with zero width": "Alice\u200b Support",
    "turned": "\u202dAlice Support",
    "Cyrillic": "\u0410l\u0456\u0441\u0435 Su\u0440\u0440ort",
    "full width": "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in AGENT),
    "l and I": "AIice Support",
    "without the blank": "AliceSupport",
    "mathematical": "\U0001d400lice Support",
    "with marks": "A\u0301lice Support",
}
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\u2800"
    "\u3164\ufe0e\ufeff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def check_shown(name: str) -> None:
    """It shows what it is, and within its own line."""
    assert not HIDDEN.search(name), ascii(name)
    assert len(name) <= 200
    assert not re.search(f"[{MARKS}]{{5}}", name), ascii(name)


MARKS = "".join(
    char for char in map(chr, range(0x300, 0x600)) if unicodedata.category(char)[0] == "M"
)


@pytest.fixture(scope="session")
def signed(office: Office) -> None:
    """The shop has a key, and an agent whose name is worth having."""
    key = {"kid": KID, "secret": SECRET}
    office.ask(office.admin, "POST", f"/inboxes/{office.shop}/identity-keys", json=key)
    office.heard.secrets.add(SECRET)
    office.agents[AGENT] = office.hire(AGENT, "agent", office.shop, email="alice@example.com")


async def named(office: Office, asker: Asker, name: str) -> tuple[Any, Answer]:
    """A visitor whom the site vouches for under this name, and what they were answered."""
    visitor, id = office.visitor(), draw("")
    proof = hmac.digest(SECRET.encode(), id.encode(), "sha256").hex()
    return visitor, await asker.ask(visitor, "contact.identify", user_id=id, hash=proof, name=name)


@pytest.mark.usefixtures("signed")
async def test_s27_a_visitors_name_is_shown_within_bounds(office, asker: Asker):
    async with undisturbed(office):
        for case, name in NAMES.items():
            visitor, answer = await named(office, asker, name)
            if answer.code != OK:
                assert answer.code in ("bad_input", "bad_name"), case
                continue
            check_shown(answer.values["name"])
            said = {"client_id": draw(""), "text": "x"}
            begun = (await asker.ask(visitor, "conversation.start", **said)).values
            check_shown(begun["message"]["sender"]["name"])


@pytest.mark.usefixtures("signed")
async def test_s27_whoever_is_called_like_an_agent_is_still_a_visitor(office, asker: Asker):
    """The badge is drawn by the role, which is no name's to say."""
    for case, name in IMITATIONS.items():
        visitor, answer = await named(office, asker, name)
        assert answer.code == OK, case
        said = {"client_id": draw(""), "text": "x"}
        begun = (await asker.ask(visitor, "conversation.start", **said)).values
        sender = begun["message"]["sender"]
        assert (sender["role"], sender["id"]) == ("visitor", begun["contact"]), case
        check_shown(sender["name"])


@pytest.mark.usefixtures("signed")
async def test_s27_no_agent_is_called_like_another(office, asker: Asker):
    for number, (case, name) in enumerate(IMITATIONS.items()):
        made = {"name": name, "role": "agent", "email": f"imitator{number}@example.com"}
        answer = await asker.ask(office.admin, "agent.create", **made)
        assert answer.code in ("name_taken", "bad_input"), case
        other = office.ids["Person outsider"]
        answer = await asker.ask(office.admin, "agent.update", agent=other, name=name)
        assert answer.code in ("name_taken", "bad_input"), case


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("name", ['"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"'])
async def test_s27_a_name_that_no_store_keeps_is_refused(office, rest, name):
    visitor, id = office.visitor(), draw("")
    proof = hmac.digest(SECRET.encode(), id.encode(), "sha256").hex()
    said = await rest.send(
        visitor,
        "POST",
        "/identity",
        content=f'{{"user_id":"{id}","hash":"{proof}","name":{name}}}',
        headers={"Content-Type": "application/json"},
    )
    assert said.status_code == 422
