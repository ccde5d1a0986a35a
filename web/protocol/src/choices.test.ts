import { describe, expect, it } from "vitest";
import { choicesIn } from "./choices";
import type { Sending } from "./sending";
import type { Block, Message } from "./types";

const AT = "2026-01-01T00:00:00Z";
const REPLIES: Block = {
  type: "quick_replies",
  options: [
    { label: "Yes", value: "yes" },
    { label: "No", value: "no" },
  ],
};
const CARD: Block = {
  type: "card",
  title: "Order",
  buttons: [
    { type: "reply", label: "Send it back", value: "return" },
    { type: "link", label: "See", url: "https://a.example/" },
  ],
};

function asked(seq: number, ...blocks: Block[]): Message {
  const sender = { role: "bot", name: "Bo", id: 4 } as const;
  return { conversation: 17, seq, type: "message", sender, text: "?", at: AT, blocks };
}

function said(seq: number, text: string): Message {
  const sender = { role: "visitor", name: "Li", id: 9 } as const;
  return { conversation: 17, seq, type: "message", sender, text, at: AT, client_id: `c${seq}` };
}

function sending(text: string, delivery: Sending["delivery"]): Sending {
  return { client_id: "new", text, at: AT, delivery };
}

function told(messages: Message[], ...unsent: Sending[]) {
  const { chosen, labels } = choicesIn(messages, unsent);
  return [[...chosen], [...labels]];
}

describe("what a visitor chose", () => {
  it("is known by its value and shown by its label", () => {
    expect(told([asked(1, REPLIES), said(2, "no")])).toEqual([[[1, "no"]], [["c2", "No"]]]);
    expect(told([asked(1, CARD), said(2, "return")])).toEqual([
      [[1, "return"]],
      [["c2", "Send it back"]],
    ]);
  });

  it("is chosen in the moment of the press, and not if that failed", () => {
    const label = [["new", "Yes"]];
    expect(told([asked(1, REPLIES)], sending("yes", "pending"))).toEqual([[[1, "yes"]], label]);
    for (const delivery of ["failed", "lost"] as const) {
      expect(told([asked(1, REPLIES)], sending("yes", delivery))).toEqual([[], label]);
    }
  });

  it("belongs to the newest question that has it, each once", () => {
    const messages = [asked(1, REPLIES), asked(2, REPLIES), said(3, "yes"), said(4, "no")];
    expect(told(messages)[0]).toEqual([
      [2, "yes"],
      [1, "no"],
    ]);
  });

  it("is nothing that was said before the question, in other words, or by the team", () => {
    const team = { ...asked(4), text: "yes" };
    expect(told([said(1, "yes"), asked(2, REPLIES), said(3, "Yes"), team])).toEqual([[], []]);
  });
});
