"""The rooms protocol on a real server: the tutorial's wire, and every mended behaviour.

The numbers are those of docs/protocol/rooms.md, section "Mended behaviour".
"""

import asyncio

import pytest

from tests.conftest import clock

on_a_clock = pytest.mark.asyncio(loop_factories=["clock"])

SEATED = ("系统", "客服-小李-将为您服务")
NO_AGENT = ("系统", "暂无客服，请稍后再试")


async def ask(server, name):
    response = await server.get("/getroom", params={"userName": name})
    return response.json()


async def test_an_agent_and_a_visitor_talk_as_in_the_tutorial(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    assert await ask(server, "小明") == {"room": True, "kefuName": "小李"}
    visitor = await house.visitor(server, "小明")
    assert await visitor.line() == SEATED
    assert await agent.line() == ("系统", "用户-小明-已进入房间")

    await visitor.say("你好 <b>&amp;</b>")
    await agent.say("  您好\n")
    for page in (visitor, agent):
        assert {await page.line(), await page.line()} == {
            ("小明", "你好 <b>&amp;</b>"),
            ("小李", "  您好\n"),
        }

    await visitor.socket.close()
    assert await agent.line() == ("系统", "用户-小明-已退出房间")
    assert await ask(server, "小红") == {"room": True, "kefuName": "小李"}


async def test_what_one_sender_says_arrives_in_order(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await agent.line()
    await visitor.line()
    said = [("小明", str(number)) for number in range(100)]
    for _, text in said:
        await visitor.say(text)
    assert [await agent.line() for _ in said] == said
    assert [await visitor.line() for _ in said] == said


async def test_a_visitor_is_told_when_the_agent_leaves(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await agent.socket.close()
    assert await visitor.line() == ("系统", "客服-小李-已退出房间")
    assert await visitor.line() == ("code", "close")


async def test_1_concurrent_requests_reserve_one_room_each(house):
    server = await house.serve()
    for name in ("甲", "乙"):
        await house.agent(server, name)
    answers = await asyncio.gather(*(ask(server, f"访客{number}") for number in range(10)))
    got = [answer["kefuName"] for answer in answers if answer["room"]]
    assert sorted(got) == ["乙", "甲"]


@on_a_clock
async def test_2_a_seat_that_nobody_takes_is_free_again(house):
    server = await house.serve(rooms={"hold_s": 15.0})
    agent = await house.agent(server, "小李")
    assert (await ask(server, "小明"))["room"]
    # Whoever waits meanwhile is seated by the same clock.
    waiting = await house.visitor(server, "小红")
    assert await waiting.line() == NO_AGENT
    await clock().advance(15.0)
    assert await waiting.line() == SEATED
    assert await agent.line() == ("系统", "用户-小红-已进入房间")


async def test_3_the_room_of_an_agent_who_left_is_gone_at_once(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await agent.socket.close()
    assert await visitor.line() == ("系统", "客服-小李-已退出房间")
    assert await ask(server, "小红") == {"room": False}
    again = await house.agent(server, "小李")
    await again.say("在吗")
    assert await again.line() == ("小李", "在吗")


@pytest.mark.parametrize("role", ["kefu", "yonghu"])
async def test_4_a_name_that_is_online_cannot_be_taken_again(house, role):
    server = await house.serve()
    first = await house.rooms(server, type=role, name="José")
    if role == "yonghu":
        assert await first.line() == NO_AGENT
    newcomer = await house.rooms(server, type=role, name="  Jose\u0301 ")
    assert await newcomer.line() == ("系统", "这个名字已在线，请换一个")
    assert await newcomer.close_code() == 4009
    await first.say("还是我")
    assert await first.line() == ("José", "还是我")


async def test_4_no_room_is_reserved_for_a_visitor_who_is_online(house):
    server = await house.serve()
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    response = await server.get("/getroom", params={"userName": "小明"})
    assert response.status_code == 409
    assert response.json()["room"] is False
    assert response.json()["error"]["code"] == "name_taken"


async def test_4_the_two_kinds_may_share_a_name(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小李")
    assert await visitor.line() == SEATED
    assert await agent.line() == ("系统", "用户-小李-已进入房间")


@pytest.mark.parametrize("name", ["系统", "code", "all", "", " ", "名" * 65, "a\nb", "\u202eb"])
async def test_5_names_that_could_harm_are_refused(house, name):
    server = await house.serve()
    newcomer = await house.agent(server, name)
    assert (await newcomer.line())[0] == "系统"
    assert await newcomer.close_code() == 4009
    response = await server.get("/getroom", params={"userName": name})
    assert response.status_code == 400
    assert response.json()["room"] is False


async def test_6_a_visitor_without_a_seat_waits_and_is_taken_with_what_was_said(house):
    server = await house.serve()
    visitor = await house.visitor(server, "小明")
    assert await visitor.line() == NO_AGENT
    for text in ("在吗", "有急事"):
        await visitor.say(text)
        assert await visitor.line() == ("小明", text)
    agent = await house.agent(server, "小李")
    assert await visitor.line() == SEATED
    await visitor.say("太好了")
    lines = [await agent.line() for _ in range(4)]
    assert lines == [
        ("系统", "用户-小明-已进入房间"),
        ("小明", "在吗"),
        ("小明", "有急事"),
        ("小明", "太好了"),
    ]
    assert [row[2:] for row in await server.messages()] == [
        ("小明", "在吗"),
        ("小明", "有急事"),
        ("小明", "太好了"),
    ]


async def test_6_the_next_in_line_follows_when_a_seat_gets_free(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    first = await house.visitor(server, "小明")
    second = await house.visitor(server, "小红")
    assert await second.line() == NO_AGENT
    await first.say("再见")
    await first.socket.close()
    assert await second.line() == SEATED
    assert [await agent.line() for _ in range(4)] == [
        ("系统", "用户-小明-已进入房间"),
        ("小明", "再见"),
        ("系统", "用户-小明-已退出房间"),
        ("系统", "用户-小红-已进入房间"),
    ]


async def test_6_what_two_waiting_visitors_said_is_not_mixed_up(house):
    server = await house.serve()
    first, second = [await house.visitor(server, name) for name in ("小明", "小红")]
    for visitor, text in ((first, "一"), (second, "二")):
        await visitor.line()
        await visitor.say(text)
        await visitor.line()
    agent = await house.agent(server, "小李")
    await first.socket.close()  # at once: the agent may still be catching up with it
    await second.line()
    await second.say("三")
    assert [await agent.line() for _ in range(6)] == [
        ("系统", "用户-小明-已进入房间"),
        ("小明", "一"),
        ("系统", "用户-小明-已退出房间"),
        ("系统", "用户-小红-已进入房间"),
        ("小红", "二"),
        ("小红", "三"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("hello", id="not JSON"),
        pytest.param("[1]", id="not an object"),
        pytest.param("{}", id="no neiRong"),
        pytest.param('{"neiRong":7}', id="not a string"),
        pytest.param('{"neiRong":null}', id="null"),
        pytest.param('{"neiRong":"a' + "\\u0000" + '"}', id="NUL"),
        pytest.param('{"neiRong":"\\ud800"}', id="lone surrogate"),
        pytest.param('{"neiRong":NaN}', id="NaN"),
        pytest.param('{"x":' + "[" * 20_000 + "]" * 20_000 + ',"neiRong":"a"}', id="deep"),
    ],
)
async def test_7_bad_input_gets_a_line_and_nobody_else_notices(house, bad):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await agent.line()
    await visitor.line()
    await visitor.socket.send(bad)
    assert (await visitor.line())[0] == "系统"
    await visitor.say("好的")
    assert await visitor.line() == ("小明", "好的")
    assert await agent.line() == ("小明", "好的")
    assert [row[3] for row in await server.messages()] == ["好的"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param(b"\x00", 1003, id="binary"),
        pytest.param('{"neiRong":"' + "长" * 30_000 + '"}', 1009, id="over the size limit"),
    ],
)
async def test_7_frames_that_cannot_be_taken_close_the_socket(house, frame, code):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    visitor = await house.visitor(server, "小明")
    await agent.line()
    await visitor.socket.send(frame)
    assert await visitor.close_code() == code
    assert await agent.line() == ("系统", "用户-小明-已退出房间")


async def test_7_blank_text_is_dropped(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    for text in ("", " ", "\n\t\u3000", "有字"):
        await agent.say(text)
    assert await agent.line() == ("小李", "有字")
    assert len(await server.messages()) == 1


async def test_what_is_shown_to_anybody_is_stored(house):
    server = await house.serve()
    agent = await house.agent(server, "小李")
    await agent.say("有人吗")  # alone in the room: a conversation of its own
    assert await agent.line() == ("小李", "有人吗")
    visitor = await house.visitor(server, "小明")
    await visitor.line()
    await visitor.say("有")
    await visitor.line()
    assert await server.messages() == [(1, 1, "小李", "有人吗"), (2, 1, "小明", "有")]


@on_a_clock
async def test_who_sends_too_fast_is_told_when_to_go_on(house):
    server = await house.serve(limits={"messages_per_s": 0.01, "messages_burst": 2, "refusals": 2})
    agent = await house.agent(server, "小李")
    for text in "一二三四":
        await agent.say(text)
    assert [await agent.line() for _ in range(2)] == [("系统", "发送过快，请 100.0 秒后再试")] * 2
    assert await agent.close_code() == 4029


@on_a_clock
async def test_asking_for_rooms_too_often_is_429(house):
    server = await house.serve(limits={"room_requests_per_s": 0.01, "room_requests_burst": 1})
    assert (await server.get("/getroom", params={"userName": "小明"})).status_code == 200
    refused = await server.get("/getroom", params={"userName": "小明"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 101  # a second more than the wait, at most
    assert refused.json()["room"] is False


async def test_a_socket_without_a_known_type_is_refused(house):
    server = await house.serve()
    newcomer = await house.rooms(server, type="admin", name="小李")
    assert await newcomer.line() == ("系统", "type 须为 kefu 或 yonghu")
    assert await newcomer.close_code() == 1008


async def test_in_production_an_agent_needs_the_token_of_that_name(house):
    server = await house.serve_production(tokens={"小李": "s" * 20, "小王": "t" * 20})
    for query in ({}, {"token": ""}, {"token": "t" * 20}, {"token": "S" * 20}):
        refused = await house.rooms(server, type="kefu", name="小李", **query)
        assert await refused.line() == ("系统", "客服登录需要有效的 token")
        assert await refused.close_code() == 4001
    unknown = await house.rooms(server, type="kefu", name="小张", token="")
    assert (await unknown.line())[0] == "系统"
    assert await unknown.close_code() == 4001
    agent = await house.rooms(server, type="kefu", name="小李", token="s" * 20)
    await agent.say("在")
    assert await agent.line() == ("小李", "在")


async def test_in_production_only_configured_pages_may_ask(house):
    server = await house.serve_production(origins=("https://shop.example",))
    path = "/getroom?userName=a"
    for origin, status in (("https://evil.example", 403), ("https://shop.example", 200)):
        response = await server.get(path, headers={"Origin": origin})
        assert response.status_code == status
        allowed = response.headers.get("access-control-allow-origin")
        assert allowed == (origin if status == 200 else None)


async def test_in_a_demo_any_page_may_ask(house):
    server = await house.serve()
    response = await server.get("/getroom?userName=a", headers={"Origin": "https://any.example"})
    assert response.headers["access-control-allow-origin"] == "*"
