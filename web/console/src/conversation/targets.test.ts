import type { AgentInfo, Conversation, Me, Team } from "protocol";
import { expect, it } from "vitest";
import { canGive, targetsOf } from "./targets";

const AT = "2026-11-30T10:00:00Z";

function agent(id: number, name: string, more: Partial<AgentInfo> = {}): AgentInfo {
  const basic = { role: "agent", active: true, availability: "online", chat_limit: 4 } as const;
  return { id, name, connected: true, inboxes: [1], ...basic, ...more };
}

const talk: Conversation = {
  id: 17,
  kind: "desk",
  inbox: 1,
  last_seq: 1,
  created_at: AT,
  updated_at: AT,
  status: "open",
  assignee: { role: "agent", name: "Mei", id: 3 },
};

function names(agents: AgentInfo[], teams: Team[] = [], presence = new Map()) {
  return targetsOf(talk, agents, teams, presence).map(({ name, isThere }) => [name, isThere]);
}

it("colleagues of its inbox can be given it, those who are there first", () => {
  const agents = [
    agent(4, "Ada", { availability: "away" }),
    agent(3, "Mei"),
    agent(5, "Ben"),
    agent(6, "Kim", { inboxes: [2] }),
    agent(7, "Bot", { role: "bot" }),
    agent(8, "Lou", { active: false }),
    agent(9, "Cem", { connected: false }),
  ];
  expect(names(agents)).toEqual([
    ["Ben", true],
    ["Ada", false],
    ["Cem", false],
  ]);
});

it("what was told of somebody last counts", () => {
  const gone = new Map([[5, { availability: "online", connected: false }]]);
  expect(names([agent(5, "Ben")], [], gone)).toEqual([["Ben", false]]);
});

it("a team of which somebody works in its inbox can be given it", () => {
  const agents = [agent(5, "Ben"), agent(6, "Kim", { inboxes: [2] })];
  const teams = [
    { id: 1, name: "Sales", agents: [5, 6] },
    { id: 2, name: "Night", agents: [6] },
  ];
  expect(names(agents, teams)).toEqual([
    ["Sales", true],
    ["Ben", true],
  ]);
});

it("an admin is given what waits in any inbox", () => {
  const ada = agent(5, "Ada", { inboxes: [], role: "admin" });
  const board = { id: 1, name: "Board", agents: [5] };
  expect(names([ada], [board])).toEqual([["Ada", true]]);
});

it("is given away by whoever has it, or who may take it over, until it is resolved", () => {
  const who = (id: number): Me => ({ agent: agent(id, "Mei"), may: ["handle"] });
  const [mei, ben] = [who(3), who(5)];
  expect([mei, ben].map((me) => canGive(talk, me))).toEqual([true, false]);
  expect(canGive(talk, { ...ben, may: ["handle", "take_over"] })).toBe(true);
  expect(canGive({ ...talk, status: "resolved" }, mei)).toBe(false);
  expect(canGive(talk, { ...mei, may: [] })).toBe(false);
});
