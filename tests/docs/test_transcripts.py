"""Every transcript of the protocol pages is what a server does.

Blocks marked ``transcript`` are played against a new demo, blocks marked ``transcript-production``
against a server with the settings of the page's own TOML block.
Not here: the Chinese pages, whose blocks are the same (``test_translations``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kefu import config
from kefu.app import assemble
from kefu.config import Settings
from kefu.storage.migrations import migrate
from kefu.transport.websocket import websocket_protocol
from tests.docs.pages import fenced
from tests.docs.transcripts import play
from tests.transport.serving import serve

PAGES = ("docs/protocol/rooms.md", "docs/protocol/direct.md", "docs/protocol/rest.md")


def transcripts(kind: str) -> list[object]:
    return [
        pytest.param(page, text, id=f"{Path(page).stem}-{number}")
        for page in PAGES
        for number, text in enumerate(fenced(page, kind), 1)
    ]


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    migrate(settings.database_url)
    async with (
        assemble(settings) as kefu,
        serve(ws=websocket_protocol(kefu.websocket), app=kefu.http) as address,
    ):
        yield address.authority
        await kefu.stop()


@pytest.mark.parametrize(("page", "transcript"), transcripts("transcript"))
async def test_a_demo_does_what_the_page_shows(page: str, transcript: str, tmp_path: Path) -> None:
    settings = config.demo(host="127.0.0.1", port=0, classic_port=0, data=str(tmp_path), env={})
    async with running(settings) as authority:
        await play(transcript, authority)


@pytest.mark.parametrize(("page", "transcript"), transcripts("transcript-production"))
async def test_a_configured_server_does_what_the_page_shows(
    page: str, transcript: str, tmp_path: Path
) -> None:
    file = tmp_path / "kefu.toml"
    file.write_text(f'storage.data = "{tmp_path}"\n' + fenced(page, "toml")[0], "utf-8")
    async with running(config.load(file, {})) as authority:
        await play(transcript, authority)
