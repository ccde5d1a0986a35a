"""The direct protocol on a real server: the tutorial's wire, and every mended behaviour.

The numbers are those of docs/protocol/direct.md, section "Mended behaviour".
"""

import pytest
from websockets.asyncio.client import connect

on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])

TAKEN = ("login_error", "当前用户名已经被注册")


async def two_people(house, *transports):
    server = await house.serve()
    alice, bob = [await house.direct(server, *transports) for _ in range(2)]
    await alice.logged_in("alice")
    await bob.logged_in("bob")
    return server, alice, bob


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_two_people_talk_as_in_the_tutorial(house, transport):
    server, alice, bob = await two_people(house, transport)
    await alice.hears("user_list", ["alice", "bob"])
    await bob.tell("alice", "你好 <b>")
    told = {"from": "bob", "to": "alice", "message": "你好 <b>"}
    await bob.hears("message", {**told, "self": True})
    await alice.hears("message", {**told, "self": False})
    await bob.io.disconnect()
    await alice.hears("user_list", ["alice"])
    assert await server.messages() == [(1, 1, "bob", "你好 <b>")]


async def test_a_message_to_nobody_is_an_error(house):
    server, alice, _ = await two_people(house)
    await alice.tell("carol", "在吗")
    await alice.hears("error", "用户未找到")
    assert await server.messages() == []


async def test_somebody_may_write_to_oneself_and_sees_it_once(house):
    _, alice, _ = await two_people(house)
    await alice.tell("alice", "备忘")
    await alice.tell("bob", "你好")
    await alice.hears("message", {"from": "alice", "to": "bob", "message": "你好", "self": True})
    assert [event for event in alice.heard if event[0] == "message"] == [
        ("message", {"from": "alice", "to": "alice", "message": "备忘", "self": True}),
        ("message", {"from": "alice", "to": "bob", "message": "你好", "self": True}),
    ]


async def test_the_two_of_a_pair_have_one_conversation_whoever_begins(house):
    server, alice, bob = await two_people(house)
    await alice.tell("bob", "一")
    await alice.hears("message", {"from": "alice", "to": "bob", "message": "一", "self": True})
    await bob.tell("alice", "二")
    await bob.hears("message", {"from": "bob", "to": "alice", "message": "二", "self": True})
    assert await server.messages() == [(1, 1, "alice", "一"), (1, 2, "bob", "二")]


async def test_1_a_caller_sees_a_list_with_itself_beside_its_success(house):
    server = await house.serve()
    for name in ("甲", "乙", "丙"):
        client = await house.direct(server)
        await client.logged_in(name)
        events = [event for event in client.heard if event[0] in ("user_list", "login_success")]
        at = events.index(("login_success",))
        assert any(name in event[1] for event in events[max(0, at - 1) : at + 2] if event[1:])


async def test_1_the_last_list_is_right_after_a_storm_and_few_were_sent(house):
    server = await house.serve()
    watcher = await house.direct(server)
    names = [f"客{number}" for number in range(30)]
    clients = [await house.direct(server) for _ in names]
    for client, name in zip(clients, names, strict=True):
        await client.login(name)
    await watcher.hears("user_list", names)
    lists = [event for event in watcher.heard if event[0] == "user_list"]
    assert len(lists) <= len(names) / 2


async def test_2_who_has_not_logged_in_cannot_speak(house):
    server, alice, _ = await two_people(house)
    stranger = await house.direct(server)
    await stranger.tell("alice", "你好")
    await stranger.hears("error", "请先登录")
    assert await server.messages() == []
    assert not [event for event in alice.heard if event[0] == "message"]


async def test_3_a_second_login_renames_and_the_old_name_is_free(house):
    server, alice, bob = await two_people(house)
    await alice.login("alicia")
    await bob.hears("user_list", ["bob", "alicia"])
    await bob.tell("alicia", "新名字")
    await alice.hears(
        "message", {"from": "bob", "to": "alicia", "message": "新名字", "self": False}
    )
    other = await house.direct(server)
    await other.logged_in("alice")


async def test_3_what_was_said_under_the_old_name_stays_ones_own(house):
    _, alice, _ = await two_people(house)
    await alice.tell("bob", "还没存好")
    await alice.login("alicia")
    await alice.hears(
        "message", {"from": "alice", "to": "bob", "message": "还没存好", "self": True}
    )


async def test_3_the_same_name_again_is_a_success(house):
    _, alice, _ = await two_people(house)
    alice.heard.clear()
    await alice.login(" alice ")
    await alice.hears("login_success")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (None, "名字须为字符串"),
        (7, "名字须为字符串"),
        ({"name": "a"}, "名字须为字符串"),
        ("", "名字不能为空"),
        (" \u3000", "名字不能为空"),
        ("名" * 65, "名字过长，最多 64 个字符"),
        ("系统", "这是保留的名字，请换一个"),
        ("a\u202eb", "名字含有不可见的控制字符"),
    ],
)
async def test_4_bad_names_are_refused_with_the_reason(house, name, reason):
    server = await house.serve()
    client = await house.direct(server)
    await client.login(name)
    await client.hears("login_error", reason)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (None, "消息格式不对：须为 {to, message}，两者都是字符串"),
        ("bob", "消息格式不对：须为 {to, message}，两者都是字符串"),
        ({"to": "bob"}, "消息格式不对：须为 {to, message}，两者都是字符串"),
        ({"to": "bob", "message": 7}, "消息格式不对：须为 {to, message}，两者都是字符串"),
        ({"to": ["bob"], "message": "a"}, "消息格式不对：须为 {to, message}，两者都是字符串"),
        ({"to": "bob", "message": " \n"}, "消息不能为空"),
        ({"to": "bob", "message": "a\0"}, "消息含有无法保存的字符"),
        ({"to": "\u202e", "message": "a"}, "用户未找到"),
    ],
)
async def test_4_bad_messages_are_refused_with_the_reason(house, payload, reason):
    server, alice, bob = await two_people(house)
    await alice.io.emit("private_message", payload)
    await alice.hears("error", reason)
    await alice.tell("bob", "好的")
    await bob.hears("message", {"from": "alice", "to": "bob", "message": "好的", "self": False})
    assert len(await server.messages()) == 1


@on_a_clock
async def test_5_a_name_whose_holder_answers_stays_taken(house):
    _, alice, bob = await two_people(house)
    await bob.login("alice")
    await bob.hears(*TAKEN)
    await bob.tell("alice", "还在吗")
    await alice.hears("message", {"from": "bob", "to": "alice", "message": "还在吗", "self": False})


async def test_5_a_name_whose_holder_is_dead_is_given_over_and_events_stay_in_order(
    house, monkeypatch
):
    monkeypatch.setattr("kefu.gateways.direct.endpoint.ALIVE_S", 0.05)
    server = await house.serve()
    bob = await house.direct(server)
    await bob.logged_in("bob")
    # Speaks Engine.IO by hand, so that it can leave pings without an answer.
    async with connect(f"{server.ws}/socket.io/?EIO=4&transport=websocket") as ghost:
        await ghost.send("40")
        await ghost.send('42["login","alice"]')
        await bob.hears("user_list", ["bob", "alice"])
        alice = await house.direct(server)
        await alice.login("alice")
        await alice.tell("bob", "回来了")  # before the server knows whether the ghost lives
        await alice.hears("login_success")
        await ghost.wait_closed()
    await bob.hears("message", {"from": "alice", "to": "bob", "message": "回来了", "self": False})


@pytest.mark.parametrize("goodbye", ["41", None], ids=["leaves", "disconnects"])
async def test_5_whoever_goes_while_the_holder_is_asked_gets_no_name(house, monkeypatch, goodbye):
    monkeypatch.setattr("kefu.gateways.direct.endpoint.ALIVE_S", 0.05)
    server = await house.serve()
    watcher = await house.direct(server)
    raw = f"{server.ws}/socket.io/?EIO=4&transport=websocket"
    async with connect(raw) as ghost:
        await ghost.send("40")
        await ghost.send('42["login","alice"]')
        await watcher.hears("user_list", ["alice"])
        async with connect(raw) as claimant:
            await claimant.send("40")
            await claimant.send('42["login","alice"]')
            if goodbye:
                await claimant.send(goodbye)
                alice = await house.direct(server)
                await alice.logged_in("alice")
    if not goodbye:
        alice = await house.direct(server)
        await alice.logged_in("alice")


async def test_6_messages_of_one_socket_are_handled_in_order(house):
    _, alice, bob = await two_people(house)
    for number in range(100):
        await alice.tell("bob", str(number))
    await bob.hears("message", {"from": "alice", "to": "bob", "message": "99", "self": False})
    got = [event[1]["message"] for event in bob.heard if event[0] == "message"]
    assert got == [str(number) for number in range(100)]


async def test_7_a_pairs_history_is_readable_after_a_restart(house):
    server, alice, bob = await two_people(house)
    await alice.tell("bob", "记住")
    await bob.hears("message", {"from": "alice", "to": "bob", "message": "记住", "self": False})
    again = await house.serve()
    assert again.http != server.http
    (conversation,) = (await again.get("/api/v1/conversations?with=bob")).json()["items"]
    assert conversation["kind"] == "direct"
    assert {member["name"] for member in conversation["members"]} == {"alice", "bob"}
    path = f"/api/v1/conversations/{conversation['id']}/messages"
    (message,) = (await again.get(path)).json()["items"]
    assert (message["sender"]["role"], message["sender"]["name"]) == ("peer", "alice")
    assert message["text"] == "记住"


@on_a_clock
async def test_who_sends_too_fast_is_told_and_then_disconnected(house):
    server = await house.serve(limits={"messages_per_s": 0.01, "messages_burst": 2, "refusals": 2})
    client = await house.direct(server)
    await client.logged_in("alice")
    for _ in range(3):
        await client.tell("alice", "a")
    await client.hears("error", "发送过快，请 100.0 秒后再试")
    await client.gone.wait()
