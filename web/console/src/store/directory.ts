/**
 * Who and what there is beside conversations: oneself, the team, its groups, the inboxes.
 *
 * Rules: read once a connection, since of what changes of them meanwhile names and pictures of the team
 * alone are told. What could not be read is asked again with the next connection; until then names come
 * with the conversations.
 */
import type { Client } from "client/core";
import { Unanswered } from "client/wire";
import type { AgentInfo, Availability, Inbox, Me, Team } from "protocol";
import { onceLive } from "./live";

export class Directory {
  me: Me | null = null;
  agents: ReadonlyMap<number, AgentInfo> = new Map();
  teams: ReadonlyMap<number, Team> = new Map();
  inboxes: ReadonlyMap<number, Inbox> = new Map();
  private readonly client: Client;
  private readonly changed: () => void;

  constructor(client: Client, changed: () => void) {
    this.client = client;
    this.follow = onceLive(client, () => void this.read());
    this.changed = changed;
    client.on("signal", (signal) => {
      const known = signal.on === "profile" && this.agents.get(signal.agent);
      if (known && signal.on === "profile") {
        const { avatar: _, ...rest } = known;
        const { name, avatar } = signal;
        this.know({ ...rest, name, ...(avatar && { avatar }) });
      }
    });
  }

  /** What the agent says of themselves; null: it is not known yet. */
  get availability(): Availability | null {
    const { agent } = this.me ?? {};
    return agent ? (this.client.presence.get(agent.id)?.availability ?? agent.availability) : null;
  }

  /** One is away because one let offers pass. */
  get hasMissed(): boolean {
    const { agent } = this.me ?? {};
    const presence = agent && this.client.presence.get(agent.id);
    return this.availability === "away" && (presence ?? agent)?.missed !== undefined;
  }

  /** Somebody of the team is so from now on. */
  know(agent: AgentInfo): void {
    this.agents = new Map([...this.agents, [agent.id, agent]]);
    if (this.me?.agent?.id === agent.id) {
      this.me = { ...this.me, agent };
    }
    this.changed();
  }

  /** Reads all of it when a connection has become live. */
  readonly follow: () => void;

  /** One that was made or changed here. */
  keepInbox(inbox: Inbox): void {
    this.inboxes = new Map(this.inboxes).set(inbox.id, inbox);
    this.changed();
  }

  keepAgent(agent: AgentInfo): void {
    this.agents = new Map(this.agents).set(agent.id, agent);
    this.changed();
  }

  forget(): void {
    this.me = null;
    this.agents = new Map();
    this.teams = new Map();
    this.inboxes = new Map();
  }

  private async read(): Promise<void> {
    const { client } = this;
    try {
      const [me, agents, teams, inboxes] = await Promise.all([
        client.call("session.me", {}),
        client.call("agent.list", {}),
        client.call("team.list", {}),
        client.call("inbox.list", {}),
      ]);
      this.me = me;
      this.agents = byId(agents.items);
      this.teams = byId(teams.items);
      this.inboxes = byId(inboxes.items);
      this.changed();
    } catch (error) {
      if (!(error instanceof Unanswered)) {
        throw error;
      }
    }
  }
}

/** The newest inbox that a site's pages have the chat of; null: there is none. */
export function siteInboxOf(inboxes: ReadonlyMap<number, Inbox>): Inbox | null {
  return [...inboxes.values()].findLast((one) => one.active && one.widget_key) ?? null;
}

function byId<T extends { readonly id: number }>(all: readonly T[] = []): ReadonlyMap<number, T> {
  return new Map(all.map((one) => [one.id, one]));
}
