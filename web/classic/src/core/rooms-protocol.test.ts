import { describe, expect, it } from "vitest";
import { readFrame, readRoomAnswer, roomAddress, sayFrame, socketAddress } from "./rooms-protocol";

function frame(neiRong: unknown, shuiFaDe: unknown): string {
  return JSON.stringify({ neiRong, shuiFaDe });
}

describe("a frame", () => {
  it("is what somebody said", () => {
    expect(readFrame(frame("您好", "小明"))).toEqual({
      kind: "said",
      sender: "小明",
      text: "您好",
    });
  });

  it.each([
    ["客服-Ann-将为您服务", "serving", "Ann"],
    ["用户-Ben-已进入房间", "visitor-entered", "Ben"],
    ["用户-Ben-已退出房间", "visitor-left", "Ben"],
    ["客服-Ann-已退出房间", "agent-left", "Ann"],
    ["客服-a-将为您服务-将为您服务", "serving", "a-将为您服务"],
    ["暂无客服，请稍后再试", "no-agent", ""],
  ])("of the system is a notice: %s", (text, kind, name) => {
    expect(readFrame(frame(text, "系统"))).toEqual({
      kind: "system",
      text,
      notice: { kind, name },
    });
  });

  it("of the system is a remark if its words are not a notice", () => {
    expect(readFrame(frame("消息过长", "系统"))).toMatchObject({ kind: "system", notice: null });
  });

  it("is a notice only from the system, not from somebody who says the same", () => {
    expect(readFrame(frame("用户-Ben-已退出房间", "Ben"))).toMatchObject({ kind: "said" });
  });

  it("tells the page to close only as a code", () => {
    expect(readFrame(frame("close", "code"))).toEqual({ kind: "close" });
    expect(readFrame(frame("close", "Ben"))).toMatchObject({ kind: "said" });
    expect(readFrame(frame("open", "code"))).toBeNull();
  });

  it.each([["not JSON"], ["null"], ["[]"], ["1"], [frame(1, "Ann")], [frame("hi", null)]])(
    "that is none of the protocol's is ignored: %s",
    (data) => {
      expect(readFrame(data)).toBeNull();
      expect(readFrame(new ArrayBuffer(1))).toBeNull();
    },
  );

  it("carries text as it was typed", () => {
    expect(JSON.parse(sayFrame('a"b\n小 & <b>'))).toEqual({ neiRong: 'a"b\n小 & <b>' });
  });
});

describe("an address", () => {
  const page = { protocol: "http:", host: "shop.example:3001" } as Location;

  it("names the role and the name, and a token only if there is one", () => {
    const ann = { role: "kefu", name: "小美 & co", token: "" } as const;
    const query = "type=kefu&name=%E5%B0%8F%E7%BE%8E+%26+co";
    expect(socketAddress(page, ann)).toBe(`ws://shop.example:3001/?${query}`);
    expect(socketAddress(page, { ...ann, token: "t" })).toMatch(/&token=t$/);
  });

  it("is secure where the page is", () => {
    const visitor = { role: "yonghu", name: "a", token: "" } as const;
    expect(socketAddress({ ...page, protocol: "https:" }, visitor)).toMatch(/^wss:/);
  });

  it("of a room escapes the visitor's name", () => {
    expect(roomAddress("a=b&c")).toBe("/getroom?userName=a%3Db%26c");
  });
});

describe("the answer to a visitor who asks for a room", () => {
  it("is a seat or none", () => {
    expect(readRoomAnswer(true, '{"room":true,"kefuName":"Ann"}')).toEqual({ kind: "seat" });
    expect(readRoomAnswer(true, '{"room":false}')).toEqual({ kind: "no-agent" });
  });

  it.each([
    ["bad_name", "bad-name", "名字不能为空"],
    ["name_taken", "bad-name", "这个名字已在线，请换一个"],
    ["too_many", "refused", "请 2 秒后再试"],
  ])("is a refusal with the server's reason: %s", (code, kind, reason) => {
    const body = { room: false, error: { code, message: reason } };
    expect(readRoomAnswer(false, JSON.stringify(body))).toEqual({ kind, reason });
  });

  it("is a refusal without a reason if the server gave none", () => {
    expect(readRoomAnswer(false, '{"error":null}')).toEqual({ kind: "refused", reason: "" });
    expect(readRoomAnswer(false, "<html>")).toEqual({ kind: "refused", reason: "" });
  });
});
