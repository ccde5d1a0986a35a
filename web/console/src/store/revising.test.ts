import type { Message } from "protocol";
import { expect, it, vi } from "vitest";
import { Revising } from "./revising";

const message: Message = {
  conversation: 1,
  seq: 2,
  type: "message",
  sender: { role: "agent", id: 3, name: "Mei" },
  text: "Helo",
  at: "2026-11-30T10:00:00Z",
};

it("what is asked for is seen at once and is gone with the answer, whatever it is", async () => {
  const revising = new Revising(vi.fn());
  let answer = () => {};
  let refuse = (_: Error) => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const refused = new Promise<void>((_, reject) => {
    refuse = reject;
  });
  const text = revising.show(message, () => ({ text: "Hello" }), asked);
  const more = revising.show(message, ({ text }) => ({ text: `${text}!` }), refused);
  expect(revising.view(message).text).toBe("Hello!");
  refuse(new Error("no"));
  await expect(more).rejects.toThrow("no");
  expect(revising.view(message).text).toBe("Hello");
  answer();
  await text;
  expect(revising.view(message)).toBe(message);
});

it("another message is as it was", () => {
  const revising = new Revising(vi.fn());
  void revising.show(message, () => ({ text: "" }), new Promise(() => undefined));
  expect(revising.view({ ...message, seq: 3 }).text).toBe("Helo");
});
