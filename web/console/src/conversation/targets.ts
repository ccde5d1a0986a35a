/**
 * To whom a conversation can be given: colleagues and teams who work in its inbox.
 *
 * Rules: pure. Who is there stands first, then by name; neither who has it nor a bot is among them. Somebody
 * is there who is connected and takes chats or is busy: nobody else is offered it.
 */
import type { AgentInfo, Availability, Conversation, Team } from "protocol";

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
      active && role !== "bot" && inbox !== undefined && inboxes.includes(inbox),
  );
  const there = new Set(
    workers.filter((one) => isThere(presence.get(one.id) ?? one)).map(({ id }) => id),
  );
  const people = workers
    .filter(({ id }) => id !== assignee?.id)
    .map(({ id, name }): Target => ({ kind: "agent", id, name, isThere: there.has(id) }));
  const groups = [...teams]
    .filter(({ agents: of = [] }) => of.some((id) => workers.some((one) => one.id === id)))
    .filter(({ id }) => id !== current || assignee !== undefined)
    .map(({ id, name, agents: of = [] }): Target => {
      return { kind: "team", id, name, isThere: of.some((one) => there.has(one)) };
    });
  return [...groups.sort(byPlace), ...people.sort(byPlace)];
}

/** Whoever has it gives it away; what another person has, a supervisor. */
export function canGive(one: Conversation, me: AgentInfo | undefined): boolean {
  const { kind, status, assignee } = one;
  const isTheirs = assignee?.role === "agent" && assignee.id !== me?.id;
  const isFree = me !== undefined && (!isTheirs || me.role !== "agent");
  return kind === "desk" && status !== "resolved" && !one.offered && isFree;
}

function isThere({ availability, connected = false }: Told): boolean {
  return connected && (availability === "online" || availability === "busy");
}

function byPlace(a: Target, b: Target): number {
  return Number(b.isThere) - Number(a.isThere) || a.name.localeCompare(b.name);
}
