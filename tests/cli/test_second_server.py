"""A second ``kefu serve`` on a store that has a server: one sentence, and nothing is touched."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kefu.storage.engine import open_for_reading
from kefu.storage.schema import conversation
from tests.cli.test_cli import refused, run
from tests.clients.rooms import RoomsClient
from tests.configured import AGENT, TOKEN, ConfiguredServer
from tests.databases import BACKENDS, fresh_url

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_second_server_is_refused_and_ends_nobodys_conversation(backend, tmp_path):
    with fresh_url(backend, tmp_path) as url:
        second = ConfiguredServer(tmp_path / "second", storage={"url": url})
        with ConfiguredServer(tmp_path / "first", storage={"url": url}) as first:
            async with RoomsClient.join(first.base_url, "kefu", AGENT, token=TOKEN) as agent:
                await agent.say("hello")
                assert await agent.hear() == (AGENT, "hello")
                line = refused("serve", "--config", second.config)
                assert "another Kefu server uses this store; stop it first" in line
                with open_for_reading(url) as conn:
                    assert "resolved" not in conn.scalars(select(conversation.c.status)).all()
            # Whatever the directory was like, what is in it is for its owner alone.
            kept = [*first.data_dir.glob("kefu.lock"), first.data_dir / "files"]
            kept += tmp_path.glob("kefu.db*")
            assert [path.name for path in kept if path.stat().st_mode & 0o077] == []
            assert sorted(path.name for path in second.data_dir.iterdir()) == ["kefu.toml"]
            # What is no server works beside one.
            assert "hello" in run("history", "--config", second.config).stdout
            words = ["--name", "Ann", "--link", "--config", second.config]
            assert run("agent", "add", "ann@example.com", *words).returncode == 0
