"""Links are put wherever a value holds a file, and nowhere else."""

from datetime import UTC, datetime

import pytest

from kefu.core.conversation import Entry, Role
from kefu.core.desk import Event, FileInfo, Message, Person
from kefu.core.errors import NotFound
from kefu.core.file_links import ORIGINAL, PREVIEW, links
from kefu.core.signed_links import Link, verify

SECRET = b"s" * 32
NOW_MS = 1_700_000_000_000
PICTURE = FileInfo(id=7, name="日 落.png", type="image/png", size=9, preview="yes")
TEXT = FileInfo(id=8, name="a.txt", type="text/plain", size=1)


def message(*files: FileInfo) -> Message:
    return Message(
        conversation=1,
        seq=2,
        type=Entry.MESSAGE,
        sender=Person(role=Role.VISITOR, name="Li"),
        text="",
        at=datetime(2026, 1, 2, tzinfo=UTC),
        files=files,
    )


def token_of(url: str) -> str:
    return url.partition("?token=")[2]


def test_an_events_message_gets_links_that_hold():
    said = message(PICTURE, TEXT)
    event = Event(on="message.added", cursor="x-1", conversation=1, seq=2, prev=1, message=said)
    made = links(SECRET, NOW_MS, 60.0, "li").add(event).message
    assert made is not None
    picture, text = made.files
    assert picture.url.startswith("/api/v1/files/7/%E6%97%A5%20%E8%90%BD.png?token=")
    assert verify([SECRET], token_of(picture.url), NOW_MS) == Link(7, ORIGINAL, "li")
    assert verify([SECRET], token_of(picture.preview), NOW_MS) == Link(7, PREVIEW, "li")
    assert text.preview == ""


def test_what_holds_no_file_stays_the_same_object():
    plain = message()
    assert links(SECRET, NOW_MS, 60.0, "li").add(plain) is plain


@pytest.mark.parametrize("later_s", [0.0, 14.9, 29.9])
def test_a_link_holds_for_half_of_the_time_at_least_and_not_longer_than_it(later_s):
    now_ms = NOW_MS + round(later_s * 1000)
    token = token_of(links(SECRET, now_ms, 60.0, "li").add(TEXT).url)
    assert verify([SECRET], token, now_ms + 30_000)
    with pytest.raises(NotFound):
        verify([SECRET], token, now_ms + 60_001)


def test_the_same_file_keeps_its_link_for_a_while():
    made = {links(SECRET, NOW_MS + after_ms, 60.0, "li").add(TEXT).url for after_ms in (0, 1, 999)}
    assert len(made) == 1
