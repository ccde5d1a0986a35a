import { describe, expect, it } from "vitest";
import {
  type Contacts,
  type DirectMessage,
  failAllPending,
  noContacts,
  openThread,
  people,
  receive,
  refuseOldestAnywhere,
  sayTo,
  threadWith,
} from "./contacts";

function online(...names: string[]): Contacts {
  return { ...noContacts("Ann"), online: new Set(["Ann", ...names]) };
}

function from(name: string, message: string): DirectMessage {
  return { from: name, to: "Ann", message, self: false };
}

function say(contacts: Contacts, to: string, text: string, id: number): Contacts {
  const line = { id, from: "me", sender: "Ann", text, atMs: 0, delivery: "pending" } as const;
  return sayTo(contacts, to, line);
}

function names(contacts: Contacts, filter = ""): string[] {
  return people(contacts, filter).map(({ name }) => name);
}

describe("the list of people", () => {
  it("has everybody online but oneself, by name", () => {
    expect(names(online("Cleo", "Ben"))).toEqual(["Ben", "Cleo"]);
  });

  it("has conversations on top, the latest first, also with who is gone", () => {
    let contacts = receive(online("Ben", "Cleo", "Dan"), from("Cleo", "1"), 1, 0);
    contacts = receive(contacts, from("Zoe", "2"), 2, 0);
    expect(names(contacts)).toEqual(["Zoe", "Cleo", "Ben", "Dan"]);
    expect(people(contacts, "")[0]).toMatchObject({ online: false, lastText: "2" });
  });

  it("is filtered whatever the case", () => {
    expect(names(online("Ben", "小明", "BENNO"), " ben ")).toEqual(["Ben", "BENNO"]);
  });
});

describe("what arrives", () => {
  it("is unread unless its conversation is open", () => {
    let contacts = receive(online("Ben"), from("Ben", "1"), 1, 0);
    contacts = receive(contacts, from("Ben", "2"), 2, 0);
    expect(contacts.unread.get("Ben")).toBe(2);
    contacts = receive(openThread(contacts, "Ben"), from("Ben", "3"), 3, 0);
    expect(people(contacts, "")[0]?.unread).toBe(0);
  });

  it("confirms one's own line in the conversation it belongs to", () => {
    const contacts = say(say(online(), "Ben", "hi", 1), "Cleo", "hi", 2);
    const echo = { from: "Ann", to: "Cleo", message: "hi", self: true };
    const after = receive(contacts, echo, 3, 0);
    expect(threadWith(after, "Ben")[0]?.delivery).toBe("pending");
    expect(threadWith(after, "Cleo").map(({ delivery }) => delivery)).toEqual(["sent"]);
    expect(after.unread.size).toBe(0);
  });
});

describe("a line of one's own", () => {
  it("fails where it was said if the server refuses it: the oldest of all conversations", () => {
    const contacts = say(say(say(online(), "Ben", "b", 2), "Cleo", "c", 1), "Ben", "b2", 3);
    const after = refuseOldestAnywhere(contacts);
    expect(threadWith(after, "Cleo")[0]?.delivery).toBe("failed");
    expect(threadWith(after, "Ben").map(({ delivery }) => delivery)).toEqual([
      "pending",
      "pending",
    ]);
  });

  it("is not touched by a refusal when nothing is pending", () => {
    const contacts = online("Ben");
    expect(refuseOldestAnywhere(contacts)).toBe(contacts);
  });

  it("fails everywhere when the connection breaks", () => {
    const after = failAllPending(say(say(online(), "Ben", "b", 1), "Cleo", "c", 2));
    const all = [...after.threads.values()].flat();
    expect(all.map(({ delivery }) => delivery)).toEqual(["failed", "failed"]);
  });
});
