/**
 * To whom a conversation can be given: colleagues and teams who work in its inbox.
 *
 * Rules: pure. An admin works in every inbox. Who is there stands first, then by name; neither who has it nor a bot is among them. Somebody
 * is there who is connected and takes chats or is busy: nobody else is offered it.
 */
import type { AgentInfo, Availability, Conversation, Me, Team } from "protocol";

export interface Target {
  readonly kind: "agent" | "team";
  readonly id: number;
  readonly name: string;
  /** Of a team: somebody of it is. */
  readonly isThere: boolean;
}

/** What is told of somebody later than the list of agents. */
export interface Told {
  readonly availability: Availability;
  readonly connected?: boolean;
}

export function targetsOf(
  { inbox, assignee, team: current }: Conversation,
  agents: Iterable<AgentInfo>,
  teams: Iterable<Team>,
  presence: ReadonlyMap<number, Told>,
): readonly Target[] {
  const workers = [...agents].filter(
    ({ active, role, inboxes = [] }) =>
      active &&
      role !== "bot" &&
      inbox !== undefined &&
      (role === "admin" || inboxes.includes(inbox)),
  );
  const members = new Set(
    workers.filter(({ inboxes = [] }) => inboxes.includes(inbox ?? 0)).map(({ id }) => id),
  );
  const there = new Set(
    workers.filter((one) => isThere(presence.get(one.id) ?? one)).map(({ id }) => id),
  );
  const people = workers
    .filter(({ id }) => id !== assignee?.id)
    .map(({ id, name }): Target => ({ kind: "agent", id, name, isThere: there.has(id) }));
  const groups = [...teams]
    // The queue gives nothing to an admin who is not among the inbox's agents.
    .filter(({ agents: of = [] }) => of.some((id) => members.has(id)))
    .filter(({ id }) => id !== current || assignee !== undefined)
    .map(({ id, name, agents: of = [] }): Target => {
      return { kind: "team", id, name, isThere: of.some((one) => there.has(one)) };
    });
  return [...groups.sort(byPlace), ...people.sort(byPlace)];
}

/** Whoever has it gives it away; what another person has, who may take it over. The server says who may. */
export function canGive(one: Conversation, { agent, may = [] }: Me): boolean {
  const { kind, status, assignee } = one;
  const isTheirs = assignee?.role === "agent" && assignee.id !== agent?.id;
  const isFree = may.includes(isTheirs ? "take_over" : "handle");
  return kind === "desk" && status !== "resolved" && !one.offered && isFree;
}

function isThere({ availability, connected = false }: Told): boolean {
  return connected && (availability === "online" || availability === "busy");
}

function byPlace(a: Target, b: Target): number {
  return Number(b.isThere) - Number(a.isThere) || a.name.localeCompare(b.name);
}
