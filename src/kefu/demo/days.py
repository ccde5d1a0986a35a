"""Past days of a demo, so that lists, search and reports have something to show.

Rules: written once, into a store that holds nothing yet, by one transaction, the search index
included. The same store at the same time of the same zone gets the same: what is said stands in
``stories.json``, its times are counted from the stories' days and the lengths of the texts.
Entries are stored in the order of their times, as if they had been said. Nothing of it waits:
whoever writes to the demo is the first in the queue.
Not here: the people of the team (``team``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from kefu.actions.files import row_of
from kefu.core.conversation import SYSTEM, Conversation, Entry, Kind, Member, NewMessage, Role
from kefu.core.desk import Activity, Body, Details, Person, at
from kefu.core.inbox import Settings
from kefu.core.permissions import Place
from kefu.core.states import Status
from kefu.files.intake import Accepted
from kefu.storage import files, indexing, states
from kefu.storage.appending import append_entries
from kefu.storage.contacts import add_contact
from kefu.storage.ratings import Given, set_rating
from kefu.storage.schema import agent, contact, conversation, message
from kefu.storage.starting import add_conversation
from kefu.storage.turns import NO_TURN

STORIES = Path(__file__).with_name("stories.json")
DAY_MS = 86_400_000
SNOOZED_DAYS = 10
READS_MS = 20_000  # until somebody answers …
TYPES_MS = 300  # … and for each character


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation of ``day`` days ago. ``said``: ``v:`` visitor, ``a:`` agent, ``n:`` note."""

    day: int
    at: str  # HH:MM, on the clock of this machine
    name: str
    agent: str  # as ``team`` calls them
    page: str
    said: tuple[str, ...]
    email: str | None = None
    tags: tuple[str, ...] = ()
    files: dict[int, str] = {}  # the paper that goes with what was said, by its number from 0 on
    score: int | None = None
    comment: str = ""
    end: Literal["resolved", "pending", "snoozed"] = "resolved"

    @property
    def locale(self) -> str:
        """The visitor's language."""
        return "zh-CN" if any("一" <= letter <= "鿿" for letter in self.said[0]) else "en"


class _Told(msgspec.Struct):
    """A story as it is stored."""

    story: Story
    id: int
    contact_id: int
    agent: Member
    entries: list[NewMessage]


def read_stories() -> list[Story]:
    """What is told, in the order of time."""
    return msgspec.json.decode(STORIES.read_bytes(), type=list[Story])


def is_new(conn: Connection) -> bool:
    """Whether the store holds nothing of anybody's."""
    return all(
        conn.scalar(select(table.c.id).limit(1)) is None for table in (agent, contact, message)
    )


def write_days(
    conn: Connection,
    inbox_id: int,
    team: dict[str, int],
    *,
    home: str,
    now: datetime,
    papers: dict[str, Accepted] | None = None,
) -> None:
    """Write the stories into ``inbox_id``.

    ``team``: the ids of agents by the stories' names of them. ``home``: what the shop's pages begin
    with. ``now``: in the zone whose days these are. ``papers``: by their names; None: no files are
    kept, and what was said goes without.
    """
    people = conn.execute(select(agent.c.id, agent.c.name).where(agent.c.id.in_(team.values())))
    names = {row.id: row.name for row in people}
    told = []
    for number, story in enumerate(read_stories(), 1):
        who = Member(Role.AGENT, names[team[story.agent]], team[story.agent])
        told.append(
            _tell(conn, story, inbox_id, who, key=f"desk:demo-{number}", home=home, now=now)
        )
    for one in told:
        _add_papers(conn, one, inbox_id, papers or {})
    entries = sorted((new for one in told for new in one.entries), key=lambda new: new.sent_ms)
    append_entries(conn, entries)
    _conclude(conn, told, inbox_id)
    while (pending := indexing.next_pending(conn)) is not None:
        indexing.store_pending(conn, pending)
    while indexing.index_contacts(conn):
        pass


def _tell(
    conn: Connection,
    story: Story,
    inbox_id: int,
    who: Member,
    *,
    key: str,
    home: str,
    now: datetime,
) -> _Told:
    hour, minute = map(int, story.at.split(":"))
    day = now - timedelta(days=story.day)
    begun = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    begun_ms = round(begun.timestamp() * 1000)
    contact_id = add_contact(
        conn,
        name=story.name,
        email=story.email,
        locale=story.locale,
        created_ms=begun_ms,
        seen_ms=begun_ms,
    )
    about = {"page": f"{home}{story.page}", "locale": story.locale}
    id = add_conversation(
        conn,
        key=key,
        created_ms=begun_ms,
        inbox_id=inbox_id,
        contact_id=contact_id,
        status=Status.QUEUED,
        about=msgspec.json.encode(about).decode(),
    )
    address = Conversation(key, Kind.DESK, (), inbox_id, contact_id)
    visitor = Member(Role.VISITOR, story.name, contact_id)
    entries = [*_entries(story, address, visitor=visitor, who=who, now_ms=begun_ms)]
    return _Told(story, id, contact_id, who, entries)


def _entries(
    story: Story, address: Conversation, *, visitor: Member, who: Member, now_ms: int
) -> Iterator[NewMessage]:
    """The timeline, from ``now_ms`` on."""

    def happens(by: Member, activity: Activity) -> NewMessage:
        return states.as_entry(address, activity, by=by, now_ms=now_ms)

    person = Person(role=Role.AGENT, name=who.name, id=who.id)
    yield happens(visitor, Activity(what="began", status=Status.QUEUED))
    for number, line in enumerate(story.said):
        kind, _, text = line.partition(": ")
        if number == 1:
            given = Details(how="queue")
            yield happens(
                SYSTEM,
                Activity(what="assigned", agent=person, status=Status.OPEN, values=given),
            )
            yield happens(who, Activity(what="accepted", agent=person))
        if number:
            now_ms += READS_MS + TYPES_MS * len(text)
        entry = Entry.NOTE if kind == "n" else Entry.MESSAGE
        by = visitor if kind == "v" else who
        yield NewMessage(address, by, None, text, now_ms, entry, private=kind == "n")
    now_ms += READS_MS
    if story.tags:
        yield happens(who, Activity(what="tagged", values=Details(tags=story.tags)))
    until = at(now_ms + SNOOZED_DAYS * DAY_MS) if story.end == "snoozed" else None
    yield happens(who, Activity(what=story.end, status=Status(story.end), until=until))
    if story.score is not None:
        now_ms += READS_MS
        rated = Details(score=story.score, comment=story.comment or None)
        yield happens(visitor, Activity(what="rated", values=rated))


def _add_papers(conn: Connection, one: _Told, inbox_id: int, papers: dict[str, Accepted]) -> None:
    """Let the story's files go with what was said."""
    said = [place for place, new in enumerate(one.entries) if new.type is not Entry.ACTIVITY]
    for number, name in one.story.files.items():
        if name not in papers:
            continue
        new = one.entries[said[number]]
        by, values = new.sender, row_of(papers[name])
        owner = f"contact#{by.id}" if by.role is Role.VISITOR else f"agent#{by.id}"
        belongs = {"inbox_id": inbox_id, "conversation_id": one.id, "owner": owner}
        id = files.add_file(conn, name=name, created_ms=new.sent_ms, **belongs, **values)
        body = msgspec.json.encode(Body(files=(id,))).decode()
        one.entries[said[number]] = msgspec.structs.replace(new, body=body)


def _conclude(conn: Connection, told: list[_Told], inbox_id: int) -> None:
    """Bring the conversations to the state that their timelines lead to; everybody has read all."""
    reopen_ms = Settings().reopen_days * DAY_MS
    rows = []
    for one in told:
        story, last_ms = one.story, one.entries[-1].sent_ms
        is_over = story.end == "resolved"
        rows.append(
            {
                "this": one.id,
                "new_status": Status(story.end),
                "new_assignee": one.agent.id,
                "new_tags": msgspec.json.encode(story.tags).decode(),
                "new_rating": story.score or 0,
                "new_snoozed": last_ms + SNOOZED_DAYS * DAY_MS if story.end == "snoozed" else None,
                "new_reopen": last_ms + reopen_ms if is_over else None,
            }
        )
        if story.score is not None:
            place = Place(
                one.id,
                one.entries[0].conversation.key,
                Kind.DESK,
                inbox_id,
                one.contact_id,
                one.agent.id,
            )
            set_rating(conn, place, Given(story.score, story.comment, last_ms))
    columns: dict[str, Any] = {
        "status": bindparam("new_status"),
        "assignee_id": bindparam("new_assignee"),
        "tags": bindparam("new_tags"),
        "rating": bindparam("new_rating"),
        "snoozed_until_ms": bindparam("new_snoozed"),
        "reopen_until_ms": bindparam("new_reopen"),
        "waiting_ms": None,
        "team_unread": 0,
        "contact_unread": 0,
        **{
            f"{side}_{mark}_seq": conversation.c.last_seq
            for side in ("team", "contact")
            for mark in ("read", "delivered")
        },
        **NO_TURN,
    }
    conn.execute(
        update(conversation).where(conversation.c.id == bindparam("this")).values(columns), rows
    )
