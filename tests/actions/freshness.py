"""A case for every command that changes something: who gives it, and what.

A case prepares what it needs, and returns the commands that are watched: (who, fields), one after
the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from kefu.core.actors import Actor, Standing
from kefu.core.identity import Key, hash_user_id
from kefu.core.tokens import Kind, hash_token
from kefu.storage import schema
from tests.actions.acts import fresh_id, notes, says
from tests.actions.people import OTHER_PASSWORD, PASSWORD, hire, sign_in, token_of
from tests.actions.scene import Scene

Step = tuple[Actor, dict[str, Any]]
Case = Callable[[Scene], Awaitable[list[Step]]]
CASES: dict[str, Case] = {}

URL = "https://hooks.example.com/kefu"
LATER = "2023-12-24T08:00:00Z"  # some weeks after the clock of tests
SECRET = "a secret of the site's that is long enough"

# Of these nobody who shows conversations needs to hear.
QUIET = frozenset(
    {
        *("session.login", "session.accept_link", "session.end_others", "session.logout"),
        "session.end",
        *("agent.set_password", "agent.create", "agent.reset_link", "agent.activate"),
        *("agent.set_availability", "token.create", "token.revoke", "conversation.observe"),
        *("inbox.add_identity_key", "inbox.retire_identity_key", "conversation.send_transcript"),
        "device.end",
        *("session.accept_chat_link", "webhook.create", "webhook.update", "webhook.delete"),
        *("webhook.rotate_secret", "webhook.test", "webhook.replay", "inbox.create"),
        *("inbox.update", "inbox.activate", "inbox.deactivate", "team.create", "team.update"),
        *("team.set_agents", "team.delete", "conversation.hold"),
        *("mention.read", "preferences.update", "agent.remove_avatar", "tag.create"),
        *("contact.create", "agent.test_offer", "conversation.unread"),
        *("view.create", "view.update", "view.delete"),
        *("canned.create", "canned.update", "canned.delete", "visitor.report"),
    }
)


def case(name: str) -> Callable[[Case], Case]:
    """This function prepares ``name``."""

    def keep(prepare: Case) -> Case:
        CASES[name] = prepare
        return prepare

    return keep


@case("conversation.start")
async def start(scene: Scene) -> list[Step]:
    bot = await scene.desk.inbox(bot_id=scene.bot.id)
    invitation = {"name": "help", "text": {"en": "May we help?"}}
    asks = await scene.desk.inbox(
        "Asks", settings={"invitations": [invitation], "consent": {"text": {}}}
    )
    page = {"page": "https://www.example.com/a", "title": "A", "attributes": {"plan": "pro"}}
    told = {"invitation": "help", "consent": True, **page}
    again = {"client_id": "again", "text": "Me again"}
    return [
        (scene.desk.stranger(scene.inbox), {"client_id": "a", "text": "Hi", "locale": "zh-CN"}),
        (scene.desk.stranger(bot), {"client_id": "b", "text": "Hi"}),
        (scene.desk.stranger(asks), {"client_id": "c", "text": "Yes", **told}),
        (scene.li, again),
        (scene.li, again),
    ]


@case("message.send")
async def send(scene: Scene) -> list[Step]:
    def said(name: str, **more: Any) -> dict[str, Any]:
        return {"conversation": scene.chat, "client_id": name, "text": "So", **more}

    await scene.set_status("snoozed", until=LATER)
    options = [{"label": "Yes", "value": "y"}]
    return [
        (scene.li, said("a")),  # which wakes it
        (scene.li, said("a")),
        (scene.li, said("b", quote=4)),
        (scene.ann, said("c", quote=5 + 1)),
        (scene.bot, said("d", blocks=[{"type": "quick_replies", "options": options}])),
        (scene.bob, said("e")),
        (scene.li, said("f")),
    ]


@case("message.note")
async def note(scene: Scene) -> list[Step]:
    said = {"conversation": scene.chat, "text": "Hm"}
    return [
        (scene.bob, said | {"client_id": "a"}),
        (scene.boss, said | {"client_id": "b", "mentions": [scene.ann.id], "quote": 5}),
    ]


@case("message.edit")
async def edit(scene: Scene) -> list[Step]:
    said = {"conversation": scene.chat, "text": "Better"}
    return [
        (scene.li, said | {"seq": 7}),
        (scene.li, said | {"seq": 7}),
        (scene.ann, said | {"seq": 4}),
        (scene.ann, said | {"seq": 5}),
    ]


@case("message.delete")
async def delete(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    return [
        (scene.li, here | {"seq": 7}),
        (scene.li, here | {"seq": 7}),
        (scene.ann, here | {"seq": 5}),
        (scene.boss, here | {"seq": 2}),
    ]


@case("message.react")
async def react(scene: Scene) -> list[Step]:
    on = {"conversation": scene.chat, "emoji": "👍"}
    return [
        (scene.li, on | {"seq": 4}),
        (scene.bob, on | {"seq": 7}),
        (scene.bob, on | {"seq": 7, "on": False}),
        (scene.bob, on | {"seq": 5}),
    ]


@case("conversation.read")
async def read(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    await says(scene.desk, scene.ann, scene.chat)
    await says(scene.desk, scene.ann, scene.chat)
    await says(scene.desk, scene.li, scene.chat)
    await says(scene.desk, scene.li, scene.chat)
    return [(who, here | {"seq": seq}) for who in (scene.bob, scene.li) for seq in (11, 10, 12)]


@case("conversation.unread")
async def unread(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    await says(scene.desk, scene.li, scene.chat)
    return [(scene.bob, here), (scene.bob, here | {"seq": 1})]


@case("conversation.delivered")
async def delivered(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    return [(who, here | {"seq": seq}) for who in (scene.bob, scene.li) for seq in (4, 3, 7)]


@case("mention.read")
async def read_mentions(scene: Scene) -> list[Step]:
    await notes(scene.desk, scene.bob, scene.chat, mentions=(scene.ann.id,))
    return [(scene.ann, {})] * 2


@case("conversation.typing")
async def typing(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    return [(scene.li, here | {"text": "My ord"}), (scene.ann, here | {"internal": True})]


@case("conversation.end")
async def end(scene: Scene) -> list[Step]:
    return [(scene.li, {"conversation": scene.chat})] * 2


@case("conversation.ask_person")
async def ask_person(scene: Scene) -> list[Step]:
    inbox = await scene.desk.inbox(bot_id=scene.bot.id)
    await scene.desk.insert(schema.inbox_agent, inbox_id=inbox, agent_id=scene.bot.id)
    li, id = await scene.begin(inbox)
    return [(li, {"conversation": id})] * 2


@case("conversation.rate")
async def rate(scene: Scene) -> list[Step]:
    await scene.set_status("resolved")
    rating = {"conversation": scene.chat, "score": 3}
    return [
        (scene.li, rating),
        (scene.li, rating),
        (scene.li, rating | {"score": 5, "comment": "Good"}),
    ]


@case("conversation.page")
async def page(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat, "page": "https://www.example.com/b", "title": "B"}
    here["attributes"] = {"plan": "pro"}
    # Of one conversation, what is told next is seconds later.
    wang, other = await scene.begin()
    alone = {"conversation": other, "attributes": {"plan": "pro"}}
    return [(scene.li, here), (scene.li, here), (wang, alone)]


@case("visitor.report")
async def report_visit(scene: Scene) -> list[Step]:
    await scene.desk.inbox("Watched", widget_key="wk_w", settings={"watch_visitors": True})
    here = {"widget_key": "wk_w", "visit": "x" * 16, "page": "https://www.example.com/b"}
    return [(Standing.ANYONE, here), (Standing.ANYONE, here | {"left": True})]


@case("contact.leave_email")
async def leave_email(scene: Scene) -> list[Step]:
    return [(scene.li, {"conversation": scene.chat, "email": "li@example.com"})]


async def proof_of(scene: Scene, user_id: str) -> dict[str, str]:
    """What the site signs of a person."""
    key = {"inbox": scene.inbox, "kid": "one", "secret": SECRET}
    await scene.act("inbox.add_identity_key", scene.admin, **key)
    return {"user_id": user_id, "hash": hash_user_id(user_id, Key("one", SECRET))}


@case("contact.identify")
async def identify(scene: Scene) -> list[Step]:
    proof = await proof_of(scene, "42")
    wang, _ = await scene.begin()
    return [
        (scene.li, proof | {"name": "Li Lei"}),
        (scene.li, proof | {"name": "Lei"}),
        (wang, proof | {"name": "Lei Li", "email": "li@example.com"}),  # the same person
    ]


@case("conversation.pick")
async def pick(scene: Scene) -> list[Step]:
    _, id = await scene.begin()
    return [(scene.bob, {"conversation": id})] * 2


async def offer(scene: Scene) -> list[Step]:
    """Bob is offered Li's conversation."""
    await scene.act("conversation.assign", scene.ann, conversation=scene.chat, agent=scene.bob.id)
    return [(scene.bob, {"conversation": scene.chat})]


CASES["conversation.accept"] = CASES["conversation.decline"] = offer
CASES["conversation.hold"] = offer


@case("conversation.assign")
async def assign(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    return [
        (scene.ann, here | {"agent": scene.bob.id}),
        (scene.boss, here | {"team": scene.team}),
        (scene.boss, here | {"agent": scene.ann.id, "team": scene.team}),
    ]


@case("conversation.transfer")
async def transfer(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat, "note": "Asks for an invoice"}
    return [
        (scene.ann, here | {"agent": scene.bob.id}),
        (scene.bob, here | {"team": scene.team}),
    ]


@case("conversation.take_over")
async def take_over(scene: Scene) -> list[Step]:
    return [(scene.boss, {"conversation": scene.chat})] * 2


@case("conversation.hand_off")
async def hand_off(scene: Scene) -> list[Step]:
    inbox = await scene.desk.inbox(bot_id=scene.bot.id)
    for agent in (scene.bot, scene.bob):
        await scene.desk.insert(schema.inbox_agent, inbox_id=inbox, agent_id=agent.id)
    _, id = await scene.begin(inbox)
    return [(scene.admin, {"conversation": id, "team": scene.team, "note": "Wants a person"})]


@case("conversation.set_status")
async def set_status(scene: Scene) -> list[Step]:
    here = {"conversation": scene.chat}
    snoozed = here | {"status": "snoozed"}
    others = [here | {"status": one} for one in ("pending", "open", "resolved", "queued")]
    return [(scene.ann, one) for one in (snoozed | {"until": LATER}, snoozed, *others)]


@case("conversation.set_priority")
async def set_priority(scene: Scene) -> list[Step]:
    return [(scene.bob, {"conversation": scene.chat, "priority": 4})]


@case("conversation.set_tags")
async def set_tags(scene: Scene) -> list[Step]:
    return [(scene.bob, {"conversation": scene.chat, "tags": tags}) for tags in (["VIP"], [])]


@case("conversation.set_attributes")
async def set_attributes(scene: Scene) -> list[Step]:
    return [
        (scene.bob, {"conversation": scene.chat, "attributes": {"order": order}})
        for order in ("A-17", None)
    ]


@case("conversation.observe")
async def observe(scene: Scene) -> list[Step]:
    return [(scene.boss, {"conversation": scene.chat})]


@case("conversation.whisper")
async def whisper(scene: Scene) -> list[Step]:
    return [(scene.boss, {"conversation": scene.chat, "client_id": "a", "text": "Refund it"})] * 2


@case("conversation.send_transcript")
async def send_transcript(scene: Scene) -> list[Step]:
    scene.allow_mail()
    return [(scene.ann, {"conversation": scene.chat, "to": "li@example.com"})]


@case("session.accept_chat_link")
async def accept_chat_link(scene: Scene) -> list[Step]:
    link = token_of(Kind.LINK)
    row = {"token_hash": hash_token(link), "conversation_id": scene.chat}
    expires_ms = scene.desk.clock.now_ms + 1000
    await scene.desk.insert(schema.chat_link, **row, expires_ms=expires_ms)
    return [(scene.desk.stranger(scene.inbox), {"link": link})]


@case("device.end")
async def end_device(scene: Scene) -> list[Step]:
    row = {"contact_id": scene.li.contact_id, "inbox_id": scene.inbox, "created_ms": 1}
    device = await scene.desk.insert(schema.device, token_hash=token_of(Kind.DEVICE), **row)
    return [(scene.boss, {"device": device})]


@case("contact.update")
async def update_contact(scene: Scene) -> list[Step]:
    who = {"contact": scene.li.contact_id}
    return [
        (scene.ann, who | {"email": "li@example.com", "tags": ["vip"], "attributes": {"plan": 1}}),
        (scene.ann, who | {"name": "Li Lei"}),
    ]


@case("contact.merge")
async def merge(scene: Scene) -> list[Step]:
    wang, _ = await scene.begin()
    known, _ = await scene.begin()
    await scene.act("contact.identify", known, **await proof_of(scene, "43"))
    return [
        (scene.boss, {"contact": wang.contact_id, "other": scene.li.contact_id}),
        (scene.boss, {"contact": wang.contact_id, "other": known.contact_id}),
    ]


@case("contact.block")
async def block(scene: Scene) -> list[Step]:
    return [(scene.boss, {"contact": scene.li.contact_id})] * 2


@case("contact.unblock")
async def unblock(scene: Scene) -> list[Step]:
    await scene.act("contact.block", scene.boss, contact=scene.li.contact_id)
    return [(scene.boss, {"contact": scene.li.contact_id})]


@case("agent.create")
async def create_agent(scene: Scene) -> list[Step]:
    return [(scene.admin, {"name": f"Zoe {fresh_id()}", "email": f"{fresh_id()}@example.com"})]


@case("agent.update")
async def update_agent(scene: Scene) -> list[Step]:
    ann = {"agent": scene.ann.id}
    return [
        (scene.admin, ann | {"name": f"Anna {fresh_id()}"}),
        (scene.admin, ann | {"role": "supervisor", "chat_limit": 9}),
        (scene.admin, ann | {"inboxes": []}),
    ]


@case("agent.deactivate")
async def deactivate(scene: Scene) -> list[Step]:
    return [(scene.admin, {"agent": scene.ann.id})] * 2


@case("agent.activate")
async def activate(scene: Scene) -> list[Step]:
    await scene.act("agent.deactivate", scene.admin, agent=scene.ann.id)
    return [(scene.admin, {"agent": scene.ann.id})]


@case("agent.set_availability")
async def set_availability(scene: Scene) -> list[Step]:
    return [(scene.ann, {"availability": one}) for one in ("online", "away")]


@case("agent.reset_link")
async def reset_link(scene: Scene) -> list[Step]:
    hired = await hire(scene.desk, f"{fresh_id()}@example.com")
    return [(scene.admin, {"agent": hired.id})]


@case("agent.set_name")
async def set_name(scene: Scene) -> list[Step]:
    return [(scene.ann, {"name": f"Anna {fresh_id()}"})]


@case("agent.remove_avatar")
async def remove_avatar(scene: Scene) -> list[Step]:
    return [(scene.ann, {})]


@case("agent.test_offer")
async def send_test_offer(scene: Scene) -> list[Step]:
    return [(scene.ann, {})]


@case("preferences.update")
async def update_preferences(scene: Scene) -> list[Step]:
    return [(scene.ann, {"theme": "dark"})] * 2


@case("view.create")
async def create_view(scene: Scene) -> list[Step]:
    return [(scene.ann, {"name": "VIPs", "filter": {"tag": "vip"}, "shared": True})]


async def view(scene: Scene) -> dict[str, Any]:
    """A view of Ann's."""
    made = await scene.act("view.create", scene.ann, name="VIPs", filter={"tag": "vip"})
    return {"view": made.id}


@case("view.update")
async def update_view(scene: Scene) -> list[Step]:
    return [(scene.ann, await view(scene) | {"sort": "waiting"})]


@case("view.delete")
async def delete_view(scene: Scene) -> list[Step]:
    return [(scene.ann, await view(scene))]


@case("tag.create")
async def create_tag(scene: Scene) -> list[Step]:
    return [(scene.ann, {"name": fresh_id(), "color": "red"})]


async def tagged(scene: Scene) -> dict[str, Any]:
    """A tag that Ann's conversation has."""
    name = fresh_id()
    here = {"conversation": scene.chat}
    await scene.act("conversation.set_tags", scene.ann, **here, tags=["first", name])
    found = await scene.act("tag.list", scene.ann)
    return {"tag": next(one.id for one in found.items if one.name == name)}


@case("tag.update")
async def update_tag(scene: Scene) -> list[Step]:
    return [(scene.boss, await tagged(scene) | {"name": fresh_id()})]


@case("tag.delete")
async def delete_tag(scene: Scene) -> list[Step]:
    return [(scene.boss, await tagged(scene))]


@case("conversation.look")
async def look(scene: Scene) -> list[Step]:
    return [(scene.ann, {"conversation": scene.chat}), (scene.ann, {})]


@case("conversation.bulk")
async def bulk(scene: Scene) -> list[Step]:
    _, other = await scene.begin()
    many = {"conversations": [scene.chat, 999_999, other]}
    return [
        (scene.ann, many | {"act": {"do": "tag", "add": ["late"]}}),
        (scene.ann, many | {"act": {"do": "read"}}),
        (scene.ann, many | {"act": {"do": "unread"}}),
        (scene.ann, many | {"act": {"do": "snooze", "until": LATER}}),
        (scene.ann, many | {"act": {"do": "snooze"}}),
        (scene.ann, many | {"act": {"do": "resolve"}}),
    ]


@case("conversation.begin")
async def begin(scene: Scene) -> list[Step]:
    to = {"contact": scene.li.contact_id, "inbox": scene.inbox}
    return [(scene.ann, to | {"client_id": "a", "text": "Your parcel is here."})] * 2


@case("contact.create")
async def create_contact(scene: Scene) -> list[Step]:
    return [(scene.ann, {"inbox": scene.inbox, "name": "Wang", "email": "wang@example.com"})]


@case("session.login")
async def login(scene: Scene) -> list[Step]:
    email = f"{fresh_id()}@example.com"
    await hire(scene.desk, email)
    return [(Standing.ANYONE, {"email": email, "password": PASSWORD})]


@case("session.accept_link")
async def accept_link(scene: Scene) -> list[Step]:
    hired = await hire(scene.desk, f"{fresh_id()}@example.com")
    made = await scene.act("agent.reset_link", scene.admin, agent=hired.id)
    token = made.link.url.partition("#")[2]
    return [(Standing.ANYONE, {"link": token, "password": OTHER_PASSWORD})]


@case("agent.set_password")
async def set_password(scene: Scene) -> list[Step]:
    _, hired = await sign_in(scene.desk, await hire(scene.desk, f"{fresh_id()}@example.com"))
    return [(hired, {"old": PASSWORD, "password": OTHER_PASSWORD})]


async def signed_in(scene: Scene) -> list[Step]:
    """Somebody who has signed in."""
    _, hired = await sign_in(scene.desk, await hire(scene.desk, f"{fresh_id()}@example.com"))
    return [(hired, {})]


CASES["session.logout"] = CASES["session.end_others"] = signed_in


@case("session.end")
async def end_session(scene: Scene) -> list[Step]:
    _, hired = await sign_in(scene.desk, await hire(scene.desk, f"{fresh_id()}@example.com"))
    return [(hired, {"session": hired.session_id})]


@case("token.create")
async def create_token(scene: Scene) -> list[Step]:
    _, admin = await sign_in(scene.desk, scene.admin)
    return [(admin, {"name": "bot", "scopes": ["read"], "agent": scene.bot.id})]


@case("token.revoke")
async def revoke_token(scene: Scene) -> list[Step]:
    _, admin = await sign_in(scene.desk, scene.admin)
    fields = {"name": "bot", "scopes": ["read"], "agent": scene.bot.id}
    made = await scene.act("token.create", admin, **fields)
    return [(admin, {"token": made.id})]


@case("inbox.add_identity_key")
async def add_identity_key(scene: Scene) -> list[Step]:
    return [(scene.admin, {"inbox": scene.inbox, "kid": "one"})]


@case("inbox.retire_identity_key")
async def retire_identity_key(scene: Scene) -> list[Step]:
    await scene.act("inbox.add_identity_key", scene.admin, inbox=scene.inbox, kid="one")
    return [(scene.admin, {"inbox": scene.inbox, "kid": "one"})]


@case("inbox.create")
async def create_inbox(scene: Scene) -> list[Step]:
    return [(scene.admin, {"name": f"Shop {fresh_id()}", "agents": [scene.ann.id]})]


@case("inbox.update")
async def update_inbox(scene: Scene) -> list[Step]:
    changed = {"name": f"Shop {fresh_id()}", "team": scene.team, "bot": scene.bot.id}
    return [(scene.admin, {"inbox": scene.inbox} | changed)]


@case("inbox.set_agents")
async def set_inbox_agents(scene: Scene) -> list[Step]:
    return [(scene.admin, {"inbox": scene.inbox, "agents": [scene.bob.id]})]


@case("inbox.deactivate")
async def deactivate_inbox(scene: Scene) -> list[Step]:
    return [(scene.admin, {"inbox": scene.inbox})]


@case("inbox.activate")
async def activate_inbox(scene: Scene) -> list[Step]:
    await scene.act("inbox.deactivate", scene.admin, inbox=scene.inbox)
    return [(scene.admin, {"inbox": scene.inbox})]


@case("team.create")
async def create_team(scene: Scene) -> list[Step]:
    return [(scene.admin, {"name": f"Returns {fresh_id()}", "agents": [scene.ann.id]})]


@case("team.update")
async def update_team(scene: Scene) -> list[Step]:
    return [(scene.admin, {"team": scene.team, "name": f"Returns {fresh_id()}"})]


@case("team.set_agents")
async def set_team_agents(scene: Scene) -> list[Step]:
    return [(scene.admin, {"team": scene.team, "agents": []})]


@case("team.delete")
async def delete_team(scene: Scene) -> list[Step]:
    return [(scene.admin, {"team": scene.team})]


@case("canned.create")
async def create_canned(scene: Scene) -> list[Step]:
    return [(scene.ann, {"shortcut": fresh_id(), "text": "Hello"})]


@case("canned.update")
async def update_canned(scene: Scene) -> list[Step]:
    made = await scene.act("canned.create", scene.ann, shortcut=fresh_id(), text="Hello")
    return [(scene.ann, {"canned": made.id, "text": "Hi"})]


@case("canned.delete")
async def delete_canned(scene: Scene) -> list[Step]:
    made = await scene.act("canned.create", scene.ann, shortcut=fresh_id(), text="Hello")
    return [(scene.ann, {"canned": made.id})]


async def hook(scene: Scene) -> dict[str, Any]:
    """A webhook."""
    made = await scene.act("webhook.create", scene.admin, url=URL)
    return {"webhook": made.id}


@case("webhook.create")
async def create_webhook(scene: Scene) -> list[Step]:
    return [(scene.admin, {"url": URL})]


@case("webhook.update")
async def update_webhook(scene: Scene) -> list[Step]:
    return [(scene.admin, await hook(scene) | {"active": False})]


async def of_webhook(scene: Scene) -> list[Step]:
    """Something is asked of a webhook."""
    return [(scene.admin, await hook(scene))]


for _name in ("webhook.rotate_secret", "webhook.delete", "webhook.test"):
    CASES[_name] = of_webhook


@case("webhook.replay")
async def replay(scene: Scene) -> list[Step]:
    return [(scene.admin, await hook(scene) | {"failed_since": "2020-01-01T00:00:00Z"})]
