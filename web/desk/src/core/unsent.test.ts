import { describe, expect, it } from "vitest";
import { inOrder, nextPlace, readUnsent, type Unsent, written } from "./unsent";

const DRAFT = { client_id: "c1", text: "Hello", at: "2026-01-01T00:00:00.000Z" };
const PENDING: Unsent = { sending: { ...DRAFT, delivery: "pending" }, conversation: 7, place: 1 };

describe("an unsent message", () => {
  it("is the same after a reload", () => {
    expect(readUnsent(written(PENDING))).toEqual(PENDING);
    const first = {
      ...PENDING,
      conversation: null,
      answers: { name: "Li" },
      email: "li@a.example",
      consent: true,
    };
    expect(readUnsent(written(first))).toEqual(first);
  });

  it("has failed after a reload if it had before", () => {
    const failed = { ...DRAFT, delivery: "failed", error: "not_allowed" } as const;
    const kept = { ...PENDING, sending: failed };
    expect(readUnsent(written(kept))).toEqual(kept);
  });

  it("is looked for after a reload if its message was not heard, or is lost", () => {
    for (const delivery of ["sent", "lost"] as const) {
      const kept = { ...PENDING, sending: { ...DRAFT, delivery, seq: 4 } };
      expect(readUnsent(written(kept))).toEqual(kept);
    }
    const noNumber = { ...DRAFT, delivery: "lost" } as const;
    expect(readUnsent(written({ ...PENDING, sending: noNumber }))).toEqual(PENDING);
  });

  it.each(["", "null", "[]", "{", "1", '{"client_id":"c1"}', '{"client_id":1,"text":"","at":""}'])(
    "is none if what was kept is %j",
    (kept) => {
      expect(readUnsent(kept)).toBeNull();
    },
  );
});

it("is said in the order in which it was written, though the clock was put back meanwhile", () => {
  const sending = { ...PENDING.sending, at: "2025-12-31T23:00:00.000Z" };
  const later = { ...PENDING, sending, place: nextPlace([PENDING]) };
  expect(inOrder([later, PENDING])).toEqual([PENDING, later]);
  expect(nextPlace([later, PENDING])).toBe(3);
  expect(nextPlace([])).toBe(1);
});
